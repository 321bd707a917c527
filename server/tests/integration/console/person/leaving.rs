//! Deleting an account, with its days of grace.

use chrono::Duration;
use domain::job::Job;
use domain::platform::jobs::run_due;

use super::{ADA, boss, deed, details, id_of, page_of, refused};
use crate::house::{PASSWORD, TestHouse, count};

const DELETE: &str = "/api/admin-delete-person";

#[tokio::test]
async fn an_account_is_deleted_after_its_address_was_typed_and_can_be_kept_by_either_side() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    ida.get(&format!("/admin/users/{id}/delete")).await;
    let wrong = ida
        .submit(
            "delete-button",
            &[("email", "bob@example.com"), ("reason", "left us")],
        )
        .await;
    assert!(wrong.location().ends_with("/delete"), "{}", wrong.outline());
    assert!(ida.follow().await.body.contains("the address of this account"));
    assert!(ada.is_signed_in().await);
    let typed = [("email", "ADA@example.com"), ("reason", "left us")];
    let gone = ida.submit("delete-button", &typed).await;
    assert!(gone.location().ends_with("?done=deleted"), "{}", gone.outline());
    assert!(!ada.is_signed_in().await);
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your account will be erased");
    assert!(
        mail.text.contains("The people who run") && mail.text.contains("16 March 2026"),
        "{}",
        mail.text
    );
    let detail = details(&t, "erasure.asked_by_operator").await;
    assert!(detail[0].contains("left us"), "{detail:?}");
    // Once more: it stays at the first day, and nobody is told twice.
    let again = deed(&ida, DELETE, id, &typed).await;
    assert_eq!(refused(&again), "");
    assert!(t.mails_to(ADA).await.is_empty());
    // She keeps it by the link.
    let link = mail
        .links
        .iter()
        .find(|link| link.contains("/keep-account"))
        .unwrap();
    let mut she = t.browser();
    she.open(link).await;
    she.submit("keep-button", &[]).await;
    assert_eq!(t.mail_to(ADA).await.subject, "Your account stays");
    assert_eq!(
        count!(t, "select count(*) from users where erase_at is not null"),
        0
    );
    // And the operator keeps it by a button.
    assert_eq!(refused(&deed(&ida, DELETE, id, &typed).await), "");
    t.mails_to(ADA).await;
    let page = page_of(&t, &mut ida, ADA).await;
    assert_eq!(page.text("person-state"), "Being deleted");
    let kept = ida.submit("keep-button", &[]).await;
    assert!(kept.location().ends_with("?done=kept"), "{}", kept.outline());
    assert_eq!(t.mail_to(ADA).await.subject, "Your account stays");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(t.audited("erasure.undone_by_operator").await, 1);
}

#[tokio::test]
async fn after_two_weeks_it_is_gone_with_its_notes_and_locks() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    deed(&ida, "/api/admin-add-note", id, &[("note", "leaves in March")]).await;
    deed(
        &ida,
        "/api/admin-lock-person",
        id,
        &[("reason", "leaves"), ("hours", "1000")],
    )
    .await;
    deed(&ida, DELETE, id, &[("email", ADA), ("reason", "left us")]).await;
    t.mails_to(ADA).await;
    t.clock.advance(Duration::days(14) + Duration::minutes(1));
    let db = &t.platform.db;
    db.write(async |tx| tx.enqueue(&Job::LookAfterErasures).await)
        .await
        .unwrap();
    for _ in 0..3 {
        run_due(&t.platform).await.unwrap();
    }
    assert_eq!(count!(t, "select count(*) from users where id = $1", id), 0);
    assert_eq!(count!(t, "select count(*) from person_notes"), 0);
    t.clock.advance(Duration::days(40));
    run_due(&t.platform).await.unwrap();
    ida.get("/sign-in").await;
}
