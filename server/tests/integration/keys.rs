//! The master key: its rotation while people sign in, whatever is killed in between, and servers that have the wrong one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration as StdDuration;

use domain::job::Job;
use domain::platform::jobs::{run_due, work};
use domain::platform::key_file::KeyFile;
use domain::platform::keys::name;
use domain::platform::rotation::{self, Outcome, Progress};
use tokio_util::sync::CancellationToken;

use crate::house::{PASSWORD, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";
/// Enough for a server that looks at the key file every second.
const PATIENCE: StdDuration = StdDuration::from_secs(20);

/// The ids of the keys that sealed what waits.
async fn keys_of_jobs(t: &TestHouse) -> BTreeSet<String> {
    let ids = rows!(
        t,
        (Vec<u8>,),
        "select distinct substr(payload, 2, 4) from jobs where length(payload) > 0"
    );
    ids.iter()
        .map(|(id,)| name(id.as_slice().try_into().unwrap()))
        .collect()
}

/// Puts so many jobs into the queue, due in the far future.
async fn enqueue(t: &TestHouse, jobs: usize) {
    let enqueued = t.platform.db.write(async |tx| {
        for _ in 0..jobs {
            tx.enqueue(&Job::CleanUp).await?;
        }
        Ok(())
    });
    enqueued.await.unwrap();
    let later = t.clock.now() + chrono::Duration::days(40_000);
    tamper!(t, "update jobs set run_at = $1 where state = 'ready'", later);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_key_takes_over_while_people_sign_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let second = t.second_node().await;
    t.member("Ada", ADA).await;
    for number in 0..4 {
        t.member("Bob", &format!("bob{number}@example.com")).await;
    }
    enqueue(&t, 250).await;
    let old = t.platform.keys.current_id();

    // Somebody has guessed four times, and somebody waits for a code.
    for _ in 0..4 {
        assert_eq!(t.script().sign_in(ADA, "a wrong guess of mine").await.status, 422);
    }
    let mut carol = t.browser();
    carol.sign_up("Carol", "carol@example.com", PASSWORD).await;
    let code = t.code_for("carol@example.com").await;

    let stop = CancellationToken::new();
    let workers =
        [&t.platform, &second.platform].map(|platform| tokio::spawn(work(platform.clone(), stop.clone())));
    let (over, entered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let people: Vec<_> = (0..4)
        .map(|number| {
            let node = if number % 2 == 0 {
                (*t).clone()
            } else {
                second.clone()
            };
            let (over, entered) = (Arc::clone(&over), Arc::clone(&entered));
            tokio::spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    let mut bob = node.browser();
                    let page = bob.sign_in(&format!("bob{number}@example.com"), PASSWORD).await;
                    assert_eq!(page.location(), "/account", "{}", page.status);
                    assert!(bob.is_signed_in().await);
                    entered.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    while count!(t, "select count(*) from servers") < 2 {
        tokio::task::yield_now().await;
    }
    let outcome = rotation::rotate(&t.platform, PATIENCE, |_| {}).await.unwrap();
    let new = t.platform.keys.current_id();
    assert!(
        matches!(outcome, Outcome::Done { key, .. } if key == new),
        "{outcome:?}"
    );
    assert_ne!(old, new);
    assert_eq!(second.platform.keys.current_id(), new);
    assert_eq!(keys_of_jobs(&t).await, BTreeSet::from([name(&new)]));
    over.store(true, Ordering::SeqCst);
    for person in people {
        person.await.unwrap();
    }
    assert!(entered.load(Ordering::SeqCst) > 4);
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(
        count!(t, "select count(*) from servers"),
        0,
        "servers that stopped are gone"
    );

    // The count goes on, the code is the one, and a password has the new pepper once its person was here.
    assert_eq!(t.script().sign_in(ADA, "a wrong guess of mine").await.status, 422);
    assert_eq!(t.script().sign_in(ADA, "a wrong guess of mine").await.status, 429);
    assert_eq!(count!(t, "select count(*) from sign_in_failures"), 1);
    assert_eq!(carol.type_code(&code).await.location(), "/account");
    t.clock.advance(chrono::Duration::minutes(20));
    for number in 0..4 {
        let email = format!("bob{number}@example.com");
        assert_eq!(t.script().sign_in(&email, PASSWORD).await.status, 200);
    }
    let with_old = count!(
        t,
        "select count(*) from passwords where pepper_id = $1",
        old.as_slice()
    );
    assert_eq!(with_old, 2, "Ada's and Carol's");
    assert_eq!(t.audited("installation.key_rotated").await, 1);

    // The jobs are done under the new key.
    tamper!(
        t,
        "update jobs set run_at = $1 where state = 'ready'",
        t.clock.now()
    );
    assert!(run_due(&t.platform).await.unwrap() >= 250);
    assert_eq!(count!(t, "select count(*) from jobs where state = 'dead'"), 0);

    // The old key goes when nobody needs it.
    assert!(matches!(
        rotation::forget(&t.platform, &name(&old)).await.unwrap(),
        rotation::Forgotten::Needed(_)
    ));
    assert_eq!(t.script().sign_in(ADA, PASSWORD).await.status, 200);
    assert_eq!(
        t.script().sign_in("carol@example.com", PASSWORD).await.status,
        200
    );
    assert_eq!(
        rotation::forget(&t.platform, &name(&old)).await.unwrap(),
        rotation::Forgotten::Done
    );
    let after = t.second_node().await;
    assert_eq!(after.platform.keys.ids(), [new]);
    assert_eq!(after.script().sign_in(ADA, PASSWORD).await.status, 200);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_rotation_that_is_killed_anywhere_goes_on_where_it_was() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    enqueue(&t, 1_500).await;
    let file = KeyFile::of(&t.platform.config);
    let mut killed = 0;
    for _ in 0..8 {
        let mut rotating = t.command(&["key", "rotate"], &[]).spawn().unwrap();
        tokio::time::sleep(StdDuration::from_millis(30 + t.dice(250))).await;
        killed += usize::from(rotating.try_wait().unwrap().is_none());
        rotating.kill().unwrap();
        rotating.wait().unwrap();
        // Whatever is on the disk opens whatever is in the database.
        file.read().unwrap();
        let payloads = rows!(
            t,
            (Vec<u8>,),
            "select payload from jobs where length(payload) > 0"
        );
        for (payload,) in payloads {
            t.platform.keys.open("job payload", &payload).unwrap();
        }
        t.operator(&["user", "list"], "").await;
    }
    assert!(killed > 0, "none was killed in the middle");
    let said = t.operator(&["key", "rotate"], "").await;
    assert!(said.contains("The master key is now"), "{said}");
    assert_eq!(keys_of_jobs(&t).await.len(), 1);
    let list = t.operator(&["key", "list"], "").await;
    let lines: Vec<&str> = list.lines().filter(|line| line.contains('\t')).collect();
    assert!(lines[0].contains("current\t0 passwords, 1500 jobs"), "{list}");
    assert!(
        lines.last().unwrap().contains("needed\t1 passwords, 0 jobs"),
        "{list}"
    );
    assert_eq!(t.script().sign_in(ADA, PASSWORD).await.status, 200);
    t.ignore_jobs();
}

#[tokio::test]
async fn a_running_server_gets_to_know_the_new_key_without_a_restart() {
    let t = TestHouse::new().await;
    let server = t.serve(&[]).await;
    let said = t.operator(&["key", "rotate"], "").await;
    assert!(said.contains("seals from now on"), "{said}");
    t.platform.keys.refresh();
    let new = name(&t.platform.keys.current_id());
    let known = rows!(t, (String,), "select key_ids from servers");
    assert!(known.len() == 1 && known[0].0.starts_with(&new), "{known:?}");
    server.stop().await;
    assert_eq!(count!(t, "select count(*) from servers"), 0);
    t.ignore_jobs();
}

#[tokio::test]
async fn a_server_that_never_takes_the_new_key_stops_the_rotation_before_anything_is_sealed_with_it() {
    let t = TestHouse::new().await;
    enqueue(&t, 1).await;
    let (id, now) = (uuid::Uuid::nil(), t.clock.now());
    tamper!(
        t,
        "insert into servers (id, listen, process, version, key_ids, started_at, seen_at)
                values ($1, '10.0.0.9:3000', 7, '1', '00000000', $2, $2)",
        id,
        now
    );
    let old = t.platform.keys.current_id();
    let mut made = Vec::new();
    for _ in 0..2 {
        let heard = std::sync::Mutex::new(None);
        let outcome = rotation::rotate(&t.platform, StdDuration::from_millis(300), |progress| {
            if let Progress::Made(id) = progress {
                *heard.lock().unwrap() = Some(id);
            }
        });
        let Outcome::Behind(servers) = outcome.await.unwrap() else {
            panic!("it is not there yet");
        };
        assert_eq!(servers[0].describe(), "the server at 10.0.0.9:3000 (process 7)");
        assert_eq!(t.platform.keys.current_id(), old);
        made.extend(heard.into_inner().unwrap());
    }
    assert_eq!(made.len(), 1, "the second call went on with the key of the first");
    // It was dead after all.
    t.clock.advance(chrono::Duration::minutes(2));
    assert!(matches!(
        rotation::rotate(&t.platform, StdDuration::from_millis(300), |_| {}).await.unwrap(),
        Outcome::Done { key, resealed: 1, .. } if key == made[0]
    ));
    t.ignore_jobs();
}

#[tokio::test]
async fn a_key_from_the_settings_is_changed_by_the_operator_and_the_command_says_how() {
    let old = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let t = TestHouse::with(&[("MASTER_KEY", old)]).await;
    enqueue(&t, 3).await;
    let asked = t.tries(&["key", "rotate"], &[], "").await;
    assert_eq!(asked.code, Some(1));
    assert!(asked.err.contains("LATCHSTRING_MASTER_KEY"), "{asked:?}");
    let both = format!("{},{old}", asked.out.trim());
    let done = t.tries(&["key", "rotate"], &[("MASTER_KEY", &both)], "").await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("Sealed anew: 3 values"), "{done:?}");
    assert_eq!(keys_of_jobs(&t).await.len(), 1);
    // The key alone is enough now, but for passwords that were hashed under the old one.
    let alone = t
        .tries(&["user", "list"], &[("MASTER_KEY", asked.out.trim())], "")
        .await;
    assert_eq!(alone.code, Some(0), "{alone:?}");
    t.ignore_jobs();
}

#[tokio::test]
async fn a_server_with_the_wrong_key_does_not_start_and_the_doctor_says_why() {
    let t = TestHouse::new().await;
    let other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let right = name(&t.platform.keys.current_id());
    let refused = t.tries(&["serve"], &[("MASTER_KEY", other)], "").await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains(&right), "{refused:?}");
    let examined = t.tries(&["doctor", "--json"], &[("MASTER_KEY", other)], "").await;
    assert_eq!(examined.code, Some(1));
    assert!(
        examined.out.contains("check-key-file-wrong") && examined.out.contains(&right),
        "{examined:?}"
    );

    // Nothing is made by looking: no key in a folder that has none.
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().join("data");
    let settings = [("DATA_DIR", folder.to_str().unwrap()), ("DATABASE_URL", "")];
    let examined = t.tries(&["doctor", "--json"], &settings, "").await;
    assert!(examined.out.contains("check-key-file-none"), "{examined:?}");
    assert!(!folder.exists());
}

/// What a new column seals must be sealed anew by a rotation, or be gone with its key.
#[tokio::test]
async fn every_column_of_bytes_is_known_to_the_rotation() {
    const HASHES: &[&str] = &[
        "token_hash",
        "link_hash",
        "confirm_hash",
        "undo_hash",
        "account_key",
        "device_key",
        "mark",
        "code_mac",
        "challenge_hash",
        "browser_hash",
        // Not a secret: the name that a device gave its passkey.
        "credential_id",
        "pepper_id",
        // What the list of people is sorted and searched by.
        "name_key",
        "mail_key",
        "term",
        "checksum",
        // Anybody may see it.
        "png",
        // Of the audit: nothing here is a secret of the house.
        "salt",
        "commitment",
        "hash",
        "signature",
    ];
    let t = TestHouse::new().await;
    let columns = if t.platform.db.kind() == "Postgres" {
        rows!(
            t,
            (String, String),
            "select cast(table_name as text), cast(column_name as text) from information_schema.columns
             where table_schema = 'public' and data_type = 'bytea'"
        )
    } else {
        rows!(
            t,
            (String, String),
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and lower(c.type) in ('bytea', 'blob')"
        )
    };
    let sealed: BTreeSet<String> = columns
        .into_iter()
        .filter(|(_, column)| !HASHES.contains(&column.as_str()))
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(
        sealed,
        BTreeSet::from(
            [
                "export_pieces.sealed",
                "import_rows.sealed",
                "jobs.payload",
                "phone_enrolments.sealed",
                "phones.sealed",
                "sealed_secrets.sealed",
                "totp_enrolments.sealed",
                "totps.sealed"
            ]
            .map(str::to_owned)
        ),
        "a hash (add it above), or sealed: then domain/src/platform/rotation.rs must seal it anew"
    );
}
