//! `/dev/inbox`: in development, the mail that was caught instead of sent.

use domain::notification::dev_inbox::{CaughtMessage, Channel};
use leptos::prelude::*;

use crate::error_page::NotFoundPage;
use crate::ui::art::Mark;
use crate::ui::layout::Plain;
use crate::ui::moment::Moment;
use crate::ui::page::page;
use crate::visit::{Visit, t, t_with};

/// How many messages the page lists.
const LISTED: i64 = 50;

/// The page. There is none in production, nor for a visitor from another machine.
#[component]
pub fn DevInboxPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        if !is_open(&visit) {
            return Ok(view! { <NotFoundPage/> }.into_any());
        }
        let messages = visit
            .platform
            .db
            .read(async |tx| CaughtMessage::list(tx, None, Some(LISTED)).await)
            .await?;
        // Without a choice a wide screen shows the newest, and a narrow one the list alone.
        let wanted = visit.query.get("id").cloned();
        let chosen = messages
            .iter()
            .find(|m| Some(m.id.to_string()) == wanted)
            .map(|m| m.id);
        let shown = messages
            .iter()
            .find(|m| Some(m.id) == chosen)
            .or(messages.first())
            .cloned();
        let content = match shown {
            None => view! {
                <div class="card"><div class="empty">
                    <Mark/>
                    <h2>{t("dev-inbox-empty-title")}</h2>
                    <p>{t("dev-inbox-empty-text")}</p>
                    <a class="btn" href="/sign-up">{t("dev-inbox-sign-up")}</a>
                </div></div>
            }
            .into_any(),
            Some(shown) => view! {
                <div class="card flush"><div class="inbox">
                    <List messages chosen/>
                    <Letter message=shown/>
                </div></div>
            }
            .into_any(),
        };
        Ok(view! {
            <Plain title=t("dev-inbox-title")>
                <header><div>
                    <h1>{t("dev-inbox-heading")}</h1>
                    <p class="soft">{t("dev-inbox-text")}" "<a href="/dev/inbox.json">{t("dev-inbox-json")}</a></p>
                </div></header>
                {content}
            </Plain>
        }
        .into_any())
    })
}

/// Whether caught mail may be shown to this visitor.
pub fn is_open(visit: &Visit) -> bool {
    !visit.platform.config.is_production() && visit.is_local
}

#[component]
fn List(messages: Vec<CaughtMessage>, chosen: Option<uuid::Uuid>) -> impl IntoView {
    let items = messages.into_iter().map(|message| {
        let channel = match message.channel {
            Channel::Email => t("dev-inbox-email"),
            Channel::Sms => t("dev-inbox-sms"),
        };
        // A text message has no subject; its beginning says what it is.
        let subject = if message.subject.is_empty() {
            message.text.lines().next().unwrap_or_default().to_owned()
        } else {
            message.subject
        };
        view! {
            <a href=format!("/dev/inbox?id={}", message.id) aria-current=(Some(message.id) == chosen).then_some("true")>
                <b>{subject}</b>
                <time datetime=message.created_at.to_rfc3339()>{message.created_at.format("%H:%M").to_string()}</time>
                <span>{message.to}</span>
                <span class="pill">{channel}</span>
            </a>
        }
    });
    view! { <nav aria-label=t("dev-inbox-heading")>{items.collect_view()}</nav> }
}

#[component]
fn Letter(message: CaughtMessage) -> impl IntoView {
    // A text message has neither subject, links nor a look.
    let subject = if message.subject.is_empty() {
        t("dev-inbox-sms")
    } else {
        message.subject
    };
    let look = (!message.html.is_empty()).then(|| {
        view! { <a class="btn sm" href=format!("/dev/inbox/{}/html", message.id)>{t("dev-inbox-html")}</a> }
    });
    let has_links = !message.links.is_empty();
    let code = message.code.map(|code| {
        view! { <div><dt>{t("dev-inbox-code")}</dt><dd><span class="digits" data-testid="message-code">{code}</span></dd></div> }
    });
    let links = message
        .links
        .into_iter()
        .map(|link| {
            let href = link.clone();
            view! { <a class="break" href=href>{link}</a> }
        })
        .collect_view();
    view! {
        <article class="letter" aria-labelledby="subject">
            <header class="stack tight">
                <h2 id="subject">{subject}</h2>
                <p class="small soft">
                    {t_with("dev-inbox-to", &[("to", &message.to)])}", "
                    <Moment at=message.created_at/>
                </p>
            </header>
            <dl class="facts">
                {code}
                {has_links.then(|| view! { <div><dt>{t("dev-inbox-links")}</dt><dd class="stack tight">{links}</dd></div> })}
            </dl>
            <pre data-testid="message-text" tabindex="0">{message.text}</pre>
            <p class="row">
                {look}
                <a class="btn quiet sm" href="/dev/inbox">{t("dev-inbox-all")}</a>
            </p>
        </article>
    }
}
