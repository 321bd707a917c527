//! The secret of a database: 32 random bytes that no rotation of the master key changes, kept sealed under it.
//!
//! Counts of an account are looked up by an HMAC of its address. Under the master key, a rotation would forget them all
//! and give whoever is guessing a fresh start. Looking them up under each key of the ring would need several statements
//! where now one conditional update decides, so the key of these HMACs stays, and is the database's own. The price: it
//! doesn't become new when a master key was stolen. Who has that key *and* a copy of the database could then tell whose
//! counts they are; the addresses stand in the same copy anyway. Codes, which could be guessed with it, are not under
//! this secret but under the master key ([`Keys::tag`]).
//!
//! It also shows whether a server has the right master key: nothing else in a fresh database does.

use zeroize::Zeroizing;

use crate::platform::db::{Db, One, Tx};
use crate::platform::keys::{KeyId, Keys, sealed_by};
use crate::{Error, Result, sql};

const NAME: &str = "index";
const PURPOSE: &str = "database secret";

/// How the master key and the database fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The database is new: it takes any key.
    New,
    /// The secret is sealed under this key, which is in the ring.
    Known(KeyId),
    /// It is sealed under this key, which is not.
    Foreign(KeyId),
}

/// Looks without changing anything.
pub async fn fit(db: &Db, keys: &Keys) -> Result<Fit> {
    match db.read(async |tx| read(tx).await).await {
        Ok(None) => Ok(Fit::New),
        Ok(Some(sealed)) => match (open(keys, &sealed), sealed_by(&sealed)) {
            (Ok(_), Some(id)) => Ok(Fit::Known(id)),
            (Err(Error::UnknownKey(_)), Some(id)) => Ok(Fit::Foreign(id)),
            (Err(error), _) => Err(error),
            (Ok(_), None) => Err(Error::Sealed),
        },
        Err(error) if error.is_missing_table() => Ok(Fit::New),
        Err(error) => Err(error),
    }
}

/// Gives the secret to the keys; makes it in a new database.
///
/// # Errors
/// [`Error::Configuration`] when the master key is not this database's.
pub(crate) async fn load(db: &Db, keys: &Keys) -> Result<()> {
    let mut sealed = db.read(async |tx| read(tx).await).await?;
    if sealed.is_none() {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(db.tools().entropy.bytes());
        let fresh = seal(keys, &secret, db)?;
        db.write(async |tx| {
            let now = tx.now();
            sql!(tx, execute
                "insert into sealed_secrets (name, sealed, created_at) values ($1, $2, $3) on conflict (name) do nothing",
                NAME, fresh.as_slice(), now)
        })
        .await?;
        // Of two servers that start at once, one put it there.
        sealed = db.read(async |tx| read(tx).await).await?;
    }
    let sealed = sealed.ok_or_else(|| Error::Internal("the secret of the database is gone".into()))?;
    let secret = open(keys, &sealed).map_err(|error| match error {
        Error::UnknownKey(id) => Error::Configuration(format!(
            "this database belongs to the master key {id}, and this server doesn't have that one. Put it back: into the key \
             file, or into LATCHSTRING_MASTER_KEY behind the present one and a comma"
        )),
        other => other,
    })?;
    keys.set_index_secret(secret);
    Ok(())
}

/// Seals the secret with the current key, in the transaction that ends a rotation. `false`: it was already.
pub(crate) async fn reseal(tx: &mut Tx) -> Result<bool> {
    let Some(sealed) = read(tx).await? else {
        return Ok(false);
    };
    if sealed_by(&sealed) == Some(tx.keys().current_id()) {
        return Ok(false);
    }
    let secret = open(tx.keys(), &sealed)?;
    let anew = tx.keys().seal(PURPOSE, secret.as_slice(), tx.entropy())?;
    let changed = sql!(tx, execute
        "update sealed_secrets set sealed = $1 where name = $2 and sealed = $3", anew, NAME, sealed)?;
    Ok(changed == 1)
}

async fn read(tx: &mut Tx) -> Result<Option<Vec<u8>>> {
    let found =
        sql!(tx, fetch_optional One<Vec<u8>>, "select sealed from sealed_secrets where name = $1", NAME)?;
    Ok(found.map(|(sealed,)| sealed))
}

fn open(keys: &Keys, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let plain = Zeroizing::new(keys.open(PURPOSE, sealed)?);
    let secret = plain.as_slice().try_into().map_err(|_| Error::Sealed)?;
    Ok(Zeroizing::new(secret))
}

fn seal(keys: &Keys, secret: &[u8; 32], db: &Db) -> Result<Vec<u8>> {
    keys.seal(PURPOSE, secret, &db.tools().entropy)
}
