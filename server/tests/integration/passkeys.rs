//! Passkeys: added, signed in with, given as a second factor, looked after. Tests that a flaw of another server is about have
//! its id in their name (SECURITY-BAR 4.8).

mod answers;
mod device;
mod factor;
mod manage;
pub mod only;
mod related;
mod set_up;
mod sign_up;

use chrono::Duration;
use serde_json::Value;

use crate::house::{Browser, PASSWORD, Page, TestHouse};

pub use self::device::Device;
use self::device::{BE, BS, UP, UV};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// Asks for a challenge; what the browser's call gets.
pub async fn begin(browser: &mut Browser, ceremony: &str) -> Value {
    let page = browser.post(&format!("/passkey/{ceremony}"), &[]).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    page.json()["publicKey"].clone()
}

/// Adds a passkey to whoever is signed in; the answer is not followed.
pub async fn add(browser: &mut Browser, device: &mut Device) -> Page {
    browser.get("/account/security/passkey").await;
    let options = begin(browser, "add").await;
    let credential = device.create(&options);
    browser
        .submit("passkey-button", &[("credential", &credential)])
        .await
}

/// Somebody with a passkey beside their password, signed in; the mails about it are read.
async fn with_passkey(t: &TestHouse, name: &str, email: &str) -> (Browser, Device) {
    let mut browser = t.member(name, email).await;
    let mut device = Device::synced();
    let added = add(&mut browser, &mut device).await;
    assert_eq!(added.location(), "/account/security/recovery-codes");
    t.mails_to(email).await;
    (browser, device)
}

/// Sends an answer as the form of the sign-in page does; it is not followed.
async fn answer(browser: &mut Browser, credential: &str) -> Page {
    let typed = [("credential", credential), ("remember", "")];
    // Whoever is signed in already sees no form; a page of before may be open in another window.
    if browser.get("/sign-in").await.has("sign-in-button") {
        browser.submit("sign-in-button", &typed).await
    } else {
        browser.post("/api/sign-in", &typed).await
    }
}

/// Whether a page asks for a passkey: its button is there, and hidden until its script is.
pub fn asks_for_passkey(page: &Page) -> bool {
    page.body.contains("data-testid=\"passkey-button\"")
}

/// Signs in with a passkey and nothing else; the answer is not followed.
pub async fn sign_in(browser: &mut Browser, device: &mut Device) -> Page {
    let options = begin(browser, "sign-in").await;
    let credential = device.sign(&options);
    answer(browser, &credential).await
}

/// What the session API says of a browser.
async fn session(browser: &Browser) -> (i64, String) {
    let session = browser.clone().fetch("/api/v1/session").await.json();
    let amr = session["amr"].as_array().expect("signed in").iter();
    let amr: Vec<&str> = amr.map(|value| value.as_str().unwrap()).collect();
    (session["aal"].as_i64().unwrap(), amr.join(" "))
}

#[tokio::test]
async fn a_passkey_is_added_and_lets_in_alone() {
    let t = TestHouse::new().await;
    let (mut ada, mut device) = with_passkey(&t, "Ada", ADA).await;
    let page = ada.get("/account/security").await;
    assert_eq!(page.text("passkey-name"), "Bitwarden", "by its AAGUID");
    assert!(page.text("passkey-used").contains("Not used yet"));

    for mut browser in [t.browser(), t.script()] {
        assert_eq!(sign_in(&mut browser, &mut device).await.location(), "/account");
        assert_eq!(session(&browser).await, (2, "swk user mfa".to_owned()));
        let page = browser.get("/account/security").await;
        assert!(page.text("passkey-used").contains("Last used on"));
        // It counts as having just shown who one is.
        assert_eq!(browser.get("/account/security/passkey").await.status, 200);
    }
    assert_eq!(t.audited("passkey.added").await, 1);
    assert_eq!(t.audited("passkey.refused").await, 0);
}

#[tokio::test]
async fn the_mail_about_a_new_passkey_takes_it_away_again() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let (mut first, mut second) = (Device::synced(), Device::synced());
    add(&mut ada, &mut first).await;
    t.mails_to(ADA).await;
    t.clock.advance(Duration::minutes(5));
    // She proves herself with the first one, and somebody at her screen adds another.
    sign_in(&mut ada, &mut first).await;
    add(&mut ada, &mut second).await;
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "A passkey was added");
    let link = mail.links.iter().find(|link| link.contains("/not-me")).unwrap();
    let mut anywhere = t.browser();
    anywhere.open(link).await;
    anywhere.submit("not-me-button", &[]).await;
    t.mails_to(ADA).await;
    assert!(!ada.is_signed_in().await);
    let refused = sign_in(&mut t.script(), &mut second).await;
    assert_eq!(refused.faults(), ["passkey-wrong"]);
    assert_eq!(
        sign_in(&mut t.script(), &mut first).await.location(),
        "/account?done=recovery-stopped",
        "the one of before stays, and the way back that the alarm began is of no more use"
    );
}

#[tokio::test]
async fn sign_count_regression_a_counter_that_goes_back_is_told_and_lets_in() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut device = Device::saying(UP | UV, 40);
    add(&mut ada, &mut device).await;
    t.mails_to(ADA).await;
    sign_in(&mut t.browser(), &mut device).await;
    assert_eq!(t.audited("passkey.counter_went_back").await, 0);
    assert!(t.mails_to(ADA).await.is_empty());
    for counter in [6, 40] {
        device.counter = counter;
        let mut browser = t.browser();
        assert_eq!(sign_in(&mut browser, &mut device).await.location(), "/account");
        assert_eq!(session(&browser).await, (2, "hwk user mfa".to_owned()));
        let mail = t.mail_to(ADA).await;
        assert_eq!(mail.subject, "One of your passkeys may have been copied");
    }
    assert_eq!(t.audited("passkey.counter_went_back").await, 2);
    device.counter = 41;
    sign_in(&mut t.browser(), &mut device).await;
    assert!(t.mails_to(ADA).await.is_empty(), "it counts on");
}

#[tokio::test]
async fn of_64_answers_to_one_challenge_one_lets_in() {
    let t = TestHouse::new().await;
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    let mut browser = t.script();
    let options = begin(&mut browser, "sign-in").await;
    let credential = device.sign(&options);
    let tries = (0..64).map(|_| {
        // Elsewhere each time: the limit by address is another matter.
        let (mut one, credential) = (browser.moved(), credential.clone());
        async move { one.post("/api/sign-in", &[("credential", &credential)]).await }
    });
    let answers = futures_util::future::join_all(tries).await;
    let let_in = answers.iter().filter(|page| page.status == 200).count();
    assert_eq!(let_in, 1);
    for page in answers.iter().filter(|page| page.status != 200) {
        assert_eq!(page.faults(), ["passkey-over"]);
    }
}

#[tokio::test]
async fn of_64_new_passkeys_for_one_challenge_one_is_added() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security/passkey").await;
    let options = begin(&mut ada, "add").await;
    let tries = (0..64).map(|_| {
        let mut one = ada.moved();
        let credential = Device::synced().create(&options);
        async move { one.post("/api/add-passkey", &[("credential", &credential)]).await }
    });
    futures_util::future::join_all(tries).await;
    assert_eq!(crate::house::count!(t, "select count(*) from passkeys"), 1);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn of_64_challenges_that_one_new_passkey_answers_at_once_one_adds_it() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security/passkey").await;
    let mut device = Device::synced();
    let mut credentials = Vec::new();
    for _ in 0..64 {
        let options = begin(&mut ada, "add").await;
        credentials.push(device.create(&options));
    }
    let tries = credentials.iter().map(|credential| {
        let mut one = ada.moved();
        async move { one.post("/api/add-passkey", &[("credential", credential)]).await }
    });
    futures_util::future::join_all(tries).await;
    assert_eq!(crate::house::count!(t, "select count(*) from passkeys"), 1);
    assert_eq!(t.audited("passkey.added").await, 1);
    assert_eq!(t.mail_to(ADA).await.subject, "A passkey was added");
}

#[tokio::test]
async fn after_a_password_a_passkey_is_offered_until_it_is_declined() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    assert!(ada.get("/account").await.has("passkey-offer"));
    ada.submit("decline-passkey-button", &[]).await;
    assert!(!ada.follow().await.has("passkey-offer"));
    let mut later = t.browser();
    later.sign_in(ADA, PASSWORD).await;
    assert!(!later.get("/account").await.has("passkey-offer"));
    let (mut bob, mut device) = with_passkey(&t, "Bob", BOB).await;
    assert!(!bob.get("/account").await.has("passkey-offer"), "he has one");
    sign_in(&mut bob, &mut device).await;
    assert!(!bob.get("/account").await.has("passkey-offer"));
}

#[tokio::test]
async fn browsers_and_password_managers_are_told_where() {
    let t = TestHouse::with(&[
        ("PASSKEY_RP_ID", "localhost"),
        (
            "PASSKEY_RELATED_ORIGINS",
            "https://example.org,https://example.net",
        ),
    ])
    .await;
    let mut anybody = t.browser();
    let page = anybody.get("/.well-known/webauthn").await;
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(
        page.json(),
        serde_json::json!({ "origins": ["http://localhost:3000", "https://example.org", "https://example.net"] })
    );
    let page = anybody.get("/.well-known/passkey-endpoints").await;
    assert_eq!(
        page.json()["enroll"],
        "http://localhost:3000/account/security/passkey"
    );
    assert_eq!(page.json()["manage"], "http://localhost:3000/account/security");
}

/// `BS` without `BE` is no state that there is.
const ODD: u8 = UP | UV | BS;
const NEITHER: u8 = UP | UV;
const COPIED: u8 = UP | UV | BE;
