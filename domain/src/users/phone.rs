//! Telephone numbers, as E.164 has them, and the countries that they belong to. What is a number, and of what kind, is known to
//! `phonenumber`, by the data of Google's libphonenumber.

use std::fmt;

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};

use crate::Code;

/// The longest text that is read as a number: 15 digits (E.164 §6), and as many spaces and signs between them.
const LONGEST: usize = 40;

/// A country or region with numbers of its own, by its code in ISO 3166-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// Reads a code such as `VN`.
    pub fn parse(code: &str) -> Option<Self> {
        let id = code.parse().ok()?;
        DATABASE.by_id(code)?;
        Some(Self(id))
    }

    /// Its code.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What its numbers begin with, behind the plus sign.
    pub fn calling_code(self) -> Option<u16> {
        DATABASE
            .by_id(self.0.as_ref())
            .map(phonenumber::Metadata::country_code)
    }
}

/// The number of a mobile phone. Its `Debug` shows the last two digits.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    e164: String,
    country: Option<Country>,
}

impl PhoneNumber {
    /// Reads a number as people write it: with `+` and the code of its country; without, where there is only one country
    /// that it can be of.
    ///
    /// # Errors
    /// [`Code::Required`], or [`Code::PhoneInvalid`] for what is no number, or the number of something else than a mobile phone
    /// (a landline reads no messages, and a premium line is paid for by us).
    pub fn parse(typed: &str, home: Option<Country>) -> Result<Self, Code> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Code::Required);
        }
        if typed.len() > LONGEST {
            return Err(Code::PhoneInvalid);
        }
        let number =
            phonenumber::parse(home.map(|country| country.0), typed).map_err(|_| Code::PhoneInvalid)?;
        let reads_messages = matches!(
            number.number_type(&DATABASE),
            Type::Mobile | Type::FixedLineOrMobile
        );
        let country = number.country().id().map(Country);
        if country.is_some() && reads_messages && number.is_valid() && number.extension().is_none() {
            Ok(Self {
                e164: number.format().mode(Mode::E164).to_string(),
                country,
            })
        } else {
            Err(Code::PhoneInvalid)
        }
    }

    /// A number that [`PhoneNumber::parse`] took once. What the world's numbers look like may have changed since, so it is not
    /// held to that again.
    pub(crate) fn stored(e164: String) -> Self {
        let number = phonenumber::parse(None, &e164).ok();
        Self {
            country: number.and_then(|number| number.country().id()).map(Country),
            e164,
        }
    }

    /// The number in E.164: `+` and at most 15 digits.
    pub fn as_str(&self) -> &str {
        &self.e164
    }

    /// Where it is from; `None` for a stored one that is of no country any more.
    pub fn country(&self) -> Option<Country> {
        self.country
    }

    /// The number as a page shows it: its last two digits, enough for its owner.
    pub fn masked(&self) -> String {
        let last = self.e164.get(self.e164.len().saturating_sub(2)..);
        format!("•••• {}", last.unwrap_or_default())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str, home: &str) -> Result<(String, String), Code> {
        PhoneNumber::parse(typed, Country::parse(home)).map(|number| {
            let country = number.country().unwrap().as_str().to_owned();
            (number.as_str().to_owned(), country)
        })
    }

    #[test]
    fn a_mobile_number_is_read_as_people_write_it() {
        for (typed, home, number, country) in [
            ("+84 91 234 56 78", "", "+84912345678", "VN"),
            ("0912 345 678", "VN", "+84912345678", "VN"),
            ("+44 (0)7400 123456", "", "+447400123456", "GB"),
            ("+44-7400-123456", "VN", "+447400123456", "GB"),
            // America has one code for landlines, mobile phones and many countries.
            ("+1 201 555 0123", "", "+12015550123", "US"),
            ("+1 876 210 1234", "", "+18762101234", "JM"),
        ] {
            let found = (number.to_owned(), country.to_owned());
            assert_eq!(read(typed, home), Ok(found), "{typed}");
        }
    }

    #[test]
    fn what_is_no_mobile_phone_is_refused() {
        assert_eq!(read("  ", ""), Err(Code::Required));
        for typed in [
            "0912345678",          // of which country?
            "+84",                 // too short
            "+84 91 234 56 78 99", // too long
            "+44 20 7946 0958",    // a landline
            "+44 909 879 0000",    // a premium line
            "+1 800 234 5678",     // a free line
            "+44 7400 123456 ext. 7",
            "+999 123456789",
            "call me",
            "+84912345678\r\nTo: +1",
            &"1".repeat(41),
        ] {
            assert_eq!(read(typed, ""), Err(Code::PhoneInvalid), "{typed}");
        }
    }

    #[test]
    fn only_the_last_two_digits_are_shown() {
        let number = PhoneNumber::parse("+84 91 234 56 78", None).unwrap();
        assert_eq!(number.masked(), "•••• 78");
        assert_eq!(format!("{number:?}"), "•••• 78");
    }

    #[test]
    fn a_country_is_known_by_its_code() {
        let vietnam = Country::parse("VN").unwrap();
        assert_eq!((vietnam.as_str(), vietnam.calling_code()), ("VN", Some(84)));
        assert!(
            ["vn", "XX", "VNM", "001", ""]
                .iter()
                .all(|code| Country::parse(code).is_none())
        );
    }
}
