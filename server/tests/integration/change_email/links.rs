//! What the link to the new address is good for: once, for a day, for the account that asked.

use chrono::Duration;
use domain::authentication::change_email::LINK_LIFE;
use domain::platform::clean_up;

use super::{ADA, NEW, NEW_PASSWORD, address_of, ask, confirm, link_to, moved};
use crate::house::{PASSWORD, TestHouse, count};

fn token_of(link: &str) -> &str {
    link.split_once("token=").expect("a token").1
}

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_and_it_works_once() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut scanner = t.browser();
    let path = &link[link.find("/confirm-email").unwrap()..];
    assert_eq!(scanner.head(path).await.status, 200);
    for _ in 0..3 {
        assert!(scanner.open(&link).await.has("confirm-email-button"));
    }
    assert_eq!(address_of(&ada).await, ADA);
    let mut other_tab = t.script();
    other_tab.open(&link).await;
    assert_eq!(
        confirm(&mut t.browser(), &link).await.location(),
        "/confirm-email?done=1"
    );
    assert_eq!(
        other_tab.submit("confirm-email-button", &[]).await.faults(),
        ["link-used"]
    );
    assert_eq!(
        other_tab.open(&link).await.heading(),
        "This link did its work already"
    );
    assert_eq!(t.mails_to(ADA).await.len(), 1);
    assert_eq!(t.mails_to(NEW).await.len(), 1);
}

#[tokio::test]
async fn of_64_clicks_at_once_one_succeeds() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let clicks = t
        .browsers_at(64, &link)
        .await
        .into_iter()
        .map(|mut browser| async move {
            browser
                .submit("confirm-email-button", &[])
                .await
                .header("location")
                == "/confirm-email?done=1"
        });
    let done = futures_util::future::join_all(clicks).await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(t.audited("email.changed").await, 1);
    assert_eq!(t.mails_to(ADA).await.len(), 1);
    assert_eq!(t.mails_to(NEW).await.len(), 1);
}

#[tokio::test]
async fn a_link_works_for_a_day_and_is_then_forgotten() {
    let t = TestHouse::new().await;
    assert_eq!(LINK_LIFE, Duration::hours(24));
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut late = t.script();
    t.clock.advance(Duration::hours(24) - Duration::seconds(1));
    assert!(late.open(&link).await.has("confirm-email-button"));
    t.clock.advance(Duration::seconds(1));
    assert_eq!(
        late.submit("confirm-email-button", &[]).await.faults(),
        ["link-expired"]
    );
    assert_eq!(late.open(&link).await.heading(), "This link is too old");
    ada.sign_in(ADA, PASSWORD).await;
    assert!(!ada.get("/account/profile").await.has("email-waiting"));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from email_changes"), 1);
    t.clock.advance(Duration::days(8));
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from email_changes"), 0);
}

#[tokio::test]
async fn a_newer_wish_replaces_the_older_one() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let older = link_to(&t, &mut ada, ADA, "older@new.example").await;
    let newer = link_to(&t, &mut ada, ADA, NEW).await;
    assert_eq!(t.browser().open(&older).await.heading(), "This link doesn't work");
    assert_eq!(
        confirm(&mut t.browser(), &newer).await.location(),
        "/confirm-email?done=1"
    );
    assert_eq!(t.browser().open(&older).await.heading(), "This link doesn't work");
    assert_eq!((t.mails_to(ADA).await.len(), t.mails_to(NEW).await.len()), (1, 1));
}

#[tokio::test]
async fn links_of_other_kinds_and_made_up_ones_change_nothing() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let confirms = link_to(&t, &mut ada, ADA, NEW).await;
    let mut eve = t.member("Eve", "eve@example.com").await;
    let undoes = moved(&t, &mut eve, "eve@example.com", "eve@new.example").await;
    let mut script = t.script();
    for (path, token) in [
        ("/api/undo-email", token_of(&confirms)),
        ("/api/confirm-email", token_of(&undoes)),
        ("/api/reset-password", token_of(&confirms)),
        ("/api/reset-password", token_of(&undoes)),
        ("/api/confirm-email", ""),
        (
            "/api/confirm-email",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        ("/api/undo-email", "%00%ff<script>"),
    ] {
        let fields = [("token", token), ("password", NEW_PASSWORD), ("email", ADA)];
        assert_eq!(
            script.post(path, &fields).await.faults(),
            ["link-invalid"],
            "{path}"
        );
    }
    for path in [
        "/confirm-email",
        "/confirm-email?token=x",
        "/undo-email",
        "/undo-email?token=x",
    ] {
        assert_eq!(
            script.get(path).await.heading(),
            "This link doesn't work",
            "{path}"
        );
    }
    assert_eq!(address_of(&ada).await, ADA);
    assert_eq!(address_of(&eve).await, "eve@new.example");
}

#[tokio::test]
async fn a_link_moves_the_account_that_asked_whoever_opens_it() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut eve = t.member("Eve", "eve@example.com").await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    assert_eq!(confirm(&mut eve, &link).await.location(), "/confirm-email?done=1");
    assert_eq!(address_of(&eve).await, "eve@example.com");
    assert_eq!(address_of(&ada).await, NEW);
    assert_eq!((t.mails_to(ADA).await.len(), t.mails_to(NEW).await.len()), (1, 1));
}

#[tokio::test]
async fn another_password_a_lock_or_a_pause_closes_the_open_change() {
    let t = TestHouse::new().await;
    // A stranger at the open screen asks for their own address, and the owner notices.
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    ada.get("/account/security").await;
    let typed = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    assert_eq!(
        ada.submit("change-password-button", &typed).await.location(),
        "/account/security?done=password"
    );
    t.mail_to(ADA).await;
    assert_eq!(t.browser().open(&link).await.heading(), "This link doesn't work");

    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut owner = t.script();
    owner.get("/forgot-password").await;
    owner.submit("forgot-password-button", &[("email", ADA)]).await;
    owner.open(&t.link_for(ADA).await).await;
    owner
        .submit("reset-password-button", &[("password", PASSWORD)])
        .await;
    t.mail_to(ADA).await;
    assert_eq!(t.browser().open(&link).await.heading(), "This link doesn't work");

    ada.sign_in(ADA, PASSWORD).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut early = t.script();
    early.open(&link).await;
    t.operator(&["user", "lock", ADA], "").await;
    assert_eq!(
        early.submit("confirm-email-button", &[]).await.faults(),
        ["link-invalid"]
    );
    t.operator(&["user", "unlock", ADA], "").await;
    assert_eq!(
        early.open(&link).await.heading(),
        "This link doesn't work",
        "it does not come back"
    );
    assert_eq!(t.audited("email.changed").await, 0);
}

#[tokio::test]
async fn what_was_mailed_to_the_old_address_sets_no_password_any_more() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut reader = t.script();
    reader.get("/forgot-password").await;
    reader.submit("forgot-password-button", &[("email", ADA)]).await;
    let reset = t.link_for(ADA).await;
    confirm(&mut t.browser(), &link).await;
    assert_eq!(reader.open(&reset).await.heading(), "This link doesn't work");
    assert_eq!((t.mails_to(ADA).await.len(), t.mails_to(NEW).await.len()), (1, 1));
}

#[tokio::test]
async fn an_address_that_got_an_account_meanwhile_is_not_taken_from_it() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let link = link_to(&t, &mut ada, ADA, NEW).await;
    let mut early = t.script();
    early.open(&link).await;
    let other = t.member("Other", NEW).await;
    assert_eq!(
        early.submit("confirm-email-button", &[]).await.faults(),
        ["email-taken"]
    );
    assert_eq!(
        (address_of(&ada).await, address_of(&other).await),
        (ADA.into(), NEW.into())
    );
    // The wish stands: of two accounts that want one address, the first to confirm has it.
    let mut bob = t.member("Bob", "bob@example.com").await;
    let mut links = Vec::new();
    for (browser, old) in [(&mut ada, ADA), (&mut bob, "bob@example.com")] {
        assert_eq!(
            ask(browser, "both@new.example").await.location(),
            "/account/profile?done=email"
        );
        t.mail_to(old).await;
        links.push(t.link_for("both@new.example").await);
    }
    assert_eq!(
        confirm(&mut t.script(), &links[1]).await.location(),
        "/confirm-email?done=1"
    );
    assert_eq!(
        confirm(&mut t.script(), &links[0]).await.faults(),
        ["email-taken"]
    );
    assert_eq!(address_of(&ada).await, ADA);
    t.mails_to("bob@example.com").await;
}
