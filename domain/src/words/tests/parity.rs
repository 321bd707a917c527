//! Every language says what English says: the same messages, with the same arguments, chosen by the same selectors.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};

use super::super::{ENGLISH, Files, VIETNAMESE};

/// What a translation must share with its original.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Shape {
    /// The arguments that appear in the text.
    shown: BTreeSet<String>,
    /// The messages that appear in it.
    messages: BTreeSet<String>,
    /// The arguments that choose between variants, with the keys of the variants.
    selectors: BTreeMap<String, BTreeSet<String>>,
}

impl Shape {
    fn of(pattern: &Pattern<&str>) -> Self {
        let mut shape = Self::default();
        shape.read(pattern);
        shape
    }

    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read_expression(expression);
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                let InlineExpression::VariableReference { id } = selector else {
                    panic!("only an argument may choose: {selector:?}");
                };
                let keys = self.selectors.entry(id.name.to_owned()).or_default();
                keys.extend(variants.iter().map(|variant| match &variant.key {
                    VariantKey::Identifier { name } => (*name).to_owned(),
                    VariantKey::NumberLiteral { value } => (*value).to_owned(),
                }));
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.shown.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.messages.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            other => panic!("terms and functions are not used here: {other:?}"),
        }
    }

    /// The arguments that the message wants at all.
    fn arguments(&self) -> BTreeSet<&String> {
        self.shown.iter().chain(self.selectors.keys()).collect()
    }
}

/// The messages of a catalog: by file and id, with what they are made of.
fn catalog(files: Files) -> BTreeMap<(&'static str, String), Shape> {
    let mut found = BTreeMap::new();
    for (file, source) in files {
        let resource = fluent_syntax::parser::parse(*source).expect("a readable file");
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    assert!(message.attributes.is_empty(), "{}: attributes", message.id.name);
                    let pattern = message.value.as_ref().expect("a text");
                    found.insert((*file, message.id.name.to_owned()), Shape::of(pattern));
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => panic!("{file}: {other:?}"),
            }
        }
    }
    found
}

/// The keys that choose by the number's form, and not by the number itself.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The forms that a language has for cardinal numbers (CLDR).
fn plurals(tag: &str) -> &'static [&'static str] {
    match tag {
        "en" => &["one", "other"],
        "vi" => &["other"],
        _ => panic!("which plurals does {tag} have?"),
    }
}

/// What is wrong with a translation.
fn faults(tag: &str, original: &Shape, translated: &Shape) -> Vec<String> {
    let mut faults = Vec::new();
    if original.arguments() != translated.arguments() {
        faults.push(format!(
            "takes {:?} and not {:?}",
            translated.arguments(),
            original.arguments()
        ));
    }
    if original.messages != translated.messages {
        faults.push(format!(
            "names {:?} and not {:?}",
            translated.messages, original.messages
        ));
    }
    for (argument, keys) in &translated.selectors {
        let dead: Vec<&String> = keys
            .iter()
            .filter(|key| PLURALS.contains(&key.as_str()) && !plurals(tag).contains(&key.as_str()))
            .collect();
        if !dead.is_empty() {
            faults.push(format!("{argument} is never {dead:?} in this language"));
        }
        if !original.selectors.contains_key(argument) {
            faults.push(format!("chooses by {argument}, and English does not"));
        }
    }
    for (argument, keys) in &original.selectors {
        let by_form = keys.iter().all(|key| PLURALS.contains(&key.as_str()));
        let theirs = translated.selectors.get(argument);
        // A language with one form for all numbers needs no choice between them.
        let may_do_without = by_form && plurals(tag).len() == 1;
        let needed = |key: &&String| {
            let is_form = PLURALS.contains(&key.as_str());
            !is_form || plurals(tag).contains(&key.as_str())
        };
        let same = theirs.is_some_and(|theirs| by_form || theirs.iter().eq(keys.iter().filter(needed)));
        let is_dropped = may_do_without && theirs.is_none();
        if !same && !is_dropped {
            faults.push(format!(
                "chooses by {argument} from {theirs:?} and not from {keys:?}"
            ));
        }
    }
    faults
}

#[test]
fn every_message_stands_in_the_same_file_with_the_same_arguments_and_selectors() {
    let (english, vietnamese) = (catalog(ENGLISH), catalog(VIETNAMESE));
    let mut found = Vec::new();
    for (place, original) in &english {
        let (file, id) = place;
        match vietnamese.get(place) {
            None => found.push(format!("vi/{file}.ftl: {id} is missing")),
            Some(translated) => found.extend(
                faults("vi", original, translated)
                    .into_iter()
                    .map(|fault| format!("vi/{file}.ftl: {id} {fault}")),
            ),
        }
    }
    for (file, id) in vietnamese.keys().filter(|place| !english.contains_key(*place)) {
        found.push(format!("vi/{file}.ftl: {id} is not in English"));
    }
    for ((file, id), shape) in &english {
        found.extend(
            faults("en", shape, shape)
                .into_iter()
                .map(|fault| format!("en/{file}.ftl: {id} {fault}")),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_sentence_was_left_in_english() {
    let lines = |files: Files| -> BTreeMap<&str, &str> {
        files
            .iter()
            .flat_map(|(_, source)| source.lines())
            .filter_map(|line| line.split_once(" = "))
            .collect()
    };
    let (english, vietnamese) = (lines(ENGLISH), lines(VIETNAMESE));
    let left: Vec<_> = english
        .iter()
        .filter(|(id, text)| {
            let words = text
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| word.len() > 3);
            vietnamese.get(*id) == Some(*text) && words.count() > 2
        })
        .collect();
    assert!(left.is_empty(), "the same in both languages: {left:#?}");
}

#[test]
fn a_translation_that_differs_is_told() {
    let shape = |text: &str| {
        let source = format!("a = {text}\n");
        let resource = fluent_syntax::parser::parse(source.as_str()).expect("a message");
        match resource.body.first() {
            Some(Entry::Message(message)) => Shape::of(message.value.as_ref().expect("a text")),
            other => panic!("{other:?}"),
        }
    };
    let plural = "{ $count ->\n    [one] One\n   *[other] { $count } things\n }";
    let kind = "{ $kind ->\n    [mail] Mail\n   *[sms] Text\n }";
    let cases = [
        ("Hello { $name }", "Chào { $name }", true),
        ("Hello { $name }", "Chào", false),
        ("Hello", "Chào { $name }", false),
        (plural, "{ $count } thứ", true),
        (plural, "Một thứ", false),
        (plural, plural, false),
        (kind, kind, true),
        (kind, "Thư { $kind }", false),
        ("{ product }", "{ copy }", false),
    ];
    for (original, translated, holds) in cases {
        let found = faults("vi", &shape(original), &shape(translated));
        assert_eq!(found.is_empty(), holds, "{original} / {translated}: {found:?}");
    }
}
