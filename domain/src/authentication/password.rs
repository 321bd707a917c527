//! Passwords: the policy, the hashing pool, the row.
//!
//! Policy: NIST SP 800-63B-4 §3.1.1.2 and ASVS 5.0 V6.2. Length only, no composition rules, checked whole against a
//! list of common passwords and the person's own name and address. NFC is the one change made before hashing, so that
//! one password typed on two keyboards is one password.

pub mod foreign;
mod gate;
mod pool;
mod room;
mod set;
mod stored;

use std::sync::Arc;
use std::time::Instant;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use self::gate::Gate;
pub use self::pool::Place;
use self::pool::Pool;
pub use self::stored::StoredPassword;
use crate::authentication::common_passwords;
use crate::platform::config::HashCost;
use crate::platform::entropy::Entropy;
use crate::platform::keys::{KeyId, Keys};
use crate::platform::settings::PasswordLengths;
use crate::users::email::Email;
use crate::{Code, Error, Result};

/// The most bytes that are ever hashed: 256 characters of four bytes, decomposed, and then some.
const MAX_BYTES: usize = 4096;
/// The bytes of a hash.
const HASH_LENGTH: usize = 32;
/// A password as it is hashed: NFC, at most 4,096 bytes, wiped when dropped. No `Debug`, no `Display`.
#[derive(Clone)]
pub struct Password {
    nfc: Zeroizing<String>,
    /// As it was typed, where that is something else: others may have hashed that.
    typed: Option<Zeroizing<String>>,
}

impl Password {
    /// Takes what was typed for a sign-in: any text is a possible password.
    ///
    /// # Errors
    /// [`Code::Required`] for nothing, [`Code::PasswordTooLong`] over 4,096 bytes.
    pub fn typed(text: &str) -> Result<Self, Code> {
        if text.is_empty() {
            return Err(Code::Required);
        }
        if text.len() > MAX_BYTES {
            return Err(Code::PasswordTooLong);
        }
        let nfc = Zeroizing::new(text.nfc().collect::<String>());
        let typed = (nfc.as_str() != text).then(|| Zeroizing::new(text.to_owned()));
        Ok(Self { nfc, typed })
    }

    /// Takes a new password and holds it against the policy.
    ///
    /// `identity` is what the person is known by here: name, address, the product's name.
    ///
    /// # Errors
    /// [`Code::Required`], [`Code::PasswordTooShort`], [`Code::PasswordTooLong`], [`Code::PasswordCommon`] or
    /// [`Code::PasswordContainsIdentity`].
    pub fn new(text: &str, lengths: PasswordLengths, identity: &[&str]) -> Result<Self, Code> {
        let password = Self::typed(text)?;
        let length = password.nfc.chars().count();
        if length < lengths.min {
            return Err(Code::PasswordTooShort);
        }
        if length > lengths.max {
            return Err(Code::PasswordTooLong);
        }
        if common_passwords::contains(&password.nfc) || is_monotonous(&password.nfc) {
            return Err(Code::PasswordCommon);
        }
        if is_made_of(&password.nfc, identity) {
            return Err(Code::PasswordContainsIdentity);
        }
        Ok(password)
    }

    fn as_bytes(&self) -> &[u8] {
        self.nfc.as_bytes()
    }

    /// What a hash from elsewhere may be of: NFC, and what was typed.
    fn forms(&self) -> impl Iterator<Item = &[u8]> {
        let typed = self.typed.as_ref().map(|typed| typed.as_bytes());
        std::iter::once(self.as_bytes()).chain(typed)
    }
}

/// What a person is known by, for [`Password::new`].
pub fn identity_words<'a>(name: &'a str, email: Option<&'a Email>, product: &'a str) -> Vec<&'a str> {
    let mut words = vec![name, product];
    if let Some(email) = email {
        words.extend([email.as_str(), email.local_part()]);
    }
    words
}

/// One or two characters over and over, a short block repeated, or one run along the alphabet or the digits.
fn is_monotonous(password: &str) -> bool {
    let chars: Vec<char> = password.to_lowercase().chars().collect();
    let repeats = (1..=chars.len().min(12) / 3)
        .any(|block| chars.iter().zip(chars.iter().skip(block)).all(|(a, b)| a == b));
    let steps = |by: i64| {
        chars.windows(2).all(|w| match w {
            [a, b] => {
                i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == by
                    || (by == 1 && *a == '9' && *b == '0')
            }
            _ => true,
        })
    };
    repeats || steps(1) || steps(-1)
}

/// True when the password is one of the person's own words, alone or with up to four other characters, or twice.
/// Whole words are compared, not substrings: a passphrase may well hold a name.
fn is_made_of(password: &str, identity: &[&str]) -> bool {
    let squeeze = |text: &str| {
        text.to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let squeezed = squeeze(password);
    identity
        .iter()
        .map(|word| squeeze(word))
        .filter(|word| word.chars().count() >= 3)
        .any(|word| {
            let rest = squeezed.replace(&word, "");
            rest.len() < squeezed.len() && rest.chars().count() <= 4
        })
}

/// The answer of [`Hasher::verify`].
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The password is the one. `stale`: it was hashed under older settings and should be hashed anew.
    Match {
        /// Hash it again, now that it is known.
        stale: bool,
    },
    /// It is not.
    Mismatch,
}

/// What [`Hasher::verify`] found.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// The answer.
    pub verdict: Verdict,
    /// When the work was over that is done for everybody: from then on an answer is [held back](Hasher::hold).
    pub since: Instant,
}

/// Hashes passwords with argon2id, so many at a time as cores and memory bear, and so many more in a queue.
///
/// One hash takes 19 MiB by default: without a bound, 500 sign-ins at once would take 9.5 GiB. `password.parallel` sets the number,
/// else `password/room.rs` works it out at the start.
#[derive(Clone)]
pub struct Hasher {
    keys: Arc<Keys>,
    entropy: Entropy,
    params: Params,
    pool: Pool,
    gate: Gate,
    /// Verified against when there is no account, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Hasher {
    /// A pool under these settings.
    ///
    /// # Errors
    /// [`Error::Configuration`] when argon2 refuses the parameters, [`Error::Internal`] without threads.
    pub fn new(settings: &HashCost, keys: Arc<Keys>, entropy: Entropy) -> Result<Self> {
        let params = Params::new(
            settings.argon2_memory_kib,
            settings.argon2_iterations,
            settings.argon2_parallelism,
            None,
        )
        .map_err(|e| Error::Configuration(format!("argon2 refuses its parameters: {e}")))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let parallel = if settings.parallel == 0 {
            room::parallel(cores, settings.argon2_memory_kib)
        } else {
            settings.parallel
        };
        // Chance in place of a hash: no password leads to it, and comparing takes as long as with any other.
        let decoy = phc(&params, &entropy.bytes(), &entropy.bytes());
        Ok(Self {
            keys,
            entropy,
            params,
            pool: Pool::start(parallel, settings.queue)?,
            gate: Gate::start()?,
            decoy: decoy.into(),
        })
    }

    /// Hashes a password under a fresh 128-bit salt and the current pepper.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn hash(&self, password: &Password) -> Result<StoredPassword> {
        let (this, salt, password) = (self.clone(), self.entropy.bytes(), password.clone());
        let place = self.queue_up()?;
        let work =
            move |memory: &mut Vec<Block>| hash(memory, &this.keys, &this.params, password.as_bytes(), &salt);
        self.pool.run(place, work).await?
    }

    /// Takes a place in the queue, to be used or given back. Whoever has work to do before the comparison takes it first:
    /// so a refusal costs nothing, which counts when there are many.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub fn queue_up(&self) -> Result<Place> {
        self.pool.place()
    }

    /// Compares a password with a stored hash; with `None` it works as long and says [`Verdict::Mismatch`]. A hash from elsewhere is
    /// compared after that, behind the gate of `password/gate.rs`.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key of the pepper, or of the seal, is gone from the ring; [`Error::Busy`] when too many hashes from
    /// elsewhere wait already.
    pub async fn verify(
        &self,
        place: Place,
        password: &Password,
        stored: Option<&StoredPassword>,
    ) -> Result<Compared> {
        let foreign = match stored.and_then(StoredPassword::sealed) {
            // Before any work: whoever is refused there has cost nothing.
            Some(sealed) => Some((sealed, self.gate.place()?)),
            None => None,
        };
        let ours = stored.filter(|_| foreign.is_none());
        let (is_ours, hash) = (ours.is_some(), ours.cloned());
        let hash = hash.unwrap_or_else(|| StoredPassword {
            phc: self.decoy.to_string(),
            pepper_id: self.keys.current_id().to_vec(),
        });
        let (this, typed) = (self.clone(), password.clone());
        let work =
            move |memory: &mut Vec<Block>| verify(memory, &this.keys, &this.params, typed.as_bytes(), &hash);
        let verdict = self.pool.run(place, work).await??;
        let since = Instant::now();
        let verdict = match foreign {
            Some((sealed, place)) => self.gate.compare(place, &self.keys, sealed, password).await?,
            None if is_ours => verdict,
            None => Verdict::Mismatch,
        };
        Ok(Compared { verdict, since })
    }

    /// Holds an answer that lets nobody in until a comparison with a hash from elsewhere would be over, for as long as there
    /// [is one](StoredPassword::is_any_foreign): whoever measures learns nothing from how soon it comes. `since`: [`Compared::since`].
    pub async fn hold(&self, since: Instant) {
        self.gate.hold(since).await;
    }

    /// How many answers were held back, for metrics.
    pub fn held(&self) -> u64 {
        self.gate.held()
    }

    /// How many wait for a thread, for metrics.
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }
}

/// Derives the 32 bytes of a hash.
fn derive(
    memory: &mut Vec<Block>,
    params: &Params,
    pepper: &[u8; 32],
    password: &[u8],
    salt: &[u8],
) -> Result<[u8; HASH_LENGTH]> {
    let failed = |e: argon2::Error| Error::Internal(format!("argon2: {e}"));
    let argon2 = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params.clone())
        .map_err(failed)?;
    let mut out = [0; HASH_LENGTH];
    memory.resize(params.block_count(), Block::new());
    argon2
        .hash_password_into_with_memory(password, salt, &mut out, memory.as_mut_slice())
        .map_err(failed)?;
    Ok(out)
}

fn hash(
    memory: &mut Vec<Block>,
    keys: &Keys,
    params: &Params,
    password: &[u8],
    salt: &[u8; 16],
) -> Result<StoredPassword> {
    let id = keys.current_id();
    let pepper = keys.pepper(id)?;
    let derived = derive(memory, params, &pepper, password, salt)?;
    Ok(StoredPassword {
        phc: phc(params, salt, &derived),
        pepper_id: id.to_vec(),
    })
}

/// The PHC string format, as every argon2 library reads it.
fn phc(params: &Params, salt: &[u8; 16], derived: &[u8; HASH_LENGTH]) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(derived),
    )
}

fn verify(
    memory: &mut Vec<Block>,
    keys: &Keys,
    params: &Params,
    password: &[u8],
    stored: &StoredPassword,
) -> Result<Verdict> {
    let broken = || Error::Internal("a stored password hash can't be read".into());
    let id: KeyId = stored
        .pepper_id
        .as_slice()
        .try_into()
        .map_err(|_| Error::Sealed)?;
    let pepper = keys.pepper(id)?;
    let parsed = PasswordHash::new(&stored.phc).map_err(|_| broken())?;
    let used = Params::try_from(&parsed).map_err(|_| broken())?;
    let (salt, expected) = parsed.salt.zip(parsed.hash).ok_or_else(broken)?;
    let derived = derive(memory, &used, &pepper, password, salt.as_ref())?;
    if !bool::from(derived.as_slice().ct_eq(expected.as_bytes())) {
        return Ok(Verdict::Mismatch);
    }
    let current = used.m_cost() == params.m_cost()
        && used.t_cost() == params.t_cost()
        && used.p_cost() == params.p_cost();
    Ok(Verdict::Match {
        stale: !current || id != keys.current_id(),
    })
}

#[cfg(test)]
mod tests;
