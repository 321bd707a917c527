//! `/confirm` with a second factor (ASVS 7.5.1–7.5.3; CVE-2026-123521).

use chrono::Duration;

use super::{ADA, answer, at_challenge, other_than, session, with_app};
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn whoever_has_a_factor_gives_it_and_the_password_is_not_enough() {
    let t = TestHouse::new().await;
    let (mut ada, app, codes) = with_app(&t, "Ada", ADA).await;
    t.clock.advance(Duration::minutes(11));
    let mut script = t.script();
    script.jar = ada.jar.clone();
    let refused = script.post("/api/confirm", &[("password", PASSWORD)]).await;
    assert_eq!(refused.faults(), ["factor-needed"]);
    let refused = script
        .post(
            "/api/change-password",
            &[
                ("current_password", PASSWORD),
                ("password", "nine herons guard the tin lantern"),
            ],
        )
        .await;
    assert_eq!(refused.faults(), ["factor-needed"]);

    let page = ada.get("/account/security").await;
    assert!(page.has("confirm-link") && !page.has("change-password-button"));
    let before = ada.clone();
    ada.get("/confirm?next=/account/security").await;
    let wrong = other_than(&app.code(&t));
    ada.submit("confirm-button", &[("code", wrong)]).await;
    assert!(ada.follow().await.text("code-error").contains("isn't right"));
    let done = ada.submit("confirm-button", &[("code", &app.code(&t))]).await;
    assert_eq!(done.location(), "/account/security");
    assert!(ada.follow().await.has("change-password-button"));
    assert!(
        !before.is_signed_in().await,
        "the token of before is worth nothing"
    );

    // Another way, and its code is used up as at a sign-in.
    t.clock.advance(Duration::minutes(11));
    ada.get("/confirm?next=/account/data&factor=recovery").await;
    assert_eq!(
        ada.submit("confirm-button", &[("code", &codes[0])])
            .await
            .location(),
        "/account/data"
    );
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "recovery", &codes[0]).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(t.mail_to(ADA).await.subject, "A recovery code was used");
}

#[tokio::test]
async fn a_session_from_before_the_factor_gives_it_and_becomes_aal2() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut old = t.browser();
    old.sign_in(ADA, PASSWORD).await;
    assert_eq!(old.get("/account/data").await.status, 200, "it is fresh");
    let (app, _) = super::add_app(&t, &mut ada).await;
    assert!(old.is_signed_in().await);
    assert_eq!(session(&old).await, (1, "pwd".to_owned()));
    assert!(old.get("/account/data").await.location().starts_with("/confirm"));
    old.follow().await;
    assert_eq!(
        old.submit("confirm-button", &[("code", &app.code(&t))])
            .await
            .location(),
        "/account/data"
    );
    assert_eq!(session(&old).await, (2, "pwd otp mfa".to_owned()));
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn cve_2026_123521_guesses_at_confirm_and_at_sign_in_are_one_count() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let (ada, app, _) = with_app(&t, "Ada", ADA).await;
    let mut thief = t.script();
    thief.jar = ada.jar.clone();
    let wrong = other_than(&app.code(&t));
    let mut looked_at = 0;
    for _ in 0..12 {
        let page = thief
            .post("/api/confirm", &[("factor", "totp"), ("code", wrong)])
            .await;
        looked_at += usize::from(page.status == 422);
    }
    assert_eq!(looked_at, 5);
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let right = answer(&mut browser, "totp", &app.code(&t)).await;
    assert_eq!(right.status, 429, "even the right code is not looked at now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_answers_with_one_code_at_once_one_confirms() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let (ada, app, _) = with_app(&t, "Ada", ADA).await;
    t.clock.advance(Duration::minutes(11));
    let code = app.code(&t);
    let tries: Vec<_> = (0..64)
        .map(|_| {
            let (mut one, code) = (ada.scripted(), code.clone());
            tokio::spawn(async move {
                let fields = [("factor", "totp"), ("code", code.as_str())];
                let status = one.post("/api/confirm", &fields).await.status;
                (status == 200).then_some(one)
            })
        })
        .collect();
    let mut confirmed = Vec::new();
    for attempt in tries {
        confirmed.extend(attempt.await.unwrap());
    }
    assert_eq!(t.audited("session.confirmed").await, 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    let mut fresh = 0;
    for mut one in confirmed {
        fresh += usize::from(one.is_signed_in().await && one.get("/account/data").await.status == 200);
    }
    assert!(fresh >= 1);
    assert!(!ada.is_signed_in().await, "the token of before is worth nothing");
}

#[tokio::test]
async fn another_persons_factor_confirms_nothing() {
    let t = TestHouse::new().await;
    let (ada, _, _) = with_app(&t, "Ada", ADA).await;
    let (_, bob, bob_codes) = with_app(&t, "Bob", super::BOB).await;
    t.clock.advance(Duration::minutes(11));
    let mut script = t.script();
    script.jar = ada.jar.clone();
    for (factor, code) in [
        ("totp", bob.code(&t)),
        ("recovery", bob_codes[0].clone()),
        ("totp", String::new()),
    ] {
        let page = script
            .post("/api/confirm", &[("factor", factor), ("code", &code)])
            .await;
        assert_eq!(page.status, 422, "{factor}");
    }
    assert!(
        script
            .get("/account/data")
            .await
            .location()
            .starts_with("/confirm")
    );
    assert_eq!(t.audited("session.confirmed").await, 0);
}

#[tokio::test]
async fn a_change_of_the_password_does_not_make_the_second_factor_fresh() {
    let t = TestHouse::new().await;
    let (mut ada, _, _) = with_app(&t, "Ada", ADA).await;
    t.clock.advance(Duration::minutes(6));
    ada.get("/account/security").await;
    let fields = [
        ("current_password", PASSWORD),
        ("password", "nine herons guard the tin lantern"),
    ];
    assert_eq!(
        ada.submit("change-password-button", &fields).await.location(),
        "/account/security?done=password"
    );
    t.mails_to(ADA).await;
    // Twelve minutes after the factor was given, six after the password was.
    t.clock.advance(Duration::minutes(6));
    let page = ada.post("/api/remove-authenticator", &[]).await;
    assert!(page.location().starts_with("/confirm"), "{}", page.outline());
    assert_eq!(count!(t, "select count(*) from totps"), 1);
}

#[tokio::test]
async fn a_factor_that_is_gone_does_not_stand_for_one_that_came_later() {
    let t = TestHouse::new().await;
    let (mut old, app, _) = with_app(&t, "Ada", ADA).await;
    let mut ada = t.script();
    at_challenge(&mut ada, ADA).await;
    answer(&mut ada, "totp", &app.code(&t)).await;
    ada.post("/api/remove-authenticator", &[]).await;
    assert_eq!(count!(t, "select count(*) from totps"), 0);
    // With no factor left, the password is what proves it.
    t.clock.advance(Duration::minutes(11));
    old.get("/confirm").await;
    assert_eq!(
        old.submit("confirm-button", &[("password", PASSWORD)])
            .await
            .status,
        303
    );
    assert_eq!(session(&old).await, (1, "pwd".to_owned()));
    let mut other = t.browser();
    other.sign_in(ADA, PASSWORD).await;
    super::add_app(&t, &mut other).await;
    let page = old.post("/api/recovery-codes", &[]).await;
    assert!(page.location().starts_with("/confirm"), "{}", page.outline());
    t.mails_to(ADA).await;
}
