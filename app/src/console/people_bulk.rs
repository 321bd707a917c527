//! `/admin/users/bulk`: what a deed for several people will do, in numbers and names, and the button that does it.

use domain::authorization::{May, right};
use domain::users::bulk::{self, Chosen, Deed, Outcome, Report};
use domain::users::directory::{self, Asked, RoleHeld};
use domain::{Code, Error};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::console::frame::{Console, console_page};
use crate::console::people::{LIST, address, role_name};
use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::visit::{Visit, t, t_with};

/// Locks or unlocks the accounts of several people.
#[server(endpoint = "admin-lock-people", prefix = "/api")]
pub async fn lock_people(
    #[server(default)] deed: String,
    #[server(default)] list: String,
    #[server(default)] people: Vec<String>,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    Ok(back(&list, bulk::lock(&visit.desk()?, &deed, &people).await?))
}

/// Signs several people out everywhere.
#[server(endpoint = "admin-end-sessions-of-people", prefix = "/api")]
pub async fn end_sessions_of_people(
    #[server(default)] list: String,
    #[server(default)] people: Vec<String>,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    Ok(back(&list, bulk::end_sessions(&visit.desk()?, &people).await?))
}

/// Gives several people a role.
#[server(endpoint = "admin-give-role-to-people", prefix = "/api")]
pub async fn give_role_to_people(
    #[server(default)] role: String,
    #[server(default)] list: String,
    #[server(default)] people: Vec<String>,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    Ok(back(
        &list,
        bulk::give_role(&visit.desk()?, &role, &people).await?,
    ))
}

/// To the list as it was, which says how it went.
fn back(list: &str, report: Report) -> Next {
    let (done, of) = (report.done.to_string(), report.of.to_string());
    let told = [("done", "people"), ("n", done.as_str()), ("of", of.as_str())];
    Next::to(address(LIST, &read_list(list), &told))
}

/// What the list was asked for, from the query of its address.
fn read_list(list: &str) -> Asked {
    Asked::read(|name| {
        let mut fields = url::form_urlencoded::parse(list.as_bytes());
        fields
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.into_owned())
    })
}

/// The people of a query: each `people[]`.
pub fn chosen_in(target: &str) -> Vec<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let fields = url::form_urlencoded::parse(query.as_bytes());
    fields
        .filter(|(name, _)| name == "people[]")
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// The page.
#[component]
pub fn BulkPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let field = |name: &str| visit.query.get(name).cloned().unwrap_or_default();
        let (typed, list) = (field("deed"), field("list"));
        let (name, role) = typed.split_once('.').unwrap_or((&typed, ""));
        let typed = chosen_in(&visit.target);
        let (deed, chosen, roles, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersRead>| {
                let deed = Deed::parse(name, role).ok_or_else(|| Error::form(Code::Malformed))?;
                let chosen = bulk::look(tx, may, &deed, &bulk::ids(&typed)?).await?;
                Ok((deed, chosen, directory::roles(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let role = match &deed {
            Deed::GiveRole(id) => Some(
                roles
                    .into_iter()
                    .find(|role| role.id == *id)
                    .ok_or_else(|| Error::form(Code::RoleUnknown))?,
            ),
            _ => None,
        };
        if !rights.has(deed.needs()) {
            return Err(Error::form(Code::NotAllowed));
        }
        let back = address(LIST, &read_list(&list), &[]);
        let heading = told("heading", &deed, role.as_ref(), &[]);
        Ok(view! {
            <Console title=heading.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=back.clone()>{t("people-bulk-back")}</a></p>
                        <h1>{heading}</h1>
                    </div>
                </header>
                <Review deed chosen role list back/>
            </Console>
        })
    })
}

/// A message about a deed.
fn told(what: &str, deed: &Deed, role: Option<&RoleHeld>, numbers: &[(&str, &str)]) -> String {
    let role = role.map(role_name).unwrap_or_default();
    let arguments: Vec<_> = numbers.iter().copied().chain([("role", role.as_str())]).collect();
    t_with(&format!("people-bulk-{}-{what}", deed.as_str()), &arguments)
}

/// What will happen, to whom, and to whom it won't.
#[component]
fn Review(
    deed: Deed,
    chosen: Vec<Chosen>,
    role: Option<RoleHeld>,
    list: String,
    back: String,
) -> impl IntoView {
    let is_done = |chosen: &&Chosen| matches!(chosen.outcome, Outcome::Done(_));
    let (touched, spared): (Vec<&Chosen>, Vec<&Chosen>) = chosen.iter().partition(is_done);
    let sessions: u64 = touched
        .iter()
        .map(|chosen| {
            if let Outcome::Done(sessions) = chosen.outcome {
                sessions
            } else {
                0
            }
        })
        .sum();
    let (people, sessions) = (touched.len().to_string(), sessions.to_string());
    let text = told(
        "text",
        &deed,
        role.as_ref(),
        &[("people", &people), ("sessions", &sessions)],
    );
    let hidden = touched
        .iter()
        .map(|chosen| view! { <input type="hidden" name="people[]" value=chosen.id.to_string()/> })
        .collect_view();
    let names = touched
        .iter()
        .map(|chosen| view! { <li><span class="strong">{chosen.name.clone()}</span>" "<span class="small soft">{chosen.email.clone()}</span></li> })
        .collect_view();
    let others = (!spared.is_empty()).then(|| {
        let lines = spared
            .iter()
            .map(|chosen| {
                let why = match chosen.outcome {
                    Outcome::Oneself => t("people-bulk-oneself"),
                    Outcome::Administrator => t("people-bulk-administrator"),
                    Outcome::Already | Outcome::Done(_) => told("already", &deed, role.as_ref(), &[]),
                };
                view! { <li><span class="strong">{chosen.name.clone()}</span>" "<span class="small soft">{why}</span></li> }
            })
            .collect_view();
        view! { <div class="stack tight"><p class="strong">{t_with("people-bulk-spared", &[("people", &spared.len().to_string())])}</p><ul class="told">{lines}</ul></div> }
    });
    let action = match deed {
        Deed::Lock | Deed::Unlock => LockPeople::PATH,
        Deed::EndSessions => EndSessionsOfPeople::PATH,
        Deed::GiveRole(_) => GiveRoleToPeople::PATH,
    };
    let class = if matches!(deed, Deed::Lock | Deed::EndSessions) {
        "btn danger"
    } else {
        "btn primary"
    };
    let button = told("button", &deed, role.as_ref(), &[("people", &people)]);
    let cancel = back.clone();
    let form = (!touched.is_empty()).then(|| {
        view! {
            <div class="stack tight"><p>{text}</p><ul class="told" data-testid="touched">{names}</ul></div>
            <Form action>
                <input type="hidden" name="deed" value=deed.as_str()/>
                <input type="hidden" name="role" value=role.map(|role| role.id)/>
                <input type="hidden" name="list" value=list/>
                {hidden}
                <div class="row">
                    <button class=class data-testid="bulk-button">{button}</button>
                    <a class="btn quiet" href=cancel>{t("people-bulk-cancel")}</a>
                </div>
            </Form>
        }
    });
    let nothing = touched.is_empty().then(|| view! { <p>{t("people-bulk-nothing")}</p><p><a class="btn" href=back>{t("people-bulk-back")}</a></p> });
    view! { <section class="card stack" aria-label=t("people-bulk-label")>{form}{nothing}{others}</section> }
}
