//! The only file that knows that there are two databases.
//!
//! Queries are static SQL in the subset that Postgres and SQLite share, written once, beside their row, and run by the
//! [`sql!`](crate::sql) macro. Writes go through [`Db::write`], which gives a [`Tx`]: everything that must happen
//! together (rows, jobs, audit) happens in it, and nothing slow does.

mod copies;
mod migrations;
mod open;
mod pool;
pub mod tables;

use std::ops::AsyncFnOnce;
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{Executor as _, PgConnection, Postgres, SqlStr, Sqlite, SqliteConnection};
use tokio::sync::Notify;
use uuid::Uuid;

pub use self::migrations::{Schema, Step};
pub use self::open::DbOptions;
use self::open::{postgres_pool, sqlite_pools};
use self::pool::{Lease, Pool};
use crate::audit::Noted;
use crate::platform::clock::Clock;
use crate::platform::entropy::Entropy;
use crate::platform::keys::Keys;
use crate::platform::mishap;
use crate::{Error, Result};

/// What a transaction needs besides its connection: time, randomness, keys, and the bell that wakes the worker.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The clock.
    pub clock: Clock,
    /// The source of randomness.
    pub entropy: Entropy,
    /// The keys that seal.
    pub keys: Arc<Keys>,
    /// Rung after a commit that enqueued jobs.
    pub bell: Arc<Notify>,
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    tools: Tools,
}

#[derive(Debug, Clone)]
enum Pools {
    Postgres {
        write: Pool<Postgres>,
        read: Pool<Postgres>,
    },
    /// SQLite has one writer: its pool has one connection, so that writers queue here and not in the file lock.
    Sqlite { write: Pool<Sqlite>, read: Pool<Sqlite> },
}

/// A unit of work on one connection: the transaction of [`Db::write`], or the plain connection of [`Db::read`].
#[derive(Debug)]
pub struct Tx {
    held: Held,
    tools: Tools,
    rings: bool,
    audit: Vec<Noted>,
}

#[derive(Debug)]
enum Held {
    Postgres(Lease<Postgres>),
    Sqlite(Lease<Sqlite>),
}

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy)]
enum Access {
    Write,
    /// The latest commit.
    Read,
    /// A list that may lag.
    Replica,
}

impl Held {
    async fn begin(&mut self, how: &'static str) -> sqlx::Result<()> {
        let how = Some(SqlStr::from_static(how));
        match self {
            Self::Postgres(c) => c.begin(how).await,
            Self::Sqlite(c) => c.begin(how).await,
        }
    }

    async fn commit(&mut self) -> sqlx::Result<()> {
        match self {
            Self::Postgres(c) => c.commit().await,
            Self::Sqlite(c) => c.commit().await,
        }
    }

    async fn rollback(&mut self) -> sqlx::Result<()> {
        match self {
            Self::Postgres(c) => c.rollback().await,
            Self::Sqlite(c) => c.rollback().await,
        }
    }

    fn give_back(self) {
        match self {
            Self::Postgres(c) => c.give_back(),
            Self::Sqlite(c) => c.give_back(),
        }
    }

    fn broke(self) {
        match self {
            Self::Postgres(c) => c.broke(),
            Self::Sqlite(c) => c.broke(),
        }
    }
}

/// The connection behind a [`Tx`], for the [`sql!`](crate::sql) macro.
#[doc(hidden)]
pub enum Conn<'a> {
    Postgres(&'a mut PgConnection),
    Sqlite(&'a mut SqliteConnection),
}

/// A row of one column, for the [`sql!`](crate::sql) macro. A plain `(T,)` would do, but rustfmt takes `fetch_one (T,)` for
/// a call and drops the comma.
pub type One<T> = (T,);

/// Runs one static query on whichever database is behind `$tx`.
///
/// `sql!(tx, execute "…", a, b)` gives the number of rows; `fetch_one Row`, `fetch_optional Row` and `fetch_all Row`
/// give rows of a `FromRow` type (tuples included). Parameters are `$1`, `$2`, …
#[macro_export]
macro_rules! sql {
    ($tx:expr, execute $query:literal $(, $value:expr)* $(,)?) => {
        match $tx.conn() {
            $crate::platform::db::Conn::Postgres(c) =>
                sqlx::query::<sqlx::Postgres>($query)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected()),
            $crate::platform::db::Conn::Sqlite(c) =>
                sqlx::query::<sqlx::Sqlite>($query)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::Error::from)
    };
    ($tx:expr, $fetch:ident $Row:ty, $query:literal $(, $value:expr)* $(,)?) => {
        match $tx.conn() {
            $crate::platform::db::Conn::Postgres(c) =>
                sqlx::query_as::<sqlx::Postgres, $Row>($query)$(.bind($value))*.$fetch(c).await,
            $crate::platform::db::Conn::Sqlite(c) =>
                sqlx::query_as::<sqlx::Sqlite, $Row>($query)$(.bind($value))*.$fetch(c).await,
        }
        .map_err($crate::Error::from)
    };
}

impl Db {
    /// Opens the pools. Nothing is made but a missing SQLite file, if that is wanted; see [`Db::migrate`].
    ///
    /// # Errors
    /// [`Error::Configuration`] for a URL of another kind, [`Error::Database`] when the database can't be reached.
    pub async fn open(options: &DbOptions, tools: Tools) -> Result<Self> {
        let pools = if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
            let write = postgres_pool(&options.url, options).await?;
            let read = match &options.read_url {
                Some(url) => postgres_pool(url, options).await?,
                None => write.clone(),
            };
            Pools::Postgres { write, read }
        } else if options.url.starts_with("sqlite:") {
            sqlite_pools(options).await?
        } else {
            return Err(Error::Configuration(
                "the database URL begins with neither `sqlite:` nor `postgres://`".into(),
            ));
        };
        Ok(Self { pools, tools })
    }

    /// The kind of database, in a word.
    pub fn kind(&self) -> &'static str {
        match &self.pools {
            Pools::Postgres { .. } => "Postgres",
            Pools::Sqlite { .. } => "SQLite",
        }
    }

    /// Runs `work` in a transaction: committed when it returns `Ok`, rolled back when it returns `Err`.
    ///
    /// A refusal that must leave a trace (a failed sign-in is counted) is therefore an `Ok` value of the work.
    /// Never hash, mail or fetch inside: on SQLite this is the only writer.
    ///
    /// # Errors
    /// What `work` returns; [`Error::Database`] when begin or commit fails.
    #[track_caller]
    pub fn write<T, F>(&self, work: F) -> impl Future<Output = Result<T>> + use<'_, T, F>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        // An `async fn` would not know its caller.
        let how = match &self.pools {
            Pools::Postgres { .. } => "begin",
            // The lock is taken at once: a transaction that reads first could otherwise not write later.
            Pools::Sqlite { .. } => "begin immediate",
        };
        self.within(Location::caller(), Access::Write, how, work)
    }

    async fn within<T, F>(
        &self,
        by: &'static Location<'static>,
        access: Access,
        begin: &'static str,
        work: F,
    ) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        mishap::pass("before begin", by);
        let mut held = self.take(access).await?;
        if let Err(error) = held.begin(begin).await {
            held.broke();
            return Err(error.into());
        }
        let mut tx = self.unit(held);
        mishap::pass("after begin", by);
        match work(&mut tx).await {
            Ok(value) => {
                if let Err(error) = tx.write_audit().await {
                    tx.rollback().await;
                    return Err(error);
                }
                mishap::pass("before commit", by);
                tx.commit().await?;
                mishap::pass("after commit", by);
                Ok(value)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Runs `work` on one moment of the database: all that it reads belongs together, whoever writes meanwhile.
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let how = match &self.pools {
            Pools::Postgres { .. } => "begin isolation level repeatable read read only",
            // In WAL mode the first read settles which moment it is.
            Pools::Sqlite { .. } => "begin",
        };
        self.within(Location::caller(), Access::Read, how, work).await
    }

    /// The same, while nobody writes: from the first statement to the end of `work`, writers wait.
    pub async fn standstill<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let how = match &self.pools {
            Pools::Postgres { .. } => "begin isolation level repeatable read",
            Pools::Sqlite { .. } => "begin immediate",
        };
        self.within(Location::caller(), Access::Write, how, async |tx| {
            tx.hold_still().await?;
            work(tx).await
        })
        .await
    }

    /// Runs `work` on a connection for reading: no transaction, so each statement sees the latest commit.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.read_on(self.take(Access::Read).await?, work).await
    }

    /// Like [`Db::read`], from the read replica where there is one: for list pages, which may lag a moment.
    pub async fn read_replica<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        self.read_on(self.take(Access::Replica).await?, work).await
    }

    async fn take(&self, access: Access) -> Result<Held> {
        Ok(match (&self.pools, access) {
            (Pools::Postgres { read, .. }, Access::Replica) => Held::Postgres(read.take().await?),
            (Pools::Postgres { write, .. }, _) => Held::Postgres(write.take().await?),
            (Pools::Sqlite { write, .. }, Access::Write) => Held::Sqlite(write.take().await?),
            (Pools::Sqlite { read, .. }, _) => Held::Sqlite(read.take().await?),
        })
    }

    async fn read_on<T, F>(&self, held: Held, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let mut tx = self.unit(held);
        let done = work(&mut tx).await;
        let is_lost = !tx.audit.is_empty();
        match &done {
            Err(error) if error.is_unavailable() => tx.held.broke(),
            _ => tx.held.give_back(),
        }
        if is_lost {
            return Err(Error::Internal(
                "an event was audited outside of a transaction".into(),
            ));
        }
        done
    }

    fn unit(&self, held: Held) -> Tx {
        Tx {
            held,
            tools: self.tools.clone(),
            rings: false,
            audit: Vec::new(),
        }
    }

    /// Asks the database for a sign of life and says how long it took.
    pub async fn ping(&self) -> Result<Duration> {
        let started = Instant::now();
        self.read(async |tx| sql!(tx, fetch_one One<i64>, "select cast(1 as bigint)"))
            .await?;
        Ok(started.elapsed())
    }

    /// Drops what deleted rows left in SQLite's write-ahead log; its pages are overwritten when rows are deleted
    /// (`secure_delete`). Postgres does as much in its own time, when it vacuums. Skipped while somebody reads.
    pub async fn drop_remains(&self) -> Result<()> {
        if let Pools::Sqlite { write, .. } = &self.pools {
            let mut writer = write.take().await?;
            writer.execute("pragma wal_checkpoint(truncate)").await?;
            writer.give_back();
        }
        Ok(())
    }

    /// Has the database look at how much its tables hold, which it plans by. After many rows were put in at once.
    pub async fn learn_sizes(&self) -> Result<()> {
        self.write(async |tx| sql!(tx, execute "analyze")).await?;
        Ok(())
    }

    /// Time, randomness, keys.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Connections open and idle, for metrics.
    pub fn connections(&self) -> (u32, usize) {
        match &self.pools {
            Pools::Postgres { write, .. } => write.count(),
            Pools::Sqlite { write, read } => {
                let ((writers, free), (readers, idle)) = (write.count(), read.count());
                (writers + readers, free + idle)
            }
        }
    }

    /// Closes the pools after their connections came back.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres { write, read } => {
                write.close().await;
                read.close().await;
            }
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Tx {
    #[doc(hidden)]
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.held {
            Held::Postgres(c) => Conn::Postgres(c),
            Held::Sqlite(c) => Conn::Sqlite(c),
        }
    }

    /// The time, the same clock for every row.
    pub fn now(&self) -> DateTime<Utc> {
        self.tools.clock.now()
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        self.tools.entropy.uuid_v7(self.now())
    }

    /// The source of randomness.
    pub fn entropy(&self) -> &Entropy {
        &self.tools.entropy
    }

    /// The keys that seal.
    pub fn keys(&self) -> &Keys {
        &self.tools.keys
    }

    /// True on Postgres: for the one statement that differs (see `platform/jobs.rs`).
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.held, Held::Postgres(_))
    }

    /// The rows of the audit that wait for the commit.
    pub(crate) fn audit_notes(&mut self) -> &mut Vec<Noted> {
        &mut self.audit
    }

    /// Rings the worker's bell once this transaction has committed.
    pub(crate) fn ring_after_commit(&mut self) {
        self.rings = true;
    }

    async fn commit(mut self) -> Result<()> {
        if let Err(error) = self.held.commit().await {
            // Nobody knows what became of it; in any case nothing else runs in it.
            self.held.broke();
            return Err(error.into());
        }
        self.held.give_back();
        if self.rings {
            self.tools.bell.notify_one();
        }
        Ok(())
    }

    async fn rollback(mut self) {
        match self.held.rollback().await {
            Ok(()) => self.held.give_back(),
            Err(error) => {
                tracing::warn!(%error, "a rollback failed: the connection is closed");
                self.held.broke();
            }
        }
    }
}
