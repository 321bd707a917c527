//! Pages that ask before a deed: they say what it will do, in numbers, and want a reason.

use domain::authorization::right;
use domain::users::erasure::{GRACE, operator};
use domain::users::person::seen::Facts;
use domain::users::person::{factors, lock, recovery};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::deeds::done;
use super::{brief, elsewhere, id_in_path, id_of, page_of};
use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Choices, Form, SelectField, TextField};
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// Locks an account.
#[server(endpoint = "admin-lock-person", prefix = "/api")]
pub async fn lock_person(
    #[server(default)] person: String,
    #[server(default)] reason: String,
    #[server(default)] hours: String,
) -> Result<Next, Refused> {
    let typed = lock::Typed { reason, hours };
    lock::lock(&Visit::current().desk()?, id_of(&person), &typed).await?;
    Ok(done(&person, "locked"))
}

/// Takes a second factor away.
#[server(endpoint = "admin-remove-factor", prefix = "/api")]
pub async fn remove_factor(
    #[server(default)] person: String,
    #[server(default)] what: String,
    #[server(default)] reason: String,
) -> Result<Next, Refused> {
    factors::remove(&Visit::current().desk()?, id_of(&person), &what, &reason).await?;
    Ok(done(&person, "factor"))
}

/// Shortens the wait for a way back.
#[server(endpoint = "admin-shorten-recovery", prefix = "/api")]
pub async fn shorten_recovery(
    #[server(default)] person: String,
    #[server(default)] hours: String,
    #[server(default)] reason: String,
) -> Result<Next, Refused> {
    recovery::shorten(&Visit::current().desk()?, id_of(&person), &hours, &reason).await?;
    Ok(done(&person, "recovery"))
}

/// Asks for an account to be erased, whose address was typed once more.
#[server(endpoint = "admin-delete-person", prefix = "/api")]
pub async fn delete_person(
    #[server(default)] person: String,
    #[server(default)] email: String,
    #[server(default)] reason: String,
) -> Result<Next, Refused> {
    operator::ask(&Visit::current().desk()?, id_of(&person), &email, &reason).await?;
    Ok(done(&person, "deleted"))
}

/// What is typed into each of these.
#[component]
pub(super) fn ReasonField() -> impl IntoView {
    view! { <TextField field=Field::Reason label=t("person-reason-label") autocomplete="off" hint=t("person-reason-hint")/> }
}

/// What a deed will do, line by line.
#[component]
pub(super) fn WillDo(lines: Vec<AnyView>) -> impl IntoView {
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! { <ul class="told" data-testid="will-do">{lines}</ul> }
}

/// The head of such a page.
#[component]
pub(super) fn Head(facts: Facts, title: String) -> impl IntoView {
    view! {
        <header>
            <div>
                <p class="small"><a href=page_of(facts.id)>{facts.name}</a></p>
                <h1>{title}</h1>
                <p class="soft break">{facts.email}</p>
            </div>
        </header>
    }
}

/// The button that does it, and the way out.
#[component]
fn Buttons(facts: Facts, test_id: &'static str, text: String) -> impl IntoView {
    view! {
        <input type="hidden" name="person" value=facts.id.to_string()/>
        <div class="row">
            <button class="btn danger" data-testid=test_id>{text}</button>
            <a class="btn quiet" href=page_of(facts.id)>{t("person-cancel")}</a>
        </div>
    }
}

fn devices(facts: &Facts) -> AnyView {
    t_with("person-will-end", &[("count", &facts.sessions.to_string())]).into_any()
}

fn hours(choices: &[(&str, &str)]) -> Vec<Choices> {
    let options = choices.iter().map(|(value, text)| ((*value).to_owned(), t(text)));
    vec![Choices {
        group: None,
        options: options.collect(),
    }]
}

/// `/admin/users/{id}/lock`.
#[component]
pub fn LockPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::UsersWrite>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-lock-title", &[("name", &facts.name)]);
        let lines = vec![
            devices(&facts),
            t("person-lock-will").into_any(),
            t("person-will-tell").into_any(),
        ];
        let choices = hours(&[
            ("", "person-lock-open"),
            ("1", "person-lock-1"),
            ("24", "person-lock-24"),
            ("168", "person-lock-168"),
            ("720", "person-lock-720"),
        ]);
        Ok(view! {
            <Console title=title.clone() rights>
                <Head facts=facts.clone() title/>
                <section class="card stack">
                    <WillDo lines/>
                    <div class="narrow">
                        <Form action=LockPerson::PATH>
                            <ReasonField/>
                            <SelectField field=Field::Hours label=t("person-lock-hours") hint=t("person-lock-hours-hint") choices value=String::new()/>
                            <Buttons facts test_id="lock-button" text=t("person-lock-button")/>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}

/// `/admin/users/{id}/factor?what=…`.
#[component]
pub fn FactorPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::FactorsRemove>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let what = visit.query.get("what").cloned().unwrap_or_default();
        let name = match what.as_str() {
            "totp" => t("totp-name"),
            "sms" => t("sms-codes-name"),
            "mail" => t("mail-codes-name"),
            _ => t("person-factor-passkey"),
        };
        let title = t_with("person-factor-title", &[("name", &facts.name)]);
        let lines = vec![
            t_with("person-factor-will", &[("factor", &name)]).into_any(),
            devices(&facts),
            t("person-factor-enrol").into_any(),
            t("person-will-tell").into_any(),
        ];
        Ok(view! {
            <Console title=title.clone() rights>
                <Head facts=facts.clone() title/>
                <section class="card stack">
                    <WillDo lines/>
                    <div class="note warn"><p>{t("person-sure")}</p></div>
                    <div class="narrow">
                        <Form action=RemoveFactor::PATH>
                            <input type="hidden" name="what" value=what/>
                            <ReasonField/>
                            <Buttons facts test_id="remove-factor-button" text=t("person-factor-button")/>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}

/// `/admin/users/{id}/recovery`.
#[component]
pub fn RecoveryPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::FactorsRemove>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-recovery-title", &[("name", &facts.name)]);
        let due = facts
            .recovery_due_at
            .map(|at| view! { <p>{t("person-recovery-waits")}" "<Moment at/></p> });
        let lines = vec![
            t("person-recovery-will").into_any(),
            t("person-recovery-stops").into_any(),
            t("person-will-tell").into_any(),
        ];
        let choices = hours(&[
            ("0", "person-recovery-0"),
            ("1", "person-lock-1"),
            ("24", "person-lock-24"),
        ]);
        Ok(view! {
            <Console title=title.clone() rights>
                <Head facts=facts.clone() title/>
                <section class="card stack">
                    {due}
                    <WillDo lines/>
                    <div class="note warn"><p>{t("person-sure")}</p></div>
                    <div class="narrow">
                        <Form action=ShortenRecovery::PATH>
                            <SelectField field=Field::Hours label=t("person-recovery-hours") hint=t("person-recovery-hours-hint") choices value="0".to_owned()/>
                            <ReasonField/>
                            <Buttons facts test_id="shorten-button" text=t("person-recovery-button")/>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}

/// `/admin/users/{id}/delete`.
#[component]
pub fn DeletePage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::UsersDelete>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-delete-title", &[("name", &facts.name)]);
        let grace = words().duration(GRACE.num_seconds().unsigned_abs());
        let lines = vec![
            devices(&facts),
            t_with("person-delete-will", &[("grace", &grace)]).into_any(),
            t("person-delete-undo").into_any(),
            t("person-will-tell").into_any(),
        ];
        Ok(view! {
            <Console title=title.clone() rights>
                <Head facts=facts.clone() title/>
                <section class="card stack">
                    <WillDo lines/>
                    <div class="narrow">
                        <Form action=DeletePerson::PATH>
                            <TextField field=Field::Email label=t("person-delete-email") kind="email" autocomplete="off"
                                hint=t_with("person-delete-email-hint", &[("email", &facts.email)])/>
                            <ReasonField/>
                            <Buttons facts test_id="delete-button" text=t("person-delete-button")/>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}
