//! Copies a line to the clipboard.

use leptos::prelude::*;

/// Wakes the button in it: it copies its `data-text`, and says `data-copied` from then on. Not there without JavaScript: the
/// line beside it can be selected by hand.
#[island]
pub fn CopyButton(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::window;
    use web_sys::HtmlElement;

    use crate::islands::dom::{attribute, find, on};

    pub fn enliven(root: &HtmlElement) {
        let Some(button) = find::<HtmlElement>(root, "button") else {
            return;
        };
        button.set_hidden(false);
        let place = root.clone();
        on(&button.clone(), "click", move |_| {
            let _ = window()
                .navigator()
                .clipboard()
                .write_text(&attribute(&button, "data-text"));
            let copied = attribute(&button, "data-copied");
            let status = find::<HtmlElement>(&place, "[role=status]");
            for told in [find::<HtmlElement>(&button, "span"), status]
                .into_iter()
                .flatten()
            {
                told.set_text_content(Some(&copied));
            }
        });
    }
}
