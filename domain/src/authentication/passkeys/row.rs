//! The row of a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::ceremony::{Created, Signed};
use super::names;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// How many passkeys a person has at most.
pub const MOST: i64 = 25;
/// How long a name may be, in characters.
pub const LONGEST_NAME: usize = 60;

/// A row of `passkeys`. None of it is secret: the key is the public half.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Passkey {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: UserId,
    /// As the device names it.
    pub credential_id: Vec<u8>,
    /// The COSE key as JSON.
    pub public_key: String,
    /// As its owner names it, at first after the kind of authenticator. Empty: the kind is not known.
    pub name: String,
    /// How a browser may reach it, as a JSON list.
    pub transports: String,
    /// It has verified its holder, so it lets in alone.
    pub verifies: bool,
    /// It can be copied to other devices.
    pub backup_eligible: bool,
    /// It has been.
    pub backed_up: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl Passkey {
    /// The passkey that a device names so, whoever it belongs to.
    pub(super) async fn by_credential(tx: &mut Tx, credential_id: &[u8]) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, user_id, credential_id, public_key, name, transports, verifies, backup_eligible, backed_up, created_at, last_used_at
             from passkeys where credential_id = $1", credential_id)
    }

    /// The passkeys of a person, the oldest first.
    pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, user_id, credential_id, public_key, name, transports, verifies, backup_eligible, backed_up, created_at, last_used_at
             from passkeys where user_id = $1 order by created_at, id limit $2", user, MOST)
    }

    /// Makes a new passkey a person's.
    ///
    /// # Errors
    /// Refused with [`Code::PasskeyTaken`] when it is somebody's already, and [`Code::TooManyPasskeys`].
    pub(in crate::authentication) async fn add(tx: &mut Tx, user: UserId, created: &Created) -> Result<()> {
        let (id, now) = (tx.new_id(), tx.now());
        let credential_id = URL_SAFE_NO_PAD
            .decode(&created.credential_id)
            .map_err(|e| Error::Internal(format!("a new passkey: {e}")))?;
        let (count,) =
            sql!(tx, fetch_one One<i64>, "select count(*) from passkeys where user_id = $1", user)?;
        if count >= MOST {
            return Err(Error::form(Code::TooManyPasskeys));
        }
        let added = sql!(tx, execute
            "insert into passkeys (id, user_id, credential_id, public_key, name, aaguid, transports, verifies, backup_eligible,
                backed_up, sign_count, created_at, rp_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (credential_id) do nothing",
            id, user, credential_id, created.public_key.as_str(), names::of(created.aaguid).unwrap_or_default(),
            created.aaguid, created.transports.as_str(), created.verified, created.backup_eligible, created.backed_up,
            i64::from(created.sign_count), now, Some(created.rp_id.as_str()).filter(|id| !id.is_empty()))?;
        if added == 0 {
            return Err(Error::form(Code::PasskeyTaken));
        }
        Ok(())
    }

    /// Notes a use at the domain `rp_id`, and gives the counter of before; the highest one is kept. `None`: the passkey is gone.
    pub(super) async fn note_use(&self, tx: &mut Tx, signed: &Signed, rp_id: &str) -> Result<Option<i64>> {
        let now = tx.now();
        let before = sql!(tx, fetch_optional One<i64>,
            "update passkeys set last_used_at = $1 where id = $2 and user_id = $3 returning sign_count",
            now, self.id, self.user_id)?;
        let Some((before,)) = before else { return Ok(None) };
        sql!(tx, execute
            "update passkeys set sign_count = $1, backed_up = $2, verifies = (verifies or $3), rp_id = $4 where id = $5",
            before.max(i64::from(signed.sign_count)), signed.backed_up, signed.verified, rp_id, self.id)?;
        Ok(Some(before))
    }

    /// Gives a passkey of a person another name; `false`: they have none with this id.
    pub(super) async fn rename(tx: &mut Tx, user: UserId, id: Uuid, name: &str) -> Result<bool> {
        Ok(
            sql!(tx, execute "update passkeys set name = $1 where id = $2 and user_id = $3", name, id, user)?
                == 1,
        )
    }

    /// Takes a passkey of a person away; `false`: they have none with this id.
    pub(in crate::authentication) async fn remove(tx: &mut Tx, user: UserId, id: Uuid) -> Result<bool> {
        Ok(sql!(tx, execute "delete from passkeys where id = $1 and user_id = $2", id, user)? == 1)
    }

    /// Takes the passkeys away that were added since a moment: whoever took the account over must not keep a key to it. A
    /// minute before the moment counts too, because what tells of a passkey is written a little after it.
    pub(in crate::authentication) async fn remove_since(
        tx: &mut Tx,
        user: UserId,
        since: DateTime<Utc>,
    ) -> Result<u64> {
        let since = since - Duration::minutes(1);
        sql!(tx, execute "delete from passkeys where user_id = $1 and created_at >= $2", user, since)
    }

    /// How many passkeys belong to another domain than this one, and the domain of most of them: no browser uses them here.
    pub(crate) async fn elsewhere(tx: &mut Tx, rp_id: &str) -> Result<Option<(i64, String)>> {
        let found = sql!(
            tx,
            fetch_all(String, i64),
            "select rp_id, count(*) from passkeys where rp_id is not null and rp_id <> $1
             group by rp_id order by 2 desc, 1",
            rp_id
        )?;
        let count = found.iter().map(|(_, count)| count).sum();
        Ok(found.into_iter().next().map(|(most, _)| (count, most)))
    }

    /// Takes all passkeys of a person away.
    pub(in crate::authentication) async fn remove_all(tx: &mut Tx, user: UserId) -> Result<()> {
        sql!(tx, execute "delete from passkeys where user_id = $1", user)?;
        Ok(())
    }
}
