//! Several secrets with one salt: which of them was typed is found with one hash.

use argon2::Block;
use argon2::password_hash::phc::PasswordHash;
use subtle::ConstantTimeEq as _;

use super::{Hasher, Params, Password, Place, StoredPassword, derive, hash};
use crate::platform::keys::KeyId;
use crate::{Error, Result};

impl Hasher {
    /// Hashes several secrets of one person under one fresh 128-bit salt, one after the other, in one place of the queue.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn hash_set(&self, secrets: Vec<Password>) -> Result<Vec<StoredPassword>> {
        let (this, salt) = (self.clone(), self.entropy.bytes());
        let place = self.queue_up()?;
        let work = move |memory: &mut Vec<Block>| {
            let one = |secret: &Password| hash(memory, &this.keys, &this.params, secret.as_bytes(), &salt);
            secrets.iter().map(one).collect()
        };
        self.pool.run(place, work).await?
    }

    /// Which of these was typed, by its place in the list. One hash for all that have the same salt, and one where there
    /// is none to compare with.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the pepper's key is gone from the ring.
    pub async fn find(
        &self,
        place: Place,
        typed: Password,
        stored: Vec<StoredPassword>,
    ) -> Result<Option<usize>> {
        let this = self.clone();
        let work = move |memory: &mut Vec<Block>| this.compare(memory, &typed, &stored);
        self.pool.run(place, work).await?
    }

    fn compare(
        &self,
        memory: &mut Vec<Block>,
        typed: &Password,
        stored: &[StoredPassword],
    ) -> Result<Option<usize>> {
        let broken = || Error::Internal("a stored hash can't be read".into());
        if stored.is_empty() {
            let pepper = self.keys.pepper(self.keys.current_id())?;
            derive(
                memory,
                &self.params,
                &pepper,
                typed.as_bytes(),
                &self.entropy.bytes::<16>(),
            )?;
        }
        // What the last hash was made with, and the hash.
        let mut last: Option<(&str, &[u8], [u8; super::HASH_LENGTH])> = None;
        let mut found = None;
        for (index, one) in stored.iter().enumerate() {
            let made_with = one.phc.rsplit_once('$').ok_or_else(broken)?.0;
            let parsed = PasswordHash::new(&one.phc).map_err(|_| broken())?;
            let (salt, expected) = parsed.salt.zip(parsed.hash).ok_or_else(broken)?;
            let derived = match last {
                Some((with, pepper, derived)) if with == made_with && pepper == one.pepper_id => derived,
                _ => {
                    let id: KeyId = one.pepper_id.as_slice().try_into().map_err(|_| Error::Sealed)?;
                    let params = Params::try_from(&parsed).map_err(|_| broken())?;
                    let pepper = self.keys.pepper(id)?;
                    derive(memory, &params, &pepper, typed.as_bytes(), salt.as_ref())?
                }
            };
            last = Some((made_with, &one.pepper_id, derived));
            if bool::from(derived.as_slice().ct_eq(expected.as_bytes())) {
                found = Some(index);
            }
        }
        Ok(found)
    }
}
