//! Locking an account, with a reason, for a time or until it is unlocked.
//!
//! Whether an account is locked is `users.locked_at` and nothing else, wherever somebody asks. So a lock for a time is ended by a job
//! that was put into the queue for that moment when it began; a round every five minutes finds what no job did. Until one
//! ran the account stays locked: a queue that stands still opens nothing.

use std::num::NonZeroU16;

use chrono::{DateTime, Duration, Utc};

use super::{Reason, tell};
use crate::audit::{Change, Entry, Event, Origin, Shown};
use crate::authentication::throttle::Counter;
use crate::authentication::{change_email, reset_password};
use crate::authorization::give::keeps_an_administrator;
use crate::authorization::{Desk, May, right};
use crate::job::Job;
use crate::notification::message::Deed;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Faults, Field, Result, sql};

/// The longest lock that ends by itself, in hours: a year.
pub const MOST_HOURS: u16 = 8784;
/// Locks that one round of [`look_after`] ends before it looks again.
const BATCH: i64 = 100;

/// What came with the form.
pub struct Typed {
    /// As typed.
    pub reason: String,
    /// For how many hours; empty: until it is unlocked.
    pub hours: String,
}

impl Typed {
    fn read(&self) -> Result<(Reason, Option<NonZeroU16>)> {
        let mut faults = Faults::default();
        let reason = faults.check(Field::Reason, Reason::parse(&self.reason));
        let hours = faults.check(Field::Hours, hours(&self.hours));
        reason.zip(hours).ok_or_else(|| faults.into_error())
    }
}

/// Locks an account and ends its sessions, on every server at once; its open links die. Returns how many sessions it were.
///
/// # Errors
/// Refused with a fault of either field, as [`Desk::act_on`] says, with [`Code::LastAdministrator`], or [`Code::ChangedMeanwhile`]
/// when the account is locked already.
pub async fn lock(desk: &Desk<'_>, person: UserId, typed: &Typed) -> Result<u64> {
    desk.act_on_sessions(person, async |tx, may: &May<right::UsersWrite>, user| {
        let (reason, hours) = typed.read()?;
        if user.locked_at.is_some() {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let until = hours.map(|hours| tx.now() + Duration::hours(hours.get().into()));
        let ended = user.lock_until(tx, Some(reason.as_str()), until).await?;
        reset_password::close(tx, person).await?;
        change_email::close(tx, person).await?;
        if user.administrator {
            keeps_an_administrator(tx).await?;
        }
        if let Some(until) = until {
            tx.enqueue_at(&Job::LookAfterLocks, until).await?;
        }
        let (became, ended_text) = (state(until), ended.to_string());
        let detail = [
            ("reason", reason.as_str()),
            ("sessions_ended", ended_text.as_str()),
        ];
        let changes = [Change {
            field: Shown::Locked,
            was: None,
            became: Some(&became),
        }];
        let entry = Entry::by(Event::Locked, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await?;
        tell(tx, desk.platform, user, Deed::Locked { until }).await?;
        Ok(ended)
    })
    .await
}

/// Unlocks an account, and forgets its failed sign-ins. Safe to repeat.
///
/// # Errors
/// As [`Desk::act_on`].
pub async fn unlock(desk: &Desk<'_>, person: UserId) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, user| {
        if user.locked_at.is_none() {
            return Ok(());
        }
        let entry = Entry::by(Event::Unlocked, may.actor, desk.origin).to(person);
        open(tx, desk.platform, user, entry).await
    })
    .await
}

/// Ends the locks whose time is over. Run when one falls due, and by the leader again and again.
pub(crate) async fn look_after(platform: &Platform) -> Result<()> {
    loop {
        let due = platform
            .db
            .read(async |tx| {
                let now = tx.now();
                sql!(tx, fetch_all One<UserId>,
                    "select id from users where locked_until <= $1 order by locked_until limit $2", now, BATCH)
            })
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        for (person,) in due {
            platform
                .db
                .write(async |tx| {
                    let (user, until) = (User::hold(tx, person).await?, until(tx, person).await?);
                    let over = until.is_some_and(|until| until <= tx.now());
                    let Some(user) = user else {
                        // They are being erased: nobody needs to be told.
                        sql!(tx, execute "update users set locked_until = null where id = $1", person)?;
                        return Ok(());
                    };
                    if !over {
                        return Ok(());
                    }
                    let entry = Entry::about(Event::Unlocked, Some(person), &NOBODY).with(&[("by", "time")]);
                    open(tx, platform, &user, entry).await
                })
                .await?;
        }
    }
}

/// Nobody's browser: a job's.
static NOBODY: Origin = Origin {
    address: String::new(),
    user_agent: String::new(),
    request_id: String::new(),
};

async fn open(tx: &mut Tx, platform: &Platform, user: &User, entry: Entry<'_>) -> Result<()> {
    let was = state(until(tx, user.id).await?);
    user.unlock(tx).await?;
    if let Ok(email) = Email::parse(&user.email) {
        Counter::clear_all(tx, email.key()).await?;
    }
    let changes = [Change {
        field: Shown::Locked,
        was: Some(&was),
        became: None,
    }];
    tx.audit(entry.changing(&changes)).await?;
    tell(tx, platform, user, Deed::Unlocked).await
}

async fn until(tx: &mut Tx, person: UserId) -> Result<Option<DateTime<Utc>>> {
    let found = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>, "select locked_until from users where id = $1", person)?;
    Ok(found.and_then(|(until,)| until))
}

/// A lock in the audit.
fn state(until: Option<DateTime<Utc>>) -> String {
    until.map_or_else(
        || "until unlocked".to_owned(),
        |until| format!("until {}", until.to_rfc3339()),
    )
}

fn hours(typed: &str) -> std::result::Result<Option<NonZeroU16>, Code> {
    match typed.trim() {
        "" => Ok(None),
        typed => match typed.parse::<NonZeroU16>() {
            Ok(hours) if hours.get() <= MOST_HOURS => Ok(Some(hours)),
            _ => Err(Code::HoursInvalid),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_for_so_many_hours_or_until_it_is_unlocked() {
        assert_eq!(hours("").unwrap(), None);
        assert_eq!(hours(" 24 ").unwrap().map(NonZeroU16::get), Some(24));
        assert_eq!(hours("8784").unwrap().map(NonZeroU16::get), Some(MOST_HOURS));
        for typed in ["0", "-1", "8785", "1.5", "forever", "99999999999999999999"] {
            assert_eq!(hours(typed), Err(Code::HoursInvalid), "{typed}");
        }
    }
}
