//! `/account/sessions`: where somebody is signed in, and signing out from afar; and the mail about a new device.

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

/// Presses "sign out" beside the first other device; the answer is not followed.
async fn end_first_other(browser: &mut Browser) -> Page {
    browser.get("/account/sessions").await;
    browser.submit("end-session-button", &[]).await
}

/// The ids of a person's sessions, the oldest first.
async fn session_ids(t: &TestHouse, email: &str) -> Vec<uuid::Uuid> {
    let rows = rows!(
        t,
        (uuid::Uuid,),
        "select s.id from sessions s join users u on u.id = s.user_id where u.email = $1 order by s.id",
        email
    );
    rows.into_iter().map(|(id,)| id).collect()
}

#[tokio::test]
async fn the_list_shows_every_live_session_this_one_first() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    t.clock.advance(Duration::minutes(5));
    let mut phone = t.browser();
    phone.get("/sign-in").await;
    let body = format!("email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let form = Request::builder()
        .method("POST")
        .uri("/api/sign-in")
        .header("accept", "text/html")
        .header("user-agent", PHONE)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", t.platform.config.public_origin())
        .header("sec-fetch-site", "same-origin");
    assert_eq!(phone.send(form, Body::from(body)).await.location(), "/account");

    let page = ada.get("/account/sessions").await;
    assert!(page.text("this-device").contains("Firefox on Linux"));
    assert!(page.text("this-device").contains("This device"));
    assert!(
        page.text("this-device").contains("local network"),
        "tests ask from 10/8"
    );
    let other = page.text("other-device");
    assert!(other.contains("Safari on iPhone"), "{other}");
    assert!(other.contains("2 March 2026, 07:07 UTC"), "{other}");
    let list = page.text("devices");
    assert!(list.find("This device") < list.find("iPhone"), "{list}");
    assert!(!page.has("alone"));

    t.clock.advance(Duration::minutes(61));
    t.browser().sign_in(ADA, PASSWORD).await;
    assert_eq!(
        phone.get("/account/sessions").await.location(),
        "/sign-in?next=%2Faccount%2Fsessions&expired=1"
    );
}

#[tokio::test]
async fn one_session_is_ended_on_every_server_at_once() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ada = t.member("Ada", ADA).await;
    for script in [false, true] {
        let mut other = if script { t.script() } else { t.browser() };
        other.sign_in(ADA, PASSWORD).await;
        let elsewhere = other.on(&second);
        assert!(elsewhere.is_signed_in().await, "a copy may be in the cache now");
        assert_eq!(
            end_first_other(&mut ada).await.location(),
            "/account/sessions?done=ended"
        );
        assert!(!elsewhere.is_signed_in().await, "on the second server");
        assert!(!other.is_signed_in().await);
        assert!(ada.is_signed_in().await);
        let page = ada.follow().await;
        assert!(page.text("notice").contains("signed out"));
        assert!(page.has("alone"));
    }
    assert_eq!(t.audited("session.ended").await, 2);
}

#[tokio::test]
async fn all_others_are_ended_and_this_one_stays() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ada = t.member("Ada", ADA).await;
    let eve = t.member("Eve", EVE).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = t.browser();
        other.sign_in(ADA, PASSWORD).await;
        others.push(other.on(&second));
    }
    ada.get("/account/sessions").await;
    let answer = ada.submit("end-others-button", &[]).await;
    assert_eq!(answer.location(), "/account/sessions?done=others");
    for other in others {
        assert!(!other.is_signed_in().await);
    }
    assert!(ada.is_signed_in().await && eve.is_signed_in().await);
    assert_eq!(t.audited("session.others_ended").await, 1);
}

#[tokio::test]
async fn another_person_s_session_is_as_unknown_as_one_that_is_not_there() {
    let t = TestHouse::new().await;
    let eve = t.member("Eve", EVE).await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    let theirs = session_ids(&t, EVE).await[0].to_string();
    let nobodys = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000).to_string();
    let mut answers = Vec::new();
    for id in [theirs.as_str(), &nobodys, "", "' or 1=1 --"] {
        let answer = ada.post("/api/end-session", &[("id", id)]).await;
        assert_eq!(answer.faults(), ["session-unknown"], "{id:?}");
        let incident = answer.header("x-request-id").to_owned();
        answers.push(answer.without(&[&incident]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert!(eve.is_signed_in().await && ada.is_signed_in().await);
    assert_eq!(t.audited("session.ended").await, 0);
}

#[tokio::test]
async fn ending_this_one_is_signing_out() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let id = session_ids(&t, ADA).await[0].to_string();
    let answer = ada.post("/api/end-session", &[("id", &id)]).await;
    assert_eq!(answer.location(), "/sign-in?signed-out=1");
    assert!(!ada.is_signed_in().await);
    assert_eq!(t.audited("session.signed_out").await, 1);
}

#[tokio::test]
async fn an_open_screen_does_not_sign_others_out() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut other = t.browser();
    other.sign_in(ADA, PASSWORD).await;
    t.clock.advance(Duration::minutes(11));
    assert!(other.is_signed_in().await);
    assert_eq!(
        end_first_other(&mut ada).await.location(),
        "/confirm?next=%2Faccount%2Fsessions"
    );
    assert!(other.is_signed_in().await);
    ada.follow().await;
    let answer = ada.submit("confirm-button", &[("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/account/sessions");
    assert_eq!(
        end_first_other(&mut ada).await.location(),
        "/account/sessions?done=ended"
    );
    assert!(!other.is_signed_in().await);
}

#[tokio::test]
async fn of_64_who_end_one_session_at_once_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ada = t.member("Ada", ADA).await;
    t.browser().sign_in(ADA, PASSWORD).await;
    ada.get("/account/sessions").await;
    let tries = (0..64).map(|_| {
        let mut browser = ada.clone();
        async move { browser.submit("end-session-button", &[]).await.location() }
    });
    let answers = futures_util::future::join_all(tries).await;
    let ended = answers
        .iter()
        .filter(|to| *to == "/account/sessions?done=ended")
        .count();
    assert_eq!(ended, 1);
    assert_eq!(t.audited("session.ended").await, 1);
}

#[tokio::test]
async fn a_new_browser_is_told_of_by_mail_and_a_known_one_is_not() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    assert!(
        t.new_device_mails_to(ADA).await.is_empty(),
        "the account begins in this browser"
    );
    ada.sign_out().await;
    ada.sign_in(ADA, PASSWORD).await;
    assert!(t.new_device_mails_to(ADA).await.is_empty(), "it is known");

    let mut other = t.browser();
    other.sign_in(ADA, PASSWORD).await;
    let mails = t.new_device_mails_to(ADA).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("Firefox on Linux"), "{}", mails[0].text);
    assert!(
        mails[0].text.contains(&other.address.to_string()),
        "{}",
        mails[0].text
    );
    assert!(mails[0].links.iter().any(|link| link.contains("/not-me?token=")));
    other.sign_out().await;
    other.sign_in(ADA, PASSWORD).await;
    assert_eq!(t.new_device_mails_to(ADA).await.len(), 1, "once for each browser");

    // A refused sign-in and a made-up cookie are worth nothing.
    t.browser().sign_in(ADA, "not the right password").await;
    assert_eq!(t.new_device_mails_to(ADA).await.len(), 1);
    let mut forger = t.browser();
    let name = t.platform.config.cookie_name("-device");
    forger.jar.insert(name, "A".repeat(43));
    forger.sign_in(ADA, PASSWORD).await;
    assert_eq!(t.new_device_mails_to(ADA).await.len(), 2);
}

#[tokio::test]
async fn a_browser_that_knows_another_account_is_new_to_this_one() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut eve = t.member("Eve", EVE).await;
    eve.sign_out().await;
    eve.sign_in(ADA, PASSWORD).await;
    assert_eq!(t.new_device_mails_to(ADA).await.len(), 1);
    assert!(t.new_device_mails_to(EVE).await.is_empty());
    assert_eq!(count!(t, "select count(*) from known_devices"), 3);
}

#[tokio::test]
async fn more_sessions_than_the_list_shows_end_all_the_same() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    for n in 0_u8..120 {
        let id = uuid::Uuid::from_u128(u128::from(n) + 1);
        tamper!(
            t,
            "insert into sessions (id, token_hash, user_id, remember, aal, amr, auth_time, user_agent, address,
                created_at, last_seen_at, idle_expires_at, expires_at)
             select $1, $2, user_id, remember, aal, amr, auth_time, '', 'unknown',
                created_at, last_seen_at, idle_expires_at, expires_at from sessions where user_agent <> ''",
            id,
            vec![n; 32]
        );
    }
    let page = ada.get("/account/sessions").await;
    assert!(page.has("this-device"), "the own session is in the list");
    assert_eq!(page.body.matches("data-testid=\"other-device\"").count(), 99);
    ada.submit("end-others-button", &[]).await;
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    assert!(ada.is_signed_in().await);
}
