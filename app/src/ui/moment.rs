//! A moment on a page.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::islands::LocalTime;
use crate::visit::words;

/// A moment in the page's language: in the reader's zone where there is JavaScript, else in UTC.
#[component]
pub fn Moment(
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    view! { <LocalTime iso=at.to_rfc3339() text=words().moment(at)/> }
}
