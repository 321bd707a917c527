//! A recovery, as it stands in the database. Each step is one conditional update.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{BegunBy, Outcome};
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::users::user::UserId;
use crate::{Result, sql};

/// A recovery that has not ended.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub user_id: UserId,
    pub due_at: DateTime<Utc>,
    /// Until when the link works that was mailed; `None`: it waits.
    pub expires_at: Option<DateTime<Utc>>,
}

/// When the link of somebody's recovery is mailed, or was, if there is one that has not ended.
pub async fn open_until(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    Ok(Row::open(tx, user).await?.map(|row| row.due_at))
}

impl Row {
    /// The one of a person that waits, or whose link still works.
    pub(super) async fn open(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        let now = tx.now();
        sql!(tx, fetch_optional Self,
            "select id, user_id, due_at, expires_at from recoveries
             where user_id = $1 and ended_at is null and (expires_at is null or expires_at > $2)", user, now)
    }

    /// Begins one. What a person had before has ended: see [`Row::end_open`].
    pub(super) async fn begin(tx: &mut Tx, user: UserId, by: BegunBy, wait: Duration) -> Result<Self> {
        let (id, now) = (tx.new_id(), tx.now());
        let due_at = now + wait;
        // Of two that begin at once, both go on with one row, which waits from now on.
        let (id,) = sql!(tx, fetch_one One<Uuid>,
            "insert into recoveries (id, user_id, begun_by, created_at, due_at) values ($1, $2, $3, $4, $5)
             on conflict (user_id) where ended_at is null do update
                set begun_by = excluded.begun_by, created_at = excluded.created_at, due_at = excluded.due_at, link_hash = null,
                    expires_at = null
             returning id",
            id, user, by.as_str(), now, due_at)?;
        Ok(Self {
            id,
            user_id: user,
            due_at,
            expires_at: None,
        })
    }

    /// Ends what a person has, if there is something; one whose link is too old has ended by itself.
    pub(super) async fn end_open(tx: &mut Tx, user: UserId, outcome: Outcome) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "update recoveries set ended_at = $1, outcome = case when expires_at <= $1 then $2 else $3 end
             where user_id = $4 and ended_at is null",
            now, Outcome::Expired.as_str(), outcome.as_str(), user)?;
        Ok(())
    }

    /// Ends this one. `false`: somebody was faster.
    pub(super) async fn end(&self, tx: &mut Tx, outcome: Outcome) -> Result<bool> {
        let now = tx.now();
        let ended = sql!(tx, execute
            "update recoveries set ended_at = $1, outcome = $2 where id = $3 and ended_at is null",
            now, outcome.as_str(), self.id)?;
        Ok(ended == 1)
    }

    /// Those whose wait is over and whose link is not out; at most `limit`. A locked account waits until it is unlocked.
    pub(super) async fn due(tx: &mut Tx, limit: i64) -> Result<Vec<Self>> {
        let now = tx.now();
        sql!(tx, fetch_all Self,
            "select r.id, r.user_id, r.due_at, r.expires_at from recoveries r join users u on u.id = r.user_id
             where r.due_at <= $1 and r.ended_at is null and r.link_hash is null and u.locked_at is null
             order by r.due_at limit $2", now, limit)
    }

    /// Gives it its link. `None`: it ended meanwhile, or has one.
    pub(super) async fn mail_link(
        self,
        tx: &mut Tx,
        token: &PlainToken,
        life: Duration,
    ) -> Result<Option<Self>> {
        let now = tx.now();
        let expires_at = now + life;
        let given = sql!(tx, execute
            "update recoveries set link_hash = $1, expires_at = $2
             where id = $3 and ended_at is null and link_hash is null and due_at <= $4",
            token.hash().as_bytes(), expires_at, self.id, now)?;
        Ok((given == 1).then_some(Self {
            expires_at: Some(expires_at),
            ..self
        }))
    }

    /// Puts another link in the place of the one that was mailed. It works no longer than that one.
    pub(super) async fn renew_link(self, tx: &mut Tx, token: &PlainToken) -> Result<Self> {
        sql!(tx, execute
            "update recoveries set link_hash = $1 where id = $2 and ended_at is null and link_hash is not null",
            token.hash().as_bytes(), self.id)?;
        Ok(self)
    }

    /// Makes it due sooner. `None`: it would not be sooner, or it waits no longer.
    pub(super) async fn hasten(self, tx: &mut Tx, wait: Duration) -> Result<Option<Self>> {
        let due_at = tx.now() + wait;
        let hastened = sql!(tx, execute
            "update recoveries set due_at = $1 where id = $2 and ended_at is null and link_hash is null and due_at > $1",
            due_at, self.id)?;
        Ok((hastened == 1).then_some(Self { due_at, ..self }))
    }
}
