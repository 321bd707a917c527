//! `[sms]`: whether codes go out as text messages, by whom, where to, and how many.

use url::Url;

use super::layers::Layers;
use super::{Config, Secret, checks};
use crate::users::phone::Country;

/// Who hands text messages over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsProvider {
    /// Nobody: there are no codes by text message.
    Off,
    /// The dev inbox catches them. Development only.
    Inbox,
    /// Twilio, or whoever speaks as its API does.
    Twilio,
}

/// The settings of text messages.
#[derive(Debug, Clone)]
pub struct Sms {
    /// `sms.provider`.
    pub provider: SmsProvider,
    /// `sms.account`: set for a provider.
    pub account: Option<String>,
    /// `sms.token`: set for a provider.
    pub token: Option<Secret>,
    /// `sms.sender`: set for a provider.
    pub sender: Option<String>,
    /// `sms.url`: where the provider's API is, without path.
    pub url: Url,
    /// `sms.countries`: whose numbers get messages; not empty for a provider. Empty for the dev inbox: of every country.
    pub countries: Vec<Country>,
}

impl Sms {
    /// Whether messages go out, be it to the dev inbox.
    pub fn is_on(&self) -> bool {
        self.provider != SmsProvider::Off
    }

    /// Whether numbers of this country get messages.
    pub fn reaches(&self, country: Option<Country>) -> bool {
        let is_listed = country.is_some_and(|country| self.countries.contains(&country));
        is_listed || (self.countries.is_empty() && self.provider == SmsProvider::Inbox)
    }

    /// The only country that a number can be of, if there is just one.
    pub fn home(&self) -> Option<Country> {
        match self.countries.as_slice() {
            [country] => Some(*country),
            _ => None,
        }
    }
}

/// Reads the section. `is_production`: nothing is caught there.
pub(super) fn read(layers: &mut Layers, is_production: bool) -> Option<Sms> {
    let provider = layers.optional("sms.provider", "off or twilio", |text| match text {
        // YAML turns a bare `off` into `false`.
        "off" | "false" => Some(SmsProvider::Off),
        "twilio" => Some(SmsProvider::Twilio),
        _ => None,
    });
    let unset = if is_production {
        SmsProvider::Off
    } else {
        SmsProvider::Inbox
    };
    Some(Sms {
        provider: provider.unwrap_or(unset),
        account: layers.optional("sms.account", "AC and 32 hexadecimal digits", |text| {
            text.strip_prefix("AC").is_some_and(is_id).then(|| text.to_owned())
        }),
        token: layers.optional(
            "sms.token",
            "the auth token of the account: 32 hexadecimal digits",
            |text| is_id(text).then(|| Secret::new(text)),
        ),
        sender: layers.optional(
            "sms.sender",
            "a number such as +12015550123, or MG and 32 hexadecimal digits, or a name of at most 11 letters and digits",
            |text| is_sender(text).then(|| text.to_owned()),
        ),
        url: layers.required(
            "sms.url",
            "an https address without path, such as https://api.twilio.com (http on this machine only)",
            |text| {
                let url = super::read::parse_public_url(text)?;
                (url.scheme() == "https" || checks::is_local(&url)).then_some(url)
            },
        )?,
        countries: layers.list(
            "sms.countries",
            "codes of countries in ISO 3166-1 such as VN",
            Country::parse,
        ),
    })
}

/// What Twilio's ids and tokens are made of, behind their two letters.
fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_sender(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('+')
        .is_some_and(|number| (7..=15).contains(&number.len()) && digits(number))
        || text.strip_prefix("MG").is_some_and(is_id)
        || ((1..=11).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
            && text.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// What a provider can't do without.
pub(super) fn check(config: &Config, layers: &mut Layers) {
    const BECAUSE: &str = "because LATCHSTRING_SMS_PROVIDER (sms.provider) is twilio";
    let sms = &config.sms;
    if sms.provider != SmsProvider::Twilio {
        return;
    }
    for (key, is_there, should) in [
        ("sms.account", sms.account.is_some(), "the SID of the account"),
        ("sms.token", sms.token.is_some(), "the auth token of the account"),
        ("sms.sender", sms.sender.is_some(), "who the messages come from"),
        (
            "sms.countries",
            !sms.countries.is_empty(),
            "the countries whose numbers get messages, such as [\"VN\", \"FR\"]",
        ),
    ] {
        if !is_there {
            layers.refuse(key, format!("{should}, {BECAUSE}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Sources;

    const TOKEN: &str = "feedfacefeedfacefeedfacefeedface";

    fn load(pairs: &[(&str, &str)]) -> Result<Sms, String> {
        let environment = pairs
            .iter()
            .map(|(name, value)| (format!("LATCHSTRING_{name}"), (*value).to_owned()));
        let sources = Sources {
            environment: environment.collect(),
            ..Sources::default()
        };
        Config::load(&sources).map(|config| config.sms).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })
    }

    #[test]
    fn nothing_is_sent_unless_it_is_switched_on_and_development_catches() {
        let caught = load(&[]).unwrap();
        assert_eq!(caught.provider, SmsProvider::Inbox);
        assert!(caught.reaches(Country::parse("FR")) && caught.home().is_none());
        let listed = load(&[("SMS_COUNTRIES", "VN")]).unwrap();
        assert!(listed.reaches(Country::parse("VN")) && !listed.reaches(Country::parse("FR")));
        assert_eq!(listed.home(), Country::parse("VN"));
        let off = load(&[("SMS_PROVIDER", "off")]).unwrap();
        assert!(!off.is_on() && !off.reaches(Country::parse("FR")) && !off.reaches(None));
        let production = load(&[
            ("ENV", "production"),
            ("PUBLIC_URL", "https://id.example.com"),
            ("SMTP_URL", "smtps://latchstring:u8Wq0vT2pLx5@mail.example.com"),
        ]);
        assert_eq!(production.unwrap().provider, SmsProvider::Off);
    }

    #[test]
    fn a_provider_needs_an_account_a_sender_and_countries() {
        let missing = load(&[("SMS_PROVIDER", "twilio")]).unwrap_err();
        for setting in ["sms.account", "sms.token", "sms.sender", "sms.countries"] {
            assert!(missing.contains(&format!("({setting})")), "{setting}: {missing}");
        }
        let whole = [
            ("SMS_PROVIDER", "twilio"),
            ("SMS_ACCOUNT", "AC0123456789abcdef0123456789abcdef"),
            ("SMS_TOKEN", TOKEN),
            ("SMS_SENDER", "Example"),
            ("SMS_COUNTRIES", "VN,FR"),
        ];
        let sms = load(&whole).unwrap();
        assert_eq!((sms.provider, sms.countries.len()), (SmsProvider::Twilio, 2));
        assert_eq!(sms.url.as_str(), "https://api.twilio.com/");
        assert!(!format!("{sms:?}").contains(TOKEN));
        for (name, value) in [
            ("SMS_URL", "http://sms.example.com"),
            ("SMS_URL", "https://sms.example.com/path"),
            ("SMS_ACCOUNT", "AC1"),
            ("SMS_SENDER", "+12"),
            ("SMS_SENDER", "a name that is too long"),
            ("SMS_SENDER", "12345"),
            ("SMS_COUNTRIES", "Vietnam"),
            ("SMS_PER_DAY", "0"),
            ("SMS_TOKEN", "short"),
        ] {
            let mut settings = whole.to_vec();
            settings.push((name, value));
            let fault = load(&settings).unwrap_err();
            assert!(
                fault.starts_with(&format!("LATCHSTRING_{name}")),
                "{name}: {fault}"
            );
            assert!(!fault.contains(TOKEN));
        }
        let mut local = whole.to_vec();
        local.push(("SMS_URL", "http://127.0.0.1:9000"));
        assert!(load(&local).is_ok());
    }
}
