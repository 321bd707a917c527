//! Reading the audit: pages of rows by what is asked for, the newest first.
//!
//! Whatever is asked for, a page costs the same. One part of the question leads: the one that leaves the fewest rows, each of which has
//! an index that ends in the id, so that a page is a short stretch of it at any depth. The other parts are looked at row by row. Where
//! hardly any row fits them, a page ends after [`LOOKED`] rows and says so, instead of reading on through all there are.
//!
//! Ids sort by time to the millisecond (RFC 9562 §5.7), so a page goes by id, and so do the two ends of a stretch of time.

pub mod filter;
pub mod line;
mod read;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use self::filter::{By, Fault, Filter};
pub use self::line::{Changed, Line, Named};
use self::read::{Lead, Order, Stretch};
use crate::audit::activity::Cursor;
use crate::authorization::{May, right};
use crate::platform::db::Tx;
use crate::{Result, sql};

/// How many rows a page has.
pub const PAGE: usize = 50;

/// How many rows are looked at for one page.
pub const LOOKED: usize = 5_000;

/// How many rows are read together where not all of them fit.
const CHUNK: usize = 500;

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The rows, newest first; at most [`PAGE`].
    pub lines: Vec<Line>,
    /// Where the next older page begins, if there may be one.
    pub older: Option<Uuid>,
    /// Where the next newer page begins, if there is one.
    pub newer: Option<Uuid>,
    /// The moment up to which was looked, where [`LOOKED`] rows were not enough for a page.
    pub looked_to: Option<DateTime<Utc>>,
}

/// What a search along an index has found.
struct Found {
    lines: Vec<Line>,
    /// The last row that was looked at, if the search ended before the index did.
    stopped_at: Option<(Uuid, DateTime<Utc>)>,
}

impl Page {
    /// Reads a page.
    pub async fn read(
        tx: &mut Tx,
        _may: &May<right::AuditRead>,
        filter: &Filter,
        cursor: Cursor,
    ) -> Result<Self> {
        match cursor {
            Cursor::Newest => Self::older_than(tx, filter, Uuid::max()).await,
            Cursor::Before(id) => {
                let page = Self::older_than(tx, filter, id).await?;
                let newer = page.lines.first().map_or(id, |line| line.id);
                Ok(Self {
                    newer: Some(newer),
                    ..page
                })
            }
            Cursor::After(id) => Self::newer_than(tx, filter, id).await,
        }
    }

    async fn older_than(tx: &mut Tx, filter: &Filter, id: Uuid) -> Result<Self> {
        let mut found = search(tx, filter, Order::NewestFirst, id, PAGE + 1).await?;
        let has_more = found.lines.len() > PAGE;
        found.lines.truncate(PAGE);
        let last = found.lines.last().map(|line| line.id).filter(|_| has_more);
        let stopped = found.stopped_at.filter(|_| !has_more);
        Ok(Self {
            older: last.or(stopped.map(|(id, _)| id)),
            newer: None,
            looked_to: stopped.map(|(_, at)| at),
            lines: in_order(found.lines),
        })
    }

    async fn newer_than(tx: &mut Tx, filter: &Filter, id: Uuid) -> Result<Self> {
        let mut found = search(tx, filter, Order::OldestFirst, id, PAGE + 1).await?;
        let has_more = found.lines.len() > PAGE;
        let stopped = found.stopped_at.filter(|_| !has_more);
        if found.lines.len() < PAGE && stopped.is_none() {
            // Fewer than a page are left in front: that is the first page, and it shows whole.
            return Self::older_than(tx, filter, Uuid::max()).await;
        }
        found.lines.truncate(PAGE);
        found.lines.reverse();
        let first = found.lines.first().map(|line| line.id).filter(|_| has_more);
        Ok(Self {
            older: Some(found.lines.last().map_or(id, |line| line.id)),
            newer: first.or(stopped.map(|(id, _)| id)),
            looked_to: stopped.map(|(_, at)| at),
            lines: in_order(found.lines),
        })
    }
}

/// A row by its id.
pub async fn find(tx: &mut Tx, _may: &May<right::AuditRead>, id: Uuid) -> Result<Option<Line>> {
    sql!(tx, fetch_optional Line,
        "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
            coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
            seq is not null and salt is null as emptied
         from audit_events where id = $1", id)
}

/// The rows behind a place of the chain, in their order: at most `limit`. Places follow the commits, so none turns up later in front of
/// one that was read.
pub(super) async fn behind(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Line>> {
    sql!(tx, fetch_all Line,
        "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
            coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
            seq is not null and salt is null as emptied
         from audit_events where seq > $1 order by seq limit $2", seq, limit)
}

/// The next rows behind `id` in time, oldest first: what a copy is made of. With the id up to which was looked; `None`: to the end.
pub(super) async fn onward(tx: &mut Tx, filter: &Filter, id: Uuid) -> Result<(Vec<Line>, Option<Uuid>)> {
    let found = search(tx, filter, Order::OldestFirst, id, CHUNK).await?;
    let full = found.lines.len() >= CHUNK;
    let last = found.lines.last().map(|line| line.id).filter(|_| full);
    let looked_to = last.or(found.stopped_at.map(|(id, _)| id));
    Ok((found.lines, looked_to))
}

/// Looks along the leading index from `id` until so many rows fit, the index ends, or [`LOOKED`] rows were looked at.
async fn search(tx: &mut Tx, filter: &Filter, order: Order, id: Uuid, wanted: usize) -> Result<Found> {
    let (lead, is_alone) = Lead::of(filter);
    let chunk = if is_alone { wanted } else { CHUNK.max(wanted) };
    let mut stretch = Stretch::of(filter).from(order, id);
    let (mut lines, mut looked) = (Vec::new(), 0);
    loop {
        let rows = read::read(tx, &lead, order, stretch, chunk).await?;
        let Some((last, at)) = rows.last().map(|row| (row.id, row.at)) else {
            return Ok(Found {
                lines,
                stopped_at: None,
            });
        };
        let is_end = rows.len() < chunk;
        looked += rows.len();
        stretch = stretch.from(order, last);
        lines.extend(
            rows.into_iter()
                .filter(|row| filter.fits(row))
                .take(wanted - lines.len()),
        );
        if lines.len() >= wanted || is_end || looked >= LOOKED {
            return Ok(Found {
                stopped_at: (!is_end).then_some((last, at)),
                lines,
            });
        }
    }
}

/// As they are shown: ids of one millisecond are in no order, and the places in the chain are.
fn in_order(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by_key(|line| std::cmp::Reverse((millis(line.id), line.seq)));
    lines
}

fn millis(id: Uuid) -> u128 {
    id.as_u128() >> 80
}
