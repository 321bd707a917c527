//! The walk through the pages of the audit.

use chrono::Duration;
use domain::audit::checkpoint;
use domain::platform::jobs::run_due;
use uuid::Uuid;

use super::super::Walker;
use crate::house::{Browser, rows, tamper};

const CHAIN: &str = "/admin/audit/chain";

impl Walker<'_> {
    pub(super) async fn audit(&mut self, olga: &mut Browser) {
        let t = self.t;
        for query in [
            "",
            "?what=sign-ins",
            "?who=nobody@example.com&what=no.such&address=x&from=soon",
            "?from=2026-03-04&until=2026-03-03",
            "?request=none",
        ] {
            self.open(olga, &format!("/admin/audit{query}")).await;
        }
        self.open(olga, &format!("/admin/audit?request={}", "x".repeat(65)))
            .await;
        let (middle,) = rows!(
            t,
            (Uuid,),
            "select id from audit_events order by id desc limit 60"
        )
        .pop()
        .unwrap();
        self.open(olga, &format!("/admin/audit?before={middle}")).await;
        self.member("denied@example.com").await.get("/admin/roles").await;
        let (denied,) = rows!(
            t,
            (String,),
            "select request_id from audit_events where kind = 'access.denied' order by seq desc"
        )
        .remove(0);
        self.open(olga, &format!("/admin/audit?request={denied}")).await;
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
                self.open(olga, &format!("/admin/audit/row/{id}")).await;
            }
        }
    }

    pub(super) async fn chain(&mut self, olga: &mut Browser) {
        let t = self.t;
        tamper!(t, "delete from audit_checkpoints");
        self.open(olga, CHAIN).await;
        // As an erasure leaves it.
        tamper!(
            t,
            "update audit_events set salt = null, actor_id = null, subject_id = null, session_id = null, request_id = null,
                detail = '{}', was = null, became = null, address = null, user_agent = null where seq = 5"
        );
        checkpoint::sign(&t.platform).await.unwrap();
        olga.get(CHAIN).await;
        self.press(olga, "check-audit-button").await;
        run_due(&t.platform).await.unwrap();
        self.open(olga, CHAIN).await;
        t.clock.advance(Duration::seconds(1));
        tamper!(
            t,
            "update audit_events set kind = 'nothing' where seq = (select max(seq) - 3 from audit_events)"
        );
        tamper!(t, "update audit_checkpoints set events = events + 1");
        olga.get(CHAIN).await;
        self.press(olga, "check-audit-button").await;
        run_due(&t.platform).await.unwrap();
        self.open(olga, CHAIN).await;
        tamper!(
            t,
            "update audit_checks set finished_at = null, report = null, whole = null, asked_at = $1",
            t.clock.now() - Duration::days(1)
        );
        self.open(olga, CHAIN).await;
        tamper!(t, "update audit_checkpoints set purpose = 'anchor'");
        self.open(olga, CHAIN).await;
        let (emptied,) = rows!(t, (Uuid,), "select id from audit_events where seq = 5").remove(0);
        self.open(olga, &format!("/admin/audit/row/{emptied}")).await;
        // As somebody who saw the pages of another leaves it, when both are gone.
        let gone = Uuid::from_u128(u128::MAX >> 1);
        let detail = serde_json::json!({ "as": gone, "before": "1", "after": "2" }).to_string();
        tamper!(
            t,
            "update audit_events set actor_id = $1, detail = $2 where seq = 6",
            gone,
            detail.as_str()
        );
        let (row,) = rows!(t, (Uuid,), "select id from audit_events where seq = 6").remove(0);
        self.open(olga, &format!("/admin/audit/row/{row}")).await;
    }
}
