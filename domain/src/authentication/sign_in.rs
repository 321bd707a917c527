//! Signing in with a password.
//!
//! The flow: the address's limit → the account's count ([`throttle`](crate::authentication::throttle)) → the password, hashed for a known and an unknown
//! address alike → one transaction: the session, the device, the audit row. Whatever is wrong, the answer is the same.

use std::net::IpAddr;

use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::device;
use crate::authentication::password::{Password, StoredPassword, Verdict};
use crate::authentication::session::{NewSession, SessionToken, SignedIn, fence_replaced};
use crate::authentication::throttle::{Attempt, Counter};
use crate::platform::Platform;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{SIGN_IN, address_key};
use crate::users::email::Email;
use crate::users::user::User;
use crate::{Code, Error, Faults, Field, Refusal, Result};

/// What came with the form and its request.
pub struct Credentials {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// Stay signed in on this device.
    pub remember: bool,
    /// The device cookie, if the browser has one.
    pub device: Option<PlainToken>,
    /// The session that this browser is in now; a successful sign-in takes its place.
    pub replaces: Option<Uuid>,
    /// The client's address.
    pub address: IpAddr,
    /// For the audit.
    pub origin: Origin,
}

/// A browser that has just been let in: what its cookies get.
pub struct Entered {
    /// For the session cookie.
    pub token: SessionToken,
    /// The session.
    pub session: SignedIn,
    /// For the device cookie.
    pub device: PlainToken,
}

/// Signs somebody in.
///
/// # Errors
/// Refused with [`Code::Required`], [`Code::EmailInvalid`] (nothing was looked up), [`Code::TooManyAttempts`] or
/// [`Code::SignInMismatch`]; [`Error::Busy`] when too many passwords are being hashed.
pub async fn sign_in(platform: &Platform, credentials: Credentials) -> Result<Entered> {
    let Credentials {
        email,
        password,
        remember,
        device,
        replaces,
        address,
        origin,
    } = credentials;
    let mut faults = Faults::default();
    let email = faults.check(Field::Email, Email::parse(&email));
    let password = faults.check(Field::Password, Password::typed(&password));
    let (Some(email), Some(password)) = (email, password) else {
        return Err(Error::Refused(
            faults
                .into_refusal()
                .unwrap_or_else(|| Refusal::form(Code::Malformed)),
        ));
    };
    platform
        .limiter
        .check(&SIGN_IN, &address_key(address))
        .await
        .map_err(|limit| Error::Refused(Refusal::too_many(limit.retry_after)))?;

    let device_hash = device.as_ref().map(PlainToken::hash);
    let (user, stored, known_device) = platform
        .db
        .read(async |tx| {
            let Some(user) = User::by_email(tx, email.key()).await? else {
                return Ok((None, None, None));
            };
            let stored = StoredPassword::of(tx, user.id).await?;
            let known = match device_hash {
                Some(hash) if device::is_known(tx, hash, user.id).await? => Some(hash),
                _ => None,
            };
            Ok((Some(user), stored, known))
        })
        .await?;

    let counter = Counter::new(&platform.keys, email.key(), known_device);
    let subject = user.as_ref().map(|user| user.id);
    let attempt = platform
        .db
        .write(async |tx| {
            let attempt = counter.count(tx).await?;
            if let Attempt::Refused { .. } = attempt {
                tx.audit(refused(Event::SignInThrottled, subject, &origin))
                    .await?;
            }
            Ok(attempt)
        })
        .await?;
    if let Attempt::Refused { retry_after } = attempt {
        count("throttled");
        return Err(Error::Refused(Refusal::too_many(retry_after)));
    }

    let verdict = match platform.hasher.verify(&password, stored.as_ref()).await {
        Ok(verdict) => verdict,
        Err(error) => {
            // The password was not looked at: the attempt does not count.
            platform.db.write(async |tx| counter.take_back(tx).await).await?;
            return Err(error);
        }
    };
    let (Verdict::Match { stale }, Some(user), Some(stored)) =
        (verdict, user.filter(|u| u.locked_at.is_none()), stored)
    else {
        return Err(mismatch(platform, subject, &origin).await?);
    };

    let newer = if stale {
        platform.hasher.hash(&password).await.ok()
    } else {
        None
    };
    let times = &platform.config.session;
    fence_replaced(platform, replaces).await?;
    let entered = platform
        .db
        .write(async |tx| {
            if !stored.hold(tx, user.id).await? || !user.hold_unlocked(tx).await? {
                return Ok(None);
            }
            counter.clear(tx).await?;
            if let Some(newer) = &newer
                && stored.renew(tx, user.id, newer).await?
            {
                tx.audit(Entry {
                    event: Event::PasswordRehashed,
                    actor: None,
                    ..refused(Event::PasswordRehashed, Some(user.id), &origin)
                })
                .await?;
            }
            enter(
                tx,
                times,
                NewSession {
                    user: &user,
                    remember,
                    amr: "pwd",
                    origin: &origin,
                    replaces,
                },
                device,
            )
            .await
            .map(Some)
        })
        .await?;
    // The password was set anew while this one was looked at.
    let Some(entered) = entered else {
        return Err(mismatch(platform, subject, &origin).await?);
    };
    count("succeeded");
    Ok(entered)
}

/// Writes down a sign-in that was refused, and says so.
async fn mismatch(platform: &Platform, subject: Option<Uuid>, origin: &Origin) -> Result<Error> {
    platform
        .db
        .write(async |tx| tx.audit(refused(Event::SignInFailed, subject, origin)).await)
        .await?;
    count("refused");
    Ok(Error::form(Code::SignInMismatch))
}

/// Starts a session and makes its browser a known one: the last step of every way in.
pub(crate) async fn enter(
    tx: &mut crate::platform::db::Tx,
    times: &crate::platform::config::SessionTimes,
    new: NewSession<'_>,
    device: Option<PlainToken>,
) -> Result<Entered> {
    let (user, origin, amr) = (new.user.id, new.origin, new.amr);
    let (token, session) = SignedIn::start(tx, times, new).await?;
    // A token that no account knows was made up by the browser, not by us.
    let device = match device {
        Some(device) if device::is_ours(tx, device.hash()).await? => device,
        _ => PlainToken::generate(tx.entropy()),
    };
    device::remember(tx, device.hash(), user).await?;
    tx.audit(Entry {
        event: Event::SignedIn,
        actor: Some(user),
        subject: Some(user),
        session: Some(session.session_id),
        origin,
        detail: &[("amr", amr)],
    })
    .await?;
    Ok(Entered {
        token,
        session,
        device,
    })
}

fn refused(event: Event, subject: Option<Uuid>, origin: &Origin) -> Entry<'_> {
    Entry {
        event,
        actor: None,
        subject,
        session: None,
        origin,
        detail: &[],
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("latchstring_sign_ins_total", "outcome" => outcome).increment(1);
}
