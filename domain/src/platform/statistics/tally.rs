//! The audit, counted into quarters of an hour.
//!
//! Rows of the audit have places without gaps, which they get in the order of their commits. So "up to which place it is counted" is
//! one number, and whoever moves it from the value that they read adds what lies between: once, on any number of servers.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use crate::audit::Event;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::{Result, sql};

/// What a row covers, in seconds.
const QUARTER: i64 = 15 * 60;
/// Rows of the audit that are counted together: some 20 ms.
const BATCH: i64 = 5_000;
/// Rows of the audit that a view counts by itself. The job comes every five minutes: that is 33 events a second.
const LIVE: i64 = 10_000;
/// How long the rows are kept. Figures go back 30 days.
pub(crate) const KEPT: Duration = Duration::days(62);

/// What happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Accounts that began.
    pub sign_ups: i64,
    /// Sign-ins.
    pub sign_ins: i64,
    /// Those of them with two factors.
    pub two_factor: i64,
    /// Passwords, codes and passkeys that were wrong.
    pub failed: i64,
    /// Attempts that were not looked at, because there had been too many wrong ones.
    pub throttled: i64,
}

/// What happened from a moment on: a quarter of an hour, or something that was not counted into one yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[sqlx(flatten)]
    pub counts: Counts,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            sign_ups: self.sign_ups + other.sign_ups,
            sign_ins: self.sign_ins + other.sign_ins,
            two_factor: self.two_factor + other.two_factor,
            failed: self.failed + other.failed,
            throttled: self.throttled + other.throttled,
        }
    }

    /// What a row of the audit counts as. The names are those of [`Row::since`].
    fn of(kind: &str, detail: &str) -> Self {
        let mut counts = Self::default();
        if kind == Event::SignedUp.as_str() {
            counts.sign_ups = 1;
        } else if kind == Event::SignedIn.as_str() {
            counts.sign_ins = 1;
            counts.two_factor = detail.contains("mfa").into();
        } else if [Event::SignInFailed, Event::FactorFailed, Event::PasskeyRefused]
            .iter()
            .any(|event| event.as_str() == kind)
        {
            counts.failed = 1;
        } else if [Event::SignInThrottled, Event::FactorThrottled]
            .iter()
            .any(|event| event.as_str() == kind)
        {
            counts.throttled = 1;
        }
        counts
    }
}

impl Row {
    /// Everything from a beginning of a quarter on: what was counted, and behind it at most [`LIVE`] places of the audit as they are.
    /// One statement, so one moment.
    pub(super) async fn since(tx: &mut Tx, from: DateTime<Utc>) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select at, sign_ups, sign_ins, two_factor, failed, throttled from tallies where at >= $1
             union all
             select e.at,
                cast(case when e.kind = 'sign_up.completed' then 1 else 0 end as bigint),
                cast(case when e.kind = 'sign_in.succeeded' then 1 else 0 end as bigint),
                cast(case when e.kind = 'sign_in.succeeded' and e.detail like '%mfa%' then 1 else 0 end as bigint),
                cast(case when e.kind in ('sign_in.failed', 'factor.failed', 'passkey.refused') then 1 else 0 end as bigint),
                cast(case when e.kind in ('sign_in.throttled', 'factor.throttled') then 1 else 0 end as bigint)
             from audit_events e
             where e.seq > coalesce((select seq from tally_heads where name = 'audit'), 0)
                and e.seq <= coalesce((select seq from tally_heads where name = 'audit'), 0) + $2
                and e.at >= $1 and e.kind in ('sign_up.completed', 'sign_in.succeeded', 'sign_in.failed', 'factor.failed',
                    'passkey.refused', 'sign_in.throttled', 'factor.throttled')",
            from, LIVE)
    }
}

/// Whether a view sees everything: no more places than it counts by itself lie behind what was counted.
pub(super) async fn is_close_behind(tx: &mut Tx) -> Result<bool> {
    let (behind,) = sql!(tx, fetch_one One<i64>,
        "select coalesce((select seq from audit_head where name = 'chain'), 0)
            - coalesce((select seq from tally_heads where name = 'audit'), 0)")?;
    Ok(behind <= LIVE)
}

/// Counts what has come since it was counted last. May be interrupted anywhere, and run by several at once.
pub(super) async fn catch_up(platform: &Platform) -> Result<()> {
    while count_some(platform).await? {}
    Ok(())
}

/// Counts the next rows; `false`: there are none, or somebody else counts them at this moment.
async fn count_some(platform: &Platform) -> Result<bool> {
    let oldest = platform.clock.now() - KEPT;
    // Rows of the audit don't change what they count as, so they are read before the transaction that writes.
    let (counted, rows) = platform
        .db
        .read(async |tx| {
            let counted =
                sql!(tx, fetch_optional One<i64>, "select seq from tally_heads where name = 'audit'")?;
            let counted = counted.map_or(0, |(counted,)| counted);
            let rows = sql!(
                tx,
                fetch_all(i64, DateTime<Utc>, String, String),
                "select seq, at, kind, detail from audit_events where seq > $1 order by seq limit $2",
                counted,
                BATCH
            )?;
            Ok((counted, rows))
        })
        .await?;
    let Some((last, ..)) = rows.last() else {
        return Ok(false);
    };
    let last = *last;
    let mut quarters: BTreeMap<DateTime<Utc>, Counts> = BTreeMap::new();
    for (_, at, kind, detail) in &rows {
        let counts = Counts::of(kind, detail);
        if counts != Counts::default() && *at > oldest {
            let sum = quarters.entry(quarter_of(*at)).or_default();
            *sum = sum.plus(counts);
        }
    }
    platform
        .db
        .write(async |tx| {
            let moved = sql!(tx, execute
                "insert into tally_heads (name, seq) values ('audit', $1)
                 on conflict (name) do update set seq = excluded.seq where tally_heads.seq = $2", last, counted)?;
            if moved == 0 {
                return Ok(false);
            }
            for (at, counts) in &quarters {
                counts.add(tx, *at).await?;
            }
            Ok(true)
        })
        .await
}

/// The beginning of the quarter of an hour that a moment lies in.
fn quarter_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let second = at.timestamp();
    DateTime::from_timestamp(second - second.rem_euclid(QUARTER), 0).unwrap_or(at)
}

impl Counts {
    async fn add(&self, tx: &mut Tx, at: DateTime<Utc>) -> Result<()> {
        sql!(tx, execute
            "insert into tallies (at, sign_ups, sign_ins, two_factor, failed, throttled) values ($1, $2, $3, $4, $5, $6)
             on conflict (at) do update set sign_ups = tallies.sign_ups + excluded.sign_ups,
                sign_ins = tallies.sign_ins + excluded.sign_ins, two_factor = tallies.two_factor + excluded.two_factor,
                failed = tallies.failed + excluded.failed, throttled = tallies.throttled + excluded.throttled",
            at, self.sign_ups, self.sign_ins, self.two_factor, self.failed, self.throttled)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_begins_where_it_should() {
        let quarter = |text: &str| quarter_of(text.parse().expect("a time")).to_rfc3339();
        assert_eq!(
            quarter("2026-03-02T07:14:59.999999Z"),
            "2026-03-02T07:00:00+00:00"
        );
        assert_eq!(quarter("2026-03-02T07:15:00Z"), "2026-03-02T07:15:00+00:00");
        assert_eq!(quarter("1969-12-31T23:59:59Z"), "1969-12-31T23:45:00+00:00");
    }
}
