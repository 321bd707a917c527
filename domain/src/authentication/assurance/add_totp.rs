//! Adding an authenticator app in a session.

use super::added_twice::or_before;
use super::factor::{Enrolled, Factor};
use super::manage::{Added, add, check_adding, person};
use super::{answer, totp};
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::limits::{CODE, address_key};
use crate::{Code, Error, Field, Result};

/// Begins to add an authenticator app; [`begun`] shows it.
///
/// # Errors
/// Refused with [`Code::FactorOff`] where nobody may add one.
pub async fn begin(platform: &Platform, session: &SignedIn) -> Result<()> {
    check_adding(platform, session)?;
    freeze::check_first(platform, session.user_id).await?;
    platform
        .db
        .write(async |tx| totp::begin(tx, session.user_id, session.session_id).await)
        .await
}

/// The app that is being added in this session.
pub async fn begun(platform: &Platform, session: &SignedIn) -> Result<Option<totp::Enrolment>> {
    platform
        .db
        .read(async |tx| {
            let user = person(tx, session).await?;
            totp::begun(tx, platform, &user, session.session_id).await
        })
        .await
}

/// Adds the app, by a code of it. Of many at once, one succeeds. The second post of a double click finds nobody signed in
/// (`session`), and is given what the first one was.
///
/// # Errors
/// Refused with [`Code::Required`], [`Code::FactorWrong`], [`Code::FactorOver`] (nothing is being added here any more),
/// [`Code::FactorOff`], [`Code::TooManyAttempts`] or [`Code::SignedOut`]; [`Error::Busy`].
pub async fn confirm(
    platform: &Platform,
    session: Option<&SignedIn>,
    code: &str,
    asker: &Asker,
) -> Result<Added> {
    let mark = Mark::in_session(asker, "confirm-authenticator", code.trim());
    let done = match session {
        Some(session) => confirm_once(platform, session, code, asker, mark).await,
        None => Err(Error::form(Code::SignedOut)),
    };
    or_before(platform, mark, done).await
}

async fn confirm_once(
    platform: &Platform,
    session: &SignedIn,
    code: &str,
    asker: &Asker,
    mark: Mark,
) -> Result<Added> {
    check_adding(platform, session)?;
    let code = answer::plain(code)?;
    platform.limiter.pass(&CODE, &address_key(asker.address)).await?;
    let user = session.user_id;
    let over = || Error::form(Code::FactorOver);
    let (open, enrolled) = platform
        .db
        .read(async |tx| {
            let open = totp::Open::of(tx, user, session.session_id).await?;
            Ok((open, Enrolled::of(tx, user).await?))
        })
        .await?;
    let open = open.ok_or_else(over)?;
    let Some(step) = open.step_of(platform, user, &code)? else {
        return Err(Error::field(Field::Code, Code::FactorWrong));
    };
    add(
        platform,
        session,
        Factor::Totp,
        enrolled,
        asker,
        mark,
        async |tx| open.confirm(tx, user, step).await?.ok_or_else(over),
    )
    .await
}
