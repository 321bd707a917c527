//! Making a passkey in the middle of a sign-in, because nothing else opens the account. It verifies its holder: from now on it is
//! the way in.

use super::factor::{Enrolled, Factor};
use super::proven::Given;
use super::recovery;
use super::sign_in_flow::{self as flow, Progress};
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::passkeys::ceremony::{Attestation, RelyingParty};
use crate::authentication::passkeys::challenge::{self, Begun, Bond, Purpose};
use crate::authentication::passkeys::{Passkey, Used};
use crate::authentication::session::{fence, fence_person, fence_replaced, late_hashes};
use crate::platform::Platform;
use crate::platform::limits::{PASSKEY, address_key};
use crate::{Code, Error, Result};

fn bond(holder: uuid::Uuid) -> Bond {
    Bond {
        purpose: Purpose::Enrol,
        holder,
    }
}

/// Gives the browser of a sign-in that waits for a passkey a challenge to make one. Devices that have one already are left out.
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::ChangesFrozen`] or [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, asker: &Asker) -> Result<Begun> {
    let (_, row, user) = flow::owing_passkey(platform, asker).await?;
    freeze::check_first(platform, user.id).await?;
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let known = platform
        .db
        .read(async |tx| Passkey::list(tx, user.id).await)
        .await?;
    let party = RelyingParty::of(platform);
    let question = party.ask_to_create(user.id, &user.email, &user.name, &known, true)?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, bond(row.id), Some(user.id), question, asker).await)
        .await
}

/// Takes the passkey, and lets its owner in. Of many answers to one challenge, one is looked at.
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::ChangesFrozen`], [`Code::PasskeyOver`], [`Code::PasskeyWrong`],
/// [`Code::PasskeyUnverified`], [`Code::PasskeyTaken`] or [`Code::TooManyPasskeys`]; [`Error::Busy`] when too many passwords are
/// being hashed.
pub async fn enrol(platform: &Platform, credential: &str, asker: &Asker) -> Result<Progress> {
    let (token, row, user) = flow::owing_passkey(platform, asker).await?;
    freeze::check_first(platform, user.id).await?;
    let attestation = Attestation::parse(credential)?;
    let (taken, enrolled) = platform
        .db
        .write(async |tx| {
            let taken = challenge::take(tx, bond(row.id), attestation.challenge(), asker).await?;
            Ok((taken, Enrolled::of(tx, user.id).await?))
        })
        .await?;
    let created = RelyingParty::of(platform).created(&attestation, &taken.state)?;
    if !created.verified {
        return Err(Error::form(Code::PasskeyUnverified));
    }
    let codes = match enrolled.recovery_codes {
        0 => Some(recovery::fresh(platform).await?),
        _ => None,
    };
    // Their other sessions have to show that they have a passkey now.
    let fenced = fence_person(platform, user.id).await?;
    fence_replaced(platform, asker).await?;
    let (step, late) = platform
        .db
        .write(async |tx| {
            row.hold(tx, &user).await?;
            freeze::check(tx, user.id).await?;
            Passkey::add(tx, user.id, &created).await?;
            let given = Given::passkey(&Used::made(user.id, &created, &taken.used));
            let origin = &asker.origin;
            super::manage::added(tx, platform, &user, Factor::Passkey, codes.as_ref(), origin).await?;
            let step = row
                .go_on(tx, platform, &token, user.clone(), given, false, asker)
                .await?;
            Ok((step, late_hashes(tx, user.id, &fenced).await?))
        })
        .await?;
    fence(platform, &late).await;
    Ok(row.progress(step, codes))
}
