//! Signing in and out, and what limits both.

mod lifetimes;
mod throttling;

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn the_right_password_lets_in_with_and_without_script() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    for mut browser in [t.browser(), t.script()] {
        assert_eq!(
            browser.sign_in(" ADA@Example.com ", PASSWORD).await.location(),
            "/account"
        );
        assert!(browser.is_signed_in().await);
        assert!(browser.follow().await.text("welcome-message").contains("Ada"));
    }
    assert_eq!(t.audited("sign_in.succeeded").await, 3);
}

#[tokio::test]
async fn the_session_is_told_to_programs() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", ADA).await;
    let session = ada.fetch("/api/v1/session").await.json();
    assert_eq!(session["person"]["name"], "Ada Lovelace");
    assert_eq!(session["person"]["email"], ADA);
    assert_eq!(
        (session["aal"].as_i64(), session["amr"][0].as_str()),
        (Some(1), Some("pwd"))
    );
    let at = |name: &str| {
        session[name]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    };
    assert_eq!(at("auth_time"), t.clock.now());
    assert_eq!(at("expires_at"), t.clock.now() + Duration::hours(1));
    let nobody = t.api().fetch("/api/v1/session").await;
    assert_eq!(
        (nobody.status, nobody.header("content-type")),
        (401, "application/problem+json")
    );
}

#[tokio::test]
async fn cve_2026_23511_unknown_address_wrong_password_and_locked_account_are_the_same_byte_for_byte() {
    let t = TestHouse::new().await;
    t.member("Known", "known@example.com").await;
    t.member("Locked", "lockd@example.com").await;
    t.operator(&["user", "lock", "lockd@example.com"], "").await;
    for scripted in [false, true] {
        let mut seen: Vec<Vec<String>> = Vec::new();
        for email in ["known@example.com", "other@example.com", "lockd@example.com"] {
            let mut browser = if scripted { t.script() } else { t.browser() };
            let password = if email.starts_with("lockd") {
                PASSWORD
            } else {
                "not the right password"
            };
            let mut pages = Vec::new();
            // Up to and into the back-off.
            for _ in 0..7 {
                pages.push(browser.sign_in(email, password).await);
                if !scripted {
                    pages.push(browser.follow().await);
                }
            }
            seen.push(pages.iter().map(|page| page.without(&[email])).collect());
            // The next round begins without a back-off.
            t.clock.advance(Duration::hours(1));
            t.platform
                .db
                .write(async |tx| domain::sql!(tx, execute "delete from sign_in_failures"))
                .await
                .unwrap();
        }
        for other in &seen[1..] {
            for (one, other) in seen[0].iter().zip(other) {
                assert_eq!(one, other, "scripted: {scripted}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_address_and_not_the_password() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    ada.get("/sign-in?next=/account/sessions").await;
    let fields = [
        ("email", ADA),
        ("password", "not the right password"),
        ("remember", ""),
    ];
    assert_eq!(
        ada.submit("sign-in-button", &fields).await.location(),
        "/sign-in?next=/account/sessions"
    );
    let page = ada.follow().await;
    assert!(page.text("form-error").contains("don't match"));
    assert_eq!(
        (page.value("email").as_str(), page.value("password").as_str()),
        (ADA, "")
    );
    assert_eq!(page.value("next"), "/account/sessions");
    assert!(
        !page
            .form("sign-in-button")
            .fields
            .contains(&("remember".into(), "on".into()))
    );

    let answer = t.script().sign_in("", "").await;
    assert_eq!(answer.faults(), ["email: required", "password: required"]);
}

#[tokio::test]
async fn the_way_on_is_kept_unless_it_leaves_the_house() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    for (next, expected) in [
        ("/account/sessions?page=2", "/account/sessions?page=2"),
        ("//evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/\\/evil.example", "/account"),
        ("/account/../../evil", "/account"),
    ] {
        let mut ada = t.browser();
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        ada.get(&format!("/sign-in?next={query}")).await;
        let fields = [("email", ADA), ("password", PASSWORD)];
        assert_eq!(
            ada.submit("sign-in-button", &fields).await.location(),
            expected,
            "{next}"
        );
        // Whoever is in already is shown where to go on, and no other place.
        let page = ada.get(&format!("/sign-in?next={query}")).await;
        assert!(page.body.contains(&format!("href=\"{expected}\"")), "{next}");
    }
    let mut nobody = t.browser();
    let page = nobody.get("/account").await;
    assert_eq!(page.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn somebody_signed_in_sees_who_they_are_at_the_sign_in_page() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let page = ada.get("/sign-in").await;
    assert!(page.text("already-signed-in").contains(ADA));
    assert!(!page.has("password-input"));
    assert_eq!(
        ada.submit("sign-out-button", &[]).await.location(),
        "/sign-in?signed-out=1"
    );
    assert!(ada.follow().await.has("password-input"));
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn signing_in_again_begins_a_new_session_and_ends_the_old_one_everywhere() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let before = t.member("Ada", ADA).await;
    assert!(before.on(&second).is_signed_in().await);
    // A form that was open in another tab.
    let mut ada = before.clone();
    let fields = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(ada.post("/api/sign-in", &fields).await.location(), "/account");

    assert_ne!(ada.session_cookie(), before.session_cookie());
    assert!(ada.is_signed_in().await && ada.on(&second).is_signed_in().await);
    assert!(!before.is_signed_in().await, "the old cookie is dead here");
    assert!(!before.on(&second).is_signed_in().await, "and there");
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
}

#[tokio::test]
async fn a_cookie_that_somebody_planted_does_not_become_the_session() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    let mut ada = t.browser().with_session_cookie(planted);
    assert_eq!(ada.sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_ne!(ada.session_cookie(), planted);
    assert!(!t.browser().with_session_cookie(planted).is_signed_in().await);
}

#[tokio::test]
async fn signing_out_asks_first_and_then_ends_the_session_on_every_server() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ada = t.member("Ada", ADA).await;
    let before = ada.clone();
    assert!(before.on(&second).is_signed_in().await);

    assert!(ada.get("/sign-out").await.has("sign-out-button"));
    assert!(ada.is_signed_in().await, "looking at the page ends nothing");
    let page = ada.submit("sign-out-button", &[]).await;
    assert_eq!(page.location(), "/sign-in?signed-out=1");
    assert!(page.header("clear-site-data").contains("\"cache\""));
    assert!(ada.follow().await.has("notice"));
    assert!(!before.is_signed_in().await, "the cookie that was kept is dead");
    assert!(
        !before.on(&second).is_signed_in().await,
        "on the other server too"
    );
    assert_eq!(t.audited("session.signed_out").await, 1);

    assert_eq!(
        ada.post("/sign-out", &[]).await.location(),
        "/sign-in?signed-out=1",
        "twice does no harm"
    );
    assert_eq!(ada.get("/sign-out").await.heading(), "You are signed out");
}

#[tokio::test]
async fn another_site_can_neither_sign_in_nor_sign_out() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", ADA).await;
    let sessions = count!(t, "select count(*) from sessions");
    let foreign: [&[(&str, &str)]; 5] = [
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "null")],
        &[
            ("origin", "http://localhost:3000"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", "http://localhost:3001")],
        &[],
    ];
    for headers in foreign {
        for path in [
            "/sign-out",
            "/api/sign-in",
            "/api/sign-up",
            "/api/sign-up-verify",
            "/api/setup",
        ] {
            for kind in [
                "application/x-www-form-urlencoded",
                "text/plain",
                "multipart/form-data; boundary=x",
            ] {
                let mut request = axum::http::Request::post(path).header("content-type", kind);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let body = format!("email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
                let page = ada.clone().send(request, body.into()).await;
                assert_eq!(page.status, 403, "{headers:?} {path} {kind}");
            }
        }
    }
    assert!(ada.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from sessions"), sessions);
}

#[tokio::test]
async fn locking_an_account_ends_its_sessions_at_once_on_every_server() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let ada = t.member("Ada", ADA).await;
    assert!(ada.is_signed_in().await && ada.on(&second).is_signed_in().await);
    t.operator(&["user", "lock", ADA], "").await;
    assert!(!ada.is_signed_in().await);
    assert!(!ada.on(&second).is_signed_in().await);
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(t.audited("user.locked").await, 1);

    t.operator(&["user", "unlock", ADA], "").await;
    assert!(!ada.is_signed_in().await, "what ended stays ended");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn a_password_set_by_the_operator_ends_all_sessions_and_the_old_password() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let ada = t.member("Ada", ADA).await;
    assert!(ada.on(&second).is_signed_in().await);
    let new_password = "nine herons guard the tin lantern";
    t.operator(&["user", "reset", ADA], &format!("{new_password}\n"))
        .await;
    assert!(!ada.is_signed_in().await && !ada.on(&second).is_signed_in().await);
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(t.script().sign_in(ADA, new_password).await.location(), "/account");
}

#[tokio::test]
async fn a_forged_cookie_is_nobody_and_breaks_nothing() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", ADA).await;
    let real = ada.session_cookie();
    let mut changed = real.clone();
    let first = if real.starts_with('A') { "B" } else { "A" };
    changed.replace_range(..1, first);
    let forged = [
        String::new(),
        " ".to_owned(),
        "A".to_owned(),
        "0".to_owned(),
        "-1".to_owned(),
        "null".to_owned(),
        real[..real.len() - 1].to_owned(),
        real[1..].to_owned(),
        format!("{real}A"),
        format!("{real}{real}"),
        format!("\"{real}"),
        changed,
        "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "%41%41".to_owned(),
        "../../etc/passwd".to_owned(),
        "' or 1=1 --".to_owned(),
        "A".repeat(4000),
    ];
    for value in forged {
        let mut eve = t.browser().with_session_cookie(&value);
        assert!(!eve.is_signed_in().await, "{value:?}");
        let location = eve.get("/account").await.location();
        assert!(
            location.starts_with("/sign-in?next=%2Faccount"),
            "{value:?}: {location}"
        );
    }
    // Of two cookies with one name, one was put there by somebody else: neither is believed.
    for twice in [
        format!("latchstring={real}; latchstring=x"),
        format!("latchstring=x; latchstring={real}"),
    ] {
        let request = axum::http::Request::get("/api/v1/session").header("cookie", twice.as_str());
        let page = t.browser().send(request, axum::body::Body::empty()).await;
        assert_eq!(page.status, 401, "{twice}");
    }
    let bytes = axum::http::HeaderValue::from_bytes(b"latchstring=\xff\xfe\x80; latchstring-device=\xc3\x28")
        .unwrap();
    let request = axum::http::Request::get("/api/v1/session").header("cookie", bytes);
    assert_eq!(
        t.browser().send(request, axum::body::Body::empty()).await.status,
        401
    );
    assert!(ada.is_signed_in().await);
}

/// A header that a policy could not read made it skip the password (authentik): what a proxy says never stands for one.
#[tokio::test]
async fn cve_2024_47070_garbage_in_the_headers_of_a_proxy_lets_nobody_in() {
    let settings = [("TRUSTED_PROXIES", "10.0.0.0/8"), ("RATE_LIMITS", "off")];
    let t = TestHouse::with(&settings).await;
    t.member("Ada", ADA).await;
    for name in [
        "x-forwarded-for",
        "x-real-ip",
        "forwarded",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-original-url",
    ] {
        for value in [
            "",
            ",",
            "not an address",
            "999.1.1.1",
            "[::",
            "10.0.0.1:x",
            "for=\"_",
            "127.0.0.1",
        ] {
            let mut stranger = t.script();
            let request = Request::builder()
                .method("POST")
                .uri("/api/sign-in")
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", "http://localhost:3000")
                .header(name, value);
            let body = Body::from("email=ada%40example.com&password=");
            let page = stranger.send(request, body).await;
            assert!(
                (400..500).contains(&page.status),
                "{name}: {value}: {}",
                page.outline()
            );
            assert!(!stranger.is_signed_in().await, "{name}: {value}");
        }
    }
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn a_password_is_hashed_anew_when_the_cost_has_changed() {
    let t = TestHouse::new().await;
    let dearer = t.second_node_with(&[("PASSWORD_ARGON2_ITERATIONS", "2")]).await;
    t.member("Ada", ADA).await;
    let (before,) = rows!(t, (String,), "select phc from passwords").remove(0);
    assert!(before.contains("t=1"), "{before}");
    assert_eq!(
        dearer.browser().sign_in(ADA, PASSWORD).await.location(),
        "/account"
    );
    let (after,) = rows!(t, (String,), "select phc from passwords").remove(0);
    assert!(after.contains("t=2"), "{after}");
    assert_eq!(t.audited("password.rehashed").await, 1);
    assert_eq!(
        dearer.browser().sign_in(ADA, PASSWORD).await.location(),
        "/account"
    );
    assert_eq!(t.audited("password.rehashed").await, 1, "once is enough");
}

#[tokio::test]
async fn over_https_every_cookie_belongs_to_this_host_alone() {
    // The watch holds every cookie of this journey against the rules for https.
    let t = TestHouse::with(&[("PUBLIC_URL", "https://id.example.com")]).await;
    let mut ada = t.member("Ada", ADA).await;
    for name in ["__Host-latchstring", "__Host-latchstring-device"] {
        assert!(ada.jar.contains_key(name), "{:?}", ada.jar.keys());
    }
    let page = ada.sign_out().await;
    assert!(
        page.cookie("__Host-latchstring").is_some(),
        "the browser is told to forget it"
    );
    assert!(!ada.jar.contains_key("__Host-latchstring"));
    ada.sign_in(ADA, "not the right password").await;
    assert!(ada.follow().await.has("form-error"));

    let mut elsewhere = t.browser();
    let request = axum::http::Request::get("/sign-in").header("host", "evil.example");
    assert_eq!(
        elsewhere.send(request, axum::body::Body::empty()).await.status,
        421
    );
}

/// The session cookie of an answer.
fn session_cookie(page: &Page) -> cookie::Cookie<'_> {
    page.cookie("latchstring").expect("a session cookie")
}

/// Sends a wrong password.
async fn fails(browser: &mut Browser, email: &str) -> Page {
    let fields = [
        ("email", email),
        ("password", "not the right password"),
        ("next", ""),
        ("remember", "on"),
    ];
    browser.post("/api/sign-in", &fields).await
}
