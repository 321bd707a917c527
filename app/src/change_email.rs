//! `/confirm-email` and `/undo-email`: the links of a change of the mail address. Opening one uses nothing up.

use domain::Result;
use domain::authentication::change_email::undo::{look as look_back, undo};
use domain::authentication::change_email::{LINK_LIFE, Link, UNDO_LIFE, confirm, look};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::ui::layout::Hall;
use crate::ui::page::page;
use crate::visit::{Visit, t, t_with, words};

/// Gives the account the address that the link was sent to.
#[server(endpoint = "confirm-email", prefix = "/api")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    confirm(&visit.platform, &token, &visit.asker()).await?;
    Ok(Next::to("/confirm-email?done=1"))
}

/// Gives the account its old address back, and signs every device out.
#[server(endpoint = "undo-email", prefix = "/api")]
pub async fn undo_email(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = undo(&visit.platform, &token, &visit.asker()).await?;
    if visit
        .signed_in
        .as_ref()
        .is_some_and(|session| session.user_id == person)
    {
        visit.session.drop_it().await?;
    }
    Ok(Next::to("/undo-email?done=1"))
}

/// `/confirm-email`.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let Some(token) = token_of(&visit) else {
            return Ok(end(
                t("confirm-email-done-title"),
                t("confirm-email-done-text"),
                "/account",
                t("change-email-open"),
            ));
        };
        let life = words().duration(LINK_LIFE.num_seconds().unsigned_abs());
        Ok(match look(&visit.platform, &token).await? {
            Link::Fresh { from, to } => view! {
                <Hall title=t("confirm-email-title")>
                    <header>
                        <h1>{t("confirm-email-title")}</h1>
                        <p class="soft">{t_with("confirm-email-text", &[("from", &veiled(&from)), ("to", &to)])}</p>
                    </header>
                    <Form action=ConfirmEmail::PATH once=true>
                        <input type="hidden" name="token" value=token/>
                        <button class="btn primary wide" data-testid="confirm-email-button">{t("confirm-email-button")}</button>
                    </Form>
                    <p class="small soft">{t("confirm-email-not-me")}</p>
                </Hall>
            }
            .into_any(),
            Link::Used => end(t("change-email-used-title"), t("confirm-email-used-text"), "/account", t("change-email-open")),
            Link::Expired => {
                let text = t_with("confirm-email-expired-text", &[("link-life", &life)]);
                end(t("change-email-expired-title"), text, "/account/email", t("confirm-email-again"))
            }
            Link::Unknown => {
                let text = t("confirm-email-invalid-text");
                end(t("change-email-invalid-title"), text, "/account/profile", t("change-email-open"))
            }
        })
    })
}

/// `/undo-email`.
#[component]
pub fn UndoEmailPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let Some(token) = token_of(&visit) else {
            return Ok(end(
                t("undo-email-done-title"),
                t("undo-email-done-text"),
                "/sign-in",
                t("change-email-sign-in"),
            ));
        };
        let life = words().duration(UNDO_LIFE.num_seconds().unsigned_abs());
        Ok(match look_back(&visit.platform, &token).await? {
            Link::Fresh { to, .. } => view! {
                <Hall title=t("undo-email-title")>
                    <header>
                        <h1>{t("undo-email-title")}</h1>
                        <p class="soft">{t_with("undo-email-text", &[("to", &to)])}</p>
                    </header>
                    <Form action=UndoEmail::PATH once=true>
                        <input type="hidden" name="token" value=token/>
                        <button class="btn primary wide" data-testid="undo-email-button">{t("undo-email-button")}</button>
                    </Form>
                    <p class="small soft">{t("undo-email-was-me")}</p>
                </Hall>
            }
            .into_any(),
            Link::Used => end(t("change-email-used-title"), t("undo-email-used-text"), "/sign-in", t("change-email-sign-in")),
            Link::Expired => {
                let text = t_with("undo-email-expired-text", &[("link-life", &life)]);
                end(t("change-email-expired-title"), text, "/sign-in", t("change-email-sign-in"))
            }
            Link::Unknown => {
                end(t("change-email-invalid-title"), t("undo-email-invalid-text"), "/sign-in", t("change-email-sign-in"))
            }
        })
    })
}

/// The token of the link; `None` on the page that comes after.
fn token_of(visit: &Visit) -> Option<String> {
    if visit.query.contains_key("done") {
        return None;
    }
    Some(visit.query.get("token").cloned().unwrap_or_default())
}

/// A page where nothing is left to do but to go on.
fn end(title: String, text: String, href: &'static str, button: String) -> AnyView {
    view! {
        <Hall title=title.clone()>
            <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
            <a class="btn primary wide" href=href>{button}</a>
        </Hall>
    }
    .into_any()
}

/// An address as somebody may see it who need not be its owner: enough to know it by, and too little to write to it.
fn veiled(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::veiled;

    #[test]
    fn a_veiled_address_can_be_recognised_and_not_written_to() {
        assert_eq!(veiled("ada.lovelace@example.com"), "a…@example.com");
        assert_eq!(veiled("a@example.com"), "a…@example.com");
    }
}
