//! Pages leave whole, with their length, and compressed where that gives nothing away.
//!
//! The length of a compressed page tells how much its parts are alike: whoever can put words of their own beside a secret,
//! and watch the wire, learns the secret from it letter by letter (BREACH). So only such pages are compressed here as
//! hold neither: for somebody who is not signed in, without a query, and without anything kept from an earlier form.
//! These are the doors that strangers come to, mostly for the first time. A proxy should leave our pages alone.

use std::io::Write as _;

use app::visit::Visit;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::http::accepts;
use crate::http::error_pages::refuse;

/// The most bytes that a page has.
const MAX_PAGE: usize = 4 * 1024 * 1024;
/// Enough: a higher level takes longer than it saves on the wire.
const LEVEL: Compression = Compression::new(4);

/// Whether a page may be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// It may hold a secret, or what somebody else has chosen.
    AsItIs,
    /// It is the same for everybody; whether this client takes gzip.
    ForEverybody(bool),
}

impl Form {
    /// Looks at the request for a page.
    pub fn of(request: &Request) -> Self {
        let for_everybody = request.uri().query().is_none()
            && request.extensions().get::<Visit>().is_some_and(|visit| {
                visit.signed_in.is_none()
                    && visit.viewing.is_none()
                    && visit.others.is_empty()
                    && visit.flash.is_none()
                    && visit.pending.is_none()
                    && visit.asked.is_none()
                    && visit.invitation.is_none()
            });
        if for_everybody {
            Self::ForEverybody(accepts(request.headers(), "gzip"))
        } else {
            Self::AsItIs
        }
    }
}

/// Makes the page whole.
pub async fn make(response: Response, form: Form) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(mut page) = to_bytes(body, MAX_PAGE).await else {
        tracing::error!("a page broke off or was too large");
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, None);
    };
    if form == Form::ForEverybody(true)
        && is_page(&parts.headers)
        && let Some(smaller) = compress(&page)
    {
        let gzip = HeaderValue::from_static("gzip");
        parts.headers.insert(header::CONTENT_ENCODING, gzip);
        page = smaller.into();
    }
    Response::from_parts(parts, Body::from(page))
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn compress(page: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(page.len() / 2), LEVEL);
    encoder.write_all(page).ok()?;
    encoder.finish().ok()
}
