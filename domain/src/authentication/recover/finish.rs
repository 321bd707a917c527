//! The link at the end of the wait: a new password or a new passkey, and nothing left of what the account was opened with before.
//!
//! It lets nobody in. Whoever must have a second factor, or a passkey, adds it at the sign-in that follows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Outcome, count};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::assurance::policy::Policy;
use crate::authentication::assurance::{end_grace, manage};
use crate::authentication::passkeys::ceremony::Created;
use crate::authentication::passkeys::{self, Passkey};
use crate::authentication::password::{Password, StoredPassword, identity_words};
use crate::authentication::sent_twice::{Mark, is_second};
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::authentication::throttle::Counter;
use crate::authentication::{change_email, device, freeze, reset_password};
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{RECOVER, address_key};
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result, sql};

/// What a link is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh {
        /// The address of the account, for password managers.
        email: String,
        /// A passkey is the only way in: after a new password one is made.
        passkey_next: bool,
    },
    /// It did its work.
    Used,
    /// A sign-in, a link or an alarm stopped the recovery.
    Stopped,
    /// It is too old.
    Expired,
    /// It is none of ours, a newer one replaced it, or the account is locked.
    Unknown,
}

#[derive(Debug, sqlx::FromRow)]
struct Found {
    recovery: Uuid,
    expires_at: DateTime<Utc>,
    outcome: Option<String>,
    #[sqlx(flatten)]
    user: User,
}

/// What came with a new way in.
pub struct Completion {
    /// As it stands in the link.
    pub token: String,
    /// As typed.
    pub password: String,
    /// A new passkey in its place (`RegistrationResponseJSON`); empty: none.
    pub credential: String,
    /// Who asks.
    pub asker: Asker,
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let Some(token) = PlainToken::parse(token) else {
        return Ok(Link::Unknown);
    };
    let found = platform
        .db
        .read(async |tx| Found::by_link(tx, &token).await)
        .await?;
    Ok(found.map_or(Link::Unknown, |found| found.state(platform)))
}

/// The new way in.
enum New {
    Password(StoredPassword),
    Passkey(Created),
}

impl New {
    /// What the audit says.
    fn name(&self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Passkey(_) => "passkey",
        }
    }

    /// Makes it the account's only one: every passkey is gone, and with a new one the old password goes too.
    async fn set(&self, tx: &mut Tx, platform: &Platform, user: &User, origin: &Origin) -> Result<()> {
        match self {
            Self::Password(stored) => {
                stored.set(tx, user.id).await?;
                end_grace(tx, platform, user).await
            }
            Self::Passkey(created) => {
                StoredPassword::remove(tx, user.id).await?;
                Passkey::add(tx, user.id, created).await?;
                tx.audit(Entry::own(Event::PasskeyAdded, user.id, origin)).await
            }
        }
    }
}

/// The recovery whose link works, and whose account it is; nothing is used up.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`] or [`Code::LinkExpired`].
pub(in crate::authentication) async fn fresh(platform: &Platform, token: &str) -> Result<(Uuid, User)> {
    let invalid = || Error::form(Code::LinkInvalid);
    let token = PlainToken::parse(token).ok_or_else(invalid)?;
    let found = platform
        .db
        .read(async |tx| Found::by_link(tx, &token).await)
        .await?
        .ok_or_else(invalid)?;
    match found.state(platform) {
        Link::Fresh { .. } => Ok((found.recovery, found.user)),
        Link::Used | Link::Stopped => Err(Error::form(Code::LinkUsed)),
        Link::Expired => Err(Error::form(Code::LinkExpired)),
        Link::Unknown => Err(invalid()),
    }
}

/// Sets the new password or the new passkey, as [`complete_once`] says. The second post of a double click with a password is told what
/// the first was told ([`sent_twice`](crate::authentication::sent_twice)); with another password it is none.
///
/// # Errors
/// As [`complete_once`].
pub async fn complete(platform: &Platform, completion: Completion) -> Result<UserId> {
    let mark = Mark::of(&completion.asker, "recover-finish", &completion.token);
    let done = complete_once(platform, &completion, mark).await;
    if let (Err(error), Ok(password)) = (&done, Password::typed(&completion.password))
        && completion.credential.is_empty()
        && is_second(error)
        && let Some(user) = mark.repeated(platform).await?
        && reset_password::is_theirs(platform, user, &password).await?
    {
        return Ok(user);
    }
    done
}

/// Sets the new password or the new passkey, takes every other factor away, and ends every session and remembered browser. Of many
/// at once, one succeeds. Returns whose account it is; nobody is signed in by it.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`], a password fault, a fault of the passkey
/// ([`passkeys::recover`]), or [`Code::TooManyAttempts`]; [`Error::Busy`] when too many passwords are being hashed.
async fn complete_once(platform: &Platform, completion: &Completion, mark: Mark) -> Result<UserId> {
    let (recovery, user) = fresh(platform, &completion.token).await?;
    let token = PlainToken::parse(&completion.token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let asker = &completion.asker;
    let email = Email::parse(&user.email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))?;
    let new = if completion.credential.is_empty() {
        New::Password(hashed(platform, &user, &email, completion).await?)
    } else {
        New::Passkey(passkeys::recover::take(platform, recovery, &completion.credential, asker).await?)
    };

    let fenced = fence_person(platform, user.id).await?;
    let late = platform
        .db
        .write(async |tx| {
            consume(tx, &token).await?;
            // The link came by mail, also to somebody whose account an operator made.
            User::prove(tx, user.id).await?;
            manage::remove_all(tx, user.id).await?;
            new.set(tx, platform, &user, &asker.origin).await?;
            device::forget_all(tx, user.id).await?;
            reset_password::close(tx, user.id).await?;
            change_email::close(tx, user.id).await?;
            Counter::clear_all(tx, email.key()).await?;
            // Nothing that a stranger may have is left, and the person must be able to add a factor.
            freeze::end(tx, user.id).await?;
            let late = late_hashes(tx, user.id, &fenced).await?;
            let ended = SignedIn::end_all(tx, user.id).await?;
            tx.audit(
                Entry::own(Event::Recovered, user.id, &asker.origin)
                    .with(&[("sessions_ended", &ended.to_string()), ("with", new.name())]),
            )
            .await?;
            notify(tx, platform, &user, Notice::Recovered, &asker.origin).await?;
            mark.note(tx, user.id).await?;
            Ok(late)
        })
        .await?;
    // Sessions that began after the first fence: their rows are gone, and with this their copies.
    fence(platform, &late).await;
    count("completed");
    Ok(user.id)
}

/// The new password, checked and hashed. One that is refused costs no attempt: only what is hashed does.
async fn hashed(
    platform: &Platform,
    user: &User,
    email: &Email,
    completion: &Completion,
) -> Result<StoredPassword> {
    let settings = platform.settings();
    let identity = identity_words(&user.name, Some(email), &settings.product_name);
    let password = Password::new(&completion.password, settings.password, &identity)
        .map_err(|code| Error::field(Field::Password, code))?;
    platform
        .limiter
        .pass(&RECOVER, &address_key(completion.asker.address))
        .await?;
    platform.hasher.hash(&password).await
}

impl Found {
    async fn by_link(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select r.id as recovery, r.expires_at, r.outcome, u.id, u.name, u.email, u.locale, u.time_zone, u.administrator, u.staff,
                u.passkey_only, u.locked_at, u.deactivated_at, u.created_at
             from recoveries r join users u on u.id = r.user_id
             where r.link_hash = $1 and r.expires_at is not null and u.locked_at is null", token.hash().as_bytes())
    }

    fn state(&self, platform: &Platform) -> Link {
        match self.outcome.as_deref() {
            Some("used") => Link::Used,
            Some("expired") => Link::Expired,
            Some(_) => Link::Stopped,
            None if self.expires_at <= platform.clock.now() => Link::Expired,
            None => Link::Fresh {
                email: self.user.email.clone(),
                passkey_next: Policy::of(&platform.settings().second_factor, self.user.demand())
                    .is_passkey_only(),
            },
        }
    }
}

/// The single-use step: of all who come at once, the one whose update finds the link open goes on.
async fn consume(tx: &mut Tx, token: &PlainToken) -> Result<()> {
    let now = tx.now();
    let consumed = sql!(tx, execute
        "update recoveries set ended_at = $1, outcome = $2
         where link_hash = $3 and ended_at is null and expires_at > $1 and due_at <= $1
            and user_id in (select id from users where locked_at is null)",
        now, Outcome::Used.as_str(), token.hash().as_bytes())?;
    if consumed == 1 {
        Ok(())
    } else {
        Err(Error::form(Code::LinkUsed))
    }
}
