//! A double click without JavaScript on a form that works once: the second post of the same form, from the same browser, ends where
//! the first did. The browser follows the last answer only, and may never see the cookies of the first.

mod same_session;

use chrono::Duration;

use crate::factors::{CHALLENGE, at_challenge, with_app};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count};
use crate::{erasure, recover};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada@elsewhere.example";
const NEW_PASSWORD: &str = "herons guard the copper lantern";
const IDA: [(&str, &str); 3] = [
    ("name", "Ida"),
    ("email", "ida@example.com"),
    ("password", PASSWORD),
];

/// Two posts of one form on their way at once. Each browser that comes back has the cookies of its answer alone.
async fn at_once(browser: &Browser, button: &str, typed: &[(&str, &str)]) -> [(Page, Browser); 2] {
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let (first, second) = tokio::join!(
        Box::pin(one.submit(button, typed)),
        Box::pin(two.submit(button, typed))
    );
    [(first, one), (second, two)]
}

/// One post after the other, the second without anything that the first brought.
async fn in_turn(browser: &Browser, button: &str, typed: &[(&str, &str)]) -> [(Page, Browser); 2] {
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let first = Box::pin(one.submit(button, typed)).await;
    let second = Box::pin(two.submit(button, typed)).await;
    [(first, one), (second, two)]
}

/// Both answers lead to `place`, and of the two sessions the one lives that began last.
async fn both_are_in(t: &TestHouse, answers: [(Page, Browser); 2], place: &str) {
    let mut inside = 0;
    for (answer, browser) in answers {
        assert_eq!(answer.location(), place, "{}", answer.outline());
        inside += i32::from(browser.is_signed_in().await);
    }
    assert_eq!(inside, 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    assert_eq!(count!(t, "select count(*) from users"), 1);
}

async fn signed_up(t: &TestHouse) -> (Browser, String, String) {
    let mut ada = t.browser();
    ada.get("/sign-up?next=/account/profile").await;
    let fields = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    ada.submit("sign-up-button", &fields).await;
    let mail = t.mail_to(ADA).await;
    let link = mail
        .links
        .iter()
        .find(|link| link.contains("token="))
        .unwrap()
        .clone();
    (ada, link, mail.code.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_proof_of_a_sign_up() {
    for overlap in [true, false] {
        for way in ["link", "code", "link elsewhere"] {
            let t = TestHouse::new().await;
            let (mut ada, link, code) = signed_up(&t).await;
            let typed: Vec<(&str, &str)> = match way {
                "link" => {
                    ada.open(&link).await;
                    Vec::new()
                }
                "code" => {
                    ada.get("/sign-up/verify").await;
                    vec![("code", &code)]
                }
                _ => {
                    ada = t.browser();
                    ada.open(&link).await;
                    vec![("password", NEW_PASSWORD)]
                }
            };
            let answers = if overlap {
                at_once(&ada, "verify-button", &typed).await
            } else {
                in_turn(&ada, "verify-button", &typed).await
            };
            both_are_in(&t, answers, "/account/profile").await;
            t.mail_to(ADA).await;
            // Whoever comes with all that was sent but the cookie of the browser.
            let mut other = ada.clone();
            other.jar.remove("latchstring-form");
            let answer = other.submit("verify-button", &typed).await;
            assert_eq!(
                answer.location().split('?').next(),
                Some("/sign-up/verify"),
                "{way}"
            );
            assert!(!other.is_signed_in().await);
        }
    }
}

/// Each post proves the password, so both begin a session: that of the first, which no browser has, ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn signing_in_with_a_password() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        t.member("Ada", ADA).await.sign_out().await;
        let mut ada = t.browser();
        ada.get("/sign-in?next=/account/profile").await;
        let typed = [("email", ADA), ("password", PASSWORD)];
        let answers = if overlap {
            at_once(&ada, "sign-in-button", &typed).await
        } else {
            in_turn(&ada, "sign-in-button", &typed).await
        };
        both_are_in(&t, answers, "/account/profile").await;
        assert_eq!(
            t.new_device_mails_to(ADA).await.len(),
            1,
            "of one browser, one mail"
        );
        // A wrong password ends nothing, nor does the right one in another browser, or much later.
        let mut guess = ada.clone();
        guess
            .submit("sign-in-button", &[("email", ADA), ("password", NEW_PASSWORD)])
            .await;
        assert_eq!(count!(t, "select count(*) from sessions"), 1);
        t.browser().sign_in(ADA, PASSWORD).await;
        assert_eq!(count!(t, "select count(*) from sessions"), 2);
        t.clock.advance(Duration::seconds(60));
        ada.submit("sign-in-button", &typed).await;
        assert_eq!(count!(t, "select count(*) from sessions"), 3);
        t.mails_to(ADA).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_set_up() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        let mut ida = t.browser();
        ida.open(&t.setup_link().await).await;
        let answers = if overlap {
            at_once(&ida, "setup-button", &IDA).await
        } else {
            in_turn(&ida, "setup-button", &IDA).await
        };
        both_are_in(&t, answers, "/account").await;
        t.mail_to("ida@example.com").await;
        let mut other = ida.clone();
        other.jar.remove("latchstring-form");
        assert_ne!(other.submit("setup-button", &IDA).await.location(), "/account");
        assert!(!other.is_signed_in().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reset_of_the_password() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        t.member("Ada", ADA).await;
        let mut ada = t.browser();
        ada.get("/forgot-password").await;
        ada.submit("forgot-password-button", &[("email", ADA)]).await;
        ada.open(&t.link_for(ADA).await).await;
        let typed = [("password", NEW_PASSWORD)];
        let answers = if overlap {
            at_once(&ada, "reset-password-button", &typed).await
        } else {
            in_turn(&ada, "reset-password-button", &typed).await
        };
        for (answer, browser) in answers {
            assert_eq!(answer.location(), "/sign-in?reset=1");
            assert!(!browser.is_signed_in().await);
        }
        assert_eq!(t.audited("password.reset").await, 1);
        t.mail_to(ADA).await;
        // Another password was not set, so nobody is told that it was.
        let answer = ada
            .submit(
                "reset-password-button",
                &[("password", "quite another lantern for herons")],
            )
            .await;
        assert_ne!(answer.location(), "/sign-in?reset=1");
        assert_eq!(
            t.browser().sign_in(ADA, NEW_PASSWORD).await.location(),
            "/account"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_of_the_address_and_its_undoing() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/email").await;
    ada.submit("change-email-button", &[("email", NEW)]).await;
    t.mail_to(ADA).await;
    let mut anywhere = t.browser();
    anywhere.open(&t.link_for(NEW).await).await;
    for (answer, _) in at_once(&anywhere, "confirm-email-button", &[]).await {
        assert_eq!(answer.location(), "/confirm-email?done=1");
    }
    for (answer, _) in in_turn(&anywhere, "confirm-email-button", &[]).await {
        assert_eq!(answer.location(), "/confirm-email?done=1");
    }
    assert_eq!(t.audited("email.changed").await, 1);
    t.mail_to(NEW).await;

    anywhere.open(&t.link_for(ADA).await).await;
    for (answer, _) in at_once(&anywhere, "undo-email-button", &[]).await {
        assert_eq!(answer.location(), "/undo-email?done=1");
    }
    assert_eq!(t.audited("email.change_undone").await, 1);
    t.mail_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn this_was_not_me() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.browser().sign_in(ADA, PASSWORD).await;
    let notices = t.new_device_mails_to(ADA).await;
    let link = notices[0]
        .links
        .iter()
        .find(|link| link.contains("/not-me"))
        .unwrap();
    let mut anywhere = t.browser();
    anywhere.open(link).await;
    for (answer, _) in at_once(&anywhere, "not-me-button", &[]).await {
        assert_eq!(answer.location(), "/not-me?done=1");
    }
    assert_eq!(t.audited("account.alarm_raised").await, 1);
    let told = t.mails_to(ADA).await;
    assert_eq!(told.len(), 2, "one new password, and one way back");
}

#[tokio::test]
async fn after_a_minute_after_three_and_after_signing_out_it_is_no_double_click() {
    for end in ["a minute", "three", "signed out"] {
        let t = TestHouse::new().await;
        let (mut ada, link, _) = signed_up(&t).await;
        ada.open(&link).await;
        let form = ada.clone();
        ada.submit("verify-button", &[]).await;
        t.mail_to(ADA).await;
        match end {
            "a minute" => t.clock.advance(Duration::seconds(60)),
            "three" => {
                for _ in 0..3 {
                    let answer = form.clone().submit("verify-button", &[]).await;
                    assert_eq!(answer.location(), "/account/profile");
                }
            }
            _ => {
                ada.sign_out().await;
            }
        }
        let mut late = form.clone();
        let answer = late.submit("verify-button", &[]).await;
        assert!(answer.location().starts_with("/sign-up/verify"), "{end}");
        assert!(!late.is_signed_in().await, "{end}");
        assert_eq!(late.follow().await.heading(), "This link did its work already");
    }
}

#[tokio::test]
async fn what_was_guessed_since_is_no_repetition() {
    let t = TestHouse::new().await;
    let (mut ada, _, code) = signed_up(&t).await;
    ada.get("/sign-up/verify").await;
    let form = ada.clone();
    ada.submit("verify-button", &[("code", &code)]).await;
    t.mail_to(ADA).await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let mut guess = form.clone();
    let answer = guess.submit("verify-button", &[("code", other)]).await;
    assert_eq!(answer.location(), "/sign-up/verify");
    assert!(!guess.is_signed_in().await);
    // People type codes with a gap.
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let mut again = form.clone();
    let answer = again.submit("verify-button", &[("code", &spaced)]).await;
    assert_eq!(answer.location(), "/account/profile");
}

/// The answer to a second factor: by an app, by a mailed code, by a recovery code.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_answer_to_a_second_factor() {
    for overlap in [true, false] {
        for factor in ["totp", "recovery"] {
            let t = TestHouse::new().await;
            let (mut owner, app, codes) = with_app(&t, "Ada", ADA).await;
            owner.sign_out().await;
            t.clock.advance(Duration::seconds(30));
            let mut ada = t.browser();
            ada.get("/sign-in?next=/account/profile").await;
            let typed = [("email", ADA), ("password", PASSWORD)];
            ada.submit("sign-in-button", &typed).await;
            ada.get(&format!("{CHALLENGE}?factor={factor}")).await;
            let code = if factor == "totp" {
                app.code(&t)
            } else {
                codes[0].clone()
            };
            let typed = [("code", code.as_str())];
            let answers = if overlap {
                at_once(&ada, "challenge-button", &typed).await
            } else {
                in_turn(&ada, "challenge-button", &typed).await
            };
            let mut inside = Vec::new();
            for (answer, browser) in answers {
                assert_eq!(answer.location(), "/account/profile", "{}", answer.outline());
                if browser.is_signed_in().await {
                    inside.push(browser);
                }
            }
            assert_eq!(
                inside.len(),
                1,
                "the session of the first answer has the token of the last"
            );
            assert_eq!(count!(t, "select count(*) from sessions"), 1);
            assert_eq!(count!(t, "select count(*) from sessions where aal = 2"), 1);
            assert_eq!(
                t.audited("sign_in.succeeded").await,
                2,
                "once to add the app, once now"
            );
            // Whoever comes with all that was sent but the cookie of the form, or of the sign-in.
            for cookie in ["latchstring-form", "latchstring-flow"] {
                let mut other = ada.clone();
                other.jar.remove(cookie);
                let answer = other.submit("challenge-button", &typed).await;
                assert_ne!(answer.location(), "/account/profile", "{cookie}");
                assert!(!other.is_signed_in().await, "{cookie}");
            }
            assert!(inside[0].is_signed_in().await);
            // Another code is another answer.
            let mut guess = ada.clone();
            let answer = guess.submit("challenge-button", &[("code", "000000")]).await;
            assert_ne!(answer.location(), "/account/profile");
            assert!(!guess.is_signed_in().await);
            // And nothing leads back in after signing out.
            inside[0].sign_out().await;
            let mut late = ada.clone();
            late.submit("challenge-button", &typed).await;
            assert!(!late.is_signed_in().await);
            t.mails_to(ADA).await;
        }
    }
}

#[tokio::test]
async fn an_answer_to_a_second_factor_is_repeated_for_a_minute_and_three_times() {
    for end in ["a minute", "three"] {
        let t = TestHouse::new().await;
        let (mut owner, app, _) = with_app(&t, "Ada", ADA).await;
        owner.sign_out().await;
        t.clock.advance(Duration::seconds(30));
        let mut ada = t.browser();
        at_challenge(&mut ada, ADA).await;
        let code = app.code(&t);
        let typed = [("code", code.as_str())];
        let form = ada.clone();
        ada.submit("challenge-button", &typed).await;
        if end == "a minute" {
            t.clock.advance(Duration::seconds(60));
        } else {
            for _ in 0..3 {
                let answer = form.clone().submit("challenge-button", &typed).await;
                assert_eq!(answer.location(), "/account");
            }
        }
        let mut late = form.clone();
        let answer = late.submit("challenge-button", &typed).await;
        assert_ne!(answer.location(), "/account", "{end}");
        assert!(!late.is_signed_in().await, "{end}");
        t.mails_to(ADA).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_end_of_a_recovery_and_its_stopping() {
    for overlap in [true, false] {
        let t = TestHouse::new().await;
        t.member("Ada", ADA).await;
        let cancel = recover::asked_for(&t, ADA).await;
        let mut anywhere = t.browser();
        anywhere.open(&cancel).await;
        let answers = if overlap {
            at_once(&anywhere, "recover-cancel-button", &[]).await
        } else {
            in_turn(&anywhere, "recover-cancel-button", &[]).await
        };
        for (answer, _) in answers {
            assert_eq!(answer.location(), "/recover/cancel?done=1");
        }
        assert_eq!(t.audited("recovery.cancelled").await, 1);
        assert_eq!(t.mails_to(ADA).await.len(), 1);

        recover::asked_for(&t, ADA).await;
        let link = recover::waited(&t, ADA).await;
        anywhere.open(&link).await;
        let typed = [("password", NEW_PASSWORD)];
        let answers = if overlap {
            at_once(&anywhere, "recover-finish-button", &typed).await
        } else {
            in_turn(&anywhere, "recover-finish-button", &typed).await
        };
        for (answer, browser) in answers {
            assert_eq!(answer.location(), "/sign-in?recovered=1");
            assert!(!browser.is_signed_in().await);
        }
        assert_eq!(t.mails_to(ADA).await.len(), 1);
        // Another password was not set, so nobody is told that it was; nor is another browser.
        let other = [("password", "quite another lantern for herons")];
        let mut elsewhere = anywhere.clone();
        elsewhere.jar.remove("latchstring-form");
        for (mut browser, typed) in [(anywhere, other), (elsewhere, typed)] {
            let answer = browser.submit("recover-finish-button", &typed).await;
            assert_ne!(answer.location(), "/sign-in?recovered=1");
        }
        let mut ada = t.browser();
        assert_eq!(ada.sign_in(ADA, NEW_PASSWORD).await.location(), "/account");
        t.mails_to(ADA).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keeping_an_account_that_was_to_be_deleted() {
    for overlap in [true, false] {
        for way in ["session", "link"] {
            let t = TestHouse::new().await;
            let mut ada = t.member("Ada", ADA).await;
            erasure::delete(&mut ada, ADA).await;
            let mails = t.mails_to(ADA).await;
            let page = if way == "link" {
                let found = mails.iter().flat_map(|mail| &mail.links);
                let mut found = found.filter(|link| link.contains("/keep-account?token="));
                found.next().expect("the way back").clone()
            } else {
                ada.sign_in(ADA, PASSWORD).await;
                "/keep-account".to_owned()
            };
            if way == "link" {
                ada.open(&page).await;
            } else {
                ada.get(&page).await;
            }
            let answers = if overlap {
                at_once(&ada, "keep-button", &[]).await
            } else {
                in_turn(&ada, "keep-button", &[]).await
            };
            for (answer, _) in answers {
                assert!(
                    answer.location().ends_with("?done=kept"),
                    "{way}: {}",
                    answer.location()
                );
            }
            t.mails_to(ADA).await;
        }
    }
}
