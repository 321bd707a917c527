//! `/admin/users/{id}/roles`: which roles a person has. Nobody gives what they don't hold, and nobody changes their own.

use std::collections::BTreeMap;

use domain::Result;
use domain::authorization::built_in::BuiltIn;
use domain::authorization::role::Role;
use domain::authorization::{May, give, right};
use domain::users::person::seen::{Brief, HeldRole};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::deeds::{Press, done};
use super::{elsewhere, id_in_path, id_of, page_of};
use crate::console::frame::{Console, console_page};
use crate::console::roles::{role_description, role_name};
use crate::refused::{Next, Refused};
use crate::ui::form::Summary;
use crate::visit::{Visit, t, t_with};

/// Gives a person a role.
#[server(endpoint = "admin-give-role", prefix = "/api")]
pub async fn give_role(
    #[server(default)] person: String,
    #[server(default)] role: String,
) -> Result<Next, Refused> {
    give::give(&Visit::current().desk()?, id_of(&person), &role).await?;
    Ok(done(&person, "role"))
}

/// Takes a role from a person.
#[server(endpoint = "admin-take-role", prefix = "/api")]
pub async fn take_role(
    #[server(default)] person: String,
    #[server(default)] role: String,
) -> Result<Next, Refused> {
    give::take(&Visit::current().desk()?, id_of(&person), &role).await?;
    Ok(done(&person, "role"))
}

/// The name of a role that somebody has, in the reader's language.
pub fn held_name(role: &HeldRole) -> String {
    match BuiltIn::parse(&role.id) {
        Some(built_in) => t(&format!("role-{}-name", built_in.id())),
        None => role.name.clone(),
    }
}

/// The page.
#[component]
pub fn PersonRolesPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, held, roles, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesAssign>| {
                let brief = Brief::of(tx, may, id).await?;
                let held = HeldRole::of(tx, may, id).await?;
                let mut roles = Vec::new();
                for role in Role::assignable(tx, may).await? {
                    let gives = Role::permissions(tx, &role.id).await?;
                    roles.push((role, may.rights.lacks(gives).is_none()));
                }
                Ok((brief, held, roles, may.rights.clone()))
            })
            .await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-roles-title", &[("name", &facts.name)]);
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for role in &held {
            if let Some(group) = &role.group_name {
                groups.entry(role.id.clone()).or_default().push(group.clone());
            }
        }
        let lines = roles
            .into_iter()
            .map(|(role, may_give)| {
                let own = held
                    .iter()
                    .any(|one| one.id == role.id && one.group_name.is_none());
                let through = groups.get(&role.id).map(|names| names.join(", "));
                view! { <Line id role own through may_give/> }
            })
            .collect_view();
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=page_of(id)>{facts.name}</a></p>
                        <h1>{title}</h1>
                        <p class="soft">{t("person-roles-text")}</p>
                    </div>
                </header>
                <Summary/>
                <section class="card" aria-label=t("roles-list")><ul class="things deeds" data-testid="roles">{lines}</ul></section>
            </Console>
        }
        .into_any())
    })
}

#[component]
fn Line(id: uuid::Uuid, role: Role, own: bool, through: Option<String>, may_give: bool) -> impl IntoView {
    let (name, text) = (role_name(&role), role_description(&role));
    let label = |key: &str| t_with(key, &[("role", &name)]);
    let with = || ("role", role.id.clone());
    let press = if !may_give {
        view! { <span class="small soft">{t("person-roles-more")}</span> }.into_any()
    } else if own {
        view! { <Press action=TakeRole::PATH person=id test_id="take-role-button" text=t("person-role-take") label=label("person-role-take-label") with=with()/> }
            .into_any()
    } else {
        view! { <Press action=GiveRole::PATH person=id test_id="give-role-button" text=t("person-role-give") label=label("person-role-give-label") with=with()/> }
            .into_any()
    };
    view! {
        <li>
            <div class="stack tight">
                <p class="row">
                    <span class="strong">{name.clone()}</span>
                    {own.then(|| view! { <span class="pill ok">{t("person-role-has")}</span> })}
                    {through.map(|groups| view! { <span class="pill">{t_with("person-role-through", &[("group", &groups)])}</span> })}
                </p>
                {(!text.is_empty()).then(|| view! { <p class="small soft">{text}</p> })}
            </div>
            {press}
        </li>
    }
}
