//! A moment in the reader's own zone, in the language of the page, written as in the reader's region.

use leptos::prelude::*;

/// Writes the `<time>` in it anew, by its `datetime` (RFC 3339, in UTC). Without JavaScript it stays as it is.
#[island]
pub fn LocalTime(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Span>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <span class="contents" node_ref=node>{children()}</span> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{Date, Object, Reflect};
    use leptos::prelude::{document, window};
    use web_sys::HtmlElement;

    use crate::islands::dom::{attribute, find};

    pub fn enliven(root: &HtmlElement) {
        let Some(time) = find::<HtmlElement>(root, "time") else {
            return;
        };
        let options = Object::new();
        let _ = Reflect::set(&options, &"dateStyle".into(), &"long".into());
        let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
        let date = Date::new(&attribute(&time, "datetime").into());
        if let Some(local) = date.to_locale_string(&locale(), &options).as_string() {
            time.set_text_content(Some(&local));
        }
    }

    /// The first of the reader's languages that is the page's, with its region: `en-GB` for a page in `en`. Dates
    /// follow the page, so that a sentence is in one language; their order follows the reader.
    fn locale() -> String {
        let html = document().document_element();
        let page = html.map(|html| attribute(&html, "lang")).unwrap_or_default();
        let theirs = window().navigator().languages();
        let regional = theirs.iter().filter_map(|tag| tag.as_string()).find(|tag| {
            tag.strip_prefix(page.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        regional.unwrap_or(page)
    }
}
