//! The messages, with typed arguments, and how each reads as mail.
//!
//! A message is a [`Letter`](letter::Letter): why it came, what to do, what to do if it wasn't you. One template makes HTML of it and
//! one plain text, so the two can't say different things, and a new message needs words only. The wording is in
//! `locales/*/mail.ftl`.

mod data_news;
mod deed;
mod errand;
mod invitation;
mod letter;
mod lines;
mod notice;
mod recovery;

use std::fmt;

use askama::Template;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

pub use self::data_news::DataNews;
pub use self::deed::Deed;
pub use self::errand::Errand;
use self::letter::{Html, Text, Wording};
pub use self::lines::{greetable, single_line};
pub use self::notice::Notice;
pub use self::recovery::RecoveryNews;
use crate::platform::settings::{Accent, Logo};
use crate::words::Words;
use crate::{Error, Result};

/// What somebody is told by mail. Holds links and codes, so its [`fmt::Debug`] shows the kind only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "kebab-case")]
pub enum Message {
    /// An account was asked for with an unknown address: prove that it is yours.
    SignUpVerify {
        /// The name as it was typed by whoever signed up: not proven, see [`greetable`].
        name: String,
        /// The page that the single-use link opens.
        link: String,
        /// The six digits that do the same.
        code: String,
        /// How long the link works, in seconds.
        link_life: u64,
        /// How long the code works, in seconds.
        code_life: u64,
    },
    /// An account was asked for with an address that has one.
    SignUpKnown {
        /// The name of the account, not the one that was typed.
        name: String,
        /// The sign-in page.
        sign_in_link: String,
        /// The page that asks for a new password.
        reset_link: String,
    },
    /// The address was proven, and the account exists.
    Welcome {
        /// The person's name.
        name: String,
        /// The account's page.
        account_link: String,
    },
    /// A new password was asked for: the link that sets it.
    PasswordReset {
        /// The person's name.
        name: String,
        /// The page that the single-use link opens.
        link: String,
        /// How long the link works, in seconds.
        link_life: u64,
    },
    /// Six digits that are the second factor of a sign-in or a step-up.
    FactorCode {
        /// The person's name.
        name: String,
        /// The code.
        code: String,
        /// How long it works, in seconds.
        code_life: u64,
    },
    /// Something about the account's security changed: what, when and from where, and what to do if it wasn't you.
    SecurityNotice {
        /// The person's name.
        name: String,
        /// What changed.
        notice: Notice,
        /// When.
        at: DateTime<Utc>,
        /// The person's time zone, by its name; without one the time is told in UTC.
        #[serde(default)]
        zone: Option<String>,
        /// The `User-Agent` of the browser that did it.
        user_agent: String,
        /// The address that it came from.
        address: String,
        /// Where that is, as the person reads it, if it is known.
        #[serde(default)]
        place: Option<String>,
        /// The page that says "this wasn't me".
        alarm_link: String,
    },
    /// One thing to do.
    Errand {
        /// The person's name.
        name: String,
        /// What it is about.
        errand: Errand,
        /// The page that the button opens.
        link: String,
        /// How long the link works, in seconds, if it ends.
        link_life: Option<u64>,
        /// The page that says "this wasn't me", where that is of use.
        #[serde(default)]
        alarm_link: Option<String>,
    },
    /// What an operator did to the account.
    Deed {
        /// The person's name.
        name: String,
        /// What.
        deed: Deed,
        /// The person's time zone, by its name; without one the time is told in UTC.
        zone: Option<String>,
        /// What the button opens.
        link: String,
    },
    /// Something about the whole of a person's data.
    Data {
        /// The person's name.
        name: String,
        /// What happened.
        news: DataNews,
        /// Until when a copy can be fetched, or when the account is erased.
        until: DateTime<Utc>,
        /// The person's time zone, by its name; without one the time is told in UTC.
        #[serde(default)]
        zone: Option<String>,
        /// What the button opens.
        link: String,
        /// The page that says "this wasn't me", where that is of use.
        #[serde(default)]
        alarm_link: Option<String>,
    },
    /// How a recovery stands.
    Recovery {
        /// The person's name.
        name: String,
        /// What happened.
        news: RecoveryNews,
        /// When the link is mailed, or until when it works.
        at: DateTime<Utc>,
        /// The person's time zone, by its name; without one the time is told in UTC.
        zone: Option<String>,
        /// What the button opens.
        link: String,
        /// The page that stops it, where the button is about something else.
        cancel_link: Option<String>,
    },
    /// To an administrator: somebody says that what a notice told of wasn't them.
    AlarmRaised {
        /// The administrator's name.
        name: String,
        /// The address of the account.
        whose: String,
        /// Until when it is closed for changes.
        until: DateTime<Utc>,
        /// The administrator's time zone, by its name; without one the time is told in UTC.
        zone: Option<String>,
        /// The server.
        link: String,
    },
    /// Somebody is asked to make an account.
    Invitation {
        /// What the inviter is called; empty when they are gone.
        by: String,
        /// The page that the single-use link opens.
        link: String,
        /// How long the link works, in seconds.
        link_life: u64,
    },
    /// The first administrator was made.
    SetupDone {
        /// The administrator's name.
        name: String,
        /// The account's page.
        account_link: String,
    },
}

/// Which server writes: what stands above and below every message.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// The name that the operator gave the server.
    pub product: &'a str,
    /// The server's own address, whose host every message names, so that nobody needs to wonder who wrote.
    pub public_url: &'a Url,
    /// Where people find help, if anywhere.
    pub support: Option<&'a str>,
    /// The accent that the operator chose.
    pub accent: Option<Accent>,
    /// The logo that the operator uploaded.
    pub logo: Option<&'a Logo>,
}

/// A message as it leaves: both parts say the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line without control characters.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, whole, with everything escaped that a person typed.
    pub html: String,
    /// The code in the message, if it has one; for the dev inbox.
    pub code: Option<String>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The kind, in kebab-case, as message ids, logs and metrics have it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SignUpVerify { .. } => "sign-up-verify",
            Self::SignUpKnown { .. } => "sign-up-known",
            Self::Welcome { .. } => "welcome",
            Self::PasswordReset { .. } => "password-reset",
            Self::FactorCode { .. } => "factor-code",
            Self::SecurityNotice { notice, .. } => notice.kind(),
            Self::Errand { errand, .. } => errand.kind(),
            Self::Deed { deed, .. } => deed.kind(),
            Self::Data { news, .. } => news.kind(),
            Self::Recovery { news, .. } => news.kind(),
            Self::AlarmRaised { .. } => "alarm-raised",
            Self::Invitation { .. } => "invitation",
            Self::SetupDone { .. } => "set-up-done",
        }
    }

    /// Renders the message in the language of `words`.
    ///
    /// # Errors
    /// [`Error::Mail`] when the public URL has no host or a template fails.
    pub fn render(&self, words: &Words, letterhead: &Letterhead<'_>) -> Result<Rendered> {
        let host = host_of(letterhead.public_url)
            .ok_or_else(|| Error::Mail("the public URL has no host to put into a message".into()))?;
        let letter = self.letter(&Wording {
            words,
            letterhead,
            host: &host,
        });
        let failed = |error: askama::Error| Error::Mail(format!("{}: {error}", self.kind()));
        Ok(Rendered {
            text: Text { letter: &letter }.render().map_err(failed)?,
            html: Html { letter: &letter }.render().map_err(failed)?,
            code: self.code().map(str::to_owned),
            subject: letter.subject,
        })
    }

    /// The code in the message, if it has one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::SignUpVerify { code, .. } | Self::FactorCode { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// Host and port of a URL, as people know the server.
fn host_of(public_url: &Url) -> Option<String> {
    let host = public_url.host_str()?;
    Some(
        public_url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

#[cfg(test)]
mod tests;
