//! Second factors: at every way in, at `/confirm`, and on `/account/security`. Tests that a flaw of another server is about
//! have its id in their name (SECURITY-BAR 4.1, 4.3).

mod at_rest;
mod challenge;
mod enrolment;
mod limits;
mod mail;
mod matrix;
mod paths;
mod recovery;
mod roles;
mod sms;
mod sms_provider;
mod step_up;
mod totp;
mod trusted;

use chrono::Duration;
use totp_rs::{Builder, Secret};

use crate::house::{Browser, PASSWORD, Page, TestHouse};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
pub const CHALLENGE: &str = "/sign-in/challenge";

/// Somebody's telephone.
#[derive(Clone)]
pub struct App(String);

impl App {
    /// Reads the key off a page.
    pub fn on(page: &Page) -> Self {
        Self(page.text("totp-key").replace(' ', ""))
    }

    /// What the app shows now.
    pub fn code(&self, t: &TestHouse) -> String {
        self.code_at(t, 0)
    }

    /// What it shows so many steps later.
    fn code_at(&self, t: &TestHouse, steps: i64) -> String {
        let secret = Secret::try_from_base32(&self.0).unwrap();
        let time = t.clock.now().timestamp() + 30 * steps;
        let totp = Builder::new().with_secret(secret).build().unwrap();
        totp.generate(time.try_into().unwrap()).to_string()
    }
}

/// A code of six digits that is not this one.
pub fn other_than(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

/// Reads the key off the page that is on the screen, and types its first code; the answer is not followed.
async fn scan(t: &TestHouse, browser: &mut Browser, button: &str) -> (App, Page) {
    let page = browser.follow().await;
    let app = App::on(&page);
    let answer = browser.submit(button, &[("code", &app.code(t))]).await;
    (app, answer)
}

/// Adds an authenticator app, does not look at the recovery codes, and begins with another one.
pub async fn begin(t: &TestHouse, browser: &mut Browser) {
    browser.get("/account/security").await;
    browser.submit("add-authenticator-button", &[]).await;
    scan(t, browser, "confirm-authenticator-button").await;
    browser.post("/api/add-authenticator", &[]).await;
}

/// Adds an authenticator app. Returns it with the recovery codes; the step of the first code is over.
pub async fn add_app(t: &TestHouse, browser: &mut Browser) -> (App, Vec<String>) {
    browser.get("/account/security").await;
    browser.submit("add-authenticator-button", &[]).await;
    let (app, answer) = scan(t, browser, "confirm-authenticator-button").await;
    assert_eq!(answer.location(), "/account/security/recovery-codes");
    let codes = browser.follow().await.texts("recovery-code");
    t.clock.advance(Duration::seconds(30));
    (app, codes)
}

/// Makes codes by mail a second factor. Returns the recovery codes.
async fn add_mail(browser: &mut Browser) -> Vec<String> {
    browser.get("/account/security").await;
    let answer = browser.submit("add-mail-codes-button", &[]).await;
    assert_eq!(answer.location(), "/account/security/recovery-codes");
    browser.follow().await.texts("recovery-code")
}

/// Somebody with an authenticator app, signed in; the mails about it are read.
pub async fn with_app(t: &TestHouse, name: &str, email: &str) -> (Browser, App, Vec<String>) {
    let mut browser = t.member(name, email).await;
    let (app, codes) = add_app(t, &mut browser).await;
    t.mails_to(email).await;
    (browser, app, codes)
}

/// Gives the password; the browser is then where something is owed.
pub async fn at_challenge(browser: &mut Browser, email: &str) {
    assert_eq!(browser.sign_in(email, PASSWORD).await.location(), CHALLENGE);
    assert!(!browser.is_signed_in().await, "the password alone lets nobody in");
    assert_eq!(browser.get(CHALLENGE).await.status, 200);
}

/// Answers with a factor; the answer is not followed.
pub async fn answer(browser: &mut Browser, factor: &str, code: &str) -> Page {
    browser.get(&format!("{CHALLENGE}?factor={factor}")).await;
    browser.submit("challenge-button", &[("code", code)]).await
}

/// What the session API says of a browser.
pub async fn session(browser: &Browser) -> (i64, String) {
    let session = browser.clone().fetch("/api/v1/session").await.json();
    let amr: Vec<&str> = session["amr"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap())
        .collect();
    (session["aal"].as_i64().unwrap(), amr.join(" "))
}
