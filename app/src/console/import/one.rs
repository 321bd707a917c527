//! `/admin/import/{id}`: what would become of the rows of a file, how far the job is that makes its people, and what became of them.

use domain::Result;
use domain::authorization::{May, right};
use domain::users::import::{self, Import, Line, Outcome, PAGE, Reason, State, Tally};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{HERE, file_name, pill};
use crate::console::frame::{Console, console_page};
use crate::islands::ExportProgress;
use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::visit::{Visit, t, t_with, words};

/// Begins to make the people of a file that was tried.
#[server(endpoint = "admin-begin-import", prefix = "/api")]
pub async fn begin_import(#[server(default)] import: String) -> Result<Next, Refused> {
    let id = id_of(&import);
    import::begin(&Visit::current().desk()?, id).await?;
    Ok(Next::to(path(id)))
}

/// Stops making them.
#[server(endpoint = "admin-stop-import", prefix = "/api")]
pub async fn stop_import(#[server(default)] import: String) -> Result<Next, Refused> {
    let id = id_of(&import);
    import::stop(&Visit::current().desk()?, id).await?;
    Ok(Next::to(path(id)))
}

/// Throws away a file that was tried.
#[server(endpoint = "admin-discard-import", prefix = "/api")]
pub async fn discard_import(#[server(default)] import: String) -> Result<Next, Refused> {
    import::discard(&Visit::current().desk()?, id_of(&import)).await?;
    Ok(Next::to(format!("{HERE}?done=discarded")))
}

/// What can't be read is the id of none.
fn id_of(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

fn path(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

fn number(number: i64) -> String {
    words().number(number.unsigned_abs())
}

/// What the rows come to.
#[derive(Clone)]
struct Sums(Vec<Tally>);

impl Sums {
    fn rows(&self, outcome: Outcome) -> i64 {
        self.of(outcome).map(|tally| tally.rows).sum()
    }

    fn with_password(&self, outcome: Outcome) -> i64 {
        self.of(outcome).map(|tally| tally.with_password).sum()
    }

    fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Tally> {
        self.0.iter().filter(move |tally| tally.outcome == outcome)
    }
}

/// The page.
#[component]
pub fn OneImportPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id");
    let id = id_of(&id.unwrap_or_default());
    console_page(async move |visit: Visit, _person| {
        let shown = match visit.query.get("rows").map(String::as_str) {
            Some("skipped") => Outcome::Skipped,
            _ => Outcome::Refused,
        };
        let after = visit.query.get("after").and_then(|after| after.parse().ok());
        let after = after.unwrap_or(0);
        let (import, tally, lines, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersImport>| {
                let import = Import::find(tx, may, id).await?;
                // While rows come, nobody counts them.
                if matches!(import.state, State::Reading | State::Running) {
                    return Ok((import, Vec::new(), Vec::new(), may.rights.clone()));
                }
                let tally = import::tally(tx, may, &import).await?;
                let lines = import::lines(tx, may, &import, (shown, after)).await?;
                Ok((import, tally, lines, may.rights.clone()))
            })
            .await?;
        let left = !rights.has_all();
        let title = file_name(&import);
        let state = import.state;
        let is_counted = !tally.is_empty();
        let sums = Sums(tally);
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=HERE>{t("import-back")}</a></p>
                        <h1>{title}</h1>
                        <p>{pill(state)}</p>
                    </div>
                </header>
                {match state {
                    State::Reading => view! { <Arrives import=import.clone()/> }.into_any(),
                    State::Read => view! { <Tried import=import.clone() sums=sums.clone() left/> }.into_any(),
                    State::Running => view! { <UnderWay import=import.clone()/> }.into_any(),
                    State::Done | State::Stopped => view! { <Over import=import.clone() sums=sums.clone()/> }.into_any(),
                }}
                {is_counted.then(|| view! { <Rows import sums shown lines/> })}
            </Console>
        })
    })
}

/// The file is still on its way.
#[component]
fn Arrives(import: Import) -> impl IntoView {
    let rows = t_with("import-arrives", &[("rows", &number(import.rows_total))]);
    view! {
        <section class="card stack" aria-label=t("import-progress")>
            <p role="status">{rows}</p>
            <p class="small"><a href=path(import.id)>{t("chain-look-again")}</a></p>
        </section>
    }
}

/// Three numbers that say what happens.
#[component]
fn Numbers(made: (String, i64), sums: Sums) -> impl IntoView {
    view! {
        <div class="stats">
            <div class="card stat" data-testid="stat-made"><span class="small soft">{made.0}</span><b>{number(made.1)}</b></div>
            <div class="card stat" data-testid="stat-skipped"><span class="small soft">{t("people-import-outcome-skipped")}</span><b>{number(sums.rows(Outcome::Skipped))}</b></div>
            <div class="card stat" data-testid="stat-refused"><span class="small soft">{t("people-import-outcome-refused")}</span><b>{number(sums.rows(Outcome::Refused))}</b></div>
        </div>
    }
}

/// The dry run: what would happen, and the button. `left`: whether passwords are left behind.
#[component]
fn Tried(import: Import, sums: Sums, left: bool) -> impl IntoView {
    let ready = sums.rows(Outcome::Ready);
    let with = if left {
        0
    } else {
        sums.with_password(Outcome::Ready)
    };
    let without = ready - with;
    let passwords = if left {
        view! { <li data-testid="passwords-left">{t("import-passwords-left")}</li> }.into_any()
    } else {
        view! { <li>{t("import-will-rehash")}</li> }.into_any()
    };
    let plain = |number: i64| number.to_string();
    let without = (without > 0).then(|| {
        view! { <li>{t_with("import-without-password", &[("count", &plain(without)), ("number", &number(without))])}</li> }
    });
    let ignored: Vec<&str> = import.ignored.lines().collect();
    let ignored = (!ignored.is_empty()).then(|| {
        let names = ignored.join(", ");
        view! { <li data-testid="ignored">{t("import-ignored")}" "<code>{names}</code></li> }
    });
    let begin = (ready > 0).then(|| {
        let button = t_with(
            "import-begin",
            &[("count", &plain(ready)), ("number", &number(ready))],
        );
        view! {
            <Form action=BeginImport::PATH>
                <input type="hidden" name="import" value=import.id.to_string()/>
                <button class="btn primary" data-testid="begin-button">{button}</button>
            </Form>
        }
    });
    let nobody = (ready == 0).then(|| view! { <p class="note warn">{t("import-nobody")}</p> });
    view! {
        <Numbers made=(t("people-import-outcome-ready"), ready) sums/>
        <section class="card stack" aria-labelledby="next">
            <h2 id="next">{t("import-next")}</h2>
            <ul class="stack tight">
                {passwords}
                {without}
                <li>{t("import-will-tell-nobody")}</li>
                {ignored}
            </ul>
            {nobody}
            <div class="row">
                {begin}
                <Form action=DiscardImport::PATH>
                    <input type="hidden" name="import" value=import.id.to_string()/>
                    <button class="btn quiet" data-testid="discard-button">{t("import-discard")}</button>
                </Form>
            </div>
        </section>
    }
}

/// The bar. Without JavaScript it stands where it was when the page was made, and the link looks again.
#[component]
fn UnderWay(import: Import) -> impl IntoView {
    let steps = [
        ("done", number(import.rows_done)),
        ("total", number(import.rows_total)),
    ];
    let steps = steps.each_ref().map(|(name, count)| (*name, count.as_str()));
    view! {
        <section class="card stack" aria-labelledby="going" data-testid="import-going">
            <h2 id="going">{t("import-going")}</h2>
            <p class="soft" role="status">{t("import-going-text")}</p>
            <div class="stack tight narrow">
                <ExportProgress>
                    <progress class="progress" aria-label=t("import-progress") max=import.rows_total.max(1) value=import.rows_done
                        data-source=format!("{}/progress", path(import.id))></progress>
                </ExportProgress>
                <p class="small soft row">
                    <span>{t_with("import-steps", &steps)}</span>
                    <a href=path(import.id) data-testid="again-link">{t("chain-look-again")}</a>
                </p>
            </div>
            <Form action=StopImport::PATH>
                <input type="hidden" name="import" value=import.id.to_string()/>
                <div class="row">
                    <button class="btn" data-testid="stop-button">{t("import-stop")}</button>
                    <span class="small soft">{t("import-stop-hint")}</span>
                </div>
            </Form>
        </section>
    }
}

/// What became of it.
#[component]
fn Over(import: Import, sums: Sums) -> impl IntoView {
    let class = if import.state == State::Done {
        "note ok"
    } else {
        "note warn"
    };
    let said = if import.state == State::Done {
        "import-over"
    } else {
        "import-stopped"
    };
    let (count, shown) = (import.made.to_string(), number(import.made));
    let said = t_with(said, &[("count", &count), ("number", &shown)]);
    view! {
        <p class=class role="status" data-testid="import-over">{said}</p>
        <Numbers made=(t("people-import-outcome-made"), import.made) sums/>
    }
}

/// Rows that somebody has to look at, by the reason, and one by one.
#[component]
fn Rows(import: Import, sums: Sums, shown: Outcome, lines: Vec<Line>) -> impl IntoView {
    let report = format!("{}/report.csv", path(import.id));
    let tabs = [Outcome::Refused, Outcome::Skipped]
        .into_iter()
        .map(|outcome| {
            let href = format!("{}?rows={}", path(import.id), outcome.as_str());
            let here = (outcome == shown).then_some("true");
            let text = format!(
                "{} ({})",
                t(&format!("people-import-outcome-{}", outcome.as_str())),
                number(sums.rows(outcome))
            );
            view! { <li><a href=href aria-current=here data-testid=format!("rows-{}", outcome.as_str())>{text}</a></li> }
        })
        .collect_view();
    let reasons = sums
        .of(shown)
        .filter_map(|tally| Some((tally.reason?, tally.rows)))
        .map(|(reason, rows)| view! { <li>{sentence(reason)}": "<span class="strong">{number(rows)}</span></li> })
        .collect_view();
    let is_empty = lines.is_empty();
    let more = (i64::try_from(lines.len()) == Ok(PAGE))
        .then(|| lines.last())
        .flatten();
    let more = more.map(|last| {
        let href = format!(
            "{}?rows={}&after={}",
            path(import.id),
            shown.as_str(),
            last.number
        );
        view! { <p class="inset"><a href=href rel="next" data-testid="more-link">{t("import-more")}</a></p> }
    });
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <tr data-testid="import-row">
                    <td class="end">{number(line.line)}</td>
                    <td class="small break">{line.email}</td>
                    <td class="small">{line.reason.map(sentence)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = (!is_empty).then(|| {
        view! {
            <div class="scroll" tabindex="0" role="group" aria-labelledby="rows">
                <table class="data">
                    <thead><tr>
                        <th scope="col" class="end">{t("import-line")}</th>
                        <th scope="col">{t("people-mail")}</th>
                        <th scope="col">{t("import-why")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more}
        }
    });
    let none = is_empty.then(|| view! { <p class="inset soft">{t("import-rows-none")}</p> });
    view! {
        <section class="card flush" aria-labelledby="rows">
            <div class="inset stack tight">
                <h2 id="rows">{t("import-rows-heading")}</h2>
                <p class="small soft">{t("import-rows-text")}</p>
                <div class="row"><nav class="choice" aria-labelledby="rows"><ul>{tabs}</ul></nav><a class="btn sm quiet" href=report download="" data-testid="report-link">{t("import-report")}</a></div>
                <ul class="stack tight small">{reasons}</ul>
            </div>
            {none}
            {table}
        </section>
    }
}

/// Why, in words.
fn sentence(reason: Reason) -> String {
    t(&format!("people-import-reason-{}", reason.as_str()))
}
