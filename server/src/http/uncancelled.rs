//! Runs each request in a task of its own, which a client that hangs up cannot cancel.
//!
//! Without this, hyper drops the handler's future wherever it stands. In sqlx up to 0.9.0 that can leave a pooled
//! connection inside an open transaction, in which the next request's writes are lost.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// The layer.
pub async fn spawn(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        // Panics are caught further in; this is the last resort (ASVS 16.5.4).
        Err(error) => {
            tracing::error!(%error, "a request's task died");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
