//! The form that says which rows: it asks for a page, so everything that is typed stands in the address.

use std::collections::BTreeMap;

use domain::audit::topic::{Topic, events};
use domain::audit::trail::By;
use domain::audit::trail::filter::{Fault, REFUSED};
use domain::users::time_zone::TimeZone;
use leptos::prelude::*;

use super::{HERE, sentence};
use crate::visit::{t, t_with};

/// What was typed, without empty fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Typed(BTreeMap<By, String>);

impl Typed {
    /// The filters in an address.
    pub fn of(query: &BTreeMap<String, String>) -> Self {
        let typed = By::ALL.iter().filter_map(|by| {
            let text = query.get(by.as_str())?.trim();
            (!text.is_empty()).then(|| (*by, text.to_owned()))
        });
        Self(typed.collect())
    }

    /// One filter alone.
    pub fn only(by: By, value: &str) -> Self {
        Self([(by, value.to_owned())].into())
    }

    fn value(&self, by: By) -> String {
        self.0.get(&by).cloned().unwrap_or_default()
    }

    /// Names and values.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.0.iter().map(|(by, value)| (by.as_str(), value.clone()))
    }

    /// A path with these filters, and what else belongs there.
    pub fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields()).extend_pairs(more);
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// The form.
#[component]
pub(super) fn Filters(typed: Typed, faults: BTreeMap<By, Fault>, zone: Option<TimeZone>) -> impl IntoView {
    let zone = zone.map_or("UTC", TimeZone::name);
    let is_empty = typed == Typed::default();
    let clear = (!is_empty)
        .then(|| view! { <a class="btn quiet sm" href=HERE data-testid="clear-link">{t("audit-clear")}</a> });
    let line = |by: By, label: String, hint: Option<String>| {
        view! { <Line by label hint kind="text" value=typed.value(by) fault=faults.get(&by).copied()/> }
    };
    let moment = |by: By, label: String| {
        let mut value = typed.value(by);
        if value.len() == "2026-11-23".len() {
            // A day, which a field for moments would not show.
            value.push_str(if by == By::Until { "T23:59" } else { "T00:00" });
        }
        // A field for moments shows nothing but a moment; what can't be read stays to be mended.
        let kind = if faults.contains_key(&by) {
            "text"
        } else {
            "datetime-local"
        };
        view! { <Line by label hint=None kind value fault=faults.get(&by).copied()/> }
    };
    view! {
        <form class="card seek" method="get" action=HERE role="search" aria-label=t("audit-filter-label")>
            <What chosen=typed.value(By::What) fault=faults.get(&By::What).copied()/>
            {line(By::Who, t("audit-who"), Some(t("audit-person-hint")))}
            {line(By::Whom, t("audit-whom"), Some(t("audit-person-hint")))}
            {line(By::Address, t("audit-address"), None)}
            {line(By::Request, t("audit-request"), Some(t("audit-request-hint")))}
            {moment(By::From, t("audit-from"))}
            {moment(By::Until, t("audit-until"))}
            <div class="row end">
                <button class="btn primary sm" data-testid="show-button">{t("audit-show")}</button>
                {clear}
                <span class="small soft">{t_with("audit-zone", &[("zone", zone)])}</span>
            </div>
        </form>
    }
    .into_any()
}

/// A field.
#[component]
fn Line(
    by: By,
    label: String,
    hint: Option<String>,
    kind: &'static str,
    value: String,
    fault: Option<Fault>,
) -> impl IntoView {
    let name = by.as_str();
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described = match (&hint, fault) {
        (_, Some(_)) => Some(error_id.clone()),
        (Some(_), None) => Some(hint_id.clone()),
        (None, None) => None,
    };
    let hint = hint.filter(|_| fault.is_none());
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input class="input" id=name name=name type=kind value=value autocomplete="off" spellcheck="false"
                aria-invalid=fault.is_some().then_some("true") aria-describedby=described/>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {fault.map(|it| view! { <p class="error" id=error_id data-testid=format!("{name}-error")>{sentence(it)}</p> })}
        </div>
    }
    .into_any()
}

/// The choice of topics and events.
#[component]
fn What(chosen: String, fault: Option<Fault>) -> impl IntoView {
    let option = |value: &'static str, text: String| {
        let selected = chosen == value;
        view! { <option value=value selected=selected>{text}</option> }.into_any()
    };
    let topics = Topic::ALL
        .iter()
        .map(|topic| option(topic.as_str(), topic_name(*topic)))
        .collect_view();
    let kinds = events()
        .map(|event| option(event.as_str(), event.as_str().to_owned()))
        .collect_view();
    view! {
        <div class="field">
            <label for="what">{t("audit-what")}</label>
            <select class="input" id="what" name="what" aria-describedby=fault.map(|_| "what-error")>
                {option("", t("audit-what-all"))}
                {option(REFUSED, t("audit-what-refused"))}
                <optgroup label=t("audit-what-topics")>{topics}</optgroup>
                <optgroup label=t("audit-what-kinds")>{kinds}</optgroup>
            </select>
            {fault.map(|it| view! { <p class="error" id="what-error" data-testid="what-error">{sentence(it)}</p> })}
        </div>
    }
    .into_any()
}

fn topic_name(topic: Topic) -> String {
    match topic {
        Topic::SignIns => t("audit-topic-sign-ins"),
        Topic::Sessions => t("audit-topic-sessions"),
        Topic::Passwords => t("audit-topic-passwords"),
        Topic::Factors => t("audit-topic-factors"),
        Topic::Accounts => t("audit-topic-accounts"),
        Topic::Recoveries => t("audit-topic-recoveries"),
        Topic::Rights => t("audit-topic-rights"),
        Topic::Server => t("audit-topic-server"),
    }
}
