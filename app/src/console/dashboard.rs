//! `/admin`: how sign-ins are going, and what wants attention.

use chrono::{DateTime, Datelike as _, Utc};
use domain::authentication::session::SignedIn;
use domain::authorization::{May, Permission, Rights, right};
use domain::platform::attention::{self, Need};
use domain::platform::doctor::Status;
use domain::platform::statistics::tally::Counts;
use domain::platform::statistics::{Bar, Figures, Period, figures};
use domain::users::time_zone::TimeZone;
use leptos::prelude::*;

use crate::console::frame::{Console, console_page};
use crate::ui::chart::{Chart, Point, Shape, Table, Tone, in_percent, number, percent};
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// The page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    console_page(async |visit: Visit, person: SignedIn| {
        let asked = visit.query.get("period").map(String::as_str);
        let period = asked.and_then(Period::parse).unwrap_or_default();
        let zone = person.zone().unwrap_or_else(TimeZone::utc);
        let desk = visit.desk()?;
        let (figures, rights) = desk
            .look(async |tx, may: &May<right::ConsoleRead>| {
                Ok((figures(tx, may, period, zone).await?, may.rights.clone()))
            })
            .await?;
        let needs = attention::look(&desk).await?;
        Ok(view! {
            <Console title=t("dashboard-title") rights=rights.clone()>
                <header>
                    <div>
                        <h1>{t("dashboard-title")}</h1>
                        <p class="soft">{t("dashboard-text")}</p>
                    </div>
                    <Periods period/>
                </header>
                <Attention needs rights/>
                <Sums figures=figures.clone()/>
                <Charts figures zone/>
            </Console>
        })
    })
}

/// The choice of a period: links, so that a view can be shared.
#[component]
fn Periods(period: Period) -> impl IntoView {
    let links = Period::ALL.map(|each| {
        let current = (each == period).then_some("page");
        let href = format!("/admin?period={}", each.as_str());
        let testid = format!("period-{}", each.as_str());
        view! { <li><a href=href aria-current=current data-testid=testid>{period_name(each)}</a></li> }
    });
    view! { <nav class="choice" aria-label=t("dashboard-period-label")><ul>{links.into_iter().collect_view()}</ul></nav> }
}

fn period_name(period: Period) -> String {
    match period {
        Period::Day => t("dashboard-period-day"),
        Period::Week => t("dashboard-period-week"),
        Period::Month => t("dashboard-period-month"),
    }
}

/// What wants attention: what it is, what to do, and where.
#[component]
fn Attention(needs: Vec<Need>, rights: Rights) -> impl IntoView {
    let pressing = needs.iter().filter(|need| need.gravity() > Status::Ok).count();
    let well = (pressing == 0).then(|| {
        view! { <p class="note ok" data-testid="all-well"><span>{t("dashboard-all-well")}</span></p> }
    });
    let rows = needs
        .into_iter()
        .map(|need| need_row(&need, &rights))
        .collect::<Vec<_>>();
    let list = (!rows.is_empty()).then(|| {
        view! { <div class="card flush"><ul class="diag" data-testid="needs">{rows}</ul></div> }
    });
    view! {
        <section class="stack" aria-labelledby="attention">
            <h2 id="attention">{t("dashboard-attention")}</h2>
            {well}
            {list}
        </section>
    }
}

fn need_row(need: &Need, rights: &Rights) -> AnyView {
    let count = need.count().unwrap_or(0).to_string();
    let told = |id: &str| t_with(id, &[("count", count.as_str())]);
    let (title, text, link) = match need {
        Need::Finding(finding) => (finding.title(words()), finding.text(words()), "/admin/health"),
        Need::Alarms(_) => (
            told("dashboard-alarms"),
            t("dashboard-alarms-text"),
            "/admin/audit?what=account.alarm_raised",
        ),
        Need::MessagesFailed(_) => (
            told("dashboard-messages"),
            t("dashboard-messages-text"),
            "/admin/messages?state=failed",
        ),
        Need::DeadJobs(_) => (told("dashboard-jobs"), t("dashboard-jobs-text"), "/admin/jobs"),
        Need::AccountsStopped(_) => (
            told("dashboard-stopped"),
            t("dashboard-stopped-text"),
            "/admin/audit?what=sign_in.throttled",
        ),
        Need::AccountsThrottled(_) => (
            told("dashboard-throttled"),
            t("dashboard-throttled-text"),
            "/admin/audit?what=sign_in.throttled",
        ),
        Need::Recoveries(_) => (
            told("dashboard-recoveries"),
            t("dashboard-recoveries-text"),
            "/admin/audit?what=recovery.asked",
        ),
    };
    let (class, state) = match need.gravity() {
        Status::Fail => ("bad", Some(t("check-state-fail"))),
        Status::Warn => ("warn", Some(t("check-state-warn"))),
        _ => ("ok", None),
    };
    let may_follow = !link.starts_with("/admin/audit") || rights.has(Permission::AuditRead);
    let link = may_follow.then(|| {
        let label = t_with("dashboard-look-label", &[("what", &title)]);
        view! { <p class="small"><a href=link aria-label=label>{t("dashboard-look")}</a></p> }
    });
    view! {
        <li class=class data-testid="need">
            <div>
                <div class="head"><h3>{title}</h3>{state.map(|state| view! { <span class="state">{state}</span> })}</div>
                <p>{text}</p>
                {link}
            </div>
        </li>
    }
    .into_any()
}

/// The figures as cards.
#[component]
fn Sums(figures: Figures) -> impl IntoView {
    let total = figures.total;
    let refused = total.failed + total.throttled;
    let succeeded = percent(total.sign_ins, total.sign_ins + total.failed + total.throttled).map_or_else(
        || t("dashboard-none"),
        |share| t_with("dashboard-succeeded", &[("share", &in_percent(share))]),
    );
    let factor = percent(total.two_factor, total.sign_ins);
    let sessions = figures.sessions;
    let used = sessions.map(|count| match figures.period {
        Period::Day => count.day,
        Period::Week => count.week,
        Period::Month => count.month,
    });
    let period = period_name(figures.period);
    let late = (!figures.complete).then(|| {
        view! { <p class="note warn" data-testid="incomplete"><span>{t("dashboard-incomplete")}</span></p> }
    });
    view! {
        <section class="stack" aria-label=t_with("dashboard-sums-label", &[("period", &period)])>
            {late}
            <div class="stats">
                <Stat id="sign-ins" label=t("dashboard-sign-ins") value=number(total.sign_ins) note=succeeded/>
                <Stat id="sign-ups" label=t("dashboard-sign-ups") value=number(total.sign_ups) note=t("dashboard-sign-ups-note")/>
                <Stat id="failures" label=t("dashboard-failures") value=number(refused)
                    note=t_with("dashboard-failures-note", &[("count", &number(total.throttled))])/>
                <Stat id="factor" label=t("dashboard-factor") value=factor.map_or_else(|| t("dashboard-nothing"), in_percent)
                    note=t("dashboard-factor-note")/>
                <Stat id="sessions" label=t("dashboard-sessions") value=used.map_or_else(|| t("dashboard-nothing"), number)
                    note=sessions.map_or_else(|| t("dashboard-sessions-never"), |count| t_with("dashboard-sessions-note", &[("count", &number(count.open))]))/>
            </div>
            {sessions.map(|count| view! { <p class="small faint">{t("dashboard-sessions-at")}" "<Moment at=count.at/></p> })}
        </section>
    }
}

#[component]
fn Stat(id: &'static str, label: String, value: String, note: String) -> impl IntoView {
    view! {
        <div class="card stat" data-testid=format!("stat-{id}")>
            <span class="small soft">{label}</span>
            <b>{value}</b>
            <span class="small soft">{note}</span>
        </div>
    }
}

/// One chart for each thing that is worth seeing.
#[component]
fn Charts(figures: Figures, zone: TimeZone) -> impl IntoView {
    let names: Vec<(String, String)> = figures
        .bars
        .iter()
        .map(|bar| names_of(bar, figures.period, zone))
        .collect();
    let happened = |of: fn(&Counts) -> i64| -> Vec<Point> {
        points(&figures.bars, &names, |bar| Some(of(&bar.counts)), number)
    };
    let when = match figures.period {
        Period::Day => t("chart-hour"),
        Period::Week | Period::Month => t("chart-day"),
    };
    let table = |heads: &[String], cells: &dyn Fn(&Bar) -> Vec<String>| Table {
        heads: [when.clone()].into_iter().chain(heads.iter().cloned()).collect(),
        rows: figures
            .bars
            .iter()
            .zip(&names)
            .rev()
            .map(|(bar, (_, long))| [long.clone()].into_iter().chain(cells(bar)).collect())
            .collect(),
    };
    let sign_ins = happened(|counts| counts.sign_ins);
    let sign_ups = happened(|counts| counts.sign_ups);
    let refused = happened(|counts| counts.failed + counts.throttled);
    let share = |bar: &Bar| percent(bar.counts.two_factor, bar.counts.sign_ins);
    let factor = points(&figures.bars, &names, share, in_percent);
    let open = points(&figures.bars, &names, |bar| bar.open_sessions, number);
    let has_open = open.iter().filter(|point| point.value.is_some()).count() > 1;
    let nothing = || t("dashboard-nothing");
    view! {
        <section class="stack" aria-labelledby="charts">
            <h2 id="charts">{t("dashboard-charts")}</h2>
            <p class="small faint">{t_with("dashboard-zone", &[("zone", zone.name())])}</p>
            <div class="charts">
                <Chart id="sign-ins" heading=t("dashboard-chart-sign-ins") note=most(&sign_ins) points=sign_ins.clone()
                    shape=Shape::Bars tone=Tone::Cord scale=number
                    table=table(&[t("dashboard-sign-ins"), t("dashboard-factor")],
                        &|bar| vec![number(bar.counts.sign_ins), share(bar).map_or_else(nothing, in_percent)])/>
                <Chart id="failures" heading=t("dashboard-chart-failures") note=most(&refused) points=refused.clone()
                    shape=Shape::Bars tone=Tone::Brick scale=number
                    table=table(&[t("dashboard-wrong"), t("dashboard-throttled-head")],
                        &|bar| vec![number(bar.counts.failed), number(bar.counts.throttled)])/>
                <Chart id="sign-ups" heading=t("dashboard-chart-sign-ups") note=most(&sign_ups) points=sign_ups.clone()
                    shape=Shape::Bars tone=Tone::Pine scale=number
                    table=table(&[t("dashboard-sign-ups")], &|bar| vec![number(bar.counts.sign_ups)])/>
                <Chart id="factor" heading=t("dashboard-chart-factor") note=t("dashboard-chart-factor-note") points=factor
                    shape=Shape::Line tone=Tone::Pine top=100 scale=in_percent
                    table=table(&[t("dashboard-factor")], &|bar| vec![share(bar).map_or_else(nothing, in_percent)])/>
                {has_open.then(|| view! {
                    <Chart id="sessions" heading=t("dashboard-chart-sessions") note=most(&open) points=open.clone()
                        shape=Shape::Line tone=Tone::Cord scale=number
                        table=table(&[t("dashboard-chart-sessions")], &|bar| vec![bar.open_sessions.map_or_else(nothing, number)])/>
                })}
            </div>
        </section>
    }
}

fn points(
    bars: &[Bar],
    names: &[(String, String)],
    value: impl Fn(&Bar) -> Option<i64>,
    told: fn(i64) -> String,
) -> Vec<Point> {
    bars.iter()
        .zip(names)
        .map(|(bar, (short, long))| {
            let value = value(bar);
            Point {
                short: short.clone(),
                long: long.clone(),
                value,
                told: value.map_or_else(|| t("dashboard-nothing"), told),
            }
        })
        .collect()
}

/// The highest of them, in a sentence.
fn most(points: &[Point]) -> String {
    match points.iter().max_by_key(|point| point.value) {
        Some(point) if point.value.is_some_and(|value| value > 0) => {
            t_with("chart-most", &[("when", &point.long), ("what", &point.told)])
        }
        _ => t("chart-none"),
    }
}

/// What an hour or a day is called: short, and whole.
fn names_of(bar: &Bar, period: Period, zone: TimeZone) -> (String, String) {
    let local = zone.local(bar.from);
    let day = day_name(bar.from, zone);
    match period {
        Period::Day => {
            let hour = local.format("%H:%M").to_string();
            (
                hour.clone(),
                t_with("chart-hour-of", &[("day", &day), ("hour", &hour)]),
            )
        }
        Period::Week | Period::Month => (day.clone(), day),
    }
}

fn day_name(at: DateTime<Utc>, zone: TimeZone) -> String {
    let local = zone.local(at);
    let month = t(&format!("month-{}", local.month()));
    t_with(
        "chart-day-of",
        &[("day", &local.day().to_string()), ("month", &month)],
    )
}
