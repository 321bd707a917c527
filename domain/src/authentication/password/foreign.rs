//! Password hashes that people bring along from elsewhere: which are read, at what cost, and whether a password fits.
//!
//! | form | who writes it |
//! |---|---|
//! | `$2a$`, `$2b$`, `$2y$` | bcrypt: nearly everybody |
//! | `bcrypt_sha256$$2b$…`, `bcrypt$$2b$…` | Django |
//! | `$scrypt$ln=…,r=…,p=…$salt$hash` | PHC string, passlib |
//! | `$pbkdf2-sha256$i=…$salt$hash`, also `sha512`, and with `29000` in place of `i=29000` | PHC string; passlib |
//! | `pbkdf2_sha256$rounds$salt$hash` | Django: the salt is text |
//! | `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, also `argon2i` and `argon2$argon2id$…` | PHC string; Django |
//!
//! Each is bounded where it comes in, and again when it is used: a hash of somebody else's making must not decide how long a thread works
//! here. The upper bounds leave room for what the OWASP Password Storage Cheat Sheet and the defaults of the usual programs ask for.
//! A hash shorter than 16 bytes is refused: with one of a single byte, one password in 256 would fit.

use std::fmt::Write as _;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use crate::{Error, Result};

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 512;
/// The bytes of a hash that is worth something, and of one that is no nonsense.
const HASH_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// The longest salt, in bytes.
const SALT_MAX: usize = 64;
/// bcrypt: 2^14 rounds take about a second.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=14;
/// The most memory of one hash, in bytes.
const MEMORY_MAX: u64 = 128 << 20;
/// scrypt: `N · r · p`. What 128 MiB once costs, twice over.
const SCRYPT_WORK_MAX: u64 = 1 << 21;
/// scrypt: `128 · r · (N + p)` bytes. The lanes lie beside the large table, and get 64 KiB.
const SCRYPT_MEMORY_MAX: u64 = MEMORY_MAX + (64 << 10);
/// PBKDF2: rounds, times the blocks of the hash, each of which takes all of them (RFC 8018 §5.2).
const ROUNDS_MAX: u64 = 2_000_000;
/// What bcrypt reads of a password, in bytes.
const BCRYPT_READS: usize = 72;
/// argon2: memory in KiB times passes. Four passes over 128 MiB.
const ARGON2_WORK_MAX: u64 = 4 * 128 * 1024;
/// argon2: lanes.
const ARGON2_LANES_MAX: u32 = 16;

/// Why a hash is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// It is of no form that is read here, or not whole.
    Unread,
    /// Comparing with it would take too long, or too much memory.
    Costly,
}

/// A hash of somebody else's making, within the bounds.
#[derive(Debug)]
pub struct Foreign(Kind);

#[derive(Debug)]
enum Kind {
    Bcrypt {
        /// Sixty characters, as the library reads them.
        text: String,
        /// The password is hashed with SHA-256 first, and that goes in as hexadecimal text.
        after_sha256: bool,
    },
    Scrypt(scrypt::Params, Salted),
    Pbkdf2(Digest, u32, Salted),
    Argon2(Algorithm, Version, Params, Salted),
}

#[derive(Debug, Clone, Copy)]
enum Digest {
    Sha256,
    Sha512,
}

impl Digest {
    /// The bytes of a block.
    fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

#[derive(Debug)]
struct Salted {
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Foreign {
    /// Reads a hash.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn parse(text: &str) -> Result<Self, NotTaken> {
        let text = text.trim();
        if text.len() > LONGEST || !text.is_ascii() {
            return Err(NotTaken::Unread);
        }
        let kind = if let Some(rest) = text.strip_prefix("bcrypt_sha256$") {
            bcrypt(rest, true)?
        } else if let Some(rest) = text.strip_prefix("bcrypt$") {
            bcrypt(rest, false)?
        } else if text.starts_with("$2") {
            bcrypt(text, false)?
        } else if let Some(rest) = text.strip_prefix("pbkdf2_sha256$") {
            django_pbkdf2(rest)?
        } else if let Some(rest) = text.strip_prefix("$pbkdf2-sha256$") {
            pbkdf2(Digest::Sha256, rest)?
        } else if let Some(rest) = text.strip_prefix("$pbkdf2-sha512$") {
            pbkdf2(Digest::Sha512, rest)?
        } else if let Some(rest) = text.strip_prefix("$scrypt$") {
            scrypt(rest)?
        } else {
            // Django puts the name in front of what has it already.
            argon2(text.strip_prefix("argon2").unwrap_or(text))?
        };
        Ok(Self(kind))
    }

    /// Whether a password is read as it stands. bcrypt reads 72 bytes and ends a shorter one with a zero, so what has all of these may be the
    /// beginning of the password or more than it, and what holds a zero may be the password over and over.
    pub fn reads_all_of(&self, password: &[u8]) -> bool {
        match &self.0 {
            Kind::Bcrypt { after_sha256, .. } => {
                *after_sha256 || (password.len() < BCRYPT_READS && !password.contains(&0))
            }
            Kind::Scrypt(..) | Kind::Pbkdf2(..) | Kind::Argon2(..) => true,
        }
    }

    /// Whether this is the hash of a password. Takes as long as the hash asks for: only on a thread for hashing.
    ///
    /// # Errors
    /// [`Error::Internal`] when a library refuses what was checked.
    pub fn fits(&self, password: &[u8]) -> Result<bool> {
        let failed = |what: &str| Error::Internal(format!("{what} refuses a hash that was checked"));
        match &self.0 {
            Kind::Bcrypt { text, after_sha256 } => {
                let fits = if *after_sha256 {
                    let digest = Sha256::digest(password);
                    let hex = digest.iter().fold(String::new(), |mut text, byte| {
                        let _ = write!(text, "{byte:02x}");
                        text
                    });
                    bcrypt::verify(hex, text)
                } else {
                    bcrypt::verify(password, text)
                };
                fits.map_err(|_| failed("bcrypt"))
            }
            Kind::Scrypt(params, salted) => salted.compare(|salt, out| {
                scrypt::scrypt(password, salt, params, out).map_err(|_| failed("scrypt"))
            }),
            Kind::Pbkdf2(digest, rounds, salted) => salted.compare(|salt, out| {
                match digest {
                    Digest::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, *rounds, out),
                    Digest::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, *rounds, out),
                }
                Ok(())
            }),
            Kind::Argon2(algorithm, version, params, salted) => salted.compare(|salt, out| {
                Argon2::new(*algorithm, *version, params.clone())
                    .hash_password_into(password, salt, out)
                    .map_err(|_| failed("argon2"))
            }),
        }
    }
}

impl Salted {
    /// Two parts in base64, with or without its padding.
    fn parse(salt: &str, hash: &str) -> Result<Self, NotTaken> {
        // passlib writes `.` for `+`.
        let bytes = |text: &str| STANDARD_NO_PAD.decode(text.trim_end_matches('=').replace('.', "+"));
        let salt = bytes(salt).map_err(|_| NotTaken::Unread)?;
        Self::checked(salt, bytes(hash).map_err(|_| NotTaken::Unread)?)
    }

    fn checked(salt: Vec<u8>, hash: Vec<u8>) -> Result<Self, NotTaken> {
        if salt.len() > SALT_MAX || !HASH_LENGTHS.contains(&hash.len()) {
            return Err(NotTaken::Unread);
        }
        Ok(Self { salt, hash })
    }

    fn compare(&self, derive: impl FnOnce(&[u8], &mut [u8]) -> Result<()>) -> Result<bool> {
        let mut out = vec![0; self.hash.len()];
        derive(&self.salt, &mut out)?;
        Ok(out.ct_eq(&self.hash).into())
    }
}

/// `$2b$12$`, 22 characters of salt, 31 of the hash. Not `$2x$`, which a bug made.
fn bcrypt(text: &str, after_sha256: bool) -> Result<Kind, NotTaken> {
    let known = ["$2a$", "$2b$", "$2y$"]
        .iter()
        .any(|prefix| text.starts_with(prefix));
    let parts: bcrypt::HashParts = text.parse().map_err(|_| NotTaken::Unread)?;
    if !known {
        return Err(NotTaken::Unread);
    }
    if !BCRYPT_COSTS.contains(&parts.get_cost()) {
        return Err(NotTaken::Costly);
    }
    Ok(Kind::Bcrypt {
        text: text.to_owned(),
        after_sha256,
    })
}

/// `rounds$salt$hash`: the salt is text as it stands, the hash is in base64.
fn django_pbkdf2(rest: &str) -> Result<Kind, NotTaken> {
    let [rounds, salt, hash] = parts(rest)?;
    let hash = STANDARD.decode(hash).map_err(|_| NotTaken::Unread)?;
    let salted = Salted::checked(salt.as_bytes().to_vec(), hash)?;
    let rounds = self::rounds(rounds, Digest::Sha256, &salted)?;
    Ok(Kind::Pbkdf2(Digest::Sha256, rounds, salted))
}

/// `i=rounds,l=length$salt$hash`, or only the rounds.
fn pbkdf2(digest: Digest, rest: &str) -> Result<Kind, NotTaken> {
    let [params, salt, hash] = parts(rest)?;
    let salted = Salted::parse(salt, hash)?;
    let rounds = match params.strip_prefix("i=") {
        None => params,
        Some(params) => match params.split_once(",l=") {
            None => params,
            Some((rounds, length)) if length.parse() == Ok(salted.hash.len()) => rounds,
            Some(_) => return Err(NotTaken::Unread),
        },
    };
    Ok(Kind::Pbkdf2(
        digest,
        self::rounds(rounds, digest, &salted)?,
        salted,
    ))
}

/// `ln=log₂N,r=…,p=…$salt$hash`.
fn scrypt(rest: &str) -> Result<Kind, NotTaken> {
    let [params, salt, hash] = parts(rest)?;
    let salted = Salted::parse(salt, hash)?;
    let [log_n, r, p] = numbers(params, ["ln=", "r=", "p="])?;
    if log_n == 0 || r == 0 || p == 0 {
        return Err(NotTaken::Unread);
    }
    if log_n > 24 || r > 1 << 10 || p > 1 << 10 {
        return Err(NotTaken::Costly);
    }
    let work = (1_u64 << log_n) * u64::from(r);
    let memory = work * 128 + u64::from(r) * u64::from(p) * 128;
    if work * 128 > MEMORY_MAX || memory > SCRYPT_MEMORY_MAX || work * u64::from(p) > SCRYPT_WORK_MAX {
        return Err(NotTaken::Costly);
    }
    let log_n = u8::try_from(log_n).map_err(|_| NotTaken::Costly)?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| NotTaken::Unread)?;
    Ok(Kind::Scrypt(params, salted))
}

/// `$argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash`. Without `v` it is version 16. Not argon2d, which nobody should hash passwords with.
fn argon2(text: &str) -> Result<Kind, NotTaken> {
    let (algorithm, rest) = if let Some(rest) = text.strip_prefix("$argon2id$") {
        (Algorithm::Argon2id, rest)
    } else if let Some(rest) = text.strip_prefix("$argon2i$") {
        (Algorithm::Argon2i, rest)
    } else {
        return Err(NotTaken::Unread);
    };
    let (version, rest) = if let Some(rest) = rest.strip_prefix("v=19$") {
        (Version::V0x13, rest)
    } else {
        (Version::V0x10, rest.strip_prefix("v=16$").unwrap_or(rest))
    };
    let [params, salt, hash] = parts(rest)?;
    let salted = Salted::parse(salt, hash)?;
    let [memory, passes, lanes] = numbers(params, ["m=", "t=", "p="])?;
    let is_costly = u64::from(memory) * 1024 > MEMORY_MAX
        || u64::from(memory) * u64::from(passes) > ARGON2_WORK_MAX
        || lanes > ARGON2_LANES_MAX;
    if is_costly {
        return Err(NotTaken::Costly);
    }
    let params = Params::new(memory, passes, lanes, Some(salted.hash.len())).map_err(|_| NotTaken::Unread)?;
    if salted.salt.len() < 8 {
        return Err(NotTaken::Unread);
    }
    Ok(Kind::Argon2(algorithm, version, params, salted))
}

/// Three parts between dollar signs.
fn parts(text: &str) -> Result<[&str; 3], NotTaken> {
    let all: Vec<&str> = text.split('$').collect();
    all.try_into().map_err(|_| NotTaken::Unread)
}

/// Three named numbers between commas, in this order.
fn numbers(text: &str, names: [&str; 3]) -> Result<[u32; 3], NotTaken> {
    let all: Vec<&str> = text.split(',').collect();
    let all: [&str; 3] = all.try_into().map_err(|_| NotTaken::Unread)?;
    let mut values = [0; 3];
    for ((value, text), name) in values.iter_mut().zip(all).zip(names) {
        let digits = text.strip_prefix(name).ok_or(NotTaken::Unread)?;
        *value = number(digits)?;
    }
    Ok(values)
}

/// The rounds of PBKDF2, for a hash of this length.
fn rounds(text: &str, digest: Digest, salted: &Salted) -> Result<u32, NotTaken> {
    let rounds = number(text)?;
    let blocks = salted.hash.len().div_ceil(digest.length());
    let work = u64::from(rounds) * u64::try_from(blocks).unwrap_or(u64::MAX);
    match work {
        0 => Err(NotTaken::Unread),
        work if work > ROUNDS_MAX => Err(NotTaken::Costly),
        _ => Ok(rounds),
    }
}

/// Digits only. A number that is too long to be one is costly, whatever it is.
fn number(text: &str) -> Result<u32, NotTaken> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotTaken::Unread);
    }
    text.parse().map_err(|_| NotTaken::Costly)
}

#[cfg(test)]
mod tests;
