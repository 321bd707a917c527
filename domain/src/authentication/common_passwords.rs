//! The local list of passwords that nobody may choose: common ones, and ones seen in a breach.
//!
//! NIST SP 800-63B-4 §3.1.1.2 has new passwords compared with such a list, whole and not by their parts. ASVS 5.0 asks
//! for the 3,000 most common that the length rule lets through (6.2.4) and for breached ones (6.2.12). The list is in
//! the binary, so that no password, and no part of its hash, is sent anywhere. `domain/data/README.md` says where the
//! list is from, how it is laid out, and how to rebuild it.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The first bytes of a password's SHA-256. Eight make a wrong refusal a matter of 1 in 10¹³.
type Prefix = [u8; 8];

/// In ascending order, each once: [`contains`] searches by halves.
static PREFIXES: &[Prefix] = {
    let (prefixes, rest) = include_bytes!("../../data/common-passwords.bin").as_chunks();
    assert!(rest.is_empty(), "common-passwords.bin ends within an entry");
    prefixes
};

/// Whether the password, as a whole, is on the list. Upper and lower case are the same here, and so are the composed
/// and the decomposed form of a character: who guesses tries them all.
///
/// The list has no passwords of fewer than 8 characters, so the length must be checked apart. This takes microseconds
/// and depends on the list only, so it tells nothing about any account.
#[must_use]
pub fn contains(password: &str) -> bool {
    PREFIXES.binary_search(&prefix(password)).is_ok()
}

/// What the list has for a password. `script/common-passwords` must fold in the same way.
fn prefix(password: &str) -> Prefix {
    let composed: Zeroizing<String> = Zeroizing::new(password.nfc().collect());
    let folded = Zeroizing::new(composed.to_lowercase());
    let mut prefix = Prefix::default();
    prefix.copy_from_slice(&Sha256::digest(folded.as_bytes())[..8]);
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_long_as_promised() {
        assert!(PREFIXES.len() >= 100_000, "{} entries", PREFIXES.len());
    }

    #[test]
    fn the_list_is_sorted_and_has_each_entry_once() {
        assert!(PREFIXES.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn common_passwords_are_on_the_list() {
        for password in [
            "password",
            "password123",
            "qwertyuiop",
            "iloveyou",
            "1qaz2wsx",
            "trustno1",
            "p@ssw0rd",
            "summer2026!",
        ] {
            assert!(contains(password), "{password}");
        }
    }

    #[test]
    fn so_are_common_ones_that_are_long_enough_to_stand_alone() {
        for password in [
            "123456789012345",
            "passwordpassword",
            "password12345678",
            "qwerty123456789",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaa",
            "iloveyouiloveyou",
            "this is my password",
            "correct horse battery staple",
        ] {
            assert!(password.chars().count() >= 15, "{password}");
            assert!(contains(password), "{password}");
        }
    }

    #[test]
    fn case_does_not_hide_a_common_password() {
        assert!(contains("PassWord123"));
        assert!(contains("PASSWORDPASSWORD"));
    }

    #[test]
    fn composed_and_decomposed_characters_are_the_same() {
        assert_eq!(
            prefix("P\u{e4}ssw\u{f6}rter"),
            prefix("p\u{61}\u{308}ssw\u{6f}\u{308}rter")
        );
    }

    #[test]
    fn a_passphrase_of_ones_own_is_not_on_the_list() {
        for password in [
            "seven otters mend the copper kettle",
            "Vfr-tulip-canal-9-harbour",
            "\u{1f9a6}\u{1f9a6} Ofenschlupfer im Nebel \u{1f9a6}\u{1f9a6}",
        ] {
            assert!(!contains(password), "{password}");
        }
    }

    #[test]
    fn only_the_whole_password_counts() {
        assert!(!contains("my password123 has a long tail of otters"));
        assert!(!contains(" password123"));
    }

    #[test]
    fn short_ones_are_left_to_the_length_rule() {
        assert!(!contains(""));
        assert!(!contains("123456"));
    }
}
