//! Rows from before the audit was a chain get their places in it, when a server of this version starts for the first time.
//!
//! In batches, each one transaction that holds the head: whatever is cut off goes on with the next start, and servers that run
//! write in between. Once all rows have a place, that is noted, and no row is ever adopted again: one that turns up without a place
//! was put there past the program, and `latchstring audit verify` says so.

use uuid::Uuid;

use super::chain::{Content, Head};
use super::{Entry, Event, Origin};
use crate::platform::db::{Db, One, Tx};
use crate::{Result, sql};

/// Rows of one transaction.
const BATCH: i64 = 500;

/// Gives every row its place. One look where that is done.
pub(crate) async fn adopt(db: &Db) -> Result<()> {
    let head = db.read(async |tx| Head::read(tx).await).await?;
    if head.is_some_and(|head| head.adopted_at.is_some()) {
        return Ok(());
    }
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        after = db.write(async |tx| batch(tx, last).await).await?;
    }
    Ok(())
}

/// Takes up the next rows; the id of the last one, or `None` when there is no more.
async fn batch(tx: &mut Tx, after: Uuid) -> Result<Option<Uuid>> {
    let head = Head::take(tx, 0).await?;
    if head.adopted_at.is_some() {
        return Ok(None);
    }
    let rows = sql!(tx, fetch_all Content,
        "select id, at, kind, outcome, actor_id, subject_id, session_id, address, user_agent, request_id, detail, was, became
         from audit_events where seq is null and id > $1 order by id limit $2", after, BATCH)?;
    let (mut seq, mut hash) = (head.seq, head.hash);
    for row in &rows {
        let salt: [u8; 16] = tx.entropy().bytes();
        let commitment = row.person.commitment(&salt);
        seq += 1;
        hash = row.hash(seq, &hash, &commitment).to_vec();
        sql!(tx, execute "update audit_events set seq = $1, salt = $2, commitment = $3, hash = $4 where id = $5",
            seq, salt.as_slice(), commitment.as_slice(), hash.as_slice(), row.id)?;
    }
    Head::put(tx, seq, &hash).await?;
    if let Some(last) = rows.last() {
        return Ok(Some(last.id));
    }
    let now = tx.now();
    sql!(tx, execute "update audit_head set adopted_at = $1 where name = 'chain'", now)?;
    // In a new database there was nothing to take up.
    let (adopted,) = sql!(tx, fetch_one One<i64>, "select count(*) from audit_events")?;
    if adopted > 0 {
        let rows = adopted.to_string();
        tx.audit(
            Entry::about(Event::AuditChained, None, &Origin::default()).with(&[("rows", rows.as_str())]),
        )
        .await?;
    }
    Ok(None)
}
