//! What a transaction promises, also to those who drop it.

use std::time::{Duration, Instant};

use domain::platform::db::{Db, DbOptions, Tx};
use domain::{Code, Error, Result, sql};

use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn a_transaction_is_there_whole_or_not_at_all() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let refused = t.platform.db.write(async |tx| {
        insert(tx, "a").await?;
        insert(tx, "b").await?;
        Err::<(), _>(Error::form(Code::Unexpected))
    });
    assert!(refused.await.is_err());
    assert_eq!(count!(second, "select count(*) from leases"), 0);
    // A statement that fails takes the rest with it.
    let twice = t.platform.db.write(async |tx| {
        for _ in 0..2 {
            insert(tx, "a").await?;
        }
        Ok(())
    });
    assert!(twice.await.unwrap_err().is_unique_violation());
    assert_eq!(count!(second, "select count(*) from leases"), 0);
}

/// In sqlx up to 0.9.0 a future that is dropped while `BEGIN` is in flight gives its connection back inside an open
/// transaction, and what the next ones write in it is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_write_that_is_dropped_anywhere_loses_no_other_write() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut acknowledged: Vec<String> = Vec::new();
    for number in 0..300 {
        let (platform, name) = (t.platform.clone(), format!("dropped-{number}"));
        let dropped = tokio::spawn(async move {
            let written = platform.db.write(async |tx| insert(tx, &name).await).await;
            written.map(|_| name)
        });
        // From "not even begun" to "long done".
        match t.dice(4) {
            0 => tokio::task::yield_now().await,
            _ => tokio::time::sleep(Duration::from_micros(t.dice(1500))).await,
        }
        dropped.abort();
        if let Ok(Ok(name)) = dropped.await {
            acknowledged.push(name);
        }
        if number % 5 == 0 {
            let name = format!("kept-{number}");
            let kept = t.platform.db.write(async |tx| insert(tx, &name).await);
            assert_eq!(kept.await.unwrap(), 1);
            acknowledged.push(name);
        }
    }
    for name in &acknowledged {
        let found = count!(
            second,
            "select count(*) from leases where name = $1",
            name.as_str()
        );
        assert_eq!(found, 1, "{name} was written, and another server does not see it");
    }
    assert!(acknowledged.len() >= 60);
    assert_eq!(idle_in_transaction(&t).await, 0);
}

/// At a point where sqlx knows of no transaction: after the database has begun one, and before anybody heard of it.
#[tokio::test]
async fn a_transaction_that_is_dropped_takes_its_connection_with_it() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    for round in 0..30 {
        let platform = t.platform.clone();
        let dropped = tokio::spawn(async move {
            let never = platform.db.write(async |tx| {
                insert(tx, "dropped").await?;
                std::future::pending::<Result<()>>().await
            });
            never.await
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        dropped.abort();
        let kept = format!("kept-{round}");
        let written = t.platform.db.write(async |tx| insert(tx, &kept).await);
        assert_eq!(written.await.unwrap(), 1);
        let found = count!(
            second,
            "select count(*) from leases where name = $1",
            kept.as_str()
        );
        assert_eq!(found, 1, "{kept} was written inside of what was dropped");
    }
    assert_eq!(
        count!(second, "select count(*) from leases where name = 'dropped'"),
        0
    );
    assert_eq!(idle_in_transaction(&t).await, 0);
}

/// Nothing here takes as long, unless it waits for ever.
const TOO_LONG: Duration = Duration::from_mins(1);

/// The test's database once more, opened by somebody who waits for statements no longer than a moment, and for connections long.
async fn impatient(t: &TestHouse) -> Db {
    let options = DbOptions {
        url: t.database_url().to_owned(),
        read_url: None,
        pool_size: 1,
        acquire_timeout: TOO_LONG * 10,
        statement_timeout: Duration::from_millis(250),
        make: false,
    };
    Db::open(&options, t.platform.db.tools().clone()).await.unwrap()
}

#[tokio::test]
async fn on_postgres_a_statement_that_runs_too_long_is_stopped() {
    let t = TestHouse::new().await;
    if t.platform.db.kind() != "Postgres" {
        return;
    }
    let db = impatient(&t).await;
    let slow = db.write(async |tx| sql!(tx, execute "select pg_sleep(600)"));
    let error = tokio::time::timeout(TOO_LONG, slow)
        .await
        .expect("it was stopped")
        .unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    let Error::Database(sqlx::Error::Database(said)) = &error else {
        panic!("{error}");
    };
    // query_canceled
    assert_eq!(said.code().as_deref(), Some("57014"), "{said}");
    // Its connection is as good as before.
    assert!(db.ping().await.is_ok());
    db.close().await;
}

#[tokio::test]
async fn on_sqlite_a_write_waits_for_the_lock_of_the_file_no_longer_than_a_statement_may() {
    let t = TestHouse::new().await;
    if t.platform.db.kind() != "SQLite" {
        return;
    }
    let db = impatient(&t).await;
    let held = t.platform.db.write(async |tx| {
        insert(tx, "held").await?;
        let waiting = db.write(async |tx| insert(tx, "waited").await);
        Ok(tokio::time::timeout(TOO_LONG, waiting).await)
    });
    let waited = held.await.unwrap().expect("it gave up");
    let error = waited.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    // Once the lock is free, it has it.
    assert_eq!(db.write(async |tx| insert(tx, "waited").await).await.unwrap(), 1);
    db.close().await;
}

#[tokio::test]
async fn a_request_that_gets_no_connection_in_time_is_told_when_to_come_back() {
    let t = TestHouse::with(&[
        ("DATABASE_POOL_SIZE", "1"),
        ("DATABASE_ACQUIRE_TIMEOUT_SECONDS", "1"),
    ])
    .await;
    let mut stranger = t.script();
    let fields = [("email", "ada@example.com"), ("password", PASSWORD)];
    // The one connection that reads is taken for as long as the request lasts.
    let held = t.platform.db.snapshot(async |_| {
        let started = Instant::now();
        let asked = Box::pin(stranger.post("/api/sign-in", &fields));
        let answer = tokio::time::timeout(TOO_LONG / 2, asked).await;
        Ok((answer.expect("an answer"), started.elapsed()))
    });
    let (answer, took) = held.await.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert_eq!(answer.faults(), ["unavailable"]);
    assert!(took >= Duration::from_secs(1), "it waited {took:?}");
    // With the connection back, the same request is looked at.
    assert_eq!(stranger.post("/api/sign-in", &fields).await.status, 422);
}

/// Writes a row that nothing else looks at.
async fn insert(tx: &mut Tx, name: &str) -> Result<u64> {
    let (id, now) = (tx.new_id(), tx.now());
    sql!(tx, execute "insert into leases (name, holder, lease_until) values ($1, $2, $3)", name, id, now)
}

/// How many connections to this test's database stand inside a transaction and do nothing.
pub async fn idle_in_transaction(t: &TestHouse) -> i64 {
    if t.platform.db.kind() != "Postgres" {
        return 0;
    }
    count!(
        t,
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"
    )
}
