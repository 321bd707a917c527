//! `/admin/audit/chain`: whether the audit is what was written, what is signed, and how long it is kept.

use domain::Result;
use domain::audit::check::{self, Check, Findings, Sealed, Standing};
use domain::authorization::{May, right};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{HERE, kept};
use crate::console::frame::{Console, console_page};
use crate::islands::ExportProgress;
use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// Asks for an examination of all rows.
#[server(endpoint = "admin-check-audit", prefix = "/api")]
pub async fn check_audit() -> Result<Next, Refused> {
    let visit = Visit::current();
    check::ask(&visit.desk()?).await?;
    Ok(Next::to("/admin/audit/chain?done=asked"))
}

/// The page.
#[component]
pub fn ChainPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let (standing, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::AuditRead>| {
                Ok((Standing::read(tx, may).await?, may.rights.clone()))
            })
            .await?;
        let now = visit.platform.clock.now();
        let under_way = standing
            .check
            .as_ref()
            .is_some_and(|check| check.is_under_way(now));
        let ask = (!under_way).then(|| view! { <Ask/> });
        let done = under_way.then(|| view! { <Done what="asked" text=t("chain-asked")/> });
        Ok(view! {
            <Console title=t("chain-title") rights>
                <header>
                    <div>
                        <p class="small"><a href=HERE>{t("audit-row-back")}</a></p>
                        <h1>{t("chain-title")}</h1>
                        <p class="soft prose">{t("chain-text")}</p>
                    </div>
                </header>
                {done}
                <Figures standing=standing.clone()/>
                <section class="card stack" aria-labelledby="check">
                    <h2 id="check">{t("chain-check-heading")}</h2>
                    {examination(standing.check.as_ref(), under_way)}
                    {ask}
                </section>
                <Checkpoints checkpoints=standing.checkpoints/>
                <section class="card stack" aria-labelledby="kept">
                    <h2 id="kept">{t("chain-kept-heading")}</h2>
                    <p class="soft">{kept(&visit)}</p>
                </section>
            </Console>
        })
    })
}

/// The numbers on top.
#[component]
fn Figures(standing: Standing) -> impl IntoView {
    let number = |number: i64| words().number(number.unsigned_abs());
    let rows = (standing.last + 1 - standing.first).max(0);
    let span = [("first", number(standing.first)), ("last", number(standing.last))];
    let span = span.each_ref().map(|(name, value)| (*name, value.as_str()));
    let signed = standing
        .checkpoints
        .iter()
        .filter(|one| one.holds)
        .map(|one| one.checkpoint.seq)
        .max();
    let checked = standing.check.as_ref().and_then(|check| check.finished_at);
    let checked = match checked {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span>{t("chain-never")}</span> }.into_any(),
    };
    view! {
        <div class="stats">
            <div class="card stat"><span class="small soft">{t("chain-rows")}</span><b>{number(rows)}</b>
                <span class="small soft">{t_with("chain-rows-span", &span)}</span></div>
            <div class="card stat"><span class="small soft">{t("chain-signed")}</span><b>{number(signed.unwrap_or_default())}</b>
                <span class="small soft">{t("chain-key")}" "<code>{standing.key_id}</code></span></div>
            <div class="card stat"><span class="small soft">{t("chain-checked")}</span><span class="strong">{checked}</span></div>
        </div>
    }
}

/// How the newest examination stands, or what it found.
fn examination(check: Option<&Check>, under_way: bool) -> AnyView {
    let Some(check) = check else {
        return view! { <p class="soft">{t("chain-none")}</p> }.into_any();
    };
    if under_way {
        return going(check);
    }
    match check.findings() {
        None => view! { <p class="note warn">{t("chain-lost")}</p> }.into_any(),
        Some(findings) if check.whole == Some(true) => {
            let number = |number: i64| words().number(number.unsigned_abs());
            let facts = [
                ("rows", number(findings.rows)),
                ("first", number(findings.first)),
                ("last", number(findings.last)),
            ];
            let facts = facts.each_ref().map(|(name, value)| (*name, value.as_str()));
            let erased = (findings.erased > 0)
                .then(|| t_with("chain-erased", &[("count", &findings.erased.to_string())]));
            view! { <p class="note ok" data-testid="chain-whole">{t_with("chain-whole", &facts)}" "{erased}</p> }.into_any()
        }
        Some(findings) => broken(findings),
    }
}

fn going(check: &Check) -> AnyView {
    let steps = [("done", check.rows_done), ("total", check.rows_total)];
    let steps = steps.map(|(name, count)| (name, words().number(count.unsigned_abs())));
    let steps = steps.each_ref().map(|(name, count)| (*name, count.as_str()));
    let (done, total) = (check.rows_done, check.rows_total.max(1));
    view! {
        <div class="stack tight narrow" data-testid="chain-going">
            <p role="status">{t("chain-going")}</p>
            <ExportProgress>
                <progress class="progress" aria-label=t("chain-progress") max=total value=done
                    data-source="/admin/audit/chain/progress"></progress>
            </ExportProgress>
            <p class="small soft row">
                <span>{t_with("chain-steps", &steps)}</span>
                <a href="/admin/audit/chain">{t("chain-look-again")}</a>
            </p>
        </div>
    }
    .into_any()
}

fn broken(findings: Findings) -> AnyView {
    let places = findings
        .breaks
        .into_iter()
        // What the command line says, as it says it.
        .map(|sentence| view! { <li><code class="small" lang="en">{sentence}</code></li> })
        .collect_view();
    let more = (findings.more > 0).then(|| t_with("chain-more", &[("count", &findings.more.to_string())]));
    view! {
        <div class="note bad" role="alert" data-testid="chain-broken">
            <div class="stack tight">
                <p class="strong">{t("chain-broken")}</p>
                <ul class="bullets">{places}</ul>
                {more.map(|more| view! { <p>{more}</p> })}
                <p>{t("chain-broken-remedy")}</p>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Ask() -> impl IntoView {
    view! {
        <Form action=CheckAudit::PATH>
            <div class="row">
                <button class="btn" data-testid="check-audit-button">{t("chain-ask")}</button>
                <span class="small soft">{t("chain-ask-hint")}</span>
            </div>
        </Form>
    }
}

/// What was signed lately.
#[component]
fn Checkpoints(checkpoints: Vec<Sealed>) -> impl IntoView {
    let is_empty = checkpoints.is_empty();
    let rows = checkpoints
        .into_iter()
        .map(|one| {
            let kind = match one.checkpoint.purpose.as_str() {
                "anchor" => t("chain-anchor"),
                _ => t("chain-hourly"),
            };
            let holds = if one.holds {
                view! { <span class="pill ok">{t("chain-holds")}</span> }
            } else {
                view! { <span class="pill bad">{t("chain-holds-not")}</span> }
            };
            view! {
                <tr>
                    <td>{words().number(one.checkpoint.seq.unsigned_abs())}</td>
                    <td><Moment at=one.checkpoint.at/></td>
                    <td class="extra">{kind}</td>
                    <td>{holds}</td>
                </tr>
            }
        })
        .collect_view();
    let table = (!is_empty).then(|| {
        view! {
            <div class="scroll">
                <table class="data" data-testid="checkpoints">
                    <thead><tr>
                        <th scope="col">{t("chain-column-row")}</th>
                        <th scope="col">{t("chain-column-signed")}</th>
                        <th scope="col" class="extra">{t("chain-column-kind")}</th>
                        <th scope="col">{t("chain-column-holds")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    let none = is_empty.then(|| view! { <p class="soft inset">{t("chain-checkpoints-none")}</p> });
    view! {
        <section class="card flush" aria-labelledby="checkpoints">
            <div class="inset stack tight">
                <h2 id="checkpoints">{t("chain-checkpoints-heading")}</h2>
                <p class="small soft">{t("chain-checkpoints-text")}</p>
            </div>
            {none}
            {table}
        </section>
    }
}
