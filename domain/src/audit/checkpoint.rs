//! Checkpoints: what the chain came to at some moment, signed. Whoever may write to the database could write a whole new chain
//! from some row on; they can't sign it. And who keeps a checkpoint somewhere else can tell that later rows were not cut off.
//!
//! Before one is signed, the rows since the one before are verified: nothing is ever signed that does not follow from what was.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::canon::{GENESIS, Record, hex};
use super::retention;
use super::signer::{PublicKey, Signer};
use super::verify::{Stretch, walk};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::{Error, Result, sql};

/// What a checkpoint is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The end of the chain at some moment.
    Hourly,
    /// The beginning of the chain, since older rows were cut off.
    Anchor,
}

/// What the chain came to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Checkpoint {
    /// `hourly` or `anchor`.
    pub purpose: String,
    /// The place of the last row.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// How many rows the chain had, from its beginning or its anchor.
    pub events: i64,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// The name of the key.
    pub key_id: String,
    /// Ed25519 over the record of all of the above.
    pub signature: Vec<u8>,
}

/// A checkpoint as it is kept outside of the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    purpose: Purpose,
    seq: i64,
    hash: String,
    events: i64,
    at: DateTime<Utc>,
    key_id: String,
    public_key: String,
    signature: String,
}

/// How [`sign`] ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// A new one was written.
    Done(Checkpoint),
    /// Nothing has happened since the last one; or ever.
    Nothing(Option<Checkpoint>),
    /// The chain does not hold, so nothing was signed. The sentences say where.
    Refused(Vec<String>),
}

impl Purpose {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Anchor => "anchor",
        }
    }
}

impl Checkpoint {
    /// Signs the chain as it is at `seq`.
    pub(super) fn new(
        signer: &Signer,
        purpose: Purpose,
        (seq, hash): (i64, Vec<u8>),
        events: i64,
        at: DateTime<Utc>,
    ) -> Self {
        let mut checkpoint = Self {
            purpose: purpose.as_str().to_owned(),
            seq,
            hash,
            events,
            at,
            key_id: signer.public().id(),
            signature: Vec::new(),
        };
        checkpoint.signature = signer.sign(&checkpoint.message());
        checkpoint
    }

    /// True when this key has signed it as it is.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.key_id == key.id() && key.verify(&self.message(), &self.signature)
    }

    fn message(&self) -> Vec<u8> {
        Record::new("latchstring audit checkpoint 1")
            .text(Some(&self.purpose))
            .number(self.seq)
            .bytes(Some(&self.hash))
            .number(self.events)
            .time(self.at)
            .text(Some(&self.key_id))
            .finish()
    }

    /// As JSON, to be kept somewhere else.
    ///
    /// # Errors
    /// [`Error::Internal`] for a purpose that there is not.
    pub fn to_json(&self, key: &PublicKey) -> Result<String> {
        let fault = |error: &dyn std::fmt::Display| Error::Internal(format!("checkpoint: {error}"));
        let purpose = if self.purpose == Purpose::Anchor.as_str() {
            Purpose::Anchor
        } else {
            Purpose::Hourly
        };
        let kept = Kept {
            purpose,
            seq: self.seq,
            hash: hex(&self.hash),
            events: self.events,
            at: self.at,
            key_id: self.key_id.clone(),
            public_key: key.text(),
            signature: hex(&self.signature),
        };
        serde_json::to_string(&kept).map_err(|error| fault(&error))
    }

    /// Reads what [`Checkpoint::to_json`] wrote, with the key that stands in it.
    ///
    /// # Errors
    /// [`Error::Operator`] if it is no checkpoint.
    pub fn from_json(text: &str) -> Result<(Self, PublicKey)> {
        let fault = || {
            Error::Operator("This is not a checkpoint as `latchstring audit checkpoint` prints it.".into())
        };
        let kept: Kept = serde_json::from_str(text.trim()).map_err(|_| fault())?;
        let checkpoint = Self {
            purpose: kept.purpose.as_str().to_owned(),
            seq: kept.seq,
            hash: unhex(&kept.hash).ok_or_else(fault)?,
            events: kept.events,
            at: kept.at,
            key_id: kept.key_id,
            signature: unhex(&kept.signature).ok_or_else(fault)?,
        };
        Ok((checkpoint, PublicKey::parse(&kept.public_key).ok_or_else(fault)?))
    }

    /// The newest one.
    pub(super) async fn newest(tx: &mut Tx) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select purpose, seq, hash, events, at, key_id, signature from audit_checkpoints
             where purpose = 'hourly' order by seq desc, at desc limit 1")
    }

    /// Those that are no anchors, at places behind `from`, up to `to`, in their order. At most 1,000: more than as many hours of
    /// as few rows as a walk reads together.
    pub(super) async fn between(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select purpose, seq, hash, events, at, key_id, signature from audit_checkpoints
             where purpose <> 'anchor' and seq > $1 and seq <= $2 order by seq limit 1000", from, to)
    }

    /// The newest ones, anchors too, newest first.
    pub(super) async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select purpose, seq, hash, events, at, key_id, signature from audit_checkpoints order by seq desc, at desc limit $1",
            limit)
    }

    pub(super) async fn insert(&self, tx: &mut Tx) -> Result<()> {
        let id = tx.new_id();
        sql!(tx, execute
            "insert into audit_checkpoints (id, purpose, seq, hash, events, at, key_id, signature)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id, self.purpose.as_str(), self.seq, self.hash.as_slice(), self.events, self.at, self.key_id.as_str(),
            self.signature.as_slice())?;
        Ok(())
    }
}

/// Every anchor, the furthest first: one, or two while older rows go. Only one that is signed means anything.
pub(super) async fn anchors(tx: &mut Tx) -> Result<Vec<Checkpoint>> {
    sql!(tx, fetch_all Checkpoint,
        "select purpose, seq, hash, events, at, key_id, signature from audit_checkpoints
         where purpose = 'anchor' order by seq desc, at desc limit 10")
}

/// The newest checkpoint, and the key that signs; `None` when there is no checkpoint yet.
pub async fn newest(platform: &Platform) -> Result<Option<(Checkpoint, PublicKey)>> {
    platform
        .db
        .read(async |tx| {
            let Some(signer) = Signer::load(tx).await? else {
                return Ok(None);
            };
            let newest = Checkpoint::newest(tx).await?;
            Ok(newest.map(|checkpoint| (checkpoint, signer.public())))
        })
        .await
}

/// Verifies what has come since the last checkpoint, and signs a new one.
pub async fn sign(platform: &Platform) -> Result<Signed> {
    let (key, last, anchors) = platform
        .db
        .read(async |tx| {
            let key = Signer::load(tx).await?.map(|signer| signer.public());
            let last = Checkpoint::newest(tx).await?;
            Ok((key, last, anchors(tx).await?))
        })
        .await?;
    // What this server did not sign itself is nothing to go on from.
    let is_signed = |one: &&Checkpoint| key.as_ref().is_some_and(|key| one.is_signed_by(key));
    let anchor = anchors.iter().find(is_signed);
    let begins_at = anchor.map_or(0, |anchor| anchor.seq);
    let from = last
        .iter()
        .filter(is_signed)
        .chain(anchor)
        .max_by_key(|one| one.seq);
    let stretch = from.map_or_else(
        || Stretch::from(0, GENESIS.to_vec()),
        |from| Stretch::from(from.seq, from.hash.clone()),
    );
    let walked = platform.db.snapshot(async |tx| walk(tx, stretch).await).await?;
    if !walked.breaks.is_empty() {
        return Ok(Signed::Refused(
            walked.breaks.iter().map(ToString::to_string).collect(),
        ));
    }
    if walked.events == 0 {
        return Ok(Signed::Nothing(last));
    }
    let checkpoint = platform
        .db
        .write(async |tx| {
            let signer = Signer::ensure(tx).await?;
            let end = (walked.last.0, walked.last.1.clone());
            let events = walked.last.0 - begins_at;
            let checkpoint = Checkpoint::new(&signer, Purpose::Hourly, end, events, tx.now());
            checkpoint.insert(tx).await?;
            Ok(checkpoint)
        })
        .await?;
    Ok(Signed::Done(checkpoint))
}

/// The job: a checkpoint, and what is older than it should be goes.
pub async fn look_after(platform: &Platform) -> Result<()> {
    if let Signed::Refused(breaks) = sign(platform).await? {
        for told in &breaks {
            tracing::error!(%told, "the audit does not hold: no checkpoint was signed; see `latchstring audit verify`");
        }
        metrics::counter!("latchstring_audit_breaks_total").increment(1);
        return Ok(());
    }
    retention::cut(platform).await
}

/// Reads what [`hex`] wrote.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}
