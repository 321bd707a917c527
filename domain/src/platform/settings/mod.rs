//! Settings that can be changed while the server runs, in the console. All others are in [`Config`](super::config::Config) and hold until
//! the next start; a setting is in one of the two, so nobody reads a value that is no longer so.
//!
//! - **Who wins.** What the operator set in the file, the environment or a flag holds, and the console shows it as fixed. Else what the
//!   console set, else the default. So the file of an operator means what it says, and is the way out when somebody chose badly.
//! - **How it is read.** [`Platform::settings`] gives one state of all of them, at the price of a counter: no query a request. Take it
//!   once, where several are read together.
//! - **When it holds.** At once on the server that changed it. The others look once a second, with their worker, whether there is a newer
//!   version ([`refresh`]): one number.
//! - **What is right** is decided by one reader for the file and the console ([`read`]). A row that is right no longer, because the file
//!   or the program changed beside it, is put aside: the default holds, the log and the console say so, and the server starts.

pub mod accent;
pub mod change;
pub mod key;
pub mod logo;
pub mod reach;
pub(crate) mod read;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;
use lettre::Address;

pub use self::accent::Accent;
pub use self::key::{Group, Key, Kind};
pub use self::logo::Logo;
use self::read::KeyFault;
use self::rows::Rows;
use super::Platform;
use crate::users::email::Email;
use crate::users::mail_domain::MailDomain;
use crate::words::Offered;
use crate::{Code, Error, Result};

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// Anyone.
    Open,
    /// Whoever has an address of one of some domains.
    Domains,
    /// Whoever was invited by mail.
    Invitation,
    /// Only people whom an administrator adds. Who was invited by mail can still accept.
    Closed,
}

impl SignUp {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Domains, Self::Invitation, Self::Closed];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Domains => "domains",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }

    /// Nobody signs up by themselves.
    pub fn is_shut(self) -> bool {
        matches!(self, Self::Invitation | Self::Closed)
    }
}

/// Who must have a second factor, people with a role apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorRule {
    /// Nobody can add one.
    Off,
    /// Whoever wants to.
    Optional,
    /// Everybody.
    Required,
    /// A passkey is the only way in, for everybody.
    PasskeyOnly,
}

impl SecondFactorRule {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Off, Self::Optional, Self::Required, Self::PasskeyOnly];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
            Self::PasskeyOnly => "passkey_only",
        }
    }
}

/// Second factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactor {
    /// `second_factor`: who must have one.
    pub rule: SecondFactorRule,
    /// `second_factor_grace_days`: how long somebody who must have one gets in without.
    pub grace: Duration,
}

/// `password.min_length` and `password.max_length`: how long a new password may be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordLengths {
    /// The fewest (15 to 64).
    pub min: usize,
    /// The most (64 to 1024).
    pub max: usize,
}

/// `[session]`: how long a session lives at most, and how long without use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTimes {
    /// Life with "remember me".
    pub remember: Duration,
    /// Life without use, with "remember me".
    pub remember_idle: Duration,
    /// Life without "remember me".
    pub plain: Duration,
    /// Life without use, without "remember me".
    pub plain_idle: Duration,
    /// Life of an administrator's session, whatever was ticked.
    pub administrator: Duration,
    /// Life without use of an administrator's session.
    pub administrator_idle: Duration,
}

/// `sms.per_person_per_day` and `sms.per_day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsLimits {
    /// How many text messages one person, and one number, gets in 24 hours.
    pub per_person_per_day: i64,
    /// How many the whole server hands over.
    pub per_day: i64,
}

/// All settings that can be changed in the console, checked, as they are at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The last change that is in it; 0: none ever was.
    pub version: i64,
    /// `sign_up`: who may make an account.
    pub sign_up: SignUp,
    /// `sign_up_domains`: whose addresses may, with [`SignUp::Domains`]; then not empty.
    pub sign_up_domains: Vec<MailDomain>,
    /// `second_factor` and `second_factor_grace_days`.
    pub second_factor: SecondFactor,
    /// `password.…`.
    pub password: PasswordLengths,
    /// `recovery_wait_hours`: how long somebody who lost every factor waits for the way back.
    pub recovery_wait: Duration,
    /// `[session]`.
    pub session: SessionTimes,
    /// `languages` and `default_language`.
    pub languages: Offered,
    /// `product_name`: 1 to 60 characters, none of them a control character.
    pub product_name: String,
    /// `accent_color`; none: the house's own.
    pub accent: Option<Accent>,
    /// The logo that was uploaded; none: the mark of the house.
    pub logo: Option<Logo>,
    /// `support_email`: where people find help.
    pub support_email: Option<Address>,
    /// `limits.…`: how often one address may try, by the setting.
    pub attempts: BTreeMap<Key, u32>,
    /// `sms.…`.
    pub sms: SmsLimits,
}

impl Settings {
    /// While sign-up is closed, or by invitation only, every step of it is refused, also of sign-ups that began before.
    ///
    /// # Errors
    /// Refused with [`Code::SignUpClosed`].
    pub fn check_sign_up(&self) -> Result<()> {
        if self.sign_up.is_shut() {
            return Err(Error::form(Code::SignUpClosed));
        }
        Ok(())
    }

    /// Whether somebody with this address may make an account. It is a public rule: the page tells it to everybody.
    ///
    /// # Errors
    /// [`Code::EmailDomain`].
    pub fn admits(&self, email: &Email) -> Result<(), Code> {
        let is_listed = || self.sign_up_domains.iter().any(|domain| domain.has(email));
        if self.sign_up == SignUp::Domains && !is_listed() {
            return Err(Code::EmailDomain);
        }
        Ok(())
    }
}

/// What the operator set in the file, the environment or a flag, of the settings that could be changed in the console: they can't.
#[derive(Debug, Clone, Default)]
pub struct Pinned(BTreeMap<Key, String>);

impl Pinned {
    /// Of these texts.
    pub(crate) fn new(texts: BTreeMap<Key, String>) -> Self {
        Self(texts)
    }

    /// Whether the operator set it.
    pub fn has(&self, key: Key) -> bool {
        self.0.contains_key(&key)
    }

    fn read(&self, rows: &BTreeMap<Key, String>) -> (Option<Settings>, Vec<KeyFault>) {
        Settings::read(|key| {
            let text = self.0.get(&key).or_else(|| rows.get(&key));
            text.map_or(key.default_text(), String::as_str).to_owned()
        })
    }

    /// The settings with what the console set, as far as that is right; and what of it is not.
    ///
    /// # Errors
    /// [`Error::Internal`] when they are wrong without any of it, which the start sees to.
    fn with(&self, rows: &BTreeMap<Key, String>) -> Result<(Settings, Vec<Key>)> {
        let mut rows = rows.clone();
        let mut aside = Vec::new();
        loop {
            let (settings, faults) = self.read(&rows);
            let Some((wrong, _)) = faults.first() else {
                let settings =
                    settings.ok_or_else(|| Error::Internal("the default settings are wrong".into()))?;
                return Ok((settings, aside));
            };
            // The one that is told to be wrong, or else what it does not go together with.
            let mut out: Vec<Key> = rows.keys().copied().filter(|key| key == wrong).collect();
            if out.is_empty() {
                out = wrong
                    .group()
                    .keys()
                    .filter(|key| rows.contains_key(key))
                    .collect();
            }
            if out.is_empty() {
                return Err(Error::Internal(format!(
                    "the setting {} is wrong",
                    wrong.as_str()
                )));
            }
            for key in out {
                rows.remove(&key);
                aside.push(key);
            }
        }
    }

    /// The settings as they are where nothing was changed in the console.
    ///
    /// # Errors
    /// As the start sees to it: none.
    pub fn alone(&self) -> Result<Settings> {
        self.with(&BTreeMap::new()).map(|(settings, _)| settings)
    }
}

impl Platform {
    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        self.live.load_full()
    }
}

/// Takes over what was changed on another server, if anything was. The worker asks once a second.
///
/// # Errors
/// [`Error::Database`]; then what was known goes on holding.
pub async fn refresh(platform: &Platform) -> Result<()> {
    let latest = platform.db.read(async |tx| Rows::version(tx).await).await?;
    if latest == platform.settings().version {
        return Ok(());
    }
    take_over(platform).await
}

/// Reads all of it anew. Of two at once, the later version stays.
pub(crate) async fn take_over(platform: &Platform) -> Result<()> {
    let rows = platform.db.snapshot(async |tx| Rows::read(tx).await).await?;
    let (settings, aside) = platform.config.pinned.with(&rows.texts())?;
    for key in aside {
        tracing::warn!(
            setting = key.as_str(),
            "what the console set does not fit the rest any more, and is put aside"
        );
    }
    let settings = Arc::new(Settings {
        version: rows.version,
        ..settings
    });
    platform.live.rcu(|held| {
        if held.version > settings.version {
            Arc::clone(held)
        } else {
            Arc::clone(&settings)
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[(Key, &str)]) -> BTreeMap<Key, String> {
        texts
            .iter()
            .map(|(key, text)| (*key, (*text).to_owned()))
            .collect()
    }

    #[test]
    fn the_file_wins_over_the_console_and_the_console_over_the_default() {
        let pinned = Pinned::new(texts(&[(Key::SignUp, "closed")]));
        let rows = texts(&[(Key::SignUp, "open"), (Key::ProductName, "Example")]);
        let (settings, aside) = pinned.with(&rows).expect("settings");
        assert_eq!(
            (settings.sign_up, settings.product_name.as_str()),
            (SignUp::Closed, "Example")
        );
        assert_eq!((settings.password.min, aside), (15, Vec::new()));
        assert!(pinned.has(Key::SignUp) && !pinned.has(Key::ProductName));
        assert_eq!(pinned.alone().expect("settings").product_name, "Latchstring");
    }

    #[test]
    fn a_row_that_fits_no_longer_is_put_aside_and_the_others_stay() {
        // The operator has set a shorter life since the console set the time without use; and a newer version knows no such word.
        let pinned = Pinned::new(texts(&[(Key::Plain, "1")]));
        let rows = texts(&[
            (Key::PlainIdle, "90"),
            (Key::SecondFactor, "sometimes"),
            (Key::ProductName, "Example"),
        ]);
        let (settings, aside) = pinned.with(&rows).expect("settings");
        assert_eq!(aside, [Key::SecondFactor, Key::PlainIdle]);
        assert_eq!(settings.session.plain_idle, Duration::minutes(60));
        assert_eq!(settings.product_name, "Example");
        // The wrong one is the operator's own: then what the console set beside it goes.
        let pinned = Pinned::new(texts(&[(Key::PlainIdle, "1000")]));
        let (settings, aside) = pinned.with(&texts(&[(Key::Plain, "2")])).expect("settings");
        assert_eq!(
            (settings.session.plain, aside),
            (Duration::hours(24), vec![Key::Plain])
        );
    }

    #[test]
    fn an_address_is_admitted_by_its_domain_alone() {
        let rows = texts(&[(Key::SignUp, "domains"), (Key::SignUpDomains, "example.org")]);
        let (settings, _) = Pinned::default().with(&rows).expect("settings");
        let admits = |email: &str| settings.admits(&Email::parse(email).expect("an address"));
        assert_eq!(admits("ada@example.org"), Ok(()));
        assert_eq!(admits("ada@mail.example.org"), Err(Code::EmailDomain));
        let open = Pinned::default().alone().expect("settings");
        assert_eq!(
            open.admits(&Email::parse("ada@example.net").expect("an address")),
            Ok(())
        );
    }
}
