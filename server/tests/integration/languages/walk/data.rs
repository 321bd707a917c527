//! The walk through a copy of one's data, and the deletion of an account.

use chrono::Duration;
use domain::job::Job;

use super::Walker;
use crate::export::{download_path, unzip};
use crate::house::{Browser, PASSWORD};

const IVY: &str = "ivy@example.com";

impl Walker<'_> {
    pub(super) async fn data(&mut self) {
        let mut browser = self.member(IVY).await;
        browser.get("/account/data").await;
        browser.submit("export-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail(IVY).await;
        let page = browser.get("/account/data").await;
        let zip = browser.get(&download_path(&page)).await;
        self.seen.push(page);
        self.mails.push(unzip(&zip)["README.txt"].clone());

        self.refused(
            &mut browser,
            "delete-account-button",
            &[("email", "ada@example.com")],
        )
        .await;
        self.leave(&mut browser).await;
        let link = self.link(IVY).await;
        let page = browser.open(&link).await;
        self.seen.push(page);
        browser.submit("keep-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail(IVY).await;

        browser.sign_in(IVY, PASSWORD).await;
        self.leave(&mut browser).await;
        self.mail(IVY).await;
        browser.sign_in(IVY, PASSWORD).await;
        self.open(&mut browser, "/keep-account").await;
        browser.submit("keep-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail(IVY).await;

        self.leave(&mut browser).await;
        self.mail(IVY).await;
        self.t.clock.advance(Duration::days(13) + Duration::minutes(1));
        let db = &self.t.platform.db;
        db.write(async |tx| tx.enqueue(&Job::LookAfterErasures).await)
            .await
            .unwrap();
        self.mail(IVY).await;
    }

    /// Asks for the account to be deleted.
    async fn leave(&mut self, browser: &mut Browser) {
        browser.get("/account/data").await;
        browser.submit("delete-account-button", &[("email", IVY)]).await;
        let page = browser.follow().await;
        self.seen.push(page);
    }
}
