//! `/account/close`: the account is closed for now, until its owner signs in again.

use domain::Result;
use domain::authentication::close_account::close;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::ui::layout::House;
use crate::ui::page::confirmed_page;
use crate::visit::{Visit, t};

/// Closes the account of whoever is signed in.
#[server(endpoint = "close-account", prefix = "/api")]
pub async fn close_account() -> Result<Next, Refused> {
    let visit = Visit::current();
    close(&visit.platform, visit.person()?, &visit.asker()).await?;
    visit.session.drop_it().await?;
    Ok(Next::to("/sign-in?closed=1"))
}

/// The page.
#[component]
pub fn ClosePage() -> impl IntoView {
    confirmed_page(async |_visit, _person| {
        Ok(view! {
            <House title=t("close-title")>
                <header>
                    <div>
                        <h1>{t("close-title")}</h1>
                        <p class="soft">{t("close-text")}</p>
                    </div>
                </header>
                <section class="card stack">
                    <p>{t("close-devices")}</p>
                    <p>{t("close-back")}</p>
                    <Form action=CloseAccount::PATH>
                        <div class="row">
                            <button class="btn danger" data-testid="close-account-button">{t("close-button")}</button>
                            <a class="btn quiet" href="/account/profile">{t("close-cancel")}</a>
                        </div>
                    </Form>
                </section>
            </House>
        })
    })
}
