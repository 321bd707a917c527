//! Step-up: the password once more, before a change that a stranger at an open screen must not make (ASVS 7.5.1–7.5.3).
//!
//! The proof is the one of a sign-in, with its limits and counts. The session stays the same row and gets a new token
//! and a new `auth_time`; a copied cookie is worth nothing from then on.

use chrono::{DateTime, Duration, Utc};

use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::password::Password;
use crate::authentication::proof::Proof;
use crate::authentication::session::{SessionToken, SignedIn, fence_replaced};
use crate::platform::Platform;
use crate::users::email::Email;
use crate::{Code, Error, Field, Result};

/// How long a proof lets somebody make sensitive changes.
pub const FRESH_FOR: Duration = Duration::minutes(10);

impl SignedIn {
    /// True when the person proved who they are a short while ago.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now - self.auth_time < FRESH_FOR
    }
}

/// Asks for the password again. Returns the session's new token, and the session as it is now.
///
/// # Errors
/// Refused with [`Code::PasswordWrong`], [`Code::Required`], [`Code::TooManyAttempts`], or [`Code::SignedOut`] when the session ended
/// meanwhile; [`Error::Busy`] when too many passwords are being hashed.
pub async fn confirm(
    platform: &Platform,
    session: &SignedIn,
    password: &str,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn)> {
    let password = Password::typed(password).map_err(|code| Error::field(Field::Password, code))?;
    let email = Email::parse(&session.email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))?;
    let proof = Proof::of(platform, &email, &password, asker)
        .await
        .map_err(|error| wrong_password(error, Field::Password))?;
    fence_replaced(platform, asker).await?;
    let renewed = platform
        .db
        .write(async |tx| {
            if !proof.hold(tx).await? {
                return Ok(None);
            }
            proof.settle(tx, &asker.origin).await?;
            let Some(renewed) = session.renew(tx).await? else {
                return Err(Error::form(Code::SignedOut));
            };
            tx.audit(
                Entry::own(Event::Confirmed, session.user_id, &asker.origin).in_session(session.session_id),
            )
            .await?;
            Ok(Some(renewed))
        })
        .await?;
    match renewed {
        Some(renewed) => Ok(renewed),
        None => Err(wrong_password(
            proof.outrun(platform, &asker.origin).await?,
            Field::Password,
        )),
    }
}

/// Somebody who is signed in has an account, so the answer may say that it is the password that is wrong.
pub(crate) fn wrong_password(error: Error, field: Field) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code() == Code::SignInMismatch => {
            Error::field(field, Code::PasswordWrong)
        }
        error => error,
    }
}
