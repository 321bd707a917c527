//! Changes of an account's security that its owner is told of, each with the link "this wasn't me".

use serde::{Deserialize, Serialize};

/// What a [`Message::SecurityNotice`](super::Message::SecurityNotice) tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The person set another password.
    PasswordSet,
    /// A new password was chosen by the link of a reset, and every session was ended.
    PasswordReset,
    /// A browser that never was in the account signed in.
    NewDevice,
    /// An authenticator app was added.
    TotpAdded,
    /// It was taken away.
    TotpRemoved,
    /// A telephone was added, to which codes go.
    SmsCodesAdded,
    /// It was taken away.
    SmsCodesRemoved,
    /// Codes by mail are the second factor from now on.
    MailCodesAdded,
    /// They are it no longer.
    MailCodesRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was taken away.
    PasskeyRemoved,
    /// The counter of a passkey went back: there may be a copy of it.
    PasskeyCounter,
    /// There is a new set of recovery codes.
    RecoveryCodesMade,
    /// One of them was used.
    RecoveryCodeUsed,
    /// An operator took every second factor away.
    FactorsCleared,
    /// A new password was set at the end of a recovery, and every factor taken away.
    Recovered,
    /// Somebody wants another mail address for the account.
    EmailAsked,
    /// The person closed the account for now.
    AccountClosed,
    /// Somebody signed in to the closed account, and so opened it.
    AccountReopened,
}

impl Notice {
    /// Every notice.
    pub const ALL: &[Self] = &[
        Self::PasswordSet,
        Self::PasswordReset,
        Self::NewDevice,
        Self::TotpAdded,
        Self::TotpRemoved,
        Self::SmsCodesAdded,
        Self::SmsCodesRemoved,
        Self::MailCodesAdded,
        Self::MailCodesRemoved,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCounter,
        Self::RecoveryCodesMade,
        Self::RecoveryCodeUsed,
        Self::FactorsCleared,
        Self::Recovered,
        Self::EmailAsked,
        Self::AccountClosed,
        Self::AccountReopened,
    ];

    /// The kind, in kebab-case.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::PasswordSet => "notice-password-set",
            Self::PasswordReset => "notice-password-reset",
            Self::NewDevice => "notice-new-device",
            Self::TotpAdded => "notice-totp-added",
            Self::TotpRemoved => "notice-totp-removed",
            Self::SmsCodesAdded => "notice-sms-codes-added",
            Self::SmsCodesRemoved => "notice-sms-codes-removed",
            Self::MailCodesAdded => "notice-mail-codes-added",
            Self::MailCodesRemoved => "notice-mail-codes-removed",
            Self::PasskeyAdded => "notice-passkey-added",
            Self::PasskeyRemoved => "notice-passkey-removed",
            Self::PasskeyCounter => "notice-passkey-counter",
            Self::RecoveryCodesMade => "notice-recovery-codes-made",
            Self::RecoveryCodeUsed => "notice-recovery-code-used",
            Self::FactorsCleared => "notice-factors-cleared",
            Self::Recovered => "notice-recovered",
            Self::EmailAsked => "notice-email-asked",
            Self::AccountClosed => "notice-account-closed",
            Self::AccountReopened => "notice-account-reopened",
        }
    }
}
