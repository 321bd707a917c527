//! `/account/security/phone`: adding a telephone for codes by text message. First the risk and what is safer, then the number,
//! then the code that was sent to it (ASVS 6.6.1).

use domain::authentication::assurance::phone;
use domain::users::phone::Country;
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::account::authenticator::AddAuthenticator;
use crate::refused::{Next, Refused};
use crate::ui::factor::sent_hint;
use crate::ui::form::{CodeField, Form, TextField};
use crate::ui::layout::House;
use crate::ui::notice::GoodNews;
use crate::ui::page::{confirmed_page, go};
use crate::visit::{Visit, t, t_with};

const PAGE: &str = "/account/security/phone";

/// Begins to add a telephone: sends a code to the number.
#[server(endpoint = "add-phone", prefix = "/api")]
pub async fn add_phone(#[server(default)] phone: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    phone::begin(&visit.platform, visit.person()?, &phone).await?;
    Ok(Next::to(PAGE))
}

/// Sends another code to the number that is being added.
#[server(endpoint = "add-phone-again", prefix = "/api")]
pub async fn add_phone_again() -> Result<Next, Refused> {
    let visit = Visit::current();
    phone::send_again(&visit.platform, visit.person()?).await?;
    Ok(Next::to(format!("{PAGE}?sent=1")))
}

/// Adds it, by the code.
#[server(endpoint = "confirm-phone", prefix = "/api")]
pub async fn confirm_phone(#[server(default)] code: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let added = phone::confirm(&visit.platform, visit.signed_in.as_ref(), &code, &visit.asker()).await?;
    let session = added.session.session_id;
    visit.session.adopt(added.token, added.session).await?;
    Ok(Next::to(match &added.codes {
        Some(codes) => visit.show_codes(session, codes),
        None => "/account/security?done=sms".to_owned(),
    }))
}

/// The page: the number, then its code. `?other` asks for another number.
#[component]
pub fn PhonePage() -> impl IntoView {
    confirmed_page(async |visit: Visit, person| {
        if !phone::may_add(&visit.platform, &person) {
            return Ok(go("/account/security"));
        }
        let begun = phone::begun(&visit.platform, &person).await?;
        let content = match begun.filter(|_| !visit.query.contains_key("other")) {
            Some(masked) => code_form(&visit, &masked),
            None => number_form(number_hint(&visit.platform.config.sms.countries)),
        };
        Ok(view! {
            <House title=t("phone-title")>
                <header>
                    <div>
                        <h1>{t("phone-title")}</h1>
                        <p class="soft">{t("phone-text")}</p>
                    </div>
                </header>
                <section class="card stack">
                    {content}
                    <p class="small soft"><a href="/account/security">{t("totp-cancel")}</a></p>
                </section>
            </House>
        }
        .into_any())
    })
}

fn number_form(hint: String) -> AnyView {
    view! {
        <div class="note warn" data-testid="phone-risk">
            <div class="stack tight">
                <p>{t("phone-risk")}</p>
                <p>{t("phone-better")}</p>
                <div class="row">
                    <a class="btn sm" href="/account/security/passkey" data-testid="better-passkey-link">{t("passkeys-add")}</a>
                    <form method="post" action=AddAuthenticator::PATH>
                        <button class="btn sm" data-testid="better-app-button">{t("totp-add-label")}</button>
                    </form>
                </div>
            </div>
        </div>
        <div class="narrow">
            <Form action=AddPhone::PATH>
                <TextField field=Field::Phone label=t("phone-label") kind="tel" autocomplete="tel" hint/>
                <button class="btn primary" data-testid="add-phone-button">{t("phone-send")}</button>
            </Form>
        </div>
    }
    .into_any()
}

/// What a number may look like: of one country without its code, of a few with their codes named.
fn number_hint(countries: &[Country]) -> String {
    let named = |country: &Country| {
        let code = country.calling_code().unwrap_or_default();
        format!("{} (+{code})", country.as_str())
    };
    match countries {
        [] => t("phone-hint"),
        [home] => t_with("phone-hint-home", &[("country", &named(home))]),
        several => {
            let names: Vec<String> = several.iter().map(named).collect();
            t_with("phone-hint-countries", &[("countries", &names.join(", "))])
        }
    }
}

fn code_form(visit: &Visit, masked: &str) -> AnyView {
    let again = visit.query.contains_key("sent");
    view! {
        <p data-testid="phone-sent">{t_with("phone-sent", &[("phone", masked)])}</p>
        {again.then(|| view! { <GoodNews text=t("factor-sent-new")/> })}
        <div class="narrow">
            <Form action=ConfirmPhone::PATH once=true>
                <CodeField label=t("factor-sms-label") hint=sent_hint()/>
                <button class="btn primary" data-testid="confirm-phone-button">{t("phone-confirm")}</button>
            </Form>
        </div>
        <details class="more">
            <summary>{t("factor-sent-nothing")}</summary>
            <div class="stack">
                <p class="soft small">{t("factor-sms-nothing-text")}</p>
                <div class="row">
                    <Form action=AddPhoneAgain::PATH>
                        <button class="btn sm" data-testid="send-code-button">{t("factor-sent-again")}</button>
                    </Form>
                    <a class="small" href=format!("{PAGE}?other=1") data-testid="other-phone-link">{t("phone-other")}</a>
                </div>
            </div>
        </details>
    }
    .into_any()
}
