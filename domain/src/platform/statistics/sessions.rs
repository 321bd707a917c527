//! How many sessions there are. In a small house a view counts them; in a large one that would take a second, and the job does it.

use chrono::{DateTime, Duration, Utc};

use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::{Result, sql};

/// As many open sessions, when they were counted last, as a view counts by itself.
const FEW: i64 = 1_000;
/// As many rows as it looks at then.
const MANY: i64 = 2_000;
/// How often the job counts them.
const EVERY: Duration = Duration::minutes(15);

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionCount {
    /// When they were counted.
    pub at: DateTime<Utc>,
    /// Open ones.
    pub open: i64,
    /// Those used in the 24 hours before.
    pub day: i64,
    /// In the 7 days before.
    pub week: i64,
    /// In the 30 days before.
    pub month: i64,
}

/// How many were open at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Sample {
    pub at: DateTime<Utc>,
    pub open: i64,
}

impl Sample {
    /// Every one since then, the oldest first: at most four an hour.
    pub async fn since(tx: &mut Tx, from: DateTime<Utc>) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self, "select at, open from session_counts where at >= $1 order by at", from)
    }
}

/// The newest count; where there are few, a fresh one. `None`: there may be many, and they were never counted.
pub(super) async fn count(tx: &mut Tx) -> Result<Option<SessionCount>> {
    let newest = newest(tx).await?;
    if newest.is_some_and(|newest| newest.open > FEW) {
        return Ok(newest);
    }
    let now = tx.now();
    let (looked_at, open, day, week, month) = sql!(tx, fetch_one (i64, i64, i64, i64, i64),
        "select count(*), count(case when idle > $1 then 1 end), count(case when idle > $1 and seen > $2 then 1 end),
            count(case when idle > $1 and seen > $3 then 1 end), count(case when idle > $1 and seen > $4 then 1 end)
         from (select idle_expires_at as idle, last_seen_at as seen from sessions where expires_at > $1
            order by expires_at limit $5) s",
        now, now - Duration::days(1), now - Duration::days(7), now - Duration::days(30), MANY)?;
    let fresh = SessionCount {
        at: now,
        open,
        day,
        week,
        month,
    };
    Ok(if looked_at < MANY { Some(fresh) } else { newest })
}

/// Counts them all, unless that was done lately.
pub(super) async fn sample(platform: &Platform) -> Result<()> {
    let now = platform.clock.now();
    let counted = platform
        .db
        .read(async |tx| {
            if newest(tx).await?.is_some_and(|newest| newest.at > now - EVERY) {
                return Ok(None);
            }
            // All of them, in the background: on a million rows some tenths of a second, which hold nobody up.
            let counted = sql!(tx, fetch_one (i64, i64, i64, i64),
                "select count(*), count(case when last_seen_at > $2 then 1 end), count(case when last_seen_at > $3 then 1 end),
                    count(case when last_seen_at > $4 then 1 end)
                 from sessions where expires_at > $1 and idle_expires_at > $1",
                now, now - Duration::days(1), now - Duration::days(7), now - Duration::days(30))?;
            Ok(Some(counted))
        })
        .await?;
    let Some((open, day, week, month)) = counted else {
        return Ok(());
    };
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute
                "insert into session_counts (at, open, day, week, month) values ($1, $2, $3, $4, $5) on conflict (at) do nothing",
                now, open, day, week, month)
        })
        .await?;
    Ok(())
}

async fn newest(tx: &mut Tx) -> Result<Option<SessionCount>> {
    sql!(tx, fetch_optional SessionCount,
        "select at, open, day, week, month from session_counts order by at desc limit 1")
}
