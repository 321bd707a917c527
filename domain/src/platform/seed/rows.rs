//! The rows of made-up people.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{Dice, EVENTS_SINCE, PEOPLE_SINCE, Somebody};
use crate::Result;
use crate::authentication::assurance::totp;
use crate::authentication::password::StoredPassword;
use crate::platform::db::Tx;
use crate::platform::db::tables::{Kind, Row, Value};
use crate::users::directory::{sort_key, terms};

/// Browsers, as they name themselves.
pub(super) const BROWSERS: [&str; 5] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
];

/// Roles that a few have, each of so many of a hundred thousand.
const ROLES: [(&str, u64); 2] = [("support", 40), ("auditor", 10)];

/// Somebody who is made up.
pub(super) struct Person {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    name: String,
    email: String,
    locale: &'static str,
    seen_at: DateTime<Utc>,
    locked_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    erase_at: Option<DateTime<Utc>>,
    role: Option<&'static str>,
    passkeys: u64,
    has_app: bool,
    has_mail_codes: bool,
}

impl Person {
    pub fn draw(
        dice: &Dice,
        created_at: DateTime<Utc>,
        name: String,
        email: String,
        locale: &'static str,
    ) -> Self {
        // Most were here lately, some never came back.
        let seen_at = match dice.below(100) {
            0..4 => DateTime::UNIX_EPOCH,
            4..60 => dice.time(created_at, Duration::days(14)),
            _ => dice.time(created_at, PEOPLE_SINCE),
        };
        let sometime = |of_thousand: u64| dice.is(of_thousand).then(|| dice.time(created_at, EVENTS_SINCE));
        let drawn = dice.below(100_000);
        let mut below = 0;
        let role = ROLES.into_iter().find(|(_, often)| {
            below += often;
            drawn < below
        });
        Self {
            id: dice.entropy.uuid_v7(created_at),
            created_at,
            name,
            email,
            locale,
            seen_at,
            locked_at: sometime(3),
            closed_at: sometime(5),
            erase_at: dice
                .is(1)
                .then(|| dice.now + Duration::days(2 + i64::try_from(dice.below(20)).unwrap_or_default())),
            role: role.map(|(role, _)| role),
            passkeys: if dice.is(300) { 1 + dice.below(2) } else { 0 },
            has_app: dice.is(180),
            has_mail_codes: dice.is(60),
        }
    }
}

pub(super) fn time(at: DateTime<Utc>) -> Value {
    Value::Time(at.timestamp_micros())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Everything that is about these people but their sessions.
pub(super) async fn insert_people(
    tx: &mut Tx,
    dice: &Dice,
    people: &[Person],
    password: &StoredPassword,
) -> Result<()> {
    use Kind::{Boolean, Bytes, Integer, Text, Time, Uuid as Id};
    let users: Vec<Row> = people.iter().map(user).collect();
    let columns = [
        ("id", Id),
        ("name", Text),
        ("email", Text),
        ("email_key", Text),
        ("locale", Text),
        ("administrator", Boolean),
        ("staff", Boolean),
        ("locked_at", Time),
        ("deactivated_at", Time),
        ("erase_at", Time),
        ("created_at", Time),
        ("updated_at", Time),
        ("name_key", Bytes),
        ("mail_key", Bytes),
    ];
    tx.insert_many("users", &columns, &users).await?;
    let sightings: Vec<Row> = people
        .iter()
        .map(|person| vec![Value::Uuid(person.id), time(person.seen_at)])
        .collect();
    tx.insert_many("sightings", &[("user_id", Id), ("seen_at", Time)], &sightings)
        .await?;
    let words: Vec<Row> = people
        .iter()
        .flat_map(|person| {
            terms(&person.name, &person.email)
                .into_iter()
                .map(|term| vec![Value::Bytes(term), Value::Uuid(person.id)])
        })
        .collect();
    tx.insert_many("user_terms", &[("term", Bytes), ("user_id", Id)], &words)
        .await?;
    let passwords: Vec<Row> = people
        .iter()
        .map(|person| {
            vec![
                Value::Uuid(person.id),
                text(&password.phc),
                Value::Bytes(password.pepper_id.clone()),
                time(person.created_at),
            ]
        })
        .collect();
    tx.insert_many(
        "passwords",
        &[
            ("user_id", Id),
            ("phc", Text),
            ("pepper_id", Bytes),
            ("updated_at", Time),
        ],
        &passwords,
    )
    .await?;
    let roles: Vec<Row> = people
        .iter()
        .filter_map(|person| {
            Some(vec![
                Value::Uuid(person.id),
                text(person.role?),
                time(person.created_at),
            ])
        })
        .collect();
    tx.insert_many(
        "user_roles",
        &[("user_id", Id), ("role_id", Text), ("granted_at", Time)],
        &roles,
    )
    .await?;
    let passkeys: Vec<Row> = people.iter().flat_map(|person| passkeys(dice, person)).collect();
    let columns = [
        ("id", Id),
        ("user_id", Id),
        ("credential_id", Bytes),
        ("public_key", Text),
        ("name", Text),
        ("aaguid", Id),
        ("transports", Text),
        ("verifies", Boolean),
        ("backup_eligible", Boolean),
        ("backed_up", Boolean),
        ("sign_count", Integer),
        ("created_at", Time),
    ];
    tx.insert_many("passkeys", &columns, &passkeys).await?;
    let mut apps: Vec<Row> = Vec::new();
    for person in people.iter().filter(|person| person.has_app) {
        let secret: [u8; 20] = dice.entropy.bytes();
        let sealed = tx.keys().seal(&totp::purpose(person.id), &secret, tx.entropy())?;
        let id = dice.entropy.uuid_v7(person.created_at);
        apps.push(vec![
            Value::Uuid(id),
            Value::Uuid(person.id),
            Value::Bytes(sealed),
            Value::Integer(0),
            time(person.created_at),
        ]);
    }
    tx.insert_many(
        "totps",
        &[
            ("id", Id),
            ("user_id", Id),
            ("sealed", Bytes),
            ("last_step", Integer),
            ("created_at", Time),
        ],
        &apps,
    )
    .await?;
    let codes = people.iter().filter(|person| person.has_mail_codes);
    let codes: Vec<Row> = codes
        .map(|person| vec![Value::Uuid(person.id), time(person.created_at)])
        .collect();
    tx.insert_many("mail_factors", &[("user_id", Id), ("created_at", Time)], &codes)
        .await
}

fn user(person: &Person) -> Row {
    vec![
        Value::Uuid(person.id),
        text(&person.name),
        text(&person.email),
        text(&person.email),
        text(person.locale),
        Value::Boolean(false),
        Value::Boolean(person.role.is_some()),
        Value::or_null(person.locked_at, time),
        Value::or_null(person.closed_at, time),
        Value::or_null(person.erase_at, time),
        time(person.created_at),
        time(person.created_at),
        Value::Bytes(sort_key(&person.name)),
        Value::Bytes(sort_key(&person.email)),
    ]
}

/// Passkeys that no device has: their keys are none.
fn passkeys(dice: &Dice, person: &Person) -> Vec<Row> {
    let one = |_| {
        let credential: [u8; 16] = dice.entropy.bytes();
        vec![
            Value::Uuid(dice.entropy.uuid_v7(person.created_at)),
            Value::Uuid(person.id),
            Value::Bytes(credential.to_vec()),
            text("{}"),
            text(""),
            Value::Uuid(Uuid::nil()),
            text("[]"),
            Value::Boolean(true),
            Value::Boolean(true),
            Value::Boolean(true),
            Value::Integer(0),
            time(person.created_at),
        ]
    };
    (0..person.passkeys).map(one).collect()
}

/// Sessions whose tokens nobody has.
pub(super) async fn insert_sessions(
    tx: &mut Tx,
    dice: &Dice,
    people: &[Somebody],
    many: usize,
) -> Result<()> {
    use Kind::{Boolean, Bytes, Integer, Text, Time, Uuid as Id};
    let columns = [
        ("id", Id),
        ("token_hash", Bytes),
        ("user_id", Id),
        ("remember", Boolean),
        ("aal", Integer),
        ("amr", Text),
        ("auth_time", Time),
        ("user_agent", Text),
        ("address", Text),
        ("created_at", Time),
        ("last_seen_at", Time),
        ("idle_expires_at", Time),
        ("expires_at", Time),
    ];
    let one = |_| {
        let person = dice.pick(people);
        let began = dice.time(person.created_at, Duration::days(20));
        // By the default times it lives: one that does not would be swept up.
        let seen = dice.time(began, Duration::days(6));
        let token: [u8; 32] = dice.entropy.bytes();
        let two = dice.is(350);
        vec![
            Value::Uuid(dice.entropy.uuid_v7(began)),
            Value::Bytes(token.to_vec()),
            Value::Uuid(person.id),
            Value::Boolean(true),
            Value::Integer(if two { 2 } else { 1 }),
            text(if two { "pwd otp mfa" } else { "pwd" }),
            time(began),
            text(dice.pick(&BROWSERS)),
            Value::Text(dice.address()),
            time(began),
            time(seen),
            time(seen + Duration::days(7)),
            time(began + Duration::days(30)),
        ]
    };
    let rows: Vec<Row> = (0..many).map(one).collect();
    tx.insert_many("sessions", &columns, &rows).await
}
