//! The durable queue. A job is enqueued in its caller's transaction, so it exists exactly when the change it belongs to
//! does, and is done at least once: whoever runs it must bear a second time.
//!
//! - `ready` → claimed under a lease (`jobs.lease_seconds`, 30 s), renewed three times in that time → `running` → `done`.
//! - A worker that dies leaves its lease behind; the job is claimed again when that has run out.
//! - A failure puts it back with an exponential wait; after [`MAX_ATTEMPTS`], or at once when it can never succeed,
//!   it is `dead` and waits for an operator.

pub mod dead_letters;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use futures_util::FutureExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::job::{Job, KINDS, MESSAGES, RECURRING};
use crate::notification::sent;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::KeyId;
use crate::platform::{servers, settings};
use crate::{Error, Result, sql};

/// How often an idle worker looks for jobs that it was not woken for (delayed ones, another server's, rescued ones).
const POLL: StdDuration = StdDuration::from_secs(1);
/// Attempts before a job is dead: with the waits of [`wait_after`] about 9 hours.
pub const MAX_ATTEMPTS: i64 = 24;

pub(crate) const PURPOSE: &str = "job payload";

/// How a job failed.
#[derive(Debug)]
pub struct JobFailure {
    /// What an operator should read. Never holds a secret or a mail body.
    pub said: String,
    /// True when trying again cannot help.
    pub permanent: bool,
}

impl From<Error> for JobFailure {
    fn from(error: Error) -> Self {
        Self {
            said: error.to_string(),
            permanent: matches!(error, Error::Sealed),
        }
    }
}

/// A job that is not done, with its payload as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Waiting {
    /// The job's id.
    pub id: Uuid,
    payload: Vec<u8>,
}

#[derive(Debug, sqlx::FromRow)]
struct Claimed {
    id: Uuid,
    payload: Vec<u8>,
    attempts: i64,
}

/// What the queue holds, for health and metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Jobs that wait or run.
    pub waiting: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// Seconds that the oldest due job has waited.
    pub lag_seconds: i64,
}

/// The longest that a job that failed waits, jitter and all: see [`wait_after`].
const LONGEST_RETRY: Duration = Duration::minutes(40);

/// The wait after the n-th failed attempt: 2 s, doubled each time, at most 30 min; the caller adds jitter.
pub fn wait_after(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    Duration::seconds((2_i64 << doublings).min(30 * 60))
}

impl Tx {
    /// Puts a job into the queue, as part of this transaction. The worker is woken after the commit.
    ///
    /// # Errors
    /// [`Error::Database`], or [`Error::Sealed`] when the payload cannot be sealed.
    pub async fn enqueue(&mut self, job: &Job) -> Result<Uuid> {
        let now = self.now();
        self.enqueue_at(job, now).await
    }

    /// The same, for a moment that is yet to come: the worker looks every second for what has fallen due.
    ///
    /// # Errors
    /// As [`Tx::enqueue`].
    pub async fn enqueue_at(&mut self, job: &Job, at: DateTime<Utc>) -> Result<Uuid> {
        let (id, now) = (self.new_id(), self.now());
        let plain = serde_json::to_vec(job).map_err(|e| Error::Internal(format!("job: {e}")))?;
        let payload = self.keys().seal(PURPOSE, &plain, self.entropy())?;
        sql!(self, execute
            "insert into jobs (id, kind, payload, state, run_at, created_at) values ($1, $2, $3, 'ready', $4, $5)",
            id, job.kind(), payload, at, now)?;
        self.ring_after_commit();
        Ok(id)
    }
}

/// Counts the queue.
pub async fn state(tx: &mut Tx) -> Result<QueueState> {
    let now = tx.now();
    let (waiting, dead) = sql!(tx, fetch_one (i64, i64),
        "select count(case when state in ('ready', 'running') then 1 end), count(case when state = 'dead' then 1 end)
         from jobs where state <> 'done'")?;
    let oldest = sql!(
        tx,
        fetch_optional One<DateTime<Utc>>,
        "select run_at from jobs where state = 'ready' and run_at <= $1 order by run_at limit 1",
        now
    )?;
    Ok(QueueState {
        waiting,
        dead,
        lag_seconds: oldest.map_or(0, |(at,)| (now - at).num_seconds().max(0)),
    })
}

/// Jobs that are not done, dead ones too, by their ids: the next `limit` after `after`. Not the erasures, which look here.
pub(crate) async fn waiting_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<Waiting>> {
    sql!(tx, fetch_all Waiting,
        "select id, payload from jobs where id > $1 and state <> 'done' and kind <> 'erase-account' order by id limit $2",
        after, limit)
}

/// What a waiting job's payload says; `None`: it can't be opened.
pub(crate) fn opened(platform: &Platform, job: &Waiting) -> Option<serde_json::Value> {
    let plain = platform.keys.open(PURPOSE, &job.payload).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Takes a job out of the queue. One that runs at this moment finishes.
pub(crate) async fn withdraw(tx: &mut Tx, id: Uuid) -> Result<()> {
    sql!(tx, execute "delete from jobs where id = $1", id)?;
    Ok(())
}

/// The kinds of which jobs are due. Looking first keeps an idle server from writing: on SQLite there is one writer.
///
/// A clock that is set back must not put off what was due already: neither a job for at once that was made, nor one that was put off or
/// claimed, while it was ahead.
async fn due(platform: &Platform) -> Result<Vec<String>> {
    let now = platform.clock.now();
    let (retry, lease) = (now + LONGEST_RETRY, now + platform.config.jobs.lease * 2);
    let kinds = platform
        .db
        .read(async |tx| {
            sql!(tx, fetch_all One<String>,
                "select distinct kind from jobs
                 where (state = 'ready' and (run_at <= $1 or (attempts = 0 and run_at <= created_at) or (attempts > 0 and run_at > $2)))
                    or (state = 'running' and (lease_until <= $1 or lease_until > $3))", now, retry, lease)
        })
        .await?;
    Ok(kinds.into_iter().map(|(kind,)| kind).collect())
}

/// Claims up to `limit` due jobs of a kind for `worker`: see [`due`].
async fn claim(platform: &Platform, worker: Uuid, kind: &str, limit: i64) -> Result<Vec<Claimed>> {
    let now = platform.clock.now();
    platform
        .db
        .write(async |tx| {
            let until = now + platform.config.jobs.lease;
            let (retry, lease) = (now + LONGEST_RETRY, now + platform.config.jobs.lease * 2);
            // The one statement that differs between the two databases: on Postgres several workers claim at once.
            if tx.is_postgres() {
                sql!(tx, fetch_all Claimed,
                    "update jobs set state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1
                     where id in (select id from jobs where kind = $3
                        and ((state = 'ready' and (run_at <= $4 or (attempts = 0 and run_at <= created_at) or (attempts > 0 and run_at > $6)))
                            or (state = 'running' and (lease_until <= $4 or lease_until > $7)))
                        order by run_at limit $5 for update skip locked)
                     returning id, payload, attempts",
                    worker, until, kind, now, limit, retry, lease)
            } else {
                sql!(tx, fetch_all Claimed,
                    "update jobs set state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1
                     where id in (select id from jobs where kind = $3
                        and ((state = 'ready' and (run_at <= $4 or (attempts = 0 and run_at <= created_at) or (attempts > 0 and run_at > $6)))
                            or (state = 'running' and (lease_until <= $4 or lease_until > $7)))
                        order by run_at limit $5)
                     returning id, payload, attempts",
                    worker, until, kind, now, limit, retry, lease)
            }
        })
        .await
}

/// Runs one claimed job under a heartbeat and writes down how it ended.
async fn run_claimed(platform: &Platform, worker: Uuid, kind: &'static str, claimed: Claimed) {
    let id = claimed.id;
    let outcome = if claimed.attempts > MAX_ATTEMPTS {
        Err(JobFailure {
            said: "the worker died each time this job ran".into(),
            permanent: true,
        })
    } else {
        match open(platform, &claimed.payload) {
            Ok(job) => {
                let over = CancellationToken::new();
                tokio::spawn(keep_lease(platform.clone(), worker, id, over.clone()));
                let _over = over.drop_guard();
                let ran = AssertUnwindSafe(crate::job::run(platform, id, job))
                    .catch_unwind()
                    .await;
                ran.unwrap_or_else(|_| {
                    Err(JobFailure {
                        said: "the job panicked".into(),
                        permanent: false,
                    })
                })
            }
            Err(error) => Err(error.into()),
        }
    };
    let ended = match &outcome {
        Ok(()) => "done",
        Err(failure) if failure.permanent || claimed.attempts >= MAX_ATTEMPTS => "dead",
        Err(_) => "ready",
    };
    metrics::counter!("latchstring_jobs_total", "kind" => kind, "outcome" => ended).increment(1);
    if let Err(failure) = &outcome {
        tracing::warn!(job.id = %id, job.kind = kind, job.attempts = claimed.attempts, job.state = ended,
            error = %failure.said, "a job failed");
    }
    if let Err(error) = finish(platform, worker, kind, &claimed, ended, outcome.err()).await {
        // The lease runs out and the job runs again: at least once.
        tracing::error!(job.id = %id, %error, "a job's end could not be written down");
    }
}

fn open(platform: &Platform, payload: &[u8]) -> Result<Job> {
    let plain = platform.keys.open(PURPOSE, payload)?;
    serde_json::from_slice(&plain).map_err(|e| Error::Internal(format!("job: {e}")))
}

/// Renews a running job's lease until it is over. A task of its own: a renewal is never cut off in the middle.
async fn keep_lease(platform: Platform, worker: Uuid, id: Uuid, over: CancellationToken) {
    let every = platform.config.jobs.lease / 3;
    loop {
        tokio::select! {
            () = over.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        if let Err(error) = renew(&platform, worker, id).await {
            tracing::warn!(job.id = %id, %error, "a job's lease could not be renewed");
        }
    }
}

async fn renew(platform: &Platform, worker: Uuid, id: Uuid) -> Result<u64> {
    let until = platform.clock.now() + platform.config.jobs.lease;
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute "update jobs set lease_until = $1 where id = $2 and worker = $3 and state = 'running'",
                until, id, worker)
        })
        .await
}

async fn finish(
    platform: &Platform,
    worker: Uuid,
    kind: &str,
    claimed: &Claimed,
    state: &'static str,
    failure: Option<JobFailure>,
) -> Result<()> {
    let wait = wait_after(claimed.attempts);
    let jitter = i64::try_from(
        platform
            .entropy
            .below(wait.num_milliseconds().unsigned_abs() / 4 + 1),
    );
    let now = platform.clock.now();
    let run_at = now + wait + Duration::milliseconds(jitter.unwrap_or(0));
    let said = failure.map(|failure| failure.said.chars().take(500).collect::<String>());
    platform
        .db
        .write(async |tx| {
            // A job that is over forgets its payload: it may have held a link or a code.
            let ended = if state == "done" {
                sql!(tx, execute
                    "update jobs set state = 'done', payload = $1, finished_at = $2, lease_until = null
                     where id = $3 and worker = $4 and state = 'running'",
                    Vec::<u8>::new(), now, claimed.id, worker)?
            } else {
                sql!(tx, execute
                    "update jobs set state = $1, run_at = $2, last_error = $3, lease_until = null
                     where id = $4 and worker = $5 and state = 'running'",
                    state, run_at, said.as_deref(), claimed.id, worker)?
            };
            if ended == 1 && MESSAGES.contains(&kind) {
                sent::note_attempt(tx, claimed.id, state, claimed.attempts, said.as_deref()).await?;
            }
            Ok(())
        })
        .await
}

/// Gives a sign of life, and enqueues the recurring jobs that are due. Only the holder of the leader's lease does it, and each task moves its
/// own mark by a conditional update, so that a job is enqueued once per period on any number of servers.
async fn enqueue_recurring(platform: &Platform, worker: Uuid) -> Result<()> {
    platform
        .db
        .write(async |tx| {
            let (now, until) = (tx.now(), tx.now() + platform.config.jobs.lease * 2);
            servers::note(tx, platform, worker).await?;
            let leads = sql!(tx, execute
                "insert into leases (name, holder, lease_until) values ('leader', $1, $2)
                 on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
                 where leases.holder = excluded.holder or leases.lease_until <= $3",
                worker, until, now)?;
            if leads == 0 {
                return Ok(());
            }
            for (every, job) in RECURRING {
                let due_before = now - *every;
                let due = sql!(tx, execute
                    "insert into leases (name, holder, lease_until, last_run_at) values ($1, $2, $3, $3)
                     on conflict (name) do update set holder = excluded.holder, last_run_at = excluded.last_run_at
                     where leases.last_run_at <= $4",
                    job.kind(), worker, now, due_before)?;
                if due == 1 {
                    tx.enqueue(job).await?;
                }
            }
            Ok(())
        })
        .await
}

/// Runs jobs until `stop`, then lets the running ones finish within nine tenths of `jobs.drain_seconds`.
pub async fn work(platform: Platform, stop: CancellationToken) {
    let worker = platform.entropy.uuid_v7(platform.clock.now());
    let mut running = JoinSet::new();
    // Which kind each running task is of: counted afresh from here, so that no slot is ever lost.
    let mut kinds: HashMap<tokio::task::Id, &'static str> = HashMap::new();
    let mut recurring = tokio::time::interval(StdDuration::from_secs(20));
    let mut noted = Vec::new();
    while !stop.is_cancelled() {
        note_keys(&platform, worker, &mut noted).await;
        if let Err(error) = settings::refresh(&platform).await {
            tracing::warn!(%error, "the settings could not be read anew");
        }
        let due = due(&platform).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the queue could not be read");
            Vec::new()
        });
        for kind in KINDS
            .iter()
            .copied()
            .filter(|kind| due.iter().any(|due| due == kind))
        {
            let taken = kinds.values().filter(|running| **running == kind).count();
            let free = crate::job::parallel(kind, &platform.config.jobs).saturating_sub(taken);
            if free == 0 {
                continue;
            }
            match claim(&platform, worker, kind, i64::try_from(free).unwrap_or(1)).await {
                Ok(jobs) => {
                    for claimed in jobs {
                        let platform = platform.clone();
                        let task =
                            running.spawn(async move { run_claimed(&platform, worker, kind, claimed).await });
                        kinds.insert(task.id(), kind);
                    }
                }
                Err(error) => tracing::warn!(%error, "jobs could not be claimed"),
            }
        }
        platform.worker_seen();
        tokio::select! {
            () = stop.cancelled() => {}
            () = platform.db.tools().bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            Some(ended) = running.join_next_with_id(), if !running.is_empty() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                kinds.remove(&id);
            }
            _ = recurring.tick() => {
                if let Err(error) = enqueue_recurring(&platform, worker).await {
                    tracing::warn!(%error, "recurring jobs could not be enqueued");
                }
            }
        }
    }
    let drained = tokio::time::timeout(platform.config.jobs.open_work(), async {
        while running.join_next().await.is_some() {}
    })
    .await;
    if drained.is_err() {
        tracing::warn!(
            jobs = running.len(),
            "jobs were still running at the stop; another worker takes them over"
        );
    }
    if let Err(error) = platform
        .db
        .write(async |tx| servers::leave(tx, worker).await)
        .await
    {
        tracing::warn!(%error, "this server could not say that it stops");
    }
}

/// Looks whether the key file has changed, and lets a rotation know which keys this server has.
async fn note_keys(platform: &Platform, worker: Uuid, noted: &mut Vec<KeyId>) {
    platform.keys.refresh();
    let ids = platform.keys.ids();
    if ids == *noted {
        return;
    }
    match platform
        .db
        .write(async |tx| servers::note(tx, platform, worker).await)
        .await
    {
        Ok(()) => *noted = ids,
        Err(error) => tracing::warn!(%error, "the keys of this server could not be noted"),
    }
}

/// Runs every job that is due now, one after the other, and says how many. For tests and one-off commands.
pub async fn run_due(platform: &Platform) -> Result<usize> {
    let worker = platform.entropy.uuid_v7(platform.clock.now());
    let mut ran = 0;
    loop {
        let mut found = false;
        let due = due(platform).await?;
        for kind in KINDS.iter().filter(|kind| due.iter().any(|due| due == *kind)) {
            for claimed in claim(platform, worker, kind, 1).await? {
                run_claimed(platform, worker, kind, claimed).await;
                found = true;
                ran += 1;
            }
        }
        if !found {
            return Ok(ran);
        }
    }
}
