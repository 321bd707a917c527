//! `/health/live` and `/health/ready`, for probes.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::platform::doctor::{self, Status};
use serde::Serialize;

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

/// `GET /health/ready`: 200 while people can be let in, else 503. In production no details: they stand in the log,
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
    let word = |status: Status| match status {
        Status::Ok => "ok",
        Status::Warn => "degraded",
        Status::Fail => "failing",
    };
    let degraded = findings.iter().any(|finding| finding.status != Status::Ok);
    let body = Ready {
        status: if !ready {
            "failing"
        } else if degraded {
            "degraded"
        } else {
            "ok"
        },
        version: env!("CARGO_PKG_VERSION"),
        checks: findings
            .into_iter()
            .map(|finding| {
                let ms = (finding.took.as_secs_f64() * 1_000_000.0).round() / 1000.0;
                (
                    finding.check,
                    Check {
                        status: word(finding.status),
                        ms,
                        detail: finding.detail.filter(|_| open),
                    },
                )
            })
            .collect(),
    };
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(body)).into_response()
}
