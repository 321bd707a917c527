//! The walk through the console's dashboard, messages, jobs and health.

use chrono::Duration;
use domain::job::{Job, KINDS};
use domain::platform::jobs::run_due;

use super::Walker;
use crate::console::appoint;
use crate::factors;
use crate::house::{Browser, PASSWORD, Smtp, TestHouse, tamper};

const IDA: &str = "ida@example.com";

impl Walker<'_> {
    pub(super) async fn watch(&mut self) {
        // In a house of its own, in which nothing wants attention at first.
        let t = TestHouse::new().await;
        let mut ida = t.member("Ida Rhodes", IDA).await.reading(self.language);
        factors::add_app(&t, &mut ida).await;
        t.mails_to(IDA).await;
        tamper!(t, "update users set locale = $1", self.language);
        appoint(&t, IDA, "administrator").await;
        for path in [
            "/admin",
            "/admin?period=7d",
            "/admin?period=30d",
            "/admin/jobs",
            "/admin/health",
            "/admin/messages?to=x",
        ] {
            self.open(&mut ida, path).await;
        }
        tamper!(t, "delete from audit_events");
        let now = t.clock.now();
        for at in [now, now - Duration::hours(2)] {
            tamper!(
                t,
                "insert into session_counts (at, open, day, week, month) values ($1, 5000, 1, 2, 3)",
                at
            );
        }
        self.open(&mut ida, "/admin").await;
        tamper!(t, "delete from session_counts");
        tamper!(t, "insert into tally_heads (name, seq) values ('audit', -20000)");
        many_sessions(&t).await;
        self.open(&mut ida, "/admin").await;
        tamper!(t, "delete from sessions where user_agent = 'many'");
        self.trouble(&t, &mut ida).await;
        for path in [
            "/admin/jobs?done=retried",
            "/admin/jobs?done=discarded",
            "/admin/messages?done=again",
            "/admin/messages?done=discarded",
        ] {
            self.open(&mut ida, path).await;
        }
        t.ignore_jobs();
    }

    async fn trouble(&mut self, t: &TestHouse, ida: &mut Browser) {
        let now = t.clock.now();
        tamper!(
            t,
            "insert into alarms (notice_id, user_id, raised_at) select $1, id, $2 from users",
            t.platform.entropy.uuid_v7(t.clock.now()),
            now
        );
        tamper!(
            t,
            "insert into recoveries (id, user_id, begun_by, created_at, due_at) select $1, id, 'person', $2, $3 from users",
            t.platform.entropy.uuid_v7(t.clock.now()),
            now,
            now + Duration::days(1)
        );
        for (key, failures) in [(1_u8, 100_i64), (2, 7)] {
            tamper!(
                t,
                "insert into sign_in_failures (account_key, device_key, failures, last_failed_at, blocked_until) values ($1, $2, $3, $4, $5)",
                vec![key],
                vec![0_u8; 32],
                failures,
                now,
                now + Duration::minutes(10)
            );
        }
        let smtp = Smtp::that_says("550 no such mailbox").await;
        let failing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
        t.browser().sign_up("Eve", "eve@example.com", PASSWORD).await;
        run_due(&failing.platform).await.unwrap();
        for kind in KINDS.iter().chain(&["from-another-version"]) {
            tamper!(
                t,
                "insert into jobs (id, kind, payload, state, attempts, run_at, last_error, created_at)
                values ($1, $2, $3, 'dead', 24, $4, 'it broke', $4)",
                t.platform.entropy.uuid_v7(t.clock.now()),
                *kind,
                vec![0_u8],
                now
            );
        }
        tamper!(t, "update jobs set last_error = null where kind = 'clean-up'");
        t.platform
            .db
            .write(async |tx| tx.enqueue(&Job::CleanUp).await)
            .await
            .unwrap();
        for number in 0..55 {
            tamper!(t, "insert into messages (id, channel, kind, recipient, recipient_key, state, attempts, created_at)
                values ($1, 'sms', 'sms-code', '…21', '', $2, 1, $3)",
                t.platform.entropy.uuid_v7(now - Duration::minutes(number)), ["waiting", "sent", "discarded"][usize::try_from(number).unwrap() % 3], now);
        }
        tamper!(
            t,
            "insert into messages (id, channel, kind, recipient, recipient_key, state, attempts, created_at)
            values ($1, 'email', 'welcome', 'a@example.com', 'a@example.com', 'failed', 24, $2)",
            t.platform.entropy.uuid_v7(t.clock.now()),
            now
        );
        tamper!(
            t,
            "insert into servers (id, listen, process, version, key_ids, started_at, seen_at) values ($1, '10.0.0.7:3000', 4711, '0.0.1', '', $2, $2)",
            t.platform.entropy.uuid_v7(t.clock.now()),
            now
        );
        let older = format!("/admin/messages?before={}", t.platform.entropy.uuid_v7(now));
        for path in [
            "/admin",
            "/admin/messages",
            &older,
            "/admin/jobs",
            "/admin/jobs?kind=send-mail",
            "/admin/health",
        ] {
            self.open(ida, path).await;
        }
        let sick = t.second_node_with(&[("SMTP_URL", "smtp://127.0.0.1:9")]).await;
        self.open(&mut ida.on(&sick), "/admin/health").await;
    }
}

/// More sessions than a view counts by itself.
async fn many_sessions(t: &TestHouse) {
    let now = t.clock.now();
    for _ in 0..2_000 {
        let (id, later) = (t.platform.entropy.uuid_v7(t.clock.now()), now + Duration::days(1));
        tamper!(t, "insert into sessions (id, token_hash, user_id, remember, aal, amr, auth_time, user_agent, address, created_at, last_seen_at,
                idle_expires_at, expires_at) select $1, $2, id, false, 1, 'pwd', $3, 'many', '', $3, $3, $4, $4 from users",
            id, id.as_bytes().as_slice(), now, later);
    }
}
