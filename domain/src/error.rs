//! The one error of the domain. A [`Refusal`] is an answer for the person; everything else is for the operator.

use std::time::Duration;

use crate::refusal::{Code, Field, Refusal};

/// What can go wrong in the domain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request was understood and is refused, with reasons that the person may read.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Too much work at once (password hashing, database connections): ask again after `retry_after`.
    #[error("busy, retry after {} s", retry_after.as_secs())]
    Busy {
        /// How long the caller should wait.
        retry_after: Duration,
    },
    /// The database refused a statement or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Redis could not be reached or answered with an error.
    #[error("cache: {0}")]
    Cache(String),
    /// A mail could not be rendered or handed over.
    #[error("mail: {0}")]
    Mail(String),
    /// Something was sealed with a master key that this server doesn't have; its id.
    #[error("this server doesn't have the master key {0}")]
    UnknownKey(String),
    /// A sealed value could not be opened: wrong purpose, or it was changed.
    #[error("a sealed value could not be opened")]
    Sealed,
    /// A setting, a key file or another part of the set-up is wrong.
    #[error("configuration: {0}")]
    Configuration(String),
    /// What an operator asked for can't be done; one sentence that says why, and what to do.
    #[error("{0}")]
    Operator(String),
    /// A state that the code believed impossible.
    #[error("internal: {0}")]
    Internal(String),
}

/// The result of the domain's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with one reason that belongs to a field of the form.
    pub fn field(field: Field, code: Code) -> Self {
        Self::Refused(Refusal::field(field, code))
    }

    /// A refusal with one reason that belongs to the whole form.
    pub fn form(code: Code) -> Self {
        Self::Refused(Refusal::form(code))
    }

    /// True when the database says that a unique index would be violated.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e))
            if e.kind() == sqlx::error::ErrorKind::UniqueViolation)
    }

    /// True when the database says that there is no such table: nothing has been migrated yet.
    pub fn is_missing_table(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e))
            if e.code().as_deref() == Some("42P01") || e.message().starts_with("no such table"))
    }

    /// True when the file of a SQLite database can't be opened; most likely it was never made.
    pub fn is_missing_file(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.code().as_deref() == Some("14"))
    }

    /// True when a backend is away (as opposed to a bug): the caller answers 503 and not 500.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(e) => {
                matches!(
                    e,
                    sqlx::Error::PoolTimedOut
                        | sqlx::Error::PoolClosed
                        | sqlx::Error::Io(_)
                        | sqlx::Error::Tls(_)
                        | sqlx::Error::Protocol(_)
                        | sqlx::Error::WorkerCrashed
                ) || matches!(e, sqlx::Error::Database(d) if is_away(&d.code().unwrap_or_default()))
            }
            // Another server may have the key, and this one gets it with the next look at the key file.
            Self::Cache(_) | Self::UnknownKey(_) => true,
            _ => false,
        }
    }
}

/// Whether a database's code says that it can't just now, as opposed to that it was asked for something wrong.
fn is_away(code: &str) -> bool {
    // SQLSTATE: connections, resources, an operator or a timeout stepped in, a lock, a deadlock. Five characters.
    let classes = ["08", "53", "57", "40"];
    let sqlstate = classes.iter().any(|class| code.starts_with(class)) || ["25P03", "55P03"].contains(&code);
    // SQLite: busy, locked, read-only, input or output, full, can't open. The low byte; the rest says more exactly what.
    let primary = code.parse::<u32>().map_or(0, |code| code & 0xff);
    if code.len() == 5 {
        sqlstate
    } else {
        [5, 6, 8, 10, 13, 14].contains(&primary)
    }
}

#[cfg(test)]
mod tests {
    use super::is_away;

    #[test]
    fn a_database_that_can_not_just_now_is_told_from_one_that_was_asked_wrong() {
        for away in [
            "08006", "53300", "57P01", "57P03", "57014", "40P01", "55P03", "5", "13", "261", "517", "778",
            "1034",
        ] {
            assert!(is_away(away), "{away}");
        }
        for wrong in [
            "", "23505", "42601", "25P02", "22001", "1", "19", "2067", "787", "1555",
        ] {
            assert!(!is_away(wrong), "{wrong}");
        }
    }
}
