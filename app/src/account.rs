//! `/account`: the overview.

use chrono::{DateTime, Utc};
use domain::users::user::User;
use leptos::prelude::*;

use crate::islands::LocalTime;
use crate::ui::layout::House;
use crate::ui::page::{go_to_sign_in, page};
use crate::visit::{Visit, t, t_with};

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let Some(person) = visit.signed_in.clone() else {
            return Ok(go_to_sign_in(&visit));
        };
        let user = visit
            .platform
            .db
            .read(async |tx| User::by_id(tx, person.user_id).await)
            .await?;
        let Some(user) = user else {
            return Ok(go_to_sign_in(&visit));
        };
        let first_name = user.name.split_whitespace().next().unwrap_or_default().to_owned();
        let role = user
            .administrator
            .then(|| view! { <p class="soft">{t("account-administrator")}</p> });
        Ok(view! {
            <House title=t("account-title")>
                <header>
                    <div>
                        <h1 data-testid="welcome-message">{t_with("account-welcome", &[("name", &first_name)])}</h1>
                        {role}
                    </div>
                </header>
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
                            <div><dt>{t("account-device-label")}</dt><dd>{device(&person.user_agent)}</dd></div>
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

/// A moment, in the reader's zone where there is JavaScript, else in UTC.
#[component]
fn Moment(at: DateTime<Utc>) -> impl IntoView {
    view! { <LocalTime iso=at.to_rfc3339() text=at.format("%-d %B %Y, %H:%M UTC").to_string()/> }
}

/// A browser and its system in words, from what it says of itself.
fn device(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // The order matters: most browsers also claim to be the ones below them.
    let browser = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi", "Vivaldi"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = named(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => {
            t_with("account-device", &[("browser", browser), ("system", system)])
        }
        _ => t("account-device-unknown"),
    }
}
