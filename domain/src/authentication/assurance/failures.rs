//! Consecutive wrong answers of a person to one second factor (NIST SP 800-63B-4 §3.2.2).
//!
//! As with passwords ([`throttle`](crate::authentication::throttle)): an attempt is counted before it is looked at, in the
//! database, with the same back-off; after 100 the factor is dead until it is added anew. One count for sign-in and
//! step-up. Nobody can use it to lock somebody else out: whoever gets this far has given the first factor.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::factor::Factor;
use crate::authentication::throttle::Attempt;
use crate::platform::db::{One, Tx};
use crate::platform::limits::{HARD_STOP, LONGEST_BACK_OFF, back_off, is_stopped};
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// Counts an attempt as if it had failed, unless the factor is blocked; [`clear`] takes it back.
pub(super) async fn count(tx: &mut Tx, user: UserId, factor: Factor) -> Result<Attempt> {
    let now = tx.now();
    // The row is locked by this statement: on Postgres, parallel attempts see each other's count.
    let counted = sql!(tx, fetch_optional One<i64>,
        "insert into factor_failures (user_id, factor, failures, last_failed_at) values ($1, $2, 1, $3)
         on conflict (user_id, factor) do update
            set failures = factor_failures.failures + 1, last_failed_at = excluded.last_failed_at
            where factor_failures.blocked_until is null or factor_failures.blocked_until <= excluded.last_failed_at
         returning failures",
        user, factor.as_str(), now)?;
    let Some((failures,)) = counted else {
        let blocked = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>,
            "select blocked_until from factor_failures where user_id = $1 and factor = $2", user, factor.as_str())?;
        let until = blocked.and_then(|(until,)| until).unwrap_or(now);
        return Ok(Attempt::Refused {
            retry_after: (until - now).to_std().unwrap_or(Duration::from_secs(1)),
        });
    };
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    let wait = if is_stopped(failures) {
        LONGEST_BACK_OFF
    } else {
        back_off(failures)
    };
    if !wait.is_zero() {
        let until = now + chrono::Duration::from_std(wait).map_err(|e| Error::Internal(e.to_string()))?;
        sql!(tx, execute "update factor_failures set blocked_until = $1 where user_id = $2 and factor = $3",
            until, user, factor.as_str())?;
    }
    if failures > HARD_STOP {
        Ok(Attempt::Refused { retry_after: wait })
    } else {
        Ok(Attempt::Allowed)
    }
}

/// Takes back an attempt that was not looked at after all.
pub(super) async fn take_back(tx: &mut Tx, user: UserId, factor: Factor) -> Result<()> {
    sql!(tx, execute
        "update factor_failures set failures = failures - 1 where user_id = $1 and factor = $2 and failures > 0",
        user, factor.as_str())?;
    Ok(())
}

/// Forgets the failures: after a success, and when the factor was added anew.
pub(in crate::authentication) async fn clear(tx: &mut Tx, user: UserId, factor: Factor) -> Result<()> {
    sql!(tx, execute "delete from factor_failures where user_id = $1 and factor = $2", user, factor.as_str())?;
    Ok(())
}
