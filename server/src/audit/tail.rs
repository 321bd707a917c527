//! `GET /admin/audit/tail`: the rows of the audit as they are written, as server-sent events (HTML, 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::console::audit::Told;
use app::visit::Visit;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::Error;
use domain::audit::follow::{EVERY, Listener, News};
use domain::users::time_zone::TimeZone;
use domain::words::Words;
use futures_util::stream::unfold;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::{sleep, timeout};

use super::{begin, refusal};
use crate::http::error_pages::refuse;
use crate::routes::House;
use crate::serve::Stop;

/// A sign of life for proxies, after so long without an event.
const BEAT: Duration = Duration::from_secs(15);
/// How long a client may leave unread what was sent.
const PATIENCE: Duration = Duration::from_secs(30);
/// When the browser asks again after the end, in milliseconds. Whoever may not listen any more is told `over` and does not.
const AGAIN: &str = "retry: 3000\n\n";
/// The end that is for good: signed out, or the right was taken away.
const OVER: &str = "event: over\ndata: .\n\n";

/// The stream. Begins behind the place in `Last-Event-ID`, or in `after`; else with what happens from now on.
pub async fn tail(
    State(house): State<House>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Response {
    let (session, standing, filter) = match begin(&visit).await {
        Ok(begun) => begun,
        Err(refused) => return refused,
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let after = last.or(visit.query.get("after").map(String::as_str));
    let after = after.and_then(|after| after.parse::<i64>().ok());
    let listener = match Listener::begin(standing, filter, after).await {
        Ok(listener) => listener,
        Err(error) => return refusal(&error),
    };
    if !wants_events(&headers) {
        return refuse(StatusCode::NOT_ACCEPTABLE, None);
    }
    let Ok(place) = Arc::clone(&house.listeners).try_acquire_owned() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Some(Duration::from_mins(1)));
    };
    let (sender, receiver) = channel(4);
    tokio::spawn(tell(
        listener,
        (visit.words, session.zone()),
        sender,
        house.stop.clone(),
        place,
    ));
    let events = unfold(receiver, async |mut receiver| {
        let text = receiver.recv().await?;
        Some((Ok::<Bytes, Infallible>(text), receiver))
    });
    let mut response = Body::from_stream(events).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    // A proxy that collects answers would keep the events to itself.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

/// Whoever asks for something else would wait for an end that there is not.
fn wants_events(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Tells until nobody listens, the listener may not any more, or the server takes its leave.
async fn tell(
    mut listener: Listener,
    (words, zone): (&'static Words, Option<TimeZone>),
    sender: Sender<Bytes>,
    stop: Stop,
    _place: OwnedSemaphorePermit,
) {
    let mut text = AGAIN.to_owned();
    let mut told = Instant::now();
    loop {
        let over = match listener.next().await {
            Ok(news) => {
                write(&news, words, zone, &mut text);
                false
            }
            Err(Error::Refused(_)) => {
                text.push_str(OVER);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "a listener to the audit was cut off");
                return;
            }
        };
        if text.is_empty() && told.elapsed() >= BEAT {
            text.push_str(":\n\n");
        }
        if !text.is_empty() {
            told = Instant::now();
            let sent = timeout(PATIENCE, sender.send(Bytes::from(std::mem::take(&mut text)))).await;
            if !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
        if over {
            return;
        }
        tokio::select! {
            () = sleep(EVERY) => {}
            () = sender.closed() => return,
            () = stop.left() => return,
        }
    }
}

/// One event a row; its id is the place where the next one begins.
fn write(news: &News, words: &Words, zone: Option<TimeZone>, text: &mut String) {
    use std::fmt::Write as _;
    for line in &news.lines {
        let told = Told::of(words, zone, line, &news.names);
        // JSON has no line of its own inside, so it is one line of data.
        if let (Ok(json), Some(seq)) = (serde_json::to_string(&told), line.seq) {
            let _ = write!(text, "id: {seq}\ndata: {json}\n\n");
        }
    }
}
