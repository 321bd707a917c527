//! What happened to a person's account, as they see it themselves: pages of audit rows, newest first.
//!
//! Pages go by keyset, never by offset: each is one read of the index on `(subject_id, id)`, at any depth, and stays
//! what it was while new rows come in.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Result, sql};

/// How many rows a page has.
pub const PAGE: usize = 25;

/// How far back the overview looks for refused sign-ins.
pub const LATELY: Duration = Duration::days(7);

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Happening {
    /// UUIDv7: also the cursor.
    pub id: Uuid,
    /// When it was noted: see [`Happening::happened_at`].
    pub at: DateTime<Utc>,
    /// What, as [`Event::as_str`] names it.
    pub kind: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// The session that it belongs to.
    pub session_id: Option<Uuid>,
    /// Where it came from; empty when unknown.
    pub address: String,
    /// The browser, as it named itself; empty when it was none.
    pub user_agent: String,
    /// What the operator is called who looked at the account; empty: nobody did, or they are gone.
    pub viewer: String,
    /// More of that look, as JSON.
    detail: String,
}

/// Where a page begins. An id is no secret: whoever makes one up sees their own rows from another place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cursor {
    /// At the newest row.
    #[default]
    Newest,
    /// Behind this row: older ones.
    Before(Uuid),
    /// In front of this row: newer ones.
    After(Uuid),
}

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub struct Activity {
    /// The rows, newest first; at most [`PAGE`].
    pub happenings: Vec<Happening>,
    /// Where the next older page begins, if there is one.
    pub older: Option<Uuid>,
    /// Where the next newer page begins, if there is one.
    pub newer: Option<Uuid>,
}

impl Activity {
    /// Reads a page of a person's own rows; may lag a moment where there is a read replica.
    pub async fn page(platform: &Platform, person: UserId, cursor: Cursor) -> Result<Self> {
        platform
            .db
            .read_replica(async |tx| Self::read(tx, person, cursor).await)
            .await
    }

    async fn read(tx: &mut Tx, person: UserId, cursor: Cursor) -> Result<Self> {
        if let Cursor::After(id) = cursor {
            let mut rows = Happening::newer_than(tx, person, id).await?;
            // Fewer than a page are left in front: that is the first page, and it shows whole.
            if rows.len() >= PAGE {
                let is_last = rows.len() == PAGE;
                rows.truncate(PAGE);
                rows.reverse();
                return Ok(Self {
                    older: rows.last().map(|row| row.id),
                    newer: rows.first().map(|row| row.id).filter(|_| !is_last),
                    happenings: rows,
                });
            }
        }
        if let Cursor::Before(id) = cursor {
            let mut rows = Happening::older_than(tx, person, id).await?;
            let has_more = rows.len() > PAGE;
            rows.truncate(PAGE);
            if !rows.is_empty() {
                return Ok(Self {
                    older: rows.last().map(|row| row.id).filter(|_| has_more),
                    newer: rows.first().map(|row| row.id),
                    happenings: rows,
                });
            }
        }
        let mut rows = Happening::older_than(tx, person, Uuid::max()).await?;
        let has_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Ok(Self {
            older: rows.last().map(|row| row.id).filter(|_| has_more),
            newer: None,
            happenings: rows,
        })
    }
}

impl Happening {
    /// True when it was refused.
    pub fn is_refused(&self) -> bool {
        self.outcome == "refused"
    }

    /// True when an operator looked at the account as its person sees it, or that ended. Where they were stays theirs.
    pub fn is_view(&self) -> bool {
        self.kind.starts_with("view.")
    }

    /// Why they looked, as they wrote it.
    pub fn reason(&self) -> Option<String> {
        self.said("reason")
    }

    /// When it happened. That a look ended may be noted later than it did, but no look outlasts its time.
    pub fn happened_at(&self) -> DateTime<Utc> {
        let until = self.said("until");
        let until = until.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
        until.map_or(self.at, |until| self.at.min(until.to_utc()))
    }

    /// What is said of a look under this name.
    fn said(&self, name: &str) -> Option<String> {
        let detail: serde_json::Value = serde_json::from_str(&self.detail).ok()?;
        Some(detail.get(name)?.as_str()?.to_owned())
    }

    /// One more than a page, newest first.
    async fn older_than(tx: &mut Tx, person: UserId, id: Uuid) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select e.id, e.at, e.kind, e.outcome, e.session_id, coalesce(a.name, '') as viewer,
                case when e.kind like 'view.%' then e.detail else '' end as detail,
                case when e.kind like 'view.%' then '' else coalesce(e.address, '') end as address,
                case when e.kind like 'view.%' then '' else coalesce(e.user_agent, '') end as user_agent
             from (select * from audit_events where subject_id = $1 and id < $2 order by id desc limit $3) e
                left join users a on a.id = e.actor_id and e.kind like 'view.%'
             order by e.id desc",
            person, id, one_more())
    }

    /// One more than a page, oldest first.
    async fn newer_than(tx: &mut Tx, person: UserId, id: Uuid) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select e.id, e.at, e.kind, e.outcome, e.session_id, coalesce(a.name, '') as viewer,
                case when e.kind like 'view.%' then e.detail else '' end as detail,
                case when e.kind like 'view.%' then '' else coalesce(e.address, '') end as address,
                case when e.kind like 'view.%' then '' else coalesce(e.user_agent, '') end as user_agent
             from (select * from audit_events where subject_id = $1 and id > $2 order by id asc limit $3) e
                left join users a on a.id = e.actor_id and e.kind like 'view.%'
             order by e.id asc",
            person, id, one_more())
    }
}

/// The id from which on an event happened [lately](LATELY). Ids sort by time, and the index is on them.
pub(crate) fn since_lately(tx: &Tx) -> Uuid {
    first_id_of(tx.now() - LATELY)
}

fn one_more() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

/// The smallest UUIDv7 of a moment (RFC 9562 §5.7: the first 48 bits are milliseconds).
fn first_id_of(at: DateTime<Utc>) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}
