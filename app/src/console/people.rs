//! `/admin/users`: everybody, searched, filtered, sorted and paged. What is shown stands in the address, so a view can be shared.

mod table;

use domain::authentication::session::SignedIn;
use domain::authorization::built_in::BuiltIn;
use domain::authorization::{May, Permission, right};
use domain::users::directory::{self, Asked, Begin, LOOKED_AT, Mark, Page, Proves, RoleHeld, Sort, State};
use leptos::prelude::*;

use self::table::Table;
use crate::console::everybody;
use crate::console::frame::{Console, console_page};
use crate::ui::art::{Glyph, Icon};
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

/// What a state is called.
pub fn state_name(state: State) -> String {
    t(&format!("people-state-{}", state.as_str()))
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
