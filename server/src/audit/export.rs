//! `GET /admin/audit/export`: the rows of a filter as a file, as they are read.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use app::sign_in::with_next;
use app::visit::Visit;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::audit::copy::{Copying, Format};
use domain::authorization::right;
use domain::{Code, Error};
use futures_util::stream::unfold;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;
use uuid::Uuid;

use super::{begin, refusal};
use crate::http::error_pages::{refuse, wants_page};
use crate::routes::House;

/// How long a client may leave unread what was sent.
const PATIENCE: Duration = Duration::from_mins(5);

/// The file. `format` is `csv` or `jsonl`; `after` is the id of the last row that arrived of a copy that was cut off.
pub async fn export(
    State(house): State<House>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Response {
    if visit.signed_in.is_none() && wants_page(&headers) {
        return Redirect::to(&with_next("/sign-in", "/admin/audit")).into_response();
    }
    let (session, standing, filter) = match begin(&visit).await {
        Ok(begun) => begun,
        Err(refused) => return refused,
    };
    let allowed = match visit.desk() {
        Ok(desk) => {
            desk.look::<right::AuditExport, ()>(async |_tx, _may| Ok(()))
                .await
        }
        Err(error) => Err(error),
    };
    match allowed {
        Ok(()) => {}
        Err(Error::Refused(why)) if why.code() == Code::FactorNeeded && wants_page(&headers) => {
            return Redirect::to(&with_next("/confirm", &visit.target)).into_response();
        }
        Err(error) => return refusal(&error),
    }
    let now = visit.platform.clock.now();
    if !session.is_fresh(now) {
        return Redirect::to(&with_next("/confirm", &visit.target)).into_response();
    }
    let Some(format) = visit.query.get("format").and_then(|name| Format::parse(name)) else {
        return refuse(StatusCode::NOT_FOUND, None);
    };
    let after = visit.query.get("after").map(|id| id.parse::<Uuid>()).transpose();
    let Ok(after) = after else {
        return refuse(StatusCode::BAD_REQUEST, None);
    };
    let Ok(place) = Arc::clone(&house.copies).try_acquire_owned() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, Some(Duration::from_mins(1)));
    };
    let begun = match visit.desk() {
        Ok(desk) => Copying::begin(&desk, standing, filter, format, after).await,
        Err(error) => Err(error),
    };
    let copying = match begun {
        Ok(copying) => copying,
        Err(error) => return refusal(&error),
    };
    let (sender, receiver) = channel(2);
    tokio::spawn(copy(copying, format, sender, place));
    let rows = unfold(receiver, async |mut receiver| {
        let text: io::Result<Bytes> = receiver.recv().await?;
        Some((text, receiver))
    });
    let mut response = Body::from_stream(rows).into_response();
    let kind = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::JsonLines => "application/jsonl",
    };
    let name = format!(
        "attachment; filename=\"audit-{}.{}\"",
        now.format("%Y-%m-%d-%H%M"),
        format.as_str()
    );
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Reads and sends, at the pace of the client, until all is sent or nobody reads any more.
async fn copy(
    mut copying: Copying,
    format: Format,
    sender: Sender<io::Result<Bytes>>,
    _place: OwnedSemaphorePermit,
) {
    let mut text = format.head();
    loop {
        let next = match copying.next().await {
            Ok(Some(lines)) => lines.iter().try_for_each(|line| format.write(line, &mut text)),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let part = match next {
            // Nothing fits for a long stretch, and perhaps nobody waits any more.
            Ok(()) if text.is_empty() && !sender.is_closed() => continue,
            Ok(()) => Ok(Bytes::from(std::mem::take(&mut text))),
            // The connection breaks off, so that nobody takes what came for all there is.
            Err(error) => {
                tracing::warn!(%error, "a copy of the audit was cut off");
                Err(io::Error::other("cut off"))
            }
        };
        let is_last = part.is_err();
        let sent = timeout(PATIENCE, sender.send(part)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}
