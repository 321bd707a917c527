//! The master keys, the keys derived from them by purpose, and what they seal.
//!
//! A master key is 32 random bytes. Several may be given: the first one seals, all of them open, so that keys rotate
//! (`platform/rotation.rs`). From each, HKDF-SHA-256 (RFC 5869) derives one key per purpose. Values are sealed with
//! XChaCha20-Poly1305 and a random 192-bit nonce (a counter that restarts with the process would repeat itself), with
//! the purpose as associated data, and carry the id of their key:
//!
//! `version (1 byte = 1) | key id (4 bytes) | nonce (24 bytes) | ciphertext and tag`
//!
//! What is only compared has an HMAC, in one of two ways:
//! - [`Keys::tag`], for what lives for minutes (codes): under the current master key, whose id stands in front.
//! - [`Keys::index`], for what is looked up by it (counts of an account): under a secret of the database that no rotation
//!   changes, or a new master key would forget every count. It is kept sealed under the master key (`platform/
//!   database_secret.rs`), so that a copy of the database alone names nobody.

mod ring;
mod token;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use self::ring::{MasterKey, Ring};
pub use self::token::{PlainToken, TokenHash};
use crate::platform::entropy::Entropy;
use crate::platform::key_file::KeyFile;
use crate::{Error, Result};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
const HEADER: usize = 1 + KEY_ID + NONCE;

/// Four bytes that name a master key and say nothing else about it.
pub type KeyId = [u8; KEY_ID];

/// The ring of master keys. The first one is the current one. Where they come from a file, the file is read again when
/// it has changed: see [`Keys::refresh`].
pub struct Keys {
    ring: RwLock<Arc<Ring>>,
    file: Option<KeyFile>,
    index: OnceLock<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} hidden)", self.ring().0.len())
    }
}

impl Keys {
    /// Reads keys from text: base64 of 32 bytes each, separated by commas or white space, the current one first.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self {
            ring: RwLock::new(Arc::new(Ring::parse(text)?)),
            file: None,
            index: OnceLock::new(),
        })
    }

    /// The keys of a file, which may change.
    pub(crate) fn from_file(file: KeyFile) -> Result<Self> {
        let text = file.ring()?;
        Ok(Self {
            file: Some(file),
            ..Self::parse(&text)?
        })
    }

    /// Text of a new master key, as [`Keys::parse`] reads it.
    pub fn generate(entropy: &Entropy) -> Zeroizing<String> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(entropy.bytes());
        Zeroizing::new(STANDARD.encode(bytes.as_slice()))
    }

    /// The id of a key by its text.
    ///
    /// # Errors
    /// [`Error::Configuration`] if it is none.
    pub fn id_of(text: &str) -> Result<KeyId> {
        Ok(MasterKey::parse(text)?.id)
    }

    /// Reads the key file again if it has changed, and says whether it did. Costs one look at the folder. Keys are only
    /// added: one that was taken out of the file leaves with the next start, since something may still need it.
    pub fn refresh(&self) -> bool {
        let Some(file) = &self.file else { return false };
        file.if_changed(|text| match text.and_then(|text| Ring::parse(&text)) {
            Ok(mut newer) => {
                let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
                let gone = ring.0.iter().filter(|key| newer.find(&key.id).is_none());
                newer.0.extend(gone.cloned().collect::<Vec<_>>());
                *ring = Arc::new(newer);
                drop(ring);
                tracing::info!(keys = ?self.ids().iter().map(name).collect::<Vec<_>>(), "the key file was read again");
                true
            }
            Err(error) => {
                tracing::error!(%error, "the key file has changed and can't be used: going on with the keys as they were");
                false
            }
        })
    }

    /// The ids of all keys, the current one first.
    pub fn ids(&self) -> Vec<KeyId> {
        self.ring().0.iter().map(|key| key.id).collect()
    }

    /// The id of the key that seals now.
    pub fn current_id(&self) -> KeyId {
        self.ring().0.first().map_or([0; KEY_ID], |key| key.id)
    }

    /// Encrypts and authenticates `plain` for one purpose; only [`Keys::open`] with the same purpose reads it.
    pub fn seal(&self, purpose: &str, plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>> {
        let ring = self.ring();
        let key = ring.0.first().ok_or(Error::Sealed)?;
        key.seal(purpose, plain, entropy.bytes())
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key is not in the ring, [`Error::Sealed`] when the purpose is another one, or a byte
    /// was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let (header, body) = sealed.split_at_checked(HEADER).ok_or(Error::Sealed)?;
        let (_, nonce) = header.split_at(1 + KEY_ID);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::Sealed)?;
        let id = sealed_by(sealed).ok_or(Error::Sealed)?;
        let key = self.find(id).ok_or_else(|| Error::UnknownKey(name(&id)))?;
        key.open(purpose, nonce, body)
    }

    /// An HMAC-SHA-256 under the current key, with the id of that key in front: 36 bytes.
    pub fn tag(&self, purpose: &str, data: &[u8]) -> Vec<u8> {
        let ring = self.ring();
        let tagged = ring.0.first().map(|key| {
            let mac = ring::mac(&key.derive(purpose), data);
            [key.id.as_slice(), &mac].concat()
        });
        tagged.unwrap_or_default()
    }

    /// True when [`Keys::tag`] made `tag` of this data, under any key of the ring; compared in constant time.
    pub fn verify_tag(&self, purpose: &str, data: &[u8], tag: &[u8]) -> bool {
        tag.split_first_chunk::<KEY_ID>()
            .and_then(|(id, mac)| Some((self.find(*id)?, mac)))
            .is_some_and(|(key, mac)| ring::mac(&key.derive(purpose), data).ct_eq(mac).into())
    }

    /// An HMAC-SHA-256 that stays the same over rotations, to look something up by: a blind index.
    ///
    /// # Errors
    /// [`Error::Internal`] before the secret of the database was read, which [`crate::platform::Platform::open`] does.
    pub fn index(&self, purpose: &str, data: &[u8]) -> Result<[u8; 32]> {
        let secret = self
            .index
            .get()
            .ok_or_else(|| Error::Internal("the secret of the database was not read yet".into()))?;
        Ok(ring::mac(&ring::derive_from(secret, purpose), data))
    }

    /// Gives the secret of the database, once.
    pub(crate) fn set_index_secret(&self, secret: Zeroizing<[u8; 32]>) {
        let _ = self.index.set(secret);
    }

    /// The pepper of password hashes under a key (NIST SP 800-63B-4 §3.1.1.2: a keyed hash, the key kept apart).
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key is not in the ring.
    pub fn pepper(&self, id: KeyId) -> Result<Zeroizing<[u8; 32]>> {
        let key = self.find(id).ok_or_else(|| Error::UnknownKey(name(&id)))?;
        Ok(key.derive("password pepper"))
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A key by its id. One that is not in the ring may have been added by a rotation a moment ago.
    fn find(&self, id: KeyId) -> Option<MasterKey> {
        let found = self.ring().find(&id).cloned();
        found.or_else(|| {
            self.refresh();
            self.ring().find(&id).cloned()
        })
    }
}

/// The id of the key that sealed a value; `None` if it is no sealed value.
pub fn sealed_by(sealed: &[u8]) -> Option<KeyId> {
    let (version, rest) = sealed.split_first()?;
    (*version == VERSION).then(|| rest.first_chunk().copied())?
}

/// The name of a key for people: its id in hexadecimal.
pub fn name(id: &KeyId) -> String {
    format!("{:08x}", u32::from_be_bytes(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> (Keys, Entropy) {
        let entropy = Entropy::seeded(1);
        (Keys::parse(&Keys::generate(&entropy)).unwrap(), entropy)
    }

    #[test]
    fn what_is_sealed_opens_only_for_its_purpose_and_unchanged() {
        let (keys, entropy) = ring();
        let sealed = keys.seal("flow", b"hello", &entropy).unwrap();
        assert_eq!(keys.open("flow", &sealed).unwrap(), b"hello");
        assert!(keys.open("other", &sealed).is_err());
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(keys.open("flow", &changed).is_err(), "byte {i} may be changed");
        }
        assert!(keys.open("flow", &sealed[..20]).is_err());
        assert!(keys.open("flow", b"").is_err());
    }

    #[test]
    fn a_new_key_in_front_still_opens_what_the_old_one_sealed() {
        let (keys, entropy) = ring();
        let (old, new) = (Keys::generate(&entropy), Keys::generate(&entropy));
        let before = Keys::parse(&old).unwrap();
        let after = Keys::parse(&format!("{},{}", *new, *old)).unwrap();
        let sealed = before.seal("p", b"x", &entropy).unwrap();
        assert_eq!(after.open("p", &sealed).unwrap(), b"x");
        assert_ne!(after.current_id(), before.current_id());
        let tag = before.tag("m", b"data");
        assert!(after.verify_tag("m", b"data", &tag));
        assert!(!after.verify_tag("m", b"date", &tag) && !after.verify_tag("n", b"data", &tag));
        assert!(!before.verify_tag("m", b"data", &after.tag("m", b"data")));
        assert!(
            before
                .open("p", &after.seal("p", b"x", &entropy).unwrap())
                .is_err()
        );
        assert!(keys.open("p", &sealed).is_err());
    }

    #[test]
    fn a_key_that_is_not_32_bytes_of_base64_is_refused() {
        for text in ["", " ", "abc", "!!!!", "c2hvcnQ="] {
            assert!(
                matches!(Keys::parse(text), Err(Error::Configuration(_))),
                "{text:?} was taken"
            );
        }
    }

    #[test]
    fn an_index_outlives_its_master_key_and_not_its_database() {
        let (keys, entropy) = ring();
        assert!(keys.index("account", b"ada").is_err(), "there is no database yet");
        let other = Keys::parse(&Keys::generate(&entropy)).unwrap();
        for keys in [&keys, &other] {
            keys.set_index_secret(Zeroizing::new([7; 32]));
        }
        let ada = keys.index("account", b"ada").unwrap();
        assert_eq!(ada, other.index("account", b"ada").unwrap());
        assert_ne!(ada, keys.index("device", b"ada").unwrap());
        assert_ne!(ada, keys.index("account", b"bob").unwrap());
        let elsewhere = Keys::parse(&Keys::generate(&entropy)).unwrap();
        elsewhere.set_index_secret(Zeroizing::new([8; 32]));
        assert_ne!(ada, elsewhere.index("account", b"ada").unwrap());
    }
}
