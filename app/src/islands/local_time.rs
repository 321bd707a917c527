//! A moment in the reader's own zone and wording.

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
            let language = document()
                .document_element()
                .and_then(|html| html.get_attribute("lang"))
                .unwrap_or_default();
            if let Some(local) = date.to_locale_string(&language, &options).as_string() {
                shown.set(local);
            }
        });
    }
    view! { <time datetime=iso>{move || shown.get()}</time> }
}
