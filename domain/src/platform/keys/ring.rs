//! The master keys of one moment, and what is derived from them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use super::{HEADER, KEY_ID, KeyId, NONCE, VERSION};
use crate::{Error, Result};

/// One master key: 32 random bytes, and its id.
#[derive(Clone)]
pub(super) struct MasterKey {
    pub(super) id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

/// The master keys, the current one first. Never empty.
#[derive(Clone)]
pub(super) struct Ring(pub(super) Vec<MasterKey>);

impl Ring {
    /// Reads keys from text: base64 of 32 bytes each, separated by commas or white space, the current one first.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let parts = text.split([',', '\n', ' ', '\r', '\t']);
        let ring: Vec<MasterKey> = parts
            .filter(|part| !part.is_empty())
            .map(MasterKey::parse)
            .collect::<Result<_>>()?;
        if ring.is_empty() {
            return Err(Error::Configuration("there is no master key".into()));
        }
        Ok(Self(ring))
    }

    pub(super) fn find(&self, id: &[u8]) -> Option<&MasterKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl MasterKey {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut decoded = STANDARD
            .decode(text)
            .or_else(|_| URL_SAFE_NO_PAD.decode(text))
            .map_err(|_| Error::Configuration("the master key is not base64".into()))?;
        let bytes: [u8; 32] = decoded.as_slice().try_into().map_err(|_| {
            Error::Configuration(format!(
                "a master key has 32 bytes; this one has {}",
                decoded.len()
            ))
        })?;
        decoded.zeroize();
        let mut id = [0; KEY_ID];
        expand(&bytes, "key id", &mut id);
        Ok(Self {
            id,
            bytes: Zeroizing::new(bytes),
        })
    }

    /// The key for one purpose.
    pub(super) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        expand(&self.bytes, purpose, out.as_mut());
        out
    }

    pub(super) fn seal(&self, purpose: &str, plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>> {
        let sealed = self
            .cipher(purpose)?
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
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    pub(super) fn open(&self, purpose: &str, nonce: [u8; NONCE], body: &[u8]) -> Result<Vec<u8>> {
        self.cipher(purpose)?
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: body,
                    aad: purpose.as_bytes(),
                },
            )
            .map_err(|_| Error::Sealed)
    }

    fn cipher(&self, purpose: &str) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(self.derive(purpose).as_slice()).map_err(|_| Error::Sealed)
    }
}

/// HKDF-SHA-256 (RFC 5869).
fn expand(secret: &[u8; 32], purpose: &str, out: &mut [u8]) {
    // It fails only for outputs over 8,160 bytes.
    let _ = Hkdf::<Sha256>::new(Some(b"latchstring"), secret).expand(purpose.as_bytes(), out);
}

/// HMAC-SHA-256.
pub(super) fn mac(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    // A key that is shorter than the block is filled up with zeros (RFC 2104 §2).
    let mut block = [0; 64];
    if let Some(start) = block.first_chunk_mut() {
        *start = *key;
    }
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    block.zeroize();
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// A key for one purpose, of a secret that is not a master key.
pub(super) fn derive_from(secret: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    expand(secret, purpose, out.as_mut());
    out
}
