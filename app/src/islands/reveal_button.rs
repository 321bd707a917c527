//! Shows what is typed into a password field (NIST SP 800-63B-4 §3.1.1.2 asks for it).

use leptos::prelude::*;

/// A button for the field with the id `field`. Not there without JavaScript.
#[island]
pub fn RevealButton(
    field: String,
    show: String,
    show_label: String,
    hide: String,
    hide_label: String,
    children: Children,
) -> impl IntoView {
    let awake = RwSignal::new(false);
    let shown = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let target = field.clone();
    let toggle = move |_| {
        #[cfg(feature = "hydrate")]
        {
            use wasm_bindgen::JsCast as _;
            let input = document()
                .get_element_by_id(&target)
                .and_then(|e| e.dyn_into::<web_sys::HtmlInputElement>().ok());
            if let Some(input) = input {
                input.set_type(if shown.get_untracked() { "password" } else { "text" });
                shown.update(|on| *on = !*on);
            }
        }
    };
    Effect::new(move || awake.set(true));
    let label = move || {
        if shown.get() {
            hide_label.clone()
        } else {
            show_label.clone()
        }
    };
    let word = move || if shown.get() { hide.clone() } else { show.clone() };
    view! {
        <button class="btn quiet sm" type="button" data-testid="show-password" aria-controls=field aria-label=label
            aria-pressed=move || shown.get().to_string() hidden=move || !awake.get() on:click=toggle>
            {children()}
            <span>{word}</span>
        </button>
    }
}
