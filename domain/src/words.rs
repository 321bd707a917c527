//! All wording, of pages and of mail: one catalog in Fluent, compiled in from `locales/<language>/*.ftl`.
//!
//! A message that is missing shows its id and logs an error: a page with one odd line is better than no page.
//! The tests at the bottom hold the catalog and the code that uses it together.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::refusal::{Code, Field};

mod user_agent;

/// The files of the English catalog, each with its name.
const ENGLISH: &[(&str, &str)] = &[
    ("common.ftl", include_str!("../locales/en/common.ftl")),
    ("sign_in.ftl", include_str!("../locales/en/sign_in.ftl")),
    ("sign_up.ftl", include_str!("../locales/en/sign_up.ftl")),
    (
        "reset_password.ftl",
        include_str!("../locales/en/reset_password.ftl"),
    ),
    ("set_up.ftl", include_str!("../locales/en/set_up.ftl")),
    ("account.ftl", include_str!("../locales/en/account.ftl")),
    ("security.ftl", include_str!("../locales/en/security.ftl")),
    ("confirm.ftl", include_str!("../locales/en/confirm.ftl")),
    ("errors.ftl", include_str!("../locales/en/errors.ftl")),
    ("mail.ftl", include_str!("../locales/en/mail.ftl")),
    ("dev_inbox.ftl", include_str!("../locales/en/dev_inbox.ftl")),
];

static EN: LazyLock<Words> = LazyLock::new(|| Words::load(langid!("en"), ENGLISH));

/// The wording in one language.
pub struct Words {
    language: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
    ids: Vec<String>,
}

impl Words {
    /// The wording for a language tag (BCP 47, as in `Accept-Language`). English is the only one so far, and
    /// what every other tag falls back to.
    pub fn for_language(_tag: &str) -> &'static Self {
        &EN
    }

    /// Reads the catalog. What can't be read is logged and left out; a test keeps that from being released.
    fn load(language: LanguageIdentifier, files: &[(&str, &str)]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
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
        Self {
            language,
            bundle,
            ids,
        }
    }

    /// The language, as `lang="…"` wants it.
    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// The writing direction, as `dir="…"` wants it.
    pub fn direction(&self) -> &'static str {
        if self.language.character_direction() == unic_langid::CharacterDirection::RTL {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The message without arguments. Not escaped: the page or template does that.
    pub fn text(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The message with its arguments. A value that is a plain whole number (`3`, not `03`) chooses between
    /// singular and plural; every value appears exactly as given, and none is read as Fluent.
    pub fn text_with(&self, id: &str, arguments: &[(&str, &str)]) -> String {
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

    /// A length of time in words, rounded up to whole units: "10 minutes", "24 hours", "3 days".
    pub fn duration(&self, seconds: u64) -> String {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        let (id, count) = match seconds {
            0 => return self.text("duration-moment"),
            s if s < MINUTE => ("duration-seconds", s),
            s if s < HOUR => ("duration-minutes", s.div_ceil(MINUTE)),
            s if s < 2 * DAY => ("duration-hours", s.div_ceil(HOUR)),
            s => ("duration-days", s.div_ceil(DAY)),
        };
        self.text_with(id, &[("count", &count.to_string())])
    }

    /// A moment in words, in UTC: "3 May 2026, 14:05 UTC".
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        at.format("%-d %B %Y, %H:%M UTC").to_string()
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

    /// Every message id, in the order of the files. For tests and tools.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    fn format(&self, id: &str, arguments: Option<&FluentArgs>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, "a message is missing in the catalog");
            return id.to_owned();
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
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn words() -> &'static Words {
        Words::for_language("en")
    }

    /// The Rust sources of the three crates up to their tests, each with its path.
    fn sources() -> Vec<(PathBuf, String)> {
        fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = fs::read_to_string(&path).expect("a source file");
                    let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                    found.push((path, code));
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the workspace");
        let mut found = Vec::new();
        for folder in ["domain/src", "app/src", "server/src"] {
            walk(&root.join(folder), &mut found);
        }
        assert!(found.len() > 3, "the sources were not found");
        found
    }

    /// The literal first arguments of calls like `t("…")` and `words.text_with("…", …)`. Only what has a hyphen: a
    /// local function of such a name may take a single word.
    fn literal_ids(code: &str) -> Vec<&str> {
        let mut ids = Vec::new();
        for call in ["t(", "t_with(", "text(", "text_with("] {
            for (at, _) in code.match_indices(call) {
                let inside_a_name = code[..at]
                    .chars()
                    .next_back()
                    .is_some_and(|c| c.is_alphanumeric() || c == '_');
                let after = code[at + call.len()..].trim_start();
                if let (false, Some(rest)) = (inside_a_name, after.strip_prefix('"')) {
                    ids.extend(rest.split('"').next().filter(|id| id.contains('-')));
                }
            }
        }
        ids
    }

    #[test]
    fn every_file_can_be_read_and_no_id_stands_twice() {
        let mut seen = BTreeSet::new();
        for (name, source) in ENGLISH {
            let mut alone = FluentBundle::new_concurrent(vec![langid!("en")]);
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            alone
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
            for id in message_ids(source) {
                assert!(seen.insert(id), "{name}: {id} stands twice");
                let message = alone
                    .get_message(id)
                    .unwrap_or_else(|| panic!("{name}: {id} is no message"));
                assert!(message.value().is_some(), "{name}: {id} has no text");
            }
        }
        assert_eq!(seen.len(), words().ids().count());
    }

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en");
        let on_disk: BTreeSet<String> = fs::read_dir(folder)
            .expect("the catalog")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let compiled_in: BTreeSet<String> = ENGLISH.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(on_disk, compiled_in);
    }

    #[test]
    fn every_id_in_the_code_is_in_the_catalog() {
        let known: BTreeSet<&str> = words().ids().collect();
        let mut missing = Vec::new();
        for (path, code) in sources() {
            for id in literal_ids(&code) {
                if !known.contains(id) {
                    missing.push(format!("{id} ({})", path.display()));
                }
            }
        }
        assert!(
            missing.is_empty(),
            "these messages are asked for and missing: {missing:#?}"
        );
    }

    #[test]
    fn every_message_is_used() {
        let code: String = sources().into_iter().map(|(_, code)| code).collect();
        let catalog: String = ENGLISH.iter().map(|(_, source)| *source).collect();
        let looked_up_by_name = ["refusal-", "error-", "check-"];
        let unused: Vec<&str> = words()
            .ids()
            .filter(|id| !looked_up_by_name.iter().any(|prefix| id.starts_with(prefix)))
            .filter(|id| !is_of_a_letter(id, &code))
            .filter(|id| !code.contains(&format!("\"{id}\"")) && !catalog.contains(&format!("{{ {id} }}")))
            .collect();
        assert!(unused.is_empty(), "nothing shows these messages: {unused:#?}");
    }

    /// `mail-<kind>-<part>`, where the code has the kind: letters put these ids together.
    fn is_of_a_letter(id: &str, code: &str) -> bool {
        let parts = ["subject", "heading", "why", "text", "not-you"];
        let kind = id.strip_prefix("mail-").and_then(|rest| {
            parts
                .iter()
                .find_map(|part| rest.strip_suffix(&format!("-{part}")))
        });
        kind.is_some_and(|kind| code.contains(&format!("=> \"{kind}\"")))
    }

    #[test]
    fn every_refusal_has_its_sentence() {
        let source = include_str!("refusal.rs");
        let codes = source
            .split("impl Code")
            .nth(1)
            .and_then(|rest| rest.split("impl Field").next());
        let codes: Vec<&str> = codes
            .expect("the codes")
            .split("=> \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(codes.len() > 20);
        for code in codes {
            assert!(
                words().ids().any(|id| id == format!("refusal-{code}")),
                "refusal-{code} is missing"
            );
        }
    }

    #[test]
    fn every_error_page_has_its_three_lines() {
        for status in [403, 404, 405, 408, 413, 421, 429, 500, 503] {
            for line in ["title", "text", "remedy"] {
                let id = format!("error-{status}-{line}");
                assert!(words().ids().any(|known| known == id), "{id} is missing");
            }
        }
    }

    #[test]
    fn a_refusal_prefers_the_sentence_of_its_field() {
        let sentence = |field| words().refusal(Code::Required, field, &[]);
        assert_eq!(sentence(Some(Field::Email)), "Type your email address.");
        assert_eq!(sentence(None), "Fill this in.");
        let short = words().refusal(Code::PasswordTooShort, Some(Field::Password), &[("min", "15")]);
        assert!(short.contains("at least 15 characters"), "{short}");
    }

    #[test]
    fn a_missing_message_shows_its_id() {
        assert_eq!(words().text("no-such-message"), "no-such-message");
        assert_eq!(
            words().text_with("no-such-message", &[("a", "b")]),
            "no-such-message"
        );
    }

    #[test]
    fn numbers_choose_the_plural_and_values_stay_as_they_are() {
        let errors = |count| words().text_with("form-errors", &[("count", count)]);
        assert_eq!(errors("1"), "One thing needs another look.");
        assert_eq!(errors("12"), "12 things need another look.");
        for value in [
            "012345",
            "100000",
            "1e5",
            "007",
            "{ product }",
            "{{7*7}}",
            "<b>",
            "999999999999999",
        ] {
            assert_eq!(
                words().text_with("mail-greeting", &[("name", value)]),
                format!("Hello {value}."),
                "a name is never read as anything else"
            );
        }
    }

    #[test]
    fn lengths_of_time_are_rounded_up_and_read_like_speech() {
        let cases = [
            (0, "a moment"),
            (1, "a second"),
            (45, "45 seconds"),
            (60, "a minute"),
            (61, "2 minutes"),
            (600, "10 minutes"),
            (3_600, "an hour"),
            (86_400, "24 hours"),
            (172_800, "2 days"),
        ];
        for (seconds, said) in cases {
            assert_eq!(words().duration(seconds), said);
        }
    }

    #[test]
    fn an_unknown_language_is_answered_in_english() {
        assert_eq!(Words::for_language("tlh").language(), "en");
        assert_eq!(words().direction(), "ltr");
    }
}
