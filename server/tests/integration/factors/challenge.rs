//! The sign-in in progress: empty, wrong, foreign, repeated and late answers lead nowhere.

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use server::routes::ROUTES;

use super::{ADA, BOB, CHALLENGE, add_mail, answer, at_challenge, other_than, with_app};
use crate::house::{PASSWORD, TestHouse, count, rows, tamper};

#[tokio::test]
async fn cve_2026_49448_an_empty_post_leads_nowhere() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    for mut browser in [t.browser(), t.script()] {
        at_challenge(&mut browser, ADA).await;
        let code = app.code(&t);
        let bodies: [&[(&str, &str)]; 8] = [
            &[],
            &[("factor", "totp")],
            &[("code", &code)],
            &[("factor", "totp"), ("code", "")],
            &[("factor", "totp"), ("code", " - ")],
            &[("factor", ""), ("code", &code)],
            &[("factor", "password"), ("code", PASSWORD)],
            &[("factor", "mail"), ("code", "000000")],
        ];
        for action in ["/api/sign-in-challenge", "/api/sign-in-enrol"] {
            for body in bodies {
                let page = browser.clone().post(action, body).await;
                assert!(
                    [303, 422].contains(&page.status),
                    "{action} {body:?}: {}",
                    page.outline()
                );
                assert_ne!(page.header("location"), "/account");
                assert!(
                    page.cookie(&t.platform.config.cookie_name("")).is_none(),
                    "{action} {body:?}"
                );
            }
        }
        for action in [
            "/api/sign-in-challenge-send",
            "/api/confirm",
            "/api/sign-up-verify",
        ] {
            browser
                .clone()
                .post(action, &[("factor", "totp"), ("code", &code)])
                .await;
        }
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!(
        count!(t, "select count(*) from sessions"),
        1,
        "only the one that added the app"
    );
}

/// Every step that may end in a session or sets a password: nothing, fields with nothing in them, and what is no form.
#[tokio::test]
async fn cve_2026_49448_no_step_goes_on_with_nothing_or_with_what_is_no_form() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    with_app(&t, "Ada", ADA).await;
    let mut owing = t.script();
    at_challenge(&mut owing, ADA).await;
    let ways_in = ROUTES.iter().filter(|route| route.starts_session);
    let others = ["/api/reset-password", "/api/recover-finish", "/api/confirm"];
    let steps: Vec<_> = ways_in.map(|route| route.path).chain(others).collect();
    assert!(steps.len() > 8, "{steps:?}");
    for path in steps {
        for (kind, body) in [
            (FORM, ""),
            (FORM, "email=&password=&code=&token=&credential=&factor="),
            ("application/json", "{}"),
            ("text/plain", "code=123456"),
            ("multipart/form-data; boundary=x", "--x--"),
        ] {
            let mut browser = owing.clone();
            let request = Request::builder()
                .method("POST")
                .uri(path)
                .header("accept", "application/json")
                .header("content-type", kind)
                .header("origin", "http://localhost:3000");
            let page = browser.send(request, Body::from(body)).await;
            assert!(
                (400..500).contains(&page.status),
                "{path} {kind} {body:?}: {}",
                page.outline()
            );
            assert!(!browser.is_signed_in().await, "{path} {kind} {body:?}");
        }
    }
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
}

#[tokio::test]
async fn cve_2026_94218_restart_back_and_two_tabs_keep_what_is_owed() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    let first = browser.clone();
    for path in ["/account", "/account/security", "/confirm?next=/account"] {
        let page = browser.get(path).await;
        assert!(page.location().starts_with("/sign-in"), "{path}");
    }
    // Back to the password, in the same tab and in another one: it is owed again each time.
    browser.get("/sign-in").await;
    at_challenge(&mut browser, ADA).await;
    let mut other_tab = browser.clone();
    at_challenge(&mut other_tab, ADA).await;
    // The sign-ins of before are over.
    for mut old in [first, browser] {
        let page = old
            .post(
                "/api/sign-in-challenge",
                &[("factor", "totp"), ("code", &app.code(&t))],
            )
            .await;
        assert_eq!(page.status, 303);
        assert_eq!(old.get(CHALLENGE).await.location(), "/sign-in?over=1");
        assert!(!old.is_signed_in().await);
    }
    let page = answer(&mut other_tab, "totp", &app.code(&t)).await;
    assert_eq!(page.location(), "/account");
    // And so is the one that ended well: going back to it starts nothing.
    let mut back = other_tab.clone();
    assert_eq!(back.get(CHALLENGE).await.location(), "/sign-in?over=1");
}

#[tokio::test]
async fn asvs_6_6_2_a_sign_in_is_worth_nothing_in_another_browser() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    let mut elsewhere = t.script();
    let typed = [("factor", "totp"), ("code", app.code(&t).as_str())].map(|(a, b)| (a, b.to_owned()));
    let typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let page = elsewhere.post("/api/sign-in-challenge", &typed).await;
    assert_eq!(page.faults(), ["sign-in-over"]);
    // A cookie that somebody made up names nothing.
    let name = t.platform.config.cookie_name("-flow");
    elsewhere.jar.insert(name, "A".repeat(43));
    let page = elsewhere.post("/api/sign-in-challenge", &typed).await;
    assert_eq!(page.faults(), ["sign-in-over"]);
    assert!(!elsewhere.is_signed_in().await);
}

#[tokio::test]
async fn one_persons_code_does_not_open_another_persons_sign_in() {
    let t = TestHouse::new().await;
    let (_, ada, ada_codes) = with_app(&t, "Ada", ADA).await;
    let (_, bob, _) = with_app(&t, "Bob", BOB).await;
    let mut browser = t.script();
    at_challenge(&mut browser, BOB).await;
    for (factor, code) in [("totp", ada.code(&t)), ("recovery", ada_codes[0].clone())] {
        let page = answer(&mut browser, factor, &code).await;
        assert_eq!(page.faults(), ["code: factor-wrong"], "{factor}");
    }
    assert_eq!(
        answer(&mut browser, "totp", &bob.code(&t)).await.location(),
        "/account"
    );
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "recovery", &ada_codes[0]).await.location(),
        "/account"
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_sign_in_ends_after_a_quarter_of_an_hour_and_when_it_is_cancelled() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    t.clock.advance(Duration::minutes(15) - Duration::seconds(1));
    assert_eq!(browser.get(CHALLENGE).await.status, 200);
    t.clock.advance(Duration::seconds(1));
    let page = browser
        .submit("challenge-button", &[("code", &app.code(&t))])
        .await;
    assert_eq!(page.faults(), ["sign-in-over"]);

    at_challenge(&mut browser, ADA).await;
    let left = browser.clone();
    assert_eq!(browser.submit("cancel-button", &[]).await.location(), "/sign-in");
    for mut browser in [browser, left] {
        assert_eq!(browser.get(CHALLENGE).await.location(), "/sign-in?over=1");
    }
}

#[tokio::test]
async fn what_ends_all_sessions_ends_the_sign_ins_in_progress() {
    let t = TestHouse::new().await;
    let (mut ada, app, _) = with_app(&t, "Ada", ADA).await;
    // A new password, signing out everywhere else, and a lock by the operator.
    for end in ["password", "others", "lock"] {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        match end {
            "password" => {
                ada.get("/account/security").await;
                let typed = [
                    ("current_password", PASSWORD),
                    ("password", "nine herons guard the tin lantern"),
                ];
                let done = ada.submit("change-password-button", &typed).await;
                assert_eq!(done.location(), "/account/security?done=password");
                ada.get("/account/security").await;
                let typed = [
                    ("current_password", "nine herons guard the tin lantern"),
                    ("password", PASSWORD),
                ];
                ada.submit("change-password-button", &typed).await;
            }
            "others" => {
                t.browser().sign_in(ADA, PASSWORD).await;
                ada.post("/api/end-other-sessions", &[]).await;
            }
            _ => {
                t.operator(&["user", "lock", ADA], "").await;
            }
        }
        let page = browser
            .submit("challenge-button", &[("code", &app.code(&t))])
            .await;
        assert_eq!(page.faults(), ["sign-in-over"], "{end}");
        assert!(!browser.is_signed_in().await, "{end}");
    }
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn where_to_go_and_for_how_long_is_kept_over_the_second_step() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    browser.get("/sign-in?next=/account/activity").await;
    let typed = [("email", ADA), ("password", PASSWORD), ("remember", "on")];
    assert_eq!(
        browser.submit("sign-in-button", &typed).await.location(),
        CHALLENGE
    );
    let page = answer(&mut browser, "totp", &app.code(&t)).await;
    assert_eq!(page.location(), "/account/activity");
    let remembered = rows!(
        t,
        (bool,),
        "select remember from sessions order by created_at desc, id desc limit 1"
    );
    assert!(remembered[0].0);
    // What stands in the row is read as carefully as what stands in an address.
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    tamper!(t, "update sign_ins set next_path = '//evil.example'");
    t.clock.advance(Duration::seconds(30));
    let page = answer(&mut browser, "totp", &app.code(&t)).await;
    assert_eq!(page.location(), "/account");
}

#[tokio::test]
async fn the_page_offers_what_the_person_has_and_says_what_was_wrong() {
    let t = TestHouse::new().await;
    let (mut ada, app, _) = with_app(&t, "Ada", ADA).await;
    ada.get("/account/security").await;
    ada.submit("add-mail-codes-button", &[]).await;
    t.mails_to(ADA).await;
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    let page = browser.get(CHALLENGE).await;
    assert!(page.has("way-mail") && page.has("way-recovery") && !page.has("way-totp"));
    let wrong = other_than(&app.code(&t));
    browser.submit("challenge-button", &[("code", wrong)]).await;
    let page = browser.follow().await;
    assert!(
        page.text("code-error").contains("isn't right"),
        "{}",
        page.text("code-error")
    );
    assert_eq!(page.value("code"), "", "a code is not shown again");
    let page = browser.get("/sign-in/challenge?factor=mail").await;
    assert!(
        page.has("send-code-button") && !page.has("code-input"),
        "nothing goes out unasked"
    );
    assert_eq!(t.audited("factor.failed").await, 1);
}

#[tokio::test]
async fn with_codes_by_mail_alone_the_code_goes_out_at_once() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    add_mail(&mut ada).await;
    t.mails_to(ADA).await;
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    assert!(browser.get(CHALLENGE).await.has("code-input"));
    let code = t.code_for(ADA).await;
    assert_eq!(answer(&mut browser, "mail", &code).await.location(), "/account");
}
