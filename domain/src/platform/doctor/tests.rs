use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, TimeZone as _, Utc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::platform::clock::Clock;
use crate::platform::config::Sources;
use crate::platform::entropy::Entropy;
use crate::platform::jobs::{self, MAX_ATTEMPTS};
use crate::platform::key_file;
use crate::platform::redis::tests::{Server, eventually};
use crate::sql;
use crate::words::Words;

pub(super) fn settings(folder: &Path, more: &[(&str, &str)]) -> Config {
    let folder = folder.display().to_string();
    let few = [
        ("DATA_DIR", folder.as_str()),
        ("PASSWORD_ARGON2_MEMORY_KIB", "8"),
        ("PASSWORD_ARGON2_ITERATIONS", "1"),
    ];
    let environment = few
        .iter()
        .chain(more)
        .map(|(name, value)| (format!("LATCHSTRING_{name}"), (*value).to_owned()));
    Config::load(&Sources {
        environment: environment.collect(),
        ..Sources::default()
    })
    .expect("good settings")
}

/// A server on SQLite in a folder of its own.
struct House {
    platform: Platform,
    clock: Clock,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open(more: &[(&str, &str)]) -> Self {
        Self::open_at(Clock::system(), more).await
    }

    async fn open_at(clock: Clock, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = settings(folder.path(), more);
        let platform = Platform::open(config, clock.clone(), Entropy::seeded(7))
            .await
            .expect("a platform");
        Self {
            platform,
            clock,
            _folder: folder,
        }
    }

    async fn seen_from(&self, visit: Visit<'_>) -> Vec<Finding> {
        examine(&self.platform, Some(&visit)).await
    }
}

fn of<'a>(findings: &'a [Finding], check: &str) -> &'a Finding {
    findings
        .iter()
        .find(|finding| finding.check == check)
        .expect(check)
}

/// The sentence, which must have all its arguments.
pub(super) fn said(finding: &Finding) -> String {
    let text = finding.text(Words::for_language("en"));
    assert!(!text.contains("{$") && !text.contains("check-"), "{text}");
    text
}

/// A web server moves its handlers between threads.
#[test]
fn the_examination_can_move_between_threads() {
    fn can_move(_: impl Future + Send) {}
    fn both(platform: &Platform, visit: Visit<'_>) {
        can_move(async move { examine(platform, Some(&visit)).await });
        can_move(ready(platform));
        can_move(async move { examine_unopened(&platform.config, &Error::Sealed).await });
    }
    let _ = both;
}

/// Those that are not well, but for the way in, where nobody listens at the public address of these servers, and the
/// disk, which is that of whoever runs the tests. Both have tests of their own.
fn unwell(findings: &[Finding]) -> Vec<(&str, Status)> {
    let unwell = findings
        .iter()
        .filter(|finding| finding.status > Status::Ok && !["self-call", "disk"].contains(&finding.check));
    unwell.map(|finding| (finding.check, finding.status)).collect()
}

/// An address on this machine at which nobody answers.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0)
        .single()
        .expect("a time")
}

#[tokio::test]
async fn a_healthy_server_is_all_in_order() {
    let house = House::open(&[]).await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(jobs::work(house.platform.clone(), stop.clone()));
    eventually("the worker leads", async || {
        checks::worker_anywhere(&house.platform.db).await.status == Status::Ok
    })
    .await;

    let visit = Visit {
        seen_origin: Some("http://LOCALHOST:3000/"),
        cookie_came_back: Some(true),
    };
    let (well, ready) = ready(&house.platform).await;
    assert!(well);
    for findings in [
        examine(&house.platform, None).await,
        house.seen_from(visit).await,
        ready,
    ] {
        assert_eq!(unwell(&findings), []);
        for finding in &findings {
            said(finding);
            assert_ne!(
                finding.title(Words::for_language("en")),
                format!("check-{}", finding.check)
            );
        }
    }
    let checks: Vec<&str> = examine(&house.platform, None)
        .await
        .iter()
        .map(|finding| finding.check)
        .collect();
    assert_eq!(
        checks,
        [
            "database",
            "migrations",
            "cache",
            "mail",
            "clock",
            "key-file",
            "disk",
            "public-url",
            "cookie",
            "passkey",
            "self-call",
            "worker"
        ]
    );
    stop.cancel();
    worker.await.expect("the worker ends");
}

#[tokio::test]
async fn another_public_address_is_named_with_the_one_that_was_seen() {
    let house = House::open(&[]).await;
    let findings = house
        .seen_from(Visit {
            seen_origin: Some("https://id.example.com"),
            ..Visit::default()
        })
        .await;
    let text = said(of(&findings, "public-url"));
    for named in [
        "http://localhost:3000",
        "https://id.example.com",
        "LATCHSTRING_PUBLIC_URL",
    ] {
        assert!(text.contains(named), "{text}");
    }
    assert_eq!(unwell(&findings), [("public-url", Status::Fail)]);

    let hostile = format!("nothing\r\n\u{202e}{}", "x".repeat(10_000));
    let findings = house
        .seen_from(Visit {
            seen_origin: Some(&hostile),
            ..Visit::default()
        })
        .await;
    let text = said(of(&findings, "public-url"));
    assert!(
        text.len() < 600 && !text.contains(['\r', '\n', '\u{202e}']),
        "{text}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_file_that_others_can_read_or_that_is_gone_is_found() {
    use std::os::unix::fs::{PermissionsExt as _, chown};

    let house = House::open(&[]).await;
    let path = key_file::path(&house.platform.config);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("its mode");
    let finding = &house.seen_from(Visit::default()).await;
    let finding = of(finding, "key-file");
    assert_eq!(finding.status, Status::Fail);
    assert!(
        said(finding).ends_with(&format!("chmod 600 {}", path.display())),
        "{finding:?}"
    );
    assert!(
        finding
            .detail
            .as_deref()
            .is_some_and(|detail| detail.contains("0644")),
        "{finding:?}"
    );

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    if rustix::process::geteuid().is_root() {
        chown(&path, Some(12_345), None).expect("another owner");
        let verdict = standing::key_file(&house.platform.config).await;
        assert_eq!(
            (verdict.status, verdict.id),
            (Status::Fail, "check-key-file-owner")
        );
        assert_eq!(verdict.detail.as_deref(), Some("it belongs to user 12345"));
    }

    std::fs::remove_file(&path).expect("removed");
    let findings = house.seen_from(Visit::default()).await;
    assert_eq!(unwell(&findings), [("key-file", Status::Fail)]);
    assert!(said(of(&findings, "key-file")).contains(&path.display().to_string()));
}

#[tokio::test]
async fn a_key_from_the_environment_needs_no_file() {
    let key = "dGhpcyBpcyBub3QgYSBzZWNyZXQsIGl0IGlzIGEgdGU=";
    let house = House::open(&[("MASTER_KEY", key)]).await;
    let findings = house.seen_from(Visit::default()).await;
    assert_eq!(unwell(&findings), []);
    assert_eq!(of(&findings, "key-file").message.0, "check-key-file-environment");
    assert!(!serde_json::to_string(&findings).expect("JSON").contains(key));
}

#[tokio::test]
async fn a_mail_server_that_is_away_or_silent_is_a_finding_and_no_hang() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let silent_at = silent.local_addr().expect("an address").to_string();
    for (address, detail) in [
        (nobody().await, "the mail server"),
        (silent_at, "no answer within 2 s"),
    ] {
        let house = House::open(&[("SMTP_URL", &format!("smtp://ada:open-sesame@{address}"))]).await;
        let started = Instant::now();
        let findings = house.seen_from(Visit::default()).await;
        assert!(
            started.elapsed() < LIMIT + Duration::from_millis(500),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(unwell(&findings), [("mail", Status::Fail)]);
        let mail = of(&findings, "mail");
        assert!(said(mail).contains("LATCHSTRING_SMTP_URL"), "{mail:?}");
        assert!(
            mail.detail.as_deref().is_some_and(|said| said.contains(detail)),
            "{mail:?}"
        );
        assert!(!format!("{findings:?}").contains("sesame"));
        assert!(ready(&house.platform).await.0, "people can sign in without mail");
    }
}

#[tokio::test]
async fn a_lost_redis_is_worth_a_look_and_the_server_stays_ready() {
    let house = House::open(&[("REDIS_URL", &format!("redis://:open-sesame@{}", nobody().await))]).await;
    let findings = house.seen_from(Visit::default()).await;
    assert_eq!(unwell(&findings), [("cache", Status::Warn)]);
    assert!(said(of(&findings, "cache")).contains("LATCHSTRING_REDIS_URL"));
    assert!(!format!("{findings:?}").contains("sesame"));
    let (well, findings) = ready(&house.platform).await;
    assert!(well);
    assert_eq!(Status::worst(&findings).as_health(), "degraded");
}

#[tokio::test]
async fn a_redis_that_is_just_being_connected_to_is_waited_for() {
    let Some(server) = Server::start().await else {
        return;
    };
    let house = House::open(&[("REDIS_URL", &server.url())]).await;
    let findings = house.seen_from(Visit::default()).await;
    assert_eq!(unwell(&findings), []);
    assert_eq!(of(&findings, "cache").message.0, "check-cache-ok");
}

#[tokio::test]
async fn without_its_database_the_server_is_not_ready() {
    let house = House::open(&[]).await;
    house.platform.db.close().await;
    let (well, findings) = ready(&house.platform).await;
    assert!(!well);
    assert_eq!(
        unwell(&findings),
        [
            ("database", Status::Fail),
            ("migrations", Status::Fail),
            ("mail", Status::Warn)
        ]
    );
    assert_eq!(Status::worst(&findings).as_health(), "failing");
    assert!(said(of(&findings, "database")).contains("LATCHSTRING_DATABASE_URL"));
    assert!(said(of(&findings, "migrations")).contains("Mend the database first"));

    let findings = examine(&house.platform, None).await;
    let unwell: Vec<&str> = unwell(&findings).iter().map(|(check, _)| *check).collect();
    assert_eq!(unwell, ["database", "migrations", "clock", "worker"]);
    for finding in &findings {
        said(finding);
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_a_finding_and_no_hang() {
    let house = House::open(&[("DATABASE_POOL_SIZE", "1")]).await;
    let db = house.platform.db.clone();
    let (held, mut holds) = tokio::sync::mpsc::channel(1);
    let holder = tokio::spawn(async move {
        let held = &held;
        db.read(async |_| {
            held.send(()).await.expect("the test waits");
            std::future::pending::<crate::Result<()>>().await
        })
        .await
    });
    holds.recv().await.expect("the only connection is held");
    let started = Instant::now();
    let (findings, (well, cheap)) = tokio::join!(house.seen_from(Visit::default()), ready(&house.platform));
    assert!(
        started.elapsed() < LIMIT + Duration::from_millis(500),
        "{:?}",
        started.elapsed()
    );
    holder.abort();
    assert!(!well);
    let away = [("database", Status::Fail), ("migrations", Status::Fail)];
    assert_eq!(
        unwell(&findings),
        [&away[..], &[("clock", Status::Warn)]].concat()
    );
    assert_eq!(unwell(&cheap), [&away[..], &[("mail", Status::Warn)]].concat());
    assert_eq!(
        of(&cheap, "database").detail.as_deref(),
        Some("no answer within 2 s")
    );
}

#[tokio::test]
async fn missing_migrations_keep_the_server_from_being_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("latchstring.db"), "").expect("an empty database");
    let platform = Platform::open_as_it_is(settings(folder.path(), &[]), Clock::system(), Entropy::seeded(7));
    let (well, findings) = ready(&platform.await.expect("a platform")).await;
    assert!(!well);
    assert_eq!(of(&findings, "database").status, Status::Ok);
    assert_eq!(of(&findings, "migrations").status, Status::Fail);
    assert!(said(of(&findings, "migrations")).ends_with("latchstring migrate"));
}

#[tokio::test]
async fn a_worker_that_stopped_keeps_the_server_from_being_ready() {
    let house = House::open_at(Clock::fixed(noon()), &[]).await;
    house.clock.advance(chrono::Duration::seconds(30));
    assert!(ready(&house.platform).await.0);
    house.clock.advance(chrono::Duration::seconds(1));
    let (well, findings) = ready(&house.platform).await;
    assert!(!well);
    assert_eq!(unwell(&findings), [("worker", Status::Fail)]);
    assert!(said(of(&findings, "worker")).contains("31 s"));
    // The clock was set back.
    house.clock.advance(chrono::Duration::seconds(-100));
    assert!(!ready(&house.platform).await.0);
    // A command beside the server has no worker of its own.
    let findings = examine(&house.platform, None).await;
    assert_eq!(unwell(&findings), [("worker", Status::Warn)]);
    assert!(said(of(&findings, "worker")).ends_with("latchstring serve"));
}

#[tokio::test]
async fn mail_that_does_not_move_is_worth_a_look() {
    let house = House::open_at(Clock::fixed(noon()), &[]).await;
    let put = async |state: &'static str, attempts: i64, age: i64, due: i64| {
        house
            .platform
            .db
            .write(async |tx| {
                let (id, now) = (tx.new_id(), tx.now());
                sql!(tx, execute "delete from jobs")?;
                sql!(tx, execute
                    "insert into jobs (id, kind, payload, state, attempts, run_at, created_at)
                     values ($1, 'send-mail', $2, $3, $4, $5, $6)",
                    id, vec![0_u8], state, attempts, now + chrono::Duration::minutes(due),
                    now - chrono::Duration::minutes(age))
            })
            .await
            .expect("a row");
        let (well, findings) = ready(&house.platform).await;
        assert!(well);
        said(of(&findings, "mail"));
        (of(&findings, "mail").status, of(&findings, "mail").message.0)
    };
    // The state, the attempts, minutes since it was written, minutes until it is due.
    assert_eq!(put("ready", 0, 4, -4).await, (Status::Ok, "check-mail-moving"));
    assert_eq!(put("ready", 0, 6, -6).await, (Status::Warn, "check-mail-late"));
    assert_eq!(put("ready", 3, 6, 20).await, (Status::Warn, "check-mail-late"));
    assert_eq!(put("ready", 0, 6, 20).await, (Status::Ok, "check-mail-moving"));
    assert_eq!(put("done", 1, 600, -600).await, (Status::Ok, "check-mail-moving"));
    assert_eq!(put("dead", 1, 60, -10).await, (Status::Ok, "check-mail-moving"));
    assert_eq!(
        put("dead", MAX_ATTEMPTS, 600, -10).await,
        (Status::Warn, "check-mail-given-up")
    );
    assert_eq!(
        put("dead", MAX_ATTEMPTS, 6_000, -1_500).await,
        (Status::Ok, "check-mail-moving")
    );
}

#[tokio::test]
async fn a_clock_that_was_never_set_is_found() {
    let unset = House::open_at(Clock::fixed(DateTime::UNIX_EPOCH), &[]).await;
    let findings = unset.seen_from(Visit::default()).await;
    assert_eq!(unwell(&findings), [("clock", Status::Fail)]);
    assert!(said(of(&findings, "clock")).contains("1970"));
}

#[test]
fn the_domain_of_passkeys_is_the_host_or_one_above_it_that_is_somebodys() {
    let folder = tempfile::tempdir().expect("a folder");
    for (host, id, related, found) in [
        ("https://id.example.com", "", "", "check-passkey-ok"),
        ("https://id.example.com", "id.example.com", "", "check-passkey-ok"),
        (
            "https://id.example.com",
            "example.com",
            "https://example.org",
            "check-passkey-ok",
        ),
        ("https://id.example.com", "com", "", "check-passkey-wide"),
        (
            "https://id.example.com",
            "ample.com",
            "",
            "check-passkey-elsewhere",
        ),
        (
            "https://id.example.com",
            "a.id.example.com",
            "",
            "check-passkey-elsewhere",
        ),
        (
            "https://new.example",
            "old.example",
            "https://new.example",
            "check-passkey-elsewhere",
        ),
        (
            "https://id.example.com",
            "",
            "https://192.0.2.1",
            "check-passkey-related",
        ),
        (
            "https://id.example.com",
            "",
            "https://[2001:db8::1]",
            "check-passkey-related",
        ),
        ("https://192.0.2.1", "example.com", "", "check-passkey-fail"),
    ] {
        let config = settings(
            folder.path(),
            &[
                ("ENV", "development"),
                ("PUBLIC_URL", host),
                ("MAIL_FROM", "no-reply@example.com"),
                ("PASSKEY_RP_ID", id),
                ("PASSKEY_RELATED_ORIGINS", related),
            ],
        );
        let verdict = standing::passkey(&config);
        assert_eq!(verdict.id, found, "{host} {id} {related}");
        said(&Finding::new("passkey", Duration::ZERO, verdict));
    }
}

#[test]
fn cookies_and_passkeys_follow_the_public_url() {
    let folder = tempfile::tempdir().expect("a folder");
    for (url, cookie, passkey) in [
        ("https://id.example.com", "check-cookie-ok", "check-passkey-ok"),
        ("http://localhost:3000", "check-cookie-plain", "check-passkey-ok"),
        (
            "http://id.localhost:3000",
            "check-cookie-plain",
            "check-passkey-ok",
        ),
        (
            "http://127.0.0.1:3000",
            "check-cookie-plain",
            "check-passkey-fail",
        ),
        ("http://[::1]:3000", "check-cookie-plain", "check-passkey-fail"),
        ("https://192.0.2.1", "check-cookie-ok", "check-passkey-fail"),
        ("http://192.0.2.1", "check-cookie-exposed", "check-passkey-fail"),
        (
            "http://id.example.com",
            "check-cookie-exposed",
            "check-passkey-fail",
        ),
        (
            "http://localhost.example.com",
            "check-cookie-exposed",
            "check-passkey-fail",
        ),
    ] {
        let config = settings(
            folder.path(),
            &[
                ("ENV", "development"),
                ("PUBLIC_URL", url),
                ("MAIL_FROM", "no-reply@example.com"),
            ],
        );
        assert_eq!(standing::cookie(&config, "Latchstring", None).id, cookie, "{url}");
        assert_eq!(standing::passkey(&config).id, passkey, "{url}");
        let lost = Visit {
            cookie_came_back: Some(false),
            ..Visit::default()
        };
        let verdict = standing::cookie(&config, "Latchstring", Some(&lost));
        assert_eq!(
            (verdict.status, verdict.id),
            (Status::Fail, "check-cookie-fail"),
            "{url}"
        );
    }
}

#[test]
fn a_disk_is_low_before_it_is_full() {
    for (megabytes, status) in [
        (0, Status::Fail),
        (63, Status::Fail),
        (64, Status::Warn),
        (511, Status::Warn),
        (512, Status::Ok),
    ] {
        let verdict = standing::judge_disk(megabytes << 20, Path::new("/srv"));
        assert_eq!(verdict.status, status, "{megabytes}");
        assert!(said(&Finding::new("disk", Duration::ZERO, verdict)).contains(&format!("{megabytes} MB")));
    }
}

#[tokio::test]
async fn a_server_that_does_not_open_is_examined_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let smtp = format!("smtp://{}", nobody().await);
    let config = settings(folder.path(), &[("SMTP_URL", &smtp)]);
    for (error, check) in [
        (Error::Database(sqlx::Error::PoolTimedOut), "database"),
        (
            Error::Migration(sqlx::migrate::MigrateError::VersionMissing(3)),
            "migrations",
        ),
        (Error::Configuration("the key file has no key".into()), "start"),
    ] {
        let findings = examine_unopened(&config, &error).await;
        assert_eq!(
            unwell(&findings),
            [
                (check, Status::Fail),
                ("mail", Status::Fail),
                ("key-file", Status::Fail)
            ]
        );
        for finding in &findings {
            said(finding);
        }
    }
}

#[test]
fn json_has_the_sentence_and_its_id() {
    let verdict = Verdict::fail("check-migrations-fail")
        .with("count", 2)
        .because("why");
    let finding = Finding::new("migrations", Duration::from_micros(12_900), verdict);
    assert_eq!(
        serde_json::to_value(&finding).expect("JSON"),
        serde_json::json!({
            "check": "migrations",
            "status": "fail",
            "ms": 12,
            "message": "check-migrations-fail",
            "text": "2 migrations have not been applied. Run: latchstring migrate",
            "detail": "why",
        })
    );
}

#[test]
fn the_catalog_has_every_sentence_and_no_other() {
    let code = concat!(
        include_str!("mod.rs"),
        include_str!("checks.rs"),
        include_str!("standing.rs"),
        include_str!("self_call/mod.rs")
    );
    let used: BTreeSet<&str> = code
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| text.starts_with("check-") && !text.contains(['{', '…']))
        .collect();
    let titles = [
        "database",
        "migrations",
        "cache",
        "mail",
        "clock",
        "key-file",
        "disk",
        "places",
        "public-url",
        "cookie",
        "passkey",
        "audit",
        "self-call",
        "sms",
        "worker",
        "settings",
        "start",
    ];
    let beside: BTreeSet<String> = titles
        .iter()
        .map(|title| format!("check-{title}"))
        .chain(
            [
                "check-state-skipped",
                "check-state-ok",
                "check-state-warn",
                "check-state-fail",
                "check-detail",
            ]
            .map(str::to_owned),
        )
        .collect();
    let catalog = include_str!("../../../locales/en/set_up.ftl");
    let known: BTreeSet<&str> = catalog
        .lines()
        .filter(|line| line.starts_with("check-"))
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
        .filter(|id| !beside.contains(*id))
        .collect();
    assert_eq!(used, known);
}
