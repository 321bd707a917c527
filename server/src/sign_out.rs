//! `POST /sign-out`: ends the session, here and everywhere it is copied, and tells the browser to forget what it kept.

use app::visit::Visit;
use axum::Extension;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::authentication::sign_out::sign_out as end;

use crate::http::error_pages::refuse;

/// The handler. Safe to repeat, and the same for somebody who is not signed in.
pub async fn sign_out(Extension(visit): Extension<Visit>) -> Response {
    if let Some(session) = &visit.signed_in
        && let Err(error) = end(&visit.platform, session, &visit.origin).await
    {
        tracing::error!(%error, "a session could not be ended");
        return refuse(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            Some(std::time::Duration::from_secs(5)),
        );
    }
    if let Err(error) = visit.session.drop_it().await {
        // The row is gone, which is what counts.
        tracing::warn!(%error, "the session's cookie could not be dropped");
    }
    let mut response = Redirect::to("/sign-in?signed-out=1").into_response();
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
