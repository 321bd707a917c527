//! `/admin/groups/{id}`: what a group gives, and who is in it.

use domain::authorization::group::{self, Group, Member, PAGE};
use domain::authorization::role::Role;
use domain::authorization::{May, Permission, Rights, right};
use domain::{Code, Error, Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use crate::console::frame::{Console, console_page};
use crate::console::groups::members;
use crate::console::roles::role_name;
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, Summary, TextField};
use crate::ui::layout::{Done, initials};
use crate::visit::{Visit, t, t_with};

/// The id of a group, as an address or a form has it.
fn id_of(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| Error::form(Code::GroupUnknown))
}

fn back(id: Uuid) -> Next {
    Next::to(format!("/admin/groups/{id}?done=changed"))
}

/// Gives a group another name, or another description.
#[server(endpoint = "admin-rename-group", prefix = "/api")]
pub async fn rename_group(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] name: String,
    #[server(default)] description: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::rename(&visit.desk()?, (id, version), &name, &description).await?;
    Ok(back(id))
}

/// Removes a group, whose name was typed once more.
#[server(endpoint = "admin-remove-group", prefix = "/api")]
pub async fn remove_group(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] confirmation: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::remove(&visit.desk()?, (id, version), &confirmation).await?;
    Ok(Next::to("/admin/groups?done=removed"))
}

/// Puts somebody into a group, by their address.
#[server(endpoint = "admin-join-group", prefix = "/api")]
pub async fn join_group(
    #[server(default)] id: String,
    #[server(default)] email: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::add(&visit.desk()?, id, &email).await?;
    Ok(back(id))
}

/// Takes somebody out of a group.
#[server(endpoint = "admin-leave-group", prefix = "/api")]
pub async fn leave_group(
    #[server(default)] id: String,
    #[server(default)] person: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::expel(&visit.desk()?, id, Uuid::parse_str(&person).unwrap_or_default()).await?;
    Ok(back(id))
}

/// Gives a role to whoever is in a group.
#[server(endpoint = "admin-give-group-role", prefix = "/api")]
pub async fn give_group_role(
    #[server(default)] id: String,
    #[server(default)] role: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::give_role(&visit.desk()?, id, &role).await?;
    Ok(back(id))
}

/// Takes a role from a group.
#[server(endpoint = "admin-take-group-role", prefix = "/api")]
pub async fn take_group_role(
    #[server(default)] id: String,
    #[server(default)] role: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let id = id_of(&id).unwrap_or_default();
    group::take_role(&visit.desk()?, id, &role).await?;
    Ok(back(id))
}

/// All that the page shows.
#[derive(Clone)]
struct Shown {
    group: Group,
    /// What it gives.
    given: Vec<Role>,
    /// What it could give besides.
    others: Vec<Role>,
    /// Who is in it; `None`: the visitor may not see people.
    people: Option<Vec<Member>>,
    rights: Rights,
}

/// The page.
#[component]
pub fn GroupPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    console_page(async move |visit: Visit, _person| {
        let after = visit.query.get("after").cloned().unwrap_or_default();
        let shown = visit
            .desk()?
            .look(async |tx, may: &May<right::RolesRead>| {
                let group = Group::find(tx, may, id_of(&id)?).await?;
                let held = group.roles(tx, may).await?;
                let (given, others) = Role::all(tx, may)
                    .await?
                    .into_iter()
                    .partition(|role| held.contains(&role.id));
                let people = if may.rights.has(Permission::UsersRead) {
                    Some(group.members(tx, may, &after).await?)
                } else {
                    None
                };
                Ok(Shown {
                    group,
                    given,
                    others,
                    people,
                    rights: may.rights.clone(),
                })
            })
            .await?;
        let Shown {
            group,
            given,
            others,
            people,
            rights,
        } = shown;
        let may_write = rights.has(Permission::RolesWrite);
        let may_assign = rights.has(Permission::RolesAssign);
        Ok(view! {
            <Console title=group.name.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/groups">{t("group-back")}</a></p>
                        <h1>{group.name.clone()}</h1>
                        <p class="soft">{group.description.clone()}</p>
                    </div>
                </header>
                <Done what="made" text=t("group-done-made")/>
                <Done what="changed" text=t("group-done-changed")/>
                <Summary but=&[JoinGroup::PATH, RenameGroup::PATH, RemoveGroup::PATH]/>
                <RolesOf group=group.clone() given others may_assign/>
                <People group=group.clone() people may_assign is_first=after.is_empty()/>
                {may_write.then(|| view! { <Rename group=group.clone()/><Removal group=group.clone()/> })}
            </Console>
        })
    })
}

#[component]
fn RolesOf(group: Group, given: Vec<Role>, others: Vec<Role>, may_assign: bool) -> impl IntoView {
    let id = group.id.to_string();
    let lines = given
        .iter()
        .map(|role| {
            let name = role_name(role);
            let label = t_with("group-role-take-label", &[("name", &name)]);
            let take = may_assign.then(|| {
                view! {
                    <form method="post" action=TakeGroupRole::PATH>
                        <input type="hidden" name="id" value=id.clone()/>
                        <input type="hidden" name="role" value=role.id.clone()/>
                        <button class="btn sm" aria-label=label data-testid="take-group-role-button">{t("group-role-take-button")}</button>
                    </form>
                }
            });
            view! { <li><a class="grow" href=format!("/admin/roles/{}", role.id)>{name}</a>{take}</li> }
        })
        .collect_view();
    let options = others
        .iter()
        .map(|role| view! { <option value=role.id.clone()>{role_name(role)}</option> })
        .collect_view();
    let give = may_assign.then(|| {
        if others.is_empty() {
            return view! { <p class="small soft">{t("group-role-none-left")}</p> }.into_any();
        }
        view! {
            <form class="row" method="post" action=GiveGroupRole::PATH>
                <input type="hidden" name="id" value=id.clone()/>
                <label class="label" for="role">{t("group-role-give-label")}</label>
                <select class="input fit" id="role" name="role">{options}</select>
                <button class="btn" data-testid="give-group-role-button">{t("group-role-give-button")}</button>
            </form>
        }
        .into_any()
    });
    view! {
        <section class="card stack" aria-labelledby="gives">
            <h2 id="gives">{t("group-roles-heading")}</h2>
            {given.is_empty().then(|| view! { <p class="soft">{t("group-roles-empty")}</p> })}
            <ul class="things" data-testid="group-roles">{lines}</ul>
            {give}
        </section>
    }
}

#[component]
fn People(group: Group, people: Option<Vec<Member>>, may_assign: bool, is_first: bool) -> impl IntoView {
    let id = group.id.to_string();
    let list = match people {
        None => view! { <p class="soft">{t("group-members-closed")}</p> }.into_any(),
        Some(people) if people.is_empty() => {
            view! { <p class="soft">{t("group-members-empty")}</p> }.into_any()
        }
        Some(mut people) => {
            let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let is_more = people.len() > size;
            people.truncate(size);
            let more = is_more.then(|| people.last().cloned()).flatten().map(|last| {
                let after: String = url::form_urlencoded::byte_serialize(last.email_key.as_bytes()).collect();
                view! { <a class="btn sm" rel="next" href=format!("/admin/groups/{id}?after={after}")>{t("group-members-more")}</a> }
            });
            let first = (!is_first).then(|| {
                view! { <a class="btn sm" rel="prev" href=format!("/admin/groups/{id}")>{t("group-members-first")}</a> }
            });
            let lines = people
                .into_iter()
                .map(|member| view! { <Line id=id.clone() member may_assign/> })
                .collect_view();
            view! {
                <ul class="things" data-testid="members">{lines}</ul>
                <div class="row">{first}{more}</div>
            }
            .into_any()
        }
    };
    let add = may_assign.then(|| {
        view! {
            <div class="narrow">
                <Form action=JoinGroup::PATH>
                    <input type="hidden" name="id" value=group.id.to_string()/>
                    <TextField field=Field::Email label=t("group-member-add-label") kind="email" autocomplete="off"/>
                    <button class="btn" data-testid="join-group-button">{t("group-member-add-button")}</button>
                </Form>
            </div>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="people">
            <h2 id="people">{t("group-members-heading")}</h2>
            {(group.members > 0).then(|| view! { <p class="small faint">{members(&group)}</p> })}
            {list}
            {add}
        </section>
    }
}

#[component]
fn Line(id: String, member: Member, may_assign: bool) -> impl IntoView {
    let label = t_with("group-member-expel-label", &[("name", &member.name)]);
    let expel = may_assign.then(|| {
        view! {
            <form method="post" action=LeaveGroup::PATH>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="person" value=member.id.to_string()/>
                <button class="btn sm" aria-label=label data-testid="leave-group-button">{t("group-member-expel-button")}</button>
            </form>
        }
    });
    view! {
        <li>
            <span class="who grow">
                <span class="av" aria-hidden="true">{initials(&member.name)}</span>
                <span><span class="strong">{member.name}</span><br/><span class="small soft break">{member.email}</span></span>
            </span>
            {expel}
        </li>
    }
}

#[component]
fn Rename(group: Group) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="name-heading">
            <h2 id="name-heading">{t("group-name-heading")}</h2>
            <div class="narrow">
                <Form action=RenameGroup::PATH>
                    <input type="hidden" name="id" value=group.id.to_string()/>
                    <input type="hidden" name="version" value=group.version.to_string()/>
                    <TextField field=Field::Name label=t("role-name-label") autocomplete="off" value=group.name/>
                    <TextField field=Field::Description label=t("role-description-label") autocomplete="off" value=group.description optional=true/>
                    <button class="btn" data-testid="rename-group-button">{t("group-save-button")}</button>
                </Form>
            </div>
        </section>
    }
}

#[component]
fn Removal(group: Group) -> impl IntoView {
    let label = t_with("role-remove-label", &[("name", &group.name)]);
    let count = group.members.to_string();
    view! {
        <section class="card stack" aria-labelledby="remove">
            <h2 id="remove">{t("group-remove-heading")}</h2>
            <p class="soft">{t_with("group-remove-text", &[("count", &count)])}</p>
            <div class="narrow">
                <Form action=RemoveGroup::PATH>
                    <input type="hidden" name="id" value=group.id.to_string()/>
                    <input type="hidden" name="version" value=group.version.to_string()/>
                    <TextField field=Field::Confirmation label autocomplete="off"/>
                    <button class="btn danger" data-testid="remove-group-button">{t("group-remove-button")}</button>
                </Form>
            </div>
        </section>
    }
}
