//! The offer of a passkey after somebody signed in with a password: once, calm, and gone for good when they decline.

use chrono::{DateTime, Utc};

use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::One;
use crate::{Result, sql};

/// Whether to offer one: whoever signed in with a password, has none, did not decline, and may change something now.
pub async fn is_due(platform: &Platform, session: &SignedIn) -> Result<bool> {
    if !session.amr.split(' ').any(|value| value == "pwd") {
        return Ok(false);
    }
    let user = session.user_id;
    platform
        .db
        .read(async |tx| {
            let now = tx.now();
            let found = sql!(tx, fetch_optional One<i64>,
                "select (select count(*) from passkeys p where p.user_id = u.id) from users u
                 where u.id = $1 and passkey_offer_declined_at is null and (frozen_until is null or frozen_until <= $2)",
                user, now)?;
            Ok(found == Some((0,)))
        })
        .await
}

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
