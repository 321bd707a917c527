//! `/account`: the overview.

use chrono::{DateTime, Utc};
use domain::authentication::close_account::last_closed;
use domain::users::time_zone::TimeZone;
use domain::users::user::User;
use leptos::prelude::*;

use crate::ui::layout::{Done, House};
use crate::ui::moment::Moment;
use crate::ui::page::{go_to_sign_in, signed_in_page};
use crate::visit::{t, t_with, words};

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let user = visit
            .platform
            .db
            .read(async |tx| User::by_id(tx, person.user_id).await)
            .await?;
        let Some(user) = user else {
            return Ok(go_to_sign_in(&visit));
        };
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
        Ok(view! {
            <House title=t("account-title")>
                <header>
                    <div>
                        <h1 data-testid="welcome-message">{t_with("account-welcome", &[("name", &user.name)])}</h1>
                        {role}
                    </div>
                </header>
                {closed_at.map(|at| view! { <Done what="reopened" text=reopened(at, person.zone())/> })}
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
                    <section class="card" aria-labelledby="device">
                        <h2 id="device">{t("account-this-device")}</h2>
                        <dl class="facts">
                            <div><dt>{t("account-device-label")}</dt><dd>{words().device(&person.user_agent)}</dd></div>
                            <div><dt>{t("account-address")}</dt><dd class="num">{person.address.clone()}</dd></div>
                            <div><dt>{t("account-signed-in-since")}</dt><dd><Moment at=person.created_at/></dd></div>
                            <div><dt>{t("account-signed-in-until")}</dt><dd><Moment at=person.expires_at/></dd></div>
                        </dl>
                    </section>
                </div>
                <section class="card stack tight" aria-labelledby="next">
                    <h2 id="next">{t("account-next-heading")}</h2>
                    <p class="soft">{t("account-next-shared-device")}</p>
                    <p class="soft">{t("account-next-unknown")}</p>
                </section>
            </House>
        }
        .into_any())
    })
}

/// What whoever has just opened the account again is told.
fn reopened(closed_at: DateTime<Utc>, zone: Option<TimeZone>) -> String {
    let date = words().moment_in(closed_at, zone);
    t_with("account-reopened", &[("date", &date)])
}
