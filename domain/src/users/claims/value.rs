//! What a claim can hold: text, a whole number, yes or no, or a list of text.

use std::collections::BTreeSet;

use crate::Code;
use crate::users::line;

/// The longest text, in characters, as [`line::read`] takes it.
pub const TEXT_MAX: usize = 200;
/// The largest number, and the smallest without its sign: what every reader of JSON takes as it is (RFC 8259 §6).
pub const NUMBER_MAX: i64 = 9_007_199_254_740_991;
/// The most entries of a list that is typed.
pub const LIST_MAX: usize = 20;
/// The longest entry, in characters.
pub const ENTRY_MAX: usize = 100;

/// Of which kind a claim is. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Boolean,
    /// Lines, each once, in no order of their own.
    List,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// 1 to [`TEXT_MAX`] characters.
    Text(String),
    /// At most [`NUMBER_MAX`] from zero.
    Number(i64),
    /// Yes or no.
    Boolean(bool),
    /// At least one entry, in the order of their bytes. One that was typed has at most [`LIST_MAX`]; a union of several may have more.
    List(BTreeSet<String>),
}

impl Kind {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Text, Self::Number, Self::Boolean, Self::List];

    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::List => "list",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Reads a value as typed: a list has one entry a line. `None`: nothing was typed, which takes the value away.
    ///
    /// # Errors
    /// [`Code::ClaimText`], [`Code::ClaimNumber`], [`Code::ClaimBoolean`] or [`Code::ClaimList`], each for its kind.
    pub fn read(self, typed: &str) -> Result<Option<Value>, Code> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        match self {
            Self::Text => line::read(typed, TEXT_MAX)
                .map(Value::Text)
                .map_err(|_| Code::ClaimText),
            Self::Number => match typed.parse::<i64>() {
                Ok(number) if (-NUMBER_MAX..=NUMBER_MAX).contains(&number) => Ok(Value::Number(number)),
                _ => Err(Code::ClaimNumber),
            },
            Self::Boolean => match typed {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => Err(Code::ClaimBoolean),
            },
            Self::List => {
                let lines = typed.lines().map(|typed| line::read(typed, ENTRY_MAX));
                let entries = lines.filter(|read| read.as_ref() != Ok(&String::new()));
                let entries: Result<BTreeSet<String>, Code> = entries.collect();
                match entries {
                    Ok(entries) if entries.len() <= LIST_MAX => Ok(Value::List(entries)),
                    _ => Err(Code::ClaimList),
                }
            }
        }
        .map(Some)
    }

    /// Reads what is stored. `None`: it is of another kind, which nothing of ours writes.
    pub(super) fn restore(self, stored: &str) -> Option<Value> {
        let json: serde_json::Value = serde_json::from_str(stored).ok()?;
        Some(match self {
            Self::Text => Value::Text(json.as_str()?.to_owned()),
            Self::Number => Value::Number(json.as_i64()?),
            Self::Boolean => Value::Boolean(json.as_bool()?),
            Self::List => {
                let entries = json.as_array()?.iter();
                Value::List(
                    entries
                        .map(|entry| entry.as_str().map(str::to_owned))
                        .collect::<Option<_>>()?,
                )
            }
        })
    }
}

impl Value {
    /// As a token will have it.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Boolean(truth) => (*truth).into(),
            Self::List(entries) => entries.iter().map(String::as_str).collect(),
        }
    }

    /// As somebody would type it.
    pub fn as_typed(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::List(entries) => entries.iter().map(String::as_str).collect::<Vec<_>>().join("\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_reads_back_as_it_is_stored_and_shown() {
        for (kind, typed, json) in [
            (Kind::Text, " gold ", "\"gold\""),
            (Kind::Text, "a \"b\" <c> 👍", "\"a \\\"b\\\" <c> 👍\""),
            (Kind::Number, "-9007199254740991", "-9007199254740991"),
            (Kind::Number, "007", "7"),
            (Kind::Boolean, "true", "true"),
            (Kind::Boolean, "false", "false"),
            (Kind::List, "b\r\n a \n\nb", "[\"a\",\"b\"]"),
            // One letter, however it was typed.
            (Kind::Text, "Hue\u{302}\u{301}", "\"Huế\""),
            (Kind::List, "Hue\u{302}\u{301}\nHuế", "[\"Huế\"]"),
        ] {
            let value = kind.read(typed).unwrap().unwrap();
            let stored = value.to_json().to_string();
            assert_eq!(stored, json, "{typed:?}");
            assert_eq!(kind.restore(&stored), Some(value.clone()));
            assert_eq!(kind.read(&value.as_typed()), Ok(Some(value)));
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_is_no_value() {
        let long = "x".repeat(TEXT_MAX + 1);
        let many = (0..=LIST_MAX)
            .map(|n| n.to_string())
            .collect::<Vec<_>>()
            .join("\n");
        let wide = "x".repeat(ENTRY_MAX + 1);
        for (kind, typed, code) in [
            (Kind::Text, "two\nlines", Code::ClaimText),
            (Kind::Text, "a\u{202e}b", Code::ClaimText),
            (Kind::Text, "a\u{7}b", Code::ClaimText),
            (Kind::Text, "a\0b", Code::ClaimText),
            // Looks like "admin", and is another.
            (Kind::Text, "ad\u{200b}min", Code::ClaimText),
            (Kind::List, "ad\u{ad}min", Code::ClaimList),
            (Kind::Text, long.as_str(), Code::ClaimText),
            (Kind::Number, "9007199254740992", Code::ClaimNumber),
            (Kind::Number, "-9007199254740992", Code::ClaimNumber),
            (Kind::Number, "1.5", Code::ClaimNumber),
            (Kind::Number, "1e3", Code::ClaimNumber),
            (Kind::Number, "٣", Code::ClaimNumber),
            (Kind::Boolean, "TRUE", Code::ClaimBoolean),
            (Kind::Boolean, "1", Code::ClaimBoolean),
            (Kind::List, many.as_str(), Code::ClaimList),
            (Kind::List, wide.as_str(), Code::ClaimList),
        ] {
            assert_eq!(kind.read(typed), Err(code), "{typed:?}");
        }
        for kind in Kind::ALL {
            assert_eq!(kind.read(" \n "), Ok(None));
        }
    }

    #[test]
    fn what_is_stored_under_another_kind_is_no_value() {
        for (kind, stored) in [
            (Kind::Text, "1"),
            (Kind::Number, "\"1\""),
            (Kind::Number, "1.5"),
            (Kind::Boolean, "\"true\""),
            (Kind::List, "[1]"),
            (Kind::List, "\"a\""),
            (Kind::Text, "no json"),
        ] {
            assert_eq!(kind.restore(stored), None, "{stored}");
        }
        assert_eq!(Kind::parse("object"), None);
    }
}
