//! The recorder bites: each thing that it looks for is found when it is there, and a sound answer has no fault.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::{Page, Watch};

const NONCE: &str = "c2VjcmV0IG5vbmNl";
const POLICY: &str = "default-src 'none'; script-src 'nonce-c2VjcmV0IG5vbmNl' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// A sound page over https with this in its body.
fn page(main: &str) -> Page {
    let fixed = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", "en"),
        ("vary", "accept-encoding, accept-language, cookie"),
        ("cache-control", "no-store"),
        ("content-security-policy", POLICY),
        ("strict-transport-security", HSTS),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("x-request-id", "01900000-0000-7000-8000-000000000000"),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Sign in</title><link rel=\"stylesheet\" href=\"/pkg/0/a.css\">\
         <script nonce=\"{NONCE}\">1</script></head><body>{main}</body></html>"
    );
    Page {
        method: "GET".to_owned(),
        target: "/sign-in".to_owned(),
        status: 200,
        headers,
        bytes: body.clone().into(),
        body,
    }
}

/// What the recorder has against a page.
fn faults(page: &Page) -> Vec<String> {
    Watch::default().faults(page, true)
}

const FORM: &str = "<form method=\"post\" action=\"/api/sign-in\"><input name=\"email\" type=\"email\" autocomplete=\"username\">\
     <input name=\"password\" type=\"password\" autocomplete=\"current-password\"></form><a href=\"https://example.com/\">away</a>";

#[test]
fn a_sound_answer_has_no_fault() {
    assert_eq!(faults(&page(FORM)), [""; 0]);
    let mut redirect = page("");
    redirect.status = 303;
    assert_eq!(faults(&redirect), [""; 0]);
}

#[test]
fn each_header_that_is_missing_or_weaker_is_found() {
    let sound = page(FORM);
    for name in sound.headers.keys() {
        let mut without = sound.clone();
        without.headers.remove(name);
        assert!(!faults(&without).is_empty(), "nobody misses {name}");
    }
    let weaker = [
        ("content-type", "text/html"),
        ("content-type", "text/plain"),
        ("content-language", "vi"),
        ("vary", "accept-encoding"),
        ("cache-control", "private, max-age=60"),
        ("strict-transport-security", "max-age=300"),
        ("strict-transport-security", "max-age=63072000"),
        ("x-content-type-options", "sniff"),
        ("referrer-policy", "unsafe-url"),
        ("cross-origin-opener-policy", "unsafe-none"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-frame-options", "SAMEORIGIN"),
        ("permissions-policy", "camera=*"),
        ("x-request-id", "1"),
        ("server", "latchstring"),
        ("x-powered-by", "axum"),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
    ];
    for (name, value) in weaker {
        let mut other = sound.clone();
        other.headers.insert(name, HeaderValue::from_static(value));
        assert!(!faults(&other).is_empty(), "{name}: {value} passes");
    }
    let over_http = Watch::default().faults(&sound, false);
    assert_eq!(over_http, ["strict-transport-security"], "http promises no https");
    // Each part of the policy.
    for (part, other) in [
        ("default-src 'none'", "default-src 'self'"),
        ("frame-ancestors 'none'", "frame-ancestors 'self'"),
        ("base-uri 'none'", "base-uri 'self'"),
        ("script-src 'nonce-c2VjcmV0IG5vbmNl'", "script-src 'self'"),
        ("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
        ("'wasm-unsafe-eval'", "'unsafe-eval'"),
        ("style-src 'self'", "style-src https://cdn.example"),
        ("style-src 'self'", "style-src *"),
    ] {
        let mut other_page = sound.clone();
        let policy = POLICY.replace(part, other);
        assert_ne!(policy, POLICY);
        let policy = HeaderValue::from_str(&policy).unwrap();
        other_page.headers.insert("content-security-policy", policy);
        assert!(!faults(&other_page).is_empty(), "{other} passes");
    }
    // A nonce is used once.
    let watch = Watch::default();
    assert_eq!(watch.faults(&sound, true), [""; 0]);
    assert_eq!(watch.faults(&sound, true), ["a nonce twice"]);
}

#[test]
fn markup_that_a_policy_is_there_against_is_found() {
    for markup in [
        "<script>1</script>",
        "<script nonce=\"another\">1</script>",
        "<style>p { color: red }</style>",
        "<p style=\"color: red\">",
        "<button onclick=\"go()\">",
        "<input name=\"x\" onpaste=\"return false\">",
        "<svg onanimationend=\"go()\">",
        "<a href=\"javascript:go()\">",
        "<iframe src=\"/\"></iframe>",
        "<object data=\"/a.swf\"></object>",
        "<embed src=\"/a.swf\">",
        "<img src=\"https://cdn.example/a.png\">",
        "<img src=\"//cdn.example/a.png\">",
        "<link rel=\"stylesheet\" href=\"https://cdn.example/a.css\">",
        "<form method=\"post\" action=\"https://evil.example/\"></form>",
        "<form method=\"get\" action=\"/api/sign-in\"></form>",
        "<input name=\"password\" type=\"text\" autocomplete=\"current-password\">",
        "<input name=\"password\" type=\"password\" autocomplete=\"off\">",
        "<input name=\"current_password\" type=\"password\">",
        "<title>Two</title>",
    ] {
        let main = if markup == "<title>Two</title>" {
            ""
        } else {
            markup
        };
        let mut page = page(main);
        if main.is_empty() {
            page.body = page
                .body
                .replace("<title>Sign in</title>", "<title>One</title><title>Two</title>");
        }
        assert!(!faults(&page).is_empty(), "{markup} passes");
    }
}

#[test]
fn each_cookie_that_is_open_to_others_is_found() {
    let with = |cookie: &'static str| {
        let mut page = page(FORM);
        page.headers
            .insert("set-cookie", HeaderValue::from_static(cookie));
        faults(&page)
    };
    assert_eq!(
        with("__Host-s=1; HttpOnly; SameSite=Lax; Secure; Path=/"),
        [""; 0]
    );
    for cookie in [
        "__Host-s=1; SameSite=Lax; Secure; Path=/",
        "__Host-s=1; HttpOnly; Secure; Path=/",
        "__Host-s=1; HttpOnly; SameSite=None; Secure; Path=/",
        "__Host-s=1; HttpOnly; SameSite=Lax; Path=/",
        "__Host-s=1; HttpOnly; SameSite=Lax; Secure; Path=/account",
        "__Host-s=1; HttpOnly; SameSite=Lax; Secure; Path=/; Domain=example.com",
        "__Secure-s=1; HttpOnly; SameSite=Lax; Secure; Path=/",
        "s=1; HttpOnly; SameSite=Lax; Secure; Path=/",
    ] {
        assert!(!with(cookie).is_empty(), "{cookie} passes");
    }
}

#[test]
fn a_secret_is_found_wherever_it_turns_up() {
    let secret = "nine herons guard the lantern";
    let found = |secret: &str, page: Option<Page>, log: &str| {
        let watch = Watch::default();
        watch.keep_secret(secret);
        watch.pages.lock().unwrap().extend(page);
        catch_unwind(AssertUnwindSafe(|| watch.look_back(log))).is_err()
    };
    let answer = |body: &str, header: Option<(&'static str, &str)>| {
        let mut page = page(body);
        if let Some((name, value)) = header {
            page.headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        Some(page)
    };
    assert!(
        !found(secret, answer("nothing", None), "nothing"),
        "what is not there"
    );
    for written in [
        "nine herons guard the lantern",
        "nine+herons+guard+the+lantern",
        "nine%20herons%20guard%20the%20lantern",
    ] {
        let within = format!("before {written} behind");
        assert!(found(secret, None, &within), "in the log: {within}");
        assert!(found(secret, answer(&within, None), ""), "in a body: {within}");
        let header = answer("", Some(("x-note", within.as_str())));
        assert!(found(secret, header, ""), "in a header: {within}");
        let location = format!("/sign-in?next={written}");
        let location = answer("", Some(("location", location.as_str())));
        assert!(found(secret, location, ""), "in an address: {within}");
    }
    // A cookie is for the browser that gets it.
    let cookie = answer("", Some(("set-cookie", "__Host-s=AAAAAAAAAAAAAAAAAAAAAA")));
    assert!(!found("AAAAAAAAAAAAAAAAAAAAAA", cookie, ""));
    // A code counts where it stands alone.
    assert!(found(
        "481516",
        answer("Your code is 481516.</p>", None),
        "code=481516 sent"
    ));
    assert!(found("481516", None, "code 481516 sent"));
    assert!(!found("481516", answer("at 12:00:01.481516Z", None), ""));
    // The page of a link carries its own token on, and nobody else's does.
    let token = "dG9rZW4gb2YgYSBsaW5rIGluIGEgbWFpbA";
    for (target, is_found) in [("/reset-password?token=", false), ("/account?token=", true)] {
        let mut page = page(token);
        page.target = format!("{target}{token}");
        assert_eq!(found(token, Some(page), ""), is_found, "{target}");
    }
}

#[test]
fn the_words_of_a_mail_are_found_in_the_log_and_may_stand_in_a_page() {
    let watch = Watch::default();
    let sentence = "Somebody asked to set a new password for your account.";
    watch.keep_letter(
        "Set a new password here",
        &format!("Hello Ada,\n\n{sentence}\nBye\n"),
    );
    watch.see(&page(&format!("<p>{sentence}</p>")), true);
    watch.look_back("INFO server: answered\nINFO domain: Hello Ada,\nINFO domain: Bye");
    for told in [
        format!("DEBUG domain: sent body=\"{sentence}\""),
        "DEBUG domain: sent subject=Set a new password here".to_owned(),
    ] {
        let looked = catch_unwind(AssertUnwindSafe(|| watch.look_back(&told)));
        assert!(looked.is_err(), "nobody saw {told}");
    }
}
