//! `/recover`: the delayed way back for somebody who has lost everything. Asking for it, the link at its end, and the link that
//! stops it. Opening a link does nothing; its button does.

use chrono::{DateTime, Utc};
use domain::authentication::assurance::challenge;
use domain::authentication::recover::finish::{self, Link};
use domain::authentication::recover::{self, CancelBy, CancelLink, LINK_LIFE};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, PasswordField, TextField, UsernameField};
use crate::ui::layout::Hall;
use crate::ui::moment::Moment;
use crate::ui::page::page;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{NewCookie, Visit, t, t_with, words};

/// Takes the wish to get back in; the answer is the same for a known and an unknown address.
#[server(endpoint = "recover", prefix = "/api")]
pub async fn recover(#[server(default)] email: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    recover::request(&visit.platform, &email, visit.asker()).await?;
    visit.set_cookie(NewCookie::Asked(email.trim().to_owned()));
    Ok(Next::to("/recover?sent=1"))
}

/// Sets a new password or a new passkey by the token of the link, and takes every other factor away. Nobody is signed in by it.
#[server(endpoint = "recover-finish", prefix = "/api")]
pub async fn recover_finish(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] credential: String,
) -> Result<Next, Refused> {
    // The token says whose password it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let done = if credential.is_empty() {
        "/sign-in?recovered=1"
    } else {
        "/sign-in?recovered=passkey"
    };
    let completion = finish::Completion {
        token,
        password,
        credential,
        asker: visit.asker(),
    };
    let person = finish::complete(&visit.platform, completion).await?;
    if visit
        .signed_in
        .as_ref()
        .is_some_and(|session| session.user_id == person)
    {
        visit.session.drop_it().await?;
    }
    Ok(Next::to(done))
}

/// Stops a recovery: by the token of a link, or by the session.
#[server(endpoint = "recover-cancel", prefix = "/api")]
pub async fn recover_cancel(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let by_link = !token.is_empty();
    let by = if by_link {
        CancelBy::Link(&token)
    } else {
        CancelBy::Session(visit.person()?)
    };
    recover::cancel(&visit.platform, by, &visit.asker()).await?;
    Ok(Next::to(if by_link {
        "/recover/cancel?done=1"
    } else {
        "/account?done=recovery-cancelled"
    }))
}

/// `/recover`.
#[component]
pub fn RecoverPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        if visit.query.contains_key("sent") {
            return Ok(sent_content(&visit));
        }
        // Whoever comes from the second step has typed the address already.
        let waiting = challenge::look(&visit.platform, visit.flow().as_ref()).await?;
        let email = waiting.map(|challenge| challenge.email);
        let email = email.or_else(|| visit.signed_in.as_ref().map(|person| person.email.clone()));
        Ok(ask_content(&visit, email.unwrap_or_default()))
    })
}

/// `/recover/finish`: the link at the end.
#[component]
pub fn RecoverFinishPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let link = finish::look(&visit.platform, &token).await?;
        Ok(finish_content(token, link))
    })
}

/// `/recover/cancel`: the link that stops it.
#[component]
pub fn RecoverCancelPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        if visit.query.contains_key("done") {
            return Ok(told(
                "recover-cancelled-title",
                t("recover-cancelled-text"),
                Again::No,
            ));
        }
        let token = visit.query.get("token").cloned().unwrap_or_default();
        Ok(match recover::look_cancel(&visit.platform, &token).await? {
            CancelLink::Fresh(at) => cancel_content(token, at),
            CancelLink::Over => told("recover-over-title", t("recover-over-text"), Again::No),
            CancelLink::Unknown => told("recover-invalid-title", t("recover-invalid-text"), Again::May),
        })
    })
}

/// The argument of a message in whose place [`Told`] puts the moment.
pub const MOMENT: (&str, &str) = ("time", "\u{0}");

/// A sentence with a moment in it, wherever the language puts that.
#[component]
pub fn Told(
    /// The sentence, with [`MOMENT`].
    text: String,
    /// The moment.
    at: DateTime<Utc>,
) -> impl IntoView {
    let (before, after) = text.split_once('\0').unwrap_or((&text, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    view! { {before}<Moment at/>{after} }
}

fn life() -> String {
    words().duration(LINK_LIFE.num_seconds().unsigned_abs())
}

/// For how long somebody waits who asks now, and when that is over.
fn wait(visit: &Visit) -> (String, DateTime<Utc>) {
    let wait = visit.settings.recovery_wait;
    let told = words().duration(wait.num_seconds().unsigned_abs());
    (told, visit.platform.clock.now() + wait)
}

fn ask_content(visit: &Visit, email: String) -> AnyView {
    let (wait, at) = wait(visit);
    view! {
        <Hall title=t("recover-title") saying=(t("recover-saying"), t("recover-saying-note"))>
            <header>
                <h1>{t("recover-heading")}</h1>
                <p class="soft">{t("recover-text")}</p>
                <p class="small soft">{t("recover-quick")}" "<a href="/forgot-password">{t("recover-quick-link")}</a></p>
            </header>
            <ol class="told">
                <li>{t("recover-step-told")}</li>
                <li>{t_with("recover-step-wait", &[("wait", &wait)])}</li>
                <li>{t_with("recover-step-link", &[("life", &life())])}</li>
            </ol>
            <p class="strong" data-testid="recover-when"><Told text=t_with("recover-when", &[MOMENT]) at/></p>
            <Form action=Recover::PATH>
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username" value=email/>
                <button class="btn primary wide" data-testid="recover-button">{t("recover-button")}</button>
            </Form>
            <p class="small soft">{t("forgot-remembered")}" "<a href="/sign-in">{t("forgot-sign-in")}</a></p>
        </Hall>
    }
    .into_any()
}

fn sent_content(visit: &Visit) -> AnyView {
    let (_, at) = wait(visit);
    let sent = match &visit.asked {
        Some(email) => t_with("recover-sent", &[("email", email)]),
        None => t("recover-sent-somewhere"),
    };
    view! {
        <Hall title=t("recover-sent-title") saying=(t("recover-saying"), t("recover-saying-note"))>
            <header>
                <h1>{t("recover-sent-title")}</h1>
                <p class="soft" role="status" data-testid="check-mail">{sent}</p>
                <p class="soft" data-testid="recover-when"><Told text=t_with("recover-sent-when", &[MOMENT]) at/></p>
                <p class="soft">{t("recover-sent-stop")}</p>
            </header>
            <div class="stack">
                <p class="soft small">{t("recover-sent-nothing")}</p>
                <a class="btn sm" href="/recover" data-testid="again-link">{t("recover-again")}</a>
            </div>
            <p class="small soft">{t("forgot-remembered")}" "<a href="/sign-in">{t("forgot-sign-in")}</a></p>
        </Hall>
    }
    .into_any()
}

fn finish_content(token: String, link: Link) -> AnyView {
    match link {
        Link::Fresh { email, passkey_next } => view! {
            <Hall title=t("recover-finish-title") saying=(t("reset-saying"), t("reset-saying-note"))>
                <header>
                    <h1>{t("recover-finish-title")}</h1>
                    <p class="soft">{t_with("recover-finish-text", &[("email", &email)])}</p>
                    <p class="soft">{t("recover-finish-gone")}</p>
                </header>
                <Form action=RecoverFinish::PATH once=true>
                    <input type="hidden" name="token" value=token/>
                    <UsernameField email/>
                    <PasswordField label=t("reset-password-label") new=true/>
                    {passkey_next.then(|| view! { <p class="small soft">{t("recover-finish-passkey-next")}</p> })}
                    <button class="btn primary wide" data-testid="recover-finish-button">{t("recover-finish-button")}</button>
                    <PasskeyButton ceremony=Ceremony::Recover text=t("recover-finish-passkey")/>
                </Form>
                <p class="small soft">{t("recover-finish-not-me")}</p>
            </Hall>
        }
        .into_any(),
        Link::Used => told("recover-used-title", t("recover-used-text"), Again::No),
        Link::Stopped => told("recover-stopped-title", t("recover-stopped-text"), Again::May),
        Link::Expired => {
            let text = t_with("recover-expired-text", &[("life", &life())]);
            told("recover-expired-title", text, Again::Must)
        }
        Link::Unknown => told("recover-invalid-title", t("recover-invalid-text"), Again::May),
    }
}

fn cancel_content(token: String, at: DateTime<Utc>) -> AnyView {
    view! {
        <Hall title=t("recover-cancel-title") saying=(t("not-me-saying"), t("not-me-saying-note"))>
            <header>
                <h1>{t("recover-cancel-title")}</h1>
                <p class="soft"><Told text=t_with("recover-cancel-text", &[MOMENT]) at/></p>
            </header>
            <Form action=RecoverCancel::PATH once=true>
                <input type="hidden" name="token" value=token/>
                <button class="btn primary wide" data-testid="recover-cancel-button">{t("recover-cancel-button")}</button>
            </Form>
            <p class="small soft">{t("recover-cancel-mine")}</p>
        </Hall>
    }
    .into_any()
}

/// Whether the wait begins anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    /// For who still can't get in.
    May,
    /// Nothing else leads in.
    Must,
}

/// How a link stands, and where to go from here.
fn told(title: &'static str, text: String, again: Again) -> AnyView {
    let (first, second) = ("btn primary wide", "btn wide");
    let (ask, sign_in) = if again == Again::Must {
        (first, second)
    } else {
        (second, first)
    };
    let ask = move || view! { <a class=ask href="/recover">{t("recover-ask-again")}</a> };
    view! {
        <Hall title=t(title)>
            <header><h1>{t(title)}</h1><p class="soft" role="status" data-testid="link-state">{text}</p></header>
            <div class="stack">
                {(again == Again::Must).then(ask)}
                <a class=sign_in href="/sign-in">{t("sign-in-button")}</a>
                {(again == Again::May).then(ask)}
                <a class="btn wide" href="/forgot-password">{t("not-me-new-password")}</a>
            </div>
        </Hall>
    }
    .into_any()
}
