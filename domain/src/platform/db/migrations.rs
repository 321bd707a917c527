//! The migrations: what this program brings, and what a database has of them.

use std::path::Path;

use super::{Conn, Db, Pools, Tx};
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
    /// Applies the migrations that are missing. Several servers may start at once: Postgres takes a lock. Before the tables
    /// of a SQLite file change, a copy of it goes into `copies`.
    pub async fn migrate(&self, copies: &Path) -> Result<()> {
        let schema = self.schema().await?;
        if schema.applied > 0
            && schema.newer.is_empty()
            && let Some(first) = schema.pending.first()
        {
            if let Some(copy) = self
                .keep_copy(copies, &format!("before-{:04}", first.version))
                .await?
            {
                tracing::info!(copy = %copy.display(), "the database was copied before its tables change");
            } else {
                tracing::info!("the tables change; a copy of a Postgres database is the operator's to make");
            }
        } else {
            tracing::debug!("no copy of the database is needed: no table of it changes");
        }
        match &self.pools {
            Pools::Postgres { write, .. } => MIGRATIONS.run(&mut *write.take().await?).await?,
            Pools::Sqlite { write, .. } => MIGRATIONS.run(&mut *write.take().await?).await?,
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

impl Schema {
    /// The state of a database that isn't there yet.
    pub fn of_nothing() -> Self {
        compare(&[])
    }
}

impl Tx {
    /// Applies the migrations up to this number, or all, within this transaction.
    pub(crate) async fn migrate_to(&mut self, newest: Option<i64>) -> Result<()> {
        match self.conn() {
            Conn::Postgres(connection) => MIGRATIONS.run_direct(newest, connection, false).await?,
            Conn::Sqlite(connection) => MIGRATIONS.run_direct(newest, connection, false).await?,
        }
        Ok(())
    }
}

/// The names of all tables that our migrations make, in the order in which they do: parents before their children, or
/// Postgres would not have taken them.
pub(super) fn tables_in_order() -> Vec<String> {
    let texts = MIGRATIONS.iter().map(|migration| migration.sql.as_str());
    let names = texts.flat_map(|text| {
        text.lines()
            .filter_map(|line| line.strip_prefix("create table "))
            .filter_map(|rest| rest.split([' ', '(']).next())
    });
    names.map(str::to_owned).collect()
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
