//! Why something was refused, in full: whoever was refused read less.

use domain::audit::why::{Lacked, SignIn, Why};
use domain::authorization::built_in::BuiltIn;
use leptos::prelude::*;

use crate::visit::t;

/// The reason of one refusal.
#[component]
pub(super) fn Explained(why: Why) -> impl IntoView {
    let content = match why {
        Why::Viewing => view! { <p>{t("why-viewing")}</p> }.into_any(),
        Why::SignIn(reason) => view! { <p>{sign_in(reason)}</p> }.into_any(),
        Why::Rights(lacked) => view! { <Rule lacked/> }.into_any(),
    };
    view! {
        <section class="card stack" data-testid="why">
            <h2>{t("why-heading")}</h2>
            {content}
        </section>
    }
}

#[component]
fn Rule(lacked: Lacked) -> impl IntoView {
    let permission = match lacked.permission {
        Some(permission) => {
            let name = t(&format!("permission-{}", permission.as_str().replace(':', "-")));
            view! { <span>{name}</span><code class="small faint">{permission.as_str()}</code> }.into_any()
        }
        None => view! { <span>{t("why-unknown-permission")}</span> }.into_any(),
    };
    let roles: Vec<_> = lacked
        .given_by
        .iter()
        .map(|role| {
            let name = match BuiltIn::parse(&role.id) {
                Some(built_in) => t(&format!("role-{}-name", built_in.id())),
                None => role.name.clone(),
            };
            view! { <a href=format!("/admin/roles/{}", role.id)>{name}</a> }
        })
        .collect();
    let roles = if roles.is_empty() {
        view! { <span>{t("why-given-by-none")}</span> }.into_any()
    } else {
        roles.into_any()
    };
    let now = if lacked.held_now {
        t("why-held-now")
    } else {
        t("why-not-held")
    };
    view! {
        <dl class="facts">
            <div><dt>{t("why-rule")}</dt><dd><span>{rule(&lacked.rule)}</span><code class="small faint">{lacked.rule}</code></dd></div>
            <div><dt>{t("why-permission")}</dt><dd>{permission}</dd></div>
            <div><dt>{t("why-given-by")}</dt><dd>{roles}<span class="soft">{now}</span></dd></div>
        </dl>
    }
}

fn rule(rule: &str) -> String {
    match rule {
        "lacks" => t("why-lacks"),
        "needs-second-factor" => t("why-needs-second-factor"),
        "gives-more" => t("why-gives-more"),
        "last-administrator" => t("why-last-administrator"),
        "own-rights" => t("why-own-rights"),
        "built-in-role" => t("why-built-in-role"),
        _ => t("why-other"),
    }
}

fn sign_in(reason: SignIn) -> String {
    match reason {
        SignIn::Nobody => t("why-sign-in-nobody"),
        SignIn::NoPassword => t("why-sign-in-no-password"),
        SignIn::Password => t("why-sign-in-password"),
        SignIn::Locked => t("why-sign-in-locked"),
        SignIn::Outrun => t("why-sign-in-outrun"),
        SignIn::Throttled => t("why-sign-in-throttled"),
        SignIn::Factor => t("why-sign-in-factor"),
        SignIn::FactorThrottled => t("why-sign-in-factor-throttled"),
        SignIn::Passkey => t("why-sign-in-passkey"),
        SignIn::PasskeyUnverified => t("why-sign-in-passkey-unverified"),
        SignIn::Unknown => t("why-sign-in-unknown"),
    }
}
