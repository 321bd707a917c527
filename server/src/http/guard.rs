//! Who may ask at all: the right host, an unsafe request only from our own pages, and not too many of them.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::platform::config::Config;
use domain::platform::doctor::self_call;
use domain::platform::limits::{UNSAFE, address_key};

use crate::assets::ROOT_FILES;
use crate::http::cookies;
use crate::http::error_pages::refuse;
use crate::http::observe::Seen;
use crate::routes::House;

/// The layer.
pub async fn check(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let config = &house.platform.config;
    let path = request.uri().path().to_owned();
    // Probes ask by address, not by name; and the files of the pages dress the page that says 421. Neither holds
    // anything that a wrong host could misuse. Exact paths: a dot segment must not lead anywhere else.
    let file = path.starts_with("/pkg/") && !path.contains("/.");
    // The server's call to itself wants to know which host arrived.
    let named = ["/health/live", "/health/ready", self_call::PATH, "/metrics"];
    let probe = file || named.contains(&path.as_str()) || ROOT_FILES.contains(&path.as_str());
    if request.headers().get_all(header::HOST).iter().count() > 1 {
        return refuse(StatusCode::BAD_REQUEST, None);
    }
    cookies::keep_plain(request.headers_mut());
    if !probe && !is_our_host(&request, config) {
        return refuse(StatusCode::MISDIRECTED_REQUEST, None);
    }
    if ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method()) {
        if !is_same_origin(request.headers(), &config.public_origin()) {
            tracing::warn!(path, "an unsafe request came from elsewhere");
            metrics::counter!("latchstring_cross_site_refused_total").increment(1);
            return refuse(StatusCode::FORBIDDEN, None);
        }
        if let Some(seen) = request.extensions().get::<Seen>()
            && let Err(limit) = house
                .platform
                .limiter
                .check(&UNSAFE, &address_key(seen.address))
                .await
        {
            return refuse(StatusCode::TOO_MANY_REQUESTS, Some(limit.retry_after));
        }
    }
    next.run(request).await
}

/// The host of the request is the one of the public URL (RFC 9110 §7.4: else 421).
fn is_our_host(request: &Request, config: &Config) -> bool {
    let in_header = request
        .headers()
        .get(header::HOST)
        .map(|host| host.to_str().unwrap_or_default());
    let asked = request
        .uri()
        .authority()
        .map(http::uri::Authority::as_str)
        .or(in_header);
    let ours = config.public_authority();
    asked.is_some_and(|asked| {
        asked.eq_ignore_ascii_case(&ours) || asked.eq_ignore_ascii_case(&with_port(&ours, config))
    })
}

/// The authority with the scheme's own port written out, as some clients do.
fn with_port(authority: &str, config: &Config) -> String {
    let port = config.public_url.port_or_known_default().unwrap_or(443);
    if config.public_url.port().is_none() {
        format!("{authority}:{port}")
    } else {
        authority.to_owned()
    }
}

/// Leptos checks neither CSRF nor Origin, by decision, so this does, for every route, and fails closed (ASVS 3.5.1):
/// `Sec-Fetch-Site` must say `same-origin` where a browser sends it, and `Origin` must be ours; one of the two is there
/// in every browser's form or fetch. `none` is a person's own doing (a reloaded form).
fn is_same_origin(headers: &HeaderMap, ours: &str) -> bool {
    let one = |name: header::HeaderName| {
        let mut all = headers.get_all(name).iter();
        let first = all.next().map(|value| value.to_str().unwrap_or("?"));
        if all.next().is_some() { Some("?") } else { first }
    };
    let site = one(header::HeaderName::from_static("sec-fetch-site"));
    let origin = one(header::ORIGIN);
    match (site, origin) {
        (Some("same-origin" | "none"), None) => true,
        (Some("same-origin" | "none") | None, Some(origin)) => origin == ours,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsafe_request_comes_from_our_own_pages_or_not_at_all() {
        let ours = "https://id.example.com";
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin"), ("origin", ours)], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("origin", ours)], true),
            (&[], false),
            (&[("origin", "null")], false),
            (&[("origin", "")], false),
            (&[("origin", "https://id.example.com.evil.example")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://id.example.com")], false),
            (&[("origin", "https://id.example.com:8443")], false),
            (&[("origin", ours), ("origin", "https://evil.example")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", ours)], false),
            (&[("sec-fetch-site", "same-site"), ("origin", ours)], false),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "https://evil.example"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "Same-Origin")], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (&[("referer", "https://id.example.com/sign-in")], false),
        ];
        for (given, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *given {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_same_origin(&headers, ours), *expected, "{given:?}");
        }
    }
}
