//! The offer of a passkey after somebody signed in with a password: once, calm, and gone for good when they decline.
//! [`Overview`](crate::users::overview::Overview) says whether it is due.

use chrono::{DateTime, Utc};

use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::One;
use crate::{Result, sql};

/// Offers none any more. Safe to repeat.
pub async fn decline(platform: &Platform, session: &SignedIn) -> Result<()> {
    let user = session.user_id;
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            sql!(tx, execute
                "update users set passkey_offer_declined_at = $1 where id = $2 and passkey_offer_declined_at is null", now, user)?;
            Ok(())
        })
        .await
}

/// When the person declined, for their copy of their data.
pub(crate) async fn declined_at(
    tx: &mut crate::platform::db::Tx,
    user: crate::users::user::UserId,
) -> Result<Option<DateTime<Utc>>> {
    let found = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>,
        "select passkey_offer_declined_at from users where id = $1", user)?;
    Ok(found.and_then(|(at,)| at))
}
