//! Another mail address: asked for, confirmed, and undone.

mod held;
mod links;
mod undo;

use chrono::Duration;

use crate::house::{Browser, PASSWORD, Page, TestHouse, count};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada@new.example";
const WRONG_HANDS: &str = "eve@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";

/// Asks for another address; the answer is not followed.
async fn ask(browser: &mut Browser, email: &str) -> Page {
    browser.get("/account/email").await;
    browser.submit("change-email-button", &[("email", email)]).await
}

/// Asks for another address, and takes the link from the mail there; the notice to `old` is read away.
async fn link_to(t: &TestHouse, browser: &mut Browser, old: &str, new: &str) -> String {
    let answer = ask(browser, new).await;
    assert_eq!(answer.location(), "/account/profile?done=email");
    t.mail_to(old).await;
    // One that the account had until lately is told of the wish, too.
    let mails = t.mails_to(new).await;
    let mut links = mails.iter().flat_map(|mail| &mail.links);
    let link = links.find(|link| link.contains("/confirm-email?token="));
    link.expect("a link").clone()
}

/// Presses the button of a link to a new address; the answer is not followed.
async fn confirm(browser: &mut Browser, link: &str) -> Page {
    browser.open(link).await;
    browser.submit("confirm-email-button", &[]).await
}

/// Moves the account, and returns the way back from the mail to `old`.
async fn moved(t: &TestHouse, browser: &mut Browser, old: &str, new: &str) -> String {
    let link = link_to(t, browser, old, new).await;
    let answer = confirm(&mut t.browser(), &link).await;
    assert_eq!(answer.location(), "/confirm-email?done=1");
    t.mail_to(new).await;
    // Two changes are never at one and the same moment: a mail lies between them.
    t.clock.advance(Duration::seconds(1));
    t.link_for(old).await
}

/// Presses the button of the way back; the answer is not followed.
async fn undo(browser: &mut Browser, link: &str) -> Page {
    browser.open(link).await;
    browser.submit("undo-email-button", &[]).await
}

/// The address that the session API has for this browser.
async fn address_of(browser: &Browser) -> String {
    let json = browser.clone().fetch("/api/v1/session").await.json();
    json["person"]["email"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_account_gets_another_address_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, old, new) in [
        (t.browser(), ADA, NEW),
        (t.script(), "eda@example.com", "eda@new.example"),
    ] {
        let elsewhere = t.member("Ada", old).await;
        browser.sign_in(old, PASSWORD).await;
        assert_eq!(
            ask(&mut browser, new).await.location(),
            "/account/profile?done=email"
        );
        let profile = browser.follow().await;
        assert!(profile.has("notice"));
        assert!(profile.text("email-waiting").starts_with(new), "it waits");
        assert_eq!(profile.text("profile-email"), old, "and nothing has changed");

        let told = t.mail_to(old).await;
        assert_eq!(told.subject, "Your account may get another address");
        assert!(told.links.iter().any(|link| link.contains("/not-me?token=")));
        assert!(
            !told.text.contains(new),
            "a mailbox that is given up need not know where to"
        );
        let mail = t.mail_to(new).await;
        assert_eq!(mail.subject, "Confirm your new address");
        let link = mail
            .links
            .iter()
            .find(|link| link.contains("/confirm-email?token="))
            .unwrap();

        // In another browser, by somebody who is not signed in.
        let mut phone = t.browser();
        let page = phone.open(link).await;
        assert!(
            page.body.contains(new) && !page.body.contains(old),
            "the old address is veiled"
        );
        let answer = phone.submit("confirm-email-button", &[]).await;
        assert_eq!(answer.location(), "/confirm-email?done=1");
        assert_eq!(phone.follow().await.heading(), "The account has its new address");
        assert!(!phone.is_signed_in().await, "a link lets nobody in");

        let back = t.mail_to(old).await;
        assert_eq!(back.subject, "Your account has another address now");
        assert!(back.text.contains("3 days"), "{}", back.text);
        assert!(back.links.iter().any(|link| link.contains("/undo-email?token=")));
        let arrived = t.mail_to(new).await;
        assert_eq!(arrived.subject, "Your account has this address now");
        assert!(arrived.links.iter().any(|link| link.contains("/not-me?token=")));
        for signed_in in [&browser, &elsewhere] {
            assert_eq!(address_of(signed_in).await, new, "every device shows it at once");
        }
        assert!(!browser.get("/account/profile").await.has("email-waiting"));
        assert_eq!(
            t.script().sign_in(old, PASSWORD).await.faults(),
            ["sign-in-mismatch"]
        );
        assert_eq!(t.browser().sign_in(new, PASSWORD).await.location(), "/account");
    }
    assert_eq!(t.audited("email.change_requested").await, 2);
    assert_eq!(t.audited("email.changed").await, 2);
}

#[tokio::test]
async fn what_is_no_new_address_is_refused() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let mut ada = t.script();
    ada.sign_in(ADA, PASSWORD).await;
    for (typed, fault) in [
        ("", "email: required"),
        ("ada", "email: email-invalid"),
        ("ada@new.example,eve@example.com", "email: email-invalid"),
        ("ada@new.example\r\nBcc: eve@example.com", "email: email-invalid"),
        ("\"e@attacker.example\"@example.com", "email: email-invalid"),
    ] {
        assert_eq!(ask(&mut ada, typed).await.faults(), [fault], "{typed:?}");
    }
    for typed in [ADA, " ADA@Example.COM "] {
        assert_eq!(
            ask(&mut ada, typed).await.faults(),
            ["email: email-same"],
            "{typed:?}"
        );
    }
    let mut plain = t.browser();
    plain.sign_in(ADA, PASSWORD).await;
    ask(&mut plain, "ada@new").await;
    let page = plain.follow().await;
    assert!(page.has("email-error"));
    assert_eq!(page.value("email"), "ada@new");
    assert_eq!(count!(t, "select count(*) from email_changes"), 0);
    assert_eq!(t.audited("email.change_requested").await, 0);
}

#[tokio::test]
async fn only_who_proved_it_lately_may_ask() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let mut script = t.script();
    script.sign_in(ADA, PASSWORD).await;
    ada.get("/account/email").await;
    script.get("/account/email").await;
    t.clock.advance(Duration::minutes(11));
    for browser in [&mut ada, &mut script] {
        let answer = browser.submit("change-email-button", &[("email", NEW)]).await;
        assert_eq!(answer.location(), "/confirm?next=%2Faccount%2Femail");
        assert_eq!(
            browser.get("/account/email").await.location(),
            "/confirm?next=%2Faccount%2Femail"
        );
    }
    let fields = [("email", NEW)];
    assert_eq!(
        t.script().post("/api/change-email", &fields).await.faults(),
        ["signed-out"]
    );
    assert_eq!(
        t.browser().get("/account/email").await.location(),
        "/sign-in?next=%2Faccount%2Femail"
    );
    assert_eq!(count!(t, "select count(*) from email_changes"), 0);
}

#[tokio::test]
async fn free_taken_and_held_addresses_are_the_same_byte_for_byte() {
    let t = TestHouse::new().await;
    t.member("Known", "known@example.com").await;
    let mut gone = t.member("Gone", "heldd@example.com").await;
    moved(&t, &mut gone, "heldd@example.com", "gone@new.example").await;
    for (scripted, email) in [(false, ADA), (true, "eda@example.com")] {
        t.member("Ada", email).await;
        let mut ada = if scripted { t.script() } else { t.browser() };
        ada.sign_in(email, PASSWORD).await;
        let mut seen: Vec<Vec<String>> = Vec::new();
        let free = if scripted {
            "freee@example.com"
        } else {
            "other@example.com"
        };
        for (asked, subject) in [
            (free, "Confirm your new address"),
            ("known@example.com", "Somebody wanted to use your address"),
            ("heldd@example.com", "Somebody wanted to use your address"),
        ] {
            let jobs = count!(t, "select count(*) from jobs");
            let pages = [
                ask(&mut ada, asked).await,
                ada.get("/account/profile?done=email").await,
            ];
            assert_eq!(
                count!(t, "select count(*) from jobs") - jobs,
                2,
                "the same is written for {asked}"
            );
            seen.push(pages.iter().map(|page| page.without(&[asked])).collect());
            let mail = t.mail_to(asked).await;
            assert_eq!(mail.subject, subject);
            let has_link = mail.links.iter().any(|link| link.contains("token="));
            assert_eq!(has_link, asked == free, "{asked}");
            t.mail_to(email).await;
        }
        assert_eq!(seen[0], seen[1], "scripted: {scripted}");
        assert_eq!(seen[0], seen[2], "scripted: {scripted}");
        // And so is the refusal of a fourth one.
        let fourth = ask(&mut ada, "known@example.com").await;
        assert_eq!(
            if scripted {
                fourth.status
            } else {
                ada.follow().await.status
            },
            if scripted { 429 } else { 200 }
        );
    }
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_and_nobody_asks_without_end() {
    let t = TestHouse::new().await;
    t.member("Known", "known@example.com").await;
    let mut sent = 0;
    for number in 0..3 {
        let email = format!("ada{number}@example.com");
        t.member("Ada", &email).await;
        let mut ada = t.script();
        ada.sign_in(&email, PASSWORD).await;
        for _ in 0..3 {
            assert_eq!(ask(&mut ada, "known@example.com").await.status, 200);
        }
        assert_eq!(
            ask(&mut ada, "known@example.com").await.faults(),
            ["too-many-attempts"]
        );
        sent += t.mails_to("known@example.com").await.len();
    }
    assert_eq!(sent, 4, "five in an hour, with the one of the sign-up");
    assert_eq!(
        count!(t, "select count(*) from email_changes"),
        3,
        "one waits for each account"
    );
}
