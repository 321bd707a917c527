//! A passkey as a second factor, at every way in and at /confirm, under every policy.

use chrono::Duration;

use super::{ADA, Device, add, asks_for_passkey, begin, session, sign_in, with_passkey};
use crate::house::{Browser, PASSWORD, Page, TestHouse};

const CHALLENGE: &str = "/sign-in/challenge";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const POLICIES: [&[(&str, &str)]; 4] = [
    &[("SECOND_FACTOR", "off")],
    &[("SECOND_FACTOR", "optional")],
    &[("SECOND_FACTOR", "required")],
    &[("SECOND_FACTOR", "required"), ("SECOND_FACTOR_GRACE_DAYS", "0")],
];

/// Gives the second factor that the page asks for; the answer is not followed.
async fn give(browser: &mut Browser, device: &mut Device) -> Page {
    assert!(asks_for_passkey(&browser.get(CHALLENGE).await));
    let options = begin(browser, "challenge").await;
    let credential = device.sign(&options);
    browser
        .submit("passkey-button", &[("credential", &credential)])
        .await
}

#[tokio::test]
async fn cve_2025_64103_a_passkey_is_asked_for_on_every_path_and_lets_in_alone_whatever_the_policy() {
    for settings in POLICIES {
        // A password manager, and a security key that verifies nobody.
        for verifies in [true, false] {
            let t = TestHouse::new().await;
            let mut ada = t.member("Ada", ADA).await;
            let mut device = if verifies {
                Device::synced()
            } else {
                Device::security_key()
            };
            add(&mut ada, &mut device).await;
            t.mails_to(ADA).await;
            let node = t.second_node_with(settings).await;
            let kind = if verifies { "swk" } else { "hwk" };
            let worth = (2, format!("pwd {kind} user mfa"));
            let case = format!("{settings:?} {verifies}");

            let mut browser = node.browser();
            assert_eq!(
                browser.sign_in(ADA, PASSWORD).await.location(),
                CHALLENGE,
                "{case}"
            );
            assert!(!browser.is_signed_in().await, "{case}");
            assert_eq!(
                give(&mut browser, &mut device).await.location(),
                "/account",
                "{case}"
            );
            assert_eq!(session(&browser).await, worth, "{case}");

            let mut browser = node.script();
            browser.get("/forgot-password").await;
            browser.submit("forgot-password-button", &[("email", ADA)]).await;
            let link = t.link_for(ADA).await;
            browser.open(&link).await;
            browser
                .submit("reset-password-button", &[("password", NEW_PASSWORD)])
                .await;
            t.mails_to(ADA).await;
            assert_eq!(
                browser.sign_in(ADA, NEW_PASSWORD).await.location(),
                CHALLENGE,
                "{case}"
            );
            assert_eq!(
                give(&mut browser, &mut device).await.location(),
                "/account",
                "{case}"
            );
            assert_eq!(session(&browser).await, worth, "{case}: reset");

            let mut browser = node.script();
            let alone = sign_in(&mut browser, &mut device).await;
            if verifies {
                assert_eq!(alone.location(), "/account", "{case}");
                assert_eq!(session(&browser).await, (2, "swk user mfa".to_owned()), "{case}");
            } else {
                assert_eq!(alone.faults(), ["passkey-unverified"], "{case}");
                assert!(!browser.is_signed_in().await, "{case}");
            }
            t.mails_to(ADA).await;
        }
    }
}

#[tokio::test]
async fn verification_is_read_from_each_answer_and_not_remembered() {
    let t = TestHouse::new().await;
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    assert_eq!(sign_in(&mut t.script(), &mut device).await.location(), "/account");
    device.flags &= !super::device::UV;
    let mut browser = t.script();
    let refused = sign_in(&mut browser, &mut device).await;
    assert_eq!(refused.faults(), ["passkey-unverified"]);
    assert!(!browser.is_signed_in().await);
    // Beside the password it is what it is: something that one has.
    browser.sign_in(ADA, PASSWORD).await;
    assert_eq!(give(&mut browser, &mut device).await.location(), "/account");
    assert_eq!(session(&browser).await, (2, "pwd swk user mfa".to_owned()));
}

#[tokio::test]
async fn an_administrator_signs_in_with_a_passkey_and_owes_nothing_more() {
    let t = TestHouse::new().await;
    let mut ida = t.admin().await;
    let mut device = Device::synced();
    add(&mut ida, &mut device).await;
    t.mails_to("ida@example.com").await;
    t.clock.advance(Duration::days(30));
    let mut browser = t.browser();
    assert_eq!(sign_in(&mut browser, &mut device).await.location(), "/account");
    assert_eq!(session(&browser).await.0, 2);
    let page = browser.get("/account/security").await;
    assert!(!page.has("factor-required"));
    assert!(!page.has("remove-passkey-button"), "they must have one");
}

#[tokio::test]
async fn the_step_up_takes_a_passkey_and_the_session_gets_a_new_token() {
    let t = TestHouse::new().await;
    let (mut ada, mut device) = with_passkey(&t, "Ada", ADA).await;
    let page = ada.get("/account/security/passkey").await;
    assert_eq!(page.location(), "/confirm?next=%2Faccount%2Fsecurity%2Fpasskey");
    for script in [false, true] {
        t.clock.advance(Duration::minutes(11));
        let mut browser = if script { t.script() } else { t.browser() };
        browser.jar.clone_from(&ada.jar);
        let before = browser.session_cookie();
        assert!(asks_for_passkey(
            &browser.get("/confirm?next=/account/data").await
        ));
        // A password is not enough any more.
        let password = [("password", PASSWORD), ("next", "/account/data")];
        browser.clone().post("/api/confirm", &password).await;
        assert!(
            browser
                .clone()
                .get("/account/data")
                .await
                .location()
                .starts_with("/confirm")
        );
        let options = begin(&mut browser, "confirm").await;
        let credential = device.sign(&options);
        let page = browser
            .submit("passkey-button", &[("credential", &credential)])
            .await;
        assert_eq!(page.location(), "/account/data");
        assert_ne!(browser.session_cookie(), before);
        assert_eq!(session(&browser).await, (2, "pwd swk user mfa".to_owned()));
        assert_eq!(browser.get("/account/data").await.status, 200);
        ada.jar.clone_from(&browser.jar);
    }
}

#[tokio::test]
async fn of_64_answers_at_a_challenge_one_lets_in() {
    let t = TestHouse::new().await;
    let (_, mut device) = with_passkey(&t, "Ada", ADA).await;
    let mut browser = t.script();
    browser.sign_in(ADA, PASSWORD).await;
    let options = begin(&mut browser, "challenge").await;
    let credential = device.sign(&options);
    // Else they are clicks on one form, which all lead where the first one does.
    browser.jar.remove("latchstring-form");
    let tries = (0..64).map(|_| {
        let (mut one, credential) = (browser.moved(), credential.clone());
        async move {
            let fields = [("factor", "passkey"), ("credential", credential.as_str())];
            one.post("/api/sign-in-challenge", &fields).await.status
        }
    });
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
}

#[tokio::test]
async fn recovery_codes_come_with_the_first_passkey_and_let_in_when_it_is_lost() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut device = Device::synced();
    add(&mut ada, &mut device).await;
    let codes = ada.follow().await.texts("recovery-code");
    assert_eq!(codes.len(), 10);
    let mut browser = t.browser();
    browser.sign_in(ADA, PASSWORD).await;
    assert!(browser.get(CHALLENGE).await.has("way-recovery"));
    browser.get("/sign-in/challenge?factor=recovery").await;
    let page = browser.submit("challenge-button", &[("code", &codes[0])]).await;
    assert_eq!(page.location(), "/account");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn without_javascript_the_page_says_what_is_needed_and_offers_the_other_ways() {
    let t = TestHouse::new().await;
    with_passkey(&t, "Ada", ADA).await;
    let mut browser = t.browser();
    browser.sign_in(ADA, PASSWORD).await;
    let page = browser.get(CHALLENGE).await;
    assert!(
        page.body.contains("A passkey needs JavaScript"),
        "{}",
        page.outline()
    );
    assert!(page.has("way-recovery") && page.has("cancel-button"));
    let page = t.browser().get("/sign-in").await;
    assert!(page.body.contains("To use a passkey here, switch JavaScript on."));
}
