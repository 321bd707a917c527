//! Path × factor × policy: whoever has a factor is asked for it on every way in (6.3.4; CVE-2025-64103, CVE-2026-15616).

use crate::house::{Browser, PASSWORD, TestHouse, tamper};

use super::sms::{PHONE, add_phone, ask};
use super::{ADA, App, CHALLENGE, add_app, add_mail, answer, at_challenge, scan, session};

const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
const POLICIES: [&[(&str, &str)]; 4] = [
    &[("SECOND_FACTOR", "off")],
    &[("SECOND_FACTOR", "optional")],
    &[("SECOND_FACTOR", "required")],
    &[("SECOND_FACTOR", "required"), ("SECOND_FACTOR_GRACE_DAYS", "0")],
];

/// What somebody has.
enum Has {
    Nothing,
    App(App),
    Phone,
    Mail,
}

/// Gives what the person has, and says what the session then is.
async fn give(t: &TestHouse, browser: &mut Browser, has: &Has) -> (i64, String) {
    match has {
        Has::Nothing => {}
        Has::App(app) => {
            assert_eq!(answer(browser, "totp", &app.code(t)).await.location(), "/account");
        }
        Has::Phone => {
            let code = ask(t, browser, PHONE).await;
            assert_eq!(answer(browser, "sms", &code).await.location(), "/account");
        }
        Has::Mail => {
            let mails = t.mails_to(ADA).await;
            let code = mails.iter().find_map(|mail| mail.code.clone()).expect("a code");
            assert_eq!(answer(browser, "mail", &code).await.location(), "/account");
        }
    }
    session(browser).await
}

/// A new password by mail, and then a sign-in with it.
async fn reset(t: &TestHouse, browser: &mut Browser) -> String {
    browser.get("/forgot-password").await;
    browser.submit("forgot-password-button", &[("email", ADA)]).await;
    let link = t.link_for(ADA).await;
    browser.open(&link).await;
    let done = browser
        .submit("reset-password-button", &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!(done.location(), "/sign-in?reset=1");
    assert!(
        !browser.is_signed_in().await,
        "a reset lets nobody in (CVE-2026-18963)"
    );
    t.mails_to(ADA).await;
    browser.sign_in(ADA, NEW_PASSWORD).await.location()
}

#[tokio::test]
async fn cve_2025_64103_a_factor_is_asked_for_on_every_path_whatever_the_policy() {
    for settings in POLICIES {
        for factor in ["none", "totp", "sms", "mail"] {
            // Factors are added where that is allowed, and are there under every policy.
            let t = TestHouse::new().await;
            let mut ada = t.member("Ada", ADA).await;
            let has = match factor {
                "totp" => Has::App(add_app(&t, &mut ada).await.0),
                "sms" => {
                    add_phone(&t, &mut ada, PHONE).await;
                    Has::Phone
                }
                "mail" => {
                    add_mail(&mut ada).await;
                    Has::Mail
                }
                _ => Has::Nothing,
            };
            t.mails_to(ADA).await;
            let node = t.second_node_with(settings).await;
            let has_none = matches!(has, Has::Nothing);
            let must_add = has_none && settings.iter().any(|(_, value)| *value == "0");
            let due = if has_none && !must_add {
                "/account"
            } else {
                CHALLENGE
            };
            let worth = match has {
                Has::Nothing => (1, "pwd".to_owned()),
                Has::App(_) => (2, "pwd otp mfa".to_owned()),
                Has::Phone => (2, "pwd sms mfa".to_owned()),
                Has::Mail => (1, "pwd mail".to_owned()),
            };
            let case = format!("{settings:?} {factor}");

            let mut browser = node.browser();
            assert_eq!(
                browser.sign_in(ADA, PASSWORD).await.location(),
                due,
                "{case}: sign-in"
            );
            if must_add {
                continue;
            }
            assert_eq!(give(&t, &mut browser, &has).await, worth, "{case}: sign-in");
            t.clock.advance(chrono::Duration::seconds(60));

            let mut browser = node.script();
            assert_eq!(reset(&t, &mut browser).await, due, "{case}: reset");
            assert_eq!(give(&t, &mut browser, &has).await, worth, "{case}: reset");
            t.mails_to(ADA).await;
        }
    }
}

#[tokio::test]
async fn a_second_account_in_the_browser_is_asked_too_and_both_stay() {
    let t = TestHouse::new().await;
    let (_, app, _) = super::with_app(&t, "Ada", ADA).await;
    let mut browser = t.member("Bob", super::BOB).await;
    browser.get("/sign-in?add=1").await;
    let typed = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(
        browser.submit("sign-in-button", &typed).await.location(),
        CHALLENGE
    );
    let now = browser.clone().fetch("/api/v1/session").await.json();
    assert_eq!(now["person"]["name"], "Bob", "nobody changed places yet");
    assert_eq!(
        answer(&mut browser, "totp", &app.code(&t)).await.location(),
        "/account"
    );
    let now = browser.clone().fetch("/api/v1/session").await.json();
    assert_eq!(now["person"]["name"], "Ada");
    let page = browser.get("/account").await;
    assert!(page.body.contains("Bob"), "Bob waits in the menu");
}

#[tokio::test]
async fn the_set_up_of_somebody_who_has_a_factor_asks_for_it() {
    let t = TestHouse::new().await;
    let (_, app, _) = super::with_app(&t, "Ada", ADA).await;
    let mut operator = t.browser();
    operator.open(&t.setup_link().await).await;
    let fields = [("name", "Ada"), ("email", ADA), ("password", NEW_PASSWORD)];
    assert_eq!(
        operator.submit("setup-button", &fields).await.location(),
        CHALLENGE
    );
    assert!(!operator.is_signed_in().await);
    assert_eq!(
        answer(&mut operator, "totp", &app.code(&t)).await.location(),
        "/account"
    );
    assert_eq!(session(&operator).await, (2, "pwd otp mfa".to_owned()));
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn whoever_must_have_a_factor_adds_it_before_there_is_a_session() {
    let settings = [("SECOND_FACTOR", "required"), ("SECOND_FACTOR_GRACE_DAYS", "0")];
    let t = TestHouse::with(&settings).await;
    for (mut browser, email) in [(t.browser(), ADA), (t.script(), super::BOB)] {
        browser.sign_up("Ada", email, PASSWORD).await;
        let code = t.code_for(email).await;
        assert_eq!(browser.type_code(&code).await.location(), CHALLENGE);
        assert!(!browser.is_signed_in().await);
        // Neither an empty code nor an answer to a factor that nobody has leads on.
        browser.get(CHALLENGE).await;
        let empty = browser.clone().post("/api/sign-in-enrol", &[]).await;
        let none = browser
            .clone()
            .post(
                "/api/sign-in-challenge",
                &[("factor", "totp"), ("code", "123456")],
            )
            .await;
        assert!([303, 422].contains(&empty.status) && [303, 422].contains(&none.status));
        assert!(!browser.is_signed_in().await);

        browser.sign_in(email, PASSWORD).await;
        let (_, done) = scan(&t, &mut browser, "challenge-button").await;
        assert_eq!(done.location(), "/account/security/recovery-codes");
        assert_eq!(session(&browser).await, (2, "pwd otp mfa".to_owned()));
        assert_eq!(browser.follow().await.texts("recovery-code").len(), 10);
        let subjects: Vec<_> = t
            .mails_to(email)
            .await
            .into_iter()
            .map(|mail| mail.subject)
            .collect();
        assert!(
            subjects.contains(&"An authenticator app was added".to_owned()),
            "{subjects:?}"
        );
    }
}

#[tokio::test]
async fn the_days_of_grace_begin_at_the_first_sign_in_that_asks_and_end() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "required")]).await;
    let mut ada = t.member("Ada", ADA).await;
    assert!(ada.get("/account/security").await.has("factor-required"));
    t.clock
        .advance(chrono::Duration::days(7) - chrono::Duration::seconds(1));
    assert_eq!(t.browser().sign_in(ADA, PASSWORD).await.location(), "/account");
    t.clock.advance(chrono::Duration::seconds(1));
    let mut late = t.browser();
    at_challenge(&mut late, ADA).await;
    assert!(late.get(CHALLENGE).await.has("totp-key"));
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_6_3_3_an_administrator_must_have_an_app_and_mail_is_not_enough() {
    let t = TestHouse::with(&[("SECOND_FACTOR", "off")]).await;
    let mut ida = t.admin().await;
    let page = ida.get("/account/security").await;
    assert!(page.has("factor-required") && !page.has("add-mail-codes-button"));
    // Somebody who had codes by mail before they became one.
    let now = t.clock.now();
    tamper!(
        t,
        "insert into mail_factors (user_id, created_at) select id, $1 from users",
        now
    );
    t.clock.advance(chrono::Duration::days(7));
    let mut late = t.browser();
    at_challenge(&mut late, "ida@example.com").await;
    let code = t.code_for("ida@example.com").await;
    assert_eq!(answer(&mut late, "mail", &code).await.location(), CHALLENGE);
    assert!(!late.is_signed_in().await);
    let (_, done) = scan(&t, &mut late, "challenge-button").await;
    assert_eq!(done.location(), "/account/security/recovery-codes");
    assert_eq!(session(&late).await.0, 2);
    t.mails_to("ida@example.com").await;
}
