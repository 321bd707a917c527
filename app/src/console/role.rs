//! `/admin/roles/{id}`: one role. What is typed is looked at once more before it is saved: who gains and who loses what.

use std::collections::BTreeSet;

use domain::authentication::assurance::policy::Demand;
use domain::authorization::demand;
use domain::authorization::role::{self, Role, Typed};
use domain::authorization::{May, Permission, Rights, right};
use domain::users::claims::held;
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;

use crate::console::claim_values::{ClaimsCard, Holder, lines_of};
use crate::console::frame::{Console, console_page};
use crate::console::roles::{holders, permission_name, role_description, role_name};
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, TextField};
use crate::ui::layout::Done;
use crate::visit::{Visit, t, t_with};

/// The id in the address of a role that is not made yet.
const NEW: &str = "new";

/// Makes a role, or changes the one with this id as it was seen.
#[server(endpoint = "admin-save-role", prefix = "/api")]
pub async fn save_role(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] permissions: Vec<String>,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let typed = Typed {
        name,
        description,
        permissions,
    };
    if id == NEW {
        role::create(&visit.desk()?, &typed).await?;
        return Ok(Next::to("/admin/roles?done=made"));
    }
    role::edit(&visit.desk()?, (&id, version), &typed).await?;
    Ok(Next::to("/admin/roles?done=changed"))
}

/// Removes a role, whose name was typed once more.
#[server(endpoint = "admin-remove-role", prefix = "/api")]
pub async fn remove_role(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] confirmation: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    role::remove(&visit.desk()?, (&id, version), &confirmation).await?;
    Ok(Next::to("/admin/roles?done=removed"))
}

/// Says what a role asks of whoever has it, before they are let in.
#[server(endpoint = "admin-role-factor", prefix = "/api")]
pub async fn role_factor(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] demand: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    demand::change(&visit.desk()?, (&id, version), &demand).await?;
    Ok(Next::to(format!("/admin/roles/{id}?done=factor")))
}

/// The page of a role that is not made yet.
#[component]
pub fn NewRolePage() -> impl IntoView {
    console_page(async |visit, _person| {
        let rights = visit
            .desk()?
            .look(async |_tx, may: &May<right::RolesWrite>| Ok(may.rights.clone()))
            .await?;
        let draft = Draft::typed(&visit).unwrap_or_default();
        let step = match Draft::typed(&visit) {
            Some(draft) => {
                view! { <Review id=NEW.to_owned() version=0 before=Vec::new() draft people=0/> }.into_any()
            }
            None => view! { <Edit id=NEW.to_owned() draft rights=rights.clone()/> }.into_any(),
        };
        Ok(view! {
            <Console title=t("role-new-title") rights>
                <header>
                    <div>
                        <h1>{t("role-new-title")}</h1>
                        <p class="soft">{t("role-new-text")}</p>
                    </div>
                </header>
                {step}
            </Console>
        })
    })
}

/// The page.
#[component]
pub fn RolePage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    console_page(async move |visit: Visit, _person| {
        let (role, held, people, claims, may_set, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                let (role, held) = Role::find(tx, may, &id).await?;
                let people = role.reach(tx, may).await?;
                let claims = lines_of(tx, may, &Holder::Role(id.clone())).await?;
                let may_set = held::may_set_for_role(tx, may, &id).await?.allowed;
                Ok((role, held, people, claims, may_set, may.rights.clone()))
            })
            .await?;
        let fixed = role.built_in().is_some() || !rights.has(Permission::RolesWrite);
        let content = match Draft::typed(&visit) {
            _ if fixed => view! { <Held held=held.clone()/> }.into_any(),
            Some(draft) => {
                view! { <Review id=role.id.clone() version=role.version before=held.clone() draft people/> }
                    .into_any()
            }
            None => {
                let draft = Draft::of(&role, &held);
                view! { <Edit id=role.id.clone() draft rights=rights.clone()/> }.into_any()
            }
        };
        let asks = (rights.has(Permission::RolesWrite) && Draft::typed(&visit).is_none())
            .then(|| view! { <Asks role=role.clone()/> });
        let gives = claims.iter().filter(|line| line.own.is_some()).count();
        let claims = Draft::typed(&visit)
            .is_none()
            .then(|| view! { <ClaimsCard of=Holder::Role(role.id.clone()) lines=claims may_write=may_set/> });
        let removal = (!fixed && Draft::typed(&visit).is_none())
            .then(|| view! { <Removal role=role.clone() people claims=gives/> });
        Ok(view! {
            <Console title=role_name(&role) rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/roles">{t("role-back")}</a></p>
                        <h1>{role_name(&role)}</h1>
                        <p class="soft">{role_description(&role)}</p>
                        <p class="small faint">{holders(&role)}</p>
                    </div>
                </header>
                <Done what="factor" text=t("role-done-factor")/>
                {content}
                {asks}
                {claims}
                {removal}
            </Console>
        })
    })
}

/// A role as a form has it.
#[derive(Debug, Clone, Default)]
struct Draft {
    name: String,
    description: String,
    permissions: Vec<Permission>,
}

impl Draft {
    fn of(role: &Role, held: &[Permission]) -> Self {
        Self {
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: held.to_vec(),
        }
    }

    /// What was typed into [`Edit`], which is a form that asks: it stands in the address.
    fn typed(visit: &Visit) -> Option<Self> {
        let (_, query) = visit.target.split_once('?')?;
        let mut draft = Self::default();
        let mut is_review = false;
        for (field, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match field.as_ref() {
                "review" => is_review = true,
                "name" => draft.name = value.into_owned(),
                "description" => draft.description = value.into_owned(),
                "permissions[]" => draft.permissions.extend(Permission::parse(&value)),
                _ => {}
            }
        }
        is_review.then_some(draft)
    }
}

/// The form. It changes nothing: it leads to [`Review`].
#[component]
fn Edit(id: String, draft: Draft, rights: Rights) -> impl IntoView {
    let mut groups: Vec<(&str, Vec<AnyView>)> = Vec::new();
    for permission in Permission::ALL.iter().copied() {
        let (thing, _) = permission.as_str().split_once(':').unwrap_or_default();
        let held = rights.has(permission);
        let box_id = format!("may-{}", permission.as_str().replace(':', "-"));
        let checked = draft.permissions.contains(&permission);
        let row = view! {
            <div class="check">
                <input type="checkbox" id=box_id.clone() name="permissions[]" value=permission.as_str() checked=checked disabled=!held/>
                <label for=box_id>{permission_name(permission)}" "<code class="small faint">{permission.as_str()}</code></label>
            </div>
            // What the editor does not hold stays as it is: a box that is disabled is not sent.
            {(checked && !held).then(|| view! { <input type="hidden" name="permissions[]" value=permission.as_str()/> })}
        }
        .into_any();
        match groups.last_mut() {
            Some((last, rows)) if *last == thing => rows.push(row),
            _ => groups.push((thing, vec![row])),
        }
    }
    let lacks = rights.lacks(Permission::ALL.iter().copied()).is_some();
    let groups = groups
        .into_iter()
        .map(|(thing, rows)| {
            let legend = t(&format!("permission-group-{thing}"));
            view! { <fieldset class="stack tight"><legend class="label">{legend}</legend>{rows}</fieldset> }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-label=t("role-form-label")>
            <form class="form" method="get" action=format!("/admin/roles/{id}")>
                <input type="hidden" name="review" value="1"/>
                <div class="narrow stack">
                    <TextField field=Field::Name label=t("role-name-label") autocomplete="off" hint=t("role-name-hint") value=draft.name/>
                    <TextField field=Field::Description label=t("role-description-label") autocomplete="off" hint=t("role-description-hint") value=draft.description optional=true/>
                </div>
                {lacks.then(|| view! { <p class="note">{t("role-lacks")}</p> })}
                <div class="columns">{groups}</div>
                <div class="row">
                    <button class="btn primary" data-testid="review-button">{t("role-review-button")}</button>
                    <a class="btn quiet" href="/admin/roles">{t("role-cancel")}</a>
                </div>
            </form>
        </section>
    }
}

/// What a change will do, and the button that does it.
#[component]
fn Review(id: String, version: i64, before: Vec<Permission>, draft: Draft, people: i64) -> impl IntoView {
    let before: BTreeSet<_> = before.into_iter().collect();
    let after: BTreeSet<_> = draft.permissions.iter().copied().collect();
    let count = people.to_string();
    let list = |heading: &str, permissions: Vec<Permission>| {
        (!permissions.is_empty()).then(|| {
            let items: Vec<_> = permissions
                .into_iter()
                .map(|permission| view! { <li>{permission_name(permission)}</li> })
                .collect();
            view! { <div class="stack tight"><p class="strong">{t_with(heading, &[("people", &count)])}</p><ul class="dots">{items}</ul></div> }
        })
    };
    let gained = list("role-review-gain", after.difference(&before).copied().collect());
    let lost = list("role-review-lose", before.difference(&after).copied().collect());
    let same = before == after;
    let hidden = after
        .iter()
        .map(|p| view! { <input type="hidden" name="permissions[]" value=p.as_str()/> })
        .collect_view();
    let back = format!("/admin/roles/{id}");
    view! {
        <section class="card stack" aria-labelledby="review">
            <h2 id="review">{t("role-review-heading")}</h2>
            {same.then(|| view! { <p>{t("role-review-same")}</p> })}
            {gained}
            {lost}
            <div class="narrow">
                <Form action=SaveRole::PATH>
                    <input type="hidden" name="id" value=id/>
                    <input type="hidden" name="version" value=version.to_string()/>
                    {hidden}
                    <TextField field=Field::Name label=t("role-name-label") autocomplete="off" value=draft.name/>
                    <TextField field=Field::Description label=t("role-description-label") autocomplete="off" value=draft.description optional=true/>
                    <div class="row">
                        <button class="btn primary" data-testid="save-role-button">{t("role-save-button")}</button>
                        <a class="btn quiet" href=back>{t("role-review-back")}</a>
                    </div>
                </Form>
            </div>
        </section>
    }
}

/// What a role allows that can't be changed here.
#[component]
fn Held(held: Vec<Permission>) -> impl IntoView {
    let items = held
        .into_iter()
        .map(|permission| {
            view! { <li>{permission_name(permission)}" "<code class="small faint">{permission.as_str()}</code></li> }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="held">
            <h2 id="held">{t("role-held-heading")}</h2>
            <p class="soft">{t("role-held-text")}</p>
            <ul class="dots">{items}</ul>
        </section>
    }
}

/// What the role asks for, beyond what the settings ask of everybody.
#[component]
fn Asks(role: Role) -> impl IntoView {
    let options = Demand::OF_ROLES
        .map(|demand| {
            let name = t(&format!("role-asks-{}", demand.as_str().replace('_', "-")));
            view! { <option value=demand.as_str() selected=demand == role.demand>{name}</option> }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="asks">
            <h2 id="asks">{t("role-asks-heading")}</h2>
            <p class="soft">{t("role-asks-text")}</p>
            <div class="narrow">
                <Form action=RoleFactor::PATH>
                    <input type="hidden" name="id" value=role.id/>
                    <input type="hidden" name="version" value=role.version.to_string()/>
                    <div class="field">
                        <label for="demand">{t("role-asks-label")}</label>
                        <select class="input" id="demand" name="demand" data-testid="demand-input">{options}</select>
                    </div>
                    <button class="btn" data-testid="role-factor-button">{t("role-asks-button")}</button>
                </Form>
            </div>
        </section>
    }
}

#[component]
fn Removal(role: Role, people: i64, claims: usize) -> impl IntoView {
    let numbers = [
        ("people", people.to_string()),
        ("groups", role.groups.to_string()),
        ("claims", claims.to_string()),
    ];
    let numbers: Vec<_> = numbers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let label = t_with("role-remove-label", &[("name", &role.name)]);
    view! {
        <section class="card stack" aria-labelledby="remove">
            <h2 id="remove">{t("role-remove-heading")}</h2>
            <p class="soft">{t_with("role-remove-text", &numbers)}</p>
            <div class="narrow">
                <Form action=RemoveRole::PATH>
                    <input type="hidden" name="id" value=role.id/>
                    <input type="hidden" name="version" value=role.version.to_string()/>
                    <TextField field=Field::Confirmation label autocomplete="off"/>
                    <button class="btn danger" data-testid="remove-role-button">{t("role-remove-button")}</button>
                </Form>
            </div>
        </section>
    }
}
