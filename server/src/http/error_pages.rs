//! Dresses bare errors: a page for people, a problem (RFC 9457) for programs.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::error_page::ErrorPage;
use app::shell::{error_document, language_headers};
use app::visit::Bare;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use domain::words::Words;
use futures_util::FutureExt as _;
use leptos::prelude::{Owner, RenderHtml as _, provide_context};
use serde::Serialize;

use crate::http::cookies::Jar;
use crate::http::language::{self, Spoken};
use crate::http::observe::Seen;
use crate::routes::House;

/// A problem, as `application/problem+json`.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// Names the kind of problem; not an address that answers.
    pub r#type: String,
    /// One line, the same for all problems of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, in the reader's language.
    pub detail: String,
    /// The reasons, field by field.
    pub errors: Vec<FieldProblem>,
    /// Seconds to wait, where waiting helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Leads the operator to the log.
    pub incident: String,
}

/// One reason.
#[derive(Debug, Serialize)]
pub struct FieldProblem {
    /// The field's name; `null`: the request as a whole.
    pub field: Option<&'static str>,
    /// A code from a closed set.
    pub code: &'static str,
    /// The sentence for a person.
    pub detail: String,
}

impl Problem {
    /// The response.
    pub fn respond(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// True when the client is a browser that wants a page.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

/// A bare error; [`dress`] gives it its clothes.
pub fn refuse(status: StatusCode, retry_after: Option<Duration>) -> Response {
    let mut response = status.into_response();
    if let Some(wait) = retry_after {
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000).max(1)).unwrap_or(60);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The layer. A handler that panics becomes a 500. Answers that have a page or a JSON body already are left alone.
pub async fn dress(State(house): State<House>, request: Request, next: Next) -> Response {
    let page = wants_page(request.headers());
    let may_repeat = request.method().is_safe();
    let incident = request
        .extensions()
        .get::<Seen>()
        .map_or_else(String::new, |seen| seen.id.clone());
    let probe = request.uri().path().starts_with("/health/");
    // Of somebody whose visit was not begun, the session is not known.
    let guessed = language::of(
        &house.platform.settings().languages,
        &Jar::of(&house.platform, request.headers()),
        request.headers(),
        None,
    );
    let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = response.unwrap_or_else(|_| {
        tracing::error!("a handler panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    let status = response.status();
    let dressed = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"));
    if dressed || probe || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|v| v.to_str().ok()?.parse().ok());
    let words = response
        .extensions()
        .get::<Spoken>()
        .map_or(guessed, |Spoken(words)| words);
    let error = ErrorPage {
        status: status.as_u16(),
        incident,
        retry_after,
        url: house.platform.config.public_origin(),
        may_repeat,
    };
    let made = if page {
        Html(render(&house, error, words)).into_response()
    } else {
        let reason = status.canonical_reason().unwrap_or("Error");
        Problem {
            r#type: format!("urn:latchstring:problem:{}", status.as_u16()),
            title: reason.to_owned(),
            status: status.as_u16(),
            detail: error.sentences(words).unwrap_or_else(|| reason.to_owned()),
            errors: Vec::new(),
            retry_after,
            incident: error.incident,
        }
        .respond()
    };
    // Only the clothes are new: cookies, `Allow`, `Retry-After` and the route's name stay.
    let (mut parts, _) = response.into_parts();
    let (clothes, body) = made.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = clothes.headers.get(header::CONTENT_TYPE) {
        parts.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    parts.headers.extend(language_headers(words));
    Response::from_parts(parts, body)
}

fn render(house: &House, page: ErrorPage, words: &'static Words) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let settings = house.platform.settings();
        provide_context(Bare {
            product: settings.product_name.clone(),
            accent: settings.accent,
            logo: settings.logo.clone(),
            words,
        });
        // Leptos ends a text with a marker, which has no business in a title.
        error_document(&house.options, page)
            .to_html()
            .replace("<!></title>", "</title>")
    })
}
