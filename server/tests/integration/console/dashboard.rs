//! `/admin`.

use chrono::Duration;
use domain::platform::jobs::run_due;

use super::{appoint, make_role, staff};
use crate::house::{PASSWORD, Smtp, TestHouse, tamper};

#[tokio::test]
async fn the_dashboard_says_how_sign_ins_are_going() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    t.member("Ada Lovelace", "ada@example.com").await;
    for _ in 0..3 {
        t.browser()
            .sign_in("ada@example.com", "not the password at all")
            .await;
    }
    let page = ida.get("/admin").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(
        page.text("stat-sign-ups").starts_with("New people2"),
        "{}",
        page.text("stat-sign-ups")
    );
    assert!(
        page.text("stat-failures").starts_with("Refused3"),
        "{}",
        page.text("stat-failures")
    );
    assert!(
        page.text("stat-sessions").contains('2'),
        "{}",
        page.text("stat-sessions")
    );
    for (period, bars) in [("24h", 24), ("7d", 7), ("30d", 30)] {
        let page = ida.get(&format!("/admin?period={period}")).await;
        assert_eq!(page.status, 200);
        for chart in ["sign-ins", "failures", "sign-ups"] {
            let drawn = page
                .body
                .split(&format!("data-testid=\"chart-{chart}\""))
                .nth(1)
                .unwrap();
            let drawn = drawn.split("</figure>").next().unwrap();
            assert_eq!(
                drawn.matches("class=\"bar\"").count(),
                bars,
                "{chart} over {period}"
            );
            assert_eq!(
                drawn.matches("<tr>").count(),
                bars + 1,
                "the table of {chart} over {period}"
            );
        }
        assert!(!page.body.contains("style="), "no style attributes");
    }
    // What can't be read is the first period.
    let page = ida.get("/admin?period=99y").await;
    assert!(
        page.body
            .contains("aria-current=\"page\" data-testid=\"period-24h\""),
        "{}",
        page.outline()
    );
}

#[tokio::test]
async fn what_wants_attention_is_told_with_its_remedy_to_whoever_may_see_it() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let page = ida.get("/admin").await;
    assert!(page.has("all-well"), "{:?}", page.texts("need"));

    let now = t.clock.now();
    // Dead letters, a mail that was refused, an alarm, a stopped and a throttled account, a recovery.
    tamper!(
        t,
        "insert into jobs (id, kind, payload, state, attempts, run_at, last_error, created_at)
        values ($1, 'export-data', $2, 'dead', 24, $3, 'it broke', $3)",
        t.platform.entropy.uuid_v7(t.clock.now()),
        vec![0_u8],
        now
    );
    t.member("Ada Lovelace", "ada@example.com").await;
    tamper!(
        t,
        "insert into alarms (notice_id, user_id, raised_at) select $1, id, $2 from users where email = 'ada@example.com'",
        t.platform.entropy.uuid_v7(t.clock.now()),
        now
    );
    tamper!(
        t,
        "insert into recoveries (id, user_id, begun_by, created_at, due_at) select $1, id, 'person', $2, $3 from users where email = 'ada@example.com'",
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

    let page = ida.get("/admin").await;
    let needs = page.texts("need").join("\n");
    assert!(!page.has("all-well"));
    for told in [
        "One person said \"this wasn't me\"",
        "One message was given up",
        "One job was given up",
        "One account takes no password any more",
        "One account has to wait",
        "One person is getting back",
    ] {
        assert!(needs.contains(told), "{told}: {needs}");
    }
    assert!(page.body.contains("/admin/messages?state=failed"));

    // Whoever may see the dashboard and nothing else sees figures, and none of these.
    let mut guest = staff(&t, "Grace Hopper", "grace@example.com", "auditor").await;
    let role = make_role(&t, "Watch", &["console:read"]).await;
    tamper!(
        t,
        "delete from user_roles where user_id = (select id from users where email = 'grace@example.com')"
    );
    appoint(&t, "grace@example.com", &role).await;
    let page = guest.get("/admin").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(
        page.texts("need").is_empty() && page.has("stat-sign-ins"),
        "{:?}",
        page.texts("need")
    );
    for path in ["/admin/messages", "/admin/jobs", "/admin/health"] {
        assert_eq!(guest.get(path).await.status, 403, "{path}");
    }
    t.ignore_jobs();
}
