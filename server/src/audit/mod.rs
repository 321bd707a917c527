//! What of the audit is no page: the rows as they are written, a copy to take away, and how far an examination is.
//!
//! A stream has a task of its own, which the client's connection only reads from: what it does with the database is finished whatever
//! the client does, and it ends when nobody reads any more.

mod export;
mod tail;

use app::visit::Visit;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::audit::check::Check;
use domain::audit::trail::Filter;
use domain::authentication::session::SignedIn;
use domain::authorization::standing::Standing;
use domain::authorization::{May, right};
use domain::{Code, Error};
use serde::Serialize;

pub use self::export::export;
pub use self::tail::tail;
use crate::http::error_pages::refuse;

/// How many listeners one server has at a time.
pub const LISTENERS: usize = 32;
/// How many copies one server makes at a time.
pub const COPIES: usize = 4;

/// How far the newest examination is.
#[derive(Debug, Serialize)]
struct Progress {
    done: i64,
    total: i64,
    ready: bool,
}

/// `GET /admin/audit/chain/progress`: for the bar of the page; 404 when there has been none.
pub async fn progress(Extension(visit): Extension<Visit>) -> Response {
    let desk = match visit.desk() {
        Ok(desk) => desk,
        Err(error) => return refusal(&error),
    };
    let newest = desk
        .look(async |tx, _may: &May<right::AuditRead>| Check::newest(tx).await)
        .await;
    match newest {
        Ok(Some(check)) => Json(Progress {
            done: check.rows_done,
            total: check.rows_total,
            ready: !check.is_under_way(visit.platform.clock.now()),
        })
        .into_response(),
        Ok(None) => refuse(StatusCode::NOT_FOUND, None),
        Err(error) => refusal(&error),
    }
}

/// What a stream needs: who asks, and for which rows.
async fn begin(visit: &Visit) -> Result<(SignedIn, Standing, Filter), Response> {
    let (Some(session), Some(token)) = (visit.signed_in.clone(), visit.session.token()) else {
        return Err(refuse(StatusCode::UNAUTHORIZED, None));
    };
    let standing = Standing::new(&visit.platform, token.hash(), &visit.origin);
    let filter = visit
        .platform
        .db
        .read(async |tx| Filter::read(tx, &visit.query, session.zone()).await)
        .await;
    match filter {
        Ok(Ok(filter)) => Ok((session, standing, filter)),
        // The page says which field it is.
        Ok(Err(_)) => Err(refuse(StatusCode::BAD_REQUEST, None)),
        Err(error) => Err(refusal(&error)),
    }
}

/// The status of an error.
fn refusal(error: &Error) -> Response {
    match error {
        Error::Refused(refusal) => match refusal.code() {
            Code::SignedOut => refuse(StatusCode::UNAUTHORIZED, None),
            _ => refuse(StatusCode::FORBIDDEN, None),
        },
        error => {
            tracing::error!(%error, "the audit could not be read");
            refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Some(std::time::Duration::from_secs(5)),
            )
        }
    }
}
