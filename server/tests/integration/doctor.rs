//! `latchstring doctor` in front of set-ups that are broken, each in its own way: it names what is wrong, and the
//! remedy. Faults that need another clock or a proxy have their tests beside the examination itself, in the domain.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::house::{Ended, Smtp, TestHouse, free_address, tamper};
use crate::passkeys::{Device, add};

/// What must be mended, by check, sentence and text.
fn faults(ended: &Ended) -> Vec<(String, String, String)> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = ended.json();
    let found: Vec<_> = findings
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["status"] == "fail")
        .map(|finding| {
            (
                text(finding, "check"),
                text(finding, "message"),
                text(finding, "text"),
            )
        })
        .collect();
    assert_eq!(ended.code, Some(i32::from(!found.is_empty())), "{ended:?}");
    assert!(!ended.err.contains("panicked"), "{ended:?}");
    found
}

/// Runs `doctor --json` with these settings; exactly this is to be mended, and the remedy names this.
#[track_caller]
fn assert_only(ended: &Ended, message: &str, remedy: &str) {
    let found = faults(ended);
    assert_eq!(found.len(), 1, "{found:?}");
    let (_, id, text) = &found[0];
    assert_eq!(id, message, "{text}");
    assert!(text.contains(remedy), "{text}");
}

async fn doctor(t: &TestHouse, settings: &[(&str, &str)]) -> Ended {
    t.tries(&["doctor", "--json"], settings, "").await
}

/// A server that says this to whoever asks something, and hangs up.
async fn saying(answer: &'static str) -> String {
    speaking(answer, false).await
}

/// A server that says this, unasked or not, and hangs up.
async fn speaking(answer: &'static str, unasked: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = [0; 1024];
            if !unasked {
                let _ = stream.read(&mut heard).await;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn a_set_up_without_a_server_has_nothing_to_mend() {
    let t = TestHouse::new().await;
    let listen = free_address().to_string();
    let ended = doctor(&t, &[("LISTEN", &listen)]).await;
    assert_eq!(faults(&ended), []);
    let findings = ended.json();
    let of = |check: &str| {
        let found = findings.as_array().unwrap().iter().find(|f| f["check"] == check);
        found.unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(of("self-call"), "skipped");
    assert_eq!(of("worker"), "warn");
    let ended = t.tries(&["doctor"], &[("LISTEN", &listen)], "").await;
    assert!(
        ended.out.contains("skip  Way in: No server is running here"),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_server_that_runs_is_called_at_its_public_address() {
    let t = TestHouse::new().await;
    let server = t.serve(&[]).await;
    let (listen, url) = (
        server.address.to_string(),
        format!("http://localhost:{}", server.address.port()),
    );
    let ended = doctor(&t, &[("LISTEN", &listen), ("PUBLIC_URL", &url)]).await;
    assert_eq!(faults(&ended), []);
    assert!(ended.out.contains("check-self-call-ok"), "{ended:?}");

    // Another installation with a key of its own listens there.
    let other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let settings = [
        ("LISTEN", listen.as_str()),
        ("PUBLIC_URL", &url),
        ("MASTER_KEY", other),
    ];
    assert!(doctor(&t, &settings).await.out.contains("check-self-call-other"));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_database_is_named() {
    let t = TestHouse::new().await;
    let nobody = format!("postgres://ada:open-sesame@{}/latchstring", free_address());
    let away = doctor(&t, &[("DATABASE_URL", &nobody)]).await;
    assert_only(&away, "check-database-fail", "LATCHSTRING_DATABASE_URL");
    assert!(!away.out.contains("sesame"));
    let nowhere = format!("sqlite://{}", t.folder().join("no/such/folder.db").display());
    let missing = doctor(&t, &[("DATABASE_URL", &nowhere)]).await;
    assert_only(&missing, "check-database-file", "path");
    let no_database = t.folder().join("text.db");
    std::fs::write(
        &no_database,
        "this is a text and no database, and longer than a header\n".repeat(99),
    )
    .unwrap();
    let text = format!("sqlite://{}", no_database.display());
    assert_only(
        &doctor(&t, &[("DATABASE_URL", &text)]).await,
        "check-database-broken",
        "restore",
    );
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_named() {
    let t = TestHouse::new().await;
    let url = t.database_url();
    let reading = if t.platform.db.kind() == "Postgres" {
        format!("{url}?options[default_transaction_read_only]=on")
    } else {
        format!("{url}?mode=ro")
    };
    let ended = doctor(&t, &[("DATABASE_URL", &reading)]).await;
    assert_only(&ended, "check-database-readonly", "rights");
}

#[tokio::test]
async fn tables_of_a_newer_program_are_named() {
    let t = TestHouse::new().await;
    tamper!(
        t,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                values (9999, 'the future', true, $1, 1)",
        vec![1_u8]
    );
    assert_only(&doctor(&t, &[]).await, "check-migrations-newer", "9999");
}

#[tokio::test]
async fn a_redis_that_refuses_the_password_is_named() {
    let t = TestHouse::new().await;
    let redis = saying("-WRONGPASS invalid username-password pair or user is disabled.\r\n").await;
    let ended = doctor(&t, &[("REDIS_URL", &format!("redis://:open-sesame@{redis}"))]).await;
    // People can sign in without Redis.
    assert_eq!(faults(&ended), []);
    assert!(
        ended.out.contains("check-cache-login") && ended.out.contains("LATCHSTRING_REDIS_URL"),
        "{ended:?}"
    );
    assert!(!ended.out.contains("sesame") && !ended.err.contains("sesame"));
}

#[tokio::test]
async fn a_mail_server_that_is_away_refuses_or_has_no_tls_is_named() {
    let t = TestHouse::new().await;
    let smtp = async |url: String| doctor(&t, &[("SMTP_URL", &url)]).await;
    let nobody = free_address();
    let away = smtp(format!("smtp://{nobody}")).await;
    assert_only(&away, "check-mail-away", "LATCHSTRING_SMTP_URL");
    let plain = Smtp::that_says("250 taken").await;
    let no_tls = smtp(format!("{}?tls=required", plain.url)).await;
    assert_only(&no_tls, "check-mail-no-tls", "smtps://");
    let closed = speaking("554 5.3.2 not today\r\n", true).await;
    assert_only(
        &smtp(format!("smtp://{closed}")).await,
        "check-mail-fail",
        "LATCHSTRING_SMTP_URL",
    );
    let no_login = plain.url.replace("smtp://", "smtp://ada:open-sesame@");
    let refused = smtp(no_login).await;
    assert_only(&refused, "check-mail-login", "name or password");
    assert!(!refused.out.contains("sesame"));
    assert_eq!(plain.taken(), 0, "nothing is sent");
}

#[tokio::test]
async fn unsafe_settings_of_production_are_findings_too() {
    let t = TestHouse::new().await;
    let settings = [("ENV", "production"), ("PUBLIC_URL", "http://id.example.com")];
    let found = faults(&doctor(&t, &settings).await);
    assert!(found.iter().all(|(check, ..)| check == "settings"), "{found:?}");
    for named in [
        "LATCHSTRING_PUBLIC_URL (public_url) holds `http://id.example.com`",
        "LATCHSTRING_SMTP_URL",
    ] {
        assert!(found.iter().any(|(.., text)| text.contains(named)), "{found:?}");
    }
    let ended = t.tries(&["doctor"], &settings, "").await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.out.contains("MEND  Settings: LATCHSTRING_PUBLIC_URL"),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_filter_of_the_log_that_cannot_be_read_stops_the_start_and_is_named() {
    let t = TestHouse::new().await;
    let named =
        "LATCHSTRING_LOG_FILTER (log.filter) holds `info,sqlx=lots`; it should hold a level such as info";
    let settings = [("LOG_FILTER", "info,sqlx=lots")];
    let ended = t.tries(&["setup-link"], &settings, "").await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.starts_with(named), "{ended:?}");
    let found = faults(&doctor(&t, &settings).await);
    assert!(
        found
            .iter()
            .any(|(check, .., text)| check == "settings" && text.contains(named)),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_named() {
    let t = TestHouse::new().await;
    let key = t.folder().join("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let remedy = format!("chmod 600 {}", key.display());
    assert_only(&doctor(&t, &[]).await, "check-key-file-fail", &remedy);
}

#[tokio::test]
async fn a_public_address_that_no_passkey_can_belong_to_is_named() {
    let t = TestHouse::new().await;
    let settings = [
        ("PUBLIC_URL", "http://127.0.0.1:3000"),
        ("MAIL_FROM", "no-reply@example.com"),
    ];
    let ended = doctor(
        &t,
        &[&settings[..], &[("LISTEN", &free_address().to_string())]].concat(),
    )
    .await;
    assert_only(&ended, "check-passkey-fail", "LATCHSTRING_PUBLIC_URL");
}

#[tokio::test]
async fn passkeys_that_a_change_of_the_domain_left_behind_are_counted_with_the_remedy() {
    let t = TestHouse::new().await;
    for (name, email) in [("Ada", "ada@example.com"), ("Bob", "bob@example.com")] {
        let mut browser = t.member(name, email).await;
        add(&mut browser, &mut Device::synced()).await;
        t.mails_to(email).await;
    }
    let found = async |settings: &[(&str, &str)]| {
        let ended = doctor(&t, settings).await;
        assert_eq!(faults(&ended), [], "nothing that stops people");
        let findings = ended.json();
        let all = findings.as_array().unwrap().clone();
        let passkey = all
            .into_iter()
            .find(|finding| finding["check"] == "passkey")
            .unwrap();
        (passkey["message"].to_string(), passkey["text"].to_string())
    };
    assert_eq!(found(&[]).await.0, "\"check-passkey-ok\"");
    let only = [("SECOND_FACTOR", "passkey_only")];
    assert_eq!(found(&only).await.0, "\"check-passkey-ok\"", "everybody has one");
    t.member("Eve", "eve@example.com").await;
    let (id, text) = found(&only).await;
    assert!(
        id.contains("check-passkey-only") && text.contains("one person has none"),
        "{text}"
    );
    let (id, text) = found(&[("PASSKEY_RP_ID", "id.example.com")]).await;
    assert!(id.contains("check-passkey-lost"), "{id} {text}");
    assert!(
        text.contains("2 passkeys") && text.contains("LATCHSTRING_PASSKEY_RP_ID to localhost"),
        "{text}"
    );
    // Of those that were made before the domain was kept, nobody knows until they are used.
    tamper!(t, "update passkeys set rp_id = null");
    let (id, _) = found(&[("PASSKEY_RP_ID", "id.example.com")]).await;
    assert!(id.contains("check-passkey-elsewhere"), "{id}");
}

#[tokio::test]
async fn a_public_address_that_leads_to_another_server_is_named() {
    let t = TestHouse::new().await;
    let other = saying("HTTP/1.1 200 OK\r\nserver: somebody else\r\ncontent-length: 5\r\n\r\nhello").await;
    let url = format!("http://{}", other.replace("127.0.0.1", "localhost"));
    let ended = doctor(&t, &[("LISTEN", &other), ("PUBLIC_URL", &url)]).await;
    assert_only(&ended, "check-self-call-other", &other);
    assert!(ended.out.contains("somebody else"), "{ended:?}");
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_failure() {
    let t = TestHouse::new().await;
    let mut command = t.command(&["doctor", "--json"], &[("LISTEN", &free_address().to_string())]);
    let ended = tokio::task::spawn_blocking(move || {
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait_with_output().unwrap()
    });
    let ended = ended.await.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
