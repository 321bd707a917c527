//! Codes by text message (ASVS 6.6.1–6.6.3, 2.4.1; NIST SP 800-63B-4 §3.1.3.3). The dropping of the house looks for them in
//! every body and in the log.

use chrono::Duration;

use super::{ADA, BOB, CHALLENGE, answer, at_challenge, other_than, scan, session};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows, tamper};

/// A number of Great Britain, and one of Vietnam.
pub const PHONE: &str = "+447400123456";
const OTHER_PHONE: &str = "+84912345678";

/// Adds a telephone; what was mailed about it is not read. Returns the recovery codes.
pub async fn add_phone(t: &TestHouse, browser: &mut Browser, number: &str) -> Vec<String> {
    browser.get("/account/security/phone").await;
    let sent = browser.submit("add-phone-button", &[("phone", number)]).await;
    assert_eq!(sent.location(), "/account/security/phone", "{}", sent.outline());
    let code = t.code_for(number).await;
    browser.follow().await;
    let added = browser.submit("confirm-phone-button", &[("code", &code)]).await;
    if added.location() == "/account/security?done=sms" {
        return Vec::new();
    }
    assert_eq!(
        added.location(),
        "/account/security/recovery-codes",
        "{}",
        added.outline()
    );
    browser.follow().await.texts("recovery-code")
}

/// Somebody who gets codes on their telephone.
async fn with_phone(t: &TestHouse, name: &str, email: &str, number: &str) -> Browser {
    let mut browser = t.member(name, email).await;
    add_phone(t, &mut browser, number).await;
    t.mails_to(email).await;
    browser
}

/// What a form that a script sent was refused for; nothing if it was not.
pub fn refused(page: &Page) -> Vec<String> {
    if page.status == 200 {
        Vec::new()
    } else {
        page.faults()
    }
}

/// Asks for a code at the challenge, and reads it on the telephone.
pub async fn ask(t: &TestHouse, browser: &mut Browser, number: &str) -> String {
    browser.get("/sign-in/challenge?factor=sms").await;
    let sent = browser.submit("send-code-button", &[]).await;
    assert_eq!(sent.location(), "/sign-in/challenge?factor=sms&sent=1");
    t.code_for(number).await
}

#[tokio::test]
async fn asvs_6_6_1_the_risk_and_safer_ways_stand_first_and_a_number_counts_once_it_is_proven() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let page = ada.get("/account/security").await;
    assert!(page.has("add-authenticator-button") && page.has("add-passkey-link"));
    assert!(page.text("sms-state").contains("takes over your number"));
    let page = ada.get("/account/security/phone").await;
    assert!(
        page.text("phone-risk").contains("intercepted"),
        "{}",
        page.outline()
    );
    assert!(page.has("better-passkey-link") && page.has("better-app-button"));

    ada.submit("add-phone-button", &[("phone", PHONE)]).await;
    let text = t.mail_to(PHONE).await;
    let code = text.code.clone().unwrap();
    assert!(text.subject.is_empty() && text.html.is_empty());
    assert!(text.text.starts_with(&code), "{}", text.text);
    assert!(
        text.text.ends_with(&format!("\n@localhost #{code}")),
        "WebOTP: {}",
        text.text
    );
    // Not proven: nobody is asked for it.
    assert_eq!(count!(t, "select count(*) from phones"), 0);
    assert_eq!(t.script().sign_in(ADA, PASSWORD).await.location(), "/account");
    let page = ada.follow().await;
    assert!(page.text("phone-sent").contains("•••• 56") && !page.body.contains("7400"));
    ada.submit("confirm-phone-button", &[("code", other_than(&code))])
        .await;
    assert!(ada.follow().await.has("code-error"));
    assert_eq!(count!(t, "select count(*) from phones"), 0);
    ada.get("/account/security/phone").await;
    let added = ada.submit("confirm-phone-button", &[("code", &code)]).await;
    assert_eq!(added.location(), "/account/security/recovery-codes");
    assert_eq!(session(&ada).await, (2, "pwd sms mfa".to_owned()));
    assert_eq!(t.mail_to(ADA).await.subject, "A phone number was added");
    assert_eq!(t.audited("sms_codes.added").await, 1);
    let page = ada.get("/account/security").await;
    assert!(page.text("sms-state").contains("•••• 56"), "{}", page.outline());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_proofs_of_one_number_at_once_one_adds_it() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off"), ("PASSWORD_QUEUE", "200")]).await;
    let mut ada = t.member("Ada", ADA).await;
    ada.get("/account/security/phone").await;
    ada.submit("add-phone-button", &[("phone", PHONE)]).await;
    let code = t.code_for(PHONE).await;
    let tries: Vec<_> = (0..64)
        .map(|_| {
            let (mut one, code) = (ada.scripted(), code.clone());
            tokio::spawn(async move { one.post("/api/confirm-phone", &[("code", &code)]).await.status })
        })
        .collect();
    let mut done = 0;
    for attempt in tries {
        done += usize::from(attempt.await.unwrap() == 200);
    }
    assert!(done >= 1);
    assert_eq!(t.audited("sms_codes.added").await, 1);
    assert_eq!(count!(t, "select count(*) from phones"), 1);
    assert_eq!(count!(t, "select count(*) from recovery_codes"), 10);
    assert_eq!(t.mail_to(ADA).await.subject, "A phone number was added");
}

#[tokio::test]
async fn cve_2026_105211_no_answer_holds_the_code_that_went_out() {
    let t = TestHouse::new().await;
    with_phone(&t, "Ada", ADA, PHONE).await;
    for mut browser in [t.browser(), t.script()] {
        t.clock.advance(Duration::minutes(10));
        at_challenge(&mut browser, ADA).await;
        browser.get("/sign-in/challenge?factor=sms").await;
        let sent = browser.submit("send-code-button", &[]).await;
        let page = browser.follow().await;
        let code = t.code_for(PHONE).await;
        for seen in [sent, page] {
            let head = format!("{:?}", seen.headers);
            assert!(!seen.body.contains(&code) && !head.contains(&code));
        }
    }
}

#[tokio::test]
async fn cve_2024_8122_a_code_works_for_ten_minutes_and_once() {
    let t = TestHouse::new().await;
    with_phone(&t, "Ada", ADA, PHONE).await;
    for (wait, taken) in [
        (Duration::minutes(10) - Duration::seconds(1), true),
        (Duration::minutes(10), false),
    ] {
        let mut browser = t.script();
        at_challenge(&mut browser, ADA).await;
        let code = ask(&t, &mut browser, PHONE).await;
        t.clock.advance(wait);
        browser.get(CHALLENGE).await;
        let fields = [("factor", "sms"), ("code", code.as_str())];
        let page = browser.post("/api/sign-in-challenge", &fields).await;
        if taken {
            assert_eq!(page.location(), "/account");
            assert_eq!(session(&browser).await, (2, "pwd sms mfa".to_owned()));
            let again = browser.post("/api/sign-in-challenge", &fields).await;
            assert_eq!(again.faults(), ["sign-in-over"], "once");
        } else {
            assert_eq!(page.faults(), ["code: code-expired"]);
        }
    }
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_6_6_2_a_code_of_another_sign_in_person_way_or_of_before_is_worth_nothing() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    // One telephone for two people: a family.
    let mut ada = with_phone(&t, "Ada", ADA, PHONE).await;
    with_phone(&t, "Bob", BOB, PHONE).await;
    let mut first = t.script();
    at_challenge(&mut first, ADA).await;
    let of_first = ask(&t, &mut first, PHONE).await;
    let mut second = t.script();
    at_challenge(&mut second, ADA).await;
    let of_second = ask(&t, &mut second, PHONE).await;
    let mut bob = t.script();
    at_challenge(&mut bob, BOB).await;
    let of_bob = ask(&t, &mut bob, PHONE).await;
    for (browser, code) in [
        (&mut first, &of_second),
        (&mut second, &of_bob),
        (&mut bob, &of_first),
    ] {
        let page = answer(browser, "sms", code).await;
        assert_eq!(page.faults(), ["code: factor-wrong"]);
    }
    // A newer one makes it worthless, also one by mail; and what came by one way is no answer to the other.
    ada.get("/account/security").await;
    ada.submit("add-mail-codes-button", &[]).await;
    t.mails_to(ADA).await;
    first.get("/sign-in/challenge?factor=mail").await;
    first.submit("send-code-button", &[]).await;
    let mailed = t.code_for(ADA).await;
    for (factor, code) in [("sms", &of_first), ("sms", &mailed)] {
        let fields = [("factor", factor), ("code", code.as_str())];
        let page = first.post("/api/sign-in-challenge", &fields).await;
        assert_eq!(page.faults(), ["code: code-expired"], "{factor}");
    }
    assert_eq!(answer(&mut first, "mail", &mailed).await.location(), "/account");

    // The code that proves a new number is no second factor.
    t.clock.advance(Duration::minutes(10));
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let code = ask(&t, &mut browser, PHONE).await;
    answer(&mut browser, "sms", &code).await;
    browser.get("/account/security/phone").await;
    browser
        .submit("add-phone-button", &[("phone", OTHER_PHONE)])
        .await;
    let code = t.code_for(OTHER_PHONE).await;
    let fields = [("factor", "sms"), ("code", code.as_str())];
    assert_eq!(
        browser.post("/api/confirm", &fields).await.faults(),
        ["code: code-expired"]
    );
}

#[tokio::test]
async fn asvs_6_6_3_a_code_is_dead_after_five_looks_and_three_go_out_in_ten_minutes() {
    let t = TestHouse::new().await;
    with_phone(&t, "Ada", ADA, PHONE).await;
    t.clock.advance(Duration::minutes(10));
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let code = ask(&t, &mut browser, PHONE).await;
    for _ in 0..5 {
        let page = answer(&mut browser, "sms", other_than(&code)).await;
        assert_eq!(page.faults(), ["code: factor-wrong"]);
        t.clock.advance(Duration::seconds(10));
    }
    let fields = [("factor", "sms"), ("code", code.as_str())];
    let page = browser.post("/api/sign-in-challenge", &fields).await;
    assert_eq!(page.faults(), ["code: code-expired"]);
    for status in [200, 200, 429] {
        let wish = browser
            .post("/api/sign-in-challenge-send", &[("factor", "sms")])
            .await;
        assert_eq!(wish.status, status);
    }
    assert_eq!(t.mails_to(PHONE).await.len(), 2);
    // 5 looks at each of the 10 codes of a day: 50 in 1,000,000, below 1 in 10,000.
    let codes = t.platform.settings().sms.per_person_per_day;
    assert!(codes * 5 * 10_000 < 1_000_000 + 1, "{codes}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_at_once_with_one_code_one_gets_in() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    with_phone(&t, "Ada", ADA, PHONE).await;
    let mut browser = t.script();
    at_challenge(&mut browser, ADA).await;
    let code = ask(&t, &mut browser, PHONE).await;
    // Else they are clicks on one form, which all lead where the first one does.
    browser.jar.remove("latchstring-form");
    let browsers = vec![browser; 64];
    assert_eq!(super::totp::let_in(browsers, "sms", &code).await, 1);
    assert_eq!(count!(t, "select count(*) from sessions"), 2);
}

#[tokio::test]
async fn nothing_is_sent_that_nobody_asked_for() {
    let t = TestHouse::new().await;
    with_phone(&t, "Ada", ADA, PHONE).await;
    let mut browser = t.browser();
    for _ in 0..5 {
        at_challenge(&mut browser, ADA).await;
    }
    let page = browser.get(CHALLENGE).await;
    assert!(page.has("send-code-button") && !page.has("code-input"));
    assert!(
        page.text("challenge-text").contains("•••• 56"),
        "{}",
        page.outline()
    );
    assert!(t.mails_to(PHONE).await.is_empty());
    let code = ask(&t, &mut browser, PHONE).await;
    assert_eq!(answer(&mut browser, "sms", &code).await.location(), "/account");
}

#[tokio::test]
async fn another_number_takes_the_place_of_the_one_before_and_removing_it_is_told() {
    let t = TestHouse::new().await;
    let mut ada = with_phone(&t, "Ada", ADA, PHONE).await;
    let mut waiting = t.script();
    at_challenge(&mut waiting, ADA).await;
    let old = ask(&t, &mut waiting, PHONE).await;
    add_phone(&t, &mut ada, OTHER_PHONE).await;
    assert_eq!(t.mail_to(ADA).await.subject, "A phone number was added");
    assert_eq!(count!(t, "select count(*) from phones"), 1);
    let fields = [("factor", "sms"), ("code", old.as_str())];
    let page = waiting.post("/api/sign-in-challenge", &fields).await;
    assert_eq!(
        page.faults(),
        ["code: factor-wrong"],
        "a code on the old telephone"
    );

    ada.get("/account/security").await;
    let done = ada.submit("remove-phone-button", &[]).await;
    assert_eq!(done.location(), "/account/security?done=sms-removed");
    assert_eq!(t.mail_to(ADA).await.subject, "Your phone number was removed");
    assert_eq!(count!(t, "select count(*) from phones"), 0);
    assert_eq!(
        count!(t, "select count(*) from recovery_codes"),
        0,
        "it was the last one"
    );
}

#[tokio::test]
async fn step_up_asks_for_it_and_adding_is_for_whoever_proved_it_just_now() {
    let t = TestHouse::new().await;
    let mut ada = with_phone(&t, "Ada", ADA, PHONE).await;
    t.clock.advance(Duration::minutes(11));
    for path in ["/account/security/phone", "/account/data"] {
        assert!(ada.get(path).await.location().starts_with("/confirm"), "{path}");
    }
    for path in [
        "/api/add-phone",
        "/api/add-phone-again",
        "/api/confirm-phone",
        "/api/remove-phone",
    ] {
        let page = ada.clone().post(path, &[("phone", PHONE)]).await;
        assert!(page.location().starts_with("/confirm"), "{path}");
    }
    ada.get("/confirm?next=/account/data").await;
    let sent = ada.submit("send-code-button", &[]).await;
    assert!(
        sent.location().contains("factor=sms&sent=1"),
        "{}",
        sent.location()
    );
    let code = t.code_for(PHONE).await;
    ada.follow().await;
    let done = ada.submit("confirm-button", &[("code", &code)]).await;
    assert_eq!(done.location(), "/account/data");
    assert_eq!(session(&ada).await, (2, "pwd sms mfa".to_owned()));
}

#[tokio::test]
async fn an_administrator_has_no_use_for_it() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "optional")]).await;
    let mut ida = t.admin().await;
    let page = ida.get("/account/security").await;
    assert!(!page.has("factor-sms"), "{}", page.outline());
    assert_eq!(
        ida.get("/account/security/phone").await.location(),
        "/account/security"
    );
    let refused = ida.clone().post("/api/add-phone", &[("phone", PHONE)]).await;
    assert!([303, 403].contains(&refused.status));
    assert_eq!(count!(t, "select count(*) from phone_enrolments"), 0);
    // Somebody who had it before they became one: asked for it, and then for an app.
    let mut ada = with_phone(&t, "Ada", ADA, PHONE).await;
    tamper!(
        t,
        "update users set administrator = true, staff = true where email = $1",
        ADA
    );
    t.clock.advance(Duration::days(8));
    let mut late = t.browser();
    at_challenge(&mut late, ADA).await;
    let code = ask(&t, &mut late, PHONE).await;
    assert_eq!(
        answer(&mut late, "sms", &code).await.location(),
        "/account",
        "days of grace begin"
    );
    t.clock.advance(Duration::days(8));
    let mut late = t.browser();
    at_challenge(&mut late, ADA).await;
    let code = ask(&t, &mut late, PHONE).await;
    assert_eq!(answer(&mut late, "sms", &code).await.location(), CHALLENGE);
    let (app, done) = scan(&t, &mut late, "challenge-button").await;
    assert!(done.location().starts_with("/account"), "{}", done.location());
    t.clock.advance(Duration::seconds(30));
    // With the app, the telephone is not offered any more.
    let mut late = t.browser();
    at_challenge(&mut late, ADA).await;
    let page = late.get("/sign-in/challenge?factor=sms").await;
    assert!(
        !page.has("way-sms") && !page.has("send-code-button"),
        "{}",
        page.outline()
    );
    let wish = late
        .clone()
        .post("/api/sign-in-challenge-send", &[("factor", "sms")])
        .await;
    assert!([303, 422].contains(&wish.status));
    assert!(t.mails_to(PHONE).await.is_empty());
    assert_eq!(
        answer(&mut late, "totp", &app.code(&t)).await.location(),
        "/account"
    );
    ada.get("/account").await;
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn where_it_is_off_the_page_says_why_and_whoever_had_it_goes_another_way() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada", ADA).await;
    let codes = add_phone(&t, &mut ada, PHONE).await;
    t.mails_to(ADA).await;
    let off = t.second_node_with(&[("SMS_PROVIDER", "off")]).await;
    let mut bob = t.member("Bob", BOB).await.on(&off);
    let page = bob.get("/account/security").await;
    let why = page.text("sms-state");
    assert!(why.contains("intercepted") && why.contains("safer"), "{why}");
    assert!(!page.has("add-phone-link"));
    let refused = bob.post("/api/add-phone", &[("phone", PHONE)]).await;
    assert!([303, 403].contains(&refused.status));

    let mut browser = off.script();
    at_challenge(&mut browser, ADA).await;
    let wish = browser
        .post("/api/sign-in-challenge-send", &[("factor", "sms")])
        .await;
    assert_eq!(wish.faults(), ["sms-off"]);
    assert!(
        !browser.is_signed_in().await,
        "a factor that sleeps opens nothing"
    );
    assert_eq!(
        answer(&mut browser, "recovery", &codes[0]).await.location(),
        "/account"
    );
    t.mails_to(ADA).await;
    assert!(t.mails_to(PHONE).await.is_empty());
}

/// SMS pumping: whoever has messages sent to numbers that they earn from.
#[tokio::test]
async fn asvs_2_4_1_a_person_a_number_and_the_server_have_so_many_messages_a_day() {
    let t = TestHouse::with(&[
        ("SMS_PER_PERSON_PER_DAY", "3"),
        ("SMS_PER_DAY", "5"),
        ("RATE_LIMITS", "off"),
    ])
    .await;
    let wish = async |browser: &mut Browser, number: &str| {
        let page = browser.post("/api/add-phone", &[("phone", number)]).await;
        t.mails_to(number).await;
        refused(&page)
    };
    let mut ada = script_member(&t, "Ada", ADA).await;
    let mut bob = script_member(&t, "Bob", BOB).await;
    for number in [PHONE, PHONE, OTHER_PHONE] {
        assert!(wish(&mut ada, number).await.is_empty());
    }
    assert_eq!(
        wish(&mut ada, OTHER_PHONE).await,
        ["sms-spent"],
        "a person, whatever the number"
    );
    assert!(wish(&mut bob, PHONE).await.is_empty());
    assert_eq!(
        wish(&mut bob, PHONE).await,
        ["sms-spent"],
        "a number, whoever asks"
    );
    assert!(wish(&mut bob, OTHER_PHONE).await.is_empty());
    let mut eve = script_member(&t, "Eve", "eve@example.com").await;
    assert_eq!(
        wish(&mut eve, "+84987654321").await,
        ["sms-spent"],
        "the server, whoever and wherever to"
    );
    // What was refused left nothing: no code that works, and no count.
    assert_eq!(
        rows!(
            t,
            (String, i64),
            "select kind, taken from text_budgets order by kind, taken"
        ),
        [
            ("number", 2),
            ("number", 3),
            ("person", 2),
            ("person", 3),
            ("server", 5)
        ]
        .map(|(kind, taken)| (kind.to_owned(), taken))
    );
    t.clock.advance(Duration::hours(24));
    let mut eve = script_member(&t, "Eva", "eva@example.com").await;
    assert!(wish(&mut eve, PHONE).await.is_empty(), "a day later");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_wishes_at_once_no_more_are_sent_than_the_day_has() {
    let t = TestHouse::with(&[("SMS_PER_PERSON_PER_DAY", "3"), ("RATE_LIMITS", "off")]).await;
    let ada = script_member(&t, "Ada", ADA).await;
    let wishes = (0..64).map(|_| {
        let mut browser = ada.clone();
        tokio::spawn(async move { browser.post("/api/add-phone", &[("phone", PHONE)]).await.status })
    });
    let mut taken = 0;
    for wish in wishes.collect::<Vec<_>>() {
        taken += u32::from(wish.await.unwrap() == 200);
    }
    assert_eq!(taken, 3);
    assert_eq!(t.mails_to(PHONE).await.len(), 3);
}

#[tokio::test]
async fn only_mobile_numbers_of_the_countries_on_the_list_get_messages() {
    let t = TestHouse::with(&[("SMS_COUNTRIES", "GB"), ("RATE_LIMITS", "off")]).await;
    let mut ada = script_member(&t, "Ada", ADA).await;
    for (number, fault) in [
        ("", "phone: required"),
        ("12", "phone: phone-invalid"),
        ("+442079460958", "phone: phone-invalid"),
        ("+449098790000", "phone: phone-invalid"),
        (OTHER_PHONE, "phone: phone-country"),
        ("+18762101234", "phone: phone-country"),
    ] {
        let page = ada.post("/api/add-phone", &[("phone", number)]).await;
        assert_eq!(page.faults(), [fault], "{number}");
    }
    // Of the one country, as people there write it.
    let page = ada.post("/api/add-phone", &[("phone", "07400 123456")]).await;
    assert_eq!(page.location(), "/account/security/phone");
    assert_eq!(t.mails_to(PHONE).await.len(), 1);
}

#[tokio::test]
async fn neither_number_nor_code_lies_in_the_database_as_it_is() {
    let t = TestHouse::new().await;
    let mut ada = with_phone(&t, "Ada", ADA, PHONE).await;
    ada.get("/account/security/phone").await;
    ada.submit("add-phone-button", &[("phone", OTHER_PHONE)]).await;
    let code = t.code_for(OTHER_PHONE).await;
    tamper!(t, "delete from caught_messages");
    let secrets = [
        ("the number", PHONE.to_owned()),
        ("the number without its plus", PHONE[1..].to_owned()),
        ("the number that is being added", OTHER_PHONE[1..].to_owned()),
        ("the code", code),
    ];
    crate::at_rest::lie_nowhere(&t, &secrets).await;
}

/// Somebody new, in a browser whose forms are sent by the page's script, with a proof of just now.
async fn script_member(t: &TestHouse, name: &str, email: &str) -> Browser {
    let mut browser = t.script();
    browser.sign_up(name, email, PASSWORD).await;
    let code = t.code_for(email).await;
    assert_eq!(browser.type_code(&code).await.location(), "/account");
    t.mails_to(email).await;
    browser.get("/account/security/phone").await;
    browser
}
