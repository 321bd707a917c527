//! Signing up with a passkey and no password.

use super::{ADA, Device, session, sign_in};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

/// Fills the form in and makes a passkey; the answer is not followed.
async fn sign_up(browser: &mut Browser, email: &str, device: &mut Device) -> Page {
    browser.get("/sign-up").await;
    let typed = [("name", "Ada"), ("email", email)];
    let page = browser.post("/passkey/sign-up", &typed).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    let credential = device.create(&page.json()["publicKey"]);
    let typed = [("name", "Ada"), ("email", email), ("credential", &credential)];
    browser.submit("sign-up-button", &typed).await
}

#[tokio::test]
async fn somebody_signs_up_without_a_password_by_code_and_by_link() {
    for by_link in [false, true] {
        let t = TestHouse::new().await;
        let (mut ada, mut device) = (t.browser(), Device::synced());
        assert_eq!(
            sign_up(&mut ada, ADA, &mut device).await.location(),
            "/sign-up/verify"
        );
        let verified = if by_link {
            let link = t.link_for(ADA).await;
            ada.open(&link).await;
            ada.submit("verify-button", &[]).await
        } else {
            let code = t.code_for(ADA).await;
            ada.type_code(&code).await
        };
        assert_eq!(verified.location(), "/sign-in?ready=1");
        assert!(
            !ada.is_signed_in().await,
            "neither a code nor a link stands in for it"
        );
        assert_eq!(count!(t, "select count(*) from passwords"), 0);
        t.mails_to(ADA).await;
        assert!(ada.follow().await.has("notice"));
        assert_eq!(sign_in(&mut ada, &mut device).await.location(), "/account");
        assert_eq!(session(&ada).await, (2, "swk user mfa".to_owned()));
        // No password opens it, the empty one neither.
        for password in [PASSWORD, " "] {
            let refused = t.script().sign_in(ADA, password).await;
            assert_eq!(refused.faults(), ["sign-in-mismatch"]);
        }
        t.mails_to(ADA).await;
    }
}

#[tokio::test]
async fn the_link_in_another_browser_wants_a_password_and_the_passkey_is_nobodys() {
    let t = TestHouse::new().await;
    let (mut stranger, mut device) = (t.browser(), Device::synced());
    sign_up(&mut stranger, ADA, &mut device).await;
    let link = t.link_for(ADA).await;
    let mut ada = t.browser();
    ada.open(&link).await;
    let done = ada.submit("verify-button", &[("password", PASSWORD)]).await;
    assert_eq!(done.location(), "/account");
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);
    assert_eq!(
        sign_in(&mut t.script(), &mut device).await.faults(),
        ["passkey-wrong"]
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_known_address_gets_the_same_answers_as_an_unknown_one() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut shapes = Vec::new();
    for email in [ADA, "new@example.com"] {
        let (mut browser, mut device) = (t.script(), Device::synced());
        let typed = [("name", "Ada"), ("email", email)];
        let options = browser.post("/passkey/sign-up", &typed).await;
        let mut shape = options.json()["publicKey"].clone();
        assert_eq!(shape["user"]["name"], email);
        assert_eq!(shape["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(shape["authenticatorSelection"]["residentKey"], "required");
        for field in ["id", "name"] {
            shape["user"][field] = "".into();
        }
        shape["challenge"] = "".into();
        let answer = sign_up(&mut browser, email, &mut device).await;
        shapes.push((shape, answer.status, answer.location()));
        t.mails_to(email).await;
    }
    assert_eq!(shapes[0], shapes[1]);
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_before_and_a_key_that_verifies_nobody_is_not_taken() {
    let t = TestHouse::new().await;
    let mut browser = t.script();
    let page = browser
        .post("/passkey/sign-up", &[("name", ""), ("email", "x")])
        .await;
    assert_eq!(page.faults(), ["name: required", "email: email-invalid"]);
    let mut key = Device::security_key();
    let refused = sign_up(&mut browser, ADA, &mut key).await;
    assert_eq!(refused.faults(), ["passkey-wrong"]);
    assert_eq!(count!(t, "select count(*) from sign_ups"), 0);
    let closed = TestHouse::with(&[("SIGN_UP", "closed")]).await;
    let page = closed.script().post("/passkey/sign-up", &[]).await;
    assert_eq!(page.status, 403);
}
