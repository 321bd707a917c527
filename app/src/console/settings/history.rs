//! What was changed, by whom, and the way back.

use domain::platform::settings::change::{Change, Overview};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::UndoSetting;
use super::field::{label, shown};
use crate::ui::moment::Moment;
use crate::visit::{t, t_with};

/// What was changed, the newest first.
#[component]
pub fn History<'a>(overview: &'a Overview, may_write: bool) -> impl IntoView + use<> {
    let rows: Vec<_> = overview
        .history
        .iter()
        .map(
            |change| view! { <Line change=change.clone() can_undo=may_write && can_undo(overview, change)/> },
        )
        .collect();
    let older = overview.older.map(|version| {
        let href = format!("/admin/settings?before={version}#history");
        view! { <p><a class="btn sm" href=href data-testid="older-changes">{t("settings-history-older")}</a></p> }
    });
    let content = if rows.is_empty() {
        view! { <p class="soft" data-testid="no-changes">{t("settings-history-none")}</p> }.into_any()
    } else {
        view! {
            <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="history">
                <table class="data" data-testid="setting-changes">
                    <thead>
                        <tr>
                            <th scope="col">{t("settings-history-what")}</th>
                            <th scope="col">{t("settings-history-was")}</th>
                            <th scope="col">{t("settings-history-became")}</th>
                            <th scope="col">{t("settings-history-who")}</th>
                            <th scope="col"><span class="unseen">{t("settings-history-undo")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="history">
            <h2 id="history">{t("settings-history-heading")}</h2>
            {content}
            {older}
        </section>
    }
}

/// Nothing has changed the setting since, and the operator has not fixed it.
fn can_undo(overview: &Overview, change: &Change) -> bool {
    let mut states = overview.states.iter();
    change.is_last && states.any(|state| state.key == change.key && !state.is_pinned)
}

#[component]
fn Line(change: Change, can_undo: bool) -> impl IntoView {
    let value = |text: Option<String>| match text {
        Some(text) => shown(change.key, &text),
        None => t_with(
            "settings-history-default",
            &[("value", &shown(change.key, change.key.default_text()))],
        ),
    };
    let undo = can_undo.then(|| undo_button(&change, format!("undo-change-{}", change.version)));
    let who = change
        .by
        .clone()
        .map_or_else(|| t("settings-somebody"), |(_, name)| name);
    view! {
        <tr>
            <th scope="row">{label(change.key)}</th>
            <td>{value(change.was.clone())}</td>
            <td>{value(change.became.clone())}</td>
            <td>{who}<br/><span class="small faint"><Moment at=change.at/></span></td>
            <td class="end">{undo}</td>
        </tr>
    }
}

/// The button belongs to a form of [`undo_forms`]: it may stand inside of another form, where none can.
pub(super) fn undo_button(change: &Change, testid: String) -> impl IntoView + use<> {
    let form = format!("undo-{}", change.version);
    let name = t_with("settings-undo-label", &[("setting", &label(change.key))]);
    view! { <button class="btn sm" form=form aria-label=name data-testid=testid>{t("settings-undo")}</button> }
}

/// One form for each change that can be undone. They have nothing that can be typed wrongly, and need no script.
pub(super) fn undo_forms(overview: &Overview) -> impl IntoView + use<> {
    let last = overview.states.iter().filter(|state| !state.is_pinned);
    let forms: Vec<_> = last
        .filter_map(|state| state.last.as_ref())
        .map(|change| {
            view! {
                <form method="post" action=UndoSetting::PATH id=format!("undo-{}", change.version) hidden=true>
                    <input type="hidden" name="version" value=change.version.to_string()/>
                </form>
            }
        })
        .collect();
    forms
}
