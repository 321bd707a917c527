//! The way back, from the old address: whoever reads its mail takes the account back.
//!
//! It is for somebody whose account was taken over, so it leaves nothing in the other one's hands: every session ends,
//! every open link dies, later changes are undone too, and the password no longer works, because whoever could move the
//! account knew it. A link to choose another goes to the address that the account has again.

use chrono::{DateTime, Utc};

use crate::audit::{Entry, Event};
use crate::authentication::alarm;
use crate::authentication::asker::Asker;
use crate::authentication::change_email::{Link, Row, close};
use crate::authentication::passkeys::Passkey;
use crate::authentication::password::StoredPassword;
use crate::authentication::reset_password;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::notification::message::{Errand, Message};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::users::directory;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// Looks at the way back without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let Some(token) = PlainToken::parse(token) else {
        return Ok(Link::Unknown);
    };
    let now = platform.clock.now();
    platform
        .db
        .read(async |tx| {
            let Some(row) = Row::by_undo(tx, &token).await? else {
                return Ok(Link::Unknown);
            };
            if row.undone_at.is_some() {
                return Ok(Link::Used);
            }
            if row.undo_expires_at.is_none_or(|until| until <= now) {
                return Ok(Link::Expired);
            }
            let user = User::by_id(tx, row.user_id).await?;
            Ok(user.map_or(Link::Unknown, |user| Link::Fresh {
                from: user.email,
                to: row.old_email,
            }))
        })
        .await
}

/// Gives the account its old address back. Of many at once, one succeeds. Returns whose it is; nobody is signed in by it.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`] or [`Code::LinkExpired`].
pub async fn undo(platform: &Platform, token: &str, asker: &Asker) -> Result<UserId> {
    let mark = Mark::of(asker, "undo-email", token);
    let done = undo_once(platform, token, asker, mark).await;
    mark.same_answer(platform, done).await
}

async fn undo_once(platform: &Platform, token: &str, asker: &Asker, mark: Mark) -> Result<UserId> {
    match look(platform, token).await? {
        Link::Fresh { .. } => {}
        Link::Used => return Err(Error::form(Code::LinkUsed)),
        Link::Expired => return Err(Error::form(Code::LinkExpired)),
        Link::Unknown => return Err(Error::form(Code::LinkInvalid)),
    }
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = platform
        .db
        .read(async |tx| Row::by_undo(tx, &token).await)
        .await?
        .ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let reset = PlainToken::generate(&platform.entropy);
    let fenced = fence_person(platform, row.user_id).await?;
    let late = platform
        .db
        .write(async |tx| {
            row.consume_undo(tx).await?;
            row.move_account_back(tx).await?;
            close(tx, row.user_id).await?;
            let user = User::by_id(tx, row.user_id).await?;
            let user = user.ok_or_else(|| Error::form(Code::LinkInvalid))?;
            StoredPassword::remove(tx, user.id).await?;
            let asked_at = row.asked_at(tx).await?;
            Passkey::remove_since(tx, user.id, asked_at).await?;
            let late = late_hashes(tx, user.id, &fenced).await?;
            let ended = SignedIn::end_all(tx, user.id).await?;
            tx.audit(
                Entry::own(Event::EmailChangeUndone, user.id, &asker.origin)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            // The link that was open goes with this one.
            let id = tx.new_id();
            let page =
                reset_password::new_link(tx, platform, id, &user, &reset, reset_password::LINK_LIFE).await?;
            let message = Message::errand(Errand::EmailUndone, &user.name, page)
                .working_for(reset_password::LINK_LIFE)
                .with_alarm(alarm::new_link(tx, platform, user.id)?);
            tx.mail(&user.email, &user.locale, message).await?;
            mark.note(tx, user.id).await?;
            Ok(late)
        })
        .await?;
    fence(platform, &late).await;
    Ok(row.user_id)
}

impl Row {
    async fn by_undo(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, user_id, old_email, old_email_key, new_email, new_email_key, expires_at, confirmed_at,
                undo_expires_at, undone_at
             from email_changes where undo_hash = $1 and confirmed_at is not null", token.hash().as_bytes())
    }

    /// When the change was asked for: from then on the account may have been somebody else's.
    async fn asked_at(&self, tx: &mut Tx) -> Result<DateTime<Utc>> {
        let (at,) = sql!(tx, fetch_one One<DateTime<Utc>>, "select created_at from email_changes where id = $1", self.id)?;
        Ok(at)
    }

    /// The single-use step, for this change and with it every later one.
    async fn consume_undo(&self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        let consumed = sql!(tx, execute
            "update email_changes set undone_at = $1 where id = $2 and undone_at is null and undo_expires_at > $1",
            now, self.id)?;
        if consumed != 1 {
            return Err(Error::form(Code::LinkUsed));
        }
        sql!(tx, execute
            "update email_changes set undone_at = $1
             where user_id = $2 and undone_at is null and confirmed_at > $3", now, self.user_id, self.confirmed_at)?;
        Ok(())
    }

    /// The old address is free: it was held for this.
    async fn move_account_back(&self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute "update users set email = $1, email_key = $2, updated_at = $3 where id = $4",
            self.old_email.as_str(), self.old_email_key.as_str(), now, self.user_id)?;
        directory::enter(tx, self.user_id).await
    }
}
