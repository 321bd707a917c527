//! `/not-me`: the link "this wasn't me" in a message about the account. Opening it does nothing; its button does.

use domain::Result;
use domain::authentication::alarm::{LINK_LIFE, Link, look, raise};
use domain::authentication::freeze::LENGTH;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::ui::layout::Hall;
use crate::ui::moment::Moment;
use crate::ui::page::page;
use crate::visit::{Visit, t, t_with, words};

/// Ends every session of the account that the link is about, closes it for changes, begins a recovery, and mails a link to choose a new password.
#[server(endpoint = "not-me", prefix = "/api")]
pub async fn not_me(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = raise(&visit.platform, &token, &visit.asker()).await?;
    if visit
        .signed_in
        .as_ref()
        .is_some_and(|session| session.user_id == person)
    {
        visit.session.drop_it().await?;
    }
    Ok(Next::to("/not-me?done=1"))
}

/// The page.
#[component]
pub fn NotMePage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        if visit.query.contains_key("done") {
            return Ok(done_content());
        }
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let link = look(&visit.platform, &token).await?;
        Ok(link_content(token, link))
    })
}

/// For how long nothing can be changed.
fn freeze() -> String {
    words().duration(LENGTH.num_seconds().unsigned_abs())
}

fn done_content() -> AnyView {
    view! {
        <Hall title=t("not-me-done-title") saying=(t("not-me-saying"), t("not-me-saying-note")) shut=true>
            <header>
                <h1>{t("not-me-done-title")}</h1>
                <p class="soft" role="status" data-testid="alarm-done">{t("not-me-done-text")}</p>
                <p class="soft">{t_with("not-me-done-freeze", &[("freeze", &freeze())])}</p>
                <p class="soft">{t("not-me-done-mailbox")}</p>
            </header>
        </Hall>
    }
    .into_any()
}

fn link_content(token: String, link: Link) -> AnyView {
    let dead = |title: String, text: String| {
        view! {
            <Hall title=title.clone()>
                <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
                <div class="stack">
                    <a class="btn primary wide" href="/forgot-password">{t("not-me-new-password")}</a>
                    <a class="btn wide" href="/sign-in">{t("sign-in-button")}</a>
                </div>
            </Hall>
        }
        .into_any()
    };
    match link {
        Link::Fresh { at } => {
            // The moment stands inside a sentence, wherever the language puts it.
            let text = t_with("not-me-text", &[("time", "\u{0}")]);
            let (before, after) = text.split_once('\0').unwrap_or((&text, ""));
            let (before, after) = (before.to_owned(), after.to_owned());
            let wait = Visit::current().settings.recovery_wait;
            let wait = words().duration(wait.num_seconds().unsigned_abs());
            view! {
                <Hall title=t("not-me-title") saying=(t("not-me-saying"), t("not-me-saying-note"))>
                    <header>
                        <h1>{t("not-me-title")}</h1>
                        <p class="soft">{before}<Moment at/>{after}</p>
                    </header>
                    <ol class="told">
                        <li>{t("not-me-step-devices")}</li>
                        <li>{t("not-me-step-known")}</li>
                        <li>{t_with("not-me-step-freeze", &[("freeze", &freeze())])}</li>
                        <li>{t("not-me-step-mail")}</li>
                        <li>{t_with("not-me-step-recovery", &[("wait", &wait)])}</li>
                    </ol>
                    <Form action=NotMe::PATH once=true>
                        <input type="hidden" name="token" value=token/>
                        <button class="btn primary wide" data-testid="not-me-button">{t("not-me-button")}</button>
                    </Form>
                    <p class="small soft">{t("not-me-was-me")}</p>
                </Hall>
            }
            .into_any()
        }
        Link::Used => dead(t("not-me-used-title"), t("not-me-used-text")),
        Link::Expired => {
            let life = words().duration(LINK_LIFE.num_seconds().unsigned_abs());
            dead(
                t("not-me-expired-title"),
                t_with("not-me-expired-text", &[("link-life", &life)]),
            )
        }
        Link::Unknown => dead(t("not-me-invalid-title"), t("not-me-invalid-text")),
    }
}
