//! `/admin/users/{id}`: one person. What needs somebody first, each with its remedy; then who they are, how they prove it, where they
//! are signed in, what happened, and what operators wrote down.

pub mod ask;
pub mod deeds;
pub mod edit;
mod messages;
mod parts;
pub mod roles;
pub mod view;

use domain::Result;
use domain::authentication::session::SignedIn;
use domain::authorization::{Because, Decision, May, Permission, Right, Rights, right};
use domain::notification::sent::SentMessage;
use domain::users::person::seen::{Brief, Facts, Seen};
use domain::users::user::UserId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use self::deeds::{
    AddNote, DemandPassword, KeepPerson, Press, SendAgain, SendReset, UnlockPerson, WithdrawDemand,
};
use self::messages::MessagesCard;
use self::parts::{FactorsCard, HistoryCard, NotesCard, Overview, RolesCard, SessionsCard};
use crate::console::claim_values::{ClaimsCard, Holder, lines_of};
use crate::console::frame::{Console, console_page};
use crate::sign_in::with_next;
use crate::ui::form::Summary;
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::ui::page::go;
use crate::visit::{Visit, t, t_with};

/// The page of a person.
pub fn page_of(person: UserId) -> String {
    format!("/admin/users/{person}")
}

/// The id in an address or a form. What is none is nobody's.
fn id_of(text: &str) -> Uuid {
    Uuid::parse_str(text.trim()).unwrap_or_default()
}

/// The id in the address of the page.
fn id_in_path() -> UserId {
    let id = use_params_map().read_untracked().get("id");
    id_of(&id.unwrap_or_default())
}

/// Where a page that asks before a deed goes instead: to the proof of who its visitor is, when that is too long ago to do it, or back,
/// when the rules are against it.
fn elsewhere(visit: &Visit, person: &SignedIn, brief: &Brief) -> Option<AnyView> {
    if !brief.decision.allowed {
        return Some(go(&page_of(brief.facts.id)));
    }
    let is_fresh = person.is_fresh(visit.platform.clock.now());
    (!is_fresh).then(|| go(&with_next("/confirm", &visit.target)))
}

/// What a page that asks before a deed needs to know, for who may do it.
async fn brief<R: Right>(visit: &Visit, id: UserId) -> Result<(Brief, Rights)> {
    visit
        .desk()?
        .look(async |tx, may: &May<R>| Ok((Brief::of(tx, may, id).await?, may.rights.clone())))
        .await
}

/// Messages that the page shows.
const MESSAGES: i64 = 6;

/// The page.
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, _person| {
        let (seen, claims, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersRead>| {
                let seen = Seen::of(tx, &visit.platform, may, id).await?;
                Ok((
                    seen,
                    lines_of(tx, may, &Holder::Person(id)).await?,
                    may.rights.clone(),
                ))
            })
            .await?;
        let Seen {
            facts,
            rights: _,
            roles,
            factors,
            sessions,
            history,
            notes,
            email_change,
            decision,
        } = seen;
        let messages = if rights.has(Permission::MessagesRead) {
            let about = visit
                .desk()?
                .look(async |tx, may: &May<right::MessagesRead>| {
                    SentMessage::about(tx, may, id, MESSAGES).await
                })
                .await?;
            Some(view! { <MessagesCard messages=about email=facts.email.clone()/> })
        } else {
            None
        };
        // What the rules are against has no buttons.
        let held = if decision.allowed && !facts.is_erasing {
            rights.clone()
        } else {
            Rights::default()
        };
        Ok(view! {
            <Console title=facts.name.clone() rights=rights.clone()>
                <header>
                    <div>
                        {rights.has(Permission::UsersRead).then(|| view! { <p class="small"><a href="/admin/users">{t("person-back")}</a></p> })}
                        <h1 data-testid="person-name">{facts.name.clone()}</h1>
                        <p class="soft break">{facts.email.clone()}</p>
                        <Pills facts=facts.clone() is_short=factors.is_short/>
                    </div>
                </header>
                <News/>
                <Summary but=&[AddNote::PATH]/>
                <WhyNot decision=decision.clone()/>
                <Attention facts=facts.clone() held=held.clone()/>
                <div class="pair">
                    <Overview facts=facts.clone() email_change held=held.clone()/>
                    <Deeds facts=facts.clone() held=held.clone()/>
                </div>
                <div class="pair">
                    <FactorsCard facts=facts.clone() factors held=held.clone()/>
                    <RolesCard id roles held=held.clone()/>
                </div>
                <ClaimsCard of=Holder::Person(id) lines=claims may_write=Decision::claims_of_people(&held).allowed/>
                <SessionsCard id count=facts.sessions sessions held=held.clone()/>
                <div class="pair">
                    <HistoryCard id rows=history rights/>
                    <div class="stack">
                        <NotesCard id notes held/>
                        {messages}
                    </div>
                </div>
            </Console>
        })
    })
}

/// What was done just now.
#[component]
fn News() -> impl IntoView {
    [
        "person-done-made",
        "person-done-edited",
        "person-done-locked",
        "person-done-unlocked",
        "person-done-reset",
        "person-done-again",
        "person-done-demanded",
        "person-done-withdrawn",
        "person-done-ended",
        "person-done-factor",
        "person-done-recovery",
        "person-done-deleted",
        "person-done-kept",
        "person-done-noted",
        "person-done-unnoted",
        "person-done-role",
        "person-done-viewed",
    ]
    .map(|id| view! { <Done what=id.strip_prefix("person-done-").unwrap_or(id) text=t(id)/> })
    .into_iter()
    .collect_view()
}

/// The state in a few words.
#[component]
fn Pills(facts: Facts, is_short: bool) -> impl IntoView {
    let pill = |class: &'static str, text: &str| view! { <span class=class>{t(text)}</span> }.into_any();
    let mut pills = Vec::new();
    if facts.locked_at.is_some() {
        pills.push(pill("pill bad", "person-state-locked"));
    }
    if facts.erase_at.is_some() {
        pills.push(pill("pill bad", "person-state-leaving"));
    }
    if facts.deactivated_at.is_some() {
        pills.push(pill("pill", "person-state-closed"));
    }
    if facts.unproven_since.is_some() {
        pills.push(pill("pill warn", "person-state-unproven"));
    }
    if pills.is_empty() {
        pills.push(pill("pill ok", "person-state-active"));
    }
    if facts.frozen_until.is_some() {
        pills.push(pill("pill warn", "person-state-frozen"));
    }
    if is_short {
        pills.push(pill("pill warn", "person-state-short"));
    }
    if facts.administrator {
        pills.push(pill("pill", "person-state-administrator"));
    }
    view! { <p class="row" data-testid="person-state">{pills}</p> }
}

/// Why there is nothing to press.
#[component]
fn WhyNot(decision: Decision) -> impl IntoView {
    let text = match &decision.because {
        _ if decision.allowed => return None,
        Because::OwnAccount => {
            view! { {t("person-own")}" "<a href="/account">{t("person-own-link")}</a> }.into_any()
        }
        Because::TheyMayMore(more) => {
            view! { {t_with("person-more", &[("permission", more.as_str())])} }.into_any()
        }
        _ => return None,
    };
    Some(view! { <div class="note" data-testid="why-not"><p>{text}</p></div> })
}

/// What needs somebody, each with its remedy.
#[component]
fn Attention(facts: Facts, held: Rights) -> impl IntoView {
    let id = facts.id;
    let (write, delete, factors) = (
        held.has(Permission::UsersWrite),
        held.has(Permission::UsersDelete),
        held.has(Permission::FactorsRemove),
    );
    let locked = facts.locked_at.map(|at| {
        let reason = facts.lock_reason.clone();
        let until = facts.locked_until;
        view! {
            <div class="note bad apart" data-testid="locked-note">
                <div class="stack tight">
                    <p class="strong">{t("person-locked-since")}" "<Moment at/></p>
                    {reason.map(|reason| view! { <p>{reason}</p> })}
                    <p class="small">{match until {
                        Some(at) => view! { {t("person-locked-until")}" "<Moment at/> }.into_any(),
                        None => view! { {t("person-locked-open-ended")} }.into_any(),
                    }}</p>
                </div>
                {write.then(|| view! { <Press action=UnlockPerson::PATH person=id test_id="unlock-button" text=t("person-unlock")/> })}
            </div>
        }
    });
    let leaving = facts.erase_at.map(|at| {
        let text = if facts.is_erasing { "person-erasing" } else { "person-leaving" };
        view! {
            <div class="note bad apart" data-testid="leaving-note">
                <p>{t(text)}" "{(!facts.is_erasing).then(|| view! { <Moment at/> })}</p>
                {delete.then(|| view! { <Press action=KeepPerson::PATH person=id test_id="keep-button" text=t("person-keep")/> })}
            </div>
        }
    });
    let unproven = facts.unproven_since.map(|at| {
        let may = write && facts.locked_at.is_none();
        view! {
            <div class="note warn apart" data-testid="unproven-note">
                <p>{t("person-unproven")}" "<Moment at/></p>
                {may.then(|| view! { <Press action=SendAgain::PATH person=id test_id="send-again-button" text=t("person-send-again")/> })}
            </div>
        }
    });
    let due = facts.password_due_since.map(|at| {
        view! {
            <div class="note warn apart" data-testid="due-note">
                <p>{t("person-password-due")}" "<Moment at/></p>
                {write.then(|| view! { <Press action=WithdrawDemand::PATH person=id test_id="withdraw-button" text=t("person-withdraw")/> })}
            </div>
        }
    });
    let recovery = facts.recovery_due_at.map(|at| {
        let waits = facts.recovery_link_until.is_none();
        let text = if waits { "person-recovery-waits" } else { "person-recovery-sent" };
        let link = (waits && factors).then(|| {
            view! { <a class="btn sm" href=format!("{}/recovery", page_of(id)) data-testid="shorten-link">{t("person-shorten")}</a> }
        });
        view! { <div class="note warn apart" data-testid="recovery-note"><p>{t(text)}" "<Moment at/></p>{link}</div> }
    });
    let frozen = facts.frozen_until.map(|at| {
        view! { <div class="note warn" data-testid="frozen-note"><p>{t("person-frozen")}" "<Moment at/></p></div> }
    });
    view! { {locked}{leaving}{unproven}{recovery}{frozen}{due} }
}

/// What can be done about the account as a whole, the gentle first.
#[component]
fn Deeds(facts: Facts, held: Rights) -> impl IntoView {
    let (id, page) = (facts.id, page_of(facts.id));
    let write = held.has(Permission::UsersWrite);
    let is_open = facts.locked_at.is_none();
    let row = |name: &str, text: &str, action: AnyView| {
        view! {
            <li>
                <div class="stack tight">
                    <p class="strong">{t(name)}</p>
                    <p class="small soft">{t(text)}</p>
                </div>
                {action}
            </li>
        }
    };
    let reset = (write && is_open && facts.unproven_since.is_none()).then(|| {
        row("person-reset-name", "person-reset-text", view! { <Press action=SendReset::PATH person=id test_id="send-reset-button" text=t("person-reset-button")/> }.into_any())
    });
    let has_password = facts.password_set_at.is_some() && facts.password_due_since.is_none();
    let demand = (write && has_password).then(|| {
        row("person-demand-name", "person-demand-text", view! { <Press action=DemandPassword::PATH person=id test_id="demand-button" text=t("person-demand-button")/> }.into_any())
    });
    let is_seen = is_open
        && facts.unproven_since.is_none()
        && facts.deactivated_at.is_none()
        && facts.erase_at.is_none();
    let view = (held.has(Permission::UsersImpersonate) && is_seen).then(|| {
        row("person-view-name", "person-view-text", view! { <a class="btn sm" href=format!("{page}/view") data-testid="view-link">{t("person-view-link")}</a> }.into_any())
    });
    let lock = (write && is_open).then(|| {
        row("person-lock-name", "person-lock-text", view! { <a class="btn sm" href=format!("{page}/lock") data-testid="lock-link">{t("person-lock-link")}</a> }.into_any())
    });
    let delete = (held.has(Permission::UsersDelete) && facts.erase_at.is_none()).then(|| {
        row("person-delete-name", "person-delete-text", view! { <a class="btn sm danger" href=format!("{page}/delete") data-testid="delete-link">{t("person-delete-link")}</a> }.into_any())
    });
    let any = view.is_some() || reset.is_some() || demand.is_some() || lock.is_some() || delete.is_some();
    any.then(|| {
        view! {
            <section class="card stack" aria-labelledby="deeds">
                <h2 id="deeds">{t("person-deeds-heading")}</h2>
                <ul class="things deeds">{view}{reset}{demand}{lock}{delete}</ul>
            </section>
        }
    })
}
