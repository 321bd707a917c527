//! The walk through the page of one person in the console, and what the person is told.

use uuid::Uuid;

use super::Walker;
use crate::console::appoint;
use crate::factors;
use crate::house::{Browser, PASSWORD, rows, tamper};
use crate::passkeys::{Device, add};
use crate::recover::{ask, look_after};

const BOSS: &str = "bo.walk@example.com";
const KIM: &str = "kim.walk@example.com";
const MIA: &str = "mia.walk@example.com";

impl Walker<'_> {
    pub(super) async fn person(&mut self) {
        let mut boss = self.staff(BOSS, "administrator").await;
        let own = self.page(BOSS).await;
        self.open(&mut boss, &own).await;
        let mut helper = self.staff("sam.walk@example.com", "support").await;
        self.open(&mut helper, &own).await;
        self.coming(&mut boss).await;

        let mut mia = self.member(MIA).await;
        let page = self.page(MIA).await;
        self.open(&mut boss, &page).await;
        factors::add_app(self.t, &mut mia).await;
        add(&mut mia, &mut Device::synced()).await;
        mia.get("/account/email").await;
        mia.submit("change-email-button", &[("email", "mia.walk@example.net")])
            .await;
        self.mails_of(MIA).await;
        self.mails_of("mia.walk@example.net").await;
        self.open(&mut boss, &page).await;
        self.open(&mut boss, &format!("{page}/edit")).await;
        self.deed(&mut boss, "edit-button", &[("name", "Mia")]).await;
        self.open(&mut boss, &page).await;
        for button in ["send-reset-button", "demand-button", "withdraw-button"] {
            self.deed(&mut boss, button, &[]).await;
        }
        self.deed(&mut boss, "add-note-button", &[("note", "1, 2")]).await;
        tamper!(self.t, "update person_notes set author_id = null");
        self.open(&mut boss, &page).await;
        self.deed(&mut boss, "remove-note-button", &[]).await;
        self.roles_of(&mut boss, &page).await;
        Box::pin(self.looks(&mut boss, &mut mia, &page)).await;
        self.locks(&mut boss, &page).await;
        self.factors_of(&mut boss, &page).await;
        self.leaving(&mut boss, &page).await;
        tamper!(self.t, "delete from messages");
        self.open(&mut boss, &page).await;
    }

    /// Somebody who has a role and an app, signed in with both just now.
    async fn staff(&mut self, email: &str, role: &str) -> Browser {
        let mut browser = self.member(email).await;
        factors::add_app(self.t, &mut browser).await;
        self.mails_of(email).await;
        appoint(self.t, email, role).await;
        browser
    }

    async fn page(&self, email: &str) -> String {
        let id = rows!(self.t, (Uuid,), "select id from users where email = $1", email)[0].0;
        format!("/admin/users/{id}")
    }

    /// Presses a button, and sees the page that follows and the mails to who it is about.
    async fn deed(&mut self, browser: &mut Browser, button: &str, typed: &[(&str, &str)]) {
        let answer = browser.submit(button, typed).await;
        assert_eq!(answer.status, 303, "{button}: {}", answer.outline());
        let page = browser.follow().await;
        assert_eq!(page.status, 200, "{button}: {}", page.outline());
        self.seen.push(page);
        self.mails_of(MIA).await;
    }

    async fn coming(&mut self, boss: &mut Browser) {
        self.open(boss, "/admin/users/new").await;
        let typed = [("name", "Kim"), ("email", KIM), ("language", self.language)];
        self.deed(boss, "create-button", &typed).await;
        self.mails_of(KIM).await;
        self.deed(boss, "send-again-button", &[]).await;
        self.mails_of(KIM).await;
    }

    async fn roles_of(&mut self, boss: &mut Browser, page: &str) {
        let roles = format!("{page}/roles");
        self.open(boss, &roles).await;
        let person = page.rsplit('/').next().unwrap_or_default().to_owned();
        let fields = [("person", person.as_str()), ("role", "support")];
        boss.post("/api/admin-give-role", &fields).await;
        let shown = boss.follow().await;
        self.seen.push(shown);
        let (group, now) = (Uuid::from_u128(9), self.t.clock.now());
        tamper!(
            self.t,
            "insert into people_groups (id, name, name_key, created_at, updated_at) values ($1, 'G', 'g', $2, $2)",
            group,
            now
        );
        tamper!(
            self.t,
            "insert into group_roles (group_id, role_id) values ($1, 'auditor')",
            group
        );
        tamper!(
            self.t,
            "insert into group_members (group_id, user_id, added_at) select $1, id, $2 from users where email = $3",
            group,
            now,
            MIA
        );
        self.open(boss, page).await;
        self.open(boss, &roles).await;
        boss.post("/api/admin-take-role", &fields).await;
        tamper!(self.t, "delete from people_groups");
        tamper!(self.t, "update users set staff = false where email = $1", MIA);
        self.mails_of(MIA).await;
        // Whoever gives roles and may do little else sees why some are out of reach.
        let role = crate::console::make_role(self.t, "R", &["users:read", "roles:assign"]).await;
        let mut giver = self.staff("gil.walk@example.com", &role).await;
        self.open(&mut giver, &roles).await;
    }

    /// Looks at the account as its owner sees it, does what is shut, and comes back, in time and too late.
    async fn looks(&mut self, boss: &mut Browser, mia: &mut Browser, page: &str) {
        for late in [false, true] {
            self.open(boss, &format!("{page}/view")).await;
            self.refused(boss, "view-button", &[("reason", "")]).await;
            self.deed(boss, "view-button", &[("reason", "1, 2")]).await;
            for path in [
                "/account/profile",
                "/account/security",
                "/account/sessions",
                "/account/activity",
            ] {
                self.open(boss, path).await;
            }
            boss.scripted().post("/api/save-profile", &[]).await;
            let refused = boss.scripted().post("/api/save-profile", &[]).await;
            self.seen.push(refused);
            boss.get("/admin").await;
            let shut = boss.follow().await;
            self.seen.push(shut);
            if late {
                tamper!(self.t, "update viewings set expires_at = began_at");
                self.open(boss, "/viewing").await;
            }
            self.deed(boss, "stop-viewing-button", &[]).await;
        }
        self.open(mia, "/account/activity").await;
        self.open(boss, "/admin/audit").await;
        self.open(boss, "/admin/audit?what=view.refused").await;
        let row = boss
            .shown()
            .body
            .split("/admin/audit/row/")
            .nth(1)
            .map(|rest| rest[..36].to_owned());
        self.open(boss, &format!("/admin/audit/row/{}", row.unwrap_or_default()))
            .await;
        tamper!(
            self.t,
            "update users set unproven_since = created_at where email = $1",
            MIA
        );
        self.open(boss, &format!("{page}/view")).await;
        self.refused(boss, "view-button", &[("reason", "x")]).await;
        tamper!(
            self.t,
            "update users set unproven_since = null where email = $1",
            MIA
        );
    }

    async fn locks(&mut self, boss: &mut Browser, page: &str) {
        for hours in ["24", ""] {
            self.open(boss, &format!("{page}/lock")).await;
            self.refused(boss, "lock-button", &[("reason", "")]).await;
            self.deed(boss, "lock-button", &[("reason", "x"), ("hours", hours)])
                .await;
            self.deed(boss, "unlock-button", &[]).await;
        }
        let mut mia = self.browser();
        mia.sign_in(MIA, PASSWORD).await;
    }

    async fn factors_of(&mut self, boss: &mut Browser, page: &str) {
        let mut lost = self.browser();
        ask(&mut lost, MIA).await;
        self.mails_of(MIA).await;
        self.open(boss, page).await;
        self.open(boss, &format!("{page}/recovery")).await;
        self.deed(boss, "shorten-button", &[("hours", "0"), ("reason", "x")])
            .await;
        look_after(&self.t.platform).await;
        self.mails_of(MIA).await;
        self.open(boss, page).await;
        let passkeys = rows!(
            self.t,
            (Uuid,),
            "select p.id from passkeys p join users u on u.id = p.user_id where u.email = $1",
            MIA
        );
        self.open(boss, &format!("{page}/factor?what={}", passkeys[0].0))
            .await;
        for what in ["sms", "mail", "totp"] {
            self.open(boss, &format!("{page}/factor?what={what}")).await;
        }
        self.deed(boss, "remove-factor-button", &[("reason", "x")]).await;
        let until = self.t.clock.now() + chrono::Duration::hours(1);
        tamper!(
            self.t,
            "update users set frozen_until = $1 where email = $2",
            until,
            MIA
        );
        self.open(boss, page).await;
        tamper!(
            self.t,
            "update users set frozen_until = null where email = $1",
            MIA
        );
    }

    async fn leaving(&mut self, boss: &mut Browser, page: &str) {
        self.member("pam.walk@example.com").await;
        let pam = self.page("pam.walk@example.com").await;
        self.open(boss, &pam).await;
        self.deed(boss, "end-session-button", &[]).await;
        self.mails_of("pam.walk@example.com").await;
        self.open(boss, &format!("{page}/delete")).await;
        self.deed(boss, "delete-button", &[("email", MIA), ("reason", "x")])
            .await;
        self.deed(boss, "keep-button", &[]).await;
        let now = self.t.clock.now();
        tamper!(
            self.t,
            "update users set erase_at = $1, erasing_as = $2 where email = $3",
            now,
            Uuid::from_u128(8),
            MIA
        );
        self.open(boss, page).await;
        tamper!(
            self.t,
            "update users set erase_at = null, erasing_as = null where email = $1",
            MIA
        );
    }
}
