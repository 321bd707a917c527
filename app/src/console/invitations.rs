//! `/admin/invitations`: who was invited, by whom, and how that stands; sending one again, and revoking it.

pub mod new;

use domain::authentication::invitation::invite::{self, Line, Outcome};
use domain::authentication::invitation::list::{self, Filter, Listed, PAGE, State};
use domain::authentication::invitation::manage::{self, SeenAs};
use domain::authorization::{May, Permission, right};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use uuid::Uuid;

use crate::console::frame::{Console, console_page};
use crate::invitation::promised_name;
use crate::refused::{Next, Refused};
use crate::ui::form::Summary;
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with};

/// The path of the list.
const LIST: &str = "/admin/invitations";

/// Mails another link to somebody who was invited.
#[server(endpoint = "admin-resend-invitation", prefix = "/api")]
pub async fn resend_invitation(
    #[server(default)] id: String,
    #[server(default)] version: i64,
) -> Result<Next, Refused> {
    manage::resend(&Visit::current().desk()?, seen_as(&id, version)).await?;
    Ok(Next::to(format!("{LIST}?done=again")))
}

/// Revokes an invitation.
#[server(endpoint = "admin-revoke-invitation", prefix = "/api")]
pub async fn revoke_invitation(
    #[server(default)] id: String,
    #[server(default)] version: i64,
) -> Result<Next, Refused> {
    manage::revoke(&Visit::current().desk()?, seen_as(&id, version)).await?;
    Ok(Next::to(format!("{LIST}?done=revoked")))
}

/// The id of a form. What is none is no invitation's.
fn seen_as(id: &str, version: i64) -> SeenAs {
    let id = Uuid::parse_str(id.trim()).unwrap_or_default();
    SeenAs { id, version }
}

/// The page.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let filter = filter_of(&visit);
        let report = visit.query.get("report").and_then(|id| Uuid::parse_str(id).ok());
        let (mut invitations, report, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersInvite>| {
                let report = match report {
                    Some(id) => invite::report(tx, may, id).await?,
                    None => Vec::new(),
                };
                let page = list::page(tx, may, &filter).await?;
                Ok((page, report, may.rights.clone()))
            })
            .await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let has_more = invitations.len() > page;
        invitations.truncate(page);
        let older = invitations.last().filter(|_| has_more).map(|last| {
            let href = address(&Filter { before: Some(last.row.id), ..filter.clone() });
            view! { <a class="btn sm" href=href rel="next" data-testid="older-link">{t("invitations-older")}</a> }
        });
        let newest = filter.before.map(|_| {
            let href = address(&Filter {
                before: None,
                ..filter.clone()
            });
            view! { <a class="btn sm" href=href data-testid="newest-link">{t("invitations-newest")}</a> }
        });
        let sees_people = rights.has(Permission::UsersRead);
        let table = if invitations.is_empty() {
            view! { <Nobody is_filtered=filter != Filter::default()/> }.into_any()
        } else {
            view! { <Table invitations sees_people/> }.into_any()
        };
        Ok(view! {
            <Console title=t("invitations-title") rights>
                <header>
                    <div>
                        <h1>{t("invitations-title")}</h1>
                        <p class="soft">{t("invitations-text")}</p>
                    </div>
                    <a class="btn primary" href="/admin/invitations/new" data-testid="invite-link">{t("invitations-new")}</a>
                </header>
                <Done what="again" text=t("invitations-done-again")/>
                <Done what="revoked" text=t("invitations-done-revoked")/>
                <Summary/>
                <Report lines=report/>
                <section class="card flush" aria-label=t("invitations-title")>
                    <Filters filter=filter.clone()/>
                    {table}
                </section>
                <nav class="row apart" aria-label=t("invitations-pages")><span>{newest}</span><span>{older}</span></nav>
            </Console>
        })
    })
}

fn filter_of(visit: &Visit) -> Filter {
    let asked = |name: &str| visit.query.get(name).filter(|value| !value.trim().is_empty());
    Filter {
        state: asked("state").and_then(|state| State::parse(state)),
        to: asked("to").cloned(),
        before: asked("before").and_then(|id| Uuid::parse_str(id).ok()),
    }
}

/// The address of a view.
fn address(filter: &Filter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = filter.state {
        query.append_pair("state", state.as_str());
    }
    if let Some(to) = &filter.to {
        query.append_pair("to", to);
    }
    if let Some(before) = filter.before {
        query.append_pair("before", &before.to_string());
    }
    format!("{LIST}?{}", query.finish())
}

fn state_name(state: State) -> String {
    match state {
        State::Waiting => t("invitations-state-waiting"),
        State::Expired => t("invitations-state-expired"),
        State::Accepted => t("invitations-state-accepted"),
        State::Revoked => t("invitations-state-revoked"),
    }
}

/// How a page shows an outcome, and what it says.
fn outcome_pill(outcome: Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Invited => ("pill ok", t("invitations-outcome-invited")),
        Outcome::Waiting => ("pill", t("invitations-outcome-waiting")),
        Outcome::Twice => ("pill", t("invitations-outcome-twice")),
        Outcome::Own => ("pill warn", t("invitations-outcome-own")),
        Outcome::Full => ("pill warn", t("invitations-outcome-full")),
        Outcome::Invalid => ("pill warn", t("invitations-outcome-invalid")),
    }
}

/// What became of each address that was typed just now.
#[component]
fn Report(lines: Vec<Line>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let sent = lines
            .iter()
            .filter(|line| line.outcome == Outcome::Invited)
            .count();
        let counts = [("sent", &*sent.to_string()), ("of", &*lines.len().to_string())];
        let summary = t_with("invitations-report", &counts);
        let class = if sent == lines.len() {
            "note ok"
        } else {
            "note warn"
        };
        let rows = lines
            .into_iter()
            .map(|line| {
                let (class, outcome) = outcome_pill(line.outcome);
                view! {
                    <tr data-outcome=line.outcome.as_str()>
                        <th scope="row" class="break">{line.text}</th>
                        <td><span class=class>{outcome}</span></td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section class="card stack" aria-labelledby="report" data-testid="invitation-report">
                <h2 id="report">{t("invitations-report-heading")}</h2>
                <p class=class role="status">{summary}</p>
                <div class="scroll" tabindex="0" role="group" aria-labelledby="report">
                    <table class="data">
                        <thead>
                            <tr>
                                <th scope="col">{t("invitations-report-line")}</th>
                                <th scope="col">{t("invitations-report-outcome")}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

#[component]
fn Filters(filter: Filter) -> impl IntoView {
    let options = State::ALL.map(|state| {
        let selected = filter.state == Some(state);
        view! { <option value=state.as_str() selected=selected>{state_name(state)}</option> }
    });
    view! {
        <form class="filters" method="get" action=LIST role="search">
            <input class="input" type="search" name="to" value=filter.to.unwrap_or_default() placeholder=t("invitations-to-placeholder")
                aria-label=t("invitations-to-placeholder") maxlength="254" autocapitalize="off" spellcheck="false" data-testid="to-input"/>
            <select class="input" name="state" aria-label=t("invitations-state") data-testid="state-input">
                <option value="">{t("invitations-state-any")}</option>
                {options.into_iter().collect_view()}
            </select>
            <button class="btn sm" data-testid="filter-button">{t("invitations-filter")}</button>
        </form>
    }
}

/// There is none, and the way on.
#[component]
fn Nobody(is_filtered: bool) -> impl IntoView {
    let (heading, text, way) = if is_filtered {
        let way = view! { <a class="btn" href=LIST>{t("invitations-all")}</a> };
        (
            t("invitations-none-title"),
            t("invitations-none-text"),
            way.into_any(),
        )
    } else {
        let way = view! { <a class="btn" href="/admin/invitations/new">{t("invitations-new")}</a> };
        (
            t("invitations-empty-title"),
            t("invitations-empty-text"),
            way.into_any(),
        )
    };
    view! { <div class="empty" data-testid="no-invitations"><h2>{heading}</h2><p>{text}</p>{way}</div> }
}

#[component]
fn Table(invitations: Vec<Listed>, sees_people: bool) -> impl IntoView {
    let rows = invitations
        .into_iter()
        .map(|invitation| view! { <Row invitation sees_people/> })
        .collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=t("invitations-list")>
            <table class="data" data-testid="invitations">
                <thead>
                    <tr>
                        <th scope="col">{t("invitations-who")}</th>
                        <th scope="col">{t("invitations-by")}</th>
                        <th scope="col">{t("invitations-sent")}</th>
                        <th scope="col">{t("invitations-state")}</th>
                        <th scope="col"><span class="unseen">{t("invitations-deeds")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(invitation: Listed, sees_people: bool) -> impl IntoView {
    let Listed { row, roles } = invitation;
    let state = row.state();
    let (class, since, at) = match state {
        State::Waiting => ("pill", "invitations-until", Some(row.expires_at)),
        State::Expired => ("pill warn", "invitations-since", Some(row.expires_at)),
        State::Accepted => ("pill ok", "invitations-since", row.accepted_at),
        State::Revoked => ("pill", "invitations-since", row.revoked_at),
    };
    let when = at.map(|at| view! { <p class="small faint">{t(since)}" "<Moment at/></p> });
    let roles: Vec<String> = roles.iter().map(promised_name).collect();
    let roles = (!roles.is_empty()).then(|| {
        let text = t_with("invitations-with-roles", &[("roles", &roles.join(", "))]);
        view! { <p class="small soft">{text}</p> }
    });
    let link = |id: Option<Uuid>, text: String| match id {
        Some(id) if sees_people => view! { <a href=format!("/admin/users/{id}")>{text}</a> }.into_any(),
        _ => text.into_any(),
    };
    let who = link(row.accepted_by, row.email.clone());
    let by = link(
        row.invited_by,
        row.inviter.clone().unwrap_or_else(|| t("invitations-by-gone")),
    );
    let deeds = row
        .is_open()
        .then(|| view! { <Deeds id=row.id version=row.version email=row.email.clone()/> });
    view! {
        <tr data-testid="invitation" data-state=state.as_str()>
            <th scope="row"><span class="break">{who}</span>{roles}</th>
            <td>{by}</td>
            <td class="small"><Moment at=row.sent_at/></td>
            <td><span class=class>{state_name(state)}</span>{when}</td>
            <td class="end">{deeds}</td>
        </tr>
    }
}

/// What can be done with an invitation that is not accepted yet.
#[component]
fn Deeds(id: Uuid, version: i64, email: String) -> impl IntoView {
    let form =
        |action: &'static str, class: &'static str, test_id: &'static str, text: String, label: &str| {
            let label = t_with(label, &[("email", &email)]);
            view! {
                <form method="post" action=action>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="version" value=version.to_string()/>
                    <button class=class aria-label=label data-testid=test_id>{text}</button>
                </form>
            }
        };
    let resend = form(
        ResendInvitation::PATH,
        "btn sm",
        "resend-invitation-button",
        t("invitations-resend"),
        "invitations-resend-label",
    );
    let revoke = form(
        RevokeInvitation::PATH,
        "btn sm quiet",
        "revoke-invitation-button",
        t("invitations-revoke"),
        "invitations-revoke-label",
    );
    view! { <div class="row">{resend}{revoke}</div> }
}
