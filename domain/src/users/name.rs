//! What a person is called.

use unicode_normalization::UnicodeNormalization as _;

use crate::Code;

/// A name as a person gives it: one line, 1 to 100 characters, any script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Reads a name; runs of white space become one space.
    ///
    /// # Errors
    /// [`Code::Required`] when nothing is left, [`Code::TooLong`] over 100 characters, [`Code::NameInvalid`] for
    /// control and bidirectional-override characters (they would forge lines in mails and logs), and for what looks
    /// like a link (a name is shown in mails to others, and is otherwise used to send spam through us).
    pub fn parse(text: &str) -> Result<Self, Code> {
        if text
            .chars()
            .any(|c| (c.is_control() && !c.is_whitespace()) || is_direction_override(c))
        {
            return Err(Code::NameInvalid);
        }
        let name = text
            .nfc()
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if name.is_empty() {
            return Err(Code::Required);
        }
        if name.chars().count() > 100 {
            return Err(Code::TooLong);
        }
        if name.contains("://")
            || name.to_lowercase().contains("www.")
            || !name.chars().any(char::is_alphanumeric)
        {
            return Err(Code::NameInvalid);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_are_taken_as_they_are() {
        for name in [
            "Ada",
            "Nguyễn Thị Minh Khai",
            "李小龍",
            "O'Neil-Smith",
            "Мария",
            "علي",
            "X Æ A-12",
            "J. R. R. Tolkien",
        ] {
            assert_eq!(Name::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(
            Name::parse("  Ada \t\n Lovelace ").unwrap().as_str(),
            "Ada Lovelace"
        );
    }

    #[test]
    fn what_would_forge_a_line_or_a_link_is_refused() {
        for name in [
            "Ada\u{202E}evil",
            "a\0b",
            "\u{1b}[31m",
            "see https://evil.example",
            "WWW.evil.example",
            "***",
        ] {
            assert_eq!(Name::parse(name), Err(Code::NameInvalid), "{name:?}");
        }
        assert_eq!(Name::parse(" "), Err(Code::Required));
        assert_eq!(Name::parse(&"x".repeat(101)), Err(Code::TooLong));
    }
}
