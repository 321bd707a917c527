//! The list of people as a file, for whoever may take it away: streamed page by page, so that its length costs no memory.

use app::console::people_bulk::chosen_in;
use app::visit::Visit;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::users::bulk;
use domain::users::directory::{Asked, Begin, csv};
use domain::{Code, Error};
use futures_util::stream;

use crate::http::error_pages::{refuse, wants_page};

/// Where the list is, and where somebody is sent who must sign in or confirm first.
const PAGE: &str = "/admin/users";

/// `GET /admin/users.csv`: everybody who is asked for, or those who are chosen by `people[]`; with `only`, nobody else even if nobody
/// is chosen.
pub async fn download(Extension(visit): Extension<Visit>, headers: HeaderMap) -> Response {
    let Some(session) = &visit.signed_in else {
        return if wants_page(&headers) {
            Redirect::to(&app::sign_in::with_next("/sign-in", PAGE)).into_response()
        } else {
            refuse(StatusCode::UNAUTHORIZED, None)
        };
    };
    let is_fresh = session.is_fresh(visit.platform.clock.now());
    match file(&visit, is_fresh).await {
        Ok(Some(file)) => csv_of(file),
        Ok(None) => Redirect::to(&app::sign_in::with_next("/confirm", PAGE)).into_response(),
        Err(Error::Refused(refusal)) if refusal.code() == Code::FactorNeeded && wants_page(&headers) => {
            Redirect::to(&app::sign_in::with_next("/confirm", PAGE)).into_response()
        }
        Err(Error::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.code().status());
            refuse(status.unwrap_or(StatusCode::BAD_REQUEST), None)
        }
        Err(error) => {
            tracing::error!(%error, "the list of people could not be read");
            refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Some(std::time::Duration::from_secs(5)),
            )
        }
    }
}

/// What is sent; `None`: it takes a fresh proof of who they are.
async fn file(visit: &Visit, is_fresh: bool) -> domain::Result<Option<Body>> {
    let desk = visit.desk()?;
    csv::allowed(&desk).await?;
    if !is_fresh {
        return Ok(None);
    }
    let typed = chosen_in(&visit.target);
    if !typed.is_empty() || visit.query.contains_key("only") {
        let lines = csv::chosen(&desk, &bulk::ids(&typed)?).await?;
        return Ok(Some(Body::from(lines)));
    }
    let asked = Asked::read(|name| visit.query.get(name).cloned());
    csv::begin(&desk, &asked).await?;
    Ok(Some(Body::from_stream(pieces(visit.clone(), asked))))
}

/// The head, and then piece by piece as the browser takes them. What breaks on the way breaks the answer off, so that nobody takes a
/// part for the whole.
fn pieces(visit: Visit, asked: Asked) -> impl stream::Stream<Item = Result<Bytes, Error>> + Send {
    let head = stream::once(async { Ok(Bytes::from_static(csv::HEAD.as_bytes())) });
    let rest = stream::try_unfold(
        (visit, asked, Some(Begin::Start)),
        async |(visit, asked, begin)| {
            let Some(begin) = begin else { return Ok(None) };
            let (lines, next) = csv::piece(&visit.desk()?, &asked, begin).await?;
            Ok(Some((Bytes::from(lines), (visit, asked, next.map(Begin::After)))))
        },
    );
    futures_util::StreamExt::chain(head, rest)
}

fn csv_of(body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"people.csv\""),
    );
    response
}
