//! Who must have a second factor.

use chrono::Duration;

use super::factor::{Aal, Enrolled, Factor};
use crate::platform::settings::{SecondFactor, SecondFactorRule};

/// What is asked of a person. Whoever has a second factor is asked for it under each of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// None can be added.
    Off,
    /// Whoever wants one adds it.
    Optional,
    /// Everybody has one, after some time.
    Required {
        /// What the factor must be worth.
        least: Aal,
        /// How long somebody gets in without one, from the first time that it is asked of them.
        grace: Duration,
    },
    /// A passkey opens the account and nothing else does, after some time. A password, a code by mail and an app lead, for
    /// whoever has no passkey, to making one; a recovery code leads to one in the place of a lost one.
    PasskeyOnly {
        /// What a factor must be worth while there is no passkey yet.
        least: Aal,
        /// How long somebody gets in without one, from the first time that it is asked of them. An account that begins
        /// under this policy has no such days.
        grace: Duration,
    },
}

impl Policy {
    /// The policy for a person. Whoever has a role has a factor that makes AAL2, whatever the setting says (ASVS 6.3.3).
    pub fn of(setting: &SecondFactor, staff: bool) -> Self {
        let grace = setting.grace;
        let least = if staff { Aal::Two } else { Aal::One };
        match setting.rule {
            SecondFactorRule::PasskeyOnly => Self::PasskeyOnly { least, grace },
            _ if staff => Self::Required { least, grace },
            SecondFactorRule::Off => Self::Off,
            SecondFactorRule::Optional => Self::Optional,
            SecondFactorRule::Required => Self::Required { least, grace },
        }
    }

    /// What a factor should be worth, if the person has one of that kind.
    pub fn least(self) -> Aal {
        match self {
            Self::Required { least, .. } | Self::PasskeyOnly { least, .. } => least,
            Self::Off | Self::Optional => Aal::One,
        }
    }

    /// Whether somebody with these factors has what is asked of them.
    pub fn is_met_by(self, enrolled: Enrolled) -> bool {
        match self {
            Self::Required { least, .. } => enrolled.any() && enrolled.best() >= least,
            Self::PasskeyOnly { .. } => enrolled.passkeys > 0,
            Self::Off | Self::Optional => true,
        }
    }

    /// What somebody with these factors is asked for, the first choice in front; none without a second factor.
    pub fn askable(self, enrolled: Enrolled) -> Vec<Factor> {
        let mut factors = enrolled.askable(self.least());
        if self.is_passkey_only() && enrolled.passkeys > 0 {
            factors.retain(|factor| matches!(factor, Factor::Passkey | Factor::Recovery));
        }
        factors
    }

    /// Whether a browser may be one that is not asked.
    pub fn remembers_browsers(self) -> bool {
        !self.is_passkey_only()
    }

    /// Whether factors other than passkeys can be added.
    pub fn allows_adding(self) -> bool {
        matches!(self, Self::Optional | Self::Required { .. })
    }

    /// Whether a passkey opens the account and nothing else does.
    pub fn is_passkey_only(self) -> bool {
        matches!(self, Self::PasskeyOnly { .. })
    }

    /// How long somebody gets in without what they must have; `None`: nothing is a must.
    pub fn grace(self) -> Option<Duration> {
        match self {
            Self::Required { grace, .. } | Self::PasskeyOnly { grace, .. } => Some(grace),
            Self::Off | Self::Optional => None,
        }
    }
}
