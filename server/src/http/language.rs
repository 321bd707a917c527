//! Which language a person reads, and the choice of one at the door.

use app::visit::{NewCookie, Visit};
use axum::Extension;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::authentication::local_path::LocalPath;
use domain::authentication::session::SignedIn;
use domain::words::{Offered, Words};

use crate::http::cookies::{self, Jar};
use crate::http::error_pages::refuse;
use crate::http::form;

/// Carries the words of an answer out to the layers that never see its [`Visit`].
#[derive(Clone, Copy)]
pub struct Spoken(pub &'static Words);

/// The words for a request, in a language that is offered: that of the person's account, else the one chosen in this browser, else
/// the one that the browser asks for, else the default.
pub fn of(
    offered: &Offered,
    jar: &Jar<'_>,
    headers: &HeaderMap,
    person: Option<&SignedIn>,
) -> &'static Words {
    let own = person.map(|person| offered.of(&person.locale));
    let chosen = || jar.read(cookies::LANGUAGE).and_then(|tag| offered.parse(tag));
    let asked = || {
        let all: Vec<&str> = headers
            .get_all(header::ACCEPT_LANGUAGE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        offered.accepted(&all.join(","))
    };
    Words::of(own.or_else(chosen).or_else(asked).unwrap_or(offered.default))
}

/// `POST /language`: keeps the choice in a cookie, and goes back to the page that it was made on.
pub async fn choose(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match form::read(&parts.headers, body).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let language = url::form_urlencoded::parse(&body)
        .find(|(name, _)| name == "lang")
        .and_then(|(_, tag)| visit.settings.languages.parse(&tag));
    let Some(language) = language else {
        return refuse(StatusCode::BAD_REQUEST, None);
    };
    visit.set_cookie(NewCookie::Language(language));
    let back = form::page_before(&parts.headers, &visit);
    Redirect::to(back.as_ref().map_or("/", LocalPath::as_str)).into_response()
}
