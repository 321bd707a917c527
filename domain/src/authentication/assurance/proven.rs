//! What was proven, by type: none of these can be made outside of the folder `authentication`, and there only of what
//! proves it.

use super::factor::Factor;
use crate::users::user::{User, UserId};

/// A first factor, proven by somebody in this request or in an earlier one of the same sign-in.
#[must_use]
pub struct Proven {
    user: User,
    by: FirstFactor,
}

/// What somebody began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstFactor {
    /// A password.
    Password,
}

/// A password that was looked at, is the account's, and is held until the end of the transaction. Made in `proof.rs` only.
pub struct HeldPassword(());

impl HeldPassword {
    /// What [`Proof::hold`](crate::authentication::proof::Proof::hold) found.
    pub(in crate::authentication) fn found(password_is_held: bool, account_is_open: bool) -> Option<Self> {
        (password_is_held && account_is_open).then_some(Self(()))
    }
}

/// A one-use link or code that this transaction used up: of many at once, one has it.
pub struct UsedUp(());

impl UsedUp {
    /// From the number of rows that the conditional update changed.
    pub(in crate::authentication) fn by(rows_changed: u64) -> Option<Self> {
        (rows_changed == 1).then_some(Self(()))
    }
}

impl Proven {
    /// By the password.
    pub(in crate::authentication) fn password(user: User, _: &HeldPassword) -> Self {
        Self {
            user,
            by: FirstFactor::Password,
        }
    }

    /// By a link that proves whose account it is, in the transaction that sets its password.
    pub(in crate::authentication) fn new_password(user: User, _: &UsedUp) -> Self {
        Self {
            user,
            by: FirstFactor::Password,
        }
    }

    /// By the second post of a form that proved it a moment before, from the same browser.
    pub(in crate::authentication) fn sent_twice(user: User, _: &UsedUp) -> Self {
        Self {
            user,
            by: FirstFactor::Password,
        }
    }

    /// What a sign-in in progress has in its row.
    pub(super) fn recorded(user: User, amr: &str) -> Option<Self> {
        amr.split(' ').any(|value| value == "pwd").then_some(Self {
            user,
            by: FirstFactor::Password,
        })
    }

    /// Whose first factor it is.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// As `amr` has it (RFC 8176).
    pub fn amr(&self) -> &'static str {
        match self.by {
            FirstFactor::Password => "pwd",
        }
    }

    pub(super) fn into_user(self) -> User {
        self.user
    }
}

/// A second factor of a person, answered and used up in this transaction, or in an earlier one of the same sign-in. Made by
/// [`Looked::use_up`](super::answer::Looked::use_up) only.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    user: UserId,
    factor: Factor,
}

impl Given {
    /// After the conditional update that used the answer up.
    pub(super) fn new(user: UserId, factor: Factor, _: &UsedUp) -> Self {
        Self { user, factor }
    }

    /// What a sign-in in progress has in its row.
    pub(super) fn recorded(user: UserId, amr: &str) -> Option<Self> {
        let factor = amr.split(' ').find_map(Factor::of_amr)?;
        Some(Self { user, factor })
    }

    /// Whose it is.
    pub fn user(self) -> UserId {
        self.user
    }

    /// Which one.
    pub fn factor(self) -> Factor {
        self.factor
    }
}
