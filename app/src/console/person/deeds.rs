//! What is done to a person's account with one press: nothing that could not be undone with another.

use domain::users::erasure::operator;
use domain::users::person::{create, lock, notes, password, sessions};
use domain::users::user::UserId;
use leptos::prelude::*;

use super::{id_of, page_of};
use crate::refused::{Next, Refused};
use crate::visit::Visit;

/// Back to the page of the person, which then says what was done.
pub fn done(person: &str, what: &str) -> Next {
    Next::to(format!("{}?done={what}", page_of(id_of(person))))
}

/// Unlocks an account.
#[server(endpoint = "admin-unlock-person", prefix = "/api")]
pub async fn unlock_person(#[server(default)] person: String) -> Result<Next, Refused> {
    lock::unlock(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "unlocked"))
}

/// Mails a person a link to choose another password.
#[server(endpoint = "admin-send-reset", prefix = "/api")]
pub async fn send_reset(#[server(default)] person: String) -> Result<Next, Refused> {
    password::send_reset(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "reset"))
}

/// Mails the first link once more to somebody who has not used it.
#[server(endpoint = "admin-send-again", prefix = "/api")]
pub async fn send_again(#[server(default)] person: String) -> Result<Next, Refused> {
    create::send_again(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "again"))
}

/// Wants another password from a person.
#[server(endpoint = "admin-demand-password", prefix = "/api")]
pub async fn demand_password(#[server(default)] person: String) -> Result<Next, Refused> {
    password::demand(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "demanded"))
}

/// Takes that back.
#[server(endpoint = "admin-withdraw-demand", prefix = "/api")]
pub async fn withdraw_demand(#[server(default)] person: String) -> Result<Next, Refused> {
    password::withdraw(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "withdrawn"))
}

/// Ends one session of a person.
#[server(endpoint = "admin-end-session", prefix = "/api")]
pub async fn end_session_of(
    #[server(default)] person: String,
    #[server(default)] session: String,
) -> Result<Next, Refused> {
    sessions::end_session(&Visit::current().desk()?, id_of(&person), id_of(&session)).await?;
    Ok(done(&person, "ended"))
}

/// Ends every session of a person.
#[server(endpoint = "admin-end-sessions", prefix = "/api")]
pub async fn end_sessions_of(#[server(default)] person: String) -> Result<Next, Refused> {
    sessions::end_sessions(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "ended"))
}

/// Keeps an account that was to be erased.
#[server(endpoint = "admin-keep-person", prefix = "/api")]
pub async fn keep_person(#[server(default)] person: String) -> Result<Next, Refused> {
    operator::keep(&Visit::current().desk()?, id_of(&person)).await?;
    Ok(done(&person, "kept"))
}

/// Writes a note about a person.
#[server(endpoint = "admin-add-note", prefix = "/api")]
pub async fn add_note(
    #[server(default)] person: String,
    #[server(default)] note: String,
) -> Result<Next, Refused> {
    notes::add(&Visit::current().desk()?, id_of(&person), &note).await?;
    Ok(done(&person, "noted"))
}

/// Takes a note away.
#[server(endpoint = "admin-remove-note", prefix = "/api")]
pub async fn remove_note(
    #[server(default)] person: String,
    #[server(default)] id: String,
) -> Result<Next, Refused> {
    notes::remove(&Visit::current().desk()?, id_of(&person), id_of(&id)).await?;
    Ok(done(&person, "unnoted"))
}

/// A button that is a whole form about a person.
#[component]
pub fn Press(
    /// The path of the server function.
    action: &'static str,
    /// Whom it is about.
    person: UserId,
    /// For tests.
    test_id: &'static str,
    /// What it says.
    text: String,
    /// What a screen reader says, where that is not enough.
    #[prop(optional)]
    label: Option<String>,
    /// One more field, and what it holds.
    #[prop(optional)]
    with: Option<(&'static str, String)>,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="person" value=person.to_string()/>
            {with.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
            <button class="btn sm" aria-label=label data-testid=test_id>{text}</button>
        </form>
    }
}
