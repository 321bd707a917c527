//! The link in the mail: what it is worth, where and for how long.

use chrono::Duration;
use domain::authentication::sign_up::LINK_LIFE;

use super::ADA;
use crate::house::{PASSWORD, TestHouse, count, rows};

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let link = t.link_for(ADA).await;
    let path = &link[link.find("/sign-up").unwrap()..];

    let mut scanner = t.browser();
    assert_eq!(scanner.head(path).await.status, 200);
    for _ in 0..5 {
        assert!(scanner.get(path).await.has("verify-button"));
    }
    assert_eq!(count!(t, "select count(*) from users"), 0);

    assert!(ada.open(&link).await.has("verify-button"));
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn a_link_works_for_a_day() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob) = (t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let (link_of_ada, link_of_bob) = (t.link_for(ADA).await, t.link_for("bob@example.com").await);
    assert_eq!(LINK_LIFE, Duration::hours(24));
    t.clock.advance(Duration::hours(24) - Duration::seconds(1));
    ada.open(&link_of_ada).await;
    bob.open(&link_of_bob).await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    t.clock.advance(Duration::seconds(2));
    assert_eq!(bob.submit("verify-button", &[]).await.faults(), ["link-expired"]);
    assert_eq!(bob.open(&link_of_bob).await.heading(), "This link is too old");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn a_new_message_replaces_the_link_and_the_code() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let old = t.mail_to(ADA).await;
    let old_link = old.links.iter().find(|link| link.contains("token=")).unwrap();
    ada.get("/sign-up/verify").await;
    let answer = ada.submit("resend-button", &[]).await;
    assert!(ada.get(&answer.location()).await.has("notice"));
    let new = t.mail_to(ADA).await;
    let new_link = new.links.iter().find(|link| link.contains("token=")).unwrap();

    assert_eq!(ada.open(old_link).await.heading(), "This link doesn't work");
    assert_eq!(
        ada.type_code(&old.code.unwrap()).await.faults(),
        ["code: code-invalid"]
    );
    assert!(ada.open(new_link).await.has("verify-button"));
    assert_eq!(ada.type_code(&new.code.unwrap()).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn the_message_is_sent_again_three_times_in_ten_minutes() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    ada.get("/sign-up/verify").await;
    for _ in 0..3 {
        assert_eq!(ada.submit("resend-button", &[]).await.status, 200);
    }
    let answer = ada.moved().submit("resend-button", &[]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "600"));
    assert_eq!(t.mails_to(ADA).await.len(), 4);
    t.clock.advance(Duration::minutes(10));
    assert_eq!(ada.submit("resend-button", &[]).await.status, 200);
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn in_another_browser_the_link_alone_lets_nobody_in() {
    let t = TestHouse::new().await;
    // Somebody signs up with a mail address that is Ada's, under a password of their own, and waits for Ada to click.
    let mut eve = t.script();
    let password_of_eve = "the password that eve would like";
    eve.sign_up("Ada", ADA, password_of_eve).await;
    let link = t.link_for(ADA).await;

    let mut ada = t.script();
    assert!(ada.open(&link).await.has("password-input"));
    let token = link.split_once("token=").unwrap().1;
    assert_eq!(
        ada.post("/api/sign-up-verify", &[("token", token)])
            .await
            .faults(),
        ["password: required"]
    );
    let answer = ada.submit("verify-button", &[("password", "short")]).await;
    assert_eq!(answer.faults(), ["password: password-too-short"]);
    assert_eq!(count!(t, "select count(*) from users"), 0);

    let password_of_ada = "the password that ada did choose";
    assert_eq!(
        ada.submit("verify-button", &[("password", password_of_ada)])
            .await
            .location(),
        "/account"
    );
    t.mail_to(ADA).await;
    assert!(!eve.is_signed_in().await);
    assert_eq!(eve.open(&link).await.heading(), "This link did its work already");
    assert_eq!(
        eve.sign_in(ADA, password_of_eve).await.faults(),
        ["sign-in-mismatch"]
    );
    assert_eq!(
        t.script().sign_in(ADA, password_of_ada).await.location(),
        "/account"
    );
}

#[tokio::test]
async fn two_sign_ups_for_one_address_hinder_nobody() {
    let t = TestHouse::new().await;
    let (mut first, mut second) = (t.script(), t.script());
    first.sign_up("Ada One", ADA, PASSWORD).await;
    let first_link = t.link_for(ADA).await;
    second.sign_up("Ada Two", ADA, PASSWORD).await;
    let second_link = t.link_for(ADA).await;

    assert!(first.open(&first_link).await.has("verify-button"));
    assert!(second.open(&second_link).await.has("verify-button"));
    assert_eq!(second.submit("verify-button", &[]).await.location(), "/account");
    let answer = first.submit("verify-button", &[]).await;
    assert_eq!(
        (answer.status, answer.faults()),
        (422, vec!["link-used".to_owned()])
    );
    assert!(!first.is_signed_in().await);
    let people = rows!(t, (String,), "select name from users");
    assert_eq!(people, [("Ada Two".to_owned(),)]);
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn a_used_link_and_a_used_code_say_so() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    let link = mail.links.iter().find(|link| link.contains("token=")).unwrap();
    let (mut other_tab, mut third_tab) = (ada.clone(), ada.clone());
    other_tab.open(link).await;
    third_tab.get("/sign-up/verify").await;
    let code = mail.code.unwrap();
    assert_eq!(ada.type_code(&code).await.location(), "/account");
    t.clock.advance(Duration::minutes(1));

    assert_eq!(
        other_tab.submit("verify-button", &[]).await.faults(),
        ["link-used"]
    );
    assert_eq!(
        third_tab
            .submit("verify-button", &[("code", &code)])
            .await
            .faults(),
        ["link-used"]
    );
    let page = t.browser().open(link).await;
    assert_eq!(
        (page.status, page.heading().as_str()),
        (200, "This link did its work already")
    );
    t.mail_to(ADA).await;
}
