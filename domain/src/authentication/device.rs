//! Browsers that signed in to an account before, known by a long-lived cookie that gives no rights: it only keeps an
//! attacker's failures apart from the owner's (see [`crate::authentication::throttle`]).

use crate::platform::db::{One, Tx};
use crate::platform::keys::TokenHash;
use crate::users::user::UserId;
use crate::{Result, sql};

/// True when this browser signed in to the account before.
pub async fn is_known(tx: &mut Tx, device: TokenHash, user: UserId) -> Result<bool> {
    let found = sql!(
        tx,
        fetch_optional One<i64>,
        "select cast(1 as bigint) from known_devices where token_hash = $1 and user_id = $2",
        device.as_bytes(),
        user
    )?;
    Ok(found.is_some())
}

/// True when this browser signed in to any account before.
pub async fn is_ours(tx: &mut Tx, device: TokenHash) -> Result<bool> {
    let found = sql!(tx, fetch_optional One<i64>,
        "select cast(1 as bigint) from known_devices where token_hash = $1 limit 1", device.as_bytes())?;
    Ok(found.is_some())
}

/// Forgets every browser of an account.
pub async fn forget_all(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "delete from known_devices where user_id = $1", user)?;
    Ok(())
}

/// Notes that this browser signed in to the account.
pub async fn remember(tx: &mut Tx, device: TokenHash, user: UserId) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute
        "insert into known_devices (token_hash, user_id, created_at, last_seen_at) values ($1, $2, $3, $3)
         on conflict (token_hash, user_id) do update set last_seen_at = excluded.last_seen_at",
        device.as_bytes(), user, now)?;
    Ok(())
}
