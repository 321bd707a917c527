//! `/admin/invitations/new`: the form that invites.

use domain::Field;
use domain::authentication::invitation::invite::{self, Typed};
use domain::authentication::invitation::{LINK_LIFE, MOST};
use domain::authorization::role::Role;
use domain::authorization::{May, right};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::LIST;
use crate::account::profile::languages;
use crate::console::frame::{Console, console_page};
use crate::console::roles::{role_description, role_name};
use crate::refused::{Next, Refused};
use crate::sign_in::with_next;
use crate::ui::form::{Form, SelectField, TextArea};
use crate::ui::page::go;
use crate::visit::{Visit, t, t_with, words};

/// Invites people by mail. The page that comes after says what became of each address.
#[server(endpoint = "admin-invite", prefix = "/api")]
pub async fn invite_people(
    #[server(default)] emails: String,
    #[server(default)] roles: Vec<String>,
    #[server(default)] language: String,
) -> Result<Next, Refused> {
    let typed = Typed {
        emails,
        roles,
        language,
    };
    let report = invite::invite(&Visit::current().desk()?, &typed).await?;
    Ok(Next::to(format!("{LIST}?report={report}")))
}

/// The page.
#[component]
pub fn InvitePage() -> impl IntoView {
    console_page(async |visit: Visit, person| {
        let (roles, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersInvite>| {
                Ok((Role::promisable(tx, may).await?, may.rights.clone()))
            })
            .await?;
        // Asked for before the list is typed, which would be lost on the way.
        if !person.is_fresh(visit.platform.clock.now()) {
            return Ok(go(&with_next("/confirm", &visit.target)));
        }
        let life = words().duration(LINK_LIFE.num_seconds().unsigned_abs());
        let hint = t_with("invite-emails-hint", &[("most", &MOST.to_string())]);
        let language = visit.words.language().tag().to_owned();
        Ok(view! {
            <Console title=t("invitations-new") rights>
                <header>
                    <div>
                        <p class="small"><a href=LIST>{t("invite-back")}</a></p>
                        <h1>{t("invitations-new")}</h1>
                        <p class="soft">{t_with("invite-text", &[("life", &life)])}</p>
                    </div>
                </header>
                <section class="card stack">
                    <div class="narrow">
                        <Form action=InvitePeople::PATH>
                            <TextArea field=Field::Emails label=t("invite-emails-label") hint rows="6"/>
                            <Roles roles/>
                            <SelectField field=Field::Language label=t("invite-language-label") hint=t("invite-language-hint")
                                choices=languages() value=language/>
                            <div class="row">
                                <button class="btn primary" data-testid="invite-button">{t("invite-button")}</button>
                                <a class="btn quiet" href=LIST>{t("person-cancel")}</a>
                            </div>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}

/// The roles that can be promised. Who may give none gets a line that says so.
#[component]
fn Roles(roles: Vec<Role>) -> impl IntoView {
    if roles.is_empty() {
        return view! { <p class="small soft" data-testid="no-roles">{t("invite-no-roles")}</p> }.into_any();
    }
    let rows = roles
        .into_iter()
        .map(|role| {
            let id = format!("role-{}", role.id);
            let text = role_description(&role);
            let text = (!text.is_empty()).then(|| view! { <span class="small soft">" "{text}</span> });
            view! {
                <div class="check">
                    <input type="checkbox" id=id.clone() name="roles[]" value=role.id.clone()/>
                    <label for=id>{role_name(&role)}{text}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="stack tight" data-testid="roles-to-promise">
            <legend class="label">{t("invite-roles-label")}</legend>
            <p class="hint">{t("invite-roles-hint")}</p>
            {rows}
        </fieldset>
    }
    .into_any()
}
