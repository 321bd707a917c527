//! `/admin/messages`: what was sent and why it failed, sending it again, giving it up.

use domain::Result;
use domain::authorization::{May, Permission, right};
use domain::notification::sent::again::{self, Again};
use domain::notification::sent::{Filter, PAGE, SentMessage, State};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use uuid::Uuid;

use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::chart::number;
use crate::ui::form::Summary;
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, t_with, words};

/// Sends a message again.
#[server(endpoint = "admin-send-message-again", prefix = "/api")]
pub async fn send_again(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    again::send_again(&visit.desk()?, &id).await?;
    Ok(Next::to("/admin/messages?done=again"))
}

/// Takes a message out of the queue.
#[server(endpoint = "admin-discard-message", prefix = "/api")]
pub async fn discard_message(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    again::discard(&visit.desk()?, &id).await?;
    Ok(Next::to("/admin/messages?done=discarded"))
}

/// The page.
#[component]
pub fn MessagesPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let filter = filter_of(&visit);
        let (mut messages, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::MessagesRead>| {
                Ok((SentMessage::list(tx, may, &filter).await?, may.rights.clone()))
            })
            .await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let has_more = messages.len() > page;
        messages.truncate(page);
        let older = messages.last().filter(|_| has_more).map(|last| {
            let href = address(&Filter { before: Some(last.id), ..filter.clone() });
            view! { <a class="btn sm" href=href rel="next" data-testid="older-link">{t("messages-older")}</a> }
        });
        let newest = filter.before.map(|_| {
            let href = address(&Filter {
                before: None,
                ..filter.clone()
            });
            view! { <a class="btn sm" href=href data-testid="newest-link">{t("messages-newest")}</a> }
        });
        let may_write = rights.has(Permission::MessagesWrite);
        let is_empty = messages.is_empty();
        let host = visit.platform.config.public_host().to_owned();
        let rows = messages
            .into_iter()
            .map(|message| view! { <Row message may_write host=host.clone()/> })
            .collect_view();
        let table = if is_empty {
            view! { <p class="empty" data-testid="no-messages">{t("messages-empty")}</p> }.into_any()
        } else {
            view! {
                <div class="scroll" tabindex="0" role="group" aria-label=t("messages-list")>
                    <table class="data" data-testid="messages">
                        <thead>
                            <tr>
                                <th scope="col">{t("messages-what")}</th>
                                <th scope="col">{t("messages-to")}</th>
                                <th scope="col">{t("messages-when")}</th>
                                <th scope="col">{t("messages-state")}</th>
                                <th scope="col"><span class="unseen">{t("messages-deeds")}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        Ok(view! {
            <Console title=t("messages-title") rights>
                <header>
                    <div>
                        <h1>{t("messages-title")}</h1>
                        <p class="soft">{t("messages-text")}</p>
                    </div>
                </header>
                <Done what="again" text=t("messages-done-again")/>
                <Done what="discarded" text=t("messages-done-discarded")/>
                <Summary/>
                <section class="card flush" aria-label=t("messages-title")>
                    <Filters filter=filter.clone()/>
                    {table}
                </section>
                <nav class="row apart" aria-label=t("messages-pages")><span>{newest}</span><span>{older}</span></nav>
            </Console>
        })
    })
}

fn filter_of(visit: &Visit) -> Filter {
    let asked = |name: &str| visit.query.get(name).filter(|value| !value.trim().is_empty());
    Filter {
        state: asked("state").and_then(|state| State::parse(state)),
        to: asked("to").cloned(),
        before: asked("before").and_then(|id| Uuid::parse_str(id).ok()),
    }
}

/// The address of a view.
fn address(filter: &Filter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = filter.state {
        query.append_pair("state", state.as_str());
    }
    if let Some(to) = &filter.to {
        query.append_pair("to", to);
    }
    if let Some(before) = filter.before {
        query.append_pair("before", &before.to_string());
    }
    format!("/admin/messages?{}", query.finish())
}

/// How a message stands, in a word.
pub fn state_name(state: State) -> String {
    match state {
        State::Waiting => t("messages-state-waiting"),
        State::Sent => t("messages-state-sent"),
        State::Failed => t("messages-state-failed"),
        State::Discarded => t("messages-state-discarded"),
    }
}

/// The class of the word of [`state_name`].
pub fn pill_of(message: &SentMessage) -> &'static str {
    match message.state() {
        State::Waiting if message.attempts > 0 => "pill warn",
        State::Sent => "pill ok",
        State::Failed => "pill bad",
        State::Waiting | State::Discarded => "pill",
    }
}

#[component]
fn Filters(filter: Filter) -> impl IntoView {
    let options = State::ALL.map(|state| {
        let selected = filter.state == Some(state);
        view! { <option value=state.as_str() selected=selected>{state_name(state)}</option> }
    });
    view! {
        <form class="filters" method="get" action="/admin/messages" role="search">
            <input class="input" type="search" name="to" value=filter.to.unwrap_or_default() placeholder=t("messages-to-placeholder")
                aria-label=t("messages-to-placeholder") autocapitalize="off" spellcheck="false" data-testid="to-input"/>
            <select class="input" name="state" aria-label=t("messages-state") data-testid="state-input">
                <option value="">{t("messages-state-any")}</option>
                {options.into_iter().collect_view()}
            </select>
            <button class="btn sm" data-testid="filter-button">{t("messages-filter")}</button>
        </form>
    }
}

#[component]
fn Row(message: SentMessage, may_write: bool, host: String) -> impl IntoView {
    let (state, class) = (message.state(), pill_of(&message));
    let tries = (message.attempts > 1 || (message.attempts > 0 && state != State::Sent))
        .then(|| t_with("messages-attempts", &[("count", &number(message.attempts))]));
    let why = message.last_error.clone().filter(|_| state != State::Sent);
    let what = words().message(&message.kind, &host);
    let deeds = may_write.then(|| view! { <Deeds message=message.clone() what=what.clone()/> });
    view! {
        <tr data-testid="message" data-state=state.as_str()>
            <th scope="row">
                {what}<br/><code class="small faint">{message.kind.clone()}</code>
                {why.map(|why| view! { <p class="small soft break why"><code>{why}</code></p> })}
            </th>
            <td>{message.recipient.clone()}</td>
            <td class="small"><Moment at=message.created_at/></td>
            <td><span class=class>{state_name(state)}</span>{tries.map(|tries| view! { <p class="small faint">{tries}</p> })}</td>
            <td class="end">{deeds}</td>
        </tr>
    }
}

/// What can be done with a message.
#[component]
fn Deeds(message: SentMessage, what: String) -> impl IntoView {
    let again = match message.again() {
        Again::Anew => Some(t("messages-anew")),
        Again::Same => Some(t("messages-again")),
        Again::No => None,
    };
    let named = |id: &str| t_with(id, &[("what", &what), ("to", &message.recipient)]);
    let id = message.id.to_string();
    let again = again.map(|text| {
        view! {
            <form method="post" action=SendAgain::PATH>
                <input type="hidden" name="id" value=id.clone()/>
                <button class="btn sm" aria-label=named("messages-again-label") data-testid="again-button">{text}</button>
            </form>
        }
    });
    let discard = message.can_be_discarded().then(|| {
        view! {
            <form method="post" action=DiscardMessage::PATH>
                <input type="hidden" name="id" value=id.clone()/>
                <button class="btn sm quiet" aria-label=named("messages-discard-label") data-testid="discard-button">{t("messages-discard")}</button>
            </form>
        }
    });
    view! { <div class="row">{again}{discard}</div> }
}
