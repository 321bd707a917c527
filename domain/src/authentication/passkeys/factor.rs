//! A passkey as a second factor, at a sign-in in progress or at `/confirm`: the challenge. Its answer goes the way of every
//! second factor, through [`answer`](crate::authentication::assurance::answer).

use uuid::Uuid;

use super::ceremony::{Assertion, RelyingParty};
use super::challenge::{self, Begun, Bond, Purpose, Taken};
use super::{Checked, Passkey};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::sign_in_flow;
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::{PASSKEY, address_key};
use crate::users::user::UserId;
use crate::{Code, Error, Result};

fn bond(holder: Uuid) -> Bond {
    Bond {
        purpose: Purpose::Factor,
        holder,
    }
}

/// Gives the browser of a sign-in in progress a challenge for the person's passkeys.
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::FactorUnknown`] or [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, asker: &Asker) -> Result<Begun> {
    let (holder, user) = sign_in_flow::asked_for_passkey(platform, asker).await?;
    ask(platform, holder, user, asker).await
}

/// The same for whoever is signed in, at `/confirm`.
///
/// # Errors
/// Refused with [`Code::FactorUnknown`] or [`Code::TooManyAttempts`].
pub async fn begin_again(platform: &Platform, session: &SignedIn, asker: &Asker) -> Result<Begun> {
    ask(platform, session.session_id, session.user_id, asker).await
}

async fn ask(platform: &Platform, holder: Uuid, user: UserId, asker: &Asker) -> Result<Begun> {
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let passkeys = platform.db.read(async |tx| Passkey::list(tx, user).await).await?;
    if passkeys.is_empty() {
        return Err(Error::form(Code::FactorUnknown));
    }
    let question = RelyingParty::of(platform).ask_to_sign(&passkeys)?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, bond(holder), Some(user), question, asker).await)
        .await
}

/// What an attempt found to compare with: the challenge, used up, and the passkey, if it is the person's.
pub(in crate::authentication) struct Found {
    taken: Taken,
    passkey: Option<Passkey>,
}

/// Uses the challenge up and finds the passkey.
///
/// # Errors
/// As [`challenge::take`] says.
pub(in crate::authentication) async fn find(
    tx: &mut Tx,
    user: UserId,
    holder: Uuid,
    assertion: &Assertion,
    asker: &Asker,
) -> Result<Found> {
    let taken = challenge::take(tx, bond(holder), assertion.challenge(), asker).await?;
    let passkey = Passkey::by_credential(tx, assertion.credential_id())
        .await?
        .filter(|passkey| passkey.user_id == user && assertion.is_of(user) != Some(false));
    Ok(Found { taken, passkey })
}

impl Found {
    /// Looks at the answer. `None`: it is wrong.
    pub fn check(self, platform: &Platform, assertion: &Assertion) -> Result<Option<Checked>> {
        let Some(passkey) = self.passkey else {
            return Ok(None);
        };
        match RelyingParty::of(platform).signed(assertion, &self.taken.state, &passkey) {
            Ok(signed) => Ok(Some(Checked::of(passkey, signed, &self.taken.used))),
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
