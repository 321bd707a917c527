//! Where a chain breaks, and in what way.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Break {
    /// A row says something else than when it was written, or doesn't follow from the one before it.
    Changed {
        /// Its place.
        seq: i64,
        /// Its id.
        id: Uuid,
    },
    /// What is about people is gone from a row, and no erasure has taken it.
    Emptied {
        /// Its place.
        seq: i64,
        /// Its id.
        id: Uuid,
    },
    /// A row stands at another place than its own.
    Moved {
        /// Where it stands.
        seq: i64,
        /// Its id.
        id: Uuid,
        /// Where it belongs.
        belongs_at: i64,
    },
    /// Rows are not there.
    Missing {
        /// The place of the first one.
        from: i64,
        /// The place of the last one.
        to: i64,
    },
    /// Rows have no place in the chain: somebody put them there past the program.
    Outside {
        /// How many.
        rows: i64,
        /// The id of the first one.
        id: Uuid,
    },
    /// Rows go on behind the end that the head of the chain names.
    BehindHead {
        /// The last place by the head.
        head: i64,
        /// The last row.
        last: i64,
    },
    /// The head of the chain is another one than the last row.
    Head {
        /// The last row.
        last: i64,
    },
    /// Rows at the end are not there.
    CutOff {
        /// The last row.
        last: i64,
        /// The place up to which there were rows.
        known: i64,
        /// Who knows: `head`, `checkpoint`, or `kept` (the checkpoint that was kept outside).
        by: &'static str,
    },
    /// A checkpoint is not signed by the key of this server, or was changed since.
    Checkpoint {
        /// Its place.
        seq: i64,
    },
    /// The row at a checkpoint is another one than was signed.
    NotAsSigned {
        /// Its place.
        seq: i64,
        /// Whose: `checkpoint` or `kept`.
        by: &'static str,
    },
    /// The checkpoint that was kept outside can't be compared: it is of another key, or changed.
    Kept {
        /// Its place.
        seq: i64,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { seq, id } => write!(
                f,
                "Row {seq} ({id}) was changed, or does not follow from row {}.",
                seq - 1
            ),
            Self::Emptied { seq, id } => {
                write!(f, "Row {seq} ({id}) was emptied, and not by an erasure.")
            }
            Self::Moved { seq, id, belongs_at } => {
                write!(f, "Row {seq} ({id}) was moved: it belongs at place {belongs_at}.")
            }
            Self::Missing { from, to } if from == to => write!(f, "Row {from} is missing."),
            Self::Missing { from, to } => write!(f, "Rows {from} to {to} are missing."),
            Self::Outside { rows: 1, id } => {
                write!(f, "One row was put in and has no place in the chain: {id}.")
            }
            Self::Outside { rows, id } => write!(
                f,
                "{rows} rows were put in and have no place in the chain, the first one {id}."
            ),
            Self::BehindHead { head, last } => write!(
                f,
                "The head of the chain names row {head} as the last one, and rows go on to {last}."
            ),
            Self::Head { last } => write!(
                f,
                "The head of the chain holds another hash than row {last}, the last one."
            ),
            Self::CutOff { last, known, by } => {
                let who = match *by {
                    "head" => "the head of the chain",
                    "kept" => "the checkpoint that you kept",
                    _ => "a signed checkpoint",
                };
                write!(
                    f,
                    "The end was cut off: the last row is {last}, and {who} knows row {known}."
                )
            }
            Self::Checkpoint { seq } => write!(
                f,
                "The checkpoint at row {seq} is not signed by this server's key, or was changed."
            ),
            Self::NotAsSigned { seq, by } => {
                let whose = if *by == "kept" {
                    "the checkpoint that you kept"
                } else {
                    "a signed checkpoint"
                };
                write!(f, "Row {seq} is not the one that {whose} was made of.")
            }
            Self::Kept { seq } => write!(
                f,
                "The checkpoint that you kept (row {seq}) is not signed by this server's key, or was changed."
            ),
        }
    }
}
