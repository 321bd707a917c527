//! What a person is found by, and what somebody who searches has typed.
//!
//! Both are folded alike: lower case, without accents, so that `Nguyễn` and `nguyen` are one. A term is a word with all that follows
//! it up to the next space: `ada.lovelace@example.com` gives itself, `lovelace@example.com` and `example.com`. So a range of
//! terms that begin with what was typed finds words by their beginnings, whole addresses, and everybody of a domain, by one index.
//! Scripts without spaces between words give a term at each letter.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

/// The longest term, in bytes. What is typed is cut there too.
const TERM_MAX: usize = 128;
/// The most terms of a person: of a longer name, the later words are not found.
const TERMS_MAX: usize = 40;
/// The longest key that names are sorted by, in bytes.
const KEY_MAX: usize = 64;
/// How much of a search is read, in characters.
const SEARCH_MAX: usize = 200;
/// How many of its words count: the longest ones.
pub const WORDS: usize = 4;
/// From so many hexadecimal digits on a word may be the beginning of an id: the first eight say which minute it is from.
const ID_DIGITS: usize = 8;
/// Comes after every byte of UTF-8.
const LAST: u8 = 0xFF;

/// A word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Terms from here on …
    pub from: Vec<u8>,
    /// … to before here.
    pub to: Vec<u8>,
    /// The ids that begin so, if it could be the beginning of one: the first and the last.
    pub ids: Option<(Uuid, Uuid)>,
}

/// Lower case, without accents and other signs above and below letters.
pub(super) fn fold(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase).nfkd();
    let mut folded = String::with_capacity(text.len());
    for letter in letters.filter(|letter| !is_sign(*letter)) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded.nfc().collect()
}

/// What people are sorted by.
pub(crate) fn sort_key(text: &str) -> Vec<u8> {
    cut(&fold(text), KEY_MAX).as_bytes().to_vec()
}

/// Every term of a person. Those that are the beginning of another one find nothing more, and are left out.
pub(crate) fn terms(name: &str, email_key: &str) -> BTreeSet<Vec<u8>> {
    let (name, mail) = (fold(name), fold(email_key));
    let host = mail
        .rsplit_once('.')
        .map_or(mail.len(), |(before, _)| before.len());
    // The last label of a domain alone would find half of the world.
    let of_mail = beginnings(&mail).filter(|at| *at <= host).map(|at| &mail[at..]);
    let of_name = name
        .split_whitespace()
        .flat_map(|word| beginnings(word).map(|at| &word[at..]));
    let all: BTreeSet<&str> = of_mail
        .chain(of_name)
        .take(TERMS_MAX)
        .map(|term| cut(term, TERM_MAX))
        .collect();
    let after = all.iter().skip(1).map(Some).chain([None]);
    // In order, whatever begins with a term comes right after it.
    let longest = all
        .iter()
        .zip(after)
        .filter(|(term, next)| !next.is_some_and(|next| next.starts_with(**term)));
    longest.map(|(term, _)| term.as_bytes().to_vec()).collect()
}

/// The words of a search; `None` if there is something and no word in it, so that nobody is found.
pub(super) fn read(typed: &str) -> Option<Vec<Word>> {
    let typed: String = typed.trim().chars().take(SEARCH_MAX).collect();
    let folded = fold(&typed);
    let mut words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
    words.dedup();
    words.truncate(WORDS);
    if words.is_empty() && !typed.is_empty() {
        return None;
    }
    // An id is longer than what else is typed with it.
    let id = words.first().and_then(|word| ids(word));
    let ids = [id].into_iter().chain(std::iter::repeat(None));
    Some(
        words
            .into_iter()
            .zip(ids)
            .map(|(word, ids)| Word::new(word, ids))
            .collect(),
    )
}

impl Word {
    fn new(word: &str, ids: Option<(Uuid, Uuid)>) -> Self {
        let from = cut(word, TERM_MAX).as_bytes().to_vec();
        let to = [from.as_slice(), &[LAST]].concat();
        Self { from, to, ids }
    }
}

/// The first and the last id that begin with these digits.
fn ids(word: &str) -> Option<(Uuid, Uuid)> {
    let digits: String = word.chars().filter(|letter| *letter != '-').collect();
    let is_id =
        (ID_DIGITS..=32).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let padded = |with: &str| Uuid::try_parse(&format!("{digits}{}", with.repeat(32 - digits.len()))).ok();
    if is_id { padded("0").zip(padded("f")) } else { None }
}

/// Where words begin, as places of bytes.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let before = [' '].into_iter().chain(text.chars());
    let places = text.char_indices().zip(before);
    places
        .filter(|((_, letter), before)| {
            letter.is_alphanumeric() && (!before.is_alphanumeric() || is_unspaced(*letter))
        })
        .map(|((at, _), _)| at)
}

/// Letters of scripts that write words, or given names behind family names, without a space: Chinese, Japanese, Korean, Thai, Lao,
/// Burmese, Khmer.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{20000}'..='\u{3FFFF}')
}

/// Signs that people leave out: apostrophes, Latin, Greek and Cyrillic accents, points of Hebrew, vowels and the long stroke of Arabic. Signs of
/// other scripts are letters to those who write them.
fn is_sign(letter: char) -> bool {
    matches!(letter, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}' | '\u{0640}'
        | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}')
}

/// Letters that stand for another one, and that Unicode does not take apart.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ø' => "o",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        // Arabic and Persian forms of one letter.
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        _ => return None,
    })
}

/// The beginning of a text, of at most `most` bytes.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
