//! A moment on a page.

use chrono::{DateTime, Utc};
use domain::authentication::session::SignedIn;
use leptos::prelude::*;

use crate::islands::LocalTime;
use crate::visit::{Visit, words};

/// A moment in the zone that the reader chose. Else in the browser's where there is JavaScript, and without it in UTC.
#[component]
pub fn Moment(
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    let zone = Visit::current().reader().and_then(SignedIn::zone);
    let text = words().moment_in(at, zone);
    let time = view! { <time datetime=at.to_rfc3339()>{text}</time> };
    match zone {
        Some(_) => time.into_any(),
        None => view! { <LocalTime>{time}</LocalTime> }.into_any(),
    }
}
