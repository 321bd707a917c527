//! What an operator did to somebody's account. It does not say who, and there is no "this wasn't me" in it: it wasn't them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Message;
use super::letter::{Part, Wording};
use crate::authorization::built_in::BuiltIn;
use crate::users::time_zone::TimeZone;

/// What a [`Message::Deed`] tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum Deed {
    /// There is an account for this person: they prove the address and choose a password.
    AccountMade {
        /// How long the link works, in seconds.
        life: u64,
    },
    /// A link to choose another password.
    ResetLink {
        /// How long it works, in seconds.
        life: u64,
    },
    /// The account is locked.
    Locked {
        /// Until when, if it ends by itself.
        until: Option<DateTime<Utc>>,
    },
    /// It is open again.
    Unlocked,
    /// One session was ended, or all.
    SessionsEnded,
    /// The password lets nobody in any more: another one is wanted.
    PasswordDue,
    /// Name, time zone or language are other ones.
    Edited,
    /// Somebody looks at the account as its person sees it.
    Viewed {
        /// Why, in a line.
        reason: String,
        /// For how long, in seconds.
        life: u64,
    },
    /// The person has one more role.
    RoleGiven {
        /// Its name.
        role: String,
    },
    /// The person has one role less.
    RoleTaken {
        /// Its name.
        role: String,
    },
}

impl Deed {
    /// One of every kind.
    pub fn all() -> Vec<Self> {
        vec![
            Self::AccountMade { life: 604_800 },
            Self::ResetLink { life: 3600 },
            Self::Locked { until: None },
            Self::Locked {
                until: DateTime::from_timestamp(1_772_434_925, 0),
            },
            Self::Unlocked,
            Self::SessionsEnded,
            Self::PasswordDue,
            Self::Edited,
            Self::Viewed {
                reason: "Called about a missing button".into(),
                life: 900,
            },
            Self::RoleGiven {
                role: "Support".into(),
            },
            Self::RoleTaken {
                role: "Support".into(),
            },
        ]
    }

    /// Where the button leads when it is no link of its own.
    pub(crate) fn page(&self) -> &'static str {
        match self {
            Self::PasswordDue => "/forgot-password",
            Self::Edited => "/account/profile",
            Self::Viewed { .. } => "/account/activity",
            Self::RoleGiven { .. } | Self::RoleTaken { .. } => "/account",
            Self::Locked { .. } => "/",
            _ => "/sign-in",
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::AccountMade { .. } => "account-made",
            Self::ResetLink { .. } => "reset-link",
            Self::Locked { until: None } => "locked",
            Self::Locked { until: Some(_) } => "locked-until",
            Self::Unlocked => "unlocked",
            Self::SessionsEnded => "sessions-ended",
            Self::PasswordDue => "password-due",
            Self::Edited => "edited",
            Self::Viewed { .. } => "viewed",
            Self::RoleGiven { .. } => "role-given",
            Self::RoleTaken { .. } => "role-taken",
        }
    }

    pub(super) fn parts(&self, w: &Wording<'_>, zone: Option<&str>, link: &str) -> Vec<Part> {
        let kind = self.kind();
        let id = |part: &str| format!("mail-{kind}-{part}");
        let text = match self {
            Self::Locked { until: Some(until) } => {
                let until = w.words.moment_in(*until, TimeZone::chosen(zone));
                w.words.text_with(&id("text"), &[("until", &until)])
            }
            Self::Viewed { reason, life } => {
                let life = w.words.duration(*life);
                w.words
                    .text_with(&id("text"), &[("reason", reason), ("life", &life)])
            }
            Self::RoleGiven { role } | Self::RoleTaken { role } => {
                // Those that come with the program have a name in each language.
                let built_in = BuiltIn::parse(&role.to_lowercase());
                let name = built_in.map(|role| w.words.text(&format!("role-{}-name", role.id())));
                w.words
                    .text_with(&id("text"), &[("role", name.as_ref().unwrap_or(role))])
            }
            _ => w.say(&id("text")),
        };
        let life = match self {
            Self::AccountMade { life } | Self::ResetLink { life } => {
                let life = w.words.duration(*life);
                Some(Part::Note(
                    w.words.text_with(&id("life"), &[("link-life", &life)]),
                ))
            }
            _ => None,
        };
        let button = Part::Button {
            label: w.say(&id("button")),
            link: link.to_owned(),
        };
        [Part::Paragraph(text), button].into_iter().chain(life).collect()
    }
}

impl Message {
    /// Tells a person of this name what an operator did. `link` is the page that the button opens.
    pub fn deed(deed: Deed, name: &str, zone: Option<String>, link: String) -> Self {
        Self::Deed {
            name: name.to_owned(),
            deed,
            zone,
            link,
        }
    }
}
