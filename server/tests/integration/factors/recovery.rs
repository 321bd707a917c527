//! Recovery codes (ASVS 6.5.1–6.5.4; NIST SP 800-63B-4, 4.2).

use super::{ADA, BOB, answer, at_challenge, session, with_app};
use crate::house::{TestHouse, count, rows};

#[tokio::test]
async fn a_code_lets_in_once_and_its_use_is_told_by_mail() {
    let t = TestHouse::new().await;
    let (_, _, codes) = with_app(&t, "Ada", ADA).await;
    assert_eq!(codes.len(), 10);
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    // As somebody types it from paper.
    let typed = codes[3].to_uppercase().replace('-', " ");
    assert_eq!(
        answer(&mut browser, "recovery", &typed).await.location(),
        "/account"
    );
    assert_eq!(session(&browser).await, (2, "pwd recovery mfa".to_owned()));
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "A recovery code was used");
    assert!(!mail.text.contains(&codes[3]));
    let mut again = t.script();
    at_challenge(&mut again, ADA).await;
    assert_eq!(
        answer(&mut again, "recovery", &codes[3]).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(
        answer(&mut again, "recovery", "%%%%").await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(
        answer(&mut again, "recovery", &codes[4]).await.location(),
        "/account"
    );
    assert!(
        browser
            .get("/account/security")
            .await
            .text("codes-left")
            .starts_with("8 are left")
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn asvs_6_5_2_no_code_lies_in_the_database() {
    let t = TestHouse::new().await;
    let (_, _, codes) = with_app(&t, "Ada", ADA).await;
    let stored = rows!(t, (String,), "select phc from recovery_codes");
    assert_eq!(stored.len(), 10);
    for (phc,) in &stored {
        assert!(phc.starts_with("$argon2id$"), "{phc}");
        for code in &codes {
            assert!(!phc.contains(code.as_str()) && !phc.contains(&code.replace('-', "")));
        }
    }
    // 32 characters to choose from, sixteen of them: 80 bits.
    assert!(codes.iter().all(|code| code.replace('-', "").len() == 16));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_at_once_with_one_code_one_gets_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let (_, _, codes) = with_app(&t, "Ada", ADA).await;
    let mut browsers = Vec::new();
    for _ in 0..64 {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        browsers.push(browser);
    }
    assert_eq!(super::totp::let_in(browsers, "recovery", &codes[0]).await, 1);
    assert_eq!(
        count!(t, "select count(*) from recovery_codes where used_at is not null"),
        1
    );
    assert_eq!(t.mail_to(ADA).await.subject, "A recovery code was used");
}

#[tokio::test]
async fn they_are_shown_until_they_are_kept_in_the_session_that_made_them_and_never_again() {
    let t = TestHouse::new().await;
    let (mut ada, app, old) = with_app(&t, "Ada", ADA).await;
    ada.get("/account/security").await;
    let made = ada.submit("recovery-codes-button", &[]).await;
    assert_eq!(made.location(), "/account/security/recovery-codes");
    let codes = ada.follow().await.texts("recovery-code");
    assert_eq!(codes.len(), 10);
    assert_eq!(
        ada.get("/account/security/recovery-codes")
            .await
            .texts("recovery-code"),
        codes
    );
    assert_eq!(t.mail_to(ADA).await.subject, "You have new recovery codes");

    let file = ada.submit("download-codes-button", &[]).await;
    assert_eq!(file.status, 200);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"recovery-codes.txt\""
    );
    assert!(file.header("content-type").starts_with("text/plain"));
    assert!(codes.iter().all(|code| file.body.contains(code.as_str())));

    // Another account in the same browser does not see them, nor does another browser.
    let mut bob = t.member("Bob", BOB).await;
    bob.jar.insert(
        t.platform.config.cookie_name("-codes"),
        ada.jar[&t.platform.config.cookie_name("-codes")].clone(),
    );
    assert_eq!(
        bob.get("/account/security/recovery-codes").await.location(),
        "/account/security"
    );
    let refused = bob.post("/account/security/recovery-codes/download", &[]).await;
    assert_eq!(refused.status, 404);
    assert_eq!(
        t.browser()
            .post("/account/security/recovery-codes/download", &[])
            .await
            .status,
        401
    );

    ada.get("/account/security/recovery-codes").await;
    assert_eq!(
        ada.submit("codes-kept-button", &[]).await.location(),
        "/account/security?done=codes"
    );
    assert_eq!(
        ada.get("/account/security/recovery-codes").await.location(),
        "/account/security"
    );

    // The old set is worthless, the new one works.
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "recovery", &old[0]).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(
        answer(&mut browser, "recovery", &codes[0]).await.location(),
        "/account"
    );
    assert!(!app.0.is_empty());
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn who_has_lost_everything_is_helped_by_the_operator() {
    let t = TestHouse::new().await;
    let (ada, _, _) = with_app(&t, "Ada", ADA).await;
    let new = "nine herons guard the tin lantern";
    // The password alone leaves the factor where it is.
    t.operator(&["user", "reset", ADA], new).await;
    let mut browser = t.browser();
    assert_eq!(browser.sign_in(ADA, new).await.location(), super::CHALLENGE);
    let said = t.operator(&["user", "reset", ADA, "--second-factor"], new).await;
    assert!(said.contains("Took the second factor away"), "{said}");
    assert_eq!(browser.get(super::CHALLENGE).await.location(), "/sign-in?over=1");
    assert_eq!(browser.sign_in(ADA, new).await.location(), "/account");
    assert!(!ada.is_signed_in().await);
    // The operator's command has a clock of its own.
    assert_eq!(
        count!(
            t,
            "select count(*) from caught_messages where subject like '%second step%'"
        ),
        1
    );
    t.ignore_jobs();
    assert_eq!(t.audited("factors.cleared_by_operator").await, 1);
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 0);
}

#[tokio::test]
async fn nobody_without_a_factor_gets_codes() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.jar = t.member("Ada", ADA).await.jar;
    assert_eq!(
        ada.post("/api/recovery-codes", &[]).await.faults(),
        ["factor-unknown"]
    );
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 0);
}
