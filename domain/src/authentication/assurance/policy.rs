//! Who must have a second factor.

use chrono::Duration;

use super::factor::{Aal, Enrolled};
use crate::platform::config::{SecondFactor, SecondFactorRule};

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
}

impl Policy {
    /// The policy for a person. Administrators have a factor that makes AAL2, whatever the setting says (ASVS 6.3.3).
    pub fn of(setting: &SecondFactor, administrator: bool) -> Self {
        let grace = setting.grace;
        match setting.rule {
            _ if administrator => Self::Required {
                least: Aal::Two,
                grace,
            },
            SecondFactorRule::Off => Self::Off,
            SecondFactorRule::Optional => Self::Optional,
            SecondFactorRule::Required => Self::Required {
                least: Aal::One,
                grace,
            },
        }
    }

    /// What a factor should be worth, if the person has one of that kind.
    pub fn least(self) -> Aal {
        match self {
            Self::Required { least, .. } => least,
            Self::Off | Self::Optional => Aal::One,
        }
    }

    /// Whether somebody with these factors has what is asked of them.
    pub fn is_met_by(self, enrolled: Enrolled) -> bool {
        match self {
            Self::Required { least, .. } => enrolled.any() && enrolled.best() >= least,
            Self::Off | Self::Optional => true,
        }
    }

    /// Whether factors can be added.
    pub fn allows_adding(self) -> bool {
        self != Self::Off
    }
}
