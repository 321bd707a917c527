//! That the catalog can be read, and that it and the code which uses it agree.

mod parity;

use crate::authentication::assurance::policy::Demand;
use crate::authorization::Permission;
use crate::authorization::built_in::BuiltIn;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::platform::settings::{Group, Key, Kind};
use crate::users::claims;

/// The statuses that have an error page of their own.
const STATUSES: [u16; 9] = [403, 404, 405, 408, 413, 421, 429, 500, 503];

fn words() -> &'static Words {
    Words::of(Language::English)
}

/// The Rust sources of the three crates without their tests, each with its path.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
            if is_test {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                let code = text
                    .split("#[cfg(test)]\nmod tests {")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
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

/// The literal first arguments of calls like `t("…")` and `words.text_with("…", …)`. Only what has a hyphen: a local
/// function of such a name may take a single word.
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
    for (language, files) in [(Language::English, ENGLISH), (Language::Vietnamese, VIETNAMESE)] {
        let mut seen = BTreeSet::new();
        for (name, source) in files {
            let tag = language.tag();
            let mut alone: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![]);
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{tag}/{name}: {errors:?}"));
            alone
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{tag}/{name}: {errors:?}"));
            for id in message_ids(source) {
                assert!(seen.insert(id), "{tag}/{name}: {id} stands twice");
                let message = alone
                    .get_message(id)
                    .unwrap_or_else(|| panic!("{tag}/{name}: {id} is no message"));
                assert!(message.value().is_some(), "{tag}/{name}: {id} has no text");
            }
        }
        assert_eq!(seen.len(), Words::of(language).ids().count());
    }
}

#[test]
fn every_file_of_every_folder_is_compiled_in() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let names = |folder: &Path| -> BTreeSet<String> {
        fs::read_dir(folder)
            .expect("the catalog")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let languages: BTreeSet<String> = Language::ALL.iter().map(|l| l.tag().to_owned()).collect();
    assert_eq!(names(&locales), languages);
    let compiled_in: BTreeSet<String> = ENGLISH.iter().map(|(name, _)| format!("{name}.ftl")).collect();
    for tag in languages {
        assert_eq!(names(&locales.join(&tag)), compiled_in, "{tag}");
    }
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

/// The ids that no source has as a whole.
fn names_put_together() -> BTreeSet<String> {
    let errors = STATUSES
        .iter()
        .flat_map(|status| ["title", "text", "remedy"].map(|line| format!("error-{status}-{line}")));
    let refusals = words().ids().filter(|id| id.starts_with("refusal-"));
    let months = (1..=12).map(|month| format!("month-{month}"));
    let told = |name: &str| event_id(name).replacen("event-", "told-", 1);
    let events = events().into_iter().flat_map(|name| [event_id(name), told(name)]);
    let roles = BuiltIn::ALL
        .iter()
        .flat_map(|role| ["name", "text"].map(|part| format!("role-{}-{part}", role.id())));
    let demands = Demand::OF_ROLES.map(|demand| format!("role-asks-{}", demand.as_str().replace('_', "-")));
    let permissions = Permission::ALL.iter().flat_map(|permission| {
        let (thing, _) = permission.as_str().split_once(':').unwrap_or_default();
        [
            format!("permission-{}", permission.as_str().replace(':', "-")),
            format!("permission-group-{thing}"),
        ]
    });
    let settings = Key::ALL.iter().copied().flat_map(of_setting);
    let groups = Group::ALL
        .into_iter()
        .flat_map(|group| ["heading", "text"].map(|line| format!("settings-{}-{line}", group.as_str())));
    let jobs = crate::job::KINDS
        .iter()
        .flat_map(|kind| [format!("job-{kind}"), format!("job-lost-{kind}")]);
    let claims = claims::Kind::ALL.into_iter().flat_map(|kind| {
        let kind = kind.as_str();
        [format!("claim-kind-{kind}"), format!("claim-value-hint-{kind}")]
    });
    errors
        .chain(claims)
        .chain(jobs)
        .chain(roles)
        .chain(permissions)
        .chain(demands)
        .chain(refusals.map(str::to_owned))
        .chain(months)
        .chain(events)
        .chain(settings)
        .chain(groups)
        .collect()
}

/// What a page calls a setting, what it says of it, and the words of its options.
fn of_setting(key: Key) -> Vec<String> {
    let id = format!("setting-{}", key.field().replace('_', "-"));
    let options = match key.kind() {
        Kind::Choice { of, .. } => of,
        _ => &[],
    };
    let options = options
        .iter()
        .map(|word| format!("{id}-{}", word.replace('_', "-")));
    options
        .chain(["label", "text"].map(|line| format!("{id}-{line}")))
        .collect()
}

/// `mail-<kind>-<part>`, where the code has the kind: letters put these ids together.
fn is_of_a_letter(id: &str, code: &str) -> bool {
    let parts = ["subject", "heading", "why", "text", "button", "life", "not-you"];
    let kind = id.strip_prefix("mail-").and_then(|rest| {
        parts
            .iter()
            .find_map(|part| rest.strip_suffix(&format!("-{part}")))
    });
    kind.is_some_and(|kind| code.contains(&format!("=> \"{kind}\"")))
}

/// What ids begin with that the code puts together: the `people-state-` of `"people-state-{…}"`.
fn beginnings(code: &str) -> BTreeSet<&str> {
    code.match_indices("-{")
        .filter_map(|(at, _)| {
            let start = code[..at].rfind('"')? + 1;
            let beginning = &code[start..=at];
            let is_one = beginning.starts_with("people-")
                && beginning.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            is_one.then_some(beginning)
        })
        .collect()
}

#[test]
fn every_message_is_used() {
    let code: String = sources().into_iter().map(|(_, code)| code).collect();
    let catalog: String = ENGLISH.iter().map(|(_, source)| *source).collect();
    let put_together = names_put_together();
    let beginnings = beginnings(&code);
    // What stands between two quotation marks, and whether it does somewhere as more than the name of an element.
    let mut quoted: HashMap<&str, bool> = HashMap::new();
    for (before, text) in code.split('"').zip(code.split('"').skip(1)) {
        *quoted.entry(text).or_default() |= !before.ends_with("id=");
    }
    let unused: Vec<&str> = words()
        .ids()
        .filter(|id| !put_together.contains(*id))
        .filter(|id| !is_of_a_letter(id, &code))
        .filter(|id| !beginnings.iter().any(|beginning| id.starts_with(beginning)))
        .filter(|id| {
            // `id="…"` in a page is the name of an element.
            let said = quoted.get(id).is_some_and(|is_said| *is_said);
            // The heading of a check is asked for by the name of the check.
            let check = id.strip_prefix("check-").unwrap_or(id);
            !said
                && !catalog.contains(&format!("{{ {id} }}"))
                && (check == *id || !quoted.contains_key(check))
        })
        .collect();
    assert!(unused.is_empty(), "nothing shows these messages: {unused:#?}");
}

/// The codes of refusals, as the source has them.
fn codes() -> Vec<&'static str> {
    let source = include_str!("../refusal.rs");
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
    codes
}

#[test]
fn every_refusal_has_its_sentence_and_no_sentence_is_left_over() {
    let codes = codes();
    for code in &codes {
        assert!(
            words().ids().any(|id| id == format!("refusal-{code}")),
            "refusal-{code} is missing"
        );
    }
    for id in words().ids().filter_map(|id| id.strip_prefix("refusal-")) {
        let known = codes
            .iter()
            .any(|code| id == *code || id.strip_prefix(code).is_some_and(|field| field.starts_with('-')));
        assert!(known, "no code is called as refusal-{id} says");
    }
}

/// The names of the security events, as the source has them.
fn events() -> Vec<&'static str> {
    let source = include_str!("../audit/mod.rs");
    let names = source
        .split("fn as_str")
        .nth(1)
        .and_then(|rest| rest.split("fn outcome").next());
    let names: Vec<&str> = names
        .expect("the names of the events")
        .split("=> \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(names.len() > 15);
    names
}

fn event_id(name: &str) -> String {
    format!("event-{}", name.replace(['.', '_'], "-"))
}

#[test]
fn every_event_has_its_sentence() {
    for name in events() {
        assert_ne!(
            words().event(name),
            words().text("event-unknown"),
            "{name} has no sentence in activity.ftl"
        );
    }
}

#[test]
fn every_error_page_has_its_three_lines() {
    for status in STATUSES {
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
    for words in Language::ALL.map(Words::of) {
        assert_eq!(words.text("no-such-message"), "no-such-message");
        assert_eq!(
            words.text_with("no-such-message", &[("a", "b")]),
            "no-such-message"
        );
    }
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
        for (words, greeting) in [
            (words(), format!("Hello {value}.")),
            (Words::of(Language::Vietnamese), format!("Chào {value}.")),
        ] {
            assert_eq!(
                words.text_with("mail-greeting", &[("name", value)]),
                greeting,
                "a name is never read as anything else"
            );
        }
    }
}

#[test]
fn a_language_we_do_not_have_is_answered_in_english() {
    assert_eq!(Words::for_language("tlh").tag(), "en");
    assert_eq!(Words::for_language("vi-VN").tag(), "vi");
    for words in Language::ALL.map(Words::of) {
        assert_eq!(words.direction(), "ltr");
    }
}
