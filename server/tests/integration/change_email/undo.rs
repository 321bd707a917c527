//! The way back: whoever reads the old address's mail takes the account back, from whoever has it.

use chrono::Duration;
use domain::authentication::change_email::UNDO_LIFE;
use domain::platform::clean_up;

use super::{ADA, NEW, NEW_PASSWORD, WRONG_HANDS, address_of, link_to, moved, undo};
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test]
async fn an_account_that_was_taken_over_is_taken_back_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut owner, old, new) in [
        (t.browser(), ADA, WRONG_HANDS),
        (t.script(), "eda@example.com", "evi@example.com"),
    ] {
        t.member("Ada", old).await;
        // Somebody who knows the password moves the account, and asks for more.
        let mut thief = t.browser();
        thief.sign_in(old, PASSWORD).await;
        let back = moved(&t, &mut thief, old, new).await;
        let mut at_reset = t.script();
        at_reset.get("/forgot-password").await;
        at_reset.submit("forgot-password-button", &[("email", new)]).await;
        let reset = t.link_for(new).await;

        let page = owner.open(&back).await;
        assert!(page.body.contains(old) && !page.body.contains(new));
        assert_eq!(
            owner.submit("undo-email-button", &[]).await.location(),
            "/undo-email?done=1"
        );
        assert_eq!(owner.follow().await.heading(), "The account is back");
        assert!(!thief.is_signed_in().await);
        assert_eq!(at_reset.open(&reset).await.heading(), "This link doesn't work");
        for email in [old, new] {
            let answer = t.script().sign_in(email, PASSWORD).await;
            assert_eq!(
                answer.faults(),
                ["sign-in-mismatch"],
                "the password is known to others"
            );
        }
        let mail = t.mail_to(old).await;
        assert_eq!(mail.subject, "Your account is back");
        assert!(mail.links.iter().any(|link| link.contains("/not-me?token=")));
        let link = mail
            .links
            .iter()
            .find(|link| link.contains("/reset-password?token="))
            .unwrap();
        owner.open(link).await;
        let answer = owner
            .submit("reset-password-button", &[("password", NEW_PASSWORD)])
            .await;
        assert_eq!(answer.location(), "/sign-in?reset=1");
        t.mail_to(old).await;
        owner.sign_in(old, NEW_PASSWORD).await;
        assert_eq!(address_of(&owner).await, old);
    }
    assert_eq!(t.audited("email.change_undone").await, 2);
}

#[tokio::test]
async fn the_way_back_works_once_and_looking_uses_nothing_up() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ada = t.member("Ada", ADA).await;
    let back = moved(&t, &mut ada, ADA, NEW).await;
    let mut scanner = t.browser();
    for _ in 0..3 {
        assert!(scanner.open(&back).await.has("undo-email-button"));
    }
    assert_eq!(address_of(&ada).await, NEW);
    let clicks = t
        .browsers_at(64, &back)
        .await
        .into_iter()
        .map(|mut browser| async move {
            browser.submit("undo-email-button", &[]).await.header("location") == "/undo-email?done=1"
        });
    let done = futures_util::future::join_all(clicks).await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(t.audited("email.change_undone").await, 1);
    assert_eq!(t.mails_to(ADA).await.len(), 1, "one link to choose a password");
    assert_eq!(
        scanner.open(&back).await.heading(),
        "This link did its work already"
    );
}

#[tokio::test]
async fn whoever_undoes_it_in_their_own_browser_is_signed_out_there() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let back = moved(&t, &mut ada, ADA, NEW).await;
    assert_eq!(undo(&mut ada, &back).await.location(), "/undo-email?done=1");
    assert!(ada.get("/account").await.location().starts_with("/sign-in"));
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn the_way_back_is_open_for_72_hours() {
    let t = TestHouse::new().await;
    assert_eq!(UNDO_LIFE, Duration::hours(72));
    let mut ada = t.member("Ada", ADA).await;
    let back = moved(&t, &mut ada, ADA, NEW).await;
    let mut late = t.script();
    t.clock.advance(Duration::hours(72) - Duration::seconds(2));
    clean_up::run(&t.platform).await.unwrap();
    assert!(late.open(&back).await.has("undo-email-button"));
    t.clock.advance(Duration::seconds(1));
    assert_eq!(
        late.submit("undo-email-button", &[]).await.faults(),
        ["link-expired"]
    );
    assert_eq!(late.open(&back).await.heading(), "This link is too old");
    assert_eq!(t.script().sign_in(NEW, PASSWORD).await.location(), "/account");
    t.clock.advance(Duration::days(8));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from email_changes"), 0);
}

#[tokio::test]
async fn of_two_changes_the_first_way_back_leads_all_the_way() {
    let t = TestHouse::new().await;
    let mut thief = t.member("Ada", ADA).await;
    let to_ada = moved(&t, &mut thief, ADA, WRONG_HANDS).await;
    let to_thief = moved(&t, &mut thief, WRONG_HANDS, "mallory@example.com").await;
    let open = link_to(&t, &mut thief, "mallory@example.com", "trudy@example.com").await;
    assert_eq!(
        undo(&mut t.script(), &to_ada).await.location(),
        "/undo-email?done=1"
    );
    t.mails_to(ADA).await;
    // Neither the later way back nor the link of a third change moves it again.
    let mut thief = t.script();
    assert_eq!(
        thief.open(&to_thief).await.heading(),
        "This link did its work already"
    );
    let token = to_thief.split_once("token=").unwrap().1;
    assert_eq!(
        thief.post("/api/undo-email", &[("token", token)]).await.faults(),
        ["link-used"]
    );
    assert_eq!(thief.open(&open).await.heading(), "This link doesn't work");
    let (email,) = crate::house::rows!(t, (String,), "select email from users").remove(0);
    assert_eq!(email, ADA);
}

#[tokio::test]
async fn of_two_changes_the_second_can_be_undone_first() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let to_first = moved(&t, &mut ada, ADA, NEW).await;
    let to_second = moved(&t, &mut ada, NEW, "ada@newer.example").await;
    assert_eq!(
        undo(&mut t.script(), &to_second).await.location(),
        "/undo-email?done=1"
    );
    t.mail_to(NEW).await;
    let email = |t: &TestHouse| {
        let db = t.platform.db.clone();
        async move {
            let (email,) = db
                .read(async |tx| domain::sql!(tx, fetch_one(String,), "select email from users"))
                .await
                .unwrap();
            email
        }
    };
    assert_eq!(email(&t).await, NEW);
    assert_eq!(
        undo(&mut t.script(), &to_first).await.location(),
        "/undo-email?done=1"
    );
    t.mails_to(ADA).await;
    assert_eq!(email(&t).await, ADA);
}

#[tokio::test]
async fn who_moves_back_alone_keeps_the_first_way_back() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let to_ada = moved(&t, &mut ada, ADA, NEW).await;
    // Her own earlier address is held for her alone, so she may have it.
    let to_new = moved(&t, &mut ada, NEW, ADA).await;
    assert_eq!(address_of(&ada).await, ADA);
    assert_eq!(
        undo(&mut t.script(), &to_ada).await.location(),
        "/undo-email?done=1"
    );
    t.mails_to(ADA).await;
    assert_eq!(
        t.script().open(&to_new).await.heading(),
        "This link did its work already"
    );
}
