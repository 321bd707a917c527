//! The operator's own listener answers as carefully as the one for people.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use tower::ServiceExt as _;

use crate::house::{TestHouse, logged};

fn router(t: &TestHouse) -> Router {
    server::serve::operator_router(server::serve::house(t.platform.clone()))
}

/// A probe, by whatever name it knows the server.
fn asking(path: &str) -> Request<Body> {
    let mut request = Request::builder()
        .uri(path)
        .header("host", "10.1.2.3:9100")
        .body(Body::empty())
        .unwrap();
    let peer = SocketAddr::from(([10, 9, 8, 7], 40_000));
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_to_the_operator_has_its_headers_its_id_and_its_line() {
    let t = TestHouse::with(&[("METRICS_LISTEN", "127.0.0.1:9100")]).await;
    for (path, status, route) in [
        ("/metrics", 200, "/metrics"),
        ("/health/live", 200, "/health/live"),
        ("/health/ready", 200, "/health/ready"),
        ("/sign-in", 404, "none"),
    ] {
        let response = router(&t).oneshot(asking(path)).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(header(&response, name), value, "{path}: {name}");
        }
        assert!(
            header(&response, "content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
        let id = header(&response, "x-request-id");
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{path}: {id}");
        let log = logged();
        let mut lines = log
            .lines()
            .filter(|line| line.contains(id) && line.contains("answered"));
        let line = lines.next().unwrap_or_else(|| panic!("{path} left no line"));
        for part in [&format!("route=\"{route}\""), &format!("status={status}")] {
            assert!(line.contains(part), "{path}: no {part} in {line}");
        }
    }
}

#[tokio::test]
async fn a_probe_that_hangs_up_leaves_no_question_to_the_database_half_asked() {
    let t = TestHouse::new().await;
    {
        let mut asked = pin!(router(&t).oneshot(asking("/metrics")));
        // Looked at once, and dropped: the database has not answered by then.
        tokio::select! {
            biased;
            _ = &mut asked => {}
            () = std::future::ready(()) => {}
        }
    }
    let answered = async {
        while !logged()
            .lines()
            .any(|line| line.contains("answered") && line.contains("route=\"/metrics\""))
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), answered)
        .await
        .expect("it was answered to its end");
}
