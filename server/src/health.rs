//! `/health/live` and `/health/ready`, for probes.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::platform::doctor::{self, Status, self_call};
use serde::{Deserialize, Serialize};

use crate::http::client_address;
use crate::http::error_pages::refuse;
use crate::routes::House;

#[derive(Debug, Serialize)]
struct Ready {
    status: &'static str,
    version: &'static str,
    checks: BTreeMap<&'static str, Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    status: &'static str,
    ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// `GET /health/live`: 200 while the process runs.
pub async fn live() -> &'static str {
    "alive\n"
}

/// `GET /health/ready`: 200 while people can be let in, else 503, also once the server is about to stop. In production
/// no details: they stand in the log,
/// in `latchstring doctor`, and on the operator's own listener (ASVS 13.4.5).
pub async fn ready(State(house): State<House>) -> Response {
    let open = !house.platform.config.is_production();
    answer(&house, open).await
}

/// The same with details, on the operator's own listener.
pub async fn ready_in_full(State(house): State<House>) -> Response {
    answer(&house, true).await
}

async fn answer(house: &House, open: bool) -> Response {
    let (ready, findings) = doctor::ready(&house.platform).await;
    let leaving = house.stop.is_leaving();
    let body = Ready {
        status: if leaving {
            "stopping"
        } else {
            Status::worst(&findings).as_health()
        },
        version: env!("CARGO_PKG_VERSION"),
        checks: findings
            .into_iter()
            .map(|finding| {
                let ms = (finding.took.as_secs_f64() * 1_000_000.0).round() / 1000.0;
                (
                    finding.check,
                    Check {
                        status: finding.status.as_health(),
                        ms,
                        detail: finding.detail.filter(|_| open),
                    },
                )
            })
            .collect(),
    };
    let status = if ready && !leaving {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(body)).into_response()
}

/// The question of a server that calls itself.
#[derive(Debug, Deserialize)]
pub struct Question {
    ask: String,
}

/// `GET /health/self?ask=…`: whether the server at the public address is this one, and what the proxy made of the
/// request. Answers only who has the master key, and in words that only they can read; to all others it is not there.
pub async fn myself(
    State(house): State<House>,
    Query(question): Query<Question>,
    request: Request,
) -> Response {
    let headers = request.headers();
    let peer = client_address::peer(&request);
    let arrived = self_call::Arrived {
        host: all(headers, "host").unwrap_or_default(),
        proto: all(headers, "x-forwarded-proto"),
        forwarded_for: all(headers, "x-forwarded-for"),
        peer,
        trusted: client_address::is_trusted(peer, &house.platform.config.trusted_proxies),
    };
    match self_call::answer(&house.platform, &question.ask, arrived) {
        Some(answer) => answer.into_response(),
        None => refuse(StatusCode::NOT_FOUND, None),
    }
}

/// The values of a header, joined as RFC 9110 §5.3 allows.
fn all(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap_or("?"))
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}
