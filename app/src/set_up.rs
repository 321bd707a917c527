//! `/setup`: the first administrator, and how the server is doing.

use domain::authentication::set_up::{self, Done, LINK_LIFE, Link};
use domain::platform::doctor::{self, Finding, Status};
use domain::{Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::copy::Copy;
use crate::ui::form::{Form, PasswordField, TextField};
use crate::ui::layout::Hall;
use crate::ui::page::page;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{Visit, t, t_with, words};

/// Makes the first administrator, and lets in whoever chose a password.
#[server(endpoint = "setup", prefix = "/api")]
pub async fn setup(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] credential: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let done = set_up::complete(
        &visit.platform,
        set_up::Request {
            token,
            name,
            email,
            password,
            credential,
            language: visit.words.language(),
            asker: visit.asker(),
        },
    )
    .await?;
    Ok(Next::to(match done {
        Done::Arrived(step) => visit.go_on(*step, false, "").await?,
        Done::PasskeyNext => "/sign-in?ready=1".to_owned(),
    }))
}

/// The page.
#[component]
pub fn SetUpPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let link = set_up::look(&visit.platform, &token).await?;
        if link != Link::Fresh {
            return Ok(closed(link, token.is_empty()));
        }
        let seen = doctor::Visit {
            seen_origin: visit.seen_origin.as_deref(),
            // Whoever looks again was here before, and got the cookie of the form.
            cookie_came_back: visit.query.contains_key("again").then_some(visit.form.is_some()),
        };
        let findings = doctor::examine(&visit.platform, Some(&seen)).await;
        Ok(form(token, findings))
    })
}

fn form(token: String, findings: Vec<Finding>) -> AnyView {
    let life = t_with(
        "set-up-link-life",
        &[(
            "link-life",
            &words().duration(LINK_LIFE.num_seconds().unsigned_abs()),
        )],
    );
    let in_query: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let again = format!("/setup?token={in_query}&again=1#checks");
    view! {
        <Hall title=t("set-up-title") broad=true saying=(t("set-up-saying"), t("set-up-saying-note"))>
            <header><h1>{t("set-up-heading")}</h1><p class="soft">{t("set-up-text")}</p></header>
            <Form action=Setup::PATH once=true>
                <input type="hidden" name="token" value=token/>
                <TextField field=Field::Name label=t("name-label") autocomplete="name"/>
                <TextField field=Field::Email label=t("email-label") kind="email" autocomplete="username"/>
                <PasswordField label=t("password-label") new=true/>
                <button class="btn primary wide" data-testid="setup-button">{t("set-up-button")}</button>
                <PasskeyButton ceremony=Ceremony::SetUp text=t("sign-up-passkey")/>
                <p class="small faint">{life}</p>
            </Form>
            <Diagnosis findings again/>
        </Hall>
    }
    .into_any()
}

/// What the server found out about itself, what needs mending first.
#[component]
fn Diagnosis(
    findings: Vec<Finding>,
    /// Where one looks again.
    again: String,
) -> impl IntoView {
    let (well, mut ill): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .partition(|finding| finding.status <= Status::Ok);
    ill.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    let to_mend = ill
        .iter()
        .filter(|finding| finding.status == Status::Fail)
        .count();
    let summary = if to_mend == 0 {
        t("set-up-checks-all-well")
    } else {
        t_with("set-up-checks-to-mend", &[("count", &to_mend.to_string())])
    };
    let well_count = t_with("set-up-checks-well", &[("count", &well.len().to_string())]);
    view! {
        <section class="stack" aria-labelledby="checks">
            <h2 id="checks">{t("set-up-checks-heading")}</h2>
            <p class="small soft" data-testid="checks-summary">{summary}</p>
            {(!ill.is_empty()).then(|| view! { <Findings findings=ill/> })}
            <details class="more">
                <summary>{well_count}</summary>
                <Findings findings=well/>
            </details>
            <p><a class="btn sm" href=again data-testid="look-again">{t("health-again")}</a></p>
        </section>
    }
}

/// A list of findings: what it is, how it is, and how to mend it.
#[component]
pub fn Findings(
    /// In their order.
    findings: Vec<Finding>,
) -> impl IntoView {
    let rows = findings.into_iter().map(|finding| {
        let (class, state) = match finding.status {
            Status::Skipped => ("ok", t("check-state-skipped")),
            Status::Ok => ("ok", t("check-state-ok")),
            Status::Warn => ("warn", t("check-state-warn")),
            Status::Fail => ("bad", t("check-state-fail")),
        };
        let detail = finding
            .detail
            .as_ref()
            .map(|detail| t_with("check-detail", &[("detail", detail)]));
        view! {
            <li class=class data-testid=format!("check-{}", finding.check)>
                <div>
                    <div class="head">
                        <h3>{finding.title(words())}</h3>
                        <span class="state">{state}</span>
                    </div>
                    <p>{finding.text(words())}</p>
                    {detail.map(|detail| view! { <p class="small soft break">{detail}</p> })}
                </div>
            </li>
        }
    });
    view! { <div class="card flush"><ul class="diag">{rows.collect_view()}</ul></div> }
}

fn closed(link: Link, no_token: bool) -> AnyView {
    let life = words().duration(LINK_LIFE.num_seconds().unsigned_abs());
    let (title, text, command) = match link {
        Link::SetUp => (t("set-up-already-title"), t("set-up-already-text"), false),
        Link::Used => (t("set-up-used-title"), t("set-up-used-text"), false),
        Link::Expired => (
            t("set-up-expired-title"),
            t_with("set-up-expired-text", &[("link-life", &life)]),
            true,
        ),
        _ if no_token => (t("set-up-missing-title"), t("set-up-missing-text"), true),
        _ => (t("set-up-invalid-title"), t("set-up-invalid-text"), true),
    };
    let command = command.then(|| {
        let line = "latchstring setup-link";
        view! {
            <div class="copy">
                <code>{line}</code>
                <Copy text=line.to_owned()/>
            </div>
        }
    });
    view! {
        <Hall title=title.clone() saying=(t("set-up-saying"), t("set-up-saying-note"))>
            <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
            {command}
            {(link == Link::SetUp || link == Link::Used)
                .then(|| view! { <a class="btn primary wide" href="/sign-in">{t("set-up-already-button")}</a> })}
        </Hall>
    }
    .into_any()
}
