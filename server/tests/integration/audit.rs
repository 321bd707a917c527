//! The audit as a chain: it stays one whatever happens, and whatever is changed in it past the program is found, and where.

mod cost;
mod independent;
mod life;
mod plans;
mod tampering;

use std::time::Duration as StdDuration;

use domain::audit::checkpoint::{self, Checkpoint, Signed};
use domain::audit::signer::PublicKey;
use domain::audit::verify::{Break, Report, verify};
use domain::audit::{Change, Entry, Event, Origin, Shown};
use domain::platform::Platform;
use domain::{Error, Result};
use tokio_util::sync::CancellationToken;

use crate::house::{Node, TestHouse, count, rows, tamper};

/// Where somebody comes from, for rows that have something in each column.
fn origin() -> Origin {
    Origin {
        address: "192.0.2.7".into(),
        user_agent: "Lynx/2.9".into(),
        request_id: "request 7".into(),
    }
}

/// Writes so many rows, each with something in each column, in one transaction.
async fn happen(platform: &Platform, many: usize) {
    let (origin, person) = (origin(), platform.entropy.uuid_v7(platform.clock.now()));
    let changes = [Change {
        field: Shown::Language,
        was: Some("en"),
        became: Some("vi"),
    }];
    let written = platform.db.write(async |tx| {
        for _ in 0..many {
            let entry = Entry::own(Event::ProfileChanged, person, &origin)
                .in_session(person)
                .with(&[("changed", "language")]);
            tx.audit(entry.changing(&changes)).await?;
        }
        Ok(())
    });
    written.await.unwrap();
}

/// An empty house with a chain of its own of so many rows.
async fn house_with(many: usize) -> TestHouse {
    let t = TestHouse::new().await;
    happen(&t.platform, many).await;
    assert_whole(&t).await;
    t
}

async fn report(node: &Node) -> Report {
    verify(&node.platform, None).await.unwrap()
}

/// Where it breaks.
async fn breaks(node: &Node) -> Vec<Break> {
    let report = report(node).await;
    assert_eq!(report.more, 0, "{report:?}");
    report.breaks
}

async fn assert_whole(node: &Node) -> Report {
    let report = report(node).await;
    assert!(report.is_whole(), "{report:?}");
    report
}

/// A checkpoint of now.
async fn signed(node: &Node) -> (Checkpoint, PublicKey) {
    let signed = checkpoint::sign(&node.platform).await.unwrap();
    assert!(matches!(signed, Signed::Done(_)), "{signed:?}");
    checkpoint::newest(&node.platform).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_at_once_make_one_chain_without_a_gap() {
    let t = TestHouse::with(&[
        ("DATABASE_POOL_SIZE", "16"),
        ("DATABASE_ACQUIRE_TIMEOUT_SECONDS", "60"),
        ("DATABASE_STATEMENT_TIMEOUT_SECONDS", "60"),
    ])
    .await;
    let writers: Vec<_> = (0..64_usize)
        .map(|number| {
            let platform = t.platform.clone();
            tokio::spawn(async move {
                for round in 0..4 {
                    happen(&platform, 1 + (number + round) % 3).await;
                    // What is rolled back takes no place.
                    let refused: Result<()> = platform
                        .db
                        .write(async |tx| {
                            tx.audit(Entry::about(Event::Locked, None, &origin())).await?;
                            Err(Error::Internal("not this time".into()))
                        })
                        .await;
                    refused.unwrap_err();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let expected: i64 = (0..64)
        .flat_map(|number| (0..4).map(move |round| 1 + (number + round) % 3))
        .sum();
    let report = assert_whole(&t).await;
    assert_eq!((report.first, report.last, report.rows), (1, expected, expected));
    assert_eq!(
        count!(
            t,
            "select max(seq) - min(seq) + 1 - count(distinct seq) from audit_events"
        ),
        0
    );
    assert_eq!(t.audited("user.locked").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_hangs_up_in_a_transaction_leaves_no_gap() {
    let t = house_with(3).await;
    for millis in 0..20 {
        let platform = t.platform.clone();
        let writing = tokio::spawn(async move {
            let entered = platform.db.write(async |tx| {
                tx.audit(Entry::about(Event::Locked, None, &origin())).await?;
                tokio::time::sleep(StdDuration::from_millis(millis % 3)).await;
                Ok(())
            });
            entered.await
        });
        tokio::time::sleep(StdDuration::from_micros(t.dice(3_000))).await;
        writing.abort();
        let _ = writing.await;
        happen(&t.platform, 1).await;
    }
    let report = assert_whole(&t).await;
    assert_eq!(report.rows, count!(t, "select count(*) from audit_events"));
}

#[tokio::test]
async fn nothing_is_audited_outside_of_a_transaction() {
    let t = house_with(1).await;
    let read = t
        .platform
        .db
        .read(async |tx| tx.audit(Entry::about(Event::Locked, None, &origin())).await);
    assert!(matches!(read.await, Err(Error::Internal(_))));
    assert_eq!(assert_whole(&t).await.rows, 1);
}

#[tokio::test]
async fn values_before_and_after_are_in_the_row() {
    let t = house_with(1).await;
    let row = rows!(
        t,
        (Option<String>, Option<String>),
        "select was, became from audit_events"
    );
    let expected = (r#"{"language":"en"}"#, r#"{"language":"vi"}"#);
    assert_eq!(row, [(Some(expected.0.to_owned()), Some(expected.1.to_owned()))]);
}

#[tokio::test]
async fn a_server_signs_every_hour_what_has_happened_and_nothing_twice() {
    let t = TestHouse::new().await;
    happen(&t.platform, 3).await;
    let look = async || {
        let job = domain::job::Job::LookAfterAudit;
        t.platform
            .db
            .write(async |tx| tx.enqueue(&job).await)
            .await
            .unwrap();
        domain::platform::jobs::run_due(&t.platform).await.unwrap();
        count!(t, "select count(*) from audit_checkpoints")
    };
    assert_eq!(look().await, 1);
    // That the key was made is audited behind it.
    assert_eq!(look().await, 2);
    assert_eq!(look().await, 2, "nothing has happened since");
    let report = assert_whole(&t).await;
    assert_eq!(
        (report.rows, report.signed_through, report.checkpoints),
        (4, 4, 2)
    );
    assert_eq!(t.audited("audit.key_made").await, 1);
    // Of several servers, one does it, once in an hour.
    let stop = CancellationToken::new();
    let second = t.second_node().await;
    let workers = [&t.platform, &second.platform]
        .map(|platform| tokio::spawn(domain::platform::jobs::work(platform.clone(), stop.clone())));
    while count!(t, "select count(*) from leases where name = 'look-after-audit'") == 0 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(
        count!(t, "select count(*) from jobs where kind = 'look-after-audit'"),
        4
    );
    t.ignore_jobs();
}

#[tokio::test]
async fn the_command_says_where_it_breaks_and_ends_with_one() {
    let t = house_with(5).await;
    let whole = t.tries(&["audit", "verify"], &[], "").await;
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert!(
        whole.out.contains("The audit is whole: 5 rows, 1 to 5"),
        "{whole:?}"
    );
    assert!(whole.out.contains("Nothing is signed yet"), "{whole:?}");
    let checkpoint = t.operator(&["audit", "checkpoint"], "").await;
    let line = checkpoint.lines().find(|line| line.starts_with('{')).unwrap();
    let kept = t.folder().join("kept.json");
    std::fs::write(&kept, line).unwrap();
    let with = ["audit", "verify", "--checkpoint", kept.to_str().unwrap()];
    let whole = t.tries(&with, &[], "").await;
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert!(whole.out.contains("Signed for up to row 5"), "{whole:?}");
    let key = t.operator(&["audit", "key"], "").await;
    let (_, text) = key.lines().find_map(|line| line.split_once('\t')).unwrap();
    assert!(line.contains(text), "{key} {line}");

    tamper!(t, "update audit_events set kind = 'nothing' where seq = 3");
    let broken = t.tries(&["audit", "verify"], &[], "").await;
    assert_eq!(broken.code, Some(1));
    assert!(broken.out.starts_with("Row 3 ("), "{broken:?}");
    let broken = t.tries(&["audit", "verify", "--json"], &[], "").await;
    assert_eq!(broken.code, Some(1));
    let told: serde_json::Value = serde_json::from_str(&broken.out).unwrap();
    assert_eq!(
        (&told["whole"], &told["breaks"][0]["kind"]),
        (&false.into(), &"changed".into())
    );
    assert_eq!(told["breaks"][0]["seq"], 3);
    let refused = t
        .tries(&["audit", "verify", "--checkpoint", "/nowhere"], &[], "")
        .await;
    assert_eq!(refused.code, Some(1));
}

#[tokio::test]
async fn the_doctor_says_when_nothing_was_signed_for_long() {
    let t = house_with(2).await;
    let found = async || {
        let found = domain::platform::doctor::examine(&t.platform, None).await;
        found.into_iter().any(|finding| finding.check == "audit")
    };
    t.clock.advance(chrono::Duration::hours(3));
    assert!(found().await);
    signed(&t).await;
    t.clock.advance(chrono::Duration::hours(1));
    assert!(!found().await);
    // An idle house has nothing to sign.
    signed(&t).await;
    t.clock.advance(chrono::Duration::hours(30));
    assert!(!found().await);
}
