//! What was changed holds at once: on the server where it was, and soon on every other.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration as StdDuration;

use chrono::Duration;
use domain::platform::settings::refresh;

use super::{boss, change, changed};
use crate::console::staff;
use crate::house::{PASSWORD, TestHouse, tamper};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn whose_domain_is_not_listed_gets_no_account_by_any_form_or_step() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    // Somebody waits for their proof already.
    let mut eve = t.browser();
    eve.sign_up("Eve", "eve@example.net", PASSWORD).await;
    let code = t.code_for("eve@example.net").await;
    changed(
        &mut ida,
        "sign-up",
        &[
            ("sign_up", "domains"),
            ("sign_up_domains", "Example.org, bücher.example"),
        ],
    )
    .await;

    let said = "Only addresses of example.org, bücher.example can have an account here.";
    let page = t.browser().get("/sign-up").await;
    assert!(page.body.contains(said), "{}", page.outline());
    let mut program = t.script();
    program.get("/sign-up").await;
    for email in [
        "ada@mail.example.org",
        "ada@example.org.evil.example",
        "ida@example.com",
    ] {
        let fields = [("name", "Ada"), ("email", email), ("password", PASSWORD)];
        let answer = program.post("/api/sign-up", &fields).await;
        assert_eq!(answer.faults(), ["email: email-domain"], "{email}");
        assert!(answer.body.contains(said), "{}", answer.outline());
        let answer = program.post("/passkey/sign-up", &fields[..2]).await;
        assert_eq!(answer.faults(), ["email: email-domain"], "{email}");
    }
    // By the code and by the link, and no message is sent again.
    let answer = eve
        .scripted()
        .post("/api/sign-up-verify", &[("code", &code)])
        .await;
    assert_eq!(answer.faults(), ["email-domain"], "{}", answer.outline());
    eve.scripted().post("/api/sign-up-resend", &[]).await;
    assert_eq!(t.mails_to("eve@example.net").await.len(), 0);

    // In whatever form the domain is written.
    t.member("Ada", ADA).await;
    t.member("Bea", "bea@xn--bcher-kva.example").await;
    changed(&mut ida, "sign-up", &[("sign_up", "open")]).await;
    t.member("Cleo", "cleo@example.com").await;
}

#[tokio::test]
async fn a_closed_door_is_closed_at_once_and_open_at_once() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "sign-up", &[("sign_up", "closed")]).await;
    assert!(
        t.browser()
            .get("/sign-up")
            .await
            .body
            .contains("Sign-up is closed")
    );
    let mut program = t.script();
    program.get("/sign-in").await;
    for path in [
        "/api/sign-up",
        "/api/sign-up-resend",
        "/api/sign-up-verify",
        "/passkey/sign-up",
    ] {
        let answer = program.post(path, &[("email", ADA)]).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (403, vec!["sign-up-closed".to_owned()]),
            "{path}"
        );
    }
    changed(&mut ida, "sign-up", &[("sign_up", "open")]).await;
    t.member("Ada", ADA).await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_from_the_next_sign_in_on() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    changed(
        &mut ida,
        "sign-in",
        &[("second_factor", "required"), ("second_factor_grace_days", "0")],
    )
    .await;
    let page = t.browser().sign_in(ADA, PASSWORD).await;
    assert_eq!(page.location(), "/sign-in/challenge");
    assert!(ada.is_signed_in().await, "who is in stays in");
    changed(&mut ida, "sign-in", &[("second_factor", "optional")]).await;
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
}

/// Nobody with a role gets by with less than administrators must have, whatever they set (ASVS 6.3.3).
#[tokio::test]
async fn asvs_6_3_3_an_administrator_can_t_lower_what_is_asked_of_them() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(
        &mut ida,
        "sign-in",
        &[("second_factor", "off"), ("second_factor_grace_days", "0")],
    )
    .await;
    assert_eq!(
        t.browser().sign_in("ida@example.com", PASSWORD).await.location(),
        "/sign-in/challenge"
    );
    // Nor does one take the factor away.
    let refused = ida.scripted().post("/api/remove-authenticator", &[]).await;
    assert_eq!(refused.faults(), ["factor-required"], "{}", refused.outline());
    // Somebody who gets a role now has to add one.
    t.member("Ada", ADA).await;
    crate::console::appoint(&t, ADA, "auditor").await;
    assert_eq!(
        t.browser().sign_in(ADA, PASSWORD).await.location(),
        "/sign-in/challenge"
    );
}

#[tokio::test]
async fn sessions_that_are_older_than_allowed_end_at_once() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let (mut stays, mut fresh) = (t.browser(), t.browser());
    stays.sign_in_to_stay(ADA, PASSWORD).await;
    t.clock.advance(Duration::minutes(8));
    fresh.sign_in(ADA, PASSWORD).await;
    stays.get("/account").await;
    let ends = [
        ("session_remember_days", "1"),
        ("session_remember_idle_days", "1"),
        ("session_plain_hours", "1"),
        ("session_plain_idle_minutes", "5"),
    ];
    changed(&mut ida, "sessions", &ends).await;
    assert!(stays.is_signed_in().await && fresh.is_signed_in().await);
    // Not used for longer than may be from now on.
    t.clock.advance(Duration::minutes(5));
    assert!(!fresh.is_signed_in().await);
    t.clock.advance(Duration::hours(23) + Duration::minutes(40));
    assert!(stays.is_signed_in().await);
    t.clock.advance(Duration::minutes(10));
    assert!(!stays.is_signed_in().await, "a day, though it began with thirty");
    // And the new ones are as long as they may be now.
    let page = t.browser().sign_in_to_stay(ADA, PASSWORD).await;
    let age = page.cookie("latchstring").unwrap().max_age().unwrap();
    assert!((86_400 - 5..=86_400).contains(&age.whole_seconds()), "{age}");
}

#[tokio::test]
async fn a_new_password_is_as_long_as_it_must_be_now() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "sign-in", &[("min_length", "40")]).await;
    let mut program = t.script();
    let page = program.get("/sign-up").await;
    assert!(page.body.contains("40"), "{}", page.outline());
    let fields = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let answer = program.post("/api/sign-up", &fields).await;
    assert_eq!(answer.faults(), ["password: password-too-short"]);
    assert!(
        answer.body.contains("at least 40 characters"),
        "{}",
        answer.outline()
    );
    // The one that somebody has goes on working.
    let mut other = t.browser();
    assert_eq!(
        other.sign_in("ida@example.com", PASSWORD).await.location(),
        "/sign-in/challenge"
    );
}

#[tokio::test]
async fn the_name_and_the_help_stand_on_pages_and_in_messages() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let typed = [
        ("product_name", "Example <b>Accounts</b>"),
        ("support_email", "help@example.com"),
    ];
    changed(&mut ida, "branding", &typed).await;
    let page = t.browser().get("/sign-in").await;
    assert!(
        page.body.contains("Example &lt;b&gt;Accounts&lt;/b&gt;"),
        "{}",
        page.outline()
    );
    assert!(!page.body.contains("Latchstring</a>"));
    let missing = t.browser().get("/nothing-here").await;
    assert!(
        missing.body.contains("Example &lt;b&gt;Accounts"),
        "{}",
        missing.outline()
    );
    t.browser().sign_up("Ada", ADA, PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    assert!(
        mail.text.contains("Example <b>Accounts</b>") && mail.text.contains("help@example.com"),
        "{}",
        mail.text
    );
}

#[tokio::test]
async fn an_accent_is_a_style_sheet_of_its_own_that_every_page_has() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let plain = t.browser().get("/sign-in").await;
    assert!(!plain.body.contains("/accent/"));
    changed(&mut ida, "branding", &[("accent_color", "1D5FA8")]).await;
    assert!(ida.follow().await.has("accent-sample"));
    for path in ["/sign-in", "/nothing-here"] {
        let page = t.browser().get(path).await;
        let (_, rest) = page
            .body
            .split_once("/accent/")
            .unwrap_or_else(|| panic!("{path}: {}", page.outline()));
        assert!(rest.starts_with("1d5fa8.css\""), "{path}");
    }
    let page = t.browser().get("/sign-in").await;
    let (_, rest) = page.body.split_once("\"/pkg/").expect("a file of the page");
    let folder = format!("/pkg/{}/accent", rest.split('/').next().unwrap());
    let sheet = t.browser().get(&format!("{folder}/1d5fa8.css")).await;
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert!(sheet.header("cache-control").contains("immutable"));
    assert!(sheet.body.contains("--cord:#1d5fa8;") && sheet.body.contains("prefers-color-scheme:dark"));
    for other in ["ffffff", "1D5FA8", "1d5fa", "red", "%231d5fa8", "../1d5fa8"] {
        let page = t.browser().get(&format!("{folder}/{other}.css")).await;
        assert_eq!(page.status, 404, "{other}");
    }
    changed(&mut ida, "branding", &[("accent_color", "")]).await;
    assert!(!t.browser().get("/sign-in").await.body.contains("/accent/"));
}

#[tokio::test]
async fn a_second_server_knows_when_it_has_looked() {
    let t = TestHouse::new().await;
    let other = t.second_node().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "sign-up", &[("sign_up", "closed")]).await;
    assert!(
        !other
            .browser()
            .get("/sign-up")
            .await
            .body
            .contains("Sign-up is closed")
    );
    refresh(&other.platform).await.unwrap();
    assert!(
        other
            .browser()
            .get("/sign-up")
            .await
            .body
            .contains("Sign-up is closed")
    );
    // A change that was made there is known here with the next look, and the versions go on from one another.
    let mut ida = ida.on(&other);
    changed(&mut ida, "branding", &[("product_name", "There")]).await;
    refresh(&t.platform).await.unwrap();
    assert_eq!(t.platform.settings(), other.platform.settings());
    assert_eq!(t.platform.settings().version, 2);
    // A third one starts with what holds.
    assert_eq!(t.second_node().await.platform.settings().version, 2);
}

/// The real server, with its worker: nobody tells it, and it knows within seconds.
#[tokio::test]
async fn a_server_that_runs_takes_a_change_over_by_itself() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let mut ida = boss(&t).await;
    // The server that runs has a clock of its own, by which this session would be long over.
    tamper!(
        t,
        "update sessions set created_at = $1, last_seen_at = $1, expires_at = $1, idle_expires_at = $1",
        t.clock.now() + Duration::days(36_500)
    );
    let served = t.serve(&[]).await;
    let closed = async || {
        let page = ask(served.address, "/sign-up").await;
        page.contains("Sign-up is closed")
    };
    assert!(!closed().await);
    changed(&mut ida, "sign-up", &[("sign_up", "closed")]).await;
    let mut seen = false;
    for _ in 0..100 {
        seen = closed().await;
        if seen {
            break;
        }
        tokio::time::sleep(StdDuration::from_millis(100)).await;
    }
    assert!(seen, "ten seconds");
    served.stop().await;
}

/// Asks a real server for a page.
async fn ask(address: SocketAddr, path: &'static str) -> String {
    let asked = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let host = format!("localhost:{}", address.port());
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    });
    asked.await.unwrap()
}

#[tokio::test]
async fn what_is_wrong_in_one_form_is_not_shown_in_another() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let wrong = change(&mut ida, "limits", &[("sms_per_day", "0")]).await;
    assert_eq!(wrong.location(), "/admin/settings");
    let page = ida.follow().await;
    assert!(page.text("settings-limits").contains("from 1 to 1000000"));
    assert!(!page.text("settings-sessions").contains("Use a whole number"));
    let right = [("sms_per_day", "7"), ("sms_per_person_per_day", "3")];
    changed(&mut ida, "limits", &right).await;
    let sms = t.platform.settings().sms;
    assert_eq!((sms.per_day, sms.per_person_per_day), (7, 3));
    // Whoever has a role only to read sees what holds.
    let mut ann = staff(&t, "Ann", "ann@example.com", "auditor").await;
    assert_eq!(ann.get("/admin/settings").await.value("sms_per_day"), "7");
}
