//! Remembered browsers.

use chrono::Duration;

use super::{ADA, App, BOB, CHALLENGE, at_challenge, session, with_app};
use crate::house::{Browser, PASSWORD, TestHouse, count, rows};

/// Signs in and says not to be asked here again.
async fn trust(t: &TestHouse, browser: &mut Browser, email: &str, app: &App) {
    at_challenge(browser, email).await;
    let typed = [("code", app.code(t)), ("trust", "on".to_owned())];
    let typed: Vec<_> = typed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(
        browser.submit("challenge-button", &typed).await.location(),
        "/account"
    );
    assert_eq!(session(browser).await.0, 2);
    browser.sign_out().await;
    t.clock.advance(Duration::seconds(30));
}

#[tokio::test]
async fn for_thirty_days_this_browser_is_not_asked_and_others_are() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    trust(&t, &mut browser, ADA, &app).await;
    assert_eq!(browser.sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(
        session(&browser).await,
        (1, "pwd".to_owned()),
        "one factor is what it is"
    );
    at_challenge(&mut t.browser(), ADA).await;

    // What matters is asked for all the same.
    assert!(
        browser
            .get("/account/data")
            .await
            .location()
            .starts_with("/confirm")
    );
    assert!(browser.follow().await.has("code-input"));
    let page = browser.get("/account/security").await;
    assert!(page.has("trusted-device") && page.has("confirm-link"));

    browser.sign_out().await;
    let hash = rows!(t, (Vec<u8>,), "select token_hash from trusted_devices")
        .remove(0)
        .0;
    assert_eq!(hash.len(), 32);
    t.clock.advance(Duration::days(30) - Duration::minutes(1));
    assert_eq!(browser.sign_in(ADA, PASSWORD).await.location(), "/account");
    browser.sign_out().await;
    t.clock.advance(Duration::minutes(1));
    at_challenge(&mut browser, ADA).await;
}

#[tokio::test]
async fn one_persons_browser_is_not_another_persons() {
    let t = TestHouse::new().await;
    let (_, ada, _) = with_app(&t, "Ada", ADA).await;
    let (_, bob, _) = with_app(&t, "Bob", BOB).await;
    let mut browser = t.browser();
    trust(&t, &mut browser, ADA, &ada).await;
    trust(&t, &mut browser, BOB, &bob).await;
    for email in [ADA, BOB] {
        assert_eq!(
            browser.sign_in(email, PASSWORD).await.location(),
            "/account",
            "{email}"
        );
        browser.sign_out().await;
    }
    assert_eq!(
        count!(t, "select count(distinct token_hash) from trusted_devices"),
        1
    );
    // Only of the person who said so.
    let mut other = t.browser();
    trust(&t, &mut other, BOB, &bob).await;
    at_challenge(&mut other, ADA).await;
    // A token that somebody made up counts for nothing, and does not become one.
    let made_up = "B".repeat(43);
    let mut liar = t.browser();
    liar.jar
        .insert(t.platform.config.cookie_name("-trusted"), made_up.clone());
    trust(&t, &mut liar, ADA, &ada).await;
    assert_ne!(liar.jar[&t.platform.config.cookie_name("-trusted")], made_up);
}

#[tokio::test]
async fn each_is_ended_by_itself_and_all_with_a_change_of_the_password_or_a_factor() {
    let t = TestHouse::new().await;
    let (mut ada, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    let mut other = t.browser();
    for end in ["one", "password", "reset", "factor", "others", "alarm"] {
        for browser in [&mut browser, &mut other] {
            trust(&t, browser, ADA, &app).await;
        }
        assert_eq!(count!(t, "select count(*) from trusted_devices"), 2, "{end}");
        t.mails_to(ADA).await;
        // Where a session is needed, one that has just given the factor.
        ada.get("/confirm?next=/account/security").await;
        ada.submit("confirm-button", &[("code", &app.code(&t))]).await;
        t.clock.advance(Duration::seconds(30));
        ada.get("/account/security").await;
        match end {
            "one" => {
                let done = ada.submit("end-trust-button", &[]).await;
                assert_eq!(done.location(), "/account/security?done=trust");
                assert_eq!(count!(t, "select count(*) from trusted_devices"), 1);
                ada.follow().await;
                ada.submit("end-trust-button", &[]).await;
            }
            "password" => {
                let new = "nine herons guard the tin lantern";
                for (old, new) in [(PASSWORD, new), (new, PASSWORD)] {
                    ada.get("/account/security").await;
                    let typed = [("current_password", old), ("password", new)];
                    ada.submit("change-password-button", &typed).await;
                }
            }
            "factor" => {
                ada.submit("add-mail-codes-button", &[]).await;
                ada.get("/account/security").await;
                ada.submit("remove-mail-codes-button", &[]).await;
            }
            "others" => {
                ada.post("/api/end-other-sessions", &[]).await;
            }
            "alarm" => {
                let mails = t.new_device_mails_to(ADA).await;
                let link = mails[0].links.iter().find(|link| link.contains("token="));
                let mut guest = t.browser();
                guest.open(link.unwrap()).await;
                guest.submit("not-me-button", &[]).await;
            }
            _ => {
                let mut guest = t.browser();
                guest.get("/forgot-password").await;
                guest.submit("forgot-password-button", &[("email", ADA)]).await;
                let link = t.link_for(ADA).await;
                guest.open(&link).await;
                guest
                    .submit("reset-password-button", &[("password", PASSWORD)])
                    .await;
                at_challenge(&mut ada, ADA).await;
                ada.submit("challenge-button", &[("code", &app.code(&t))]).await;
                t.clock.advance(Duration::seconds(30));
            }
        }
        assert_eq!(count!(t, "select count(*) from trusted_devices"), 0, "{end}");
        at_challenge(&mut browser, ADA).await;
        t.mails_to(ADA).await;
        t.clock.advance(Duration::minutes(2));
    }
}

#[tokio::test]
async fn nobody_ends_another_persons() {
    let t = TestHouse::new().await;
    let (_, ada, _) = with_app(&t, "Ada", ADA).await;
    let (bob, _, _) = with_app(&t, "Bob", BOB).await;
    let mut browser = t.browser();
    trust(&t, &mut browser, ADA, &ada).await;
    let id = rows!(t, (uuid::Uuid,), "select id from trusted_devices")
        .remove(0)
        .0
        .to_string();
    let mut script = t.script();
    script.jar = bob.jar.clone();
    for id in [id.as_str(), "", "no id"] {
        let refused = script.post("/api/end-trust", &[("id", id)]).await;
        assert_eq!(refused.faults(), ["session-unknown"]);
    }
    assert_eq!(count!(t, "select count(*) from trusted_devices"), 1);
}

#[tokio::test]
async fn an_administrator_is_always_asked() {
    let t = TestHouse::new().await;
    let mut ida = t.admin().await;
    let (app, _) = super::add_app(&t, &mut ida).await;
    let email = "ida@example.com";
    let mut browser = t.browser();
    at_challenge(&mut browser, email).await;
    assert!(!browser.get(CHALLENGE).await.has("trust-input"));
    let code = app.code(&t);
    let fields = [("factor", "totp"), ("code", code.as_str()), ("trust", "on")];
    assert_eq!(
        browser.post("/api/sign-in-challenge", &fields).await.location(),
        "/account"
    );
    assert!(
        !browser
            .jar
            .contains_key(&t.platform.config.cookie_name("-trusted"))
    );
    browser.sign_out().await;
    at_challenge(&mut browser, email).await;
    t.mails_to(email).await;
}
