//! Prints the page.

use leptos::prelude::*;

/// Not there without JavaScript: every browser prints by itself.
#[island]
pub fn PrintButton(label: String) -> impl IntoView {
    let awake = RwSignal::new(false);
    let click = move |_| {
        #[cfg(feature = "hydrate")]
        {
            let _ = window().print();
        }
    };
    Effect::new(move || awake.set(true));
    view! {
        <button class="btn quiet sm" type="button" hidden=move || !awake.get() on:click=click>{label}</button>
    }
}
