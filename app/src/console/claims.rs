//! `/admin/claims`: what applications can be told of people, and a form for another claim; `/admin/claims/{id}`: one of them.

use domain::authorization::{May, Permission, right};
use domain::users::claims::figures::{self, Listed};
use domain::users::claims::{self, Claim, Count, Figures, Kind};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Choices, Form, SelectField, TextField};
use crate::ui::layout::Done;
use crate::visit::{Visit, t, t_with, words};

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

/// Removes a claim, whose name was typed once more, where it and those who have it are as the page showed them.
#[server(endpoint = "admin-remove-claim", prefix = "/api")]
pub async fn remove_claim(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] lost: String,
    #[server(default)] confirmation: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    claims::remove(&visit.desk()?, &id, (version, &lost), &confirmation).await?;
    Ok(Next::to("/admin/claims?done=removed"))
}

/// What a claim holds, in words.
pub fn kind_name(kind: Kind) -> String {
    t(&format!("claim-kind-{}", kind.as_str()))
}

/// How many there are, as far as that was counted.
fn count(count: Count) -> String {
    let number = |count: i64| words().number(count.unsigned_abs());
    match count {
        Count::Exactly(exactly) => number(exactly),
        Count::AtLeast(counted) => t_with("claim-count-many", &[("count", &number(counted))]),
    }
}

/// How many people and roles have a value of a claim by themselves.
fn holders(own: Count, roles: i64) -> String {
    let roles = count(Count::Exactly(roles));
    t_with("claim-holders", &[("people", &count(own)), ("roles", &roles)])
}

/// The list.
#[component]
pub fn ClaimsPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let (claims, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                Ok((figures::listed(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let may_write = rights.has(Permission::ClaimsWrite);
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
                .map(|listed| view! { <Line listed/> })
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
fn Line(listed: Listed) -> impl IntoView {
    let Listed { claim, own, roles } = listed;
    let used = holders(own, roles);
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
        let (claim, figures, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                let claim = Claim::find(tx, may, &name).await?;
                let figures = Figures::of(tx, may, &claim).await?;
                Ok((claim, figures, may.rights.clone()))
            })
            .await?;
        let change = rights.has(Permission::ClaimsWrite).then(|| {
            view! { <Describe claim=claim.clone()/><Removal claim=claim.clone() figures/> }
        });
        Ok(view! {
            <Console title=claim.name.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/claims">{t("claim-back")}</a></p>
                        <h1 class="break"><code>{claim.name.clone()}</code></h1>
                        <p class="row"><span class="pill">{kind_name(claim.kind)}</span><span class="small faint">{holders(figures.own, figures.roles)}</span></p>
                        <p class="soft">{claim.description.clone()}</p>
                    </div>
                </header>
                {claim.is_reserved().then(|| view! { <p class="note" data-testid="reserved-note">{t("claim-reserved-note")}</p> })}
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
fn Removal(claim: Claim, figures: Figures) -> impl IntoView {
    let lost = [
        ("claim-lost-own", count(figures.own)),
        ("claim-lost-roles", count(Count::Exactly(figures.roles))),
        ("claim-lost-people", count(figures.people)),
    ];
    let lost = lost.map(|(what, count)| view! { <div><dt>{t(what)}</dt><dd>{count}</dd></div> });
    let label = t_with("claim-remove-label", &[("name", &claim.name)]);
    view! {
        <section class="card stack" aria-labelledby="remove">
            <h2 id="remove">{t("claim-remove-heading")}</h2>
            <p class="soft">{t("claim-remove-text")}</p>
            <dl class="facts" data-testid="will-do">{lost.into_iter().collect_view()}</dl>
            <div class="narrow">
                <Form action=RemoveClaim::PATH>
                    <input type="hidden" name="id" value=claim.name/>
                    <input type="hidden" name="version" value=claim.version.to_string()/>
                    <input type="hidden" name="lost" value=figures.to_string()/>
                    <TextField field=Field::Confirmation label autocomplete="off"/>
                    <button class="btn danger" data-testid="remove-claim-button">{t("claim-remove-button")}</button>
                </Form>
            </div>
        </section>
    }
}
