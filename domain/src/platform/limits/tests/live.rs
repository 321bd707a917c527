//! Limits that the operator sets while the server runs.

use super::*;
use crate::platform::settings::{Group, Key, Kind, Pinned};

/// The settings, with these limits.
pub fn settings(set: &[(Key, u32)]) -> Live {
    let mut settings = Pinned::default().alone().expect("settings");
    settings.attempts.extend(set.iter().copied());
    Arc::new(ArcSwap::from_pointee(settings))
}

fn set(live: &Live, key: Key, max: u32) {
    live.store(settings(&[(key, max)]).load_full());
}

/// What is told to wait, in seconds; 0: let through.
async fn wait(limiter: &Limiter) -> u32 {
    let answer = limiter.check(&SIGN_IN, b"ada").await;
    answer.err().map_or(0, |too_many| too_many.seconds())
}

/// Everything that holds of a limit that changes, wherever it is counted.
async fn follows_the_setting(clock: &Clock, limiter: &Limiter, live: &Live) {
    set(live, Key::SignInLimit, 7);
    for _ in 0..7 {
        assert_eq!(wait(limiter).await, 0);
        advance(clock, Duration::from_secs(1));
    }
    assert_eq!(wait(limiter).await, 53);
    // More, at once, and for what was counted before as well.
    set(live, Key::SignInLimit, 8);
    assert_eq!((wait(limiter).await, wait(limiter).await), (0, 53));
    // Fewer: eight are counted, so four of them must go before a fifth is let through.
    set(live, Key::SignInLimit, 5);
    assert_eq!(wait(limiter).await, 56);
    advance(clock, Duration::from_secs(55));
    assert_eq!(wait(limiter).await, 1);
    advance(clock, Duration::from_secs(1));
    assert_eq!((wait(limiter).await, wait(limiter).await), (0, 1));
}

#[tokio::test]
async fn in_process_a_limit_holds_from_the_next_attempt_on() {
    let (clock, live) = (clock(), settings(&[]));
    let limiter = Limiter::new(clock.clone(), None, true, Arc::clone(&live));
    follows_the_setting(&clock, &limiter, &live).await;
}

#[tokio::test]
async fn with_redis_a_limit_holds_from_the_next_attempt_on() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (clock, live) = (clock(), settings(&[]));
    let redis = Some(server.connected().await);
    let limiter = Limiter::new(clock.clone(), redis, true, Arc::clone(&live));
    follows_the_setting(&clock, &limiter, &live).await;
}

/// No setting switches a limit off, or makes one of what protects a single account; and the table and the file say the same.
#[test]
fn only_what_counts_by_address_can_be_set_and_only_within_bounds() {
    for key in Group::Attempts.keys() {
        let limit = LIMITS.iter().find(|limit| limit.set_by == Some(key));
        let limit = limit.unwrap_or_else(|| panic!("{} sets no limit", key.as_str()));
        assert_eq!(limit.by, By::Address, "{}", limit.name);
        assert_eq!(key.default_text(), limit.max.to_string(), "{}", limit.name);
        let Kind::Number { least, most, .. } = key.kind() else {
            panic!("{} is no number", key.as_str());
        };
        let max = i64::from(limit.max);
        assert!(least >= 3 && least <= max, "{}: {least}", limit.name);
        assert_eq!(most, max * 10, "{}", limit.name);
    }
    let set = LIMITS.iter().filter(|limit| limit.set_by.is_some()).count();
    assert_eq!(set, Group::Attempts.keys().count());
}
