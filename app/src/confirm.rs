//! `/confirm`: asks once more who it is before a sensitive change, and goes on where the person was. Whoever has a second factor
//! gives that one, all others their password.

use domain::Result;
use domain::authentication::confirm::{FRESH_FOR, choices, confirm as prove_again, confirm_factor, send};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::sign_in::{after, next_of, with_next};
use crate::ui::factor::{FactorForm, OtherWays, Reach, asked_for, instruction};
use crate::ui::form::{Form, PasswordField, UsernameField};
use crate::ui::layout::Hall;
use crate::ui::page::signed_in_page;
use crate::ui::passkey::Ceremony;
use crate::visit::{Visit, t, t_with, words};

/// Takes the password or the second factor of whoever is signed in; answers with where to go.
#[server(endpoint = "confirm", prefix = "/api")]
pub async fn confirm(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] factor: String,
    #[server(default)] code: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    // The session says whose password it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let (platform, person, asker) = (&visit.platform, visit.signed_in.as_ref(), visit.asker());
    let (token, session) = if factor.is_empty() {
        prove_again(platform, person, &password, &asker).await?
    } else {
        let answer = if credential.is_empty() { &code } else { &credential };
        confirm_factor(platform, person, &factor, answer, &asker).await?
    };
    visit.session.adopt(token, session).await?;
    Ok(Next::to(after(Some(&next))))
}

/// Sends a code to whoever is signed in, by mail or as a text message.
#[server(endpoint = "confirm-send", prefix = "/api")]
pub async fn confirm_send(
    #[server(default)] factor: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let factor = send(&visit.platform, visit.person()?, &factor).await?;
    let page = with_next("/confirm", &after(Some(&next)));
    Ok(Next::to(format!("{page}&factor={}&sent=1", factor.as_str())))
}

/// The page.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let next = next_of(&visit);
        let life = words().duration(FRESH_FOR.num_seconds().unsigned_abs());
        let choices = choices(&visit.platform, &person).await?;
        let form = match asked_for(&visit, &choices.factors) {
            Some(factor) => {
                let sent = choices.sent;
                let reach = Reach {
                    email: person.email,
                    phone: choices.phone,
                    sent,
                };
                let text = instruction(factor, &reach);
                let button = (t("confirm-button"), "confirm-button");
                let page = with_next("/confirm", &next);
                view! {
                    <p class="soft" data-testid="challenge-text">{text}</p>
                    <FactorForm factor action=Confirm::PATH send_action=ConfirmSend::PATH next sent button
                        ceremony=Ceremony::Confirm/>
                    <OtherWays factors=choices.factors current=factor page/>
                }
                .into_any()
            }
            None => view! {
                <Form action=Confirm::PATH once=true>
                    <input type="hidden" name="next" value=next/>
                    <UsernameField email=person.email/>
                    <PasswordField label=t("password-label")/>
                    <button class="btn primary wide" data-testid="confirm-button">{t("confirm-button")}</button>
                </Form>
            }
            .into_any(),
        };
        Ok(view! {
            <Hall title=t("confirm-title") saying=(t("confirm-saying"), t("confirm-saying-note"))>
                <header>
                    <h1>{t("confirm-title")}</h1>
                    <p class="soft">{t_with("confirm-text", &[("life", &life)])}</p>
                </header>
                {form}
                <p class="row small soft">
                    <a href="/account" data-testid="cancel-link">{t("confirm-cancel")}</a>
                    <a href="/sign-out">{t("sign-out")}</a>
                </p>
            </Hall>
        })
    })
}
