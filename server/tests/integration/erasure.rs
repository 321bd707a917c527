//! Deleting an account: two weeks to undo it, then nothing of the person is left.

pub mod marks;

use chrono::Duration;
use domain::job::Job;
use domain::platform::Platform;
use domain::platform::jobs::run_due;

use crate::house::{Browser, Node, PASSWORD, Page, Smtp, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";

/// Types the address into the form; the answer is not followed.
pub async fn delete(browser: &mut Browser, typed: &str) -> Page {
    browser.get("/account/data").await;
    browser.submit("delete-account-button", &[("email", typed)]).await
}

/// What the leader does every ten minutes, and all that follows from it.
async fn look_after(platform: &Platform) {
    platform
        .db
        .write(async |tx| tx.enqueue(&Job::LookAfterErasures).await)
        .await
        .unwrap();
    run_due(platform).await.unwrap();
}

/// Somebody who has asked for their account to be deleted.
async fn leaver(t: &TestHouse) -> (Browser, String) {
    let mut ada = t.member("Ada", ADA).await;
    assert_eq!(delete(&mut ada, ADA).await.location(), "/sign-in?leaving=1");
    let link = t.link_for(ADA).await;
    (ada, link)
}

#[tokio::test]
async fn deleting_signs_out_everywhere_and_signing_in_leads_only_to_keeping_it() {
    let t = TestHouse::new().await;
    for (mut ada, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        let elsewhere = t.member("Ada Lovelace", email).await;
        ada.sign_in(email, PASSWORD).await;
        let old = ada.clone();
        // Upper case is the same address.
        assert_eq!(
            delete(&mut ada, &email.to_uppercase()).await.location(),
            "/sign-in?leaving=1"
        );
        assert!(ada.follow().await.text("notice").contains("14 days"));
        for browser in [&ada, &old, &elsewhere] {
            assert!(!browser.is_signed_in().await);
        }
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, "Your account will be erased");
        let day = (t.clock.now() + Duration::days(14))
            .format("%-d %B %Y")
            .to_string();
        assert!(mail.text.contains(&day), "{}", mail.text);

        assert_eq!(ada.sign_in(email, PASSWORD).await.location(), "/account");
        assert_eq!(ada.follow().await.location(), "/keep-account");
        let page = ada.follow().await;
        assert_eq!(page.heading(), "Your account will be erased");
        assert!(page.text("erase-at").contains(&day));
        assert!(
            !ada.is_signed_in().await,
            "apps behind the server are told that nobody is"
        );
        for path in ["/account/security", "/account/data", "/sign-in"] {
            assert_eq!(ada.get(path).await.location(), "/keep-account", "{path}");
        }
        ada.get("/keep-account").await;
        assert_eq!(
            ada.submit("keep-button", &[]).await.location(),
            "/account?done=kept"
        );
        assert_eq!(
            ada.follow().await.text("notice"),
            "Your account stays. Nothing was erased."
        );
        assert!(ada.is_signed_in().await);
        assert_eq!(t.mail_to(email).await.subject, "Your account stays");
    }
    assert_eq!(t.audited("erasure.asked").await, 2);
    assert_eq!(t.audited("erasure.undone").await, 2);
}

#[tokio::test]
async fn whoever_waits_to_be_erased_can_still_sign_out() {
    let t = TestHouse::new().await;
    let (mut ada, _) = leaver(&t).await;
    ada.sign_in(ADA, PASSWORD).await;
    ada.get("/keep-account").await;
    assert_eq!(
        ada.submit("sign-out-button", &[]).await.location(),
        "/sign-in?signed-out=1"
    );
    assert_eq!(ada.get("/account").await.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn nothing_is_deleted_without_the_address_and_a_fresh_proof() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    for (typed, fault) in [
        ("", "email: required"),
        ("ada", "email: email-invalid"),
        ("eda@example.com", "email: email-not-yours"),
    ] {
        assert_eq!(delete(&mut ada, typed).await.faults(), [fault]);
    }
    ada.get("/account/data").await;
    t.clock.advance(Duration::minutes(11));
    let answer = ada.submit("delete-account-button", &[("email", ADA)]).await;
    assert_eq!(answer.location(), "/confirm?next=%2Faccount%2Fdata");
    assert!(ada.is_signed_in().await);
    assert_eq!(t.audited("erasure.asked").await, 0);
}

#[tokio::test]
async fn the_link_in_the_mail_keeps_the_account_once_and_only_that_erasure() {
    let t = TestHouse::new().await;
    let (mut ada, link) = leaver(&t).await;
    let mut mailbox = t.browser();
    assert_eq!(mailbox.open(&link).await.heading(), "Your account will be erased");
    assert_eq!(
        count!(t, "select count(*) from users where erase_at is not null"),
        1,
        "looking changes nothing"
    );
    assert_eq!(
        mailbox.submit("keep-button", &[]).await.location(),
        "/keep-account?done=kept"
    );
    assert_eq!(mailbox.follow().await.heading(), "Your account stays");
    assert!(!mailbox.is_signed_in().await, "a link lets nobody in");
    t.mail_to(ADA).await;
    assert_eq!(
        mailbox.open(&link).await.heading(),
        "Your account stays",
        "and says so again"
    );

    t.clock.advance(Duration::hours(1));
    ada.sign_in(ADA, PASSWORD).await;
    delete(&mut ada, ADA).await;
    t.mail_to(ADA).await;
    mailbox.open(&link).await;
    let mut script = t.script();
    let (_, token) = link.split_once("token=").unwrap();
    script.get("/keep-account").await;
    let answer = script.post("/api/keep-account", &[("token", token)]).await;
    assert_eq!(
        answer.faults(),
        ["link-invalid"],
        "the link of the first does not undo the second"
    );
    for token in ["AAAA", "", "%%%"] {
        let mut anybody = t.browser();
        assert_eq!(
            anybody
                .get(&format!("/keep-account?token={token}"))
                .await
                .heading(),
            "There is nothing to keep here"
        );
    }
    assert_eq!(
        script
            .post("/api/keep-account", &[("token", "AAAA")])
            .await
            .faults(),
        ["link-invalid"]
    );
    assert_eq!(
        script.post("/api/keep-account", &[]).await.faults(),
        ["signed-out"]
    );
    assert_eq!(
        count!(t, "select count(*) from users where erase_at is not null"),
        1
    );
}

#[tokio::test]
async fn a_day_before_the_person_is_reminded_and_after_14_days_the_account_is_gone() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_takes_mail_after(std::time::Duration::ZERO).await;
    let mailing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    let (_, link) = leaver(&t).await;
    t.clock.advance(Duration::days(13) - Duration::minutes(1));
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.is_empty(), "not yet");
    t.clock.advance(Duration::minutes(2));
    for _ in 0..2 {
        look_after(&t.platform).await;
    }
    assert_eq!(
        t.mail_to(ADA).await.subject,
        "Last day: your account will be erased"
    );

    t.clock.advance(Duration::hours(23) + Duration::minutes(58));
    look_after(&mailing.platform).await;
    assert_eq!(
        count!(t, "select count(*) from users"),
        1,
        "a minute before it is there"
    );
    t.clock.advance(Duration::minutes(2));
    for _ in 0..2 {
        look_after(&mailing.platform).await;
    }
    assert_eq!(smtp.taken(), 1, "the last mail");
    assert_eq!(count!(t, "select count(*) from users"), 0);
    assert_eq!(t.audited("erasure.done").await, 1);
    assert_eq!(
        t.browser().open(&link).await.heading(),
        "There is nothing to keep here"
    );
    assert_eq!(
        t.script().sign_in(ADA, PASSWORD).await.faults(),
        ["sign-in-mismatch"]
    );
    // The address is free.
    t.member("Ada again", ADA).await;
}

#[tokio::test]
async fn while_mail_is_away_the_last_one_is_waited_for_a_day_and_no_longer() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_says("451 later").await;
    let mailing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    leaver(&t).await;
    t.clock.advance(Duration::days(14));
    look_after(&mailing.platform).await;
    assert_eq!(count!(t, "select count(*) from users"), 1, "it waits");
    let mut script = t.script();
    script.sign_in(ADA, PASSWORD).await;
    script.get("/keep-account").await;
    let answer = script.submit("keep-button", &[]).await;
    assert_eq!(answer.faults(), ["link-invalid"], "what has begun is not undone");
    t.clock.advance(Duration::days(1));
    run_due(&mailing.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from users"), 0);
}

#[tokio::test]
async fn the_last_administrator_stays_while_there_are_other_people() {
    let t = TestHouse::new().await;
    let mut ida = t.admin().await;
    let address = "ida@example.com";
    t.member("Ada", ADA).await;
    assert_eq!(delete(&mut ida, address).await.location(), "/account/data");
    let told = ida.follow().await;
    assert!(
        told.body.contains("You are the only administrator"),
        "{}",
        told.outline()
    );
    assert_eq!(
        count!(t, "select count(*) from users where erase_at is not null"),
        0
    );

    tamper!(
        t,
        "update users set administrator = true, staff = true where email = 'ada@example.com'"
    );
    assert_eq!(delete(&mut ida, address).await.location(), "/sign-in?leaving=1");
    t.mail_to(address).await;
    // And now the other one is the last.
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    tamper!(t, "update users set erase_at = null");
    tamper!(
        t,
        "update users set locked_at = created_at where email = 'ida@example.com'"
    );
    assert_eq!(delete(&mut ada, ADA).await.faults(), ["last-administrator"]);
}

#[tokio::test]
async fn of_two_administrators_who_leave_at_once_one_stays() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ida = t.admin().await;
    let mut ada = t.member("Ada", ADA).await;
    t.member("Eda", "eda@example.com").await;
    tamper!(
        t,
        "update users set administrator = true, staff = true where email = 'ada@example.com'"
    );
    ida.get("/account/data").await;
    ada.get("/account/data").await;
    let (first, second) = tokio::join!(
        ida.submit("delete-account-button", &[("email", "ida@example.com")]),
        ada.submit("delete-account-button", &[("email", ADA)])
    );
    let mut went = [first.location(), second.location()];
    went.sort();
    assert_eq!(went, ["/account/data", "/sign-in?leaving=1"]);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn when_the_last_one_leaves_the_server_can_be_set_up_anew() {
    let t = TestHouse::new().await;
    let mut ida = t.admin().await;
    assert_eq!(
        delete(&mut ida, "ida@example.com").await.location(),
        "/sign-in?leaving=1"
    );
    t.clock.advance(Duration::days(14));
    look_after(&t.platform).await;
    assert_eq!(count!(t, "select count(*) from users"), 0);
    t.admin().await;
}

#[tokio::test]
async fn an_erasure_that_is_killed_anywhere_is_finished() {
    let t = TestHouse::new().await;
    leaver(&t).await;
    t.clock.advance(Duration::days(14));
    let node: &Node = &t;
    // Killed after the start, and killed after the audit was cleaned: each leaves the job leased and the row there.
    t.platform
        .db
        .write(async |tx| tx.enqueue(&Job::LookAfterErasures).await)
        .await
        .unwrap();
    let worker = tokio::spawn({
        let platform = node.platform.clone();
        async move { run_due(&platform).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(t.dice(12))).await;
    worker.abort();
    let _ = worker.await;
    for _ in 0..3 {
        t.clock.advance(Duration::seconds(61));
        look_after(&t.platform).await;
    }
    assert_eq!(count!(t, "select count(*) from users"), 0);
    assert_eq!(t.audited("erasure.done").await, 1);
    let actors = rows!(
        t,
        (uuid::Uuid,),
        "select distinct actor_id from audit_events where actor_id is not null"
    );
    assert_eq!(actors.len(), 1, "one pseudonym");
}
