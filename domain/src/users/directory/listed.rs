//! A page of the list, and a person on it.

use chrono::{DateTime, Utc};

use super::FEW;
use super::filter::{Proves, State};
use super::mark::Mark;
use crate::users::user::UserId;

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Who is on it: [`PAGE`](super::PAGE) at most. Fewer, and yet a next page, where [`LOOKED_AT`](super::LOOKED_AT) rows did not fill it.
    pub people: Vec<Listed>,
    /// Where the page before this one begins, read backwards.
    pub before: Option<Mark>,
    /// Where the next page begins.
    pub after: Option<Mark>,
    /// How many there are in all.
    pub count: Count,
}

/// How many people are asked for, as far as that is known without counting a million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// More than that.
    MoreThan(i64),
    /// Not known: it would take looking at everybody.
    Unknown,
}

/// A person in the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether there is a row of one kind"
)]
pub struct Listed {
    /// Who.
    pub id: UserId,
    /// What they are called.
    pub name: String,
    /// The proven address, as typed.
    pub email: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When they were last here, to the hour. See [`Listed::last_seen`].
    pub(super) seen_at: DateTime<Utc>,
    locked_at: Option<DateTime<Utc>>,
    deactivated_at: Option<DateTime<Utc>>,
    erase_at: Option<DateTime<Utc>>,
    /// Has a password.
    pub has_password: bool,
    has_passkey: bool,
    has_app: bool,
    has_phone: bool,
    has_mail_codes: bool,
    /// A line for each role: its id, a space, its name.
    roles: Option<String>,
}

/// A role of somebody, by themselves or through a group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleHeld {
    /// A name of [`BuiltIn`](crate::authorization::built_in::BuiltIn), or a UUIDv7.
    pub id: String,
    /// What it is called.
    pub name: String,
}

impl Count {
    /// From a count that ends one above [`FEW`](super::FEW).
    pub(super) fn up_to_few(count: i64) -> Self {
        if count > FEW {
            Self::MoreThan(FEW)
        } else {
            Self::Exactly(count)
        }
    }
}

impl Listed {
    /// The state that counts for most.
    pub fn state(&self) -> State {
        if self.erase_at.is_some() {
            State::Erasing
        } else if self.locked_at.is_some() {
            State::Locked
        } else if self.deactivated_at.is_some() {
            State::Closed
        } else {
            State::Active
        }
    }

    /// What they prove it with, besides a password.
    pub fn proves(&self) -> Vec<Proves> {
        let all = [
            (self.has_passkey, Proves::Passkey),
            (self.has_app, Proves::App),
            (self.has_phone, Proves::Sms),
            (self.has_mail_codes, Proves::Mail),
        ];
        all.into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, proves)| proves)
            .collect()
    }

    /// Their roles, by name.
    pub fn roles(&self) -> Vec<RoleHeld> {
        let lines = self.roles.as_deref().unwrap_or_default().lines();
        let roles = lines.filter_map(|line| line.split_once(' '));
        roles
            .map(|(id, name)| RoleHeld {
                id: id.to_owned(),
                name: name.to_owned(),
            })
            .collect()
    }

    /// When they were last here, to the hour; `None`: never.
    pub fn last_seen(&self) -> Option<DateTime<Utc>> {
        Some(self.seen_at).filter(|at| *at > DateTime::UNIX_EPOCH)
    }

    /// Where a page begins behind them.
    pub fn mark(&self) -> Mark {
        Mark {
            id: self.id,
            seen_at: self.seen_at,
        }
    }
}
