//! The settings that can be changed in the console: a closed list, with what each may hold. The same list is read from the file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::platform::config::Config;

/// Settings that belong together: one form of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Who may make an account.
    SignUp,
    /// Passwords, second factors, and the way back.
    SignIn,
    /// How long sessions last.
    Sessions,
    /// Which languages are spoken.
    Languages,
    /// The logo: a form with a file.
    Logo,
    /// What it looks like.
    Branding,
    /// How often one address may try.
    Attempts,
    /// How many text messages are too many.
    Limits,
}

/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text {
        /// What the file should hold.
        should: &'static str,
    },
    /// One of several words.
    Choice {
        /// The words.
        of: &'static [&'static str],
        /// What the file should hold.
        should: &'static str,
    },
    /// A whole number.
    Number {
        /// What is counted, as a plural.
        unit: &'static str,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Several of some words, separated by commas.
    Several {
        /// The words.
        of: &'static [&'static str],
        /// What the file should hold.
        should: &'static str,
    },
    /// A picture that was uploaded: in the console alone, not in the file.
    Picture,
    /// Several, separated by commas.
    List {
        /// What the file should hold.
        should: &'static str,
    },
}

struct Spec {
    key: Key,
    name: &'static str,
    field: &'static str,
    group: Group,
    kind: Kind,
}

macro_rules! keys {
    ($($(#[doc = $doc:literal])* $key:ident = $name:literal, $field:literal, $group:ident, $kind:expr;)*) => {
        /// A setting that can be changed in the console.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Key {
            $($(#[doc = $doc])* $key,)*
        }

        impl Key {
            /// All of them, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$key),*];
        }

        const SPECS: &[Spec] = &[$(Spec { key: Key::$key, name: $name, field: $field, group: Group::$group, kind: $kind }),*];
    };
}

const fn number(unit: &'static str, least: i64, most: i64) -> Kind {
    Kind::Number { unit, least, most }
}

/// The tags of [`Language::ALL`](crate::words::Language::ALL).
const LANGUAGES: &[&str] = &["en", "vi"];

keys! {
    /// Who may make an account.
    SignUp = "sign_up", "sign_up", SignUp,
        Kind::Choice {
            of: &["open", "domains", "invitation", "closed"],
            should: "open, domains, invitation or closed",
        };
    /// Whose addresses may, with `domains`.
    SignUpDomains = "sign_up_domains", "sign_up_domains", SignUp, Kind::List { should: "domains such as example.org" };
    /// Who must have a second factor.
    SecondFactor = "second_factor", "second_factor", SignIn,
        Kind::Choice {
            of: &["off", "optional", "required", "passkey_only"],
            should: "off, optional, required or passkey_only",
        };
    /// How long somebody who must have one gets in without.
    GraceDays = "second_factor_grace_days", "second_factor_grace_days", SignIn, number("days", 0, 90);
    /// The fewest characters of a password.
    MinLength = "password.min_length", "min_length", SignIn, number("characters", 15, 64);
    /// The most.
    MaxLength = "password.max_length", "max_length", SignIn, number("characters", 64, 1024);
    /// How long somebody who lost everything waits.
    RecoveryWait = "recovery_wait_hours", "recovery_wait_hours", SignIn, number("hours", 24, 720);
    /// The longest life of a session with "stay signed in".
    Remember = "session.remember_days", "session_remember_days", Sessions, number("days", 1, 365);
    /// Without use.
    RememberIdle = "session.remember_idle_days", "session_remember_idle_days", Sessions, number("days", 1, 365);
    /// The longest life of a session without.
    Plain = "session.plain_hours", "session_plain_hours", Sessions, number("hours", 1, 720);
    /// Without use.
    PlainIdle = "session.plain_idle_minutes", "session_plain_idle_minutes", Sessions, number("minutes", 1, 43_200);
    /// The longest life of a session of somebody with a role.
    Administrator = "session.administrator_hours", "session_administrator_hours", Sessions, number("hours", 1, 168);
    /// Without use.
    AdministratorIdle = "session.administrator_idle_minutes", "session_administrator_idle_minutes", Sessions,
        number("minutes", 1, 1440);
    /// Which languages people can choose.
    Languages = "languages", "languages", Languages,
        Kind::Several { of: LANGUAGES, should: "languages of the catalog such as en, vi" };
    /// What whoever reads none of them gets.
    DefaultLanguage = "default_language", "default_language", Languages,
        Kind::Choice { of: LANGUAGES, should: "one of the languages that are offered, such as en" };
    /// What people read in pages and mails.
    ProductName = "product_name", "product_name", Branding,
        Kind::Text { should: "a name of 1 to 60 characters on one line" };
    /// The colour of buttons and links.
    AccentColor = "accent_color", "accent_color", Branding,
        Kind::Text { should: "a colour on which white text can be read, such as #1d5fa8" };
    /// The picture in the place of the mark.
    Logo = "logo", "logo", Logo, Kind::Picture;
    /// Where people find help.
    SupportEmail = "support_email", "support_email", Branding, Kind::Text { should: "a mail address such as help@example.com" };
    /// Signing in, from one address.
    SignInLimit = "limits.sign_in", "limits_sign_in", Attempts, number("attempts", 5, 100);
    /// Signing up.
    SignUpLimit = "limits.sign_up", "limits_sign_up", Attempts, number("attempts", 3, 30);
    /// Forgotten passwords.
    ResetLimit = "limits.reset", "limits_reset", Attempts, number("attempts", 3, 50);
    /// The delayed way back.
    RecoverLimit = "limits.recover", "limits_recover", Attempts, number("attempts", 3, 50);
    /// Codes typed.
    CodeLimit = "limits.code", "limits_code", Attempts, number("attempts", 10, 300);
    /// Challenges for passkeys.
    PasskeyLimit = "limits.passkey", "limits_passkey", Attempts, number("attempts", 20, 600);
    /// Requests that may change something.
    UnsafeLimit = "limits.unsafe", "limits_unsafe", Attempts, number("requests", 60, 1200);
    /// Text messages of one person.
    SmsPerPerson = "sms.per_person_per_day", "sms_per_person_per_day", Limits, number("messages", 1, 100);
    /// Text messages of the whole server.
    SmsPerDay = "sms.per_day", "sms_per_day", Limits, number("messages", 1, 1_000_000);
}

/// What the default file holds, by name.
static DEFAULTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let all = Config::describe();
    all.into_iter()
        .map(|setting| (setting.key, one_line(setting.default)))
        .collect()
});

/// A list of the file as the console has it: `["en", "vi"]` is `en, vi`.
fn one_line(default: &str) -> String {
    let list = default.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    list.map_or_else(|| default.to_owned(), |items| items.replace('"', ""))
}

impl Key {
    fn spec(self) -> &'static Spec {
        // As `SPECS` and the enum are made of one list, each stands at its own place.
        &SPECS[self as usize]
    }

    /// Its name in the file and in the database.
    pub fn as_str(self) -> &'static str {
        self.spec().name
    }

    /// Its name in a form.
    pub fn field(self) -> &'static str {
        self.spec().field
    }

    /// Which form it stands in.
    pub fn group(self) -> Group {
        self.spec().group
    }

    /// What it may hold.
    pub fn kind(self) -> Kind {
        self.spec().kind
    }

    /// Whether the file can hold it.
    pub fn is_in_file(self) -> bool {
        self.kind() != Kind::Picture
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        SPECS.iter().find(|spec| spec.name == name).map(|spec| spec.key)
    }

    /// The one of this field.
    pub fn of_field(field: &str) -> Option<Self> {
        SPECS.iter().find(|spec| spec.field == field).map(|spec| spec.key)
    }

    /// Its default, as text.
    pub fn default_text(self) -> &'static str {
        DEFAULTS
            .get(self.as_str())
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// What the file should hold, as a fault says it.
    pub fn should(self) -> String {
        match self.kind() {
            Kind::Text { should }
            | Kind::Choice { should, .. }
            | Kind::Several { should, .. }
            | Kind::List { should } => should.to_owned(),
            Kind::Picture => "set in the console alone".to_owned(),
            Kind::Number { unit, least, most } => format!("a whole number of {unit} from {least} to {most}"),
        }
    }
}

impl Group {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::SignUp,
        Self::SignIn,
        Self::Sessions,
        Self::Languages,
        Self::Branding,
        Self::Logo,
        Self::Attempts,
        Self::Limits,
    ];

    /// A word for addresses and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::SignIn => "sign-in",
            Self::Sessions => "sessions",
            Self::Languages => "languages",
            Self::Branding => "branding",
            Self::Logo => "logo",
            Self::Attempts => "attempts",
            Self::Limits => "limits",
        }
    }

    /// The one of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == word)
    }

    /// Its settings.
    pub fn keys(self) -> impl Iterator<Item = Key> {
        Key::ALL.iter().copied().filter(move |key| key.group() == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_to_choose_from_are_those_of_the_catalog() {
        let tags = crate::words::Language::ALL.map(crate::words::Language::tag);
        assert_eq!(LANGUAGES, tags);
    }

    #[test]
    fn each_is_a_setting_of_the_file_under_the_name_that_its_field_has() {
        let described = Config::describe();
        for key in Key::ALL.iter().copied().filter(|key| key.is_in_file()) {
            let setting = described.iter().find(|setting| setting.key == key.as_str());
            let setting = setting.unwrap_or_else(|| panic!("{} is not in the file", key.as_str()));
            assert!(!setting.secret, "{}", key.as_str());
            // A field with `password` in its name is one for passwords, to browsers and to the tests of pages.
            let field = key.as_str().replace('.', "_");
            assert_eq!(key.field(), field.trim_start_matches("password_"));
            assert_eq!(Key::parse(key.as_str()), Some(key));
            assert_eq!(Key::of_field(key.field()), Some(key));
            assert!(key.group().keys().any(|other| other == key));
        }
    }
}
