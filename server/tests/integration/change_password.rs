//! `/account/security`: another password; and `/confirm`: the password once more.

use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const WRONG: &str = "not the right password";

/// Types both passwords on the page; the answer is not followed.
async fn change(browser: &mut Browser, current: &str, new: &str) -> Page {
    browser.get("/account/security").await;
    let typed = [("current_password", current), ("password", new)];
    browser.submit("change-password-button", &typed).await
}

/// Types the password at `/confirm`; the answer is not followed.
async fn confirm(browser: &mut Browser, password: &str) -> Page {
    browser.get("/confirm?next=/account/security").await;
    browser.submit("confirm-button", &[("password", password)]).await
}

#[tokio::test]
async fn a_person_changes_the_password_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        t.member("Ada", email).await;
        let mut elsewhere = t.browser();
        elsewhere.sign_in(email, PASSWORD).await;
        browser.sign_in(email, PASSWORD).await;
        let old = browser.clone();

        let answer = change(&mut browser, PASSWORD, NEW_PASSWORD).await;
        assert_eq!(answer.location(), "/account/security?done=password");
        assert!(browser.follow().await.text("notice").contains("is changed"));
        assert!(browser.is_signed_in().await, "here the person stays");
        assert!(!old.is_signed_in().await, "the token of before is worth nothing");
        assert!(!elsewhere.is_signed_in().await, "every other device is out");
        assert_eq!(
            t.script().sign_in(email, PASSWORD).await.faults(),
            ["sign-in-mismatch"]
        );
        assert_eq!(
            t.browser().sign_in(email, NEW_PASSWORD).await.location(),
            "/account"
        );
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, "Your password was changed");
        assert!(mail.text.contains("Firefox on Linux"), "{}", mail.text);
        assert!(mail.links.iter().any(|link| link.contains("/not-me?token=")));
    }
    assert_eq!(t.audited("password.changed").await, 2);
}

#[tokio::test]
async fn a_change_that_is_refused_changes_nothing() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    for (current, new, faults) in [
        ("", "", vec!["current_password: required", "password: required"]),
        (WRONG, NEW_PASSWORD, vec!["current_password: password-wrong"]),
        (PASSWORD, PASSWORD, vec!["password: password-same"]),
        (PASSWORD, "short", vec!["password: password-too-short"]),
        (
            PASSWORD,
            "ada@example.com ada",
            vec!["password: password-contains-identity"],
        ),
    ] {
        let answer = change(&mut ada, current, new).await;
        assert_eq!(answer.faults(), faults, "{current:?} {new:?}");
    }
    assert!(ada.is_signed_in().await);
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(t.audited("password.changed").await, 0);
}

#[tokio::test]
async fn cve_2026_43914_guesses_at_the_current_password_are_stopped_as_at_a_sign_in() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut thief = t.script();
    thief.sign_in(ADA, PASSWORD).await;
    let mut refused = 0;
    for _ in 0..12 {
        let answer = change(&mut thief, WRONG, NEW_PASSWORD).await;
        refused += usize::from(answer.faults() == ["too-many-attempts"]);
    }
    assert!(refused >= 6, "only {refused} of 12 were stopped");
    assert_eq!(
        confirm(&mut thief, PASSWORD).await.faults(),
        ["too-many-attempts"],
        "the count is one and the same"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_changes_at_once_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security").await;
    let tries: Vec<_> = (0..64)
        .map(|n| {
            let mut browser = ada.clone();
            tokio::spawn(async move {
                let new = format!("{NEW_PASSWORD} {n}");
                let typed = [("current_password", PASSWORD), ("password", new.as_str())];
                let page = browser.submit("change-password-button", &typed).await;
                i32::from(page.header("location") == "/account/security?done=password")
            })
        })
        .collect();
    let mut done = 0;
    for attempt in tries {
        done += attempt.await.unwrap();
    }
    assert_eq!(done, 1);
    assert_eq!(t.audited("password.changed").await, 1);
    assert_eq!(t.mail_to(ADA).await.subject, "Your password was changed");
}

#[tokio::test]
async fn confirming_gives_a_new_token_and_goes_on() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    t.clock.advance(Duration::minutes(30));
    let before = ada.clone();
    let signed_in = ada.clone().fetch("/api/v1/session").await.json();
    let answer = confirm(&mut ada, PASSWORD).await;
    assert_eq!(answer.location(), "/account/security");
    assert!(ada.is_signed_in().await);
    assert!(!before.is_signed_in().await, "the copied cookie is worth nothing");
    let now = ada.clone().fetch("/api/v1/session").await.json();
    assert_ne!(now["auth_time"], signed_in["auth_time"]);
    assert_eq!(
        now["expires_at"], signed_in["expires_at"],
        "and the end stays where it was"
    );
    assert_eq!(t.audited("session.confirmed").await, 1);
}

#[tokio::test]
async fn a_wrong_password_confirms_nothing() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    assert_eq!(
        confirm(&mut ada, WRONG).await.faults(),
        ["password: password-wrong"]
    );
    assert_eq!(confirm(&mut ada, "").await.faults(), ["password: required"]);
    assert!(ada.is_signed_in().await);
    assert_eq!(t.audited("session.confirmed").await, 0);
    let mut nobody = t.browser();
    assert_eq!(
        nobody.get("/confirm?next=/account").await.location(),
        "/sign-in?next=%2Fconfirm%3Fnext%3D%2Faccount"
    );
}
