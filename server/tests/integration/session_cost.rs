//! What a signed-in request costs: one read, and a write no more than once a minute. Counted in the log of the database
//! driver, so each test needs a process of its own; and on the wire to Redis.

use chrono::{DateTime, Duration, Utc};

use crate::house::{TestHouse, Wire, logged, rows};

/// The statements that the driver logged while `work` ran.
async fn statements(work: impl Future<Output = ()>) -> Vec<String> {
    let before = logged().len();
    work.await;
    let log = logged();
    let said = log[before..].split("sqlx::query: ").skip(1);
    said.map(|rest| rest.lines().next().unwrap_or_default().to_owned())
        // On Postgres the pool rolls back whatever a connection that comes back may have left open.
        .filter(|statement| !statement.starts_with("summary=\"rollback\""))
        .collect()
}

#[tokio::test]
async fn a_signed_in_request_reads_its_session_once_and_writes_nothing_within_a_minute() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", "ada@example.com").await;
    // With Redis the first request fills the cache.
    assert!(ada.is_signed_in().await);
    for _ in 0..3 {
        t.clock.advance(Duration::seconds(19));
        let asked = statements(async { assert!(ada.is_signed_in().await) }).await;
        let expected = usize::from(!t.has_redis());
        assert_eq!(asked.len(), expected, "{asked:#?}");
        assert!(
            asked
                .iter()
                .all(|statement| statement.contains("select s.id as session_id")),
            "{asked:#?}"
        );
    }
}

#[tokio::test]
async fn after_a_minute_one_request_notes_that_the_session_is_used_and_the_next_ones_don_t() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", "ada@example.com").await;
    assert!(ada.is_signed_in().await);
    let begun = last_seen(&t).await;
    t.clock.advance(Duration::seconds(59));
    assert!(ada.is_signed_in().await);
    assert_eq!(last_seen(&t).await, begun);
    t.clock.advance(Duration::seconds(1));
    let asked = statements(async { assert!(ada.is_signed_in().await) }).await;
    let updates = asked
        .iter()
        .filter(|statement| statement.contains("update sessions"))
        .count();
    assert_eq!(updates, 1, "{asked:#?}");
    assert_eq!(last_seen(&t).await, begun + Duration::seconds(60));
    let asked = statements(async { assert!(ada.is_signed_in().await) }).await;
    assert!(
        !asked.iter().any(|statement| statement.contains("update")),
        "{asked:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_in_request_asks_redis_once_and_writes_nothing_there_within_a_minute() {
    let Some(wire) = Wire::to_redis().await else {
        return;
    };
    let t = TestHouse::with(&[("REDIS_URL", &wire.url())]).await;
    let ada = t.member("Ada", "ada@example.com").await;
    // The first request makes the copy.
    assert!(ada.is_signed_in().await);
    wire.new_commands();
    for _ in 0..3 {
        t.clock.advance(Duration::seconds(19));
        let asked = statements(async { assert!(ada.is_signed_in().await) }).await;
        assert_eq!(wire.new_commands(), ["MGET"]);
        assert!(asked.is_empty(), "{asked:#?}");
    }
}

async fn last_seen(t: &TestHouse) -> DateTime<Utc> {
    rows!(t, (DateTime<Utc>,), "select last_seen_at from sessions")[0].0
}
