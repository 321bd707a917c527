//! `/account/activity`: what happened to the account, in plain words; and `/account/not-me`, the way on from there.

use std::collections::BTreeMap;

use domain::audit::activity::{Activity, Cursor, Happening};
use domain::authentication::session::SignedIn;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use uuid::Uuid;

use crate::account::live_sessions::{EndOtherSessions, Whereabouts};
use crate::ui::art::{Glyph, Icon};
use crate::ui::form::Summary;
use crate::ui::layout::House;
use crate::ui::moment::Moment;
use crate::ui::page::{confirmed_page, signed_in_page};
use crate::visit::{t, t_with, words};

/// The page.
#[component]
pub fn ActivityPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let cursor = cursor_of(&visit.query);
        let activity = Activity::page(&visit.platform, person.user_id, cursor).await?;
        let is_newest = activity.newer.is_none();
        let empty = activity.happenings.is_empty();
        let empty = empty.then(|| view! { <p class="soft">{t("activity-empty")}</p> });
        let list = activity
            .happenings
            .into_iter()
            .map(|happening| view! { <Happened is_newest happening person=person.clone()/> })
            .collect_view();
        let newer = activity.newer.map(|id| {
            view! { <a class="btn sm" href=format!("/account/activity?after={id}") rel="prev" data-testid="newer-link">{t("activity-newer")}</a> }
        });
        let older = activity.older.map(|id| {
            view! { <a class="btn sm" href=format!("/account/activity?before={id}") rel="next" data-testid="older-link">{t("activity-older")}</a> }
        });
        let pages = (newer.is_some() || older.is_some()).then(|| {
            view! { <nav class="row apart" aria-label=t("activity-pages")><span>{newer}</span><span>{older}</span></nav> }
        });
        Ok(view! {
            <House title=t("activity-title")>
                <header>
                    <div>
                        <h1>{t("activity-title")}</h1>
                        <p class="soft">{t("activity-text")}</p>
                    </div>
                </header>
                <section class="card" aria-label=t("activity-list")>
                    {empty}
                    <ol class="things" data-testid="activity">{list}</ol>
                </section>
                {pages}
            </House>
        })
    })
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

/// One thing that happened.
#[component]
fn Happened(happening: Happening, person: SignedIn, is_newest: bool) -> impl IntoView {
    let is_here = happening.session_id == Some(person.session_id);
    let is_refused = happening.is_refused();
    let is_beginning = happening.kind.starts_with("sign_up.");
    let sentence = words().event(&happening.kind);
    let device = (!happening.user_agent.is_empty()).then(|| words().device(&happening.user_agent));
    let device = device.map(|device| view! { <p class="small soft">{device}</p> });
    let mark = if is_here {
        view! { <span class="pill ok">{t("activity-here")}</span> }.into_any()
    } else if is_refused {
        view! { <span class="pill warn">{t("activity-refused")}</span> }.into_any()
    } else {
        ().into_any()
    };
    let label = t_with("activity-not-me-label", &[("event", &sentence)]);
    let is_view = happening.is_view();
    let by = (!happening.viewer.is_empty())
        .then(|| view! { <p class="small">{t_with("activity-view-by", &[("name", &happening.viewer)])}</p> });
    let reason = happening.reason().map(|reason| view! { <p class="small break">{t_with("activity-view-reason", &[("reason", &reason)])}</p> });
    let not_me = (is_newest && !is_here && !is_beginning && !is_view).then(|| {
        view! { <span class="small"><a href="/account/not-me" aria-label=label data-testid="not-me-link">{t("activity-not-me")}</a></span> }
    });
    view! {
        <li data-testid="happening">
            <Icon glyph=if is_refused { Glyph::Alert } else { Glyph::Clock }/>
            <div class="stack tight">
                <p class="row"><span class="strong">{sentence}</span>{mark}</p>
                {by}
                {reason}
                <p class="small soft"><Moment at=happening.happened_at()/></p>
                {device}
                <Whereabouts address=happening.address/>
            </div>
            {not_me}
        </li>
    }
}

/// `/account/not-me`: one button that ends all other sessions, and then the change of the password.
#[component]
pub fn AlarmedPage() -> impl IntoView {
    confirmed_page(async |_visit, _person| {
        Ok(view! {
            <House title=t("alarmed-title")>
                <header>
                    <div>
                        <h1>{t("alarmed-title")}</h1>
                        <p class="soft">{t("alarmed-text")}</p>
                    </div>
                </header>
                <Summary/>
                <section class="card stack">
                    <ol class="told">
                        <li>{t("alarmed-step-devices")}</li>
                        <li>{t("alarmed-step-password")}</li>
                    </ol>
                    <form class="row" method="post" action=EndOtherSessions::PATH>
                        <input type="hidden" name="then" value="password"/>
                        <button class="btn primary" data-testid="alarmed-button">{t("alarmed-button")}</button>
                        <a class="btn quiet" href="/account/activity">{t("alarmed-cancel")}</a>
                    </form>
                </section>
            </House>
        })
    })
}
