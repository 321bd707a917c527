//! Forms that give a session another token: the second post comes with the token of before, with which nobody is signed in.

use chrono::Duration;

use super::{ADA, at_once, in_turn};
use crate::factors::{App, CHALLENGE, add_app, at_challenge, with_app};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

/// Both answers lead to `place`; the browser with the last of them is signed in, and the other one's token is worth nothing.
async fn one_is_in(t: &TestHouse, answers: [(Page, Browser); 2], place: &str) -> Browser {
    let mut inside = Vec::new();
    for (answer, browser) in answers {
        assert_eq!(answer.location(), place, "{}", answer.outline());
        if browser.is_signed_in().await {
            inside.push(browser);
        }
    }
    assert_eq!(inside.len(), 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    inside.remove(0)
}

/// Whoever comes with all that was sent but one cookie, or with something else typed, is let in nowhere.
async fn nobody_else(form: &Browser, button: &str, typed: &[(&str, &str)], wrong: &[(&str, &str)]) {
    for cookie in ["latchstring-form", "latchstring"] {
        let mut other = form.clone();
        assert!(other.jar.remove(cookie).is_some(), "{cookie}");
        other.submit(button, typed).await;
        assert!(!other.is_signed_in().await, "{cookie}");
    }
    let mut guess = form.clone();
    guess.submit(button, wrong).await;
    assert!(!guess.is_signed_in().await, "a guess");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn proving_once_more_who_one_is() {
    for overlap in [true, false] {
        for with in ["password", "totp", "recovery"] {
            let t = TestHouse::new().await;
            let mut ada = t.member("Ada", ADA).await;
            let mut typed = vec![("password", PASSWORD.to_owned())];
            if with != "password" {
                let (app, codes) = add_app(&t, &mut ada).await;
                t.mails_to(ADA).await;
                let code = if with == "totp" {
                    app.code(&t)
                } else {
                    codes[0].clone()
                };
                typed = vec![("code", code)];
            }
            ada.get(&format!("/confirm?next=/account/profile&factor={with}"))
                .await;
            let typed: Vec<_> = typed
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let answers = if overlap {
                at_once(&ada, "confirm-button", &typed).await
            } else {
                in_turn(&ada, "confirm-button", &typed).await
            };
            let mut inside = one_is_in(&t, answers, "/account/profile").await;
            let wrong = [(typed[0].0, "234567")];
            nobody_else(&ada, "confirm-button", &typed, &wrong).await;
            assert!(inside.is_signed_in().await);
            assert_eq!(inside.get("/account/email").await.status, 200, "it is fresh");
            // Nothing leads back in after signing out.
            inside.sign_out().await;
            let mut late = ada.clone();
            late.submit("confirm-button", &typed).await;
            assert!(!late.is_signed_in().await, "{with}");
            t.mails_to(ADA).await;
        }
    }
}

#[tokio::test]
async fn what_proved_it_is_repeated_for_a_minute_and_three_times() {
    for end in ["a minute", "three"] {
        let t = TestHouse::new().await;
        let mut ada = t.member("Ada", ADA).await;
        ada.get("/confirm?next=/account/profile").await;
        let form = ada.clone();
        let typed = [("password", PASSWORD)];
        ada.submit("confirm-button", &typed).await;
        if end == "a minute" {
            t.clock.advance(Duration::seconds(60));
        } else {
            for _ in 0..3 {
                let answer = form.clone().submit("confirm-button", &typed).await;
                assert_eq!(answer.location(), "/account/profile");
            }
        }
        let mut late = form.clone();
        let answer = late.submit("confirm-button", &typed).await;
        assert_ne!(answer.location(), "/account/profile", "{end}");
        assert!(!late.is_signed_in().await, "{end}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn adding_an_app_and_the_codes_that_are_shown_are_those_that_work() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        let mut ada = t.member("Ada", ADA).await;
        ada.get("/account/security").await;
        ada.submit("add-authenticator-button", &[]).await;
        let page = ada.follow().await;
        let app = App::on(&page);
        let code = app.code(&t);
        let typed = [("code", code.as_str())];
        let answers = if overlap {
            at_once(&ada, "confirm-authenticator-button", &typed).await
        } else {
            in_turn(&ada, "confirm-authenticator-button", &typed).await
        };
        let mut inside = one_is_in(&t, answers, "/account/security/recovery-codes").await;
        assert_eq!(t.audited("totp.added").await, 1);
        let page = inside.get("/account/security/recovery-codes").await;
        let codes = page.texts("recovery-code");
        assert_eq!(codes.len(), 10);
        nobody_else(
            &ada,
            "confirm-authenticator-button",
            &typed,
            &[("code", "234567")],
        )
        .await;

        let mut later = t.browser();
        at_challenge(&mut later, ADA).await;
        later.get(&format!("{CHALLENGE}?factor=recovery")).await;
        let done = later.submit("challenge-button", &[("code", &codes[0])]).await;
        assert_eq!(done.location(), "/account", "{}", done.outline());
        // One was used: those on the page stay what they are.
        let mut again = ada.clone();
        again.submit("confirm-authenticator-button", &typed).await;
        assert_eq!(
            count!(t, "select count(*) from recovery_codes where used_at is not null"),
            1
        );
        t.mails_to(ADA).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn adding_a_telephone() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security/phone").await;
    ada.submit("add-phone-button", &[("phone", "+447400123456")])
        .await;
    let code = t.code_for("+447400123456").await;
    ada.follow().await;
    let typed = [("code", code.as_str())];
    let answers = in_turn(&ada, "confirm-phone-button", &typed).await;
    let mut inside = one_is_in(&t, answers, "/account/security/recovery-codes").await;
    let page = inside.get("/account/security/recovery-codes").await;
    assert_eq!(page.texts("recovery-code").len(), 10);
    nobody_else(&ada, "confirm-phone-button", &typed, &[("code", "234567")]).await;
    t.mails_to(ADA).await;
}

/// "Remember this browser", in the answer to a second factor.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_browser_is_remembered_whichever_answer_it_follows() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        let (mut owner, app, _) = with_app(&t, "Ada", ADA).await;
        owner.sign_out().await;
        t.clock.advance(Duration::seconds(30));
        let mut ada = t.browser();
        at_challenge(&mut ada, ADA).await;
        let code = app.code(&t);
        let typed = [("code", code.as_str()), ("trust", "on")];
        let answers = if overlap {
            at_once(&ada, "challenge-button", &typed).await
        } else {
            in_turn(&ada, "challenge-button", &typed).await
        };
        let mut inside = one_is_in(&t, answers, "/account").await;
        assert_eq!(
            count!(t, "select count(*) from trusted_devices"),
            1,
            "one browser"
        );
        inside.sign_out().await;
        assert_eq!(
            inside.sign_in(ADA, PASSWORD).await.location(),
            "/account",
            "not asked"
        );
        // Whose remembering was ended in between gets none anew.
        inside.get("/account/security").await;
        t.mails_to(ADA).await;
    }
}
