//! How a page is made of what the domain answers.

use domain::Result;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::error_page::refuse_page;
use crate::visit::Visit;

/// Waits for a page's data and shows the page; an error becomes an error page with the right status. Pages are
/// rendered whole (`SsrMode::Async`), so the waiting is never seen.
pub fn page<V: IntoView + 'static>(
    content: impl Future<Output = Result<V>> + Send + 'static,
) -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match content.await {
                    Ok(view) => view.into_any(),
                    Err(error) => refuse_page(error).into_any(),
                }
            })}
        </Suspense>
    }
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

/// Sends somebody who is not signed in to the sign-in page, and back afterwards.
pub fn go_to_sign_in(visit: &Visit) -> AnyView {
    let next: String = url::form_urlencoded::byte_serialize(visit.target.as_bytes()).collect();
    let expired = if visit.session_ended { "&expired=1" } else { "" };
    go(&format!("/sign-in?next={next}{expired}"))
}
