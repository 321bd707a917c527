//! The cookies beside the session's: all `HttpOnly`, `SameSite=Lax`, host-only, and `Secure` on https (ASVS V3.3).

use app::visit::{Flash, Pending, ShownCodes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use domain::authentication::assurance::{sign_in_flow, trusted};
use domain::authentication::passkeys::challenge;
use domain::platform::Platform;
use domain::platform::keys::PlainToken;
use domain::words::Language;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_sessions::session::Id;

use crate::routes::House;

/// 400 days: the most that browsers keep a cookie.
const KEPT: Duration = Duration::days(400);

/// Names the browser for [`domain::authentication::device`].
pub const DEVICE: &str = "-device";
/// The sign-up that this browser waits for.
pub const PENDING: &str = "-sign-up";
/// A sign-in in progress: its token.
pub const FLOW: &str = "-flow";
/// A browser that is not asked for the second factor: its token.
pub const TRUSTED: &str = "-trusted";
/// Marks the browser for forms that do their work once.
pub const FORM: &str = "-form";
/// A browser that was given the challenge of a passkey: its token.
pub const CEREMONY: &str = "-passkey";
/// Recovery codes that were just made.
pub const CODES: &str = "-codes";
/// What a refused form left for the page it came from.
pub const FLASH: &str = "-flash";

/// The address for which this browser asked for a new password.
pub const ASKED: &str = "-asked";
/// The invitation whose link was opened in this browser.
pub const INVITATION: &str = "-invitation";
/// The language that was chosen in this browser.
pub const LANGUAGE: &str = "-lang";
/// The other accounts of this browser: the tokens of their sessions.
pub const OTHERS: &str = "-others";

/// Keeps the cookies whose names are plain and come once. The session's library decodes `%5F%5FHost-` into `__Host-`, and
/// of two cookies with one name it believes the last: a sibling host could use either to set our cookie (ASVS 3.3.3).
pub fn keep_plain(headers: &mut HeaderMap) {
    // Each with its name.
    let all: Vec<(&str, &str)> = pairs(headers)
        .map(|pair| (pair.split_once('=').map_or("", |(name, _)| name.trim()), pair))
        .collect();
    if all.is_empty() {
        return;
    }
    let is_plain = |own: &str| {
        !own.is_empty() && !own.contains('%') && all.iter().filter(|(other, _)| *other == own).count() == 1
    };
    let kept: Vec<&str> = all
        .iter()
        .filter(|(name, _)| is_plain(name))
        .map(|(_, pair)| *pair)
        .collect();
    let kept = kept.join("; ");
    headers.remove(header::COOKIE);
    if let Ok(value) = HeaderValue::from_str(&kept)
        && !kept.is_empty()
    {
        headers.insert(header::COOKIE, value);
    }
}

/// Makes the removal of the session's cookie one that browsers heed: without `Secure` they refuse it for `__Host-`.
pub async fn finish(State(house): State<House>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let removal = format!("{}=;", house.platform.config.cookie_name(""));
    let is_removal = |value: &HeaderValue| value.as_bytes().starts_with(removal.as_bytes());
    let set: Vec<HeaderValue> = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    if !set.iter().any(is_removal) {
        return response;
    }
    response.headers_mut().remove(header::SET_COOKIE);
    for value in set {
        let value = if is_removal(&value) {
            forget(&house.platform, "")
        } else {
            Some(value)
        };
        if let Some(value) = value {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The cookies of a request, as they stand there: name, equals sign, value.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(str::trim)
}

/// Our cookies of a request.
pub struct Jar<'a> {
    platform: &'a Platform,
    /// What follows our name, such as [`DEVICE`], and the value.
    ours: Vec<(&'a str, &'a str)>,
}

impl<'a> Jar<'a> {
    /// Finds them.
    pub fn of(platform: &'a Platform, headers: &'a HeaderMap) -> Self {
        let own = platform.config.cookie_name("");
        let ours = pairs(headers)
            .filter_map(|pair| pair.strip_prefix(&own)?.split_once('='))
            .collect();
        Self { platform, ours }
    }

    /// Reads one; of several with one name, none is believed.
    pub fn read(&self, base: &str) -> Option<&'a str> {
        let mut found = self.ours.iter().filter(|(given, _)| *given == base);
        let (_, first) = found.next()?;
        found.next().is_none().then_some(*first)
    }

    /// Reads a sealed one; one that can't be opened is none.
    pub fn open<T: DeserializeOwned>(&self, base: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(self.read(base)?).ok()?;
        let plain = self.platform.keys.open(&purpose(base), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// The device cookie.
pub fn device(platform: &Platform, token: &str) -> Option<HeaderValue> {
    PlainToken::parse(token)?;
    set(platform, DEVICE, token.to_owned(), Some(KEPT))
}

/// The cookie of a sign-in in progress, for as long as it lasts; `None` forgets it.
pub fn flow(platform: &Platform, token: Option<&str>) -> Option<HeaderValue> {
    match token {
        Some(token) => set(
            platform,
            FLOW,
            token.to_owned(),
            Some(seconds(sign_in_flow::LIFE)),
        ),
        None => forget(platform, FLOW),
    }
}

/// The cookie of a browser that is not asked for the second factor.
pub fn trusted(platform: &Platform, token: &str) -> Option<HeaderValue> {
    set(platform, TRUSTED, token.to_owned(), Some(seconds(trusted::LIFE)))
}

/// The cookie of forms that do their work once, until the window closes.
pub fn form(platform: &Platform, token: &str) -> Option<HeaderValue> {
    set(platform, FORM, token.to_owned(), None)
}

/// The cookie of passkey ceremonies, a little longer than a challenge lives.
pub fn ceremony(platform: &Platform, token: &str) -> Option<HeaderValue> {
    set(
        platform,
        CEREMONY,
        token.to_owned(),
        Some(seconds(challenge::LIFE * 2)),
    )
}

/// The cookie of fresh recovery codes, for ten minutes; `None` forgets it.
pub fn codes(platform: &Platform, codes: Option<&ShownCodes>) -> Option<HeaderValue> {
    match codes {
        Some(codes) => seal(platform, CODES, codes, Some(Duration::minutes(10))),
        None => forget(platform, CODES),
    }
}

/// The cookie of a waiting sign-up, for as long as its link works; `None` forgets it.
pub fn pending(platform: &Platform, pending: Option<&Pending>) -> Option<HeaderValue> {
    match pending {
        Some(pending) => seal(platform, PENDING, pending, Some(Duration::hours(24))),
        None => forget(platform, PENDING),
    }
}

/// The cookie of an address for which a new password was asked for, for a quarter of an hour.
pub fn asked(platform: &Platform, email: &str) -> Option<HeaderValue> {
    seal(platform, ASKED, &email, Some(Duration::minutes(15)))
}

/// The cookie of an opened invitation, for an hour: long enough to sign in; `None` forgets it.
pub fn invitation(platform: &Platform, token: Option<&str>) -> Option<HeaderValue> {
    match token {
        Some(token) => seal(platform, INVITATION, &token, Some(Duration::hours(1))),
        None => forget(platform, INVITATION),
    }
}

/// The cookie of the language, as long as browsers keep one.
pub fn language(platform: &Platform, language: Language) -> Option<HeaderValue> {
    set(platform, LANGUAGE, language.tag().to_owned(), Some(KEPT))
}

/// The cookie of a refused form, for five minutes.
pub fn flash(platform: &Platform, flash: &Flash) -> Option<HeaderValue> {
    seal(platform, FLASH, flash, Some(Duration::minutes(5)))
}

/// The session cookie of another account, past tower-sessions: it would end the session that waits from now on.
pub fn session(platform: &Platform, token: [u8; 16], life: Option<chrono::Duration>) -> Option<HeaderValue> {
    let value = Id(i128::from_le_bytes(token)).to_string();
    set(platform, "", value, life.map(seconds))
}

/// The tokens of the accounts that wait; none forgets the cookie.
pub fn others(
    platform: &Platform,
    tokens: &[[u8; 16]],
    life: Option<chrono::Duration>,
) -> Option<HeaderValue> {
    if tokens.is_empty() {
        return forget(platform, OTHERS);
    }
    seal(platform, OTHERS, &tokens, life.map(seconds))
}

fn seconds(life: chrono::Duration) -> Duration {
    Duration::seconds(life.num_seconds().max(0))
}

/// Forgets a cookie.
pub fn forget(platform: &Platform, base: &str) -> Option<HeaderValue> {
    set(platform, base, String::new(), Some(Duration::ZERO))
}

fn seal<T: Serialize>(
    platform: &Platform,
    base: &str,
    value: &T,
    max_age: Option<Duration>,
) -> Option<HeaderValue> {
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

/// `max_age`: how long the browser keeps it; `None`: until the window closes.
fn set(platform: &Platform, base: &str, value: String, max_age: Option<Duration>) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((platform.config.cookie_name(base), value))
        .path("/")
        .http_only(true)
        .secure(platform.config.secure_cookies())
        .same_site(SameSite::Lax);
    if let Some(max_age) = max_age {
        cookie = cookie.max_age(max_age);
    }
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}
