//! Adding a passkey to one's account. Who may is told in `ROUTES`: somebody who has just proved who they are.

use super::Passkey;
use super::ceremony::{Attestation, RelyingParty};
use super::challenge::{self, Begun, Bond, Purpose};
use crate::Result;
use crate::authentication::asker::Asker;
use crate::authentication::assurance::factor::{Enrolled, Factor};
use crate::authentication::assurance::manage;
use crate::authentication::assurance::recovery::{self, FreshCodes};
use crate::authentication::freeze;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::platform::Platform;
use crate::platform::limits::{PASSKEY, address_key};

fn bond(session: &SignedIn) -> Bond {
    Bond {
        purpose: Purpose::Add,
        holder: session.session_id,
    }
}

/// Gives a browser a challenge for a new passkey. Devices that have one already are left out.
///
/// # Errors
/// Refused with [`Code::TooManyAttempts`](crate::Code::TooManyAttempts) or [`Code::ChangesFrozen`](crate::Code::ChangesFrozen):
/// nobody's device makes a passkey that is not taken then.
pub async fn begin(platform: &Platform, session: &SignedIn, asker: &Asker) -> Result<Begun> {
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let user = session.user_id;
    freeze::check_first(platform, user).await?;
    let known = platform.db.read(async |tx| Passkey::list(tx, user).await).await?;
    let question =
        RelyingParty::of(platform).ask_to_create(user, &session.email, &session.name, &known, false)?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, bond(session), Some(user), question, asker).await)
        .await
}

/// Adds a passkey. Returns the recovery codes to show, if the person had none. Of many answers to one challenge, one is
/// looked at.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`](crate::Code::PasskeyOver), [`Code::PasskeyWrong`](crate::Code::PasskeyWrong),
/// [`Code::PasskeyTaken`](crate::Code::PasskeyTaken), [`Code::TooManyPasskeys`](crate::Code::TooManyPasskeys) or
/// [`Code::SignedOut`](crate::Code::SignedOut); [`Error::Busy`](crate::Error::Busy) when too many passwords are being hashed.
pub async fn add(
    platform: &Platform,
    session: &SignedIn,
    credential: &str,
    asker: &Asker,
) -> Result<Option<FreshCodes>> {
    let user = session.user_id;
    let attestation = Attestation::parse(credential)?;
    let (taken, enrolled) = platform
        .db
        .write(async |tx| {
            let taken = challenge::take(tx, bond(session), attestation.challenge(), asker).await?;
            Ok((taken, Enrolled::of(tx, user).await?))
        })
        .await?;
    let created = RelyingParty::of(platform).created(&attestation, &taken.state)?;
    let codes = match enrolled.recovery_codes {
        0 => Some(recovery::fresh(platform).await?),
        _ => None,
    };
    // Their other sessions have to show that they have a second factor now.
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            let person = manage::held(tx, session).await?;
            Passkey::add(tx, user, &created).await?;
            manage::added(
                tx,
                platform,
                &person,
                Factor::Passkey,
                codes.as_ref(),
                &asker.origin,
            )
            .await?;
            late_hashes(tx, user, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(codes)
}
