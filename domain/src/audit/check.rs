//! How the chain stands, for a page: what is signed, and what the last examination of all of it found. The examination is a job: a long
//! chain takes a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::chain::Head;
use super::checkpoint::{self, Checkpoint};
use super::signer::Signer;
use super::verify::{Break, Report, verify_telling};
use super::{Entry, Event, Origin};
use crate::authorization::{Desk, May, right};
use crate::job::Job;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// How often an examination says how far it is.
const TELLS: Duration = Duration::from_secs(1);

/// After this long an examination that has not ended is taken for lost, and another one may be asked for.
const LOST_AFTER: chrono::Duration = chrono::Duration::hours(6);

/// How many checkpoints a page shows: a day of them.
const SHOWN: i64 = 24;

/// An examination of the whole chain.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Check {
    /// UUIDv7.
    pub id: Uuid,
    /// When somebody asked for it.
    pub asked_at: DateTime<Utc>,
    /// How many rows there were.
    pub rows_total: i64,
    /// How many were looked at.
    pub rows_done: i64,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether the chain was whole.
    pub whole: Option<bool>,
    report: Option<String>,
}

/// What an examination found, as the page tells it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Findings {
    /// The place of the first row.
    pub first: i64,
    /// The place of the last one.
    pub last: i64,
    /// Rows that were looked at.
    pub rows: i64,
    /// Those of them that erasures have emptied.
    pub erased: i64,
    /// Checkpoints that were compared.
    pub checkpoints: i64,
    /// Up to which place it is signed for.
    pub signed_through: i64,
    /// Where it breaks, in sentences as the command line says them.
    pub breaks: Vec<String>,
    /// Further places that are not named.
    pub more: i64,
}

/// A checkpoint, and whether this server has signed it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// True when the signature holds.
    pub holds: bool,
}

/// How the chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The place of the first row.
    pub first: i64,
    /// The place of the last one; 0: there is none.
    pub last: i64,
    /// The newest checkpoints, newest first.
    pub checkpoints: Vec<Sealed>,
    /// The name of the key that signs.
    pub key_id: Option<String>,
    /// The newest examination.
    pub check: Option<Check>,
}

impl Standing {
    /// Reads it.
    pub async fn read(tx: &mut Tx, _may: &May<right::AuditRead>) -> Result<Self> {
        let key = Signer::load(tx).await?.map(|signer| signer.public());
        let anchors = checkpoint::anchors(tx).await?;
        let holds = |one: &Checkpoint| key.as_ref().is_some_and(|key| one.is_signed_by(key));
        let begins_after = anchors.iter().find(|one| holds(one)).map_or(0, |one| one.seq);
        let checkpoints = Checkpoint::latest(tx, SHOWN).await?;
        let sealed = checkpoints.into_iter().map(|checkpoint| Sealed {
            holds: holds(&checkpoint),
            checkpoint,
        });
        Ok(Self {
            first: begins_after + 1,
            last: Head::read(tx).await?.map_or(0, |head| head.seq),
            checkpoints: sealed.collect(),
            key_id: key.as_ref().map(super::signer::PublicKey::id),
            check: Check::newest(tx).await?,
        })
    }
}

impl Check {
    /// What it found; `None` while it goes on.
    pub fn findings(&self) -> Option<Findings> {
        serde_json::from_str(self.report.as_deref()?).ok()
    }

    /// True while it goes on, as far as anybody knows.
    pub fn is_under_way(&self, now: DateTime<Utc>) -> bool {
        self.finished_at.is_none() && now - self.asked_at < LOST_AFTER
    }

    /// The newest one.
    pub async fn newest(tx: &mut Tx) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, asked_at, rows_total, rows_done, finished_at, whole, report from audit_checks order by id desc limit 1")
    }
}

impl Findings {
    fn of(report: &Report) -> Self {
        Self {
            first: report.first,
            last: report.last,
            rows: report.rows,
            erased: report.erased,
            checkpoints: report.checkpoints,
            signed_through: report.signed_through,
            breaks: report.breaks.iter().map(Break::to_string).collect(),
            more: report.more,
        }
    }
}

/// Asks for an examination of the whole chain, unless one is under way.
///
/// # Errors
/// As [`Desk::change`].
pub async fn ask(desk: &Desk<'_>) -> Result<()> {
    desk.change(async |tx, may: &May<right::AuditRead>| {
        let now = tx.now();
        if Check::newest(tx)
            .await?
            .is_some_and(|check| check.is_under_way(now))
        {
            return Ok(());
        }
        let check = tx.new_id();
        sql!(tx, execute "insert into audit_checks (id, asked_at) values ($1, $2)", check, now)?;
        tx.enqueue(&Job::CheckAudit { check, by: may.actor }).await?;
        Ok(())
    })
    .await
}

/// The job: examines the chain, and says on the way how far it is. One that runs twice begins again.
pub(crate) async fn run(platform: &Platform, id: Uuid, by: UserId) -> Result<()> {
    let total = platform.db.read(async |tx| length(tx).await).await?;
    tell(platform, id, 0, total).await?;
    let done = Arc::new(AtomicI64::new(0));
    let report = {
        let mut work = std::pin::pin!(verify_telling(platform, &done));
        loop {
            tokio::select! {
                report = &mut work => break report?,
                () = tokio::time::sleep(TELLS) => tell(platform, id, done.load(Ordering::Relaxed), total).await?,
            }
        }
    };
    let findings =
        serde_json::to_string(&Findings::of(&report)).map_err(|error| Error::Internal(error.to_string()))?;
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            let ended = sql!(tx, execute
                "update audit_checks set rows_done = $1, rows_total = $1, finished_at = $2, whole = $3, report = $4
                 where id = $5 and finished_at is null",
                report.rows, now, report.is_whole(), findings.as_str(), id)?;
            if ended == 0 {
                return Ok(());
            }
            let (rows, whole) = (report.rows.to_string(), if report.is_whole() { "yes" } else { "no" });
            let detail = [("rows", rows.as_str()), ("whole", whole)];
            tx.audit(Entry::by(Event::AuditChecked, by, &Origin::default()).with(&detail)).await
        })
        .await
}

/// How many rows the chain has.
async fn length(tx: &mut Tx) -> Result<i64> {
    let first = sql!(tx, fetch_optional One<i64>, "select seq from audit_events where seq >= 1 order by seq limit 1")?;
    let last = Head::read(tx).await?.map_or(0, |head| head.seq);
    Ok(first.map_or(0, |(first,)| (last - first + 1).max(0)))
}

async fn tell(platform: &Platform, id: Uuid, done: i64, total: i64) -> Result<()> {
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute
                "update audit_checks set rows_done = $1, rows_total = $2 where id = $3 and finished_at is null", done, total, id)
        })
        .await?;
    Ok(())
}
