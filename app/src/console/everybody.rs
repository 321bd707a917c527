//! `/admin/users/everybody`: signing everybody out at once. It says in numbers what that does, and wants the product's name typed.

use domain::authentication::everybody::{self, Ends};
use domain::authorization::{May, right};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, TextField};
use crate::ui::notice::GoodNews;
use crate::visit::{Visit, t, t_with};

/// The path of the page.
pub const PAGE: &str = "/admin/users/everybody";

/// Ends the sessions of everybody: all but this one, where `keep` holds something.
#[server(endpoint = "admin-sign-everybody-out", prefix = "/api")]
pub async fn sign_everybody_out(
    #[server(default)] keep: String,
    #[server(default)] confirmation: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let keeps_own = !keep.is_empty();
    let ended = everybody::end(&visit.desk()?, keeps_own, &confirmation).await?;
    Ok(Next::to(if keeps_own {
        format!("{PAGE}?n={ended}")
    } else {
        "/sign-in?signed-out=1".to_owned()
    }))
}

/// The page.
#[component]
pub fn EverybodyPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let desk = visit.desk()?;
        let ((ends, spares_staff), rights) = desk
            .look(async |tx, may: &May<right::SessionsEnd>| {
                Ok((everybody::look(tx, &desk, may).await?, may.rights.clone()))
            })
            .await?;
        let done = visit.query.get("n").and_then(|n| n.parse::<u64>().ok());
        let news = done.map(|n| {
            let text = t_with("everybody-done", &[("count", &n.to_string())]);
            view! { <GoodNews text/> }
        });
        Ok(view! {
            <Console title=t("everybody-title") rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/users">{t("person-back")}</a></p>
                        <h1>{t("everybody-title")}</h1>
                        <p class="soft">{t("everybody-text")}</p>
                    </div>
                </header>
                {news}
                <Ask ends spares_staff name=visit.settings.product_name.clone()/>
            </Console>
        })
    })
}

/// What it will do, and the form that does it.
#[component]
fn Ask(ends: Ends, spares_staff: bool, name: String) -> impl IntoView {
    let numbers = [
        ("sessions", ends.sessions.to_string()),
        ("people", ends.people.to_string()),
    ];
    let will_end = t_with(
        "everybody-will-end",
        &numbers.each_ref().map(|(id, value)| (*id, value.as_str())),
    );
    let lines: Vec<_> = [
        Some(will_end),
        spares_staff.then(|| t("everybody-spared")),
        Some(t("everybody-will-begin")),
        Some(t("everybody-will-tell")),
    ]
    .into_iter()
    .flatten()
    .map(|line| view! { <li>{line}</li> })
    .collect();
    view! {
        <section class="card stack" aria-label=t("everybody-title")>
            <ul class="told" data-testid="will-do">{lines}</ul>
            <div class="narrow">
                <Form action=SignEverybodyOut::PATH>
                    <div class="field">
                        <label class="check">
                            <input type="checkbox" name="keep" value="on" checked=true aria-describedby="keep-hint" data-testid="keep-input"/>
                            <span>{t("everybody-keep")}</span>
                        </label>
                        <p class="hint" id="keep-hint">{t("everybody-keep-hint")}</p>
                    </div>
                    <TextField field=Field::Confirmation label=t_with("everybody-name", &[("name", &name)]) autocomplete="off"/>
                    <div class="row">
                        <button class="btn danger" data-testid="everybody-button">{t("everybody-button")}</button>
                        <a class="btn quiet" href="/admin/users">{t("everybody-cancel")}</a>
                    </div>
                </Form>
            </div>
        </section>
    }
}
