//! A provider of text messages, as Twilio's API is from outside: a real server, for the real client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use url::form_urlencoded;

/// The account that the tests have there.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// What lets them in.
pub const TOKEN: &str = "feedfacefeedfacefeedfacefeedface";

/// What the provider does with a message.
#[derive(Debug, Clone, Copy)]
pub enum Manner {
    /// Answers with this status and body.
    Says(u16, &'static str),
    /// Sends whoever asks to this address.
    Redirects(&'static str),
    /// Takes the message, and hangs up without a word.
    HangsUp,
    /// Takes the message, and never says a word.
    Silent,
    /// Answers, and never comes to an end.
    Endless,
}

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub fields: HashMap<String, String>,
}

/// A provider on a port of this machine. It ends with the test's runtime.
pub struct Provider {
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Provider {
    /// One that takes what it gets.
    pub const TAKES: Manner = Manner::Says(201, r#"{"sid":"SM1","status":"queued","error_code":null}"#);

    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            manner: Arc::new(Mutex::new(Self::TAKES)),
            arrived: Arc::default(),
        };
        let (manner, arrived) = (Arc::clone(&provider.manner), Arc::clone(&provider.arrived));
        let router = Router::new().fallback(move |request| take(request, manner, arrived));
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// From now on it behaves like this.
    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// Everything that arrived.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// The settings of a server that uses it.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("SMS_PROVIDER", "twilio"),
            ("SMS_URL", &self.url),
            ("SMS_ACCOUNT", ACCOUNT),
            ("SMS_TOKEN", TOKEN),
            ("SMS_SENDER", "+12015550123"),
            ("SMS_COUNTRIES", "GB,VN"),
        ]
    }
}

async fn take(request: Request, manner: Arc<Mutex<Manner>>, arrived: Arc<Mutex<Vec<Arrived>>>) -> Response {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    arrived.lock().unwrap().push(Arrived {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        fields: form_urlencoded::parse(&body).into_owned().collect(),
    });
    let manner = *manner.lock().unwrap();
    if matches!(manner, Manner::Silent) {
        std::future::pending::<()>().await;
    }
    let answer = Response::builder();
    let answer = match manner {
        Manner::Says(status, body) => answer.status(status).body(Body::from(body)),
        Manner::Redirects(to) => answer.status(307).header("location", to).body(Body::empty()),
        // A body that fails ends the connection in the middle of the answer.
        Manner::HangsUp => answer
            .status(201)
            .body(Body::from_stream(stream::iter([Err::<&str, _>(
                std::io::Error::other("hangs up"),
            )]))),
        Manner::Silent => unreachable!("it said nothing"),
        Manner::Endless => answer.status(201).body(Body::from_stream(
            stream::repeat("x".repeat(4096)).map(Ok::<_, std::io::Error>),
        )),
    };
    answer.unwrap()
}
