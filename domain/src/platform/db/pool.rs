//! Connections, kept warm. sqlx's own pool asks a connection for a sign of life when it is taken and again when it comes
//! back: three trips to the database where one was wanted. Here a connection that did its work goes straight to the next
//! one. Only what gives reason for doubt goes the long way: a connection that lay idle for a while, and all of them when
//! one of them broke.
//!
//! A connection that is dropped inside a transaction, wherever its future stood, is closed. In sqlx up to 0.9.0 it would
//! go back to the pool with the transaction open if `BEGIN` was in flight, and the next ones' writes would be lost in it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Database, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// After this long in idleness a connection is asked for a sign of life before it is used.
const DOUBT_AFTER: Duration = Duration::from_secs(1);
/// After this long in idleness a connection that nobody needed is given back to sqlx, which ends it.
const NOT_NEEDED_AFTER: Duration = Duration::from_mins(5);
/// The longest life of a connection.
pub(super) const LIFE: Duration = Duration::from_mins(30);

/// The connections to one database.
#[derive(Debug)]
pub(super) struct Pool<DB: Database> {
    all: sqlx::Pool<DB>,
    warm: Warm<DB>,
    places: Arc<Semaphore>,
    patience: Duration,
}

/// Those that are idle and were well when they were last used; the latest is used first.
type Warm<DB> = Arc<Mutex<Vec<Idle<DB>>>>;

#[derive(Debug)]
struct Idle<DB: Database> {
    connection: PoolConnection<DB>,
    born: Instant,
    since: Instant,
}

impl<DB: Database> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self {
            all: self.all.clone(),
            warm: Arc::clone(&self.warm),
            places: Arc::clone(&self.places),
            patience: self.patience,
        }
    }
}

impl<DB: Database> Pool<DB> {
    /// Over sqlx's pool of `size` connections. Whoever finds all of them taken waits for `patience` at most.
    pub fn new(all: sqlx::Pool<DB>, size: u32, patience: Duration) -> Self {
        Self {
            all,
            warm: Arc::default(),
            places: Arc::new(Semaphore::new(size as usize)),
            patience,
        }
    }

    /// How its connections are opened.
    pub fn options(&self) -> Arc<<DB::Connection as sqlx::Connection>::Options> {
        self.all.connect_options()
    }

    /// Takes a connection.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when none came free in time; what connecting says.
    pub async fn take(&self) -> sqlx::Result<Lease<DB>> {
        let place = tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await;
        let place = place
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let lease = |connection, born| Lease {
            connection: Some(connection),
            born,
            in_transaction: false,
            warm: Arc::clone(&self.warm),
            _place: place,
        };
        loop {
            let latest = lock(&self.warm).pop();
            let Some(mut idle) = latest else { break };
            if idle.since.elapsed() < DOUBT_AFTER {
                return Ok(lease(idle.connection, idle.born));
            }
            match tokio::time::timeout(self.patience, idle.connection.ping()).await {
                Ok(Ok(())) => return Ok(lease(idle.connection, idle.born)),
                _ => idle.connection.close_on_drop(),
            }
        }
        Ok(lease(self.all.acquire().await?, Instant::now()))
    }

    /// How many are open, and how many of those are idle.
    pub fn count(&self) -> (u32, usize) {
        (self.all.size(), self.all.num_idle() + lock(&self.warm).len())
    }

    /// Closes all, once each has come back.
    pub async fn close(&self) {
        self.places.close();
        lock(&self.warm).clear();
        self.all.close().await;
    }
}

/// A connection that is in use.
#[derive(Debug)]
pub(super) struct Lease<DB: Database> {
    connection: Option<PoolConnection<DB>>,
    born: Instant,
    in_transaction: bool,
    warm: Warm<DB>,
    _place: OwnedSemaphorePermit,
}

impl<DB: Database> Lease<DB> {
    /// Begins a transaction with this statement. From now until its end the connection is closed when it is dropped.
    pub async fn begin(&mut self, how: Option<SqlStr>) -> sqlx::Result<()> {
        self.in_transaction = true;
        DB::TransactionManager::begin(self, how).await
    }

    pub async fn commit(&mut self) -> sqlx::Result<()> {
        DB::TransactionManager::commit(self).await?;
        self.in_transaction = false;
        Ok(())
    }

    pub async fn rollback(&mut self) -> sqlx::Result<()> {
        DB::TransactionManager::rollback(self).await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Gives the connection to the next one: it did its work.
    pub fn give_back(mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let mut warm = lock(&self.warm);
        if self.born.elapsed() < LIFE {
            warm.push(Idle {
                connection,
                born: self.born,
                since: Instant::now(),
            });
        }
        // The one at the bottom was needed least.
        if warm
            .first()
            .is_some_and(|idle| idle.since.elapsed() > NOT_NEEDED_AFTER)
        {
            warm.remove(0);
        }
    }

    /// Says that the connection broke. The idle ones may have broken with it: sqlx looks at each of them.
    pub fn broke(mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
        lock(&self.warm).clear();
    }
}

impl<DB: Database> Drop for Lease<DB> {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection
            && self.in_transaction
        {
            connection.close_on_drop();
        }
    }
}

impl<DB: Database> Deref for Lease<DB> {
    type Target = DB::Connection;

    #[expect(clippy::expect_used, reason = "it is taken only by what consumes the lease")]
    fn deref(&self) -> &DB::Connection {
        self.connection.as_ref().expect("a lease has its connection")
    }
}

impl<DB: Database> DerefMut for Lease<DB> {
    #[expect(clippy::expect_used, reason = "it is taken only by what consumes the lease")]
    fn deref_mut(&mut self) -> &mut DB::Connection {
        self.connection.as_mut().expect("a lease has its connection")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
