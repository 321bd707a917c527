//! Which messages of a catalog a walk never led past.

use std::path::Path;

use domain::words::Language;
use scraper::{Html, Selector};

/// What this walk can't see: what the doctor finds on broken servers (it has tests of its own), other months, refusals
/// and errors of other moments, and what the operator's settings put in the place of something else. By the beginnings
/// of the ids.
const ELSEWHERE: &[&str] = &[
    "event-",
    "activity-",
    // Each reason, and what is told of rare rows: `console/audit` asks for them.
    "told-",
    "why-",
    "audit-kept",
    "audit-look",
    "audit-row-no-place",
    "chain-more",
    "check-",
    "health-well",
    "health-look",
    "health-mend",
    "set-up-checks-all-well",
    "set-up-checks-to-mend",
    "set-up-used-",
    "refusal-",
    "month-",
    "error-408-",
    "error-429-",
    "error-500-",
    "error-503-",
    "duration-moment",
    "mail-footer-support",
    // A list of thousands.
    "people-count-more",
    "people-further-",
    "claim-count-many",
    // The last mail, which goes with everything else.
    "mail-erased-",
];

/// Whether an attribute of this name holds words.
pub fn is_said(name: &str) -> bool {
    ["aria-label", "title", "alt", "label", "placeholder"].contains(&name) || name.starts_with("data-")
}

/// The messages of the catalog of which the longest piece of plain text was nowhere to be read.
pub fn unseen(language: Language, all: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../domain/locales")
        .join(language.tag());
    let mut unseen = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let source = std::fs::read_to_string(file.path()).unwrap();
        for (id, text) in source.lines().filter_map(|line| line.split_once(" = ")) {
            // One of several, by a number: the lines below say which.
            if text.ends_with("->") {
                continue;
            }
            let pieces = text
                .split('{')
                .map(|piece| piece.rsplit('}').next().unwrap_or_default().trim());
            let longest = pieces.max_by_key(|piece| piece.len()).unwrap_or_default();
            let elsewhere = ELSEWHERE.iter().any(|beginning| id.starts_with(beginning));
            if !elsewhere && !all.contains(longest) {
                unseen.push(id.to_owned());
            }
        }
    }
    unseen
}

/// Four words or more without a single letter that English has not: no Vietnamese sentence is like that.
pub fn looks_english(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().all(char::is_alphabetic));
    text.is_ascii() && words.count() >= 4
}

/// What a person reads on a page, or hears: the texts, the labels, the title.
pub fn said(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let every = Selector::parse("*").unwrap();
    let mut said = Vec::new();
    for element in document.select(&every) {
        if ["script", "style", "code", "pre"].contains(&element.value().name()) {
            continue;
        }
        // `data-…`: what an island says in the browser.
        for (_, text) in element.value().attrs().filter(|(name, _)| is_said(name)) {
            said.push(text.to_owned());
        }
        let own: String = element
            .children()
            .filter_map(|child| child.value().as_text().map(|text| text.to_string()))
            .collect();
        said.push(own.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    said.retain(|text| !text.is_empty());
    said
}
