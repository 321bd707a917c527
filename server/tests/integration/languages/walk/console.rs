//! The walk through the console. Each page has a part of its own, called from `console`.

use super::Walker;
use crate::console::{appoint, make_role};
use crate::factors;
use crate::house::Browser;

const LEA: &str = "lea.boss@example.com";

impl Walker<'_> {
    pub(super) async fn console(&mut self) {
        let mut boss = self.member(LEA).await;
        factors::add_app(self.t, &mut boss).await;
        self.t.mails_to(LEA).await;
        appoint(self.t, LEA, "administrator").await;
        self.open(&mut boss, "/account").await;
        self.roles(&mut boss).await;
    }

    async fn roles(&mut self, boss: &mut Browser) {
        let id = make_role(self.t, "Ca 3", &["roles:read", "roles:write", "audit:read"]).await;
        let role = format!("/admin/roles/{id}");
        let review = format!("{role}?review=1&name=Ca+3&permissions[]=users:read");
        for path in [
            "/admin/roles",
            "/admin/roles/new",
            "/admin/roles/administrator",
            &role,
            &review,
        ] {
            self.open(boss, path).await;
        }
        for done in ["made", "changed", "removed"] {
            self.open(boss, &format!("/admin/roles?done={done}")).await;
        }
        self.open(boss, "/admin/roles/new?review=1&name=Ca+4").await;
        self.open(boss, "/admin/roles/new?review=1&name=***").await;
        self.refused(boss, "save-role-button", &[]).await;
        self.open(boss, &role).await;
        self.refused(boss, "remove-role-button", &[("confirmation", "Ca")])
            .await;
        // Somebody who holds less.
        let mut maker = boss.clone();
        crate::house::tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        appoint(self.t, LEA, &id).await;
        self.open(&mut maker, "/admin/roles/new").await;
        self.open(&mut maker, &role).await;
        appoint(self.t, LEA, "administrator").await;
    }
}
