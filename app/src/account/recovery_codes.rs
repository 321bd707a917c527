//! `/account/security/recovery-codes`: fresh codes, shown to whoever made them, until they say that they kept them.

use domain::Result;
use domain::authentication::assurance::manage;
use leptos::prelude::*;

use crate::islands::PrintButton;
use crate::refused::{Next, Refused};
use crate::ui::copy::Copy;
use crate::ui::layout::House;
use crate::ui::page::{go, signed_in_page};
use crate::visit::{Visit, t};

/// Makes a new set of codes.
#[server(endpoint = "recovery-codes", prefix = "/api")]
pub async fn recovery_codes() -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = visit.person()?;
    let fresh = manage::renew_codes(&visit.platform, person, &visit.origin).await?;
    Ok(Next::to(visit.show_codes(person.session_id, &fresh)))
}

/// The codes as a file to keep. Not only for pages: the words are the visit's own.
pub fn as_text(visit: &Visit, codes: &[String]) -> String {
    let host = visit.platform.config.public_authority();
    let heading = visit.words.text_with("codes-file", &[("host", &host)]);
    format!("{heading}\n\n{}\n", codes.join("\n"))
}

/// The page. A set that was not made here a moment ago is not shown.
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    signed_in_page(async |visit, _person| {
        let Some(fresh) = visit.fresh_codes() else {
            return Ok(go("/account/security"));
        };
        let list = fresh
            .codes
            .iter()
            .map(|code| view! { <li><code data-testid="recovery-code">{code.clone()}</code></li> })
            .collect_view();
        let text = as_text(&visit, &fresh.codes);
        Ok(view! {
            <House title=t("codes-title")>
                <header>
                    <div>
                        <h1>{t("codes-title")}</h1>
                        <p class="soft">{t("codes-text")}</p>
                    </div>
                </header>
                <section class="card stack" aria-label=t("codes-title")>
                    <ol class="codes" data-testid="recovery-codes">{list}</ol>
                    <div class="row quiets">
                        <Copy text label="codes-copy"/>
                        <PrintButton><button class="btn quiet sm" type="button" hidden=true>{t("codes-print")}</button></PrintButton>
                        <form method="post" action="/account/security/recovery-codes/download">
                            <button class="btn quiet sm" data-testid="download-codes-button">{t("codes-download")}</button>
                        </form>
                    </div>
                    <p class="note">{t("codes-once")}</p>
                    <form method="post" action="/account/security/recovery-codes/kept">
                        <button class="btn primary" data-testid="codes-kept-button">{t("codes-kept")}</button>
                    </form>
                </section>
            </House>
        }
        .into_any())
    })
}
