//! `/account/profile`: name, time zone, language, and the way to another address or a pause.

use domain::authentication::change_email::{Waiting, waiting};
use domain::authentication::session::SignedIn;
use domain::users::profile::{Typed, save};
use domain::users::time_zone::TimeZone;
use domain::users::user::User;
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Choices, Form, SelectField, TextField};
use crate::ui::layout::{Done, House};
use crate::ui::page::{go_to_sign_in, signed_in_page};
use crate::visit::{NewCookie, Visit, t, t_with, words};

/// Saves the profile of whoever is signed in.
#[server(endpoint = "save-profile", prefix = "/api")]
pub async fn save_profile(
    #[server(default)] name: String,
    #[server(default)] time_zone: String,
    #[server(default)] language: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let typed = Typed {
        name,
        time_zone,
        language,
    };
    save(&visit.platform, visit.person()?, &typed, &visit.asker()).await?;
    // The door speaks it too, once they have signed out.
    if let Some(language) = visit.settings.languages.parse(&typed.language) {
        visit.set_cookie(NewCookie::Language(language));
    }
    Ok(Next::to("/account/profile?done=profile"))
}

/// The page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let (user, waiting) = visit
            .platform
            .db
            .read(async |tx| {
                let user = User::by_id(tx, person.user_id).await?;
                Ok((user, waiting(tx, person.user_id).await?))
            })
            .await?;
        let Some(user) = user else {
            return Ok(go_to_sign_in(&visit));
        };
        Ok(view! {
            <House title=t("profile-title")>
                <header>
                    <div>
                        <h1>{t("profile-title")}</h1>
                        <p class="soft">{t("profile-text")}</p>
                    </div>
                </header>
                <Done toast=true what="profile" text=t("profile-done")/>
                <Done what="email" text=t("profile-email-done")/>
                <section class="card stack" aria-labelledby="you">
                    <h2 id="you">{t("profile-you-heading")}</h2>
                    <div class="narrow">
                        <Form action=SaveProfile::PATH>
                            <TextField field=Field::Name label=t("name-label") autocomplete="name" hint=t("name-hint") value=user.name/>
                            <SelectField field=Field::TimeZone label=t("profile-zone-label") hint=t("profile-zone-hint")
                                choices=zones() value=user.time_zone.unwrap_or_default()/>
                            <SelectField field=Field::Language label=t("profile-language-label") hint=t("profile-language-hint")
                                choices=languages() value=visit.settings.languages.of(&user.locale).tag().to_owned()/>
                            <button class="btn primary" data-testid="save-profile-button">{t("profile-button")}</button>
                        </Form>
                    </div>
                </section>
                <section class="card stack" aria-labelledby="email">
                    <h2 id="email">{t("profile-email-heading")}</h2>
                    <p class="soft">{t("profile-email-text")}</p>
                    <p class="strong" data-testid="profile-email">{user.email}</p>
                    {waiting.map(|waiting| view! { <p class="note" data-testid="email-waiting">{waits(&waiting, &person)}</p> })}
                    <div><a class="btn" href="/account/email" data-testid="change-email-link">{t("profile-email-change")}</a></div>
                </section>
                <section class="card stack" aria-labelledby="close">
                    <h2 id="close">{t("profile-close-heading")}</h2>
                    <p class="soft">{t("profile-close-text")}</p>
                    <div><a class="btn" href="/account/close" data-testid="close-account-link">{t("profile-close-link")}</a></div>
                </section>
            </House>
        }
        .into_any())
    })
}

fn waits(waiting: &Waiting, person: &SignedIn) -> String {
    let until = words().moment_in(waiting.expires_at, person.zone());
    t_with(
        "profile-email-waiting",
        &[("email", &waiting.email), ("until", &until)],
    )
}

/// The zones by their regions, as the names have them: `America`, then `Argentina/Ushuaia`.
pub(crate) fn zones() -> Vec<Choices> {
    let mut groups = vec![Choices {
        group: None,
        options: vec![(String::new(), t("profile-zone-browser"))],
    }];
    for zone in TimeZone::all() {
        let (region, place) = match zone.name().split_once('/') {
            Some((region, place)) => (region.to_owned(), place.replace('_', " ")),
            None => (t("profile-zone-other"), zone.name().to_owned()),
        };
        let option = (zone.name().to_owned(), place);
        match groups.last_mut() {
            Some(last) if last.group.as_ref() == Some(&region) => last.options.push(option),
            _ => groups.push(Choices {
                group: Some(region),
                options: vec![option],
            }),
        }
    }
    groups
}

/// Those that are offered.
pub(crate) fn languages() -> Vec<Choices> {
    let offered = &Visit::current().settings.languages.all;
    let options = offered
        .iter()
        .map(|language| (language.tag().to_owned(), language.name().to_owned()));
    vec![Choices {
        group: None,
        options: options.collect(),
    }]
}
