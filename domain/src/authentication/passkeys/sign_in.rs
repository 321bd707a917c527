//! Signing in with a passkey and nothing else: the browser says which, and the passkey who (WebAuthn level 3 §7.2).

use uuid::Uuid;

use super::ceremony::{Assertion, RelyingParty};
use super::challenge::{self, Begun, Bond, Purpose};
use super::{Checked, Passkey};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::Proven;
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::local_path::LocalPath;
use crate::authentication::proof::count;
use crate::authentication::session::fence_replaced;
use crate::platform::Platform;
use crate::platform::limits::{PASSKEY, SIGN_IN, address_key};
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result};

const BOND: Bond = Bond {
    purpose: Purpose::SignIn,
    holder: Uuid::nil(),
};

/// Gives a browser a challenge. It is the same for everybody: nobody has said who they are.
///
/// # Errors
/// Refused with [`Code::TooManyAttempts`].
pub async fn begin(platform: &Platform, asker: &Asker) -> Result<Begun> {
    platform
        .limiter
        .pass(&PASSKEY, &address_key(asker.address))
        .await?;
    let question = RelyingParty::of(&platform.config).ask_to_sign(&[])?;
    platform
        .db
        .write(async |tx| challenge::keep(tx, BOND, None, question, asker).await)
        .await
}

/// What came with the form and its request.
pub struct Answer {
    /// `AuthenticationResponseJSON`.
    pub credential: String,
    /// Stay signed in on this device.
    pub remember: bool,
    /// Beside the account that the browser is in.
    pub beside: bool,
    /// Where to go once signed in.
    pub next: Option<LocalPath>,
    /// Who asks.
    pub asker: Asker,
}

/// Signs somebody in. Of many answers to one challenge, one is looked at.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`], [`Code::PasskeyWrong`], [`Code::PasskeyUnverified`] (it is right, and did not
/// verify its holder: a second factor, and no first one) or [`Code::TooManyAttempts`].
pub async fn sign_in(platform: &Platform, answer: Answer) -> Result<Step> {
    let Answer {
        credential,
        remember,
        beside,
        next,
        asker,
    } = answer;
    platform
        .limiter
        .pass(&SIGN_IN, &address_key(asker.address))
        .await?;
    let assertion = Assertion::parse(&credential)?;
    let (taken, passkey) = platform
        .db
        .write(async |tx| {
            let taken = challenge::take(tx, BOND, assertion.challenge(), &asker).await?;
            let passkey = Passkey::by_credential(tx, assertion.credential_id()).await?;
            Ok((taken, passkey))
        })
        .await?;
    // The device must name its holder, and it must be the owner of the row.
    let owner = passkey.as_ref().map(|passkey| passkey.user_id);
    let Some(passkey) = passkey.filter(|passkey| assertion.is_of(passkey.user_id) == Some(true)) else {
        return Err(wrong(platform, owner, &asker.origin, Code::PasskeyWrong).await?);
    };
    let signed = match RelyingParty::of(&platform.config).signed(&assertion, &taken.state, &passkey) {
        Ok(signed) => signed,
        Err(Error::Refused(_)) => {
            return Err(wrong(platform, owner, &asker.origin, Code::PasskeyWrong).await?);
        }
        Err(error) => return Err(error),
    };
    if !signed.verified {
        return Err(wrong(platform, owner, &asker.origin, Code::PasskeyUnverified).await?);
    }
    let checked = Checked::of(passkey, signed, &taken.used);
    fence_replaced(platform, &asker).await?;
    let step = platform
        .db
        .write(async |tx| {
            let Some(user) = User::by_id(tx, checked.user()).await? else {
                return Ok(None);
            };
            if !user.hold_unlocked(tx).await? {
                return Ok(None);
            }
            let Some(used) = checked.use_up(tx, platform, &user, &asker.origin).await? else {
                return Ok(None);
            };
            let Some(proven) = Proven::passkey(user, &used) else {
                return Ok(None);
            };
            let arrival = Arrival {
                remember,
                beside,
                is_first: false,
                next: next.as_ref(),
                asker: &asker,
            };
            enter_or_ask(tx, platform, proven, &arrival).await.map(Some)
        })
        .await?;
    let Some(step) = step else {
        return Err(wrong(platform, owner, &asker.origin, Code::PasskeyWrong).await?);
    };
    if matches!(step, Step::Entered(_)) {
        count("succeeded");
    }
    Ok(step)
}

/// Writes down an answer that was refused, and says so.
async fn wrong(platform: &Platform, subject: Option<UserId>, origin: &Origin, code: Code) -> Result<Error> {
    platform
        .db
        .write(async |tx| {
            let detail = [("because", code.as_str())];
            tx.audit(Entry::about(Event::PasskeyRefused, subject, origin).with(&detail))
                .await
        })
        .await?;
    count("refused");
    Ok(Error::form(code))
}
