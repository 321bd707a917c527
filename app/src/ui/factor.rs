//! Asking for a second factor: the same at a sign-in and at `/confirm`.

use domain::authentication::assurance::factor::Factor;
use domain::authentication::assurance::sent_code;
use leptos::prelude::*;

use crate::ui::form::{CodeField, Form};
use crate::ui::notice::GoodNews;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{Visit, t, t_with, words};

/// Which factor a page asks for: the one that its address names, if the person has it, else the first.
pub fn asked_for(visit: &Visit, factors: &[Factor]) -> Option<Factor> {
    let named = visit.query.get("factor").and_then(|name| Factor::parse(name));
    named
        .filter(|factor| factors.contains(factor))
        .or_else(|| factors.first().copied())
}

/// What the field of a factor is called.
fn label(factor: Factor) -> String {
    match factor {
        Factor::Passkey => t("factor-passkey-button"),
        Factor::Totp => t("factor-totp-label"),
        Factor::Sms => t("factor-sms-label"),
        Factor::Mail => t("factor-mail-label"),
        Factor::Recovery => t("factor-recovery-label"),
    }
}

/// The line below it.
fn hint(factor: Factor) -> String {
    match factor {
        Factor::Passkey => String::new(),
        Factor::Totp => t("factor-totp-hint"),
        Factor::Recovery => t("factor-recovery-hint"),
        Factor::Sms | Factor::Mail => sent_hint(),
    }
}

/// The line below the field for a code that was sent.
pub fn sent_hint() -> String {
    let life = words().duration(sent_code::LIFE.num_seconds().unsigned_abs());
    t_with("factor-sent-hint", &[("life", &life)])
}

/// The link that leads to it.
fn way(factor: Factor) -> String {
    match factor {
        Factor::Passkey => t("factor-passkey-way"),
        Factor::Totp => t("factor-totp-way"),
        Factor::Sms => t("factor-sms-way"),
        Factor::Mail => t("factor-mail-way"),
        Factor::Recovery => t("factor-recovery-way"),
    }
}

/// Where codes of a person go, and which one is on its way.
pub struct Reach {
    /// Their address.
    pub email: String,
    /// The number of their telephone, masked.
    pub phone: Option<String>,
    /// The factor whose code went out, and still works.
    pub sent: Option<Factor>,
}

/// What to do, in a sentence.
pub fn instruction(factor: Factor, reach: &Reach) -> String {
    let is_sent = reach.sent == Some(factor);
    let email = [("email", reach.email.as_str())];
    let phone = [("phone", reach.phone.as_deref().unwrap_or_default())];
    match factor {
        Factor::Mail if is_sent => t_with("factor-mail-sent", &email),
        Factor::Mail => t_with("factor-mail-text", &email),
        Factor::Sms if is_sent => t_with("factor-sms-sent", &phone),
        Factor::Sms => t_with("factor-sms-text", &phone),
        Factor::Passkey => t("factor-passkey-text"),
        Factor::Totp => t("factor-totp-text"),
        Factor::Recovery => t("factor-recovery-text"),
    }
}

/// The form that takes the answer; for codes that are sent first the button that sends one.
#[component]
pub fn FactorForm(
    /// Which factor.
    factor: Factor,
    /// The server function that takes the answer.
    action: &'static str,
    /// The one that sends a code.
    send_action: &'static str,
    /// Where to go afterwards; empty where the server knows.
    #[prop(optional)]
    next: String,
    /// The factor whose code went out, and still works.
    sent: Option<Factor>,
    /// Offer to remember this browser.
    #[prop(optional)]
    may_trust: bool,
    /// What the button says, and its `data-testid`.
    button: (String, &'static str),
    /// What a passkey is asked for by.
    ceremony: Ceremony,
) -> impl IntoView {
    let sent_anew = Visit::current().query.contains_key("sent");
    let hidden = |next: &str| {
        let next = next.to_owned();
        (!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next/> })
    };
    let send = |label: String, class: &'static str| {
        let field = hidden(&next);
        view! {
            <Form action=send_action>
                {field}
                <input type="hidden" name="factor" value=factor.as_str()/>
                <button class=class data-testid="send-code-button">{label}</button>
            </Form>
        }
    };
    let (first, nothing) = match factor {
        Factor::Sms => (t("factor-sms-send"), t("factor-sms-nothing-text")),
        _ => (t("factor-mail-send"), t("factor-mail-nothing-text")),
    };
    if factor.is_sent() && sent != Some(factor) {
        return send(first, "btn primary wide").into_any();
    }
    let (pressed, test_id) = button;
    let trust = may_trust.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="trust" value="on" data-testid="trust-input"/>
                <span>{t("factor-trust")}</span>
            </label>
        }
    });
    let again = factor.is_sent().then(|| {
        view! {
            <details class="more">
                <summary>{t("factor-sent-nothing")}</summary>
                <div class="stack">
                    <p class="soft small">{nothing}</p>
                    {send(t("factor-sent-again"), "btn sm")}
                </div>
            </details>
        }
    });
    let field = hidden(&next);
    if factor == Factor::Passkey {
        return view! {
            <Form action>
                {field}
                <input type="hidden" name="factor" value=factor.as_str()/>
                {trust}
                <PasskeyButton ceremony text=label(factor)/>
            </Form>
        }
        .into_any();
    }
    view! {
        {sent_anew.then(|| view! { <GoodNews text=t("factor-sent-new")/> })}
        <Form action once=true>
            {field}
            <input type="hidden" name="factor" value=factor.as_str()/>
            <CodeField label=label(factor) hint=hint(factor) long=factor == Factor::Recovery/>
            {trust}
            <button class="btn primary wide" data-testid=test_id>{pressed}</button>
        </Form>
        {again}
    }
    .into_any()
}

/// The other factors that the person has.
#[component]
pub fn OtherWays(
    /// What they may give.
    factors: Vec<Factor>,
    /// What they are asked for now.
    current: Factor,
    /// The page's address, without `factor`.
    page: String,
) -> impl IntoView {
    let separator = if page.contains('?') { '&' } else { '?' };
    let others = factors
        .into_iter()
        .filter(|factor| *factor != current)
        .map(|factor| {
            let href = format!("{page}{separator}factor={}", factor.as_str());
            let test_id = format!("way-{}", factor.as_str());
            view! { <li><a href=href data-testid=test_id>{way(factor)}</a></li> }
        })
        .collect_view();
    (!others.is_empty()).then(|| {
        view! {
            <nav class="stack tight small" aria-label=t("factor-other")>
                <p class="soft">{t("factor-other")}</p>
                <ul class="stack tight">{others}</ul>
            </nav>
        }
    })
}
