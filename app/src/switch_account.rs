//! Several accounts in one browser: the menu in the header, and the buttons before the door.

use domain::authentication::session::SignedIn;
use domain::authentication::switch_account::switch_account as take_up;
use domain::{Code, Error, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::sign_in::{after, next_of};
use crate::ui::layout::initials;
use crate::visit::{Visit, t, t_with};

/// Goes on with an account that waits in this browser, by the id of its session.
#[server(endpoint = "switch-account", prefix = "/api")]
pub async fn switch_account(
    #[server(default)] id: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let chosen = visit
        .others
        .iter()
        .find(|other| other.session.session_id.to_string() == id);
    let chosen = chosen.ok_or_else(|| Error::form(Code::SessionUnknown))?;
    let (token, session) = take_up(&visit.platform, chosen, &visit.origin).await?;
    visit.change_over(token, session).await?;
    Ok(Next::to(after(Some(&next))))
}

/// Who is signed in, the other accounts of this browser, and the ways out.
#[component]
pub fn AccountMenu(person: SignedIn) -> impl IntoView {
    let visit = Visit::current();
    let others = visit
        .others
        .iter()
        .map(|other| {
            let (name, email) = (other.session.name.clone(), other.session.email.clone());
            let label = t_with("menu-switch-label", &[("name", &name), ("email", &email)]);
            view! {
                <li>
                    <form method="post" action=SwitchAccount::PATH>
                        <input type="hidden" name="id" value=other.session.session_id.to_string()/>
                        <button class="who" aria-label=label data-testid="switch-button">
                            <span class="av" aria-hidden="true">{initials(&name)}</span>
                            <span><span class="strong">{name}</span><br/><span class="small soft">{email}</span></span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let has_others = !visit.others.is_empty();
    let list = has_others.then(|| view! { <ul aria-label=t("menu-others")>{others}</ul> });
    let sign_out_all = has_others.then(|| {
        view! {
            <form method="post" action="/sign-out?all=1">
                <button class="btn sm wide quiet" data-testid="sign-out-all-button">{t("menu-sign-out-all")}</button>
            </form>
        }
    });
    let console = (person.staff && !visit.path.starts_with("/admin")).then(|| {
        view! { <a class="btn sm wide" href="/admin" data-testid="console-link">{t("console-link")}</a> }
    });
    let label = t_with("menu-label", &[("email", &person.email)]);
    view! {
        <details class="menu">
            <summary class="who" aria-label=label data-testid="account-menu">
                <span class="av" aria-hidden="true">{initials(&person.name)}</span>
                <span class="small soft extra">{person.email.clone()}</span>
            </summary>
            <div class="card">
                <p class="break"><span class="strong">{person.name}</span><br/><span class="small soft">{person.email}</span></p>
                {console}
                {list}
                <a class="btn sm wide" href="/sign-in?add=1" data-testid="add-account-link">{t("menu-add")}</a>
                <form method="post" action="/sign-out">
                    <button class="btn sm wide" data-testid="sign-out-button">{t("sign-out")}</button>
                </form>
                {sign_out_all}
            </div>
        </details>
    }
}

/// For somebody who is not signed in, and has other accounts in this browser: a button for each.
#[component]
pub fn WaitingAccounts() -> impl IntoView {
    let visit = Visit::current();
    if visit.others.is_empty() || visit.signed_in.is_some() {
        return ().into_any();
    }
    let next = next_of(&visit);
    let buttons = visit
        .others
        .iter()
        .map(|other| {
            let button = t_with("sign-in-waiting-button", &[("name", &other.session.name)]);
            let email = other.session.email.clone();
            view! {
                <form method="post" action=SwitchAccount::PATH>
                    <input type="hidden" name="id" value=other.session.session_id.to_string()/>
                    <input type="hidden" name="next" value=next.clone()/>
                    <button class="btn wide" data-testid="continue-as-button">
                        <span>{button}<br/><span class="small soft break">{email}</span></span>
                    </button>
                </form>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="waiting">
            <h2 id="waiting">{t("sign-in-waiting-heading")}</h2>
            {buttons}
            <p class="or">{t("sign-in-waiting-or")}</p>
        </section>
    }
    .into_any()
}
