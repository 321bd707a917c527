//! Secrets that are given away, and what is kept of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::platform::entropy::Entropy;

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

    /// What the database holds. `None`: it is no hash.
    pub fn stored(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The bytes that the database holds.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
