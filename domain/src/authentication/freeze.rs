//! The freeze: after "this wasn't me" nothing about an account's security changes for a day, whoever is signed in. Its owner
//! gets back in meanwhile; a stranger who is still somewhere inside can't make the account theirs.
//!
//! What asks: another password, another address, second factors (also the one that must be added at the sign-in), passkeys and
//! their names, recovery codes, the copy of one's data, closing the account for now, and the deletion. Each asks in the transaction of
//! its change. What leads back in is open: a reset by mail, the way back of a moved address, the recovery.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};

use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Refusal, Result, sql};

/// How long.
pub const LENGTH: Duration = Duration::hours(24);

/// Closes an account for changes, from now on. Another freeze begins anew.
pub(super) async fn begin(tx: &mut Tx, user: UserId) -> Result<DateTime<Utc>> {
    let (now, until) = (tx.now(), tx.now() + LENGTH);
    sql!(tx, execute "update users set frozen_until = $1, updated_at = $2 where id = $3", until, now, user)?;
    Ok(until)
}

/// Opens it again.
pub(super) async fn end(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "update users set frozen_until = null where id = $1", user)?;
    Ok(())
}

/// Until when an account is closed for changes; `None`: it is open.
pub async fn until(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>, "select frozen_until from users where id = $1", user)?;
    Ok(found.and_then(|(until,)| until).filter(|until| now < *until))
}

/// Lets a change go on, unless the account is closed for changes.
///
/// # Errors
/// Refused with [`Code::ChangesFrozen`], which says for how long.
pub(crate) async fn check(tx: &mut Tx, user: UserId) -> Result<()> {
    let Some(until) = until(tx, user).await? else {
        return Ok(());
    };
    let left = (until - tx.now()).to_std().unwrap_or(StdDuration::ZERO);
    Err(Error::Refused(Refusal {
        // Rounded up, so that whoever comes back then is let through.
        retry_after: Some(left.as_secs() + 1),
        ..Refusal::form(Code::ChangesFrozen)
    }))
}

/// The same before a change that begins with something slow, outside of its transaction.
///
/// # Errors
/// As [`check`].
pub(crate) async fn check_first(platform: &Platform, user: UserId) -> Result<()> {
    platform.db.read(async |tx| check(tx, user).await).await
}
