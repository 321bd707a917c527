//! What was sent to a person lately.

use domain::notification::sent::SentMessage;
use leptos::prelude::*;

use crate::console::messages::{pill_of, state_name};
use crate::ui::moment::Moment;
use crate::visit::{Visit, t, words};

/// The newest messages to a person, and where all of them are.
#[component]
pub fn MessagesCard(messages: Vec<SentMessage>, email: String) -> impl IntoView {
    let host = Visit::current().platform.config.public_host().to_owned();
    let all = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("to", &email)
        .finish();
    let list = if messages.is_empty() {
        view! { <p class="soft">{t("person-messages-none")}</p> }.into_any()
    } else {
        let lines = messages
            .into_iter()
            .map(|message| {
                let (class, state) = (pill_of(&message), message.state());
                view! {
                    <li data-testid="sent-message">
                        <div class="stack tight">
                            <p class="row">
                                <span class="strong">{words().message(&message.kind, &host)}</span>
                                <span class=class>{state_name(state)}</span>
                            </p>
                            <p class="small soft break">{message.recipient}" · "<Moment at=message.created_at/></p>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="things">{lines}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="messages" data-testid="person-messages">
            <h2 id="messages">{t("person-messages-heading")}</h2>
            {list}
            <div><a class="btn sm" href=format!("/admin/messages?{all}")>{t("person-messages-all")}</a></div>
        </section>
    }
}
