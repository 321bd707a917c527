//! Codes by mail (ASVS 6.5.5, 6.6.2, 6.6.3; CVE-2026-105211: the dropping of the house looks for them in every body).

use chrono::Duration;

use super::{ADA, BOB, add_mail, answer, at_challenge, other_than, session};
use crate::house::{Browser, TestHouse, count, rows};

/// Somebody who is asked for codes by mail.
async fn with_mail(t: &TestHouse, name: &str, email: &str) -> Browser {
    let mut browser = t.member(name, email).await;
    add_mail(&mut browser).await;
    t.mails_to(email).await;
    browser
}

#[tokio::test]
async fn a_code_works_for_ten_minutes_and_once() {
    let t = TestHouse::new().await;
    let ada = with_mail(&t, "Ada", ADA).await;
    assert_eq!(session(&ada).await, (1, "pwd".to_owned()));
    for (wait, taken) in [
        (Duration::minutes(10) - Duration::seconds(1), true),
        (Duration::minutes(10), false),
    ] {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        let code = t.code_for(ADA).await;
        t.clock.advance(wait);
        browser.get("/sign-in/challenge").await;
        let fields = [("factor", "mail"), ("code", code.as_str())];
        let page = browser.post("/api/sign-in-challenge", &fields).await;
        if taken {
            assert_eq!(page.location(), "/account");
            assert_eq!(
                session(&browser).await,
                (1, "pwd mail".to_owned()),
                "mail makes no AAL2"
            );
        } else {
            assert_eq!(page.faults(), ["code: code-expired"]);
        }
    }
    let macs = rows!(t, (Vec<u8>,), "select code_mac from mail_codes");
    assert!(macs.iter().all(|(mac,)| mac.len() == 36));
}

#[tokio::test]
async fn asvs_6_6_2_a_code_of_another_sign_in_or_person_or_of_before_is_worth_nothing() {
    let t = TestHouse::new().await;
    with_mail(&t, "Ada", ADA).await;
    with_mail(&t, "Bob", BOB).await;
    let mut first = t.script();
    at_challenge(&mut first, ADA).await;
    let code_of_first = t.code_for(ADA).await;
    let mut second = t.script();
    at_challenge(&mut second, ADA).await;
    let code_of_second = t.code_for(ADA).await;
    let mut bob = t.script();
    at_challenge(&mut bob, BOB).await;
    let code_of_bob = t.code_for(BOB).await;
    for (browser, code) in [
        (&mut first, &code_of_second),
        (&mut second, &code_of_bob),
        (&mut bob, &code_of_first),
    ] {
        assert_eq!(
            answer(browser, "mail", code).await.faults(),
            ["code: factor-wrong"]
        );
    }
    // A newer one makes it worthless.
    first.get("/sign-in/challenge").await;
    let sent = first.submit("send-code-button", &[]).await;
    assert_eq!(sent.location(), "/sign-in/challenge?factor=mail&sent=1");
    let newer = t.code_for(ADA).await;
    assert_eq!(
        answer(&mut first, "mail", &code_of_first).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(answer(&mut first, "mail", &newer).await.location(), "/account");
}

#[tokio::test]
async fn asvs_6_6_3_a_code_is_dead_after_five_looks_and_three_go_out_in_ten_minutes() {
    let t = TestHouse::new().await;
    with_mail(&t, "Ada", ADA).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let code = t.code_for(ADA).await;
    for _ in 0..5 {
        assert_eq!(
            answer(&mut browser, "mail", other_than(&code)).await.faults(),
            ["code: factor-wrong"]
        );
        t.clock.advance(Duration::seconds(10));
    }
    let fields = [("factor", "mail"), ("code", code.as_str())];
    assert_eq!(
        browser.post("/api/sign-in-challenge", &fields).await.faults(),
        ["code: code-expired"]
    );
    for _ in 0..3 {
        assert_eq!(
            browser
                .post("/api/sign-in-challenge-send", &[("factor", "mail")])
                .await
                .status,
            200
        );
    }
    assert_eq!(
        browser
            .post("/api/sign-in-challenge-send", &[("factor", "mail")])
            .await
            .status,
        429
    );
    let mails = t.mails_to(ADA).await;
    assert_eq!(mails.len(), 3);
    let newest = rows!(
        t,
        (i64,),
        "select misses from mail_codes where consumed_at is null"
    );
    assert!(newest.iter().any(|(misses,)| *misses == 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_at_once_with_one_code_one_gets_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    with_mail(&t, "Ada", ADA).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let code = t.code_for(ADA).await;
    // Without the cookie of the form: with it some would be one double click, and get tokens of the one session.
    browser.jar.remove("latchstring-form");
    let browsers = vec![browser; 64];
    assert_eq!(super::totp::let_in(browsers, "mail", &code).await, 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 2);
}

#[tokio::test]
async fn many_sign_ins_do_not_fill_the_inbox() {
    let t = TestHouse::new().await;
    with_mail(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    for _ in 0..8 {
        at_challenge(&mut browser, ADA).await;
    }
    assert_eq!(t.mails_to(ADA).await.len(), 3);
    let page = browser.get("/sign-in/challenge").await;
    assert!(page.has("send-code-button") && !page.has("code-input"));
    browser.submit("send-code-button", &[]).await;
    let code = t.code_for(ADA).await;
    assert_eq!(answer(&mut browser, "mail", &code).await.location(), "/account");
}

#[tokio::test]
async fn adding_it_gives_recovery_codes_and_removing_it_takes_them() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    assert_eq!(add_mail(&mut ada).await.len(), 10);
    assert_eq!(t.mail_to(ADA).await.subject, "Codes by mail were added");
    // From now on the password alone does not confirm: this very session is asked.
    ada.get("/account/security").await;
    let asked = ada.submit("remove-mail-codes-button", &[]).await;
    assert!(asked.location().starts_with("/confirm"), "{}", asked.outline());
    ada.follow().await;
    ada.submit("send-code-button", &[]).await;
    let code = t.code_for(ADA).await;
    ada.follow().await;
    assert_eq!(
        ada.submit("confirm-button", &[("code", &code)]).await.location(),
        "/account/security"
    );
    ada.follow().await;
    let done = ada.submit("remove-mail-codes-button", &[]).await;
    assert_eq!(done.location(), "/account/security?done=mail-removed");
    assert_eq!(t.mail_to(ADA).await.subject, "Codes by mail were removed");
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 0);
}
