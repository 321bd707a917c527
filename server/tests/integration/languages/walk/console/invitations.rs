//! The walk through invitations: the form, what became of each address, the list, and the page of the link.

use super::super::Walker;
use super::LEA;
use crate::console::{appoint, make_role};
use crate::house::{Browser, PASSWORD, tamper};

const PAGE: &str = "/admin/invitations";
const NEW: &str = "gia.moi@example.com";
const KNOWN: &str = "hoa.moi@example.com";

impl Walker<'_> {
    /// Invites everybody on the list, with a role if one is named; sees what became of each.
    async fn invite(&mut self, boss: &Browser, list: &str, role: Option<&str>) {
        let mut fields = vec![("emails", list), ("language", self.language)];
        fields.extend(role.map(|role| ("roles[]", role)));
        let mut boss = boss.clone();
        boss.post("/api/admin-invite", &fields).await;
        let page = boss.follow().await;
        self.seen.push(page);
    }

    /// Invites somebody; the link.
    async fn invitation(&mut self, boss: &Browser, email: &str, role: Option<&str>) -> String {
        tamper!(self.t, "delete from sign_up_budgets");
        tamper!(self.t, "delete from invitations where email = $1", email);
        self.invite(boss, email, role).await;
        self.link(email).await
    }

    async fn show(&mut self, browser: &mut Browser, link: &str) {
        let page = browser.open(link).await;
        self.seen.push(page);
    }

    pub(super) async fn invitations(&mut self, boss: &mut Browser) {
        self.open(boss, PAGE).await;
        self.open(boss, "/admin/invitations/new").await;
        self.refused(boss, "invite-button", &[("emails", " ")]).await;
        self.link_states(boss).await;
        self.links_of_accounts(boss).await;
        self.outcomes(boss).await;
        // The inviter is gone.
        let link = self.invitation(boss, NEW, None).await;
        tamper!(self.t, "update invitations set invited_by = null");
        let mut stranger = self.browser();
        self.show(&mut stranger, &link).await;
        self.open(boss, PAGE).await;
        boss.submit("resend-invitation-button", &[]).await;
        let page = boss.follow().await;
        self.seen.push(page);
        self.t.mails_to("p9@example.com").await;
        self.mail(NEW).await;
        boss.submit("revoke-invitation-button", &[]).await;
        let page = boss.follow().await;
        self.seen.push(page);
        // Somebody who may give no roles.
        let host = make_role(self.t, "Ca 6", &["users:invite"]).await;
        tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        appoint(self.t, LEA, &host).await;
        self.open(boss, "/admin/invitations/new").await;
        appoint(self.t, LEA, "administrator").await;
    }

    /// The link of somebody who has no account: fresh, refused, accepted, too old, revoked.
    async fn link_states(&mut self, boss: &Browser) {
        let link = self.invitation(boss, NEW, Some("auditor")).await;
        let mut browser = self.browser();
        self.show(&mut browser, &link).await;
        self.refused(
            &mut browser,
            "accept-button",
            &[("name", "***"), ("password", "short")],
        )
        .await;
        browser
            .submit("accept-button", &[("name", "Gia"), ("password", PASSWORD)])
            .await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail(NEW).await;
        self.show(&mut browser, &link).await;
        tamper!(
            self.t,
            "update invitations set accepted_at = null, expires_at = sent_at"
        );
        self.show(&mut browser, &link).await;
        tamper!(self.t, "update invitations set revoked_at = sent_at");
        self.show(&mut browser, &link).await;
        tamper!(self.t, "delete from users where email = $1", NEW);
    }

    /// The link of somebody who has an account: nobody signed in, somebody else, and they themselves.
    async fn links_of_accounts(&mut self, boss: &mut Browser) {
        let mut hoa = self.member(KNOWN).await;
        let link = self.invitation(boss, KNOWN, Some("auditor")).await;
        let mut stranger = self.browser();
        self.show(&mut stranger, &link).await;
        let mut other = boss.clone();
        self.show(&mut other, &link).await;
        self.show(&mut hoa, &link).await;
        hoa.submit("take-up-button", &[]).await;
        let page = hoa.follow().await;
        self.seen.push(page);
        self.mail(KNOWN).await;
        let link = self.invitation(boss, NEW, None).await;
        self.show(&mut other, &link).await;
    }

    /// What becomes of an address, and the list with every state on two pages.
    async fn outcomes(&mut self, boss: &mut Browser) {
        for _ in 0..6 {
            tamper!(self.t, "delete from invitations where email = 'full@example.com'");
            self.invite(boss, "full@example.com", None).await;
        }
        self.t.mails_to("full@example.com").await;
        let list = format!("p0@example.com\np0@example.com\n{LEA}\n{NEW}\nnobody");
        self.invite(boss, &list, None).await;
        for state in ["waiting", "expired", "accepted", "revoked"] {
            match state {
                "expired" => tamper!(
                    self.t,
                    "update invitations set expires_at = sent_at where email = 'p0@example.com'"
                ),
                "accepted" => tamper!(
                    self.t,
                    "update invitations set accepted_at = sent_at where email = 'p0@example.com'"
                ),
                "revoked" => tamper!(
                    self.t,
                    "update invitations set accepted_at = null, revoked_at = sent_at where email = 'p0@example.com'"
                ),
                _ => 0,
            };
            self.open(boss, &format!("{PAGE}?to=p0@example.com")).await;
        }
        self.open(boss, &format!("{PAGE}?to=nobody@example.com")).await;
        let many: Vec<String> = (1..50).map(|n| format!("p{n}@example.com")).collect();
        self.invite(boss, &many.join("\n"), None).await;
        self.open(boss, PAGE).await;
        let older = boss.shown().link("older-link");
        self.open(boss, &older).await;
        tamper!(self.t, "delete from invitations where email like 'p%'");
    }
}
