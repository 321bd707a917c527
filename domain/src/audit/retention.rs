//! How long rows are kept: `audit_retention_days`.
//!
//! Rows go from the beginning, up to a checkpoint that is older than that. First it is signed once more, as the anchor: the chain
//! begins behind it from then on, and that is audited. Then the rows go, in batches. Whatever is cut off goes on with the next
//! round: what lies before the anchor is not part of the chain any more.

use chrono::{DateTime, Utc};

use super::checkpoint::{self, Checkpoint, Purpose};
use super::signer::Signer;
use super::{Entry, Event, Origin};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::{Result, sql};

/// Rows that one transaction deletes.
const BATCH: i64 = 500;

/// Cuts off what is older than it is kept.
pub(super) async fn cut(platform: &Platform) -> Result<()> {
    let Some(kept) = platform.config.audit_retention else {
        return Ok(());
    };
    let begins_after = platform
        .db
        .write(async |tx| move_anchor(tx, tx.now() - kept).await)
        .await?;
    while platform
        .db
        .write(async |tx| {
            let gone = sql!(tx, execute
                "delete from audit_events where id in
                    (select id from audit_events where seq >= 1 and seq <= $1 order by seq limit $2)", begins_after, BATCH)?;
            Ok(gone == BATCH.unsigned_abs())
        })
        .await?
    {}
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from audit_checkpoints where seq < $1", begins_after))
        .await?;
    Ok(())
}

/// Moves the beginning of the chain to the last checkpoint from before that time. Says where it is; 0: where it always was.
async fn move_anchor(tx: &mut Tx, before: DateTime<Utc>) -> Result<i64> {
    let Some(signer) = Signer::load(tx).await? else {
        return Ok(0);
    };
    // One that somebody else wrote there must not make us delete anything.
    let key = signer.public();
    let anchors = checkpoint::anchors(tx).await?;
    let anchor = anchors.iter().find(|one| one.is_signed_by(&key));
    let begins_after = anchor.map_or(0, |anchor| anchor.seq);
    let old = sql!(tx, fetch_optional Checkpoint,
        "select purpose, seq, hash, events, at, key_id, signature from audit_checkpoints
         where purpose = 'hourly' and at <= $1 order by seq desc limit 1", before)?;
    let Some(old) = old.filter(|old| old.seq > begins_after && old.is_signed_by(&key)) else {
        return Ok(begins_after);
    };
    let anchor = Checkpoint::new(&signer, Purpose::Anchor, (old.seq, old.hash), 0, tx.now());
    anchor.insert(tx).await?;
    let (rows, through) = ((anchor.seq - begins_after).to_string(), anchor.seq.to_string());
    tx.audit(
        Entry::about(Event::AuditCut, None, &Origin::default())
            .with(&[("rows", rows.as_str()), ("through", through.as_str())]),
    )
    .await?;
    Ok(anchor.seq)
}
