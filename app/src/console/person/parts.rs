//! The cards on the page of a person.

use domain::Field;
use domain::authentication::change_email::Waiting;
use domain::authentication::passkeys::Passkey;
use domain::authentication::session::SignedIn;
use domain::authorization::{Permission, Rights};
use domain::users::person::history::{self, Row};
use domain::users::person::notes::Note;
use domain::users::person::seen::{Factors, Facts, HeldRole};
use domain::users::user::UserId;
use domain::words::Language;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::deeds::{AddNote, EndSessionOf, EndSessionsOf, Press, RemoveNote};
use super::page_of;
use super::roles::held_name;
use crate::account::live_sessions::Whereabouts;
use crate::ui::art::{Glyph, Icon};
use crate::ui::form::{Form, TextArea};
use crate::ui::moment::Moment;
use crate::visit::{t, t_with, words};

fn fact(name: &str, value: impl IntoView) -> impl IntoView {
    view! { <div><dt>{t(name)}</dt><dd>{value}</dd></div> }
}

/// Who it is.
#[component]
pub fn Overview(facts: Facts, email_change: Option<Waiting>, held: Rights) -> impl IntoView {
    let language =
        Language::parse(&facts.locale).map_or_else(String::new, |language| language.name().to_owned());
    let seen = match facts.seen_at() {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => t("person-never").into_any(),
    };
    let password = match facts.password_set_at {
        Some(at) => view! { {t("person-password-since")}" "<Moment at/> }.into_any(),
        None => t("person-password-none").into_any(),
    };
    let address = match facts.unproven_since {
        Some(_) => view! { <span class="pill warn">{t("person-address-unproven")}</span> }.into_any(),
        None => view! { <span class="pill ok">{t("person-address-proven")}</span> }.into_any(),
    };
    let moving = email_change.map(|wish| view! { <span class="small soft">{t_with("person-address-wish", &[("email", &wish.email)])}</span> });
    let edit = held.has(Permission::UsersWrite).then(|| {
        view! { <div><a class="btn sm" href=format!("{}/edit", page_of(facts.id)) data-testid="edit-link">{t("person-edit-link")}</a></div> }
    });
    view! {
        <section class="card stack" aria-labelledby="overview">
            <h2 id="overview">{t("person-overview-heading")}</h2>
            <dl class="facts">
                {fact("person-fact-address", view! { <span class="break">{facts.email}</span>{address}{moving} })}
                {fact("person-fact-since", view! { <Moment at=facts.created_at/> })}
                {fact("person-fact-seen", seen)}
                {fact("person-fact-password", password)}
                {fact("person-fact-language", language)}
                {fact("person-fact-zone", facts.time_zone.unwrap_or_else(|| t("person-zone-browser")))}
                {fact("person-fact-id", view! { <code class="small break" data-testid="person-id">{facts.id.to_string()}</code> })}
            </dl>
            {edit}
        </section>
    }
}

/// One factor, with the way to take it away.
fn factor(glyph: Glyph, name: String, lines: AnyView, remove: Option<String>) -> impl IntoView {
    let label = t_with("person-factor-remove-label", &[("factor", &name)]);
    view! {
        <li data-testid="person-factor">
            <Icon glyph/>
            <div class="stack tight"><p class="strong">{name}</p><div class="small soft">{lines}</div></div>
            {remove.map(|link| view! { <a class="btn sm" href=link aria-label=label data-testid="remove-factor-link">{t("factors-remove")}</a> })}
        </li>
    }
}

fn passkey(one: &Passkey, remove: Option<String>) -> impl IntoView + use<> {
    let name = if one.name.is_empty() {
        t("person-factor-passkey")
    } else {
        one.name.clone()
    };
    let used = match one.last_used_at {
        Some(at) => view! { <p>{t("person-used")}" "<Moment at/></p> }.into_any(),
        None => view! { <p>{t("person-unused")}</p> }.into_any(),
    };
    let lines = view! { <p>{t("factors-since")}" "<Moment at=one.created_at/></p>{used} };
    factor(Glyph::Key, name, lines.into_any(), remove)
}

/// How they prove who they are, besides a password.
#[component]
pub fn FactorsCard(facts: Facts, factors: Factors, held: Rights) -> impl IntoView {
    let may = held.has(Permission::FactorsRemove) && facts.frozen_until.is_none();
    let link = |what: &str| may.then(|| format!("{}/factor?what={what}", page_of(facts.id)));
    let since = |at| view! { <p>{t("factors-since")}" "<Moment at/></p> };
    let passkeys = factors
        .passkeys
        .iter()
        .map(|one| passkey(one, link(&one.id.to_string())))
        .collect_view();
    let app = factors.app.map(|(at, used)| {
        let used = used.map(|at| view! { <p>{t("person-used")}" "<Moment at/></p> });
        factor(
            Glyph::Phone,
            t("totp-name"),
            view! { {since(at)}{used} }.into_any(),
            link("totp"),
        )
    });
    let phone = factors.phone.map(|(number, at)| {
        let lines = view! { <p class="num">{number}</p>{since(at)} };
        factor(Glyph::Message, t("sms-codes-name"), lines.into_any(), link("sms"))
    });
    let mail = factors.mail_since.map(|at| {
        factor(
            Glyph::Mail,
            t("mail-codes-name"),
            since(at).into_any(),
            link("mail"),
        )
    });
    let codes = (factors.enrolled.recovery_codes > 0).then(|| {
        view! { <p class="small soft">{t_with("person-codes-left", &[("count", &factors.enrolled.recovery_codes.to_string())])}</p> }
    });
    let list = if factors.enrolled.any() {
        view! { <ul class="things" data-testid="person-factors">{passkeys}{app}{phone}{mail}</ul> }.into_any()
    } else {
        view! { <p class="soft">{t("person-factors-none")}</p> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="factors">
            <h2 id="factors">{t("person-factors-heading")}</h2>
            {factors.is_short.then(|| view! { <p class="note warn">{t("person-factors-short")}</p> })}
            {list}
            {codes}
        </section>
    }
}

/// What they may do here besides looking after themselves.
#[component]
pub fn RolesCard(id: UserId, roles: Vec<HeldRole>, held: Rights) -> impl IntoView {
    let none = roles.is_empty();
    let list = roles
        .iter()
        .map(|role| {
            let through = role
                .group_name
                .as_ref()
                .map(|group| view! { <p class="small soft">{t_with("person-role-through", &[("group", group)])}</p> });
            view! {
                <li>
                    <Icon glyph=Glyph::Person/>
                    <div class="stack tight">
                        <p class="strong">{held_name(role)}</p>
                        {through}
                        <p class="small soft">{t("factors-since")}" "<Moment at=role.since/></p>
                    </div>
                </li>
            }
        })
        .collect_view();
    let edit = held.has(Permission::RolesAssign).then(|| {
        view! { <div><a class="btn sm" href=format!("{}/roles", page_of(id)) data-testid="roles-link">{t("person-roles-link")}</a></div> }
    });
    view! {
        <section class="card stack" aria-labelledby="roles">
            <h2 id="roles">{t("person-roles-heading")}</h2>
            {none.then(|| view! { <p class="soft">{t("person-roles-none")}</p> })}
            {(!none).then(|| view! { <ul class="things" data-testid="person-roles">{list}</ul> })}
            {edit}
        </section>
    }
}

/// Where they are signed in.
#[component]
pub fn SessionsCard(id: UserId, count: i64, sessions: Vec<SignedIn>, held: Rights) -> impl IntoView {
    let may = held.has(Permission::SessionsEnd);
    let many = count.to_string();
    let none = sessions.is_empty();
    let rows = sessions
        .into_iter()
        .map(|session| {
            let device = words().device(&session.user_agent);
            let label = t_with("devices-end-label", &[("device", &device)]);
            let proven = t(if session.aal >= 2 { "person-session-two" } else { "person-session-one" });
            let end = may.then(|| {
                let with = ("session", session.session_id.to_string());
                view! { <Press action=EndSessionOf::PATH person=id test_id="end-session-button" text=t("devices-end") label with/> }
            });
            view! {
                <tr>
                    <th scope="row">{device}</th>
                    <td><Whereabouts address=session.address/></td>
                    <td><Moment at=session.last_seen_at/></td>
                    <td><Moment at=session.created_at/></td>
                    <td>{proven}</td>
                    <td class="end">{end}</td>
                </tr>
            }
        })
        .collect_view();
    let content = if none {
        view! { <p class="soft">{t("person-sessions-none")}</p> }.into_any()
    } else {
        view! {
            <div class="scroll" tabindex="0" role="group" aria-labelledby="sessions">
                <table class="data" data-testid="person-sessions">
                    <thead><tr>
                        <th scope="col">{t("person-session-device")}</th><th scope="col">{t("person-session-where")}</th>
                        <th scope="col">{t("devices-last-seen")}</th><th scope="col">{t("devices-first-seen")}</th>
                        <th scope="col">{t("person-session-proven")}</th><th><span class="unseen">{t("devices-end")}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let all = (may && !none).then(|| {
        view! { <Press action=EndSessionsOf::PATH person=id test_id="end-sessions-button" text=t_with("person-end-all", &[("count", &many)])/> }
    });
    view! {
        <section class="card stack" aria-labelledby="sessions">
            <div class="row apart"><h2 id="sessions">{t_with("person-sessions-heading", &[("count", &many)])}</h2>{all}</div>
            {content}
        </section>
    }
}

/// The newest of what happened.
#[component]
pub fn HistoryCard(id: UserId, rows: Vec<Row>, rights: Rights) -> impl IntoView {
    let shown = usize::try_from(history::SHOWN).unwrap_or(usize::MAX);
    let has_more = rows.len() > shown && rights.has(Permission::AuditRead);
    let list = rows
        .into_iter()
        .take(shown)
        .map(|row| {
            let (reason, is_refused) = (row.reason(), row.is_refused());
            let by = (!row.actor.is_empty()).then(|| view! { <p class="small soft">{t_with("person-history-by", &[("name", &row.actor)])}</p> });
            view! {
                <li data-testid="happening">
                    <Icon glyph=if is_refused { Glyph::Alert } else { Glyph::Clock }/>
                    <div class="stack tight">
                        <p class="row">
                            <span class="strong">{words().event(&row.kind)}</span>
                            {is_refused.then(|| view! { <span class="pill warn">{t("activity-refused")}</span> })}
                        </p>
                        {reason.map(|reason| view! { <p class="small">{reason}</p> })}
                        <p class="small soft"><Moment at=row.at/></p>
                        {by}
                        <Whereabouts address=row.address/>
                    </div>
                </li>
            }
        })
        .collect_view();
    let more = has_more.then(|| {
        view! { <div><a class="btn sm" href=format!("/admin/audit?whom={id}")>{t("person-history-all")}</a></div> }
    });
    view! {
        <section class="card stack" aria-labelledby="history">
            <h2 id="history">{t("person-history-heading")}</h2>
            <ul class="things" data-testid="person-history">{list}</ul>
            {more}
        </section>
    }
}

/// What operators wrote down, and the form for one more.
#[component]
pub fn NotesCard(id: UserId, notes: Vec<Note>, held: Rights) -> impl IntoView {
    let may = held.has(Permission::UsersWrite);
    let none = notes.is_empty();
    let list = notes
        .into_iter()
        .map(|note| {
            let by = note.author.unwrap_or_else(|| t("person-note-gone"));
            let label = t_with("person-note-remove-label", &[("name", &by)]);
            let remove = may.then(|| {
                let with = ("id", note.id.to_string());
                view! { <Press action=RemoveNote::PATH person=id test_id="remove-note-button" text=t("factors-remove") label with/> }
            });
            let lines: Vec<_> = note.body.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect();
            view! {
                <li data-testid="note">
                    <div class="stack tight">
                        {lines}
                        <p class="small soft">{by}" · "<Moment at=note.created_at/></p>
                    </div>
                    {remove}
                </li>
            }
        })
        .collect_view();
    let form = may.then(|| {
        view! {
            <Form action=AddNote::PATH>
                <input type="hidden" name="person" value=id.to_string()/>
                <TextArea field=Field::Note label=t("person-note-label") hint=t("person-note-hint")/>
                <div><button class="btn" data-testid="add-note-button">{t("person-note-button")}</button></div>
            </Form>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="notes">
            <h2 id="notes">{t("person-notes-heading")}</h2>
            {none.then(|| view! { <p class="soft">{t("person-notes-none")}</p> })}
            {(!none).then(|| view! { <ul class="things deeds" data-testid="notes">{list}</ul> })}
            {form}
        </section>
    }
}
