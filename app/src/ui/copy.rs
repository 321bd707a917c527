//! A button that copies a line.

use leptos::prelude::*;

use crate::islands::CopyButton;
use crate::visit::t;

/// Not there without JavaScript: what it copies stands beside it.
#[component]
pub fn Copy(
    /// What goes to the clipboard.
    text: String,
    /// What the button says, if not only "Copy".
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    view! {
        <CopyButton>
            <button class="btn quiet sm" type="button" hidden=true data-text=text data-copied=t("copied")>
                <span>{t(label.unwrap_or("copy"))}</span>
            </button>
            // Beside the button: what is told to a listener is no part of its name.
            <span class="unseen" role="status"></span>
        </CopyButton>
    }
}
