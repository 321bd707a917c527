//! A person's copy of their data: how far it is, and the archive itself.

use app::visit::Visit;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use domain::Error;
use domain::users::export::{Export, fetch};
use serde::Serialize;
use uuid::Uuid;

use crate::http::error_pages::{refuse, wants_page};

/// Where the archive is offered, and where somebody is sent who must sign in or confirm first.
const PAGE: &str = "/account/data";

/// The answer of `GET /account/data/progress`.
#[derive(Debug, Serialize)]
struct Progress {
    done: i64,
    total: i64,
    ready: bool,
}

/// `GET /account/data/progress`: the newest copy of whoever is signed in; 404 when there is none.
pub async fn progress(Extension(visit): Extension<Visit>) -> Response {
    let Some(session) = &visit.signed_in else {
        return refuse(StatusCode::UNAUTHORIZED, None);
    };
    let newest = visit
        .platform
        .db
        .read(async |tx| Export::newest(tx, session.user_id).await)
        .await;
    match newest {
        Ok(Some(export)) => Json(Progress {
            done: export.steps_done,
            total: export.steps_total,
            ready: export.ready_at.is_some(),
        })
        .into_response(),
        Ok(None) => refuse(StatusCode::NOT_FOUND, None),
        Err(error) => unavailable(&error),
    }
}

/// `GET /account/data/download/{id}`: the archive, for its owner, who proved a short while ago who they are; 404 for
/// everybody else's, and when it has expired.
pub async fn download(
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(session) = &visit.signed_in else {
        return if wants_page(&headers) {
            Redirect::to(&app::sign_in::with_next("/sign-in", PAGE)).into_response()
        } else {
            refuse(StatusCode::UNAUTHORIZED, None)
        };
    };
    if !session.is_fresh(visit.platform.clock.now()) {
        return Redirect::to(&app::sign_in::with_next("/confirm", PAGE)).into_response();
    }
    let Ok(id) = id.parse::<Uuid>() else {
        return refuse(StatusCode::NOT_FOUND, None);
    };
    let zip = match fetch(&visit.platform, session, id, &visit.origin).await {
        Ok(Some(zip)) => zip,
        Ok(None) => return refuse(StatusCode::NOT_FOUND, None),
        // Closed for changes: the page says until when.
        Err(Error::Refused(_)) if wants_page(&headers) => return Redirect::to(PAGE).into_response(),
        Err(Error::Refused(_)) => return refuse(StatusCode::FORBIDDEN, None),
        Err(error) => return unavailable(&error),
    };
    let mut response = zip.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"my-data.zip\""),
    );
    response
}

fn unavailable(error: &domain::Error) -> Response {
    tracing::error!(%error, "an export could not be read");
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        Some(std::time::Duration::from_secs(5)),
    )
}
