//! Who may add a factor, and where.

use chrono::Duration;

use super::{ADA, App, BOB, with_app};
use crate::house::{TestHouse, count};

const CHANGES: [&str; 7] = [
    "/api/add-authenticator",
    "/api/confirm-authenticator",
    "/api/remove-authenticator",
    "/api/add-mail-codes",
    "/api/remove-mail-codes",
    "/api/recovery-codes",
    "/api/end-trust",
];

#[tokio::test]
async fn nobody_changes_factors_without_having_just_proved_who_they_are() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut stale = t.script();
    stale.sign_in(ADA, crate::house::PASSWORD).await;
    super::answer(&mut stale, "totp", &app.code(&t)).await;
    t.clock.advance(Duration::minutes(11));
    for path in CHANGES {
        assert_eq!(
            t.script().post(path, &[]).await.faults(),
            ["signed-out"],
            "{path}"
        );
        let page = stale.post(path, &[("code", &app.code(&t))]).await;
        assert!(
            page.location().starts_with("/confirm"),
            "{path}: {}",
            page.outline()
        );
    }
    assert_eq!(count!(t, "select count(*) from totps"), 1);
    assert_eq!(count!(t, "select count(*) from mail_factors"), 0);
    assert_eq!(count!(t, "select count(*) from totp_enrolments"), 0);
}

#[tokio::test]
async fn where_second_factors_are_off_none_is_added() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "off")]).await;
    let mut ada = t.member("Ada", ADA).await;
    let page = ada.get("/account/security").await;
    assert!(!page.has("add-authenticator-button") && !page.has("add-mail-codes-button"));
    let mut script = t.script();
    script.jar = ada.jar.clone();
    for path in [
        "/api/add-authenticator",
        "/api/add-mail-codes",
        "/api/confirm-authenticator",
    ] {
        let refused = script.post(path, &[("code", "123456")]).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (403, vec!["factor-off".to_owned()]),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_added_in_one_session_is_not_shown_or_confirmed_in_another() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut elsewhere = t.browser();
    elsewhere.sign_in(ADA, crate::house::PASSWORD).await;
    let mut bob = t.member("Bob", BOB).await;
    ada.get("/account/security").await;
    ada.submit("add-authenticator-button", &[]).await;
    let app = App(ada.follow().await.text("totp-key").replace(' ', ""));
    for other in [&mut elsewhere, &mut bob] {
        let page = other.get("/account/security/authenticator").await;
        assert_eq!(page.location(), "/account/security", "there is nothing to show");
        let mut script = t.script();
        script.jar = other.jar.clone();
        let refused = script
            .post("/api/confirm-authenticator", &[("code", &app.code(&t))])
            .await;
        assert_eq!(refused.faults(), ["factor-over"]);
    }
    // It waits for an hour.
    t.clock.advance(Duration::minutes(9));
    assert_eq!(ada.get("/account/security/authenticator").await.status, 200);
    assert_eq!(count!(t, "select count(*) from totps"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_confirmations_of_one_app_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security").await;
    ada.submit("add-authenticator-button", &[]).await;
    let app = App(ada.follow().await.text("totp-key").replace(' ', ""));
    let code = app.code(&t);
    let tries: Vec<_> = (0..64)
        .map(|_| {
            let (mut browser, code) = (ada.clone(), code.clone());
            tokio::spawn(async move {
                let page = browser
                    .submit("confirm-authenticator-button", &[("code", &code)])
                    .await;
                usize::from(page.header("location") == "/account/security/recovery-codes")
            })
        })
        .collect();
    let mut done = 0;
    for attempt in tries {
        done += attempt.await.unwrap();
    }
    // Clicks of one browser: whoever comes after is told what the first one did.
    assert!(done >= 1);
    assert_eq!(t.audited("totp.added").await, 1);
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 10);
    t.mail_to(ADA).await;
}
