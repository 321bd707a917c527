//! A new passkey at the end of the wait, in place of a new password.

use super::{ADA, NEW_PASSWORD, RECOVERED, asked_for, finish_with, waited};
use crate::factors::with_app;
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows};
use crate::passkeys::{Device, add, sign_in};

fn token_of(link: &str) -> String {
    link.split_once("token=").expect("a token").1.to_owned()
}

/// Asks for a challenge on the page of a link.
async fn begin(browser: &mut Browser, link: &str) -> Page {
    let token = token_of(link);
    browser.post("/passkey/recover", &[("token", &token)]).await
}

/// Makes a passkey on the page of a link; the answer is not followed.
async fn make(browser: &mut Browser, link: &str, device: &mut Device) -> Page {
    browser.open(link).await;
    let options = begin(browser, link).await;
    assert_eq!(options.status, 200, "{}", options.outline());
    let credential = device.create(&options.json()["publicKey"]);
    browser.open(link).await;
    browser
        .submit("recover-finish-button", &[("credential", &credential)])
        .await
}

#[tokio::test]
async fn the_wait_ends_in_a_passkey_and_nothing_of_before_lets_in() {
    for script in [false, true] {
        let t = TestHouse::new().await;
        let (mut before, app, _) = with_app(&t, "Ada", ADA).await;
        let mut old = Device::synced();
        add(&mut before, &mut old).await;
        t.mails_to(ADA).await;
        asked_for(&t, ADA).await;
        let link = waited(&t, ADA).await;
        let mut lost = if script { t.script() } else { t.browser() };
        let mut device = Device::synced();
        let done = make(&mut lost, &link, &mut device).await;
        assert_eq!(done.location(), "/sign-in?recovered=passkey");
        assert!(!lost.is_signed_in().await && !before.is_signed_in().await);
        assert!(
            lost.follow()
                .await
                .text("notice")
                .contains("the passkey that you have just made")
        );
        assert_eq!(t.mail_to(ADA).await.subject, RECOVERED);
        assert_eq!(t.audited("passkey.added").await, 2);

        assert_eq!(
            sign_in(&mut t.script(), &mut old).await.faults(),
            ["passkey-wrong"]
        );
        assert_eq!(
            t.script().sign_in(ADA, PASSWORD).await.faults(),
            ["sign-in-mismatch"],
            "the password of before is gone"
        );
        assert_eq!(count!(t, "select count(*) from totps"), 0);
        assert_eq!(sign_in(&mut lost, &mut device).await.location(), "/account");
        let _ = app;
        t.mails_to(ADA).await;
        let again = lost.open(&link).await;
        assert_eq!(again.heading(), "This link did its work already");
    }
}

#[tokio::test]
async fn a_challenge_is_of_one_recovery_one_browser_and_one_use_and_the_key_verifies_its_holder() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Eve", "eve@example.com").await;
    asked_for(&t, ADA).await;
    let ada = waited(&t, ADA).await;
    let mut browser = t.script();
    for wrong in ["", "AAAA", "x"] {
        let page = browser.post("/passkey/recover", &[("token", wrong)]).await;
        assert_eq!(page.faults(), ["link-invalid"], "{wrong}");
    }
    assert_eq!(begin(&mut browser, &ada).await.status, 200);
    asked_for(&t, "eve@example.com").await;
    // Ada's link is over by the time that Eve's comes.
    let eve = waited(&t, "eve@example.com").await;
    assert_eq!(begin(&mut browser, &ada).await.faults(), ["link-expired"]);

    // In another browser, and with a key that verifies nobody.
    let options = begin(&mut browser, &eve).await.json()["publicKey"].clone();
    let mut device = Device::synced();
    let credential = device.create(&options);
    let fields = [("token", token_of(&eve)), ("credential", credential.clone())];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let elsewhere = t.script().post("/api/recover-finish", &fields).await;
    assert_eq!(elsewhere.faults(), ["passkey-over"]);
    let mut key = Device::security_key();
    assert_eq!(
        make(&mut browser, &eve, &mut key).await.faults(),
        ["passkey-wrong"]
    );
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
    assert_eq!(
        rows!(
            t,
            (Option<String>,),
            "select outcome from recoveries where outcome = 'used'"
        )
        .len(),
        0,
        "what was refused used nothing up"
    );
    let done = browser.post("/api/recover-finish", &fields).await;
    assert_eq!(done.location(), "/sign-in?recovered=passkey");
    assert_eq!(
        browser.post("/api/recover-finish", &fields).await.faults(),
        ["link-used"]
    );
    t.mails_to("eve@example.com").await;
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn where_only_passkeys_let_in_a_new_password_leads_to_making_one_without_days() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "passkey_only")]).await;
    let (mut ada, mut device) = crate::passkeys::only::signed_up(&t, ADA).await;
    asked_for(&t, ADA).await;
    let link = waited(&t, ADA).await;
    assert!(
        ada.open(&link)
            .await
            .body
            .contains("you make a passkey when you sign in")
    );
    finish_with(&mut ada, &link).await;
    t.mails_to(ADA).await;
    assert_eq!(
        sign_in(&mut t.script(), &mut device).await.faults(),
        ["passkey-wrong"]
    );
    let mut back = t.browser();
    assert_eq!(
        back.sign_in(ADA, NEW_PASSWORD).await.location(),
        "/sign-in/challenge"
    );
    assert_eq!(back.follow().await.heading(), "Make a passkey");
    assert!(!back.is_signed_in().await);
}
