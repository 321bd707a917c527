//! The servers that run on a database: each gives a sign of life with its worker, so that a command beside them knows
//! whether they run, and which master keys they have.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::{KeyId, name};
use crate::{Result, sql};

/// How long after its last sign of life a server counts as running. It gives one every 20 s.
pub const LIFE: Duration = Duration::minutes(1);

/// A server that runs.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Server {
    /// Where it listens, as it was told: on which machine, it doesn't say.
    pub listen: String,
    /// The number of its process on that machine.
    pub process: i64,
    /// Its version.
    pub version: String,
    key_ids: String,
    /// Its last sign of life.
    pub seen_at: DateTime<Utc>,
}

impl Server {
    /// Those that gave a sign of life in the last minute, the oldest first.
    pub async fn running(tx: &mut Tx) -> Result<Vec<Self>> {
        let since = tx.now() - LIFE;
        sql!(tx, fetch_all Self,
            "select listen, process, version, key_ids, seen_at from servers where seen_at > $1 order by started_at", since)
    }

    /// Whether it could open what this key seals.
    pub fn knows(&self, key: KeyId) -> bool {
        self.key_ids.split(' ').any(|id| id == name(&key))
    }

    /// Whether it seals with this key.
    pub fn seals_with(&self, key: KeyId) -> bool {
        self.key_ids.split(' ').next() == Some(&name(&key))
    }

    /// For people: where it listens, and its process.
    pub fn describe(&self) -> String {
        format!("the server at {} (process {})", self.listen, self.process)
    }
}

/// Gives a sign of life. `worker` is the id of this server's worker.
pub(crate) async fn note(tx: &mut Tx, platform: &Platform, worker: Uuid) -> Result<()> {
    let now = tx.now();
    let ids: Vec<String> = platform.keys.ids().iter().map(name).collect();
    sql!(tx, execute
        "insert into servers (id, listen, process, version, key_ids, started_at, seen_at) values ($1, $2, $3, $4, $5, $6, $6)
         on conflict (id) do update set key_ids = excluded.key_ids, seen_at = excluded.seen_at",
        worker, platform.config.listen.to_string(), i64::from(std::process::id()), env!("CARGO_PKG_VERSION"),
        ids.join(" "), now)?;
    Ok(())
}

/// This server stops: it is no longer there, and leads no longer.
pub(crate) async fn leave(tx: &mut Tx, worker: Uuid) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute "delete from servers where id = $1", worker)?;
    sql!(tx, execute "update leases set lease_until = $1 where name = 'leader' and holder = $2", now, worker)?;
    Ok(())
}
