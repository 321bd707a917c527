//! Limits: how often something may be tried. One table, which the documentation prints too
//! (docs/security/throttling.md), and one limiter that counts in this process and, when there is one, in Redis.
//!
//! The window slides: at any moment at most [`Limit::max`] attempts of the last [`Limit::window`] were let through,
//! also when they come at the same instant. Attempts that are refused do not count, so a person who waits as long as
//! the answer says gets in.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use crate::platform::clock::Clock;
use crate::platform::redis::{Redis, Script};

/// What a limit counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The address that the request came from: see [`address_key`].
    Address,
    /// The account, or the mail address that was typed, whether or not it is known.
    Account,
    /// One sign-up, sign-in or reset under way.
    Flow,
}

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// A short name in kebab case: part of the key in Redis, and a label of the metrics.
    pub name: &'static str,
    /// How many attempts are let through in one window.
    pub max: u32,
    /// How long an attempt counts. Whole seconds.
    pub window: Duration,
    /// What is counted apart.
    pub by: By,
    /// What it limits, and why: the documentation prints it.
    pub why: &'static str,
}

/// Signing in, and everything else that evaluates a password.
pub const SIGN_IN: Limit = Limit {
    name: "sign-in",
    max: 10,
    window: Duration::from_secs(60),
    by: By::Address,
    why: "Attempts to sign in, and every other form that checks a password: guessing, and stolen lists of passwords.",
};

/// Signing up.
pub const SIGN_UP: Limit = Limit {
    name: "sign-up",
    max: 3,
    window: Duration::from_secs(5 * 60),
    by: By::Address,
    why: "Sign-ups: each one sends a mail to an address that somebody typed.",
};

/// Asking for a mail to reset the password, and setting the new one.
pub const RESET: Limit = Limit {
    name: "reset",
    max: 5,
    window: Duration::from_secs(60),
    by: By::Address,
    why: "Requests to reset a password: each one may send a mail.",
};

/// Setting up the first administrator.
pub const SETUP: Limit = Limit {
    name: "setup",
    max: 10,
    window: Duration::from_secs(60),
    by: By::Address,
    why: "Attempts to set up the first administrator: guessing the token of the set-up link.",
};

/// Typing a code, whichever flow it belongs to.
pub const CODE: Limit = Limit {
    name: "code",
    max: 30,
    window: Duration::from_secs(60),
    by: By::Address,
    why: "Codes typed, over all sign-ups and sign-ins of one address: guessing codes of many people at once.",
};

/// Typing a code after [`FREE_CODE_MISSES`] wrong ones in the same flow.
pub const CODE_RETRY: Limit = Limit {
    name: "code-retry",
    max: 1,
    window: Duration::from_secs(10),
    by: By::Flow,
    why: "Codes typed after the third wrong one: guessing one code. The database keeps the count of misses.",
};

/// Asking for the mail again.
pub const RESEND: Limit = Limit {
    name: "resend",
    max: 3,
    window: Duration::from_secs(10 * 60),
    by: By::Account,
    why: "Requests to send the mail again: filling somebody's inbox.",
};

/// Every request that may change something.
pub const UNSAFE: Limit = Limit {
    name: "unsafe",
    max: 120,
    window: Duration::from_secs(60),
    by: By::Address,
    why: "All requests that may change something (POST, PUT, PATCH, DELETE): floods. Looking at pages is not limited.",
};

/// Every limit there is.
pub const LIMITS: &[Limit] = &[SIGN_IN, SIGN_UP, RESET, SETUP, CODE, CODE_RETRY, RESEND, UNSAFE];

/// Wrong codes in one flow before [`CODE_RETRY`] applies.
pub const FREE_CODE_MISSES: u32 = 3;

/// Failed passwords in a row for one account (and known device) before [`back_off`] asks to wait.
pub const FREE_FAILURES: u32 = 4;

/// The longest wait of [`back_off`].
pub const LONGEST_BACK_OFF: Duration = Duration::from_secs(15 * 60);

/// Failures in a row after which a password is no longer accepted until it is set anew. NIST SP 800-63B-4, section
/// 3.2.2, allows at most 100 for one authenticator.
pub const HARD_STOP: u32 = 100;

/// How long to wait before the next attempt, counted from the last failure, after this many failures in a row:
/// nothing up to the fourth; from the fifth on 1 s, doubling with each one, 15 minutes at most.
///
/// A pure rule: the caller keeps the failures in the database (so neither a restart nor the loss of Redis resets
/// them), sets them back to 0 after a success, and asks [`is_stopped`] too.
pub fn back_off(failures: u32) -> Duration {
    let Some(doublings) = failures.checked_sub(FREE_FAILURES + 1) else { return Duration::ZERO };
    let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(LONGEST_BACK_OFF)
}

/// True when so many failures in a row ([`HARD_STOP`]) lie behind this password that even the right one is refused.
pub fn is_stopped(failures: u32) -> bool {
    failures >= HARD_STOP
}

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
    /// tests (`LATCHSTRING_RATE_LIMITS=off`, which production refuses).
    pub fn new(clock: Clock, redis: Option<Redis>, enabled: bool) -> Self {
        let logs = Cache::builder()
            .max_capacity(MAX_ENTRIES)
            // The default would rather forget a newcomer than an old entry: its attempts would not be counted.
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(IdleForTwoWindows)
            .build();
        Self { clock, redis, enabled, logs, last_warning: Arc::new(AtomicI64::new(i64::MIN)) }
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

    async fn decide(&self, limit: &Limit, key: &[u8]) -> Result<(), TooMany> {
        let id = id(limit, key);
        let log = self.logs.get_with(id, || Arc::new(Log::new(limit)));
        let stamp = log.take(&self.clock).map_err(too_many)?;
        let Some(redis) = &self.redis else { return Ok(()) };

        let window = log.window;
        let args = [stamp, window, i64::from(limit.max)];
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

    /// Notes that Redis was no help: always in the metrics, once a minute in the log.
    fn fell_back(&self, error: &str) {
        metrics::counter!("latchstring_limiter_fallback_total").increment(1);
        let now = self.clock.now().timestamp_millis();
        let due = |last: i64| (now.saturating_sub(last).saturating_abs() >= WARNING_PAUSE).then_some(now);
        if self.last_warning.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok() {
            tracing::warn!(error, "limits are counted in this process only, because redis did not answer");
        }
    }
}

/// The first half of SHA-256 over the limit's name and the key.
type Id = [u8; 16];

fn id(limit: &Limit, key: &[u8]) -> Id {
    let digest = Sha256::new().chain_update(limit.name).chain_update([0]).chain_update(key).finalize();
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
    TooMany { retry_after: Duration::from_millis(u64::try_from(wait_ms).unwrap_or(1).max(1)) }
}

/// The attempts of one key that were let through.
struct Log {
    max: usize,
    /// Milliseconds.
    window: i64,
    /// When they were, oldest first, in milliseconds since the epoch; never more than `max`.
    stamps: Mutex<VecDeque<i64>>,
}

impl Log {
    fn new(limit: &Limit) -> Self {
        Self {
            max: usize::try_from(limit.max).unwrap_or(usize::MAX),
            window: i64::try_from(limit.window.as_millis()).unwrap_or(i64::MAX),
            stamps: Mutex::default(),
        }
    }

    /// Takes a place and returns its stamp; otherwise the milliseconds until one gets free.
    fn take(&self, clock: &Clock) -> Result<i64, i64> {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock: so stamps are in order.
        let now = clock.now().timestamp_millis();
        // The clock was set back: what it calls the future counts as now, so that nobody waits for longer than a
        // window, and nobody gets a place that is taken.
        for stamp in stamps.iter_mut().rev().take_while(|stamp| **stamp > now) {
            *stamp = now;
        }
        while stamps.front().is_some_and(|first| now.saturating_sub(*first) >= self.window) {
            stamps.pop_front();
        }
        if stamps.len() >= self.max {
            let first = stamps.front().copied().unwrap_or(now);
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

impl IdleForTwoWindows {
    fn of(log: &Log) -> Option<Duration> {
        Some(Duration::from_millis(u64::try_from(log.window).unwrap_or(u64::MAX).saturating_mul(2)))
    }
}

impl Expiry<Id, Arc<Log>> for IdleForTwoWindows {
    fn expire_after_create(&self, _: &Id, log: &Arc<Log>, _: Instant) -> Option<Duration> {
        Self::of(log)
    }

    fn expire_after_read(
        &self,
        _: &Id,
        log: &Arc<Log>,
        _: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        Self::of(log)
    }
}

/// The same as [`Log::take`], inside Redis. `KEYS[1]`: a list of stamps, oldest first; `ARGV`: now, window (both in
/// milliseconds), max. Returns 0 when the attempt is let through, otherwise the milliseconds to wait.
///
/// "Now" is the clock of the process that asks. Where the clocks of two processes differ, the window is shorter by
/// the difference; a list never holds more than `max` stamps.
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

if redis.call('llen', key) >= max then
  return window - (now - tonumber(first or now))
end
redis.call('rpush', key, ARGV[1])
redis.call('pexpire', key, 2 * window)
return 0
",
);

/// The table of limits and the back-off of accounts as Markdown, for docs/security/throttling.md.
pub fn as_markdown() -> String {
    let mut text = String::from("| limit | allowed | counted by | what it limits |\n|---|---|---|---|\n");
    for Limit { name, max, window, by, why } in LIMITS {
        let by = match by {
            By::Address => "address",
            By::Account => "account",
            By::Flow => "flow",
        };
        let _ = writeln!(text, "| `{name}` | {max} in {} | {by} | {why} |", in_words(*window));
    }
    text.push_str("\n| wrong passwords in a row | wait before the next attempt |\n|---|---|\n");
    let _ = writeln!(text, "| 1 to {FREE_FAILURES} | none |");
    let mut failures = FREE_FAILURES + 1;
    while back_off(failures) < LONGEST_BACK_OFF {
        let _ = writeln!(text, "| {failures} | {} |", in_words(back_off(failures)));
        failures += 1;
    }
    let _ = writeln!(text, "| {failures} to {} | {} |", HARD_STOP - 1, in_words(LONGEST_BACK_OFF));
    let _ = writeln!(text, "| {HARD_STOP} | refused, also with the right password, until it is set anew |");
    text
}

fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 && seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

#[cfg(test)]
mod tests;
