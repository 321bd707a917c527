//! What a check found: for `doctor --json`, for a page, for a probe.

use std::fmt::Display;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::words::Words;

/// How a check ended. The order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not looked at, and why stands in the sentence.
    Skipped,
    /// In order.
    Ok,
    /// Worth a look; people can sign in.
    Warn,
    /// To be mended.
    Fail,
}

impl Status {
    /// The word in `doctor --json`, and at the end of the ids `check-state-…`: `skipped`, `ok`, `warn`, `fail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The word in `/health/ready`: `ok`, `degraded`, `failing`.
    pub fn as_health(self) -> &'static str {
        match self {
            Self::Skipped | Self::Ok => "ok",
            Self::Warn => "degraded",
            Self::Fail => "failing",
        }
    }

    /// The worst of the findings; `Ok` if there are none.
    pub fn worst(findings: &[Finding]) -> Self {
        findings
            .iter()
            .map(|finding| finding.status)
            .max()
            .unwrap_or(Self::Ok)
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `database`, `migrations`, `cache`, `mail`, `sms`, `clock`, `key-file`, `disk`, `places`, `public-url`,
    /// `cookie`, `passkey`, `audit`, `self-call`, `worker`; or `settings` or `start`, when the server can't even be opened.
    pub check: &'static str,
    /// How it ended.
    pub status: Status,
    /// How long it took.
    pub took: Duration,
    /// Facts for the operator, such as what the database said. No secrets.
    pub detail: Option<String>,
    /// The id of the sentence in the catalog, and its arguments.
    pub message: (&'static str, Vec<(&'static str, String)>),
}

impl Finding {
    /// The heading: "Database", "Public address".
    pub fn title(&self, words: &Words) -> String {
        words.text(&format!("check-{}", self.check))
    }

    /// What was found and, if it isn't well, what mends it. Without [`Finding::detail`].
    pub fn text(&self, words: &Words) -> String {
        let (id, arguments) = &self.message;
        let arguments: Vec<(&str, String)> = arguments
            .iter()
            .map(|(name, value)| match (*name, value.parse()) {
                // The one number here that may be long.
                ("megabytes", Ok(number)) => (*name, words.number(number)),
                _ => (*name, value.clone()),
            })
            .collect();
        let arguments: Vec<(&str, &str)> = arguments
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        words.text_with(id, &arguments)
    }

    pub(super) fn new(check: &'static str, took: Duration, verdict: Verdict) -> Self {
        let Verdict {
            status,
            id,
            arguments,
            detail,
        } = verdict;
        Self {
            check,
            status,
            took,
            detail,
            message: (id, arguments),
        }
    }
}

/// The JSON of `doctor --json`: `{check, status, ms, message, text, detail?}`. `message` is the id of the sentence,
/// which stays the same over releases; `text` is the sentence in English.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            check: &'static str,
            status: Status,
            ms: u64,
            message: &'static str,
            text: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<&'a str>,
        }
        Line {
            check: self.check,
            status: self.status,
            ms: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            message: self.message.0,
            text: self.text(Words::for_language("en")),
            detail: self.detail.as_deref(),
        }
        .serialize(serializer)
    }
}

/// A finding without the name of its check and the time it took.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) status: Status,
    pub(super) id: &'static str,
    arguments: Vec<(&'static str, String)>,
    pub(super) detail: Option<String>,
}

impl Verdict {
    pub(super) fn new(status: Status, id: &'static str) -> Self {
        Self {
            status,
            id,
            arguments: Vec::new(),
            detail: None,
        }
    }

    pub(super) fn skipped(id: &'static str) -> Self {
        Self::new(Status::Skipped, id)
    }

    pub(super) fn ok(id: &'static str) -> Self {
        Self::new(Status::Ok, id)
    }

    pub(super) fn warn(id: &'static str) -> Self {
        Self::new(Status::Warn, id)
    }

    pub(super) fn fail(id: &'static str) -> Self {
        Self::new(Status::Fail, id)
    }

    /// An argument of the sentence.
    pub(super) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// The same, but no worse than `status`.
    pub(super) fn at_most(mut self, status: Status) -> Self {
        self.status = self.status.min(status);
        self
    }

    /// The detail.
    pub(super) fn because(mut self, detail: impl Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}
