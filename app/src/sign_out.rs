//! `/sign-out`: asks. The button posts to the same path (`server/src/sign_out.rs`), which does it.

use leptos::prelude::*;

use crate::ui::layout::Hall;
use crate::ui::page::page;
use crate::visit::{Visit, t, t_with};

/// The page.
#[component]
pub fn SignOutPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        let viewer = visit.viewing.as_ref().map(|viewing| &viewing.operator);
        let Some(person) = visit.signed_in.as_ref().or(viewer).cloned() else {
            return Ok(view! {
                <Hall title=t("sign-out-nobody-title")>
                    <header><h1>{t("sign-out-nobody-title")}</h1><p class="soft">{t("sign-out-nobody-text")}</p></header>
                    <a class="btn primary wide" href="/sign-in">{t("sign-in-button")}</a>
                </Hall>
            }
            .into_any());
        };
        let text = t_with("sign-out-text", &[("name", &person.name)]);
        Ok(view! {
            <Hall title=t("sign-out-title")>
                <header><h1>{t("sign-out-title")}</h1><p class="soft">{text}</p></header>
                <form class="stack" method="post" action="/sign-out">
                    <button class="btn primary wide" data-testid="sign-out-button">{t("sign-out-button")}</button>
                    <a class="btn wide" href="/account">{t("sign-out-stay")}</a>
                </form>
            </Hall>
        }
        .into_any())
    })
}
