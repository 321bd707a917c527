//! Fresh recovery codes: as a file, and their end. Both are POSTs: no history, no cache and nothing that looks ahead holds the file.

use app::account::recovery_codes::as_text;
use app::visit::{NewCookie, Visit};
use axum::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::http::error_pages::refuse;

/// `POST /account/security/recovery-codes/download`: the codes that were made a moment ago in this session; 404 when there
/// are none, 401 when nobody is signed in.
pub async fn download(Extension(visit): Extension<Visit>) -> Response {
    if visit.signed_in.is_none() {
        return refuse(StatusCode::UNAUTHORIZED, None);
    }
    let Some(fresh) = visit.fresh_codes() else {
        return refuse(StatusCode::NOT_FOUND, None);
    };
    let mut response = as_text(&visit, &fresh.codes).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"recovery-codes.txt\""),
    );
    response
}

/// `POST /account/security/recovery-codes/kept`: the person has kept the codes; from here on nobody sees them again.
pub async fn kept(Extension(visit): Extension<Visit>) -> Response {
    if visit.signed_in.is_none() {
        return refuse(StatusCode::UNAUTHORIZED, None);
    }
    visit.set_cookie(NewCookie::Codes(None));
    Redirect::to("/account/security?done=codes").into_response()
}
