//! Several accounts in one browser: signing in beside, going from one to the other, signing out of one and of all.

use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

/// Signs in beside the account in use; the answer is not followed.
async fn add(browser: &mut Browser, email: &str) -> Page {
    browser.get("/sign-in?add=1").await;
    let typed = [("email", email), ("password", PASSWORD), ("remember", "")];
    browser.submit("sign-in-button", &typed).await
}

/// Goes on with the first account that waits; the answer is not followed.
async fn switch(browser: &mut Browser) -> Page {
    browser.get("/account").await;
    browser.submit("switch-button", &[]).await
}

async fn who(browser: &Browser) -> String {
    let json = browser.clone().fetch("/api/v1/session").await.json();
    json["person"]["email"].as_str().unwrap_or_default().to_owned()
}

/// A browser with Ada's account in use and Eve's waiting.
async fn ada_and_eve(t: &TestHouse, script: bool) -> Browser {
    t.member("Ada", ADA).await;
    t.member("Eve", EVE).await;
    let mut browser = if script { t.script() } else { t.browser() };
    browser.sign_in(EVE, PASSWORD).await;
    assert_eq!(add(&mut browser, ADA).await.location(), "/account");
    browser
}

fn others_cookie(t: &TestHouse) -> String {
    t.platform.config.cookie_name("-others")
}

#[tokio::test]
async fn two_accounts_live_in_one_browser_and_take_turns() {
    for script in [false, true] {
        let t = TestHouse::new().await;
        let second = t.second_node().await;
        let mut browser = ada_and_eve(&t, script).await;
        assert_eq!(who(&browser).await, ADA);
        assert!(browser.get("/sign-in?add=1").await.has("stays"));
        for turn in [EVE, ADA, EVE] {
            let before = browser.clone();
            assert_eq!(switch(&mut browser).await.location(), "/account");
            assert_eq!(who(&browser).await, turn);
            assert_eq!(who(&browser.on(&second)).await, turn, "also on the other server");
            assert!(before.is_signed_in().await, "the other one waits, and lives");
        }
        assert_eq!(t.audited("session.switched_to").await, 3);
        assert_eq!(
            count!(t, "select count(*) from sessions"),
            4,
            "none was made by it"
        );
    }
}

#[tokio::test]
async fn going_over_proves_nothing() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, false).await;
    let eve = t.browser();
    drop(eve);
    t.clock.advance(Duration::minutes(11));
    switch(&mut browser).await;
    assert_eq!(
        browser.get("/account/not-me").await.location(),
        "/confirm?next=%2Faccount%2Fnot-me",
        "a sensitive page asks for the password first"
    );
}

#[tokio::test]
async fn signing_out_of_one_leaves_the_other_to_go_on_with() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, false).await;
    assert_eq!(browser.sign_out().await.location(), "/sign-in?signed-out=1");
    assert!(!browser.is_signed_in().await);
    let page = browser.follow().await;
    assert!(page.text("continue-as-button").contains("Continue as Eve"));
    assert!(!page.body.contains(ADA));
    browser.get("/sign-in?next=/account/security").await;
    let answer = browser.submit("continue-as-button", &[]).await;
    assert_eq!(answer.location(), "/account/security");
    assert_eq!(who(&browser).await, EVE);
    assert!(
        !browser.jar.contains_key(&others_cookie(&t)),
        "nobody waits any more"
    );
}

#[tokio::test]
async fn signing_out_of_all_leaves_nobody() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut browser = ada_and_eve(&t, false).await;
    let copy = browser.clone();
    browser.get("/account").await;
    let answer = browser.submit("sign-out-all-button", &[]).await;
    assert_eq!(answer.location(), "/sign-in?signed-out=all");
    for browser in [&browser, &copy, &copy.on(&second)] {
        let mut browser = browser.clone();
        assert!(!browser.is_signed_in().await);
        assert!(!browser.get("/sign-in").await.has("continue-as-button"));
    }
    assert_eq!(
        count!(t, "select count(*) from sessions"),
        2,
        "only those where they signed up"
    );
}

#[tokio::test]
async fn a_session_that_was_ended_from_afar_vanishes_from_the_list() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, true).await;
    browser.get("/account").await;
    let mut elsewhere = t.browser();
    elsewhere.sign_in(EVE, PASSWORD).await;
    elsewhere.get("/account/sessions").await;
    elsewhere.submit("end-others-button", &[]).await;
    assert_eq!(
        browser.submit("switch-button", &[]).await.faults(),
        ["session-unknown"]
    );
    assert!(!browser.get("/account").await.has("switch-button"));
    assert_eq!(who(&browser).await, ADA);
}

#[tokio::test]
async fn what_was_copied_before_a_switch_is_worth_nothing_after_it() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, true).await;
    let thief = browser.clone();
    switch(&mut browser).await;
    // The thief has Eve's token of before, sealed. It finds nothing any more.
    let mut replayed = thief.clone();
    assert!(!replayed.get("/account").await.has("switch-button"));
    // After both signed out, no cookie of before opens anything.
    let mut copy = browser.clone();
    browser.get("/account").await;
    browser.submit("sign-out-all-button", &[]).await;
    assert!(!copy.get("/sign-in").await.has("continue-as-button"));
    assert!(!copy.is_signed_in().await && !replayed.is_signed_in().await);
}

#[tokio::test]
async fn a_forged_or_foreign_cookie_holds_nobody() {
    let t = TestHouse::new().await;
    let elsewhere = TestHouse::new().await;
    let ours = ada_and_eve(&t, true).await;
    let theirs = ada_and_eve(&elsewhere, true).await;
    let name = others_cookie(&t);
    let flash = t.platform.config.cookie_name("-flash");
    let sealed = ours.jar.get(&name).expect("the cookie").clone();
    let foreign = theirs.jar.get(&name).expect("the cookie").clone();
    let mut turned = sealed.clone().into_bytes();
    turned[50] = if turned[50] == b'A' { b'B' } else { b'A' };
    let turned = String::from_utf8(turned).expect("text");
    let eve = count!(t, "select count(*) from sessions");
    for value in ["", "AAAA", &foreign, &turned, &"A".repeat(6000), "[[0]]"] {
        let mut forger = t.script();
        forger.jar.insert(name.clone(), value.to_owned());
        assert!(
            !forger.get("/sign-in").await.has("continue-as-button"),
            "{} bytes",
            value.len()
        );
        let id = uuid::Uuid::nil().to_string();
        let answer = forger.post("/api/switch-account", &[("id", &id)]).await;
        assert_eq!(answer.faults(), ["session-unknown"]);
        assert!(!forger.is_signed_in().await);
    }
    // Sealed by us for another purpose.
    let mut forger = t.script();
    forger.jar.insert(flash, sealed);
    assert!(!forger.get("/sign-in").await.has("continue-as-button"));
    assert_eq!(count!(t, "select count(*) from sessions"), eve);
    elsewhere.mails_to(ADA).await;
}

#[tokio::test]
async fn of_64_switches_at_once_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut browser = ada_and_eve(&t, false).await;
    browser.get("/account").await;
    let tries = (0..64).map(|_| {
        let mut browser = browser.clone();
        async move {
            browser.submit("switch-button", &[]).await;
            who(&browser).await
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|who| *who == EVE).count(), 1);
    assert_eq!(t.audited("session.switched_to").await, 1);
}

#[tokio::test]
async fn signing_in_again_to_an_account_of_this_browser_makes_no_second_one() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, false).await;
    let sessions = count!(t, "select count(*) from sessions");
    // To the one in use, and to the one that waits.
    for email in [ADA, EVE] {
        let before = browser.clone();
        add(&mut browser, email).await;
        assert_eq!(who(&browser).await, email);
        assert_eq!(count!(t, "select count(*) from sessions"), sessions, "{email}");
        assert_eq!(before.is_signed_in().await, email != ADA, "{email}");
    }
    switch(&mut browser).await;
    assert_eq!(who(&browser).await, ADA);
}

#[tokio::test]
async fn a_browser_holds_six_accounts() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut browser = t.script();
    for n in 0..7 {
        let email = format!("person{n}@example.com");
        t.member("Ada", &email).await;
        if n == 0 {
            browser.sign_in(&email, PASSWORD).await;
        } else if n < 6 {
            assert_eq!(add(&mut browser, &email).await.location(), "/account");
        } else {
            assert_eq!(add(&mut browser, &email).await.faults(), ["too-many-accounts"]);
        }
    }
    assert_eq!(who(&browser).await, "person5@example.com");
    let page = browser.get("/account").await;
    assert_eq!(page.body.matches("data-testid=\"switch-button\"").count(), 5);
    let cookie = &browser.jar[&others_cookie(&t)];
    assert!(cookie.len() < 1000, "{} bytes", cookie.len());
}

#[tokio::test]
async fn the_cookie_stays_only_as_long_as_every_session_in_it_may() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Eve", EVE).await;
    let name = others_cookie(&t);
    let mut browser = t.browser();
    browser.sign_in_to_stay(EVE, PASSWORD).await;
    let page = add(&mut browser, ADA).await;
    let kept = page.cookie(&name).expect("the cookie").max_age();
    assert!(kept.is_some_and(|kept| kept.whole_days() >= 29), "{kept:?}");
    let page = switch(&mut browser).await;
    assert_eq!(
        page.cookie(&name).expect("the cookie").max_age(),
        None,
        "Ada did not ask to stay signed in"
    );
    let session = page.cookie(&t.platform.config.cookie_name("")).expect("Eve's");
    assert!(session.max_age().is_some(), "Eve did");
}

#[tokio::test]
async fn another_site_can_switch_nothing() {
    let t = TestHouse::new().await;
    let mut browser = ada_and_eve(&t, false).await;
    let form = axum::http::Request::builder()
        .method("POST")
        .uri("/api/switch-account")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        browser.send(form, axum::body::Body::from("id=x")).await.status,
        403
    );
    assert_eq!(who(&browser).await, ADA);
}
