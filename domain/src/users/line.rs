//! One line of text as somebody types it: what a role is for, what an application is told.

use unicode_normalization::UnicodeNormalization as _;

use crate::Code;

/// Reads a line, which may be empty: trimmed, in NFC, of at most `longest` characters.
///
/// # Errors
/// [`Code::TooLong`], or [`Code::LineInvalid`] for characters that end a line, control a terminal, turn text around, or can't be seen: two
/// lines that look alike are the same.
pub(crate) fn read(typed: &str, longest: usize) -> Result<String, Code> {
    let line: String = typed.trim().nfc().collect();
    if line.chars().count() > longest {
        return Err(Code::TooLong);
    }
    if line.chars().any(|c| c.is_control() || is_unseen(c)) {
        return Err(Code::LineInvalid);
    }
    Ok(line)
}

/// Turns text around, ends a line, or has no width (Unicode §23.2: layout controls).
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_is_seen_of_it() {
        assert_eq!(read("  Who pays. ", 20).unwrap(), "Who pays.");
        assert_eq!(read(" ", 20).unwrap(), "");
        // Hu and a combining acute are one letter.
        assert_eq!(read("Hue\u{302}\u{301}", 3).unwrap(), "Huế");
        assert_eq!(read(&"é".repeat(20), 20).unwrap().chars().count(), 20);
        assert_eq!(read(&"é".repeat(21), 20), Err(Code::TooLong));
    }

    #[test]
    fn what_can_not_be_seen_is_refused() {
        for c in [
            '\0', '\n', '\u{7}', '\u{7f}', '\u{85}', '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}',
            '\u{200e}', '\u{202e}', '\u{2028}', '\u{2060}', '\u{2066}', '\u{feff}',
        ] {
            assert_eq!(read(&format!("a{c}b"), 20), Err(Code::LineInvalid), "{c:?}");
        }
    }
}
