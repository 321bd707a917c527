//! The passkeys of whoever is signed in: names, and taking one away.

use uuid::Uuid;

use super::Passkey;
use super::row::LONGEST_NAME;
use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::assurance::factor::{Enrolled, Factor};
use crate::authentication::assurance::policy::Policy;
use crate::authentication::assurance::{failures, manage, recovery, trusted};
use crate::authentication::password::StoredPassword;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::notification::message::Notice;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::name::Name;
use crate::users::user::UserId;
use crate::{Code, Error, Result};

/// How somebody gets in.
#[derive(Debug, Clone)]
pub struct WaysIn {
    /// Their passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// They have a password.
    pub password: bool,
}

impl WaysIn {
    /// The ways of a person.
    pub async fn of(tx: &mut Tx, user: UserId) -> Result<Self> {
        Ok(Self {
            passkeys: Passkey::list(tx, user).await?,
            password: StoredPassword::of(tx, user).await?.is_some(),
        })
    }

    /// Whether somebody could still sign in without this passkey: with a password, or with another one that lets in alone.
    pub fn may_lose(&self, id: Uuid) -> bool {
        self.password || self.passkeys.iter().any(|other| other.id != id && other.verifies)
    }
}

fn unknown() -> Error {
    Error::form(Code::PasskeyUnknown)
}

fn read_id(id: &str) -> Result<Uuid> {
    Uuid::parse_str(id.trim()).map_err(|_| unknown())
}

/// Gives a passkey another name.
///
/// # Errors
/// Refused with [`Code::PasskeyNameInvalid`], [`Code::ChangesFrozen`], or [`Code::PasskeyUnknown`] for an id that is nobody's or another
/// person's: never told apart.
pub async fn rename(
    platform: &Platform,
    session: &SignedIn,
    id: &str,
    name: &str,
    origin: &Origin,
) -> Result<()> {
    let id = read_id(id)?;
    let name = Name::parse(name)
        .ok()
        .filter(|name| name.as_str().chars().count() <= LONGEST_NAME)
        .ok_or_else(|| Error::form(Code::PasskeyNameInvalid))?;
    platform
        .db
        .write(async |tx| {
            // A name says which passkey is whose: whoever is inside must not pass theirs off as the owner's.
            manage::held(tx, session).await?;
            if !Passkey::rename(tx, session.user_id, id, name.as_str()).await? {
                return Err(unknown());
            }
            tx.audit(
                Entry::own(Event::PasskeyRenamed, session.user_id, origin).in_session(session.session_id),
            )
            .await
        })
        .await
}

/// Takes a passkey away. With the last factor go the recovery codes.
///
/// # Errors
/// Refused with [`Code::PasskeyUnknown`] for an id that is nobody's or another person's: never told apart;
/// [`Code::LastWayIn`]; [`Code::FactorRequired`] when the person would have less than they must (ASVS 6.4.4).
pub async fn remove(platform: &Platform, session: &SignedIn, id: &str, origin: &Origin) -> Result<()> {
    let id = read_id(id)?;
    let user = session.user_id;
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            let person = manage::held(tx, session).await?;
            // Held: of two passkeys that are taken away at once, the second one is the last.
            let ways = WaysIn::of(tx, user).await?;
            if !ways.passkeys.iter().any(|passkey| passkey.id == id) {
                return Err(unknown());
            }
            if !ways.may_lose(id) {
                return Err(Error::form(Code::LastWayIn));
            }
            let enrolled = Enrolled::of(tx, user).await?;
            let left = Enrolled {
                passkeys: enrolled.passkeys - 1,
                ..enrolled
            };
            let policy = Policy::of(&platform.settings().second_factor, session.demand());
            if !policy.is_met_by(left) {
                return Err(Error::form(Code::FactorRequired));
            }
            if !Passkey::remove(tx, user, id).await? {
                return Err(unknown());
            }
            if left.passkeys == 0 {
                failures::clear(tx, user, Factor::Passkey).await?;
            }
            if !left.any() {
                recovery::remove(tx, user).await?;
            }
            trusted::forget_all(tx, user).await?;
            tx.audit(Entry::own(Event::PasskeyRemoved, user, origin).in_session(session.session_id))
                .await?;
            notify(tx, platform, &person, Notice::PasskeyRemoved, origin).await?;
            late_hashes(tx, user, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(())
}
