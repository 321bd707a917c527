//! The browser's half of a passkey ceremony (WebAuthn level 3 §5.1): asks the server for a challenge, hands it to the browser,
//! and sends the answer with the form around, through the form's own submit. Nothing is decided here.

use leptos::prelude::*;
/// Wakes the button in it, which stands in a form with a hidden field `credential`. Of the button, `data-begin` says where the
/// challenge is, `data-creates` that a new passkey is wanted, and `data-autofill` to wait also for one that is chosen in the form's
/// own field. What the island has to say stands in `p.error`, as `data-cancelled` and so on.
#[island]
pub fn PasskeyCeremony(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="ceremony stack tight" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Duration;

    use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
    use leptos::prelude::set_timeout;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::{
        AbortController, Headers, HtmlElement, HtmlFormElement, HtmlInputElement, Request, RequestInit,
        Response, UrlSearchParams, window,
    };

    use crate::islands::dom::{attribute, find, on};

    /// A challenge lives for five minutes; autofill takes a new one before that.
    const RENEW: Duration = Duration::from_mins(4);

    struct Ceremony {
        form: HtmlFormElement,
        begin: String,
        creates: bool,
        autofill: bool,
        /// Where it says what went wrong, and has the words for it.
        line: HtmlElement,
        abort: RefCell<Option<AbortController>>,
        /// Counts what was begun: of a waiting autofill and the button only the later one goes on.
        turn: Cell<u32>,
    }

    enum Failure {
        /// Somebody else's turn, or time for a new challenge.
        Aborted,
        /// A sentence for the person.
        Said(String),
    }

    pub fn enliven(root: &HtmlElement) {
        let form = root.closest("form").ok().flatten();
        let (Some(form), Some(button), Some(line)) = (
            form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()),
            find::<HtmlElement>(root, "button"),
            find::<HtmlElement>(root, "p.error"),
        ) else {
            return;
        };
        let ceremony = Rc::new(Ceremony {
            form,
            begin: attribute(&button, "data-begin"),
            creates: button.has_attribute("data-creates"),
            autofill: button.has_attribute("data-autofill"),
            line,
            abort: RefCell::default(),
            turn: Cell::new(0),
        });
        if ceremony.parser().is_some() {
            button.set_hidden(false);
            let clicked = Rc::clone(&ceremony);
            on(&button, "click", move |event| {
                event.prevent_default();
                let ceremony = Rc::clone(&clicked);
                spawn_local(async move { ceremony.run().await });
            });
            if ceremony.autofill {
                spawn_local(Rc::clone(&ceremony).wait());
            }
        } else if !ceremony.autofill {
            // Where a passkey is only one of the ways, a browser without them says nothing.
            ceremony.say(&ceremony.word("data-unsupported"));
        }
        // For tests: from here on the button works.
        let _ = root.set_attribute("data-live", "");
    }

    fn get(target: &JsValue, name: &str) -> Option<JsValue> {
        let found = Reflect::get(target, &name.into()).ok()?;
        (!found.is_undefined() && !found.is_null()).then_some(found)
    }

    fn set(target: &Object, name: &str, value: &JsValue) {
        let _ = Reflect::set(target, &name.into(), value);
    }

    impl Ceremony {
        /// `PublicKeyCredential`, with its reader of what the server sends.
        fn parser(&self) -> Option<(JsValue, Function)> {
            let class = get(&window()?.into(), "PublicKeyCredential")?;
            let name = if self.creates {
                "parseCreationOptionsFromJSON"
            } else {
                "parseRequestOptionsFromJSON"
            };
            let parse = get(&class, name)?.dyn_into().ok()?;
            Some((class, parse))
        }

        /// The button was pressed.
        async fn run(self: Rc<Self>) {
            self.say("");
            let turn = self.next_turn();
            match self.perform(turn, false).await {
                Ok(answer) => self.send(&answer),
                Err(Failure::Aborted) => {}
                Err(Failure::Said(text)) => {
                    self.say(&text);
                    if self.autofill {
                        spawn_local(Rc::clone(&self).wait());
                    }
                }
            }
        }

        /// Waits for a passkey to be chosen in the form's own field (conditional mediation).
        async fn wait(self: Rc<Self>) {
            let can = async {
                let (class, _) = self.parser()?;
                let ask: Function = get(&class, "isConditionalMediationAvailable")?.dyn_into().ok()?;
                let promise: Promise = ask.call0(&class).ok()?.dyn_into().ok()?;
                JsFuture::from(promise).await.ok()?.as_bool()
            };
            if can.await != Some(true) {
                return;
            }
            let mut turn = self.next_turn();
            loop {
                let (renewed, due) = (Rc::clone(&self), turn);
                set_timeout(
                    move || {
                        if renewed.turn.get() == due {
                            renewed.stop();
                        }
                    },
                    RENEW,
                );
                match self.perform(turn, true).await {
                    Ok(answer) => return self.send(&answer),
                    Err(Failure::Aborted) if self.turn.get() == turn => turn = self.next_turn(),
                    // Nobody asked for it, so nobody is told.
                    Err(_) => return,
                }
            }
        }

        fn next_turn(&self) -> u32 {
            self.stop();
            self.turn.set(self.turn.get() + 1);
            self.turn.get()
        }

        fn stop(&self) {
            if let Some(abort) = self.abort.take() {
                abort.abort();
            }
        }

        /// One ceremony; the answer as JSON.
        async fn perform(&self, turn: u32, conditional: bool) -> Result<String, Failure> {
            let failed = || Failure::Said(self.word("data-failed"));
            let json = self.ask().await?;
            // The button was pressed meanwhile.
            if self.turn.get() != turn {
                return Err(Failure::Aborted);
            }
            let (class, parse) = self.parser().ok_or_else(failed)?;
            let options = parse.call1(&class, &json).map_err(|error| self.failure(&error))?;
            let call = Object::new();
            set(&call, "publicKey", &options);
            if conditional {
                set(&call, "mediation", &"conditional".into());
            }
            let abort = AbortController::new().map_err(|_| failed())?;
            set(&call, "signal", &abort.signal());
            self.abort.replace(Some(abort));
            let navigator = window().ok_or_else(failed)?.navigator();
            let store = get(&navigator, "credentials").ok_or_else(failed)?;
            let name = if self.creates { "create" } else { "get" };
            let method: Function = get(&store, name)
                .and_then(|method| method.dyn_into().ok())
                .ok_or_else(failed)?;
            let promise: Promise = method
                .call1(&store, &call)
                .and_then(JsCast::dyn_into)
                .map_err(|error| self.failure(&error))?;
            let credential = JsFuture::from(promise)
                .await
                .map_err(|error| self.failure(&error))?;
            // By way of the credential's own `toJSON`.
            let text = JSON::stringify(&credential).map_err(|_| failed())?;
            text.as_string().ok_or_else(failed)
        }

        /// Gets a challenge.
        async fn ask(&self) -> Result<JsValue, Failure> {
            let offline = |_| Failure::Said(self.word("data-offline"));
            let (ok, json) = self.fetch().await.map_err(offline)?;
            if let Some(location) = get(&json, "location").and_then(|location| location.as_string()) {
                if let Some(window) = window() {
                    let _ = window.location().assign(&location);
                }
                return Err(Failure::Aborted);
            }
            if let (true, Some(options)) = (ok, get(&json, "publicKey")) {
                return Ok(options);
            }
            let errors = get(&json, "errors").and_then(|errors| errors.dyn_into::<Array>().ok());
            let details: Vec<String> = errors
                .map(|errors| {
                    let detail = |error| get(&error, "detail")?.as_string();
                    errors.iter().filter_map(detail).collect()
                })
                .unwrap_or_default();
            Err(Failure::Said(if details.is_empty() {
                self.word("data-failed")
            } else {
                details.join(" ")
            }))
        }

        async fn fetch(&self) -> Result<(bool, JsValue), JsValue> {
            let body = UrlSearchParams::new()?;
            // A new account's passkey is made for what stands in the form, and that of a recovery for its link.
            for name in ["name", "email", "token"].into_iter().filter(|_| self.creates) {
                if let Some(input) = self.field(name) {
                    body.set(name, &input.value());
                }
            }
            let headers = Headers::new()?;
            headers.set("accept", "application/json")?;
            let init = RequestInit::new();
            init.set_method("POST");
            init.set_headers(&headers);
            init.set_body(&body);
            let request = Request::new_with_str_and_init(&self.begin, &init)?;
            let window = window().ok_or(JsValue::NULL)?;
            let response: Response = JsFuture::from(window.fetch_with_request(&request))
                .await?
                .dyn_into()?;
            let json = JsFuture::from(response.json()?).await?;
            Ok((response.ok(), json))
        }

        fn field(&self, name: &str) -> Option<HtmlInputElement> {
            find(&self.form, &format!("input[name={name}]"))
        }

        /// Sends the answer with the form, and takes it out again: if it is refused, the form may be sent with a password.
        fn send(&self, answer: &str) {
            let Some(field) = self.field("credential") else {
                return;
            };
            field.set_value(answer);
            let _ = self.form.request_submit();
            set_timeout(move || field.set_value(""), Duration::from_millis(0));
        }

        /// What the browser said, for a person.
        fn failure(&self, error: &JsValue) -> Failure {
            let name = get(error, "name").and_then(|name| name.as_string());
            Failure::Said(match name.as_deref() {
                Some("AbortError") => return Failure::Aborted,
                Some("NotAllowedError") => self.word("data-cancelled"),
                Some("SecurityError") => self.word("data-elsewhere"),
                Some("InvalidStateError") => self.word("data-taken"),
                Some("NotSupportedError") => self.word("data-unsupported"),
                _ => self.word("data-failed"),
            })
        }

        fn say(&self, text: &str) {
            self.line.set_text_content(Some(text));
            self.line.set_hidden(text.is_empty());
        }

        fn word(&self, name: &str) -> String {
            attribute(&self.line, name)
        }
    }
}
