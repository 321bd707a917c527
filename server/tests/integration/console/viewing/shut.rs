//! What stays shut while somebody looks: every route of `ROUTES` that does not say otherwise.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use domain::platform::db::tables::Sum;
use server::routes::{ROUTES, Viewed};

use super::{ADA, IDA, details, id_of, looking, sees_ada};
use crate::house::{PASSWORD, TestHouse, count};

const ORIGIN: &str = "http://localhost:3000";

/// What every table holds, but for the trail.
async fn everything(t: &TestHouse) -> BTreeMap<String, Sum> {
    t.platform
        .db
        .read(async |tx| {
            let mut sums = BTreeMap::new();
            for table in tx.tables().await? {
                if !table.name.starts_with("audit_") {
                    sums.insert(table.name.clone(), tx.sum(&table).await?);
                }
            }
            Ok(sums)
        })
        .await
        .unwrap()
}

/// A form that fits as many of them as can be.
fn body(person: &str) -> String {
    let fields = [
        ("person", person),
        ("people[]", person),
        ("id", person),
        ("session", person),
        ("name", "Mallory"),
        ("email", "mallory@example.com"),
        ("confirmation", "Mallory"),
        ("language", "vi"),
        ("lang", "vi"),
        ("time_zone", "Asia/Saigon"),
        ("current_password", PASSWORD),
        ("password", "herons guard the copper lantern"),
        ("code", "123456"),
        ("factor", "totp"),
        ("what", "totp"),
        ("phone", "+4915112345678"),
        ("label", "Mine"),
        ("role", "administrator"),
        ("reason", "a test"),
        ("hours", "1"),
        ("note", "a note"),
        ("permissions[]", "users:read"),
        ("product_name", "Mine"),
        ("count", "1"),
    ];
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// ASVS 8.3.1. Made from the table of routes: a new one is held to it without a line here.
#[tokio::test]
async fn whoever_looks_changes_nothing_by_any_route_there_is() {
    let t = TestHouse::new().await;
    let (ida, _ada) = looking(&t).await;
    let adas = id_of(&t, ADA).await.to_string();
    let before = everything(&t).await;
    let paths = ROUTES
        .iter()
        .filter(|route| route.method != "GET" && route.viewed == Viewed::Never)
        .map(|route| (route.method, route.path.replace("{id}", &adas)));
    // And what is no route, by methods that no route has.
    let more = [
        ("POST", "/api/nothing-there"),
        ("POST", "/account"),
        ("PUT", "/account/profile"),
        ("DELETE", "/account"),
        ("PATCH", "/api/v1/session"),
    ];
    let all: Vec<_> = paths
        .chain(more.map(|(method, path)| (method, path.to_owned())))
        .collect();
    assert!(all.len() > 80, "the table was read");
    for (method, path) in &all {
        for accept in ["text/html", "application/json"] {
            let request = Request::builder()
                .method(*method)
                .uri(path)
                .header("origin", ORIGIN)
                .header("referer", format!("{ORIGIN}/account/profile"))
                .header("accept", accept)
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = ida.moved().send(request, Body::from(body(&adas))).await;
            if accept == "text/html" {
                assert_eq!(answer.location(), "/viewing", "{}", answer.outline());
            } else {
                assert_eq!(
                    (answer.status, answer.faults()),
                    (403, vec!["viewing-only".to_owned()]),
                    "{path}"
                );
            }
            assert!(
                answer.cookies().is_empty(),
                "{method} {path}: {:?}",
                answer.cookies()
            );
        }
    }
    let after = everything(&t).await;
    for (table, sum) in &before {
        assert_eq!(Some(sum), after.get(table), "{table} has changed");
    }
    assert!(sees_ada(&ida).await, "and the look goes on");
    // Each is in the audit, as far as refusals are kept there, by its route and not by what was typed.
    let noted = details(&t, "view.refused").await;
    assert_eq!(noted.len(), 20);
    assert!(noted.iter().all(|row| row["as"] == adas.as_str()));
    let paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    assert!(
        noted
            .iter()
            .all(|row| paths.contains(&row["path"].as_str().unwrap()))
    );
}

#[tokio::test]
async fn whoever_looks_sees_the_pages_of_the_account_and_no_other() {
    let t = TestHouse::new().await;
    let (ida, ada) = looking(&t).await;
    let adas = id_of(&t, ADA).await.to_string();
    // What knows no visitor.
    let outside = [
        "/health",
        "/pkg/",
        "/.well-known/",
        "/favicon",
        "/apple-touch",
        "/logo/",
        "/robots",
        "/metrics",
    ];
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let path = route
            .path
            .replace("{id}", &adas)
            .replace("{build}", "x")
            .replace("{*file}", "x.css")
            .replace("{file}", "x.png");
        let page = ida.clone().get(&path).await;
        if outside.iter().any(|start| path.starts_with(start)) {
            assert!(!page.body.contains(ADA), "{path}");
            continue;
        }
        match route.viewed {
            Viewed::Never => {
                assert_eq!(page.location(), "/viewing", "{}", page.outline());
                assert_eq!(ida.clone().head(&path).await.location(), "/viewing", "{path}");
                let program = ida.clone().fetch(&path).await;
                assert_eq!(program.faults(), ["viewing-only"], "{path}");
            }
            Viewed::Page if path == "/" => assert_eq!(page.location(), "/account"),
            Viewed::Page => assert!(
                page.status == 200 && page.has("viewing-line"),
                "{}",
                page.outline()
            ),
            Viewed::Always => assert!(!page.body.contains(ADA), "{}", page.outline()),
        }
    }
    // Paths that only look like others.
    for path in [
        "/account/",
        "/account//profile",
        "/Account",
        "/account/profile/x",
        "/%61dmin",
        "/admin/",
        "/nothing-there",
    ] {
        let page = ida.clone().get(path).await;
        assert_eq!(page.location(), "/viewing", "{}", page.outline());
    }
    let page = ida.clone().get("/viewing").await;
    assert!(
        page.has("viewing-shut") && page.has("stop-viewing-button"),
        "{}",
        page.outline()
    );
    // Whose account it is stands above every page that is shown meanwhile, with one way out.
    for path in ["/viewing", "/sign-out"] {
        let page = ida.clone().get(path).await;
        assert!(
            page.text("viewing-line").contains("Ada Lovelace"),
            "{path}: {}",
            page.outline()
        );
        assert_eq!(page.body.matches("\"stop-viewing-button\"").count(), 1, "{path}");
    }
    // A query changes nothing about it, and shows nothing more.
    let page = ida.clone().get("/account?done=reopened&next=/admin").await;
    assert!(page.has("viewing-line"), "{}", page.outline());
    // Who looks at nobody is sent on.
    assert_eq!(ada.clone().get("/viewing").await.location(), "/account");
    assert!(
        t.browser()
            .get("/viewing")
            .await
            .location()
            .starts_with("/sign-in")
    );
}

/// An app behind the server is told that nobody is signed in: neither the person nor the operator.
#[tokio::test]
async fn no_app_takes_the_operator_for_the_person() {
    let t = TestHouse::new().await;
    let (mut ida, _ada) = looking(&t).await;
    let answer = ida.fetch("/api/v1/session").await;
    assert_eq!(answer.status, 401);
    assert!(
        !answer.body.contains(ADA) && !answer.body.contains(IDA),
        "{}",
        answer.body
    );
    ida.get("/account").await;
    ida.submit("stop-viewing-button", &[]).await;
    let json = ida.fetch("/api/v1/session").await.json();
    assert_eq!(json["person"]["email"], IDA);
}

/// Secrets of the operator's own session do not come along either: a form that was refused, codes that were just made.
#[tokio::test]
async fn what_the_operator_typed_does_not_show_in_the_pages_of_the_person() {
    let t = TestHouse::new().await;
    t.member("Ada Lovelace", ADA).await;
    let mut ida = crate::console::staff(&t, "Ida Rhodes", IDA, "administrator").await;
    ida.get("/account/profile").await;
    let refused = ida.submit("save-profile-button", &[("name", "")]).await;
    assert_eq!(refused.location(), "/account/profile");
    assert!(ida.jar.keys().any(|name| name.ends_with("-flash")));
    super::ask(&t, &mut ida, ADA).await;
    let page = ida.get("/account/profile").await;
    assert_eq!(page.value("name"), "Ada Lovelace");
    assert!(!page.has("form-error") && !page.has("name-error"));
    // The codes of her own app were shown a moment ago.
    for path in [
        "/account/security/recovery-codes/download",
        "/account/security/recovery-codes/kept",
    ] {
        assert_eq!(ida.post(path, &[]).await.location(), "/viewing");
    }
    t.mails_to(ADA).await;
    assert_eq!(
        count!(t, "select count(*) from users where name = 'Ada Lovelace'"),
        1
    );
}
