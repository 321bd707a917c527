//! News about the whole of a person's data.

use serde::{Deserialize, Serialize};

/// What a [`Message::Data`](super::Message::Data) tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataNews {
    /// The copy that the person asked for is ready.
    ExportReady,
    /// The account will be erased, unless it is kept.
    ErasureAsked,
    /// The same, at the wish of an operator.
    ErasureAskedByOperator,
    /// It will be erased within a day.
    ErasureSoon,
    /// It is kept.
    ErasureUndone,
    /// It is erased: the last message.
    Erased,
}

impl DataNews {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::ExportReady,
        Self::ErasureAsked,
        Self::ErasureAskedByOperator,
        Self::ErasureSoon,
        Self::ErasureUndone,
        Self::Erased,
    ];

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::ExportReady => "export-ready",
            Self::ErasureAsked => "erasure-asked",
            Self::ErasureAskedByOperator => "erasure-asked-by-operator",
            Self::ErasureSoon => "erasure-soon",
            Self::ErasureUndone => "erasure-undone",
            Self::Erased => "erased",
        }
    }
}
