//! Recovery codes: ten, for the day on which everything else is lost. Shown once; kept as argon2id (ASVS 6.5.2).

use uuid::Uuid;
use zeroize::Zeroizing;

use super::proven::UsedUp;
use crate::authentication::password::{Password, StoredPassword};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::entropy::Entropy;
use crate::users::user::UserId;
use crate::{Result, sql};

/// How many a set has.
pub const SET: usize = 10;
/// Characters of a code. With 32 to choose from, 80 bits: more than the 64 of NIST SP 800-63B-4 §4.2.1.1.
const LENGTH: usize = 16;
/// Of characters that look alike at most one: no `o` beside `0`, none of `1`, `i` and `l`.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";

/// A set that was just made: the only moment at which the codes can be read.
pub struct FreshCodes {
    /// In groups of four, with dashes.
    pub codes: Vec<Zeroizing<String>>,
    stored: Vec<StoredPassword>,
}

/// Makes a set: one hash for each code. Nothing is written yet.
///
/// # Errors
/// [`Error::Busy`] when too many passwords are being hashed.
pub(in crate::authentication) async fn fresh(platform: &Platform) -> Result<FreshCodes> {
    let mut codes = Vec::with_capacity(SET);
    let mut plain = Vec::with_capacity(SET);
    for _ in 0..SET {
        let code = draw(&platform.entropy);
        plain.extend(as_hashed(&code));
        codes.push(code);
    }
    let stored = platform.hasher.hash_set(plain).await?;
    Ok(FreshCodes { codes, stored })
}

impl FreshCodes {
    /// Makes the set the person's; those of before stop working.
    pub(super) async fn set(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        sql!(tx, execute "delete from recovery_codes where user_id = $1", user)?;
        let now = tx.now();
        for stored in &self.stored {
            let id = tx.new_id();
            sql!(tx, execute
                "insert into recovery_codes (id, user_id, phc, pepper_id, created_at) values ($1, $2, $3, $4, $5)",
                id, user, stored.phc.as_str(), stored.pepper_id.as_slice(), now)?;
        }
        Ok(())
    }
}

/// The codes of a person that were not used: their ids, and what is compared with.
pub(super) async fn unused(tx: &mut Tx, user: UserId) -> Result<(Vec<Uuid>, Vec<StoredPassword>)> {
    let rows = sql!(
        tx,
        fetch_all(Uuid, String, Vec<u8>),
        "select id, phc, pepper_id from recovery_codes where user_id = $1 and used_at is null order by id",
        user
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, phc, pepper_id)| (id, StoredPassword { phc, pepper_id }))
        .unzip())
}

/// Uses a code up, once.
pub(super) async fn use_up(tx: &mut Tx, id: Uuid) -> Result<Option<UsedUp>> {
    let now = tx.now();
    let changed = sql!(tx, execute "update recovery_codes set used_at = $1 where id = $2 and used_at is null", now, id)?;
    Ok(UsedUp::by(changed))
}

/// Takes all codes of a person away.
pub(in crate::authentication) async fn remove(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "delete from recovery_codes where user_id = $1", user)?;
    Ok(())
}

/// A code as it is hashed, of what was typed: without spaces and dashes, in lower case. `None`: nothing is left.
pub(super) fn as_hashed(typed: &str) -> Option<Password> {
    let plain: Zeroizing<String> = Zeroizing::new(
        typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .map(|c| if c == 'o' { '0' } else { c })
            .collect(),
    );
    Password::typed(&plain).ok()
}

fn draw(entropy: &Entropy) -> Zeroizing<String> {
    let bytes: Zeroizing<[u8; LENGTH]> = Zeroizing::new(entropy.bytes());
    let mut code = Zeroizing::new(String::with_capacity(LENGTH + 3));
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        // 32 divides 256: each character is equally likely.
        let letter = ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'2');
        code.push(char::from(letter));
    }
    code
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_has_80_bits_and_no_letters_that_look_alike() {
        let letters: BTreeSet<u8> = ALPHABET.iter().copied().collect();
        assert_eq!(letters.len(), 32);
        assert!(!letters.contains(&b'o') && !letters.contains(&b'i') && !letters.contains(&b'l'));
        let entropy = Entropy::seeded(5);
        let drawn: BTreeSet<String> = (0..200).map(|_| draw(&entropy).to_string()).collect();
        assert_eq!(drawn.len(), 200);
        assert!(
            drawn
                .iter()
                .all(|code| code.len() == 19 && code.matches('-').count() == 3)
        );
    }
}
