//! `/confirm`: asks for the password again before a sensitive change, and goes on where the person was.

use domain::Result;
use domain::authentication::confirm::{FRESH_FOR, confirm as prove_again};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::sign_in::{after, next_of};
use crate::ui::form::{Form, PasswordField, UsernameField};
use crate::ui::layout::Hall;
use crate::ui::page::signed_in_page;
use crate::visit::{Visit, t, t_with, words};

/// Takes the password of whoever is signed in; answers with where to go.
#[server(endpoint = "confirm", prefix = "/api")]
pub async fn confirm(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    // The session says whose password it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let (token, session) = prove_again(&visit.platform, visit.person()?, &password, &visit.asker()).await?;
    visit.session.adopt(token, session).await?;
    Ok(Next::to(after(Some(&next))))
}

/// The page.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let next = next_of(&visit);
        let life = words().duration(FRESH_FOR.num_seconds().unsigned_abs());
        Ok(view! {
            <Hall title=t("confirm-title") saying=(t("confirm-saying"), t("confirm-saying-note"))>
                <header>
                    <h1>{t("confirm-title")}</h1>
                    <p class="soft">{t_with("confirm-text", &[("life", &life)])}</p>
                </header>
                <Form action=Confirm::PATH>
                    <input type="hidden" name="next" value=next/>
                    <UsernameField email=person.email/>
                    <PasswordField label=t("password-label")/>
                    <button class="btn primary wide" data-testid="confirm-button">{t("confirm-button")}</button>
                </Form>
                <p class="row small soft">
                    <a href="/account" data-testid="cancel-link">{t("confirm-cancel")}</a>
                    <a href="/sign-out">{t("sign-out")}</a>
                </p>
            </Hall>
        })
    })
}
