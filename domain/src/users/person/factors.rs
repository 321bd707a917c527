//! Taking second factors of somebody else away, for who has lost them.

use uuid::Uuid;

use super::Reason;
use crate::audit::{Change, Entry, Event, Origin, Shown};
use crate::authentication::alarm::notify;
use crate::authentication::assurance::factor::{Enrolled, Factor};
use crate::authentication::assurance::taken::{demand_enrolment, take_away, take_passkey};
use crate::authentication::freeze;
use crate::authentication::session::SignedIn;
use crate::authorization::{Desk, May, right};
use crate::notification::message::Notice;
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result};

/// What to take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The authenticator app, the telephone, or codes by mail.
    Factor(Factor),
    /// One passkey.
    Passkey(Uuid),
}

impl What {
    /// Reads what a form or an address says: the name of a factor, or the id of a passkey.
    ///
    /// # Errors
    /// Refused with [`Code::FactorUnknown`].
    pub fn parse(text: &str) -> Result<Self> {
        match (Factor::parse(text), Uuid::parse_str(text)) {
            (Some(factor @ (Factor::Totp | Factor::Sms | Factor::Mail)), _) => Ok(Self::Factor(factor)),
            (None, Ok(id)) => Ok(Self::Passkey(id)),
            _ => Err(Error::form(Code::FactorUnknown)),
        }
    }

    fn told(self) -> (&'static str, Notice) {
        match self {
            Self::Factor(Factor::Totp) => ("totp", Notice::TotpRemoved),
            Self::Factor(Factor::Sms) => ("sms", Notice::SmsCodesRemoved),
            Self::Factor(Factor::Mail) => ("mail", Notice::MailCodesRemoved),
            Self::Factor(_) | Self::Passkey(_) => ("passkey", Notice::PasskeyRemoved),
        }
    }
}

/// Takes a factor away (`what`: see [`What::parse`]), and ends every session of the person: a device that was signed in with it may be in other hands. Whoever is left
/// with less than they must have enrols at the next sign-in, whatever days of grace they had. With the last factor go the
/// recovery codes.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, with a fault of the reason, [`Code::FactorUnknown`] for one that the person does not have,
/// [`Code::PasskeyUnknown`] for a passkey that is not theirs, or [`Code::ChangesFrozen`]: after "this wasn't me" a caller
/// may be the stranger.
pub async fn remove(desk: &Desk<'_>, person: UserId, what: &str, reason: &str) -> Result<()> {
    desk.act_on_sessions(person, async |tx, may: &May<right::FactorsRemove>, user| {
        let what = What::parse(what)?;
        let reason = Reason::parse(reason).map_err(|code| Error::field(Field::Reason, code))?;
        freeze::check(tx, person).await?;
        let before = Enrolled::of(tx, person).await?;
        let taken = match what {
            What::Factor(factor) => take_away(tx, person, factor).await?,
            What::Passkey(id) => take_passkey(tx, person, id).await?,
        };
        if !taken {
            return Err(Error::form(match what {
                What::Factor(_) => Code::FactorUnknown,
                What::Passkey(_) => Code::PasskeyUnknown,
            }));
        }
        demand_enrolment(tx, desk.platform, user).await?;
        let ended = SignedIn::end_all(tx, person).await?.to_string();
        let (was, became) = (list(before), list(Enrolled::of(tx, person).await?));
        let (name, notice) = what.told();
        let detail = [
            ("factor", name),
            ("reason", reason.as_str()),
            ("sessions_ended", ended.as_str()),
        ];
        let changes = [Change {
            field: Shown::Factors,
            was: Some(&was),
            became: Some(&became),
        }];
        let entry = Entry::by(Event::FactorRemovedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await?;
        // Not from where the operator sits: that is not the person's business.
        notify(tx, desk.platform, user, notice, &Origin::default()).await
    })
    .await
}

/// What somebody has, for the audit.
fn list(enrolled: Enrolled) -> String {
    let passkeys = enrolled.passkeys.to_string();
    let all = [
        (enrolled.passkeys > 0).then_some(format!("passkeys:{passkeys}")),
        enrolled.totp.then(|| "totp".to_owned()),
        enrolled.sms.then(|| "sms".to_owned()),
        enrolled.mail.then(|| "mail".to_owned()),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
