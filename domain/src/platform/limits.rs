//! Limits: how often something may be tried. One table, which the documentation prints too
//! (docs/security/throttling.md), and one limiter that counts in this process and, when there is one, in Redis.
//!
//! The window slides: at any moment at most [`Limit::max`] attempts of the last [`Limit::window`] were let through,
//! also when they come at the same instant. Where a setting changes a limit ([`Limit::set_by`]), what is set holds from the next attempt on,
//! for what was counted before too. Attempts that are refused do not count, so a person who waits as long as
//! the answer says gets in.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use moka::Expiry;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use crate::platform::clock::Clock;
use crate::platform::redis::{Redis, Script};
use crate::platform::settings::Settings;

mod table;

pub use table::{
    ALARM, By, CHANGE_EMAIL, CODE, CODE_RETRY, DENIED, EXPORT, FACTOR_CODE, FREE_CODE_MISSES, FREE_FAILURES,
    HARD_STOP, INVITATION, INVITE, LIMITS, LONGEST_BACK_OFF, Limit, PASSKEY, RECOVER, RECOVER_MAIL, RESEND,
    RESET, RESET_MAIL, SETUP, SIGN_IN, SIGN_UP, UNSAFE, VIEW, as_markdown, back_off, is_stopped,
};

/// The refusal of the limiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts, retry after {} s", self.seconds())]
pub struct TooMany {
    /// How long until an attempt would be let through, if nobody else takes the place. More than zero.
    pub retry_after: Duration,
}

impl TooMany {
    /// The wait for the header `Retry-After`: whole seconds, rounded up.
    pub fn seconds(&self) -> u32 {
        let up = u64::from(self.retry_after.subsec_nanos() > 0);
        u32::try_from(self.retry_after.as_secs().saturating_add(up)).unwrap_or(u32::MAX)
    }
}

/// The bytes to count an address by. IPv6 counts by its first 64 bits: one customer commonly holds that many
/// addresses (RFC 6177), and could otherwise take a fresh one for each attempt. IPv4 written as IPv6
/// (`::ffff:192.0.2.1`) counts as IPv4.
pub fn address_key(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    }
}

/// Counts attempts and decides. Cheap to clone; clones count together.
///
/// Every attempt is counted in this process first: over the limit here is over the limit everywhere, which spares
/// Redis a flood. What passes is then counted in Redis, for all processes together. When Redis is away, answers too
/// late or answers nonsense, the count of this process stands: it is never without limits, and as it was kept all
/// the time, the loss of Redis gives nobody a fresh start here.
#[derive(Clone)]
pub struct Limiter {
    clock: Clock,
    redis: Option<Redis>,
    enabled: bool,
    live: Live,
    logs: Cache<Id, Arc<Log>>,
    /// When the last warning about Redis was written, in milliseconds of the clock.
    last_warning: Arc<AtomicI64>,
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter")
            .field("redis", &self.redis.is_some())
            .field("enabled", &self.enabled)
            .field("entries", &self.logs.entry_count())
            .finish_non_exhaustive()
    }
}

/// The most pairs of limit and key that this process remembers; then the one that was idle longest is forgotten.
const MAX_ENTRIES: u64 = 200_000;

/// Shortest time between two warnings about a lost Redis, in milliseconds.
const WARNING_PAUSE: i64 = 60_000;

impl Limiter {
    /// A limiter. `redis`: where several processes count together. `enabled`: false lets everything pass, for load
    /// tests (`LATCHSTRING_RATE_LIMITS=off`, which production refuses). `live`: the settings of the moment.
    pub fn new(clock: Clock, redis: Option<Redis>, enabled: bool, live: Live) -> Self {
        let logs = Cache::builder()
            .max_capacity(MAX_ENTRIES)
            // The default would rather forget a newcomer than an old entry: its attempts would not be counted.
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(IdleForTwoWindows)
            .build();
        Self {
            clock,
            redis,
            enabled,
            live,
            logs,
            last_warning: Arc::new(AtomicI64::new(i64::MIN)),
        }
    }

    /// Counts one attempt of `key` and decides about it. `key` is what the limit counts by: [`address_key`], or any
    /// bytes that name the account or the flow. It is hashed, so that Redis never holds it.
    ///
    /// # Errors
    /// [`TooMany`] when the attempt must be refused. It was not counted then.
    pub async fn check(&self, limit: &Limit, key: &[u8]) -> Result<(), TooMany> {
        if !self.enabled {
            return Ok(());
        }
        let decision = self.decide(limit, key).await;
        if decision.is_err() {
            metrics::counter!("latchstring_limited_total", "limit" => limit.name).increment(1);
        }
        decision
    }

    /// Like [`Limiter::check`], for use cases: too many is a refusal.
    ///
    /// # Errors
    /// Refused with [`Code::TooManyAttempts`](crate::Code::TooManyAttempts).
    pub async fn pass(&self, limit: &Limit, key: &[u8]) -> crate::Result<()> {
        self.check(limit, key)
            .await
            .map_err(|limit| crate::Error::Refused(crate::Refusal::too_many(limit.retry_after)))
    }

    /// Forgets what was counted for a key, here and in Redis; another process forgets it when the window is over. While
    /// Redis is away, its count goes when that is.
    pub async fn forget(&self, limit: &Limit, key: &[u8]) {
        let id = id(limit, key);
        self.logs.invalidate(&id);
        if let Some(redis) = &self.redis
            && let Err(error) = redis.run(&FORGET, &redis_key(limit, &id), []).await
        {
            self.fell_back(&error.to_string());
        }
    }

    async fn decide(&self, limit: &Limit, key: &[u8]) -> Result<(), TooMany> {
        let id = id(limit, key);
        let max = self.max(limit);
        let log = self.logs.get_with(id, || Arc::new(Log::new(limit)));
        let stamp = log.take(&self.clock, max).map_err(too_many)?;
        let Some(redis) = &self.redis else { return Ok(()) };

        let window = log.window;
        let args = [stamp, window, i64::from(max)];
        match redis.run(&SLIDING_WINDOW, &redis_key(limit, &id), args).await {
            Ok(0) => Ok(()),
            Ok(wait) if (1..=window).contains(&wait) => {
                log.give_back(stamp);
                Err(too_many(wait))
            }
            Ok(nonsense) => {
                self.fell_back(&format!("the script answered {nonsense}"));
                Ok(())
            }
            Err(error) => {
                self.fell_back(&error.to_string());
                Ok(())
            }
        }
    }

    /// How many attempts are let through in one window now.
    fn max(&self, limit: &Limit) -> u32 {
        let set = limit
            .set_by
            .and_then(|key| self.live.load().attempts.get(&key).copied());
        set.unwrap_or(limit.max)
    }

    /// Notes that Redis was no help: always in the metrics, once a minute in the log.
    fn fell_back(&self, error: &str) {
        metrics::counter!("latchstring_limiter_fallback_total").increment(1);
        let now = self.clock.now().timestamp_millis();
        let due = |last: i64| (now.saturating_sub(last).saturating_abs() >= WARNING_PAUSE).then_some(now);
        if self
            .last_warning
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, due)
            .is_ok()
        {
            tracing::warn!(
                error,
                "limits are counted in this process only, because redis did not answer"
            );
        }
    }
}

/// The settings of the moment, shared with the [`Platform`](super::Platform).
pub type Live = Arc<ArcSwap<Settings>>;

/// The first half of SHA-256 over the limit's name and the key.
type Id = [u8; 16];

fn id(limit: &Limit, key: &[u8]) -> Id {
    let digest = Sha256::new()
        .chain_update(limit.name)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let mut id = Id::default();
    id.copy_from_slice(&digest[..16]);
    id
}

fn redis_key(limit: &Limit, id: &Id) -> String {
    let mut key = format!("latchstring:limit:{}:", limit.name);
    for byte in id {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

fn too_many(wait_ms: i64) -> TooMany {
    TooMany {
        retry_after: Duration::from_millis(u64::try_from(wait_ms).unwrap_or(1).max(1)),
    }
}

/// The attempts of one key that were let through.
struct Log {
    /// Milliseconds.
    window: i64,
    /// When they were, oldest first, in milliseconds since the epoch; never more than the highest limit that held while they came.
    stamps: Mutex<VecDeque<i64>>,
}

impl Log {
    fn new(limit: &Limit) -> Self {
        Self {
            window: i64::try_from(limit.window.as_millis()).unwrap_or(i64::MAX),
            stamps: Mutex::default(),
        }
    }

    /// Takes a place and returns its stamp; otherwise the milliseconds until one gets free.
    fn take(&self, clock: &Clock, max: u32) -> Result<i64, i64> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock: so stamps are in order.
        let now = clock.now().timestamp_millis();
        // The clock was set back: what it calls the future counts as now. So a place that is taken stays taken, but
        // for no longer than a window.
        for stamp in stamps.iter_mut().rev().take_while(|stamp| **stamp > now) {
            *stamp = now;
        }
        while stamps
            .front()
            .is_some_and(|first| now.saturating_sub(*first) >= self.window)
        {
            stamps.pop_front();
        }
        if let Some(over) = stamps.len().checked_sub(max) {
            // Where more were let through before, as many of them must go first.
            let first = stamps.get(over).copied().unwrap_or(now);
            return Err(self.window.saturating_sub(now.saturating_sub(first)));
        }
        stamps.push_back(now);
        Ok(now)
    }

    /// Gives back a place that [`Log::take`] gave.
    fn give_back(&self, stamp: i64) {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = stamps.iter().rposition(|other| *other == stamp) {
            stamps.remove(at);
        }
    }
}

/// Forgets a key that nobody used for twice its window. Twice, because the cache has its own clock.
struct IdleForTwoWindows;

impl Expiry<Id, Arc<Log>> for IdleForTwoWindows {
    fn expire_after_create(&self, _: &Id, log: &Arc<Log>, _: Instant) -> Option<Duration> {
        let window = u64::try_from(log.window).unwrap_or(u64::MAX);
        Some(Duration::from_millis(window.saturating_mul(2)))
    }

    fn expire_after_read(
        &self,
        id: &Id,
        log: &Arc<Log>,
        read_at: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        self.expire_after_create(id, log, read_at)
    }
}

static FORGET: Script = Script::new("return redis.call('del', KEYS[1])");

/// The same as [`Log::take`], inside Redis. `KEYS[1]`: a list of stamps, oldest first; `ARGV`: now, window (both in
/// milliseconds), max. Returns 0 when the attempt is let through, otherwise the milliseconds to wait.
///
/// "Now" is the clock of the process that asks. Where the clocks of two processes differ, the window is shorter by
/// the difference. Where `max` is less than it was, a list may hold more stamps for one window.
static SLIDING_WINDOW: Script = Script::new(
    r"
local key, now, window, max = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local at = -1
local last = redis.call('lindex', key, at)
while last and tonumber(last) > now do
  redis.call('lset', key, at, ARGV[1])
  at = at - 1
  last = redis.call('lindex', key, at)
end

local first = redis.call('lindex', key, 0)
while first and now - tonumber(first) >= window do
  redis.call('lpop', key)
  first = redis.call('lindex', key, 0)
end

local over = redis.call('llen', key) - max
if over >= 0 then
  return window - (now - tonumber(redis.call('lindex', key, over) or now))
end
redis.call('rpush', key, ARGV[1])
redis.call('pexpire', key, 2 * window)
return 0
",
);

#[cfg(test)]
mod tests;
