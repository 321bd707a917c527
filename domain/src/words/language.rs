//! The languages of the catalog, those of them that the operator offers, and which of them somebody reads.

use std::cmp::Ordering;
use std::fmt;

/// A language that every message of the catalog has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// What everybody gets whose language we don't have.
    #[default]
    English,
    /// Vietnamese.
    Vietnamese,
}

/// Of a list in `Accept-Language`, this many ranges are looked at: more is no person's wish.
const MOST_RANGES: usize = 20;

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::Vietnamese];

    /// The tag (BCP 47), as it stands in `lang="…"`, in `users.locale` and in the cookie.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Vietnamese => "vi",
        }
    }

    /// What its readers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Vietnamese => "Tiếng Việt",
        }
    }

    /// The language of exactly this tag: for what a form or a cookie brings.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language of a tag, cut from its end until it is one of ours: `vi-Latn-VN`, `vi-Latn`, `vi` (RFC 4647 §3.4).
    pub fn lookup(tag: &str) -> Option<Self> {
        let mut range = tag;
        loop {
            let found = Self::ALL
                .into_iter()
                .find(|language| language.tag().eq_ignore_ascii_case(range));
            if found.is_some() {
                return found;
            }
            range = range.rsplit_once('-')?.0;
        }
    }
}

/// The languages that are offered, by the settings `languages` and `default_language`. Who reads another one gets the default, and their own
/// again when it is offered again: what an account holds stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// At least one, in the order of [`Language::ALL`].
    pub all: Vec<Language>,
    /// One of them.
    pub default: Language,
}

impl fmt::Display for Offered {
    /// As the setting `languages` has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags: Vec<&str> = self.all.iter().map(|language| language.tag()).collect();
        f.write_str(&tags.join(", "))
    }
}

impl Offered {
    /// Whether it is offered.
    pub fn has(&self, language: Language) -> bool {
        self.all.contains(&language)
    }

    /// The language of exactly this tag, if it is offered: for what a form or a cookie brings.
    pub fn parse(&self, tag: &str) -> Option<Language> {
        Language::parse(tag).filter(|language| self.has(*language))
    }

    /// What is spoken with whoever has this tag in their account (`users.locale`).
    pub fn of(&self, tag: &str) -> Language {
        let own = Language::lookup(tag).filter(|language| self.has(*language));
        own.unwrap_or(self.default)
    }

    /// The language that an `Accept-Language` header likes best (RFC 9110 §12.5.4), if it names one that is offered. Of equal
    /// weights the first counts; `*` is the default, or the first one that is not refused; what can't be read is left out.
    pub fn accepted(&self, header: &str) -> Option<Language> {
        let lookup = |range: &str| Language::lookup(range).filter(|language| self.has(*language));
        let mut ranges: Vec<(&str, f32)> = header.split(',').take(MOST_RANGES).filter_map(range).collect();
        let refused: Vec<Language> = ranges
            .iter()
            .filter(|(_, weight)| *weight <= 0.0)
            .filter_map(|(range, _)| lookup(range))
            .collect();
        ranges.retain(|(_, weight)| *weight > 0.0);
        // A stable sort: of equal weights, the first stays first.
        ranges.sort_by(|(_, one), (_, other)| other.partial_cmp(one).unwrap_or(Ordering::Equal));
        ranges.into_iter().find_map(|(range, _)| match range {
            "*" => {
                let mut liked = std::iter::once(&self.default).chain(&self.all);
                liked.find(|ours| !refused.contains(ours)).copied()
            }
            range => lookup(range),
        })
    }
}

/// A language range and its weight, from 0 to 1.
fn range(text: &str) -> Option<(&str, f32)> {
    let (range, weight) = match text.split_once(';') {
        None => (text, 1.0),
        Some((range, parameter)) => {
            let weight = parameter
                .trim()
                .strip_prefix(['q', 'Q'])?
                .trim()
                .strip_prefix('=')?;
            (range, weight.trim().parse::<f32>().ok()?)
        }
    };
    let range = range.trim();
    ((0.0..=1.0).contains(&weight) && !range.is_empty()).then_some((range, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Option<Language> = Some(Language::English);
    const VI: Option<Language> = Some(Language::Vietnamese);

    fn all() -> Offered {
        Offered {
            all: Language::ALL.to_vec(),
            default: Language::English,
        }
    }

    #[test]
    fn the_language_that_is_liked_best_is_taken() {
        let cases = [
            ("vi", VI),
            ("vi-VN,vi;q=0.9,en;q=0.8", VI),
            ("en-GB,en;q=0.9,vi;q=0.8", EN),
            ("en;q=0.5, vi;q=0.9", VI),
            ("fr-FR,fr;q=0.9,vi;q=0.2,en;q=0.1", VI),
            ("VI-vn", VI),
            ("vi-Latn-VN-x-mine", VI),
            ("en,vi", EN),
            ("vi,en", VI),
            ("vi;q=1.000;en", None),
            (" vi ; q = 0.3 , en ; Q=0.2", VI),
            ("*", EN),
            ("fr, *;q=0.5", EN),
            ("en;q=0, *", VI),
            ("vi;q=0, en;q=0.1", EN),
            ("vi;q=0", None),
            ("en;q=0, vi;q=0, *", None),
            ("fr, de;q=0.9", None),
            ("", None),
            (",,;q=1,-", None),
            ("vi;q=2, en;q=0.1", EN),
            ("vi;q=-1, en;q=0.1", EN),
            ("vi;q=NaN, en;q=0.1", EN),
            ("vi;q=high, en;q=0.1", EN),
            ("vietnamese", None),
            ("v", None),
        ];
        for (header, expected) in cases {
            assert_eq!(all().accepted(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_long_header_is_not_read_to_its_end() {
        let long = format!("{}vi", "fr,".repeat(MOST_RANGES));
        assert_eq!(all().accepted(&long), None);
    }

    #[test]
    fn what_is_not_offered_is_not_spoken() {
        let only = Offered {
            all: vec![Language::Vietnamese],
            default: Language::Vietnamese,
        };
        for (header, expected) in [("en", None), ("en, vi;q=0.1", VI), ("*", VI), ("vi;q=0, *", None)] {
            assert_eq!(only.accepted(header), expected, "{header:?}");
        }
        assert_eq!((only.parse("en"), only.parse("vi")), (None, VI));
        for tag in ["en", "vi", "vi-VN", "tlh", ""] {
            assert_eq!(only.of(tag), Language::Vietnamese, "{tag:?}");
        }
        let second = Offered {
            default: Language::Vietnamese,
            ..all()
        };
        assert_eq!(second.accepted("*"), VI);
        assert_eq!(second.accepted("vi;q=0, *"), EN);
        assert_eq!(
            (second.of("en-GB"), second.of("tlh")),
            (Language::English, Language::Vietnamese)
        );
    }

    #[test]
    fn a_form_names_a_language_exactly_or_not_at_all() {
        assert_eq!(Language::parse("vi"), VI);
        for tag in ["VI", "vi-VN", "fr", "", " vi", "vi\r\n"] {
            assert_eq!(Language::parse(tag), None, "{tag:?}");
        }
    }

    #[test]
    fn a_region_or_script_falls_back_to_its_language() {
        assert_eq!(Language::lookup("vi-VN"), VI);
        assert_eq!(Language::lookup("en-Latn-US"), EN);
        assert_eq!(Language::lookup("tlh"), None);
    }
}
