//! Shows what is typed into a password field (NIST SP 800-63B-4 §3.1.1.2 asks for it).

use leptos::prelude::*;

/// Wakes the button in it, for the field that its `aria-controls` names. It says `data-show` or `data-hide`, to screen readers
/// `data-show-label` or `data-hide-label`. Not there without JavaScript.
#[island]
pub fn RevealButton(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use web_sys::{HtmlElement, HtmlInputElement};

    use crate::islands::dom::{attribute, by_id, find, on};

    pub fn enliven(root: &HtmlElement) {
        let Some(button) = find::<HtmlElement>(root, "button") else {
            return;
        };
        button.set_hidden(false);
        on(&button.clone(), "click", move |_| {
            let Some(input) = by_id::<HtmlInputElement>(&attribute(&button, "aria-controls")) else {
                return;
            };
            let shown = input.type_() == "password";
            let (kind, pressed, word, label) = if shown {
                ("text", "true", "data-hide", "data-hide-label")
            } else {
                ("password", "false", "data-show", "data-show-label")
            };
            input.set_type(kind);
            let _ = button.set_attribute("aria-pressed", pressed);
            let _ = button.set_attribute("aria-label", &attribute(&button, label));
            if let Some(line) = find::<HtmlElement>(&button, "span:last-child") {
                line.set_text_content(Some(&attribute(&button, word)));
            }
        });
    }
}
