//! The calls of the DOM that islands share.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, EventTarget, HtmlElement};

/// Calls `enliven` with the element of an island, once it is awake.
pub fn wake<E>(node: NodeRef<E>, enliven: fn(&HtmlElement))
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    Effect::new(move || {
        if let Some(root) = node.get() {
            enliven(root.as_ref());
        }
    });
}

/// The value of an attribute; empty without one.
pub fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// The first element within `root` that a selector finds.
pub fn find<T: JsCast>(root: &Element, selector: &str) -> Option<T> {
    root.query_selector(selector).ok()??.dyn_into().ok()
}

/// The element with this id.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `act` at each such event, for as long as the page is there.
pub fn on(target: &EventTarget, event: &str, act: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}
