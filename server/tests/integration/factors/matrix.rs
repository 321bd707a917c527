//! Path × factor × policy, all of them: what somebody is shown after each way in, with each factor, under each policy, and
//! what the session is worth that stands at the end (6.3.3, 6.3.4, 6.4.3).

use chrono::Duration;

use super::sms::{PHONE, add_phone, ask};
use super::{ADA, App, BOB, CHALLENGE, add_app, add_mail, session};
use crate::house::{Browser, Node, PASSWORD, TestHouse};
use crate::passkeys::{Device, add, asks_for_passkey, begin, sign_in as sign_in_with};
use crate::recover::{asked_for, finish_with, waited};

const NEW_PASSWORD: &str = "nine herons guard the tin lantern";
pub(super) const POLICIES: [&str; 4] = ["off", "optional", "required", "passkey_only"];
pub(super) const FACTORS: [&str; 5] = ["none", "totp", "sms", "mail", "passkey"];

/// What somebody is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// They are in: what the session is worth, and by what.
    In(i64, String),
    /// They are asked for a factor.
    Asked(&'static str),
    /// They add an app before they are in.
    MakesApp,
    /// They make a passkey before they are in.
    MakesPasskey,
}

pub(super) use Shown::{Asked, In, MakesApp, MakesPasskey};

fn is_in(aal: i64, amr: &str) -> Shown {
    In(aal, amr.to_owned())
}

/// What somebody has.
pub(super) enum Has {
    Nothing,
    App(App),
    Phone,
    Mail,
    Passkey(Box<Device>),
}

impl Has {
    /// Gives it to somebody who is signed in.
    pub(super) async fn add(t: &TestHouse, factor: &str, ada: &mut Browser) -> Self {
        match factor {
            "totp" => Self::App(add_app(t, ada).await.0),
            "sms" => {
                add_phone(t, ada, PHONE).await;
                Self::Phone
            }
            "mail" => {
                add_mail(ada).await;
                Self::Mail
            }
            "passkey" => {
                let mut device = Device::synced();
                add(ada, &mut device).await;
                Self::Passkey(Box::new(device))
            }
            _ => Self::Nothing,
        }
    }

    /// Answers with it; `trust`: not to be asked in this browser again.
    async fn give(&mut self, t: &TestHouse, browser: &mut Browser, trust: bool) {
        let trust = if trust { "on" } else { "" };
        let (button, field, value) = match self {
            Self::Nothing => unreachable!("nobody is asked for nothing"),
            Self::App(app) => {
                t.clock.advance(Duration::seconds(60));
                ("challenge-button", "code", app.code(t))
            }
            Self::Phone => {
                let code = ask(t, browser, PHONE).await;
                ("challenge-button", "code", code)
            }
            Self::Mail => {
                let mails = t.mails_to(ADA).await;
                let code = mails.iter().find_map(|mail| mail.code.clone()).expect("a code");
                ("challenge-button", "code", code)
            }
            Self::Passkey(device) => {
                let options = begin(browser, "challenge").await;
                ("passkey-button", "credential", device.sign(&options))
            }
        };
        let page = browser.get(CHALLENGE).await;
        let mut typed = vec![(field, value.as_str())];
        if page.has("trust-input") {
            typed.push(("trust", trust));
        }
        browser.submit(button, &typed).await;
    }
}

/// Where a browser is after a right first factor.
async fn shown(browser: &mut Browser) -> Shown {
    if browser.is_signed_in().await {
        let (aal, amr) = session(browser).await;
        return In(aal, amr);
    }
    let page = browser.get(CHALLENGE).await;
    assert_eq!(page.status, 200, "neither in nor asked: {}", page.outline());
    if page.has("totp-key") {
        MakesApp
    } else if page.body.contains("action=\"/api/sign-in-enrol\"") {
        assert!(asks_for_passkey(&page));
        MakesPasskey
    } else {
        let factor = page.value("factor");
        let known = FACTORS.into_iter().find(|known| *known == factor);
        Asked(known.expect("a factor that somebody has"))
    }
}

/// All that somebody is shown until they are in or have to make something.
pub(super) async fn walk(t: &TestHouse, browser: &mut Browser, has: &mut Has) -> Vec<Shown> {
    let mut seen = vec![shown(browser).await];
    while let Some(Asked(_)) = seen.last() {
        assert!(seen.len() < 3, "asked for ever: {seen:?}");
        has.give(t, browser, false).await;
        seen.push(shown(browser).await);
    }
    seen
}

/// What a password leads to in a browser that nobody knows, whether typed, or set by a link.
pub(super) fn after_a_password(factor: &'static str, policy: &str) -> Vec<Shown> {
    let end = match (factor, policy) {
        ("none", "required") => MakesApp,
        ("passkey", _) => is_in(2, "pwd swk user mfa"),
        (_, "passkey_only") => MakesPasskey,
        ("totp", _) => is_in(2, "pwd otp mfa"),
        ("sms", _) => is_in(2, "pwd sms mfa"),
        ("mail", _) => is_in(1, "pwd mail"),
        _ => is_in(1, "pwd"),
    };
    match factor {
        "none" => vec![end],
        _ => vec![Asked(factor), end],
    }
}

/// A node where this is the policy, without days of grace.
pub(super) async fn under(t: &TestHouse, policy: &str) -> Node {
    let settings = [("SECOND_FACTOR", policy), ("SECOND_FACTOR_GRACE_DAYS", "0")];
    t.second_node_with(&settings).await
}

#[tokio::test]
async fn asvs_6_3_4_cve_2026_15616_73278_73535_ghsa_wc43_every_path_with_every_factor_under_every_policy() {
    for factor in FACTORS {
        for policy in POLICIES {
            let case = format!("{factor} under {policy}");
            let t = TestHouse::new().await;
            let mut ada = t.member("Ada", ADA).await;
            let mut has = Has::add(&t, factor, &mut ada).await;
            let mut remembered = t.browser();
            if factor != "none" {
                remembered.sign_in(ADA, PASSWORD).await;
                has.give(&t, &mut remembered, true).await;
                remembered.sign_out().await;
            }
            t.mails_to(ADA).await;
            let node = under(&t, policy).await;
            let expected = after_a_password(factor, policy);

            // Only so many codes go out by mail unasked in ten minutes.
            t.clock.advance(Duration::minutes(11));
            let mut browser = node.browser();
            browser.sign_in(ADA, PASSWORD).await;
            assert_eq!(
                walk(&t, &mut browser, &mut has).await,
                expected,
                "{case}: password"
            );
            t.mails_to(ADA).await;

            t.clock.advance(Duration::minutes(11));
            let mut browser = remembered.on(&node);
            browser.sign_in(ADA, PASSWORD).await;
            let not_asked = factor != "none" && policy != "passkey_only";
            let known = if not_asked {
                vec![is_in(1, "pwd")]
            } else {
                expected.clone()
            };
            assert_eq!(
                walk(&t, &mut browser, &mut has).await,
                known,
                "{case}: remembered device"
            );
            t.mails_to(ADA).await;

            // The key alone: of somebody who has none, one that they made up.
            let mut browser = node.script();
            let mut none = Device::synced();
            none.holder = vec![7; 16];
            if let Has::Passkey(device) = &mut has {
                sign_in_with(&mut browser, device).await;
                assert_eq!(
                    shown(&mut browser).await,
                    is_in(2, "swk user mfa"),
                    "{case}: passkey"
                );
            } else {
                let refused = sign_in_with(&mut browser, &mut none).await;
                assert_eq!(refused.faults(), ["passkey-wrong"], "{case}: passkey");
            }

            t.clock.advance(Duration::minutes(11));
            let mut browser = node.script();
            browser.get("/forgot-password").await;
            browser.submit("forgot-password-button", &[("email", ADA)]).await;
            let link = t.link_for(ADA).await;
            browser.open(&link).await;
            browser
                .submit("reset-password-button", &[("password", NEW_PASSWORD)])
                .await;
            assert!(!browser.is_signed_in().await, "{case}: a reset lets nobody in");
            t.mails_to(ADA).await;
            browser.sign_in(ADA, NEW_PASSWORD).await;
            assert_eq!(walk(&t, &mut browser, &mut has).await, expected, "{case}: reset");
            t.mails_to(ADA).await;

            // Whoever got the account back has no factor any more, whatever there was.
            asked_for(&t, ADA).await;
            let link = waited(&t, ADA).await;
            let mut browser = node.browser();
            finish_with(&mut browser, &link).await;
            assert!(!browser.is_signed_in().await, "{case}: a recovery lets nobody in");
            browser.sign_in(ADA, NEW_PASSWORD).await;
            let bare = after_a_password("none", policy);
            assert_eq!(
                walk(&t, &mut browser, &mut Has::Nothing).await,
                bare,
                "{case}: recovery"
            );
            t.mails_to(ADA).await;

            if factor == "none" {
                for by_link in [true, false] {
                    let email = if by_link { BOB } else { "eda@example.com" };
                    let mut browser = node.browser();
                    browser.sign_up("Bob", email, PASSWORD).await;
                    if by_link {
                        let link = t.link_for(email).await;
                        browser.open(&link).await;
                        browser.submit("verify-button", &[]).await;
                    } else {
                        let code = t.code_for(email).await;
                        browser.type_code(&code).await;
                    }
                    let seen = walk(&t, &mut browser, &mut Has::Nothing).await;
                    assert_eq!(seen, bare, "{case}: verification link");
                    t.mails_to(email).await;
                }
            }
        }
    }
}
