//! `/sign-in/challenge`: what somebody still owes after the first factor. The page knows nothing that counts: what is owed is
//! worked out by the domain for each request.

use chrono::{DateTime, Utc};
use domain::Result;
use domain::authentication::assurance::Owed;
use domain::authentication::assurance::challenge::{self, Challenge};
use domain::authentication::assurance::enrol_passkey;
use domain::authentication::assurance::factor::Factor;
use domain::authentication::assurance::sign_in_flow::{self as flow, Answer, Progress, Step};
use domain::authentication::local_path::LocalPath;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::account::authenticator::Scan;
use crate::recover::{MOMENT, Told};
use crate::refused::{Next, Refused};
use crate::ui::factor::{FactorForm, OtherWays, Reach, asked_for, instruction};
use crate::ui::form::{CodeField, Form};
use crate::ui::layout::Hall;
use crate::ui::page::{go, page};
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{NewCookie, Visit, t, t_with};

const PAGE: &str = "/sign-in/challenge";

/// Takes the answer to a second factor, and lets in whoever owes nothing more.
#[server(endpoint = "sign-in-challenge", prefix = "/api")]
pub async fn sign_in_challenge(
    #[server(default)] factor: String,
    #[server(default)] code: String,
    #[server(default)] credential: String,
    #[server(default)] trust: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let asker = visit.asker();
    let answer = Answer {
        factor: &factor,
        code: if credential.is_empty() { &code } else { &credential },
        trust: !trust.is_empty(),
        asker: &asker,
    };
    let progress = flow::give(&visit.platform, answer).await?;
    Ok(Next::to(go_on(&visit, progress).await?))
}

/// Takes the first code of an app that must be added, or the passkey that must be made, and lets its owner in.
#[server(endpoint = "sign-in-enrol", prefix = "/api")]
pub async fn sign_in_enrol(
    #[server(default)] code: String,
    #[server(default)] credential: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let asker = visit.asker();
    let progress = if credential.is_empty() {
        flow::enrol(&visit.platform, &code, &asker).await?
    } else {
        enrol_passkey::enrol(&visit.platform, &credential, &asker).await?
    };
    Ok(Next::to(go_on(&visit, progress).await?))
}

/// Sends a code for the sign-in of this browser, by mail or as a text message.
#[server(endpoint = "sign-in-challenge-send", prefix = "/api")]
pub async fn sign_in_challenge_send(#[server(default)] factor: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let factor = flow::send(&visit.platform, &factor, &visit.asker()).await?;
    Ok(Next::to(format!("{PAGE}?factor={}&sent=1", factor.as_str())))
}

/// Ends the sign-in of this browser.
#[server(endpoint = "sign-in-cancel", prefix = "/api")]
pub async fn sign_in_cancel() -> Result<Next, Refused> {
    let visit = Visit::current();
    flow::cancel(&visit.platform, &visit.asker()).await?;
    visit.set_cookie(NewCookie::Flow(None));
    Ok(Next::to("/sign-in"))
}

async fn go_on(visit: &Visit, progress: Progress) -> Result<String> {
    let session = match &progress.step {
        Step::Entered(entered) => Some(entered.session.session_id),
        Step::Challenge(_) => None,
    };
    let next = progress.next.as_ref().map_or("", LocalPath::as_str);
    let location = visit.go_on(progress.step, progress.beside, next).await?;
    Ok(match (session, &progress.codes) {
        (Some(session), Some(codes)) => visit.show_codes(session, codes),
        _ => location,
    })
}

/// The page. Without a sign-in in progress it leads back to the beginning.
#[component]
pub fn ChallengePage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let found = challenge::look(&visit.platform, visit.flow().as_ref()).await?;
        Ok(match found {
            None => go("/sign-in?over=1"),
            Some(challenge) => match challenge.owed.clone() {
                Owed::Factor(factors) => factor_content(&visit, challenge, factors),
                Owed::Enrolment => enrolment_content(challenge),
                Owed::Passkey => passkey_content(&challenge),
            },
        })
    })
}

fn factor_content(visit: &Visit, challenge: Challenge, factors: Vec<Factor>) -> AnyView {
    let Some(factor) = asked_for(visit, &factors) else {
        return go("/sign-in?over=1");
    };
    let sent = challenge.sent;
    let reach = Reach {
        email: challenge.email,
        phone: challenge.phone,
        sent,
    };
    let text = instruction(factor, &reach);
    let button = (t("challenge-button"), "challenge-button");
    view! {
        <Hall title=t("challenge-title") saying=(t("confirm-saying"), t("challenge-saying-note"))>
            <header><h1>{t("challenge-title")}</h1><p class="soft" data-testid="challenge-text">{text}</p></header>
            <FactorForm factor action=SignInChallenge::PATH send_action=SignInChallengeSend::PATH sent
                may_trust=challenge.may_trust button ceremony=Ceremony::Challenge/>
            <OtherWays factors current=factor page=PAGE.to_owned()/>
            <p class="small soft">{t("challenge-lost")}" "<a href="/recover" data-testid="recover-link">{t("challenge-lost-link")}</a></p>
            <Cancel/>
        </Hall>
    }
    .into_any()
}

/// Nothing can be added while the account is closed for changes.
fn frozen_content(title: &'static str, until: DateTime<Utc>) -> AnyView {
    view! {
        <Hall title=t(title)>
            <header>
                <h1>{t(title)}</h1>
                <p class="strong" data-testid="frozen-note"><Told text=t_with("frozen-note", &[MOMENT]) at=until/></p>
                <p class="soft">{t("frozen-note-text")}</p>
            </header>
            <p class="small soft">{t("challenge-lost")}" "<a href="/recover" data-testid="recover-link">{t("challenge-lost-link")}</a></p>
            <Cancel/>
        </Hall>
    }
    .into_any()
}

fn passkey_content(challenge: &Challenge) -> AnyView {
    if let Some(until) = challenge.frozen_until {
        return frozen_content("challenge-passkey-title", until);
    }
    let text = t_with("challenge-passkey-text", &[("email", &challenge.email)]);
    view! {
        <Hall title=t("challenge-passkey-title") saying=(t("confirm-saying"), t("challenge-saying-note"))>
            <header>
                <h1>{t("challenge-passkey-title")}</h1>
                <p class="soft" data-testid="challenge-text">{text}</p>
                <p class="soft">{t("passkey-how")}</p>
            </header>
            <Form action=SignInEnrol::PATH>
                <PasskeyButton ceremony=Ceremony::Enrol text=t("passkey-create")/>
            </Form>
            <p class="small soft">{t("challenge-passkey-elsewhere")}</p>
            <p class="small soft">{t("challenge-lost")}" "<a href="/recover" data-testid="recover-link">{t("challenge-lost-link")}</a></p>
            <Cancel/>
        </Hall>
    }
    .into_any()
}

fn enrolment_content(challenge: Challenge) -> AnyView {
    if let Some(until) = challenge.frozen_until {
        return frozen_content("challenge-enrol-title", until);
    }
    let Some(enrolment) = challenge.enrolment else {
        return go("/sign-in?over=1");
    };
    view! {
        <Hall title=t("challenge-enrol-title") broad=true>
            <header>
                <h1>{t("challenge-enrol-title")}</h1>
                <p class="soft" data-testid="challenge-text">{t_with("challenge-enrol-text", &[("email", &challenge.email)])}</p>
            </header>
            <Scan enrolment/>
            <Form action=SignInEnrol::PATH>
                <CodeField label=t("factor-totp-label") hint=t("factor-totp-hint")/>
                <button class="btn primary wide" data-testid="challenge-button">{t("totp-confirm")}</button>
            </Form>
            <Cancel/>
        </Hall>
    }
    .into_any()
}

/// The way out.
#[component]
fn Cancel() -> impl IntoView {
    view! {
        <form method="post" action=SignInCancel::PATH>
            <button class="btn sm" data-testid="cancel-button">{t("challenge-cancel")}</button>
        </form>
    }
}
