//! `/admin/jobs`: what waits to be done, what was given up and why, and what to do with that.

use domain::authorization::{May, Permission, right};
use domain::platform::jobs::dead_letters::{self, DeadLetter, Depth, PAGE, Recurring};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use uuid::Uuid;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::chart::number;
use crate::ui::form::{Form, Summary, TextField};
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// Has a job that was given up tried again, or with `kind` as many of that kind as the page showed.
#[server(endpoint = "admin-retry-jobs", prefix = "/api")]
pub async fn retry_jobs(
    #[server(default)] id: String,
    #[server(default)] kind: String,
    #[server(default)] most: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let desk = visit.desk()?;
    if kind.is_empty() {
        dead_letters::retry(&desk, &id).await?;
    } else {
        dead_letters::retry_all(&desk, &kind, &most).await?;
    }
    Ok(Next::to("/admin/jobs?done=retried"))
}

/// Takes a job that was given up out of the queue.
#[server(endpoint = "admin-discard-job", prefix = "/api")]
pub async fn discard_job(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    dead_letters::discard(&visit.desk()?, &id).await?;
    Ok(Next::to("/admin/jobs?done=discarded"))
}

/// The same for all of a kind, whose number was typed.
#[server(endpoint = "admin-discard-jobs", prefix = "/api")]
pub async fn discard_jobs(
    #[server(default)] kind: String,
    #[server(default)] count: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    dead_letters::discard_all(&visit.desk()?, &kind, &count).await?;
    Ok(Next::to("/admin/jobs?done=discarded"))
}

/// The page.
#[component]
pub fn JobsPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let kind = visit.query.get("kind").filter(|kind| !kind.is_empty()).cloned();
        let before = visit.query.get("before").and_then(|id| Uuid::parse_str(id).ok());
        let (depths, letters, recurring, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::JobsRead>| {
                Ok((
                    Depth::of_each(tx, may).await?,
                    DeadLetter::list(tx, may, kind.as_deref(), before).await?,
                    Recurring::all(tx, may).await?,
                    may.rights.clone(),
                ))
            })
            .await?;
        let may_write = rights.has(Permission::JobsWrite);
        let chosen = kind.and_then(|kind| depths.iter().find(|depth| depth.kind == kind).cloned());
        Ok(view! {
            <Console title=t("jobs-title") rights>
                <header>
                    <div>
                        <h1>{t("jobs-title")}</h1>
                        <p class="soft">{t("jobs-text")}</p>
                    </div>
                </header>
                <Done what="retried" text=t("jobs-done-retried")/>
                <Done what="discarded" text=t("jobs-done-discarded")/>
                <Summary but=&[DiscardJobs::PATH]/>
                <Totals depths=depths.clone()/>
                <Dead letters chosen=chosen.clone() before may_write/>
                {chosen.filter(|depth| may_write && depth.dead > 0).map(|depth| view! { <AllOfKind depth/> })}
                <Queue depths/>
                <Again recurring/>
            </Console>
        })
    })
}

/// Four numbers that say whether all is well.
#[component]
fn Totals(depths: Vec<Depth>) -> impl IntoView {
    let sum = |of: fn(&Depth) -> i64| number(depths.iter().map(of).sum());
    let oldest = depths.iter().filter_map(|depth| depth.oldest_due).min();
    let oldest = match oldest {
        Some(at) => view! { <span class="small soft">{t("jobs-oldest")}" "<Moment at/></span> }.into_any(),
        None => view! { <span class="small soft">{t("jobs-nothing-waits")}</span> }.into_any(),
    };
    view! {
        <div class="stats">
            <div class="card stat" data-testid="stat-waiting"><span class="small soft">{t("jobs-waiting")}</span><b>{sum(|d| d.waiting)}</b>{oldest}</div>
            <div class="card stat" data-testid="stat-running"><span class="small soft">{t("jobs-running")}</span><b>{sum(|d| d.running)}</b></div>
            <div class="card stat" data-testid="stat-dead"><span class="small soft">{t("jobs-dead")}</span><b>{sum(|d| d.dead)}</b></div>
        </div>
    }
}

/// Every kind, with what the queue holds of it.
#[component]
fn Queue(depths: Vec<Depth>) -> impl IntoView {
    let rows = depths.into_iter().map(|depth| {
        let unknown = (!depth.is_known()).then(|| view! { <span class="pill warn">{t("jobs-unknown")}</span> });
        let href = format!("/admin/jobs?{}", kind_query(&depth.kind));
        let label = t_with("jobs-dead-label", &[("kind", &words().job(&depth.kind)), ("count", &number(depth.dead))]);
        let dead = if depth.dead > 0 {
            view! { <a href=href aria-label=label data-testid="dead-link">{number(depth.dead)}</a> }.into_any()
        } else {
            number(depth.dead).into_any()
        };
        let oldest = match depth.oldest_due {
            Some(at) => view! { <Moment at/> }.into_any(),
            None => "–".into_any(),
        };
        view! {
            <tr data-testid="kind">
                <th scope="row">{words().job(&depth.kind)}" "{unknown}<br/><code class="small faint">{depth.kind.clone()}</code></th>
                <td class="end">{number(depth.waiting)}</td>
                <td class="end">{number(depth.running)}</td>
                <td class="end">{dead}</td>
                <td class="small">{oldest}</td>
            </tr>
        }
    });
    view! {
        <section class="stack" aria-labelledby="queue">
            <h2 id="queue">{t("jobs-queue")}</h2>
            <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="queue">
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">{t("jobs-kind")}</th>
                            <th scope="col" class="end">{t("jobs-waiting")}</th>
                            <th scope="col" class="end">{t("jobs-running")}</th>
                            <th scope="col" class="end">{t("jobs-dead")}</th>
                            <th scope="col">{t("jobs-oldest")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn kind_query(kind: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("kind", kind)
        .finish()
}

/// What was given up, with its reason.
#[component]
fn Dead(
    mut letters: Vec<DeadLetter>,
    chosen: Option<Depth>,
    before: Option<Uuid>,
    may_write: bool,
) -> impl IntoView {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let has_more = letters.len() > page;
    letters.truncate(page);
    let query = chosen.as_ref().map(|depth| kind_query(&depth.kind));
    let base = query.map_or_else(
        || "/admin/jobs?".to_owned(),
        |query| format!("/admin/jobs?{query}&"),
    );
    let older = letters.last().filter(|_| has_more).map(|last| {
        let href = format!("{base}before={}", last.id);
        view! { <a class="btn sm" href=href rel="next" data-testid="older-link">{t("messages-older")}</a> }
    });
    let newest = before.map(|_| {
        let href = base.trim_end_matches(['?', '&']).to_owned();
        view! { <a class="btn sm" href=href data-testid="newest-link">{t("messages-newest")}</a> }
    });
    let heading = match &chosen {
        Some(depth) => t_with("jobs-dead-of", &[("kind", &words().job(&depth.kind))]),
        None => t("jobs-dead-heading"),
    };
    let all = chosen
        .is_some()
        .then(|| view! { <a href="/admin/jobs" data-testid="all-kinds-link">{t("jobs-all-kinds")}</a> });
    let is_empty = letters.is_empty();
    let list = letters
        .into_iter()
        .map(|letter| view! { <Letter letter may_write/> })
        .collect_view();
    let body = if is_empty {
        view! { <p class="soft" data-testid="no-dead">{t("jobs-none-dead")}</p> }.into_any()
    } else {
        view! { <ul class="things" data-testid="dead-letters">{list}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="dead">
            <div class="row apart"><h2 id="dead">{heading}</h2>{all}</div>
            {body}
            {(older.is_some() || newest.is_some()).then(|| view! { <nav class="row apart" aria-label=t("jobs-pages")><span>{newest}</span><span>{older}</span></nav> })}
        </section>
    }
}

#[component]
fn Letter(letter: DeadLetter, may_write: bool) -> impl IntoView {
    let name = words().job(&letter.kind);
    let id = letter.id.to_string();
    let tried = t_with("jobs-tried", &[("count", &number(letter.attempts))]);
    let why = match letter.last_error {
        Some(said) => view! { <code>{said}</code> }.into_any(),
        None => t("jobs-no-reason").into_any(),
    };
    let named = |label: &str| t_with(label, &[("kind", &name), ("id", &id)]);
    let deeds = may_write.then(|| {
        view! {
            <div class="row">
                <form method="post" action=RetryJobs::PATH>
                    <input type="hidden" name="id" value=id.clone()/>
                    <button class="btn sm" aria-label=named("jobs-retry-label") data-testid="retry-button">{t("jobs-retry")}</button>
                </form>
                <form method="post" action=DiscardJob::PATH>
                    <input type="hidden" name="id" value=id.clone()/>
                    <button class="btn sm quiet" aria-label=named("jobs-discard-label") data-testid="discard-button">{t("jobs-discard")}</button>
                </form>
            </div>
        }
    });
    let lost = words().job_lost(&letter.kind);
    view! {
        <li data-testid="dead-letter">
            <div class="stack tight">
                <p><span class="strong">{name.clone()}</span>" "<code class="small faint">{id.clone()}</code></p>
                <p class="break">{why}</p>
                <p class="small soft"><Moment at=letter.created_at/>" · "{tried}</p>
                {may_write.then(|| view! { <p class="small faint">{lost}</p> })}
                {deeds}
            </div>
        </li>
    }
}

/// What can be done with all that were given up of a kind.
#[component]
fn AllOfKind(depth: Depth) -> impl IntoView {
    let count = number(depth.dead);
    let kind = words().job(&depth.kind);
    let numbers = [("count", count.as_str()), ("kind", kind.as_str())];
    let told = |id: &str| t_with(id, &numbers);
    let (retry, discard, text, label) = (
        told("jobs-retry-all"),
        told("jobs-discard-all"),
        told("jobs-discard-all-text"),
        told("jobs-count-label"),
    );
    let lost = words().job_lost(&depth.kind);
    view! {
        <section class="card stack" aria-labelledby="all">
            <h2 id="all">{t("jobs-all-heading")}</h2>
            <form method="post" action=RetryJobs::PATH>
                <input type="hidden" name="kind" value=depth.kind.clone()/>
                <input type="hidden" name="most" value=depth.dead.to_string()/>
                <button class="btn primary" data-testid="retry-all-button">{retry}</button>
            </form>
            <p class="soft">{text}" "{lost}</p>
            <div class="narrow">
                <Form action=DiscardJobs::PATH>
                    <input type="hidden" name="kind" value=depth.kind.clone()/>
                    <TextField field=Field::Count label autocomplete="off"/>
                    <button class="btn danger" data-testid="discard-all-button">{discard}</button>
                </Form>
            </div>
        </section>
    }
}

/// What comes again and again.
#[component]
fn Again(recurring: Vec<Recurring>) -> impl IntoView {
    let moment = |at: Option<_>| match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => t("jobs-never").into_any(),
    };
    let rows = recurring.into_iter().map(|one| {
        let every = words().duration(one.every.num_seconds().unsigned_abs());
        view! {
            <tr>
                <th scope="row">{words().job(one.kind)}<br/><code class="small faint">{one.kind}</code></th>
                <td>{every}</td>
                <td class="small">{moment(one.last)}</td>
                <td class="small">{moment(one.next)}</td>
            </tr>
        }
    });
    view! {
        <section class="stack" aria-labelledby="recurring">
            <h2 id="recurring">{t("jobs-recurring")}</h2>
            <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="recurring">
                <table class="data" data-testid="recurring">
                    <thead>
                        <tr>
                            <th scope="col">{t("jobs-kind")}</th>
                            <th scope="col">{t("jobs-every")}</th>
                            <th scope="col">{t("jobs-last")}</th>
                            <th scope="col">{t("jobs-next")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
