//! The command palette of the console: Ctrl K (⌘ K) opens it, typing narrows the list, the arrow keys walk through it.

use leptos::prelude::*;

/// Wakes the button and the dialog in it. Not there without JavaScript: each line is a link that stands elsewhere too.
#[island]
pub fn Palette(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

    use crate::islands::dom::{find, on};

    pub fn enliven(root: &HtmlElement) {
        let (Some(button), Some(dialog), Some(input)) = (
            find::<HtmlElement>(root, "button[data-open]"),
            find::<HtmlDialogElement>(root, "dialog"),
            find::<HtmlInputElement>(root, "input"),
        ) else {
            return;
        };
        button.set_hidden(false);
        let open = {
            let (dialog, input) = (dialog.clone(), input.clone());
            move || {
                if !dialog.open() {
                    input.set_value("");
                    narrow(&dialog, "");
                    let _ = dialog.show_modal();
                }
                let _ = input.focus();
            }
        };
        on(&button, "click", {
            let open = open.clone();
            move |_| open()
        });
        on(&document(), "keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            if (key.ctrl_key() || key.meta_key())
                && !key.shift_key()
                && !key.alt_key()
                && key.key().eq_ignore_ascii_case("k")
            {
                event.prevent_default();
                open();
            }
        });
        on(&input.clone(), "input", {
            let dialog = dialog.clone();
            move |_| narrow(&dialog, &input.value())
        });
        on(&dialog.clone(), "keydown", move |event| {
            if let Some(key) = event.dyn_ref::<KeyboardEvent>()
                && let Some(to) = step(&dialog, &key.key())
            {
                event.prevent_default();
                let _ = to.focus();
            }
        });
    }

    /// Shows the lines in which every word that was typed stands.
    fn narrow(dialog: &Element, typed: &str) {
        let typed = typed.to_lowercase();
        let mut any = false;
        each(dialog, "li", |line| {
            let text = line.text_content().unwrap_or_default().to_lowercase();
            let shown = typed.split_whitespace().all(|word| text.contains(word));
            any |= shown;
            line.set_hidden(!shown);
        });
        if let Some(none) = find::<HtmlElement>(dialog, "[data-none]") {
            none.set_hidden(any);
        }
    }

    /// Where an arrow key leads from where the focus is: through the field and the lines that are shown, and around.
    fn step(dialog: &Element, key: &str) -> Option<HtmlElement> {
        let mut stops = Vec::new();
        each(dialog, "input, li:not([hidden]) a", |stop| {
            stops.push(stop.clone());
        });
        let here = document().active_element();
        let at = stops
            .iter()
            .position(|stop| here.as_ref() == Some(stop.as_ref()))
            .unwrap_or(0);
        let to = match key {
            "ArrowDown" => at + 1,
            "ArrowUp" => at + stops.len().max(1) - 1,
            // Enter in the field searches people; where there is nobody to search, it takes the first line.
            "Enter" if at == 0 && find::<Element>(dialog, "form[data-people]").is_none() => {
                stops.get(1)?.click();
                return None;
            }
            _ => return None,
        };
        stops.get(to % stops.len().max(1)).cloned()
    }

    fn each(root: &Element, selector: &str, mut act: impl FnMut(&HtmlElement)) {
        let Ok(found) = root.query_selector_all(selector) else {
            return;
        };
        for index in 0..found.length() {
            if let Some(element) = found
                .get(index)
                .and_then(|node| node.dyn_into::<HtmlElement>().ok())
            {
                act(&element);
            }
        }
    }
}
