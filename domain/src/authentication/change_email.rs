//! Changing the mail address: asked for in the account, confirmed at the new address, undone from the old one.
//!
//! 1. **Asking** sends a link to the new address, and tells the old one at once. An address that has an account gets
//!    no link; its owner is told. The answer is the same (ASVS 6.3.8).
//! 2. **Confirming** by the link changes the address, in any browser: the link proves the mailbox. Links that went to
//!    the old address die. The old address is sent the way back, for [`UNDO_LIFE`].
//! 3. **Undoing** ([`undo`]) gives the account its old address, and takes it out of every hand that has it now.
//!
//! For as long as it can be undone, the old address is *held*: nobody else can sign up with it or move to it, so the way
//! back is always free. Of several changes in that time each old address has its way back, and the earliest wins: undoing
//! a change undoes every later one, whose links are then worth nothing. So whoever takes an account over can't outrun its
//! owner by moving it again; only when the earliest link is too old is the address before it free.

pub mod undo;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authentication::alarm::{self, notify};
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::reset_password;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::authentication::sign_up_budget;
use crate::notification::message::{Errand, Message, Notice};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::platform::limits::CHANGE_EMAIL;
use crate::users::directory;
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result, sql};

/// How long the link to the new address works.
pub const LINK_LIFE: Duration = Duration::hours(24);
/// How long a change can be undone from the old address.
pub const UNDO_LIFE: Duration = Duration::hours(72);

/// What a link is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh {
        /// The address that the account has now.
        from: String,
        /// The address that it gets.
        to: String,
    },
    /// It did its work, or another link made it worthless.
    Used,
    /// It is too old.
    Expired,
    /// It is none of ours, a newer one replaced it, or the account is locked.
    Unknown,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: UserId,
    old_email: String,
    old_email_key: String,
    new_email: String,
    new_email_key: String,
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    undo_expires_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
}

/// A change that waits for its confirmation: for its owner's eyes.
#[derive(Debug, sqlx::FromRow)]
pub struct Waiting {
    /// The address that a link was sent to, as typed.
    pub email: String,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

/// Takes the wish for another address. A wish before it is forgotten, and its link stops working.
///
/// # Errors
/// Refused with a fault of the field ([`Code::EmailSame`] and [`Code::EmailDomain`] among them), [`Code::ChangesFrozen`], [`Code::TooManyAttempts`], or [`Code::SignedOut`] when the
/// account is no longer open.
pub async fn request(platform: &Platform, session: &SignedIn, email: &str, asker: &Asker) -> Result<()> {
    let email = Email::parse(email).map_err(|code| Error::field(Field::Email, code))?;
    // Else whoever has an account would move it to where nobody could have made it.
    let admitted = platform.settings().admits(&email);
    admitted.map_err(|code| Error::field(Field::Email, code))?;
    platform
        .limiter
        .pass(&CHANGE_EMAIL, session.user_id.as_bytes())
        .await?;
    let link = PlainToken::generate(&platform.entropy);
    // The way back is made when there is something to undo; until then its place is filled.
    let nobodys = PlainToken::generate(&platform.entropy);
    platform
        .db
        .write(async |tx| {
            let user = User::by_id(tx, session.user_id).await?;
            let user = user.ok_or_else(|| Error::form(Code::SignedOut))?;
            if !user.hold_unlocked(tx).await? {
                return Err(Error::form(Code::SignedOut));
            }
            freeze::check(tx, user.id).await?;
            let own = parse_stored(&user.email)?;
            if own.key() == email.key() {
                return Err(Error::field(Field::Email, Code::EmailSame));
            }
            close(tx, user.id).await?;
            let (id, now) = (tx.new_id(), tx.now());
            sql!(tx, execute
                "insert into email_changes (id, user_id, old_email, old_email_key, new_email, new_email_key, confirm_hash,
                    undo_hash, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                id, user.id, own.as_str(), own.key().as_str(), email.as_str(), email.key().as_str(), link.hash().as_bytes(),
                nobodys.hash().as_bytes(), now, now + LINK_LIFE)?;
            tell(tx, platform, &user, &email, &link).await?;
            tx.audit(
                Entry::own(Event::EmailChangeRequested, user.id, &asker.origin).in_session(session.session_id),
            )
            .await?;
            notify(tx, platform, &user, Notice::EmailAsked, &asker.origin).await
        })
        .await
}

/// Mails the link to a free address; for one that is not free, tells whoever has it.
async fn tell(tx: &mut Tx, platform: &Platform, user: &User, email: &Email, link: &PlainToken) -> Result<()> {
    if !sign_up_budget::take_mail(tx, email.key()).await? {
        return Ok(());
    }
    if let Some(owner) = User::by_email(tx, email.key()).await? {
        let message = Message::errand(Errand::EmailTaken, &owner.name, platform.config.link("/account"));
        return tx.mail(&owner.email, &owner.locale, message).await;
    }
    if tell_holder(tx, platform, email, Some(user.id)).await? {
        return Ok(());
    }
    let page = platform
        .config
        .link(&format!("/confirm-email?token={}", link.reveal()));
    let message = Message::errand(Errand::EmailConfirm, &user.name, page).working_for(LINK_LIFE);
    tx.mail_for(user.id, email.as_str(), &user.locale, message).await
}

/// Writes to an address that is held for the account that it belonged to: somebody wanted it. `false`: it is not held, or
/// only for `but_for`.
pub(crate) async fn tell_holder(
    tx: &mut Tx,
    platform: &Platform,
    email: &Email,
    but_for: Option<UserId>,
) -> Result<bool> {
    let Some(holder) = holder(tx, email.key().as_str(), but_for).await? else {
        return Ok(false);
    };
    let Some(holder) = User::by_id(tx, holder).await? else {
        return Ok(false);
    };
    let message = Message::errand(Errand::EmailHeld, &holder.name, platform.config.link("/sign-in"));
    tx.mail_for(holder.id, email.as_str(), &holder.locale, message)
        .await?;
    Ok(true)
}

/// For whom an address is held, because their account can still be given it back.
pub(crate) async fn holder(tx: &mut Tx, key: &str, but_for: Option<UserId>) -> Result<Option<UserId>> {
    let now = tx.now();
    let holders = sql!(tx, fetch_all One<UserId>,
        "select user_id from email_changes
         where old_email_key = $1 and confirmed_at is not null and undone_at is null and undo_expires_at > $2", key, now)?;
    Ok(holders
        .into_iter()
        .map(|(user,)| user)
        .find(|user| Some(*user) != but_for))
}

/// Looks at the link to the new address without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let Some(token) = PlainToken::parse(token) else {
        return Ok(Link::Unknown);
    };
    let row = platform
        .db
        .read(async |tx| Row::by_confirm(tx, &token).await)
        .await?;
    Ok(match row {
        None => Link::Unknown,
        Some(row) if row.confirmed_at.is_some() => Link::Used,
        Some(row) if row.expires_at <= platform.clock.now() => Link::Expired,
        Some(row) => Link::Fresh {
            from: row.old_email,
            to: row.new_email,
        },
    })
}

/// Gives the account its new address. Of many at once, one succeeds. Nobody is signed in or out by it.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`], [`Code::ChangesFrozen`], [`Code::EmailDomain`], or [`Code::EmailTaken`] when the address got an account
/// since the link was sent.
pub async fn confirm(platform: &Platform, token: &str, asker: &Asker) -> Result<()> {
    let mark = Mark::of(asker, "confirm-email", token);
    let done = confirm_once(platform, token, asker, mark).await;
    mark.same_answer(platform, done).await?;
    Ok(())
}

async fn confirm_once(platform: &Platform, token: &str, asker: &Asker, mark: Mark) -> Result<UserId> {
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = platform
        .db
        .read(async |tx| Row::by_confirm(tx, &token).await)
        .await?
        .ok_or_else(|| Error::form(Code::LinkInvalid))?;
    if row.confirmed_at.is_some() {
        return Err(Error::form(Code::LinkUsed));
    }
    if row.expires_at <= platform.clock.now() {
        return Err(Error::form(Code::LinkExpired));
    }
    // The rule may have changed since; the way back to the old address stays open.
    platform
        .settings()
        .admits(&parse_stored(&row.new_email)?)
        .map_err(Error::form)?;
    let back = PlainToken::generate(&platform.entropy);
    let fenced = fence_person(platform, row.user_id).await?;
    let late = platform
        .db
        .write(async |tx| {
            freeze::check(tx, row.user_id).await?;
            row.consume(tx, &back).await?;
            row.move_account(tx).await?;
            let user = User::by_id(tx, row.user_id).await?;
            let user = user.ok_or_else(|| Error::form(Code::LinkInvalid))?;
            // What was mailed to the old address must not set a password any more.
            reset_password::close(tx, user.id).await?;
            tx.audit(Entry::own(Event::EmailChanged, user.id, &asker.origin))
                .await?;
            let page = platform
                .config
                .link(&format!("/undo-email?token={}", back.reveal()));
            let message = Message::errand(Errand::EmailChanged, &user.name, page).working_for(UNDO_LIFE);
            tx.mail_for(user.id, &row.old_email, &user.locale, message)
                .await?;
            let account = platform.config.link("/account");
            // The old address has the better one, the way back.
            let message = Message::errand(Errand::EmailArrived, &user.name, account)
                .with_alarm(alarm::new_link(tx, platform, user.id)?);
            tx.mail(&user.email, &user.locale, message).await?;
            mark.note(tx, user.id).await?;
            late_hashes(tx, user.id, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(row.user_id)
}

/// The change that somebody's account waits for, if there is one.
pub async fn waiting(tx: &mut Tx, user: UserId) -> Result<Option<Waiting>> {
    let now = tx.now();
    sql!(tx, fetch_optional Waiting,
        "select new_email as email, expires_at from email_changes
         where user_id = $1 and confirmed_at is null and expires_at > $2", user, now)
}

/// Closes the change that an account waits for: whoever takes an account back must not find it moved a little later.
pub async fn close(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "delete from email_changes where user_id = $1 and confirmed_at is null", user)?;
    Ok(())
}

impl Row {
    async fn by_confirm(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select c.id, c.user_id, c.old_email, c.old_email_key, c.new_email, c.new_email_key, c.expires_at, c.confirmed_at,
                c.undo_expires_at, c.undone_at
             from email_changes c join users u on u.id = c.user_id
             where c.confirm_hash = $1 and u.locked_at is null", token.hash().as_bytes())
    }

    /// The single-use step: of all who come at once, the one whose update finds the link open goes on.
    async fn consume(&self, tx: &mut Tx, back: &PlainToken) -> Result<()> {
        let now = tx.now();
        let consumed = sql!(tx, execute
            "update email_changes set confirmed_at = $1, undo_hash = $2, undo_expires_at = $3
             where id = $4 and confirmed_at is null and expires_at > $1",
            now, back.hash().as_bytes(), now + UNDO_LIFE, self.id)?;
        if consumed == 1 {
            Ok(())
        } else {
            Err(Error::form(Code::LinkUsed))
        }
    }

    /// Gives the account the new address, if that is still free.
    async fn move_account(&self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        let moved = sql!(tx, execute
            "update users set email = $1, email_key = $2, updated_at = $3
             where id = $4 and email_key = $5 and locked_at is null",
            self.new_email.as_str(), self.new_email_key.as_str(), now, self.user_id, self.old_email_key.as_str());
        match moved {
            Ok(1) => {}
            Ok(_) => return Err(Error::form(Code::LinkInvalid)),
            Err(error) if error.is_unique_violation() => return Err(Error::form(Code::EmailTaken)),
            Err(error) => return Err(error),
        }
        // After the update, which waited for whoever was leaving the address at this moment.
        match holder(tx, &self.new_email_key, Some(self.user_id)).await? {
            None => directory::enter(tx, self.user_id).await,
            Some(_) => Err(Error::form(Code::EmailTaken)),
        }
    }
}

fn parse_stored(email: &str) -> Result<Email> {
    Email::parse(email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))
}

/// True while an address is held for an account that can still be given it back.
pub(crate) async fn is_held(tx: &mut Tx, key: &str) -> Result<bool> {
    Ok(holder(tx, key, None).await?.is_some())
}

/// Every proven address of a person: the one that they have, and those that they had until lately and may still be given back.
pub(crate) async fn proven_addresses(tx: &mut Tx, user: UserId, current: &str) -> Result<Vec<String>> {
    let now = tx.now();
    let held = sql!(tx, fetch_all One<String>,
        "select old_email from email_changes
         where user_id = $1 and confirmed_at is not null and undone_at is null and undo_expires_at > $2
         order by confirmed_at desc", user, now)?;
    let mut all = vec![current.to_owned()];
    for (address,) in held {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            all.push(address);
        }
    }
    Ok(all)
}
