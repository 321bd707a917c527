//! `/admin/settings/check`: what a change would do to people, in numbers, before it is saved. What was typed stands in the address.

use std::collections::BTreeMap;

use domain::Result;
use domain::authorization::{May, right};
use domain::platform::settings::reach::{self, Preview};
use domain::platform::settings::{Group, Key};
use leptos::prelude::*;

use super::field::{label, shown};
use super::{PAGE, action};
use crate::console::frame::{Console, console_page};
use crate::ui::form::Form;
use crate::visit::{Visit, t, t_with};

/// Where the page is.
pub const CHECK: &str = "/admin/settings/check";

/// The address of the page for what was typed, if saving it would reach anybody.
pub(super) async fn before_saving(
    visit: &Visit,
    (group, seen): (Group, i64),
    typed: &BTreeMap<Key, String>,
) -> Result<Option<String>> {
    let Preview { reach, .. } = reach::preview(&visit.desk()?, group, typed).await?;
    if !reach.is_any() {
        return Ok(None);
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("group", group.as_str())
        .append_pair("seen", &seen.to_string())
        .extend_pairs(typed.iter().map(|(key, text)| (key.field(), text)))
        .finish();
    Ok(Some(format!("{CHECK}?{query}")))
}

/// What stands in the address.
fn asked(visit: &Visit) -> Option<(Group, i64, BTreeMap<Key, String>)> {
    let group = Group::parse(visit.query.get("group")?)?;
    let seen = visit.query.get("seen")?.parse().ok()?;
    let typed = group
        .keys()
        .filter_map(|key| Some((key, visit.query.get(key.field())?.clone())));
    Some((group, seen, typed.collect()))
}

/// The page.
#[component]
pub fn CheckPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let desk = visit.desk()?;
        let rights = desk
            .look(async |_tx, may: &May<right::SettingsWrite>| Ok(may.rights.clone()))
            .await?;
        let content = match asked(&visit) {
            Some((group, seen, typed)) => {
                let preview = reach::preview(&desk, group, &typed).await?;
                view! { <Review group seen typed preview/> }.into_any()
            }
            None => view! { <p class="card">{t("settings-check-nothing")}</p> }.into_any(),
        };
        Ok(view! {
            <Console title=t("settings-check-title") rights>
                <header>
                    <div>
                        <p class="small"><a href=PAGE>{t("settings-title")}</a></p>
                        <h1>{t("settings-check-title")}</h1>
                        <p class="soft">{t("settings-check-text")}</p>
                    </div>
                </header>
                {content}
            </Console>
        })
    })
}

/// Whom it reaches, what changes, and the button that saves it.
#[component]
fn Review(group: Group, seen: i64, typed: BTreeMap<Key, String>, preview: Preview) -> impl IntoView {
    let reach = preview.reach;
    let lines: Vec<_> = [
        ("settings-check-sessions", reach.sessions),
        ("settings-check-factor", reach.without_factor),
        ("settings-check-passkey", reach.without_passkey),
        ("settings-check-outside", reach.outside),
        ("settings-check-language", reach.other_language),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(id, count)| view! { <li>{t_with(id, &[("count", &count.to_string())])}</li> })
    .collect();
    let reached = if lines.is_empty() {
        view! { <p>{t("settings-check-nobody")}</p> }.into_any()
    } else {
        view! { <ul class="dots" data-testid="settings-reach">{lines}</ul> }.into_any()
    };
    let values: Vec<_> = preview
        .values
        .iter()
        .map(|(key, was, becomes)| {
            let text = t_with(
                "settings-check-value",
                &[("was", &shown(*key, was)), ("becomes", &shown(*key, becomes))],
            );
            view! { <div><dt>{label(*key)}</dt><dd>{text}</dd></div> }
        })
        .collect();
    let fields: Vec<_> = typed
        .into_iter()
        .map(|(key, text)| {
            // Boxes are sent as such.
            let name = if key == Key::Languages {
                "languages[]"
            } else {
                key.field()
            };
            view! { <input type="hidden" name=name value=text/> }
        })
        .collect();
    view! {
        <section class="card stack" aria-label=t("settings-check-title")>
            {reached}
            <dl class="facts">{values}</dl>
            <Form action=action(group)>
                <input type="hidden" name="seen" value=seen.to_string()/>
                <input type="hidden" name="sure" value="yes"/>
                {fields}
                <div class="row">
                    <button class="btn primary" data-testid="sure-button">{t("settings-check-button")}</button>
                    <a class="btn quiet" href=PAGE>{t("settings-check-back")}</a>
                </div>
            </Form>
        </section>
    }
}
