//! The row of a password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::foreign::{Foreign, NotTaken};
use crate::platform::db::{One, Tx};
use crate::platform::entropy::Entropy;
use crate::platform::keys::{Keys, sealed_by};
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// What stands in front of a hash that somebody brought along: sealed, because it is of no pepper of ours.
const SEALED: &str = "$sealed$";
/// What it is sealed for.
pub(super) const PURPOSE: &str = "imported password hash";

/// A stored hash: the PHC string and which key peppered it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredPassword {
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`; or, until its person signs in for the first time, a hash from elsewhere:
    /// `$sealed$` and base64 (see [`StoredPassword::foreign`]).
    pub phc: String,
    /// The id of the master key whose pepper went in, or which sealed it.
    pub pepper_id: Vec<u8>,
}

impl StoredPassword {
    /// A hash of another system's making, sealed: the next sign-in that it lets in puts one of ours in its place.
    ///
    /// # Errors
    /// The inner one when [`Foreign::parse`] does not take it.
    pub fn foreign(text: &str, keys: &Keys, entropy: &Entropy) -> Result<Result<Self, NotTaken>> {
        if let Err(not_taken) = Foreign::parse(text) {
            return Ok(Err(not_taken));
        }
        let sealed = keys.seal(PURPOSE, text.trim().as_bytes(), entropy)?;
        Ok(Ok(Self {
            pepper_id: sealed_by(&sealed).ok_or(Error::Sealed)?.to_vec(),
            phc: format!("{SEALED}{}", STANDARD_NO_PAD.encode(sealed)),
        }))
    }

    /// The sealed hash from elsewhere, if it is one.
    pub(super) fn sealed(&self) -> Option<&str> {
        self.phc.strip_prefix(SEALED)
    }

    /// Whether anybody still has a hash from elsewhere: then answers are [held back](super::Hasher::hold).
    pub async fn is_any_foreign(tx: &mut Tx) -> Result<bool> {
        let one = sql!(tx, fetch_optional One<UserId>,
            "select user_id from passwords where substr(phc, 1, 8) = '$sealed$' limit 1")?;
        Ok(one.is_some())
    }

    /// The password of a person, if there is one.
    pub async fn of(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self, "select phc, pepper_id from passwords where user_id = $1", user)
    }

    /// Sets the password of a person.
    pub async fn set(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "insert into passwords (user_id, phc, pepper_id, updated_at) values ($1, $2, $3, $4)
             on conflict (user_id) do update
                set phc = excluded.phc, pepper_id = excluded.pepper_id, updated_at = excluded.updated_at, due_since = null",
            user, self.phc.as_str(), self.pepper_id.as_slice(), now)?;
        Ok(())
    }

    /// Takes the password of a person away: until they set another by mail, none lets them in.
    pub async fn remove(tx: &mut Tx, user: UserId) -> Result<()> {
        sql!(tx, execute "delete from passwords where user_id = $1", user)?;
        Ok(())
    }

    /// Keeps this from being replaced until the transaction ends; false if it was replaced already. Who let somebody in
    /// by a password calls it first: a password that is changed at the same moment is then changed before or after, and
    /// either way no session of the old one is left.
    pub async fn hold(&self, tx: &mut Tx, user: UserId) -> Result<bool> {
        let held = sql!(tx, execute
            "update passwords set updated_at = updated_at where user_id = $1 and phc = $2",
            user, self.phc.as_str())?;
        Ok(held == 1)
    }

    /// Replaces the hash by a newer one of the same password, unless the password was changed meanwhile.
    pub async fn renew(&self, tx: &mut Tx, user: UserId, newer: &Self) -> Result<bool> {
        let renewed = sql!(tx, execute
            "update passwords set phc = $1, pepper_id = $2 where user_id = $3 and phc = $4",
            newer.phc.as_str(), newer.pepper_id.as_slice(), user, self.phc.as_str())?;
        Ok(renewed == 1)
    }
}
