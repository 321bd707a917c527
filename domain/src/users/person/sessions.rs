//! Ending sessions of somebody else (ASVS 7.4.5): on every server at once.

use uuid::Uuid;

use super::tell;
use crate::audit::{Entry, Event};
use crate::authentication::session::SignedIn;
use crate::authorization::{Desk, May, right};
use crate::notification::message::Deed;
use crate::users::user::UserId;
use crate::{Code, Error, Result};

/// Ends one session of a person.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, or with [`Code::SessionUnknown`] for one that has ended, or is another person's: never told apart.
pub async fn end_session(desk: &Desk<'_>, person: UserId, session: Uuid) -> Result<()> {
    desk.act_on_sessions(person, async |tx, may: &May<right::SessionsEnd>, user| {
        if !SignedIn::end_own(tx, person, session).await? {
            return Err(Error::form(Code::SessionUnknown));
        }
        let entry = Entry::by(Event::SessionEndedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.in_session(session)).await?;
        tell(tx, desk.platform, user, Deed::SessionsEnded).await
    })
    .await
}

/// Ends every session of a person, their sign-ins in progress, and what spares a browser the second factor. Returns how many sessions
/// it were. Safe to repeat: the person is told when there was one.
///
/// # Errors
/// Refused as [`Desk::act_on`] says.
pub async fn end_sessions(desk: &Desk<'_>, person: UserId) -> Result<u64> {
    desk.act_on_sessions(person, async |tx, may: &May<right::SessionsEnd>, user| {
        let ended = SignedIn::end_all(tx, person).await?;
        let ended_text = ended.to_string();
        let detail = [("sessions_ended", ended_text.as_str())];
        let entry = Entry::by(Event::SessionEndedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail)).await?;
        if ended > 0 {
            tell(tx, desk.platform, user, Deed::SessionsEnded).await?;
        }
        Ok(ended)
    })
    .await
}
