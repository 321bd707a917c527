//! `/admin/audit`: what happened, by what is asked for, page by page and as it is written.

pub mod chain;
mod filters;
pub mod row;
mod told;
mod why;

use std::collections::BTreeMap;

use domain::audit::activity::Cursor;
use domain::audit::trail::filter::Fault;
use domain::audit::trail::{By, Filter, Line, Named, Page};
use domain::audit::why::Why;
use domain::authorization::{May, Permission, right};
use leptos::prelude::*;
use uuid::Uuid;

use self::filters::{Filters, Typed};
pub use self::told::Told;
use self::told::device;
use self::why::Explained;
use crate::console::frame::{Console, console_page};
use crate::islands::AuditTail;
use crate::ui::art::DoorArt;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// The path of the page.
const HERE: &str = "/admin/audit";

/// What the page shows.
struct Shown {
    page: Page,
    names: BTreeMap<Uuid, Named>,
    /// Why those rows were refused that belong to the request that was asked for.
    refused: Vec<Why>,
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    console_page(async |visit, person| {
        let typed = Typed::of(&visit.query);
        let cursor = cursor_of(&visit.query);
        let zone = person.zone();
        let (found, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::AuditRead>| {
                let filter = match Filter::read(tx, &visit.query, zone).await? {
                    Ok(filter) => filter,
                    Err(faults) => return Ok((Err(faults), may.rights.clone())),
                };
                let page = Page::read(tx, may, &filter, cursor).await?;
                let names = Named::of(tx, &page.lines).await?;
                let mut refused = Vec::new();
                if filter.request.is_some() {
                    for line in &page.lines {
                        refused.extend(Why::of(tx, may, line).await?);
                    }
                }
                Ok((Ok(Shown { page, names, refused }), may.rights.clone()))
            })
            .await?;
        let may_export = rights.has(Permission::AuditExport);
        let (faults, shown) = match found {
            Ok(shown) => (BTreeMap::new(), Some(shown)),
            Err(faults) => (faults, None),
        };
        let list = shown.map_or_else(
            || empty("audit-empty-faults"),
            |shown| list(shown, &typed, cursor),
        );
        let copy = (may_export && faults.is_empty()).then(|| view! { <AsFile typed=typed.clone()/> });
        Ok(view! {
            <Console title=t("audit-title") rights>
                <header>
                    <div>
                        <h1>{t("audit-title")}</h1>
                        <p class="soft">{t("audit-text")}</p>
                    </div>
                    <a class="btn" href="/admin/audit/chain" data-testid="chain-link">{t("audit-chain-link")}</a>
                </header>
                <Filters typed faults=faults zone/>
                {list}
                {copy}
                <p class="small soft">{kept(&visit)}</p>
            </Console>
        })
    })
}

/// How long rows are kept.
fn kept(visit: &Visit) -> String {
    match visit.platform.config.audit_retention {
        Some(kept) => t_with("audit-kept", &[("days", &kept.num_days().to_string())]),
        None => t("audit-kept-for-ever"),
    }
}

/// Where the page begins, by its address. What can't be read begins at the newest row.
fn cursor_of(query: &BTreeMap<String, String>) -> Cursor {
    let id = |name| query.get(name).and_then(|id| Uuid::parse_str(id).ok());
    match (id("before"), id("after")) {
        (Some(id), _) => Cursor::Before(id),
        (None, Some(id)) => Cursor::After(id),
        (None, None) => Cursor::Newest,
    }
}

fn empty(text: &'static str) -> AnyView {
    view! {
        <section class="card empty" data-testid="audit-empty">
            <DoorArt/>
            <h2>{t("audit-empty-title")}</h2>
            <p>{t(text)}</p>
        </section>
    }
    .into_any()
}

/// The rows of a page, with the way to the next ones.
fn list(shown: Shown, typed: &Typed, cursor: Cursor) -> AnyView {
    let Shown { page, names, refused } = shown;
    let is_newest = cursor == Cursor::Newest;
    let why = refused
        .into_iter()
        .map(|why| view! { <Explained why/> })
        .collect_view();
    let place = page.lines.iter().filter_map(|line| line.seq).max();
    let looked = page.looked_to.map(|at| {
        let text = t_with(
            "audit-looked",
            &[("moment", &words().moment_in(at, zone_of_reader()))],
        );
        let href = page
            .older
            .map(|id| typed.href(HERE, &[("before", &id.to_string())]));
        view! {
            <p class="note" data-testid="audit-looked">
                <span>{text}" "{href.map(|href| view! { <a href=href>{t("audit-look-on")}</a> })}</span>
            </p>
        }
    });
    let nothing = (page.lines.is_empty() && page.looked_to.is_none()).then(|| empty("audit-empty-text"));
    let rows = page
        .lines
        .iter()
        .map(|line| view! { <Row line=line.clone() told=Told::of(words(), zone_of_reader(), line, &names)/> })
        .collect_view();
    let table = view! {
        <div class="card flush scroll" tabindex="0" role="group" aria-label=t("audit-list") hidden=page.lines.is_empty() && !is_newest>
            <table class="data audit">
                <thead>
                    <tr>
                        <th scope="col">{t("audit-column-when")}</th>
                        <th scope="col">{t("audit-column-what")}</th>
                        <th scope="col">{t("audit-column-who")}</th>
                        <th scope="col" class="extra">{t("audit-column-whom")}</th>
                        <th scope="col" class="extra">{t("audit-column-from")}</th>
                    </tr>
                </thead>
                <tbody data-testid="audit">{is_newest.then(prototype)}{rows}</tbody>
            </table>
        </div>
    }
    .into_any();
    let newest = (!is_newest).then(|| {
        view! { <a class="btn sm" href=typed.href(HERE, &[]) data-testid="newest-link">{t("audit-newest")}</a> }
    });
    let newer = page.newer.map(|id| {
        let href = typed.href(HERE, &[("after", &id.to_string())]);
        view! { <a class="btn sm" href=href rel="prev" data-testid="newer-link">{t("audit-newer")}</a> }
    });
    let older = page.older.map(|id| {
        let href = typed.href(HERE, &[("before", &id.to_string())]);
        view! { <a class="btn sm" href=href rel="next" data-testid="older-link">{t("audit-older")}</a> }
    });
    let list = if is_newest {
        let after = place.map(|place| place.to_string());
        let more = after.as_deref().map(|after| ("after", after));
        let source = typed.href("/admin/audit/tail", more.as_slice());
        let again = typed.href(HERE, &[]);
        view! {
            <AuditTail>
                <div class="stack">
                <p class="row">
                    <button class="btn sm" type="button" aria-pressed="false" hidden data-source=source data-testid="follow-button"
                        data-stop=t("audit-follow-stop")>{t("audit-follow")}</button>
                    <a class="btn sm" href=again data-testid="newest-link">{t("audit-newest")}</a>
                    <span class="small soft" role="status" data-live=t("audit-follow-live") data-over=t("audit-follow-over")
                        data-lost=t("audit-follow-lost") data-busy=t("audit-follow-busy")></span>
                </p>
                {table}
                </div>
            </AuditTail>
        }
        .into_any()
    } else {
        table
    };
    view! {
        {why}
        {looked}
        {list}
        {nothing}
        <nav class="row apart" aria-label=t("audit-nav-label")><span class="row">{newest}{newer}</span><span>{older}</span></nav>
    }
    .into_any()
}

fn zone_of_reader() -> Option<domain::users::time_zone::TimeZone> {
    Visit::current()
        .signed_in
        .as_ref()
        .and_then(domain::authentication::session::SignedIn::zone)
}

/// One row.
#[component]
fn Row(line: Line, told: Told) -> impl IntoView {
    let pill = told
        .refused
        .then(|| view! { <span class="pill warn">{t("audit-refused")}</span> });
    let changes: Vec<_> = line.changes().iter().map(told::change).collect();
    let changes =
        (!changes.is_empty()).then(|| view! { <p class="small soft break">{changes.join(" · ")}</p> });
    view! {
        <tr data-testid="audit-row">
            <td class="when"><Moment at=line.at/></td>
            <td>
                <p class="row"><a class="strong" href=told.path>{told.what}</a>{pill}</p>
                <p class="small faint"><code>{told.kind}</code></p>
                {changes}
            </td>
            <td class="break">{told.who}</td>
            <td class="extra break">{told.whom}</td>
            <td class="extra"><p class="num">{told.from}</p><p class="small soft">{device(&line.user_agent)}</p></td>
        </tr>
    }
    .into_any()
}

/// The row of which the island makes new ones: the same cells, empty.
fn prototype() -> impl IntoView {
    view! {
        <tr hidden data-prototype="">
            <td class="when"><time data-slot="time"></time></td>
            <td>
                <p class="row"><a class="strong" data-slot="what" href=HERE></a><span class="pill warn" data-if="refused">{t("audit-refused")}</span></p>
                <p class="small faint"><code data-slot="kind"></code></p>
            </td>
            <td class="break" data-slot="who"></td>
            <td class="extra break" data-slot="whom"></td>
            <td class="extra"><p class="num" data-slot="from"></p><p class="small soft" data-slot="device"></p></td>
        </tr>
    }
}

/// The rows as a file.
#[component]
fn AsFile(typed: Typed) -> impl IntoView {
    let fields = typed
        .fields()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <details class="more card">
            <summary data-testid="copy-summary">{t("audit-copy")}</summary>
            <form class="stack" method="get" action="/admin/audit/export">
                <p class="small soft prose">{t("audit-copy-text")}</p>
                {fields}
                <div class="row">
                    <button class="btn sm" name="format" value="csv" data-testid="csv-button">{t("audit-copy-csv")}</button>
                    <button class="btn sm" name="format" value="jsonl" data-testid="jsonl-button">{t("audit-copy-jsonl")}</button>
                </div>
            </form>
        </details>
    }
}

/// The sentence for a field that can't be read.
fn sentence(fault: Fault) -> String {
    match fault {
        Fault::NoSuchEvent => t("audit-fault-event"),
        Fault::Nobody => t("audit-fault-person"),
        Fault::NoAddress => t("audit-fault-address"),
        Fault::NoRequest => t("audit-fault-request"),
        Fault::NoMoment => t("audit-fault-moment"),
        Fault::EndsEarly => t("audit-fault-order"),
    }
}

/// The address of the page with one filter.
fn only(by: By, value: &str) -> String {
    Typed::only(by, value).href(HERE, &[])
}
