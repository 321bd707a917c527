//! `/sign-up` and `/sign-up/verify`: the pages and what their forms call.

use domain::authentication::local_path::LocalPath;
use domain::authentication::sign_up::verify::{Proof, Verification, Verified, verify};
use domain::authentication::sign_up::{self, CODE_LIFE, LINK_LIFE, Link};
use domain::platform::settings::{SecondFactorRule, SignUp as SignUpSetting};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::sign_in::{already_inside, next_of, with_next};
use crate::ui::form::{CodeField, Form, PasswordField, TextField};
use crate::ui::layout::Hall;
use crate::ui::notice::GoodNews;
use crate::ui::page::page;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{NewCookie, Pending, Visit, t, t_with, words};

/// Takes a sign-up; the answer is the same for a known and an unknown address.
#[server(endpoint = "sign-up", prefix = "/api")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let pending = sign_up::request(
        &visit.platform,
        sign_up::Request {
            name,
            email,
            password,
            credential,
            next: LocalPath::parse(&next),
            language: visit.words.language(),
            asker: visit.asker(),
        },
    )
    .await?;
    visit.set_cookie(NewCookie::Pending(Some(Pending {
        id: pending.id,
        email: pending.email,
    })));
    Ok(Next::to("/sign-up/verify"))
}

/// Proves an address by the link's token or the code, makes the account, and lets its owner in.
#[server(endpoint = "sign-up-verify", prefix = "/api")]
pub async fn sign_up_verify(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] code: String,
    #[server(default)] password: Option<String>,
) -> Result<Next, Refused> {
    // The browser's sealed cookie says which sign-up it is; the address is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let proof = if token.is_empty() {
        Proof::Code(code)
    } else {
        Proof::Link { token, password }
    };
    let (verified, next) = verify(
        &visit.platform,
        Verification {
            proof,
            pending: visit.pending.as_ref().map(|pending| pending.id),
            asker: visit.asker(),
        },
    )
    .await?;
    visit.set_cookie(NewCookie::Pending(None));
    let next = next.as_ref().map_or("", LocalPath::as_str);
    Ok(Next::to(match verified {
        Verified::Arrived(step) => visit.go_on(*step, false, next).await?,
        Verified::PasskeyNext if next.is_empty() => "/sign-in?ready=1".to_owned(),
        Verified::PasskeyNext => format!("{}&ready=1", with_next("/sign-in", next)),
    }))
}

/// Sends the message again, if this browser waits for one.
#[server(endpoint = "sign-up-resend", prefix = "/api")]
pub async fn sign_up_resend(#[server(default)] email: String) -> Result<Next, Refused> {
    let _ = email;
    let visit = Visit::current();
    sign_up::resend(
        &visit.platform,
        visit.pending.as_ref().map(|pending| pending.id),
        visit.address,
    )
    .await?;
    Ok(Next::to("/sign-up/verify?resent=1"))
}

/// `/sign-up`.
#[component]
pub fn SignUpPage() -> impl IntoView {
    page(async move { Ok(request_content(&Visit::current())) })
}

fn request_content(visit: &Visit) -> AnyView {
    if visit.settings.sign_up.is_shut() {
        let (title, text) = match visit.settings.sign_up {
            SignUpSetting::Invitation => (t("sign-up-invitation-title"), t("sign-up-invitation-text")),
            _ => (t("sign-up-closed-title"), t("sign-up-closed-text")),
        };
        return view! {
            <Hall title=title.clone() shut=true>
                <header><h1>{title}</h1><p class="soft">{text}</p></header>
                <a class="btn primary wide" href="/sign-in">{t("sign-up-sign-in")}</a>
            </Hall>
        }
        .into_any();
    }
    if let Some(inside) = already_inside(visit) {
        return inside;
    }
    let next = next_of(visit);
    let passkey_only = (visit.settings.second_factor.rule == SecondFactorRule::PasskeyOnly)
        .then(|| view! { <p class="soft" data-testid="passkey-only">{t("sign-up-passkey-only")}</p> });
    // A public rule, so the page says it before anybody types in vain.
    let hint = match visit.settings.sign_up {
        SignUpSetting::Domains => t_with(
            "sign-up-domains",
            &[("domains", &visit.settings.domains().join(", "))],
        ),
        _ => t("email-hint"),
    };
    view! {
        <Hall title=t("sign-up-title") saying=(t("sign-up-saying"), t("sign-up-saying-note"))>
            <header>
                <h1>{t("sign-up-heading")}</h1>
                <p class="soft">{t("sign-up-have-account")}" "<a href=with_next("/sign-in", &next)>{t("sign-up-sign-in")}</a></p>
                {passkey_only}
            </header>
            <Form action=SignUp::PATH>
                <input type="hidden" name="next" value=next.clone()/>
                <TextField field=Field::Name label=t("name-label") autocomplete="name" hint=t("name-hint")/>
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username" hint/>
                <PasswordField label=t("password-label") new=true/>
                <button class="btn primary wide" data-testid="sign-up-button">{t("sign-up-button")}</button>
                <PasskeyButton ceremony=Ceremony::SignUp text=t("sign-up-passkey")/>
            </Form>
        </Hall>
    }
    .into_any()
}

/// `/sign-up/verify`: the link of the mail, or the page that waits for the code. Opening a link uses nothing up.
#[component]
pub fn VerifyPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        match visit.query.get("token") {
            None => Ok(check_mail(&visit)),
            Some(token) => {
                let pending = visit.pending.as_ref().map(|pending| pending.id);
                let link = sign_up::look(&visit.platform, token, pending).await?;
                Ok(link_content(token, link))
            }
        }
    })
}

fn lives() -> (String, String) {
    let words = words();
    (
        words.duration(LINK_LIFE.num_seconds().unsigned_abs()),
        words.duration(CODE_LIFE.num_seconds().unsigned_abs()),
    )
}

fn check_mail(visit: &Visit) -> AnyView {
    let (link_life, code_life) = lives();
    let email = visit.pending.as_ref().map(|pending| pending.email.clone());
    let sent = match &email {
        Some(email) => t_with("check-mail-sent", &[("email", email)]),
        None => t("check-mail-sent-somewhere"),
    };
    let hint = t_with(
        "check-mail-code-hint",
        &[("code-life", &code_life), ("link-life", &link_life)],
    );
    let resent = visit.query.contains_key("resent");
    // A refusal in there must be seen.
    let is_open = visit.flash_of(SignUpResend::PATH).is_some();
    let address = match &email {
        Some(email) => view! { <input type="hidden" name="email" value=email.clone()/> }.into_any(),
        None => view! { <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username"/> }.into_any(),
    };
    view! {
        <Hall title=t("check-mail-title") saying=(t("check-mail-saying"), t("check-mail-saying-note"))>
            {resent.then(|| view! { <GoodNews text=t("check-mail-resent")/> })}
            <header><h1>{t("check-mail-title")}</h1><p class="soft" data-testid="check-mail">{sent}</p></header>
            <Form action=SignUpVerify::PATH once=true>
                {address}
                <CodeField label=t("check-mail-code-label") hint/>
                <button class="btn primary wide" data-testid="verify-button">{t("check-mail-button")}</button>
            </Form>
            <details class="more" open=is_open>
                <summary>{t("check-mail-nothing-summary")}</summary>
                <div class="stack">
                    <p class="soft small">{t("check-mail-nothing")}</p>
                    <Form action=SignUpResend::PATH>
                        <input type="hidden" name="email" value=email.unwrap_or_default()/>
                        <button class="btn sm" data-testid="resend-button">{t("check-mail-resend")}</button>
                    </Form>
                    <p class="soft small">{t("check-mail-wrong-address")}" "<a href="/sign-up">{t("check-mail-start-again")}</a></p>
                </div>
            </details>
        </Hall>
    }
    .into_any()
}

fn link_content(token: &str, link: Link) -> AnyView {
    let token = token.to_owned();
    let dead = |title: String, text: String, href: &'static str, button: String| {
        view! {
            <Hall title=title.clone()>
                <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
                <a class="btn primary wide" href=href>{button}</a>
            </Hall>
        }
        .into_any()
    };
    match link {
        Link::Fresh { email, same_browser: true } => view! {
            <Hall title=t("verify-title") saying=(t("verify-saying"), t("verify-saying-note"))>
                <header><h1>{t("verify-heading")}</h1><p class="soft">{t_with("verify-text", &[("email", &email)])}</p></header>
                <Form action=SignUpVerify::PATH auto=true once=true>
                    <input type="hidden" name="token" value=token/>
                    <button class="btn primary wide" data-testid="verify-button">{t("verify-button")}</button>
                </Form>
            </Hall>
        }
        .into_any(),
        Link::Fresh { email, same_browser: false } => view! {
            <Hall title=t("verify-title") saying=(t("verify-saying"), t("verify-saying-note"))>
                <header>
                    <h1>{t("verify-elsewhere-heading")}</h1>
                    <p class="soft">{t_with("verify-elsewhere-text", &[("email", &email)])}</p>
                </header>
                <Form action=SignUpVerify::PATH once=true>
                    <input type="hidden" name="token" value=token/>
                    <input type="hidden" name="email" value=email autocomplete="username"/>
                    <PasswordField label=t("password-label") new=true/>
                    <button class="btn primary wide" data-testid="verify-button">{t("verify-elsewhere-button")}</button>
                </Form>
                <p class="small soft">{t("verify-elsewhere-not-me")}</p>
            </Hall>
        }
        .into_any(),
        Link::Used => dead(t("verify-used-title"), t("verify-used-text"), "/sign-in", t("verify-used-button")),
        Link::Expired => {
            let text = t_with("verify-expired-text", &[("link-life", &lives().0)]);
            dead(t("verify-expired-title"), text, "/sign-up", t("verify-expired-button"))
        }
        Link::Unknown => dead(t("verify-invalid-title"), t("verify-invalid-text"), "/sign-up/verify", t("verify-invalid-button")),
    }
}
