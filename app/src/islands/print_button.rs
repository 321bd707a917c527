//! Prints the page.

use leptos::prelude::*;

/// Wakes the button in it. Not there without JavaScript: every browser prints by itself.
#[island]
pub fn PrintButton(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::window;
    use web_sys::HtmlElement;

    use crate::islands::dom::{find, on};

    pub fn enliven(root: &HtmlElement) {
        if let Some(button) = find::<HtmlElement>(root, "button") {
            button.set_hidden(false);
            on(&button, "click", |_| {
                let _ = window().print();
            });
        }
    }
}
