//! The cookies beside the session's: all `HttpOnly`, `SameSite=Lax`, host-only, and `Secure` on https (ASVS V3.3).

use app::visit::{Flash, Pending};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use domain::platform::Platform;
use domain::platform::keys::PlainToken;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Names the browser for [`domain::authentication::device`]; 400 days, the most that browsers keep.
pub const DEVICE: &str = "-device";
/// The sign-up that this browser waits for.
pub const PENDING: &str = "-sign-up";
/// What a refused form left for the page it came from.
pub const FLASH: &str = "-flash";

/// Reads a cookie of ours; of several with one name, none is believed.
pub fn read<'a>(platform: &Platform, headers: &'a HeaderMap, base: &str) -> Option<&'a str> {
    let name = platform.config.cookie_name(base);
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Reads a sealed cookie; one that can't be opened is none.
pub fn open<T: DeserializeOwned>(platform: &Platform, headers: &HeaderMap, base: &str) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(read(platform, headers, base)?).ok()?;
    let plain = platform.keys.open(&purpose(base), &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// The device cookie.
pub fn device(platform: &Platform, token: &str) -> Option<HeaderValue> {
    PlainToken::parse(token)?;
    set(platform, DEVICE, token.to_owned(), Duration::days(400))
}

/// The cookie of a waiting sign-up, for as long as its link works; `None` forgets it.
pub fn pending(platform: &Platform, pending: Option<&Pending>) -> Option<HeaderValue> {
    match pending {
        Some(pending) => seal(platform, PENDING, pending, Duration::hours(24)),
        None => forget(platform, PENDING),
    }
}

/// The cookie of a refused form, for five minutes.
pub fn flash(platform: &Platform, flash: &Flash) -> Option<HeaderValue> {
    seal(platform, FLASH, flash, Duration::minutes(5))
}

/// Forgets a cookie.
pub fn forget(platform: &Platform, base: &str) -> Option<HeaderValue> {
    set(platform, base, String::new(), Duration::ZERO)
}

fn seal<T: Serialize>(platform: &Platform, base: &str, value: &T, max_age: Duration) -> Option<HeaderValue> {
    let plain = serde_json::to_vec(value).ok()?;
    let sealed = platform
        .keys
        .seal(&purpose(base), &plain, &platform.entropy)
        .ok()?;
    set(platform, base, URL_SAFE_NO_PAD.encode(sealed), max_age)
}

fn purpose(base: &str) -> String {
    format!("cookie{base}")
}

fn set(platform: &Platform, base: &str, value: String, max_age: Duration) -> Option<HeaderValue> {
    let cookie = Cookie::build((platform.config.cookie_name(base), value))
        .path("/")
        .http_only(true)
        .secure(platform.config.secure_cookies())
        .same_site(SameSite::Lax)
        .max_age(max_age);
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}
