//! Sending an invitation again, and revoking it. Whoever may invite may do both, whoever invited: the roles stay those that the first
//! inviter may give. Whoever sends it again is who opens a shut door by it from then on.

use uuid::Uuid;

use super::{LINK_LIFE, mail_link};
use crate::audit::{Entry, Event};
use crate::authentication::sign_up_budget;
use crate::authorization::{Desk, May, right};
use crate::platform::keys::PlainToken;
use crate::platform::limits::RESEND;
use crate::users::email::Email;
use crate::users::user::UserId;
use crate::{Code, Error, Refusal, Result, sql};

/// Which invitation, as somebody saw it.
#[derive(Debug, Clone, Copy)]
pub struct SeenAs {
    /// The row.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
}

/// Mails another link, which works for [`LINK_LIFE`]; the one of before stops working. Also when that is too old.
///
/// # Errors
/// Refused as [`Desk::change`] says, with [`Code::ChangedMeanwhile`] when it was accepted, revoked or sent again since it was seen, or
/// there is none, and [`Code::TooManyAttempts`]: an inbox is not to be filled.
pub async fn resend(desk: &Desk<'_>, seen: SeenAs) -> Result<()> {
    // Whoever may not do it counts nothing.
    desk.look(async |_tx, _may: &May<right::UsersInvite>| Ok(()))
        .await?;
    desk.platform.limiter.pass(&RESEND, seen.id.as_bytes()).await?;
    let token = PlainToken::generate(&desk.platform.entropy);
    desk.change(async |tx, may: &May<right::UsersInvite>| {
        let now = tx.now();
        let row = sql!(
            tx,
            fetch_optional(String, String, Option<UserId>),
            "update invitations set token_hash = $1, sent_at = $2, sent_by = $3, expires_at = $4, version = version + 1
             where id = $5 and version = $6 and accepted_at is null and revoked_at is null
             returning email, locale, invited_by",
            token.hash().as_bytes(),
            now,
            may.actor,
            now + LINK_LIFE,
            seen.id,
            seen.version
        )?;
        let (email, language, inviter) = row.ok_or_else(|| Error::form(Code::ChangedMeanwhile))?;
        let email = Email::parse(&email).map_err(Error::form)?;
        if !sign_up_budget::take_mail(tx, email.key()).await? {
            return Err(Error::Refused(Refusal::too_many(
                sign_up_budget::MAIL_WINDOW.to_std().unwrap_or_default(),
            )));
        }
        mail_link(tx, desk.platform, &email, (&language, inviter), &token).await?;
        let id = seen.id.to_string();
        let detail = [("invitation", id.as_str())];
        tx.audit(Entry::by(Event::InvitationSentAgain, may.actor, desk.origin).with(&detail))
            .await
    })
    .await
}

/// Revokes an invitation: its link does nothing any more.
///
/// # Errors
/// Refused as [`Desk::change`] says, or with [`Code::ChangedMeanwhile`] when it was accepted, revoked or sent again since it was seen, or
/// there is none.
pub async fn revoke(desk: &Desk<'_>, seen: SeenAs) -> Result<()> {
    desk.change(async |tx, may: &May<right::UsersInvite>| {
        let now = tx.now();
        let revoked = sql!(tx, execute
            "update invitations set revoked_at = $1, version = version + 1
             where id = $2 and version = $3 and accepted_at is null and revoked_at is null",
            now, seen.id, seen.version)?;
        if revoked == 0 {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let id = seen.id.to_string();
        let detail = [("invitation", id.as_str())];
        tx.audit(Entry::by(Event::InvitationRevoked, may.actor, desk.origin).with(&detail))
            .await
    })
    .await
}
