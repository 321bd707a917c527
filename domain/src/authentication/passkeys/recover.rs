//! A new passkey at the end of the delayed way back, in place of a new password. The ceremony is that of a sign-up: it verifies its
//! holder, because it will be the only way in. [`recover::finish`](crate::authentication::recover::finish) makes it the account's.

use uuid::Uuid;

use super::ceremony::{Attestation, Created, RelyingParty};
use super::challenge::{self, Begun, Bond, Purpose};
use crate::authentication::asker::Asker;
use crate::authentication::recover::finish;
use crate::platform::Platform;
use crate::platform::limits::{PASSKEY, address_key};
use crate::{Code, Error, Result};

fn bond(recovery: Uuid) -> Bond {
    Bond {
        purpose: Purpose::Recover,
        holder: recovery,
    }
}

/// Gives the browser that opened the link a challenge for a new passkey. Every passkey of before goes when it is taken, so none is left
/// out.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`] or [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, token: &str, asker: &Asker) -> Result<Begun> {
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let (recovery, user) = finish::fresh(platform, token).await?;
    let party = RelyingParty::of(platform);
    let question = party.ask_to_create(user.id, &user.email, &user.name, &[], true)?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, bond(recovery), Some(user.id), question, asker).await)
        .await
}

/// Takes the passkey of a recovery. Of many answers to one challenge, one is looked at.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`], [`Code::PasskeyWrong`] or [`Code::PasskeyUnverified`].
pub(in crate::authentication) async fn take(
    platform: &Platform,
    recovery: Uuid,
    credential: &str,
    asker: &Asker,
) -> Result<Created> {
    let attestation = Attestation::parse(credential)?;
    let taken = platform
        .db
        .write(async |tx| challenge::take(tx, bond(recovery), attestation.challenge(), asker).await)
        .await?;
    let created = RelyingParty::of(platform).created(&attestation, &taken.state)?;
    if !created.verified {
        return Err(Error::form(Code::PasskeyUnverified));
    }
    Ok(created)
}
