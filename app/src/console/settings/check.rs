//! `/admin/settings/check`: what a change, or undoing one, would do to people, in numbers, before it is saved. What was typed stands in the
//! address, which is only a wish: it is read as what a form sends, and shown before anything of it holds.

use std::collections::BTreeMap;

use domain::Result;
use domain::authorization::{Desk, May, right};
use domain::platform::settings::reach::{self, Preview};
use domain::platform::settings::{Group, Key};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::field::{label, shown};
use super::{PAGE, UndoSetting, action};
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
    let Preview { reach, .. } = reach::preview(&visit.desk()?, (group, seen), typed).await?;
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

/// The same for undoing a change.
pub(super) async fn before_undoing(visit: &Visit, version: i64) -> Result<Option<String>> {
    let Preview { reach, .. } = reach::preview_undo(&visit.desk()?, version).await?;
    Ok(reach.is_any().then(|| format!("{CHECK}?undo={version}")))
}

/// What stands in the address.
enum Asked {
    /// To save what was typed into the form of a group; the last change that it has seen.
    Save(Group, i64, BTreeMap<Key, String>),
    /// To undo a change, by its number.
    Undo(i64),
}

impl Asked {
    fn of(visit: &Visit) -> Option<Self> {
        if let Some(version) = visit.query.get("undo") {
            return Some(Self::Undo(version.parse().ok()?));
        }
        let group = Group::parse(visit.query.get("group")?)?;
        let seen = visit.query.get("seen")?.parse().ok()?;
        let typed = group
            .keys()
            .filter_map(|key| Some((key, visit.query.get(key.field())?.clone())));
        Some(Self::Save(group, seen, typed.collect()))
    }

    async fn preview(&self, desk: &Desk<'_>) -> Result<Preview> {
        match self {
            Self::Save(group, seen, typed) => reach::preview(desk, (*group, *seen), typed).await,
            Self::Undo(version) => reach::preview_undo(desk, *version).await,
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Save(group, ..) => action(*group),
            Self::Undo(_) => UndoSetting::PATH,
        }
    }

    /// What the form sends.
    fn fields(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Save(_, seen, typed) => {
                let typed = typed.into_iter().map(|(key, text)| {
                    // Boxes are sent as such.
                    let name = if key == Key::Languages {
                        "languages[]"
                    } else {
                        key.field()
                    };
                    (name, text)
                });
                [("seen", seen.to_string())].into_iter().chain(typed).collect()
            }
            Self::Undo(version) => vec![("version", version.to_string())],
        }
    }
}

/// The page.
#[component]
pub fn CheckPage() -> impl IntoView {
    console_page(async |visit: Visit, _person| {
        let desk = visit.desk()?;
        let rights = desk
            .look(async |_tx, may: &May<right::SettingsWrite>| Ok(may.rights.clone()))
            .await?;
        let asked = Asked::of(&visit);
        let (title, text) = match &asked {
            Some(Asked::Undo(_)) => (t("settings-check-undo-title"), t("settings-check-undo-text")),
            _ => (t("settings-check-title"), t("settings-check-text")),
        };
        let content = match asked {
            Some(asked) => {
                let preview = asked.preview(&desk).await?;
                view! { <Review title=title.clone() asked preview/> }.into_any()
            }
            None => view! { <p class="card">{t("settings-check-nothing")}</p> }.into_any(),
        };
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=PAGE>{t("settings-title")}</a></p>
                        <h1>{title.clone()}</h1>
                        <p class="soft">{text}</p>
                    </div>
                </header>
                {content}
            </Console>
        })
    })
}

/// Whom it reaches, what changes, and the button that does it.
#[component]
fn Review(title: String, asked: Asked, preview: Preview) -> impl IntoView {
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
    let (button, back) = match asked {
        Asked::Save(..) => (t("settings-check-button"), t("settings-check-back")),
        Asked::Undo(_) => (t("settings-check-undo-button"), t("settings-check-undo-back")),
    };
    let action = asked.action();
    let fields: Vec<_> = asked
        .fields()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    view! {
        <section class="card stack" aria-label=title>
            {reached}
            <dl class="facts">{values}</dl>
            <Form action=action>
                <input type="hidden" name="sure" value="yes"/>
                {fields}
                <div class="row">
                    <button class="btn primary" data-testid="sure-button">{button}</button>
                    <a class="btn quiet" href=PAGE>{back}</a>
                </div>
            </Form>
        </section>
    }
}
