//! Browsers that are not asked for the second factor for some time. Such a session is AAL1, and a sensitive change asks for
//! the factor all the same; administrators are always asked.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::authentication::asker::Asker;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::users::user::UserId;
use crate::{Result, sql};

/// How long a browser is not asked.
pub const LIFE: Duration = Duration::days(30);
/// How many the list shows.
const SHOWN: i64 = 100;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TrustedDevice {
    /// No secret.
    pub id: Uuid,
    /// The browser, as it named itself.
    pub user_agent: String,
    /// When it was last let in without the factor.
    pub last_used_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Whether this browser is one of the person's; noted as a use.
pub(super) async fn take(tx: &mut Tx, user: UserId, asker: &Asker) -> Result<bool> {
    let Some(token) = &asker.trusted else {
        return Ok(false);
    };
    let now = tx.now();
    let found = sql!(tx, execute
        "update trusted_devices set last_used_at = $1 where token_hash = $2 and user_id = $3 and expires_at > $1",
        now, token.hash().as_bytes(), user)?;
    Ok(found == 1)
}

/// Makes this browser one of the person's, and gives what its cookie gets.
pub(super) async fn add(tx: &mut Tx, user: UserId, asker: &Asker) -> Result<PlainToken> {
    // A browser has one token for all its people. One that nobody has was made up by the browser, not by us.
    let token = match &asker.trusted {
        Some(token) if is_ours(tx, token).await? => token.clone(),
        _ => PlainToken::generate(tx.entropy()),
    };
    let (id, now) = (tx.new_id(), tx.now());
    sql!(tx, execute
        "insert into trusted_devices (id, user_id, token_hash, user_agent, created_at, last_used_at, expires_at)
         values ($1, $2, $3, $4, $5, $5, $6)
         on conflict (token_hash, user_id) do update set id = excluded.id, user_agent = excluded.user_agent,
            created_at = excluded.created_at, last_used_at = excluded.last_used_at, expires_at = excluded.expires_at",
        id, user, token.hash().as_bytes(), asker.origin.user_agent.as_str(), now, now + LIFE)?;
    Ok(token)
}

/// Gives the browser its cookie once more, whose first one was lost with an answer that nobody read; that one is worth nothing from now
/// on. `None`: the row is gone.
pub(in crate::authentication) async fn again(
    tx: &mut Tx,
    id: Uuid,
    user: UserId,
    asker: &Asker,
) -> Result<Option<PlainToken>> {
    let found = sql!(tx, fetch_optional One<Vec<u8>>,
        "select token_hash from trusted_devices where id = $1 and user_id = $2", id, user)?;
    let Some((hash,)) = found else { return Ok(None) };
    // It has it already, and maybe for other people too.
    if let Some(token) = asker
        .trusted
        .as_ref()
        .filter(|token| token.hash().as_bytes() == hash.as_slice())
    {
        return Ok(Some(token.clone()));
    }
    let token = PlainToken::generate(tx.entropy());
    let changed = sql!(tx, execute "update trusted_devices set token_hash = $1 where id = $2 and user_id = $3",
        token.hash().as_bytes(), id, user)?;
    Ok((changed == 1).then_some(token))
}

async fn is_ours(tx: &mut Tx, token: &PlainToken) -> Result<bool> {
    let found = sql!(tx, fetch_optional One<i64>,
        "select cast(1 as bigint) from trusted_devices where token_hash = $1 limit 1", token.hash().as_bytes())?;
    Ok(found.is_some())
}

/// Those of a person, the last used first.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<TrustedDevice>> {
    let now = tx.now();
    sql!(tx, fetch_all TrustedDevice,
        "select id, user_agent, last_used_at, expires_at from trusted_devices where user_id = $1 and expires_at > $2
         order by last_used_at desc, id desc limit $3", user, now, SHOWN)
}

/// Ends one; `false`: the person has none with this id.
pub(super) async fn end(tx: &mut Tx, user: UserId, id: Uuid) -> Result<bool> {
    Ok(sql!(tx, execute "delete from trusted_devices where id = $1 and user_id = $2", id, user)? == 1)
}

/// Ends all of a person.
pub async fn forget_all(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "delete from trusted_devices where user_id = $1", user)?;
    Ok(())
}
