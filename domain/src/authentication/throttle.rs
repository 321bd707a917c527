//! Consecutive failed sign-ins of an account (NIST SP 800-63B-4 §3.2.2).
//!
//! Failures are counted in the database, so that neither a restart nor a lost Redis forgets them, per account and
//! device: a browser that signed in before has a count of its own, all others share one. So a stranger who fails a
//! thousand times stops the strangers, and not the owner.
//!
//! An attempt is counted before the password is looked at: of 64 at once no more are looked at than of 64 in turn.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::platform::db::{One, Tx};
use crate::platform::keys::{Keys, TokenHash};
use crate::platform::limits::{HARD_STOP, LONGEST_BACK_OFF, back_off, is_stopped};
use crate::users::email::EmailKey;
use crate::{Error, Result, sql};

/// What failures are counted for: an account (known or not) and a device. Both are blind indexes, which outlive a
/// rotation of the master key: the table names nobody.
#[derive(Debug, Clone)]
pub struct Counter {
    account: [u8; 32],
    device: [u8; 32],
}

/// Whether an attempt may go on.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The attempt was counted; look at the password.
    Allowed,
    /// Too many failures: don't look.
    Refused {
        /// How long until the next attempt is looked at.
        retry_after: Duration,
    },
}

impl Counter {
    /// The count of an account for a known device, or for all unknown ones.
    ///
    /// # Errors
    /// Those of [`Keys::index`].
    pub fn new(keys: &Keys, account: &EmailKey, known_device: Option<TokenHash>) -> Result<Self> {
        Ok(Self {
            account: keys.index("throttle account", account.as_str().as_bytes())?,
            device: match known_device {
                Some(hash) => keys.index("throttle device", hash.as_bytes())?,
                None => [0; 32],
            },
        })
    }

    /// Counts an attempt as if it had failed, unless the account is blocked; [`Counter::clear`] takes it back.
    pub async fn count(&self, tx: &mut Tx) -> Result<Attempt> {
        let now = tx.now();
        // The row is locked by this statement: on Postgres, parallel attempts see each other's count.
        let counted = sql!(tx, fetch_optional One<i64>,
            "insert into sign_in_failures (account_key, device_key, failures, last_failed_at) values ($1, $2, 1, $3)
             on conflict (account_key, device_key) do update
                set failures = sign_in_failures.failures + 1, last_failed_at = excluded.last_failed_at
                where sign_in_failures.blocked_until is null or sign_in_failures.blocked_until <= excluded.last_failed_at
             returning failures",
            self.account.as_slice(), self.device.as_slice(), now)?;
        let Some((failures,)) = counted else {
            let blocked = sql!(
                tx,
                fetch_optional One<Option<DateTime<Utc>>>,
                "select blocked_until from sign_in_failures where account_key = $1 and device_key = $2",
                self.account.as_slice(),
                self.device.as_slice()
            )?;
            let until = blocked.and_then(|(until,)| until).unwrap_or(now);
            let retry_after = (until - now).to_std().unwrap_or(Duration::from_secs(1));
            return Ok(Attempt::Refused { retry_after });
        };
        let failures = u32::try_from(failures).unwrap_or(u32::MAX);
        let wait = if is_stopped(failures) {
            LONGEST_BACK_OFF
        } else {
            back_off(failures)
        };
        if !wait.is_zero() {
            let until = now + chrono::Duration::from_std(wait).map_err(|e| Error::Internal(e.to_string()))?;
            sql!(tx, execute
                "update sign_in_failures set blocked_until = $1 where account_key = $2 and device_key = $3",
                until, self.account.as_slice(), self.device.as_slice())?;
        }
        // From the 101st on the password is no longer looked at, right or wrong: the way back in is a reset.
        if failures > HARD_STOP {
            Ok(Attempt::Refused { retry_after: wait })
        } else {
            Ok(Attempt::Allowed)
        }
    }

    /// Forgets the failures of an account on every device, known or not: its password was set anew.
    pub async fn clear_all(tx: &mut Tx, account: &EmailKey) -> Result<()> {
        let account = Self::new(tx.keys(), account, None)?.account;
        sql!(tx, execute "delete from sign_in_failures where account_key = $1", account.as_slice())?;
        Ok(())
    }

    /// Takes back an attempt whose password was not looked at after all.
    pub async fn take_back(&self, tx: &mut Tx) -> Result<()> {
        sql!(tx, execute
            "update sign_in_failures set failures = failures - 1 where account_key = $1 and device_key = $2 and failures > 0",
            self.account.as_slice(), self.device.as_slice())?;
        Ok(())
    }

    /// Forgets the failures after a success.
    pub async fn clear(&self, tx: &mut Tx) -> Result<()> {
        sql!(tx, execute "delete from sign_in_failures where account_key = $1 and device_key = $2",
            self.account.as_slice(), self.device.as_slice())?;
        Ok(())
    }
}
