//! What lies in the database and in the log: nothing that lets somebody in, nothing that has expired, and all that
//! happened.

use std::time::Duration as StdDuration;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::platform::clean_up;
use uuid::Uuid;

use crate::erasure::marks::{all_columns, in_redis};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, logged, rows, tamper};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada@new.example";
const SIGN_UP_PASSWORD: &str = "nine herons guard the tin lantern";

fn token_of(link: &str) -> String {
    link.split_once("token=")
        .expect("a link with a token")
        .1
        .to_owned()
}

/// Asks for a reset, for another address and for a sign-up, and lets a new browser sign in; gives back the tokens and
/// codes of the mails.
async fn ask_for_everything(t: &TestHouse, ada: &mut Browser) -> Vec<(&'static str, String)> {
    let mut secrets = vec![("the set-up link", token_of(&t.setup_link().await))];
    let mut bea = t.browser();
    bea.sign_up("Bea", "bea@example.com", SIGN_UP_PASSWORD).await;
    let mail = t.mail_to("bea@example.com").await;
    let link = mail
        .links
        .iter()
        .find(|link| link.contains("token="))
        .expect("a link");
    secrets.push(("the link of a sign-up", token_of(link)));
    secrets.push(("the code of a sign-up", mail.code.clone().expect("a code")));

    let mut forgetful = t.browser();
    forgetful.get("/forgot-password").await;
    forgetful
        .submit("forgot-password-button", &[("email", ADA)])
        .await;
    secrets.push(("the link of a reset", token_of(&t.link_for(ADA).await)));

    ada.get("/account/email").await;
    ada.submit("change-email-button", &[("email", NEW)]).await;
    t.mail_to(ADA).await;
    let confirm = t.link_for(NEW).await;
    secrets.push(("the link to a new address", token_of(&confirm)));
    t.browser().open(&confirm).await;

    let alarm = t.new_device_mails_to(ADA).await;
    let link = alarm[0].links.iter().find(|link| link.contains("/not-me?token="));
    secrets.push(("the link \"this wasn't me\"", token_of(link.expect("the link"))));
    secrets
}

/// The bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Fails if one of `secrets` (what it is, and the text) lies in the database or in Redis, in any form in which it could.
pub async fn lie_nowhere(t: &TestHouse, secrets: &[(&'static str, String)]) {
    // Caught mail is development's.
    let mut columns = all_columns(&t.platform).await;
    columns.retain(|column, _| !column.starts_with("caught_messages."));
    let lies_in = |mark: &[u8]| -> Vec<&String> {
        let holds = |value: &Vec<u8>| value.windows(mark.len()).any(|window| window == mark);
        columns
            .iter()
            .filter(|(_, values)| values.iter().any(holds))
            .map(|(column, _)| column)
            .collect()
    };
    assert!(
        lies_in(ADA.as_bytes()).contains(&&"users.email".to_owned()),
        "the search finds what is there"
    );
    for (what, secret) in secrets {
        let decoded = URL_SAFE_NO_PAD
            .decode(secret)
            .ok()
            .filter(|bytes| bytes.len() >= 12);
        let hex = decoded.iter().map(|bytes| hex(bytes));
        let forms = [secret.clone(), STANDARD.encode(secret)];
        let forms = forms
            .into_iter()
            .chain(hex)
            .map(String::into_bytes)
            .chain(decoded.clone());
        for form in forms {
            let places = lies_in(&form);
            assert!(places.is_empty(), "{what} lies in {places:?}");
            assert!(!in_redis(&t.platform, &form).await, "{what} lies in Redis");
        }
    }
}

#[tokio::test]
async fn nothing_that_lets_somebody_in_lies_in_the_database_as_it_is() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.browser();
    ada.sign_in_to_stay(ADA, PASSWORD).await;
    let mut secrets = ask_for_everything(&t, &mut ada).await;
    secrets.extend([
        ("the password", PASSWORD.to_owned()),
        ("the password of a sign-up", SIGN_UP_PASSWORD.to_owned()),
    ]);
    for (name, value) in &ada.jar {
        let what = if *name == t.platform.config.cookie_name("") {
            "the session"
        } else {
            "another cookie"
        };
        secrets.push((what, value.clone()));
    }
    assert!(secrets.len() >= 10, "{secrets:?}");

    lie_nowhere(&t, &secrets).await;
    let phcs = rows!(
        t,
        (String,),
        "select phc from passwords union all select phc from sign_ups where consumed_at is null"
    );
    assert_eq!(phcs.len(), 2, "Ada's, and that of the sign-up which waits");
    assert!(
        phcs.iter().all(|(phc,)| phc.starts_with("$argon2id$v=19$")),
        "{phcs:?}"
    );
    // What compares tokens is a SHA-256, or an HMAC with the key's name.
    for (column, values) in &all_columns(&t.platform).await {
        let fits = |value: &Vec<u8>| match column.rsplit('_').next() {
            Some("hash") => value.len() == 32,
            Some("mac") => value.len() >= 32,
            _ => true,
        };
        assert!(values.iter().all(fits), "{column}");
    }
}

/// How many rows a table has that [`what_has_expired_is_deleted`] looks at.
async fn rows_of(t: &TestHouse, table: &str) -> i64 {
    match table {
        "sessions" => count!(t, "select count(*) from sessions"),
        "viewings" => count!(t, "select count(*) from viewings"),
        "exports" => count!(t, "select count(*) from exports"),
        "imports" => count!(t, "select count(*) from imports"),
        "import_rows" => count!(t, "select count(*) from import_rows"),
        "export_pieces" => count!(t, "select count(*) from export_pieces"),
        "servers" => count!(t, "select count(*) from servers"),
        "sign_up_budgets" => count!(t, "select count(*) from sign_up_budgets"),
        "sign_ups" => count!(t, "select count(*) from sign_ups"),
        "jobs" => count!(t, "select count(*) from jobs"),
        "password_resets" => count!(t, "select count(*) from password_resets"),
        "setup_links" => count!(t, "select count(*) from setup_links"),
        "alarms" => count!(t, "select count(*) from alarms"),
        "email_changes" => count!(t, "select count(*) from email_changes"),
        "messages" => count!(t, "select count(*) from messages"),
        "tallies" => count!(t, "select count(*) from tallies"),
        "session_counts" => count!(t, "select count(*) from session_counts"),
        "caught_messages" => count!(t, "select count(*) from caught_messages"),
        "sign_in_failures" => count!(t, "select count(*) from sign_in_failures"),
        "sent_forms" => count!(t, "select count(*) from sent_forms"),
        "known_devices" => count!(t, "select count(*) from known_devices"),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_has_expired_is_deleted() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    // All at one moment: the clock stands.
    t.browser().sign_in(ADA, PASSWORD).await;
    ask_for_everything(&t, &mut ada).await;
    t.browser().sign_in(ADA, "not the right password").await;
    ada.get("/account/data").await;
    ada.submit("export-button", &[]).await;
    t.mails_to(ADA).await;
    let (ada_s, now) = (
        rows!(t, (Uuid,), "select id from users").remove(0).0,
        t.clock.now(),
    );
    tamper!(
        t,
        "insert into alarms (notice_id, user_id, raised_at) values ($1, $2, $3)",
        ada_s,
        ada_s,
        now
    );
    tamper!(
        t,
        "insert into servers (id, listen, process, version, key_ids, started_at, seen_at) values ($1, '-', 1, '0', '', $2, $2)",
        ada_s,
        now
    );

    tamper!(
        t,
        "insert into imports (id, file_name, state, created_at, changed_at, expires_at) values ($1, '', 'done', $2, $2, $3)",
        ada_s,
        now,
        now + Duration::days(7)
    );
    tamper!(
        t,
        "insert into import_rows (import_id, number, line, email, outcome, has_password) values ($1, 1, 1, '', 'made', false)",
        ada_s
    );
    tamper!(
        t,
        "insert into viewings (id, operator_id, user_id, reason, began_at, expires_at) values ($1, $1, $1, '', $2, $3)",
        ada_s,
        now,
        now + domain::authentication::viewing::LENGTH
    );
    // A look lasts no longer than the session that it is in.
    tamper!(t, "update sessions set viewing_id = $1", ada_s);
    tamper!(
        t,
        "insert into tallies (at, sign_ups, sign_ins, two_factor, failed, throttled) values ($1, 1, 1, 1, 1, 1)",
        now
    );
    tamper!(
        t,
        "insert into session_counts (at, open, day, week, month) values ($1, 1, 1, 1, 1)",
        now
    );

    // As docs/security/data.md has it; each is there until its time, and gone at it.
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let times = [
        ("viewings", Duration::minutes(15)),
        ("sessions", hour),
        ("sent_forms", hour),
        ("exports", day),
        ("export_pieces", day),
        ("servers", day),
        ("sign_up_budgets", day * 2),
        ("sign_ups", day + day),
        ("jobs", day * 7),
        ("password_resets", hour + day * 7),
        ("setup_links", hour + day * 7),
        ("imports", day * 7),
        ("import_rows", day * 7),
        ("alarms", day * 8),
        ("email_changes", day + day * 7),
        ("caught_messages", day * 30),
        ("messages", day * 30),
        ("tallies", day * 62),
        ("session_counts", day * 62),
        ("sign_in_failures", day * 365),
        ("known_devices", day * 400),
    ];
    for (table, age) in times {
        let due = now + age;
        if t.clock.now() < due - Duration::seconds(1) {
            t.clock.advance(due - Duration::seconds(1) - t.clock.now());
        }
        if t.clock.now() < due {
            clean_up::run(&t.platform).await.unwrap();
            assert!(rows_of(&t, table).await > 0, "{table}: a second before {age}");
            for (other, _) in times.iter().filter(|(_, other)| *other == age) {
                assert!(rows_of(&t, other).await > 0, "{other}: a second before {age}");
            }
            t.clock.advance(due - t.clock.now());
            clean_up::run(&t.platform).await.unwrap();
        }
        assert_eq!(rows_of(&t, table).await, 0, "{table}: {age} later");
    }
    // The person is still there, and what happened to them.
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert!(count!(t, "select count(*) from audit_events") > 5);
}

/// The lines of the log that lead to this answer.
fn lines_of(page: &Page) -> Vec<String> {
    let id = page.header("x-request-id").to_owned();
    let log = logged();
    log.lines()
        .filter(|line| line.contains(&id))
        .map(str::to_owned)
        .collect()
}

/// The one line that says how a request was answered.
#[track_caller]
fn answered(page: &Page) -> String {
    let lines = lines_of(page);
    let mut said = lines.iter().filter(|line| line.contains("answered"));
    let line = said
        .next()
        .unwrap_or_else(|| panic!("no line: {}", page.outline()));
    assert!(said.next().is_none(), "two lines: {lines:#?}");
    line.clone()
}

#[tokio::test]
async fn each_request_leaves_a_line_that_leads_to_it() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    for (path, status, route) in [
        ("/account", 200, "route=\"/account\""),
        ("/no/such/page?token=abc", 404, "route=\"none\""),
        ("/health/live", 200, "route=\"/health/live\""),
    ] {
        let page = ada.get(path).await;
        let line = answered(&page);
        let address = format!("address={}", ada.address);
        for part in [
            route,
            &format!("status={status}"),
            "method=\"GET\"",
            " INFO ",
            "ms=",
            &address,
        ] {
            assert!(line.contains(part), "{path}: no {part} in {line}");
        }
        assert!(!line.contains("no/such") && !line.contains("token"), "{line}");
    }
    let page = t.browser().get("/account/profile?token=abc").await;
    let line = answered(&page);
    assert!(
        line.contains("status=303") && line.contains("route=\"/account/profile\""),
        "{line}"
    );
    assert!(!line.contains("token"), "{line}");
    // Whose session it was: its id, which the audit has too.
    let session = rows!(t, (Uuid,), "select id from sessions").remove(0).0;
    let page = ada.get("/account").await;
    assert!(answered(&page).contains(&session.to_string()));
}

/// A row of the audit: kind, outcome, when, whom it is about, from where, by what, in which request.
type Row = (
    String,
    String,
    DateTime<Utc>,
    Option<Uuid>,
    Option<String>,
    Option<String>,
    Option<String>,
);

#[tokio::test]
async fn every_sign_in_is_in_the_audit_with_when_where_who_and_how_it_ended() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let ada = rows!(t, (Uuid,), "select id from users").remove(0).0;
    let last = async |t: &TestHouse| -> Row {
        rows!(
            t,
            Row,
            "select kind, outcome, at, subject_id, address, user_agent, request_id from audit_events
             where kind like 'sign_in.%' order by id desc limit 1"
        )
        .remove(0)
    };
    let mut browser = t.browser();
    "Quistograph/7.1".clone_into(&mut browser.user_agent);
    let mut expect = async |email: &str, password: &str, kind: &str, outcome: &str, subject: Option<Uuid>| {
        t.clock.advance(Duration::seconds(61));
        browser.jar.clear();
        let page = browser.sign_in(email, password).await;
        let expected: Row = (
            kind.to_owned(),
            outcome.to_owned(),
            t.clock.now(),
            subject,
            Some(browser.address.to_string()),
            Some("Quistograph/7.1".to_owned()),
            Some(page.header("x-request-id").to_owned()),
        );
        assert_eq!(last(&t).await, expected);
    };
    let wrong = "not the right password";
    expect(ADA, PASSWORD, "sign_in.succeeded", "done", Some(ada)).await;
    expect(ADA, wrong, "sign_in.failed", "refused", Some(ada)).await;
    expect("nobody@example.com", wrong, "sign_in.failed", "refused", None).await;
    for _ in 0..9 {
        t.browser().sign_in(ADA, wrong).await;
    }
    let throttled = rows!(
        t,
        (Option<Uuid>,),
        "select subject_id from audit_events where kind = 'sign_in.throttled'"
    );
    assert!(!throttled.is_empty() && throttled.iter().all(|(subject,)| *subject == Some(ada)));
    // Also the first one, which a confirmed address brings.
    assert_eq!(t.audited("sign_up.completed").await, 1);
}

#[tokio::test]
async fn who_is_turned_away_is_in_the_log() {
    let t = TestHouse::new().await;
    let ours = "http://localhost:3000";
    let post = |path: &str| {
        let post = Request::builder().method("POST").uri(path);
        post.header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
    };
    let mut stranger = t.browser();
    // From another site.
    let foreign = post("/api/sign-in").header("origin", "https://evil.example");
    let page = stranger.send(foreign, Body::from("email=a")).await;
    assert!(answered(&page).contains("status=403"));
    let warned = lines_of(&page);
    assert!(
        warned
            .iter()
            .any(|line| line.contains("WARN") && line.contains("came from elsewhere")),
        "{warned:#?}"
    );
    // To another host.
    let page = stranger
        .send(
            Request::builder().uri("/account").header("host", "evil.example"),
            Body::empty(),
        )
        .await;
    assert!(answered(&page).contains("status=421"));
    // Not signed in; signed in, and not confirmed.
    let page = stranger.fetch("/api/v1/session").await;
    assert!(answered(&page).contains("status=401"));
    let page = stranger
        .send(post("/api/close-account").header("origin", ours), Body::empty())
        .await;
    assert!(answered(&page).contains("status=401"), "{}", answered(&page));
    let mut ada = t.member("Ada", ADA).await;
    t.clock.advance(Duration::minutes(11));
    let page = ada.get("/account/close").await;
    let line = answered(&page);
    assert!(
        line.contains("status=303") && line.contains("route=\"/account/close\""),
        "{line}"
    );
    // Somebody else's.
    t.clock.advance(Duration::minutes(-11));
    let page = ada.get(&format!("/account/data/download/{}", Uuid::nil())).await;
    assert!(answered(&page).contains("status=404"));
    // Too often.
    let refused = loop {
        let page = stranger.post("/sign-out", &[]).await;
        if page.status == 429 {
            break page;
        }
    };
    assert!(answered(&refused).contains("status=429"));
}

#[tokio::test]
async fn what_breaks_is_in_the_log_with_its_cause_and_on_the_page_with_a_number_alone() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    t.ignore_jobs();
    t.platform.db.close().await;
    tokio::time::sleep(StdDuration::from_millis(1)).await;
    for page in [ada.get("/account").await, ada.fetch("/api/v1/session").await] {
        assert_eq!(page.status, 503, "{}", page.outline());
        let lines = lines_of(&page);
        let cause = lines.iter().any(|line| {
            let line = line.to_lowercase();
            line.contains("error") && line.contains("pool") && line.contains("closed")
        });
        assert!(cause, "{lines:#?}");
        assert!(page.body.contains(page.header("x-request-id")), "{}", page.body);
        for within in ["pool", "Pool", "sqlx", "select ", ".rs:", "panicked", "Database("] {
            assert!(!page.body.contains(within), "{within} on {}", page.outline());
        }
    }
}
