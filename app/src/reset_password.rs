//! `/forgot-password` and `/reset-password`: the pages and what their forms call.

use domain::authentication::reset_password::{self, LINK_LIFE, Link};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, PasswordField, TextField, UsernameField};
use crate::ui::layout::Hall;
use crate::ui::page::page;
use crate::visit::{NewCookie, Visit, t, t_with, words};

/// Takes the wish for a new password; the answer is the same for a known and an unknown address.
#[server(endpoint = "forgot-password", prefix = "/api")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let request = reset_password::Request {
        email: email.clone(),
        asker: visit.asker(),
    };
    reset_password::request(&visit.platform, request).await?;
    visit.set_cookie(NewCookie::Asked(email.trim().to_owned()));
    Ok(Next::to("/forgot-password?sent=1"))
}

/// Sets a new password by the link's token. Nobody is signed in by it.
#[server(endpoint = "reset-password", prefix = "/api")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<Next, Refused> {
    // The token says whose password it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let completion = reset_password::Completion {
        token,
        password,
        asker: visit.asker(),
    };
    let person = reset_password::complete(&visit.platform, completion).await?;
    if visit
        .signed_in
        .as_ref()
        .is_some_and(|session| session.user_id == person)
    {
        visit.session.drop_it().await?;
    }
    Ok(Next::to("/sign-in?reset=1"))
}

/// `/forgot-password`.
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let sent = visit.query.contains_key("sent");
        Ok(if sent {
            sent_content(&visit)
        } else {
            request_content(&visit)
        })
    })
}

/// `/reset-password`: the link of the mail. Opening it uses nothing up.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let link = reset_password::look(&visit.platform, &token).await?;
        Ok(link_content(token, link))
    })
}

fn link_life() -> String {
    words().duration(LINK_LIFE.num_seconds().unsigned_abs())
}

fn request_content(visit: &Visit) -> AnyView {
    let known = visit.signed_in.as_ref().map(|person| person.email.clone());
    view! {
        <Hall title=t("forgot-title") saying=(t("forgot-saying"), t("forgot-saying-note"))>
            <header>
                <h1>{t("forgot-heading")}</h1>
                <p class="soft">{t("forgot-text")}</p>
            </header>
            <Form action=ForgotPassword::PATH>
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username" value=known.unwrap_or_default()/>
                <button class="btn primary wide" data-testid="forgot-password-button">{t("forgot-button")}</button>
            </Form>
            <p class="small soft">{t("forgot-remembered")}" "<a href="/sign-in">{t("forgot-sign-in")}</a></p>
        </Hall>
    }
    .into_any()
}

fn sent_content(visit: &Visit) -> AnyView {
    let sent = match &visit.asked {
        Some(email) => t_with("forgot-sent", &[("email", email)]),
        None => t("forgot-sent-somewhere"),
    };
    view! {
        <Hall title=t("forgot-sent-title") saying=(t("forgot-saying"), t("forgot-saying-note"))>
            <header>
                <h1>{t("forgot-sent-title")}</h1>
                <p class="soft" role="status" data-testid="check-mail">{sent}</p>
                <p class="soft">{t_with("forgot-sent-life", &[("link-life", &link_life())])}</p>
            </header>
            <details class="more">
                <summary>{t("forgot-nothing-summary")}</summary>
                <div class="stack">
                    <p class="soft small">{t("forgot-nothing")}</p>
                    <p class="soft small">{t("forgot-nothing-address")}</p>
                    <a class="btn sm" href="/forgot-password" data-testid="again-link">{t("forgot-again")}</a>
                </div>
            </details>
            <p class="small soft">{t("forgot-remembered")}" "<a href="/sign-in">{t("forgot-sign-in")}</a></p>
        </Hall>
    }
    .into_any()
}

fn link_content(token: String, link: Link) -> AnyView {
    let dead = |title: String, text: String, is_used: bool| {
        // A used link is mostly opened again by whoever used it.
        let (ask, sign_in) = if is_used {
            ("btn wide", "btn primary wide")
        } else {
            ("btn primary wide", "btn wide")
        };
        let ask = view! { <a class=ask href="/forgot-password">{t("reset-new-link")}</a> }.into_any();
        let sign_in = view! { <a class=sign_in href="/sign-in">{t("reset-sign-in")}</a> }.into_any();
        let ways = if is_used { [sign_in, ask] } else { [ask, sign_in] };
        view! {
            <Hall title=title.clone() saying=(t("forgot-saying"), t("forgot-saying-note"))>
                <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
                <div class="stack">{ways}</div>
            </Hall>
        }
        .into_any()
    };
    match link {
        Link::Fresh { email } => view! {
            <Hall title=t("reset-title") saying=(t("reset-saying"), t("reset-saying-note"))>
                <header>
                    <h1>{t("reset-heading")}</h1>
                    <p class="soft">{t_with("reset-text", &[("email", &email)])}</p>
                </header>
                <Form action=ResetPassword::PATH once=true>
                    <input type="hidden" name="token" value=token/>
                    <UsernameField email/>
                    <PasswordField label=t("reset-password-label") new=true/>
                    <button class="btn primary wide" data-testid="reset-password-button">{t("reset-button")}</button>
                </Form>
                <p class="small soft">{t("reset-not-me")}</p>
            </Hall>
        }
        .into_any(),
        Link::Used => dead(t("reset-used-title"), t("reset-used-text"), true),
        Link::Expired => {
            let text = t_with("reset-expired-text", &[("link-life", &link_life())]);
            dead(t("reset-expired-title"), text, false)
        }
        Link::Unknown => dead(t("reset-invalid-title"), t("reset-invalid-text"), false),
    }
}
