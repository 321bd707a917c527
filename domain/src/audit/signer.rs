//! The key that signs checkpoints: Ed25519 (RFC 8032), made with the first checkpoint, kept sealed under the master key.
//!
//! It stays the same over rotations of the master key, so that whoever has written down its public half can go on using it. When
//! a second one is ever made, because the first was lost, that is audited, and old checkpoints don't verify any more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::canon::hex;
use super::{Entry, Event, Origin};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::sealed_by;
use crate::{Error, Result, sql};

const NAME: &str = "audit";
const PURPOSE: &str = "audit signing key";

/// The public half: 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

/// The key.
pub(super) struct Signer(Ed25519KeyPair);

impl PublicKey {
    /// Reads it as [`PublicKey::text`] writes it; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        (bytes.len() == 32).then_some(Self(bytes))
    }

    /// In base64.
    pub fn text(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// What it is called: the first 8 bytes of its SHA-256, in hexadecimal.
    pub fn id(&self) -> String {
        hex(Sha256::digest(&self.0).get(..8).unwrap_or_default())
    }

    /// True when the private half signed this.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

impl Signer {
    /// The key of this database; `None` when there is none yet.
    pub async fn load(tx: &mut Tx) -> Result<Option<Self>> {
        let Some(sealed) = read(tx).await? else {
            return Ok(None);
        };
        let seed = Zeroizing::new(tx.keys().open(PURPOSE, &sealed)?);
        Ok(Some(Self::of(&seed)?))
    }

    /// The same; makes it if there is none.
    pub async fn ensure(tx: &mut Tx) -> Result<Self> {
        if let Some(signer) = Self::load(tx).await? {
            return Ok(signer);
        }
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(tx.entropy().bytes());
        let sealed = tx.keys().seal(PURPOSE, seed.as_slice(), tx.entropy())?;
        let now = tx.now();
        let made = sql!(tx, execute
            "insert into sealed_secrets (name, sealed, created_at) values ($1, $2, $3) on conflict (name) do nothing",
            NAME, sealed.as_slice(), now)?;
        if made == 0 {
            // Another server was faster, and has committed.
            return Self::load(tx)
                .await?
                .ok_or_else(|| Error::Internal("the audit's key is gone".into()));
        }
        let signer = Self::of(seed.as_slice())?;
        let id = signer.public().id();
        tx.audit(Entry::about(Event::AuditKeyMade, None, &Origin::default()).with(&[("key", id.as_str())]))
            .await?;
        Ok(signer)
    }

    fn of(seed: &[u8]) -> Result<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed)
            .map(Self)
            .map_err(|_| Error::Sealed)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// 64 bytes.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// The public half of this server's key, which is made if there is none yet.
pub async fn public_key(platform: &Platform) -> Result<PublicKey> {
    let signer = platform.db.write(async |tx| Signer::ensure(tx).await).await?;
    Ok(signer.public())
}

/// Seals it with the current master key, in the transaction that ends a rotation.
pub(crate) async fn reseal(tx: &mut Tx) -> Result<()> {
    let Some(sealed) = read(tx).await? else {
        return Ok(());
    };
    if sealed_by(&sealed) == Some(tx.keys().current_id()) {
        return Ok(());
    }
    let seed = Zeroizing::new(tx.keys().open(PURPOSE, &sealed)?);
    let anew = tx.keys().seal(PURPOSE, &seed, tx.entropy())?;
    sql!(tx, execute "update sealed_secrets set sealed = $1 where name = $2 and sealed = $3", anew, NAME, sealed)?;
    Ok(())
}

async fn read(tx: &mut Tx) -> Result<Option<Vec<u8>>> {
    let found =
        sql!(tx, fetch_optional One<Vec<u8>>, "select sealed from sealed_secrets where name = $1", NAME)?;
    Ok(found.map(|(sealed,)| sealed))
}
