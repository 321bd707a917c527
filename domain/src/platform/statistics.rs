//! Figures for the dashboard: what happened in the last day, week or month, and how many sessions there are.
//!
//! Nothing is counted on view but what is new. A job counts the audit once, in its own order, into quarters of an hour
//! ([`tally`]); a view reads those rows, at most 2,976 of them whatever the size of the house, and adds what the audit has behind
//! the place up to which it was counted. Both are read by one statement, so that nothing is missed or counted twice when the job
//! moves on in between. Open sessions are counted by the job, too ([`sessions`]).

pub mod sessions;
pub mod tally;

use chrono::{DateTime, Duration, Utc};

use self::sessions::{Sample, SessionCount};
use self::tally::{Counts, Row};
use crate::Result;
use crate::authorization::{May, right};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::time_zone::TimeZone;

/// How far back figures go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// This hour and the 23 before it.
    #[default]
    Day,
    /// Today and the 6 days before it.
    Week,
    /// Today and the 29 days before it.
    Month,
}

/// An hour or a day of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// The beginning of the next one; of the last one, this moment.
    pub to: DateTime<Utc>,
    /// What happened in it.
    pub counts: Counts,
    /// How many sessions were open at the last moment in it at which they were counted.
    pub open_sessions: Option<i64>,
}

/// What there is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// How far back.
    pub period: Period,
    /// Hours or days, the oldest first, without gaps.
    pub bars: Vec<Bar>,
    /// All of them together.
    pub total: Counts,
    /// Sessions, counted lately; `None`: never yet.
    pub sessions: Option<SessionCount>,
    /// Everything is in it up to now. `false`: more happened than was counted yet, as after a move from an older version.
    pub complete: bool,
}

impl Period {
    /// Each of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// By its name in an address.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.as_str() == name)
    }

    /// The beginnings of its hours or days as the clocks of `zone` show them, the oldest first.
    pub fn edges(self, zone: TimeZone, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        match self {
            Self::Day => {
                let hour = zone.hour_of(now);
                (0..24).rev().map(|back| hour - Duration::hours(back)).collect()
            }
            Self::Week => days(zone, now, 7),
            Self::Month => days(zone, now, 30),
        }
    }
}

/// The job: counts what has come since the last time.
pub(crate) async fn look_after(platform: &Platform) -> Result<()> {
    tally::catch_up(platform).await?;
    sessions::sample(platform).await
}

fn days(zone: TimeZone, now: DateTime<Utc>, many: i64) -> Vec<DateTime<Utc>> {
    let today = zone.local(now).date_naive();
    (0..many)
        .rev()
        .filter_map(|back| Some(zone.start_of(today.checked_sub_signed(Duration::days(back))?)))
        .collect()
}

/// The figures of a period, in hours and days of `zone`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn figures(
    tx: &mut Tx,
    _may: &May<right::ConsoleRead>,
    period: Period,
    zone: TimeZone,
) -> Result<Figures> {
    let now = tx.now();
    let edges = period.edges(zone, now);
    let first = edges.first().copied().unwrap_or(now);
    let complete = tally::is_close_behind(tx).await?;
    let rows = Row::since(tx, first).await?;
    let samples = Sample::since(tx, first).await?;
    let sessions = sessions::count(tx).await?;
    let bars = bars(&edges, now, &rows, &samples);
    Ok(Figures {
        period,
        total: bars
            .iter()
            .fold(Counts::default(), |sum, bar| sum.plus(bar.counts)),
        bars,
        sessions,
        complete,
    })
}

/// Puts rows into the hours or days that they fall into. What lies in the future (a clock was set back) is in the last one.
fn bars(edges: &[DateTime<Utc>], now: DateTime<Utc>, rows: &[Row], samples: &[Sample]) -> Vec<Bar> {
    let ends = edges.iter().skip(1).copied().chain([now]);
    let mut bars: Vec<Bar> = edges
        .iter()
        .zip(ends)
        .map(|(from, to)| Bar {
            from: *from,
            to,
            counts: Counts::default(),
            open_sessions: None,
        })
        .collect();
    let place = |at: DateTime<Utc>| edges.partition_point(|edge| *edge <= at).checked_sub(1);
    for row in rows {
        if let Some(bar) = place(row.at).and_then(|index| bars.get_mut(index)) {
            bar.counts = bar.counts.plus(row.counts);
        }
    }
    for sample in samples {
        if let Some(bar) = place(sample.at).and_then(|index| bars.get_mut(index)) {
            bar.open_sessions = Some(sample.open);
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn hours_and_days_are_those_of_the_readers_clock() {
        let now = at("2026-03-02T07:40:00Z");
        let kolkata = TimeZone::parse("Asia/Kolkata").expect("a zone");
        let hours = Period::Day.edges(kolkata, now);
        assert_eq!(hours.len(), 24);
        assert_eq!(
            hours.last(),
            Some(&at("2026-03-02T07:30:00Z")),
            "13:00 in Kolkata"
        );
        let saigon = TimeZone::parse("Asia/Ho_Chi_Minh").expect("a zone");
        let week = Period::Week.edges(saigon, now);
        assert_eq!(week.len(), 7);
        assert_eq!(
            week.last(),
            Some(&at("2026-03-01T17:00:00Z")),
            "midnight in Saigon"
        );
        assert_eq!(
            Period::Month.edges(TimeZone::utc(), now).first(),
            Some(&at("2026-02-01T00:00:00Z"))
        );
    }

    #[test]
    fn a_day_on_which_the_clocks_change_has_another_length() {
        let berlin = TimeZone::parse("Europe/Berlin").expect("a zone");
        let days = Period::Week.edges(berlin, at("2026-03-31T12:00:00Z"));
        let lengths: Vec<i64> = days
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).num_hours())
            .collect();
        assert_eq!(lengths, [24, 24, 24, 24, 23, 24]);
    }

    #[test]
    fn what_happens_at_an_edge_belongs_to_what_begins_there() {
        let edges = [at("2026-03-02T06:00:00Z"), at("2026-03-02T07:00:00Z")];
        let one = Counts {
            sign_ins: 1,
            ..Counts::default()
        };
        let rows = ["06:00:00", "06:45:00", "07:00:00", "09:00:00"].map(|time| Row {
            at: at(&format!("2026-03-02T{time}Z")),
            counts: one,
        });
        let bars = bars(&edges, at("2026-03-02T07:10:00Z"), &rows, &[]);
        assert_eq!(
            bars.iter().map(|bar| bar.counts.sign_ins).collect::<Vec<_>>(),
            [2, 2]
        );
        assert!(
            super::bars(&edges, edges[1], &[], &[])
                .iter()
                .all(|bar| bar.counts == Counts::default())
        );
    }
}
