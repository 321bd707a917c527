//! `/admin/health`.

use super::staff;
use crate::house::{Smtp, TestHouse, tamper};

#[tokio::test]
async fn the_findings_are_shown_with_their_remedies_what_is_ill_first() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let page = ida.get("/admin/health").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(page.has("check-database") && page.has("check-migrations") && page.has("look-again"));
    assert_eq!(page.text("last-backup"), "none that this server knows of");

    let smtp = Smtp::that_says("421 go away").await;
    let sick = t
        .second_node_with(&[(
            "SMTP_URL",
            &smtp.url.replace("smtp://127.0.0.1", "smtp://127.0.0.2"),
        )])
        .await;
    let page = ida.on(&sick).get("/admin/health").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    let (mail, database) = (page.body.find("check-mail\""), page.body.find("check-database\""));
    assert!(mail < database, "what is ill comes first");
    assert!(
        page.text("health-summary").contains("to be mended"),
        "{}",
        page.text("health-summary")
    );
}

#[tokio::test]
async fn servers_their_versions_and_the_last_backup_are_shown() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let made = t
        .tries(
            &["backup", "house.bak"],
            &[],
            "a passphrase that nobody guesses\n",
        )
        .await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    let now = t.clock.now();
    tamper!(
        t,
        "insert into servers (id, listen, process, version, key_ids, started_at, seen_at) values ($1, '10.0.0.7:3000', 4711, '0.0.1', '', $2, $2)",
        t.platform.entropy.uuid_v7(t.clock.now()),
        now
    );
    let page = ida.get("/admin/health").await;
    assert!(page.text("server").contains("10.0.0.7:3000") && page.text("server").contains("4711"));
    assert!(page.body.contains("Not all servers have the same version"));
    assert_ne!(page.text("last-backup"), "none that this server knows of");
}

#[tokio::test]
async fn an_auditor_sees_it_and_support_does_not() {
    let t = TestHouse::new().await;
    let mut auditor = staff(&t, "Ada Lovelace", "ada@example.com", "auditor").await;
    assert_eq!(auditor.get("/admin/health").await.status, 200);
    let mut support = staff(&t, "Grace Hopper", "grace@example.com", "support").await;
    assert_eq!(support.get("/admin/health").await.status, 403);
}

#[tokio::test]
async fn without_its_database_each_page_says_so_and_nobody_gets_in() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    t.platform.db.close().await;
    for path in ["/admin", "/admin/messages", "/admin/jobs", "/admin/health"] {
        let page = ida.get(path).await;
        assert_eq!(page.status, 503, "{path}: {}", page.outline());
    }
}
