//! How the house is doing, as somebody with the permission sees it: what the doctor finds, which servers run, what the database has.

use chrono::{DateTime, Utc};

use crate::authorization::{Desk, May, Rights, right};
use crate::platform::db::{One, Schema, Tx};
use crate::platform::doctor::{self, Finding};
use crate::platform::servers::Server;
use crate::{Result, sql};

/// The whole of it.
#[derive(Debug)]
pub struct Condition {
    /// Every finding, the gravest first.
    pub findings: Vec<Finding>,
    /// The servers that gave a sign of life in the last minute, this one perhaps among them.
    pub servers: Vec<Server>,
    /// The migrations.
    pub schema: Schema,
    /// The kind of database.
    pub database: &'static str,
    /// When `latchstring backup` last made one; `None`: never, as far as the audit goes back.
    pub last_backup: Option<DateTime<Utc>>,
}

/// Examines everything, in at most some two seconds; with what else whoever asks may do. `visit`: what the request tells about how people reach the server.
///
/// # Errors
/// Refused without the permission; [`crate::Error::Database`] when the database is away, since then nobody's permissions are known.
pub async fn look(desk: &Desk<'_>, visit: &doctor::Visit<'_>) -> Result<(Condition, Rights)> {
    let (servers, last_backup, rights) = desk
        .look(async |tx, may: &May<right::HealthRead>| {
            Ok((
                Server::running(tx).await?,
                last_backup(tx).await?,
                may.rights.clone(),
            ))
        })
        .await?;
    let (schema, mut findings) = tokio::join!(
        desk.platform.db.schema(),
        doctor::examine(desk.platform, Some(visit))
    );
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    let condition = Condition {
        findings,
        servers,
        schema: schema?,
        database: desk.platform.db.kind(),
        last_backup,
    };
    Ok((condition, rights))
}

async fn last_backup(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    let newest = sql!(tx, fetch_optional One<DateTime<Utc>>,
        "select at from audit_events where kind = 'installation.backed_up' order by at desc limit 1")?;
    Ok(newest.map(|(at,)| at))
}
