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

/// What the roles of a person ask of them, whatever the setting says; the strictest of all of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    /// They have no role.
    Nothing,
    /// A factor that makes AAL2: the least that any role asks for (ASVS 6.3.3).
    TwoFactors,
    /// A passkey and nothing else.
    PasskeyOnly,
}

impl Demand {
    /// What a role can ask for, the mildest first.
    pub const OF_ROLES: [Self; 2] = [Self::TwoFactors, Self::PasskeyOnly];

    /// From the two marks of a person.
    pub fn of(staff: bool, passkey_only: bool) -> Self {
        match (staff, passkey_only) {
            (_, true) => Self::PasskeyOnly,
            (true, false) => Self::TwoFactors,
            (false, false) => Self::Nothing,
        }
    }

    /// The name in forms and in the database, where it is a role's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::TwoFactors => "required",
            Self::PasskeyOnly => "passkey_only",
        }
    }

    /// What a role of this name asks for.
    pub fn parse(name: &str) -> Option<Self> {
        Self::OF_ROLES.into_iter().find(|demand| demand.as_str() == name)
    }
}

impl TryFrom<String> for Demand {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

impl Policy {
    /// The policy for a person: the strictest of the setting and of what their roles ask of them.
    pub fn of(setting: &SecondFactor, demand: Demand) -> Self {
        let grace = setting.grace;
        let least = match demand {
            Demand::Nothing => Aal::One,
            Demand::TwoFactors | Demand::PasskeyOnly => Aal::Two,
        };
        match (setting.rule, demand) {
            (SecondFactorRule::PasskeyOnly, _) | (_, Demand::PasskeyOnly) => {
                Self::PasskeyOnly { least, grace }
            }
            (SecondFactorRule::Required, _) | (_, Demand::TwoFactors) => Self::Required { least, grace },
            (SecondFactorRule::Optional, Demand::Nothing) => Self::Optional,
            (SecondFactorRule::Off, Demand::Nothing) => Self::Off,
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

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [SecondFactorRule; 4] = [
        SecondFactorRule::Off,
        SecondFactorRule::Optional,
        SecondFactorRule::Required,
        SecondFactorRule::PasskeyOnly,
    ];

    fn of(rule: SecondFactorRule, demand: Demand) -> Policy {
        let grace = Duration::days(7);
        Policy::of(&SecondFactor { rule, grace }, demand)
    }

    /// How much a policy asks for: `Off` and `Optional` ask for the same.
    fn strictness(policy: Policy) -> (u8, Aal) {
        match policy {
            Policy::Off | Policy::Optional => (0, Aal::One),
            Policy::Required { least, .. } => (1, least),
            Policy::PasskeyOnly { least, .. } => (2, least),
        }
    }

    #[test]
    fn the_strictest_of_the_setting_and_the_roles_counts() {
        let demands = [Demand::Nothing, Demand::TwoFactors, Demand::PasskeyOnly];
        for rule in RULES {
            for demand in demands {
                let both = strictness(of(rule, demand));
                let alone = strictness(of(rule, Demand::Nothing));
                let role = strictness(of(SecondFactorRule::Off, demand));
                assert_eq!(
                    both,
                    (alone.0.max(role.0), alone.1.max(role.1)),
                    "{rule:?} {demand:?}"
                );
            }
        }
        assert_eq!(of(SecondFactorRule::Off, Demand::Nothing), Policy::Off);
        assert_eq!(of(SecondFactorRule::Optional, Demand::Nothing), Policy::Optional);
    }

    #[test]
    fn whoever_has_a_role_shows_two_factors_under_every_setting() {
        for rule in RULES {
            for demand in Demand::OF_ROLES {
                let policy = of(rule, demand);
                assert!(
                    policy.least() == Aal::Two && policy.grace().is_some(),
                    "{rule:?} {demand:?}"
                );
            }
        }
    }

    #[test]
    fn a_demand_reads_back_and_no_role_asks_for_nothing() {
        for demand in Demand::OF_ROLES {
            assert_eq!(Demand::parse(demand.as_str()), Some(demand));
            assert_eq!(Demand::try_from(demand.as_str().to_owned()), Ok(demand));
        }
        assert_eq!(Demand::parse(Demand::Nothing.as_str()), None);
        assert_eq!(Demand::parse(""), None);
        assert!(Demand::try_from("strict".to_owned()).is_err());
        assert_eq!(Demand::of(false, false), Demand::Nothing);
        assert_eq!(Demand::of(true, false), Demand::TwoFactors);
        assert_eq!(Demand::of(true, true), Demand::PasskeyOnly);
    }
}
