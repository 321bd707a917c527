//! What an event costs: measured, not held. Run it by hand, on an idle machine and with an optimised build:
//! `cargo nextest run --release -p domain -p app -p server --features app/ssr --run-ignored only -E 'test(cost_of_an_event)' --no-capture`

use std::time::Instant;

use domain::audit::{Entry, Event};
use domain::platform::Platform;

use super::{assert_whole, origin};
use crate::house::TestHouse;

const EVENTS: usize = 2_000;

/// One transaction with one event: as it is, or as it was before there was a chain, one row and no more.
async fn once(platform: &Platform, is_chained: bool) {
    let origin = origin();
    let written = platform.db.write(async |tx| {
        if is_chained {
            return tx.audit(Entry::about(Event::SignedIn, None, &origin)).await;
        }
        let (id, now) = (tx.new_id(), tx.now());
        domain::sql!(tx, execute
            "insert into audit_events
                (id, at, kind, outcome, actor_id, subject_id, session_id, address, user_agent, request_id, detail)
             values ($1, $2, 'sign_in.succeeded', 'done', null, null, null, $3, $4, $5, '{}')",
            id, now, origin.address.as_str(), origin.user_agent.as_str(), origin.request_id.as_str())?;
        Ok(())
    });
    written.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a measurement"]
async fn cost_of_an_event() {
    let t = TestHouse::with(&[
        ("DATABASE_POOL_SIZE", "16"),
        ("DATABASE_ACQUIRE_TIMEOUT_SECONDS", "60"),
        ("DATABASE_STATEMENT_TIMEOUT_SECONDS", "60"),
    ])
    .await;
    for writers in [1_usize, 16, 64] {
        for round in 0..3 {
            for is_chained in [false, true] {
                let begun = Instant::now();
                let tasks: Vec<_> = (0..writers)
                    .map(|_| {
                        let platform = t.platform.clone();
                        tokio::spawn(async move {
                            for _ in 0..EVENTS / writers {
                                once(&platform, is_chained).await;
                            }
                        })
                    })
                    .collect();
                for task in tasks {
                    task.await.unwrap();
                }
                let micros = begun.elapsed().as_micros() / (EVENTS / writers * writers) as u128;
                let what = if is_chained { "chained" } else { "a row alone" };
                eprintln!(
                    "{}, {writers} writers, round {round}, {what}: {micros} µs an event",
                    t.platform.db.kind()
                );
            }
        }
    }
    crate::house::tamper!(t, "delete from audit_events where seq is null");
    let begun = Instant::now();
    let report = assert_whole(&t).await;
    let micros = begun.elapsed().as_micros();
    eprintln!("verified {} rows in {micros} µs", report.rows);
}
