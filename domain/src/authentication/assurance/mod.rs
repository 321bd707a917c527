//! Assurance: what lets somebody in, and what they still owe.
//!
//! Every path that ends in a session goes through [`assess`]: it takes what was proven by type ([`Proven`], [`Given`]) and
//! answers with an [`Admission`], which nothing else makes and without which no session starts, or with what is [`Owed`].
//! What is owed is worked out from what the person has enrolled, each time anew; it is stored nowhere, so a step that is
//! left out, gone back to or sent twice leads nowhere else. The table of who asks what is in ARCHITECTURE.md.
//!
//! NIST SP 800-63B-4 §2, ASVS 5.0: 6.3.3, 6.3.4, 6.4.3.

pub mod add_totp;
mod added_twice;
pub mod answer;
pub mod challenge;
pub mod enrol_passkey;
pub mod factor;
pub mod failures;
pub mod manage;
pub mod phone;
pub mod policy;
pub mod proven;
pub mod recovery;
pub(crate) mod reseal;
pub mod sent_code;
pub mod sign_in_flow;
mod sign_in_row;
pub(crate) mod taken;
pub mod totp;
pub mod trusted;

use chrono::{DateTime, Utc};

use self::factor::{Aal, Enrolled, Factor};
use self::policy::Policy;
use self::proven::{Given, Proven};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::{User, UserId};
use crate::{Error, Result, sql};

/// The right to start one session of one person. Its fields are private, and [`assess`] is the only place that makes one.
#[must_use]
pub struct Admission {
    user: User,
    amr: String,
    aal: Aal,
}

impl Admission {
    /// Who is let in.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// How they proved it (RFC 8176), separated by spaces.
    pub fn amr(&self) -> &str {
        &self.amr
    }

    /// What that is worth.
    pub fn aal(&self) -> Aal {
        self.aal
    }
}

/// What somebody has to do before they are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owed {
    /// Give one of these factors; the first one is asked for first. Never empty.
    Factor(Vec<Factor>),
    /// Add an authenticator app: they must have one, and the days of grace are over.
    Enrolment,
    /// Make a passkey: nothing else opens the account, and the days of grace are over.
    Passkey,
}

/// The answer of [`assess`].
#[must_use]
pub enum Verdict {
    /// They may enter.
    Enter(Admission),
    /// They may not yet.
    Owes(Owed),
}

/// All that the decision depends on.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own; tests try all of them together"
)]
struct Case {
    staff: bool,
    policy: Policy,
    enrolled: Enrolled,
    /// The first factor is two by itself: a passkey that verified its holder.
    is_two: bool,
    given: Option<Factor>,
    /// Not asked in this browser, see [`trusted`].
    trusted: bool,
    /// Somebody without the factor that they must have still gets in.
    in_grace: bool,
}

impl Case {
    /// What is owed; `None`: nothing.
    fn owed(self) -> Option<Owed> {
        // Nothing more could make it better, and whoever must have a factor has this one.
        if self.is_two {
            return None;
        }
        let askable = self.policy.askable(self.enrolled);
        let trusted = self.trusted && !self.staff && self.policy.remembers_browsers();
        if !askable.is_empty() && self.given.is_none() && !trusted {
            return Some(Owed::Factor(askable));
        }
        if self.policy.is_passkey_only() {
            return self.owed_passkey(askable);
        }
        (!self.policy.is_met_by(self.enrolled) && !self.in_grace).then_some(Owed::Enrolment)
    }

    /// What is owed after all else, where a passkey opens the account and nothing else does.
    fn owed_passkey(self, askable: Vec<Factor>) -> Option<Owed> {
        match self.given {
            Some(Factor::Passkey) => None,
            _ if self.enrolled.passkeys == 0 => (!self.in_grace).then_some(Owed::Passkey),
            // In the place of one that is lost.
            Some(Factor::Recovery) => Some(Owed::Passkey),
            // It was made elsewhere since the other factor was given.
            _ => Some(Owed::Factor(askable)),
        }
    }
}

/// Decides whether somebody who proved a first factor gets in. `given`: a second factor of theirs; `trusted`: they are not
/// asked for one in this browser.
///
/// # Errors
/// [`Error::Internal`] when the second factor is another person's.
pub(in crate::authentication) async fn assess(
    tx: &mut Tx,
    platform: &Platform,
    proven: Proven,
    given: Option<Given>,
    trusted: bool,
) -> Result<Verdict> {
    let (id, staff, demand) = (proven.user().id, proven.user().staff, proven.user().demand());
    if given.is_some_and(|given| given.user() != id) {
        return Err(Error::Internal("a second factor of another person".into()));
    }
    let (is_two, is_new) = (proven.is_two(), proven.is_new());
    let policy = Policy::of(&platform.settings().second_factor, demand);
    let case = Case {
        staff,
        policy,
        enrolled: Enrolled::of(tx, id).await?,
        is_two,
        given: given.map(Given::factor),
        trusted,
        in_grace: begin_grace(tx, id, policy, is_new).await?,
    };
    Ok(match case.owed() {
        Some(owed) => Verdict::Owes(owed),
        None => Verdict::Enter(Admission {
            amr: with_factor(proven.amr(), given),
            aal: if is_two {
                Aal::Two
            } else {
                given.map_or(Aal::One, |given| given.factor().aal())
            },
            user: proven.into_user(),
        }),
    })
}

/// `amr` with one more factor; `mfa` where it makes two of different kinds (RFC 8176 §2).
pub(in crate::authentication) fn with_factor(amr: &str, given: Option<Given>) -> String {
    let mut values: Vec<&str> = amr.split_whitespace().collect();
    if let Some(given) = given {
        let two = (given.factor().aal() == Aal::Two).then_some("mfa");
        for value in given.amr().iter().copied().chain(two) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    values.join(" ")
}

/// Whether somebody without the factor that they must have still gets in. Their days begin when it is first asked of them. Where only
/// passkeys let in, an account that begins now has none.
async fn begin_grace(tx: &mut Tx, user: UserId, policy: Policy, is_new: bool) -> Result<bool> {
    let Some(grace) = policy.grace() else {
        return Ok(false);
    };
    let now = tx.now();
    if policy.is_passkey_only() {
        let until = if is_new { now } else { now + grace };
        sql!(tx, execute
            "update users set passkey_grace_until = $1 where id = $2 and passkey_grace_until is null", until, user)?;
    } else {
        sql!(tx, execute
            "update users set factor_grace_until = $1 where id = $2 and factor_grace_until is null", now + grace, user)?;
    }
    Ok(grace_of(tx, user, policy).await?.is_some_and(|until| now < until))
}

/// Until when somebody gets in without what the policy asks of them, if that was ever asked of them.
pub async fn grace_of(tx: &mut Tx, user: UserId, policy: Policy) -> Result<Option<DateTime<Utc>>> {
    let found = sql!(
        tx,
        fetch_optional(Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        "select factor_grace_until, passkey_grace_until from users where id = $1",
        user
    )?;
    Ok(found.and_then(|(factor, passkey)| if policy.is_passkey_only() { passkey } else { factor }))
}

/// Ends the days of somebody who got their account back without a passkey, where only passkeys let in: the next sign-in makes one.
pub(in crate::authentication) async fn end_grace(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
) -> Result<()> {
    if Policy::of(&platform.settings().second_factor, user.demand()).is_passkey_only() {
        let now = tx.now();
        sql!(tx, execute "update users set passkey_grace_until = $1 where id = $2", now, user.id)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
