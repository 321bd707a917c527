//! Backups, their way back, moves between databases, and copies before migrations.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use domain::notification::dev_inbox::CaughtMessage;
use domain::platform::backup::{self, Wishes};
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Secret, Sources};
use domain::platform::db::tables::Sum;
use domain::platform::entropy::Entropy;
use domain::platform::{Platform, relocation};

use crate::house::{Browser, Ended, PASSWORD, Storage, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";
const PASSPHRASE: &str = "a passphrase that nobody guesses";

fn passphrase() -> Secret {
    Secret::new(PASSPHRASE)
}

/// A house with people, sessions, failures, waiting mail and a look of everything else.
async fn lived_in() -> (TestHouse, Browser) {
    let t = TestHouse::new().await;
    t.admin().await;
    let ada = t.member("Ada \"λ\" O'Hara\u{1f511}", ADA).await;
    for _ in 0..4 {
        assert_eq!(t.script().sign_in(ADA, "a wrong guess of mine").await.status, 422);
    }
    t.browser().sign_up("Bob", "bob@example.com", PASSWORD).await;
    assert_eq!(count!(t, "select count(*) from jobs where state = 'ready'"), 1);
    t.ignore_jobs();
    (t, ada)
}

/// What the rows of each table come to.
async fn sums(platform: &Platform) -> Vec<(String, Sum)> {
    let summed = platform.db.snapshot(async |tx| {
        let mut sums = Vec::new();
        for table in tx.tables().await? {
            sums.push((table.name.clone(), tx.sum(&table).await?));
        }
        Ok(sums)
    });
    summed.await.unwrap()
}

/// Settings for an installation of its own.
fn settings(folder: &Path, url: &str) -> Config {
    let folder = folder.display().to_string();
    let named = [
        ("LATCHSTRING_DATA_DIR", folder.as_str()),
        ("LATCHSTRING_DATABASE_URL", url),
        ("LATCHSTRING_PASSWORD_ARGON2_MEMORY_KIB", "8"),
        ("LATCHSTRING_PASSWORD_ARGON2_ITERATIONS", "1"),
    ];
    let environment = named
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(&Sources {
        environment: environment.collect(),
        ..Sources::default()
    })
    .unwrap()
}

/// The platform of these settings, at the time of the test.
async fn open(t: &TestHouse, config: &Config) -> Platform {
    Platform::open(config.clone(), t.clock.clone(), Entropy::seeded(11))
        .await
        .unwrap()
}

async fn bring_back(t: &TestHouse, config: &Config, file: &Path, wishes: Wishes) -> Result<(), String> {
    let restored = backup::restore(
        config,
        t.clock.clone(),
        Entropy::seeded(12),
        file,
        &passphrase(),
        wishes,
    )
    .await;
    restored.map(drop).map_err(|error| error.to_string())
}

/// SQLite for a run on Postgres, and the other way round where there is a Postgres. Else SQLite both times.
async fn other_storage(t: &TestHouse) -> Storage {
    Storage::other(t.platform.db.kind(), t.dice(u64::MAX)).await
}

#[tokio::test]
async fn what_was_backed_up_comes_back_to_the_row_into_either_database() {
    let (t, ada) = lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    let summary = backup::write(&t.platform, &file, &passphrase()).await.unwrap();
    let mut before = sums(&t.platform).await;
    let rows: u64 = before.iter().map(|(_, sum)| sum.rows).sum();
    assert_eq!(summary.rows(), rows);
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no draft is left"
    );
    let bytes = std::fs::read(&file).unwrap();
    for secret in ["ada@example.com", "argon2id"] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    assert_eq!(backup::check(&file, &passphrase()).unwrap(), summary);

    let elsewhere = other_storage(&t).await;
    let config = settings(&elsewhere.folder().join("data"), elsewhere.url());
    bring_back(&t, &config, &file, Wishes::default()).await.unwrap();
    let platform = open(&t, &config).await;
    assert_eq!(platform.keys.ids(), t.platform.keys.ids());
    let mut after = sums(&platform).await;
    for changed in ["sessions", "audit_events", "audit_head"] {
        before.retain(|(table, _)| table != changed);
        after.retain(|(table, _)| table != changed);
    }
    assert_eq!(before, after);

    // It is the same house, but nobody is signed in, and a guesser goes on where they were.
    let node = t.node_on(platform);
    assert!(!ada.on(&node).is_signed_in().await);
    assert_eq!(
        node.script().sign_in(ADA, "a wrong guess of mine").await.status,
        422
    );
    assert_eq!(
        node.script().sign_in(ADA, "a wrong guess of mine").await.status,
        429
    );
    t.clock.advance(chrono::Duration::minutes(20));
    assert_eq!(node.script().sign_in(ADA, PASSWORD).await.status, 200);
    domain::platform::jobs::run_due(&node.platform).await.unwrap();
    let to_bob = node
        .platform
        .db
        .read(async |tx| CaughtMessage::list(tx, Some("bob@example.com"), None).await);
    assert_eq!(to_bob.await.unwrap().len(), 1, "the mail that waited");
    node.platform.db.close().await;
    elsewhere.close();
}

#[tokio::test]
async fn a_backup_is_of_one_moment_while_people_sign_up() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    t.ignore_jobs();
    let folder = tempfile::tempdir().unwrap();
    let (node, over) = (
        (*t).clone(),
        std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)),
    );
    let busy = {
        let over = std::sync::Arc::clone(&over);
        tokio::spawn(async move {
            let mut number = 0;
            while !over.load(std::sync::atomic::Ordering::SeqCst) {
                node.browser()
                    .sign_up("Somebody", &format!("person{number}@example.com"), PASSWORD)
                    .await;
                number += 1;
            }
            number
        })
    };
    for round in 0..5 {
        let file = folder.path().join(format!("{round}.backup"));
        let summary = backup::write(&t.platform, &file, &passphrase()).await.unwrap();
        let rows = |table: &str| summary.tables.iter().find(|(name, _)| name == table).unwrap().1;
        // Each sign-up writes one of each in one transaction.
        assert_eq!(rows("sign_ups"), rows("jobs"));
    }
    over.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(busy.await.unwrap() > 0);
}

#[tokio::test]
async fn a_wrong_passphrase_or_a_damaged_file_changes_nothing() {
    let (t, _) = lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    assert!(
        backup::write(&t.platform, &file, &Secret::new("too short"))
            .await
            .is_err()
            && !file.exists(),
        "a short passphrase is refused"
    );
    backup::write(&t.platform, &file, &passphrase()).await.unwrap();
    assert!(
        backup::write(&t.platform, &file, &passphrase()).await.is_err(),
        "no file is overwritten"
    );
    let whole = std::fs::read(&file).unwrap();
    let before = sums(&t.platform).await;
    let key = std::fs::read(t.folder().join("master.key")).unwrap();
    let tries = async |passphrase: &str, content: &[u8]| -> Ended {
        let name = folder.path().join("b.backup");
        std::fs::write(&name, content).unwrap();
        t.tries(
            &["restore", name.to_str().unwrap(), "--replace", "--force"],
            &[("BACKUP_PASSPHRASE", passphrase)],
            "",
        )
        .await
    };
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    for (passphrase, content, said) in [
        (
            "another passphrase entirely",
            &whole[..],
            "not the one of this backup",
        ),
        (PASSPHRASE, &whole[..whole.len() - 100], "damaged or cut off"),
        (PASSPHRASE, &changed, "damaged or cut off"),
        (PASSPHRASE, &whole[..90], "its end is missing"),
        (PASSPHRASE, b"something else", "no backup"),
        (PASSPHRASE, b"", "no backup"),
    ] {
        let ended = tries(passphrase, content).await;
        assert_eq!(ended.code, Some(1));
        assert!(
            ended.err.contains(said) && ended.err.lines().count() == 1,
            "{ended:?}"
        );
    }
    assert_eq!(sums(&t.platform).await, before);
    assert_eq!(std::fs::read(t.folder().join("master.key")).unwrap(), key);
}

#[tokio::test]
async fn people_and_running_servers_are_in_the_way_of_a_backup_unless_it_is_said() {
    let (t, _) = lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    let name = file.to_str().unwrap();
    let made = t.tries(&["backup", name], &[], &format!("{PASSPHRASE}\n")).await;
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(!made.out.contains(PASSPHRASE) && !made.err.contains(PASSPHRASE));
    let checked = t.tries(&["restore", name, "--check"], &[], PASSPHRASE).await;
    assert!(
        checked.code == Some(0) && checked.out.contains("is whole"),
        "{checked:?}"
    );

    tamper!(t, "update users set name = 'Changed since'");
    let refused = t.tries(&["restore", name], &[], PASSPHRASE).await;
    assert!(
        refused.code == Some(1) && refused.err.contains("--replace"),
        "{refused:?}"
    );
    let server = t.serve(&[]).await;
    let refused = t.tries(&["restore", name, "--replace"], &[], PASSPHRASE).await;
    assert!(
        refused.code == Some(1) && refused.err.contains(&server.address.to_string()),
        "{refused:?}"
    );
    let refused = t.tries(&["move", "--to", "sqlite://elsewhere.db"], &[], "").await;
    assert!(
        refused.code == Some(1) && refused.err.contains("in use"),
        "{refused:?}"
    );
    server.stop().await;
    assert_eq!(
        count!(t, "select count(*) from users where name = 'Changed since'"),
        2
    );

    let done = t.tries(&["restore", name, "--replace"], &[], PASSPHRASE).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        count!(t, "select count(*) from users where name = 'Changed since'"),
        0
    );
    assert_eq!(count!(t, "select count(*) from sessions"), 0);
    assert_eq!(t.audited("installation.restored").await, 1);
    // What was replaced lies beside it, where that is a file.
    let copies = std::fs::read_dir(t.folder().join("backups")).map_or(0, Iterator::count);
    assert_eq!(copies, usize::from(t.platform.db.kind() == "SQLite"));
    assert_eq!(t.tries(&["backup"], &[], "").await.code, Some(2), "wrong usage");
}

/// Takes the newest migration back, and says which it was.
async fn undo_newest(t: &TestHouse) -> (i64, String) {
    let (newest, name) = rows!(
        t,
        (i64, String),
        "select version, description from _sqlx_migrations order by version desc limit 1"
    )
    .remove(0);
    tamper!(t, "drop table logos");
    let undone = tamper!(t, "delete from _sqlx_migrations where version = $1", newest);
    assert_eq!(undone, 1);
    (newest, name)
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date_and_of_a_newer_one_refused() {
    let (t, _) = lived_in().await;
    let folder = tempfile::tempdir().unwrap();
    // As it was before the newest migration.
    let (newest, _) = undo_newest(&t).await;
    let older = folder.path().join("older.backup");
    let summary = backup::write(&t.platform, &older, &passphrase()).await.unwrap();
    assert!(summary.schema < newest);
    let elsewhere = other_storage(&t).await;
    let config = settings(&elsewhere.folder().join("data"), elsewhere.url());
    bring_back(&t, &config, &older, Wishes::default()).await.unwrap();
    let node = t.node_on(open(&t, &config).await);
    assert_eq!(node.platform.db.schema().await.unwrap().pending, []);
    assert_eq!(node.script().sign_in(ADA, PASSWORD).await.status, 200);
    node.platform.db.close().await;
    elsewhere.close();

    tamper!(
        t,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                values ($1, 'the future', true, $2, 1)",
        newest + 1,
        vec![1_u8]
    );
    let newer = folder.path().join("newer.backup");
    backup::write(&t.platform, &newer, &passphrase()).await.unwrap();
    let elsewhere = other_storage(&t).await;
    let config = settings(&elsewhere.folder().join("data"), elsewhere.url());
    let refused = bring_back(&t, &config, &newer, Wishes::default())
        .await
        .unwrap_err();
    assert!(refused.contains("Use that version, or a newer one"), "{refused}");
    assert!(!elsewhere.folder().join("data").join("master.key").exists());
    elsewhere.close();
}

#[tokio::test]
async fn a_house_moves_to_the_other_database_and_back() {
    let (t, ada) = lived_in().await;
    let elsewhere = other_storage(&t).await;
    let before = sums(&t.platform).await;
    let moved = relocation::relocate(&t.platform, elsewhere.url(), false)
        .await
        .unwrap();
    assert_eq!(moved, before);
    assert!(
        relocation::relocate(&t.platform, elsewhere.url(), false)
            .await
            .is_err(),
        "there are people now"
    );

    // The keys stay where they are; sessions and counts go on.
    let there = t.platform_on(elsewhere.url()).await;
    let node = t.node_on(there);
    assert!(ada.on(&node).is_signed_in().await);
    assert_eq!(
        node.script().sign_in(ADA, "a wrong guess of mine").await.status,
        422
    );
    assert_eq!(
        node.script().sign_in(ADA, "a wrong guess of mine").await.status,
        429
    );

    let back = Storage::make(t.dice(u64::MAX)).await;
    let left = sums(&node.platform).await;
    assert_eq!(
        relocation::relocate(&node.platform, back.url(), false)
            .await
            .unwrap(),
        left
    );
    let home = t.node_on(t.platform_on(back.url()).await);
    assert!(ada.on(&home).is_signed_in().await);
    home.platform.db.close().await;
    node.platform.db.close().await;
    back.close();
    elsewhere.close();
}

#[tokio::test]
async fn a_move_by_the_command_says_what_to_set_next() {
    let (t, _) = lived_in().await;
    let elsewhere = other_storage(&t).await;
    let said = t.operator(&["move", "--to", elsewhere.url()], "").await;
    assert!(
        said.contains("LATCHSTRING_DATABASE_URL") && said.contains("equal on both sides"),
        "{said}"
    );
    assert_eq!(
        t.tries(&["move", "--to", t.database_url()], &[], "").await.code,
        Some(1)
    );
    elsewhere.close();
}

#[tokio::test]
async fn migrations_are_listed_before_they_are_applied_and_a_sqlite_file_is_copied_first() {
    let t = TestHouse::new().await;
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().join("data");
    let fresh = [("DATA_DIR", folder.to_str().unwrap()), ("DATABASE_URL", "")];
    let listed = t.tries(&["migrate", "--dry-run"], &fresh, "").await;
    assert!(
        listed.code == Some(0) && listed.out.starts_with("0001  ground\n"),
        "{listed:?}"
    );
    assert!(!folder.exists(), "nothing is made");
    assert_eq!(t.tries(&["migrate"], &fresh, "").await.code, Some(0));
    let listed = t.tries(&["migrate", "--dry-run"], &fresh, "").await;
    assert!(
        listed.code == Some(0) && listed.out.contains("Nothing would be applied"),
        "{listed:?}"
    );
    assert!(!folder.join("backups").exists(), "there was nothing to copy");
    if t.platform.db.kind() != "SQLite" {
        return;
    }

    // As if the newest one were new, five times.
    for round in 0..5 {
        let (newest, name) = undo_newest(&t).await;
        let listed = t.tries(&["migrate", "--dry-run"], &[], "").await;
        assert!(
            listed.out.starts_with(&format!("{newest:04}  {name}\n")),
            "{listed:?}"
        );
        assert_eq!(
            count!(
                t,
                "select count(*) from _sqlx_migrations where version = $1",
                newest
            ),
            0
        );
        assert_eq!(t.tries(&["migrate"], &[], "").await.code, Some(0));
        let copies: Vec<_> = std::fs::read_dir(t.folder().join("backups"))
            .unwrap()
            .flatten()
            .collect();
        assert_eq!(copies.len(), 3.min(round + 1));
        for copy in &copies {
            assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        // A copy is a whole database, as it was before.
        let url = format!("sqlite://{}", copies[0].path().display());
        let platform = Platform::open_as_it_is(settings(&folder, &url), Clock::system(), Entropy::seeded(1));
        assert_eq!(
            platform.await.unwrap().db.schema().await.unwrap().pending.len(),
            1
        );
    }
}
