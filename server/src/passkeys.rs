//! The first half of a passkey ceremony: a challenge for this browser. The second half is a form like every other.
//!
//! Each answers with `{"publicKey": …}` for `navigator.credentials`, with `{"location": …}` where something must be done
//! first, or with a problem.

use app::refused::{Next, refusal_of};
use app::sign_in::with_next;
use app::visit::{NewCookie, Visit};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::authentication::assurance::enrol_passkey;
use domain::authentication::passkeys::{Begun, add, factor, invitation, recover, set_up, sign_in, sign_up};
use domain::platform::config::Config;
use domain::{Code, Refusal, Result};
use serde_json::{Value, json};

use crate::http::form;
use crate::routes::House;
use crate::server_functions::problem;

/// The page on which a passkey is added.
const ADD_PAGE: &str = "/account/security/passkey";

/// `POST /passkey/sign-in`: anybody.
pub async fn to_sign_in(Extension(visit): Extension<Visit>) -> Response {
    let begun = sign_in::begin(&visit.platform, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/challenge`: the browser of a sign-in that waits for a second factor.
pub async fn for_challenge(Extension(visit): Extension<Visit>) -> Response {
    let begun = factor::begin(&visit.platform, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/confirm`: whoever is signed in.
pub async fn to_confirm(Extension(visit): Extension<Visit>) -> Response {
    let Some(person) = &visit.signed_in else {
        return problem(&visit, &Refusal::form(Code::SignedOut));
    };
    let begun = factor::begin_again(&visit.platform, person, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/add`: whoever has just proved who they are.
pub async fn to_add(Extension(visit): Extension<Visit>) -> Response {
    let Some(person) = &visit.signed_in else {
        return problem(&visit, &Refusal::form(Code::SignedOut));
    };
    if !person.is_fresh(visit.platform.clock.now()) {
        return Json(Next::to(with_next("/confirm", ADD_PAGE))).into_response();
    }
    let begun = add::begin(&visit.platform, person, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/enrol`: the browser of a sign-in that waits for a passkey to be made.
pub async fn to_enrol(Extension(visit): Extension<Visit>) -> Response {
    let begun = enrol_passkey::begin(&visit.platform, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/sign-up`: anybody, with the name and the address of the form.
pub async fn to_sign_up(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let [name, email] = match typed(request, ["name", "email"]).await {
        Ok(typed) => typed,
        Err(refused) => return refused,
    };
    let begun = sign_up::begin(&visit.platform, &name, &email, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/invitation`: anybody, with the token of the link and the name of the form.
pub async fn to_accept(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let [token, name] = match typed(request, ["token", "name"]).await {
        Ok(typed) => typed,
        Err(refused) => return refused,
    };
    let begun = invitation::begin(&visit.platform, &token, &name, &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/set-up`: anybody, with the token of the set-up link, the name and the address of the form.
pub async fn to_set_up(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let [token, name, email] = match typed(request, ["token", "name", "email"]).await {
        Ok(typed) => typed,
        Err(refused) => return refused,
    };
    let begun = set_up::begin(&visit.platform, &token, (&name, &email), &visit.asker()).await;
    answer(&visit, begun)
}

/// `POST /passkey/recover`: anybody, with the token of the link at the end of the delayed way back.
pub async fn to_recover(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let [token] = match typed(request, ["token"]).await {
        Ok(typed) => typed,
        Err(refused) => return refused,
    };
    let begun = recover::begin(&visit.platform, &token, &visit.asker()).await;
    answer(&visit, begun)
}

/// What stands in these fields of the form; nothing where there is no such field.
async fn typed<const N: usize>(
    request: Request,
    wanted: [&str; N],
) -> std::result::Result<[String; N], Response> {
    let (parts, body) = request.into_parts();
    let body = form::read(&parts.headers, body).await?;
    Ok(wanted.map(|wanted| {
        let mut fields = url::form_urlencoded::parse(&body);
        let found = fields.find(|(name, _)| name == wanted);
        found.map_or_else(String::new, |(_, value)| value.into_owned())
    }))
}

fn answer(visit: &Visit, begun: Result<Begun>) -> Response {
    match begun {
        Ok(begun) => {
            visit.set_cookie(NewCookie::Ceremony(begun.browser.reveal()));
            Json(json!({ "publicKey": begun.options })).into_response()
        }
        Err(error) => problem(visit, &refusal_of(error)),
    }
}

/// `GET /.well-known/webauthn`: which pages may use the passkeys of this server (WebAuthn level 3 §5.11).
pub async fn related_origins(axum::extract::State(house): axum::extract::State<House>) -> Json<Value> {
    Json(origins(&house.platform.config))
}

fn origins(config: &Config) -> Value {
    let related = config.passkey_related_origins.iter();
    let related = related.map(|url| url.origin().ascii_serialization());
    let all: Vec<String> = std::iter::once(config.public_origin()).chain(related).collect();
    json!({ "origins": all })
}

/// `GET /.well-known/passkey-endpoints`: where password managers send somebody who wants a passkey here (W3C, "A Well-Known
/// URL for Relying Party Passkey Endpoints").
pub async fn endpoints(axum::extract::State(house): axum::extract::State<House>) -> Json<Value> {
    let config = &house.platform.config;
    Json(json!({ "enroll": config.link(ADD_PAGE), "manage": config.link("/account/security") }))
}
