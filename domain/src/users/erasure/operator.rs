//! The same at the wish of an operator: with the same days in which it can be undone, by an operator or by the person.

use super::{Begun, DataNews, Leaver};
use crate::audit::{Change, Entry, Event, Shown};
use crate::authentication::session::SignedIn;
use crate::authentication::{recover, reset_password};
use crate::authorization::give::keeps_an_administrator;
use crate::authorization::{Desk, May, right};
use crate::users::email::Email;
use crate::users::person::Reason;
use crate::users::user::UserId;
use crate::{Code, Error, Faults, Field, Result, sql};

/// Asks for a person's account to be erased, whose address was `typed` once more. Their sessions end, and they are told, with the link
/// that keeps the account. Returns how many sessions it were. Safe to repeat.
///
/// # Errors
/// Refused with a fault of either field ([`Code::EmailNotYours`] for another address), as [`Desk::act_on`] says, or with
/// [`Code::LastAdministrator`].
pub async fn ask(desk: &Desk<'_>, person: UserId, typed: &str, reason: &str) -> Result<u64> {
    desk.act_on_sessions(person, async |tx, may: &May<right::UsersDelete>, user| {
        let mut faults = Faults::default();
        let reason = faults.check(Field::Reason, Reason::parse(reason));
        let typed = faults.check(Field::Email, Email::parse(typed));
        let (Some(reason), Some(typed)) = (reason, typed) else {
            return Err(faults.into_error());
        };
        if !Email::parse(&user.email).is_ok_and(|own| own.key() == typed.key()) {
            return Err(Error::field(Field::Email, Code::EmailNotYours));
        }
        let leaver = match Leaver::begin(tx, person).await? {
            Begun::Now(leaver) => leaver,
            Begun::Before(_) => return Ok(0),
            Begun::LastAdministrator => return Err(Error::form(Code::LastAdministrator)),
        };
        if user.administrator {
            keeps_an_administrator(tx).await?;
        }
        let ended = SignedIn::end_all(tx, person).await?;
        reset_password::close(tx, person).await?;
        recover::close(tx, person).await?;
        let (erase_at, ended_text) = (leaver.erase_at.to_rfc3339(), ended.to_string());
        let detail = [
            ("reason", reason.as_str()),
            ("sessions_ended", ended_text.as_str()),
        ];
        let changes = [Change {
            field: Shown::EraseAt,
            was: None,
            became: Some(&erase_at),
        }];
        let entry = Entry::by(Event::ErasureAskedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await?;
        leaver
            .tell(tx, desk.platform, DataNews::ErasureAskedByOperator)
            .await?;
        Ok(ended)
    })
    .await
}

/// Keeps the account after all, whoever wished it gone. Safe to repeat until the erasure begins.
///
/// # Errors
/// Refused as [`Desk::act_on`] says.
pub async fn keep(desk: &Desk<'_>, person: UserId) -> Result<()> {
    desk.act_on_sessions(person, async |tx, may: &May<right::UsersDelete>, _user| {
        let Some(leaver) = Leaver::of(tx, person).await? else {
            return Ok(());
        };
        let now = tx.now();
        sql!(tx, execute
            "update users set erase_at = null, erase_reminded_at = null, updated_at = $1
             where id = $2 and erasing_as is null", now, person)?;
        let was = leaver.erase_at.to_rfc3339();
        let changes = [Change {
            field: Shown::EraseAt,
            was: Some(&was),
            became: None,
        }];
        let entry = Entry::by(Event::ErasureUndoneByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.changing(&changes)).await?;
        leaver.tell(tx, desk.platform, DataNews::ErasureUndone).await
    })
    .await
}
