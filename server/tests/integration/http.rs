//! What every request meets before a page: the host, the origin, limits, methods, error pages, health.

mod closed;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use server::routes::ROUTES;

use crate::house::{PASSWORD, TestHouse};

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
}

fn form(method: &str, path: &str) -> axum::http::request::Builder {
    request(method, path).header("content-type", "application/x-www-form-urlencoded")
}

/// A path that fits a route's pattern.
fn example(pattern: &str) -> String {
    pattern
        .replace("{build}", "0")
        .replace("{*file}", "latchstring.css")
        .replace("{id}", "01900000-0000-7000-8000-000000000000")
}

#[tokio::test]
async fn every_route_is_tagged_with_who_may_call_it() {
    let t = TestHouse::new().await;
    let tagged: BTreeSet<(&str, &str)> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(tagged.len(), ROUTES.len(), "a route is tagged twice");
    // What Leptos and the server functions registered by themselves.
    let pages = leptos_axum::generate_route_list(app::shell::App);
    for page in &pages {
        assert!(
            tagged.contains(&("GET", page.path())),
            "{} has no tag",
            page.path()
        );
    }
    for (path, method) in server_fn::axum::server_fn_paths() {
        assert!(
            tagged.contains(&(method.as_str(), path)),
            "{method} {path} has no tag"
        );
    }
    // And every tag is a route: asked the wrong way, it says so, instead of "there is nothing here".
    for route in ROUTES {
        // One address may not ask so often.
        let mut anybody = t.browser();
        let answer = anybody
            .send(
                request("PROPFIND", &example(route.path)).header("origin", "http://localhost:3000"),
                Body::empty(),
            )
            .await;
        assert_eq!(
            answer.status,
            405,
            "{} {}: {}",
            route.method,
            route.path,
            answer.outline()
        );
    }
    t.ignore_jobs();
}

#[tokio::test]
async fn a_stranger_gets_in_nowhere_but_where_strangers_may() {
    let t = TestHouse::new().await;
    for route in ROUTES.iter().filter(|route| route.audience.is_inside()) {
        let mut stranger = t.browser();
        let page = if route.method == "GET" {
            stranger.get(&example(route.path)).await
        } else {
            let post = form("POST", route.path).header("origin", "http://localhost:3000");
            stranger.send(post, Body::from("email=ada%40example.com")).await
        };
        let turned_away = match page.status {
            303 => page.header("location").starts_with("/sign-in?next="),
            401 => true,
            _ => false,
        };
        assert!(turned_away, "{}: {}", route.path, page.outline());
    }
}

#[tokio::test]
async fn an_unsafe_request_from_elsewhere_changes_nothing() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    let ours = "http://localhost:3000";
    let foreign: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://localhost:3000.evil.example")],
        &[("origin", "https://localhost:3000")],
        &[("sec-fetch-site", "cross-site"), ("origin", ours)],
        &[("sec-fetch-site", "same-site"), ("origin", ours)],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.example"),
        ],
        &[("referer", "http://localhost:3000/account")],
    ];
    for route in ROUTES.iter().filter(|route| route.method == "POST") {
        for headers in foreign {
            let mut attempt = form("POST", route.path);
            for (name, value) in *headers {
                attempt = attempt.header(*name, *value);
            }
            let answer = ada.send(attempt, Body::from("email=ada%40example.com")).await;
            assert_eq!(
                answer.status,
                403,
                "{} {headers:?}: {}",
                route.path,
                answer.outline()
            );
        }
    }
    assert!(ada.is_signed_in().await, "a foreign page signed her out");
}

#[tokio::test]
async fn another_host_is_told_that_this_is_the_wrong_house() {
    let t = TestHouse::new().await;
    let mut anybody = t.browser();
    for host in [
        "evil.example",
        "localhost",
        "localhost:3001",
        "127.0.0.1:3000",
        "localhost:3000.evil.example",
        "",
    ] {
        let page = anybody
            .send(
                request("GET", "/sign-in")
                    .header("host", host)
                    .header("accept", "text/html"),
                Body::empty(),
            )
            .await;
        assert_eq!(page.status, 421, "{host:?}: {}", page.outline());
        assert!(
            page.body.contains("http://localhost:3000"),
            "the page says where to go"
        );
    }
    for host in ["localhost:3000", "LOCALHOST:3000"] {
        let page = anybody
            .send(request("GET", "/sign-in").header("host", host), Body::empty())
            .await;
        assert_eq!(page.status, 200, "{host:?}");
    }
    // Probes ask by address.
    let live = anybody
        .send(
            request("GET", "/health/live").header("host", "10.0.0.7:3000"),
            Body::empty(),
        )
        .await;
    assert_eq!(live.status, 200);
    // The address is never taken from what a client says of the host it came through.
    let forwarded = request("GET", "/sign-up")
        .header("x-forwarded-host", "evil.example")
        .header("x-original-url", "/account");
    let page = anybody.send(forwarded, Body::empty()).await;
    assert!(
        page.status == 200 && !page.body.contains("evil.example"),
        "{}",
        page.outline()
    );
}

#[tokio::test]
async fn a_form_is_small_and_is_a_form() {
    let t = TestHouse::new().await;
    let mut anybody = t.script();
    let ours = |builder: axum::http::request::Builder| builder.header("origin", "http://localhost:3000");
    let large = format!("email={}", "a".repeat(70_000));
    let answer = anybody
        .send(ours(form("POST", "/api/sign-in")), Body::from(large))
        .await;
    assert_eq!(answer.status, 413);
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/cbor",
        "",
    ] {
        let attempt = ours(request("POST", "/api/sign-in").header("content-type", kind));
        let answer = anybody
            .send(attempt, Body::from("{\"email\":\"ada@example.com\"}"))
            .await;
        assert_eq!(answer.status, 415, "{kind:?}: {}", answer.outline());
    }
    for body in [
        "",
        "&",
        "=",
        "email",
        "%",
        "email=%ff",
        "email[]=a&email[]=b",
        "email=a&email=b",
        "\u{0}",
    ] {
        let answer = anybody
            .send(ours(form("POST", "/api/sign-in")), Body::from(body))
            .await;
        assert!(
            [400, 422].contains(&answer.status),
            "{body:?}: {}",
            answer.outline()
        );
    }
    let answer = anybody
        .send(ours(form("POST", "/api/no-such-function")), Body::empty())
        .await;
    assert_eq!(answer.status, 404);
    for method in ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "BREW"] {
        let answer = anybody
            .send(ours(request(method, "/sign-in")), Body::empty())
            .await;
        assert_eq!(answer.status, 405, "{method}: {}", answer.outline());
    }
    // No server function can be called by GET.
    for route in ROUTES
        .iter()
        .filter(|route| route.method == "POST" && route.path.starts_with("/api/"))
    {
        let answer = anybody
            .get(&format!("{}?email=ada%40example.com", route.path))
            .await;
        assert_eq!(answer.status, 405, "{}: {}", route.path, answer.outline());
    }
}

#[tokio::test]
async fn errors_wear_clothes_for_people_and_are_problems_for_programs() {
    let t = TestHouse::new().await;
    let mut person = t.browser();
    let page = person.get("/no/such/page").await;
    assert_eq!(page.status, 404);
    assert!(page.has("error-title"), "{}", page.outline());
    assert_eq!(page.text("incident-id"), page.header("x-request-id"));
    let page = person
        .send(
            form("POST", "/sign-out").header("accept", "text/html"),
            Body::empty(),
        )
        .await;
    assert_eq!(page.status, 403);
    assert_eq!(
        page.text("incident-id"),
        page.header("x-request-id"),
        "the page shows the number that leads to the log"
    );
    let problem = person
        .send(
            form("POST", "/sign-out").header("accept", "application/json"),
            Body::empty(),
        )
        .await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let json = problem.json();
    assert_eq!(json["status"], 403);
    assert_eq!(json["incident"], problem.header("x-request-id"));
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_how_long_to_wait() {
    let t = TestHouse::new().await;
    let mut flood = t.browser();
    let mut refused = None;
    for _ in 0..200 {
        let page = flood.post("/sign-out", &[]).await;
        if page.status == 429 {
            refused = Some(page);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(
        refused
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=60).contains(&seconds)),
        "{}",
        refused.outline()
    );
    assert!(refused.has("error-title"));
    t.clock.advance(chrono::Duration::minutes(2));
    assert_eq!(flood.post("/sign-out", &[]).await.status, 303);
}

#[tokio::test]
async fn the_session_api_says_who_is_signed_in() {
    let t = TestHouse::new().await;
    assert_eq!(t.api().fetch("/api/v1/session").await.status, 401);
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    let page = ada.fetch("/api/v1/session").await;
    assert_eq!(page.status, 200);
    let json = page.json();
    assert_eq!(json["person"]["name"], "Ada Lovelace");
    assert_eq!(json["person"]["email"], "ada@example.com");
    assert!(
        json["person"]["id"]
            .as_str()
            .is_some_and(|id| uuid::Uuid::parse_str(id).is_ok())
    );
    assert_eq!(
        (&json["aal"], &json["amr"]),
        (&1.into(), &serde_json::json!(["pwd"]))
    );
    for time in ["auth_time", "expires_at"] {
        assert!(
            json[time]
                .as_str()
                .is_some_and(|at| chrono::DateTime::parse_from_rfc3339(at).is_ok()),
            "{time}"
        );
    }
    assert_eq!(json.as_object().unwrap().len(), 5, "nothing else is told: {json}");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[tokio::test]
async fn health_is_told_in_words_and_statuses() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let mut probe = t.api();
    assert_eq!(probe.fetch("/health/live").await.status, 200);
    let ready = probe.fetch("/health/ready").await;
    assert_eq!(ready.status, 200, "{}", ready.body);
    let json = ready.json();
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
    for check in ["database", "cache", "mail", "worker"] {
        assert!(json["checks"][check]["status"].is_string(), "{check}: {json}");
        assert!(json["checks"][check]["ms"].is_number(), "{check}: {json}");
    }
    t.platform.db.close().await;
    let ready = probe.fetch("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["checks"]["database"]["status"], "failing");
    assert_eq!(
        probe.fetch("/health/live").await.status,
        200,
        "the process runs all the same"
    );
    let page = t.browser().get("/sign-in").await;
    assert_eq!(page.status, 200, "a page that needs no database is still there");
}

#[tokio::test]
async fn a_lost_database_is_a_503_and_signs_nobody_out() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    t.ignore_jobs();
    t.platform.db.close().await;
    let page = ada.get("/account").await;
    assert_eq!(page.status, 503, "{}", page.outline());
    assert!(
        page.cookies().is_empty(),
        "the cookie stays: {:?}",
        page.cookies()
    );
    let refused = t.browser().sign_in("ada@example.com", PASSWORD).await;
    assert!([303, 503].contains(&refused.status), "{}", refused.outline());
}

#[tokio::test]
async fn measurements_name_routes_and_no_people() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    assert_eq!(ada.get("/account").await.status, 200);
    t.browser().get("/no/such/page/ada@example.com").await;
    let wrong = [
        ("email", "ada@example.com"),
        ("password", "not the right password"),
    ];
    assert_eq!(t.script().post("/api/sign-in", &wrong).await.status, 422);
    for invented in ["FROBNICATE", "PROPFIND"] {
        t.browser()
            .send(request(invented, "/sign-in"), Body::empty())
            .await;
    }
    let page = t.api().fetch("/metrics").await;
    assert_eq!(page.status, 200);
    for metric in [
        "latchstring_http_request_seconds",
        "latchstring_password_hash_seconds",
        "latchstring_sign_ups_total",
        "latchstring_mails_total",
        "latchstring_jobs_total",
        "latchstring_jobs_waiting",
        "latchstring_database_connections",
        "latchstring_session_reads_total",
        "latchstring_sign_ins_total{outcome=\"refused\"}",
    ] {
        assert!(page.body.contains(metric), "{metric} is not measured");
    }
    assert!(page.body.contains("# HELP latchstring_sign_ins_total "));
    assert!(
        !["ada@", "no/such", "FROBNICATE", "PROPFIND"]
            .iter()
            .any(|label| page.body.contains(label)),
        "a path, a person or an invented method stands in the measurements"
    );
}

#[tokio::test]
async fn in_production_what_is_for_development_or_the_operator_is_not_there() {
    let t = TestHouse::with(&[
        ("ENV", "production"),
        ("PUBLIC_URL", "https://id.example.com"),
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("PASSWORD_ARGON2_MEMORY_KIB", "19456"),
        ("PASSWORD_ARGON2_ITERATIONS", "2"),
    ])
    .await;
    t.ignore_jobs();
    let mut anybody = t.browser();
    for path in [
        "/dev/inbox",
        "/dev/inbox.json",
        "/dev/inbox/01900000-0000-7000-8000-000000000000/html",
        "/metrics",
    ] {
        let page = anybody.get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.outline());
    }
    let ready = anybody.fetch("/health/ready").await;
    for (name, check) in ready.json()["checks"].as_object().unwrap() {
        assert!(check.get("detail").is_none(), "{name} tells details to everybody");
    }
    let page = anybody.get("/sign-in").await;
    assert!(
        page.header("strict-transport-security")
            .contains("max-age=63072000"),
        "{}",
        page.outline()
    );
    assert!(!page.body.contains("/dev/inbox"));
    let page = anybody.sign_up("Ada Lovelace", "ada@example.com", PASSWORD).await;
    for cookie in page.cookies() {
        assert!(
            cookie.name().starts_with("__Host-") && cookie.secure() == Some(true),
            "{cookie}"
        );
    }
    assert!(!page.cookies().is_empty());
}

#[tokio::test]
async fn the_dev_inbox_answers_this_machine_only() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let mut elsewhere = t.browser();
    assert_eq!(
        elsewhere.get("/dev/inbox.json").await.status,
        404,
        "the test's browsers have addresses in 10/8"
    );
    let mut here = t.browser();
    here.address = [127, 0, 0, 1].into();
    assert_eq!(here.get("/dev/inbox.json").await.status, 200);
    let page = here.get("/dev/inbox").await;
    assert_eq!(page.status, 200);
    let spoofed = request("GET", "/dev/inbox.json").header("x-forwarded-for", "127.0.0.1");
    assert_eq!(elsewhere.send(spoofed, Body::empty()).await.status, 404);
}
