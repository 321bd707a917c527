//! Proving a password: the one path for sign-in, step-up and a change of the password (ASVS 6.1.3, 6.3.1).
//!
//! The flow: the address's limit → a place in the queue for the comparison → the account's count
//! ([`throttle`](crate::authentication::throttle)) → the password, hashed for a known and an unknown address alike, and a refusal
//! [held back](crate::authentication::password::Hasher::hold) for as long as there are hashes from elsewhere. A proof is then used inside a transaction: [`Proof::hold`] first, [`Proof::settle`] after.

use uuid::Uuid;

use crate::audit::why::SignIn;
use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::HeldPassword;
use crate::authentication::device;
use crate::authentication::password::{Compared, Password, StoredPassword, Verdict};
use crate::authentication::throttle::{Attempt, Counter};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{SIGN_IN, address_key};
use crate::users::email::Email;
use crate::users::user::User;
use crate::{Code, Error, Refusal, Result};

/// A password that was looked at and is the account's.
pub(crate) struct Proof {
    /// Whose it is.
    pub user: User,
    stored: StoredPassword,
    counter: Counter,
    newer: Option<StoredPassword>,
}

impl Proof {
    /// Looks at a password. An attempt is counted before.
    ///
    /// # Errors
    /// Refused with [`Code::TooManyAttempts`] or [`Code::SignInMismatch`]; [`Error::Busy`] when too many passwords are
    /// being hashed, and then the attempt does not count.
    pub async fn of(platform: &Platform, email: &Email, password: &Password, asker: &Asker) -> Result<Self> {
        platform
            .limiter
            .pass(&SIGN_IN, &address_key(asker.address))
            .await?;
        let place = platform.hasher.queue_up()?;
        let device_hash = asker.device.as_ref().map(PlainToken::hash);
        let (user, stored, known_device, is_held) = platform
            .db
            .read(async |tx| {
                let is_held = StoredPassword::is_any_foreign(tx).await?;
                let Some(user) = User::by_email(tx, email.key()).await? else {
                    return Ok((None, None, None, is_held));
                };
                let stored = StoredPassword::of(tx, user.id).await?;
                let known = match device_hash {
                    Some(hash) if device::is_known(tx, hash, user.id).await? => Some(hash),
                    _ => None,
                };
                Ok((Some(user), stored, known, is_held))
            })
            .await?;

        let counter = Counter::new(&platform.keys, email.key(), known_device)?;
        let subject = user.as_ref().map(|user| user.id);
        let attempt = platform
            .db
            .write(async |tx| {
                let attempt = counter.count(tx).await?;
                if let Attempt::Refused { .. } = attempt {
                    tx.audit(Entry::about(Event::SignInThrottled, subject, &asker.origin))
                        .await?;
                }
                Ok(attempt)
            })
            .await?;
        if let Attempt::Refused { retry_after } = attempt {
            count("throttled");
            return Err(Error::Refused(Refusal::too_many(retry_after)));
        }

        let compared = platform.hasher.verify(place, password, stored.as_ref()).await;
        let Compared { verdict, since } = match compared {
            Ok(compared) => compared,
            Err(error) => {
                platform.db.write(async |tx| counter.take_back(tx).await).await?;
                return Err(error);
            }
        };
        let because = match (&user, &stored, verdict) {
            (None, ..) => SignIn::Nobody,
            (_, None, _) => SignIn::NoPassword,
            (.., Verdict::Mismatch) => SignIn::Password,
            (.., Verdict::Match { .. }) => SignIn::Locked,
        };
        let (Verdict::Match { stale }, Some(user), Some(stored)) =
            (verdict, user.filter(|u| u.locked_at.is_none()), stored)
        else {
            let refused = mismatch(platform, subject, because, &asker.origin).await?;
            if is_held {
                platform.hasher.hold(since).await;
            }
            return Err(refused);
        };
        let newer = if stale {
            platform.hasher.hash(password).await.ok()
        } else {
            None
        };
        Ok(Self {
            user,
            stored,
            counter,
            newer,
        })
    }

    /// Holds what was proven until the end of the transaction: nobody sets another password or locks the account
    /// meanwhile. `None`: somebody did while the password was looked at, and the proof is worth nothing; the caller
    /// answers with [`Proof::outrun`].
    pub async fn hold(&self, tx: &mut Tx) -> Result<Option<HeldPassword>> {
        let password = self.stored.hold(tx, self.user.id).await?;
        let account = password && self.user.hold_unlocked(tx).await?;
        Ok(HeldPassword::found(password, account))
    }

    /// Forgets the failures, and renews a hash that was made under older settings.
    pub async fn settle(&self, tx: &mut Tx, origin: &Origin) -> Result<()> {
        self.counter.clear(tx).await?;
        if let Some(newer) = &self.newer
            && self.stored.renew(tx, self.user.id, newer).await?
        {
            tx.audit(Entry::about(Event::PasswordRehashed, Some(self.user.id), origin))
                .await?;
        }
        Ok(())
    }

    /// The answer when [`Proof::hold`] found that the password was set anew: it no longer matches.
    pub async fn outrun(&self, platform: &Platform, origin: &Origin) -> Result<Error> {
        mismatch(platform, Some(self.user.id), SignIn::Outrun, origin).await
    }
}

/// Writes down an attempt that was refused and why, and says no more than that it was.
async fn mismatch(
    platform: &Platform,
    subject: Option<Uuid>,
    because: SignIn,
    origin: &Origin,
) -> Result<Error> {
    let detail = [("because", because.as_str())];
    platform
        .db
        .write(async |tx| {
            tx.audit(Entry::about(Event::SignInFailed, subject, origin).with(&detail))
                .await
        })
        .await?;
    count("refused");
    Ok(Error::form(Code::SignInMismatch))
}

/// Counts an outcome for the operator's metrics.
pub(crate) fn count(outcome: &'static str) {
    metrics::counter!("latchstring_sign_ins_total", "outcome" => outcome).increment(1);
}
