//! `/account/security`: the password, and the second factors.

use domain::authentication::assurance::manage::overview;
use domain::authentication::change_password::{Change, change_password as change};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::account::on_guard::{Guard, OnGuard};
use crate::account::passkeys::Passkeys;
use crate::account::second_factors::SecondFactors;
use crate::refused::{Next, Refused};
use crate::sign_in::with_next;
use crate::ui::form::{Form, PasswordField, Summary, UsernameField};
use crate::ui::layout::{Done, House};
use crate::ui::page::signed_in_page;
use crate::visit::{Visit, t};

/// Sets another password for whoever is signed in.
#[server(endpoint = "change-password", prefix = "/api")]
pub async fn change_password(
    #[server(default)] email: String,
    #[server(default)] current_password: String,
    #[server(default)] password: String,
) -> Result<Next, Refused> {
    // The session says whose password it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let typed = Change {
        current: current_password,
        new: password,
    };
    let (token, session) = change(&visit.platform, visit.person()?, typed, &visit.asker()).await?;
    visit.session.adopt(token, session).await?;
    Ok(Next::to("/account/security?done=password"))
}

/// The page.
#[component]
pub fn SecurityPage() -> impl IntoView {
    signed_in_page(async |visit, person| {
        let overview = overview(&visit.platform, &person).await?;
        let guard = Guard::of(&visit, &person).await?;
        // The password alone is not enough for whoever has a second factor.
        let needs_factor = person.has_factor && !person.is_fresh(visit.platform.clock.now());
        let form = if !overview.ways_in.password {
            view! {
                <p data-testid="no-password">{t("security-no-password")}</p>
                <p><a class="btn" href="/forgot-password" data-testid="set-password-link">{t("security-set-password")}</a></p>
            }
            .into_any()
        } else if needs_factor {
            view! {
                <p><a class="btn" href=with_next("/confirm", "/account/security") data-testid="confirm-link">{t("security-confirm-first")}</a></p>
            }
            .into_any()
        } else {
            view! {
                <div class="narrow">
                    <Form action=ChangePassword::PATH>
                        <UsernameField email=person.email/>
                        <PasswordField field=Field::CurrentPassword label=t("security-current-label") beside=forgot()/>
                        <PasswordField label=t("security-new-label") new=true/>
                        <button class="btn primary" data-testid="change-password-button">{t("security-password-button")}</button>
                    </Form>
                </div>
            }
            .into_any()
        };
        Ok(view! {
            <House title=t("security-title")>
                <header>
                    <div>
                        <h1>{t("security-title")}</h1>
                        <p class="soft">{t("security-text")}</p>
                    </div>
                </header>
                <OnGuard guard/>
                <Done what="password" text=t("security-password-done")/>
                <Done what="others" text=t("alarmed-done")/>
                <Done what="totp" text=t("totp-done")/>
                <Done what="totp-removed" text=t("totp-removed-done")/>
                <Done what="passkey" text=t("passkey-done")/>
                <Done what="passkey-renamed" text=t("passkey-renamed-done")/>
                <Done what="passkey-removed" text=t("passkey-removed-done")/>
                <Done what="sms" text=t("sms-codes-done")/>
                <Done what="sms-removed" text=t("sms-codes-removed-done")/>
                <Done what="mail" text=t("mail-codes-done")/>
                <Done what="mail-removed" text=t("mail-codes-removed-done")/>
                <Done what="codes" text=t("codes-done")/>
                <Done what="trust" text=t("trusted-done")/>
                {refused_elsewhere(&visit).then(|| view! { <Summary/> })}
                <section class="card stack tight" aria-labelledby="password-heading">
                    <h2 id="password-heading">{t("security-password-heading")}</h2>
                    <p class="soft">{t("security-password-text")}</p>
                    {form}
                </section>
                <Passkeys overview=&overview/>
                <SecondFactors overview/>
            </House>
        })
    })
}

/// A form of this page without fields was refused: then the page says it on top.
fn refused_elsewhere(visit: &Visit) -> bool {
    visit
        .flash_here()
        .is_some_and(|flash| flash.action != ChangePassword::PATH)
}

fn forgot() -> AnyView {
    view! { <a href="/forgot-password" aria-label=t("sign-in-forgot-label")>{t("sign-in-forgot")}</a> }
        .into_any()
}
