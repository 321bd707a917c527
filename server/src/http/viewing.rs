//! What is open to somebody who looks at an account as its owner sees it: what [`ROUTES`] says of it, and nothing else. A new route is
//! shut, whatever its method. The rule itself is in `domain/src/authentication/viewing.rs`.

use app::viewing::PAGE;
use app::visit::Visit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::authentication::viewing::Viewing;
use domain::{Code, Refusal};

use crate::http::error_pages::{refuse, wants_page};
use crate::routes::{ROUTES, Viewed};
use crate::server_functions::problem;

/// The answer in place of what is shut; `None`: nobody looks, or it is open to them. What would have changed something goes into the
/// audit.
pub async fn shut(visit: &Visit, method: &Method, headers: &HeaderMap) -> Option<Response> {
    let viewing = visit.viewing.as_ref()?;
    // A head is a page without its body.
    let asked = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let mut routes = ROUTES.iter();
    let route = routes.find(|route| route.method == asked && route.path == visit.path);
    let is_open = route.is_some_and(|route| match route.viewed {
        Viewed::Never => false,
        Viewed::Page => viewing.pages().is_some(),
        Viewed::Always => true,
    });
    if is_open {
        return None;
    }
    if asked != "GET" {
        // A path as it was asked for may hold anything.
        let path = route.map_or("unknown", |route| route.path);
        if let Err(error) = viewing.refuse(&visit.platform, path, &visit.origin).await {
            tracing::error!(%error, "a refusal could not be noted");
            return Some(refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Some(std::time::Duration::from_secs(5)),
            ));
        }
    }
    Some(if wants_page(headers) {
        Redirect::to(PAGE).into_response()
    } else {
        problem(visit, &Refusal::form(Code::ViewingOnly))
    })
}

/// Takes the page off the screen when the look is over, with a script or without: the browser asks for it again then.
pub fn leave_in_time(visit: &Visit, response: &mut Response) {
    let whom = visit
        .viewing
        .as_ref()
        .filter(|viewing| viewing.pages().is_some())
        .and_then(|viewing: &Viewing| viewing.whom.as_ref());
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(whom) = whom
        && is_page
    {
        let left = (whom.until - visit.platform.clock.now()).num_seconds().max(0) + 1;
        response
            .headers_mut()
            .insert(HeaderName::from_static("refresh"), HeaderValue::from(left));
    }
}
