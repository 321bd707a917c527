//! A form as it arrives: how its body must be called, how large it may be, how long it may take, and the page it was on.

use std::time::Duration;

use app::visit::Visit;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::authentication::local_path::LocalPath;
use url::Url;

use crate::http::error_pages::refuse;

/// The most bytes that a form may have.
const MAX_BODY: usize = 64 * 1024;
/// How long a form may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(15);

/// Reads a form whole. Only `application/x-www-form-urlencoded`: what a browser may send across sites besides, such as
/// `text/plain`, is no form of ours (ASVS 3.5.2).
///
/// # Errors
/// The answer to give: 415, 413 or 408.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Response> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, None));
    }
    match tokio::time::timeout(BODY_TIME, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, None)),
        Err(_) => Err(refuse(StatusCode::REQUEST_TIMEOUT, None)),
    }
}

/// The page that a form was on, if it is one of ours.
pub fn page_before(headers: &HeaderMap, visit: &Visit) -> Option<LocalPath> {
    let referer = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    if referer.origin() != visit.platform.config.public_url.origin() {
        return None;
    }
    let path = referer.query().map_or_else(
        || referer.path().to_owned(),
        |query| format!("{}?{query}", referer.path()),
    );
    LocalPath::parse(&path)
}
