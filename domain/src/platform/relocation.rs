//! Moving everything from one database to another: SQLite to Postgres as a server grows, or back.
//!
//! Both are open at once. The old one stands still until the new one has committed; what arrived is read back and compared,
//! table by table, before that. The keys stay where they are.

use crate::audit::{Entry, Event, Origin};
use crate::platform::Platform;
use crate::platform::db::tables::{Sum, Table};
use crate::platform::db::{Db, DbOptions, Tx};
use crate::platform::servers::Server;
use crate::{Error, Result};

/// Copies all rows of this server's database into the one at `to`, which must have no people yet. Returns the tables with
/// what their rows come to, on both sides.
///
/// # Errors
/// [`Error::Operator`] when a server runs on this database (unless `force`), when there are people in the other, or when a
/// table arrived otherwise than it left: then the other database stays as it was.
pub async fn relocate(platform: &Platform, to: &str, force: bool) -> Result<Vec<(String, Sum)>> {
    if to == platform.config.database_url.expose() {
        return Err(Error::Operator(
            "This is the database that the server has already.".into(),
        ));
    }
    let running = platform.db.read(async |tx| Server::running(tx).await).await?;
    if let Some(server) = running.first()
        && !force
    {
        return Err(Error::Operator(format!(
            "This database is in use by {}: what it writes after the copy would be lost. Stop it first; if it died, wait a \
             minute; or use --force.",
            server.describe()
        )));
    }
    let target = Db::open(&DbOptions::of(&platform.config, to), platform.db.tools().clone()).await?;
    if target.read(async |tx| tx.has_people().await).await? {
        return Err(Error::Operator(
            "There are people in the other database already. Choose an empty one.".into(),
        ));
    }
    let moved = platform
        .db
        .standstill(async |from| {
            from.take_all_the_time().await?;
            let tables = from.tables().await?;
            target
                .write(async |into| {
                    into.take_all_the_time().await?;
                    into.drop_all().await?;
                    into.migrate_to(None).await?;
                    into.clear(&tables).await?;
                    let mut moved = Vec::new();
                    for table in &tables {
                        moved.push((table.name.clone(), copy(from, into, table).await?));
                    }
                    into.audit(
                        Entry::about(Event::Moved, None, &Origin::default())
                            .with(&[("from", platform.db.kind())]),
                    )
                    .await?;
                    Ok(moved)
                })
                .await
        })
        .await;
    target.close().await;
    moved
}

async fn copy(from: &mut Tx, into: &mut Tx, table: &Table) -> Result<Sum> {
    let mut left = Sum::default();
    from.read_all(table, async |rows| {
        for row in &rows {
            left.add(row);
        }
        into.insert_all(table, &rows).await
    })
    .await?;
    let arrived = into.sum(table).await?;
    if left == arrived {
        Ok(left)
    } else {
        Err(Error::Operator(format!(
            "The rows of {} did not arrive as they left: {} ({}) there, {} ({}) here. Nothing was moved.",
            table.name,
            arrived.rows,
            arrived.hex(),
            left.rows,
            left.hex()
        )))
    }
}
