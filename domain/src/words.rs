//! All wording, of pages and of mail: one catalog in Fluent a language, compiled in from `locales/<language>/*.ftl`.
//!
//! A message that is missing in a language shows its English text, one that is missing altogether its id, and both log
//! an error: a page with one odd line is better than no page. The tests beside this file hold the languages together,
//! and the catalog and the code that uses it.

mod language;
mod measures;
mod user_agent;

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

pub use self::language::{Language, Offered};
use crate::refusal::{Code, Field};

/// The files of the catalog of a language, each with its name: every language has the same.
macro_rules! files {
    ($language:literal) => {
        files!(
            $language: "common",
            "sign_in",
            "sign_up",
            "invitation",
            "reset_password",
            "set_up",
            "account",
            "devices",
            "activity",
            "switcher",
            "not_me",
            "recover",
            "change_email",
            "close_account",
            "profile",
            "security",
            "factors",
            "passkeys",
            "data",
            "confirm",
            "console",
            "console_invitations",
            "console_people",
            "console_import",
            "console_roles",
            "console_groups",
            "console_settings",
            "console_everybody",
            "console_claims",
            "console_person",
            "viewing",
            "errors",
            "mail",
            "console_audit",
            "console_dashboard",
            "console_messages",
            "console_jobs",
            "console_health",
            "dev_inbox"
        )
    };
    ($language:literal: $($file:literal),*) => {
        &[$(($file, include_str!(concat!("../locales/", $language, "/", $file, ".ftl")))),*]
    };
}

type Files = &'static [(&'static str, &'static str)];

const ENGLISH: Files = files!("en");
const VIETNAMESE: Files = files!("vi");

static EN: LazyLock<Words> = LazyLock::new(|| Words::load(Language::English));
static VI: LazyLock<Words> = LazyLock::new(|| Words::load(Language::Vietnamese));

/// The wording in one language.
pub struct Words {
    language: Language,
    identifier: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
    ids: Vec<String>,
    /// The messages that are the same whatever their arguments, ready to be copied: most of a page.
    fixed: HashMap<String, String>,
}

impl Words {
    /// The wording in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &EN,
            Language::Vietnamese => &VI,
        }
    }

    /// The wording for a language tag (BCP 47), whatever is offered: `vi-VN` is answered in Vietnamese, and what we don't have in English.
    /// With a person one speaks as [`Offered::of`] says.
    pub fn for_language(tag: &str) -> &'static Self {
        Self::of(Language::lookup(tag).unwrap_or_default())
    }

    /// Reads the catalog. What can't be read is logged and left out; a test keeps that from being released.
    fn load(language: Language) -> Self {
        let (files, identifier) = match language {
            Language::English => (ENGLISH, langid!("en")),
            Language::Vietnamese => (VIETNAMESE, langid!("vi")),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![identifier.clone()]);
        // Isolation marks (U+2068, U+2069) would travel into addresses, codes and subjects that people copy.
        bundle.set_use_isolating(false);
        let mut ids = Vec::new();
        for (name, source) in files {
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    tracing::error!(
                        file = name,
                        ?errors,
                        "the catalog has messages that can't be read"
                    );
                    resource
                }
            };
            ids.extend(message_ids(source).map(str::to_owned));
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(file = name, ?errors, "the catalog has a message twice");
            }
        }
        let fixed = ids
            .iter()
            .filter_map(|id| {
                let mut missing = Vec::new();
                let pattern = bundle.get_message(id)?.value()?;
                let text = bundle.format_pattern(pattern, None, &mut missing);
                missing.is_empty().then(|| (id.clone(), text.into_owned()))
            })
            .collect();
        Self {
            language,
            identifier,
            bundle,
            ids,
            fixed,
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The language, as `lang="…"` wants it.
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// The writing direction, as `dir="…"` wants it.
    pub fn direction(&self) -> &'static str {
        if self.identifier.character_direction() == unic_langid::CharacterDirection::RTL {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The message without arguments. Not escaped: the page or template does that.
    pub fn text(&self, id: &str) -> String {
        self.text_with(id, &[])
    }

    /// The message with its arguments. A value that is a plain whole number (`3`, not `03`) chooses between
    /// singular and plural; every value appears exactly as given, and none is read as Fluent.
    pub fn text_with(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        if let Some(text) = self.fixed.get(id) {
            return text.clone();
        }
        let arguments: FluentArgs = arguments
            .iter()
            .map(|(name, value)| (*name, argument(value)))
            .collect();
        self.format(id, Some(&arguments))
    }

    /// The sentence for a refusal: the field's own if there is one, else the code's.
    pub fn refusal(&self, code: Code, field: Option<Field>, arguments: &[(&str, &str)]) -> String {
        let general = format!("refusal-{}", code.as_str());
        let own = field.map(|field| format!("{general}-{}", field.as_str()));
        match own {
            Some(own) if self.bundle.has_message(&own) => self.text_with(&own, arguments),
            _ => self.text_with(&general, arguments),
        }
    }

    /// A browser and its system in words, from what it says of itself.
    pub fn device(&self, user_agent: &str) -> String {
        match user_agent::names(user_agent) {
            (Some(browser), Some(system)) => {
                self.text_with("device", &[("browser", browser), ("system", system)])
            }
            _ => self.text("device-unknown"),
        }
    }

    /// A security event in a sentence, by the name that the audit has for it.
    pub fn event(&self, kind: &str) -> String {
        let id = format!("event-{}", kind.replace(['.', '_'], "-"));
        if self.bundle.has_message(&id) {
            self.text(&id)
        } else {
            self.text("event-unknown")
        }
    }

    /// The same for an operator, who reads about other people: who did it stands beside it.
    pub fn told(&self, kind: &str) -> String {
        let id = format!("told-{}", kind.replace(['.', '_'], "-"));
        if self.bundle.has_message(&id) {
            self.text(&id)
        } else {
            self.event(kind)
        }
    }

    /// What a message is about, by its kind: the subject of the mail. `host`: the server's own name, which some subjects have.
    pub fn message(&self, kind: &str, host: &str) -> String {
        let id = format!("mail-{kind}-subject");
        if kind == "sms-code" {
            self.text("message-sms-code")
        } else if self.bundle.has_message(&id) {
            self.text_with(&id, &[("host", host)])
        } else {
            kind.to_owned()
        }
    }

    /// What a job does, by its kind; a kind of another version by its own name.
    pub fn job(&self, kind: &str) -> String {
        self.of_job("job", kind).unwrap_or_else(|| kind.to_owned())
    }

    /// What is lost with a job that is taken out of the queue.
    pub fn job_lost(&self, kind: &str) -> String {
        self.of_job("job-lost", kind)
            .unwrap_or_else(|| self.text("job-lost-unknown"))
    }

    fn of_job(&self, what: &str, kind: &str) -> Option<String> {
        let id = format!("{what}-{kind}");
        self.bundle.has_message(&id).then(|| self.text(&id))
    }

    /// Every message id, in the order of the files. For tests and tools.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    fn format(&self, id: &str, arguments: Option<&FluentArgs>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, language = self.tag(), "a message is missing in the catalog");
            return match self.language {
                Language::English => id.to_owned(),
                Language::Vietnamese => EN.format(id, arguments),
            };
        };
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, arguments, &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::error!(id, ?errors, "a message was given the wrong arguments");
        }
        text
    }
}

/// The ids of the messages in a file: what stands at the beginning of a line before ` =`.
fn message_ids(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
}

/// Numbers only where the digits come back unchanged: `007` and a code like `012345` stay text.
fn argument(value: &str) -> FluentValue<'_> {
    let canonical = value == "0" || (!value.starts_with('0') && !value.is_empty());
    if canonical && value.len() <= 15 && value.bytes().all(|b| b.is_ascii_digit()) {
        FluentValue::try_number(value)
    } else {
        FluentValue::from(value)
    }
}

#[cfg(test)]
mod tests;
