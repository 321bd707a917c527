//! `asvs.toml` decides every requirement of OWASP ASVS 5.0 at levels 1 and 2, each test that it names is there and runs,
//! and docs/security/asvs.md says the same.

mod tests_by_name;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;

use self::tests_by_name::{End2EndTests, RustTests};
use crate::{expect_none, read};

/// The chapters of the standard, in its order.
const CHAPTERS: [&str; 17] = [
    "Encoding and sanitization",
    "Validation and business logic",
    "Web frontend security",
    "API and web service",
    "File handling",
    "Authentication",
    "Session management",
    "Authorization",
    "Self-contained tokens",
    "OAuth and OIDC",
    "Cryptography",
    "Secure communication",
    "Configuration",
    "Data protection",
    "Secure coding and architecture",
    "Security logging and error handling",
    "WebRTC",
];

/// The sections that have requirements of level 1 or 2, each with the levels of its requirements from the first on.
/// What is of level 3 alone stands behind them in each section, so no number is left out.
const STANDARD: [(&str, &str); 75] = [
    ("1.1", "22"),
    ("1.2", "111112222"),
    ("1.3", "11222222222"),
    ("1.4", "222"),
    ("1.5", "12"),
    ("2.1", "122"),
    ("2.2", "112"),
    ("2.3", "1222"),
    ("2.4", "2"),
    ("3.2", "11"),
    ("3.3", "1222"),
    ("3.4", "112222"),
    ("3.5", "11122"),
    ("3.7", "22"),
    ("4.1", "122"),
    ("4.2", "2"),
    ("4.3", "22"),
    ("4.4", "1222"),
    ("5.1", "2"),
    ("5.2", "112"),
    ("5.3", "11"),
    ("5.4", "222"),
    ("6.1", "122"),
    ("6.2", "111111112222"),
    ("6.3", "1122"),
    ("6.4", "1122"),
    ("6.5", "22222"),
    ("6.6", "222"),
    ("6.8", "2222"),
    ("7.1", "222"),
    ("7.2", "1111"),
    ("7.3", "22"),
    ("7.4", "11222"),
    ("7.5", "22"),
    ("7.6", "22"),
    ("8.1", "12"),
    ("8.2", "112"),
    ("8.3", "1"),
    ("8.4", "2"),
    ("9.1", "111"),
    ("9.2", "1222"),
    ("10.1", "22"),
    ("10.2", "22"),
    ("10.3", "2222"),
    ("10.4", "11111222222"),
    ("10.5", "22222"),
    ("10.6", "22"),
    ("10.7", "222"),
    ("11.1", "22"),
    ("11.2", "222"),
    ("11.3", "112"),
    ("11.4", "1222"),
    ("11.5", "2"),
    ("11.6", "2"),
    ("12.1", "122"),
    ("12.2", "11"),
    ("12.3", "2222"),
    ("13.1", "2"),
    ("13.2", "22222"),
    ("13.3", "22"),
    ("13.4", "12222"),
    ("14.1", "22"),
    ("14.2", "1222"),
    ("14.3", "122"),
    ("15.1", "122"),
    ("15.2", "122"),
    ("15.3", "1222222"),
    ("16.1", "2"),
    ("16.2", "22222"),
    ("16.3", "2222"),
    ("16.4", "222"),
    ("16.5", "222"),
    ("17.1", "2"),
    ("17.2", "2222"),
    ("17.3", "22"),
];

/// What the register says of a requirement, or of all that have no entry of their own in a section or chapter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The requirement in a few words of ours.
    about: String,
    /// The tests that show it.
    tests: Option<Vec<String>>,
    /// Why there is nothing to show.
    not_applicable: Option<String>,
    /// Why it is not shown.
    open: Option<String>,
}

/// How a requirement is decided.
enum Verdict<'a> {
    Tests(&'a [String]),
    NotApplicable(&'a str),
    Open(&'a str),
}

impl Entry {
    /// The one decision, unless there is none, or more than one, or one without words.
    fn verdict(&self) -> Option<Verdict<'_>> {
        let said = |reason: &str| reason.trim().len() > 10 && reason.ends_with('.');
        match (&self.tests, &self.not_applicable, &self.open) {
            (Some(tests), None, None) if !tests.is_empty() => Some(Verdict::Tests(tests)),
            (None, Some(reason), None) if said(reason) => Some(Verdict::NotApplicable(reason)),
            (None, None, Some(reason)) if said(reason) => Some(Verdict::Open(reason)),
            _ => None,
        }
    }
}

/// The register by id.
struct Register(BTreeMap<String, Entry>);

impl Register {
    fn read() -> Self {
        let entries = toml::from_str(&read("asvs.toml"));
        Self(entries.unwrap_or_else(|error| panic!("asvs.toml: {error}")))
    }

    /// The id of the entry that holds for a requirement: its own, its section's, or its chapter's.
    fn holds_for<'a>(&self, id: &'a str) -> Option<&'a str> {
        let mut id = id;
        while !self.0.contains_key(id) {
            id = id.rsplit_once('.')?.0;
        }
        Some(id)
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.0.get(self.holds_for(id)?)
    }
}

/// Every requirement with its level, in the order of the standard.
fn requirements() -> impl Iterator<Item = (String, char)> {
    STANDARD.iter().flat_map(|(section, levels)| {
        let numbered = levels.chars().enumerate();
        numbered.map(move |(index, level)| (format!("{section}.{}", index + 1), level))
    })
}

#[test]
fn every_requirement_is_decided_and_no_other() {
    let register = Register::read();
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for (id, _) in requirements() {
        match register.holds_for(&id) {
            Some(entry) => _ = used.insert(entry.to_owned()),
            None => faults.push(format!("{id} is not decided")),
        }
    }
    for (id, entry) in &register.0 {
        if !used.contains(id) {
            faults.push(format!(
                "{id} is no requirement of level 1 or 2, or no requirement uses it"
            ));
        }
        if entry.verdict().is_none() || entry.about.is_empty() {
            faults.push(format!(
                "{id} needs words, and either tests or one reason in a sentence"
            ));
        }
    }
    expect_none("requirements in asvs.toml", &faults);
}

#[test]
fn the_standard_has_253_requirements_of_which_70_are_of_level_1() {
    let levels: Vec<char> = requirements().map(|(_, level)| level).collect();
    let first = levels.iter().filter(|level| **level == '1').count();
    assert_eq!((levels.len(), first), (253, 70));
}

#[test]
fn every_test_of_the_register_is_there_and_runs() {
    let (rust, end2end) = (RustTests::find(), End2EndTests::find());
    let mut faults = Vec::new();
    for (id, entry) in Register::read().0 {
        // A reason may name tests too: of what is there already.
        let reason = entry.open.as_deref().unwrap_or_default();
        let in_reason = reason
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| name.contains("::"));
        let in_reason = in_reason.map(str::to_owned);
        for name in entry.tests.iter().flatten().cloned().chain(in_reason) {
            let found = if name.starts_with("end2end/") {
                end2end.file_of(&name)
            } else {
                rust.file_of(&name)
            };
            if let Err(fault) = found {
                faults.push(format!("{id}: {name}: {fault}"));
            }
        }
    }
    expect_none("tests that asvs.toml names", &faults);
}

/// The page: a count of each chapter, then each requirement.
pub fn as_markdown() -> String {
    let register = Register::read();
    let (rust, end2end) = (RustTests::find(), End2EndTests::find());
    let mut counts = String::from(
        "| chapter | requirements | shown by tests | not applicable | open |\n|---|--:|--:|--:|--:|\n",
    );
    let mut chapters = String::new();
    let mut whole = [0; 4];
    for (number, title) in (1..).zip(CHAPTERS) {
        let mut counted = [0; 4];
        let _ = write!(
            chapters,
            "\n## V{number} {title}\n\n| id | level | what | shown by |\n|---|---|---|---|\n"
        );
        let prefix = format!("{number}.");
        for (id, level) in requirements().filter(|(id, _)| id.starts_with(&prefix)) {
            let entry = register
                .entry(&id)
                .unwrap_or_else(|| panic!("{id} is not decided"));
            let (place, shown) = match entry.verdict() {
                Some(Verdict::Tests(tests)) => {
                    let links = tests.iter().map(|name| {
                        let file = rust.file_of(name).or_else(|_| end2end.file_of(name));
                        file.map_or_else(|_| name.clone(), |file| format!("[{name}](../../{file})"))
                    });
                    (1, links.collect::<Vec<_>>().join("<br>"))
                }
                Some(Verdict::NotApplicable(reason)) => (2, format!("not applicable: {reason}")),
                Some(Verdict::Open(reason)) => (3, format!("**open**: {reason}")),
                None => (0, String::new()),
            };
            counted[0] += 1;
            counted[place] += 1;
            let _ = writeln!(chapters, "| {id} | {level} | {} | {shown} |", entry.about);
        }
        let [all, tests, not, open] = counted;
        let _ = writeln!(counts, "| V{number} {title} | {all} | {tests} | {not} | {open} |");
        for (sum, count) in whole.iter_mut().zip(counted) {
            *sum += count;
        }
    }
    let [all, tests, not, open] = whole;
    format!("{counts}| all | {all} | {tests} | {not} | {open} |\n{chapters}\n")
}
