//! `/sign-in`: the page and what its form calls.

use domain::authentication::local_path::LocalPath;
use domain::authentication::passkeys::sign_in::{Answer, sign_in as by_passkey};
use domain::authentication::sign_in::{Credentials, sign_in as let_in};
use domain::authentication::switch_account::MOST;
use domain::{Code, Error, Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::switch_account::WaitingAccounts;
use crate::ui::form::{Form, PasswordField, TextField};
use crate::ui::layout::Hall;
use crate::ui::notice::{GoodNews, Reason};
use crate::ui::page::{go, page};
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{Visit, t, t_with};

/// Signs somebody in, by address and password or by a passkey; answers with where to go.
#[server(endpoint = "sign-in", prefix = "/api")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] credential: String,
    #[server(default)] remember: String,
    #[server(default)] next: String,
    #[server(default)] add: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let is_beside = !add.is_empty() && visit.signed_in.is_some();
    if is_beside && visit.others.len() >= MOST {
        return Err(Error::form(Code::TooManyAccounts).into());
    }
    let asker = if is_beside {
        visit.asker_beside()
    } else {
        visit.asker()
    };
    let (remember, local) = (!remember.is_empty(), LocalPath::parse(&next));
    let step = if credential.is_empty() {
        let typed = Credentials {
            email,
            password,
            remember,
            beside: is_beside,
            next: local,
            asker,
        };
        let_in(&visit.platform, typed).await?
    } else {
        let answer = Answer {
            credential,
            remember,
            beside: is_beside,
            next: local,
            asker,
        };
        by_passkey(&visit.platform, answer).await?
    };
    Ok(Next::to(visit.go_on(step, is_beside, &next).await?))
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
                <a class="btn wide" href="/sign-in?add=1" data-testid="add-account-link">{t("menu-add")}</a>
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
    let adds = visit.query.contains_key("add");
    if visit.leaving.is_some() {
        return go("/keep-account");
    }
    if !adds && let Some(inside) = already_inside(visit) {
        return inside;
    }
    let beside = visit.signed_in.clone().filter(|_| adds);
    let signed_out = visit.query.get("signed-out").map(String::as_str);
    let notice = if signed_out == Some("all") {
        Some(view! { <GoodNews text=t("sign-in-notice-signed-out-all")/> }.into_any())
    } else if signed_out.is_some() {
        Some(view! { <GoodNews text=t("sign-in-notice-signed-out")/> }.into_any())
    } else if visit.query.contains_key("leaving") {
        Some(view! { <Reason text=t("sign-in-notice-leaving")/> }.into_any())
    } else if visit.query.contains_key("reset") {
        Some(view! { <GoodNews text=t("sign-in-notice-reset")/> }.into_any())
    } else if visit.query.contains_key("ready") {
        Some(view! { <GoodNews text=t("sign-in-notice-ready")/> }.into_any())
    } else if visit.query.get("recovered").is_some_and(|with| with == "passkey") {
        Some(view! { <GoodNews text=t("sign-in-notice-recovered-passkey")/> }.into_any())
    } else if visit.query.contains_key("recovered") {
        Some(view! { <GoodNews text=t("sign-in-notice-recovered")/> }.into_any())
    } else if visit.query.contains_key("closed") {
        Some(view! { <GoodNews text=t("sign-in-notice-closed")/> }.into_any())
    } else if visit.query.contains_key("over") {
        Some(view! { <Reason text=t("sign-in-notice-over")/> }.into_any())
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
    let header = match &beside {
        Some(person) => view! {
            <header>
                <h1>{t("sign-in-add-heading")}</h1>
                <p class="soft" data-testid="stays">{t_with("sign-in-add-text", &[("name", &person.name)])}</p>
                <p class="small"><a href="/account">{t("sign-in-add-back")}</a></p>
            </header>
        }
        .into_any(),
        None => view! {
            <header>
                <h1>{t("sign-in-heading")}</h1>
                <p class="soft">{t("sign-in-new-here")}" "<a href=with_next("/sign-up", &next)>{t("sign-in-create-account")}</a></p>
            </header>
        }
        .into_any(),
    };
    view! {
        <Hall title=t("sign-in-title")>
            {notice}
            {header}
            <WaitingAccounts/>
            <Form action=SignIn::PATH once=true>
                <input type="hidden" name="next" value=next.clone()/>
                {beside.is_some().then(|| view! { <input type="hidden" name="add" value="1"/> })}
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username webauthn"/>
                <PasswordField label=t("password-label") beside=forgot/>
                <label class="check">
                    <input type="checkbox" name="remember" value="on" checked=remember data-testid="remember-input"/>
                    <span>{t("sign-in-remember")}</span>
                </label>
                <button class="btn primary wide" data-testid="sign-in-button">{t("sign-in-button")}</button>
                <PasskeyButton ceremony=Ceremony::SignIn text=t("sign-in-passkey")/>
            </Form>
            <p class="small soft"><a href="/recover" data-testid="recover-link">{t("sign-in-recover")}</a></p>
        </Hall>
    }
    .into_any()
}

/// `/`: the account for who is inside, the door for everybody else.
#[component]
pub fn HomePage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let inside = visit.reader().is_some() || visit.leaving.is_some();
        Ok(go(if inside { "/account" } else { "/sign-in" }))
    })
}
