//! An answer to a second factor: counted, looked at, and used up in the transaction that it is for. One path for sign-in
//! and step-up, with one count of failures (ASVS 6.3.1, 6.5.1).

use uuid::Uuid;

use super::factor::Factor;
use super::proven::Given;
use super::sent_code::{self, Channel};
use super::{failures, recovery, totp};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::passkeys;
use crate::authentication::passkeys::ceremony::Assertion;
use crate::authentication::throttle::Attempt;
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::{CODE, address_key};
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Refusal, Result};

/// No code is longer, however it is written.
const LONGEST: usize = 64;

/// Who answers.
pub(in crate::authentication) struct Who<'a> {
    /// The person, as a first factor or a session says.
    pub user: &'a User,
    /// The sign-in or the session: a code that was sent is bound to it.
    pub holder: Uuid,
    /// The browser.
    pub asker: &'a Asker,
}

/// An answer that was right when it was looked at. It proves nothing before it is used up.
#[must_use]
pub(in crate::authentication) struct Looked {
    user: UserId,
    right: Right,
}

enum Right {
    Passkey(Box<passkeys::Checked>),
    Totp {
        id: Uuid,
        step: i64,
    },
    Sent {
        factor: Factor,
        holder: Uuid,
        mac: Vec<u8>,
    },
    Recovery {
        id: Uuid,
    },
}

impl Right {
    fn factor(&self) -> Factor {
        match self {
            Self::Passkey(_) => Factor::Passkey,
            Self::Totp { .. } => Factor::Totp,
            Self::Sent { factor, .. } => *factor,
            Self::Recovery { .. } => Factor::Recovery,
        }
    }
}

/// What an attempt found to compare with.
enum Stored {
    Passkey(Box<Assertion>, Box<passkeys::factor::Found>),
    Totp(Option<totp::Row>),
    Sent(Channel, Vec<u8>),
    Recovery(Vec<Uuid>, Vec<crate::authentication::password::StoredPassword>),
}

/// What was typed, without spaces and dashes.
///
/// # Errors
/// Refused with [`Code::Required`], or [`Code::FactorWrong`] when it is too long to be any code.
pub(in crate::authentication) fn plain(typed: &str) -> Result<String> {
    if typed.len() > LONGEST {
        return Err(Error::field(Field::Code, Code::FactorWrong));
    }
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if code.is_empty() {
        return Err(Error::field(Field::Code, Code::Required));
    }
    Ok(code)
}

/// Looks at an answer: a code, or what a passkey signed. The attempt is counted before.
///
/// # Errors
/// Refused with [`Code::Required`], [`Code::FactorWrong`], [`Code::PasskeyWrong`], [`Code::PasskeyOver`], [`Code::CodeExpired`] (no code that was sent works any more) or
/// [`Code::TooManyAttempts`]; [`Error::Busy`] when too many passwords are being hashed, and then the attempt does not count.
pub(in crate::authentication) async fn look(
    platform: &Platform,
    who: &Who<'_>,
    factor: Factor,
    typed: &str,
) -> Result<Looked> {
    let (code, assertion) = match factor {
        Factor::Passkey => (String::new(), Some(Assertion::parse(typed)?)),
        Factor::Totp | Factor::Sms | Factor::Mail | Factor::Recovery => (plain(typed)?, None),
    };
    let user = who.user.id;
    platform
        .limiter
        .pass(&CODE, &address_key(who.asker.address))
        .await?;
    let place = match factor {
        Factor::Recovery => Some(platform.hasher.queue_up()?),
        Factor::Passkey | Factor::Totp | Factor::Sms | Factor::Mail => None,
    };
    let counted = platform
        .db
        .write(async |tx| {
            if let Attempt::Refused { retry_after } = failures::count(tx, user, factor).await? {
                let detail = [("factor", factor.as_str())];
                let entry = Entry::about(Event::FactorThrottled, Some(user), &who.asker.origin);
                tx.audit(entry.with(&detail)).await?;
                return Ok(Err(retry_after));
            }
            Ok(Ok(match factor {
                Factor::Passkey => {
                    let assertion = assertion.ok_or_else(|| Error::form(Code::PasskeyWrong))?;
                    // No challenge, no attempt: this too rolls the count back.
                    let found = passkeys::factor::find(tx, user, who.holder, &assertion, who.asker).await?;
                    Stored::Passkey(Box::new(assertion), Box::new(found))
                }
                Factor::Totp => Stored::Totp(totp::Row::of(tx, user).await?),
                Factor::Sms | Factor::Mail => {
                    let channel = Channel::of(tx, factor, user).await?;
                    let channel = channel.ok_or_else(|| Error::form(Code::FactorUnknown))?;
                    let mac = sent_code::take_look(tx, user, who.holder, &channel).await?;
                    // Nothing was guessed at, so nothing is counted: this rolls the count back.
                    let mac = mac.ok_or_else(|| Error::field(Field::Code, Code::CodeExpired))?;
                    Stored::Sent(channel, mac)
                }
                Factor::Recovery => {
                    let (ids, stored) = recovery::unused(tx, user).await?;
                    Stored::Recovery(ids, stored)
                }
            }))
        })
        .await?;
    let stored = match counted {
        Ok(stored) => stored,
        Err(retry_after) => return Err(Error::Refused(Refusal::too_many(retry_after))),
    };
    let right =
        match stored {
            Stored::Passkey(assertion, found) => found
                .check(platform, &assertion)?
                .map(|checked| Right::Passkey(Box::new(checked))),
            Stored::Totp(None) => None,
            Stored::Totp(Some(row)) => {
                let now = platform.clock.now();
                let step = totp::step_of(&platform.keys, user, &row.sealed, &code, now)?;
                step.filter(|step| *step > row.last_step)
                    .map(|step| Right::Totp { id: row.id, step })
            }
            Stored::Sent(channel, mac) => {
                let holder = who.holder;
                sent_code::is_right(&platform.keys, user, holder, &channel, &code, &mac)
                    .then_some(Right::Sent { factor, holder, mac })
            }
            Stored::Recovery(ids, stored) => {
                let place = place.ok_or_else(|| Error::Internal("a recovery code without a place".into()))?;
                match recovery::as_hashed(&code) {
                    None => None,
                    Some(typed) => match platform.hasher.find(place, typed, stored).await {
                        Ok(found) => found
                            .and_then(|at| ids.get(at).copied())
                            .map(|id| Right::Recovery { id }),
                        Err(error) => {
                            platform
                                .db
                                .write(async |tx| failures::take_back(tx, user, factor).await)
                                .await?;
                            return Err(error);
                        }
                    },
                }
            }
        };
    match right {
        Some(right) => Ok(Looked { user, right }),
        None => Err(wrong(platform, user, factor, &who.asker.origin).await?),
    }
}

impl Looked {
    /// Uses the answer up and forgets the failures. `None`: somebody else used it up since it was looked at; the caller
    /// answers with [`wrong`].
    pub async fn use_up(self, tx: &mut Tx, platform: &Platform, who: &Who<'_>) -> Result<Option<Given>> {
        let factor = self.right.factor();
        let used = match self.right {
            Right::Passkey(checked) => {
                let used = checked.use_up(tx, platform, who.user, &who.asker.origin).await?;
                let Some(used) = used else { return Ok(None) };
                failures::clear(tx, self.user, factor).await?;
                return Ok(Some(Given::passkey(&used)));
            }
            Right::Totp { id, step } => totp::use_up(tx, id, step).await?,
            Right::Sent { holder, mac, .. } => sent_code::use_up(tx, holder, &mac).await?,
            Right::Recovery { id } => recovery::use_up(tx, id).await?,
        };
        let Some(used) = used else { return Ok(None) };
        failures::clear(tx, self.user, factor).await?;
        if factor == Factor::Recovery {
            let origin = &who.asker.origin;
            tx.audit(Entry::own(Event::RecoveryCodeUsed, self.user, origin))
                .await?;
            notify(tx, platform, who.user, Notice::RecoveryCodeUsed, origin).await?;
        }
        Ok(Some(Given::new(self.user, factor, &used)))
    }
}

/// Writes down an answer that was wrong, and says so.
pub(in crate::authentication) async fn wrong(
    platform: &Platform,
    user: UserId,
    factor: Factor,
    origin: &Origin,
) -> Result<Error> {
    platform
        .db
        .write(async |tx| {
            let detail = [("factor", factor.as_str())];
            tx.audit(Entry::about(Event::FactorFailed, Some(user), origin).with(&detail))
                .await
        })
        .await?;
    Ok(match factor {
        Factor::Passkey => Error::form(Code::PasskeyWrong),
        Factor::Totp | Factor::Sms | Factor::Mail | Factor::Recovery => {
            Error::field(Field::Code, Code::FactorWrong)
        }
    })
}
