//! What a page shows again after a form without JavaScript: under the form that was refused, and nothing out of date.

use axum::body::Body;
use axum::http::Request;
use scraper::{Html, Selector};
use uuid::Uuid;

use crate::house::{Browser, PASSWORD, Page, TestHouse, rows};

const ADA: &str = "ada@example.com";

/// Whether the form of this action shows a fault, in its summary or under a field.
fn complains(page: &Page, action: &str) -> bool {
    let document = Html::parse_document(&page.body);
    let selector = |within: &str| Selector::parse(&format!("form[action=\"{action}\"] {within}")).unwrap();
    assert!(
        document.select(&selector(".summary")).next().is_some(),
        "{action}"
    );
    [
        ".summary:not([hidden])",
        "p.error:not([hidden])",
        "[aria-invalid=true]",
    ]
    .iter()
    .any(|fault| document.select(&selector(fault)).next().is_some())
}

async fn ask(browser: &mut Browser, email: &str) -> Page {
    browser.get("/forgot-password").await;
    browser
        .submit("forgot-password-button", &[("email", email)])
        .await
}

#[tokio::test]
async fn of_two_forms_on_a_page_only_the_refused_one_complains() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    t.mail_to(ADA).await;
    ada.get("/sign-up/verify").await;
    ada.submit("verify-button", &[("code", "")]).await;
    let page = ada.follow().await;
    assert!(complains(&page, "/api/sign-up-verify"));
    assert!(!complains(&page, "/api/sign-up-resend"));
    // The other one: sent again until its limit.
    let mut pages = Vec::new();
    for _ in 0..4 {
        ada.get("/sign-up/verify").await;
        ada.submit("resend-button", &[]).await;
        pages.push(ada.follow().await);
    }
    let page = pages.pop().unwrap();
    assert!(complains(&page, "/api/sign-up-resend"));
    assert!(!complains(&page, "/api/sign-up-verify"));
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn good_news_goes_when_something_is_refused() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.sign_out().await;
    let page = ada.follow().await;
    assert_eq!(page.text("notice"), "You are signed out on this device.");
    ada.submit(
        "sign-in-button",
        &[("email", ADA), ("password", "not the right password")],
    )
    .await;
    let page = ada.follow().await;
    assert!(page.target.ends_with("?signed-out=1"), "{}", page.target);
    assert!(page.has("form-error") && !page.has("notice"));
    // A reason to sign in holds on.
    ada.get("/sign-in?next=/account").await;
    ada.submit("sign-in-button", &[("email", ADA), ("password", "")])
        .await;
    let page = ada.follow().await;
    assert!(page.has("password-error") && page.has("notice"));
}

#[tokio::test]
async fn the_address_of_a_reset_is_shown_again_and_never_travels_in_a_url() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut bodies = Vec::new();
    for email in [ADA, "eda@example.com"] {
        let mut browser = t.browser();
        let answer = ask(&mut browser, email).await;
        assert_eq!(answer.location(), "/forgot-password?sent=1");
        let cookie = answer.cookie("latchstring-asked").expect("a cookie");
        assert!(!cookie.value().contains("example"), "sealed");
        let page = browser.follow().await;
        assert!(
            page.text("check-mail")
                .starts_with(&format!("If {email} has an account"))
        );
        bodies.push(page.without(&[email]));
        // Without the cookie, or with one of another making, the page knows no address.
        for value in [
            None,
            Some("AAAA"),
            Some(browser.jar["latchstring-asked"].get(1..).unwrap()),
        ] {
            let mut other = t.browser();
            if let Some(value) = value {
                other.jar.insert("latchstring-asked".to_owned(), value.to_owned());
            }
            let page = other.get("/forgot-password?sent=1").await;
            assert!(
                page.text("check-mail").starts_with("If the address you gave"),
                "{value:?}"
            );
        }
    }
    assert_eq!(bodies[0], bodies[1], "known and unknown look the same");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn what_was_typed_is_text_also_when_it_is_shown_again() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    ada.get("/sign-in").await;
    let fields = [("email", "\"><script>alert(1)</script>"), ("password", "x")];
    ada.submit("sign-in-button", &fields).await;
    let page = ada.follow().await;
    assert_eq!(page.value("email"), "\"><script>alert(1)</script>");
    assert!(!page.body.contains("<script>alert"));
    // A refusal belongs to its page alone.
    ada.submit("sign-in-button", &fields).await;
    let other = ada.get("/sign-up").await;
    assert!(!other.body.contains("alert(1)"));
}

#[tokio::test]
async fn a_refusal_that_no_field_can_show_comes_with_a_sentence_for_programs() {
    let t = TestHouse::new().await;
    let foreign = Request::builder()
        .method("POST")
        .uri("/api/sign-in")
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = t.api().send(foreign, Body::from("email=a")).await;
    assert_eq!((answer.status, answer.faults().len()), (403, 0));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("The request didn't come from a page"),
        "{detail}"
    );
}

#[tokio::test]
async fn what_a_function_does_not_ask_for_is_passed_over() {
    let t = TestHouse::new().await;
    let eve = t.member("Eve", "eve@example.com").await;
    let others = rows!(t, (Uuid,), "select id from users").remove(0).0.to_string();
    let more = [
        ("administrator", "true"),
        ("user[administrator]", "true"),
        ("role", "admin"),
        ("locked_at", ""),
        ("user_id", others.as_str()),
        ("subject", others.as_str()),
        ("email_key", "eve@example.com"),
        ("aal", "2"),
        ("amr", "hwk"),
        ("expires_at", "2999-01-01T00:00:00Z"),
        ("__proto__", "1"),
    ];
    let with = |fields: &[(&'static str, &'static str)]| [fields, &more[..]].concat();

    let mut ada = t.browser();
    ada.get("/sign-up").await;
    let fields = with(&[("name", "Ada"), ("email", ADA), ("password", PASSWORD)]);
    assert_eq!(
        ada.post("/api/sign-up", &fields).await.location(),
        "/sign-up/verify"
    );
    let code = t.code_for(ADA).await;
    ada.type_code(&code).await;
    t.mail_to(ADA).await;
    let mut ada = t.browser();
    ada.get("/sign-in").await;
    let fields = with(&[("email", ADA), ("password", PASSWORD)]);
    assert_eq!(ada.post("/api/sign-in", &fields).await.location(), "/account");
    ada.get("/account/profile").await;
    let fields = with(&[
        ("name", "Countess"),
        ("email", "other@example.com"),
        ("time_zone", "UTC"),
        ("language", "en"),
    ]);
    let saved = ada.post("/api/save-profile", &fields).await;
    assert!(saved.location().contains("done="), "{}", saved.outline());

    // What was asked for is done, and nothing else.
    let people = rows!(
        t,
        (String, String, bool),
        "select name, email, administrator from users order by email"
    );
    let expected = [("Countess", ADA), ("Eve", "eve@example.com")];
    let expected = expected.map(|(name, email)| (name.to_owned(), email.to_owned(), false));
    assert_eq!(people, expected);
    let session = ada.fetch("/api/v1/session").await.json();
    assert_eq!(
        (&session["aal"], &session["amr"]),
        (&1.into(), &serde_json::json!(["pwd"]))
    );
    assert!(!session["expires_at"].as_str().unwrap().starts_with("2999"));
    assert!(eve.is_signed_in().await);
}
