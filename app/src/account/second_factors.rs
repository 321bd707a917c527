//! The second factors on `/account/security`: what a person has, what they can add, and the browsers that are not asked.

use domain::Result;
use domain::authentication::assurance::factor::Factor;
use domain::authentication::assurance::manage::{self, Overview};
use domain::authentication::assurance::trusted::{LIFE, TrustedDevice};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::account::authenticator::AddAuthenticator;
use crate::account::recovery_codes::RecoveryCodes;
use crate::refused::{Next, Refused};
use crate::ui::art::{Glyph, Icon};
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// Takes the authenticator app away.
#[server(endpoint = "remove-authenticator", prefix = "/api")]
pub async fn remove_authenticator() -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::remove(&visit.platform, visit.person()?, Factor::Totp, &visit.origin).await?;
    Ok(Next::to("/account/security?done=totp-removed"))
}

/// Takes the telephone for codes away.
#[server(endpoint = "remove-phone", prefix = "/api")]
pub async fn remove_phone() -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::remove(&visit.platform, visit.person()?, Factor::Sms, &visit.origin).await?;
    Ok(Next::to("/account/security?done=sms-removed"))
}

/// Makes codes by mail a second factor.
#[server(endpoint = "add-mail-codes", prefix = "/api")]
pub async fn add_mail_codes() -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = visit.person()?;
    let codes = manage::add_mail(&visit.platform, person, &visit.origin).await?;
    Ok(Next::to(match &codes {
        Some(codes) => visit.show_codes(person.session_id, codes),
        None => "/account/security?done=mail".to_owned(),
    }))
}

/// Codes by mail are a second factor no longer.
#[server(endpoint = "remove-mail-codes", prefix = "/api")]
pub async fn remove_mail_codes() -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::remove(&visit.platform, visit.person()?, Factor::Mail, &visit.origin).await?;
    Ok(Next::to("/account/security?done=mail-removed"))
}

/// Asks in a browser again.
#[server(endpoint = "end-trust", prefix = "/api")]
pub async fn end_trust(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::end_trust(&visit.platform, visit.person()?, &id, &visit.origin).await?;
    Ok(Next::to("/account/security?done=trust"))
}

/// What a person has.
#[component]
pub fn SecondFactors(
    /// As the domain sees it.
    overview: Overview,
) -> impl IntoView {
    let passkey_only = overview.policy.is_passkey_only();
    let short = overview.is_short().then(|| {
        let until = overview.grace_until;
        let text = if passkey_only {
            t("passkey-required")
        } else {
            t("factors-required")
        };
        view! {
            <div class="note warn" data-testid="factor-required">
                <p>{text}" "{until.map(|at| view! { {t("factors-until")}" "<Moment at/> })}</p>
            </div>
        }
    });
    let may_add = overview.policy.allows_adding();
    let has_any = overview.enrolled.any();
    // A row with nothing to press and nothing to tell is left out; so is an empty list.
    let app = may_add || overview.enrolled.totp;
    view! {
        <section class="card stack" aria-labelledby="factors-heading" data-testid="second-factors">
            <h2 id="factors-heading">{t("factors-heading")}</h2>
            <p class="soft">{if passkey_only { t("factors-passkey-only") } else { t("factors-text") }}</p>
            {short}
            {(app || has_any).then(|| view! {
                <ul class="things">
                    {app.then(|| view! { <App overview=&overview may_add/> })}
                    <SmsCodes overview=&overview/>
                    <MailCodes overview=&overview/>
                    {has_any.then(|| view! { <Codes left=overview.enrolled.recovery_codes/> })}
                </ul>
            })}
        </section>
        {(!overview.trusted.is_empty()).then(|| view! { <Trusted devices=overview.trusted/> })}
    }
}

/// A button that is a whole form.
#[component]
fn Press(
    action: &'static str,
    test_id: &'static str,
    text: String,
    /// What a screen reader says.
    label: String,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <button class="btn sm" aria-label=label data-testid=test_id>{text}</button>
        </form>
    }
}

#[component]
fn App<'a>(overview: &'a Overview, may_add: bool) -> impl IntoView {
    let (state, add, label) = match overview.totp_since {
        Some(at) => (
            view! { {t("factors-since")}" "<Moment at/> }.into_any(),
            t("factors-replace"),
            t("totp-replace-label"),
        ),
        None => (
            view! { {t("totp-none")} }.into_any(),
            t("factors-add"),
            t("totp-add-label"),
        ),
    };
    let remove = overview.totp_since.is_some() && overview.may_remove(Factor::Totp);
    view! {
        <li data-testid="factor-totp">
            <Icon glyph=Glyph::Phone/>
            <div class="stack tight">
                <p class="strong">{t("totp-name")}</p>
                <p class="small soft">{state}</p>
            </div>
            <div class="row">
                {may_add.then(|| view! { <Press action=AddAuthenticator::PATH test_id="add-authenticator-button" text=add label/> })}
                {remove.then(|| view! {
                    <Press action=RemoveAuthenticator::PATH test_id="remove-authenticator-button" text=t("factors-remove")
                        label=t("totp-remove-label")/>
                })}
            </div>
        </li>
    }
}

/// Codes by text message: also where there are none, with the reason (ASVS 6.6.1).
#[component]
fn SmsCodes<'a>(overview: &'a Overview) -> impl IntoView {
    let may_add = overview.sms_is_on && overview.may_add_sent();
    let has = overview.phone.is_some();
    let state = match &overview.phone {
        Some((phone, at)) => {
            let on = if overview.sms_is_on {
                "sms-codes-on"
            } else {
                "sms-codes-asleep"
            };
            view! { {t_with(on, &[("phone", phone)])}" "{t("factors-since")}" "<Moment at=*at/> }.into_any()
        }
        None if may_add => view! { {t("sms-codes-none")} }.into_any(),
        None => view! { {t("sms-codes-off")} }.into_any(),
    };
    let (add, label) = if has {
        (t("factors-replace"), t("sms-codes-replace-label"))
    } else {
        (t("factors-add"), t("sms-codes-add-label"))
    };
    let remove = has && overview.may_remove(Factor::Sms);
    (has || overview.may_add_sent()).then(|| {
        view! {
            <li data-testid="factor-sms">
                <Icon glyph=Glyph::Message/>
                <div class="stack tight">
                    <p class="strong">{t("sms-codes-name")}</p>
                    <p class="small soft" data-testid="sms-state">{state}</p>
                </div>
                <div class="row">
                    {may_add.then(|| view! {
                        <a class="btn sm" href="/account/security/phone" aria-label=label data-testid="add-phone-link">{add}</a>
                    })}
                    {remove.then(|| view! {
                        <Press action=RemovePhone::PATH test_id="remove-phone-button" text=t("factors-remove")
                            label=t("sms-codes-remove-label")/>
                    })}
                </div>
            </li>
        }
    })
}

#[component]
fn MailCodes<'a>(overview: &'a Overview) -> impl IntoView {
    let has = overview.enrolled.mail;
    let shown = has || overview.may_add_sent();
    let remove = has && overview.may_remove(Factor::Mail);
    let state = if has {
        t("mail-codes-on")
    } else {
        t("mail-codes-off")
    };
    shown.then(|| {
        view! {
            <li data-testid="factor-mail">
                <Icon glyph=Glyph::Mail/>
                <div class="stack tight">
                    <p class="strong">{t("mail-codes-name")}</p>
                    <p class="small soft">{state}</p>
                </div>
                {(!has).then(|| view! {
                    <Press action=AddMailCodes::PATH test_id="add-mail-codes-button" text=t("factors-add") label=t("mail-codes-add-label")/>
                })}
                {remove.then(|| view! {
                    <Press action=RemoveMailCodes::PATH test_id="remove-mail-codes-button" text=t("factors-remove")
                        label=t("mail-codes-remove-label")/>
                })}
            </li>
        }
    })
}

#[component]
fn Codes(left: i64) -> impl IntoView {
    let text = if left == 0 {
        t("codes-none")
    } else {
        t_with("codes-left", &[("count", &left.to_string())])
    };
    view! {
        <li data-testid="factor-recovery">
            <Icon glyph=Glyph::Key/>
            <div class="stack tight">
                <p class="strong">{t("codes-name")}</p>
                <p class="small soft" data-testid="codes-left">{text}</p>
            </div>
            <Press action=RecoveryCodes::PATH test_id="recovery-codes-button" text=t("codes-anew") label=t("codes-anew-label")/>
        </li>
    }
}

/// The browsers that are not asked.
#[component]
fn Trusted(devices: Vec<TrustedDevice>) -> impl IntoView {
    let list = devices
        .into_iter()
        .map(|device| {
            let name = words().device(&device.user_agent);
            let label = t_with("trusted-end-label", &[("device", &name)]);
            view! {
                <li data-testid="trusted-device">
                    <Icon glyph=Glyph::Laptop/>
                    <div class="stack tight">
                        <p class="strong">{name}</p>
                        <p class="small soft">{t("devices-last-seen")}" "<Moment at=device.last_used_at/></p>
                        <p class="small soft">{t("trusted-until")}" "<Moment at=device.expires_at/></p>
                    </div>
                    <form method="post" action=EndTrust::PATH>
                        <input type="hidden" name="id" value=device.id.to_string()/>
                        <button class="btn sm" aria-label=label data-testid="end-trust-button">{t("trusted-end")}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let life = words().duration(LIFE.num_seconds().unsigned_abs());
    view! {
        <section class="card stack" aria-labelledby="trusted-heading">
            <h2 id="trusted-heading">{t("trusted-heading")}</h2>
            <p class="soft">{t_with("trusted-text", &[("life", &life)])}</p>
            <ul class="things" data-testid="trusted-devices">{list}</ul>
        </section>
    }
}
