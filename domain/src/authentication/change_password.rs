//! Changing the password: the one that the person has, and another one (ASVS 6.2.2, 6.2.3). Every other session ends
//! (ASVS 7.4.3), this one gets a new token, and the person is told by mail.

use crate::audit::{Entry, Event};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::change_email;
use crate::authentication::confirm::wrong_password;
use crate::authentication::freeze;
use crate::authentication::password::{Password, identity_words};
use crate::authentication::proof::Proof;
use crate::authentication::recover;
use crate::authentication::reset_password;
use crate::authentication::session::{SessionToken, SignedIn, fence};
use crate::authentication::throttle::Counter;
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::users::email::Email;
use crate::{Code, Error, Faults, Field, Result};

/// What came with the form.
pub struct Change {
    /// The password that the person has, as typed.
    pub current: String,
    /// The one to set, as typed.
    pub new: String,
}

/// Sets another password. Returns the session's new token, and the session as it is now.
///
/// # Errors
/// Refused with a fault of either field ([`Code::PasswordWrong`], [`Code::PasswordSame`], those of the policy),
/// [`Code::FactorNeeded`] (prove the second factor first), [`Code::ChangesFrozen`], [`Code::TooManyAttempts`] as at a sign-in, or [`Code::SignedOut`]; [`Error::Busy`] when too many passwords are being hashed.
pub async fn change_password(
    platform: &Platform,
    session: &SignedIn,
    change: Change,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn)> {
    // The password alone is not enough for somebody who has a second factor.
    if session.has_factor && !session.is_fresh(platform.clock.now()) {
        return Err(Error::form(Code::FactorNeeded));
    }
    freeze::check_first(platform, session.user_id).await?;
    let email = Email::parse(&session.email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))?;
    let settings = platform.settings();
    let identity = identity_words(&session.name, Some(&email), &settings.product_name);
    let mut faults = Faults::default();
    let current = faults.check(Field::CurrentPassword, Password::typed(&change.current));
    let new = faults.check(
        Field::Password,
        Password::new(&change.new, settings.password, &identity),
    );
    let (Some(current), Some(new)) = (current, new) else {
        return Err(faults.into_error());
    };
    let wrong = |error| wrong_password(error, Field::CurrentPassword);
    let proof = Proof::of(platform, &email, &current, asker)
        .await
        .map_err(wrong)?;
    // Told only to who has just proved the one that it equals.
    if change.current == change.new {
        return Err(Error::field(Field::Password, Code::PasswordSame));
    }
    let stored = platform.hasher.hash(&new).await?;

    let user = session.user_id;
    let fenced = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &fenced).await;
    let changed = platform
        .db
        .write(async |tx| {
            if proof.hold(tx).await?.is_none() {
                return Ok(None);
            }
            freeze::check(tx, user).await?;
            proof.settle(tx, &asker.origin).await?;
            recover::close(tx, user).await?;
            stored.set(tx, user).await?;
            reset_password::close(tx, user).await?;
            change_email::close(tx, user).await?;
            Counter::clear_all(tx, email.key()).await?;
            let mut late = SignedIn::hashes_of(tx, user).await?;
            late.retain(|hash| !fenced.contains(hash));
            let ended = SignedIn::end_others(tx, user, session.session_id).await?;
            let Some(renewed) = session.renew(tx, None).await? else {
                return Err(Error::form(Code::SignedOut));
            };
            tx.audit(
                Entry::own(Event::PasswordChanged, user, &asker.origin)
                    .in_session(session.session_id)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            notify(tx, platform, &proof.user, Notice::PasswordSet, &asker.origin).await?;
            Ok(Some((renewed, late)))
        })
        .await?;
    let Some((renewed, late)) = changed else {
        return Err(wrong(proof.outrun(platform, &asker.origin).await?));
    };
    // Sessions that began after the first fence: their rows are gone, and with this their copies.
    fence(platform, &late).await;
    Ok(renewed)
}
