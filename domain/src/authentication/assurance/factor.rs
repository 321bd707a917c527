//! The second factors that there are, and which of them a person has.

use crate::authentication::passkeys::Keeping;
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Result, sql};

/// A second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A passkey: something that one has, whether or not it verified its holder.
    Passkey,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code by text message: AAL2 with a password, but restricted (NIST SP 800-63B-4 §3.1.3.3, §3.2.9), because a number can be
    /// taken over. See [`Factor::will_do`].
    Sms,
    /// A code by mail. NIST SP 800-63B-4 §3.1.3.1 does not count mail as something that one has: it is a second step, and
    /// the session stays at AAL1.
    Mail,
    /// One of the codes that were written down: a look-up secret (NIST SP 800-63B-4 §3.1.2).
    Recovery,
}

/// How well a session knows who it is (NIST SP 800-63B-4 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aal {
    /// One factor.
    One,
    /// Two different ones.
    Two,
}

impl Factor {
    /// Every factor, the one to ask for first in front.
    pub const ALL: [Self; 5] = [Self::Passkey, Self::Totp, Self::Sms, Self::Mail, Self::Recovery];

    /// The name in forms, in addresses and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Mail => "mail",
            Self::Recovery => "recovery",
        }
    }

    /// The factor of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == name)
    }

    /// The factor that a session says it was: by a value of RFC 8176 where there is one, else our own.
    pub fn of_amr(amr: &str) -> Option<Self> {
        match amr {
            "otp" => Some(Self::Totp),
            "sms" => Some(Self::Sms),
            "mail" => Some(Self::Mail),
            "recovery" => Some(Self::Recovery),
            _ => Keeping::of_amr(amr).map(|_| Self::Passkey),
        }
    }

    /// What a session is worth with it and a password.
    pub fn aal(self) -> Aal {
        match self {
            Self::Passkey | Self::Totp | Self::Sms | Self::Recovery => Aal::Two,
            Self::Mail => Aal::One,
        }
    }

    /// Whether its codes are sent, when somebody asks for one.
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Sms | Self::Mail)
    }

    /// Whether it will do where a factor of this worth is a must. A text message will not where AAL2 is: who must have that, has
    /// something that nobody can have sent to another telephone.
    pub fn will_do(self, least: Aal) -> bool {
        self.aal() >= least && (self != Self::Sms || least == Aal::One)
    }
}

impl Aal {
    /// As sessions keep it.
    pub fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// Which factors a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enrolled {
    /// How many passkeys.
    pub passkeys: i64,
    /// An authenticator app.
    pub totp: bool,
    /// Codes by text message.
    pub sms: bool,
    /// Codes by mail.
    pub mail: bool,
    /// Recovery codes that were not used yet. They stand in for another factor, and are none by themselves.
    pub recovery_codes: i64,
}

impl Enrolled {
    /// The factors of a person.
    pub async fn of(tx: &mut Tx, user: UserId) -> Result<Self> {
        let (passkeys, totp, sms, mail, recovery_codes) = sql!(tx, fetch_one (i64, bool, bool, bool, i64),
            "select (select count(*) from passkeys where user_id = $1),
                exists(select 1 from totps where user_id = $1), exists(select 1 from phones where user_id = $1),
                exists(select 1 from mail_factors where user_id = $1),
                (select count(*) from recovery_codes where user_id = $1 and used_at is null)", user)?;
        Ok(Self {
            passkeys,
            totp,
            sms,
            mail,
            recovery_codes,
        })
    }

    /// True when the person has a second factor.
    pub fn any(self) -> bool {
        self.passkeys > 0 || self.totp || self.sms || self.mail
    }

    /// The best that the person can show of what [will do](Factor::will_do).
    pub fn best(self) -> Aal {
        if self.passkeys > 0 || self.totp {
            Aal::Two
        } else {
            Aal::One
        }
    }

    /// What the person is asked for, the first choice in front; none without a second factor. Whoever must reach AAL2 and
    /// can is not offered less.
    pub fn askable(self, least: Aal) -> Vec<Factor> {
        if !self.any() {
            return Vec::new();
        }
        let least = least.min(self.best());
        let has = |factor: &Factor| match factor {
            Factor::Passkey => self.passkeys > 0,
            Factor::Totp => self.totp,
            Factor::Sms => self.sms,
            Factor::Mail => self.mail,
            Factor::Recovery => self.recovery_codes > 0,
        };
        Factor::ALL
            .into_iter()
            .filter(has)
            .filter(|factor| factor.will_do(least))
            .collect()
    }

    /// The same person without a factor: of passkeys, without any.
    #[must_use]
    pub fn without(self, factor: Factor) -> Self {
        match factor {
            Factor::Passkey => Self { passkeys: 0, ..self },
            Factor::Totp => Self { totp: false, ..self },
            Factor::Sms => Self { sms: false, ..self },
            Factor::Mail => Self { mail: false, ..self },
            Factor::Recovery => Self {
                recovery_codes: 0,
                ..self
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Enrolled = Enrolled {
        passkeys: 2,
        totp: true,
        sms: true,
        mail: true,
        recovery_codes: 3,
    };

    #[test]
    fn every_factor_reads_back_by_both_its_names() {
        for factor in Factor::ALL {
            assert_eq!(Factor::parse(factor.as_str()), Some(factor));
        }
        for (amr, factor) in [
            ("hwk", Factor::Passkey),
            ("swk", Factor::Passkey),
            ("otp", Factor::Totp),
            ("sms", Factor::Sms),
            ("mail", Factor::Mail),
            ("recovery", Factor::Recovery),
        ] {
            assert_eq!(Factor::of_amr(amr), Some(factor));
        }
        assert_eq!(Factor::parse("password"), None);
        assert_eq!(Factor::of_amr("pwd"), None);
        assert_eq!(Factor::of_amr("user"), None);
        assert_eq!(Factor::of_amr("mfa"), None);
    }

    #[test]
    fn what_is_asked_for_is_what_there_is() {
        assert_eq!(ALL.askable(Aal::One), Factor::ALL);
        assert_eq!(
            ALL.askable(Aal::Two),
            [Factor::Passkey, Factor::Totp, Factor::Recovery]
        );
        let sent_only = ALL
            .without(Factor::Passkey)
            .without(Factor::Totp)
            .without(Factor::Recovery);
        assert_eq!(sent_only.best(), Aal::One, "a text message is no must's answer");
        assert_eq!(sent_only.askable(Aal::Two), [Factor::Sms, Factor::Mail]);
        let mail_only = sent_only.without(Factor::Sms);
        assert_eq!(
            mail_only.askable(Aal::Two),
            [Factor::Mail],
            "less than wanted, but asked for"
        );
        let codes_only = ALL
            .without(Factor::Passkey)
            .without(Factor::Totp)
            .without(Factor::Sms)
            .without(Factor::Mail);
        assert!(!codes_only.any() && codes_only.askable(Aal::One).is_empty());
    }
}
