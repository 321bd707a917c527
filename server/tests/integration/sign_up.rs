//! Signing up: pending, mail, proof, account.

use chrono::Duration;
use domain::authentication::sign_up::{CODE_LIFE, LINK_LIFE};

use crate::house::{Browser, PASSWORD, TestHouse, count, rows};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_sign_up_waits_for_its_mail_and_the_link_makes_the_account() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    let page = ada.sign_up("Ada Lovelace", ADA, PASSWORD).await;
    assert_eq!(page.location(), "/sign-up/verify");
    assert!(ada.follow().await.text("check-mail").contains(ADA));
    assert_eq!(count!(t, "select count(*) from users"), 0, "nobody exists before the proof");
    assert!(!ada.is_signed_in().await);

    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Confirm your address");
    let link = mail.links.iter().find(|link| link.contains("/sign-up/verify?token=")).unwrap();
    ada.open(link).await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    assert!(ada.follow().await.text("welcome-message").contains("Ada"));

    let people = rows!(t, (String, String, bool), "select name, email, administrator from users");
    assert_eq!(people, [("Ada Lovelace".to_owned(), ADA.to_owned(), false)]);
    assert_eq!(t.audited("sign_up.completed").await, 1);
    assert_eq!(t.mail_to(ADA).await.subject, "Your account is ready");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn the_code_makes_the_account_too_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), "ada@example.com"), (t.script(), "eda@example.com")] {
        assert_eq!(browser.sign_up("Ada", email, PASSWORD).await.location(), "/sign-up/verify");
        let code = t.code_for(email).await;
        let typed = format!(" {}-{} ", &code[..3], &code[3..]);
        assert_eq!(browser.type_code(&typed).await.location(), "/account");
        assert!(browser.is_signed_in().await);
        t.mail_to(email).await;
    }
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_confirmations_at_once_make_one_account_and_one_session() {
    for by_code in [false, true] {
        let t = TestHouse::new().await;
        let mut ada = t.browser();
        ada.sign_up("Ada", ADA, PASSWORD).await;
        let mail = t.mail_to(ADA).await;
        let code = mail.code.unwrap();
        if by_code {
            ada.get("/sign-up/verify").await;
        } else {
            ada.open(mail.links.iter().find(|link| link.contains("token=")).unwrap()).await;
        }
        let attempts: Vec<_> = (0..64)
            .map(|_| {
                let (mut tab, code) = (ada.moved(), code.clone());
                tokio::spawn(async move {
                    let typed = [("code", code.as_str())];
                    let typed = if by_code { &typed[..] } else { &[] };
                    let welcomed = tab.submit("verify-button", typed).await.location() == "/account";
                    assert_eq!(welcomed, tab.is_signed_in().await);
                    i32::from(welcomed)
                })
            })
            .collect();
        let mut let_in = 0;
        for attempt in attempts {
            let_in += attempt.await.unwrap();
        }
        assert_eq!(let_in, 1, "by code: {by_code}");
        assert_eq!(count!(t, "select count(*) from users"), 1);
        assert_eq!(count!(t, "select count(*) from sessions"), 1);
        t.mail_to(ADA).await;
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_sign_up() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob, mut again) = (t.script(), t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code_of_ada = t.code_for(ADA).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let code_of_bob = t.code_for("bob@example.com").await;
    again.sign_up("Ada", ADA, PASSWORD).await;
    let code_of_again = t.code_for(ADA).await;

    assert_eq!(bob.type_code(&code_of_ada).await.faults(), ["code: code-invalid"]);
    assert_eq!(ada.type_code(&code_of_bob).await.faults(), ["code: code-invalid"]);
    assert_eq!(ada.type_code(&code_of_again).await.faults(), ["code: code-invalid"]);
    // A browser that didn't sign up has no flow to type a code into.
    let mut stranger = t.script();
    stranger.get("/sign-up/verify").await;
    let typed = [("email", ADA), ("code", code_of_ada.as_str())];
    assert_eq!(stranger.submit("verify-button", &typed).await.faults(), ["code: code-elsewhere"]);
    assert_eq!(count!(t, "select count(*) from users"), 0);

    assert_eq!(ada.type_code(&code_of_ada).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn after_three_wrong_codes_each_further_one_waits_ten_seconds() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    for _ in 0..3 {
        let answer = ada.type_code(&wrong(&code)).await;
        assert_eq!((answer.status, answer.faults()), (422, vec!["code: code-invalid".to_owned()]));
    }
    for typed in [&wrong(&code), &code] {
        let answer = ada.type_code(typed).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "10"));
        assert_eq!(answer.faults(), ["too-many-attempts"]);
    }
    t.clock.advance(Duration::seconds(9));
    assert_eq!(ada.type_code(&code).await.header("retry-after"), "1");
    t.clock.advance(Duration::seconds(1));
    assert_eq!(ada.type_code(&code).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn five_wrong_codes_kill_the_code_but_not_the_link() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    let code = mail.code.unwrap();
    for _ in 0..5 {
        assert_eq!(ada.type_code(&wrong(&code)).await.faults(), ["code: code-invalid"]);
        t.clock.advance(Duration::seconds(10));
    }
    assert_eq!(ada.type_code(&code).await.faults(), ["code: code-expired"]);
    assert_eq!(count!(t, "select count(*) from users"), 0);
    ada.open(mail.links.iter().find(|link| link.contains("token=")).unwrap()).await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    t.mail_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_wrong_codes_at_once_are_looked_at_three_times() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    ada.get("/sign-up/verify").await;
    let attempts: Vec<_> = (0..64)
        .map(|_| {
            let (mut tab, code) = (ada.moved(), wrong(&code));
            tokio::spawn(async move { tab.submit("verify-button", &[("code", &code)]).await.status })
        })
        .collect();
    let mut looked_at = 0;
    for attempt in attempts {
        let status = attempt.await.unwrap();
        assert!([422, 429].contains(&status), "{status}");
        looked_at += i32::from(status == 422);
    }
    assert_eq!(looked_at, 3);
}

#[tokio::test]
async fn a_code_works_for_ten_minutes() {
    let t = TestHouse::new().await;
    let (mut ada, mut bob) = (t.script(), t.script());
    ada.sign_up("Ada", ADA, PASSWORD).await;
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let (code_of_ada, code_of_bob) = (t.code_for(ADA).await, t.code_for("bob@example.com").await);
    assert_eq!(CODE_LIFE, Duration::minutes(10));
    t.clock.advance(Duration::seconds(9 * 60 + 59));
    assert_eq!(ada.type_code(&code_of_ada).await.location(), "/account");
    t.clock.advance(Duration::seconds(2));
    assert_eq!(bob.type_code(&code_of_bob).await.faults(), ["code: code-expired"]);
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
    assert_eq!(ada.type_code(&old.code.unwrap()).await.faults(), ["code: code-invalid"]);
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
    assert_eq!(ada.post("/api/sign-up-verify", &[("token", token)]).await.faults(), ["password: required"]);
    let answer = ada.submit("verify-button", &[("password", "short")]).await;
    assert_eq!(answer.faults(), ["password: password-too-short"]);
    assert_eq!(count!(t, "select count(*) from users"), 0);

    let password_of_ada = "the password that ada did choose";
    assert_eq!(ada.submit("verify-button", &[("password", password_of_ada)]).await.location(), "/account");
    t.mail_to(ADA).await;
    assert!(!eve.is_signed_in().await);
    assert_eq!(eve.open(&link).await.heading(), "This link did its work already");
    assert_eq!(eve.sign_in(ADA, password_of_eve).await.faults(), ["sign-in-mismatch"]);
    assert_eq!(t.script().sign_in(ADA, password_of_ada).await.location(), "/account");
}

#[tokio::test]
async fn a_known_address_gets_the_same_answers_byte_for_byte() {
    let t = TestHouse::new().await;
    t.member("Known", "known@example.com").await;
    for scripted in [false, true] {
        let mut answers = Vec::new();
        for email in ["known@example.com", "other@example.com"] {
            let mut browser = if scripted { t.script() } else { t.browser() };
            answers.push(sign_up_journey(&mut browser, email).await);
            let mails = t.mails_to(email).await;
            assert_eq!(mails.len(), 2, "{email}");
            for mail in mails {
                if email == "known@example.com" {
                    assert_eq!(mail.subject, "You already have an account");
                    assert_eq!(mail.code, None);
                    assert!(mail.links.iter().all(|link| !link.contains("token=")), "{:?}", mail.links);
                } else {
                    assert_eq!(mail.subject, "Confirm your address");
                }
            }
        }
        let (unknown, known) = (answers.pop().unwrap(), answers.pop().unwrap());
        for (known, unknown) in known.iter().zip(&unknown) {
            assert_eq!(known, unknown, "scripted: {scripted}");
        }
        assert_eq!(known.len(), unknown.len());
    }
    assert_eq!(count!(t, "select count(*) from users"), 1);
}

/// Everything that somebody sees who signs up, types a wrong code and asks for another message.
async fn sign_up_journey(browser: &mut Browser, email: &str) -> Vec<String> {
    let mut seen = vec![
        browser.sign_up("Somebody New", email, PASSWORD).await,
        browser.get("/sign-up/verify").await,
        browser.submit("verify-button", &[("code", "12345")]).await,
        browser.get("/sign-up/verify").await,
        browser.submit("resend-button", &[]).await,
        browser.get("/sign-up/verify?resent=1").await,
    ];
    for _ in 0..5 {
        seen.push(browser.submit("verify-button", &[("code", "12345")]).await);
    }
    seen.iter().map(|page| page.without(&[email])).collect()
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
    assert_eq!((answer.status, answer.faults()), (422, vec!["link-used".to_owned()]));
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

    assert_eq!(other_tab.submit("verify-button", &[]).await.faults(), ["link-used"]);
    assert_eq!(third_tab.submit("verify-button", &[("code", &code)]).await.faults(), ["link-used"]);
    let page = t.browser().open(link).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "This link did its work already"));
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn closed_sign_up_takes_nobody() {
    let t = TestHouse::with(&[("SIGN_UP", "closed")]).await;
    let mut ada = t.script();
    let page = ada.get("/sign-up").await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Sign-up is closed"));
    let fields = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let answer = ada.post("/api/sign-up", &fields).await;
    assert_eq!((answer.status, answer.faults()), (403, vec!["sign-up-closed".to_owned()]));
    assert_eq!(count!(t, "select count(*) from sign_ups"), 0);
}

#[tokio::test]
async fn three_sign_ups_in_five_minutes_and_no_more() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    // What is refused for what was typed sends no mail, and counts for nothing.
    for _ in 0..5 {
        assert_eq!(ada.sign_up("Ada", ADA, "otter-kettle").await.status, 422);
    }
    for _ in 0..3 {
        assert_eq!(ada.sign_up("Ada", ADA, PASSWORD).await.status, 200);
        t.clock.advance(Duration::seconds(1));
    }
    let answer = ada.sign_up("Ada", ADA, PASSWORD).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "297"));
    assert_eq!(ada.moved().sign_up("Ada", ADA, PASSWORD).await.status, 200, "from elsewhere");
    t.clock.advance(Duration::seconds(297));
    assert_eq!(ada.sign_up("Ada", ADA, PASSWORD).await.status, 200);
    assert_eq!(t.mails_to(ADA).await.len(), 5);

    // Without script the same is said on the page, and nothing typed is lost.
    let mut bob = t.browser();
    for _ in 0..4 {
        bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    }
    let page = bob.follow().await;
    assert!(page.text("form-error").contains("too many attempts"), "{}", page.outline());
    assert_eq!(page.value("email"), "bob@example.com");
    t.mails_to("bob@example.com").await;
}

#[tokio::test]
async fn the_way_on_is_kept_over_the_proof_unless_it_leaves_the_house() {
    let t = TestHouse::new().await;
    let cases = [
        ("/account?tab=sessions&x=%2Fy", "/account?tab=sessions&x=%2Fy"),
        ("//evil.example", "/account"),
        ("https://evil.example/account", "/account"),
        ("/\\evil.example", "/account"),
        ("/%2f%2fevil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("/\t/evil.example", "/account"),
        ("//localhost:3000@evil.example", "/account"),
        ("", "/account"),
    ];
    for (number, (next, expected)) in cases.into_iter().enumerate() {
        let email = format!("person{number}@example.com");
        let mut browser = t.browser();
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        browser.get(&format!("/sign-up?next={query}")).await;
        let fields = [("name", "Ada"), ("email", email.as_str()), ("password", PASSWORD)];
        assert_eq!(browser.submit("sign-up-button", &fields).await.location(), "/sign-up/verify");
        let code = t.code_for(&email).await;
        assert_eq!(browser.type_code(&code).await.location(), expected, "{next:?}");
        t.mail_to(&email).await;
    }
}

#[tokio::test]
async fn each_field_is_refused_with_its_reason_and_nothing_typed_is_lost() {
    let t = TestHouse::new().await;
    let cases: [([&str; 3], &[&str]); 9] = [
        (["", ADA, PASSWORD], &["name: required"]),
        (["www.evil.example", ADA, PASSWORD], &["name: name-invalid"]),
        (["Ada", "", PASSWORD], &["email: required"]),
        (["Ada", "ada at example.com", PASSWORD], &["email: email-invalid"]),
        (["Ada", ADA, ""], &["password: required"]),
        (["Ada", ADA, "short"], &["password: password-too-short"]),
        (["Ada", ADA, "correct horse battery staple"], &["password: password-common"]),
        (["Ada", ADA, "Ada@Example.com ada"], &["password: password-contains-identity"]),
        (["", "", ""], &["name: required", "email: required", "password: required"]),
    ];
    for ([name, email, password], faults) in cases {
        let answer = t.script().sign_up(name, email, password).await;
        assert_eq!((answer.status, answer.faults().join(", ")), (422, faults.join(", ")));

        let mut plain = t.browser();
        assert_eq!(plain.sign_up(name, email, password).await.location(), "/sign-up");
        let page = plain.follow().await;
        for fault in faults {
            let (field, _) = fault.split_once(':').unwrap();
            assert!(!page.text(&format!("{field}-error")).is_empty(), "{fault}");
        }
        assert_eq!(page.has("form-error"), faults.len() > 1, "a list on top of several");
        assert_eq!((page.value("name").as_str(), page.value("email").as_str()), (name, email));
        assert_eq!(page.value("password"), "");
        assert!(!plain.get("/sign-up").await.has("name-error"), "it is said once");
    }
    assert_eq!(count!(t, "select count(*) from sign_ups"), 0);
}

#[tokio::test]
async fn somebody_signed_in_who_proves_another_address_changes_over_to_it() {
    let t = TestHouse::new().await;
    let mut bob = t.browser();
    bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    let code = t.code_for("bob@example.com").await;
    // The same browser signs in as somebody else before the code is typed.
    let ada = t.member("Ada", ADA).await;
    bob.sign_in(ADA, PASSWORD).await;
    let as_ada = bob.clone();
    assert!(as_ada.is_signed_in().await);
    assert_eq!(bob.type_code(&code).await.location(), "/account");
    t.mail_to("bob@example.com").await;
    assert!(bob.follow().await.text("account-email").contains("bob@example.com"));
    assert!(!as_ada.is_signed_in().await, "the session before is over");
    assert!(ada.is_signed_in().await, "in the other browser it is not");
}

/// Another code than this.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('7') { '8' } else { '7' };
    format!("{}{last}", &code[..5])
}
