//! "This wasn't me": the link of every notice, and the way from the page of one's own activity.

use chrono::Duration;

use crate::house::{Browser, PASSWORD, TestHouse, count, tamper};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";

/// Ada, a stranger who signed in with her password, and the link of the mail that told her so.
async fn alarm(t: &TestHouse) -> (Browser, Browser, String) {
    let ada = t.member("Ada", ADA).await;
    let mut stranger = t.browser();
    stranger.sign_in(ADA, PASSWORD).await;
    let mails = t.new_device_mails_to(ADA).await;
    let link = mails[0].links.iter().find(|link| link.contains("/not-me?token="));
    (ada, stranger, link.expect("the link").clone())
}

/// The link to choose a new password, in one of the two messages that an alarm brings.
async fn reset_link(t: &TestHouse) -> String {
    let mails = t.mails_to(ADA).await;
    assert_eq!(mails.len(), 2, "a new password, and the way back");
    let mut links = mails.iter().flat_map(|mail| &mail.links);
    let link = links.find(|link| link.contains("/reset-password?token="));
    link.expect("a link").clone()
}

#[tokio::test]
async fn the_link_closes_the_account_to_everybody_and_mails_a_way_back() {
    for script in [false, true] {
        let t = TestHouse::new().await;
        let second = t.second_node().await;
        let (ada, stranger, link) = alarm(&t).await;
        let stranger = stranger.on(&second);
        assert!(stranger.is_signed_in().await);

        // Anywhere: no session is needed.
        let mut anywhere = if script { t.script() } else { t.browser() };
        let page = anywhere.open(&link).await;
        assert_eq!(page.status, 200);
        assert!(page.has("not-me-button"));
        assert!(!page.body.contains(ADA), "whose account it is, is not told");
        assert!(stranger.is_signed_in().await, "opening it does nothing");

        let answer = anywhere.submit("not-me-button", &[]).await;
        assert_eq!(answer.location(), "/not-me?done=1");
        assert!(anywhere.follow().await.has("alarm-done"));
        assert!(!stranger.is_signed_in().await && !ada.is_signed_in().await);
        assert_eq!(count!(t, "select count(*) from known_devices"), 0);
        assert_eq!(t.audited("account.alarm_raised").await, 1);

        let reset = reset_link(&t).await;
        anywhere.open(&reset).await;
        anywhere
            .submit("reset-password-button", &[("password", NEW_PASSWORD)])
            .await;
        t.mail_to(ADA).await;
        let mut back = t.browser();
        assert_eq!(
            back.sign_in(ADA, NEW_PASSWORD).await.location(),
            "/account?done=recovery-stopped"
        );
        assert_eq!(t.mail_to(ADA).await.subject, "The way back was stopped");
    }
}

#[tokio::test]
async fn the_link_works_once_and_says_so_the_second_time() {
    let t = TestHouse::new().await;
    let (_, _, link) = alarm(&t).await;
    let mut anybody = t.script();
    anybody.open(&link).await;
    let mut late = anybody.clone();
    anybody.submit("not-me-button", &[]).await;
    t.clock.advance(Duration::minutes(1));
    assert_eq!(late.submit("not-me-button", &[]).await.faults(), ["link-used"]);
    let page = anybody.open(&link).await;
    assert_eq!(page.heading(), "That is done already");
    reset_link(&t).await;
    assert_eq!(t.audited("account.alarm_raised").await, 1);
}

#[tokio::test]
async fn of_64_at_once_one_raises_the_alarm() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let (_, _, link) = alarm(&t).await;
    let tries = t
        .browsers_at(64, &link)
        .await
        .into_iter()
        .map(|mut browser| async move { browser.submit("not-me-button", &[]).await.location() });
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|to| *to == "/not-me?done=1").count(), 1);
    reset_link(&t).await;
    assert_eq!(count!(t, "select count(*) from alarms"), 1);
}

#[tokio::test]
async fn after_seven_days_the_link_is_too_old() {
    let t = TestHouse::new().await;
    let (_, _, link) = alarm(&t).await;
    let mut anybody = t.script();
    t.clock.advance(Duration::days(7) - Duration::seconds(1));
    assert!(anybody.open(&link).await.has("not-me-button"));
    t.clock.advance(Duration::seconds(1));
    assert_eq!(
        anybody.submit("not-me-button", &[]).await.faults(),
        ["link-expired"]
    );
    let page = anybody.open(&link).await;
    assert_eq!(page.heading(), "This link is too old");
    assert!(page.text("link-state").contains("7 days"));
    assert_eq!(t.audited("account.alarm_raised").await, 0);
}

#[tokio::test]
async fn a_link_of_our_own_making_only() {
    let t = TestHouse::new().await;
    let (ada, _, link) = alarm(&t).await;
    let (before, token) = link.split_once("token=").expect("a token");
    let mut turned = token.as_bytes().to_vec();
    turned[40] = if turned[40] == b'A' { b'B' } else { b'A' };
    let turned = String::from_utf8(turned).expect("text");
    let mut anybody = t.script();
    for wrong in ["", "AAAA", &token[..token.len() - 4], &turned, "../../x"] {
        let page = anybody.open(&format!("{before}token={wrong}")).await;
        assert_eq!(page.heading(), "This link doesn't work", "{wrong:?}");
        assert_eq!(
            anybody.post("/api/not-me", &[("token", wrong)]).await.faults(),
            ["link-invalid"],
            "{wrong:?}"
        );
    }
    assert!(ada.is_signed_in().await);
    // The account is gone: nothing tells that there was one.
    tamper!(t, "delete from users where email = $1", ADA);
    assert_eq!(anybody.open(&link).await.heading(), "This link doesn't work");
    assert_eq!(
        anybody.post("/api/not-me", &[("token", token)]).await.faults(),
        ["link-invalid"]
    );
}

#[tokio::test]
async fn guesses_are_limited_by_address() {
    let t = TestHouse::new().await;
    let mut anybody = t.script();
    let mut refused = 0;
    for _ in 0..14 {
        let answer = anybody.post("/api/not-me", &[("token", "AAAA")]).await;
        refused += usize::from(answer.faults() == ["too-many-attempts"]);
    }
    assert_eq!(refused, 4);
}

#[tokio::test]
async fn from_the_activity_one_button_ends_the_others_and_leads_to_a_new_password() {
    let t = TestHouse::new().await;
    let (mut ada, stranger, _) = alarm(&t).await;
    t.clock.advance(Duration::minutes(20));
    let page = ada.get("/account/activity").await;
    assert!(page.has("not-me-link"));
    assert_eq!(
        ada.get("/account/not-me").await.location(),
        "/confirm?next=%2Faccount%2Fnot-me"
    );
    ada.follow().await;
    ada.submit("confirm-button", &[("password", PASSWORD)]).await;
    let page = ada.follow().await;
    assert!(page.has("alarmed-button"));
    assert!(stranger.is_signed_in().await);
    let answer = ada.submit("alarmed-button", &[]).await;
    assert_eq!(answer.location(), "/account/security?done=others");
    assert!(!stranger.is_signed_in().await && ada.is_signed_in().await);
    assert!(
        ada.follow()
            .await
            .text("notice")
            .contains("choose a new password")
    );
}
