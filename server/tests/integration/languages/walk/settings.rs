//! The walk through the settings of the console.

use super::Walker;
use crate::console::appoint;
use crate::factors;
use crate::house::{Browser, tamper};

const PAGE: &str = "/admin/settings";
const MAY: &str = "may@example.com";

impl Walker<'_> {
    /// Somebody with a role and an app.
    async fn with_role(&mut self, email: &str, role: &str) -> Browser {
        let mut browser = self.member(email).await;
        factors::add_app(self.t, &mut browser).await;
        self.t.mails_to(email).await;
        appoint(self.t, email, role).await;
        browser
    }

    async fn change(&mut self, browser: &mut Browser, group: &str, typed: &[(&str, &str)]) {
        self.open(browser, PAGE).await;
        browser.submit(&format!("save-{group}-button"), typed).await;
        let page = browser.follow().await;
        self.seen.push(page);
    }

    pub(super) async fn settings(&mut self) {
        let mut may = self.with_role(MAY, "administrator").await;
        let domains = [("sign_up", "domains"), ("sign_up_domains", "example.org")];
        self.change(&mut may, "sign-up", &domains).await;
        let mut stranger = self.browser();
        self.open(&mut stranger, "/sign-up").await;
        self.change(&mut may, "sign-up", &[("sign_up", "open")]).await;
        self.change(&mut may, "branding", &[]).await;
        self.change(&mut may, "branding", &[("accent_color", "#1d5fa8")])
            .await;
        may.submit("undo-accent-color", &[]).await;
        let page = may.follow().await;
        self.seen.push(page);
        self.change(&mut may, "languages", &[("default_language", "vi")])
            .await;
        self.change(&mut may, "languages", &[("default_language", "en")])
            .await;
        self.change(&mut may, "attempts", &[("limits_sign_in", "1")])
            .await;
        for number in 0..20 {
            let days = (number % 2 + 1).to_string();
            self.change(&mut may, "sign-in", &[("second_factor_grace_days", &days)])
                .await;
        }

        // What the operator fixed since, and what does not go with it.
        tamper!(
            self.t,
            "update settings set value = 'x' where key = 'second_factor_grace_days'"
        );
        let node = self.t.second_node_with(&[("PRODUCT_NAME", "Latchstring")]).await;
        let mut there = may.on(&node);
        self.open(&mut there, PAGE).await;
        tamper!(self.t, "update setting_changes set changed_by = null");
        self.open(&mut may, PAGE).await;

        let mut ann = self.with_role("ann@example.com", "auditor").await;
        self.open(&mut ann, PAGE).await;
    }
}
