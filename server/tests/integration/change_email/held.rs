//! While a change can be undone, nobody else gets the old address.

use chrono::Duration;

use super::{ADA, NEW, NEW_PASSWORD, address_of, ask, confirm, link_to, moved, undo};
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn nobody_signs_up_with_a_held_address() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    moved(&t, &mut ada, ADA, NEW).await;
    let mut eve = t.script();
    assert_eq!(
        eve.sign_up("Eve", ADA, NEW_PASSWORD).await.location(),
        "/sign-up/verify"
    );
    let mail = t.mail_to(ADA).await;
    assert_eq!(
        (mail.subject.as_str(), mail.code),
        ("Somebody wanted to use your address", None)
    );
    assert!(mail.links.iter().all(|link| !link.contains("token=")));
    // Asking again brings nothing else.
    eve.get("/sign-up/verify").await;
    assert_eq!(eve.submit("resend-button", &[]).await.status, 200);
    assert_eq!(t.mail_to(ADA).await.code, None);
    assert_eq!(count!(t, "select count(*) from users"), 1);
}

#[tokio::test]
async fn a_sign_up_from_before_does_not_get_it_either() {
    let t = TestHouse::new().await;
    let mut eve = t.browser();
    eve.sign_up("Eve", ADA, NEW_PASSWORD).await;
    let code = t.code_for(ADA).await;
    let mut ada = t.member("Ada", ADA).await;
    let back = moved(&t, &mut ada, ADA, NEW).await;
    eve.type_code(&code).await;
    assert!(eve.follow().await.has("form-error"));
    assert!(!eve.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert_eq!(
        undo(&mut t.script(), &back).await.location(),
        "/undo-email?done=1"
    );
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn nobody_moves_to_a_held_address() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut eve = t.member("Eve", "eve@example.com").await;
    // Eve's link is from before, as if somebody had let her read the mail: it was sent while the address was free.
    let mut gone = t.member("Gone", "gone@example.com").await;
    let to_gone = moved(&t, &mut gone, "gone@example.com", "gone@new.example").await;
    ask(&mut eve, "gone@example.com").await;
    t.mail_to("eve@example.com").await;
    assert!(
        t.mail_to("gone@example.com")
            .await
            .links
            .iter()
            .all(|link| !link.contains("token="))
    );
    assert_eq!(
        undo(&mut t.script(), &to_gone).await.location(),
        "/undo-email?done=1"
    );
    t.mail_to("gone@example.com").await;

    let link = link_to(&t, &mut eve, "eve@example.com", "spare@example.com").await;
    let to_spare = link_to(&t, &mut ada, ADA, "spare@example.com").await;
    assert_eq!(
        confirm(&mut t.script(), &to_spare).await.location(),
        "/confirm-email?done=1"
    );
    t.mails_to("spare@example.com").await;
    t.clock.advance(Duration::seconds(1));
    moved(&t, &mut ada, "spare@example.com", NEW).await;
    assert_eq!(confirm(&mut t.script(), &link).await.faults(), ["email-taken"]);
    assert_eq!(address_of(&eve).await, "eve@example.com");
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn after_72_hours_the_address_is_free() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    moved(&t, &mut ada, ADA, NEW).await;
    t.clock.advance(Duration::hours(72));
    t.member("Somebody else", ADA).await;
    assert_eq!(count!(t, "select count(*) from users"), 2);
}

#[tokio::test]
async fn after_an_undo_the_address_between_is_free() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let back = moved(&t, &mut ada, ADA, NEW).await;
    moved(&t, &mut ada, NEW, "ada@newer.example").await;
    undo(&mut t.script(), &back).await;
    t.mails_to(ADA).await;
    t.clock.advance(Duration::hours(1));
    t.member("New", NEW).await;
    assert_eq!(t.script().sign_in(NEW, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn the_operator_makes_no_account_with_a_held_address() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    moved(&t, &mut ada, ADA, NEW).await;
    let made = t
        .platform
        .db
        .write(async |tx| {
            let new = domain::users::user::NewUser {
                id: None,
                name: "Somebody",
                email: ADA,
                email_key: ADA,
                language: domain::words::Language::English,
                administrator: false,
            };
            domain::users::user::User::create(tx, new).await
        })
        .await
        .unwrap();
    assert!(made.is_none());
    assert_eq!(count!(t, "select count(*) from users"), 1);
}
