//! One person's browser, as far as the server sees it: cookies, and forms sent by the page's own script, because its
//! answers have plain statuses: 200 with a place to go, or a problem.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use url::form_urlencoded;

use crate::Result;
use crate::http::{Answer, Connection};

/// A browser. Each request takes a connection of its own.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Where requests go: the server, or a proxy before it.
    pub door: SocketAddr,
    /// The origin of the public URL, as `Origin` carries it.
    origin: String,
    /// What a trusted proxy says about where the browser is: each has its own limits.
    client: Ipv4Addr,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser at `client`, without cookies.
    pub fn new(door: SocketAddr, origin: &str, client: Ipv4Addr) -> Self {
        Self {
            door,
            origin: origin.to_owned(),
            client,
            cookies: BTreeMap::new(),
        }
    }

    /// The bytes of a GET. `more` are further header lines, each with its end.
    pub fn get_bytes(&self, path: &str, more: &str) -> Vec<u8> {
        format!(
            "GET {path} HTTP/1.1\r\naccept: text/html\r\n{}{more}\r\n",
            self.headers()
        )
        .into_bytes()
    }

    /// The bytes of a form that is sent.
    pub fn post_bytes(&self, path: &str, form: &[(&str, &str)]) -> Vec<u8> {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        format!(
            "POST {path} HTTP/1.1\r\naccept: application/json\r\n{}origin: {}\r\nsec-fetch-site: same-origin\r\nreferer: {}/\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.headers(),
            self.origin,
            self.origin,
            body.len()
        )
        .into_bytes()
    }

    fn headers(&self) -> String {
        let (_, host) = self.origin.split_once("://").unwrap_or_default();
        let mut headers = format!(
            "host: {host}\r\nuser-agent: bench\r\nx-forwarded-for: {}\r\nx-forwarded-proto: https\r\n",
            self.client
        );
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            headers.push_str("cookie: ");
            headers.push_str(&pairs.join("; "));
            headers.push_str("\r\n");
        }
        headers
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let request = self.get_bytes(path, "connection: close\r\n");
        self.ask(&request).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let request = self.post_bytes(path, form);
        self.ask(&request).await
    }

    /// Sends bytes and keeps the cookies of the answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        let answer = Connection::open(self.door).await?.ask(request).await?;
        self.keep_cookies(&answer);
        Ok(answer)
    }

    /// Keeps the cookies of an answer, and forgets those that it takes away.
    pub fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers("set-cookie") {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The session cookie, if there is one.
    pub fn session(&self) -> Option<(&str, &str)> {
        let is_session = |name: &str| name.trim_start_matches("__Host-") == "latchstring";
        self.cookies
            .iter()
            .find(|(name, _)| is_session(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Loses the session, and stays a browser that is known, now at another address: as a telephone on another day.
    pub fn comes_back_from(&mut self, client: Ipv4Addr) {
        self.client = client;
        if let Some((name, _)) = self.session() {
            let name = name.to_owned();
            self.cookies.remove(&name);
        }
    }

    /// A browser at the same place that has only this session, as a thief of the cookie would.
    #[must_use]
    pub fn with_session(&self, cookie: &(String, String)) -> Self {
        Self {
            cookies: BTreeMap::from([cookie.clone()]),
            ..self.clone()
        }
    }

    /// Signs up. A place to go: a mail is on its way.
    pub async fn sign_up(&mut self, name: &str, email: &str, password: &str) -> Result<Answer> {
        self.post(
            "/api/sign-up",
            &[("name", name), ("email", email), ("password", password)],
        )
        .await
    }

    /// Proves the address by the token of the link, in the browser that signed up.
    pub async fn verify(&mut self, token: &str) -> Result<Answer> {
        self.post("/api/sign-up-verify", &[("token", token)]).await
    }

    /// Signs in. `/account` as the place to go: in.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<Answer> {
        self.post("/api/sign-in", &[("email", email), ("password", password)])
            .await
    }

    /// Signs out. 303: out.
    pub async fn sign_out(&mut self) -> Result<Answer> {
        self.post("/sign-out", &[]).await
    }

    /// Asks for a link to reset the password.
    pub async fn forgot(&mut self, email: &str) -> Result<Answer> {
        self.post("/api/forgot-password", &[("email", email)]).await
    }

    /// Sets a new password by the token of the link.
    pub async fn reset(&mut self, token: &str, password: &str) -> Result<Answer> {
        self.post("/api/reset-password", &[("token", token), ("password", password)])
            .await
    }

    /// Asks the API who is signed in: 200 or 401.
    pub async fn session_status(&mut self) -> Result<u16> {
        Ok(self.get("/api/v1/session").await?.status)
    }
}

/// Where an answer leads: the page that its JSON or its redirect names.
pub fn leads_to(answer: &Answer) -> Option<String> {
    match answer.status {
        200 => {
            let next: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
            Some(next.get("location")?.as_str()?.to_owned())
        }
        303 => answer.header("location").map(str::to_owned),
        _ => None,
    }
}

/// The code of a problem, if the answer is one.
pub fn problem(answer: &Answer) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    Some(problem.get("title")?.as_str()?.to_owned())
}
