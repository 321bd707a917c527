//! The second factors.

use super::keys::Kind;

/// A second factor, by its name in forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factor {
    App,
    Sms,
    Mail,
    Recovery,
    Passkey(Kind),
}

impl Factor {
    pub const ALL: [Self; 6] = [
        Self::App,
        Self::Sms,
        Self::Mail,
        Self::Recovery,
        Self::Passkey(Kind::Phone),
        Self::Passkey(Kind::Key),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::App => "totp",
            Self::Sms => "sms",
            Self::Mail => "mail",
            Self::Recovery => "recovery",
            Self::Passkey(_) => "passkey",
        }
    }

    /// What `amr` may say after it.
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::App => &["otp"],
            Self::Sms => &["sms"],
            Self::Mail => &["mail"],
            Self::Recovery => &["recovery"],
            Self::Passkey(Kind::Phone) => &["swk", "user"],
            Self::Passkey(Kind::Key) => &["hwk", "user"],
        }
    }

    /// A digit of its own.
    pub fn number(self) -> u64 {
        match self {
            Self::App => 1,
            Self::Mail => 2,
            Self::Recovery => 3,
            Self::Passkey(Kind::Phone) => 4,
            Self::Passkey(Kind::Key) => 5,
            Self::Sms => 6,
        }
    }

    /// Whether it makes AAL2 beside a password.
    pub fn is_strong(self) -> bool {
        self != Self::Mail
    }
}
