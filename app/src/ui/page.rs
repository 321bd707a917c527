//! How a page is made of what the domain answers.

use domain::Result;
use domain::authentication::session::SignedIn;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tracing::Instrument as _;

use crate::error_page::refuse_page;
use crate::sign_in::with_next;
use crate::visit::Visit;

/// Waits for a page's data and shows the page; an error becomes an error page with the right status. Pages are
/// rendered whole (`SsrMode::Async`), so the waiting is never seen.
pub fn page<V: IntoView + 'static>(
    content: impl Future<Output = Result<V>> + Send + 'static,
) -> impl IntoView {
    let shown = async move {
        match content.await {
            Ok(view) => view.into_any(),
            Err(error) => refuse_page(error).into_any(),
        }
    };
    // What waits here may be polled by a task of its own, whose lines in the log would not lead to the request.
    let shown = shown.instrument(tracing::Span::current());
    view! { <Suspense>{Suspend::new(shown)}</Suspense> }
}

/// Sends the browser to another page of this server instead of showing this one.
pub fn go(location: &str) -> AnyView {
    // Not `leptos_axum::redirect`: it answers 200 to whoever does not ask for HTML by name.
    if let (Some(options), Ok(location)) = (
        use_context::<ResponseOptions>(),
        http::HeaderValue::from_str(location),
    ) {
        options.set_status(http::StatusCode::SEE_OTHER);
        options.insert_header(http::header::LOCATION, location);
    }
    ().into_any()
}

/// A page of whoever is signed in, or of whom they look at as they see it; everybody else signs in first.
pub fn signed_in_page<F, V>(content: impl FnOnce(Visit, SignedIn) -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Result<V>> + Send + 'static,
    V: IntoView + 'static,
{
    page(async move {
        let visit = Visit::current();
        match visit.reader().cloned() {
            Some(person) => Ok(content(visit, person).await?.into_any()),
            None => Ok(go_to_sign_in(&visit)),
        }
    })
}

/// A page of somebody who has just proved who they are; everybody else does so first, at `/confirm`.
pub fn confirmed_page<F, V>(content: impl FnOnce(Visit, SignedIn) -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Result<V>> + Send + 'static,
    V: IntoView + 'static,
{
    signed_in_page(async move |visit: Visit, person: SignedIn| {
        if person.is_fresh(visit.platform.clock.now()) {
            Ok(content(visit, person).await?.into_any())
        } else {
            Ok(go(&with_next("/confirm", &visit.target)))
        }
    })
}

/// Sends somebody who is not signed in to the sign-in page, and back afterwards; and somebody whose account waits to be
/// erased to the page that keeps it.
pub fn go_to_sign_in(visit: &Visit) -> AnyView {
    if visit.leaving.is_some() {
        return go("/keep-account");
    }
    let next: String = url::form_urlencoded::byte_serialize(visit.target.as_bytes()).collect();
    let expired = if visit.session_ended { "&expired=1" } else { "" };
    go(&format!("/sign-in?next={next}{expired}"))
}
