//! Shortening the wait of somebody who asked for a way back themselves: see [`recover`](crate::authentication::recover).

use chrono::{DateTime, Duration, Utc};

use super::Reason;
use crate::audit::{Entry, Event};
use crate::authentication::recover;
use crate::authorization::{Desk, May, right};
use crate::users::user::UserId;
use crate::{Code, Error, Faults, Field, Result};

/// The longest wait that can be chosen, in hours.
const MOST_HOURS: i64 = 720;

/// Shortens the wait, with a reason: every proven address is told, and can stop it. At its end every factor goes, so it takes the
/// permission to take factors away. Returns when the link is mailed.
///
/// # Errors
/// Refused with a fault of either field ([`Code::HoursInvalid`] also when it would be no sooner), as [`Desk::act_on`] says, or with
/// [`Code::NothingWaits`]: it never begins one.
pub async fn shorten(desk: &Desk<'_>, person: UserId, hours: &str, reason: &str) -> Result<DateTime<Utc>> {
    desk.act_on(person, async |tx, may: &May<right::FactorsRemove>, user| {
        let (reason, hours) = read(hours, reason)?;
        let entry = Entry::by(Event::RecoveryHastened, may.actor, desk.origin).to(person);
        let due = recover::shorten(
            tx,
            desk.platform,
            user,
            Duration::hours(hours),
            reason.as_str(),
            entry,
        )
        .await?;
        due.map_err(|why| match why {
            recover::NotHastened::NotSooner => Error::field(Field::Hours, Code::HoursInvalid),
            recover::NotHastened::NoReason | recover::NotHastened::NothingWaits => {
                Error::form(Code::NothingWaits)
            }
        })
    })
    .await
}

fn read(hours: &str, reason: &str) -> Result<(Reason, i64)> {
    let mut faults = Faults::default();
    let hours = hours.trim().parse().ok();
    let hours = hours.filter(|hours| (0..=MOST_HOURS).contains(hours));
    let hours = faults.check(Field::Hours, hours.ok_or(Code::HoursInvalid));
    let reason = faults.check(Field::Reason, Reason::parse(reason));
    reason.zip(hours).ok_or_else(|| faults.into_error())
}
