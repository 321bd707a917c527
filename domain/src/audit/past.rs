//! Rows of a past that never was, for a database to develop and measure with: in the chain as all others, so that it holds, but put
//! there many at a time.

use chrono::{DateTime, Utc};

use super::Entry;
use super::chain::{Head, Noted};
use crate::platform::db::Tx;
use crate::platform::db::tables::{Kind, Row, Table, Value};
use crate::platform::entropy::Entropy;
use crate::{Error, Result};

/// The columns in the order in which a row has them here, as `Kind` calls what they hold.
const COLUMNS: &str = "id uuid, at timestamptz, kind text, outcome text, actor_id uuid, subject_id uuid, session_id uuid, address text, \
     user_agent text, request_id text, detail text, was text, became text, seq bigint, salt bytea, commitment bytea, hash bytea";
/// Rows of one statement. More would take longer: SQLite looks for each value among all of them by its name.
const STATEMENT: usize = 30;

/// Appends these, in this order. Nothing else may have been audited in this transaction.
pub(crate) async fn append(
    tx: &mut Tx,
    entropy: &Entropy,
    past: &[(Entry<'_>, DateTime<Utc>)],
) -> Result<()> {
    let many = i64::try_from(past.len()).map_err(|error| Error::Internal(error.to_string()))?;
    let table = Table::of("audit_events", &columns());
    let head = Head::take(tx, many).await?;
    let (mut seq, mut hash) = (head.seq - many, head.hash);
    for part in past.chunks(STATEMENT) {
        let mut rows: Vec<Row> = Vec::with_capacity(part.len());
        for (entry, at) in part {
            let Noted(row) = Noted::of(entry, entropy.uuid_v7(*at), *at)?;
            let salt: [u8; 16] = entropy.bytes();
            let commitment = row.person.commitment(&salt);
            seq += 1;
            hash = row.hash(seq, &hash, &commitment).to_vec();
            let person = row.person;
            rows.push(vec![
                Value::Uuid(row.id),
                Value::Time(row.at.timestamp_micros()),
                Value::Text(row.kind),
                Value::Text(row.outcome),
                Value::or_null(person.actor_id, Value::Uuid),
                Value::or_null(person.subject_id, Value::Uuid),
                Value::or_null(person.session_id, Value::Uuid),
                Value::or_null(person.address, Value::Text),
                Value::or_null(person.user_agent, Value::Text),
                Value::or_null(person.request_id, Value::Text),
                Value::Text(person.detail),
                Value::or_null(person.was, Value::Text),
                Value::or_null(person.became, Value::Text),
                Value::Integer(seq),
                Value::Bytes(salt.to_vec()),
                Value::Bytes(commitment.to_vec()),
                Value::Bytes(hash.clone()),
            ]);
        }
        tx.insert_all(&table, &rows).await?;
    }
    Head::put(tx, seq, &hash).await
}

fn columns() -> Vec<(&'static str, Kind)> {
    let columns = COLUMNS.split(", ").filter_map(|column| column.split_once(' '));
    columns
        .filter_map(|(name, kind)| Some((name, Kind::parse(kind)?)))
        .collect()
}
