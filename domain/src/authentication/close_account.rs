//! Closing an account for now: every device is signed out and nothing is deleted. Signing in opens it again.

use chrono::{DateTime, Utc};

use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::change_email;
use crate::authentication::freeze;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// Closes the account of whoever is signed in, and ends all of its sessions.
///
/// # Errors
/// Refused with [`Code::SignedOut`] when the account is closed or locked already, or [`Code::ChangesFrozen`]: a stranger who is
/// still inside must not shut its owner's sessions out.
pub async fn close(platform: &Platform, session: &SignedIn, asker: &Asker) -> Result<()> {
    let user = session.user_id;
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            freeze::check(tx, user).await?;
            let now = tx.now();
            let closed = sql!(tx, execute
                "update users set deactivated_at = $1, updated_at = $1
                 where id = $2 and deactivated_at is null and locked_at is null", now, user)?;
            let person = User::by_id(tx, user).await?;
            let (Some(person), 1) = (person, closed) else {
                return Err(Error::form(Code::SignedOut));
            };
            change_email::close(tx, user).await?;
            let late = late_hashes(tx, user, &fenced).await?;
            let ended = SignedIn::end_all(tx, user).await?;
            tx.audit(
                Entry::own(Event::AccountClosed, user, &asker.origin)
                    .in_session(session.session_id)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            notify(tx, platform, &person, Notice::AccountClosed, &asker.origin).await?;
            Ok(late)
        })
        .await?;
    fence(platform, &late).await;
    Ok(())
}

/// Opens an account that was closed for now: a part of every way in. `false`: it was open.
pub(crate) async fn reopen(tx: &mut Tx, platform: &Platform, user: &User, origin: &Origin) -> Result<bool> {
    let now = tx.now();
    let opened = sql!(tx, execute
        "update users set deactivated_at = null, updated_at = $1 where id = $2 and deactivated_at is not null", now, user.id)?;
    if opened == 0 {
        return Ok(false);
    }
    tx.audit(Entry::own(Event::AccountReopened, user.id, origin))
        .await?;
    notify(tx, platform, user, Notice::AccountReopened, origin).await?;
    Ok(true)
}

/// When an account was closed for the last time, to tell whoever has just opened it again.
pub async fn last_closed(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    let last = sql!(tx, fetch_optional One<DateTime<Utc>>,
        "select at from audit_events where subject_id = $1 and kind = $2 order by id desc limit 1",
        user, Event::AccountClosed.as_str())?;
    Ok(last.map(|(at,)| at))
}
