//! Mails with one thing to do: a sentence, a button, and for how long it works.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::Message;
use super::letter::{Part, Wording};

/// What a [`Message::Errand`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// An account is to have this address: prove that it is yours.
    EmailConfirm,
    /// Somebody wanted this address for another account, and it has one.
    EmailTaken,
    /// Somebody wanted this address, which is held for the account that it belonged to.
    EmailHeld,
    /// The account was moved away from this address: the way back.
    EmailChanged,
    /// The account was moved to this address.
    EmailArrived,
    /// The account has this address again: choose another password.
    EmailUndone,
}

impl Errand {
    /// Every errand.
    pub const ALL: &[Self] = &[
        Self::EmailConfirm,
        Self::EmailTaken,
        Self::EmailHeld,
        Self::EmailChanged,
        Self::EmailArrived,
        Self::EmailUndone,
    ];

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::EmailConfirm => "email-confirm",
            Self::EmailTaken => "email-taken",
            Self::EmailHeld => "email-held",
            Self::EmailChanged => "email-changed",
            Self::EmailArrived => "email-arrived",
            Self::EmailUndone => "email-undone",
        }
    }

    pub(super) fn parts(self, w: &Wording<'_>, link: &str, link_life: Option<u64>) -> Vec<Part> {
        let kind = self.kind();
        let life = link_life.map(|seconds| {
            let life = w.words.duration(seconds);
            Part::Note(
                w.words
                    .text_with(&format!("mail-{kind}-life"), &[("link-life", &life)]),
            )
        });
        [
            Part::Paragraph(w.say(&format!("mail-{kind}-text"))),
            Part::Button {
                label: w.say(&format!("mail-{kind}-button")),
                link: link.to_owned(),
            },
        ]
        .into_iter()
        .chain(life)
        .collect()
    }
}

impl Message {
    /// A mail with one thing to do, to a person of this name. `link` is the page that the button opens.
    pub fn errand(errand: Errand, name: &str, link: String) -> Self {
        Self::Errand {
            name: name.to_owned(),
            errand,
            link,
            link_life: None,
            alarm_link: None,
        }
    }

    /// Adds the link "this wasn't me" to an errand, or to news about somebody's data.
    #[must_use]
    pub fn with_alarm(mut self, link: String) -> Self {
        if let Self::Errand { alarm_link, .. } | Self::Data { alarm_link, .. } = &mut self {
            *alarm_link = Some(link);
        }
        self
    }

    /// Says for how long the link of an errand works.
    #[must_use]
    pub fn working_for(mut self, life: Duration) -> Self {
        if let Self::Errand { link_life, .. } = &mut self {
            *link_life = Some(life.num_seconds().unsigned_abs());
        }
        self
    }
}
