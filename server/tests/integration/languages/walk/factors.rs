//! The walk through the second step: added, asked for, given in each way, refused, confirmed, removed.

use chrono::Duration;
use domain::audit::Origin;
use domain::authentication::assurance::manage;
use domain::users::email::Email;
use domain::users::user::User;

use super::Walker;
use crate::factors::{App, other_than};
use crate::house::{Browser, PASSWORD, TestHouse, tamper};

const KAI: &str = "kai@example.com";
const PHONE: &str = "+447400123456";
const LIV: &str = "liv@example.com";

impl Walker<'_> {
    pub(super) async fn factors(&mut self) {
        let mut browser = self.member(KAI).await;
        let (app, code) = self.add_app(&mut browser).await;
        self.mail(KAI).await;
        self.press(&mut browser, "codes-kept-button").await;
        self.press(&mut browser, "add-mail-codes-button").await;
        self.mail(KAI).await;
        Box::pin(self.add_phone(&mut browser)).await;
        self.challenge(&app).await;
        let mut lost = self.browser();
        lost.sign_in(KAI, PASSWORD).await;
        lost.get("/sign-in/challenge?factor=recovery").await;
        lost.submit("challenge-button", &[("code", &code)]).await;
        self.mail(KAI).await;
        self.confirm(&mut browser, &app).await;

        self.open(&mut browser, "/account/security").await;
        self.press(&mut browser, "end-trust-button").await;
        self.press(&mut browser, "add-authenticator-button").await;
        let app = App::on(browser.shown());
        browser
            .submit("confirm-authenticator-button", &[("code", &app.code(self.t))])
            .await;
        self.follow(&mut browser).await;
        self.mail(KAI).await;
        self.press(&mut browser, "recovery-codes-button").await;
        self.mail(KAI).await;
        tamper!(self.t, "update recovery_codes set used_at = created_at");
        self.open(&mut browser, "/account/security").await;
        self.press(&mut browser, "remove-authenticator-button").await;
        self.mail(KAI).await;
        self.press(&mut browser, "remove-mail-codes-button").await;
        self.mail(KAI).await;
        self.press(&mut browser, "remove-phone-button").await;
        self.mail(KAI).await;
        self.cleared().await;
    }

    /// A telephone: where it can be added, what is refused, and the code.
    async fn add_phone(&mut self, browser: &mut Browser) {
        for settings in [
            [("SMS_PROVIDER", "off")],
            [("SMS_COUNTRIES", "GB")],
            [("SMS_COUNTRIES", "GB,VN")],
        ] {
            let node = self.t.second_node_with(&settings).await;
            let mut there = browser.on(&node);
            self.open(&mut there, "/account/security").await;
            self.open(&mut there, "/account/security/phone").await;
        }
        self.open(browser, "/account/security/phone").await;
        for number in ["", "12"] {
            self.refused(browser, "add-phone-button", &[("phone", number)])
                .await;
        }
        browser.submit("add-phone-button", &[("phone", PHONE)]).await;
        let code = self.code(PHONE).await;
        self.follow(browser).await;
        self.refused(browser, "confirm-phone-button", &[("code", other_than(&code))])
            .await;
        browser.submit("send-code-button", &[]).await;
        let code = self.code(PHONE).await;
        self.follow(browser).await;
        browser.submit("confirm-phone-button", &[("code", &code)]).await;
        self.follow(browser).await;
        self.mail(KAI).await;
        self.open(browser, "/account/security").await;
        let off = self.t.second_node_with(&[("SMS_PROVIDER", "off")]).await;
        self.open(&mut browser.on(&off), "/account/security").await;
        self.t.clock.advance(Duration::minutes(11));
    }

    /// What an operator's command does.
    async fn cleared(&mut self) {
        let platform = &self.t.platform;
        let now = self.t.clock.now();
        tamper!(
            self.t,
            "insert into mail_factors (user_id, created_at) select id, $1 from users where email = $2",
            now,
            KAI
        );
        let email = Email::parse(KAI).unwrap();
        let cleared = platform.db.write(async |tx| {
            let kai = User::by_email(tx, email.key()).await?.expect("an account");
            manage::clear(tx, platform, &kai, &Origin::default()).await
        });
        assert!(cleared.await.unwrap());
        self.mail(KAI).await;
    }

    pub(super) async fn press(&mut self, browser: &mut Browser, button: &str) {
        browser.submit(button, &[]).await;
        self.follow(browser).await;
    }

    async fn follow(&mut self, browser: &mut Browser) {
        let page = browser.follow().await;
        self.seen.push(page);
    }

    async fn add_app(&mut self, browser: &mut Browser) -> (App, String) {
        self.open(browser, "/account/security").await;
        self.press(browser, "add-authenticator-button").await;
        let app = App::on(browser.shown());
        let wrong = other_than(&app.code(self.t));
        self.refused(browser, "confirm-authenticator-button", &[("code", wrong)])
            .await;
        browser
            .submit("confirm-authenticator-button", &[("code", &app.code(self.t))])
            .await;
        self.follow(browser).await;
        let code = browser.shown().texts("recovery-code").remove(0);
        let file = browser.clone().submit("download-codes-button", &[]).await;
        self.mails.push(file.body);
        self.t.clock.advance(Duration::seconds(30));
        (app, code)
    }

    async fn challenge(&mut self, app: &App) {
        let mut browser = self.browser();
        browser.sign_in(KAI, PASSWORD).await;
        for path in ["", "?factor=recovery", "?factor=sms"] {
            self.open(&mut browser, &format!("/sign-in/challenge{path}"))
                .await;
        }
        self.press(&mut browser, "send-code-button").await;
        self.mail(PHONE).await;
        self.open(&mut browser, "/sign-in/challenge?factor=mail").await;
        self.press(&mut browser, "send-code-button").await;
        self.mail(KAI).await;
        self.open(&mut browser, "/sign-in/challenge").await;
        self.press(&mut browser, "cancel-button").await;
        self.open(&mut browser, "/sign-in/challenge").await;
        self.follow(&mut browser).await;
        browser.sign_in(KAI, PASSWORD).await;
        browser.get("/sign-in/challenge").await;
        let code = app.code(self.t);
        browser
            .submit("challenge-button", &[("code", &code), ("trust", "on")])
            .await;
        self.follow(&mut browser).await;
        self.t.clock.advance(Duration::seconds(30));
    }

    async fn confirm(&mut self, browser: &mut Browser, app: &App) {
        self.t.clock.advance(Duration::minutes(11));
        self.open(browser, "/account/security").await;
        self.open(browser, "/confirm?next=/account/security&factor=mail")
            .await;
        self.open(browser, "/confirm?next=/account/security&factor=recovery")
            .await;
        self.open(browser, "/confirm?next=/account/security").await;
        browser
            .submit("confirm-button", &[("code", &app.code(self.t))])
            .await;
        self.follow(browser).await;
        self.t.clock.advance(Duration::seconds(30));
    }
}

/// Somebody who must have a second factor: with days left, and without.
pub(super) async fn required(walker: &mut Walker<'_>, t: &TestHouse) {
    let mut browser = t.browser().reading(walker.language);
    browser.sign_up("Liv", LIV, PASSWORD).await;
    let code = t.code_for(LIV).await;
    browser.type_code(&code).await;
    walker.seen.push(browser.get("/account/security").await);
    walker.seen.push(browser.get("/account").await);
    t.clock.advance(Duration::days(8));
    browser.sign_in(LIV, PASSWORD).await;
    walker.seen.push(browser.get("/sign-in/challenge").await);
    // With codes by mail alone, from before.
    let now = t.clock.now();
    tamper!(
        t,
        "insert into mail_factors (user_id, created_at) select id, $1 from users",
        now
    );
    browser.sign_in(LIV, PASSWORD).await;
    t.mails_to(LIV).await;
    walker.seen.push(browser.get("/sign-in/challenge").await);
    let mut answer = browser.clone();
    tamper!(t, "update mail_factors set created_at = created_at");
    walker.seen.push(answer.get("/sign-in/challenge?sent=1").await);
    super::passkeys::only(walker).await;
}
