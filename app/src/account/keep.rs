//! `/keep-account`: undoes the deletion of an account, for whoever signed in to it, or holds the link of the mail.

use chrono::{DateTime, Utc};
use domain::users::erasure::{self, KeepBy, Keepable};
use domain::{Code, Error, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::ui::layout::Hall;
use crate::ui::moment::Moment;
use crate::ui::page::page;
use crate::visit::{Visit, t};

/// Keeps the account: by the token of a link, or by the session.
#[server(endpoint = "keep-account", prefix = "/api")]
pub async fn keep_account(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let by_link = !token.is_empty();
    let by = match &visit.leaving {
        _ if by_link => KeepBy::Link(&token),
        Some(session) => KeepBy::Session(session),
        // The second post of a double click: there is nothing to keep any more.
        None if visit.signed_in.is_some() => return Ok(Next::to("/account?done=kept")),
        None => return Err(Error::form(Code::SignedOut).into()),
    };
    erasure::keep(&visit.platform, by, &visit.origin).await?;
    Ok(Next::to(if by_link {
        "/keep-account?done=kept"
    } else {
        "/account?done=kept"
    }))
}

/// The page.
#[component]
pub fn KeepAccountPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let state = match &visit.leaving {
            _ if visit.query.get("done").is_some_and(|done| done == "kept") => Keepable::Kept,
            _ if !token.is_empty() => erasure::look(&visit.platform, &token).await?,
            Some(session) => session.erase_at.map_or(Keepable::No, Keepable::Until),
            None => Keepable::No,
        };
        Ok(match state {
            Keepable::Until(at) => leaving(at, token, visit.leaving.is_some()),
            Keepable::Kept => told("keep-kept-title", "keep-kept-text"),
            Keepable::No => told("keep-invalid-title", "keep-invalid-text"),
        })
    })
}

fn leaving(at: DateTime<Utc>, token: String, signed_in: bool) -> AnyView {
    let sign_out = signed_in.then(|| {
        view! {
            <form method="post" action="/sign-out">
                <button class="btn wide" data-testid="sign-out-button">{t("keep-sign-out")}</button>
            </form>
        }
    });
    view! {
        <Hall title=t("keep-title") saying=(t("keep-saying"), t("keep-saying-note"))>
            <header>
                <h1>{t("keep-title")}</h1>
                <p class="soft">{t("keep-text")}</p>
                <p class="strong" data-testid="erase-at"><Moment at/></p>
                <p class="soft">{t("keep-text-hint")}</p>
            </header>
            <div class="stack">
                <Form action=KeepAccount::PATH>
                    <input type="hidden" name="token" value=token/>
                    <button class="btn primary wide" data-testid="keep-button">{t("keep-button")}</button>
                </Form>
                {sign_out}
            </div>
        </Hall>
    }
    .into_any()
}

fn told(title: &'static str, text: &'static str) -> AnyView {
    view! {
        <Hall title=t(title)>
            <header><h1>{t(title)}</h1><p class="soft">{t(text)}</p></header>
            <a class="btn primary wide" href="/sign-in" data-testid="sign-in-link">{t("keep-sign-in")}</a>
        </Hall>
    }
    .into_any()
}
