//! The logo: the picture that holds, a form with a file, and the button that takes it away.

use domain::Field;
use domain::platform::settings::change::Overview;
use domain::platform::settings::{Group, Key, Logo};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::PAGE;
use super::field::Meta;
use crate::refused::{Next, Refused};
use crate::ui::form::{ErrorLine, Form, UploadForm, again};
use crate::visit::{Visit, t};

/// Where the form with the file goes: no server function, which take none.
pub const LOGO_UPLOAD: &str = "/admin/settings/logo";

/// Goes back to the mark of the house.
#[server(endpoint = "admin-remove-logo", prefix = "/api")]
pub async fn remove_logo(#[server(default)] seen: i64) -> Result<Next, Refused> {
    let visit = Visit::current();
    domain::platform::settings::logo::remove(&visit.desk()?, seen).await?;
    Ok(Next::to(format!("{PAGE}?done=saved")))
}

/// The logo.
#[component]
pub(super) fn LogoCard<'a>(overview: &'a Overview, may_write: bool) -> impl IntoView + use<> {
    let state = overview
        .states
        .iter()
        .find(|state| state.key == Key::Logo)
        .cloned();
    let seen = overview.seen(Group::Logo);
    let held = state.as_ref().and_then(|state| Logo::parse(&state.value).ok());
    let has_one = held.is_some();
    let now = match held {
        Some(logo) => {
            let (width, height) = logo.shown();
            view! {
                <p><img class="logo" src=logo.path() width=width.to_string() height=height.to_string() alt=t("settings-logo-now") data-testid="logo-now"/></p>
            }
            .into_any()
        }
        None => view! { <p data-testid="no-logo">{t("settings-logo-none")}</p> }.into_any(),
    };
    let upload = may_write.then(|| {
        view! {
            <UploadForm action=LOGO_UPLOAD>
                <input type="hidden" name="seen" value=seen.to_string()/>
                <FileField/>
                <div><button class="btn primary" data-testid="upload-logo-button">{t("settings-logo-upload")}</button></div>
            </UploadForm>
        }
    });
    let remove = (may_write && has_one).then(|| {
        view! {
            <Form action=RemoveLogo::PATH>
                <input type="hidden" name="seen" value=seen.to_string()/>
                <div><button class="btn" data-testid="remove-logo-button">{t("settings-logo-remove")}</button></div>
            </Form>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="group-logo" data-testid="settings-logo">
            <div class="stack tight">
                <h2 id="group-logo">{t("settings-logo-heading")}</h2>
                <p class="soft">{t("settings-logo-text")}</p>
            </div>
            {now}
            {state.map(|state| view! { <Meta state may_write/> })}
            {upload}
            {remove}
        </section>
    }
}

/// The file.
#[component]
fn FileField() -> impl IntoView {
    let again = again(Field::Setting(Key::Logo));
    view! {
        <div class="field">
            <label for="logo">{t("setting-logo-file-label")}</label>
            <input class="input" id="logo" name="logo" type="file" accept="image/png,image/jpeg" required=true
                aria-describedby="logo-hint logo-error" aria-invalid=again.fault.is_some().then_some("true") autofocus=again.first
                data-testid="logo-input"/>
            <p class="hint" id="logo-hint">{t("setting-logo-text")}</p>
            <ErrorLine name="logo" fault=again.fault/>
        </div>
    }
}
