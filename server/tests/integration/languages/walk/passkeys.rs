//! The walk through passkeys: offered, added, named, used, taken away, and a sign-up without a password.

use chrono::Duration;

use super::Walker;
use crate::house::{PASSWORD, TestHouse, tamper};
use crate::passkeys::{Device, add, begin, sign_in};
use crate::recover::link_in;

const MAI: &str = "mai@example.com";
const NOOR: &str = "noor@example.com";
const TOVE: &str = "tove@example.com";

impl Walker<'_> {
    pub(super) async fn passkeys(&mut self) {
        let mut browser = self.member(MAI).await;
        self.open(&mut browser, "/account").await;
        self.open(&mut browser, "/account/security/passkey").await;
        let mut device = Device::synced();
        device.counter = 9;
        add(&mut browser, &mut device).await;
        self.mail(MAI).await;
        sign_in(&mut browser, &mut device).await;
        add(&mut browser, &mut Device::security_key()).await;
        self.seen.push(browser.follow().await);
        self.mail(MAI).await;
        browser
            .submit("rename-passkey-button", &[("label", "Mine")])
            .await;
        self.seen.push(browser.follow().await);
        browser.submit("remove-passkey-button", &[]).await;
        self.seen.push(browser.follow().await);
        self.mail(MAI).await;

        // The key that is left, after a password; and the counter of one that went back.
        let mut asked = self.browser();
        asked.sign_in(MAI, PASSWORD).await;
        self.open(&mut asked, "/sign-in/challenge").await;
        self.open(&mut asked, "/sign-in/challenge?factor=recovery").await;
        let mut copied = Device::synced();
        copied.counter = 9;
        add(&mut browser, &mut copied).await;
        self.mail(MAI).await;
        copied.counter = 1;
        let mut elsewhere = self.browser();
        sign_in(&mut elsewhere, &mut copied).await;
        self.mail(MAI).await;

        self.t.clock.advance(Duration::minutes(11));
        self.open(&mut browser, "/confirm?next=/account/security").await;
        let options = begin(&mut browser, "confirm").await;
        assert!(
            options["allowCredentials"]
                .as_array()
                .is_some_and(|all| all.len() == 2)
        );
        tamper!(
            self.t,
            "delete from passwords where user_id = (select id from users where email = $1)",
            MAI
        );
        self.open(&mut elsewhere, "/account/security").await;
        self.without_password().await;
    }

    /// Signs up with a passkey.
    async fn without_password(&mut self) {
        let (mut browser, mut device) = (self.browser(), Device::synced());
        self.open(&mut browser, "/sign-up").await;
        let typed = [("name", "Noa"), ("email", NOOR)];
        let options = browser.post("/passkey/sign-up", &typed).await.json();
        let credential = device.create(&options["publicKey"]);
        let typed = [("name", "Noa"), ("email", NOOR), ("credential", &credential)];
        browser.submit("sign-up-button", &typed).await;
        let code = self.code(NOOR).await;
        browser.type_code(&code).await;
        self.seen.push(browser.follow().await);
        self.mail(NOOR).await;
    }
}

/// Where a passkey is the only way in.
pub(super) async fn only(walker: &mut Walker<'_>) {
    let t = &TestHouse::with(&[("SECOND_FACTOR", "passkey_only")]).await;
    let mut browser = t.browser().reading(walker.language);
    walker.seen.push(browser.get("/sign-in?recovered=passkey").await);
    walker.seen.push(browser.get("/sign-up").await);
    browser.sign_up("Tove", TOVE, PASSWORD).await;
    let code = t.code_for(TOVE).await;
    browser.type_code(&code).await;
    walker.seen.push(browser.follow().await);
    // As somebody is told who was here before the policy.
    let until = t.clock.now() + Duration::days(7);
    tamper!(t, "update users set passkey_grace_until = $1", until);
    browser.sign_in(TOVE, PASSWORD).await;
    for page in ["/account", "/account/security"] {
        walker.seen.push(browser.get(page).await);
    }
    let mails = t.new_device_mails_to(TOVE).await;
    let alarm = mails.first().map(|mail| link_in(mail, "/not-me?token="));
    t.mails_to(TOVE).await;
    browser.get("/recover").await;
    browser.submit("recover-button", &[("email", TOVE)]).await;
    t.mails_to(TOVE).await;
    t.clock.advance(t.platform.settings().recovery_wait);
    let link = link_in(&t.mail_to(TOVE).await, "/recover/finish?token=");
    walker.seen.push(browser.open(&link).await);
    if let Some(alarm) = alarm {
        browser.open(&alarm).await;
        browser.submit("not-me-button", &[]).await;
    }
    tamper!(t, "update users set passkey_grace_until = created_at");
    browser.sign_in(TOVE, PASSWORD).await;
    walker.seen.push(browser.get("/sign-in/challenge").await);
    t.mails_to(TOVE).await;
}
