//! `/account/security`: the password.

use domain::authentication::change_password::{Change, change_password as change};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, PasswordField, UsernameField};
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
    signed_in_page(async |_visit, person| {
        Ok(view! {
            <House title=t("security-title")>
                <header>
                    <div>
                        <h1>{t("security-title")}</h1>
                        <p class="soft">{t("security-text")}</p>
                    </div>
                </header>
                <Done what="password" text=t("security-password-done")/>
                <Done what="others" text=t("alarmed-done")/>
                <section class="card stack tight" aria-labelledby="password-heading">
                    <h2 id="password-heading">{t("security-password-heading")}</h2>
                    <p class="soft">{t("security-password-text")}</p>
                    <div class="narrow">
                        <Form action=ChangePassword::PATH>
                            <UsernameField email=person.email/>
                            <PasswordField field=Field::CurrentPassword label=t("security-current-label") beside=forgot()/>
                            <PasswordField label=t("security-new-label") new=true/>
                            <button class="btn primary" data-testid="change-password-button">{t("security-password-button")}</button>
                        </Form>
                    </div>
                </section>
            </House>
        })
    })
}

fn forgot() -> AnyView {
    view! { <a href="/forgot-password" aria-label=t("sign-in-forgot-label")>{t("sign-in-forgot")}</a> }
        .into_any()
}
