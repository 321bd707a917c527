//! The bar of a job that is under way: moves by itself, and shows the page anew when the job is done.

use leptos::prelude::*;

/// Moves the `<progress>` in it by what `data-source` answers. Without JavaScript the bar stands where it was when the page was
/// made, and the link beside it asks again.
#[island]
pub fn ExportProgress(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use js_sys::{JSON, Reflect};
    use leptos::prelude::set_timeout;
    use wasm_bindgen::{JsCast as _, JsValue};
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::{Element, HtmlElement, Response, window};

    use crate::islands::dom::{attribute, find};

    pub fn enliven(root: &HtmlElement) {
        if let Some(bar) = find(root, "progress") {
            ask_every_second(bar);
        }
    }

    fn ask_every_second(bar: Element) {
        set_timeout(
            move || {
                spawn_local(async move {
                    match fetch(&attribute(&bar, "data-source")).await {
                        Ok(Some(done)) => {
                            let _ = bar.set_attribute("value", &done);
                            ask_every_second(bar);
                        }
                        // Ready, or gone: the page says which.
                        Ok(None) => {
                            if let Some(window) = window() {
                                let _ = window.location().reload();
                            }
                        }
                        // Offline for a moment, perhaps.
                        Err(_) => ask_every_second(bar),
                    }
                });
            },
            Duration::from_secs(1),
        );
    }

    /// The steps that are done; `None`: the job is over.
    async fn fetch(source: &str) -> Result<Option<String>, JsValue> {
        let window = window().ok_or(JsValue::NULL)?;
        let response: Response = JsFuture::from(window.fetch_with_str(source)).await?.dyn_into()?;
        if !response.ok() {
            return Ok(None);
        }
        let text = JsFuture::from(response.text()?)
            .await?
            .as_string()
            .unwrap_or_default();
        let json = JSON::parse(&text)?;
        let is_ready = Reflect::get(&json, &"ready".into())?.is_truthy();
        let done = JSON::stringify(&Reflect::get(&json, &"done".into())?)?;
        Ok(if is_ready { None } else { done.as_string() })
    }
}
