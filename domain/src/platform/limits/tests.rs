use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta};
use fred::interfaces::ClientLike as _;
use fred::types::CustomCommand;
use proptest::prelude::*;

mod live;

use super::*;
use crate::platform::redis::tests::{Server, command, eventually};

fn clock() -> Clock {
    Clock::fixed(DateTime::from_timestamp_millis(1_750_000_000_123).expect("a time"))
}

fn here(clock: &Clock) -> Limiter {
    Limiter::new(clock.clone(), None, true, live::settings(&[]))
}

async fn shared(clock: &Clock, server: &Server) -> Limiter {
    Limiter::new(
        clock.clone(),
        Some(server.connected().await),
        true,
        live::settings(&[]),
    )
}

fn advance(clock: &Clock, by: Duration) {
    clock.advance(TimeDelta::from_std(by).expect("a short time"));
}

const MS: Duration = Duration::from_millis(1);

/// Everything that holds of one limiter, wherever it counts.
async fn holds_its_boundaries(clock: &Clock, limiter: &Limiter) {
    // The last one that is allowed is let through, the next one is not, and is told exactly how long to wait.
    for limit in LIMITS {
        for _ in 0..limit.max {
            assert_eq!(limiter.check(limit, b"ada").await, Ok(()), "{}", limit.name);
        }
        let refused = Err(TooMany {
            retry_after: limit.window,
        });
        assert_eq!(limiter.check(limit, b"ada").await, refused, "{}", limit.name);
        // Neither another key nor another limit is touched.
        assert_eq!(limiter.check(limit, b"bob").await, Ok(()), "{}", limit.name);
    }
    let longest = LIMITS.iter().map(|limit| limit.window).max().expect("a limit");
    advance(clock, longest);

    // A window that slides: attempts at 0 s, 1 s, … 9 s.
    let (limit, key) = (SIGN_IN, b"slides");
    for _ in 0..10 {
        assert_eq!(limiter.check(&limit, key).await, Ok(()));
        advance(clock, Duration::from_secs(1));
    }
    // Now it is 10 s: the first one counts for 50 s more.
    for _ in 0..3 {
        let refused = Err(TooMany {
            retry_after: Duration::from_secs(50),
        });
        assert_eq!(
            limiter.check(&limit, key).await,
            refused,
            "a refusal does not lengthen the wait"
        );
    }
    advance(clock, Duration::from_millis(49_999));
    assert_eq!(limiter.check(&limit, key).await, Err(TooMany { retry_after: MS }));
    advance(clock, MS);
    assert_eq!(
        limiter.check(&limit, key).await,
        Ok(()),
        "who waits as long as told gets in"
    );
    assert_eq!(
        limiter.check(&limit, key).await,
        Err(TooMany {
            retry_after: Duration::from_secs(1)
        })
    );
    // Ten windows later everything is forgotten.
    advance(clock, limit.window * 10);
    for _ in 0..10 {
        assert_eq!(limiter.check(&limit, key).await, Ok(()));
    }

    // The clock is set back by an hour: places that are taken stay taken, for one window at most. (With Redis for
    // two: it learns of the new time only when the memory in front of it lets an attempt through.)
    clock.advance(TimeDelta::hours(-1));
    assert_eq!(
        limiter.check(&limit, key).await,
        Err(TooMany {
            retry_after: limit.window
        })
    );
    advance(clock, limit.window);
    if limiter.redis.is_some() {
        assert_eq!(
            limiter.check(&limit, key).await,
            Err(TooMany {
                retry_after: limit.window
            })
        );
        advance(clock, limit.window);
    }
    assert_eq!(limiter.check(&limit, key).await, Ok(()));
}

/// How many of 64 attempts at the same instant are let through.
async fn let_through(limiters: &[Limiter], limit: Limit, key: &'static [u8]) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    let start = Arc::new(tokio::sync::Barrier::new(64));
    for limiter in limiters.iter().cycle().take(64) {
        let (limiter, start) = (limiter.clone(), start.clone());
        tasks.spawn(async move {
            start.wait().await;
            limiter.check(&limit, key).await.is_ok()
        });
    }
    tasks
        .join_all()
        .await
        .into_iter()
        .filter(|passed| *passed)
        .count()
}

#[tokio::test]
async fn in_process_the_boundaries_hold() {
    let clock = clock();
    holds_its_boundaries(&clock, &here(&clock)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn in_process_64_in_parallel_pass_exactly_as_many_as_allowed() {
    for limiter in [here(&clock()), here(&Clock::system())] {
        for round in 0..50_u8 {
            let key: &'static [u8] = Box::leak(Box::new([round]));
            assert_eq!(
                let_through(std::slice::from_ref(&limiter), SIGN_IN, key).await,
                10
            );
        }
    }
}

#[tokio::test]
async fn switched_off_everything_passes() {
    let limiter = Limiter::new(clock(), None, false, live::settings(&[]));
    for _ in 0..1_000 {
        assert_eq!(limiter.check(&SIGN_UP, b"load test").await, Ok(()));
    }
}

proptest! {
    /// The promise itself, against any course of time: never more than `max` within one window, and whoever waits as
    /// long as told gets in.
    #[test]
    fn never_more_than_max_in_any_window(pauses in prop::collection::vec(0_u64..30_000, 1..200)) {
        let limit = Limit { max: 5, window: Duration::from_mins(1), ..SIGN_IN };
        let (clock, log) = (clock(), Log::new(&limit));
        let mut passed: Vec<i64> = Vec::new();
        for pause in pauses {
            advance(&clock, Duration::from_millis(pause));
            let now = clock.now().timestamp_millis();
            let in_window = passed.iter().filter(|at| now - **at < 60_000).count();
            match log.take(&clock, limit.max) {
                Ok(stamp) => {
                    prop_assert!(in_window < 5);
                    passed.push(stamp);
                }
                Err(wait) => {
                    prop_assert_eq!(in_window, 5);
                    prop_assert!((1..=60_000).contains(&wait));
                    let free = passed.iter().filter(|at| now + wait - **at < 60_000).count();
                    prop_assert!(free < 5);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_flood_of_other_addresses_forgets_the_idle_ones_and_not_the_newcomer() {
    let limiter = here(&clock());
    for n in 0..u32::try_from(MAX_ENTRIES).expect("small") + 5_000 {
        assert_eq!(limiter.check(&UNSAFE, &n.to_be_bytes()).await, Ok(()));
    }
    limiter.logs.run_pending_tasks();
    assert!(limiter.logs.entry_count() <= MAX_ENTRIES);
    for _ in 0..10 {
        assert_eq!(limiter.check(&SIGN_IN, b"newcomer").await, Ok(()));
    }
    limiter.logs.run_pending_tasks();
    assert!(limiter.check(&SIGN_IN, b"newcomer").await.is_err());
}

#[test]
fn addresses_are_grouped_as_networks_are_given_out() {
    let key = |text: &str| address_key(text.parse().expect("an address"));
    assert_eq!(key("192.0.2.7"), [192, 0, 2, 7]);
    assert_ne!(key("192.0.2.7"), key("192.0.2.8"));
    assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    assert_eq!(key("2001:db8:1:2::1").len(), 8);
    // Not IPv4 in disguise: the loopback address, and the deprecated "compatible" form.
    assert_eq!(address_key(Ipv6Addr::LOCALHOST.into()).len(), 8);
    assert_eq!(key("::192.0.2.7").len(), 8);
    assert_eq!(address_key(Ipv4Addr::LOCALHOST.into()), [127, 0, 0, 1]);
}

#[test]
fn keys_in_redis_hold_no_personal_data() {
    let key = redis_key(&SIGN_IN, &id(&SIGN_IN, b"ada@example.org"));
    let hash = key
        .strip_prefix("latchstring:limit:sign-in:")
        .expect("the prefix");
    assert_eq!(hash.len(), 32);
    assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(id(&SIGN_IN, b"ada@example.org"), id(&SIGN_UP, b"ada@example.org"));
}

#[test]
fn the_wait_is_told_in_whole_seconds_rounded_up() {
    let seconds = |ms| {
        TooMany {
            retry_after: Duration::from_millis(ms),
        }
        .seconds()
    };
    assert_eq!(
        [seconds(1), seconds(1_000), seconds(1_001), seconds(60_000)],
        [1, 1, 2, 60]
    );
    assert_eq!(
        TooMany {
            retry_after: Duration::MAX
        }
        .seconds(),
        u32::MAX
    );
}

#[test]
fn accounts_back_off_from_the_fifth_failure_up_to_a_quarter_of_an_hour() {
    for failures in 0..5 {
        assert_eq!(back_off(failures), Duration::ZERO);
    }
    let seconds = |failures| back_off(failures).as_secs();
    assert_eq!([5, 6, 7, 8, 9].map(seconds), [1, 2, 4, 8, 16]);
    assert_eq!(
        [14, 15, 16, 68, 69, 70, 99, u32::MAX].map(seconds),
        [512, 900, 900, 900, 900, 900, 900, 900]
    );
    assert!((0..200).all(|failures| back_off(failures) <= back_off(failures + 1)));
    assert!(!is_stopped(99));
    assert!(is_stopped(100));
    assert!(is_stopped(u32::MAX));
}

#[test]
fn the_table_makes_sense() {
    let names: HashSet<_> = LIMITS.iter().map(|limit| limit.name).collect();
    assert_eq!(names.len(), LIMITS.len(), "names are unique");
    for limit in LIMITS {
        assert!(
            limit.max > 0 && limit.window >= Duration::from_secs(1),
            "{}",
            limit.name
        );
        assert_eq!(limit.window.subsec_nanos(), 0, "{}", limit.name);
        assert!(
            limit
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            limit.name
        );
        assert!(!limit.why.contains(['|', '\n']), "{}", limit.name);
    }
}

#[test]
fn the_documentation_prints_the_numbers_of_the_code() {
    let page = include_str!("../../../../docs/security/throttling.md");
    let (_, rest) = page
        .split_once("<!-- limits: begin -->\n")
        .expect("the first marker");
    let (printed, _) = rest
        .split_once("<!-- limits: end -->")
        .expect("the second marker");
    let table = as_markdown();
    assert!(
        printed == table,
        "between the markers of docs/security/throttling.md should stand:\n\n{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_the_boundaries_hold() {
    let Some(server) = Server::start().await else {
        return;
    };
    let clock = clock();
    let limiter = shared(&clock, &server).await;
    holds_its_boundaries(&clock, &limiter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_two_processes_that_take_turns_count_together() {
    let Some(server) = Server::start().await else {
        return;
    };
    let clock = clock();
    let (one, other) = (shared(&clock, &server).await, shared(&clock, &server).await);
    for _ in 0..5 {
        assert_eq!(one.check(&SIGN_IN, b"turns").await, Ok(()));
        assert_eq!(other.check(&SIGN_IN, b"turns").await, Ok(()));
        advance(&clock, Duration::from_secs(1));
    }
    let refused = |seconds| {
        Err(TooMany {
            retry_after: Duration::from_secs(seconds),
        })
    };
    assert_eq!(one.check(&SIGN_IN, b"turns").await, refused(55));
    assert_eq!(other.check(&SIGN_IN, b"turns").await, refused(55));
    advance(&clock, Duration::from_secs(55));
    assert_eq!(one.check(&SIGN_IN, b"turns").await, Ok(()));
    assert_eq!(one.check(&SIGN_IN, b"turns").await, Ok(()));
    assert_eq!(other.check(&SIGN_IN, b"turns").await, refused(1));
    advance(&clock, Duration::from_secs(1));
    assert_eq!(other.check(&SIGN_IN, b"turns").await, Ok(()));
    // The script alone has the boundaries, not only the memory in front of it.
    let fresh = shared(&clock, &server).await;
    assert_eq!(fresh.check(&SIGN_IN, b"turns").await, Ok(()));
    assert_eq!(fresh.check(&SIGN_IN, b"turns").await, refused(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_redis_refuses_takes_no_place_in_memory() {
    let Some(server) = Server::start().await else {
        return;
    };
    let clock = clock();
    let (one, other) = (shared(&clock, &server).await, shared(&clock, &server).await);
    assert_eq!(let_through(std::slice::from_ref(&one), SIGN_IN, b"ada").await, 10);
    advance(&clock, Duration::from_secs(30));
    assert_eq!(
        let_through(std::slice::from_ref(&other), SIGN_IN, b"ada").await,
        0
    );
    advance(&clock, Duration::from_secs(30));
    assert_eq!(let_through(&[other], SIGN_IN, b"ada").await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_decides_like_the_memory() {
    let Some(server) = Server::start().await else {
        return;
    };
    let redis = server.connected().await;
    let limit = Limit {
        max: 3,
        window: Duration::from_secs(10),
        ..SIGN_IN
    };
    let (clock, log) = (clock(), Log::new(&limit));
    // Pauses in milliseconds, one of them backwards.
    for pause in [
        0, 0, 1, 0, 9_998, 1, 1, 5_000, 4_999, 1, 0, -30_000, 0, 9_999, 1, 0, 0, 0, 100_000, 0, 3, 3, 3,
    ] {
        clock.advance(TimeDelta::milliseconds(pause));
        let now = clock.now().timestamp_millis();
        let wait = redis
            .run(&SLIDING_WINDOW, "key", [now, 10_000, 3])
            .await
            .expect("an answer");
        assert_eq!(
            wait,
            log.take(&clock, 3).err().unwrap_or(0),
            "after a pause of {pause} ms"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn with_redis_64_in_parallel_over_two_processes_pass_exactly_as_many_as_allowed() {
    let Some(server) = Server::start().await else {
        return;
    };
    for (fixed, clock) in [(1, clock()), (0, Clock::system())] {
        let limiters = [shared(&clock, &server).await, shared(&clock, &server).await];
        for round in 0..20_u8 {
            let key: &'static [u8] = Box::leak(Box::new([fixed, round]));
            assert_eq!(let_through(&limiters, SIGN_IN, key).await, 10);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn without_its_redis_it_counts_by_itself_and_has_forgotten_nothing() {
    let Some(mut server) = Server::start().await else {
        return;
    };
    let clock = clock();
    let limiter = shared(&clock, &server).await;
    for _ in 0..4 {
        assert_eq!(limiter.check(&SIGN_IN, b"ada").await, Ok(()));
    }
    server.kill();
    for _ in 0..6 {
        assert_eq!(limiter.check(&SIGN_IN, b"ada").await, Ok(()));
    }
    assert_eq!(
        limiter.check(&SIGN_IN, b"ada").await,
        Err(TooMany {
            retry_after: SIGN_IN.window
        })
    );
    assert_eq!(
        let_through(std::slice::from_ref(&limiter), SIGN_IN, b"bob").await,
        10
    );

    // Redis is back, and empty: what this process counted still counts.
    server.restart().await;
    eventually("it counts in Redis again", async || {
        redis_of(&limiter).healthy().await.is_ok()
    })
    .await;
    assert!(limiter.check(&SIGN_IN, b"ada").await.is_err());
    advance(&clock, SIGN_IN.window);
    assert_eq!(let_through(&[limiter], SIGN_IN, b"ada").await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_redis_that_hangs_refuses_or_answers_wrongly_is_no_way_around_a_limit() {
    let Some(server) = Server::start().await else {
        return;
    };
    let limiter = shared(&clock(), &server).await;
    let redis = redis_of(&limiter);

    let key = redis_key(&SIGN_IN, &id(&SIGN_IN, b"wrong type"));
    command(redis, "SET", &[&key, "a string"]).await;
    assert_eq!(
        let_through(std::slice::from_ref(&limiter), SIGN_IN, b"wrong type").await,
        10
    );

    let key = redis_key(&SIGN_IN, &id(&SIGN_IN, b"wrong content"));
    command(redis, "RPUSH", &[&key, "no", "numbers"]).await;
    assert_eq!(
        let_through(std::slice::from_ref(&limiter), SIGN_IN, b"wrong content").await,
        10
    );

    command(redis, "CONFIG", &["SET", "maxmemory", "1"]).await;
    assert_eq!(
        let_through(std::slice::from_ref(&limiter), SIGN_IN, b"out of memory").await,
        10
    );

    server.signal("STOP");
    assert_eq!(let_through(&[limiter], SIGN_IN, b"hangs").await, 10);
    server.signal("CONT");
}

#[tokio::test(flavor = "multi_thread")]
async fn flushing_redis_gives_nobody_a_fresh_start() {
    let Some(server) = Server::start().await else {
        return;
    };
    let clock = clock();
    let limiter = shared(&clock, &server).await;
    for _ in 0..10 {
        assert_eq!(limiter.check(&SIGN_IN, b"ada").await, Ok(()));
        command(redis_of(&limiter), "FLUSHALL", &[]).await;
    }
    assert_eq!(
        limiter.check(&SIGN_IN, b"ada").await,
        Err(TooMany {
            retry_after: SIGN_IN.window
        })
    );
    advance(&clock, SIGN_IN.window);
    assert_eq!(limiter.check(&SIGN_IN, b"ada").await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_redis_vanishes_by_itself() {
    let Some(server) = Server::start().await else {
        return;
    };
    let limiter = shared(&Clock::system(), &server).await;
    let limit = Limit {
        window: Duration::from_secs(1),
        ..SIGN_IN
    };
    assert_eq!(limiter.check(&limit, b"ada").await, Ok(()));
    let keys = async || -> Vec<String> {
        let command = CustomCommand::new_static("KEYS", None::<u16>, false);
        redis_of(&limiter)
            .pool()
            .custom(command, vec!["*"])
            .await
            .expect("a list")
    };
    assert_eq!(keys().await, [redis_key(&limit, &id(&limit, b"ada"))]);
    eventually("the key is gone", async || keys().await.is_empty()).await;
}

/// Writes down which counters grew.
#[derive(Default)]
struct Counters(Arc<Mutex<Vec<String>>>);

struct Grows(String, Arc<Mutex<Vec<String>>>);

impl metrics::CounterFn for Grows {
    fn increment(&self, by: u64) {
        self.1.lock().expect("no panic").push(format!("{} +{by}", self.0));
    }

    fn absolute(&self, _: u64) {}
}

impl metrics::Recorder for Counters {
    fn describe_counter(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_gauge(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_histogram(&self, _: metrics::KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        metrics::Counter::from_arc(Arc::new(Grows(key.to_string(), self.0.clone())))
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Histogram {
        metrics::Histogram::noop()
    }
}

#[tokio::test]
async fn refusals_and_fall_backs_are_counted_in_the_metrics() {
    let counters = Counters::default();
    let _guard = metrics::set_default_local_recorder(&counters);
    let nobody = Redis::connect("redis://127.0.0.1:1").expect("a good URL");
    let limiter = Limiter::new(clock(), Some(nobody), true, live::settings(&[]));
    for _ in 0..4 {
        let _ = limiter.check(&SIGN_UP, b"ada").await;
    }
    let fell_back = "Key(latchstring_limiter_fallback_total) +1";
    let refused = "Key(latchstring_limited_total, [limit = sign-up]) +1";
    assert_eq!(
        *counters.0.lock().expect("no panic"),
        [fell_back, fell_back, fell_back, refused]
    );
}

fn redis_of(limiter: &Limiter) -> &Redis {
    limiter.redis.as_ref().expect("it has one")
}
