//! The chain: each row carries a hash of itself and of the row before it, so that none can be changed, left out, put in or moved
//! without all that come after it showing it.
//!
//! Rows are noted while a transaction runs, and written as the last thing before its commit. Only then is the head of the chain
//! taken, one row that all of them change: on Postgres writers queue for these few statements and the commit, and since nothing
//! is waited for after the head, there is no deadlock over it. SQLite has one writer anyway.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::canon::{GENESIS, Hash, Record};
use super::{Change, Entry};
use crate::platform::db::Tx;
use crate::{Error, Result, sql};

/// What is about people in a row, and leaves it at an erasure.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Person {
    pub actor_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub detail: String,
    pub was: Option<String>,
    pub became: Option<String>,
}

/// A row, without its place.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Content {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub outcome: String,
    #[sqlx(flatten)]
    pub person: Person,
}

/// A row in its place, as it is read back. What is `None` was taken away, by an erasure or by somebody who may not.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Placed {
    pub seq: i64,
    pub salt: Option<Vec<u8>>,
    pub commitment: Option<Vec<u8>>,
    pub hash: Option<Vec<u8>>,
    #[sqlx(flatten)]
    pub content: Content,
}

/// A row that waits for the end of its transaction.
#[derive(Debug)]
pub(crate) struct Noted(pub(super) Content);

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Head {
    /// The place of the last row; 0: there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Since when all rows have a place.
    pub adopted_at: Option<DateTime<Utc>>,
}

impl Person {
    /// A hash that holds these fields and tells nothing about them once the salt is gone.
    pub fn commitment(&self, salt: &[u8]) -> Hash {
        Record::new("latchstring audit person 1")
            .bytes(Some(salt))
            .id(self.actor_id)
            .id(self.subject_id)
            .id(self.session_id)
            .text(self.address.as_deref())
            .text(self.user_agent.as_deref())
            .text(self.request_id.as_deref())
            .text(Some(&self.detail))
            .text(self.was.as_deref())
            .text(self.became.as_deref())
            .hash()
    }
}

impl Content {
    /// The hash of this row at a place, behind the row with the hash `previous`.
    pub fn hash(&self, seq: i64, previous: &[u8], commitment: &[u8]) -> Hash {
        Record::new("latchstring audit row 1")
            .bytes(Some(previous))
            .number(seq)
            .id(Some(self.id))
            .time(self.at)
            .text(Some(&self.kind))
            .text(Some(&self.outcome))
            .bytes(Some(commitment))
            .hash()
    }
}

impl Placed {
    /// At most `limit` rows behind this place, in the order of the chain.
    pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select seq, salt, commitment, hash, id, at, kind, outcome, actor_id, subject_id, session_id, address, user_agent,
                request_id, detail, was, became
             from audit_events where seq > $1 order by seq limit $2", seq, limit)
    }
}

impl Noted {
    pub(super) fn of(entry: &Entry<'_>, id: Uuid, at: DateTime<Utc>) -> Result<Self> {
        let origin = entry.origin;
        let changed = |side: fn(&Change<'_>) -> Option<String>| {
            let sides = entry.changes.iter();
            let sides = sides.map(|change| (change.field.as_str(), side(change)));
            (!entry.changes.is_empty()).then(|| object(sides)).transpose()
        };
        Ok(Self(Content {
            id,
            at,
            kind: entry.event.as_str().to_owned(),
            outcome: entry.event.outcome().to_owned(),
            person: Person {
                actor_id: entry.actor,
                subject_id: entry.subject,
                session_id: entry.session,
                address: Some(origin.address.clone()),
                user_agent: Some(origin.user_agent.clone()),
                request_id: Some(origin.request_id.clone()),
                detail: object(entry.detail.iter().copied())?,
                was: changed(|change| change.was.map(str::to_owned))?,
                became: changed(|change| change.became.map(str::to_owned))?,
            },
        }))
    }
}

/// A JSON object of names and values, the names in order.
fn object<'a, V: Serialize>(fields: impl Iterator<Item = (&'a str, V)>) -> Result<String> {
    let fields: BTreeMap<&str, V> = fields.collect();
    serde_json::to_string(&fields).map_err(|error| Error::Internal(format!("audit: {error}")))
}

impl Head {
    /// Takes the head until the end of the transaction; `by` places further on it gets back.
    pub async fn take(tx: &mut Tx, by: i64) -> Result<Self> {
        sql!(tx, fetch_one Self,
            "insert into audit_head (name, seq, hash) values ('chain', $1, $2)
             on conflict (name) do update set seq = audit_head.seq + $1
             returning seq, hash, adopted_at",
            by, GENESIS.as_slice())
    }

    /// Reads it; `None` in a new database.
    pub async fn read(tx: &mut Tx) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self, "select seq, hash, adopted_at from audit_head where name = 'chain'")
    }

    /// Writes the hash of the row that is last now.
    pub async fn put(tx: &mut Tx, seq: i64, hash: &[u8]) -> Result<()> {
        sql!(tx, execute "update audit_head set seq = $1, hash = $2 where name = 'chain'", seq, hash)?;
        Ok(())
    }
}

impl Tx {
    /// Writes down a security event, as part of this transaction. The row is there once it has committed, not before.
    ///
    /// # Errors
    /// [`Error::Internal`] when the details can't be written as JSON.
    #[expect(
        clippy::unused_async,
        reason = "whoever audits need not know that the row is written at the end"
    )]
    pub async fn audit(&mut self, entry: Entry<'_>) -> Result<()> {
        let (id, now) = (self.new_id(), self.now());
        self.audit_notes().push(Noted::of(&entry, id, now)?);
        Ok(())
    }

    /// Writes what was noted, as the last thing before the commit.
    pub(crate) async fn write_audit(&mut self) -> Result<()> {
        let noted = std::mem::take(self.audit_notes());
        if noted.is_empty() {
            return Ok(());
        }
        let many = i64::try_from(noted.len()).map_err(|error| Error::Internal(error.to_string()))?;
        let head = Head::take(self, many).await?;
        let (mut seq, mut hash) = (head.seq - many, head.hash);
        for Noted(row) in noted {
            let salt: [u8; 16] = self.entropy().bytes();
            let commitment = row.person.commitment(&salt);
            seq += 1;
            hash = row.hash(seq, &hash, &commitment).to_vec();
            let person = row.person;
            sql!(self, execute
                "insert into audit_events
                    (id, at, kind, outcome, actor_id, subject_id, session_id, address, user_agent, request_id, detail, was, became,
                     seq, salt, commitment, hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
                row.id, row.at, row.kind, row.outcome, person.actor_id, person.subject_id, person.session_id,
                person.address, person.user_agent, person.request_id, person.detail, person.was, person.became,
                seq, salt.as_slice(), commitment.as_slice(), hash.as_slice())?;
        }
        Head::put(self, seq, &hash).await
    }
}
