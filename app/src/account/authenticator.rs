//! `/account/security/authenticator`: adding an authenticator app.

use domain::Result;
use domain::authentication::assurance::add_totp;
use domain::authentication::assurance::totp::Enrolment;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::copy::Copy;
use crate::ui::form::{CodeField, Form};
use crate::ui::layout::House;
use crate::ui::page::{confirmed_page, go};
use crate::visit::{Visit, t};

/// Begins to add an authenticator app.
#[server(endpoint = "add-authenticator", prefix = "/api")]
pub async fn add_authenticator() -> Result<Next, Refused> {
    let visit = Visit::current();
    add_totp::begin(&visit.platform, visit.person()?).await?;
    Ok(Next::to("/account/security/authenticator"))
}

/// Adds it, by its first code.
#[server(endpoint = "confirm-authenticator", prefix = "/api")]
pub async fn confirm_authenticator(#[server(default)] code: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let added = add_totp::confirm(&visit.platform, visit.signed_in.as_ref(), &code, &visit.asker()).await?;
    let session = added.session.session_id;
    visit.session.adopt(added.token, added.session).await?;
    Ok(Next::to(match &added.codes {
        Some(codes) => visit.show_codes(session, codes),
        None => "/account/security?done=totp".to_owned(),
    }))
}

/// The page: the key, and the field for the first code.
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    confirmed_page(async |visit: Visit, person| {
        let Some(enrolment) = add_totp::begun(&visit.platform, &person).await? else {
            return Ok(go("/account/security"));
        };
        Ok(view! {
            <House title=t("totp-title")>
                <header>
                    <div>
                        <h1>{t("totp-title")}</h1>
                        <p class="soft">{t("totp-text")}</p>
                    </div>
                </header>
                <section class="card stack">
                    <Scan enrolment/>
                    <div class="narrow">
                        <Form action=ConfirmAuthenticator::PATH once=true>
                            <CodeField label=t("factor-totp-label") hint=t("factor-totp-hint")/>
                            <button class="btn primary" data-testid="confirm-authenticator-button">{t("totp-confirm")}</button>
                        </Form>
                    </div>
                    <p class="small soft"><a href="/account/security">{t("totp-cancel")}</a></p>
                </section>
            </House>
        }
        .into_any())
    })
}

/// The key of an app, as a picture and as text.
#[component]
pub fn Scan(
    /// The app that is being added.
    enrolment: Enrolment,
) -> impl IntoView {
    // Four squares of quiet zone around the code (ISO/IEC 18004).
    let side = enrolment.squares.width + 8;
    let view_box = format!("-4 -4 {side} {side}");
    let plain: String = enrolment.key.split_whitespace().collect();
    view! {
        <div class="scan">
            <svg class="qr" viewBox=view_box role="img" aria-label=t("totp-picture") shape-rendering="crispEdges">
                <path class="quiet" d=format!("M-4-4h{side}v{side}h-{side}z")/>
                <path class="dark" d=enrolment.squares.path/>
            </svg>
            <div class="stack tight">
                <p>{t("totp-scan")}</p>
                <p class="small"><a href=enrolment.link data-testid="totp-link">{t("totp-open")}</a></p>
                <p class="soft small">{t("totp-type")}</p>
                <p><code class="key" data-testid="totp-key">{enrolment.key}</code></p>
                <div class="quiets"><Copy text=plain/></div>
            </div>
        </div>
    }
}
