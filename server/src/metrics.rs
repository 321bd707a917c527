//! Measurements in Prometheus' text format.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::platform::jobs;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::routes::House;

/// Seconds from half a millisecond to ten seconds.
const BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Starts measuring; one recorder per process, so a second call gives a handle that stays empty.
pub fn start() -> PrometheusHandle {
    let builder = PrometheusBuilder::new();
    let builder = builder
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), BUCKETS)
        .unwrap_or_else(|_| PrometheusBuilder::new());
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        describe_histogram!(
            "latchstring_http_request_seconds",
            "How long requests took, by method, route and status"
        );
        describe_histogram!(
            "latchstring_password_hash_seconds",
            "How long password hashes took, without their wait"
        );
        describe_counter!(
            "latchstring_password_hash_refused_total",
            "Password hashes refused because the queue was full"
        );
        describe_counter!(
            "latchstring_password_answers_held_total",
            "Refused passwords whose answer was held back because hashes from elsewhere are left"
        );
        describe_gauge!(
            "latchstring_password_hashes_waiting",
            "Requests that wait for a place to hash a password"
        );
        describe_counter!("latchstring_sign_ins_total", "Sign-ins by outcome");
        describe_counter!("latchstring_sign_ups_total", "Sign-ups by outcome");
        describe_counter!("latchstring_mails_total", "Mails by outcome");
        describe_counter!("latchstring_jobs_total", "Jobs by kind and outcome");
        describe_counter!(
            "latchstring_limited_total",
            "Requests refused because of a limit, by limit"
        );
        describe_counter!(
            "latchstring_limiter_fallback_total",
            "Requests counted in this process only, because Redis did not answer"
        );
        describe_counter!("latchstring_sms_total", "Text messages by outcome");
        describe_counter!("latchstring_recoveries_total", "Delayed ways back by outcome");
        describe_counter!("latchstring_password_resets_total", "Password resets by outcome");
        describe_counter!(
            "latchstring_audit_breaks_total",
            "Times that the chain of the audit was found broken"
        );
        describe_counter!(
            "latchstring_cross_site_refused_total",
            "Unsafe requests that did not come from our own pages"
        );
        describe_counter!(
            "latchstring_session_reads_total",
            "Sessions read, by where they were found"
        );
        describe_gauge!("latchstring_jobs_waiting", "Jobs that wait or run");
        describe_gauge!("latchstring_jobs_dead", "Jobs that were given up");
        describe_gauge!(
            "latchstring_jobs_lag_seconds",
            "How long the oldest due job has waited"
        );
        describe_gauge!(
            "latchstring_database_connections",
            "Database connections, open and idle"
        );
    }
    handle
}

/// `GET /metrics`.
#[expect(clippy::cast_precision_loss, reason = "counts for a chart")]
pub async fn render(State(house): State<House>) -> Response {
    let (open, idle) = house.platform.db.connections();
    gauge!("latchstring_database_connections", "state" => "open").set(f64::from(open));
    gauge!("latchstring_database_connections", "state" => "idle").set(idle as f64);
    counter!("latchstring_password_answers_held_total").absolute(house.platform.hasher.held());
    gauge!("latchstring_password_hashes_waiting").set(house.platform.hasher.waiting() as f64);
    if let Ok(state) = house.platform.db.read(async |tx| jobs::state(tx).await).await {
        gauge!("latchstring_jobs_waiting").set(state.waiting as f64);
        gauge!("latchstring_jobs_dead").set(state.dead as f64);
        gauge!("latchstring_jobs_lag_seconds").set(state.lag_seconds as f64);
    }
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        house.metrics.render(),
    )
        .into_response()
}
