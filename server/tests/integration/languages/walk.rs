//! Every page in every state, in every language: no message is missing, and none was left in English.

mod console;
mod data;
mod factors;
mod passkeys;
mod person;
mod recover;
mod settings;
mod unseen;
mod watch;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use domain::authentication::{change_email, reset_password, set_up, sign_up};
use domain::words::Language;
use server::routes::{Audience, ROUTES};

use crate::house::{Browser, PASSWORD, Page, TestHouse, tamper};

const WRONG: &str = "not the right password";

/// Somebody who walks through the house and notes all that is said.
struct Walker<'a> {
    t: &'a TestHouse,
    language: &'static str,
    seen: Vec<Page>,
    mails: Vec<String>,
}

impl Walker<'_> {
    fn browser(&self) -> Browser {
        self.t.browser().reading(self.language)
    }

    fn script(&self) -> Browser {
        self.t.script().reading(self.language)
    }

    /// Opens a page in a browser.
    async fn open(&mut self, browser: &mut Browser, path: &str) {
        let page = browser.get(path).await;
        self.seen.push(page);
    }

    /// Sends a form that is refused, and sees what the page then says.
    async fn refused(&mut self, browser: &mut Browser, button: &str, typed: &[(&str, &str)]) {
        assert_eq!(browser.submit(button, typed).await.status, 303, "{button}");
        let page = browser.follow().await;
        self.seen.push(page);
    }

    /// Somebody new, signed in.
    async fn member(&mut self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_up("Ada Lovelace", email, PASSWORD).await;
        let code = self.code(email).await;
        browser.type_code(&code).await;
        self.mail(email).await;
        browser
    }

    /// The newest mail to an address.
    async fn mail(&mut self, email: &str) -> domain::notification::dev_inbox::CaughtMessage {
        let mail = self.t.mail_to(email).await;
        self.mails.push(format!("{}\n{}", mail.subject, mail.text));
        self.mails.push(unseen::said(&mail.html).join("\n"));
        mail
    }

    async fn code(&mut self, email: &str) -> String {
        self.mail(email).await.code.expect("a code")
    }

    async fn link(&mut self, email: &str) -> String {
        let mail = self.mail(email).await;
        mail.links
            .into_iter()
            .find(|link| link.contains("token="))
            .expect("a link")
    }

    /// What a page says to everybody, and to somebody who is signed in.
    async fn plain_pages(&mut self) {
        let pages: Vec<&str> = ROUTES
            .iter()
            .filter(|route| route.method == "GET" && !route.path.contains('{') && !route.path.contains('.'))
            .filter(|route| !route.path.starts_with("/api/") && route.audience != Audience::Operator)
            .filter(|route| !route.path.starts_with("/health/"))
            .map(|route| route.path)
            .collect();
        let mut visitor = self.browser();
        for path in &pages {
            self.open(&mut visitor, path).await;
        }
        for path in [
            "/sign-in?signed-out=1",
            "/sign-in?reset=1",
            "/sign-in?recovered=1",
            "/recover?sent=1",
            "/recover/finish?token=AAAA",
            "/sign-in?expired=1",
            "/sign-in?next=/account",
            "/forgot-password?sent=1",
            "/sign-up/verify?resent=1",
            "/sign-up/verify?token=AAAA",
            "/reset-password?token=AAAA",
            "/setup?token=AAAA",
            "/no/such/page",
        ] {
            self.open(&mut visitor, path).await;
        }
        let mut member = self.member("ada@example.com").await;
        for path in &pages {
            self.open(&mut member, path).await;
        }
        tamper!(self.t, "update sessions set user_agent = 'something new'");
        self.open(&mut member, "/account/sessions").await;
        // Caught mail is shown on this machine only.
        let mut developer = self.browser();
        developer.address = Ipv4Addr::LOCALHOST.into();
        self.open(&mut developer, "/dev/inbox").await;
        tamper!(self.t, "update caught_messages set channel = 'sms'");
        self.open(&mut developer, "/dev/inbox").await;
        tamper!(self.t, "delete from caught_messages");
        self.open(&mut developer, "/dev/inbox").await;
    }

    /// The first administrator: the link fresh, refused, used, too old, and when all is done.
    async fn set_up(&mut self) {
        let link = self.t.setup_link().await;
        let mut browser = self.browser();
        let page = browser.open(&link).await;
        self.seen.push(page);
        let faults = [("name", "***"), ("email", "ada@example"), ("password", "short")];
        self.refused(&mut browser, "setup-button", &faults).await;
        self.t.clock.advance(set_up::LINK_LIFE + Duration::seconds(1));
        let page = browser.open(&link).await;
        self.seen.push(page);
        let link = self.t.setup_link().await;
        browser.open(&link).await;
        let fields = [
            ("name", "Ida Rhodes"),
            ("email", "ida@example.com"),
            ("password", PASSWORD),
        ];
        browser.submit("setup-button", &fields).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail("ida@example.com").await;
        let page = browser.open(&link).await;
        self.seen.push(page);
    }

    async fn sign_up(&mut self) {
        let mut browser = self.browser();
        self.open(&mut browser, "/sign-up").await;
        let faults = [
            ("name", "***"),
            ("email", "ada@example"),
            ("password", "passwordpassword"),
        ];
        self.refused(&mut browser, "sign-up-button", &faults).await;
        self.refused(
            &mut browser,
            "sign-up-button",
            &[("name", ""), ("email", ""), ("password", "")],
        )
        .await;
        let fields = [
            ("name", "Eda"),
            ("email", "eda@example.com"),
            ("password", PASSWORD),
        ];
        browser.submit("sign-up-button", &fields).await;
        let page = browser.follow().await;
        self.seen.push(page);
        let code = self.code("eda@example.com").await;
        let wrong = if code == "123456" { "654321" } else { "123456" };
        self.refused(&mut browser, "verify-button", &[("code", wrong)])
            .await;
        self.refused(&mut browser, "verify-button", &[("code", "")]).await;
        browser.submit("resend-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        let link = self.link("eda@example.com").await;
        let page = browser.open(&link).await;
        self.seen.push(page);
        let mut elsewhere = self.browser();
        let page = elsewhere.open(&link).await;
        self.seen.push(page);
        self.refused(&mut elsewhere, "verify-button", &[("password", "Eda")])
            .await;
        elsewhere.get("/sign-up/verify").await;
        self.refused(&mut elsewhere, "verify-button", &[("code", "123456")])
            .await;
        browser.open(&link).await;
        browser.submit("verify-button", &[]).await;
        self.mail("eda@example.com").await;
        let page = elsewhere.open(&link).await;
        self.seen.push(page);
        // Known already; and too old.
        let mut again = self.browser();
        again.sign_up("Eda", "eda@example.com", PASSWORD).await;
        self.mail("eda@example.com").await;
        let mut late = self.browser();
        // No name that a mail would greet somebody by.
        late.sign_up("Win at evil.example", "lea@example.com", PASSWORD)
            .await;
        let link = self.link("lea@example.com").await;
        self.t.clock.advance(sign_up::CODE_LIFE + Duration::seconds(1));
        late.get("/sign-up/verify").await;
        self.refused(&mut late, "verify-button", &[("code", "123456")])
            .await;
        self.t.clock.advance(sign_up::LINK_LIFE);
        let page = late.open(&link).await;
        self.seen.push(page);
    }

    async fn sign_in(&mut self) {
        let mut browser = self.browser();
        self.open(&mut browser, "/sign-in").await;
        for typed in [
            [("email", "ada@example.com"), ("password", WRONG)],
            [("email", "ada@example"), ("password", "")],
        ] {
            self.refused(&mut browser, "sign-in-button", &typed).await;
        }
        let typed = [("email", "ada@example.com"), ("password", WRONG)];
        for _ in 0..5 {
            self.refused(&mut browser, "sign-in-button", &typed).await;
        }
        let typed = [("email", "ida@example.com"), ("password", PASSWORD)];
        browser.get("/sign-in").await;
        browser.submit("sign-in-button", &typed).await;
        for path in ["/sign-in", "/sign-up", "/sign-out", "/account"] {
            self.open(&mut browser, path).await;
        }
        // The session ends while the page is open.
        self.t.clock.advance(Duration::days(2));
        browser.get("/account").await;
        let page = browser.follow().await;
        self.seen.push(page);
        let refused = self.script().sign_in("ada@example.com", "").await;
        assert_eq!(refused.status, 422);
    }

    async fn reset(&mut self) {
        let mut browser = self.browser();
        self.open(&mut browser, "/forgot-password").await;
        self.refused(
            &mut browser,
            "forgot-password-button",
            &[("email", "ada@example")],
        )
        .await;
        let mut links = Vec::new();
        for _ in 0..2 {
            browser.get("/forgot-password").await;
            browser
                .submit("forgot-password-button", &[("email", "ada@example.com")])
                .await;
            let page = browser.follow().await;
            self.seen.push(page);
            links.push(self.link("ada@example.com").await);
        }
        // A newer link replaced the first one.
        let page = browser.open(&links[0]).await;
        self.seen.push(page);
        let page = browser.open(&links[1]).await;
        self.seen.push(page);
        for password in ["short", "ada lovelace 1815", "passwordpassword"] {
            self.refused(&mut browser, "reset-password-button", &[("password", password)])
                .await;
        }
        let long = "a long one ".repeat(40);
        self.refused(&mut browser, "reset-password-button", &[("password", &long)])
            .await;
        let new = [("password", "nine herons guard the tin lantern")];
        browser.submit("reset-password-button", &new).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail("ada@example.com").await;
        let page = browser.open(&links[1]).await;
        self.seen.push(page);
        self.t.clock.advance(Duration::hours(1));
        browser.get("/forgot-password").await;
        browser
            .submit("forgot-password-button", &[("email", "ada@example.com")])
            .await;
        let link = self.link("ada@example.com").await;
        self.t
            .clock
            .advance(reset_password::LINK_LIFE + Duration::seconds(1));
        let page = browser.open(&link).await;
        self.seen.push(page);
    }

    /// What somebody does with their account.
    async fn account(&mut self) {
        let mut browser = self.member("mia@example.com").await;
        self.open(&mut browser, "/account/security").await;
        let wrong = [("current_password", WRONG), ("password", "short")];
        self.refused(&mut browser, "change-password-button", &wrong).await;
        let new = [
            ("current_password", PASSWORD),
            ("password", "nine herons guard the tin lantern"),
        ];
        browser.submit("change-password-button", &new).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail("mia@example.com").await;
    }

    /// Devices, activity, "this wasn't me", and several accounts in one browser.
    async fn devices(&mut self) {
        let email = "noa@example.com";
        let mut browser = self.member(email).await;
        let mut other = self.browser();
        other.sign_in(email, WRONG).await;
        other.sign_in(email, PASSWORD).await;
        for path in ["/account", "/account/sessions", "/account/activity"] {
            self.open(&mut browser, path).await;
        }
        browser.get("/account/sessions").await;
        browser.submit("end-session-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.open(&mut browser, "/account/not-me").await;
        browser.submit("alarmed-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.open(&mut browser, "/account/sessions?done=others").await;

        self.member("zoe@example.com").await;
        self.open(&mut browser, "/sign-in?add=1").await;
        let typed = [("email", "zoe@example.com"), ("password", PASSWORD)];
        browser.submit("sign-in-button", &typed).await;
        self.open(&mut browser, "/account").await;
        browser.sign_out().await;
        self.open(&mut browser, "/sign-in").await;
        self.open(&mut browser, "/sign-in?signed-out=all").await;

        let mails = self.t.new_device_mails_to(email).await;
        let link = mails[0].links.iter().find(|link| link.contains("token="));
        let link = link.expect("a link").clone();
        for mail in mails {
            self.mails.push(format!("{}\n{}", mail.subject, mail.text));
        }
        let page = browser.open(&link).await;
        self.seen.push(page);
        browser.submit("not-me-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        let page = browser.open(&link).await;
        self.seen.push(page);
        self.mails_of(email).await;
        self.t.clock.advance(Duration::days(8));
        let mails = self.t.new_device_mails_to("zoe@example.com").await;
        let link = mails[0].links.iter().find(|link| link.contains("token="));
        let page = browser.open(link.expect("a link")).await;
        self.seen.push(page);
    }

    /// Another address: saved, asked for, taken, held, confirmed, undone, and every link that no longer works.
    async fn moves(&mut self) {
        let (old, new) = ("eva@example.com", "eva@new.example");
        let mut eva = self.member(old).await;
        self.open(&mut eva, "/account/profile").await;
        eva.submit("save-profile-button", &[("name", "Eva")]).await;
        let page = eva.follow().await;
        self.seen.push(page);
        for fault in [("name", "***"), ("time_zone", "CET"), ("language", "tlh")] {
            self.open(&mut eva, "/account/profile").await;
            self.refused(&mut eva, "save-profile-button", &[fault]).await;
        }
        for taken in ["ada@example.com", new] {
            self.open(&mut eva, "/account/email").await;
            eva.submit("change-email-button", &[("email", taken)]).await;
            let page = eva.follow().await;
            self.seen.push(page);
            self.mail(old).await;
            if taken != new {
                self.mail(taken).await;
            }
        }
        self.open(&mut eva, "/account/email").await;
        self.refused(&mut eva, "change-email-button", &[("email", old)])
            .await;
        let link = self.link(new).await;
        let (mut guest, mut early) = (self.browser(), self.browser());
        early.open(&link).await;
        for browser in [&mut guest, &mut early] {
            let page = browser.open(&link).await;
            self.seen.push(page);
        }
        guest.submit("confirm-email-button", &[]).await;
        let page = guest.follow().await;
        self.seen.push(page);
        self.refused(&mut early, "confirm-email-button", &[]).await;
        self.mail(new).await;
        let back = self.link(old).await;
        // Somebody else wants the address that is held.
        let mut other = self.browser();
        other.sign_up("Other", old, PASSWORD).await;
        self.mail(old).await;

        let page = guest.open(&back).await;
        self.seen.push(page);
        guest.submit("undo-email-button", &[]).await;
        let page = guest.follow().await;
        self.seen.push(page);
        self.mail(old).await;
        let page = guest.open(&back).await;
        self.seen.push(page);

        let mut mia = self.member("ida@late.example").await;
        for address in ["ida@later.example", "ida@latest.example"] {
            mia.get("/account/email").await;
            mia.submit("change-email-button", &[("email", address)]).await;
            self.mail("ida@late.example").await;
            let link = self.link(address).await;
            if address == "ida@latest.example" {
                self.t.clock.advance(change_email::LINK_LIFE);
                let page = guest.open(&link).await;
                self.seen.push(page);
            }
        }
        let mut late = self.browser();
        late.sign_in("ida@late.example", PASSWORD).await;
        late.get("/account/email").await;
        late.submit("change-email-button", &[("email", "ida@end.example")])
            .await;
        self.mail("ida@late.example").await;
        let link = self.link("ida@end.example").await;
        guest.open(&link).await;
        guest.submit("confirm-email-button", &[]).await;
        self.mail("ida@end.example").await;
        let back = self.link("ida@late.example").await;
        self.t.clock.advance(change_email::UNDO_LIFE);
        let page = guest.open(&back).await;
        self.seen.push(page);
    }

    /// Closed for now, and opened again.
    async fn pause(&mut self) {
        let mut browser = self.member("una@example.com").await;
        self.open(&mut browser, "/account/close").await;
        browser.submit("close-account-button", &[]).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail("una@example.com").await;
        browser.sign_in("una@example.com", PASSWORD).await;
        let page = browser.follow().await;
        self.seen.push(page);
        self.mail("una@example.com").await;
    }

    /// What no page says, but the server: wrong methods, hosts, sizes, origins.
    async fn errors(&mut self) {
        let page = |method: &str, path: &str| {
            Request::builder()
                .method(method)
                .uri(path)
                .header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
        };
        let ours = "http://localhost:3000";
        let mut browser = self.browser();
        for (request, body, status) in [
            (page("POST", "/api/sign-in"), String::new(), 403),
            (
                page("DELETE", "/sign-in").header("origin", ours),
                String::new(),
                405,
            ),
            (
                page("POST", "/api/sign-in").header("origin", ours),
                "a".repeat(70_000),
                413,
            ),
            (
                page("GET", "/sign-in").header("host", "evil.example"),
                String::new(),
                421,
            ),
        ] {
            let answer = browser.send(request, Body::from(body)).await;
            assert_eq!(answer.status, status);
            self.seen.push(answer);
        }
    }
}

/// The walk, on a stack of its own: the pages and the steps in one future are more than a test's thread has room for.
fn walked(language: Language) -> (Vec<Page>, Vec<String>) {
    let walker = std::thread::Builder::new().stack_size(64 << 20).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(Box::pin(walk(language)))
    });
    walker.unwrap().join().unwrap()
}

async fn walk(language: Language) -> (Vec<Page>, Vec<String>) {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut walker = Walker {
        t: &t,
        language: language.tag(),
        seen: Vec::new(),
        mails: Vec::new(),
    };
    walker.plain_pages().await;
    walker.set_up().await;
    walker.sign_up().await;
    walker.sign_in().await;
    walker.reset().await;
    walker.account().await;
    walker.devices().await;
    Box::pin(walker.moves()).await;
    walker.pause().await;
    walker.data().await;
    walker.settings().await;
    Box::pin(walker.factors()).await;
    walker.passkeys().await;
    walker.recover().await;
    Box::pin(walker.console()).await;
    Box::pin(walker.person()).await;
    Box::pin(walker.watch()).await;
    let required = TestHouse::with(&[("SECOND_FACTOR", "required")]).await;
    factors::required(&mut walker, &required).await;
    walker.errors().await;
    let Walker { mut seen, mails, .. } = walker;
    let closed = TestHouse::with(&[("SIGN_UP", "closed")]).await;
    seen.push(closed.browser().reading(language.tag()).get("/sign-up").await);
    seen.retain(|page| page.header("content-type").starts_with("text/html"));
    (seen, mails)
}

#[test]
fn every_page_and_mail_is_whole_in_english() {
    // The house itself checks at its end that no message was missing: see `Watch::look_back`.
    let (pages, mails) = walked(Language::English);
    assert!(
        pages.len() > 60 && mails.len() > 10,
        "{} {}",
        pages.len(),
        mails.len()
    );
    for page in &pages {
        assert_eq!(page.header("content-language"), "en", "{}", page.outline());
    }
}

#[test]
fn every_page_and_mail_is_whole_in_vietnamese() {
    let (pages, mails) = walked(Language::Vietnamese);
    let mut left = BTreeSet::new();
    let mut all = mails.join("\n");
    for page in &pages {
        assert_eq!(page.header("content-language"), "vi", "{}", page.outline());
        for text in unseen::said(&page.body) {
            if unseen::looks_english(&text) {
                left.insert(format!(
                    "{} says: {text}",
                    page.target.split('?').next().unwrap_or_default()
                ));
            }
            all.push_str(&text);
            all.push('\n');
        }
    }
    for mail in &mails {
        left.extend(
            mail.lines()
                .filter(|line| unseen::looks_english(line))
                .map(str::to_owned),
        );
    }
    assert!(left.is_empty(), "left in English: {left:#?}");
    let unseen = unseen::unseen(Language::Vietnamese, &all);
    assert!(
        unseen.is_empty(),
        "the walk leads past these messages: {unseen:#?}"
    );
}
