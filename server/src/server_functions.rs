//! The one place through which server functions are called.
//!
//! Leptos would answer every error with 500, and put it into the URL for a form without JavaScript. Here the function
//! is always called as a program would, and its answer is put into the right clothes: JSON with the right status for
//! the page's own script; for a plain form a redirect (303), with the refusal and what was typed, secrets apart, in a
//! sealed cookie that the page reads once.

use std::collections::BTreeMap;

use app::refused::{Next, Refused, sentence};
use app::shell::language_headers;
use app::visit::{Flash, Visit};
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::authentication::local_path::LocalPath;
use domain::platform::settings::Key;
use domain::{Code, Refusal};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;

use crate::http::cookies;
use crate::http::error_pages::{FieldProblem, Problem, refuse, wants_page};
use crate::http::form;
use crate::routes::{Audience, audience_of};

/// The most bytes that an answer of a server function has.
const MAX_ANSWER: usize = 64 * 1024;
/// What is shown again after a refusal, and the settings of the console. Everything else, passwords and codes above all, is not.
const SHOWN_AGAIN: [&str; 9] = [
    "name",
    "email",
    "phone",
    "remember",
    "time_zone",
    "language",
    "reason",
    "hours",
    "note",
];
/// The most bytes of a field that are shown again: all of them fit into one cookie. A longer one is not, so that the page shows what is
/// stored: the beginning of it could be saved as if it were all.
const MAX_SHOWN: usize = 300;

/// Forms that give the session another token: the second post of a double click brings the token of before, with which nobody is signed
/// in. See `domain/src/authentication/sent_twice.rs`.
const ANSWERED_TWICE: [&str; 5] = [
    "/api/confirm",
    "/api/confirm-authenticator",
    "/api/confirm-phone",
    "/api/admin-view-as",
    "/api/stop-viewing",
];

/// Calls a server function.
pub async fn call(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = match form::read(&parts.headers, body).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    if server_fn::axum::get_server_fn_service(parts.uri.path(), Method::POST).is_none() {
        return refuse(StatusCode::NOT_FOUND, None);
    }
    if let Some(first) = ask_first(&visit, parts.uri.path(), &parts.headers) {
        return first;
    }
    let from = parts.headers.clone();
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let request = Request::from_parts(parts, Body::from(body.clone()));
    let context = visit.clone();
    let answer = handle_server_fns_with_context(move || provide_context(context.clone()), request)
        .await
        .into_response();

    let failed = answer.headers().contains_key(SERVER_FN_ERROR_HEADER);
    let Ok(content) = to_bytes(answer.into_body(), MAX_ANSWER).await else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, None);
    };
    let next = (!failed)
        .then(|| serde_json::from_slice::<Next>(&content).ok())
        .flatten();
    let outcome = next.ok_or_else(|| {
        serde_json::from_slice::<Refused>(&content)
            .map_or_else(|_| Refusal::form(Code::Unexpected), |refused| refused.0)
    });
    respond(&visit, &from, outcome, &body)
}

/// What somebody must do before they may call this path: to sign in, or to prove anew who they are.
pub(crate) fn ask_first(visit: &Visit, path: &str, headers: &HeaderMap) -> Option<Response> {
    let page = wants_page(headers);
    let back = form::page_before(headers, visit);
    Some(match first_of_all(path, visit)? {
        First::SignIn if !page => problem(visit, &Refusal::form(Code::SignedOut)),
        First::SignIn => Redirect::to(&before("/sign-in", back.as_ref())).into_response(),
        First::Confirm if !page => axum::Json(Next::to(before("/confirm", back.as_ref()))).into_response(),
        First::Confirm => Redirect::to(&before("/confirm", back.as_ref())).into_response(),
    })
}

/// Dresses what came of a form, of which `body` are the fields to show again.
pub(crate) fn respond(
    visit: &Visit,
    headers: &HeaderMap,
    outcome: Result<Next, Refusal>,
    body: &[u8],
) -> Response {
    let page = wants_page(headers);
    let refusal = match outcome {
        Ok(next) if page => return Redirect::to(&next.location).into_response(),
        Ok(next) => return axum::Json(next).into_response(),
        Err(refusal) => refusal,
    };
    match form::page_before(headers, visit) {
        Some(back) if page => turn_back(visit, &back, refusal, body),
        _ if page => refuse(
            StatusCode::from_u16(refusal.code().status()).unwrap_or(StatusCode::BAD_REQUEST),
            None,
        ),
        _ => problem(visit, &refusal),
    }
}

/// What somebody must do before they may call a function.
enum First {
    SignIn,
    Confirm,
}

/// What [`ROUTES`](crate::routes::ROUTES) asks for and the browser does not have yet. A path that is not in it is nobody's.
fn first_of_all(path: &str, visit: &Visit) -> Option<First> {
    // Whether it is the second post of a double click is told by what was typed: the function refuses everybody else.
    if visit.session_ended && visit.form.is_some() && ANSWERED_TWICE.contains(&path) {
        return None;
    }
    match (audience_of(path), &visit.signed_in) {
        (Some(Audience::Viewing), _) if visit.viewing.is_some() => None,
        (Some(Audience::Public), _)
        | (Some(Audience::SignedIn | Audience::Viewing | Audience::Console(_)), Some(_)) => None,
        (Some(Audience::Confirmed | Audience::ConsoleChange(_)), Some(person))
            if person.is_fresh(visit.platform.clock.now()) =>
        {
            None
        }
        (Some(Audience::Confirmed | Audience::ConsoleChange(_)), Some(_)) => Some(First::Confirm),
        _ => Some(First::SignIn),
    }
}

/// The address of a page that comes before going back.
fn before(page: &str, back: Option<&LocalPath>) -> String {
    app::sign_in::with_next(page, back.map_or("", LocalPath::as_str))
}

/// Sends a plain form back to its page, which then says why.
pub(crate) fn turn_back(visit: &Visit, back: &LocalPath, refusal: Refusal, body: &[u8]) -> Response {
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        // Boxes of one setting are one text, as the setting has it.
        let name = name.trim_end_matches("[]");
        if SHOWN_AGAIN.contains(&name) || Key::of_field(name).is_some() {
            let shown = typed.entry(name.to_owned()).or_default();
            let separator = if shown.is_empty() { "" } else { " " };
            shown.push_str(separator);
            shown.push_str(&value);
        }
    }
    typed.retain(|_, shown| shown.len() <= MAX_SHOWN);
    let flash = Flash {
        page: back.as_str().split('?').next().unwrap_or_default().to_owned(),
        action: visit.path.clone(),
        refusal,
        typed,
    };
    let mut response = Redirect::to(back.as_str()).into_response();
    if let Some(cookie) = cookies::flash(&visit.platform, &flash) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A refusal for the page's own script.
pub(crate) fn problem(visit: &Visit, refusal: &Refusal) -> Response {
    let errors: Vec<FieldProblem> = refusal
        .faults
        .iter()
        .map(|fault| FieldProblem {
            field: fault.field.map(domain::Field::as_str),
            code: fault.code.as_str(),
            detail: sentence(visit.words, Some(visit), fault, refusal),
        })
        .collect();
    let code = refusal.code();
    let problem = Problem {
        r#type: format!("urn:latchstring:problem:{}", code.as_str()),
        title: code.as_str().to_owned(),
        status: code.status(),
        detail: errors
            .first()
            .map_or_else(String::new, |error| error.detail.clone()),
        errors,
        retry_after: refusal.retry_after,
        incident: visit.origin.request_id.clone(),
    };
    let mut response = problem.respond();
    response.headers_mut().extend(language_headers(visit.words));
    response
}
