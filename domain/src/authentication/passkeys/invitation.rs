//! The passkey of somebody who accepts an invitation, in place of a password. It starts no session: whoever made it signs in with it
//! next, and so proves that it works.

use uuid::Uuid;

use super::challenge::{Begun, Bond, Purpose};
use super::sign_up::{self, Waiting};
use crate::authentication::asker::Asker;
use crate::authentication::invitation::accept;
use crate::platform::Platform;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{PASSKEY, address_key};
use crate::users::name::Name;
use crate::{Code, Error, Field, Result};

/// A challenge is for one link.
fn bond(token: &str) -> Result<Bond> {
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let holder = token.hash().as_bytes().first_chunk().copied().unwrap_or_default();
    Ok(Bond {
        purpose: Purpose::Invitation,
        holder: Uuid::from_bytes(holder),
    })
}

/// Gives the browser of whoever holds the link a challenge for a passkey.
///
/// # Errors
/// Refused with what [`accept::complete`] says of the link and the address, a fault of the name, or [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, token: &str, name: &str, asker: &Asker) -> Result<Begun> {
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let email = accept::address_of(platform, token).await?;
    let name = Name::parse(name).map_err(|code| Error::field(Field::Name, code))?;
    let user = platform.entropy.uuid_v7(platform.clock.now());
    sign_up::ask(platform, bond(token)?, user, (&email, &name), asker).await
}

/// Takes the passkey.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`], [`Code::PasskeyWrong`] or [`Code::PasskeyUnverified`].
pub(in crate::authentication) async fn take(
    platform: &Platform,
    token: &str,
    credential: &str,
    asker: &Asker,
) -> Result<Waiting> {
    sign_up::answered(platform, bond(token)?, credential, asker).await
}
