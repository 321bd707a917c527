//! The dev inbox for programs: `/dev/inbox.json`, and one mail as it looks.

use app::dev_inbox::is_open;
use app::visit::Visit;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::notification::dev_inbox::CaughtMessage;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::error_pages::refuse;

/// The parameters of `/dev/inbox.json`.
#[derive(Debug, Deserialize)]
pub struct Filter {
    /// Only messages to this address.
    to: Option<String>,
    /// At most this many.
    limit: Option<i64>,
}

/// `GET /dev/inbox.json`: newest first, all by default.
pub async fn json(Extension(visit): Extension<Visit>, Query(filter): Query<Filter>) -> Response {
    if !is_open(&visit) {
        return refuse(StatusCode::NOT_FOUND, None);
    }
    let found = visit
        .platform
        .db
        .read(async |tx| CaughtMessage::list(tx, filter.to.as_deref(), filter.limit).await)
        .await;
    match found {
        Ok(messages) => Json(messages).into_response(),
        Err(error) => {
            tracing::error!(%error, "the dev inbox could not be read");
            refuse(StatusCode::SERVICE_UNAVAILABLE, None)
        }
    }
}

/// `GET /dev/inbox/{id}/html`: the HTML part of a mail, alone in its document, where nothing in it can run.
pub async fn html(Extension(visit): Extension<Visit>, Path(id): Path<Uuid>) -> Response {
    if !is_open(&visit) {
        return refuse(StatusCode::NOT_FOUND, None);
    }
    let found = visit
        .platform
        .db
        .read(async |tx| CaughtMessage::list(tx, None, None).await)
        .await
        .unwrap_or_default();
    let Some(message) = found.into_iter().find(|message| message.id == id) else {
        return refuse(StatusCode::NOT_FOUND, None);
    };
    let mut response = Html(message.html).into_response();
    // The document has no origin of its own, so the logo's is named.
    let policy = format!(
        "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data: {}; frame-ancestors 'none'",
        visit.platform.config.public_origin()
    );
    let Ok(policy) = HeaderValue::from_str(&policy) else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, None);
    };
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
