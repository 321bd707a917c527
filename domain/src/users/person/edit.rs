//! Editing what an account says of its holder. Two operators at once are told: nothing is overwritten silently.

use chrono::{DateTime, Utc};

use super::tell;
use crate::audit::{Entry, Event};
use crate::authorization::{Desk, May, right};
use crate::notification::message::Deed;
use crate::platform::db::{One, Tx};
use crate::users::profile::{Profile, Typed};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Writes name, time zone and language of a person who is still as `seen` says, which is [`Facts::version`](super::seen::Facts::version).
/// Their sessions on every device show it with the next request.
///
/// # Errors
/// Refused with one fault per field, as [`Desk::act_on`] says, or with [`Code::ChangedMeanwhile`].
pub async fn edit(desk: &Desk<'_>, person: UserId, seen: &str, typed: &Typed) -> Result<()> {
    desk.act_on_sessions(person, async |tx, may: &May<right::UsersWrite>, before| {
        let profile = Profile::read(typed)?;
        if version(tx, person).await? != seen {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let changed = profile.differences(before).join(" ");
        if changed.is_empty() {
            return Ok(());
        }
        profile.write_over(tx, person).await?;
        let detail = [("changed", changed.as_str())];
        let changes = profile.changes(before);
        let entry = Entry::by(Event::EditedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await?;
        tell(tx, desk.platform, before, Deed::Edited).await
    })
    .await
}

/// What changes with every change of the row.
async fn version(tx: &mut Tx, person: UserId) -> Result<String> {
    let (at,) = sql!(tx, fetch_one One<DateTime<Utc>>, "select updated_at from users where id = $1", person)?;
    Ok(version_at(at))
}

/// As it stands in a form: microseconds since 1970.
pub(super) fn version_at(updated_at: DateTime<Utc>) -> String {
    updated_at.timestamp_micros().to_string()
}
