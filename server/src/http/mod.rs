//! What every request passes through, from the outside in: [`uncancelled`] → [`observe`] → [`error_pages`] →
//! [`guard`] → the session → [`visit`]. Besides, what several handlers share: [`form`], [`language`].

pub mod client_address;
pub mod cookies;
pub mod error_pages;
pub mod form;
pub mod guard;
pub mod language;
pub mod observe;
pub mod uncancelled;
pub mod viewing;
pub mod visit;
pub mod whole;

use axum::http::{HeaderMap, header};

/// Whether the client takes this encoding (RFC 9110 §12.5.3), by its name.
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let takes = |part: &str| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == encoding && quality.trim() != "q=0"
    };
    let given = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    given.is_some_and(|value| value.split(',').any(takes))
}
