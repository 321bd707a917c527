//! What a transaction promises, also to those who drop it.

use std::time::Duration;

use domain::platform::db::Tx;
use domain::{Code, Error, Result, sql};

use crate::house::{TestHouse, count};

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
