//! `/admin/groups`: the groups, and a form for another one.

use domain::authorization::group::{self, Group};
use domain::authorization::{May, Permission, right};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, TextField};
use crate::ui::layout::Done;
use crate::visit::{Visit, t, t_with};

/// Makes a group.
#[server(endpoint = "admin-make-group", prefix = "/api")]
pub async fn make_group(
    #[server(default)] name: String,
    #[server(default)] description: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = group::create(&visit.desk()?, &name, &description).await?;
    Ok(Next::to(format!("/admin/groups/{id}?done=made")))
}

/// The page.
#[component]
pub fn GroupsPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let (groups, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                Ok((Group::all(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let may_write = rights.has(Permission::RolesWrite);
        let list = if groups.is_empty() {
            view! {
                <div class="empty">
                    <h2>{t("groups-empty-title")}</h2>
                    <p>{t("groups-empty-text")}</p>
                </div>
            }
            .into_any()
        } else {
            let lines = groups
                .into_iter()
                .map(|group| view! { <Line group/> })
                .collect_view();
            view! { <ul class="next" data-testid="groups">{lines}</ul> }.into_any()
        };
        Ok(view! {
            <Console title=t("groups-title") rights>
                <header>
                    <div>
                        <h1>{t("groups-title")}</h1>
                        <p class="soft">{t("groups-text")}</p>
                    </div>
                </header>
                <Done what="removed" text=t("groups-done-removed")/>
                <section class="card" aria-label=t("groups-list")>{list}</section>
                {may_write.then(|| view! { <NewGroup/> })}
            </Console>
        })
    })
}

/// How many people are in a group.
pub fn members(group: &Group) -> String {
    t_with("groups-members", &[("count", &group.members.to_string())])
}

#[component]
fn Line(group: Group) -> impl IntoView {
    let count = members(&group);
    let description = (!group.description.is_empty())
        .then(|| view! { <p class="small soft">{group.description.clone()}</p> });
    view! {
        <li>
            <div class="stack tight">
                <p><a class="strong" href=format!("/admin/groups/{}", group.id)>{group.name}</a></p>
                {description}
                <p class="small faint">{count}</p>
            </div>
        </li>
    }
}

#[component]
fn NewGroup() -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="new-group">
            <h2 id="new-group">{t("groups-new")}</h2>
            <div class="narrow">
                <Form action=MakeGroup::PATH>
                    <TextField field=Field::Name label=t("role-name-label") autocomplete="off" hint=t("groups-name-hint")/>
                    <TextField field=Field::Description label=t("role-description-label") autocomplete="off" hint=t("role-description-hint") optional=true/>
                    <button class="btn primary" data-testid="make-group-button">{t("groups-make-button")}</button>
                </Form>
            </div>
        </section>
    }
}
