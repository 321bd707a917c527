//! The bar of a job that is under way: moves by itself, and shows the page anew when the job is done.

use leptos::prelude::*;

/// Without JavaScript the bar stands where it was when the page was made, and the link beside it asks again.
#[island]
pub fn ExportProgress(done: i64, total: i64, label: String, source: String) -> impl IntoView {
    let at = RwSignal::new(done);
    #[cfg(not(feature = "hydrate"))]
    let _ = (&source,);
    #[cfg(feature = "hydrate")]
    browser::ask_every_second(source, at);
    view! { <progress class="progress" aria-label=label max=total value=move || at.get() data-testid="export-progress"></progress> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use js_sys::{JSON, Reflect};
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast as _, JsValue};
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::{Response, window};

    pub fn ask_every_second(source: String, at: RwSignal<i64>) {
        set_timeout(
            move || {
                spawn_local(async move {
                    match fetch(&source).await {
                        Ok(Some(done)) => {
                            at.set(done);
                            ask_every_second(source, at);
                        }
                        // Ready, or gone: the page says which.
                        Ok(None) => {
                            if let Some(window) = window() {
                                let _ = window.location().reload();
                            }
                        }
                        // Offline for a moment, perhaps.
                        Err(_) => ask_every_second(source, at),
                    }
                });
            },
            Duration::from_secs(1),
        );
    }

    /// The steps that are done; `None`: the job is over.
    async fn fetch(source: &str) -> Result<Option<i64>, JsValue> {
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
        let done = Reflect::get(&json, &"done".into())?.as_f64().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
        Ok((!is_ready).then_some(done as i64))
    }
}
