//! Hashes from elsewhere are compared behind a gate of their own: one at a time, on a thread of its own. Such a hash takes what its maker
//! chose, up to [bounds](super::foreign) of a second or two and 128 MiB; sixty-four of them at once must not keep everybody else out.
//!
//! It also knows how long such a comparison took lately. For as long as there are hashes from elsewhere, every answer that lets nobody in is
//! held back until one of them would be over ([`Gate::until`]), whether there was anything to compare with or not. So from outside an address
//! that was brought in looks like one that has been here for years, and like one that nobody has (ASVS 6.3.8).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::foreign::Foreign;
use super::pool::{Place, Pool};
use super::stored::PURPOSE;
use super::{Password, Verdict};
use crate::platform::keys::Keys;
use crate::{Error, Result};

/// How many may wait for the one that is compared.
pub const WAITING: usize = 8;
/// How long a comparison is taken to last before there was one: as long as bcrypt takes at cost 12.
const AT_FIRST: Duration = Duration::from_millis(250);
/// The longest that an answer is held back, however long they wait here: the price of a mistyped password must stay bearable.
const LONGEST_HOLD: Duration = Duration::from_secs(5);
/// For how long the longest counts. After that the next one takes its place, longer or not.
const LATELY: Duration = Duration::from_hours(1);

/// The gate. Clones are the same one.
#[derive(Clone)]
pub(super) struct Gate {
    pool: Pool,
    longest: Arc<Mutex<Option<Longest>>>,
    held: Arc<AtomicU64>,
}

/// The longest comparison lately, with the time that it waited.
#[derive(Debug, Clone, Copy)]
struct Longest {
    took: Duration,
    at: Instant,
}

impl Gate {
    /// Starts its thread.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no more threads.
    pub fn start() -> Result<Self> {
        Ok(Self {
            pool: Pool::start(1, WAITING)?,
            longest: Arc::default(),
            held: Arc::default(),
        })
    }

    /// Takes a place before the gate.
    ///
    /// # Errors
    /// [`Error::Busy`] when [`WAITING`] wait.
    pub fn place(&self) -> Result<Place> {
        self.pool.place()
    }

    /// Compares a password with a sealed hash.
    ///
    /// # Errors
    /// [`Error::Internal`] for what can't be read, [`Error::UnknownKey`] when the key that sealed it is gone from the ring.
    pub async fn compare(
        &self,
        place: Place,
        keys: &Arc<Keys>,
        sealed: &str,
        password: &Password,
    ) -> Result<Verdict> {
        let (keys, sealed, password) = (Arc::clone(keys), sealed.to_owned(), password.clone());
        let came = Instant::now();
        let verdict = self
            .pool
            .run(place, move |_| compare(&keys, &sealed, &password))
            .await?;
        self.took(came.elapsed(), Instant::now());
        verdict
    }

    /// Notes how long one took.
    fn took(&self, took: Duration, now: Instant) {
        let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        let stands = longest.is_some_and(|one| one.took > took && now.duration_since(one.at) < LATELY);
        if !stands {
            *longest = Some(Longest { took, at: now });
        }
    }

    /// Until when an answer is held back. `since`: when the work that is done for everybody was over.
    fn until(&self, since: Instant) -> Instant {
        let longest = *self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        since + longest.map_or(AT_FIRST, |one| one.took).min(LONGEST_HOLD)
    }

    /// Holds an answer back until then.
    pub async fn hold(&self, since: Instant) {
        self.held.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep_until(self.until(since).into()).await;
    }

    /// Keeps the gate busy until `work` is done.
    #[cfg(test)]
    pub fn hold_up(
        &self,
        work: impl FnOnce() -> bool + Send + 'static,
    ) -> tokio::task::JoinHandle<Result<bool>> {
        let (pool, place) = (self.pool.clone(), self.pool.place());
        tokio::spawn(async move { pool.run(place?, move |_| work()).await })
    }

    /// How many answers were held back.
    pub fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }
}

fn compare(keys: &Keys, sealed: &str, password: &Password) -> Result<Verdict> {
    let broken = || Error::Internal("a password hash from elsewhere can't be read".into());
    let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| broken())?;
    let text = String::from_utf8(keys.open(PURPOSE, &sealed)?).map_err(|_| broken())?;
    let foreign = Foreign::parse(&text).map_err(|_| broken())?;
    for typed in password.forms() {
        if foreign.fits(typed)? {
            // Of what was not read to its end nobody knows that it is the password: no hash of ours is made of it.
            return Ok(Verdict::Match {
                stale: foreign.reads_all_of(typed),
            });
        }
    }
    Ok(Verdict::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long is told by what was measured; nothing here is.
    #[tokio::test]
    async fn an_answer_is_held_as_long_as_the_longest_comparison_lately() {
        let gate = Gate::start().unwrap();
        let (now, seconds) = (Instant::now(), Duration::from_secs);
        assert_eq!(gate.until(now), now + AT_FIRST, "before there was any");
        gate.took(seconds(2), now);
        gate.took(seconds(1), now + LATELY / 2);
        assert_eq!(gate.until(now), now + seconds(2), "the longest counts");
        gate.took(seconds(3), now + LATELY / 2);
        assert_eq!(gate.until(now), now + seconds(3));
        gate.took(seconds(1), now + 2 * LATELY);
        assert_eq!(gate.until(now), now + seconds(1), "that one was long ago");
        gate.took(seconds(60), now + 2 * LATELY);
        assert_eq!(gate.until(now), now + LONGEST_HOLD);
        // What is over is held no longer.
        gate.took(seconds(0), now + 4 * LATELY);
        gate.hold(now).await;
        assert_eq!(gate.held(), 1);
    }
}
