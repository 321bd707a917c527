//! The master key, the keys derived from it by purpose, and what they seal.
//!
//! A master key is 32 random bytes. Several may be given: the first one seals, all of them open, so that keys rotate.
//! From each, HKDF-SHA-256 (RFC 5869) derives one key per purpose. Values are sealed with XChaCha20-Poly1305 and a
//! random 192-bit nonce (a counter that restarts with the process would repeat itself), with the purpose as associated
//! data, and carry the id of their key:
//!
//! `version (1 byte = 1) | key id (4 bytes) | nonce (24 bytes) | ciphertext and tag`

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::platform::entropy::Entropy;
use crate::{Error, Result};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
const HEADER: usize = 1 + KEY_ID + NONCE;

/// Four bytes that name a master key and say nothing else about it.
pub type KeyId = [u8; KEY_ID];

struct MasterKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

/// The ring of master keys. The first one is the current one.
pub struct Keys(Vec<MasterKey>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} hidden)", self.0.len())
    }
}

impl Keys {
    /// Reads keys from text: base64 of 32 bytes each, separated by commas or white space, the current one first.
    pub fn parse(text: &str) -> Result<Self> {
        let mut ring = Vec::new();
        for part in text
            .split([',', '\n', ' ', '\r', '\t'])
            .filter(|part| !part.is_empty())
        {
            let mut decoded = STANDARD
                .decode(part)
                .or_else(|_| URL_SAFE_NO_PAD.decode(part))
                .map_err(|_| Error::Configuration("the master key is not base64".into()))?;
            let bytes: [u8; 32] = decoded.as_slice().try_into().map_err(|_| {
                Error::Configuration(format!(
                    "a master key has 32 bytes; this one has {}",
                    decoded.len()
                ))
            })?;
            decoded.zeroize();
            ring.push(MasterKey {
                id: derive_id(&bytes),
                bytes: Zeroizing::new(bytes),
            });
        }
        if ring.is_empty() {
            return Err(Error::Configuration("there is no master key".into()));
        }
        Ok(Self(ring))
    }

    /// Text of a new master key, as [`Keys::parse`] reads it.
    pub fn generate(entropy: &Entropy) -> Zeroizing<String> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(entropy.bytes());
        Zeroizing::new(STANDARD.encode(bytes.as_slice()))
    }

    /// The id of the key that seals now.
    pub fn current_id(&self) -> KeyId {
        self.0.first().map_or([0; KEY_ID], |key| key.id)
    }

    /// Encrypts and authenticates `plain` for one purpose; only [`Keys::open`] with the same purpose reads it.
    pub fn seal(&self, purpose: &str, plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>> {
        let key = self.0.first().ok_or(Error::Sealed)?;
        let nonce: [u8; NONCE] = entropy.bytes();
        let sealed = cipher(key, purpose)?
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: purpose.as_bytes(),
                },
            )
            .map_err(|_| Error::Sealed)?;
        let mut out = Vec::with_capacity(HEADER + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&key.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the key is unknown, the purpose is another one, or a byte was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let (header, body) = sealed.split_at_checked(HEADER).ok_or(Error::Sealed)?;
        let (prefix, nonce) = header.split_at(1 + KEY_ID);
        if prefix.first() != Some(&VERSION) {
            return Err(Error::Sealed);
        }
        let key = self
            .0
            .iter()
            .find(|key| Some(key.id.as_slice()) == prefix.get(1..))
            .ok_or(Error::Sealed)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::Sealed)?;
        cipher(key, purpose)?
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: body,
                    aad: purpose.as_bytes(),
                },
            )
            .map_err(|_| Error::Sealed)
    }

    /// HMAC-SHA-256 under the current key: the same data gives the same 32 bytes, and says nothing without the key.
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        self.0.first().map_or([0; 32], |key| mac(key, purpose, data))
    }

    /// True when `tag` is the HMAC of `data` under any key of the ring; compared in constant time.
    pub fn verify_mac(&self, purpose: &str, data: &[u8], tag: &[u8]) -> bool {
        self.0
            .iter()
            .any(|key| bool::from(mac(key, purpose, data).ct_eq(tag)))
    }

    /// The pepper of password hashes under a key (NIST SP 800-63B-4 §3.1.1.2: a keyed hash, the key kept apart).
    pub fn pepper(&self, id: KeyId) -> Option<Zeroizing<[u8; 32]>> {
        self.0
            .iter()
            .find(|key| key.id == id)
            .map(|key| derive(key, "password pepper"))
    }
}

fn derive(key: &MasterKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // HKDF fails only for outputs over 8,160 bytes.
    let _ = Hkdf::<Sha256>::new(Some(b"latchstring"), key.bytes.as_slice())
        .expand(purpose.as_bytes(), out.as_mut());
    out
}

fn derive_id(bytes: &[u8; 32]) -> KeyId {
    let mut id = [0; KEY_ID];
    let _ = Hkdf::<Sha256>::new(Some(b"latchstring"), bytes).expand(b"key id", &mut id);
    id
}

fn cipher(key: &MasterKey, purpose: &str) -> Result<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(derive(key, purpose).as_slice()).map_err(|_| Error::Sealed)
}

fn mac(key: &MasterKey, purpose: &str, data: &[u8]) -> [u8; 32] {
    let derived = derive(key, purpose);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(derived.as_slice()).unwrap_or_else(|_| {
        <Hmac<Sha256> as hmac::KeyInit>::new(&hmac::digest::Key::<Hmac<Sha256>>::default())
    });
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// A secret that was given to a person or a browser: 256 bits, shown once, stored only as [`TokenHash`].
#[derive(Clone)]
pub struct PlainToken(Zeroizing<[u8; 32]>);

/// SHA-256 of a token. The token has 256 random bits, so no salt and no stretching is needed (ASVS 6.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl PlainToken {
    /// A new token.
    pub fn generate(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// Reads a token from a link or a cookie: 43 characters of unpadded base64url. Anything else is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The text for a link or a cookie.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    /// What is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_slice())
    }
}

impl TokenHash {
    /// The hash of a secret's bytes.
    pub fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// The bytes that the database holds.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
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
        assert!(after.verify_mac("m", b"data", &before.mac("m", b"data")));
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
    fn a_token_reads_back_and_nothing_else_does() {
        let token = PlainToken::generate(&Entropy::seeded(2));
        let text = token.reveal();
        assert_eq!(text.len(), 43);
        assert_eq!(PlainToken::parse(&text).unwrap().hash(), token.hash());
        for bad in [
            "",
            "x",
            &text[1..],
            &format!("{text}A"),
            &text.replace(&text[..1], "!"),
        ] {
            assert!(PlainToken::parse(bad).is_none(), "{bad:?} was taken");
        }
    }
}
