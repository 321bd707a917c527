//! Verifying the audit: from the beginning, or from what was signed, to the end; page by page, so that memory stays the same
//! however long the chain is. On one moment of the database, while servers write.

mod breaks;
mod walk;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use serde::Serialize;

pub use self::breaks::Break;
pub(super) use self::walk::{Stretch, walk};
use super::canon::GENESIS;
use super::checkpoint::{self, Checkpoint};
use super::signer::{PublicKey, Signer};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::{Result, sql};

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The place of the first row that is part of the chain; 0 if there is none.
    pub first: i64,
    /// The place of the last one.
    pub last: i64,
    /// Rows that were looked at.
    pub rows: i64,
    /// Those of them that an erasure has emptied: of these it holds what happened, when, and in which order.
    pub erased: i64,
    /// Those of the emptied ones that name nobody.
    pub nameless: i64,
    /// Checkpoints that were compared.
    pub checkpoints: i64,
    /// Up to which place the chain is signed for; 0: nowhere.
    pub signed_through: i64,
    /// The name of the key that signs; `None`: there is none yet.
    pub key_id: Option<String>,
    /// Rows in front of the chain, which are about to go because they are older than they are kept.
    pub to_be_cut: i64,
    /// What the comparison with the checkpoint that was kept outside came to; `None`: there was none.
    pub kept: Option<Compared>,
    /// Where it breaks; empty: it is whole.
    pub breaks: Vec<Break>,
    /// Further places that are not named.
    pub more: i64,
}

/// How a checkpoint that was kept outside compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// The row at its place is the one that was signed.
    Matches,
    /// It is not; [`Report::breaks`] says how.
    Differs,
    /// It is from before the oldest row that is still there: `audit_retention_days` took what it was made of. It proves nothing.
    TooOld,
}

impl Compared {
    fn of(kept: &Checkpoint, begins_after: i64, breaks: &[Break]) -> Self {
        let is_kept = |found: &Break| {
            matches!(
                found,
                Break::Kept { .. } | Break::NotAsSigned { by: "kept", .. } | Break::CutOff { by: "kept", .. }
            )
        };
        if breaks.iter().any(is_kept) {
            Self::Differs
        } else if kept.seq < begins_after {
            Self::TooOld
        } else {
            Self::Matches
        }
    }
}

impl Report {
    /// True when the chain is whole.
    pub fn is_whole(&self) -> bool {
        self.breaks.is_empty() && self.more == 0
    }
}

/// Verifies all of it. `kept`: a checkpoint that was kept outside of the server, with the key that is written in it.
pub async fn verify(platform: &Platform, kept: Option<&(Checkpoint, PublicKey)>) -> Result<Report> {
    platform
        .db
        .snapshot(async |tx| {
            tx.take_all_the_time().await?;
            examine(tx, kept, None).await
        })
        .await
}

/// Verifies all of it, and says meanwhile how many rows it has looked at.
pub(super) async fn verify_telling(platform: &Platform, done: &Arc<AtomicI64>) -> Result<Report> {
    platform
        .db
        .snapshot(async |tx| {
            tx.take_all_the_time().await?;
            examine(tx, None, Some(Arc::clone(done))).await
        })
        .await
}

async fn examine(
    tx: &mut Tx,
    kept: Option<&(Checkpoint, PublicKey)>,
    done: Option<Arc<AtomicI64>>,
) -> Result<Report> {
    let key = Signer::load(tx).await?.map(|signer| signer.public());
    let anchors = checkpoint::anchors(tx).await?;
    let is_signed = |one: &Checkpoint| key.as_ref().is_some_and(|key| one.is_signed_by(key));
    let anchor = anchors.iter().find(|one| is_signed(one));
    let from = anchor.map_or_else(
        || Stretch::from(0, GENESIS.to_vec()),
        |anchor| Stretch::from(anchor.seq, anchor.hash.clone()),
    );
    let begins_after = from.seq;
    let mut walked = walk(tx, from.against(key.clone(), kept.cloned()).telling(done)).await?;
    for forged in anchors.iter().filter(|one| !is_signed(one)) {
        walked.breaks.push(Break::Checkpoint { seq: forged.seq });
    }
    if let Some(outside) = outside(tx).await? {
        walked.breaks.push(outside);
    }
    let (to_be_cut,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from audit_events where seq >= 1 and seq <= $1", begins_after)?;
    Ok(Report {
        first: if walked.events > 0 { begins_after + 1 } else { 0 },
        last: walked.last.0,
        rows: walked.events,
        erased: walked.erased,
        nameless: walked.nameless,
        checkpoints: walked.checkpoints,
        signed_through: walked.signed_through.max(begins_after),
        key_id: key.map(|key| key.id()),
        to_be_cut,
        kept: kept.map(|(kept, _)| Compared::of(kept, begins_after, &walked.breaks)),
        breaks: walked.breaks,
        more: walked.more,
    })
}

/// Rows that have no place in the chain.
async fn outside(tx: &mut Tx) -> Result<Option<Break>> {
    let (rows,) =
        sql!(tx, fetch_one One<i64>, "select count(*) from audit_events where seq is null or seq < 1")?;
    if rows == 0 {
        return Ok(None);
    }
    let (id,) = sql!(
        tx,
        fetch_one One<uuid::Uuid>,
        "select id from audit_events where seq is null or seq < 1 order by id limit 1"
    )?;
    Ok(Some(Break::Outside { rows, id }))
}
