//! What an operator may do about somebody's password: mail a link to choose another, or let the one that there is lead to such a mail
//! and no further. Never choose or see one (ASVS 6.4.6).

use super::{pass_mail, tell};
use crate::audit::{Change, Entry, Event, Shown};
use crate::authentication::reset_password::{self, LINK_LIFE};
use crate::authorization::{Desk, May, right};
use crate::notification::message::{Deed, Message};
use crate::platform::keys::PlainToken;
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Mails a person a link to choose another password. Until it is used, nothing changes.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, with [`Code::PersonLocked`], or [`Code::TooManyAttempts`]: an inbox is not to be filled.
pub async fn send_reset(desk: &Desk<'_>, person: UserId) -> Result<()> {
    let token = PlainToken::generate(&desk.platform.entropy);
    pass_mail(desk, person).await?;
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, user| {
        if user.locked_at.is_some() {
            return Err(Error::form(Code::PersonLocked));
        }
        let id = tx.new_id();
        let link = reset_password::new_link(tx, desk.platform, id, user, &token, LINK_LIFE).await?;
        let deed = Deed::ResetLink {
            life: LINK_LIFE.num_seconds().unsigned_abs(),
        };
        let message = Message::deed(deed, &user.name, user.time_zone.clone(), link);
        tx.mail(&user.email, &user.locale, message).await?;
        tx.audit(Entry::by(Event::ResetLinkSent, may.actor, desk.origin).to(person))
            .await
    })
    .await
}

/// Wants another password from a person: from now on the one that they have lets nobody in, and signing in with it mails them a link to
/// choose another. So it goes to who reads their mail, and not to whoever knows the password. Sessions and passkeys stay. Safe to repeat.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, or with [`Code::ChangedMeanwhile`] when they have no password.
pub async fn demand(desk: &Desk<'_>, person: UserId) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, user| {
        let now = tx.now();
        let due = sql!(tx, execute
            "update passwords set due_since = $1 where user_id = $2 and due_since is null", now, person)?;
        if due == 0 {
            return match reset_password::due_since(tx, person).await? {
                Some(_) => Ok(()),
                None => Err(Error::form(Code::ChangedMeanwhile)),
            };
        }
        let changes = [Change {
            field: Shown::PasswordDue,
            was: Some("no"),
            became: Some("yes"),
        }];
        let entry = Entry::by(Event::PasswordDemanded, may.actor, desk.origin).to(person);
        tx.audit(entry.changing(&changes)).await?;
        tell(tx, desk.platform, user, Deed::PasswordDue).await
    })
    .await
}

/// Takes that back: the password that the person has lets in again. Safe to repeat.
///
/// # Errors
/// Refused as [`Desk::act_on`] says.
pub async fn withdraw(desk: &Desk<'_>, person: UserId) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, _user| {
        let withdrawn = sql!(tx, execute
            "update passwords set due_since = null where user_id = $1 and due_since is not null", person)?;
        if withdrawn == 0 {
            return Ok(());
        }
        let changes = [Change {
            field: Shown::PasswordDue,
            was: Some("yes"),
            became: Some("no"),
        }];
        let entry = Entry::by(Event::PasswordDemandWithdrawn, may.actor, desk.origin).to(person);
        tx.audit(entry.changing(&changes)).await
    })
    .await
}
