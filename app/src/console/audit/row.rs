//! `/admin/audit/row/{id}`: one event, with everything that is known of it.

use domain::audit::trail::{self, By, Line, Named};
use domain::audit::why::Why;
use domain::authorization::{May, Permission, right};
use domain::{Code, Error};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::told::device;
use super::why::Explained;
use super::{HERE, Told, only, zone_of_reader};
use crate::console::frame::{Console, console_page};
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// The page.
#[component]
pub fn AuditRowPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    console_page(async move |visit: Visit, _person| {
        let unknown = || Error::form(Code::EventUnknown);
        let (line, names, why, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::AuditRead>| {
                let id = id.parse::<Uuid>().map_err(|_| unknown())?;
                let line = trail::find(tx, may, id).await?.ok_or_else(unknown)?;
                let names = Named::of(tx, std::slice::from_ref(&line)).await?;
                let why = Why::of(tx, may, &line).await?;
                Ok((line, names, why, may.rights.clone()))
            })
            .await?;
        let told = Told::of(words(), zone_of_reader(), &line, &names);
        let may_see_people = rights.has(Permission::UsersRead);
        let person = |id: Option<Uuid>, name: &str| {
            let named = id.and_then(|id| names.get(&id)).filter(|_| may_see_people);
            let name = name.to_owned();
            match named {
                Some(named) => view! {
                    <a href=format!("/admin/users/{}", named.id)>{name}</a>
                    <span class="small soft">{named.email.clone()}</span>
                }
                .into_any(),
                None => view! { <span>{name}</span> }.into_any(),
            }
        };
        let (who, whom) = (
            person(line.actor_id, &told.who),
            person(line.subject_id, &told.whom),
        );
        let whom = line
            .subject_id
            .map(|_| view! { <div><dt>{t("audit-column-whom")}</dt><dd>{whom}</dd></div> });
        let outcome = if told.refused {
            view! { <span class="pill warn">{t("audit-refused")}</span> }
        } else {
            view! { <span class="pill ok">{t("audit-row-done")}</span> }
        };
        let around = around(&line, &told);
        Ok(view! {
            <Console title=t("audit-row-title") rights>
                <header>
                    <div>
                        <p class="small"><a href=HERE>{t("audit-row-back")}</a></p>
                        <h1>{told.what.clone()}</h1>
                        <p class="soft"><Moment at=line.at/></p>
                    </div>
                </header>
                {why.map(|why| view! { <Explained why/> })}
                <section class="card stack" aria-labelledby="about">
                    <h2 id="about">{t("audit-row-about")}</h2>
                    {line.emptied.then(|| view! { <p class="note">{t("audit-row-emptied")}</p> })}
                    <dl class="facts" data-testid="audit-facts">
                        <div><dt>{t("audit-column-when")}</dt><dd class="num">{told.at.clone()}</dd></div>
                        <div><dt>{t("audit-row-kind")}</dt><dd><code>{told.kind.clone()}</code></dd></div>
                        <div><dt>{t("audit-row-outcome")}</dt><dd>{outcome}</dd></div>
                        <div><dt>{t("audit-column-who")}</dt><dd>{who}</dd></div>
                        {whom}
                        {fact(t("audit-column-from"), &told.from)}
                        {fact(t("audit-row-device"), &device(&line.user_agent).unwrap_or_default())}
                        {fact(t("audit-row-session"), &line.session_id.map(|id| id.to_string()).unwrap_or_default())}
                        {fact(t("audit-row-request"), &line.request_id)}
                        {place(&line)}
                    </dl>
                </section>
                <Changes line=line.clone()/>
                <More line=line.clone()/>
                {around}
            </Console>
        })
    })
}

/// A line that there is only if something is known.
fn fact(name: String, value: &str) -> Option<impl IntoView + use<>> {
    let value = value.to_owned();
    (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd class="num">{value}</dd></div> })
}

fn place(line: &Line) -> impl IntoView + use<> {
    let hash = line.hash().map(|text| {
        view! { <div><dt>{t("audit-row-hash")}</dt><dd><code class="small">{text}</code></dd></div> }
    });
    let place = match line.seq {
        Some(seq) => view! { <span>{words().number(seq.unsigned_abs())}</span> }.into_any(),
        None => view! { <span class="pill bad">{t("audit-row-no-place")}</span> }.into_any(),
    };
    view! {
        <div><dt>{t("audit-row-place")}</dt><dd><a href="/admin/audit/chain">{place}</a></dd></div>
        {hash}
    }
}

/// Values before and after.
#[component]
fn Changes(line: Line) -> impl IntoView {
    let changes = line.changes();
    let value = |value: Option<String>| match value {
        Some(value) => view! { <span>{value}</span> }.into_any(),
        None => view! { <span class="faint">{t("audit-row-none")}</span> }.into_any(),
    };
    (!changes.is_empty()).then(|| {
        let rows = changes
            .into_iter()
            .map(|change| {
                let field = if change.field.is_empty() { t("audit-row-whole") } else { change.field };
                view! { <tr><th scope="row">{field}</th><td class="break">{value(change.was)}</td><td class="break">{value(change.became)}</td></tr> }
            })
            .collect_view();
        view! {
            <section class="card flush" aria-labelledby="changes">
                <h2 id="changes" class="inset">{t("audit-row-changes")}</h2>
                <div class="scroll">
                    <table class="data" data-testid="audit-changes">
                        <thead><tr>
                            <th scope="col">{t("audit-row-field")}</th>
                            <th scope="col">{t("audit-row-before")}</th>
                            <th scope="col">{t("audit-row-after")}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// What else was written down, by the names that it has there.
#[component]
fn More(line: Line) -> impl IntoView {
    let more = line.more();
    (!more.is_empty()).then(|| {
        let facts = more
            .into_iter()
            .map(|(name, value)| view! { <div><dt><code>{name}</code></dt><dd>{value}</dd></div> })
            .collect_view();
        view! {
            <section class="card stack" aria-labelledby="more">
                <h2 id="more">{t("audit-row-more")}</h2>
                <dl class="facts">{facts}</dl>
            </section>
        }
    })
}

/// The ways on: what else belongs to the same request, person or address.
fn around(line: &Line, told: &Told) -> impl IntoView + use<> {
    let mut links = Vec::new();
    if !line.request_id.is_empty() {
        links.push((t("audit-row-same-request"), only(By::Request, &line.request_id)));
    }
    if let Some(id) = line.actor_id {
        let text = t_with("audit-row-same-who", &[("name", &told.who)]);
        links.push((text, only(By::Who, &id.to_string())));
    }
    if let Some(id) = line.subject_id {
        let text = t_with("audit-row-same-whom", &[("name", &told.whom)]);
        links.push((text, only(By::Whom, &id.to_string())));
    }
    if !line.address.is_empty() {
        let text = t_with("audit-row-same-address", &[("address", &line.address)]);
        links.push((text, only(By::Address, &line.address)));
    }
    let links = links
        .into_iter()
        .map(|(text, href)| view! { <li><a href=href>{text}</a></li> })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="others">
            <h2 id="others">{t("audit-row-others")}</h2>
            <ul class="stack tight" data-testid="audit-around">{links}</ul>
        </section>
    }
}
