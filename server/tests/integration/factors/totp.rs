//! Codes of an authenticator app (ASVS 6.5.1, 6.5.5; RFC 6238).

use chrono::Duration;

use super::{ADA, App, BOB, add_app, answer, at_challenge, other_than, session, with_app};
use crate::house::{Browser, TestHouse, count, rows, tamper};

#[tokio::test]
async fn adding_one_takes_three_clicks_and_one_field() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), ADA), (t.script(), BOB)] {
        let person = t.member("Ada", email).await;
        browser.jar = person.jar;
        let before = browser.clone();
        browser.get("/account/security").await;
        let begun = browser.submit("add-authenticator-button", &[]).await;
        assert_eq!(begun.location(), "/account/security/authenticator");
        let page = browser.follow().await;
        assert!(
            page.body.contains("class=\"qr\""),
            "the picture is drawn in the page"
        );
        assert!(!page.body.contains("<img"), "and comes from nowhere else");
        let key = page.text("totp-key");
        assert_eq!(
            page.text("totp-key"),
            browser
                .get("/account/security/authenticator")
                .await
                .text("totp-key")
        );
        let app = App(key.replace(' ', ""));
        let wrong = other_than(&app.code(&t));
        let refused = browser
            .submit("confirm-authenticator-button", &[("code", wrong)])
            .await;
        assert!([303, 422].contains(&refused.status));
        assert_eq!(
            count!(
                t,
                "select count(*) from totps where user_id in (select id from users where email = $1)",
                email
            ),
            0
        );
        browser.get("/account/security/authenticator").await;
        let done = browser
            .submit("confirm-authenticator-button", &[("code", &app.code(&t))])
            .await;
        assert_eq!(done.location(), "/account/security/recovery-codes");
        assert_eq!(session(&browser).await, (2, "pwd otp mfa".to_owned()));
        assert!(!before.is_signed_in().await, "the session has a new token");
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, "An authenticator app was added");
        assert!(mail.links.iter().any(|link| link.contains("/not-me?token=")));
        assert!(!mail.text.contains(&app.0));
    }
    assert_eq!(t.audited("totp.added").await, 2);
    assert_eq!(count!(t, "select count(*) from totp_enrolments"), 0);
}

#[tokio::test]
async fn asvs_6_5_1_a_code_is_taken_once() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security").await;
    ada.submit("add-authenticator-button", &[]).await;
    let (app, _) = super::scan(&t, &mut ada, "confirm-authenticator-button").await;
    // The code that added it is used up too.
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "totp", &app.code(&t)).await.faults(),
        ["code: factor-wrong"]
    );
    t.clock.advance(Duration::seconds(30));
    let code = app.code(&t);
    assert_eq!(answer(&mut browser, "totp", &code).await.location(), "/account");
    let mut again = t.script();
    at_challenge(&mut again, ADA).await;
    assert_eq!(
        answer(&mut again, "totp", &code).await.faults(),
        ["code: factor-wrong"]
    );
    // An older one that was never used is no way around it.
    assert_eq!(
        answer(&mut again, "totp", &app.code_at(&t, -1)).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(
        answer(&mut again, "totp", &app.code_at(&t, 1)).await.location(),
        "/account"
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_6_5_5_a_code_is_taken_one_step_early_or_late() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    t.clock.advance(Duration::minutes(10));
    for (steps, taken) in [(-2, false), (2, false), (-1, true), (1, true)] {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        let page = answer(&mut browser, "totp", &app.code_at(&t, steps)).await;
        assert_eq!(page.status == 200, taken, "{steps} steps: {}", page.outline());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_at_once_with_one_code_one_gets_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut browsers = Vec::new();
    for _ in 0..64 {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        browsers.push(browser);
    }
    assert_eq!(let_in(browsers, "totp", &app.code(&t)).await, 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 2);
}

/// Of browsers that answer at once, how many get in.
pub async fn let_in(browsers: Vec<Browser>, factor: &'static str, code: &str) -> usize {
    let tries: Vec<_> = browsers
        .into_iter()
        .map(|mut browser| {
            let code = code.to_owned();
            tokio::spawn(async move {
                let fields = [("factor", factor), ("code", code.as_str())];
                browser.post("/api/sign-in-challenge", &fields).await.status
            })
        })
        .collect();
    let mut inside = 0;
    for attempt in tries {
        inside += usize::from(attempt.await.unwrap() == 200);
    }
    inside
}

#[tokio::test]
async fn the_secret_is_sealed_for_its_owner_and_outlives_a_new_master_key() {
    let t = TestHouse::new().await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let (mut bob, _, _) = with_app(&t, "Bob", BOB).await;
    bob.get("/account/security").await;
    bob.submit("add-authenticator-button", &[]).await;
    let plain = totp_rs::Secret::try_from_base32(&app.0).unwrap();
    for (sealed,) in rows!(
        t,
        (Vec<u8>,),
        "select sealed from totps union all select sealed from totp_enrolments"
    ) {
        assert!(!sealed.windows(20).any(|window| window == plain.as_ref() as &[u8]));
        assert!(!String::from_utf8_lossy(&sealed).contains(&app.0));
    }
    let said = t.operator(&["key", "rotate"], "").await;
    assert!(said.contains("sealed anew") || said.contains('3'), "{said}");
    let keys = rows!(
        t,
        (Vec<u8>,),
        "select distinct substr(sealed, 2, 4) from totps union select substr(sealed, 2, 4) from totp_enrolments"
    );
    assert_eq!(keys.len(), 1);
    t.platform.keys.refresh();
    assert_eq!(keys[0].0, t.platform.keys.current_id());
    t.clock.advance(Duration::seconds(60));
    let mut browser = t.browser();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "totp", &app.code(&t)).await.location(),
        "/account"
    );

    // Moved to another person's row it opens for nobody.
    t.ignore_jobs();
    tamper!(
        t,
        "update totps set sealed = (select sealed from totps t where t.user_id <> totps.user_id)"
    );
    let page = bob
        .post("/api/confirm", &[("factor", "totp"), ("code", &app.code(&t))])
        .await;
    assert_ne!(page.header("location"), "/account");
}

#[tokio::test]
async fn replacing_one_makes_the_old_one_worthless_and_removing_the_last_takes_the_codes_along() {
    let t = TestHouse::new().await;
    let (mut ada, old, codes) = with_app(&t, "Ada", ADA).await;
    ada.get("/account/security").await;
    ada.submit("add-authenticator-button", &[]).await;
    let (new, done) = super::scan(&t, &mut ada, "confirm-authenticator-button").await;
    assert_eq!(
        done.location(),
        "/account/security?done=totp",
        "the recovery codes stay"
    );
    t.clock.advance(Duration::seconds(30));
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    assert_eq!(
        answer(&mut browser, "totp", &old.code(&t)).await.faults(),
        ["code: factor-wrong"]
    );
    assert_eq!(
        answer(&mut browser, "totp", &new.code(&t)).await.location(),
        "/account"
    );

    ada.get("/account/security").await;
    let gone = ada.submit("remove-authenticator-button", &[]).await;
    assert_eq!(gone.location(), "/account/security?done=totp-removed");
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 0);
    let mut browser = t.script();
    assert_eq!(
        browser.sign_in(ADA, crate::house::PASSWORD).await.location(),
        "/account"
    );
    assert!(!codes.is_empty());
    let subjects: Vec<_> = t
        .mails_to(ADA)
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert!(
        subjects.contains(&"Your authenticator app was removed".to_owned()),
        "{subjects:?}"
    );
    // Asked for twice, it is done once.
    ada.post("/api/remove-authenticator", &[]).await;
    assert_eq!(t.audited("totp.removed").await, 1);
}

#[tokio::test]
async fn asvs_6_4_4_nobody_removes_what_they_must_have() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "required")]).await;
    let mut ada = t.member("Ada", ADA).await;
    add_app(&t, &mut ada).await;
    let page = ada.get("/account/security").await;
    assert!(!page.has("remove-authenticator-button"));
    let mut script = t.script();
    script.jar = ada.jar.clone();
    let refused = script.post("/api/remove-authenticator", &[]).await;
    assert_eq!(
        (refused.status, refused.faults()),
        (409, vec!["factor-required".to_owned()])
    );
    // With another one beside it, either may go, and then not the last.
    script.post("/api/add-mail-codes", &[]).await;
    assert_eq!(script.post("/api/remove-authenticator", &[]).await.status, 200);
    assert_eq!(script.post("/api/remove-mail-codes", &[]).await.status, 409);
    assert_eq!(count!(t, "select count(*) from mail_factors"), 1);
    t.mails_to(ADA).await;
}
