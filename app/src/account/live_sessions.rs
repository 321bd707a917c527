//! `/account/sessions`: where somebody is signed in, and signing out from afar.

use domain::Result;
use domain::authentication::live_sessions::{
    end_other_sessions as end_others, end_session as end_one, live_sessions,
};
use domain::authentication::place::Place;
use domain::authentication::session::SignedIn;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::art::{Glyph, Icon};
use crate::ui::form::Summary;
use crate::ui::layout::{Done, House};
use crate::ui::moment::Moment;
use crate::ui::page::signed_in_page;
use crate::visit::{Visit, t, t_with, words};

/// Ends one session of whoever is signed in; their own is a sign-out.
#[server(endpoint = "end-session", prefix = "/api")]
pub async fn end_session(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    if end_one(&visit.platform, visit.person()?, &id, &visit.origin).await? {
        visit.session.drop_it().await?;
        return Ok(Next::to("/sign-in?signed-out=1"));
    }
    Ok(Next::to("/account/sessions?done=ended"))
}

/// Ends all other sessions of whoever is signed in; `then=password` goes on to the change of the password.
#[server(endpoint = "end-other-sessions", prefix = "/api")]
pub async fn end_other_sessions(#[server(default)] then: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    end_others(&visit.platform, visit.person()?, &visit.origin).await?;
    Ok(Next::to(if then == "password" {
        "/account/security?done=others"
    } else {
        "/account/sessions?done=others"
    }))
}

/// The page.
#[component]
pub fn DevicesPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let sessions = live_sessions(&visit.platform, &person).await?;
        let is_alone = sessions.len() < 2;
        let list = sessions
            .into_iter()
            .map(|session| {
                let is_here = session.session_id == person.session_id;
                view! { <Device session is_here/> }
            })
            .collect_view();
        let others = if is_alone {
            view! { <p class="soft" data-testid="alone">{t("devices-alone")}</p> }.into_any()
        } else {
            view! {
                <section class="card stack" aria-labelledby="others">
                    <h2 id="others">{t("devices-others-heading")}</h2>
                    <p class="soft">{t("devices-others-text")}</p>
                    <form method="post" action=EndOtherSessions::PATH>
                        <button class="btn danger" data-testid="end-others-button">{t("devices-others-button")}</button>
                    </form>
                </section>
            }
            .into_any()
        };
        Ok(view! {
            <House title=t("devices-title")>
                <header>
                    <div>
                        <h1>{t("devices-title")}</h1>
                        <p class="soft">{t("devices-text")}</p>
                    </div>
                </header>
                <Done toast=true what="ended" text=t("devices-ended")/>
                <Done toast=true what="others" text=t("devices-others-done")/>
                <Summary/>
                <section class="card" aria-label=t("devices-title")>
                    <ul class="things" data-testid="devices">{list}</ul>
                </section>
                {others}
            </House>
        })
    })
}

/// One device in the list.
#[component]
fn Device(session: SignedIn, is_here: bool) -> impl IntoView {
    let device = words().device(&session.user_agent);
    let glyph = if session.user_agent.contains("Mobi") {
        Glyph::Phone
    } else {
        Glyph::Laptop
    };
    let ends = session.expires_at.min(session.idle_expires_at);
    let until = if session.remember {
        t("devices-stays")
    } else {
        t("devices-until")
    };
    // Signing out here asks for nothing; ending another device asks for the password first.
    let form = if is_here {
        view! {
            <form method="post" action="/sign-out">
                <button class="btn sm" aria-label=t("devices-sign-out-label")>{t("devices-end")}</button>
            </form>
        }
        .into_any()
    } else {
        let label = t_with("devices-end-label", &[("device", &device)]);
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="id" value=session.session_id.to_string()/>
                <button class="btn sm" aria-label=label data-testid="end-session-button">{t("devices-end")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li data-testid=if is_here { "this-device" } else { "other-device" }>
            <Icon glyph/>
            <div class="stack tight">
                <p class="row">
                    <span class="strong">{device}</span>
                    {is_here.then(|| view! { <span class="pill ok">{t("devices-this")}</span> })}
                </p>
                <Whereabouts address=session.address/>
                <p class="small soft">{t("devices-last-seen")}" "<Moment at=session.last_seen_at/></p>
                <p class="small soft">{t("devices-first-seen")}" "<Moment at=session.created_at/></p>
                <p class="small soft">{until}" "<Moment at=ends/></p>
            </div>
            {form}
        </li>
    }
}

/// An address, with its place if that is known.
#[component]
pub fn Whereabouts(
    /// As the audit and the sessions keep it.
    address: String,
) -> impl IntoView {
    let visit = Visit::current();
    let place = Place::of(&visit.platform.places, &address, visit.words.language());
    let place = place.map(|place| match place {
        Place::LocalNetwork => t("devices-local-network"),
        Place::Named(name) => name,
    });
    let place = place.map(|place| view! { " · "{place} });
    (!address.is_empty())
        .then(|| view! { <p class="small soft"><span class="num">{address}</span>{place}</p> })
}
