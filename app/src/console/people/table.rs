//! The table of people, and what can be done with several of them.

use chrono::{DateTime, Utc};
use domain::authentication::session::SignedIn;
use domain::authorization::{Permission, Rights};
use domain::users::directory::{Asked, By, Count, LOOKED_AT, Listed, PAGE, Page, RoleHeld, Sort, State};
use leptos::prelude::*;

use super::{LIST, Pages, address, query, role_name, state_name};
use crate::ui::layout::initials;
use crate::visit::{Visit, t, t_with, words};

/// The people of a page, and what can be done with those who are chosen.
#[component]
pub fn Table(
    asked: Asked,
    page: Page,
    roles: Vec<RoleHeld>,
    rights: Rights,
    person: SignedIn,
) -> impl IntoView {
    let now = Visit::current().platform.clock.now();
    let count = match page.count {
        Count::Exactly(count) => Some(t_with(
            "people-count",
            &[
                ("count", &words().number(count.unsigned_abs())),
                ("number", &count.to_string()),
            ],
        )),
        Count::MoreThan(count) => Some(t_with(
            "people-count-more",
            &[("count", &words().number(count.unsigned_abs()))],
        )),
        Count::Unknown => None,
    };
    let is_early = page.after.is_some() && page.people.len() < PAGE;
    let early = is_early.then(|| {
        let looked = words().number(LOOKED_AT.unsigned_abs());
        view! { <p class="hint inset">{t_with("people-further-text", &[("count", &looked)])}</p> }
    });
    let deeds = deeds(&roles, &rights);
    let may_export = rights.has(Permission::UsersExport);
    let can_choose = !deeds.is_empty() || may_export;
    let lines = page
        .people
        .into_iter()
        .map(|listed| view! { <Line listed person=person.clone() now can_choose/> })
        .collect_view();
    let bar = can_choose.then(|| view! { <Deeds deeds may_export/> });
    let list = query(&asked, &[]);
    let head =
        |by: By, first: Sort, text: &str| view! { <Heading asked=asked.clone() by first text=t(text)/> };
    let by_name = head(
        By::Name,
        Sort {
            by: By::Name,
            descending: false,
        },
        "people-name",
    );
    let by_mail = head(
        By::Mail,
        Sort {
            by: By::Mail,
            descending: false,
        },
        "people-mail",
    );
    let by_created = head(
        By::Created,
        Sort {
            by: By::Created,
            descending: true,
        },
        "people-created",
    );
    let by_seen = head(
        By::Seen,
        Sort {
            by: By::Seen,
            descending: true,
        },
        "people-seen",
    );
    let sorted = |by: &[By]| {
        let direction = if asked.sort.descending {
            "descending"
        } else {
            "ascending"
        };
        by.contains(&asked.sort.by).then_some(direction)
    };
    view! {
        {count.map(|count| view! { <p class="small soft inset" role="status" data-testid="people-count">{count}</p> })}
        <form method="get" action="/admin/users/bulk">
            <input type="hidden" name="list" value=list/>
            <div class="scroll" tabindex="0" role="group" aria-label=t("people-title")>
                <table class="data people" data-testid="people">
                    <thead>
                        <tr>
                            {can_choose.then(|| view! { <th scope="col"><span class="unseen">{t("people-choose")}</span></th> })}
                            <th scope="col" aria-sort=sorted(&[By::Name, By::Mail])>{by_name}" · "{by_mail}</th>
                            <th scope="col">{t("people-state-label")}</th>
                            <th scope="col">{t("people-proves-label")}</th>
                            <th scope="col">{t("people-role-label")}</th>
                            <th scope="col" aria-sort=sorted(&[By::Seen])>{by_seen}</th>
                            <th scope="col" aria-sort=sorted(&[By::Created])>{by_created}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {bar}
        </form>
        {early}
        <Pages asked before=page.before after=page.after/>
    }
}

/// A column's name, which sorts by it; by the column that is sorted by already, the other way round.
#[component]
fn Heading(asked: Asked, by: By, first: Sort, text: String) -> impl IntoView {
    let is_current = asked.sort.by == by;
    let sort = if is_current { asked.sort.reversed() } else { first };
    let sign = is_current.then_some(if asked.sort.descending { " ↓" } else { " ↑" });
    let href = address(LIST, &Asked { sort, ..asked }, &[]);
    view! { <a href=href data-testid=format!("sort-{}", sort.as_str())>{text}<span aria-hidden="true">{sign}</span></a> }
}

#[component]
fn Line(listed: Listed, person: SignedIn, now: DateTime<Utc>, can_choose: bool) -> impl IntoView {
    let (id, name) = (listed.id.to_string(), listed.name.clone());
    let state = listed.state();
    let kind = match state {
        State::Active => "pill ok",
        State::Locked => "pill bad",
        State::Erasing => "pill warn",
        State::Closed => "pill",
    };
    let password = listed.has_password.then(|| t("people-proves-password"));
    let proves = listed
        .proves()
        .into_iter()
        .map(|proves| t(&format!("people-proves-{}", proves.as_str())));
    let proves: Vec<String> = password.into_iter().chain(proves).collect();
    let proves = if proves.is_empty() {
        t("people-proves-nothing")
    } else {
        proves.join(", ")
    };
    let roles: Vec<String> = listed.roles().iter().map(role_name).collect();
    let seen = listed
        .last_seen()
        .map_or_else(|| t("people-never"), |at| days_ago(at, now, &person));
    let choose = can_choose.then(|| {
        let label = t_with("people-choose-one", &[("name", &name)]);
        view! { <td><label class="check"><input type="checkbox" name="people[]" value=id.clone() aria-label=label/></label></td> }
    });
    view! {
        <tr data-testid="person">
            {choose}
            <td>
                <div class="who">
                    <span class="av" aria-hidden="true">{initials(&name)}</span>
                    <div><a class="strong" href=format!("{LIST}/{id}")>{name}</a><br/><span class="small soft">{listed.email}</span></div>
                </div>
            </td>
            <td><span class=kind>{state_name(state)}</span></td>
            <td>{proves}</td>
            <td>{roles.join(", ")}</td>
            <td class="nowrap">{seen}</td>
            <td class="nowrap">{words().date(listed.created_at)}</td>
        </tr>
    }
}

/// How many days ago that was, on the reader's calendar; after a month the day.
fn days_ago(at: DateTime<Utc>, now: DateTime<Utc>, reader: &SignedIn) -> String {
    let day = |at: DateTime<Utc>| {
        reader
            .zone()
            .map_or_else(|| at.date_naive(), |zone| zone.local(at).date_naive())
    };
    match (day(now) - day(at)).num_days() {
        ..=0 => t("people-today"),
        1 => t("people-yesterday"),
        days @ 2..=30 => t_with("people-days-ago", &[("count", &days.to_string())]),
        _ => words().date(at),
    }
}

/// The deeds that the visitor may do, as the form names them.
fn deeds(roles: &[RoleHeld], rights: &Rights) -> Vec<(String, String)> {
    let mut deeds = Vec::new();
    if rights.has(Permission::UsersWrite) {
        deeds.extend(["lock", "unlock"].map(|deed| (deed.to_owned(), t(&format!("people-deed-{deed}")))));
    }
    if rights.has(Permission::SessionsEnd) {
        deeds.push(("end-sessions".to_owned(), t("people-deed-end-sessions")));
    }
    if rights.has(Permission::RolesAssign) {
        let give = |role: &RoleHeld| {
            (
                format!("give-role.{}", role.id),
                t_with("people-deed-give-role", &[("role", &role_name(role))]),
            )
        };
        deeds.extend(roles.iter().map(give));
    }
    deeds
}

/// What can be done with those who are chosen. Nothing is done yet: what it will do is told first.
#[component]
fn Deeds(deeds: Vec<(String, String)>, may_export: bool) -> impl IntoView {
    let options = deeds
        .iter()
        .map(|(value, text)| view! { <option value=value.clone()>{text.clone()}</option> })
        .collect_view();
    let choose = (!deeds.is_empty()).then(|| {
        view! {
            <select class="input" name="deed" aria-label=t("people-deed-label") data-testid="deed-select">{options}</select>
            <button class="btn" data-testid="deed-button">{t("people-deed-button")}</button>
        }
    });
    let export = may_export.then(|| {
        view! { <button class="btn quiet" formaction="/admin/users.csv" name="only" value="chosen" data-testid="export-chosen-button">{t("people-export-chosen")}</button> }
    });
    view! { <div class="filters deeds" role="group" aria-label=t("people-deed-group")><span class="small soft">{t("people-deed-group")}</span>{choose}{export}</div> }
}
