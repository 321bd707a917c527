//! A moment in the reader's own zone, in the language of the page, written as in the reader's region.

use leptos::prelude::*;

/// `iso` is RFC 3339 in UTC; `text` is what stands there without JavaScript.
#[island]
pub fn LocalTime(iso: String, text: String) -> impl IntoView {
    let shown = RwSignal::new(text);
    #[cfg(feature = "hydrate")]
    {
        let moment = iso.clone();
        Effect::new(move || {
            let options = js_sys::Object::new();
            let _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into());
            let _ = js_sys::Reflect::set(&options, &"timeStyle".into(), &"short".into());
            let date = js_sys::Date::new(&moment.as_str().into());
            if let Some(local) = date.to_locale_string(&browser::locale(), &options).as_string() {
                shown.set(local);
            }
        });
    }
    view! { <time datetime=iso>{move || shown.get()}</time> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::{document, window};

    /// The first of the reader's languages that is the page's, with its region: `en-GB` for a page in `en`. Dates
    /// follow the page, so that a sentence is in one language; their order follows the reader.
    pub fn locale() -> String {
        let html = document().document_element();
        let page = html
            .and_then(|html| html.get_attribute("lang"))
            .unwrap_or_default();
        let theirs = window().navigator().languages();
        let regional = theirs.iter().filter_map(|tag| tag.as_string()).find(|tag| {
            tag.strip_prefix(page.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        regional.unwrap_or(page)
    }
}
