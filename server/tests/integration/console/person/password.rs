//! A link to another password, and wanting one. ASVS 6.4.6: an operator begins it, and never chooses.

use super::{ADA, boss, deed, id_of, page_of, refused};
use crate::house::{PASSWORD, TestHouse, count};

const NEW: &str = "nine herons guard the tin lantern";
const DEMAND: &str = "/api/admin-demand-password";

#[tokio::test]
async fn asvs_6_4_6_an_operator_starts_a_reset_and_only_the_mailbox_ends_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    page_of(&t, &mut ida, ADA).await;
    let sent = ida.submit("send-reset-button", &[]).await;
    assert!(sent.location().ends_with("?done=reset"), "{}", sent.outline());
    assert!(
        !ida.follow().await.body.contains("token="),
        "the operator never sees the link"
    );
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Choose a new password");
    let link = mail.links.iter().find(|link| link.contains("token=")).unwrap();
    assert_eq!(
        t.browser().sign_in(ADA, PASSWORD).await.location(),
        "/account",
        "nothing changed yet"
    );
    let mut ada = t.browser();
    ada.open(link).await;
    let done = ada.submit("reset-password-button", &[("password", NEW)]).await;
    assert_eq!(done.location(), "/sign-in?reset=1");
    assert_eq!(t.mail_to(ADA).await.subject, "Your password was changed");
    assert_eq!(t.browser().sign_in(ADA, NEW).await.location(), "/account");
    assert_eq!(t.audited("password.reset_link_sent").await, 1);
    // An inbox is not to be filled.
    let id = id_of(&t, ADA).await;
    let mut last = String::new();
    for _ in 0..4 {
        last = refused(&deed(&ida, "/api/admin-send-reset", id, &[]).await);
    }
    assert_eq!(last, "too-many-attempts");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn a_password_that_is_due_leads_to_a_mail_and_lets_nobody_in() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    page_of(&t, &mut ida, ADA).await;
    let asked = ida.submit("demand-button", &[]).await;
    assert!(
        asked.location().ends_with("?done=demanded"),
        "{}",
        asked.outline()
    );
    let page = ida.follow().await;
    assert!(page.has("due-note") && !page.has("demand-button"));
    assert_eq!(t.mail_to(ADA).await.subject, "Please choose a new password");
    assert!(ada.is_signed_in().await, "where she is, she stays");
    let id = id_of(&t, ADA).await;
    assert_eq!(refused(&deed(&ida, DEMAND, id, &[]).await), "", "safe to repeat");
    assert!(t.mails_to(ADA).await.is_empty());

    let mut door = t.script();
    assert_eq!(door.sign_in(ADA, PASSWORD).await.faults(), ["password-due"]);
    assert!(!door.is_signed_in().await);
    assert_eq!(t.mail_to(ADA).await.subject, "Choose a new password");
    assert_eq!(
        t.script().sign_in(ADA, "not the right password").await.faults(),
        ["sign-in-mismatch"]
    );
    let mut plain = t.browser();
    assert_eq!(plain.sign_in(ADA, PASSWORD).await.location(), "/sign-in");
    assert!(
        plain
            .follow()
            .await
            .body
            .contains("ask you to choose a new password")
    );
    let link = &t.link_for(ADA).await;
    let mut she = t.browser();
    she.open(link).await;
    assert_eq!(
        she.submit("reset-password-button", &[("password", NEW)])
            .await
            .location(),
        "/sign-in?reset=1"
    );
    t.mails_to(ADA).await;
    assert_eq!(t.browser().sign_in(ADA, NEW).await.location(), "/account");
    assert_eq!(
        count!(t, "select count(*) from passwords where due_since is not null"),
        0
    );
}

#[tokio::test]
async fn whoever_guesses_at_a_due_password_waits_as_ever_and_fills_no_inbox() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    deed(&ida, DEMAND, id, &[]).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.extend(t.script().sign_in(ADA, PASSWORD).await.faults());
    }
    assert!(answers.contains(&"too-many-attempts".to_owned()), "{answers:?}");
    assert!(
        t.mails_to(ADA).await.len() <= 4,
        "one that it is due, three links"
    );
}

#[tokio::test]
async fn the_wish_is_taken_back_and_a_change_by_herself_fulfils_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut ada = t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    deed(&ida, DEMAND, id, &[]).await;
    page_of(&t, &mut ida, ADA).await;
    let back = ida.submit("withdraw-button", &[]).await;
    assert!(back.location().ends_with("?done=withdrawn"), "{}", back.outline());
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    deed(&ida, DEMAND, id, &[]).await;
    ada.get("/account/security").await;
    let typed = [("current_password", PASSWORD), ("password", NEW)];
    let changed = ada.submit("change-password-button", &typed).await;
    assert!(
        changed.location().starts_with("/account/security"),
        "{}",
        changed.outline()
    );
    t.mails_to(ADA).await;
    assert_eq!(t.browser().sign_in(ADA, NEW).await.location(), "/account");
    assert_eq!(t.audited("password.demanded").await, 2);
    assert_eq!(t.audited("password.demand_withdrawn").await, 1);
}
