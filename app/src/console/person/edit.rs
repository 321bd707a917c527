//! `/admin/users/{id}/edit`, and `/admin/users/new`: what an account says of its holder.

use domain::authorization::{May, right};
use domain::users::person::{create, edit};
use domain::users::profile;
use domain::words::Language;
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::deeds::done;
use super::{brief, elsewhere, id_in_path, id_of, page_of};
use crate::account::profile::{languages, zones};
use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Choices, Form, SelectField, TextField};
use crate::visit::{Visit, t, t_with, words};

/// Writes what an account says of its holder, who is still as `version` says.
#[server(endpoint = "admin-edit-person", prefix = "/api")]
pub async fn edit_person(
    #[server(default)] person: String,
    #[server(default)] version: String,
    #[server(default)] name: String,
    #[server(default)] time_zone: String,
    #[server(default)] language: String,
) -> Result<Next, Refused> {
    let typed = profile::Typed {
        name,
        time_zone,
        language,
    };
    edit::edit(&Visit::current().desk()?, id_of(&person), &version, &typed).await?;
    Ok(done(&person, "edited"))
}

/// Makes an account for somebody, who gets a link by mail.
#[server(endpoint = "admin-create-person", prefix = "/api")]
pub async fn create_person(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] language: String,
) -> Result<Next, Refused> {
    let typed = create::Typed {
        name,
        email,
        language,
    };
    let id = create::create(&Visit::current().desk()?, &typed).await?;
    Ok(Next::to(format!("{}?done=made", page_of(id))))
}

/// The page that edits.
#[component]
pub fn EditPersonPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::UsersWrite>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-edit-title", &[("name", &facts.name)]);
        let version = facts.version();
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=page_of(id)>{facts.name.clone()}</a></p>
                        <h1>{title}</h1>
                        <p class="soft">{t("person-edit-text")}</p>
                    </div>
                </header>
                <section class="card stack">
                    <div class="narrow">
                        <Form action=EditPerson::PATH>
                            <input type="hidden" name="person" value=id.to_string()/>
                            <input type="hidden" name="version" value=version/>
                            <TextField field=Field::Name label=t("name-label") autocomplete="off" value=facts.name/>
                            <SelectField field=Field::TimeZone label=t("profile-zone-label") hint=t("person-zone-hint") choices=zones()
                                value=facts.time_zone.unwrap_or_default()/>
                            <SelectField field=Field::Language label=t("profile-language-label") hint=t("person-language-hint")
                                choices=languages_of(&facts.locale) value=facts.locale/>
                            <div class="row">
                                <button class="btn primary" data-testid="edit-button">{t("person-edit-button")}</button>
                                <a class="btn quiet" href=page_of(id)>{t("person-cancel")}</a>
                            </div>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}

/// Those that are offered, and the one that the person has.
fn languages_of(tag: &str) -> Vec<Choices> {
    let mut choices = languages();
    if let Some(first) = choices.first_mut()
        && let Some(own) = Language::parse(tag)
        && first.options.iter().all(|(value, _)| value != tag)
    {
        first.options.push((tag.to_owned(), own.name().to_owned()));
    }
    choices
}

/// The page that makes an account.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    console_page(async |visit, _person| {
        let rights = visit
            .desk()?
            .look(async |_tx, may: &May<right::UsersWrite>| Ok(may.rights.clone()))
            .await?;
        let life = words().duration(create::LINK_LIFE.num_seconds().unsigned_abs());
        let language = visit.words.language().tag().to_owned();
        Ok(view! {
            <Console title=t("person-new-title") rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/users">{t("person-back")}</a></p>
                        <h1>{t("person-new-title")}</h1>
                        <p class="soft">{t_with("person-new-text", &[("life", &life)])}</p>
                    </div>
                </header>
                <section class="card stack">
                    <div class="narrow">
                        <Form action=CreatePerson::PATH>
                            <TextField field=Field::Name label=t("name-label") autocomplete="off"/>
                            <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="off"/>
                            <SelectField field=Field::Language label=t("profile-language-label") hint=t("person-language-hint")
                                choices=languages() value=language/>
                            <div class="row">
                                <button class="btn primary" data-testid="create-button">{t("person-new-button")}</button>
                                <a class="btn quiet" href="/admin/users">{t("person-cancel")}</a>
                            </div>
                        </Form>
                    </div>
                </section>
            </Console>
        })
    })
}
