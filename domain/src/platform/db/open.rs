//! How the two databases are opened.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::Postgres;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Pools;
use super::pool::{LIFE, Pool};
use crate::Result;
use crate::platform::config::Config;

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
    /// How long one statement may run (Postgres), or wait for the lock of the file (SQLite, where it may run for ever).
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

pub(super) async fn postgres_pool(url: &str, options: &DbOptions) -> Result<Pool<Postgres>> {
    let millis = |d: Duration| d.as_millis().to_string();
    let connect = PgConnectOptions::from_str(url)?
        .application_name("latchstring")
        .options([
            ("statement_timeout", millis(options.statement_timeout)),
            (
                "idle_in_transaction_session_timeout",
                millis(options.statement_timeout * 2),
            ),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(options.pool_size)
        .acquire_timeout(options.acquire_timeout)
        .max_lifetime(LIFE)
        .connect_with(connect)
        .await?;
    Ok(Pool::new(pool, options.pool_size, options.acquire_timeout))
}

/// WAL lets readers read while the writer writes. `synchronous=FULL` syncs at each commit: with NORMAL a power cut
/// loses commits that were already answered for.
pub(super) async fn sqlite_pools(options: &DbOptions) -> Result<Pools> {
    let connect = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(options.make)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.statement_timeout)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        // What is deleted is overwritten: an erased person is not in the file's free pages either.
        .pragma("secure_delete", "on")
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
    Ok(Pools::Sqlite {
        write: Pool::new(write, 1, options.acquire_timeout),
        read: Pool::new(read, options.pool_size, options.acquire_timeout),
    })
}
