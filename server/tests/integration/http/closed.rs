//! What is not there: methods that nobody thought of, files that are no page's, and a page without a way out.

use std::collections::BTreeSet;

use axum::body::Body;
use scraper::{ElementRef, Html, Selector};
use server::routes::{Audience, ROUTES};

use super::{example, form};
use crate::console::staff;
use crate::factors;
use crate::house::TestHouse;

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    for path in ROUTES.iter().map(|route| route.path).collect::<BTreeSet<_>>() {
        let has = |method: &str| {
            let mut routes = ROUTES.iter().filter(|route| route.path == path);
            routes.any(|route| route.method == method)
        };
        let mut anybody = t.browser();
        for method in [
            "TRACE", "TRACK", "DEBUG", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT", "GET", "POST",
        ] {
            if has(method) {
                continue;
            }
            let attempt = form(method, &example(path))
                .header("origin", "http://localhost:3000")
                .header("x-canary", "tweet-tweet-tweet");
            let answer = anybody.send(attempt, Body::from("email=tweet-tweet-tweet")).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.outline());
            assert!(
                !answer.body.contains("tweet-tweet"),
                "{method} {path} tells what it was told"
            );
        }
    }
}

#[tokio::test]
async fn every_page_of_somebody_signed_in_has_the_way_out() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    // So that the pages of recovery codes and of an app have something to show.
    factors::begin(&t, &mut ada).await;
    t.mails_to("ada@example.com").await;
    let pages = leptos_axum::generate_route_list(app::shell::App);
    let is_inside = |path: &str| {
        let mut routes = ROUTES.iter().filter(|route| route.method == "GET");
        routes.any(|route| route.path == path && route.audience.is_inside())
    };
    let ways = Selector::parse("form[action^='/sign-out'][method=post] button, a[href='/sign-out']").unwrap();
    let mut seen = 0;
    for path in pages
        .iter()
        .map(leptos_axum::AxumRouteListing::path)
        .filter(|path| is_inside(path))
    {
        let page = ada.get(path).await;
        if page.status == 303 {
            // Neither has something to show to somebody who proved it just now and looks at nobody else's account.
            assert!(["/confirm", "/viewing"].contains(&path), "{}", page.outline());
            assert_eq!(page.location(), "/account", "{}", page.outline());
            continue;
        }
        assert_eq!(page.status, 200, "{}", page.outline());
        let document = Html::parse_document(&page.body);
        let shown = document.select(&ways).any(|way| {
            let within = way.ancestors().filter_map(ElementRef::wrap);
            within
                .chain([way])
                .all(|element| element.value().attr("hidden").is_none())
        });
        assert!(shown, "{path} has no way out");
        seen += 1;
    }
    assert!(seen >= 7, "only {seen} pages");
}

#[tokio::test]
async fn nothing_but_pages_and_their_files_is_served() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let page = t.browser().get("/sign-in").await;
    let (_, rest) = page.body.split_once("\"/pkg/").expect("a file of the page");
    let build = rest.split('/').next().unwrap();
    let folder = format!("/pkg/{build}");
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/.gitignore",
        "/.svn/entries",
        "/.hg/store",
        "/.env",
        "/Cargo.toml",
        "/Cargo.lock",
        "/Dockerfile",
        "/latchstring.toml",
        "/master.key",
        "/data/master.key",
        "/data/latchstring.db",
        "/src/main.rs",
        "/index.html",
        "/server-status",
        "/swagger.json",
        "/pkg",
        "/pkg/",
        &folder,
        &format!("{folder}/"),
        &format!("{folder}/."),
        &format!("{folder}/../"),
        &format!("{folder}/../../Cargo.toml"),
        &format!("{folder}/..%2f..%2fCargo.toml"),
        &format!("{folder}/%2e%2e/%2e%2e/Cargo.toml"),
        &format!("{folder}/..%5c..%5cCargo.toml"),
        &format!("{folder}//etc/passwd"),
        &format!("{folder}/%2fetc%2fpasswd"),
        &format!("{folder}/latchstring.css%00.map"),
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "//etc/passwd",
    ] {
        let page = t.browser().get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.outline());
        for held in ["[package]", "[workspace", "root:", "Index of", "ref: refs"] {
            assert!(!page.body.contains(held), "{path} shows {held}");
        }
    }
}

#[tokio::test]
async fn who_proved_themselves_too_long_ago_does_so_anew_on_every_route_that_asks_for_it() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    t.clock.advance(chrono::Duration::minutes(11));
    let mut walked = 0;
    for route in ROUTES {
        if !matches!(route.audience, Audience::Confirmed | Audience::ConsoleChange(_)) {
            continue;
        }
        // One address may not ask so often.
        let mut browser = ida.moved();
        let path = example(route.path);
        let page = if route.method == "GET" {
            browser.get(&path).await
        } else {
            let post = form("POST", &path).header("origin", "http://localhost:3000");
            browser.send(post, Body::empty()).await
        };
        assert!(
            page.location().starts_with("/confirm"),
            "{} {}: {}",
            route.method,
            route.path,
            page.outline()
        );
        walked += 1;
    }
    assert!(walked > 60, "{walked}");
    assert!(ida.is_signed_in().await, "and nothing was done");
}
