//! A line above a form: how the person came here.

use leptos::prelude::*;

use crate::visit::{Visit, t};

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

/// Good news about something that is seen further down on the same page anyway: at the edge of the window, over whatever part of the
/// page is read just now. It stays until the next page, or until it is closed, which is a link to this page without it.
#[component]
pub fn Toast(
    /// What went well.
    text: String,
) -> impl IntoView {
    let visit = Visit::current();
    let refused = visit.flash_here().is_some();
    (!refused).then(|| {
        view! {
            <div class="toasts">
                <div class="toast ok">
                    <p role="status" data-testid="notice">{text}</p>
                    <a class="small" href=visit.path.clone() data-testid="close-toast">{t("toast-close")}</a>
                </div>
            </div>
        }
    })
}
