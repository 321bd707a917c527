//! Locking, and unlocking, also by time.

use chrono::Duration;
use domain::platform::jobs::run_due;

use super::{ADA, boss, deed, details, id_of, page_of, refused};
use crate::house::{PASSWORD, TestHouse, count, rows};

const LOCK: &str = "/api/admin-lock-person";

#[tokio::test]
async fn a_lock_ends_sessions_on_both_servers_closes_links_and_lets_nobody_in() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await.on(&second);
    assert!(ada.is_signed_in().await);
    // A link that is open, and a sign-in that is under way.
    let mut forgetful = t.browser();
    forgetful.get("/forgot-password").await;
    forgetful
        .submit("forgot-password-button", &[("email", ADA)])
        .await;
    let link = t.link_for(ADA).await;
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(page.has("lock-link"));
    let id = id_of(&t, ADA).await;
    let page = ida.get(&format!("/admin/users/{id}/lock")).await;
    assert!(
        page.text("will-do").contains("1 device is signed out"),
        "{}",
        page.outline()
    );
    let empty = ida.submit("lock-button", &[]).await;
    assert!(empty.location().ends_with("/lock"));
    assert!(
        ida.follow().await.body.contains("Fill this in"),
        "a reason is a must"
    );
    let locked = ida.submit("lock-button", &[("reason", "stolen laptop")]).await;
    assert!(
        locked.location().ends_with("?done=locked"),
        "{}",
        locked.outline()
    );
    assert!(!ada.is_signed_in().await);
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your account was locked");
    assert!(
        !mail.text.contains("stolen") && !mail.text.contains("Ida"),
        "{}",
        mail.text
    );
    let page = ida.follow().await;
    assert!(page.text("locked-note").contains("stolen laptop"));
    assert_eq!(page.text("person-state"), "Locked");
    assert!(!page.has("send-reset-button") && !page.has("lock-link"));

    let mut door = t.script();
    assert_eq!(door.sign_in(ADA, PASSWORD).await.faults(), ["sign-in-mismatch"]);
    let page = t.browser().open(&link).await;
    assert!(!page.has("password-input"), "{}", page.outline());
    forgetful.get("/forgot-password").await;
    forgetful
        .submit("forgot-password-button", &[("email", ADA)])
        .await;
    crate::recover::ask(&mut t.browser(), ADA).await;
    assert!(t.mails_to(ADA).await.is_empty(), "no way back meanwhile");
    for (path, fields) in [
        ("/api/admin-send-reset", &[][..]),
        (LOCK, &[("reason", "again")][..]),
    ] {
        let page = deed(&ida, path, id, fields).await;
        assert_eq!(page.status, 409, "{path}: {}", page.outline());
    }
    let detail = details(&t, "user.locked").await;
    assert!(
        detail.len() == 1 && detail[0].contains("stolen laptop"),
        "{detail:?}"
    );

    page_of(&t, &mut ida, ADA).await;
    let open = ida.submit("unlock-button", &[]).await;
    assert!(open.location().ends_with("?done=unlocked"), "{}", open.outline());
    assert_eq!(t.mail_to(ADA).await.subject, "Your account is open again");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(
        count!(
            t,
            "select count(*) from users where lock_reason is not null or locked_until is not null"
        ),
        0
    );
    // Safe to repeat: nobody is told twice.
    assert_eq!(
        refused(&deed(&ida, "/api/admin-unlock-person", id, &[]).await),
        ""
    );
    t.new_device_mails_to(ADA).await;
    assert!(t.mails_to(ADA).await.is_empty());
}

#[tokio::test]
async fn a_lock_for_some_hours_ends_by_itself_and_not_before() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    for hours in ["0", "-1", "8785", "soon"] {
        let page = deed(&ida, LOCK, id, &[("reason", "holiday"), ("hours", hours)]).await;
        assert_eq!(refused(&page), "hours:hours-invalid", "{hours}");
    }
    let page = deed(&ida, LOCK, id, &[("reason", "holiday"), ("hours", "24")]).await;
    assert_eq!(refused(&page), "");
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your account was locked for some time");
    assert!(mail.text.contains("3 March 2026"), "{}", mail.text);
    t.clock.advance(Duration::hours(23) + Duration::minutes(59));
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    t.clock.advance(Duration::minutes(1));
    assert_eq!(t.mail_to(ADA).await.subject, "Your account is open again");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    let unlocked = rows!(
        t,
        (Option<uuid::Uuid>, String),
        "select actor_id, detail from audit_events where kind = 'user.unlocked'"
    );
    assert_eq!(unlocked, [(None, r#"{"by":"time"}"#.to_owned())]);
}

#[tokio::test]
async fn a_lock_that_was_made_anew_is_not_ended_by_the_time_of_the_one_before() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    deed(&ida, LOCK, id, &[("reason", "for an hour"), ("hours", "1")]).await;
    deed(&ida, "/api/admin-unlock-person", id, &[]).await;
    deed(&ida, LOCK, id, &[("reason", "for good")]).await;
    assert_eq!(t.mails_to(ADA).await.len(), 3);
    t.clock.advance(Duration::hours(2));
    run_due(&t.platform).await.unwrap();
    assert!(t.mails_to(ADA).await.is_empty());
    assert_eq!(
        count!(t, "select count(*) from users where locked_at is not null"),
        1
    );
    // And the command line ends it whatever its time.
    t.operator(&["user", "unlock", ADA], "").await;
    assert_eq!(
        count!(t, "select count(*) from users where lock_reason is not null"),
        0
    );
}
