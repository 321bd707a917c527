//! A passkey as the only way in (`second_factor = "passkey_only"`): a password, a code by mail and an app lead to making one, and
//! nowhere else.

use chrono::Duration;

use super::{ADA, BOB, Device, add, asks_for_passkey, begin, session, sign_in};
use crate::factors::{add_app, answer};
use crate::house::{Browser, Node, PASSWORD, Page, TestHouse, count};

const CHALLENGE: &str = "/sign-in/challenge";
const ONLY: [(&str, &str); 1] = [("SECOND_FACTOR", "passkey_only")];
const AT_ONCE: [(&str, &str); 2] = [
    ("SECOND_FACTOR", "passkey_only"),
    ("SECOND_FACTOR_GRACE_DAYS", "0"),
];

/// Makes a passkey in the middle of a sign-in; the answer is not followed.
async fn make(browser: &mut Browser, device: &mut Device) -> Page {
    let page = browser.get(CHALLENGE).await;
    assert_eq!(page.heading(), "Make a passkey", "{}", page.outline());
    let options = begin(browser, "enrol").await;
    let credential = device.create(&options);
    browser
        .submit("passkey-button", &[("credential", &credential)])
        .await
}

/// Somebody who signed up with a password, and made their passkey.
pub async fn signed_up(t: &TestHouse, email: &str) -> (Browser, Device) {
    let (mut browser, mut device) = (t.browser(), Device::synced());
    browser.sign_up("Ada", email, PASSWORD).await;
    let code = t.code_for(email).await;
    assert_eq!(browser.type_code(&code).await.location(), CHALLENGE);
    assert!(!browser.is_signed_in().await);
    let made = make(&mut browser, &mut device).await;
    assert_eq!(made.location(), "/account/security/recovery-codes");
    t.mails_to(email).await;
    (browser, device)
}

/// Gives the password; the browser is then asked to make a passkey.
async fn owes_one(node: &Node, email: &str) -> Browser {
    let mut browser = node.browser();
    assert_eq!(browser.sign_in(email, PASSWORD).await.location(), CHALLENGE);
    assert_eq!(browser.get(CHALLENGE).await.heading(), "Make a passkey");
    assert!(!browser.is_signed_in().await);
    browser
}

#[tokio::test]
async fn an_account_begins_with_a_passkey_before_anything_else_and_without_days() {
    let t = TestHouse::with(&ONLY).await;
    assert!(t.browser().get("/sign-up").await.has("passkey-only"));
    let mut ada = t.browser();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    assert_eq!(ada.type_code(&code).await.location(), CHALLENGE);
    t.mails_to(ADA).await;
    // Whoever leaves it there comes back to it, with a password, or with a new one.
    for _ in 0..2 {
        let mut later = t.browser();
        assert_eq!(later.sign_in(ADA, PASSWORD).await.location(), CHALLENGE);
        assert_eq!(later.follow().await.heading(), "Make a passkey");
        assert!(!later.is_signed_in().await);
        t.clock.advance(Duration::minutes(1));
    }
    let mut device = Device::synced();
    let made = make(&mut ada, &mut device).await;
    assert_eq!(made.location(), "/account/security/recovery-codes");
    assert_eq!(session(&ada).await, (2, "pwd swk user mfa".to_owned()));
    assert_eq!(ada.follow().await.texts("recovery-code").len(), 10);
    let mails = t.mails_to(ADA).await;
    assert!(mails.iter().any(|mail| mail.subject == "A passkey was added"));
    assert_eq!(sign_in(&mut t.script(), &mut device).await.location(), "/account");
    // From now on the password leads to it.
    let mut later = t.browser();
    later.sign_in(ADA, PASSWORD).await;
    let page = later.get(CHALLENGE).await;
    assert!(asks_for_passkey(&page) && page.value("factor") == "passkey");
}

#[tokio::test]
async fn who_has_none_yet_gets_in_for_the_days_of_grace_and_is_told() {
    // The days of another policy are not those of this one.
    let t = TestHouse::with(&[("SECOND_FACTOR", "required")]).await;
    t.member("Ada", ADA).await;
    t.clock.advance(Duration::days(8));
    let node = t.second_node_with(&ONLY).await;
    let mut ada = node.browser();
    assert_eq!(ada.sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(session(&ada).await, (1, "pwd".to_owned()));
    for page in ["/account", "/account/security"] {
        let text = ada.get(page).await.text("factor-required");
        assert!(text.contains("must have a passkey"), "{page}: {text}");
    }
    t.clock.advance(Duration::days(7) - Duration::seconds(1));
    assert_eq!(node.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    t.clock.advance(Duration::seconds(1));
    let mut late = owes_one(&node, ADA).await;
    make(&mut late, &mut Device::synced()).await;
    assert!(late.is_signed_in().await);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn neither_a_password_nor_an_app_nor_a_mail_lets_anybody_in_who_has_a_passkey() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let (app, codes) = add_app(&t, &mut ada).await;
    ada.get("/account/security").await;
    ada.submit("add-mail-codes-button", &[]).await;
    let mut lost = Device::synced();
    add(&mut ada, &mut lost).await;
    t.mails_to(ADA).await;
    let node = t.second_node_with(&AT_ONCE).await;
    let mut browser = node.script();
    browser.sign_in(ADA, PASSWORD).await;
    let page = browser.get(CHALLENGE).await;
    assert!(asks_for_passkey(&page) && page.has("way-recovery") && page.has("recover-link"));
    assert!(!page.has("way-totp") && !page.has("way-mail") && !page.has("trust-input"));
    let code = app.code(&t);
    for factor in ["totp", "mail"] {
        let typed = [("factor", factor), ("code", code.as_str())];
        let refused = browser.post("/api/sign-in-challenge", &typed).await;
        assert_eq!(refused.faults(), ["factor-unknown"], "{factor}");
    }
    let refused = browser
        .post("/api/sign-in-challenge-send", &[("factor", "mail")])
        .await;
    assert_eq!(refused.faults(), ["factor-unknown"]);
    let refused = browser.post("/api/sign-in-enrol", &[("code", &code)]).await;
    assert_eq!(refused.faults(), ["sign-in-over"], "nothing is to be added");
    assert_eq!(
        browser.post("/passkey/enrol", &[]).await.faults(),
        ["sign-in-over"]
    );

    // A code that was written down leads to another passkey, and no further.
    assert_eq!(
        answer(&mut browser, "recovery", &codes[0]).await.location(),
        CHALLENGE
    );
    assert!(!browser.is_signed_in().await);
    let mut device = Device::synced();
    assert_eq!(make(&mut browser, &mut device).await.location(), "/account");
    assert_eq!(session(&browser).await, (2, "pwd swk user mfa".to_owned()));
    let mut subjects: Vec<_> = t
        .mails_to(ADA)
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["A passkey was added", "A recovery code was used"]);
    // One that does not verify its holder opens the account after the password only.
    let mut key = Device::security_key();
    add(&mut browser, &mut key).await;
    assert_eq!(
        sign_in(&mut node.script(), &mut key).await.faults(),
        ["passkey-unverified"]
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_last_passkey_stays_and_no_app_and_no_mail_is_added() {
    let t = TestHouse::with(&ONLY).await;
    let (mut ada, _) = signed_up(&t, ADA).await;
    let page = ada.get("/account/security").await;
    assert!(page.has("passkey") && !page.has("remove-passkey-button"));
    assert!(!page.has("add-authenticator-button") && !page.has("add-mail-codes-button"));
    let mut script = t.script();
    script.jar.clone_from(&ada.jar);
    for path in ["/api/add-authenticator", "/api/add-mail-codes"] {
        assert_eq!(script.post(path, &[]).await.faults(), ["factor-off"], "{path}");
    }
    let id = crate::house::rows!(t, (uuid::Uuid,), "select id from passkeys")[0].0;
    let fields = [("id", id.to_string())];
    let fields = [(fields[0].0, fields[0].1.as_str())];
    let refused = script.post("/api/remove-passkey", &fields).await;
    assert_eq!(refused.faults(), ["factor-required"]);
    let mut second = Device::synced();
    add(&mut ada, &mut second).await;
    assert_eq!(script.post("/api/remove-passkey", &fields).await.status, 200);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn the_first_administrator_too_makes_one_before_they_are_in() {
    let t = TestHouse::with(&ONLY).await;
    let mut ida = t.browser();
    ida.open(&t.setup_link().await).await;
    let fields = [
        ("name", "Ida"),
        ("email", "ida@example.com"),
        ("password", PASSWORD),
    ];
    assert_eq!(ida.submit("setup-button", &fields).await.location(), CHALLENGE);
    let mut device = Device::synced();
    make(&mut ida, &mut device).await;
    assert_eq!(session(&ida).await.0, 2);
    t.mails_to("ida@example.com").await;
}

#[tokio::test]
async fn a_passkey_is_made_in_the_sign_in_that_owes_it_in_no_other_and_once() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Bob", BOB).await;
    let node = t.second_node_with(&AT_ONCE).await;
    assert_eq!(
        node.script().post("/passkey/enrol", &[]).await.faults(),
        ["sign-in-over"]
    );
    let mut ada = owes_one(&node, ADA).await;
    let mut bob = owes_one(&node, BOB).await;
    // Ada's challenge, answered by Bob; and in her own browser after another sign-in began there.
    let options = begin(&mut ada, "enrol").await;
    let credential = Device::synced().create(&options);
    let fields = [("credential", credential.as_str())];
    let ceremony = t.platform.config.cookie_name("-passkey");
    bob.jar.insert(ceremony.clone(), ada.jar[&ceremony].clone());
    bob.post("/api/sign-in-enrol", &fields).await;
    assert!(!bob.is_signed_in().await);
    ada.sign_in(ADA, PASSWORD).await;
    ada.post("/api/sign-in-enrol", &fields).await;
    assert!(!ada.is_signed_in().await);
    // A key that verifies nobody is not the only way in.
    make(&mut ada, &mut Device::security_key()).await;
    assert!(!ada.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from passkeys"), 0);

    let options = begin(&mut ada, "enrol").await;
    let tries = (0..64).map(|_| {
        let mut one = ada.moved();
        let credential = Device::synced().create(&options);
        async move {
            one.post("/api/sign-in-enrol", &[("credential", &credential)])
                .await
                .location()
        }
    });
    let ends = futures_util::future::join_all(tries).await;
    let done = ends
        .iter()
        .filter(|end| *end == "/account/security/recovery-codes")
        .count();
    assert_eq!((done, count!(t, "select count(*) from passkeys")), (1, 1));
    t.mails_to(ADA).await;
    t.mails_to(BOB).await;
}

#[tokio::test]
async fn without_javascript_the_page_says_what_is_needed_and_where_else_to_go() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let node = t.second_node_with(&AT_ONCE).await;
    let mut ada = owes_one(&node, ADA).await;
    let page = ada.get(CHALLENGE).await;
    assert!(page.body.contains("data-testid=\"passkey-no-script\""));
    assert!(page.body.contains("on another device"));
    assert!(page.has("recover-link") && page.has("cancel-button"));
    ada.submit("cancel-button", &[]).await;
    assert_eq!(ada.get(CHALLENGE).await.location(), "/sign-in?over=1");
}
