//! Reads the settings of [`Key`] out of texts: those of the file, of the environment, and of the console.

use std::collections::BTreeSet;

use chrono::Duration;
use lettre::Address;

use super::accent::Accent;
use super::key::{Group, Key, Kind};
use super::logo::Logo;
use super::{PasswordLengths, SecondFactor, SecondFactorRule, SessionTimes, Settings, SignUp, SmsLimits};
use crate::Code;
use crate::users::mail_domain::MailDomain;
use crate::words::{Language, Offered};

/// The longest name of a product, in characters.
const NAME_MAX: usize = 60;
/// The most domains whose addresses may make an account.
const DOMAINS_MAX: usize = 100;

/// What is wrong with a setting.
pub type KeyFault = (Key, Code);

struct Reader<F> {
    text: F,
    faults: Vec<KeyFault>,
}

impl<F: Fn(Key) -> String> Reader<F> {
    /// A wrong value is noted as a fault, and the default goes on in its place, so that the rest can be read. `None`: the default is
    /// wrong, which is a mistake of the program.
    fn take<T>(&mut self, key: Key, parse: impl Fn(&str) -> Result<T, Code>) -> Option<T> {
        match parse((self.text)(key).trim()) {
            Ok(value) => Some(value),
            Err(code) => {
                self.faults.push((key, code));
                parse(key.default_text()).ok()
            }
        }
    }

    fn number(&mut self, key: Key) -> Option<i64> {
        self.take(key, |text| {
            let number: i64 = text.parse().map_err(|_| Code::NumberInvalid)?;
            match key.kind() {
                Kind::Number { least, most, .. } if (least..=most).contains(&number) => Ok(number),
                _ => Err(Code::NumberInvalid),
            }
        })
    }

    fn duration(&mut self, key: Key, unit: fn(i64) -> Duration) -> Option<Duration> {
        self.number(key).map(unit)
    }
}

impl Settings {
    /// Reads all of them. What is wrong by itself, or does not go together, is among the faults; `None`: the program's own defaults are
    /// wrong.
    pub(crate) fn read(text: impl Fn(Key) -> String) -> (Option<Self>, Vec<KeyFault>) {
        let mut reader = Reader {
            text,
            faults: Vec::new(),
        };
        let settings = Self::read_each(&mut reader);
        if let Some(settings) = &settings {
            settings.check_together(&mut reader.faults);
        }
        (settings, reader.faults)
    }

    fn read_each<F: Fn(Key) -> String>(reader: &mut Reader<F>) -> Option<Self> {
        Some(Self {
            version: 0,
            sign_up: reader.take(Key::SignUp, sign_up)?,
            sign_up_domains: reader.take(Key::SignUpDomains, domains)?,
            second_factor: SecondFactor {
                rule: reader.take(Key::SecondFactor, second_factor)?,
                grace: reader.duration(Key::GraceDays, Duration::days)?,
            },
            password: PasswordLengths {
                min: length(reader.number(Key::MinLength)?),
                max: length(reader.number(Key::MaxLength)?),
            },
            recovery_wait: reader.duration(Key::RecoveryWait, Duration::hours)?,
            session: SessionTimes {
                remember: reader.duration(Key::Remember, Duration::days)?,
                remember_idle: reader.duration(Key::RememberIdle, Duration::days)?,
                plain: reader.duration(Key::Plain, Duration::hours)?,
                plain_idle: reader.duration(Key::PlainIdle, Duration::minutes)?,
                administrator: reader.duration(Key::Administrator, Duration::hours)?,
                administrator_idle: reader.duration(Key::AdministratorIdle, Duration::minutes)?,
            },
            languages: Offered {
                all: reader.take(Key::Languages, languages)?,
                default: reader.take(Key::DefaultLanguage, |text| {
                    Language::parse(text).ok_or(Code::LanguageUnknown)
                })?,
            },
            product_name: reader.take(Key::ProductName, product_name)?,
            accent: reader.take(Key::AccentColor, |text| match text {
                "" => Ok(None),
                text => Accent::parse(text).map(Some),
            })?,
            logo: reader.take(Key::Logo, |text| match text {
                "" => Ok(None),
                text => Logo::parse(text).map(Some),
            })?,
            support_email: reader.take(Key::SupportEmail, |text| match text {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| Code::EmailInvalid),
            })?,
            attempts: Group::Attempts
                .keys()
                .map(|key| Some((key, u32::try_from(reader.number(key)?).ok()?)))
                .collect::<Option<_>>()?,
            sms: SmsLimits {
                per_person_per_day: reader.number(Key::SmsPerPerson)?,
                per_day: reader.number(Key::SmsPerDay)?,
            },
        })
    }

    /// Adds the faults of settings that are each right but not together.
    fn check_together(&self, faults: &mut Vec<KeyFault>) {
        let session = &self.session;
        for (key, is_wrong, code) in [
            (
                Key::RememberIdle,
                session.remember_idle > session.remember,
                Code::IdleTooLong,
            ),
            (
                Key::PlainIdle,
                session.plain_idle > session.plain,
                Code::IdleTooLong,
            ),
            (
                Key::AdministratorIdle,
                session.administrator_idle > session.administrator,
                Code::IdleTooLong,
            ),
            (
                Key::DefaultLanguage,
                !self.languages.has(self.languages.default),
                Code::LanguageNotOffered,
            ),
            (
                Key::SignUpDomains,
                self.sign_up == SignUp::Domains && self.sign_up_domains.is_empty(),
                Code::Required,
            ),
        ] {
            if is_wrong && !faults.iter().any(|(other, _)| *other == key) {
                faults.push((key, code));
            }
        }
    }

    /// A setting as text, in one form whichever way it was written: what [`Settings::read`] reads.
    pub fn text(&self, key: Key) -> String {
        let session = &self.session;
        let number = match key {
            Key::SignUp => return self.sign_up.as_str().to_owned(),
            Key::SignUpDomains => return self.domains().join(", "),
            Key::SecondFactor => return self.second_factor.rule.as_str().to_owned(),
            Key::Languages => return self.languages.to_string(),
            Key::DefaultLanguage => return self.languages.default.tag().to_owned(),
            Key::ProductName => return self.product_name.clone(),
            Key::AccentColor => return self.accent.map(Accent::hex).unwrap_or_default(),
            Key::Logo => return self.logo.as_ref().map(Logo::text).unwrap_or_default(),
            Key::SupportEmail => {
                return self
                    .support_email
                    .as_ref()
                    .map(Address::to_string)
                    .unwrap_or_default();
            }
            Key::GraceDays => self.second_factor.grace.num_days(),
            Key::MinLength => number(self.password.min),
            Key::MaxLength => number(self.password.max),
            Key::RecoveryWait => self.recovery_wait.num_hours(),
            Key::Remember => session.remember.num_days(),
            Key::RememberIdle => session.remember_idle.num_days(),
            Key::Plain => session.plain.num_hours(),
            Key::PlainIdle => session.plain_idle.num_minutes(),
            Key::Administrator => session.administrator.num_hours(),
            Key::AdministratorIdle => session.administrator_idle.num_minutes(),
            Key::SignInLimit
            | Key::SignUpLimit
            | Key::ResetLimit
            | Key::RecoverLimit
            | Key::CodeLimit
            | Key::PasskeyLimit
            | Key::UnsafeLimit => self.attempts.get(&key).copied().map_or(0, i64::from),
            Key::SmsPerPerson => self.sms.per_person_per_day,
            Key::SmsPerDay => self.sms.per_day,
        };
        number.to_string()
    }

    /// The domains of `sign_up_domains`, as people read them.
    pub fn domains(&self) -> Vec<String> {
        self.sign_up_domains.iter().map(ToString::to_string).collect()
    }
}

/// What the file should hold, for a fault of it.
pub(crate) fn should(fault: KeyFault) -> String {
    match fault {
        (Key::RememberIdle, Code::IdleTooLong) => "no longer a time than session.remember_days".to_owned(),
        (Key::PlainIdle, Code::IdleTooLong) => "no longer a time than session.plain_hours".to_owned(),
        (Key::AdministratorIdle, Code::IdleTooLong) => {
            "no longer a time than session.administrator_hours".to_owned()
        }
        (Key::SignUpDomains, Code::Required) => {
            "at least one domain such as example.org while LATCHSTRING_SIGN_UP (sign_up) is domains"
                .to_owned()
        }
        (key, _) => key.should(),
    }
}

fn sign_up(text: &str) -> Result<SignUp, Code> {
    SignUp::ALL
        .into_iter()
        .find(|mode| mode.as_str() == text)
        .ok_or(Code::Malformed)
}

fn second_factor(text: &str) -> Result<SecondFactorRule, Code> {
    // YAML turns a bare `off` into `false`.
    let text = if text == "false" { "off" } else { text };
    SecondFactorRule::ALL
        .into_iter()
        .find(|rule| rule.as_str() == text)
        .ok_or(Code::Malformed)
}

/// Separated by commas, spaces or lines, however people like it.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
}

/// At least one, in the order of the catalog.
fn languages(text: &str) -> Result<Vec<Language>, Code> {
    let named = parts(text).map(|tag| Language::parse(tag).ok_or(Code::LanguageUnknown));
    let named: Vec<Language> = named.collect::<Result<_, _>>()?;
    if named.is_empty() {
        return Err(Code::Required);
    }
    let all = Language::ALL.into_iter();
    Ok(all.filter(|language| named.contains(language)).collect())
}

fn domains(text: &str) -> Result<Vec<MailDomain>, Code> {
    let mut seen = BTreeSet::new();
    let mut domains = Vec::new();
    for part in parts(text) {
        let domain = MailDomain::parse(part)?;
        if seen.insert(domain.to_string()) {
            domains.push(domain);
        }
    }
    if domains.len() > DOMAINS_MAX {
        return Err(Code::TooLong);
    }
    Ok(domains)
}

fn product_name(text: &str) -> Result<String, Code> {
    if text.is_empty() {
        return Err(Code::Required);
    }
    if text.chars().count() > NAME_MAX {
        return Err(Code::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(Code::NameInvalid);
    }
    Ok(text.to_owned())
}

/// A length that [`Key::kind`] keeps small and above zero.
fn length(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(changed: &[(Key, &str)]) -> (Settings, Vec<KeyFault>) {
        let (settings, faults) = Settings::read(|key| {
            let own = changed.iter().find(|(other, _)| *other == key);
            own.map_or(key.default_text(), |(_, text)| text).to_owned()
        });
        (settings.expect("the defaults are right"), faults)
    }

    #[test]
    fn what_is_read_reads_back() {
        let (defaults, faults) = with(&[]);
        assert_eq!(faults, []);
        for key in Key::ALL.iter().copied() {
            assert_eq!(defaults.text(key), key.default_text(), "{}", key.as_str());
        }
        let (changed, faults) = with(&[
            (Key::SignUp, "domains"),
            (
                Key::SignUpDomains,
                " Example.org,bücher.example\r\nexample.org @example.net ",
            ),
            (Key::SecondFactor, "false"),
            (Key::AccentColor, "1D5FA8"),
            (Key::SupportEmail, "help@example.com"),
            (Key::Languages, "vi  vi,en"),
            (Key::Logo, "0123456789abcdef0123456789abcdef-320x64"),
        ]);
        assert_eq!(faults, []);
        assert_eq!(changed.text(Key::Languages), "en, vi");
        assert_eq!(
            changed.text(Key::SignUpDomains),
            "example.org, bücher.example, example.net"
        );
        let (again, faults) = Settings::read(|key| changed.text(key));
        assert_eq!((again, faults), (Some(changed), Vec::new()));
    }

    #[test]
    fn each_wrong_value_is_told_and_the_default_holds_in_its_place() {
        let long = "é".repeat(61);
        let cases: [(Key, &str, Code); 30] = [
            (Key::SignUp, "invited", Code::Malformed),
            (Key::SignUp, "", Code::Malformed),
            (Key::SignUpDomains, "example", Code::DomainInvalid),
            (
                Key::SignUpDomains,
                "example.org, *.example.net",
                Code::DomainInvalid,
            ),
            (Key::SecondFactor, "on", Code::Malformed),
            (Key::GraceDays, "91", Code::NumberInvalid),
            (Key::GraceDays, "-1", Code::NumberInvalid),
            (Key::GraceDays, "1.5", Code::NumberInvalid),
            (Key::GraceDays, "", Code::NumberInvalid),
            (Key::MinLength, "14", Code::NumberInvalid),
            (Key::MinLength, "65", Code::NumberInvalid),
            (Key::MaxLength, "63", Code::NumberInvalid),
            (Key::RecoveryWait, "23", Code::NumberInvalid),
            (Key::PlainIdle, "0", Code::NumberInvalid),
            (Key::PlainIdle, "99999999999999999999", Code::NumberInvalid),
            (Key::Languages, "", Code::Required),
            (Key::Languages, " , ", Code::Required),
            (Key::Languages, "en, tlh", Code::LanguageUnknown),
            (Key::DefaultLanguage, "", Code::LanguageUnknown),
            (Key::ProductName, "", Code::Required),
            (Key::ProductName, &long, Code::TooLong),
            (Key::ProductName, "a\nBcc: b", Code::NameInvalid),
            (Key::AccentColor, "blue", Code::ColourInvalid),
            (Key::AccentColor, "#ffffff", Code::ColourPale),
            (Key::SupportEmail, "help", Code::EmailInvalid),
            (Key::SmsPerDay, "0", Code::NumberInvalid),
            (Key::SignInLimit, "4", Code::NumberInvalid),
            (Key::SignInLimit, "101", Code::NumberInvalid),
            (Key::UnsafeLimit, "0", Code::NumberInvalid),
            (Key::UnsafeLimit, "-120", Code::NumberInvalid),
        ];
        let (defaults, _) = with(&[]);
        for (key, text, code) in cases {
            assert_eq!(
                with(&[(key, text)]),
                (defaults.clone(), vec![(key, code)]),
                "{} {text:?}",
                key.as_str()
            );
        }
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        for (changed, fault) in [
            ((Key::PlainIdle, "1441"), (Key::PlainIdle, Code::IdleTooLong)),
            ((Key::Remember, "6"), (Key::RememberIdle, Code::IdleTooLong)),
            (
                (Key::AdministratorIdle, "721"),
                (Key::AdministratorIdle, Code::IdleTooLong),
            ),
            ((Key::SignUp, "domains"), (Key::SignUpDomains, Code::Required)),
            (
                (Key::Languages, "vi"),
                (Key::DefaultLanguage, Code::LanguageNotOffered),
            ),
        ] {
            assert_eq!(with(&[changed]).1, [fault], "{changed:?}");
        }
        // As long as the life is long enough.
        assert_eq!(with(&[(Key::Plain, "1"), (Key::Administrator, "1")]).1, []);
    }
}
