//! Somebody at a browser: a cookie jar, the headers that browsers send, and the page on the screen.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use tower::ServiceExt as _;

use super::{Node, Page};

/// A password that the policy takes.
pub const PASSWORD: &str = "seven otters mend the copper kettle";

const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A browser. A clone is a copy of it: same cookies, same place.
#[derive(Clone)]
pub struct Browser {
    node: Node,
    /// Name and value.
    pub jar: BTreeMap<String, String>,
    pub address: IpAddr,
    /// What the browser says in `Accept-Language`.
    language: Option<&'static str>,
    /// What it calls itself.
    pub user_agent: String,
    /// Forms are sent by the page's own script.
    scripted: bool,
    /// The page on the screen.
    shown: Option<Page>,
    last: Option<Page>,
}

impl Browser {
    pub(super) fn new(node: Node, scripted: bool) -> Self {
        Self {
            address: node.new_address(),
            node,
            jar: BTreeMap::new(),
            language: None,
            user_agent: USER_AGENT.to_owned(),
            scripted,
            shown: None,
            last: None,
        }
    }

    /// This browser, asking another server.
    pub fn on(&self, node: &Node) -> Self {
        Self {
            node: node.clone(),
            ..self.clone()
        }
    }

    /// This browser, whose forms are sent by the page's own script.
    pub fn scripted(&self) -> Self {
        Self {
            scripted: true,
            ..self.clone()
        }
    }

    /// This browser, somewhere else.
    pub fn moved(&self) -> Self {
        Self {
            address: self.node.new_address(),
            ..self.clone()
        }
    }

    /// This browser, asking for pages in a language.
    pub fn reading(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self
    }

    /// Opens a path of the server; follows no redirect.
    pub async fn get(&mut self, path: &str) -> Page {
        self.look(Method::GET, path).await
    }

    /// Asks for the head of a page only.
    pub async fn head(&mut self, path: &str) -> Page {
        self.look(Method::HEAD, path).await
    }

    async fn look(&mut self, method: Method, path: &str) -> Page {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, PAGES)
            .header(
                "sec-fetch-site",
                if self.shown.is_some() {
                    "same-origin"
                } else {
                    "none"
                },
            )
            .header("sec-fetch-mode", "navigate");
        let page = self.send(request, Body::empty()).await;
        if page.method == "GET" && page.header("content-type").starts_with("text/html") {
            self.shown = Some(page.clone());
        }
        page
    }

    /// Opens an absolute link, as from a mail.
    pub async fn open(&mut self, link: &str) -> Page {
        let origin = self.node.platform.config.public_origin();
        let path = link
            .strip_prefix(&origin)
            .expect("a link to this server")
            .to_owned();
        self.shown = None;
        self.get(&path).await
    }

    /// Asks for JSON.
    pub async fn fetch(&mut self, path: &str) -> Page {
        let request = Request::builder()
            .uri(path)
            .header(header::ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::empty()).await
    }

    /// The page on the screen.
    #[track_caller]
    pub fn shown(&self) -> &Page {
        self.shown.as_ref().expect("a page is on the screen")
    }

    /// Goes where the last answer leads.
    pub async fn follow(&mut self) -> Page {
        let location = self.last.as_ref().expect("an answer").location();
        self.get(&location).await
    }

    /// Presses a button of the page on the screen, after typing into its form: an empty value empties a field and
    /// unticks a box. Follows no redirect.
    pub async fn submit(&mut self, button: &str, typed: &[(&str, &str)]) -> Page {
        let shown = self.shown.as_ref().expect("a page is on the screen");
        let mut form = shown.form(button);
        let boxes = ["remember", "trust", "keep"];
        for (name, value) in typed {
            let field = form.fields.iter_mut().find(|(field, _)| field == name);
            let field = field.unwrap_or_else(|| panic!("the form of {button} has no {name}"));
            (*value).clone_into(&mut field.1);
            if ["password", "current_password", "code"].contains(name) {
                self.node.watch.keep_secret(value);
            }
        }
        form.fields
            .retain(|(name, value)| !(value.is_empty() && boxes.contains(&name.as_str())));
        let fields: Vec<_> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post(&form.action, &fields).await
    }

    /// Sends a form to a path, whatever is on the screen.
    pub async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let origin = self.node.platform.config.public_origin();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(action)
            .header(
                header::ACCEPT,
                if self.scripted { "application/json" } else { PAGES },
            )
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &origin)
            .header("sec-fetch-site", "same-origin");
        if let Some(shown) = &self.shown {
            request = request.header(header::REFERER, format!("{origin}{}", shown.target));
        }
        self.send(request, Body::from(body)).await
    }

    /// Signs up; the answer is not followed.
    pub async fn sign_up(&mut self, name: &str, email: &str, password: &str) -> Page {
        self.get("/sign-up").await;
        let fields = [("name", name), ("email", email), ("password", password)];
        self.submit("sign-up-button", &fields).await
    }

    /// Types the code of the mail; the answer is not followed.
    pub async fn type_code(&mut self, code: &str) -> Page {
        self.get("/sign-up/verify").await;
        self.submit("verify-button", &[("code", code)]).await
    }

    /// Signs in without "keep me signed in"; the answer is not followed.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Page {
        self.get("/sign-in").await;
        let fields = [("email", email), ("password", password), ("remember", "")];
        self.submit("sign-in-button", &fields).await
    }

    /// Signs in with "keep me signed in"; the answer is not followed.
    pub async fn sign_in_to_stay(&mut self, email: &str, password: &str) -> Page {
        self.get("/sign-in").await;
        let fields = [("email", email), ("password", password), ("remember", "on")];
        self.submit("sign-in-button", &fields).await
    }

    /// Presses "sign out" on the page that asks.
    pub async fn sign_out(&mut self) -> Page {
        self.get("/sign-out").await;
        self.submit("sign-out-button", &[]).await
    }

    /// Whether the session API knows this browser. Leaves the jar as it is.
    pub async fn is_signed_in(&self) -> bool {
        // Boxed, so that the many tests which ask stay small.
        let page = Box::pin(self.clone().fetch("/api/v1/session")).await;
        match page.status {
            200 => true,
            401 => false,
            _ => panic!("{}", page.outline()),
        }
    }

    /// The value of the session cookie.
    #[track_caller]
    pub fn session_cookie(&self) -> String {
        let name = self.node.platform.config.cookie_name("");
        self.jar.get(&name).expect("a session cookie").clone()
    }

    /// Puts a session cookie of one's own making into the jar.
    pub fn with_session_cookie(&self, value: &str) -> Self {
        let mut browser = self.clone();
        let name = self.node.platform.config.cookie_name("");
        browser.jar.insert(name, value.to_owned());
        browser
    }

    /// Sends any request with this browser's cookies, and keeps the cookies of the answer.
    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let config = &self.node.platform.config;
        let mut request = request.body(body).unwrap();
        let headers = request.headers_mut();
        let host = config.public_authority().parse().unwrap();
        headers.entry(header::HOST).or_insert(host);
        headers
            .entry(header::USER_AGENT)
            .or_insert(self.user_agent.parse().unwrap());
        if let Some(language) = self.language {
            let language = axum::http::HeaderValue::from_static(language);
            headers.entry(header::ACCEPT_LANGUAGE).or_insert(language);
        }
        if !self.jar.is_empty() && !headers.contains_key(header::COOKIE) {
            let cookies: Vec<String> = self
                .jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let peer = SocketAddr::new(self.address, 40_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        let (method, target) = (request.method().to_string(), request.uri().to_string());

        let response = self.node.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let page = Page {
            method,
            target,
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        };
        self.node.watch.see(&page, config.secure_cookies());
        for cookie in page.cookies() {
            if cookie
                .max_age()
                .is_some_and(cookie::time::SignedDuration::is_zero)
            {
                self.jar.remove(cookie.name());
            } else {
                self.node.watch.keep_secret(cookie.value());
                self.jar
                    .insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        let ways_in = ["/api/sign-in", "/api/sign-in-challenge", "/api/sign-in-enrol"];
        let is_let_in =
            ways_in.contains(&page.target.as_str()) && page.cookie(&config.cookie_name("")).is_some();
        if is_let_in {
            // A browser that is new to the account is told of by mail: `TestHouse::new_device_mails_to`.
            let _ = domain::platform::jobs::run_due(&self.node.platform).await;
        }
        self.last = Some(page.clone());
        page
    }
}
