//! One id, one log line, one measurement and the security headers for every response, whatever made it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::platform::config::Config;
use tracing::Instrument as _;

use crate::http::client_address;
use crate::routes::House;

/// What is known of a request before it is answered.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The request's id: in the header `x-request-id`, in the log, on the error page.
    pub id: String,
    /// The client's address.
    pub address: std::net::IpAddr,
    /// The request comes from this machine, and no proxy says that it passes it on for somebody else.
    pub is_local: bool,
    /// The peer may speak for its clients.
    pub by_trusted_proxy: bool,
    /// The span of the request, to note more in it.
    pub span: tracing::Span,
}

/// The layer.
pub async fn observe(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let config = &house.platform.config;
    let started = Instant::now();
    let id = house
        .platform
        .entropy
        .uuid_v7(house.platform.clock.now())
        .to_string();
    let address = client_address::of(&request, &config.trusted_proxies);
    let method = known_method(request.method());
    // The route and never the path itself, which may hold anything.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", request_id = %id, method, session_id = tracing::field::Empty);
    let peer = client_address::peer(&request);
    let is_local = peer.is_loopback() && !client_address::is_forwarded(request.headers());
    request.extensions_mut().insert(Seen {
        id: id.clone(),
        address,
        is_local,
        by_trusted_proxy: client_address::is_trusted(peer, &config.trusted_proxies),
        span: span.clone(),
    });
    let mut response = next.run(request).instrument(span.clone()).await;

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    metrics::histogram!("latchstring_http_request_seconds", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .record(elapsed.as_secs_f64());
    span.in_scope(|| {
        let ms = elapsed.as_secs_f64() * 1000.0;
        if status >= 500 {
            tracing::error!(route, status, ms, %address, "answered");
        } else {
            tracing::info!(route, status, ms, %address, "answered");
        }
    });
    secure(&mut response, config, &id);
    response
}

/// The method as a label: clients may invent methods, and each label costs memory for ever.
fn known_method(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

const fn fixed(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// Who may show it.
const CROSS_ORIGIN_RESOURCE_POLICY: &str = "cross-origin-resource-policy";

/// The headers that are the same for all.
static FIXED: [(HeaderName, HeaderValue); 7] = [
    fixed("x-content-type-options", "nosniff"),
    fixed("x-frame-options", "DENY"),
    // Not `no-referrer`: a form without JavaScript is sent back to its page by the Referer.
    fixed("referrer-policy", "same-origin"),
    fixed("cross-origin-opener-policy", "same-origin"),
    fixed(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    fixed(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    ),
    fixed("x-permitted-cross-domain-policies", "none"),
];

/// What browsers are told with every response (ASVS V3.4).
fn secure(response: &mut Response, config: &Config, id: &str) {
    let headers = response.headers_mut();
    headers.reserve(FIXED.len() + 4);
    for (name, value) in &FIXED {
        // One thing here is for other sites too: the logo, which says so itself.
        if name != CROSS_ORIGIN_RESOURCE_POLICY || !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if config.secure_cookies() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    // A page brings its own policy, with a nonce; everything else may load next to nothing.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
