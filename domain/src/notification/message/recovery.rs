//! Messages about the delayed way back, and to administrators about an alarm.

use serde::{Deserialize, Serialize};

use super::letter::{Part, Wording};
use super::single_line;

/// What a [`Message::Recovery`](super::Message::Recovery) tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryNews {
    /// Somebody asked for it: when the link is mailed, and how to stop it.
    Asked,
    /// An operator shortened the wait.
    Hastened,
    /// The link.
    Ready,
    /// It was stopped.
    Cancelled,
}

impl RecoveryNews {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Asked, Self::Hastened, Self::Ready, Self::Cancelled];

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Asked => "recovery-asked",
            Self::Hastened => "recovery-hastened",
            Self::Ready => "recovery-ready",
            Self::Cancelled => "recovery-cancelled",
        }
    }

    /// A sentence with the moment, a button, and for the link itself what to do if it must be stopped.
    pub(super) fn parts(self, w: &Wording<'_>, at: &str, link: &str, cancel_link: Option<&str>) -> Vec<Part> {
        let kind = self.kind();
        let text = w
            .words
            .text_with(&format!("mail-{kind}-text"), &[("time", at), ("host", w.host)]);
        let stop = cancel_link.map(|link| Part::Link {
            text: w.say("mail-recovery-ready-stop"),
            label: w.say("mail-recovery-ready-stop-link"),
            link: link.to_owned(),
        });
        [
            Part::Paragraph(text),
            Part::Button {
                label: w.say(&format!("mail-{kind}-button")),
                link: link.to_owned(),
            },
        ]
        .into_iter()
        .chain(stop)
        .collect()
    }
}

/// What an administrator reads of an alarm.
pub(super) fn alarm_parts(w: &Wording<'_>, whose: &str, until: &str, link: &str) -> Vec<Part> {
    let whose = single_line(whose);
    let arguments = [("whose", whose.as_str()), ("until", until), ("host", w.host)];
    vec![
        Part::Paragraph(w.words.text_with("mail-alarm-raised-text", &arguments)),
        Part::Button {
            label: w.say("mail-alarm-raised-button"),
            link: link.to_owned(),
        },
    ]
}
