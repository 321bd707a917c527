//! `/account/data`: a copy of one's data, and deleting the account. Asks for the password first.

use domain::users::erasure;
use domain::users::export::{self, Export};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::account::on_guard::{Guard, OnGuard};
use crate::islands::ExportProgress;
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, TextField};
use crate::ui::layout::House;
use crate::ui::moment::Moment;
use crate::ui::page::confirmed_page;
use crate::visit::{Visit, t, t_with};

/// Asks for a copy of one's data.
#[server(endpoint = "export-data", prefix = "/api")]
pub async fn export_data() -> Result<Next, Refused> {
    let visit = Visit::current();
    export::ask(&visit.platform, visit.person()?, &visit.origin).await?;
    Ok(Next::to("/account/data"))
}

/// Asks for the account to be erased, with its address typed to confirm it. Nobody is signed in afterwards.
#[server(endpoint = "delete-account", prefix = "/api")]
pub async fn delete_account(#[server(default)] email: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    erasure::ask(&visit.platform, visit.person()?, &email, &visit.origin).await?;
    visit.session.drop_it().await?;
    Ok(Next::to("/sign-in?leaving=1"))
}

/// The page.
#[component]
pub fn DataPage() -> impl IntoView {
    confirmed_page(async |visit, person| {
        let export = visit
            .platform
            .db
            .read(async |tx| Export::newest(tx, person.user_id).await)
            .await?;
        let guard = Guard::of(&visit, &person).await?;
        Ok(view! {
            <House title=t("data-title")>
                <header>
                    <div>
                        <h1>{t("data-title")}</h1>
                        <p class="soft">{t("data-text")}</p>
                    </div>
                </header>
                <OnGuard guard/>
                <section class="card stack" aria-labelledby="export-heading">
                    <h2 id="export-heading">{t("data-export-heading")}</h2>
                    <p class="soft">{t("data-export-text")}</p>
                    {copy(export)}
                </section>
                <section class="card stack" aria-labelledby="delete-heading">
                    <h2 id="delete-heading">{t("data-delete-heading")}</h2>
                    <p>{t("data-delete-text")}</p>
                    <p class="soft">{t("data-delete-goes")}</p>
                    <p class="soft">{t("data-delete-stays")}</p>
                    <p class="soft">{t("data-delete-again")}</p>
                    <div class="narrow">
                        <Form action=DeleteAccount::PATH>
                            <TextField field=Field::Email label=t_with("data-delete-confirm", &[("email", &person.email)])
                                kind="email" autocomplete="off"/>
                            <button class="btn danger" data-testid="delete-account-button">{t("data-delete-button")}</button>
                        </Form>
                    </div>
                </section>
            </House>
        })
    })
}

/// How the copy stands: none, under way, or ready.
fn copy(export: Option<Export>) -> AnyView {
    let Some(export) = export else {
        return ask("data-export-button", true);
    };
    if export.ready_at.is_none() {
        let steps = [
            ("done", export.steps_done.to_string()),
            ("total", export.steps_total.to_string()),
        ];
        let steps = steps.each_ref().map(|(name, count)| (*name, count.as_str()));
        return view! {
            <div class="stack tight narrow" data-testid="export-making">
                <p role="status">{t("data-export-making")}</p>
                <ExportProgress>
                    <progress class="progress" aria-label=t("data-export-progress") max=export.steps_total value=export.steps_done
                        data-source="/account/data/progress" data-testid="export-progress"></progress>
                </ExportProgress>
                <p class="small soft row">
                    <span>{t_with("data-export-steps", &steps)}</span>
                    <a href="/account/data" data-testid="export-check-link">{t("data-export-check")}</a>
                </p>
            </div>
        }
        .into_any();
    }
    let href = format!("/account/data/download/{}", export.id);
    let label = t_with(
        "data-export-download",
        &[("size", &size(export.bytes.unwrap_or_default()))],
    );
    view! {
        <div class="stack">
            <p role="status" data-testid="export-ready">{t("data-export-ready")}" "<Moment at=export.expires_at/></p>
            <p><a class="btn primary" href=href download="" data-testid="export-download-link">{label}</a></p>
        </div>
        {ask("data-export-again", false)}
        <p class="small soft">{t("data-export-again-hint")}</p>
    }
    .into_any()
}

fn ask(label: &'static str, first: bool) -> AnyView {
    let class = if first { "btn primary" } else { "btn sm" };
    view! {
        <Form action=ExportData::PATH>
            <div><button class=class data-testid="export-button">{t(label)}</button></div>
        </Form>
    }
    .into_any()
}

/// The length of a file in words.
fn size(bytes: i64) -> String {
    let kilobytes = bytes.unsigned_abs().div_ceil(1000).max(1);
    let (id, count) = if kilobytes < 1000 {
        ("data-size-kilobytes", kilobytes)
    } else {
        ("data-size-megabytes", kilobytes.div_ceil(1000))
    };
    t_with(id, &[("count", &count.to_string())])
}
