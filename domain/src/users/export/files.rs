//! The files of an export. What can let somebody in (passwords, tokens, links, codes), also hashed, is in none of them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::authentication::assurance::phone;
use crate::authentication::passkeys::offer;
use crate::authentication::reset_password;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::claims::{Source, held};
use crate::users::phone::PhoneNumber;
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// The most security events in a copy: the newest. At about 300 bytes each, 15 MB before they are packed.
const MOST_EVENTS: usize = 50_000;
/// How many of them are read at a time.
const PAGE: i64 = 1_000;

/// A file of the archive.
pub(super) struct File {
    /// Its name in the archive.
    pub name: &'static str,
    /// The message that says what it is.
    pub words: &'static str,
    what: What,
}

enum What {
    Profile,
    SignIn,
    Sessions,
    Devices,
    Activity,
    EmailChanges,
    SignUps,
    Invitations,
    Claims,
    Notes,
    Messages,
}

const fn file(name: &'static str, words: &'static str, what: What) -> File {
    File { name, words, what }
}

/// Every file, in the order of the README.
pub(super) const FILES: &[File] = &[
    file("profile.json", "export-file-profile", What::Profile),
    file("sign-in.json", "export-file-sign-in", What::SignIn),
    file("sessions.json", "export-file-sessions", What::Sessions),
    file("devices.json", "export-file-devices", What::Devices),
    file("activity.json", "export-file-activity", What::Activity),
    file(
        "email-changes.json",
        "export-file-email-changes",
        What::EmailChanges,
    ),
    file("sign-ups.json", "export-file-sign-ups", What::SignUps),
    file("invitations.json", "export-file-invitations", What::Invitations),
    file("claims.json", "export-file-claims", What::Claims),
    file("notes.json", "export-file-notes", What::Notes),
    file("messages.json", "export-file-messages", What::Messages),
];

/// Whose copy it is: the row of `users`.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(super) struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub language: String,
    pub time_zone: Option<String>,
    administrator: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
    locked_at: Option<DateTime<Utc>>,
    locked_until: Option<DateTime<Utc>>,
    locked_because: Option<String>,
    address_not_proven_since: Option<DateTime<Utc>>,
    deactivated_at: Option<DateTime<Utc>>,
    erase_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    email_key: String,
}

#[derive(Serialize, sqlx::FromRow)]
struct Session {
    id: Uuid,
    browser: String,
    address: String,
    stays_signed_in: bool,
    proven_by: String,
    proven_at: DateTime<Utc>,
    began_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    ends_unless_used_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Device {
    first_signed_in_at: DateTime<Utc>,
    last_signed_in_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: Uuid,
    at: DateTime<Utc>,
    kind: String,
    outcome: String,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    session_id: Option<Uuid>,
    address: Option<String>,
    user_agent: Option<String>,
    detail: String,
    was: Option<String>,
    became: Option<String>,
}

#[derive(Serialize, sqlx::FromRow)]
struct EmailChange {
    asked_at: DateTime<Utc>,
    from: String,
    to: String,
    confirmed_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, sqlx::FromRow)]
struct SignUp {
    asked_at: DateTime<Utc>,
    name: String,
    email: String,
    confirmed_at: Option<DateTime<Utc>>,
}

/// To whom it went, and never its link.
#[derive(Serialize, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the words of the file that people get")]
struct Invited {
    invited_at: DateTime<Utc>,
    email: String,
    last_sent_at: DateTime<Utc>,
    works_until: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// That a message was sent, and to where; what stood in it is not kept.
#[derive(Serialize, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the words of the file that people get")]
struct Sent {
    written_at: DateTime<Utc>,
    sent_by: String,
    about: String,
    to: String,
    state: String,
    ended_at: Option<DateTime<Utc>>,
    said_by_the_server: Option<String>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Note {
    written_at: DateTime<Utc>,
    note: String,
}

#[derive(Serialize, sqlx::FromRow)]
struct Reset {
    asked_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Recovery {
    asked_at: DateTime<Utc>,
    begun_by: String,
    link_mailed_from: DateTime<Utc>,
    link_works_until: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
}

/// A code that was given away: never the code itself.
#[derive(Serialize, sqlx::FromRow)]
struct Code {
    made_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

/// A code that was sent, and by which way: never the code itself.
#[derive(Serialize, sqlx::FromRow)]
struct SentCode {
    sent_by: String,
    made_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

/// A passkey, but for its key: the public half says nothing to a person.
#[derive(Serialize, sqlx::FromRow)]
struct PasskeyRow {
    name: String,
    kind_of_authenticator: Uuid,
    checks_who_holds_it: bool,
    can_be_copied: bool,
    is_copied: bool,
    added_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Failures {
    factor: String,
    wrong_in_a_row: i64,
    last_failed_at: DateTime<Utc>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Trusted {
    browser: String,
    remembered_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    asked_again_from: DateTime<Utc>,
}

#[derive(Serialize, sqlx::FromRow)]
struct Begun {
    began_at: DateTime<Utc>,
    proven_by: String,
    ended_at: Option<DateTime<Utc>>,
}

impl File {
    /// What stands in it: JSON with indents.
    pub async fn content(&self, platform: &Platform, person: &Person) -> Result<String> {
        let id = person.id;
        let db = &platform.db;
        match self.what {
            What::Profile => pretty(person),
            What::SignIn => pretty(&db.read(async |tx| sign_in(tx, id).await).await?),
            What::Sessions => pretty(&db.read(async |tx| sessions(tx, id).await).await?),
            What::Devices => pretty(&db.read(async |tx| devices(tx, id).await).await?),
            What::Activity => pretty(&activity(platform, id).await?),
            What::EmailChanges => pretty(&db.read(async |tx| email_changes(tx, id).await).await?),
            What::Claims => pretty(&db.read(async |tx| claims(tx, id).await).await?),
            What::Notes => pretty(&db.read(async |tx| notes(tx, id).await).await?),
            What::SignUps => pretty(&db.read(async |tx| sign_ups(tx, &person.email_key).await).await?),
            What::Invitations => pretty(&db.read(async |tx| invitations(tx, person).await).await?),
            What::Messages => pretty(&db.read(async |tx| messages(tx, person).await).await?),
        }
    }
}

fn pretty(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::Internal(format!("an export: {e}")))?;
    Ok(text + "\n")
}

/// The security events of a person, the newest first. Where another person did it, not where that one was.
async fn activity(platform: &Platform, user: UserId) -> Result<Vec<Value>> {
    let mut events = Vec::new();
    let mut before = Uuid::max();
    while events.len() < MOST_EVENTS {
        let page = platform
            .db
            .read(async |tx| events_before(tx, user, before).await)
            .await?;
        let Some(last) = page.last() else { break };
        before = last.id;
        events.extend(page.into_iter().map(|event| event.told_to(user)));
    }
    Ok(events)
}

impl EventRow {
    fn told_to(self, user: UserId) -> Value {
        let by_you = self.actor_id == Some(user);
        let by_another = self.actor_id.is_some() && !by_you;
        let detail: Value = serde_json::from_str(&self.detail).unwrap_or_default();
        let parsed = |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        json!({
            "at": self.at,
            "event": self.kind,
            "outcome": self.outcome,
            "done_by": if by_you { "you" } else if by_another { "somebody who runs the server" } else { "not known" },
            "about_you": self.subject_id == Some(user),
            "session": self.session_id,
            "address": self.address.filter(|_| !by_another),
            "browser": self.user_agent.filter(|_| !by_another),
            "detail": detail,
            "before": parsed(self.was),
            "after": parsed(self.became),
        })
    }
}

impl Person {
    /// The person, unless they are gone.
    pub async fn read(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, locale as language, time_zone, administrator, created_at, updated_at, locked_at,
                (select seen_at from sightings where user_id = $1 and seen_at > $2) as last_seen_at,
                locked_until, lock_reason as locked_because, unproven_since as address_not_proven_since,
                deactivated_at, erase_at, email_key
             from users where id = $1", user, DateTime::UNIX_EPOCH)
    }
}

async fn sign_in(tx: &mut Tx, user: UserId) -> Result<Value> {
    let password = sql!(tx, fetch_optional One<DateTime<Utc>>, "select updated_at from passwords where user_id = $1", user)?;
    let due = reset_password::due_since(tx, user).await?;
    let resets = sql!(tx, fetch_all Reset,
        "select created_at as asked_at, consumed_at as used_at from password_resets where user_id = $1 order by created_at", user)?;
    let alarms = sql!(tx, fetch_all One<DateTime<Utc>>,
        "select raised_at from alarms where user_id = $1 order by raised_at", user)?;
    let used = sql!(tx, fetch_all One<DateTime<Utc>>,
        "select sent_at from sent_forms where user_id = $1 order by sent_at", user)?;
    let passkeys = sql!(tx, fetch_all PasskeyRow,
        "select name, aaguid as kind_of_authenticator, verifies as checks_who_holds_it, backup_eligible as can_be_copied,
            backed_up as is_copied, created_at as added_at, last_used_at
         from passkeys where user_id = $1 order by id", user)?;
    let asked = sql!(tx, fetch_all Code,
        "select created_at as made_at, consumed_at as used_at from passkey_challenges where user_id = $1 order by created_at", user)?;
    let recoveries = sql!(tx, fetch_all Recovery,
        "select created_at as asked_at, begun_by, due_at as link_mailed_from, expires_at as link_works_until, ended_at, outcome
         from recoveries where user_id = $1 order by created_at", user)?;
    let frozen = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>, "select frozen_until from users where id = $1", user)?;
    Ok(json!({
        "password_set_at": password.map(|(at,)| at),
        "another_password_wanted_since": due,
        "passkeys": passkeys,
        "passkeys_asked_for": asked,
        "declined_to_add_a_passkey_at": offer::declined_at(tx, user).await?,
        "second_factors": second_factors(tx, user).await?,
        "password_resets": resets,
        "used_links_and_codes_at": used.into_iter().map(|(at,)| at).collect::<Vec<_>>(),
        "ways_back": recoveries,
        "closed_for_changes_until": frozen.and_then(|(until,)| until),
        "said_this_was_not_me_at": alarms.into_iter().map(|(at,)| at).collect::<Vec<_>>(),
    }))
}

async fn second_factors(tx: &mut Tx, user: UserId) -> Result<Value> {
    let app =
        sql!(tx, fetch_optional One<DateTime<Utc>>, "select created_at from totps where user_id = $1", user)?;
    let adding = sql!(tx, fetch_all One<DateTime<Utc>>,
        "select created_at from totp_enrolments where user_id = $1 order by created_at", user)?;
    let phone = phone::of(tx, user).await?;
    let adding_phone = sql!(tx, fetch_all One<DateTime<Utc>>,
        "select created_at from phone_enrolments where user_id = $1 order by created_at", user)?;
    let numbers = phone::numbers(tx, user).await?;
    let mail = sql!(tx, fetch_optional One<DateTime<Utc>>, "select created_at from mail_factors where user_id = $1", user)?;
    let sent = sql!(tx, fetch_all SentCode,
        "select channel as sent_by, created_at as made_at, consumed_at as used_at from mail_codes where user_id = $1 order by created_at", user)?;
    let recovery = sql!(tx, fetch_all Code,
        "select created_at as made_at, used_at from recovery_codes where user_id = $1 order by id", user)?;
    let failures = sql!(tx, fetch_all Failures,
        "select factor, failures as wrong_in_a_row, last_failed_at from factor_failures where user_id = $1 order by factor", user)?;
    let trusted = sql!(tx, fetch_all Trusted,
        "select user_agent as browser, created_at as remembered_at, last_used_at, expires_at as asked_again_from
         from trusted_devices where user_id = $1 order by created_at", user)?;
    let begun = sql!(tx, fetch_all Begun,
        "select created_at as began_at, proven as proven_by, ended_at from sign_ins where user_id = $1 order by created_at", user)?;
    let grace = sql!(
        tx,
        fetch_optional(Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        "select factor_grace_until, passkey_grace_until from users where id = $1",
        user
    )?;
    let times = |rows: Vec<One<DateTime<Utc>>>| rows.into_iter().map(|(at,)| at).collect::<Vec<_>>();
    Ok(json!({
        "authenticator_app_added_at": app.map(|(at,)| at),
        "authenticator_apps_being_added_since": times(adding),
        "codes_by_mail_since": mail.map(|(at,)| at),
        "codes_by_text_message_since": phone.map(|phone| phone.added_at),
        "telephones_being_added_since": times(adding_phone),
        "telephone_numbers": numbers.iter().map(PhoneNumber::as_str).collect::<Vec<_>>(),
        "codes_sent": sent,
        "recovery_codes": recovery,
        "wrong_codes": failures,
        "remembered_browsers": trusted,
        "sign_ins_that_were_asked_for_more": begun,
        "needed_from": grace.and_then(|(factor, _)| factor),
        "passkey_needed_from": grace.and_then(|(_, passkey)| passkey),
    }))
}

async fn sessions(tx: &mut Tx, user: UserId) -> Result<Vec<Session>> {
    sql!(tx, fetch_all Session,
        "select id, user_agent as browser, address, remember as stays_signed_in, amr as proven_by, auth_time as proven_at,
            created_at as began_at, last_seen_at, idle_expires_at as ends_unless_used_at, expires_at as ends_at
         from sessions where user_id = $1 order by created_at", user)
}

async fn devices(tx: &mut Tx, user: UserId) -> Result<Vec<Device>> {
    sql!(tx, fetch_all Device,
        "select created_at as first_signed_in_at, last_seen_at as last_signed_in_at
         from known_devices where user_id = $1 order by created_at", user)
}

async fn events_before(tx: &mut Tx, user: UserId, before: Uuid) -> Result<Vec<EventRow>> {
    sql!(tx, fetch_all EventRow,
        "select id, at, kind, outcome, actor_id, subject_id, session_id, address, user_agent, detail,
            was, became from audit_events
         where (subject_id = $1 or actor_id = $1) and id < $2 order by id desc limit $3",
        user, before, PAGE)
}

async fn email_changes(tx: &mut Tx, user: UserId) -> Result<Vec<EmailChange>> {
    sql!(tx, fetch_all EmailChange,
        "select created_at as asked_at, old_email as \"from\", new_email as \"to\", confirmed_at, undone_at
         from email_changes where user_id = $1 order by created_at", user)
}

async fn messages(tx: &mut Tx, person: &Person) -> Result<Vec<Sent>> {
    sql!(tx, fetch_all Sent,
        "select created_at as written_at, channel as sent_by, kind as about, recipient as \"to\", state, ended_at,
            last_error as said_by_the_server
         from messages where user_id = $1 or (recipient_key = $2 and user_id is null) order by id",
        person.id, person.email_key.as_str())
}

async fn sign_ups(tx: &mut Tx, email_key: &str) -> Result<Vec<SignUp>> {
    sql!(tx, fetch_all SignUp,
        "select created_at as asked_at, name, email, consumed_at as confirmed_at
         from sign_ups where email_key = $1 order by created_at", email_key)
}

/// Those that the person got. Those that they wrote are other people's: that they wrote them stands among the activity.
async fn invitations(tx: &mut Tx, person: &Person) -> Result<Vec<Invited>> {
    sql!(tx, fetch_all Invited,
        "select created_at as invited_at, email, sent_at as last_sent_at, expires_at as works_until, accepted_at, revoked_at
         from invitations where email_key = $1 or accepted_by = $2 order by id", person.email_key.as_str(), person.id)
}

/// What applications are told, and where it comes from.
async fn claims(tx: &mut Tx, user: UserId) -> Result<Vec<Value>> {
    let from = |source: Source| match source {
        Source::Own => json!("yourself"),
        Source::Role { name, .. } => json!({ "role": name }),
    };
    let told = held::of(tx, user).await?.into_iter().map(|(name, merged)| {
        json!({
            "claim": name,
            "value": merged.value.map(|value| value.to_json()),
            "from": merged.from.into_iter().map(from).collect::<Vec<_>>(),
            "does_not_count": merged.overruled.into_iter().map(from).collect::<Vec<_>>(),
            "too_long_to_be_told": merged.left_out.into_iter().map(from).collect::<Vec<_>>(),
        })
    });
    Ok(told.collect())
}

/// What was written, and not by whom.
async fn notes(tx: &mut Tx, user: UserId) -> Result<Vec<Note>> {
    sql!(tx, fetch_all Note,
        "select created_at as written_at, body as note from person_notes where user_id = $1 order by id", user)
}
