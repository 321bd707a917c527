//! `/sign-in`: the page and what its form calls.

use domain::authentication::local_path::LocalPath;
use domain::authentication::sign_in::{Credentials, sign_in as let_in};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, PasswordField, TextField};
use crate::ui::layout::Hall;
use crate::ui::notice::{GoodNews, Reason};
use crate::ui::page::{go, page};
use crate::visit::{Visit, t, t_with};

/// Signs somebody in; answers with where to go.
#[server(endpoint = "sign-in", prefix = "/api")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] remember: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let entered = let_in(
        &visit.platform,
        Credentials {
            email,
            password,
            remember: !remember.is_empty(),
            asker: visit.asker(),
        },
    )
    .await?;
    let reopened = entered.reopened;
    visit.admit(entered).await?;
    if reopened {
        return Ok(Next::to("/account?done=reopened"));
    }
    Ok(Next::to(after(Some(&next))))
}

/// Where to go after signing in: the local path in `next`, or the account.
pub fn after(next: Option<&str>) -> String {
    next.and_then(LocalPath::parse)
        .map_or_else(|| "/account".to_owned(), |path| path.as_str().to_owned())
}

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    page(async move { Ok(content(&Visit::current())) })
}

/// The local path in `next`, or nothing.
pub fn next_of(visit: &Visit) -> String {
    let path = visit.query.get("next").and_then(|next| LocalPath::parse(next));
    path.map_or_else(String::new, |path| path.as_str().to_owned())
}

/// The address of a page before the door, with `next` carried along.
pub fn with_next(page: &str, next: &str) -> String {
    if next.is_empty() {
        return page.to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{page}?next={next}")
}

/// For somebody who is signed in, in place of a form that lets in: go on, or sign out first.
pub fn already_inside(visit: &Visit) -> Option<AnyView> {
    let person = visit.signed_in.as_ref()?;
    let text = t_with(
        "sign-in-already-text",
        &[("name", &person.name), ("email", &person.email)],
    );
    let on = t_with("sign-in-already-continue", &[("name", &person.name)]);
    let href = after(Some(&next_of(visit)));
    let view = view! {
        <Hall title=t("sign-in-already-title")>
            <header><h1>{t("sign-in-already-title")}</h1><p class="soft" data-testid="already-signed-in">{text}</p></header>
            <div class="stack">
                <a class="btn primary wide" href=href data-testid="continue-link">{on}</a>
                <form method="post" action="/sign-out">
                    <button class="btn wide" data-testid="sign-out-button">{t("sign-in-already-sign-out")}</button>
                </form>
            </div>
        </Hall>
    };
    Some(view.into_any())
}

fn content(visit: &Visit) -> AnyView {
    let next = next_of(visit);
    if let Some(inside) = already_inside(visit) {
        return inside;
    }
    let notice = if visit.query.contains_key("signed-out") {
        Some(view! { <GoodNews text=t("sign-in-notice-signed-out")/> }.into_any())
    } else if visit.query.contains_key("reset") {
        Some(view! { <GoodNews text=t("sign-in-notice-reset")/> }.into_any())
    } else if visit.query.contains_key("closed") {
        Some(view! { <GoodNews text=t("sign-in-notice-closed")/> }.into_any())
    } else if visit.query.contains_key("expired") {
        Some(view! { <Reason text=t("sign-in-notice-expired")/> }.into_any())
    } else if !next.is_empty() {
        Some(view! { <Reason text=t("sign-in-notice-next")/> }.into_any())
    } else {
        None
    };
    let forgot =
        view! { <a href="/forgot-password" aria-label=t("sign-in-forgot-label")>{t("sign-in-forgot")}</a> };
    let forgot = forgot.into_any();
    // A box that is not ticked sends nothing: after a refusal it stays as it was left.
    let remember = visit
        .flash_here()
        .is_none_or(|flash| flash.typed.contains_key("remember"));
    view! {
        <Hall title=t("sign-in-title")>
            {notice}
            <header>
                <h1>{t("sign-in-heading")}</h1>
                <p class="soft">{t("sign-in-new-here")}" "<a href=with_next("/sign-up", &next)>{t("sign-in-create-account")}</a></p>
            </header>
            <Form action=SignIn::PATH>
                <input type="hidden" name="next" value=next.clone()/>
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username webauthn"/>
                <PasswordField label=t("password-label") beside=forgot/>
                <label class="check">
                    <input type="checkbox" name="remember" value="on" checked=remember data-testid="remember-input"/>
                    <span>{t("sign-in-remember")}</span>
                </label>
                <button class="btn primary wide" data-testid="sign-in-button">{t("sign-in-button")}</button>
            </Form>
        </Hall>
    }
    .into_any()
}

/// `/`: the account for who is inside, the door for everybody else.
#[component]
pub fn HomePage() -> impl IntoView {
    page(async move {
        let inside = Visit::current().signed_in.is_some();
        Ok(go(if inside { "/account" } else { "/sign-in" }))
    })
}
