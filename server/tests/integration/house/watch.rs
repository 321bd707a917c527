//! What holds for every response of every test (ASVS V3.3, V3.4, 14.3.2): the headers at once, the secrets at the end of
//! the test, when all of them are known. Its own tests show that it finds each of these things.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aho_corasick::AhoCorasick;
use scraper::{Html, Selector};

use super::Page;

/// Everything that was answered, and everything that must stay secret.
#[derive(Default)]
pub struct Watch {
    pages: Mutex<Vec<Page>>,
    nonces: Mutex<HashSet<String>>,
    secrets: Mutex<HashSet<String>>,
    letters: Mutex<HashSet<String>>,
}

/// Files that any cache may keep.
const FILES: [&str; 6] = [
    "/logo/",
    "/pkg/",
    "/favicon.ico",
    "/favicon.svg",
    "/apple-touch-icon.png",
    "/robots.txt",
];

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// A password, token, code or cookie of this run. What is short stands in a sentence by chance.
    pub fn keep_secret(&self, secret: &str) {
        let is_code = secret.len() == 6 && secret.bytes().all(|byte| byte.is_ascii_digit());
        if secret.len() >= 12 || is_code {
            lock(&self.secrets).insert(secret.to_owned());
        }
    }

    /// The words of a message: its subject, and each sentence of its text. Pages say some of them too, the log never does.
    pub fn keep_letter(&self, subject: &str, text: &str) {
        let is_sentence = |line: &&str, length: usize, spaces: usize| {
            line.len() >= length && line.matches(' ').count() >= spaces
        };
        let subject = Some(subject).filter(|line| is_sentence(line, 20, 3));
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| is_sentence(line, 30, 4));
        lock(&self.letters).extend(subject.into_iter().chain(lines).map(str::to_owned));
    }

    /// Checks a response and remembers it.
    pub fn see(&self, page: &Page, https: bool) {
        let faults = self.faults(page, https);
        lock(&self.pages).push(page.clone());
        assert!(faults.is_empty(), "{}\n{faults:#?}", page.outline());
    }

    fn faults(&self, page: &Page, https: bool) -> Vec<String> {
        let mut faults = Vec::new();
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(what.to_owned());
            }
        };
        let exact = [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ];
        for (name, value) in exact {
            must(page.header(name) == value, name);
        }
        // Mail is read on other sites, and shows the logo.
        let shown_by = if page.header("content-type") == "image/png" && page.target.starts_with("/logo/") {
            "cross-origin"
        } else {
            "same-origin"
        };
        must(
            page.header("cross-origin-resource-policy") == shown_by,
            "cross-origin-resource-policy",
        );
        let powers = ["camera=()", "geolocation=()", "microphone=()"];
        must(
            powers
                .iter()
                .all(|power| page.header("permissions-policy").contains(power)),
            "permissions-policy",
        );
        must(
            page.header("x-request-id").parse::<uuid::Uuid>().is_ok(),
            "x-request-id",
        );
        let names_software = ["server", "x-powered-by", "via"];
        must(
            !names_software.iter().any(|name| page.headers.contains_key(*name)),
            "names its software",
        );
        let promised = if https {
            "max-age=63072000; includeSubDomains"
        } else {
            ""
        };
        must(
            page.header("strict-transport-security") == promised,
            "strict-transport-security",
        );
        let to_others = page
            .headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control-"));
        must(to_others.is_none(), "lets other sites read it");
        let kind = page.header("content-type");
        must(page.body.is_empty() || !kind.is_empty(), "content-type");
        must(
            !kind.starts_with("text/") || kind.ends_with("; charset=utf-8"),
            "charset",
        );
        if page.status == 500 {
            let log = super::logged();
            let errors = log.lines().filter(|line| line.contains("ERROR"));
            must(
                false,
                &format!(
                    "an internal error: {errors:#?}",
                    errors = errors.collect::<Vec<_>>()
                ),
            );
        }

        let policy = page.header("content-security-policy");
        let is_mail = page.target.starts_with("/dev/inbox/") && page.target.ends_with("/html");
        must(policy.contains("default-src 'none'"), "default-src");
        must(policy.contains("frame-ancestors 'none'"), "frame-ancestors");
        must(policy.contains("base-uri 'none'") || is_mail, "base-uri");
        must(!policy.contains("'unsafe-inline'") || is_mail, "unsafe-inline");
        must(!policy.contains("'unsafe-eval'"), "unsafe-eval");
        must(!policy.contains(['*', '/']), "a policy that names other hosts");

        let may_be_kept = FILES.iter().any(|file| page.target.starts_with(file)) && page.status == 200;
        must(
            page.header("cache-control") == "no-store" || may_be_kept,
            "cache-control",
        );

        let is_shown = page.method != "HEAD" && !(300..400).contains(&page.status);
        if page.header("content-type").starts_with("text/html") && is_shown && !is_mail {
            let document = Html::parse_document(&page.body);
            let select = |selector: &str| {
                let selector = Selector::parse(selector).unwrap();
                document.select(&selector).count()
            };
            faults_of_markup(&document, &mut must);
            let nonce = page.nonce();
            must(
                !nonce.is_empty() || !policy.contains("script-src"),
                "script-src without a nonce",
            );
            let right = if nonce.is_empty() {
                0
            } else {
                select(&format!("script[nonce=\"{nonce}\"]"))
            };
            must(select("script") == right, "a script without the nonce");
            must(select("style") + select("[style]") == 0, "inline styles");
            let language = page.header("content-language");
            must(
                !language.is_empty() && select(&format!("html[lang={language}]")) == 1,
                "lang and content-language",
            );
            must(
                page.header("vary") == "accept-encoding, accept-language, cookie",
                "vary",
            );
            must(select("head > title") == 1, "title");
            must(
                nonce.is_empty() || lock(&self.nonces).insert(nonce.to_owned()),
                "a nonce twice",
            );
        }

        for cookie in page.cookies() {
            let name = cookie.name();
            let wrong = |what: &str| format!("cookie {name}: {what}");
            must(cookie.http_only() == Some(true), &wrong("HttpOnly"));
            must(
                cookie.same_site().is_some_and(|site| site.is_lax()),
                &wrong("SameSite"),
            );
            must(cookie.path() == Some("/"), &wrong("Path"));
            must(cookie.domain().is_none(), &wrong("Domain"));
            must(cookie.secure().unwrap_or(false) == https, &wrong("Secure"));
            must(name.starts_with("__Host-") == https, &wrong("__Host-"));
        }
        faults
    }

    /// At the end: no secret stands in a response or in the log, and no message was missing or given wrong arguments.
    pub fn look_back(&self, log: &str) {
        for line in log.lines().filter(|line| line.contains("ERROR")) {
            let of_words = ["the catalog", "wrong arguments"]
                .iter()
                .any(|said| line.contains(said));
            assert!(!of_words, "{line}");
        }
        let (pages, secrets) = (lock(&self.pages), lock(&self.secrets));
        let secrets = Secrets::new(&secrets);
        let found = secrets.within(log);
        assert!(found.is_empty(), "the log holds {found:?}");
        let letters = lock(&self.letters);
        let found = Secrets::new(&letters).within(log);
        assert!(found.is_empty(), "the log holds words of a mail: {found:?}");
        for page in pages.iter() {
            let headers = page.headers.iter().filter(|(name, _)| *name != "set-cookie");
            for (name, value) in headers {
                let value = String::from_utf8_lossy(value.as_bytes());
                let allowed = name == "location" && leads_back(page, &value);
                let found = secrets.within(&value);
                assert!(
                    allowed || found.is_empty(),
                    "{name} holds {found:?}: {}",
                    page.outline()
                );
            }
            let found = secrets.within(&page.body);
            let wrong = found.iter().find(|secret| !must_carry(page, secret));
            assert!(wrong.is_none(), "the body holds {wrong:?}: {}", page.outline());
        }
    }

    /// For a failure's message.
    pub fn last_answers(&self) -> String {
        let pages = lock(&self.pages);
        let last = &pages[pages.len().saturating_sub(8)..];
        let lines: Vec<String> = last.iter().map(|page| format!("  {}", page.outline())).collect();
        lines.join("\n")
    }
}

/// What stands in no page: handlers, frames, what comes from elsewhere, and fields that password managers pass over.
fn faults_of_markup(document: &Html, must: &mut impl FnMut(bool, &str)) {
    let every = Selector::parse("*").unwrap();
    for element in document.select(&every).map(|element| element.value()) {
        let tag = element.name();
        let attribute = |name: &str| element.attr(name).unwrap_or_default();
        let shown = format!("{element:?}");
        must(
            !element.attrs().any(|(name, _)| name.starts_with("on")),
            &format!("an inline handler: {shown}"),
        );
        must(
            !["object", "embed", "applet", "frame", "iframe", "base"].contains(&tag),
            &format!("dead technology: {shown}"),
        );
        must(
            !attribute("href").trim().to_lowercase().starts_with("javascript:"),
            &format!("a script in an address: {shown}"),
        );
        let loaded = match tag {
            "link" => element.attr("href"),
            "form" => element.attr("action"),
            _ => element.attr("src"),
        };
        let is_ours = |address: &str| {
            address.starts_with("data:") || (address.starts_with('/') && !address.starts_with("//"))
        };
        must(
            loaded.is_none_or(is_ours),
            &format!("something from elsewhere: {shown}"),
        );
        must(
            tag != "form"
                || attribute("method") == "post"
                || (attribute("method") == "get" && attribute("action").starts_with("/admin/")),
            &format!("a form that is no POST: {shown}"),
        );
        if tag == "input" && attribute("name").contains("password") {
            let helped = ["current-password", "new-password"].contains(&attribute("autocomplete"));
            must(
                attribute("type") == "password" && helped,
                &format!("a password field that is none: {shown}"),
            );
        }
    }
}

/// The pages of links carry the link's own token on, and the dev inbox shows what it caught.
fn must_carry(page: &Page, secret: &str) -> bool {
    // The set-up is looked at again under the same link.
    let target = page.target.strip_suffix("&again=1").unwrap_or(&page.target);
    let of_link = [
        "/setup?token=",
        "/sign-up/verify?token=",
        "/reset-password?token=",
        "/not-me?token=",
        "/confirm-email?token=",
        "/undo-email?token=",
        "/keep-account?token=",
        "/invitation?token=",
        "/recover/finish?token=",
        "/recover/cancel?token=",
    ]
    .iter()
    .any(|path| target.strip_prefix(path) == Some(secret));
    // The one page that shows recovery codes, and the same as a file.
    let of_codes = page.target.starts_with("/account/security/recovery-codes");
    of_link || of_codes || page.target.starts_with("/dev/inbox")
}

/// A refused form without JavaScript leads back to the page of its link.
fn leads_back(page: &Page, location: &str) -> bool {
    page.target == "/language"
        || (page.target == "/api/setup" && location.starts_with("/setup?token="))
        || (page.target == "/api/sign-up-verify" && location.starts_with("/sign-up/verify?token="))
        || (page.target == "/api/recover-finish" && location.starts_with("/recover/finish?token="))
        || (page.target == "/api/recover-cancel" && location.starts_with("/recover/cancel?token="))
        || (page.target == "/api/confirm-email" && location.starts_with("/confirm-email?token="))
        || (page.target == "/api/undo-email" && location.starts_with("/undo-email?token="))
        || (page.target == "/api/keep-account" && location.starts_with("/keep-account?token="))
        || (page.target == "/api/accept-invitation" && location.starts_with("/invitation?token="))
        || (page.target == "/api/take-up-invitation" && location.starts_with("/invitation?token="))
        || (page.target == "/api/reset-password" && location.starts_with("/reset-password?token="))
        || (page.target == "/api/not-me" && location.starts_with("/not-me?token="))
}

/// All secrets of a run, to be looked for at once: each as it is, and as a page or an address would write it.
struct Secrets<'a> {
    forms: AhoCorasick,
    /// Whose form each of them is.
    of: Vec<&'a str>,
}

impl<'a> Secrets<'a> {
    fn new(secrets: &'a HashSet<String>) -> Self {
        let (mut forms, mut of) = (Vec::new(), Vec::new());
        for secret in secrets {
            let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let percent = encoded.replace('+', "%20");
            for form in HashSet::from([secret.clone(), encoded, percent]) {
                forms.push(form);
                of.push(secret.as_str());
            }
        }
        let forms = AhoCorasick::new(forms).unwrap();
        Self { forms, of }
    }

    /// Those that stand in the text. A code of digits counts only when it stands alone: other numbers may hold it by chance.
    fn within(&self, text: &str) -> HashSet<&'a str> {
        let part_of_more = |c: char| c.is_ascii_alphanumeric() || "-_.:+/".contains(c);
        self.forms
            .find_overlapping_iter(text)
            .map(|found| (self.of[found.pattern().as_usize()], found.range()))
            .filter(|(secret, at)| {
                let is_code = secret.bytes().all(|byte| byte.is_ascii_digit());
                !is_code
                    || !(text[..at.start].ends_with(part_of_more) || text[at.end..].starts_with(part_of_more))
            })
            .map(|(secret, _)| secret)
            .collect()
    }
}
