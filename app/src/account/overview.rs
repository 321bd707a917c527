//! `/account`: the overview.

use chrono::{DateTime, Utc};
use domain::audit::activity::LATELY;
use domain::authentication::assurance::manage::Shortfall;
use domain::authentication::close_account::last_closed;
use domain::users::overview::Overview;
use domain::users::time_zone::TimeZone;
use leptos::prelude::*;

use crate::account::on_guard::{Guard, OnGuard};
use crate::account::passkeys::Offer;
use crate::ui::art::{Glyph, Icon};
use crate::ui::layout::{Done, House};
use crate::ui::moment::Moment;
use crate::ui::page::{go_to_sign_in, signed_in_page};
use crate::visit::{t, t_with, words};

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let Some(overview) = Overview::of(&visit.platform, &person).await? else {
            return Ok(go_to_sign_in(&visit));
        };
        let guard = Guard::known(&overview.facts);
        let user = overview.facts;
        let short = overview.shortfall.map(|short| view! { <FactorNeeded short/> });
        let closed_at = if visit.query.get("done").is_some_and(|done| done == "reopened") {
            let platform = &visit.platform;
            platform
                .db
                .read(async |tx| last_closed(tx, person.user_id).await)
                .await?
        } else {
            None
        };
        let role = user
            .administrator
            .then(|| view! { <p class="soft">{t("account-administrator")}</p> });
        // Whoever looks at it from elsewhere has no device here.
        let this_device = visit.viewing.is_none().then(|| {
            view! {
                <section class="card" aria-labelledby="device">
                    <h2 id="device">{t("account-this-device")}</h2>
                    <dl class="facts">
                        <div><dt>{t("account-device-label")}</dt><dd>{words().device(&person.user_agent)}</dd></div>
                        <div><dt>{t("account-address")}</dt><dd class="num">{person.address.clone()}</dd></div>
                        <div><dt>{t("account-signed-in-since")}</dt><dd><Moment at=person.created_at/></dd></div>
                        <div><dt>{t("account-signed-in-until")}</dt><dd><Moment at=person.expires_at/></dd></div>
                    </dl>
                </section>
            }
        });
        let devices = t_with(
            "account-next-devices-text",
            &[("count", &user.devices.to_string())],
        );
        Ok(view! {
            <House title=t("account-title")>
                <header>
                    <div>
                        <h1 data-testid="welcome-message">{t_with("account-welcome", &[("name", &user.name)])}</h1>
                        {role}
                    </div>
                </header>
                {closed_at.map(|at| view! { <Done what="reopened" text=reopened(at, person.zone())/> })}
                <Done what="recovery-stopped" text=t("recover-stopped-here")/>
                <Done what="recovery-cancelled" text=t("recover-cancelled-here")/>
                <OnGuard guard/>
                {short}
                {(user.refused > 0).then(|| view! { <Attention refused=user.refused/> })}
                {overview.offers_passkey.then(|| view! { <Offer/> })}
                <Done what="kept" text=t("account-kept")/>
                <div class="pair">
                    <section class="card" aria-labelledby="facts">
                        <h2 id="facts">{t("account-facts-heading")}</h2>
                        <dl class="facts">
                            <div><dt>{t("name-label")}</dt><dd data-testid="account-name">{user.name.clone()}</dd></div>
                            <div>
                                <dt>{t("account-email")}</dt>
                                <dd><span data-testid="account-email">{user.email.clone()}</span><span class="pill ok">{t("account-email-proven")}</span></dd>
                            </div>
                            <div><dt>{t("account-member-since")}</dt><dd><Moment at=user.created_at/></dd></div>
                        </dl>
                    </section>
                    {this_device}
                </div>
                <section class="card" aria-labelledby="next">
                    <h2 id="next">{t("account-next-heading")}</h2>
                    <ul class="next">
                        <Way glyph=Glyph::Laptop href="/account/sessions" name=t("account-next-devices") text=devices/>
                        <Way glyph=Glyph::Clock href="/account/activity" name=t("account-next-activity") text=t("account-next-activity-text")/>
                        <Way glyph=Glyph::Key href="/account/security" name=t("account-next-password") text=t("account-next-password-text")/>
                    </ul>
                </section>
                <p class="small soft">{t("account-shared-device")}</p>
            </House>
        }
        .into_any())
    })
}

/// Sign-ins were refused lately: said once, calmly, with where to look.
#[component]
fn Attention(refused: i64) -> impl IntoView {
    let days = words().duration(LATELY.num_seconds().unsigned_abs());
    let text = t_with(
        "account-refused",
        &[("count", &refused.to_string()), ("days", &days)],
    );
    view! {
        <div class="note warn" data-testid="attention">
            <div class="stack tight">
                <p class="strong">{text}</p>
                <p>{t("account-refused-advice")}" "<a href="/account/activity">{t("account-refused-link")}</a></p>
            </div>
        </div>
    }
}

/// A second factor is needed, and until when it can wait.
#[component]
fn FactorNeeded(short: Shortfall) -> impl IntoView {
    let (text, page) = if short.passkey {
        (t("passkey-required"), "/account/security/passkey")
    } else {
        (t("factors-required"), "/account/security")
    };
    let until = short
        .grace_until
        .map(|at| view! { {t("factors-until")}" "<Moment at/>"." });
    view! {
        <div class="note warn" data-testid="factor-required">
            <div class="stack tight">
                <p class="strong">{text}</p>
                <p>{until}" "<a href=page>{t("factors-required-link")}</a></p>
            </div>
        </div>
    }
}

/// A row that leads on.
#[component]
fn Way(glyph: Glyph, href: &'static str, name: String, text: String) -> impl IntoView {
    view! {
        <li>
            <span class="tile"><Icon glyph/></span>
            <div><a href=href>{name}</a><p class="small soft">{text}</p></div>
            <Icon glyph=Glyph::Arrow/>
        </li>
    }
}

/// What whoever has just opened the account again is told.
fn reopened(closed_at: DateTime<Utc>, zone: Option<TimeZone>) -> String {
    let date = words().moment_in(closed_at, zone);
    t_with("account-reopened", &[("date", &date)])
}
