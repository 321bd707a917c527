//! Forms. Each has a real `action` and works without JavaScript; a refusal puts the same markup in place either way:
//! here when the page is rendered again, in [`LiveForm`] when it stays.

use domain::Field;
use leptos::context::Provider;
use leptos::prelude::*;

use crate::islands::{LiveForm, RevealButton, StrengthMeter};
use crate::refused::{field_sentence, sentence};
use crate::ui::art::{Glyph, Icon};
use crate::visit::{Flash, Visit, t, t_with};

/// Which form the fields stand in, by the path that it posts to: what was refused in one form is not shown in another.
#[derive(Debug, Clone, Copy)]
struct Action(&'static str);

/// What a refusal left for the form around, or for the page.
fn flash(visit: &Visit) -> Option<&Flash> {
    match use_context::<Action>() {
        Some(action) => visit.flash_of(action.0),
        // A page whose forms have no fields says on top what any of them was refused for.
        None => visit.flash_here(),
    }
}

/// A form that posts to a server function, with the summary of what was refused on top.
#[component]
pub fn Form(
    /// The path of the server function.
    action: &'static str,
    /// Send it at once when JavaScript is there.
    #[prop(optional)]
    auto: bool,
    /// It does its work once: a second click is told what the first one did.
    #[prop(optional)]
    once: bool,
    children: Children,
) -> impl IntoView {
    if once {
        Visit::current().keep_form();
    }
    view! {
        <Provider value=Action(action)>
            <LiveForm>
                // The server says what is missing, in our words, under the field: the browser's bubbles stay out of the way.
                <form class="form" method="post" action=action novalidate data-auto=auto.then_some("") data-slow=t("form-slow")
                    data-offline=t("form-offline") data-several=t_with("form-errors", &[("count", "{}")])>
                    <Summary/>
                    {children()}
                </form>
            </LiveForm>
        </Provider>
    }
}

/// A form with a file, which no island sends: it leads to its answer with and without JavaScript.
#[component]
pub fn UploadForm(
    /// Where it goes.
    action: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <Provider value=Action(action)>
            <form class="form" method="post" action=action enctype="multipart/form-data" novalidate>
                <Summary/>
                {children()}
            </form>
        </Provider>
    }
}

/// What was refused: the sentence of the form as a whole, or the list when there are several faults.
#[component]
pub fn Summary(
    /// Forms of the page that say so themselves, by the paths that they post to.
    #[prop(optional)]
    but: &'static [&'static str],
) -> impl IntoView {
    let visit = Visit::current();
    let refusal = flash(&visit)
        .filter(|flash| !but.contains(&flash.action.as_str()))
        .map(|flash| flash.refusal.clone())
        .unwrap_or_default();
    let lines: Vec<(Option<Field>, String)> = refusal
        .faults
        .iter()
        .map(|fault| (fault.field, sentence(visit.words, Some(&visit), fault, &refusal)))
        .collect();
    let shown = lines.len() > 1 || lines.iter().any(|(field, _)| field.is_none());
    let only_form = lines.iter().all(|(field, _)| field.is_none());
    let content = match lines.as_slice() {
        _ if !shown => ().into_any(),
        [(None, text)] => view! { <p>{text.clone()}</p> }.into_any(),
        _ => {
            let items = lines.iter().map(|(field, text)| match field {
                Some(field) => {
                    view! { <li><a href=format!("#{}", field.as_str())>{text.clone()}</a></li> }.into_any()
                }
                None => view! { <li>{text.clone()}</li> }.into_any(),
            });
            let heading = t_with("form-errors", &[("count", &lines.len().to_string())]);
            view! { <div><p class="strong">{heading}</p><ul>{items.collect_view()}</ul></div> }.into_any()
        }
    };
    view! {
        <div class="summary" role="alert" data-testid="form-error" tabindex="-1" hidden=!shown autofocus=shown && only_form>
            {content}
        </div>
    }
}

/// The same for a form elsewhere on the page, that has nothing but a button.
#[component]
pub fn SummaryOf(
    /// The path that it posts to.
    action: &'static str,
) -> impl IntoView {
    view! { <Provider value=Action(action)><Summary/></Provider> }
}

/// What a field shows again: what was typed, and why it was refused.
pub(crate) struct Again {
    pub typed: Option<String>,
    pub fault: Option<String>,
    pub first: bool,
}

pub(crate) fn again(field: Field) -> Again {
    let visit = Visit::current();
    let flash = flash(&visit);
    let typed = flash.and_then(|flash| flash.typed.get(field.as_str()).cloned());
    let first =
        flash.and_then(|flash| flash.refusal.faults.iter().find_map(|fault| fault.field)) == Some(field);
    Again {
        typed,
        fault: flash.and_then(|flash| field_sentence(&visit, flash, field)),
        first,
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// Which field: its name and id.
    field: Field,
    /// What it is called.
    label: String,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser fills in (HTML, autofill).
    autocomplete: &'static str,
    /// A line below the label's field.
    #[prop(optional)]
    hint: Option<String>,
    /// What stands in it at first.
    #[prop(optional)]
    value: String,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let name = field.as_str();
    let again = again(field);
    let value = again.typed.unwrap_or(value);
    let described = if hint.is_some() {
        format!("{name}-hint {name}-error")
    } else {
        format!("{name}-error")
    };
    let plain = (kind == "email").then_some("none");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input class="input" id=name name=name type=kind autocomplete=autocomplete value=value required=!optional
                aria-describedby=described aria-invalid=again.fault.is_some().then_some("true") autofocus=again.first
                autocapitalize=plain spellcheck=plain.map(|_| "false") data-testid=format!("{name}-input")/>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            <ErrorLine name fault=again.fault/>
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Which field: its name and id.
    field: Field,
    /// What it is called.
    label: String,
    /// A line below it.
    hint: String,
    /// How many lines are seen at once.
    #[prop(default = "3")]
    rows: &'static str,
    /// What stands in it at first.
    #[prop(optional)]
    value: String,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let name = field.as_str();
    let again = again(field);
    let value = again.typed.unwrap_or(value);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea class="input" id=name name=name rows=rows autocomplete="off" required=!optional autofocus=again.first
                aria-describedby=format!("{name}-hint {name}-error") aria-invalid=again.fault.is_some().then_some("true")
                data-testid=format!("{name}-input")>{value}</textarea>
            <p class="hint" id=format!("{name}-hint")>{hint}</p>
            <ErrorLine name fault=again.fault/>
        </div>
    }
}

/// Some of the options of a [`SelectField`].
pub struct Choices {
    /// What they have in common; `None`: they stand alone.
    pub group: Option<String>,
    /// What is sent, and what is shown.
    pub options: Vec<(String, String)>,
}

/// One of several.
#[component]
pub fn SelectField(
    /// Which field: its name and id.
    field: Field,
    /// What it is called.
    label: String,
    /// A line below it.
    hint: String,
    /// What there is to choose from.
    choices: Vec<Choices>,
    /// What is chosen at first.
    value: String,
) -> impl IntoView {
    let name = field.as_str();
    let again = again(field);
    let chosen = again.typed.unwrap_or(value);
    let option = |(value, text): (String, String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    };
    let options = choices.into_iter().map(|Choices { group, options }| {
        let options: Vec<_> = options.into_iter().map(option).collect();
        match group {
            Some(group) => view! { <optgroup label=group>{options}</optgroup> }.into_any(),
            None => options.into_any(),
        }
    });
    let options: Vec<_> = options.collect();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select class="input" id=name name=name aria-describedby=format!("{name}-hint {name}-error") autofocus=again.first
                aria-invalid=again.fault.is_some().then_some("true") data-testid=format!("{name}-input").replace('_', "-")>
                {options}
            </select>
            <p class="hint" id=format!("{name}-hint")>{hint}</p>
            <ErrorLine name fault=again.fault/>
        </div>
    }
}

/// The address of the account, for password managers: they keep a password under it. Not of the type `hidden`, which
/// they pass over.
#[component]
pub fn UsernameField(
    /// The address.
    email: String,
) -> impl IntoView {
    view! { <input type="email" id="email" name="email" value=email autocomplete="username" readonly=true hidden=true/> }
}

/// A password: with a button that shows it, and for a new one with a meter.
#[component]
pub fn PasswordField(
    /// Which field: its name and id.
    #[prop(default = Field::Password)]
    field: Field,
    /// What it is called.
    label: String,
    /// A new password, held against the policy; `false`: the one that the person has.
    #[prop(optional)]
    new: bool,
    /// A link beside the label.
    #[prop(optional)]
    beside: Option<AnyView>,
) -> impl IntoView {
    let visit = Visit::current();
    let name = field.as_str();
    let again = again(field);
    let min = visit.settings.password.min;
    let described = if new {
        format!("{name}-hint {name}-error")
    } else {
        format!("{name}-error")
    };
    let label = view! { <label for=name>{label}</label> };
    let head = match beside {
        Some(link) => view! { <div class="row">{label}{link}</div> }.into_any(),
        None => label.into_any(),
    };
    let meter = new.then(|| {
        view! {
            <p class="hint" id=format!("{name}-hint")>{t_with("password-new-hint", &[("min", &min.to_string())])}</p>
            <StrengthMeter>
                <div class="strength" data-testid="password-strength" data-score="0" hidden=true data-field=name data-min=min.to_string()
                    data-short=t_with("strength-short", &[("count", "{}")]) data-repeats=t("strength-repeats")
                    data-identity=t("strength-identity") data-good=t("strength-good") data-strong=t("strength-strong")>
                    <span class="bars" aria-hidden="true"><i></i><i></i><i></i><i></i></span>
                    <p class="hint" role="status"></p>
                </div>
            </StrengthMeter>
        }
    });
    view! {
        <div class="field">
            {head}
            <div class="reveal">
                <input class="input" id=name name=name type="password" required=true
                    autocomplete=if new { "new-password" } else { "current-password" } aria-describedby=described
                    aria-invalid=again.fault.is_some().then_some("true") autofocus=again.first data-testid=format!("{name}-input").replace('_', "-")/>
                <RevealButton>
                    <button class="btn quiet sm" type="button" hidden=true data-testid="show-password" aria-controls=name
                        aria-pressed="false" aria-label=t("password-show-label") data-show=t("password-show")
                        data-show-label=t("password-show-label") data-hide=t("password-hide") data-hide-label=t("password-hide-label")>
                        <span class="when-off"><Icon glyph=Glyph::Eye/></span>
                        <span class="when-on"><Icon glyph=Glyph::EyeOff/></span>
                        <span>{t("password-show")}</span>
                    </button>
                </RevealButton>
            </div>
            {meter}
            <ErrorLine name fault=again.fault/>
        </div>
    }
}

/// Six digits from a message or an app, or a longer code that was written down.
#[component]
pub fn CodeField(
    /// What it is called.
    label: String,
    /// A line below it.
    hint: String,
    /// Letters and digits, that no browser fills in.
    #[prop(optional)]
    long: bool,
) -> impl IntoView {
    let again = again(Field::Code);
    let (class, mode, filled, most) = if long {
        ("input", "text", "off", "64")
    } else {
        ("input code", "numeric", "one-time-code", "12")
    };
    let plain = long.then_some("none");
    view! {
        <div class="field reserve">
            <label for="code">{label}</label>
            <input class=class id="code" name="code" type="text" inputmode=mode autocomplete=filled
                value=again.typed maxlength=most required=true autocapitalize=plain spellcheck=plain.map(|_| "false") aria-describedby="code-hint code-error"
                aria-invalid=again.fault.is_some().then_some("true") autofocus=again.first data-testid="code-input"/>
            <p class="hint" id="code-hint">{hint}</p>
            <ErrorLine name="code" fault=again.fault/>
        </div>
    }
}

/// The line under a field that says what is wrong with it.
#[component]
pub(crate) fn ErrorLine(
    /// The id of the field.
    name: &'static str,
    /// The sentence.
    fault: Option<String>,
) -> impl IntoView {
    let hidden = fault.is_none();
    view! {
        <p class="error" id=format!("{name}-error") data-testid=format!("{name}-error").replace('_', "-") hidden=hidden>{fault}</p>
    }
}
