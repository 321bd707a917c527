//! Forgetting a password, and choosing a new one by mail.

mod links;

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use domain::audit::Origin;
use domain::job::{self, Job};

use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows};

const ADA: &str = "ada@example.com";
const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const WRONG: &str = "not the right password";

/// Asks for a link; the answer is not followed.
async fn forget(browser: &mut Browser, email: &str) -> Page {
    browser.get("/forgot-password").await;
    browser
        .submit("forgot-password-button", &[("email", email)])
        .await
}

/// Asks for a link and takes it from the mail.
async fn link_for(t: &TestHouse, email: &str) -> String {
    assert_eq!(forget(&mut t.script(), email).await.status, 200);
    t.link_for(email).await
}

/// Opens a link and sets a password.
async fn choose(browser: &mut Browser, link: &str, password: &str) -> Page {
    browser.open(link).await;
    browser
        .submit("reset-password-button", &[("password", password)])
        .await
}

fn token_of(link: &str) -> &str {
    link.split_once("token=").expect("a token").1
}

#[tokio::test]
async fn who_forgot_the_password_chooses_a_new_one_with_and_without_script() {
    let t = TestHouse::new().await;
    for (mut browser, email) in [(t.browser(), "ada@example.com"), (t.script(), "eda@example.com")] {
        t.member("Ada", email).await;
        let sign_in = browser.get("/sign-in").await;
        assert!(sign_in.body.contains("href=\"/forgot-password\""));
        let answer = forget(&mut browser, &email.to_uppercase()).await;
        assert_eq!(answer.location(), "/forgot-password?sent=1");
        assert!(browser.follow().await.has("check-mail"));

        let mail = t.mail_to(email).await;
        assert_eq!(mail.subject, "Choose a new password");
        assert_eq!(mail.code, None);
        let link = mail.links.iter().find(|link| link.contains("token=")).unwrap();
        let page = browser.open(link).await;
        assert_eq!(
            page.value("email"),
            email,
            "password managers keep the new password under it"
        );
        let answer = browser
            .submit("reset-password-button", &[("password", NEW_PASSWORD)])
            .await;
        assert_eq!(answer.location(), "/sign-in?reset=1");
        assert!(
            browser
                .follow()
                .await
                .text("notice")
                .contains("new password is set")
        );
        assert!(!browser.is_signed_in().await, "a reset lets nobody in");

        assert_eq!(t.mail_to(email).await.subject, "Your password was changed");
        assert_eq!(
            t.script().sign_in(email, PASSWORD).await.faults(),
            ["sign-in-mismatch"]
        );
        assert_eq!(browser.sign_in(email, NEW_PASSWORD).await.location(), "/account");
    }
    assert_eq!(t.audited("password.reset_requested").await, 2);
    assert_eq!(t.audited("password.reset").await, 2);
}

#[tokio::test]
async fn rauthy_1487_known_unknown_and_locked_are_the_same_byte_for_byte() {
    let t = TestHouse::new().await;
    t.member("Known", "known@example.com").await;
    t.member("Locked", "lockd@example.com").await;
    t.operator(&["user", "lock", "lockd@example.com"], "").await;
    for scripted in [false, true] {
        let mut seen: Vec<Vec<String>> = Vec::new();
        for (email, mails) in [
            ("known@example.com", 3),
            ("other@example.com", 0),
            ("lockd@example.com", 0),
        ] {
            let mut browser = if scripted { t.script() } else { t.browser() };
            let jobs = count!(t, "select count(*) from jobs");
            let mut pages = vec![browser.get("/forgot-password").await];
            // Into the limit of one account, and then of one place.
            for attempt in 1..=6 {
                pages.push(
                    browser
                        .submit("forgot-password-button", &[("email", email)])
                        .await,
                );
                if attempt <= 3 {
                    let written = count!(t, "select count(*) from jobs") - jobs;
                    assert_eq!(written, attempt, "the same is written for {email}");
                }
            }
            pages.push(browser.get("/forgot-password?sent=1").await);
            pages.push(browser.get("/forgot-password").await);
            seen.push(pages.iter().map(|page| page.without(&[email])).collect());
            assert_eq!(t.mails_to(email).await.len(), mails, "{email}");
            t.clock.advance(Duration::hours(1));
        }
        for other in &seen[1..] {
            assert_eq!(&seen[0], other, "scripted: {scripted}");
        }
    }
}

#[tokio::test]
async fn an_address_is_asked_for_as_everywhere() {
    let t = TestHouse::new().await;
    let mut ada = t.script();
    for (typed, fault) in [
        ("", "email: required"),
        ("ada", "email: email-invalid"),
        ("ada@example.com,eve@example.com", "email: email-invalid"),
        ("ada@example.com\r\nBcc: eve@example.com", "email: email-invalid"),
        ("\"e@attacker.example\"@example.com", "email: email-invalid"),
    ] {
        let answer = forget(&mut ada, typed).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (422, vec![fault.to_owned()]),
            "{typed:?}"
        );
    }
    let mut ada = t.browser();
    assert_eq!(forget(&mut ada, "ada@").await.location(), "/forgot-password");
    let page = ada.follow().await;
    assert!(page.has("email-error"));
    assert_eq!(page.value("email"), "ada@", "what was typed stays");
    assert_eq!(count!(t, "select count(*) from jobs"), 0);
}

#[tokio::test]
async fn cve_2023_7028_several_addresses_or_tokens_in_one_request_are_none() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let token = token_of(&link);
    let lists = [
        (
            "/api/forgot-password",
            "email=ada%40example.com&email=eve%40example.com".to_owned(),
        ),
        (
            "/api/forgot-password",
            "email[]=ada%40example.com&email[]=eve%40example.com".to_owned(),
        ),
        ("/api/forgot-password", "email[0]=ada%40example.com".to_owned()),
        ("/api/forgot-password", "email[to]=ada%40example.com".to_owned()),
        (
            "/api/reset-password",
            format!("token={token}&token={token}&password=nine+herons+guard+it"),
        ),
        (
            "/api/reset-password",
            format!("token[]={token}&password=nine+herons+guard+it"),
        ),
        (
            "/api/reset-password",
            format!("token={token}&password[]=nine+herons+guard+it"),
        ),
    ];
    for (path, body) in lists {
        let request = Request::post(path)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", t.platform.config.public_origin())
            .header("sec-fetch-site", "same-origin");
        let answer = t.script().send(request, Body::from(body.clone())).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (400, vec!["malformed".to_owned()]),
            "{body}"
        );
    }
    assert_eq!(
        t.mails_to(ADA).await.len() + t.mails_to("eve@example.com").await.len(),
        0
    );
    assert_eq!(t.audited("password.reset").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_one_sets_the_password() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut ada = t.script();
    ada.open(&link).await;
    let attempts: Vec<_> = (0..64)
        .map(|number| {
            let mut tab = ada.moved();
            tokio::spawn(async move {
                let password = format!("herons guard lantern number {number}");
                let answer = tab
                    .submit("reset-password-button", &[("password", &password)])
                    .await;
                if answer.status == 200 {
                    return Some(password);
                }
                assert_eq!(
                    (answer.status, answer.faults()),
                    (422, vec!["link-used".to_owned()])
                );
                None
            })
        })
        .collect();
    let mut set = Vec::new();
    for attempt in attempts {
        set.extend(attempt.await.unwrap());
    }
    assert_eq!(set.len(), 1, "{set:?}");
    assert_eq!(t.audited("password.reset").await, 1);
    t.mail_to(ADA).await;
    assert_eq!(t.script().sign_in(ADA, &set[0]).await.location(), "/account");
}

#[tokio::test]
async fn a_job_that_runs_twice_mails_once() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let id = t.platform.entropy.uuid_v7(t.clock.now());
    for _ in 0..2 {
        let wish = Job::RequestPasswordReset {
            email: ADA.to_owned(),
            origin: Origin::default(),
        };
        job::run(&t.platform, id, wish).await.unwrap();
    }
    t.mail_to(ADA).await;
    assert_eq!(t.audited("password.reset_requested").await, 1);
}

#[tokio::test]
async fn every_session_ends_on_every_server_and_nobody_elses() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let (here, bob) = (
        t.member("Ada", ADA).await,
        t.member("Bob", "bob@example.com").await,
    );
    let mut there = second.browser();
    there.sign_in_to_stay(ADA, PASSWORD).await;
    for browser in [&here, &there, &bob] {
        assert!(browser.is_signed_in().await && browser.on(&second).is_signed_in().await);
    }
    // In a browser where Ada is signed in: it forgets that session too.
    let link = link_for(&t, ADA).await;
    let mut ada = here.clone();
    let answer = choose(&mut ada, &link, NEW_PASSWORD).await;
    assert_eq!(answer.location(), "/sign-in?reset=1");
    assert!(!ada.jar.contains_key("latchstring"));
    assert!(ada.follow().await.has("password-input"));
    for browser in [&here, &there] {
        assert!(!browser.on(&t).is_signed_in().await, "here");
        assert!(!browser.on(&second).is_signed_in().await, "there");
    }
    assert!(bob.is_signed_in().await && bob.on(&second).is_signed_in().await);
    t.mail_to(ADA).await;

    // The other browser is told why it is asked to sign in, once.
    let page = there.get("/account").await;
    assert_eq!(page.location(), "/sign-in?next=%2Faccount&expired=1");
    assert!(
        there
            .follow()
            .await
            .text("notice")
            .contains("no longer signed in")
    );
    assert_eq!(there.get("/account").await.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_signs_in_at_the_same_moment_with_the_old_password_is_out_too() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut ada = t.script();
    ada.open(&link).await;
    let mut form = t.script();
    form.get("/sign-in").await;
    let attempts: Vec<_> = (0..24)
        .map(|_| {
            let mut eve = form.moved();
            tokio::spawn(async move {
                let fields = [("email", ADA), ("password", PASSWORD)];
                eve.post("/api/sign-in", &fields).await;
                eve
            })
        })
        .collect();
    let reset = tokio::spawn(async move {
        ada.submit("reset-password-button", &[("password", NEW_PASSWORD)])
            .await
    });
    assert_eq!(reset.await.unwrap().location(), "/sign-in?reset=1");
    for attempt in attempts {
        assert!(!attempt.await.unwrap().is_signed_in().await);
    }
    assert_eq!(count!(t, "select count(*) from sessions"), 0);
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn failed_sign_ins_are_forgotten_on_known_and_unknown_devices() {
    let t = TestHouse::new().await;
    let known = t.member("Ada", ADA).await;
    let (mut known, mut unknown) = (known.clone(), t.script());
    known.sign_out().await;
    for browser in [&mut known, &mut unknown] {
        for _ in 0..9 {
            browser.address = t.new_address();
            browser.get("/sign-in").await;
            browser
                .submit("sign-in-button", &[("email", ADA), ("password", WRONG)])
                .await;
        }
    }
    assert_eq!(unknown.sign_in(ADA, PASSWORD).await.status, 429);
    assert_eq!(count!(t, "select count(*) from sign_in_failures"), 2);
    // Past the hard stop, too.
    let tampered = t
        .platform
        .db
        .write(async |tx| domain::sql!(tx, execute "update sign_in_failures set failures = 150"))
        .await;
    assert_eq!(tampered.unwrap(), 2);
    let link = link_for(&t, ADA).await;
    choose(&mut t.browser(), &link, NEW_PASSWORD).await;
    t.mail_to(ADA).await;
    assert_eq!(count!(t, "select count(*) from sign_in_failures"), 0);
    for browser in [&mut known, &mut unknown] {
        browser.address = t.new_address();
        assert_eq!(browser.sign_in(ADA, NEW_PASSWORD).await.location(), "/account");
    }
}

#[tokio::test]
async fn the_owner_is_told_and_it_is_written_down() {
    let t = TestHouse::new().await;
    t.member("Ada Lovelace", ADA).await;
    let link = link_for(&t, ADA).await;
    choose(&mut t.browser(), &link, NEW_PASSWORD).await;
    let mail = t.mail_to(ADA).await;
    assert_eq!(mail.subject, "Your password was changed");
    assert!(
        mail.text
            .starts_with("Hello Ada Lovelace. The password of your account"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains("If it wasn't you, "));
    assert!(
        mail.links.iter().any(|link| link.contains("/not-me?token=")),
        "{:?}",
        mail.links
    );
    let written = rows!(
        t,
        (String, String, bool, bool),
        "select a.kind, a.detail, a.actor_id is not null, a.address <> ''
         from audit_events a join users u on u.id = a.subject_id where a.kind like 'password.%' order by a.kind desc"
    );
    let expected = [
        ("password.reset_requested", r#"{"mail":"sent"}"#, false, true),
        ("password.reset", r#"{"sessions_ended":"1"}"#, true, true),
    ];
    assert_eq!(
        written,
        expected.map(|(kind, detail, actor, place)| (kind.into(), detail.into(), actor, place))
    );
    t.browser().open(&link).await;
}

/// Whoever reads the new mailbox alone may not be the owner: the address of before, which may still be given back, is told too.
#[tokio::test]
async fn every_proven_address_is_told_with_the_link_that_says_it_wasn_t_me() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", ADA).await;
    ada.get("/account/email").await;
    ada.submit("change-email-button", &[("email", "ada@new.example")])
        .await;
    let confirm = t.link_for("ada@new.example").await;
    let mut anybody = t.browser();
    anybody.open(&confirm).await;
    anybody.submit("confirm-email-button", &[]).await;
    for address in [ADA, "ada@new.example"] {
        t.mails_to(address).await;
    }
    let link = link_for(&t, "ada@new.example").await;
    choose(&mut t.browser(), &link, NEW_PASSWORD).await;
    for address in ["ada@new.example", ADA] {
        let mail = t.mail_to(address).await;
        assert_eq!(mail.subject, "Your password was changed", "{address}");
        let alarm = mail.links.iter().find(|link| link.contains("/not-me?token="));
        assert!(alarm.is_some(), "{address}: {:?}", mail.links);
    }
}

#[tokio::test]
async fn a_password_that_is_refused_uses_nothing_up() {
    let t = TestHouse::new().await;
    t.member("Ada Lovelace", ADA).await;
    let link = link_for(&t, ADA).await;
    let mut ada = t.script();
    ada.open(&link).await;
    for (password, fault) in [
        ("", "password: required"),
        ("14 characters!", "password: password-too-short"),
        ("passwordpassword", "password: password-common"),
        ("Ada Lovelace 1815", "password: password-contains-identity"),
    ]
    .repeat(2)
    {
        let answer = ada
            .submit("reset-password-button", &[("password", password)])
            .await;
        assert_eq!((answer.status, answer.faults()), (422, vec![fault.to_owned()]));
    }
    let mut ada = t.browser();
    let refused = choose(&mut ada, &link, "tiny-otters").await;
    assert!(
        link.ends_with(&refused.location()),
        "back to the page of the link"
    );
    let page = ada.follow().await;
    assert!(page.has("password-error"));
    assert_eq!(page.value("password"), "");
    let answer = ada
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(answer.location(), "/sign-in?reset=1");
    t.mail_to(ADA).await;
}

#[tokio::test]
async fn requests_are_limited_by_place_and_by_account() {
    let t = TestHouse::new().await;
    t.member("Ada", ADA).await;
    // Of one account from anywhere, however it is typed.
    for typed in [ADA, "ADA@example.com", " ada@EXAMPLE.com"] {
        assert_eq!(forget(&mut t.script(), typed).await.status, 200);
    }
    let answer = forget(&mut t.script(), ADA).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "600"));
    assert_eq!(answer.faults(), ["too-many-attempts"]);
    assert_eq!(t.mails_to(ADA).await.len(), 3);
    t.clock.advance(Duration::minutes(10));
    assert_eq!(forget(&mut t.script(), ADA).await.status, 200);
    t.mail_to(ADA).await;

    // From one place for anybody.
    let mut eve = t.script();
    for number in 0..5 {
        assert_eq!(
            forget(&mut eve, &format!("person{number}@example.com"))
                .await
                .status,
            200
        );
    }
    let answer = forget(&mut eve, "person5@example.com").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    assert_eq!(forget(&mut eve.moved(), "person5@example.com").await.status, 200);
    assert_eq!(t.mails_to("person5@example.com").await.len(), 0);
}
