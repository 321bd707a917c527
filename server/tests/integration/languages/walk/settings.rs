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
        let tells_first = page.has("sure-button");
        self.seen.push(page);
        if tells_first {
            browser.submit("sure-button", &[]).await;
            let page = browser.follow().await;
            self.seen.push(page);
        }
    }

    /// No logo, what is none, and one.
    async fn logo(&mut self, browser: &mut Browser) {
        for file in [b"<svg/>".to_vec(), crate::console::settings::png(64, 64, 9)] {
            let page = crate::console::settings::upload(browser, &file).await;
            assert!(page.location().starts_with(PAGE), "{}", page.outline());
            let page = browser.follow().await;
            self.seen.push(page);
        }
        browser.submit("remove-logo-button", &[]).await;
    }

    pub(super) async fn settings(&mut self) {
        let mut may = self.with_role(MAY, "administrator").await;
        let domains = [("sign_up", "domains"), ("sign_up_domains", "example.org")];
        self.change(&mut may, "sign-up", &domains).await;
        let mut stranger = self.browser();
        self.open(&mut stranger, "/sign-up").await;
        self.change(&mut may, "sign-up", &[("sign_up", "invitation")])
            .await;
        self.open(&mut stranger, "/sign-up").await;
        self.change(&mut may, "sign-up", &[("sign_up", "open")]).await;
        self.change(&mut may, "branding", &[]).await;
        // Long enough for a session to be too old.
        self.t.clock.advance(chrono::Duration::minutes(3));
        for query in [
            "",
            // The last change of who may sign up.
            "?undo=4",
            "?group=branding&seen=0&product_name=Other",
            "?group=sign-in&seen=0&second_factor=required",
            "?group=sign-in&seen=0&second_factor=passkey_only",
            "?group=sign-up&seen=0&sign_up=domains&sign_up_domains=example.net",
            "?group=languages&seen=0&languages=en&default_language=en",
            "?group=languages&seen=0&languages=vi&default_language=vi",
            "?group=sessions&seen=0&session_plain_hours=1&session_plain_idle_minutes=1",
        ] {
            self.open(&mut may, &format!("{PAGE}/check{query}")).await;
        }
        self.logo(&mut may).await;
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
