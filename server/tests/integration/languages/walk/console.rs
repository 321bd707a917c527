//! The walk through the console. Each page has a part of its own, called from `console`.

mod audit;
mod import;
mod invitations;

use chrono::{DateTime, Duration};
use uuid::Uuid;

use super::Walker;
use crate::console::{appoint, make_role};
use crate::factors;
use crate::house::{Browser, PASSWORD, rows, tamper};

const LEA: &str = "lea.boss@example.com";
const PIA: &str = "pia.listed@example.com";

impl Walker<'_> {
    pub(super) async fn console(&mut self) {
        let mut boss = self.member(LEA).await;
        factors::add_app(self.t, &mut boss).await;
        self.t.mails_to(LEA).await;
        appoint(self.t, LEA, "administrator").await;
        self.open(&mut boss, "/account").await;
        self.roles(&mut boss).await;
        self.groups(&mut boss).await;
        Box::pin(self.invitations(&mut boss)).await;
        Box::pin(self.people(&mut boss)).await;
        Box::pin(self.import(&mut boss)).await;
        self.everybody(&mut boss).await;
        Box::pin(self.claims(&mut boss)).await;
        Box::pin(self.audit(&mut boss)).await;
        Box::pin(self.chain(&mut boss)).await;
    }

    async fn groups(&mut self, boss: &mut Browser) {
        self.open(boss, "/admin/groups").await;
        self.refused(boss, "make-group-button", &[("name", "***")]).await;
        boss.submit("make-group-button", &[("name", "Nhóm 1")]).await;
        let page = boss.follow().await;
        let path = page.target.split('?').next().unwrap_or_default().to_owned();
        self.seen.push(page);
        self.refused(boss, "join-group-button", &[("email", "nobody@example.com")])
            .await;
        boss.submit("join-group-button", &[("email", "ada@example.com")])
            .await;
        let page = boss.follow().await;
        self.seen.push(page);
        for _ in 0..4 {
            boss.submit("give-group-role-button", &[]).await;
            let page = boss.follow().await;
            let is_last = !page.has("give-group-role-button");
            self.seen.push(page);
            if is_last {
                break;
            }
        }
        for n in 0..51 {
            let (id, email) = (uuid::Uuid::from_u128(n), format!("p{n}@example.com"));
            crate::house::tamper!(
                self.t,
                "insert into users (id, name, email, email_key, locale, created_at, updated_at)
                 select $1, 'Somebody', $2, $2, 'vi', created_at, created_at from people_groups",
                id,
                email.as_str()
            );
            crate::house::tamper!(
                self.t,
                "insert into group_members (group_id, user_id, added_at) select id, $1, created_at from people_groups",
                id
            );
        }
        self.open(boss, &path).await;
        self.open(boss, &format!("{path}?after=a")).await;
        self.open(boss, "/admin/groups").await;
        // Somebody who may not see people.
        crate::house::tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        let reader = make_role(self.t, "Ca 5", &["roles:read"]).await;
        appoint(self.t, LEA, &reader).await;
        self.open(boss, &path).await;
        appoint(self.t, LEA, "administrator").await;
        self.open(boss, "/admin/groups?done=removed").await;
    }

    async fn everybody(&mut self, boss: &mut Browser) {
        for query in ["", "?n=0", "?n=1", "?n=12"] {
            self.open(boss, &format!("/admin/users/everybody{query}")).await;
        }
        self.refused(boss, "everybody-button", &[("confirmation", "x")])
            .await;
        // Somebody who is no administrator.
        tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        appoint(self.t, LEA, "support").await;
        self.open(boss, "/admin/users/everybody").await;
        tamper!(self.t, "delete from user_roles where role_id = 'support'");
        appoint(self.t, LEA, "administrator").await;
    }

    async fn claims(&mut self, boss: &mut Browser) {
        self.open(boss, "/admin/claims").await;
        for (name, description) in [("", ""), ("A", ""), ("sub", "")] {
            let fields = [("name", name), ("description", description)];
            self.refused(boss, "make-claim-button", &fields).await;
        }
        let pia = rows!(self.t, (Uuid,), "select id from users where email = $1", PIA)[0].0;
        let person = format!("/admin/users/{pia}");
        self.open(boss, &format!("{person}/claims")).await;
        for (name, kind, wrong) in [
            ("plan", "text", "a\nb"),
            ("seats", "number", "many"),
            ("beta", "boolean", "maybe"),
            ("sites", "list", "\u{7}"),
        ] {
            self.open(boss, "/admin/claims").await;
            boss.submit("make-claim-button", &[("name", name), ("kind", kind)])
                .await;
            let page = boss.follow().await;
            self.seen.push(page);
            self.open(boss, &format!("{person}/claims?claim={name}")).await;
            self.refused(boss, "set-claim-button", &[("value", wrong)]).await;
        }
        self.open(boss, &person).await;
        let role = make_role(self.t, "Ca 11", &[]).await;
        let other = make_role(self.t, "Ca 12", &[]).await;
        for role in [&role, &other] {
            appoint(self.t, PIA, role).await;
        }
        for page in [
            &person,
            &format!("/admin/roles/{role}"),
            &format!("/admin/roles/{other}"),
        ] {
            for (claim, value) in [("plan", "vàng"), ("beta", "true"), ("sites", "Huế")] {
                self.open(boss, &format!("{page}/claims?claim={claim}")).await;
                boss.submit("set-claim-button", &[("value", value)]).await;
                let page = boss.follow().await;
                self.seen.push(page);
            }
        }
        // More than there is room for, and a name that is reserved by now.
        for (page, letter) in [(&role, "ă"), (&other, "ơ")] {
            let lines: Vec<String> = (0..20).map(|n| format!("{}{n}", letter.repeat(90))).collect();
            let page = format!("/admin/roles/{page}");
            self.open(boss, &format!("{page}/claims?claim=sites")).await;
            self.refused(boss, "set-claim-button", &[("value", &lines.join("\n"))])
                .await;
            self.open(boss, &page).await;
        }
        let now = self.t.clock.now();
        tamper!(
            self.t,
            "insert into claims (name, kind, created_at, updated_at) values ('status', 'text', $1, $1)",
            now
        );
        self.open(boss, "/admin/claims/status").await;
        tamper!(self.t, "delete from claims where name = 'status'");
        for path in [
            "/admin/roles/support",
            "/admin/roles/support/claims?claim=plan",
            &person,
            &format!("/admin/roles/{role}"),
            "/admin/claims",
            "/admin/claims/plan",
            "/admin/claims/seats",
            "/admin/claims/nothing",
            "/admin/claims?done=changed",
            "/admin/claims?done=removed",
        ] {
            self.open(boss, path).await;
        }
        let mut late = boss.clone();
        self.open(boss, "/admin/claims/sites").await;
        tamper!(self.t, "update claims set version = 9");
        self.refused(boss, "describe-claim-button", &[("description", "x")])
            .await;
        self.open(&mut late, "/admin/claims/sites").await;
        self.refused(&mut late, "remove-claim-button", &[("confirmation", "x")])
            .await;
        let now = self.t.clock.now();
        for n in 0..46 {
            let name = format!("claim_{n}");
            tamper!(
                self.t,
                "insert into claims (name, kind, created_at, updated_at) values ($1, 'text', $2, $2)",
                name,
                now
            );
        }
        self.open(boss, "/admin/claims").await;
        self.refused(boss, "make-claim-button", &[("name", "one_more")])
            .await;
        tamper!(self.t, "delete from claims");
    }

    async fn people(&mut self, boss: &mut Browser) {
        let mut pia = self.member(PIA).await;
        let ids = rows!(self.t, (Uuid, String), "select id, email from users order by id");
        let of = |email: &str| {
            ids.iter()
                .find(|(_, mail)| mail == email)
                .map_or_else(String::new, |(id, _)| id.to_string())
        };
        let (lea, pia_id) = (of(LEA), of(PIA));
        for query in [
            "",
            "?q=nobody-at-all",
            "?sort=name&state=locked",
            "?done=people&n=2&of=3",
        ] {
            self.open(boss, &format!("/admin/users{query}")).await;
        }
        for deed in ["lock", "unlock", "end-sessions", "give-role.support"] {
            for people in [
                format!("people[]={pia_id}"),
                format!("people[]={pia_id}&people[]={lea}"),
            ] {
                self.open(boss, &format!("/admin/users/bulk?deed={deed}&{people}"))
                    .await;
            }
            if boss.shown().has("bulk-button") {
                boss.submit("bulk-button", &[]).await;
                self.open(boss, &format!("/admin/users/bulk?deed={deed}&people[]={pia_id}"))
                    .await;
            }
            self.open(boss, "/admin/users").await;
            if deed == "unlock" {
                pia.sign_in(PIA, PASSWORD).await;
                self.t.mails_to(PIA).await;
            }
        }
        self.open(boss, "/admin/users/bulk?deed=lock").await;
        self.pages_of_people(boss).await;
        // Somebody who may lock people now, but no administrator.
        pia.sign_in(PIA, PASSWORD).await;
        self.t.mails_to(PIA).await;
        self.open(boss, &format!("/admin/users/{pia_id}")).await;
        factors::add_app(self.t, &mut pia).await;
        self.t.mails_to(PIA).await;
        self.open(&mut pia, &format!("/admin/users/bulk?deed=lock&people[]={lea}"))
            .await;
        for days in [1, 5, 40_000] {
            let seen = (self.t.clock.now() - Duration::days(days)).max(DateTime::UNIX_EPOCH);
            tamper!(self.t, "update sightings set seen_at = $1", seen);
            self.open(boss, "/admin/users?seen-to=2030-01-01").await;
        }
    }

    /// From the first page to the second one, and back.
    async fn pages_of_people(&mut self, boss: &mut Browser) {
        tamper!(
            self.t,
            "insert into sightings (user_id, seen_at) select id, created_at from users
             where not exists (select 1 from sightings where user_id = users.id)"
        );
        self.open(boss, "/admin/users").await;
        let next = boss.shown().link("page-after");
        self.open(boss, &next).await;
        let back = boss.shown().link("page-before");
        self.open(boss, &back).await;
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
        self.open(boss, &format!("{role}?done=factor")).await;
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
        tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        appoint(self.t, LEA, &id).await;
        self.open(&mut maker, "/admin/roles/new").await;
        self.open(&mut maker, &role).await;
        appoint(self.t, LEA, "administrator").await;
    }
}
