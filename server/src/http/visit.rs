//! Makes the [`Visit`] of a request: who is signed in, which words, which cookies; and sets what it wants set.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use app::visit::{Flash, NewCookie, Parts, SessionCookie, Visit};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::Origin;
use domain::authentication::session::{SessionToken, SignedIn, note_use};
use domain::authentication::switch_account::{Waiting, waiting};
use domain::authentication::viewing::Viewing;
use domain::platform::Platform;
use domain::{Error, Result};
use tower_sessions::{Expiry, Session};

use crate::http::cookies::{self, Jar};
use crate::http::error_pages::refuse;
use crate::http::language::{self, Spoken};
use crate::http::observe::Seen;
use crate::http::viewing;
use crate::routes::House;
use crate::session_store::{self, ADOPT, SIGNED_IN};

/// The layer.
pub async fn make(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let platform = &house.platform;
    let (Some(seen), Some(session)) = (
        request.extensions().get::<Seen>().cloned(),
        request.extensions().get::<Session>().cloned(),
    ) else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, None);
    };
    // Asked before the session is looked for, which forgets the id of one that is not there.
    let came_with = session.id().map(session_store::hash);
    let signed_in = match signed_in(&house, &session).await {
        Ok(signed_in) => signed_in,
        // Neither signed in nor signed out: we don't know, and say so.
        Err(error) => {
            tracing::error!(%error, "the session could not be read");
            return refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Some(std::time::Duration::from_secs(5)),
            );
        }
    };
    let viewing = match &signed_in {
        Some(session) => match Viewing::of(platform, session).await {
            Ok(viewing) => viewing,
            Err(error) => {
                tracing::error!(%error, "whom somebody looks at could not be read");
                return refuse(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Some(std::time::Duration::from_secs(5)),
                );
            }
        },
        None => None,
    };
    let headers = request.headers();
    let jar = Jar::of(platform, headers);
    let path = request.uri().path().to_owned();
    // Whose cookie it is, whatever it opens.
    let holder = signed_in.as_ref();
    if let Some(person) = holder {
        seen.span
            .record("session_id", tracing::field::display(person.session_id));
    }
    let session_ended = came_with.is_some() && holder.is_none();
    let others = others(platform, &jar, holder).await;
    // What was typed into a form of one's own is not shown in one of somebody else.
    let flash: Option<Flash> = jar.open(cookies::FLASH).filter(|_| viewing.is_none());
    let shows_flash =
        request.method() == Method::GET && flash.as_ref().is_some_and(|flash| flash.page == path);
    let pages = viewing.as_ref().and_then(Viewing::pages);
    let reader = pages.or(holder.filter(|session| session.erase_at.is_none()));
    let words = language::of(&platform.settings().languages, &jar, headers, reader);
    let (leaving, signed_in) = match signed_in {
        Some(_) if viewing.is_some() => (None, None),
        Some(session) if session.erase_at.is_some() => (Some(session), None),
        signed_in => (None, signed_in),
    };
    let visit = Visit::new(Parts {
        words,
        address: seen.address,
        is_local: seen.is_local,
        origin: Origin {
            address: seen.address.to_string(),
            user_agent: text(headers, &header::USER_AGENT).chars().take(400).collect(),
            request_id: seen.id,
        },
        target: request
            .uri()
            .path_and_query()
            .map_or_else(|| path.clone(), ToString::to_string),
        query: query(request.uri().query().unwrap_or_default()),
        session_ended,
        signed_in,
        others,
        leaving,
        viewing,
        came_with,
        session: Arc::new(Cookie(session)),
        device: jar.read(cookies::DEVICE).map(str::to_owned),
        flow: jar.read(cookies::FLOW).map(str::to_owned),
        trusted: jar.read(cookies::TRUSTED).map(str::to_owned),
        form: jar.read(cookies::FORM).map(str::to_owned),
        ceremony: jar.read(cookies::CEREMONY).map(str::to_owned),
        codes: jar.open(cookies::CODES),
        pending: jar.open(cookies::PENDING),
        asked: jar.open(cookies::ASKED),
        invitation: jar.open(cookies::INVITATION),
        flash,
        seen_origin: seen_origin(headers, &house, seen.by_trusted_proxy),
        cookies: Mutex::new(Vec::new()),
        path,
        platform: platform.clone(),
        settings: platform.settings(),
    });
    request.extensions_mut().insert(visit.clone());
    let mut response = match viewing::shut(&visit, request.method(), request.headers()).await {
        Some(shut) => shut,
        None => next.run(request).await,
    };
    viewing::leave_in_time(&visit, &mut response);
    response.extensions_mut().insert(Spoken(words));
    let mut set: Vec<Option<HeaderValue>> = visit
        .take_cookies()
        .iter()
        .map(|cookie| match cookie {
            NewCookie::Session(token, life) => cookies::session(platform, *token, *life),
            NewCookie::Others(tokens, life) => cookies::others(platform, tokens, *life),
            NewCookie::Device(token) => cookies::device(platform, token),
            NewCookie::Flow(token) => cookies::flow(platform, token.as_deref()),
            NewCookie::Trusted(token) => cookies::trusted(platform, token),
            NewCookie::Form(token) => cookies::form(platform, token),
            NewCookie::Ceremony(token) => cookies::ceremony(platform, token),
            NewCookie::Codes(codes) => cookies::codes(platform, codes.as_ref()),
            NewCookie::Pending(pending) => cookies::pending(platform, pending.as_ref()),
            NewCookie::Asked(email) => cookies::asked(platform, email),
            NewCookie::Invitation(token) => cookies::invitation(platform, token.as_deref()),
            NewCookie::Language(language) => cookies::language(platform, *language),
        })
        .collect();
    if shows_flash {
        set.push(cookies::forget(platform, cookies::FLASH));
    }
    for value in set.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Who is signed in. Notes at most once a minute that the session is used.
async fn signed_in(house: &House, session: &Session) -> Result<Option<SignedIn>> {
    let Some(id) = session.id() else { return Ok(None) };
    let now = house.platform.clock.now();
    // Not through tower-sessions, which would have it as JSON.
    let Some(found) = house.sessions.find(id).await? else {
        // It looks again, learns that there is none, and takes the cookie away.
        let away = |error: tower_sessions::session::Error| Error::Cache(error.to_string());
        session.get_value(SIGNED_IN).await.map_err(away)?;
        return Ok(None);
    };
    let settings = house.platform.settings();
    // A copy may be from before the times were shortened.
    if !found.is_live(now) || found.has_outlived(&settings.session, now) {
        return Ok(None);
    }
    if !found.is_seen_late(now) {
        return Ok(Some(found));
    }
    let seen = found.seen(&settings.session, now);
    // Past tower-sessions: it would set the cookie again, and make an error of an answer when the note can't be taken.
    note_use(&house.platform, session_store::hash(id), &seen).await;
    Ok(Some(seen))
}

/// The accounts that wait in this browser. Where they can't be read there are none: nobody is kept from their own.
async fn others(platform: &Platform, jar: &Jar<'_>, signed_in: Option<&SignedIn>) -> Vec<Waiting> {
    let tokens: Option<Vec<[u8; 16]>> = jar.open(cookies::OTHERS);
    let Some(tokens) = tokens.filter(|tokens| !tokens.is_empty()) else {
        return Vec::new();
    };
    match waiting(platform, &tokens).await {
        Ok(mut others) => {
            others.retain(|other| signed_in.is_none_or(|person| person.user_id != other.session.user_id));
            others
        }
        Err(error) => {
            tracing::warn!(%error, "the other accounts of a browser could not be read");
            Vec::new()
        }
    }
}

/// A remembered session's cookie outlives the browser window; the server's own limits decide all the same.
fn expiry(session: &SignedIn) -> Expiry {
    if session.remember {
        let left = (session.expires_at - session.last_seen_at).num_seconds();
        Expiry::OnInactivity(time::Duration::seconds(left))
    } else {
        Expiry::OnSessionEnd
    }
}

struct Cookie(Session);

impl SessionCookie for Cookie {
    fn adopt(
        &self,
        token: SessionToken,
        signed_in: SignedIn,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(async move {
            let failed = |error: tower_sessions::session::Error| Error::Cache(error.to_string());
            // Where there was no session, tower-sessions would delete one whose id it has just made up.
            if self.0.id().is_some() {
                self.0.cycle_id().await.map_err(failed)?;
            }
            // The store takes the token from here as the id of the new session; see `session_store`.
            self.0
                .insert(ADOPT, URL_SAFE_NO_PAD.encode(token.reveal()))
                .await
                .map_err(failed)?;
            self.0.insert(SIGNED_IN, &signed_in).await.map_err(failed)?;
            self.0.set_expiry(Some(expiry(&signed_in)));
            Ok(())
        })
    }

    fn token(&self) -> Option<SessionToken> {
        Some(SessionToken::from_bytes(self.0.id()?.0.to_le_bytes()))
    }

    fn drop_it(&self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(async move {
            self.0
                .flush()
                .await
                .map_err(|error| Error::Cache(error.to_string()))
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The parameters of the query. Of a name that comes twice, the first counts.
fn query(text: &str) -> BTreeMap<String, String> {
    let mut query = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        query
            .entry(name.into_owned())
            .or_insert_with(|| value.into_owned());
    }
    query
}

/// The origin that the browser believes it talks to: what the set-up page compares with the setting.
fn seen_origin(headers: &HeaderMap, house: &House, by_trusted_proxy: bool) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let forwarded = headers
        .get("x-forwarded-proto")
        .and_then(|proto| proto.to_str().ok());
    let scheme = match forwarded {
        Some(proto) if by_trusted_proxy => proto,
        _ => house.platform.config.public_url.scheme(),
    };
    Some(format!("{scheme}://{host}"))
}
