//! The walk through the delayed way back, and the freeze.

use chrono::Duration;
use domain::audit::Origin;
use domain::authentication::recover::{LINK_LIFE, hasten};
use domain::notification::dev_inbox::CaughtMessage;
use domain::users::email::Email;
use domain::users::user::User;

use super::Walker;
use super::unseen::said;
use crate::house::{Browser, PASSWORD};
use crate::recover::{link_in, look_after};

const PIA: &str = "pia@example.com";
const UTE: &str = "ute@example.com";

impl Walker<'_> {
    pub(super) async fn recover(&mut self) {
        let mut pia = self.member(PIA).await;
        let mut lost = self.browser();
        let cancel = self.ask(&mut lost).await;
        self.open(&mut pia, "/account").await;
        let mut late = self.browser();
        late.open(&cancel).await;
        self.see(&mut lost, &cancel).await;
        lost.submit("recover-cancel-button", &[]).await;
        self.shown(&mut lost).await;
        self.refused(&mut late, "recover-cancel-button", &[]).await;
        self.mails_of(PIA).await;

        self.ask(&mut lost).await;
        pia.get("/account").await;
        pia.submit("recover-cancel-button", &[]).await;
        self.shown(&mut pia).await;
        self.mails_of(PIA).await;

        // Hastened, and stopped by a sign-in when the link is out.
        self.ask(&mut lost).await;
        let platform = &self.t.platform;
        let email = Email::parse(PIA).unwrap();
        let found = platform
            .db
            .read(async |tx| User::by_email(tx, email.key()).await)
            .await;
        let user = found.unwrap().expect("an account");
        let hastened = hasten(platform, &user, Duration::zero(), "a call", &Origin::default()).await;
        assert!(hastened.unwrap().is_ok());
        let link = self.ready().await;
        self.see(&mut lost, &link).await;
        let mut back = self.browser();
        back.sign_in(PIA, PASSWORD).await;
        self.shown(&mut back).await;
        self.see(&mut lost, &link).await;
        self.mails_of(PIA).await;

        for is_in_time in [false, true] {
            self.ask(&mut lost).await;
            self.t.clock.advance(self.t.platform.settings().recovery_wait);
            let link = self.ready().await;
            self.see(&mut lost, &link).await;
            if is_in_time {
                self.refused(&mut lost, "recover-finish-button", &[("password", "short")])
                    .await;
                let new = [("password", "nine herons guard the tin lantern")];
                lost.submit("recover-finish-button", &new).await;
                self.shown(&mut lost).await;
                self.mails_of(PIA).await;
            } else {
                self.t.clock.advance(LINK_LIFE);
            }
            self.see(&mut lost, &link).await;
        }
        self.freeze().await;
    }

    /// All new mails to an address.
    pub(super) async fn mails_of(&mut self, email: &str) -> Vec<CaughtMessage> {
        let mails = self.t.mails_to(email).await;
        for mail in &mails {
            self.mails.push(format!("{}\n{}", mail.subject, mail.text));
            self.mails.push(said(&mail.html).join("\n"));
        }
        mails
    }

    /// An alarm, and what can't be changed after it.
    async fn freeze(&mut self) {
        self.member(UTE).await;
        let mut ute = self.browser();
        ute.sign_in(UTE, PASSWORD).await;
        let mails = self.t.new_device_mails_to(UTE).await;
        let link = link_in(&mails[0], "/not-me?token=");
        self.see(&mut ute, &link).await;
        ute.submit("not-me-button", &[]).await;
        self.shown(&mut ute).await;
        self.mails_of(UTE).await;
        self.mails_of("ida@example.com").await;
        ute.sign_in(UTE, PASSWORD).await;
        self.mails_of(UTE).await;
        self.open(&mut ute, "/account/security").await;
        let typed = [
            ("current_password", PASSWORD),
            ("password", "nine herons guard the tin lantern"),
        ];
        self.refused(&mut ute, "change-password-button", &typed).await;
    }

    /// Asks for the way back, and returns the link that stops it.
    async fn ask(&mut self, lost: &mut Browser) -> String {
        self.open(lost, "/recover").await;
        lost.submit("recover-button", &[("email", PIA)]).await;
        self.shown(lost).await;
        let mails = self.mails_of(PIA).await;
        link_in(&mails[0], "/recover/cancel?token=")
    }

    /// The link at the end of the wait.
    async fn ready(&mut self) -> String {
        look_after(&self.t.platform).await;
        let mails = self.mails_of(PIA).await;
        let mail = mails
            .iter()
            .find(|mail| mail.links.iter().any(|link| link.contains("/recover/finish")));
        link_in(mail.expect("the link"), "/recover/finish?token=")
    }

    async fn see(&mut self, browser: &mut Browser, link: &str) {
        let page = browser.open(link).await;
        self.seen.push(page);
    }

    async fn shown(&mut self, browser: &mut Browser) {
        let page = browser.follow().await;
        self.seen.push(page);
    }
}
