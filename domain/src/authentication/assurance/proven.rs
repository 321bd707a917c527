//! What was proven, by type: none of these can be made outside of the folder `authentication`, and there only of what
//! proves it.

use super::factor::Factor;
use crate::authentication::passkeys::{Keeping, Used};
use crate::users::user::{User, UserId};

/// A first factor, proven by somebody in this request or in an earlier one of the same sign-in.
#[must_use]
pub struct Proven {
    user: User,
    by: FirstFactor,
    is_new: bool,
}

/// What somebody began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstFactor {
    /// A password.
    Password,
    /// A passkey that verified its holder: two factors by itself.
    Passkey(Keeping),
}

impl FirstFactor {
    /// As `amr` has it (RFC 8176).
    pub fn amr(&self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Passkey(Keeping::Hardware) => "hwk user mfa",
            Self::Passkey(Keeping::Synced) => "swk user mfa",
        }
    }
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
    fn of(user: User, by: FirstFactor) -> Self {
        Self {
            user,
            by,
            is_new: false,
        }
    }

    /// By the password.
    pub(in crate::authentication) fn password(user: User, _: &HeldPassword) -> Self {
        Self::of(user, FirstFactor::Password)
    }

    /// By a link that proves whose account it is, in the transaction that sets its password. The account begins with it.
    pub(in crate::authentication) fn new_password(user: User, _: &UsedUp) -> Self {
        Self {
            is_new: true,
            ..Self::of(user, FirstFactor::Password)
        }
    }

    /// By the second post of a form that proved it a moment before, from the same browser.
    pub(in crate::authentication) fn sent_twice(user: User, _: &UsedUp) -> Self {
        Self::of(user, FirstFactor::Password)
    }

    /// By a passkey of this person that was used up in this transaction. `None`: it did not verify its holder, so it is no
    /// first factor; or it is another person's.
    pub(in crate::authentication) fn passkey(user: User, used: &Used) -> Option<Self> {
        (used.is_verified() && used.user() == user.id)
            .then(|| Self::of(user, FirstFactor::Passkey(used.keeping())))
    }

    /// What a sign-in in progress has in its row. A passkey that lets in alone leaves nothing owed, so none begins with it.
    pub(super) fn recorded(user: User, amr: &str) -> Option<Self> {
        let is_password = amr.split(' ').any(|value| value == "pwd");
        is_password.then(|| Self::of(user, FirstFactor::Password))
    }

    /// Whose first factor it is.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// As `amr` has it (RFC 8176).
    pub fn amr(&self) -> &'static str {
        self.by.amr()
    }

    /// Whether it is two factors by itself (NIST SP 800-63B-4 §3.1.7).
    pub fn is_two(&self) -> bool {
        matches!(self.by, FirstFactor::Passkey(_))
    }

    /// Whether the account begins with it.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
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
    amr: &'static [&'static str],
}

impl Given {
    /// After the conditional update that used the answer up.
    fn of(user: UserId, factor: Factor, passkey: Option<Keeping>) -> Self {
        let amr = match factor {
            Factor::Passkey => passkey.unwrap_or(Keeping::Synced).amr(),
            Factor::Totp => &["otp"],
            Factor::Sms => &["sms"],
            Factor::Mail => &["mail"],
            Factor::Recovery => &["recovery"],
        };
        Self { user, factor, amr }
    }

    /// A factor of which there is a code, after the conditional update that used it up.
    pub(super) fn new(user: UserId, factor: Factor, _: &UsedUp) -> Self {
        Self::of(user, factor, None)
    }

    /// A passkey, whether or not it verified its holder.
    pub(super) fn passkey(used: &Used) -> Self {
        Self::of(used.user(), Factor::Passkey, Some(used.keeping()))
    }

    /// What a sign-in in progress has in its row.
    pub(super) fn recorded(user: UserId, amr: &str) -> Option<Self> {
        let factor = amr.split(' ').find_map(Factor::of_amr)?;
        Some(Self::of(user, factor, amr.split(' ').find_map(Keeping::of_amr)))
    }

    /// What a session says of it in `amr`: values of RFC 8176 where there are any, else our own.
    pub fn amr(self) -> &'static [&'static str] {
        self.amr
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
