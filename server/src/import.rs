//! The file of people that somebody brings: how it arrives, how far it is, and what became of its rows.

use std::time::Duration;

use app::visit::Visit;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use domain::authentication::local_path::LocalPath;
use domain::authorization::{Desk, May, right};
use domain::users::import::{BYTES_MAX, Import, State, Upload, csv_head, piece};
use domain::{Code, Error, Refusal};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use tokio::time::Instant;
use uuid::Uuid;

use crate::http::error_pages::{refuse, wants_page};
use crate::server_functions::{ask_first, problem, turn_back};

/// The page that the form is on.
const PAGE: &str = "/admin/import";
/// The most bytes that are taken from the wire. More than a file may have: what is too long is read to its end and dropped, so that the
/// browser gets to see why. Whoever sends even more finds the connection closed.
pub const BODY_MAX: usize = 4 * BYTES_MAX;
/// How long the next piece of a file may take.
const PIECE_TIME: Duration = Duration::from_secs(30);
/// How long all of it may take: 64 MiB at a megabit a second.
const BODY_TIME: Duration = Duration::from_mins(10);
/// The most bytes of a field that is no file.
const FIELD_MAX: usize = 64;

/// Why a file did not get in.
enum Lost {
    /// The domain says so.
    Refused(Error),
    /// It broke off, or was no form.
    Broken(StatusCode),
}

impl From<Error> for Lost {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// `POST /admin/import/upload`: a form with a file in it (`multipart/form-data`, RFC 7578), read as it arrives.
pub async fn upload(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let page = wants_page(request.headers());
    if let Some(first) = ask_first(&visit, &visit.path, request.headers()) {
        return first;
    }
    let desk = match visit.desk() {
        Ok(desk) => desk,
        Err(error) => return answer(&visit, page, error),
    };
    if let Err(error) = Upload::allowed(&desk).await {
        return answer(&visit, page, error);
    }
    let Ok(form) = Multipart::from_request(request, &()).await else {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, None);
    };
    let mut form = Form {
        parts: form,
        until: Instant::now() + BODY_TIME,
    };
    match read(&desk, &mut form).await {
        Ok(id) => {
            let location = format!("{PAGE}/{id}");
            if page {
                Redirect::to(&location).into_response()
            } else {
                Json(app::refused::Next::to(location)).into_response()
            }
        }
        Err(Lost::Broken(status)) => refuse(status, None),
        Err(Lost::Refused(error)) => {
            // A browser that still sends would not read the answer.
            form.drain().await;
            answer(&visit, page, error)
        }
    }
}

/// The form, and when all of it must be here.
struct Form {
    parts: Multipart,
    until: Instant,
}

async fn read(desk: &Desk<'_>, form: &mut Form) -> Result<Uuid, Lost> {
    let mut proven = false;
    let until = form.until;
    while let Some(mut field) = form.next().await? {
        match field.name() {
            Some("proven") => proven = !text(&mut field, until).await?.is_empty(),
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut upload = Upload::begin(desk, &name, proven).await?;
                let read = take(desk, &mut upload, &mut field, until).await;
                if read.is_err() {
                    upload.abandon(desk.platform).await?;
                }
                return read;
            }
            _ => {}
        }
    }
    Err(Error::form(Code::ImportEmpty).into())
}

async fn take(
    desk: &Desk<'_>,
    upload: &mut Upload,
    field: &mut Field<'_>,
    until: Instant,
) -> Result<Uuid, Lost> {
    while let Some(bytes) = chunk(field, until).await? {
        upload.feed(desk.platform, &bytes).await?;
    }
    Ok(upload.finish(desk.platform).await?)
}

impl Form {
    async fn next(&mut self) -> Result<Option<Field<'_>>, Lost> {
        in_time(self.until, self.parts.next_field()).await
    }

    /// Reads what is left, and drops it.
    async fn drain(&mut self) {
        let until = self.until;
        while let Ok(Some(mut field)) = self.next().await {
            while let Ok(Some(_)) = chunk(&mut field, until).await {}
        }
    }
}

async fn chunk(field: &mut Field<'_>, until: Instant) -> Result<Option<Bytes>, Lost> {
    in_time(until, field.chunk()).await
}

/// What comes in time. Only the wire is waited for with an end: what is done with the database is never cut off.
async fn in_time<T>(
    until: Instant,
    coming: impl Future<Output = Result<T, MultipartError>>,
) -> Result<T, Lost> {
    match tokio::time::timeout_at(until.min(Instant::now() + PIECE_TIME), coming).await {
        Ok(Ok(come)) => Ok(come),
        Ok(Err(error)) => Err(Lost::Broken(error.status())),
        Err(_) => Err(Lost::Broken(StatusCode::REQUEST_TIMEOUT)),
    }
}

async fn text(field: &mut Field<'_>, until: Instant) -> Result<String, Lost> {
    let mut text = Vec::new();
    while let Some(bytes) = chunk(field, until).await? {
        text.extend_from_slice(&bytes);
        if text.len() > FIELD_MAX {
            return Err(Error::form(Code::Malformed).into());
        }
    }
    String::from_utf8(text).map_err(|_| Error::form(Code::Malformed).into())
}

/// The answer to who was refused: the page with the form says why, or a problem of JSON.
fn answer(visit: &Visit, page: bool, error: Error) -> Response {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        error => {
            tracing::error!(%error, "a file of people could not be read");
            Refusal::form(Code::Unavailable)
        }
    };
    let is_no_page = matches!(refusal.code(), Code::NotAllowed | Code::SignedOut);
    match LocalPath::parse(PAGE) {
        Some(back) if page && !is_no_page => turn_back(visit, &back, refusal, &[]),
        _ if page => refuse(status_of(&refusal), None),
        _ => problem(visit, &refusal),
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.code().status()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// The answer of `GET /admin/import/{id}/progress`.
#[derive(Debug, Serialize)]
struct Progress {
    done: i64,
    total: i64,
    ready: bool,
}

/// `GET /admin/import/{id}/progress`: for the bar of the page; 404 for everybody else's.
pub async fn progress(Extension(visit): Extension<Visit>, Path(id): Path<String>) -> Response {
    match find(&visit, &id).await {
        Ok(import) => Json(Progress {
            done: import.rows_done,
            total: import.rows_total,
            ready: import.state != State::Running,
        })
        .into_response(),
        Err(error) => bare(error),
    }
}

/// `GET /admin/import/{id}/report.csv`: what became of each row, streamed.
pub async fn report(
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if visit.signed_in.is_none() && wants_page(&headers) {
        return Redirect::to(&app::sign_in::with_next("/sign-in", PAGE)).into_response();
    }
    let import = match find(&visit, &id).await {
        Ok(import) => import,
        Err(error) => return bare(error),
    };
    let head = stream::once(async { Ok(Bytes::from_static(csv_head().as_bytes())) });
    let rest = stream::try_unfold((visit, Some(0)), move |(visit, after)| async move {
        let Some(after) = after else { return Ok(None) };
        let (lines, next) = piece(&visit.desk()?, import.id, after).await?;
        Ok::<_, Error>(Some((Bytes::from(lines), (visit, next))))
    });
    let mut response = Body::from_stream(head.chain(rest)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"import-report.csv\""),
    );
    response
}

async fn find(visit: &Visit, id: &str) -> domain::Result<Import> {
    let id = Uuid::try_parse(id).unwrap_or_default();
    visit
        .desk()?
        .look(async |tx, may: &May<right::UsersImport>| Import::find(tx, may, id).await)
        .await
}

fn bare(error: Error) -> Response {
    match error {
        Error::Refused(refusal) => refuse(status_of(&refusal), None),
        error => {
            tracing::error!(%error, "an import could not be read");
            refuse(StatusCode::SERVICE_UNAVAILABLE, Some(Duration::from_secs(5)))
        }
    }
}
