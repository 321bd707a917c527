//! Signing up: pending, mail, proof, account.

mod budgets;
mod codes;
mod links;

use chrono::Duration;

use crate::house::{Browser, PASSWORD, TestHouse, count, rows};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_sign_up_waits_for_its_mail_and_the_link_makes_the_account() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    let page = ada.sign_up("Ada Lovelace", ADA, PASSWORD).await;
    assert_eq!(page.location(), "/sign-up/verify");
    assert!(ada.follow().await.text("check-mail").contains(ADA));
    assert_eq!(
        count!(t, "select count(*) from users"),
        0,
        "nobody exists before the proof"
    );
    assert!(!ada.is_signed_in().await);

    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Confirm your address");
    let link = mail
        .links
        .iter()
        .find(|link| link.contains("/sign-up/verify?token="))
        .unwrap();
    ada.open(link).await;
    assert_eq!(ada.submit("verify-button", &[]).await.location(), "/account");
    assert!(ada.follow().await.text("welcome-message").contains("Ada"));

    let people = rows!(
        t,
        (String, String, bool),
        "select name, email, administrator from users"
    );
    assert_eq!(people, [("Ada Lovelace".to_owned(), ADA.to_owned(), false)]);
    assert_eq!(t.audited("sign_up.completed").await, 1);
    assert_eq!(t.mail_to(ADA).await.subject, "Your account is ready");
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
}

#[tokio::test]
async fn the_code_makes_the_account_too_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), "ada@example.com"), (t.script(), "eda@example.com")] {
        assert_eq!(
            browser.sign_up("Ada", email, PASSWORD).await.location(),
            "/sign-up/verify"
        );
        let code = t.code_for(email).await;
        let typed = format!(" {}-{} ", &code[..3], &code[3..]);
        assert_eq!(browser.type_code(&typed).await.location(), "/account");
        assert!(browser.is_signed_in().await);
        t.mail_to(email).await;
    }
}

#[tokio::test]
async fn cve_2026_23511_a_known_address_gets_the_same_answers_byte_for_byte() {
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
                    assert!(
                        mail.links.iter().all(|link| !link.contains("token=")),
                        "{:?}",
                        mail.links
                    );
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
async fn cve_2022_46145_closed_sign_up_takes_nobody() {
    let t = TestHouse::with(&[("SIGN_UP", "closed")]).await;
    let mut ada = t.script();
    let page = ada.get("/sign-up").await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Sign-up is closed"));
    let fields = [("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let answer = ada.post("/api/sign-up", &fields).await;
    assert_eq!(
        (answer.status, answer.faults()),
        (403, vec!["sign-up-closed".to_owned()])
    );
    assert_eq!(count!(t, "select count(*) from sign_ups"), 0);
}

#[tokio::test]
async fn sign_up_that_closes_takes_nobody_who_still_waits() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    ada.sign_up("Ada", ADA, PASSWORD).await;
    let code = t.code_for(ADA).await;
    let closed = t.second_node_with(&[("SIGN_UP", "closed")]).await;
    let mut late = ada.on(&closed);
    for (path, fields) in [
        (
            "/api/sign-up-verify",
            vec![("email", ADA), ("code", code.as_str())],
        ),
        ("/api/sign-up-resend", vec![]),
    ] {
        let answer = late.post(path, &fields).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (403, vec!["sign-up-closed".to_owned()])
        );
    }
    assert_eq!(count!(t, "select count(*) from users"), 0);
    assert_eq!(t.mails_to(ADA).await.len(), 0, "nothing was sent again");
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
    assert_eq!(
        ada.moved().sign_up("Ada", ADA, PASSWORD).await.status,
        200,
        "from elsewhere"
    );
    t.clock.advance(Duration::seconds(297));
    assert_eq!(ada.sign_up("Ada", ADA, PASSWORD).await.status, 200);
    assert_eq!(t.mails_to(ADA).await.len(), 5);

    // Without script the same is said on the page, and nothing typed is lost.
    let mut bob = t.browser();
    for _ in 0..4 {
        bob.sign_up("Bob", "bob@example.com", PASSWORD).await;
    }
    let page = bob.follow().await;
    assert!(
        page.text("form-error").contains("too many attempts"),
        "{}",
        page.outline()
    );
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
        assert_eq!(
            browser.submit("sign-up-button", &fields).await.location(),
            "/sign-up/verify"
        );
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
        (
            ["Ada", ADA, "correct horse battery staple"],
            &["password: password-common"],
        ),
        (
            ["Ada", ADA, "Ada@Example.com ada"],
            &["password: password-contains-identity"],
        ),
        (
            ["", "", ""],
            &["name: required", "email: required", "password: required"],
        ),
    ];
    for ([name, email, password], faults) in cases {
        let answer = t.script().sign_up(name, email, password).await;
        assert_eq!(
            (answer.status, answer.faults().join(", ")),
            (422, faults.join(", "))
        );

        let mut plain = t.browser();
        assert_eq!(plain.sign_up(name, email, password).await.location(), "/sign-up");
        let page = plain.follow().await;
        for fault in faults {
            let (field, _) = fault.split_once(':').unwrap();
            assert!(!page.text(&format!("{field}-error")).is_empty(), "{fault}");
        }
        assert_eq!(
            page.has("form-error"),
            faults.len() > 1,
            "a list on top of several"
        );
        assert_eq!(
            (page.value("name").as_str(), page.value("email").as_str()),
            (name, email)
        );
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
    assert!(
        bob.follow()
            .await
            .text("account-email")
            .contains("bob@example.com")
    );
    assert!(!as_ada.is_signed_in().await, "the session before is over");
    assert!(ada.is_signed_in().await, "in the other browser it is not");
}
