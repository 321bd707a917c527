//! The link at the end of the wait: once, for a day, and for its own account.

use chrono::Duration;
use domain::platform::clean_up;

use super::{ADA, NEW_PASSWORD, RECOVERED, WAIT, ask, asked_for, finish_with, look_after, waited};
use crate::factors::{App, with_app};
use crate::house::{PASSWORD, TestHouse, count, rows, tamper};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_uses_at_once_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    with_app(&t, "Ada", ADA).await;
    asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    let mut anybody = t.browser();
    anybody.open(&link).await;
    let tries: Vec<_> = (0..64)
        .map(|n| {
            let mut browser = anybody.clone();
            tokio::spawn(async move {
                let new = format!("{NEW_PASSWORD} {n}");
                let page = browser
                    .submit("recover-finish-button", &[("password", new.as_str())])
                    .await;
                i32::from(page.header("location") == "/sign-in?recovered=1")
            })
        })
        .collect();
    let mut done = 0;
    for attempt in tries {
        done += attempt.await.unwrap();
    }
    assert_eq!(done, 1);
    assert_eq!(t.audited("recovery.completed").await, 1);
    assert_eq!(t.mail_to(ADA).await.subject, RECOVERED);
}

#[tokio::test]
async fn it_works_once_and_for_a_day() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    t.clock.advance(Duration::hours(24) - Duration::seconds(1));
    let mut browser = t.script();
    let mut late = t.script();
    assert!(late.open(&link).await.has("recover-finish-button"));
    assert_eq!(
        finish_with(&mut browser, &link).await.location(),
        "/sign-in?recovered=1"
    );
    let again = late
        .submit("recover-finish-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(again.faults(), ["link-used"]);
    assert_eq!(late.open(&link).await.heading(), "This link did its work already");
    assert_eq!(t.mail_to(ADA).await.subject, RECOVERED);

    // Another one, which nobody uses in time: the wait begins anew.
    asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    browser.open(&link).await;
    t.clock.advance(Duration::hours(24));
    let answer = browser
        .submit("recover-finish-button", &[("password", PASSWORD)])
        .await;
    assert_eq!(answer.faults(), ["link-expired"]);
    assert_eq!(browser.open(&link).await.heading(), "This link is too old");
    asked_for(&t, ADA).await;
    t.clock.advance(WAIT - Duration::seconds(1));
    look_after(&t.platform).await;
    assert!(
        t.mails_to(ADA).await.is_empty(),
        "no sooner than after the whole wait"
    );
}

#[tokio::test]
async fn neither_a_link_of_another_kind_nor_a_cut_one_works() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let cancel = asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    let mut browser = t.browser();
    browser.get("/forgot-password").await;
    browser.submit("forgot-password-button", &[("email", ADA)]).await;
    let reset = t.link_for(ADA).await;
    let token = |link: &str| link.split_once("token=").expect("a token").1.to_owned();
    let mut script = t.script();
    for wrong in [
        String::new(),
        token(&cancel),
        token(&reset),
        token(&link)[..20].to_owned(),
    ] {
        let typed = [("token", wrong.as_str()), ("password", NEW_PASSWORD)];
        let answer = script.post("/api/recover-finish", &typed).await;
        assert_eq!(answer.faults(), ["link-invalid"], "{wrong}");
        t.clock.advance(Duration::minutes(1));
    }
    let typed = [("token", token(&link)), ("password", NEW_PASSWORD.to_owned())];
    let typed: Vec<_> = typed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(
        script.post("/api/reset-password", &typed).await.faults(),
        ["link-invalid"]
    );
    assert_eq!(t.browser().sign_in(ADA, NEW_PASSWORD).await.status, 303);
    assert_eq!(t.audited("recovery.completed").await, 0);
}

#[tokio::test]
async fn a_locked_account_gets_no_link_and_its_link_does_not_work() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    tamper!(t, "update users set locked_at = created_at");
    t.clock.advance(WAIT);
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.is_empty());
    tamper!(t, "update users set locked_at = null");
    look_after(&t.platform).await;
    let mail = t.mail_to(ADA).await;
    let link = super::link_in(&mail, "/recover/finish?token=");
    tamper!(t, "update users set locked_at = created_at");
    let mut browser = t.script();
    assert_eq!(browser.open(&link).await.heading(), "This link doesn't work");
    let token = link.split_once("token=").expect("a token").1;
    let typed = [("token", token), ("password", NEW_PASSWORD)];
    assert_eq!(
        browser.post("/api/recover-finish", &typed).await.faults(),
        ["link-invalid"]
    );
}

#[tokio::test]
async fn administrators_too_and_they_add_a_factor_before_they_are_in() {
    let settings = [("SECOND_FACTOR_GRACE_DAYS", "0")];
    let t = TestHouse::with(&settings).await;
    let email = "ida@example.com";
    let mut ida = t.browser();
    ida.open(&t.setup_link().await).await;
    let fields = [("name", "Ida"), ("email", email), ("password", PASSWORD)];
    ida.submit("setup-button", &fields).await;
    let page = ida.follow().await;
    let code = App::on(&page).code(&t);
    ida.submit("challenge-button", &[("code", &code)]).await;
    t.mails_to(email).await;

    ask(&mut t.browser(), email).await;
    t.mails_to(email).await;
    let link = waited(&t, email).await;
    let mut lost = t.browser();
    assert_eq!(
        finish_with(&mut lost, &link).await.location(),
        "/sign-in?recovered=1"
    );
    t.mails_to(email).await;
    assert_eq!(
        lost.sign_in(email, NEW_PASSWORD).await.location(),
        "/sign-in/challenge"
    );
    assert!(!lost.is_signed_in().await);
    let page = lost.follow().await;
    let code = App::on(&page).code(&t);
    let done = lost.submit("challenge-button", &[("code", &code)]).await;
    assert_eq!(done.location(), "/account/security/recovery-codes");
    t.mails_to(email).await;
}

#[tokio::test]
async fn the_link_lies_in_the_database_as_a_hash_and_goes_a_week_after_its_end() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let cancel = asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    let token = |link: &str| link.split_once("token=").expect("a token").1.to_owned();
    let secrets = [("the way back", token(&link)), ("what stops it", token(&cancel))];
    crate::at_rest::lie_nowhere(&t, &secrets).await;
    let hashes = rows!(t, (Vec<u8>,), "select link_hash from recoveries");
    assert_eq!(hashes[0].0.len(), 32);
    t.clock
        .advance(Duration::hours(24) + Duration::days(7) - Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from recoveries"), 1);
    t.clock.advance(Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from recoveries"), 0);
}
