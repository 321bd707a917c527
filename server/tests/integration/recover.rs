//! `/recover`: the delayed way back for somebody who lost every factor (ASVS 6.4.4; NIST SP 800-63B-4 §4.2).

mod finish;
mod operator;
mod passkey;
mod stopped;

use chrono::Duration;
use domain::job::Job;
use domain::notification::dev_inbox::CaughtMessage;
use domain::platform::Platform;
use domain::platform::jobs::run_due;

use crate::factors::{at_challenge, with_app};
use crate::house::{Browser, Page, TestHouse, count, rows, tamper};

pub const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const WAIT: Duration = Duration::hours(72);
pub const ASKED: &str = "Somebody wants to get into your account";
const READY: &str = "The wait is over: choose a new password";
const STOPPED: &str = "The way back was stopped";
const RECOVERED: &str = "You have your account back";

/// Asks for the way back; the answer is not followed.
pub async fn ask(browser: &mut Browser, email: &str) -> Page {
    browser.get("/recover").await;
    browser.submit("recover-button", &[("email", email)]).await
}

/// What the leader does every five minutes, and all that follows from it.
pub async fn look_after(platform: &Platform) {
    platform
        .db
        .write(async |tx| tx.enqueue(&Job::LookAfterRecoveries).await)
        .await
        .unwrap();
    run_due(platform).await.unwrap();
}

/// The link in a message that opens this page.
pub fn link_in(mail: &CaughtMessage, page: &str) -> String {
    let link = mail.links.iter().find(|link| link.contains(page));
    link.unwrap_or_else(|| panic!("no {page} in {:?}", mail.links))
        .clone()
}

/// Asks from a browser that nobody knows, and returns the link that stops it.
pub async fn asked_for(t: &TestHouse, email: &str) -> String {
    assert_eq!(ask(&mut t.browser(), email).await.location(), "/recover?sent=1");
    let mail = t.mail_to(email).await;
    assert_eq!(mail.subject, ASKED);
    link_in(&mail, "/recover/cancel?token=")
}

/// Waits until the link is due, and returns it.
pub async fn waited(t: &TestHouse, email: &str) -> String {
    t.clock.advance(WAIT);
    look_after(&t.platform).await;
    let mail = t.mail_to(email).await;
    assert_eq!(mail.subject, READY);
    link_in(&mail, "/recover/finish?token=")
}

/// Types a new password on the page of a link; the answer is not followed.
pub async fn finish_with(browser: &mut Browser, link: &str) -> Page {
    browser.open(link).await;
    browser
        .submit("recover-finish-button", &[("password", NEW_PASSWORD)])
        .await
}

#[tokio::test]
async fn asvs_6_4_4_whoever_lost_everything_gets_back_in_after_the_wait_and_no_sooner() {
    let t = TestHouse::new().await;
    for (mut lost, email) in [(t.browser(), ADA), (t.script(), "eda@example.com")] {
        let (ada, _, codes) = with_app(&t, "Ada", email).await;
        // From the page that asks for what is lost; the address stands there.
        at_challenge(&mut lost, email).await;
        assert!(lost.shown().has("recover-link"));
        let page = lost.get("/recover").await;
        assert_eq!(page.value("email"), email);
        assert!(page.text("recover-when").contains("5 March 2026") || email != ADA);
        let answer = lost.submit("recover-button", &[]).await;
        assert_eq!(answer.location(), "/recover?sent=1");
        let page = lost.follow().await;
        assert!(page.text("check-mail").contains(email));
        assert!(page.has("recover-when"));

        // Told at once, in plain words, with the moment.
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, ASKED);
        let day = (t.clock.now() + WAIT).format("%-d %B %Y").to_string();
        assert!(mail.text.contains(&day), "{}", mail.text);
        assert!(!mail.text.contains("/recover/finish"), "no link before its time");

        t.clock.advance(WAIT - Duration::seconds(1));
        look_after(&t.platform).await;
        assert!(t.mails_to(email).await.is_empty(), "a second too early");
        t.clock.advance(Duration::seconds(1));
        look_after(&t.platform).await;
        let mail = t.mail_to(email).await;
        let link = link_in(&mail, "/recover/finish?token=");
        look_after(&t.platform).await;
        assert!(t.mails_to(email).await.is_empty(), "mailed once");

        let mut anywhere = t.browser();
        let page = anywhere.open(&link).await;
        assert_eq!(page.heading(), "Choose a new way in");
        let short = [("password", "short")];
        anywhere.submit("recover-finish-button", &short).await;
        assert!(
            anywhere.follow().await.has("password-error"),
            "refused, and not used up"
        );
        let answer = finish_with(&mut anywhere, &link).await;
        assert_eq!(answer.location(), "/sign-in?recovered=1");
        assert!(
            anywhere
                .follow()
                .await
                .text("notice")
                .contains("your account back")
        );
        assert!(!anywhere.is_signed_in().await, "it lets nobody in");

        // Nothing of before is left.
        assert!(!ada.is_signed_in().await);
        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, RECOVERED);
        assert!(mail.links.iter().any(|link| link.contains("/not-me?token=")));
        let left = rows!(
            t,
            (i64,),
            "select (select count(*) from totps where user_id = u.id) + (select count(*) from recovery_codes where user_id = u.id)
                + (select count(*) from trusted_devices where user_id = u.id) + (select count(*) from sessions where user_id = u.id)
                + (select count(*) from known_devices where user_id = u.id)
             from users u where email = $1",
            email
        );
        assert_eq!(left, [(0,)]);
        assert_eq!(codes.len(), 10);
        let mut back = t.browser();
        assert_eq!(back.sign_in(email, NEW_PASSWORD).await.location(), "/account");
    }
    assert_eq!(t.audited("recovery.asked").await, 2);
    assert_eq!(t.audited("recovery.link_mailed").await, 2);
    assert_eq!(t.audited("recovery.completed").await, 2);
    assert_eq!(
        t.audited("recovery.cancelled").await,
        0,
        "there was nothing left to stop"
    );
}

#[tokio::test]
async fn asvs_6_3_8_the_answer_is_the_same_for_known_unknown_and_locked_addresses() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Eda", "eda@example.com").await;
    t.operator(&["user", "lock", "eda@example.com"], "").await;
    let mut answers = Vec::new();
    for email in [ADA, "bob@example.com", "eda@example.com"] {
        let mut browser = t.browser();
        let answer = ask(&mut browser, email).await.without(&[email]);
        let page = browser.follow().await.without(&[email]);
        answers.push((answer, page));
    }
    assert!(answers[0] == answers[1], "known and unknown");
    assert!(answers[0] == answers[2], "known and locked");
    assert_eq!(t.mail_to(ADA).await.subject, ASKED);
    for nobody in ["bob@example.com", "eda@example.com"] {
        assert!(t.mails_to(nobody).await.is_empty());
    }
    assert_eq!(count!(t, "select count(*) from recoveries"), 1);
    assert_eq!(t.audited("recovery.asked").await, 3, "written down all the same");
    let refused = t.script().post("/api/recover", &[("email", "ada@example")]).await;
    assert_eq!(refused.faults(), ["email: email-invalid"]);
}

#[tokio::test]
async fn every_proven_address_is_told_and_the_link_goes_to_the_newest_only() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/email").await;
    ada.submit("change-email-button", &[("email", "ada@new.example")])
        .await;
    let confirm = t.link_for("ada@new.example").await;
    ada.open(&confirm).await;
    ada.submit("confirm-email-button", &[]).await;
    t.mails_to(ADA).await;
    t.mails_to("ada@new.example").await;

    ask(&mut t.browser(), "ada@new.example").await;
    for address in [ADA, "ada@new.example"] {
        let mail = t.mail_to(address).await;
        assert_eq!(mail.subject, ASKED, "{address}");
        link_in(&mail, "/recover/cancel?token=");
    }
    t.clock.advance(WAIT - Duration::minutes(1));
    t.clock.advance(Duration::minutes(1));
    look_after(&t.platform).await;
    assert_eq!(t.mail_to("ada@new.example").await.subject, READY);
    assert!(t.mails_to(ADA).await.is_empty());
}

#[tokio::test]
async fn asking_again_tells_again_and_changes_no_time() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    t.clock.advance(Duration::hours(71));
    asked_for(&t, ADA).await;
    assert_eq!(count!(t, "select count(*) from recoveries"), 1);
    t.clock.advance(Duration::hours(1));
    look_after(&t.platform).await;
    let first = link_in(&t.mail_to(ADA).await, "/recover/finish?token=");

    // The message is lost: another one comes at once, and the link of before is worth nothing.
    t.clock.advance(Duration::hours(23));
    ask(&mut t.browser(), ADA).await;
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, READY);
    let second = link_in(&mail, "/recover/finish?token=");
    let mut browser = t.browser();
    assert_eq!(browser.open(&first).await.heading(), "This link doesn't work");
    assert!(browser.open(&second).await.has("recover-finish-button"));
    t.clock.advance(Duration::hours(1));
    assert_eq!(
        browser.open(&second).await.heading(),
        "This link is too old",
        "it works no longer than the first one did"
    );
}

#[tokio::test]
async fn asvs_6_3_1_requests_are_limited_by_account_and_by_address() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut refused = 0;
    for _ in 0..5 {
        let answer = t.script().post("/api/recover", &[("email", ADA)]).await;
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, 2, "three in ten minutes for one account");
    let (mut one, mut refused) = (t.script(), 0);
    for n in 0..7 {
        let email = format!("somebody{n}@example.com");
        let answer = one.post("/api/recover", &[("email", &email)]).await;
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, 2, "five in a minute from one address");
    assert_eq!(t.mails_to(ADA).await.len(), 3);
    assert_eq!(count!(t, "select count(*) from recoveries"), 1);
}

#[tokio::test]
async fn a_restart_loses_no_link_and_two_servers_mail_one() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    asked_for(&t, ADA).await;
    // What is due stands in the row: the job that was put off until then may be lost.
    let put_off = tamper!(
        t,
        "delete from jobs where kind = 'look-after-recoveries' and state <> 'done'"
    );
    assert_eq!(put_off, 1);
    let second = t.second_node().await;
    t.clock.advance(WAIT + Duration::hours(5));
    tokio::join!(look_after(&t.platform), look_after(&second.platform));
    assert_eq!(t.mail_to(ADA).await.subject, READY);
    assert_eq!(t.audited("recovery.link_mailed").await, 1);
}

#[tokio::test]
async fn the_wait_is_a_setting_and_the_page_tells_it() {
    let t = TestHouse::with(&[("RECOVERY_WAIT_HOURS", "168")]).await;
    t.member("Ada", ADA).await;
    let page = t.browser().get("/recover").await;
    assert!(page.body.contains("You wait 7 days"), "{}", page.outline());
    asked_for(&t, ADA).await;
    t.clock.advance(WAIT);
    look_after(&t.platform).await;
    assert!(t.mails_to(ADA).await.is_empty());
    for hours in ["0", "23", "721", "soon"] {
        let ended = t.tries(&["version"], &[], "").await;
        assert_eq!(ended.code, Some(0));
        let ended = t
            .tries(&["user", "list"], &[("RECOVERY_WAIT_HOURS", hours)], "")
            .await;
        assert_ne!(ended.code, Some(0), "{hours}");
        assert!(ended.err.contains("recovery_wait_hours") || ended.err.contains("RECOVERY_WAIT_HOURS"));
    }
}

/// The worker alone, without the round of every five minutes: what the queue has for this moment.
#[tokio::test]
async fn the_link_goes_out_when_the_wait_is_over_to_the_second_and_none_of_one_that_ended() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    t.member("Eda", "eda@example.com").await;
    asked_for(&t, ADA).await;
    let cancel = asked_for(&t, "eda@example.com").await;
    let mut stopped = t.browser();
    stopped.open(&cancel).await;
    stopped.submit("recover-cancel-button", &[]).await;
    t.mails_to("eda@example.com").await;
    // Asking again is no second wait.
    ask(&mut t.browser(), ADA).await;
    t.mails_to(ADA).await;
    t.clock.advance(WAIT - Duration::seconds(1));
    run_due(&t.platform).await.unwrap();
    assert!(t.mails_to(ADA).await.is_empty());
    t.clock.advance(Duration::seconds(1));
    run_due(&t.platform).await.unwrap();
    assert_eq!(t.mail_to(ADA).await.subject, READY);
    assert!(t.mails_to("eda@example.com").await.is_empty());
    assert_eq!(t.audited("recovery.link_mailed").await, 1);
}
