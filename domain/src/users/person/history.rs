//! What happened to a person, as operators see it: who did it, from where, and why.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Result, sql};

/// How many rows the page of a person shows; the rest is in the audit.
pub const SHOWN: i64 = 15;

/// A row of the audit that is about a person.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// UUIDv7.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What, as [`Event::as_str`](crate::audit::Event::as_str) names it.
    pub kind: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Who did it, if it was somebody else.
    pub actor_id: Option<Uuid>,
    /// What they are called; empty: nobody else did it, or they are gone.
    pub actor: String,
    /// Where it came from; empty when unknown.
    pub address: String,
    /// The browser, as it named itself; empty when it was none.
    pub user_agent: String,
    /// More, as JSON.
    pub detail: String,
}

impl Row {
    /// True when it was refused.
    pub fn is_refused(&self) -> bool {
        self.outcome == "refused"
    }

    /// Why an operator did it, if they had to say.
    pub fn reason(&self) -> Option<String> {
        let detail: serde_json::Value = serde_json::from_str(&self.detail).ok()?;
        Some(detail.get("reason")?.as_str()?.to_owned())
    }
}

/// The newest rows about a person; one more than [`SHOWN`] when there are more.
pub(super) async fn of(tx: &mut Tx, person: UserId) -> Result<Vec<Row>> {
    sql!(tx, fetch_all Row,
        "select e.id, e.at, e.kind, e.outcome, case when e.actor_id <> $1 then e.actor_id end as actor_id,
            coalesce(case when e.actor_id <> $1 then a.name end, '') as actor,
            coalesce(e.address, '') as address, coalesce(e.user_agent, '') as user_agent, e.detail
         from (select * from audit_events where subject_id = $1 order by id desc limit $2) e
         left join users a on a.id = e.actor_id
         order by e.id desc", person, SHOWN + 1)
}
