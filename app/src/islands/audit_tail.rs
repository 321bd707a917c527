//! The audit as it is written: new rows on top of the table, for as long as the reader wants.

use leptos::prelude::*;

/// Follows what the button's `data-source` tells by server-sent events, while the button is pressed. Each event is JSON whose fields go into
/// a copy of the row with `data-prototype`: as text where `data-slot` names one. Without JavaScript the button is hidden, and the link
/// beside it shows the newest rows.
#[island]
pub fn AuditTail(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::RefCell;
    use std::rc::Rc;

    use js_sys::{JSON, Reflect};
    use wasm_bindgen::{JsCast as _, JsValue};
    use web_sys::{Element, EventSource, HtmlElement};

    use crate::islands::dom::{attribute, find, on};

    /// Rows that a page holds; older ones leave it.
    const MOST: u32 = 300;

    /// The parts of the page.
    struct Parts {
        button: HtmlElement,
        status: HtmlElement,
        prototype: HtmlElement,
        table: Element,
    }

    pub fn enliven(root: &HtmlElement) {
        let (Some(button), Some(status), Some(prototype)) = (
            find::<HtmlElement>(root, "button"),
            find::<HtmlElement>(root, "[role=status]"),
            find::<HtmlElement>(root, "[data-prototype]"),
        ) else {
            return;
        };
        let Some(table) = prototype.parent_element() else {
            return;
        };
        let parts = Rc::new(Parts {
            button,
            status,
            prototype,
            table,
        });
        let (follow, source) = (
            parts.button.text_content(),
            Rc::new(RefCell::new(None::<EventSource>)),
        );
        parts.button.set_hidden(false);
        let pressed = Rc::clone(&parts);
        on(&parts.button, "click", move |_| {
            let running = source.borrow_mut().take();
            let is_on = running.is_none();
            if let Some(running) = running {
                running.close();
                pressed.say("");
            } else if let Ok(begun) = EventSource::new(&attribute(&pressed.button, "data-source")) {
                listen(&begun, &pressed);
                *source.borrow_mut() = Some(begun);
            }
            let _ = pressed
                .button
                .set_attribute("aria-pressed", if is_on { "true" } else { "false" });
            let stop = attribute(&pressed.button, "data-stop");
            let label = if is_on { Some(stop) } else { follow.clone() };
            pressed.button.set_text_content(label.as_deref());
        });
    }

    fn listen(source: &EventSource, parts: &Rc<Parts>) {
        let opened = Rc::clone(parts);
        on(source, "open", move |_| opened.say("data-live"));
        let told = Rc::clone(parts);
        on(source, "message", move |event| {
            let data = Reflect::get(&event, &"data".into())
                .ok()
                .and_then(|data| data.as_string());
            if let Some(row) = data.and_then(|data| JSON::parse(&data).ok()) {
                told.add(&row);
            }
        });
        let (over, ended) = (Rc::clone(parts), source.clone());
        on(source, "over", move |_| {
            ended.close();
            over.say("data-over");
        });
        let (lost, failed) = (Rc::clone(parts), source.clone());
        on(source, "error", move |_| {
            let is_closed = failed.ready_state() == EventSource::CLOSED;
            lost.say(if is_closed { "data-busy" } else { "data-lost" });
        });
    }

    impl Parts {
        /// Says what an attribute of the status holds.
        fn say(&self, attribute_name: &str) {
            self.status
                .set_text_content(Some(&attribute(&self.status, attribute_name)));
        }

        /// Puts a new row on top.
        fn add(&self, row: &JsValue) {
            let Ok(copy) = self.prototype.clone_node_with_deep(true) else {
                return;
            };
            let copy: Element = copy.unchecked_into();
            let _ = copy.remove_attribute("hidden");
            let _ = copy.remove_attribute("data-prototype");
            let _ = copy.set_attribute("class", "fresh");
            let _ = copy.set_attribute("data-testid", "audit-row");
            let text = |name: &str| {
                Reflect::get(row, &name.into())
                    .ok()
                    .and_then(|value| value.as_string())
            };
            let slots = copy.query_selector_all("[data-slot]").ok();
            for index in 0..slots.as_ref().map_or(0, web_sys::NodeList::length) {
                let slot = slots.as_ref().and_then(|slots| slots.get(index));
                let Some(slot) = slot.map(wasm_bindgen::JsCast::unchecked_into::<Element>) else {
                    continue;
                };
                let name = attribute(&slot, "data-slot");
                slot.set_text_content(text(&name).as_deref());
                match name.as_str() {
                    "what" => drop(slot.set_attribute("href", &text("path").unwrap_or_default())),
                    "time" => drop(slot.set_attribute("datetime", &text("at").unwrap_or_default())),
                    _ => {}
                }
            }
            let refused = Reflect::get(row, &"refused".into()).is_ok_and(|value| value.is_truthy());
            if let Some(pill) = find::<Element>(&copy, "[data-if]").filter(|_| !refused) {
                pill.remove();
            }
            let first = self.prototype.next_sibling();
            let _ = self.table.insert_before(&copy, first.as_ref());
            if self.table.child_element_count() > MOST
                && let Some(last) = self.table.last_element_child()
            {
                last.remove();
            }
        }
    }
}
