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
    read_within(BODY_TIME, headers, body).await
}

async fn read_within(time: Duration, headers: &HeaderMap, body: Body) -> Result<Bytes, Response> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, None));
    }
    match tokio::time::timeout(time, to_bytes(body, MAX_BODY)).await {
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::http::HeaderValue;
    use futures_util::stream;

    use super::*;

    /// What becomes of a form that has no time at all to arrive.
    async fn read_at_once(body: Body) -> Result<Bytes, StatusCode> {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, kind);
        let read = read_within(Duration::ZERO, &headers, body).await;
        read.map_err(|refused| refused.status())
    }

    #[tokio::test]
    async fn a_form_that_does_not_come_in_its_time_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(read_at_once(never).await, Err(StatusCode::REQUEST_TIMEOUT));
        // One that is there, is there.
        let here = read_at_once(Body::from("name=Ada")).await;
        assert_eq!(here, Ok(Bytes::from_static(b"name=Ada")));
        assert_eq!(BODY_TIME, Duration::from_secs(15), "as ARCHITECTURE.md says");
    }
}
