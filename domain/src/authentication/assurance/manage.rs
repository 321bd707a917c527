//! A person's second factors: adding and removing them. Who may is told in `ROUTES`: somebody who has just proved who they
//! are, with their second factor if they have one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::factor::{Aal, Enrolled, Factor};
use super::policy::Policy;
use super::proven::Given;
use super::recovery::{self, FreshCodes};
use super::trusted::{self, TrustedDevice};
use super::{added_twice, grace_of, phone, sent_code, totp};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::local_path::LocalPath;
use crate::authentication::passkeys::Passkey;
use crate::authentication::passkeys::manage::WaysIn;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SessionToken, SignedIn, fence, fence_person, late_hashes};
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result};

/// What a person has, for their page.
pub struct Overview {
    /// Since when they have an authenticator app.
    pub totp_since: Option<DateTime<Utc>>,
    /// Their telephone for codes: its number, masked, and since when.
    pub phone: Option<(String, DateTime<Utc>)>,
    /// Whether codes go out as text messages here.
    pub sms_is_on: bool,
    /// Their passkeys, and whether they have a password.
    pub ways_in: WaysIn,
    /// What else they have.
    pub enrolled: Enrolled,
    /// What is asked of them.
    pub policy: Policy,
    /// Until when they get in without what is asked of them.
    pub grace_until: Option<DateTime<Utc>>,
    /// Browsers that are not asked.
    pub trusted: Vec<TrustedDevice>,
}

impl Overview {
    /// Whether the person may do without a factor that they have.
    pub fn may_remove(&self, factor: Factor) -> bool {
        self.policy.is_met_by(self.enrolled.without(factor))
    }

    /// Whether the person may do without this passkey.
    pub fn may_remove_passkey(&self, id: Uuid) -> bool {
        let left = Enrolled {
            passkeys: self.enrolled.passkeys - 1,
            ..self.enrolled
        };
        self.ways_in.may_lose(id) && self.policy.is_met_by(left)
    }

    /// Whether there is something that the person must still do.
    pub fn is_short(&self) -> bool {
        !self.policy.is_met_by(self.enrolled)
    }

    /// Whether codes that are sent would be worth adding: not where they count for too little.
    pub fn may_add_sent(&self) -> bool {
        self.policy.allows_adding() && self.policy.least() == Aal::One
    }
}

/// What a person has.
pub async fn overview(platform: &Platform, session: &SignedIn) -> Result<Overview> {
    let user = session.user_id;
    platform
        .db
        .read(async |tx| {
            Ok(Overview {
                ways_in: WaysIn::of(tx, user).await?,
                totp_since: totp::added_at(tx, user).await?,
                phone: phone::of(tx, user)
                    .await?
                    .map(|phone| (phone.number.masked(), phone.added_at)),
                sms_is_on: platform.config.sms.is_on(),
                enrolled: Enrolled::of(tx, user).await?,
                policy: policy(platform, session),
                grace_until: grace_of(tx, user, policy(platform, session)).await?,
                trusted: trusted::list(tx, user).await?,
            })
        })
        .await
}

/// What a person still owes.
pub struct Shortfall {
    /// Until when they get in without it.
    pub grace_until: Option<DateTime<Utc>>,
    /// It is a passkey: nothing else will let them in.
    pub passkey: bool,
}

/// Whether a person lacks a second factor that they must have. Most need none: then nothing is read.
pub async fn shortfall(tx: &mut Tx, platform: &Platform, session: &SignedIn) -> Result<Option<Shortfall>> {
    let (policy, user) = (policy(platform, session), session.user_id);
    if policy.grace().is_none() || policy.is_met_by(Enrolled::of(tx, user).await?) {
        return Ok(None);
    }
    Ok(Some(Shortfall {
        grace_until: grace_of(tx, user, policy).await?,
        passkey: policy.is_passkey_only(),
    }))
}

pub(super) fn policy(platform: &Platform, session: &SignedIn) -> Policy {
    Policy::of(&platform.settings().second_factor, session.demand())
}

/// After an app or a telephone was added.
pub struct Added {
    /// The session's new token.
    pub token: SessionToken,
    /// The session as it is now.
    pub session: SignedIn,
    /// The codes to show, if the person had none.
    pub codes: Option<FreshCodes>,
}

/// Adds a factor that was proven in this session: `confirm` makes it the person's, and says that it was given. The session shows it
/// from now on, by a new token; their others with their next request. `mark`: the form that it came with, for
/// [`or_before`](added_twice::or_before).
pub(super) async fn add<F>(
    platform: &Platform,
    session: &SignedIn,
    factor: Factor,
    enrolled: Enrolled,
    asker: &Asker,
    mark: Mark,
    confirm: F,
) -> Result<Added>
where
    F: AsyncFnOnce(&mut Tx) -> Result<Given>,
{
    let codes = match enrolled.recovery_codes {
        0 => Some(recovery::fresh(platform).await?),
        _ => None,
    };
    let user = session.user_id;
    let fenced = fence_person(platform, user).await?;
    let (renewed, late) = platform
        .db
        .write(async |tx| {
            let person = held(tx, session).await?;
            let given = confirm(tx).await?;
            added(tx, platform, &person, factor, codes.as_ref(), &asker.origin).await?;
            let renewed = session.renew(tx, Some(given)).await?;
            let renewed = renewed.ok_or_else(|| Error::form(Code::SignedOut))?;
            let led_to = codes
                .as_ref()
                .and_then(|_| LocalPath::parse(added_twice::CODES_PAGE));
            mark.note_session(tx, session, led_to.as_ref()).await?;
            Ok((renewed, late_hashes(tx, user, &fenced).await?))
        })
        .await?;
    fence(platform, &late).await;
    let (token, session) = renewed;
    Ok(Added {
        token,
        session,
        codes,
    })
}

/// Wants to be asked for codes by mail from now on. Returns the recovery codes to show, if the person had none.
///
/// # Errors
/// Refused with [`Code::FactorOff`]; [`Error::Busy`].
pub async fn add_mail(
    platform: &Platform,
    session: &SignedIn,
    origin: &Origin,
) -> Result<Option<FreshCodes>> {
    check_adding(platform, session)?;
    let user = session.user_id;
    let enrolled = platform.db.read(async |tx| Enrolled::of(tx, user).await).await?;
    if enrolled.mail {
        return Ok(None);
    }
    let codes = match enrolled.recovery_codes {
        0 => Some(recovery::fresh(platform).await?),
        _ => None,
    };
    let fenced = fence_person(platform, user).await?;
    let (is_new, late) = platform
        .db
        .write(async |tx| {
            let person = held(tx, session).await?;
            let is_new = sent_code::switch_mail(tx, user, true).await?;
            if is_new {
                added(tx, platform, &person, Factor::Mail, codes.as_ref(), origin).await?;
            }
            Ok((is_new, late_hashes(tx, user, &fenced).await?))
        })
        .await?;
    fence(platform, &late).await;
    Ok(codes.filter(|_| is_new))
}

/// What belongs to adding a factor: recovery codes if there were none, the end of remembered browsers, the audit, the mail.
pub(in crate::authentication) async fn added(
    tx: &mut Tx,
    platform: &Platform,
    person: &User,
    factor: Factor,
    codes: Option<&FreshCodes>,
    origin: &Origin,
) -> Result<()> {
    let (event, notice) = match factor {
        Factor::Passkey => (Event::PasskeyAdded, Notice::PasskeyAdded),
        Factor::Totp => (Event::TotpAdded, Notice::TotpAdded),
        Factor::Sms => (Event::SmsCodesAdded, Notice::SmsCodesAdded),
        Factor::Mail => (Event::MailCodesAdded, Notice::MailCodesAdded),
        Factor::Recovery => (Event::RecoveryCodesMade, Notice::RecoveryCodesMade),
    };
    if let Some(codes) = codes {
        codes.set(tx, person.id).await?;
        if factor != Factor::Recovery {
            tx.audit(Entry::own(Event::RecoveryCodesMade, person.id, origin))
                .await?;
        }
    }
    trusted::forget_all(tx, person.id).await?;
    tx.audit(Entry::own(event, person.id, origin)).await?;
    notify(tx, platform, person, notice, origin).await
}

/// Takes an authenticator app, the telephone for codes, or codes by mail away. With the last factor go the recovery codes. Safe to repeat.
///
/// # Errors
/// Refused with [`Code::FactorRequired`] when the person would have less than they must (ASVS 6.4.4).
pub async fn remove(platform: &Platform, session: &SignedIn, factor: Factor, origin: &Origin) -> Result<()> {
    let user = session.user_id;
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            let person = held(tx, session).await?;
            let left = Enrolled::of(tx, user).await?.without(factor);
            if !policy(platform, session).is_met_by(left) {
                return Err(Error::form(Code::FactorRequired));
            }
            let (was_there, event, notice) = match factor {
                Factor::Totp => {
                    let was_there = totp::remove(tx, user).await?;
                    (was_there, Event::TotpRemoved, Notice::TotpRemoved)
                }
                Factor::Sms => {
                    let was_there = phone::remove(tx, user).await?;
                    (was_there, Event::SmsCodesRemoved, Notice::SmsCodesRemoved)
                }
                Factor::Mail => {
                    let was_there = sent_code::switch_mail(tx, user, false).await?;
                    (was_there, Event::MailCodesRemoved, Notice::MailCodesRemoved)
                }
                // Passkeys go one by one: `passkeys::manage`. Recovery codes go with the last factor, and are made anew.
                Factor::Passkey | Factor::Recovery => return Err(Error::form(Code::FactorUnknown)),
            };
            if was_there {
                super::failures::clear(tx, user, factor).await?;
                if !left.any() {
                    recovery::remove(tx, user).await?;
                }
                trusted::forget_all(tx, user).await?;
                tx.audit(Entry::own(event, user, origin).in_session(session.session_id))
                    .await?;
                notify(tx, platform, &person, notice, origin).await?;
            }
            late_hashes(tx, user, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(())
}

/// Takes every second factor of a person away, for an operator who has made sure of them: with the recovery codes, the wrong
/// answers, and what was being added. `false`: there was none.
pub async fn clear(tx: &mut Tx, platform: &Platform, person: &User, origin: &Origin) -> Result<bool> {
    if !remove_all(tx, person.id).await?.any() {
        return Ok(false);
    }
    tx.audit(Entry::about(Event::FactorsCleared, Some(person.id), origin))
        .await?;
    notify(tx, platform, person, Notice::FactorsCleared, origin).await?;
    Ok(true)
}

/// Takes everything of a person away that is more than the password, and says what they had: the factors, the recovery codes, the
/// wrong answers, the browsers that are not asked. What can be enrolled goes here too, whoever asks for it: an operator, or the
/// end of a recovery.
pub(in crate::authentication) async fn remove_all(tx: &mut Tx, user: UserId) -> Result<Enrolled> {
    let enrolled = Enrolled::of(tx, user).await?;
    Passkey::remove_all(tx, user).await?;
    totp::remove(tx, user).await?;
    phone::remove(tx, user).await?;
    sent_code::switch_mail(tx, user, false).await?;
    recovery::remove(tx, user).await?;
    for factor in Factor::ALL {
        super::failures::clear(tx, user, factor).await?;
    }
    trusted::forget_all(tx, user).await?;
    Ok(enrolled)
}

/// Makes a new set of recovery codes; those of before stop working.
///
/// # Errors
/// Refused with [`Code::FactorRequired`] for somebody without a second factor; [`Error::Busy`].
pub async fn renew_codes(platform: &Platform, session: &SignedIn, origin: &Origin) -> Result<FreshCodes> {
    let codes = recovery::fresh(platform).await?;
    platform
        .db
        .write(async |tx| {
            let person = held(tx, session).await?;
            if !Enrolled::of(tx, person.id).await?.any() {
                return Err(Error::form(Code::FactorUnknown));
            }
            super::failures::clear(tx, person.id, Factor::Recovery).await?;
            added(tx, platform, &person, Factor::Recovery, Some(&codes), origin).await
        })
        .await?;
    Ok(codes)
}

/// Asks in this browser again from now on.
///
/// # Errors
/// Refused with [`Code::SessionUnknown`] for an id that is nobody's or another person's: never told apart.
pub async fn end_trust(platform: &Platform, session: &SignedIn, id: &str, origin: &Origin) -> Result<()> {
    let unknown = || Error::form(Code::SessionUnknown);
    let id = Uuid::parse_str(id.trim()).map_err(|_| unknown())?;
    platform
        .db
        .write(async |tx| {
            if !trusted::end(tx, session.user_id, id).await? {
                return Err(unknown());
            }
            tx.audit(
                Entry::own(Event::DeviceTrustEnded, session.user_id, origin).in_session(session.session_id),
            )
            .await
        })
        .await
}

pub(super) fn check_adding(platform: &Platform, session: &SignedIn) -> Result<()> {
    if policy(platform, session).allows_adding() {
        Ok(())
    } else {
        Err(Error::form(Code::FactorOff))
    }
}

pub(super) async fn person(tx: &mut Tx, session: &SignedIn) -> Result<User> {
    let user = User::by_id(tx, session.user_id).await?;
    user.ok_or_else(|| Error::form(Code::SignedOut))
}

/// The person, held until the end of the transaction: of two changes of their factors one comes after the other. Every change
/// of the factors begins with it, so none goes past the freeze.
///
/// # Errors
/// Refused with [`Code::SignedOut`] or [`Code::ChangesFrozen`].
pub(in crate::authentication) async fn held(tx: &mut Tx, session: &SignedIn) -> Result<User> {
    let user = person(tx, session).await?;
    if !user.hold_unlocked(tx).await? {
        return Err(Error::form(Code::SignedOut));
    }
    freeze::check(tx, user.id).await?;
    Ok(user)
}
