//! Sends the form inside it without leaving the page, and shows a refusal where it belongs.
//!
//! The form posts to the same address that it would without JavaScript, and asks for JSON. A refusal comes back as a
//! problem (RFC 9457) with one entry per field; its sentences were written by the server.

use leptos::prelude::*;
/// Wraps one `<form>`. Its `data-slow` is said when a request takes long, `data-offline` when it did not leave the device, and
/// `data-several` above a list of faults, with their number for `{}`. `data-auto` sends it at once: for a link that was opened in
/// the browser that asked for it.
#[island]
pub fn LiveForm(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="live-form" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::Duration;

    use js_sys::{Array, JSON, Reflect};
    use leptos::prelude::{event_target, set_timeout};
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::{
        Element, FormData, Headers, HtmlElement, HtmlFormElement, HtmlInputElement, Request, RequestInit,
        Response, UrlSearchParams, window,
    };

    use crate::islands::dom::{attribute, find, on};

    pub fn enliven(root: &HtmlElement) {
        let busy = Rc::new(Cell::new(false));
        on(root, "submit", move |event| {
            event.prevent_default();
            // A second click while the first one is under way is the same click.
            if busy.replace(true) {
                return;
            }
            let (form, busy) = (event_target::<HtmlFormElement>(&event), Rc::clone(&busy));
            spawn_local(async move {
                let stays = send(&form, &busy).await;
                if stays {
                    busy.set(false);
                }
            });
        });
        on(root, "input", |event| {
            if let Some(input) = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            {
                forgive(&input);
            }
        });
        // For tests: from here on the form does not leave its page.
        let _ = root.set_attribute("data-live", "");
        if let Some(form) = find::<HtmlFormElement>(root, "form[data-auto]") {
            let _ = form.request_submit();
        }
    }

    /// The line under a control for what is wrong with it. That of a group of boxes, `name[]`, is one line for all.
    fn line_of(form: &HtmlFormElement, control: &HtmlElement) -> Option<HtmlElement> {
        let line = |of: &str| find(form, &format!("p.error[id=\"{of}-error\"]"));
        line(&control.id()).or_else(|| line(attribute(control, "name").trim_end_matches("[]")))
    }

    /// Takes the error away from a field that is being mended, and the summary with the last one.
    fn forgive(control: &HtmlElement) {
        let Some(form) = control.closest("form").ok().flatten() else {
            return;
        };
        let form: HtmlFormElement = form.unchecked_into();
        let Some(line) = line_of(&form, control).filter(|line| !line.hidden()) else {
            return;
        };
        line.set_hidden(true);
        let name = attribute(control, "name");
        each(&form, &format!("[name=\"{name}\"][aria-invalid]"), |invalid| {
            let _ = invalid.remove_attribute("aria-invalid");
        });
        if find::<Element>(&form, "[aria-invalid]").is_none() {
            let _ = show_summary(&form, &[], "");
        }
    }

    /// Sends the form; true when the page stays.
    async fn send(form: &HtmlFormElement, busy: &Rc<Cell<bool>>) -> bool {
        let button = find::<Element>(form, "button.primary, button:not([type=button])");
        let set_busy = |on: bool| {
            if let Some(button) = &button {
                let _ = if on {
                    button.set_attribute("aria-busy", "true")
                } else {
                    button.remove_attribute("aria-busy")
                };
            }
        };
        set_busy(true);
        let slow = (form.clone(), attribute(form, "data-slow"), Rc::clone(busy));
        set_timeout(
            move || {
                if slow.2.get() {
                    show_summary(&slow.0, std::slice::from_ref(&(None, slow.1.clone())), "");
                }
            },
            Duration::from_secs(8),
        );
        let answer = fetch(form).await;
        set_busy(false);
        match answer {
            Ok(Answer::Go(location)) => {
                leave(&location);
                false
            }
            Ok(Answer::Refused(faults)) => {
                show(form, &faults, &attribute(form, "data-several"));
                true
            }
            // Not one of our answers (a proxy's, perhaps): the browser asks again by itself and shows what it gets.
            Ok(Answer::Strange) => {
                let _ = form.submit();
                false
            }
            Err(_) => {
                show(form, &[(None, attribute(form, "data-offline"))], "");
                true
            }
        }
    }

    enum Answer {
        Go(String),
        Refused(Vec<(Option<String>, String)>),
        Strange,
    }

    async fn fetch(form: &HtmlFormElement) -> Result<Answer, JsValue> {
        let body = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form)?.into())?;
        let headers = Headers::new()?;
        headers.set("accept", "application/json")?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&body);
        let action = attribute(form, "action");
        let request = Request::new_with_str_and_init(&action, &init)?;
        let window = window().ok_or(JsValue::NULL)?;
        let response: Response = JsFuture::from(window.fetch_with_request(&request))
            .await?
            .dyn_into()?;
        let text = JsFuture::from(response.text()?)
            .await?
            .as_string()
            .unwrap_or_default();
        let Ok(json) = JSON::parse(&text) else {
            return Ok(Answer::Strange);
        };
        if response.ok() {
            return Ok(string(&json, "location").map_or(Answer::Strange, Answer::Go));
        }
        let Ok(errors) = Reflect::get(&json, &"errors".into()).and_then(JsCast::dyn_into::<Array>) else {
            return Ok(Answer::Strange);
        };
        let faults: Vec<_> = errors
            .iter()
            .filter_map(|e| Some((string(&e, "field"), string(&e, "detail")?)))
            .collect();
        // A refusal before the form was looked at (too many requests, say) has a page, and nothing to say to fields.
        if faults.is_empty() {
            return Ok(Answer::Strange);
        }
        Ok(Answer::Refused(faults))
    }

    fn string(value: &JsValue, key: &str) -> Option<String> {
        Reflect::get(value, &key.into()).ok()?.as_string()
    }

    /// Goes on; the cord of the door moves once when somebody is let in.
    fn leave(location: &str) {
        let Some(window) = window() else { return };
        let door = window
            .document()
            .and_then(|d| d.query_selector(".door").ok().flatten());
        if let Some(door) = door {
            let _ = door.class_list().add_1("cord-pull");
        }
        let _ = window.location().assign(location);
    }

    /// Does something to every element within `root` that a selector finds.
    fn each(root: &Element, selector: &str, act: impl Fn(&HtmlElement)) {
        let Ok(found) = root.query_selector_all(selector) else {
            return;
        };
        for i in 0..found.length() {
            if let Some(element) = found.item(i).and_then(|n| n.dyn_into::<HtmlElement>().ok()) {
                act(&element);
            }
        }
    }

    /// Shows each fault under its field, several of them on top too, and moves the focus to the first.
    fn show(form: &HtmlFormElement, faults: &[(Option<String>, String)], several: &str) {
        // Good news above the form is out of date.
        if let Some(body) = window().and_then(|w| w.document()?.body()) {
            each(&body, ".note.ok, .toast", |news| news.set_hidden(true));
        }
        each(form, "[aria-invalid]", |input| {
            let _ = input.remove_attribute("aria-invalid");
        });
        each(form, "p.error", |line| {
            line.set_hidden(true);
            line.set_text_content(None);
        });
        let mut first: Option<HtmlElement> = None;
        let mut on_top = Vec::new();
        for (field, text) in faults {
            let found = field.as_deref().and_then(|name| {
                let control = format!(":is([name=\"{name}\"], [name=\"{name}[]\"]):not([type=hidden])");
                let control: HtmlElement = find(form, &control)?;
                let line = line_of(form, &control)?;
                Some((control, line))
            });
            if let Some((input, line)) = found {
                let _ = input.set_attribute("aria-invalid", "true");
                line.set_text_content(Some(text));
                line.set_hidden(false);
                on_top.push((Some(input.id()), text.clone()));
                first.get_or_insert(input);
            } else {
                on_top.push((None, text.clone()));
            }
        }
        let lone_field = on_top.len() == 1 && on_top.iter().all(|(id, _)| id.is_some());
        let summary = show_summary(form, if lone_field { &[] } else { &on_top }, several);
        if let Some(target) = first.or(summary) {
            let _ = target.focus();
            // A code that was wrong is typed again, not mended.
            if let Some(input) = target
                .dyn_ref::<HtmlInputElement>()
                .filter(|input| input.name() == "code")
            {
                input.select();
            }
        }
    }

    /// Fills the box on top of the form: one sentence, or a list with links to the fields. Text only, never HTML.
    fn show_summary(
        form: &HtmlFormElement,
        faults: &[(Option<String>, String)],
        several: &str,
    ) -> Option<HtmlElement> {
        let summary = find::<HtmlElement>(form, ".summary")?;
        summary.set_text_content(None);
        summary.set_hidden(faults.is_empty());
        let document = window()?.document()?;
        let element = |tag: &str, text: &str| {
            let element = document.create_element(tag).ok()?;
            element.set_text_content(Some(text));
            Some(element)
        };
        if let [(None, text)] = faults {
            summary.append_child(&*element("p", text)?).ok()?;
        } else if !faults.is_empty() {
            let (frame, list) = (element("div", "")?, element("ul", "")?);
            let heading = element("p", &several.replace("{}", &faults.len().to_string()))?;
            heading.set_class_name("strong");
            for (id, text) in faults {
                let item = element("li", if id.is_some() { "" } else { text })?;
                if let Some(id) = id {
                    let link = element("a", text)?;
                    link.set_attribute("href", &format!("#{id}")).ok()?;
                    item.append_child(&link).ok()?;
                }
                list.append_child(&item).ok()?;
            }
            frame.append_child(&heading).ok()?;
            frame.append_child(&list).ok()?;
            summary.append_child(&frame).ok()?;
        }
        Some(summary)
    }
}
