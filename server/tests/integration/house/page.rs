//! One answer of the server, read as a browser and a person read it.

use axum::http::HeaderMap;
use cookie::Cookie;
use scraper::{ElementRef, Html, Selector};

/// One answer.
#[derive(Debug, Clone)]
pub struct Page {
    pub method: String,
    /// The path and query that were asked.
    pub target: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it came.
    pub bytes: axum::body::Bytes,
}

/// A form, as a browser would send it.
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// A header as text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or("not text"))
    }

    /// Where a redirect, or the answer to a script, leads.
    #[track_caller]
    pub fn location(&self) -> String {
        if self.status == 200 {
            let json = self.json();
            return json["location"]
                .as_str()
                .expect("an answer with a location")
                .to_owned();
        }
        // Always 303: a form that was answered is not sent twice.
        let status = 303;
        assert_eq!(self.status, status, "{}", self.outline());
        self.header("location").to_owned()
    }

    /// The cookies that are set.
    pub fn cookies(&self) -> Vec<Cookie<'_>> {
        let values = self.headers.get_all("set-cookie").iter();
        values
            .map(|value| Cookie::parse(value.to_str().unwrap()).unwrap())
            .collect()
    }

    /// The cookie of this name that is set.
    pub fn cookie(&self, name: &str) -> Option<Cookie<'_>> {
        self.cookies().into_iter().find(|cookie| cookie.name() == name)
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.outline()))
    }

    /// The faults of a problem, as `field: code` or `code`.
    #[track_caller]
    pub fn faults(&self) -> Vec<String> {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.outline()
        );
        let json = self.json();
        let errors = json["errors"].as_array().expect("a list of errors").iter();
        errors
            .map(|error| {
                let code = error["code"].as_str().unwrap();
                error["field"]
                    .as_str()
                    .map_or_else(|| code.to_owned(), |field| format!("{field}: {code}"))
            })
            .collect()
    }

    /// Whether a page has an element with this `data-testid` that is not hidden.
    pub fn has(&self, testid: &str) -> bool {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("[data-testid={testid}]")).unwrap();
        document
            .select(&selector)
            .any(|element| element.value().attr("hidden").is_none())
    }

    /// Where the link with this `data-testid` leads.
    #[track_caller]
    pub fn link(&self, testid: &str) -> String {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("a[data-testid={testid}]")).unwrap();
        let link = document.select(&selector).next();
        let link = link.unwrap_or_else(|| panic!("no {testid}: {}", self.outline()));
        link.attr("href").unwrap_or_default().to_owned()
    }

    /// What is written in the element with this `data-testid`.
    #[track_caller]
    pub fn text(&self, testid: &str) -> String {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("[data-testid={testid}]")).unwrap();
        let element = document
            .select(&selector)
            .next()
            .unwrap_or_else(|| panic!("no {testid}: {}", self.outline()));
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What is written in every element with this `data-testid`.
    pub fn texts(&self, testid: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("[data-testid={testid}]")).unwrap();
        document
            .select(&selector)
            .map(|element| element.text().collect())
            .collect()
    }

    /// What is in the first heading.
    pub fn heading(&self) -> String {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse("h1").unwrap();
        let heading = document.select(&selector).next();
        heading.map_or_else(String::new, |heading| heading.text().collect())
    }

    /// What stands in the input of this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("input[name={name}]")).unwrap();
        let input = document
            .select(&selector)
            .next()
            .unwrap_or_else(|| panic!("no {name}: {}", self.outline()));
        input.value().attr("value").unwrap_or_default().to_owned()
    }

    /// What is chosen in the list of this name.
    #[track_caller]
    pub fn choice(&self, name: &str) -> String {
        let document = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("select[name={name}]")).unwrap();
        let list = document.select(&selector).next();
        let list = list.unwrap_or_else(|| panic!("no {name}: {}", self.outline()));
        chosen(list).1
    }

    /// The form of this button, with what stands in it.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        let document = Html::parse_document(&self.body);
        let (forms, inputs) = (
            Selector::parse("form").unwrap(),
            Selector::parse("input").unwrap(),
        );
        let selector = Selector::parse(&format!("button[data-testid={button}]")).unwrap();
        // A button may stand outside of its form, and name it.
        let named = document
            .select(&selector)
            .find_map(|button| button.value().attr("form"));
        let is_elsewhere = |form: &ElementRef<'_>| named.is_some() && form.value().attr("id") == named;
        let form: ElementRef<'_> = document
            .select(&forms)
            .find(|form| match named {
                Some(_) => is_elsewhere(form),
                None => form.select(&selector).next().is_some(),
            })
            .unwrap_or_else(|| panic!("no form with {button}: {}", self.outline()));
        assert_eq!(form.value().attr("method"), Some("post"));
        let mut fields = Vec::new();
        for input in form.select(&inputs) {
            let input = input.value();
            if input.attr("disabled").is_some() {
                continue;
            }
            let is_checkbox = input.attr("type") == Some("checkbox");
            let value = if is_checkbox && input.attr("checked").is_none() {
                ""
            } else {
                input.attr("value").unwrap_or_default()
            };
            let name = input.attr("name").expect("every input has a name");
            // One of several boxes: a browser sends those that are ticked.
            if is_checkbox && value.is_empty() && name.ends_with("[]") {
                continue;
            }
            fields.push((name.to_owned(), value.to_owned()));
        }
        for text in form.select(&Selector::parse("textarea").unwrap()) {
            let name = text.value().attr("name").expect("every field has a name");
            fields.push((name.to_owned(), text.text().collect()));
        }
        let lists = form
            .select(&Selector::parse("select:not([disabled])").unwrap())
            .map(chosen)
            .collect::<Vec<_>>();
        fields.extend(lists);
        let pressed = form.select(&selector).next().map(|button| button.value());
        let own = pressed.and_then(|button| Some((button.attr("name")?, button.attr("value")?)));
        fields.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let action = form.value().attr("action").expect("every form has an action");
        Form {
            action: action.to_owned(),
            fields,
        }
    }

    /// The answer without what differs each time: ids, nonces, and what is given.
    pub fn without(&self, words: &[&str]) -> String {
        let mut text = format!("{}\n{}", self.status, self.body);
        let mut names: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| match name.as_str() {
                "x-request-id" => name.to_string(),
                // The sealed and random values differ; their names, attributes and lengths must not.
                "set-cookie" => {
                    let value = value.to_str().unwrap();
                    let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
                    let (name, value) = pair.split_once('=').unwrap();
                    format!("set-cookie: {name}={} bytes;{attributes}", value.len())
                }
                _ => format!("{name}: {}", value.to_str().unwrap()),
            })
            .collect();
        names.sort();
        text = format!("{text}\n{}", names.join("\n"));
        for volatile in [self.nonce(), self.header("x-request-id")].iter().chain(words) {
            if !volatile.is_empty() {
                text = text.replace(volatile, "…");
            }
        }
        text
    }

    /// The nonce of the policy, if it has one.
    pub fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        let nonce = policy
            .split_once("'nonce-")
            .and_then(|(_, rest)| rest.split_once('\''));
        nonce.map_or("", |(nonce, _)| nonce)
    }

    /// One line for a failure's message.
    pub fn outline(&self) -> String {
        let body: String = if self.header("content-type").starts_with("text/html") {
            self.heading()
        } else {
            self.body.chars().take(300).collect()
        };
        format!(
            "{} {} → {} {} {body}",
            self.method,
            self.target,
            self.status,
            self.header("location")
        )
    }
}

/// The name of a list, and what a browser would send of it: what is selected, else the first.
fn chosen(list: ElementRef<'_>) -> (String, String) {
    let options = Selector::parse("option").unwrap();
    let all: Vec<_> = list.select(&options).map(|option| option.value()).collect();
    let selected = all.iter().find(|option| option.attr("selected").is_some());
    let value = selected.or(all.first()).and_then(|option| option.attr("value"));
    let name = list.value().attr("name").expect("every list has a name");
    (name.to_owned(), value.unwrap_or_default().to_owned())
}
