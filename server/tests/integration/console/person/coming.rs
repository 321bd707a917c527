//! Making an account for somebody, and roles.

use super::{ADA, boss, deed, id_of, page_of, refused};
use crate::console::staff;
use crate::house::{PASSWORD, TestHouse, count};

const CREATE: &str = "/api/admin-create-person";

#[tokio::test]
async fn an_account_is_made_and_its_holder_chooses_the_password_by_a_link() {
    let t = TestHouse::new().await;
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    sam.get("/admin/users/new").await;
    let made = sam
        .submit("create-button", &[("name", "Ada Lovelace"), ("email", ADA)])
        .await;
    let id = id_of(&t, ADA).await;
    assert_eq!(made.location(), format!("/admin/users/{id}?done=made"));
    let page = sam.follow().await;
    assert!(page.has("unproven-note") && !page.has("send-reset-button"));
    assert_eq!(page.text("person-state"), "Has not come yet");
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "You have an account at localhost:3000");
    assert!(mail.text.contains("7 days"), "{}", mail.text);
    let old = mail
        .links
        .iter()
        .find(|link| link.contains("token="))
        .unwrap()
        .clone();
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    let again = sam.submit("send-again-button", &[]).await;
    assert!(again.location().ends_with("?done=again"), "{}", again.outline());
    let link = t.link_for(ADA).await;
    assert!(
        !t.browser().open(&old).await.has("password-input"),
        "the one of before is dead"
    );
    t.clock.advance(chrono::Duration::days(6));
    let mut ada = t.browser();
    ada.open(&link).await;
    let done = ada
        .submit("reset-password-button", &[("password", PASSWORD)])
        .await;
    assert_eq!(done.location(), "/sign-in?reset=1", "{}", done.outline());
    assert_eq!(t.mail_to(ADA).await.subject, "Your account is ready");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    assert_eq!(
        count!(t, "select count(*) from users where unproven_since is not null"),
        0
    );
    assert_eq!(t.audited("user.made_by_operator").await, 1);
}

#[tokio::test]
async fn what_is_typed_is_looked_at_and_a_taken_address_is_told() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let create = async |name: &str, email: &str, language: &str| {
        let fields = [("name", name), ("email", email), ("language", language)];
        refused(&ida.scripted().moved().post(CREATE, &fields).await)
    };
    assert_eq!(create("Ada", "ADA@example.com", "en").await, "email:email-taken");
    assert_eq!(
        create("", "nobody", "tlh").await,
        "name:required email:email-invalid language:language-unknown"
    );
    assert!(t.mails_to(ADA).await.is_empty());
    // Whoever came already is not sent the first link again.
    let id = id_of(&t, ADA).await;
    assert_eq!(
        refused(&deed(&ida, "/api/admin-send-again", id, &[]).await),
        "changed-meanwhile"
    );
    let tries = (0..64).map(|_| {
        let ida = ida.clone();
        async move {
            let fields = [("name", "Bob"), ("email", "bob@example.com"), ("language", "en")];
            ida.scripted().moved().post(CREATE, &fields).await.status
        }
    });
    let made = futures_util::future::join_all(tries).await;
    assert_eq!(
        made.iter().filter(|status| **status == 200).count(),
        1,
        "{made:?}"
    );
    t.mail_to("bob@example.com").await;
}

#[tokio::test]
async fn roles_are_given_and_taken_on_their_page_and_the_person_is_told() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let id = id_of(&t, ADA).await;
    let page = ida.get(&format!("/admin/users/{id}/roles")).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    let given = deed(&ida, "/api/admin-give-role", id, &[("role", "support")]).await;
    assert_eq!(refused(&given), "");
    assert_eq!(t.mail_to(ADA).await.subject, "You have a new role");
    let page = page_of(&t, &mut ida, ADA).await;
    assert!(page.text("person-roles").contains("Support"));
    let taken = deed(&ida, "/api/admin-take-role", id, &[("role", "support")]).await;
    assert_eq!(refused(&taken), "");
    assert_eq!(t.mail_to(ADA).await.subject, "You have one role less");
    for (role, code) in [("", "role-unknown"), ("emperor", "role-unknown")] {
        let page = deed(&ida, "/api/admin-give-role", id, &[("role", role)]).await;
        assert_eq!(refused(&page), code);
    }
}
