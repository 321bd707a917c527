//! The queue as an operator sees it: what waits, what was given up and why, and what to do with that.
//!
//! Each deed is one conditional update, so that of many at once one does it and the others are told that it was done.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authorization::{Desk, May, right};
use crate::job::{KINDS, RECURRING};
use crate::notification::sent;
use crate::platform::db::{One, Tx};
use crate::{Code, Error, Field, Result, sql};

/// Dead letters on a page.
pub const PAGE: i64 = 50;
/// Jobs that one transaction changes, so that it holds nobody up for long.
const BATCH: i64 = 500;

/// What the queue holds of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The kind, as it stands in the table.
    pub kind: String,
    /// Jobs that wait, also for their time.
    pub waiting: i64,
    /// Jobs that run.
    pub running: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// Since when the oldest of those that are due waits.
    pub oldest_due: Option<DateTime<Utc>>,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DeadLetter {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}

/// What is enqueued again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// The kind.
    pub kind: &'static str,
    /// How often.
    pub every: Duration,
    /// When it was enqueued last; `None`: never yet.
    pub last: Option<DateTime<Utc>>,
    /// When it is due next; in the past, when nobody leads.
    pub next: Option<DateTime<Utc>>,
}

impl Depth {
    /// Each kind that has jobs in the queue, and each that this version knows.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn of_each(tx: &mut Tx, _may: &May<right::JobsRead>) -> Result<Vec<Self>> {
        let now = tx.now();
        let counted = sql!(
            tx,
            fetch_all(String, String, i64, Option<DateTime<Utc>>),
            "select kind, state, count(*), min(run_at) from jobs where state <> 'done' group by kind, state"
        )?;
        let mut all: Vec<Self> = KINDS.iter().map(|kind| Self::nothing(kind)).collect();
        for (kind, state, count, first) in counted {
            let index = all
                .iter()
                .position(|depth| depth.kind == kind)
                .unwrap_or_else(|| {
                    all.push(Self::nothing(&kind));
                    all.len() - 1
                });
            let Some(depth) = all.get_mut(index) else { continue };
            match state.as_str() {
                "running" => depth.running = count,
                "dead" => depth.dead = count,
                _ => {
                    depth.waiting = count;
                    depth.oldest_due = first.filter(|first| *first <= now);
                }
            }
        }
        Ok(all)
    }

    fn nothing(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            waiting: 0,
            running: 0,
            dead: 0,
            oldest_due: None,
        }
    }

    /// Whether this version of the program runs jobs of the kind. Others wait for a server that does.
    pub fn is_known(&self) -> bool {
        KINDS.contains(&self.kind.as_str())
    }
}

impl DeadLetter {
    /// A page of them, the newest first: at most [`PAGE`], and one more if there are more. `before`: the last of the page before.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(
        tx: &mut Tx,
        _may: &May<right::JobsRead>,
        kind: Option<&str>,
        before: Option<Uuid>,
    ) -> Result<Vec<Self>> {
        let (before, more) = (before.unwrap_or(Uuid::max()), PAGE + 1);
        match kind {
            Some(kind) => sql!(tx, fetch_all Self,
                "select id, kind, attempts, last_error, created_at from jobs
                 where state = 'dead' and kind = $1 and id < $2 order by id desc limit $3", kind, before, more),
            None => sql!(tx, fetch_all Self,
                "select id, kind, attempts, last_error, created_at from jobs
                 where state = 'dead' and id < $1 order by id desc limit $2", before, more),
        }
    }
}

impl Recurring {
    /// All of it, in the order in which it comes next.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn all(tx: &mut Tx, _may: &May<right::JobsRead>) -> Result<Vec<Self>> {
        let ran = sql!(
            tx,
            fetch_all(String, Option<DateTime<Utc>>),
            "select name, last_run_at from leases"
        )?;
        let mut all: Vec<Self> = RECURRING
            .iter()
            .map(|(every, job)| {
                let kind = job.kind();
                let last = ran
                    .iter()
                    .find(|(name, _)| name == kind)
                    .and_then(|(_, last)| *last);
                Self {
                    kind,
                    every: *every,
                    last,
                    next: last.map(|last| last + *every),
                }
            })
            .collect();
        all.sort_by_key(|recurring| recurring.next);
        Ok(all)
    }
}

/// Has a job that was given up tried again.
///
/// # Errors
/// Refused with [`Code::JobUnknown`]: it is none of these, or is not any more.
pub async fn retry(desk: &Desk<'_>, id: &str) -> Result<()> {
    one(desk, id, Deed::Retry).await
}

/// Has all jobs of a kind tried again that were given up, but no more than `most`: as many as the page showed. Returns how many.
///
/// # Errors
/// Refused with [`Code::JobUnknown`]: there are none, or `most` is no number.
pub async fn retry_all(desk: &Desk<'_>, kind: &str, most: &str) -> Result<i64> {
    let count = count_dead(desk, kind).await?;
    let most: i64 = most.parse().unwrap_or(0);
    some_by_some(desk, kind, count.min(most), Deed::Retry).await
}

/// Takes a job out of the queue that was given up.
///
/// # Errors
/// Refused with [`Code::JobUnknown`]: it is none of these, or is not any more.
pub async fn discard(desk: &Desk<'_>, id: &str) -> Result<()> {
    one(desk, id, Deed::Discard).await
}

/// Takes all jobs of a kind out of the queue that were given up. `typed`: how many there are, as whoever asks has typed it.
///
/// # Errors
/// Refused with [`Code::CountDiffers`] when it is another number, [`Code::JobUnknown`]: there are none.
pub async fn discard_all(desk: &Desk<'_>, kind: &str, typed: &str) -> Result<i64> {
    let count = count_dead(desk, kind).await?;
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.parse() != Ok(count) {
        return Err(Error::field(Field::Count, Code::CountDiffers));
    }
    some_by_some(desk, kind, count, Deed::Discard).await
}

/// What is done to a job that was given up.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Retry,
    Discard,
}

impl Deed {
    fn event(self) -> Event {
        match self {
            Self::Retry => Event::JobsRetried,
            Self::Discard => Event::JobsDiscarded,
        }
    }

    /// Does it; `false`: the job is not one of these any more.
    async fn to(self, tx: &mut Tx, job: Uuid) -> Result<bool> {
        let done = match self {
            Self::Retry => revive(tx, job).await?,
            Self::Discard => bury(tx, job).await?,
        };
        if done {
            sent::follow_job(tx, job, matches!(self, Self::Retry)).await?;
        }
        Ok(done)
    }
}

/// Does it to one job.
async fn one(desk: &Desk<'_>, id: &str, deed: Deed) -> Result<()> {
    desk.change(async |tx, may: &May<right::JobsWrite>| {
        let (id, kind) = find(tx, id).await?;
        if !deed.to(tx, id).await? {
            return Err(Error::form(Code::JobUnknown));
        }
        note(tx, desk, may, deed.event(), &kind, 1, Some(id)).await
    })
    .await
}

/// Does it to at most so many of a kind, some at a time, until none is left. Returns how many they were.
async fn some_by_some(desk: &Desk<'_>, kind: &str, most: i64, deed: Deed) -> Result<i64> {
    let mut done = 0;
    while done < most {
        let batch = BATCH.min(most - done);
        let now = some(desk, kind, batch, deed).await?;
        done += now;
        if now < batch {
            break;
        }
    }
    if done == 0 {
        return Err(Error::form(Code::JobUnknown));
    }
    Ok(done)
}

async fn some(desk: &Desk<'_>, kind: &str, batch: i64, deed: Deed) -> Result<i64> {
    desk.change(async |tx, may: &May<right::JobsWrite>| {
        let ids = sql!(tx, fetch_all One<Uuid>,
            "select id from jobs where state = 'dead' and kind = $1 order by id limit $2", kind, batch)?;
        let mut many = 0;
        for (id,) in ids {
            many += i64::from(deed.to(tx, id).await?);
        }
        if many > 0 {
            note(tx, desk, may, deed.event(), kind, many, None).await?;
        }
        Ok(many)
    })
    .await
}

/// Puts a job that was given up back, as if it had never been tried; `false`: it is none, or not any more.
pub(crate) async fn revive(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let now = tx.now();
    let revived = sql!(tx, execute
        "update jobs set state = 'ready', attempts = 0, run_at = $1, lease_until = null, worker = null
         where id = $2 and state = 'dead'", now, id)?;
    if revived == 1 {
        tx.ring_after_commit();
    }
    Ok(revived == 1)
}

/// Deletes a job that was given up; `false`: it is none, or not any more.
pub(crate) async fn bury(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(sql!(tx, execute "delete from jobs where id = $1 and state = 'dead'", id)? == 1)
}

/// The same for one that waits.
pub(crate) async fn withdraw_idle(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(sql!(tx, execute "delete from jobs where id = $1 and state in ('ready', 'dead')", id)? == 1)
}

/// A job that was given up, by an id as it came with a form: the id, and the kind.
async fn find(tx: &mut Tx, id: &str) -> Result<(Uuid, String)> {
    let unknown = || Error::form(Code::JobUnknown);
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    let found =
        sql!(tx, fetch_optional One<String>, "select kind from jobs where id = $1 and state = 'dead'", id)?;
    Ok((id, found.map(|(kind,)| kind).ok_or_else(unknown)?))
}

/// How many of a kind were given up.
///
/// # Errors
/// Refused with [`Code::JobUnknown`]: there are none.
async fn count_dead(desk: &Desk<'_>, kind: &str) -> Result<i64> {
    let (count,) = desk
        .look(async |tx, _: &May<right::JobsWrite>| {
            sql!(tx, fetch_one One<i64>, "select count(*) from jobs where state = 'dead' and kind = $1", kind)
        })
        .await?;
    if count == 0 {
        return Err(Error::form(Code::JobUnknown));
    }
    Ok(count)
}

/// Audits what was done to so many jobs of a kind.
async fn note(
    tx: &mut Tx,
    desk: &Desk<'_>,
    may: &May<right::JobsWrite>,
    event: Event,
    kind: &str,
    many: i64,
    job: Option<Uuid>,
) -> Result<()> {
    let (many, job) = (many.to_string(), job.map(|id| id.to_string()));
    let mut detail = vec![("kind", kind), ("count", many.as_str())];
    detail.extend(job.as_deref().map(|id| ("job", id)));
    tx.audit(Entry::by(event, may.actor, desk.origin).with(&detail))
        .await
}
