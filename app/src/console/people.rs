//! `/admin/users`: everybody, searched, filtered, sorted and paged. What is shown stands in the address, so a view can be shared.

use chrono::{DateTime, Utc};
use domain::authentication::session::SignedIn;
use domain::authorization::built_in::BuiltIn;
use domain::authorization::{May, Permission, Rights, right};
use domain::users::directory::{
    self, Asked, Begin, By, Count, LOOKED_AT, Listed, Mark, PAGE, Page, Proves, RoleHeld, Sort, State,
};
use leptos::prelude::*;

use crate::console::everybody;
use crate::console::frame::{Console, console_page};
use crate::ui::art::{Glyph, Icon};
use crate::ui::layout::initials;
use crate::ui::notice::GoodNews;
use crate::visit::{Visit, t, t_with, words};

/// The path of the list.
pub const LIST: &str = "/admin/users";

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    console_page(async |visit: Visit, person: SignedIn| {
        let field = |name: &str| visit.query.get(name).cloned();
        let asked = Asked::read(field);
        let mark = |name| field(name).unwrap_or_default();
        let begin = Begin::read(&mark("after"), &mark("before"));
        let (page, roles, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersRead>| {
                let page = directory::page(tx, may, &asked, begin).await?;
                Ok((page, directory::roles(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let invite = rights.has(Permission::UsersInvite).then(|| {
            view! { <a class="btn" href="/admin/invitations/new" data-testid="invite-link">{t("invitations-new")}</a> }
        });
        let export = rights.has(Permission::UsersExport).then(|| {
            let href = address("/admin/users.csv", &asked, &[]);
            view! { <a class="btn" href=href data-testid="export-link">{t("people-export")}</a> }
        });
        let import = rights.has(Permission::UsersImport).then(|| {
            view! { <a class="btn" href="/admin/import" data-testid="import-link">{t("people-import")}</a> }
        });
        let everybody = rights.has(Permission::SessionsEnd).then(|| {
            view! { <a class="btn quiet" href=everybody::PAGE data-testid="everybody-link">{t("everybody-link")}</a> }
        });
        let shown = if page.people.is_empty() {
            view! { <Nobody asked=asked.clone() page/> }.into_any()
        } else {
            view! { <Table asked=asked.clone() page roles=roles.clone() rights=rights.clone() person/> }
                .into_any()
        };
        Ok(view! {
            <Console title=t("people-title") rights>
                <header>
                    <div>
                        <h1>{t("people-title")}</h1>
                        <p class="soft">{t("people-text")}</p>
                    </div>
                    <div class="row">{everybody}{import}{export}{invite}</div>
                </header>
                <Report/>
                <section class="card flush" aria-label=t("people-title")>
                    <Filters asked roles/>
                    {shown}
                </section>
            </Console>
        })
    })
}

/// The address of a page below the list that is about these people, with more fields.
pub fn address(path: &str, asked: &Asked, more: &[(&str, &str)]) -> String {
    let query = query(asked, more);
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The same without the path.
pub fn query(asked: &Asked, more: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.fields());
    query.extend_pairs(more);
    query.finish()
}

/// A role in the reader's language, if it comes with the program.
pub fn role_name(role: &RoleHeld) -> String {
    match BuiltIn::parse(&role.id) {
        Some(built_in) => t(&format!("role-{}-name", built_in.id())),
        None => role.name.clone(),
    }
}

/// What became of the people who were chosen, after a deed for several.
#[component]
fn Report() -> impl IntoView {
    let visit = Visit::current();
    let number = |name: &str| {
        visit
            .query
            .get(name)
            .and_then(|number| number.parse::<u16>().ok())
    };
    let is_done = visit.query.get("done").is_some_and(|done| done == "people");
    let (done, of) = (number("n").unwrap_or_default(), number("of").unwrap_or_default());
    is_done.then(|| {
        let (done, of) = (done.to_string(), of.to_string());
        view! { <GoodNews text=t_with("people-done", &[("done", &done), ("of", &of)])/> }
    })
}

/// The form that asks. It leads to another address of this page.
#[component]
fn Filters(asked: Asked, roles: Vec<RoleHeld>) -> impl IntoView {
    let states = State::ALL.map(|state| (state.as_str().to_owned(), state_name(state)));
    let proves = Proves::ALL.map(|proves| {
        (
            proves.as_str().to_owned(),
            t(&format!("people-proves-{}", proves.as_str())),
        )
    });
    let any_role = (Asked::ANY_ROLE.to_owned(), t("people-role-some"));
    let roles = roles.iter().map(|role| (role.id.clone(), role_name(role)));
    let day = |name: &'static str, day: Option<chrono::NaiveDate>| {
        let id = format!("filter-{name}");
        view! {
            <div class="field">
                <label for=id.clone()>{t(&format!("people-{name}"))}</label>
                <input class="input" type="date" id=id name=name value=day.map(|day| day.to_string())/>
            </div>
        }
    };
    let has_days = !asked.created.is_open() || !asked.seen.is_open();
    let is_sorted = asked.sort != Sort::default();
    let clear = (!asked.is_everybody()).then(|| {
        let href = address(
            LIST,
            &Asked {
                sort: asked.sort,
                ..Asked::default()
            },
            &[],
        );
        view! { <a class="btn quiet" href=href data-testid="clear-filters">{t("people-clear")}</a> }
    });
    view! {
        <form class="filters" method="get" action=LIST role="search" data-testid="people-filters">
            <input class="input" type="search" name="q" value=asked.search.clone() placeholder=t("people-search-hint")
                aria-label=t("people-search-label") maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false"
                data-testid="search-input"/>
            <Choice name="state" label=t("people-state-label") any=t("people-state-any") options=states.to_vec() chosen=asked.state.map(State::as_str).map(str::to_owned)/>
            <Choice name="role" label=t("people-role-label") any=t("people-role-any") options=[any_role].into_iter().chain(roles).collect() chosen=asked.role.clone()/>
            <Choice name="proves" label=t("people-proves-label") any=t("people-proves-any") options=proves.to_vec() chosen=asked.proves.map(Proves::as_str).map(str::to_owned)/>
            {is_sorted.then(|| view! { <input type="hidden" name="sort" value=asked.sort.as_str()/> })}
            <button class="btn primary" data-testid="search-button">{t("people-search-button")}</button>
            {clear}
            <details class="more" open=has_days>
                <summary>{t("people-days")}</summary>
                <div class="days">
                    {day("created-from", asked.created.from)}
                    {day("created-to", asked.created.to)}
                    {day("seen-from", asked.seen.from)}
                    {day("seen-to", asked.seen.to)}
                </div>
                <p class="hint">{t("people-days-hint")}</p>
            </details>
        </form>
    }
}

/// One of several, or any.
#[component]
fn Choice(
    name: &'static str,
    label: String,
    any: String,
    options: Vec<(String, String)>,
    chosen: Option<String>,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = chosen.as_ref() == Some(&value);
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <select class="input" name=name aria-label=label data-testid=format!("{name}-filter")>
            <option value="">{any}</option>
            {options}
        </select>
    }
}

/// Nobody is found, and the way out.
#[component]
fn Nobody(asked: Asked, page: Page) -> impl IntoView {
    let (heading, text) = if page.after.is_some() {
        let looked = words().number(LOOKED_AT.unsigned_abs());
        (
            t("people-further-heading"),
            t_with("people-further-text", &[("count", &looked)]),
        )
    } else {
        (t("people-nobody-heading"), t("people-nobody-text"))
    };
    let all = address(
        LIST,
        &Asked {
            sort: asked.sort,
            ..Asked::default()
        },
        &[],
    );
    view! {
        <div class="empty" data-testid="nobody">
            <Icon glyph=Glyph::Person/>
            <h2>{heading}</h2>
            <p>{text}</p>
            <a class="btn" href=all>{t("people-show-all")}</a>
        </div>
        <Pages asked before=page.before after=page.after/>
    }
}

/// The people of a page, and what can be done with those who are chosen.
#[component]
fn Table(asked: Asked, page: Page, roles: Vec<RoleHeld>, rights: Rights, person: SignedIn) -> impl IntoView {
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

/// What a state is called.
pub fn state_name(state: State) -> String {
    t(&format!("people-state-{}", state.as_str()))
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

/// The page before and the next one.
#[component]
fn Pages(asked: Asked, before: Option<Mark>, after: Option<Mark>) -> impl IntoView {
    if before.is_none() && after.is_none() {
        return ().into_any();
    }
    let link = |name: &str, mark: Mark| address(LIST, &asked, &[(name, &mark.text())]);
    let before = before.map(|mark| view! { <a class="btn sm" rel="prev" href=link("before", mark) data-testid="page-before">{t("people-page-before")}</a> });
    let after = after.map(|mark| view! { <a class="btn sm" rel="next" href=link("after", mark) data-testid="page-after">{t("people-page-after")}</a> });
    view! { <nav class="row apart inset" aria-label=t("people-pages")><span>{before}</span><span>{after}</span></nav> }.into_any()
}
