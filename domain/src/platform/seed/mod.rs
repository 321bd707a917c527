//! Made-up people with sessions, claims and a past, for developing and measuring: `latchstring dev seed`. Never in production.
//!
//! The same seed makes the same people on the same day. They are put in many at a time, past the use cases; what those would have
//! kept in line (terms of the list, the chain of the audit) is written here as they would have written it.

mod claims;
mod names;
mod rows;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use self::names::Names;
use crate::audit::{Entry, Event, Origin, past};
use crate::authentication::password::{Password, StoredPassword};
use crate::platform::Platform;
use crate::platform::db::One;
use crate::platform::entropy::Entropy;
use crate::{Error, Result, sql};

/// The password of everybody who is made up: it is no secret, and no production server lets any of them in.
pub const PASSWORD: &str = "a made-up person walks in";
/// People, sessions or events of one transaction.
const BATCH: usize = 2_000;
/// How far the past reaches back: people, and what happened.
const PEOPLE_SINCE: Duration = Duration::days(3 * 365);
const EVENTS_SINCE: Duration = Duration::days(90);

/// How much is made up.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// So many people.
    pub users: usize,
    /// So many sessions, of people by chance.
    pub sessions: usize,
    /// So many events, of people by chance.
    pub events: usize,
    /// What chance goes by.
    pub seed: u64,
}

/// Chance, and the time that it goes by.
pub(super) struct Dice {
    entropy: Entropy,
    now: DateTime<Utc>,
}

/// Somebody who was made up.
pub(super) struct Somebody {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
}

/// Makes it all up. `told` hears how far it is: what, and how many.
///
/// # Errors
/// [`Error::Configuration`] in production.
pub async fn sow(platform: &Platform, plan: Plan, mut told: impl FnMut(&str, usize)) -> Result<()> {
    if platform.config.is_production() {
        return Err(Error::Configuration(
            "people are made up in development only".into(),
        ));
    }
    let (before,) = platform
        .db
        .read(async |tx| sql!(tx, fetch_one One<i64>, "select count(*) from users"))
        .await?;
    let before = usize::try_from(before).unwrap_or_default();
    // Another run makes other people.
    let seed = plan.seed.wrapping_mul(1_000_003).wrapping_add(before as u64);
    let dice = Dice {
        entropy: Entropy::seeded(seed),
        now: platform.clock.now(),
    };
    let password = password(platform).await?;
    let people = people(platform, &dice, plan.users, before, &password, &mut told).await?;
    if people.is_empty() {
        return Ok(());
    }
    sessions(platform, &dice, plan.sessions, &people, &mut told).await?;
    events(platform, &dice, plan.events, &people, &mut told).await?;
    platform.db.learn_sizes().await
}

async fn password(platform: &Platform) -> Result<StoredPassword> {
    let password = Password::new(PASSWORD, platform.settings().password, &[]);
    let password = password.map_err(|code| {
        Error::Configuration(format!("the made-up password is refused: {}", code.as_str()))
    })?;
    platform.hasher.hash(&password).await
}

async fn people(
    platform: &Platform,
    dice: &Dice,
    many: usize,
    before: usize,
    password: &StoredPassword,
    told: &mut impl FnMut(&str, usize),
) -> Result<Vec<Somebody>> {
    platform
        .db
        .write(async |tx| claims::define(tx, dice).await)
        .await?;
    let mut names = Names::new(before);
    let mut all = Vec::with_capacity(many);
    while all.len() < many {
        let batch = BATCH.min(many - all.len());
        let mut made = Vec::with_capacity(batch);
        for number in 0..batch {
            // The earlier ones are the older ones.
            let share = (all.len() + number) as u64 * 1_000_000 / many as u64;
            let age = PEOPLE_SINCE - PEOPLE_SINCE / 1_000_000 * i32::try_from(share).unwrap_or_default();
            let created_at =
                dice.now - age - Duration::seconds(i64::try_from(dice.below(60)).unwrap_or_default());
            let (name, mail, locale) = names.draw(dice, before + all.len() + number);
            made.push(rows::Person::draw(dice, created_at, name, mail, locale));
        }
        platform
            .db
            .write(async |tx| {
                rows::insert_people(tx, dice, &made, password).await?;
                claims::insert(tx, dice, &made).await
            })
            .await?;
        all.extend(made.iter().map(|person| Somebody {
            id: person.id,
            created_at: person.created_at,
        }));
        told("people", all.len());
    }
    Ok(all)
}

async fn sessions(
    platform: &Platform,
    dice: &Dice,
    many: usize,
    people: &[Somebody],
    told: &mut impl FnMut(&str, usize),
) -> Result<()> {
    let mut done = 0;
    while done < many {
        let batch = BATCH.min(many - done);
        platform
            .db
            .write(async |tx| rows::insert_sessions(tx, dice, people, batch).await)
            .await?;
        done += batch;
        told("sessions", done);
    }
    Ok(())
}

/// What happens, and how often among a thousand events.
const HAPPENS: [(Event, u64); 12] = [
    (Event::SignedIn, 520),
    (Event::SignInFailed, 160),
    (Event::SignInChallenged, 90),
    (Event::SignedOut, 80),
    (Event::Confirmed, 50),
    (Event::SignInThrottled, 25),
    (Event::FactorFailed, 25),
    (Event::ProfileChanged, 20),
    (Event::SignedUp, 10),
    (Event::PasskeyAdded, 8),
    (Event::PasswordReset, 7),
    (Event::PasswordChanged, 5),
];

async fn events(
    platform: &Platform,
    dice: &Dice,
    many: usize,
    people: &[Somebody],
    told: &mut impl FnMut(&str, usize),
) -> Result<()> {
    let mut done = 0;
    while done < many {
        let batch = BATCH.min(many - done);
        let drawn: Vec<_> = (0..batch)
            .map(|number| {
                let share = (done + number) as u64 * 1_000_000 / many as u64;
                let at = dice.now - EVENTS_SINCE
                    + EVENTS_SINCE / 1_000_000 * i32::try_from(share).unwrap_or_default();
                let origin = Origin {
                    address: dice.address(),
                    user_agent: (*dice.pick(&rows::BROWSERS)).to_owned(),
                    request_id: format!("{:016x}", dice.below(u64::MAX)),
                };
                (dice.event(), dice.pick(people).id, origin, at)
            })
            .collect();
        let past: Vec<_> = drawn
            .iter()
            .map(|(event, person, origin, at)| (Entry::own(*event, *person, origin), *at))
            .collect();
        platform
            .db
            .write(async |tx| past::append(tx, &dice.entropy, &past).await)
            .await?;
        done += batch;
        told("events", done);
    }
    Ok(())
}

impl Dice {
    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_be_bytes(self.entropy.bytes()) % bound.max(1)
    }

    /// True so many times of a thousand.
    pub fn is(&self, of_thousand: u64) -> bool {
        self.below(1_000) < of_thousand
    }

    /// One of several.
    pub fn pick<'a, T>(&self, all: &'a [T]) -> &'a T {
        let place = usize::try_from(self.below(all.len() as u64)).unwrap_or_default();
        &all[place]
    }

    /// A time of the last `span` that is not before `since`.
    pub fn time(&self, since: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
        let since = since.max(self.now - span);
        let seconds = (self.now - since).num_seconds().max(0).unsigned_abs();
        since + Duration::seconds(i64::try_from(self.below(seconds + 1)).unwrap_or_default())
    }

    /// A network address that is kept for documents (RFC 5737, RFC 3849).
    pub fn address(&self) -> String {
        let host = self.below(254) + 1;
        match self.below(4) {
            0 => format!("192.0.2.{host}"),
            1 => format!("198.51.100.{host}"),
            2 => format!("203.0.113.{host}"),
            _ => format!("2001:db8::{:x}:{host:x}", self.below(0xffff)),
        }
    }

    fn event(&self) -> Event {
        let mut drawn = self.below(HAPPENS.iter().map(|(_, often)| often).sum());
        for (event, often) in HAPPENS {
            if drawn < often {
                return event;
            }
            drawn -= often;
        }
        Event::SignedIn
    }
}
