//! The walk through the pages of the audit.

use chrono::Duration;
use domain::audit::checkpoint;
use domain::platform::jobs::run_due;
use uuid::Uuid;

use super::Walker;
use crate::console::appoint;
use crate::factors::add_app;
use crate::house::{rows, tamper};

const OLGA: &str = "olga@example.com";
const CHAIN: &str = "/admin/audit/chain";

impl Walker<'_> {
    pub(super) async fn audit(&mut self) {
        let t = self.t;
        let mut olga = self.member(OLGA).await;
        add_app(t, &mut olga).await;
        t.mails_to(OLGA).await;
        appoint(t, OLGA, "auditor").await;
        tamper!(t, "delete from audit_checkpoints");
        self.open(&mut olga, CHAIN).await;
        checkpoint::sign(&t.platform).await.unwrap();

        for query in [
            "",
            "?what=sign-ins",
            "?who=nobody@example.com&what=no.such&address=x&from=soon",
            "?from=2026-03-04&until=2026-03-03",
            "?what=key.rotated&request=none",
        ] {
            self.open(&mut olga, &format!("/admin/audit{query}")).await;
        }
        self.open(&mut olga, &format!("/admin/audit?request={}", "x".repeat(65)))
            .await;
        let (middle,) = rows!(
            t,
            (Uuid,),
            "select id from audit_events order by id desc limit 60"
        )
        .pop()
        .unwrap();
        self.open(&mut olga, &format!("/admin/audit?before={middle}"))
            .await;
        self.open(&mut olga, "/admin/roles/new").await;
        let (denied,) = rows!(
            t,
            (String,),
            "select request_id from audit_events where kind = 'access.denied' order by seq desc"
        )
        .remove(0);
        self.open(&mut olga, &format!("/admin/audit?request={denied}"))
            .await;
        for kind in [
            "access.denied",
            "profile.changed",
            "sign_in.failed",
            "user.locked",
            "session.confirmed",
        ] {
            let found = rows!(
                t,
                (Uuid,),
                "select id from audit_events where kind = $1 order by seq desc limit 1",
                kind
            );
            for (id,) in found {
                self.open(&mut olga, &format!("/admin/audit/row/{id}")).await;
            }
        }
        let emptied = rows!(
            t,
            (Uuid,),
            "select id from audit_events where salt is null limit 1"
        );
        self.open(&mut olga, &format!("/admin/audit/row/{}", emptied[0].0))
            .await;

        olga.get(CHAIN).await;
        self.press(&mut olga, "check-audit-button").await;
        run_due(&t.platform).await.unwrap();
        self.open(&mut olga, CHAIN).await;
        tamper!(
            t,
            "update audit_events set kind = 'nothing' where seq = (select max(seq) - 3 from audit_events)"
        );
        tamper!(t, "update audit_checkpoints set events = events + 1");
        olga.get(CHAIN).await;
        self.press(&mut olga, "check-audit-button").await;
        run_due(&t.platform).await.unwrap();
        self.open(&mut olga, CHAIN).await;
        tamper!(
            t,
            "update audit_checks set finished_at = null, report = null, whole = null, asked_at = $1",
            t.clock.now() - Duration::days(1)
        );
        self.open(&mut olga, CHAIN).await;
    }
}
