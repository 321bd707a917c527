//! What happens to a chain in the life of a house: people are erased, rows get too old, it moves, comes back, gets new keys, and
//! was there before it was a chain.

use chrono::Duration;
use domain::audit::checkpoint;
use domain::audit::verify::{Break, Compared, verify};
use domain::job::Job;
use domain::platform::backup::{self, Wishes};
use domain::platform::config::Secret;
use domain::platform::entropy::Entropy;
use domain::platform::jobs::run_due;
use domain::platform::relocation;
use uuid::Uuid;

use super::{assert_whole, breaks, happen, house_with, signed};
use crate::house::{Storage, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";

async fn run(t: &TestHouse, job: &Job) {
    t.platform
        .db
        .write(async |tx| tx.enqueue(job).await)
        .await
        .unwrap();
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn the_rows_of_somebody_who_was_erased_verify_without_them() {
    let t = TestHouse::new().await;
    t.member("Bob", "bob@example.com").await;
    t.member("Ada", ADA).await;
    let ada = rows!(t, (Uuid,), "select id from users where email = $1", ADA)[0].0;
    t.operator(&["user", "lock", ADA], "").await;
    t.operator(&["user", "unlock", ADA], "").await;
    let kept = signed(&t).await;
    let rows_before = count!(
        t,
        "select count(*) from audit_events where subject_id = $1 or actor_id = $1",
        ada
    );
    assert!(rows_before > 3);
    tamper!(
        t,
        "update users set erase_at = $1 where id = $2",
        t.clock.now(),
        ada
    );
    run(&t, &Job::LookAfterErasures).await;

    let report = assert_whole(&t).await;
    // Also the sign-up from before there was an account, which came from the same browser.
    assert_eq!((report.erased, report.nameless), (rows_before + 1, 1));
    assert_eq!(
        count!(
            t,
            "select count(*) from audit_events where subject_id = $1 or actor_id = $1",
            ada
        ),
        0
    );
    assert_eq!(
        count!(
            t,
            "select count(*) from audit_events where salt is null and (address <> '' or detail <> '{}')"
        ),
        0
    );
    assert!(verify(&t.platform, Some(&kept)).await.unwrap().is_whole());

    // What is left of these rows can't be changed either: what happened and when, or to somebody else's account.
    let (seq, id) = rows!(
        t,
        (i64, Uuid),
        "select seq, id from audit_events where salt is null and subject_id is not null order by seq limit 1"
    )[0];
    let bob = rows!(t, (Uuid,), "select id from users")[0].0;
    tamper!(t, "update audit_events set kind = 'nothing' where seq = $1", seq);
    assert_eq!(breaks(&t).await, [Break::Changed { seq, id }]);
    let (seq, id) = rows!(
        t,
        (i64, Uuid),
        "select seq, id from audit_events where salt is null and subject_id is not null order by seq desc limit 1"
    )[0];
    tamper!(
        t,
        "update audit_events set actor_id = $1, subject_id = $1 where seq = $2",
        bob,
        seq
    );
    assert!(breaks(&t).await.contains(&Break::Emptied { seq, id }));
    t.mails_to(ADA).await;
    t.mails_to("bob@example.com").await;
}

#[tokio::test]
async fn rows_go_when_they_are_too_old_and_the_chain_begins_where_that_is_signed() {
    let t = TestHouse::with(&[("AUDIT_RETENTION_DAYS", "30")]).await;
    happen(&t.platform, 600).await;
    let kept = signed(&t).await;
    t.clock.advance(Duration::days(20));
    happen(&t.platform, 5).await;
    run(&t, &Job::LookAfterAudit).await;
    assert_eq!(assert_whole(&t).await.first, 1);
    t.clock.advance(Duration::days(11));
    run(&t, &Job::LookAfterAudit).await;
    let report = assert_whole(&t).await;
    // The 601st is that the key was made.
    assert_eq!((report.first, report.last, report.rows), (601, 607, 7));
    assert_eq!(t.audited("audit.cut").await, 1);
    let detail = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'audit.cut'"
    );
    assert_eq!(detail[0].0, r#"{"rows":"600","through":"600"}"#);
    assert!(
        verify(&t.platform, Some(&kept)).await.unwrap().is_whole(),
        "it is the very place"
    );
    run(&t, &Job::LookAfterAudit).await;
    assert_eq!(assert_whole(&t).await.rows, 7);
    assert_eq!(t.audited("audit.cut").await, 1);

    // Nobody else says where it begins, and nothing is deleted because somebody wrote that there.
    tamper!(
        t,
        "update audit_checkpoints set seq = 605, hash = (select hash from audit_events where seq = 605) where purpose = 'anchor'"
    );
    let found = breaks(&t).await;
    assert!(found.contains(&Break::Missing { from: 1, to: 600 }), "{found:?}");
    assert!(found.contains(&Break::Checkpoint { seq: 605 }), "{found:?}");
    // The right beginning is signed once more, which is audited.
    run(&t, &Job::LookAfterAudit).await;
    assert_eq!(breaks(&t).await, [Break::Checkpoint { seq: 605 }]);
    assert_eq!(count!(t, "select count(*) from audit_events"), 8);
}

#[tokio::test]
async fn a_checkpoint_from_before_the_oldest_row_proves_nothing_and_verify_says_so() {
    let t = TestHouse::with(&[("AUDIT_RETENTION_DAYS", "30")]).await;
    happen(&t.platform, 10).await;
    let old = signed(&t).await;
    t.clock.advance(Duration::days(1));
    happen(&t.platform, 5).await;
    signed(&t).await;
    let report = verify(&t.platform, Some(&old)).await.unwrap();
    assert_eq!((report.is_whole(), report.kept), (true, Some(Compared::Matches)));
    t.clock.advance(Duration::days(40));
    happen(&t.platform, 1).await;
    run(&t, &Job::LookAfterAudit).await;
    let report = verify(&t.platform, Some(&old)).await.unwrap();
    assert_eq!(
        (report.is_whole(), report.kept),
        (true, Some(Compared::TooOld)),
        "{report:?}"
    );
    let new = signed(&t).await;
    let report = verify(&t.platform, Some(&new)).await.unwrap();
    assert_eq!(report.kept, Some(Compared::Matches));

    let file = t.folder().join("old.json");
    std::fs::write(&file, old.0.to_json(&old.1).unwrap()).unwrap();
    let ended = t
        .tries(
            &["audit", "verify", "--checkpoint", file.to_str().unwrap()],
            &[],
            "",
        )
        .await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.out.contains("The audit is whole") && ended.out.contains("could not be compared"),
        "{ended:?}"
    );
}

/// Takes away what the migrations of the chain made.
async fn unchained(t: &TestHouse) {
    tamper!(t, "drop table audit_checkpoints");
    tamper!(t, "drop table audit_head");
    tamper!(t, "drop index audit_events_seq");
    tamper!(t, "alter table audit_events drop column seq");
    tamper!(t, "alter table audit_events drop column salt");
    tamper!(t, "alter table audit_events drop column commitment");
    tamper!(t, "alter table audit_events drop column hash");
    tamper!(t, "alter table audit_events drop column was");
    tamper!(t, "alter table audit_events drop column became");
    assert_eq!(
        tamper!(t, "delete from _sqlx_migrations where version in (17, 18)"),
        2
    );
}

#[tokio::test]
async fn rows_from_before_the_chain_get_their_places_when_a_server_starts() {
    let t = house_with(1_230).await;
    t.member("Ada", ADA).await;
    let before = count!(t, "select count(*) from audit_events");
    unchained(&t).await;
    let (one, other) = (t.second_node().await, t.second_node().await);
    let report = assert_whole(&one).await;
    assert_eq!((report.first, report.rows), (1, before + 1));
    assert_eq!(t.audited("audit.chained").await, 1);
    let detail = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'audit.chained'"
    );
    assert_eq!(detail[0].0, format!(r#"{{"rows":"{before}"}}"#));
    assert_whole(&other).await;

    // It was killed in the middle: the next start goes on, behind what has happened meanwhile.
    tamper!(
        t,
        "update audit_events set seq = null, salt = null, commitment = null, hash = null where seq > 500"
    );
    tamper!(
        t,
        "update audit_head set adopted_at = null, seq = 500, hash = (select hash from audit_events where seq = 500)"
    );
    happen(&t.platform, 2).await;
    let (third, _) = tokio::join!(t.second_node(), t.second_node());
    assert_eq!(assert_whole(&third).await.rows, before + 4);
    // Once that is done, no row is taken in again.
    tamper!(
        t,
        "insert into audit_events (id, at, kind, outcome, detail) values ($1, $2, 'user.unlocked', 'done', '{}')",
        Uuid::from_u128(5),
        t.clock.now()
    );
    t.second_node().await;
    assert_eq!(
        breaks(&t).await,
        [Break::Outside {
            rows: 1,
            id: Uuid::from_u128(5)
        }]
    );
}

#[tokio::test]
async fn a_chain_holds_in_a_backup_in_another_database_and_after_a_move() {
    let t = house_with(300).await;
    let kept = signed(&t).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, passphrase) = (
        folder.path().join("a.backup"),
        Secret::new("a passphrase that nobody guesses"),
    );
    backup::write(&t.platform, &file, &passphrase).await.unwrap();
    let elsewhere = Storage::other(t.platform.db.kind(), t.dice(u64::MAX)).await;
    let mut config = t.platform.config.clone();
    config.database_url = Secret::new(elsewhere.url());
    config.data_dir = folder.path().join("data");
    let (clock, entropy) = (t.clock.clone(), Entropy::seeded(3));
    backup::restore(&config, clock, entropy, &file, &passphrase, Wishes::default())
        .await
        .unwrap();
    let there = t.node_on(t.platform_on(elsewhere.url()).await);
    let report = assert_whole(&there).await;
    assert_eq!(
        report.rows,
        assert_whole(&t).await.rows + 1,
        "and that it was brought back"
    );
    assert!(verify(&there.platform, Some(&kept)).await.unwrap().is_whole());
    signed(&there).await;

    let third = Storage::make(t.dice(u64::MAX)).await;
    relocation::relocate(&there.platform, third.url(), true)
        .await
        .unwrap();
    let moved = t.node_on(t.platform_on(third.url()).await);
    assert_eq!(
        assert_whole(&moved).await.rows,
        report.rows + 1,
        "and that it was moved"
    );
    happen(&moved.platform, 2).await;
    signed(&moved).await;
    assert!(verify(&moved.platform, Some(&kept)).await.unwrap().is_whole());
    for node in [&moved, &there] {
        node.platform.db.close().await;
    }
    third.close();
    elsewhere.close();
}

#[tokio::test]
async fn a_new_master_key_leaves_the_key_that_signs_as_it_is() {
    let t = house_with(3).await;
    let (before, key) = signed(&t).await;
    let old = domain::platform::keys::name(&t.platform.keys.current_id());
    t.operator(&["key", "rotate"], "").await;
    t.platform.keys.refresh();
    happen(&t.platform, 1).await;
    let (after, same) = signed(&t).await;
    assert_eq!((key, before.key_id), (same, after.key_id));
    assert_whole(&t).await;
    assert_eq!(t.audited("audit.key_made").await, 1);
    // Nothing of the audit needs the old one.
    let forgotten = t.tries(&["key", "forget", &old], &[], "").await;
    assert_eq!(forgotten.code, Some(0), "{forgotten:?}");
    assert!(
        checkpoint::newest(&t.second_node().await.platform)
            .await
            .unwrap()
            .is_some()
    );
}
