//! The first administrator with a passkey and no password.

use chrono::Duration;

use super::{ADA, Device, session, sign_in};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

const IDA: &str = "ida@example.com";

fn token(link: &str) -> String {
    link.split_once("token=").unwrap().1.to_owned()
}

/// Asks for a challenge with a link's token.
async fn ask(browser: &mut Browser, token: &str, email: &str) -> Page {
    let typed = [("token", token), ("name", "Ida"), ("email", email)];
    browser.post("/passkey/set-up", &typed).await
}

/// Fills the form in and makes a passkey; the answer is not followed.
async fn set_up(browser: &mut Browser, link: &str, email: &str, device: &mut Device) -> Page {
    browser.open(link).await;
    let page = ask(browser, &token(link), email).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    let credential = device.create(&page.json()["publicKey"]);
    let typed = [("name", "Ida"), ("email", email), ("credential", &credential)];
    browser.submit("setup-button", &typed).await
}

#[tokio::test]
async fn the_first_administrator_has_a_passkey_and_no_password() {
    let t = TestHouse::new().await;
    let (mut ida, mut device) = (t.script(), Device::synced());
    let done = set_up(&mut ida, &t.setup_link().await, IDA, &mut device).await;
    assert_eq!(done.location(), "/sign-in?ready=1", "{}", done.outline());
    assert!(!ida.is_signed_in().await, "the link does not stand in for it");
    assert_eq!(count!(t, "select count(*) from passwords"), 0);
    assert_eq!(
        count!(t, "select count(*) from users where administrator and staff"),
        1
    );
    assert_eq!(t.audited("installation.set_up").await, 1);
    assert_eq!(t.audited("passkey.added").await, 1);
    let mail = t.mail_to(IDA).await;
    assert!(
        mail.subject.starts_with("You are the administrator"),
        "{}",
        mail.subject
    );
    assert_eq!(sign_in(&mut ida, &mut device).await.location(), "/account");
    assert_eq!(session(&ida).await, (2, "swk user mfa".to_owned()));
    for password in [PASSWORD, " "] {
        let refused = t.script().sign_in(IDA, password).await;
        assert_eq!(refused.faults(), ["sign-in-mismatch"]);
    }
}

#[tokio::test]
async fn an_account_that_is_there_loses_its_password_and_its_sessions() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", ADA).await;
    let (mut browser, mut device) = (t.script(), Device::synced());
    let done = set_up(&mut browser, &t.setup_link().await, ADA, &mut device).await;
    assert_eq!(done.location(), "/sign-in?ready=1", "{}", done.outline());
    assert!(!ada.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(sign_in(&mut browser, &mut device).await.location(), "/account");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_passkey_of_another_link_browser_or_account_and_one_that_verifies_nobody_are_refused() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    t.member("Ada", ADA).await;
    let old = t.setup_link().await;
    let mut ida = t.script();
    let page = ask(&mut ida, &token(&old), IDA).await;
    let of_old = Device::synced().create(&page.json()["publicKey"]);
    let link = t.setup_link().await;
    for wrong in [token(&old), "AAAA".to_owned(), String::new()] {
        assert_eq!(ask(&mut ida, &wrong, IDA).await.faults(), ["link-invalid"]);
    }
    ida.open(&link).await;
    let send = async |browser: &mut Browser, email: &str, credential: &str| {
        let typed = [("name", "Ida"), ("email", email), ("credential", credential)];
        browser.submit("setup-button", &typed).await.faults()
    };
    assert_eq!(
        send(&mut ida, IDA, &of_old).await,
        ["passkey-over"],
        "another link"
    );
    let page = ask(&mut ida, &token(&link), IDA).await;
    let unverified = Device::security_key().create(&page.json()["publicKey"]);
    assert_eq!(send(&mut ida, IDA, &unverified).await, ["passkey-wrong"]);
    let page = ask(&mut ida, &token(&link), IDA).await;
    let credential = Device::synced().create(&page.json()["publicKey"]);
    let mut stranger = t.script();
    stranger.open(&link).await;
    assert_eq!(
        send(&mut stranger, IDA, &credential).await,
        ["passkey-over"],
        "another browser"
    );
    // Made for a new account, and then the address of one that is there; and the other way round.
    assert_eq!(send(&mut ida, ADA, &credential).await, ["passkey-over"]);
    let page = ask(&mut ida, &token(&link), ADA).await;
    let credential = Device::synced().create(&page.json()["publicKey"]);
    assert_eq!(send(&mut ida, IDA, &credential).await, ["passkey-over"]);
    let page = ask(&mut ida, &token(&link), IDA).await;
    let late = Device::synced().create(&page.json()["publicKey"]);
    t.clock.advance(Duration::minutes(5));
    assert_eq!(send(&mut ida, IDA, &late).await, ["passkey-over"], "too late");
    assert_eq!(count!(t, "select count(*) from installations"), 0);
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_one_is_made() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let link = t.setup_link().await;
    let mut ida = t.script();
    ida.open(&link).await;
    let page = ask(&mut ida, &token(&link), IDA).await;
    let credential = Device::synced().create(&page.json()["publicKey"]);
    let tries = (0..64).map(|_| {
        let (mut one, credential) = (ida.moved(), credential.clone());
        async move {
            let typed = [
                ("name", "Ida"),
                ("email", IDA),
                ("credential", credential.as_str()),
            ];
            one.submit("setup-button", &typed).await.status
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(count!(t, "select count(*) from passkeys"), 1);
    assert_eq!(t.audited("installation.set_up").await, 1);
    t.mails_to(IDA).await;
}

#[tokio::test]
async fn without_javascript_the_password_stays() {
    let t = TestHouse::new().await;
    let mut ida = t.browser();
    let page = ida.open(&t.setup_link().await).await;
    assert!(
        page.has("password-input") && page.body.contains("data-testid=\"passkey-no-script\""),
        "{}",
        page.outline()
    );
    let typed = [("name", "Ida"), ("email", IDA), ("password", PASSWORD)];
    assert_eq!(ida.submit("setup-button", &typed).await.location(), "/account");
    t.mails_to(IDA).await;
}
