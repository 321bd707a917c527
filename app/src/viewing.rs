//! Looking at somebody's account as they see it: the line above each of their pages, the page in place of what is not shown, and the
//! way back. How it begins: `console/person/ask.rs`; what it keeps shut: `server/src/http/viewing.rs`.

use domain::Result;
use domain::authentication::local_path::LocalPath;
use domain::authentication::viewing::{Viewing, Whom, stop};
use domain::words::Words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use uuid::Uuid;

use crate::islands::LocalTime;
use crate::refused::{Next, Refused};
use crate::ui::layout::Hall;
use crate::ui::page::{go, page};
use crate::visit::{Visit, t, t_with};

/// Where whoever looks at an account is sent who asks for what is not shown.
pub const PAGE: &str = "/viewing";

/// Ends the look, and goes back to the page of the person in the console; from one that is over to the operator's own account. Safe to
/// repeat.
#[server(endpoint = "stop-viewing", prefix = "/api")]
pub async fn stop_viewing(#[server(default)] person: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = Uuid::parse_str(person.trim()).ok();
    let mut next = person.and_then(|person| LocalPath::parse(&format!("/admin/users/{person}?done=viewed")));
    // In another window of the browser it may have been ended before.
    if visit.signed_in.is_none() {
        let (token, session, page) =
            stop(&visit.platform, visit.viewing.as_ref(), next, &visit.asker()).await?;
        visit.session.adopt(token, session).await?;
        next = page;
    }
    Ok(Next::to(next.map_or_else(
        || "/account".to_owned(),
        |page| page.as_str().to_owned(),
    )))
}

/// Ends the look with one press.
#[component]
fn StopForm(
    /// At whom, to go back to their page.
    person: Option<Uuid>,
    /// What the button says.
    text: String,
) -> impl IntoView {
    // A double click must not find nobody signed in.
    Visit::current().keep_form();
    view! {
        <form method="post" action=StopViewing::PATH>
            {person.map(|person| view! { <input type="hidden" name="person" value=person.to_string()/> })}
            <button class="btn sm primary" data-testid="stop-viewing-button">{text}</button>
        </form>
    }
}

/// The line above each page that somebody sees who looks at an account: whom, as whom, why, how long still, and the way back. In the language
/// of who looks: the page below is in that of its owner.
#[component]
pub fn ViewingLine() -> impl IntoView {
    let visit = Visit::try_current()?;
    let (viewing, whom) = open(&visit)?;
    let words = Words::for_language(&viewing.operator.locale);
    let left = (whom.until - visit.platform.clock.now()).num_seconds();
    let left = words.duration(left.max(1).unsigned_abs());
    let say = |id: &str, with: &[(&str, &str)]| words.text_with(id, with);
    let until = moment(&viewing, &whom, words);
    let heading = say(
        "viewing-line",
        &[("whom", &whom.name), ("who", &viewing.operator.name)],
    );
    Some(view! {
        <section class="viewing" lang=words.tag() aria-label=say("viewing-label", &[]) data-testid="viewing-line">
            <div class="stack tight">
                <p class="strong">{heading}</p>
                <p class="small">
                    {say("viewing-left", &[("left", &left)])}" "{until}". "{say("viewing-only-looking", &[])}
                </p>
                <p class="small break">{say("viewing-reason", &[("reason", &whom.reason)])}</p>
            </div>
            <StopForm person=Some(whom.id) text=say("viewing-stop", &[])/>
        </section>
    })
}

fn open(visit: &Visit) -> Option<(Viewing, Whom)> {
    let viewing = visit.viewing.clone()?;
    viewing.pages()?;
    let whom = viewing.whom.clone()?;
    Some((viewing, whom))
}

fn moment(viewing: &Viewing, whom: &Whom, words: &Words) -> AnyView {
    let zone = viewing.operator.zone();
    let text = words.moment_in(whom.until, zone);
    let time = view! { <time datetime=whom.until.to_rfc3339()>{text}</time> };
    match zone {
        Some(_) => time.into_any(),
        None => view! { <LocalTime>{time}</LocalTime> }.into_any(),
    }
}

/// `/viewing`: in place of what is not shown to who looks at an account; and the way back once the look is over.
#[component]
pub fn ViewingPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let Some(viewing) = visit.viewing.clone() else {
            return Ok(if visit.signed_in.is_some() {
                go("/account")
            } else {
                crate::ui::page::go_to_sign_in(&visit)
            });
        };
        let name = viewing
            .whom
            .as_ref()
            .map(|whom| whom.name.clone())
            .unwrap_or_default();
        if viewing.pages().is_none() {
            return Ok(view! {
                <Hall title=t("viewing-over-title")>
                    <header data-testid="viewing-over">
                        <h1>{t("viewing-over-title")}</h1>
                        <p class="soft">{t("viewing-over-text")}</p>
                    </header>
                    <StopForm person=None text=t("viewing-back")/>
                </Hall>
            }
            .into_any());
        }
        Ok(view! {
            <Hall title=t("viewing-shut-title") shut=true>
                <header data-testid="viewing-shut">
                    <h1>{t("viewing-shut-title")}</h1>
                    <p class="soft">{t_with("viewing-shut-text", &[("name", &name)])}</p>
                    <p class="soft">{t("viewing-shut-remedy")}</p>
                </header>
                <div><a class="btn sm" href="/account" data-testid="viewing-on-link">{t_with("viewing-on", &[("name", &name)])}</a></div>
            </Hall>
        }
        .into_any())
    })
}
