//! `/admin/roles`: the roles, and what each allows, as a table that can be read.

use domain::authorization::right;
use domain::authorization::role::Role;
use domain::authorization::{May, Permission};
use leptos::prelude::*;

use crate::console::frame::{Console, console_page};
use crate::ui::layout::Done;
use crate::visit::{t, t_with};

/// The page.
#[component]
pub fn RolesPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let (roles, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                Ok((Role::all_with_permissions(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let may_write = rights.has(Permission::RolesWrite);
        let list = roles
            .iter()
            .map(|(role, permissions)| view! { <Line role=role.clone() count=permissions.len()/> })
            .collect_view();
        Ok(view! {
            <Console title=t("roles-title") rights>
                <header>
                    <div>
                        <h1>{t("roles-title")}</h1>
                        <p class="soft">{t("roles-text")}</p>
                    </div>
                    {may_write.then(|| view! { <a class="btn primary" href="/admin/roles/new" data-testid="new-role-link">{t("roles-new")}</a> })}
                </header>
                <Done what="made" text=t("roles-done-made")/>
                <Done what="changed" text=t("roles-done-changed")/>
                <Done what="removed" text=t("roles-done-removed")/>
                <section class="card" aria-label=t("roles-list")>
                    <ul class="next" data-testid="roles">{list}</ul>
                </section>
                <section class="stack" aria-labelledby="matrix">
                    <h2 id="matrix">{t("roles-matrix-heading")}</h2>
                    <Matrix roles/>
                </section>
            </Console>
        })
    })
}

/// The name of a role in the reader's language, if it comes with the program.
pub fn role_name(role: &Role) -> String {
    match role.built_in() {
        Some(built_in) => t(&format!("role-{}-name", built_in.id())),
        None => role.name.clone(),
    }
}

/// What a role is for.
pub fn role_description(role: &Role) -> String {
    match role.built_in() {
        Some(built_in) => t(&format!("role-{}-text", built_in.id())),
        None => role.description.clone(),
    }
}

/// How many people and groups have a role.
pub fn holders(role: &Role) -> String {
    t_with(
        "roles-holders",
        &[
            ("people", &role.people.to_string()),
            ("groups", &role.groups.to_string()),
        ],
    )
}

/// What a permission lets do, in words.
pub fn permission_name(permission: Permission) -> String {
    t(&format!("permission-{}", permission.as_str().replace(':', "-")))
}

#[component]
fn Line(role: Role, count: usize) -> impl IntoView {
    let comes_with = role.built_in().is_some();
    let allows = t_with("roles-count", &[("count", &count.to_string())]);
    let description = role_description(&role);
    view! {
        <li>
            <div class="stack tight">
                <p class="row">
                    <a class="strong" href=format!("/admin/roles/{}", role.id)>{role_name(&role)}</a>
                    {comes_with.then(|| view! { <span class="pill">{t("roles-built-in")}</span> })}
                </p>
                {(!description.is_empty()).then(|| view! { <p class="small soft">{description}</p> })}
                <p class="small faint">{allows}" · "{holders(&role)}</p>
            </div>
        </li>
    }
}

/// Permissions down, roles across.
#[component]
fn Matrix(roles: Vec<(Role, Vec<Permission>)>) -> impl IntoView {
    let heads = roles
        .iter()
        .map(|(role, _)| view! { <th scope="col">{role_name(role)}</th> })
        .collect_view();
    let rows = Permission::ALL
        .iter()
        .map(|permission| {
            let cells = roles
                .iter()
                .map(|(_, held)| {
                    if held.contains(permission) {
                        view! { <td class="yes"><span aria-hidden="true">"✓"</span><span class="unseen">{t("roles-yes")}</span></td> }.into_any()
                    } else {
                        view! { <td class="no"><span aria-hidden="true">"·"</span><span class="unseen">{t("roles-no")}</span></td> }.into_any()
                    }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{permission_name(*permission)}<br/><code class="small faint">{permission.as_str()}</code></th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="matrix">
            <table class="data matrix" data-testid="matrix">
                <thead><tr><th scope="col">{t("roles-matrix-permission")}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
