//! `/account/close`: a pause that ends with the next sign-in.

use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";

/// Closes the account of whoever is signed in; the answer is not followed.
async fn close(browser: &mut Browser) -> Page {
    browser.get("/account/close").await;
    browser.submit("close-account-button", &[]).await
}

#[tokio::test]
async fn an_account_is_closed_and_opened_again_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        let elsewhere = t.member("Ada", email).await;
        browser.sign_in(email, PASSWORD).await;
        assert_eq!(close(&mut browser).await.location(), "/sign-in?closed=1");
        assert!(browser.follow().await.text("notice").contains("closed for now"));
        assert!(!browser.is_signed_in().await);
        assert!(!elsewhere.is_signed_in().await, "every device is out");
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, "Your account is closed for now");
        assert!(mail.links.iter().any(|link| link.contains("/not-me?token=")));

        t.clock.advance(Duration::days(40));
        assert_eq!(
            browser.sign_in(email, PASSWORD).await.location(),
            "/account?done=reopened"
        );
        let notice = browser.follow().await.text("notice");
        assert!(
            notice.contains("was closed on") && notice.contains("it is open again"),
            "{notice}"
        );
        assert_eq!(t.mail_to(email).await.subject, "Your account is open again");
        assert!(!browser.get("/account").await.has("notice"));
        assert_eq!(
            t.browser().sign_in(email, PASSWORD).await.location(),
            "/account",
            "once"
        );
    }
    assert_eq!(t.audited("account.closed").await, 2);
    assert_eq!(t.audited("account.reopened").await, 2);
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_a_lock_stays_a_lock() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    close(&mut ada).await;
    t.mail_to(ADA).await;
    let wrong = t.script().sign_in(ADA, NEW_PASSWORD).await;
    assert_eq!(wrong.faults(), ["sign-in-mismatch"]);
    t.operator(&["user", "lock", ADA], "").await;
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    t.operator(&["user", "unlock", ADA], "").await;
    assert_eq!(
        count!(t, "select count(*) from users where deactivated_at is not null"),
        1
    );
    assert_eq!(t.audited("account.reopened").await, 0);
}

#[tokio::test]
async fn who_forgot_the_password_of_a_closed_account_still_gets_in() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    close(&mut ada).await;
    t.mail_to(ADA).await;
    ada.get("/forgot-password").await;
    ada.submit("forgot-password-button", &[("email", ADA)]).await;
    ada.open(&t.link_for(ADA).await).await;
    let answer = ada
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(answer.location(), "/sign-in?reset=1");
    t.mail_to(ADA).await;
    assert_eq!(
        t.audited("account.reopened").await,
        0,
        "the link alone opens nothing"
    );
    assert_eq!(
        ada.sign_in(ADA, NEW_PASSWORD).await.location(),
        "/account?done=reopened"
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn only_who_proved_it_lately_may_close_and_only_their_own() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", ADA).await;
    let mut eve = t.member("Eve", "eve@example.com").await;
    assert_eq!(
        t.script().post("/api/close-account", &[]).await.faults(),
        ["signed-out"]
    );
    assert_eq!(
        t.browser().get("/account/close").await.location(),
        "/sign-in?next=%2Faccount%2Fclose"
    );
    eve.post("/api/close-account", &[("email", ADA), ("user_id", "1")])
        .await;
    t.mail_to("eve@example.com").await;
    assert!(ada.is_signed_in().await);
    t.clock.advance(Duration::minutes(11));
    let mut ada = ada;
    ada.get("/account").await;
    assert_eq!(
        ada.get("/account/close").await.location(),
        "/confirm?next=%2Faccount%2Fclose"
    );
    assert!(
        ada.post("/api/close-account", &[])
            .await
            .location()
            .starts_with("/confirm")
    );
    assert!(ada.is_signed_in().await);
    assert_eq!(t.audited("account.closed").await, 1);
}

#[tokio::test]
async fn of_64_at_once_one_closes_and_of_64_sign_ins_one_opens() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/close").await;
    let clicks = (0..64).map(|_| {
        let mut browser = ada.clone();
        async move {
            browser
                .submit("close-account-button", &[])
                .await
                .header("location")
                == "/sign-in?closed=1"
        }
    });
    let done = futures_util::future::join_all(clicks).await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(t.audited("account.closed").await, 1);
    assert_eq!(t.mails_to(ADA).await.len(), 1);

    let mut door = t.browser();
    door.get("/sign-in").await;
    let entries = (0..64).map(|_| {
        let mut browser = door.clone();
        let typed = [("email", ADA), ("password", PASSWORD), ("remember", "")];
        async move {
            browser.submit("sign-in-button", &typed).await.header("location") == "/account?done=reopened"
        }
    });
    let opened = futures_util::future::join_all(entries).await;
    assert_eq!(opened.into_iter().filter(|opened| *opened).count(), 1);
    assert_eq!(t.audited("account.reopened").await, 1);
    assert_eq!(t.mails_to(ADA).await.len(), 1);
}
