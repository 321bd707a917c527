//! `POST /sign-out`: ends the session, here and everywhere it is copied, and tells the browser to forget what it kept.

use app::visit::{NewCookie, Visit};
use axum::Extension;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::authentication::sign_out::sign_out as end;

use crate::http::error_pages::refuse;

/// The handler. Safe to repeat, and the same for somebody who is not signed in. With `?all=1` the other accounts of this
/// browser are signed out too.
pub async fn sign_out(Extension(visit): Extension<Visit>) -> Response {
    let all = visit.query.contains_key("all");
    let others = visit.others.iter().filter(|_| all).map(|other| &other.session);
    // Whoever looks at somebody's account signs out of their own: of that one they are not signed in.
    let viewer = visit.viewing.iter().map(|viewing| &viewing.operator);
    for session in visit
        .signed_in
        .iter()
        .chain(&visit.leaving)
        .chain(viewer)
        .chain(others)
    {
        if let Err(error) = end(&visit.platform, session, &visit.origin).await {
            tracing::error!(%error, "a session could not be ended");
            return refuse(
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                Some(std::time::Duration::from_secs(5)),
            );
        }
    }
    if all {
        visit.set_cookie(NewCookie::Others(Vec::new(), None));
    }
    if let Err(error) = visit.session.drop_it().await {
        // The row is gone, which is what counts.
        tracing::warn!(%error, "the session's cookie could not be dropped");
    }
    let to = if all {
        "/sign-in?signed-out=all"
    } else {
        "/sign-in?signed-out=1"
    };
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
