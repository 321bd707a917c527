//! `/account/email`: another mail address.

use domain::authentication::change_email::{LINK_LIFE, UNDO_LIFE, request};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, TextField};
use crate::ui::layout::House;
use crate::ui::page::confirmed_page;
use crate::visit::{Visit, t, t_with, words};

/// Takes the wish for another address; the answer is the same for a known and an unknown one.
#[server(endpoint = "change-email", prefix = "/api")]
pub async fn change_email(#[server(default)] email: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    request(&visit.platform, visit.person()?, &email, &visit.asker()).await?;
    Ok(Next::to("/account/profile?done=email"))
}

/// The page.
#[component]
pub fn EmailPage() -> impl IntoView {
    confirmed_page(async |_visit, person| {
        let life = |life: chrono::Duration| words().duration(life.num_seconds().unsigned_abs());
        let lives = [("link-life", life(LINK_LIFE)), ("undo-life", life(UNDO_LIFE))];
        let [link, undo] = &lives;
        let text = t_with("email-text", &[(link.0, &link.1), (undo.0, &undo.1)]);
        Ok(view! {
            <House title=t("email-title")>
                <header>
                    <div>
                        <h1>{t("email-title")}</h1>
                        <p class="soft">{t_with("email-now", &[("email", &person.email)])}</p>
                    </div>
                </header>
                <section class="card stack">
                    <p class="soft">{text}</p>
                    <div class="narrow">
                        <Form action=ChangeEmail::PATH>
                            <TextField field=Field::Email label=t("email-new-label") kind="email" autocomplete="email"/>
                            <div class="row">
                                <button class="btn primary" data-testid="change-email-button">{t("email-button")}</button>
                                <a class="btn quiet" href="/account/profile">{t("email-cancel")}</a>
                            </div>
                        </Form>
                    </div>
                </section>
            </House>
        })
    })
}
