//! `/admin/settings`: what can be changed while the server runs, what of it the operator fixed, who changed what, and the way back.

#![expect(clippy::too_many_arguments, reason = "one for each field of a form")]

mod check;
mod field;
mod history;
mod logo;

use domain::Result;
use domain::authorization::{May, Permission, right};
use domain::platform::settings::change::{self, Overview, State};
use domain::platform::settings::{Group, Key};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use serde::{Deserialize, Serialize};

pub use self::check::CheckPage;
use self::check::{before_saving, before_undoing};
use self::field::SettingField;
use self::history::{History, undo_forms};
use self::logo::LogoCard;
pub use self::logo::{LOGO_UPLOAD, RemoveLogo, remove_logo};
use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::{Form, SummaryOf};
use crate::ui::layout::Done;
use crate::visit::{Visit, t};

/// Where the page is.
pub const PAGE: &str = "/admin/settings";

/// A field as a form sends it; none: the form has no such field. Not an `Option` by itself, which an emptied field would be none of, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Sent(Option<String>);

impl From<String> for Sent {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<Sent> for String {
    fn from(sent: Sent) -> Self {
        sent.0.unwrap_or_default()
    }
}

/// Who may make an account.
#[server(endpoint = "admin-settings-sign-up", prefix = "/api")]
pub async fn save_sign_up_settings(
    #[server(default)] seen: i64,
    #[server(default)] sure: String,
    #[server(default)] sign_up: Sent,
    #[server(default)] sign_up_domains: Sent,
) -> Result<Next, Refused> {
    let typed = [(Key::SignUp, sign_up), (Key::SignUpDomains, sign_up_domains)];
    save_surely((Group::SignUp, seen), typed, !sure.is_empty()).await
}

/// Second factors, passwords, and the way back.
#[server(endpoint = "admin-settings-sign-in", prefix = "/api")]
pub async fn save_sign_in_settings(
    #[server(default)] seen: i64,
    #[server(default)] sure: String,
    #[server(default)] second_factor: Sent,
    #[server(default)] second_factor_grace_days: Sent,
    #[server(default)] min_length: Sent,
    #[server(default)] max_length: Sent,
    #[server(default)] recovery_wait_hours: Sent,
) -> Result<Next, Refused> {
    let typed = [
        (Key::SecondFactor, second_factor),
        (Key::GraceDays, second_factor_grace_days),
        (Key::MinLength, min_length),
        (Key::MaxLength, max_length),
        (Key::RecoveryWait, recovery_wait_hours),
    ];
    save_surely((Group::SignIn, seen), typed, !sure.is_empty()).await
}

/// How long sessions last.
#[server(endpoint = "admin-settings-sessions", prefix = "/api")]
pub async fn save_session_settings(
    #[server(default)] seen: i64,
    #[server(default)] sure: String,
    #[server(default)] session_remember_days: Sent,
    #[server(default)] session_remember_idle_days: Sent,
    #[server(default)] session_plain_hours: Sent,
    #[server(default)] session_plain_idle_minutes: Sent,
    #[server(default)] session_administrator_hours: Sent,
    #[server(default)] session_administrator_idle_minutes: Sent,
) -> Result<Next, Refused> {
    let typed = [
        (Key::Remember, session_remember_days),
        (Key::RememberIdle, session_remember_idle_days),
        (Key::Plain, session_plain_hours),
        (Key::PlainIdle, session_plain_idle_minutes),
        (Key::Administrator, session_administrator_hours),
        (Key::AdministratorIdle, session_administrator_idle_minutes),
    ];
    save_surely((Group::Sessions, seen), typed, !sure.is_empty()).await
}

/// Which languages are spoken. Its boxes are `languages[]`, and an empty one among them says that the form has them.
#[server(endpoint = "admin-settings-languages", prefix = "/api")]
pub async fn save_language_settings(
    #[server(default)] seen: i64,
    #[server(default)] sure: String,
    #[server(default)] languages: Vec<String>,
    #[server(default)] default_language: Sent,
) -> Result<Next, Refused> {
    let languages = Sent((!languages.is_empty()).then(|| languages.join(" ")));
    let typed = [
        (Key::Languages, languages),
        (Key::DefaultLanguage, default_language),
    ];
    save_surely((Group::Languages, seen), typed, !sure.is_empty()).await
}

/// What it looks like, and what it is called.
#[server(endpoint = "admin-settings-branding", prefix = "/api")]
pub async fn save_branding_settings(
    #[server(default)] seen: i64,
    #[server(default)] product_name: Sent,
    #[server(default)] accent_color: Sent,
    #[server(default)] support_email: Sent,
) -> Result<Next, Refused> {
    let typed = [
        (Key::ProductName, product_name),
        (Key::AccentColor, accent_color),
        (Key::SupportEmail, support_email),
    ];
    save((Group::Branding, seen), typed).await
}

/// How often one address may try.
#[server(endpoint = "admin-settings-attempts", prefix = "/api")]
pub async fn save_attempt_settings(
    #[server(default)] seen: i64,
    #[server(default)] limits_sign_in: Sent,
    #[server(default)] limits_sign_up: Sent,
    #[server(default)] limits_reset: Sent,
    #[server(default)] limits_recover: Sent,
    #[server(default)] limits_code: Sent,
    #[server(default)] limits_passkey: Sent,
    #[server(default)] limits_unsafe: Sent,
) -> Result<Next, Refused> {
    let typed = [
        (Key::SignInLimit, limits_sign_in),
        (Key::SignUpLimit, limits_sign_up),
        (Key::ResetLimit, limits_reset),
        (Key::RecoverLimit, limits_recover),
        (Key::CodeLimit, limits_code),
        (Key::PasskeyLimit, limits_passkey),
        (Key::UnsafeLimit, limits_unsafe),
    ];
    save((Group::Attempts, seen), typed).await
}

/// How many text messages go out.
#[server(endpoint = "admin-settings-limits", prefix = "/api")]
pub async fn save_limit_settings(
    #[server(default)] seen: i64,
    #[server(default)] sms_per_person_per_day: Sent,
    #[server(default)] sms_per_day: Sent,
) -> Result<Next, Refused> {
    let typed = [
        (Key::SmsPerPerson, sms_per_person_per_day),
        (Key::SmsPerDay, sms_per_day),
    ];
    save((Group::Limits, seen), typed).await
}

/// Undoes the last change of a setting, by its number. Who is not sure is told first whom it would reach.
#[server(endpoint = "admin-undo-setting", prefix = "/api")]
pub async fn undo_setting(
    #[server(default)] version: i64,
    #[server(default)] sure: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    if sure.is_empty()
        && let Some(check) = before_undoing(&visit, version).await?
    {
        return Ok(Next::to(check));
    }
    change::undo(&visit.desk()?, version).await?;
    Ok(Next::to("/admin/settings?done=undone"))
}

async fn save<const N: usize>(of: (Group, i64), typed: [(Key, Sent); N]) -> Result<Next, Refused> {
    save_surely(of, typed, true).await
}

/// What is fixed by the operator is not in the form, and not in what it sends. Who is not sure is told first whom it would reach.
async fn save_surely<const N: usize>(
    of: (Group, i64),
    typed: [(Key, Sent); N],
    sure: bool,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let typed = typed
        .into_iter()
        .filter_map(|(key, sent)| Some((key, sent.0?)))
        .collect();
    if !sure && let Some(check) = before_saving(&visit, of, &typed).await? {
        return Ok(Next::to(check));
    }
    let changed = change::save(&visit.desk()?, of, &typed).await?;
    let done = if changed == 0 { "same" } else { "saved" };
    Ok(Next::to(format!("/admin/settings?done={done}")))
}

/// The path of the form of a group.
fn action(group: Group) -> &'static str {
    match group {
        Group::SignUp => SaveSignUpSettings::PATH,
        Group::SignIn => SaveSignInSettings::PATH,
        Group::Sessions => SaveSessionSettings::PATH,
        Group::Languages => SaveLanguageSettings::PATH,
        Group::Branding => SaveBrandingSettings::PATH,
        Group::Logo => LOGO_UPLOAD,
        Group::Attempts => SaveAttemptSettings::PATH,
        Group::Limits => SaveLimitSettings::PATH,
    }
}

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let before = visit.query.get("before").and_then(|text| text.parse().ok());
        let desk = visit.desk()?;
        let overview = change::overview(&desk, before.unwrap_or(i64::MAX)).await?;
        let rights = desk
            .look(async |_tx, may: &May<right::SettingsRead>| Ok(may.rights.clone()))
            .await?;
        let may_write = rights.has(Permission::SettingsWrite);
        let cards = Group::ALL
            .map(|group| match group {
                Group::Logo => view! { <LogoCard overview=&overview may_write/> }.into_any(),
                group => view! { <Card group overview=&overview may_write/> }.into_any(),
            })
            .into_iter()
            .collect_view();
        Ok(view! {
            <Console title=t("settings-title") rights>
                <header>
                    <div>
                        <h1>{t("settings-title")}</h1>
                        <p class="soft">{t("settings-text")}</p>
                    </div>
                </header>
                <Done what="saved" text=t("settings-done-saved")/>
                <Done what="same" text=t("settings-done-same")/>
                <Done what="undone" text=t("settings-done-undone")/>
                <SummaryOf action=UndoSetting::PATH/>
                {(!may_write).then(|| view! { <p class="note">{t("settings-read-only")}</p> })}
                {cards}
                <History overview=&overview may_write/>
                {may_write.then(|| undo_forms(&overview))}
            </Console>
        })
    })
}

/// The settings of one group, with their form.
#[component]
fn Card<'a>(group: Group, overview: &'a Overview, may_write: bool) -> impl IntoView + use<> {
    let (id, testid) = (
        format!("group-{}", group.as_str()),
        format!("settings-{}", group.as_str()),
    );
    let name = t(&format!("settings-{}-heading", group.as_str()));
    let text = t(&format!("settings-{}-text", group.as_str()));
    let states: Vec<State> = overview
        .states
        .iter()
        .filter(|state| state.key.group() == group)
        .cloned()
        .collect();
    let can_change = may_write && states.iter().any(|state| !state.is_pinned);
    let fields = states
        .into_iter()
        .map(|state| view! { <SettingField state may_write/> })
        .collect_view();
    let fields = view! { <div class="pair">{fields}</div> };
    let content = if can_change {
        let testid = format!("save-{}-button", group.as_str());
        let seen = overview.seen(group).to_string();
        view! {
            <Form action=action(group)>
                <input type="hidden" name="seen" value=seen/>
                {fields}
                <div><button class="btn primary" data-testid=testid>{t("settings-save")}</button></div>
            </Form>
        }
        .into_any()
    } else {
        fields.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby=id.clone() data-testid=testid>
            <div class="stack tight">
                <h2 id=id.clone()>{name}</h2>
                <p class="soft">{text}</p>
            </div>
            {content}
        </section>
    }
}
