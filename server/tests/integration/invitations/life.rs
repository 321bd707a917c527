//! How long an invitation is kept, and what is left of its people.

use chrono::Duration;
use domain::platform::clean_up;

use super::{ADA, accept, boss, invite, invited};
use crate::house::{TestHouse, count, tamper};

#[tokio::test]
async fn an_invitation_goes_thirty_days_after_its_link_is_too_old() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    invited(&t, &ida, ADA, &["auditor"]).await;
    t.clock.advance(Duration::hours(1) - Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from invitation_reports"), 1);
    t.clock.advance(Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from invitation_reports"), 0);
    t.clock
        .advance(Duration::days(37) - Duration::hours(1) - Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from invitations"), 1);
    t.clock.advance(Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from invitations"), 0);
    assert_eq!(count!(t, "select count(*) from invitation_roles"), 0);
}

/// One that is too old makes room for another one to the same address.
#[tokio::test]
async fn an_address_is_invited_anew_after_its_invitation_is_too_old() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let old = invited(&t, &ida, ADA, &["auditor"]).await;
    tamper!(t, "update invitations set expires_at = sent_at");
    let new = invited(&t, &ida, ADA, &[]).await;
    assert_eq!(count!(t, "select count(*) from invitations"), 1);
    assert_eq!(t.browser().open(&old).await.heading(), "This link doesn't work");
    assert_eq!(accept(&mut t.browser(), &new).await.location(), "/account");
    t.mails_to(ADA).await;
}

/// Who invited is gone: the invitation stays, without a name, and gives no roles.
#[tokio::test]
async fn an_invitation_outlives_its_inviter_without_their_name() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let hal = crate::console::staff(&t, "Hal Host", "hal@example.com", "administrator").await;
    invite(&hal, ADA, &["auditor"]).await;
    t.mails_to(ADA).await;
    tamper!(t, "delete from users where email = 'hal@example.com'");
    assert_eq!(count!(t, "select count(*) from invitation_reports"), 0);
    let page = ida.get("/admin/invitations").await;
    assert!(page.body.contains("Somebody who is gone") && !page.body.contains("Hal Host"));
    // Sent again, it names nobody.
    ida.submit("resend-invitation-button", &[]).await;
    let mail = t.mail_to(ADA).await;
    assert!(
        mail.text.contains("You are invited to Latchstring") && !mail.text.contains("Hal"),
        "{}",
        mail.text
    );
}
