//! The passkey of the first administrator, in place of a password. It starts no session: whoever made it signs in with it next, and so
//! proves that it works.

use uuid::Uuid;

use super::challenge::{Begun, Bond, Purpose};
use super::sign_up::{self, Waiting};
use crate::authentication::asker::Asker;
use crate::authentication::set_up;
use crate::platform::Platform;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{SETUP, address_key};
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::User;
use crate::{Code, Error, Faults, Field, Result};

/// A challenge is for one link of the set-up.
fn bond(token: &str) -> Result<Bond> {
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let holder = token.hash().as_bytes().first_chunk().copied().unwrap_or_default();
    Ok(Bond {
        purpose: Purpose::SetUp,
        holder: Uuid::from_bytes(holder),
    })
}

/// Gives the browser of whoever holds the link a challenge for a passkey.
///
/// # Errors
/// Refused with what [`set_up::check`] says of the link, a fault of either field, or [`Code::TooManyAttempts`].
pub async fn begin(
    platform: &Platform,
    token: &str,
    (name, email): (&str, &str),
    asker: &Asker,
) -> Result<Begun> {
    platform.limiter.pass(&SETUP, &address_key(asker.address)).await?;
    set_up::check(platform, token).await?;
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(name));
    let email = faults.check(Field::Email, Email::parse(email));
    let (Some(name), Some(email)) = (name, email) else {
        return Err(faults.into_error());
    };
    let known = platform
        .db
        .read(async |tx| User::by_email(tx, email.key()).await)
        .await?;
    let user = known.map_or_else(
        || platform.entropy.uuid_v7(platform.clock.now()),
        |known| known.id,
    );
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
