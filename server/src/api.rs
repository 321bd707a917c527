//! The JSON API for apps behind Latchstring.

use app::visit::Visit;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::http::error_pages::refuse;

/// The answer of `GET /api/v1/session`.
#[derive(Debug, Serialize)]
struct Session<'a> {
    person: Person<'a>,
    /// Authenticator assurance level (NIST SP 800-63B-4 §2).
    aal: i64,
    /// How they proved it (RFC 8176).
    amr: Vec<&'a str>,
    auth_time: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    id: Uuid,
    name: &'a str,
    email: &'a str,
}

/// `GET /api/v1/session`: who is signed in, by the session cookie; 401 when nobody is. Nobody is while somebody looks at an account as
/// its owner sees it: an app that took the answer for that person would lend the operator the person's rights, and one that took it for
/// the operator would mix up the two (RFC 8693 §4.1 has `act` for apps that know of it; who does not read it must not be let down).
pub async fn session(Extension(visit): Extension<Visit>) -> Response {
    let Some(session) = &visit.signed_in else {
        return refuse(StatusCode::UNAUTHORIZED, None);
    };
    Json(Session {
        person: Person {
            id: session.user_id,
            name: &session.name,
            email: &session.email,
        },
        aal: session.aal,
        amr: session.amr.split_whitespace().collect(),
        auth_time: session.auth_time,
        expires_at: session.expires_at.min(session.idle_expires_at),
    })
    .into_response()
}
