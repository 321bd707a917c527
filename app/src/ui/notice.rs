//! A line above a form: how the person came here.

use leptos::prelude::*;

use crate::visit::Visit;

/// Good news. It is out of date as soon as the page refuses something, so then it stays away; in the browser
/// [`crate::islands::LiveForm`] takes it away.
#[component]
pub fn GoodNews(
    /// What went well.
    text: String,
) -> impl IntoView {
    let refused = Visit::current().flash_here().is_some();
    (!refused).then(|| view! { <p class="note ok" role="status" data-testid="notice">{text}</p> })
}

/// Why the person is asked for this, which holds as long as they are.
#[component]
pub fn Reason(
    /// The reason.
    text: String,
) -> impl IntoView {
    view! { <p class="note" role="status" data-testid="notice">{text}</p> }
}
