//! One setting in its form: what it does, its default, who changed it last.

use domain::Field;
use domain::platform::settings::change::State;
use domain::platform::settings::{Accent, Key, Kind, Logo};
use domain::words::Language;
use leptos::prelude::*;

use super::history::undo_button;
use crate::ui::form::{ErrorLine, again};
use crate::ui::moment::Moment;
use crate::visit::{t, t_with};

fn id_of(key: Key) -> String {
    key.field().replace('_', "-")
}

/// What a setting is called, with its unit.
pub(super) fn label(key: Key) -> String {
    t(&format!("setting-{}-label", id_of(key)))
}

/// A value as people read it: of a choice, the words of the option.
pub(super) fn shown(key: Key, text: &str) -> String {
    match key.kind() {
        Kind::Choice { of, .. } if of.contains(&text) => option_text(key, text),
        Kind::Picture => match Logo::parse(text) {
            Ok(logo) => {
                let (width, height) = logo.size();
                let size = [("width", width.to_string()), ("height", height.to_string())];
                t_with(
                    "setting-logo-size",
                    &size.each_ref().map(|(name, side)| (*name, side.as_str())),
                )
            }
            Err(_) => t("setting-nothing"),
        },
        Kind::Several { .. } if !text.is_empty() => {
            let words: Vec<String> = words_of(text).map(|word| option_text(key, word)).collect();
            words.join(", ")
        }
        _ if text.is_empty() => t("setting-nothing"),
        _ => text.to_owned(),
    }
}

/// The words of [`Kind::Several`], as the setting or a form has them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ']).filter(|word| !word.is_empty())
}

fn option_text(key: Key, word: &str) -> String {
    if let (Key::Languages | Key::DefaultLanguage, Some(language)) = (key, Language::parse(word)) {
        return language.name().to_owned();
    }
    t(&format!("setting-{}-{}", id_of(key), word.replace('_', "-")))
}

/// The setting.
#[component]
pub(super) fn SettingField(
    /// What holds.
    state: State,
    /// Whether the reader may change it.
    may_write: bool,
) -> impl IntoView {
    let key = state.key;
    let name = key.field();
    let again = again(Field::Setting(key));
    let value = again.typed.unwrap_or_else(|| state.value.clone());
    let is_fixed = state.is_pinned || !may_write;
    let described = format!("{name}-hint {name}-meta {name}-error");
    let invalid = again.fault.is_some().then_some("true");
    let testid = format!("{}-input", id_of(key));
    let fault = again.fault.clone();
    if let Kind::Several { of, .. } = key.kind() {
        let ticked: Vec<&str> = words_of(&value).collect();
        let boxes = of.iter().map(|word| {
            let id = format!("{name}-{word}");
            let testid = format!("{}-{word}-input", id_of(key));
            view! {
                <div class="check">
                    <input type="checkbox" id=id.clone() name=format!("{name}[]") value=*word checked=ticked.contains(word) disabled=is_fixed
                        data-testid=testid/>
                    <label for=id>{option_text(key, word)}</label>
                </div>
            }
        });
        return view! {
            <fieldset class="field" id=name aria-describedby=described tabindex="-1">
                <legend class="label">{label(key)}</legend>
                // Says that the form has these boxes, also where none is ticked.
                {(!is_fixed).then(|| view! { <input type="hidden" name=format!("{name}[]") value=""/> })}
                {boxes.collect_view()}
                <p class="hint" id=format!("{name}-hint")>{t(&format!("setting-{}-text", id_of(key)))}</p>
                <ErrorLine name fault/>
                <Meta state may_write/>
            </fieldset>
        }
        .into_any();
    }
    let input = if let Kind::Choice { of, .. } = key.kind() {
        let options = of.iter().map(|word| {
            view! { <option value=*word selected=*word == value>{option_text(key, word)}</option> }
        });
        view! {
            <select class="input" id=name name=name disabled=is_fixed aria-describedby=described aria-invalid=invalid data-testid=testid>
                {options.collect_view()}
            </select>
        }
        .into_any()
    } else {
        let mode = matches!(key.kind(), Kind::Number { .. }).then_some("numeric");
        view! {
            <input class="input" id=name name=name type="text" inputmode=mode autocomplete="off" spellcheck="false" value=value disabled=is_fixed
                aria-describedby=described aria-invalid=invalid autofocus=again.first data-testid=testid/>
        }
        .into_any()
    };
    let accent = Accent::parse(&state.value)
        .ok()
        .filter(|_| key == Key::AccentColor);
    view! {
        <div class="field">
            <label for=name>{label(key)}</label>
            {input}
            <p class="hint" id=format!("{name}-hint")>{t(&format!("setting-{}-text", id_of(key)))}</p>
            {accent.map(sample)}
            <ErrorLine name fault/>
            <Meta state may_write/>
        </div>
    }
    .into_any()
}

/// Where the value comes from.
#[component]
pub(super) fn Meta(state: State, may_write: bool) -> impl IntoView {
    let id = format!("{}-meta", state.key.field());
    let default = t_with("setting-default", &[("value", &shown(state.key, state.default))]);
    let aside = state
        .is_aside
        .then(|| view! { <span class="pill warn">{t("setting-aside")}</span> });
    let source = if state.is_pinned {
        view! { <span class="pill">{t("setting-pinned")}</span> }.into_any()
    } else if let Some(change) = state.last {
        let undo = may_write.then(|| undo_button(&change, format!("undo-{}", id_of(change.key))));
        let who = match &change.by {
            Some((_, name)) => t_with("setting-changed-by", &[("name", name)]),
            None => t("setting-changed"),
        };
        view! { <span>{who}", "<Moment at=change.at/></span>{undo} }.into_any()
    } else {
        ().into_any()
    };
    view! { <div class="row small faint" id=id>{aside}<span>{default}</span>{source}</div> }
}

/// How the accent looks by day and by night. The page says so in words beside it.
fn sample(accent: Accent) -> impl IntoView {
    let hex = |[red, green, blue]: [u8; 3]| format!("#{red:02x}{green:02x}{blue:02x}");
    let (day, night) = (accent.by_day(), accent.by_night());
    let half = |x: &'static str, ground: [u8; 3], cord: [u8; 3], strong: [u8; 3]| {
        view! {
            <g transform=format!("translate({x} 0)")>
                <rect width="120" height="48" fill=hex(ground)/>
                <rect x="12" y="12" width="56" height="24" rx="6" fill=hex(cord)/>
                <rect x="80" y="22" width="28" height="4" rx="2" fill=hex(strong)/>
            </g>
        }
    };
    view! {
        <svg width="240" height="48" viewBox="0 0 240 48" role="img" aria-label=t("setting-accent-sample") data-testid="accent-sample">
            {half("0", Accent::DAY, day.cord, day.strong)}
            {half("120", Accent::NIGHT, night.cord, night.strong)}
        </svg>
    }
}
