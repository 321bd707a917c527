//! Signing up with a passkey in place of a password. It is kept with the sign-up until the address is proven, and becomes
//! the account's only in the browser that made it: see [`sign_up`](crate::authentication::sign_up). It starts no session:
//! whoever has proved the address signs in with it next, and so proves that it works.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Passkey;
use super::ceremony::{Attestation, Created, RelyingParty};
use super::challenge::{self, Begun, Bond, Purpose};
use crate::authentication::asker::Asker;
use crate::authentication::sign_up;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::{PASSKEY, address_key};
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::UserId;
use crate::{Code, Error, Faults, Field, Result};

const BOND: Bond = Bond {
    purpose: Purpose::SignUp,
    holder: Uuid::nil(),
};

/// What is kept with a challenge.
#[derive(Serialize, Deserialize)]
struct Asked {
    user: UserId,
    state: String,
}

/// A passkey that waits for its account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::authentication) struct Waiting {
    /// The id that the account will have: the passkey knows its holder by it.
    pub user: UserId,
    created: Created,
}

/// Gives a browser a challenge for the passkey of a new account. It is the same for a known and an unknown address.
///
/// # Errors
/// Refused with a fault of either field, [`Code::SignUpClosed`] or [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, name: &str, email: &str, asker: &Asker) -> Result<Begun> {
    let settings = platform.settings();
    settings.check_sign_up()?;
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(name));
    let email = faults.check(Field::Email, sign_up::address(&settings, email));
    let (Some(name), Some(email)) = (name, email) else {
        return Err(faults.into_error());
    };
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let user = platform.entropy.uuid_v7(platform.clock.now());
    ask(platform, BOND, user, (&email, &name), asker).await
}

/// Asks for a passkey of an account that is not there yet, and keeps the id that it will have with the challenge.
pub(super) async fn ask(
    platform: &Platform,
    bond: Bond,
    user: UserId,
    (email, name): (&Email, &Name),
    asker: &Asker,
) -> Result<Begun> {
    let mut question =
        RelyingParty::of(platform).ask_to_create(user, email.as_str(), name.as_str(), &[], true)?;
    let asked = Asked {
        user,
        state: question.state,
    };
    question.state = to_json(&asked)?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, bond, None, question, asker).await)
        .await
}

/// Takes the passkey of a sign-up.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`], [`Code::PasskeyWrong`] or [`Code::PasskeyUnverified`].
pub(in crate::authentication) async fn take(
    platform: &Platform,
    credential: &str,
    asker: &Asker,
) -> Result<Waiting> {
    answered(platform, BOND, credential, asker).await
}

/// Takes the answer to [`ask`].
pub(super) async fn answered(
    platform: &Platform,
    bond: Bond,
    credential: &str,
    asker: &Asker,
) -> Result<Waiting> {
    let attestation = Attestation::parse(credential)?;
    let taken = platform
        .db
        .write(async |tx| challenge::take(tx, bond, attestation.challenge(), asker).await)
        .await?;
    let asked: Asked = serde_json::from_str(&taken.state).map_err(broken)?;
    let created = RelyingParty::of(platform).created(&attestation, &asked.state)?;
    // It will be the only way in.
    if !created.verified {
        return Err(Error::form(Code::PasskeyUnverified));
    }
    Ok(Waiting {
        user: asked.user,
        created,
    })
}

impl Waiting {
    /// As the sign-up's row keeps it.
    pub fn to_text(&self) -> Result<String> {
        to_json(self)
    }

    /// What a sign-up's row keeps.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(broken)
    }

    /// Makes it the account's.
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyTaken`].
    pub async fn set(&self, tx: &mut Tx) -> Result<()> {
        Passkey::add(tx, self.user, &self.created).await
    }
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(broken)
}

fn broken(error: serde_json::Error) -> Error {
    Error::Internal(format!("a passkey of a sign-up: {error}"))
}
