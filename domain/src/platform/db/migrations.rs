//! The migrations: what this program brings, and what a database has of them.

use super::{Db, Pools};
use crate::{Result, sql};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// How the tables of a database stand to the migrations of this program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The newest migration that this program brings.
    pub newest_known: i64,
    /// How many of ours were applied.
    pub applied: usize,
    /// Those that were not, in their order.
    pub pending: Vec<Step>,
    /// Applied by a newer program than this one, in their order.
    pub newer: Vec<i64>,
    /// Applied by halves, or with another content than ours.
    pub broken: Vec<i64>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub version: i64,
    /// Its name, in words.
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    checksum: Vec<u8>,
    success: bool,
}

impl Db {
    /// Applies the migrations that are missing. Several servers may start at once: Postgres takes a lock.
    pub async fn migrate(&self) -> Result<()> {
        match &self.pools {
            Pools::Postgres { write, .. } => MIGRATIONS.run(write.sqlx()).await?,
            Pools::Sqlite { write, .. } => MIGRATIONS.run(write.sqlx()).await?,
        }
        Ok(())
    }

    /// Compares the migrations that were applied with those of this program. Changes nothing.
    pub async fn schema(&self) -> Result<Schema> {
        let applied = self
            .read(async |tx| {
                sql!(tx, fetch_all Applied,
                    "select version, checksum, success from _sqlx_migrations order by version")
            })
            .await;
        match applied {
            Ok(applied) => Ok(compare(&applied)),
            Err(error) if error.is_missing_table() => Ok(compare(&[])),
            Err(error) => Err(error),
        }
    }
}

fn compare(applied: &[Applied]) -> Schema {
    let mut schema = Schema::default();
    for ours in MIGRATIONS
        .iter()
        .filter(|ours| !ours.migration_type.is_down_migration())
    {
        schema.newest_known = ours.version;
        match applied.iter().find(|theirs| theirs.version == ours.version) {
            Some(theirs) => {
                schema.applied += 1;
                if !theirs.success || *theirs.checksum != *ours.checksum {
                    schema.broken.push(ours.version);
                }
            }
            None => schema.pending.push(Step {
                version: ours.version,
                name: ours.description.to_string(),
            }),
        }
    }
    let newer = applied
        .iter()
        .map(|theirs| theirs.version)
        .filter(|version| !MIGRATIONS.version_exists(*version));
    schema.newer = newer.collect();
    schema
}
