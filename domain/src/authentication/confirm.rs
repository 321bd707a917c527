//! Step-up: who one is, once more, before a change that a stranger at an open screen must not make (ASVS 7.5.1–7.5.3).
//!
//! Whoever has a second factor gives that one; a password alone is for those who have none. Both go the way of a sign-in,
//! with its limits and counts. The session stays the same row and gets a new token and a new `auth_time`; a copied
//! cookie is worth nothing from then on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};

use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::answer::{self, Who};
use crate::authentication::assurance::factor::{Enrolled, Factor};
use crate::authentication::assurance::policy::Policy;
use crate::authentication::assurance::proven::Given;
use crate::authentication::assurance::{phone, sent_code};
use crate::authentication::password::Password;
use crate::authentication::proof::Proof;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SessionToken, SignedIn, fence_replaced};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::user::User;
use crate::{Code, Error, Field, Result};

/// How long a proof lets somebody make sensitive changes.
pub const FRESH_FOR: Duration = Duration::minutes(10);

impl SignedIn {
    /// True when the person proved who they are a short while ago: with their second factor, if they have one.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now - self.auth_time < FRESH_FOR && (!self.has_factor || self.gave_factor())
    }

    /// True when a second factor was given in this session.
    pub fn gave_factor(&self) -> bool {
        self.amr.split(' ').any(|value| Factor::of_amr(value).is_some())
    }
}

/// What somebody is asked for.
pub struct Choices {
    /// The second factors, the one to ask for first in front; none: the password.
    pub factors: Vec<Factor>,
    /// The number of their telephone, masked, if they get codes there.
    pub phone: Option<String>,
    /// The factor whose code went out to this session, and still works.
    pub sent: Option<Factor>,
}

/// What whoever is signed in is asked for.
pub async fn choices(platform: &Platform, session: &SignedIn) -> Result<Choices> {
    platform
        .db
        .read(async |tx| {
            Ok(Choices {
                factors: askable(tx, platform, session).await?,
                phone: phone::of(tx, session.user_id)
                    .await?
                    .map(|phone| phone.number.masked()),
                sent: sent_code::sent(tx, session.session_id).await?,
            })
        })
        .await
}

async fn askable(tx: &mut Tx, platform: &Platform, session: &SignedIn) -> Result<Vec<Factor>> {
    let policy = Policy::of(&platform.settings().second_factor, session.demand());
    Ok(policy.askable(Enrolled::of(tx, session.user_id).await?))
}

/// Asks for the password again. Returns the session's new token, and the session as it is now; also to the second post of a double
/// click, which finds nobody signed in (`session`): [`sent_twice`](crate::authentication::sent_twice).
///
/// # Errors
/// Refused with [`Code::FactorNeeded`] for somebody who has a second factor, [`Code::PasswordWrong`], [`Code::Required`],
/// [`Code::TooManyAttempts`], or [`Code::SignedOut`] when the session ended meanwhile; [`Error::Busy`] when too many passwords
/// are being hashed.
pub async fn confirm(
    platform: &Platform,
    session: Option<&SignedIn>,
    password: &str,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn)> {
    // Not as it is, even in a hash with a secret of the browser.
    let typed = platform.keys.tag("password in a form", password.as_bytes());
    let mark = Mark::in_session(asker, "confirm", &URL_SAFE_NO_PAD.encode(typed));
    let done = match session {
        Some(session) => confirm_once(platform, session, password, asker, mark).await,
        None => Err(Error::form(Code::SignedOut)),
    };
    or_before(platform, mark, done).await
}

async fn confirm_once(
    platform: &Platform,
    session: &SignedIn,
    password: &str,
    asker: &Asker,
    mark: Mark,
) -> Result<(SessionToken, SignedIn)> {
    let factors = platform
        .db
        .read(async |tx| askable(tx, platform, session).await)
        .await?;
    if !factors.is_empty() {
        return Err(Error::form(Code::FactorNeeded));
    }
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
            if proof.hold(tx).await?.is_none() {
                return Ok(None);
            }
            proof.settle(tx, &asker.origin).await?;
            renew(tx, session, None, asker, mark).await.map(Some)
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

/// Asks for a second factor of whoever is signed in. Returns the session's new token, and the session as it is now; also to the second
/// post of a double click, as [`confirm`].
///
/// # Errors
/// Refused with [`Code::FactorUnknown`], [`Code::SignedOut`], and as
/// [`answer::look`](crate::authentication::assurance::answer::look) says.
pub async fn confirm_factor(
    platform: &Platform,
    session: Option<&SignedIn>,
    factor: &str,
    code: &str,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn)> {
    let mark = Mark::in_session(asker, "confirm", &format!("{factor} {}", code.trim()));
    let done = match session {
        Some(session) => factor_once(platform, session, factor, code, asker, mark).await,
        None => Err(Error::form(Code::SignedOut)),
    };
    or_before(platform, mark, done).await
}

/// What was done, or what the first post of the same click got.
pub(super) async fn or_before(
    platform: &Platform,
    mark: Mark,
    done: Result<(SessionToken, SignedIn)>,
) -> Result<(SessionToken, SignedIn)> {
    match done {
        Err(error @ Error::Refused(_)) => {
            let again = mark.same_token(platform, async |_, _| Ok(())).await?;
            let (again, ()) = again.ok_or(error)?;
            Ok((again.token, again.session))
        }
        done => done,
    }
}

async fn factor_once(
    platform: &Platform,
    session: &SignedIn,
    factor: &str,
    code: &str,
    asker: &Asker,
    mark: Mark,
) -> Result<(SessionToken, SignedIn)> {
    let (user, factors) = platform
        .db
        .read(async |tx| {
            let factors = askable(tx, platform, session).await?;
            Ok((User::by_id(tx, session.user_id).await?, factors))
        })
        .await?;
    let user = user.ok_or_else(|| Error::form(Code::SignedOut))?;
    let factor = Factor::parse(factor)
        .filter(|factor| factors.contains(factor))
        .ok_or_else(|| Error::form(Code::FactorUnknown))?;
    let who = Who {
        user: &user,
        holder: session.session_id,
        asker,
    };
    let looked = answer::look(platform, &who, factor, code).await?;
    fence_replaced(platform, asker).await?;
    let renewed = platform
        .db
        .write(async |tx| {
            if !user.hold_unlocked(tx).await? {
                return Err(Error::form(Code::SignedOut));
            }
            match looked.use_up(tx, platform, &who).await? {
                Some(given) => renew(tx, session, Some(given), asker, mark).await.map(Some),
                None => Ok(None),
            }
        })
        .await?;
    match renewed {
        Some(renewed) => Ok(renewed),
        None => Err(answer::wrong(platform, user.id, factor, &asker.origin).await?),
    }
}

/// Sends a code to whoever is signed in, for [`confirm_factor`]; one of before stops working. `factor`: the name of one whose
/// codes are sent.
///
/// # Errors
/// Refused with [`Code::FactorUnknown`], [`Code::TooManyAttempts`], [`Code::SmsOff`] or [`Code::SmsSpent`].
pub async fn send(platform: &Platform, session: &SignedIn, factor: &str) -> Result<Factor> {
    let (user, factors) = platform
        .db
        .read(async |tx| {
            let factors = askable(tx, platform, session).await?;
            Ok((User::by_id(tx, session.user_id).await?, factors))
        })
        .await?;
    let (user, factor) = user
        .zip(Factor::parse(factor))
        .filter(|(_, factor)| factors.contains(factor))
        .ok_or_else(|| Error::form(Code::FactorUnknown))?;
    sent_code::pass(platform, user.id).await?;
    platform
        .db
        .write(async |tx| {
            // Held, so that of many wishes at once each is counted.
            if !user.hold_unlocked(tx).await? {
                return Err(Error::form(Code::SignedOut));
            }
            sent_code::send(tx, platform, &user, session.session_id, factor).await
        })
        .await?;
    Ok(factor)
}

async fn renew(
    tx: &mut Tx,
    session: &SignedIn,
    given: Option<Given>,
    asker: &Asker,
    mark: Mark,
) -> Result<(SessionToken, SignedIn)> {
    let renewed = session.renew(tx, given).await?;
    let renewed = renewed.ok_or_else(|| Error::form(Code::SignedOut))?;
    mark.note_session(tx, session, None).await?;
    let with = given.map_or("pwd".to_owned(), |given| given.amr().join(" "));
    tx.audit(
        Entry::own(Event::Confirmed, session.user_id, &asker.origin)
            .in_session(session.session_id)
            .with(&[("amr", &with)]),
    )
    .await?;
    Ok(renewed)
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
