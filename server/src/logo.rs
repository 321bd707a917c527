//! The operator's logo: how it is sent, and how anybody gets it.

use std::time::Duration;

use app::console::settings::{LOGO_UPLOAD, PAGE};
use app::refused::{Next, refusal_of};
use app::visit::Visit;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::platform::settings::Key;
use domain::platform::settings::logo::{self, BYTES_MAX};
use domain::{Code, Error, Field, Result};

use crate::http::error_pages::refuse;
use crate::routes::House;
use crate::server_functions::{ask_first, respond};

/// How long a file may take to arrive.
const FILE_TIME: Duration = Duration::from_secs(15);

/// `GET /logo/{name}.png`, for anybody. The name is made of the content, so browsers keep it for ever. Other sites may show it: people
/// read mail there.
pub async fn picture(State(house): State<House>, Path(file): Path<String>) -> Response {
    let Some(name) = file.strip_suffix(".png") else {
        return refuse(StatusCode::NOT_FOUND, None);
    };
    match logo::find(&house.platform, name).await {
        Ok(Some(png)) => {
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (
                    header::HeaderName::from_static("cross-origin-resource-policy"),
                    "cross-origin",
                ),
            ];
            (headers, png).into_response()
        }
        Ok(None) => refuse(StatusCode::NOT_FOUND, None),
        Err(error) => {
            tracing::error!(%error, "the logo could not be read");
            refuse(StatusCode::SERVICE_UNAVAILABLE, Some(Duration::from_secs(5)))
        }
    }
}

/// `POST /admin/settings/logo`: a form with a file (`multipart/form-data`), which is no server function. What it asks for first is as with
/// those, and no byte of the file is read before.
pub async fn upload(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    if let Some(first) = ask_first(&visit, LOGO_UPLOAD, &headers) {
        return first;
    }
    let Ok(uploaded) = tokio::time::timeout(FILE_TIME, take(&visit, form)).await else {
        return refuse(StatusCode::REQUEST_TIMEOUT, None);
    };
    let outcome = match uploaded {
        Ok((seen, file)) => keep(&visit, seen, file).await,
        Err(error) => Err(error),
    };
    respond(&visit, &headers, outcome.map_err(refusal_of), &Bytes::new())
}

async fn keep(visit: &Visit, seen: i64, file: Vec<u8>) -> Result<Next> {
    logo::upload(&visit.desk()?, seen, file).await?;
    Ok(Next::to(format!("{PAGE}?done=saved")))
}

/// What the form holds: the last change that it shows, and the file.
async fn take(visit: &Visit, form: Result<Multipart, MultipartRejection>) -> Result<(i64, Vec<u8>)> {
    logo::allowed(&visit.desk()?).await?;
    let malformed = || Error::form(Code::Malformed);
    let mut form = form.map_err(|_| malformed())?;
    let (mut seen, mut file) = (0, Vec::new());
    while let Some(mut field) = form.next_field().await.map_err(|_| malformed())? {
        let is_file = match field.name() {
            Some("logo") => true,
            Some("seen") => false,
            _ => continue,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| malformed())? {
            if bytes.len() + chunk.len() > BYTES_MAX {
                return Err(Error::field(Field::Setting(Key::Logo), Code::PictureHeavy));
            }
            bytes.extend_from_slice(&chunk);
        }
        if is_file {
            file = bytes;
        } else {
            seen = std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0);
        }
    }
    Ok((seen, file))
}
