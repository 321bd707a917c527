//! Copies a line to the clipboard.

use leptos::prelude::*;

/// Not there without JavaScript: the line beside it can be selected by hand.
#[island]
pub fn CopyButton(text: String, copy: String, copied: String) -> impl IntoView {
    // Used in the browser only. (An attribute that differs between the two builds would change the island's id.)
    #[cfg(not(feature = "hydrate"))]
    let _ = (text,);
    let awake = RwSignal::new(false);
    let done = RwSignal::new(false);
    let click = move |_| {
        #[cfg(feature = "hydrate")]
        {
            let _ = window().navigator().clipboard().write_text(&text);
            done.set(true);
        }
    };
    Effect::new(move || awake.set(true));
    view! {
        <button class="btn quiet sm" type="button" hidden=move || !awake.get() on:click=click>
            <span role="status">{move || if done.get() { copied.clone() } else { copy.clone() }}</span>
        </button>
    }
}
