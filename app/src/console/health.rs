//! `/admin/health`: what the doctor finds, with its remedies; which servers run; what the database has.

use domain::platform::condition::{self, Condition};
use domain::platform::doctor::{self, Status};
use domain::platform::servers::Server;
use leptos::prelude::*;

use crate::console::frame::{Console, console_page};
use crate::set_up::Findings;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with};

/// The page. It examines everything anew each time, so "look again" is a link to itself.
#[component]
pub fn HealthPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let seen = doctor::Visit {
            seen_origin: visit.seen_origin.as_deref(),
            // Nobody is here without one.
            cookie_came_back: Some(true),
        };
        let (condition, rights) = condition::look(&visit.desk()?, &seen).await?;
        let to_mend = condition
            .findings
            .iter()
            .filter(|finding| finding.status == Status::Fail)
            .count();
        let to_look = condition
            .findings
            .iter()
            .filter(|finding| finding.status == Status::Warn)
            .count();
        let summary = match (to_mend, to_look) {
            (0, 0) => t("health-well"),
            (0, look) => t_with("health-look", &[("count", &look.to_string())]),
            (mend, _) => t_with("health-mend", &[("count", &mend.to_string())]),
        };
        let at = visit.platform.clock.now();
        let (well, ill): (Vec<_>, Vec<_>) = condition
            .findings
            .iter()
            .cloned()
            .partition(|finding| finding.status <= Status::Ok);
        let well_count = t_with("set-up-checks-well", &[("count", &well.len().to_string())]);
        Ok(view! {
            <Console title=t("health-title") rights>
                <header>
                    <div>
                        <h1>{t("health-title")}</h1>
                        <p class="soft" data-testid="health-summary">{summary}</p>
                        <p class="small faint">{t("health-looked-at")}" "<Moment at/></p>
                    </div>
                    <a class="btn" href="/admin/health" data-testid="look-again">{t("health-again")}</a>
                </header>
                <section class="stack" aria-labelledby="findings">
                    <h2 id="findings">{t("health-findings")}</h2>
                    {(!ill.is_empty()).then(|| view! { <Findings findings=ill/> })}
                    <details class="more">
                        <summary data-testid="well-summary">{well_count}</summary>
                        <Findings findings=well/>
                    </details>
                </section>
                <Servers servers=condition.servers.clone()/>
                <Database condition/>
            </Console>
        })
    })
}

#[component]
fn Servers(servers: Vec<Server>) -> impl IntoView {
    let is_mixed = servers
        .iter()
        .any(|server| server.version != env!("CARGO_PKG_VERSION"));
    let is_empty = servers.is_empty();
    let rows = servers.into_iter().map(|server| {
        view! {
            <tr data-testid="server">
                <th scope="row">{server.listen}</th>
                <td class="end">{server.process}</td>
                <td>{server.version}</td>
                <td class="small"><Moment at=server.seen_at/></td>
            </tr>
        }
    });
    let table = if is_empty {
        view! { <p class="card soft">{t("health-no-servers")}</p> }.into_any()
    } else {
        view! {
            <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="servers">
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">{t("health-server")}</th>
                            <th scope="col" class="end">{t("health-process")}</th>
                            <th scope="col">{t("health-version")}</th>
                            <th scope="col">{t("health-seen")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="servers">
            <h2 id="servers">{t("health-servers")}</h2>
            {is_mixed.then(|| view! { <p class="note warn">{t("health-mixed")}</p> })}
            {table}
        </section>
    }
}

#[component]
fn Database(condition: Condition) -> impl IntoView {
    let schema = &condition.schema;
    let applied = schema.applied.to_string();
    let migrations = t_with(
        "health-migrations-text",
        &[
            ("applied", &applied),
            ("newest", &schema.newest_known.to_string()),
        ],
    );
    let backup = match condition.last_backup {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { <span>{t("health-no-backup")}</span> }.into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="database">
            <h2 id="database">{t("health-database")}</h2>
            <dl class="facts">
                <div><dt>{t("health-kind")}</dt><dd>{condition.database}</dd></div>
                <div><dt>{t("health-migrations")}</dt><dd>{migrations}</dd></div>
                <div><dt>{t("health-backup")}</dt><dd data-testid="last-backup">{backup}</dd></div>
                <div><dt>{t("health-this-version")}</dt><dd>{env!("CARGO_PKG_VERSION")}</dd></div>
            </dl>
            <p class="small soft">{t("health-backup-text")}</p>
        </section>
    }
}
