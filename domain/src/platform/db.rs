//! The only file that knows that there are two databases.
//!
//! Queries are static SQL in the subset that Postgres and SQLite share, written once, beside their row, and run by the
//! [`sql!`](crate::sql) macro. Writes go through [`Db::write`], which gives a [`Tx`]: everything that must happen
//! together (rows, jobs, audit) happens in it, and nothing slow does.

mod copies;
mod migrations;
pub mod tables;

use std::future::Future;
use std::ops::AsyncFnOnce;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection};
use tokio::sync::Notify;
use uuid::Uuid;

pub use self::migrations::{Schema, Step};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::entropy::Entropy;
use crate::platform::keys::Keys;
use crate::{Error, Result};

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// A read replica (Postgres only); list pages may read from it.
    pub read_url: Option<String>,
    /// Connections at most, per pool.
    pub pool_size: u32,
    /// How long a request waits for a connection before it is answered 503.
    pub acquire_timeout: Duration,
    /// How long one statement may run (Postgres), or wait for the file lock (SQLite).
    pub statement_timeout: Duration,
    /// Whether a missing SQLite file is made.
    pub make: bool,
}

impl DbOptions {
    /// The limits of these settings, for the database at `url`.
    pub fn of(config: &Config, url: &str) -> Self {
        Self {
            url: url.to_owned(),
            read_url: None,
            pool_size: config.database.pool_size,
            acquire_timeout: config.database.acquire_timeout,
            statement_timeout: config.database.statement_timeout,
            make: true,
        }
    }
}

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
        write: PgPool,
        read: PgPool,
    },
    /// SQLite has one writer: its pool has one connection, so that writers queue here and not in the file lock.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
}

/// A unit of work on one connection: the transaction of [`Db::write`], or the plain connection of [`Db::read`].
#[derive(Debug)]
pub struct Tx {
    held: Held,
    tools: Tools,
    rings: bool,
}

#[derive(Debug)]
enum Held {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    PostgresRead(sqlx::pool::PoolConnection<Postgres>),
    SqliteRead(sqlx::pool::PoolConnection<Sqlite>),
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
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let held = match &self.pools {
            Pools::Postgres { write, .. } => Held::Postgres(write.begin().await?),
            Pools::Sqlite { write, .. } => Held::Sqlite(write.begin_with("begin immediate").await?),
        };
        self.within(held, work).await
    }

    async fn within<T, F>(&self, held: Held, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let mut tx = Tx {
            held,
            tools: self.tools.clone(),
            rings: false,
        };
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
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
        let held = match &self.pools {
            Pools::Postgres { write, .. } => Held::Postgres(
                write
                    .begin_with("begin isolation level repeatable read read only")
                    .await?,
            ),
            // In WAL mode the first read settles which moment it is.
            Pools::Sqlite { read, .. } => Held::Sqlite(read.begin().await?),
        };
        self.within(held, work).await
    }

    /// The same, while nobody writes: from the first statement to the end of `work`, writers wait.
    pub async fn standstill<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let held = match &self.pools {
            Pools::Postgres { write, .. } => {
                Held::Postgres(write.begin_with("begin isolation level repeatable read").await?)
            }
            Pools::Sqlite { write, .. } => Held::Sqlite(write.begin_with("begin immediate").await?),
        };
        self.within(held, async |tx| {
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
        let held = match &self.pools {
            Pools::Postgres { write, .. } => Held::PostgresRead(write.acquire().await?),
            Pools::Sqlite { read, .. } => Held::SqliteRead(read.acquire().await?),
        };
        work(&mut Tx {
            held,
            tools: self.tools.clone(),
            rings: false,
        })
        .await
    }

    /// Like [`Db::read`], from the read replica where there is one: for list pages, which may lag a moment.
    pub async fn read_replica<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T>,
    {
        let held = match &self.pools {
            Pools::Postgres { read, .. } => Held::PostgresRead(read.acquire().await?),
            Pools::Sqlite { read, .. } => Held::SqliteRead(read.acquire().await?),
        };
        work(&mut Tx {
            held,
            tools: self.tools.clone(),
            rings: false,
        })
        .await
    }

    /// Asks the database for a sign of life and says how long it took.
    pub async fn ping(&self) -> Result<Duration> {
        let started = Instant::now();
        self.read(async |tx| sql!(tx, fetch_one One<i64>, "select cast(1 as bigint)"))
            .await?;
        Ok(started.elapsed())
    }

    /// Time, randomness, keys.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Connections open and idle, for metrics.
    pub fn connections(&self) -> (u32, usize) {
        match &self.pools {
            Pools::Postgres { write, .. } => (write.size(), write.num_idle()),
            Pools::Sqlite { write, read } => (write.size() + read.size(), write.num_idle() + read.num_idle()),
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
            Held::Postgres(tx) => Conn::Postgres(tx),
            Held::Sqlite(tx) => Conn::Sqlite(tx),
            Held::PostgresRead(c) => Conn::Postgres(c),
            Held::SqliteRead(c) => Conn::Sqlite(c),
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
        matches!(self.held, Held::Postgres(_) | Held::PostgresRead(_))
    }

    /// Rings the worker's bell once this transaction has committed.
    pub(crate) fn ring_after_commit(&mut self) {
        self.rings = true;
    }

    async fn commit(self) -> Result<()> {
        match self.held {
            Held::Postgres(tx) => tx.commit().await?,
            Held::Sqlite(tx) => tx.commit().await?,
            Held::PostgresRead(_) | Held::SqliteRead(_) => {}
        }
        if self.rings {
            self.tools.bell.notify_one();
        }
        Ok(())
    }

    async fn rollback(self) {
        let rolled_back = match self.held {
            Held::Postgres(tx) => tx.rollback().await,
            Held::Sqlite(tx) => tx.rollback().await,
            Held::PostgresRead(_) | Held::SqliteRead(_) => Ok(()),
        };
        if let Err(error) = rolled_back {
            tracing::warn!(%error, "a rollback failed; the pool drops the connection's transaction");
        }
    }
}

/// In sqlx up to 0.9.0, a future dropped while `BEGIN` is in flight returns its connection to the pool inside an open
/// transaction, and whatever the next borrower writes is lost. Requests run in tasks that a client cannot cancel;
/// these hooks are the second wall: whatever comes back is rolled back before anybody else gets it.
async fn postgres_pool(url: &str, options: &DbOptions) -> Result<PgPool> {
    let millis = |d: Duration| d.as_millis().to_string();
    let connect = PgConnectOptions::from_str(url)?
        .application_name("latchstring")
        .options([
            ("statement_timeout", millis(options.statement_timeout)),
            // The rollback of each released connection would be answered by a warning.
            ("client_min_messages", "error".to_owned()),
            (
                "idle_in_transaction_session_timeout",
                millis(options.statement_timeout * 2),
            ),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(options.pool_size)
        .acquire_timeout(options.acquire_timeout)
        .max_lifetime(Duration::from_mins(30))
        .after_release(|connection, _| Box::pin(async move { roll_back_leaked(connection).await }))
        .connect_with(connect)
        .await?;
    Ok(pool)
}

/// Ends a transaction that its borrower left open. `rollback` outside a transaction is only a notice.
fn roll_back_leaked(connection: &mut PgConnection) -> impl Future<Output = sqlx::Result<bool>> + Send + '_ {
    use sqlx::Executor as _;
    async move {
        connection.execute("rollback").await?;
        Ok(true)
    }
}

/// WAL lets readers read while the writer writes. `synchronous=FULL` syncs at each commit: with NORMAL a power cut
/// loses commits that were already answered for.
async fn sqlite_pools(options: &DbOptions) -> Result<Pools> {
    let connect = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(options.make)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.acquire_timeout)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .optimize_on_close(true, None);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(connect.clone())
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(options.pool_size)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(connect.pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { write, read })
}
