//! `/admin/claims`: what applications can be told of people, and a form for another claim; `/admin/claims/{id}`: one of them.

use domain::authorization::{May, Permission, right};
use domain::users::claims::{self, Claim, Kind};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Choices, Form, SelectField, TextField};
use crate::ui::layout::Done;
use crate::visit::{Visit, t, t_with};

/// Defines a claim.
#[server(endpoint = "admin-make-claim", prefix = "/api")]
pub async fn make_claim(
    #[server(default)] name: String,
    #[server(default)] kind: String,
    #[server(default)] description: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    claims::define(&visit.desk()?, &name, &kind, &description).await?;
    Ok(Next::to("/admin/claims?done=made"))
}

/// Says anew what a claim is for.
#[server(endpoint = "admin-describe-claim", prefix = "/api")]
pub async fn describe_claim(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] description: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    claims::describe(&visit.desk()?, (&id, version), &description).await?;
    Ok(Next::to("/admin/claims?done=changed"))
}

/// Removes a claim, whose name was typed once more.
#[server(endpoint = "admin-remove-claim", prefix = "/api")]
pub async fn remove_claim(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] confirmation: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    claims::remove(&visit.desk()?, (&id, version), &confirmation).await?;
    Ok(Next::to("/admin/claims?done=removed"))
}

/// What a claim holds, in words.
pub fn kind_name(kind: Kind) -> String {
    t(&format!("claim-kind-{}", kind.as_str()))
}

/// How many people and roles have a value of a claim.
fn holders(claim: &Claim) -> String {
    t_with(
        "claim-holders",
        &[
            ("people", &claim.people.to_string()),
            ("roles", &claim.roles.to_string()),
        ],
    )
}

/// The list.
#[component]
pub fn ClaimsPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let (claims, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                Ok((Claim::all(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let may_write = rights.has(Permission::RolesWrite);
        let list = if claims.is_empty() {
            view! {
                <div class="empty">
                    <h2>{t("claims-empty-title")}</h2>
                    <p>{t("claims-empty-text")}</p>
                </div>
            }
            .into_any()
        } else {
            let lines = claims
                .into_iter()
                .map(|claim| view! { <Line claim/> })
                .collect_view();
            view! { <ul class="next" data-testid="claims">{lines}</ul> }.into_any()
        };
        Ok(view! {
            <Console title=t("claims-title") rights>
                <header>
                    <div>
                        <h1>{t("claims-title")}</h1>
                        <p class="soft">{t("claims-text")}</p>
                    </div>
                </header>
                <Done what="made" text=t("claims-done-made")/>
                <Done what="changed" text=t("claims-done-changed")/>
                <Done what="removed" text=t("claims-done-removed")/>
                <section class="card" aria-label=t("claims-list")>{list}</section>
                <p class="small soft">{t("claims-no-right")}</p>
                {may_write.then(|| view! { <NewClaim/> })}
            </Console>
        })
    })
}

#[component]
fn Line(claim: Claim) -> impl IntoView {
    let used = holders(&claim);
    let description = (!claim.description.is_empty())
        .then(|| view! { <p class="small soft">{claim.description.clone()}</p> });
    view! {
        <li>
            <div class="stack tight">
                <p class="row">
                    <a class="strong break" href=format!("/admin/claims/{}", claim.name)><code>{claim.name.clone()}</code></a>
                    <span class="pill">{kind_name(claim.kind)}</span>
                </p>
                {description}
                <p class="small faint">{used}</p>
            </div>
        </li>
    }
}

#[component]
fn NewClaim() -> impl IntoView {
    let options = Kind::ALL.map(|kind| (kind.as_str().to_owned(), kind_name(kind)));
    let choices = vec![Choices {
        group: None,
        options: options.into(),
    }];
    view! {
        <section class="card stack" aria-labelledby="new-claim">
            <h2 id="new-claim">{t("claims-new")}</h2>
            <div class="narrow">
                <Form action=MakeClaim::PATH>
                    <TextField field=Field::Name label=t("claim-name-label") autocomplete="off" hint=t("claim-name-hint")/>
                    <SelectField field=Field::Kind label=t("claim-kind-label") hint=t("claim-kind-hint") choices value=Kind::Text.as_str().to_owned()/>
                    <TextField field=Field::Description label=t("claim-for-label") autocomplete="off" hint=t("claim-for-hint") optional=true/>
                    <button class="btn primary" data-testid="make-claim-button">{t("claims-make-button")}</button>
                </Form>
            </div>
        </section>
    }
}

/// The page of one.
#[component]
pub fn ClaimPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("id").unwrap_or_default();
    console_page(async move |visit: Visit, _person| {
        let (claim, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                Ok((Claim::find(tx, may, &name).await?, may.rights.clone()))
            })
            .await?;
        let change = rights.has(Permission::RolesWrite).then(|| {
            view! { <Describe claim=claim.clone()/><Removal claim=claim.clone()/> }
        });
        Ok(view! {
            <Console title=claim.name.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/claims">{t("claim-back")}</a></p>
                        <h1 class="break"><code>{claim.name.clone()}</code></h1>
                        <p class="row"><span class="pill">{kind_name(claim.kind)}</span><span class="small faint">{holders(&claim)}</span></p>
                        <p class="soft">{claim.description.clone()}</p>
                    </div>
                </header>
                {change}
            </Console>
        })
    })
}

#[component]
fn Describe(claim: Claim) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="describe">
            <h2 id="describe">{t("claim-for-label")}</h2>
            <div class="narrow">
                <Form action=DescribeClaim::PATH>
                    <input type="hidden" name="id" value=claim.name/>
                    <input type="hidden" name="version" value=claim.version.to_string()/>
                    <TextField field=Field::Description label=t("claim-for-label") autocomplete="off" hint=t("claim-for-hint") value=claim.description optional=true/>
                    <button class="btn" data-testid="describe-claim-button">{t("claim-describe-button")}</button>
                </Form>
            </div>
        </section>
    }
}

#[component]
fn Removal(claim: Claim) -> impl IntoView {
    let (people, roles) = (claim.people.to_string(), claim.roles.to_string());
    let text = t_with("claim-remove-text", &[("people", &people), ("roles", &roles)]);
    let label = t_with("claim-remove-label", &[("name", &claim.name)]);
    view! {
        <section class="card stack" aria-labelledby="remove">
            <h2 id="remove">{t("claim-remove-heading")}</h2>
            <p class="soft" data-testid="will-do">{text}</p>
            <div class="narrow">
                <Form action=RemoveClaim::PATH>
                    <input type="hidden" name="id" value=claim.name/>
                    <input type="hidden" name="version" value=claim.version.to_string()/>
                    <TextField field=Field::Confirmation label autocomplete="off"/>
                    <button class="btn danger" data-testid="remove-claim-button">{t("claim-remove-button")}</button>
                </Form>
            </div>
        </section>
    }
}
