//! What was sent: one row a message, written in the transaction that sends it. It says for whom, and how that went; what stood in the
//! message is in the sealed job alone, and gone when that is done.

pub mod again;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::authorization::{May, right};
use crate::notification::dev_inbox::Channel;
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::user::UserId;
use crate::{Result, sql};

/// How long it is kept that a message was sent or discarded. One that failed stays as long as its job does.
pub(crate) const KEPT: Duration = Duration::days(30);
/// Messages on a page.
pub const PAGE: i64 = 50;

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for the worker, for the first time or once more.
    Waiting,
    /// A server took it.
    Sent,
    /// It was given up.
    Failed,
    /// Somebody took it out of the queue, or it would have come too late.
    Discarded,
}

/// A message that was sent, or was to be.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SentMessage {
    /// The id of its job.
    pub id: Uuid,
    /// `email` or `sms`.
    pub channel: String,
    /// What it is about: see [`Message::kind`](super::message::Message::kind); `sms-code` for a text message.
    pub kind: String,
    /// Whose account, if there is one.
    pub user_id: Option<UserId>,
    /// The mail address, or the last digits of a telephone.
    pub recipient: String,
    state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last, in the words of the mail server or the provider.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was sent, given up or discarded.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Which messages are asked for. All of it together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// How they stand.
    pub state: Option<State>,
    /// To this address, whole, as typed.
    pub to: Option<String>,
    /// Only those that are older than this one: the last of the page before.
    pub before: Option<Uuid>,
}

impl State {
    /// Each of them, in the order in which pages offer them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Discarded];

    /// As it is stored, and as it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Discarded => "discarded",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl SentMessage {
    /// How it stands.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Waiting)
    }

    /// A page of messages, the newest first: at most [`PAGE`], and one more if there are more.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn list(tx: &mut Tx, _may: &May<right::MessagesRead>, filter: &Filter) -> Result<Vec<Self>> {
        let before = filter.before.unwrap_or(Uuid::max());
        let more = PAGE + 1;
        // One query for each way to ask, so that each goes along an index.
        match (&filter.to, filter.state) {
            (Some(to), state) => {
                let state = state.map(State::as_str);
                sql!(tx, fetch_all Self,
                    "select id, channel, kind, user_id, recipient, state, attempts, last_error, created_at, ended_at
                     from messages where recipient_key = $1 and id < $2 and (state = $3 or $3 is null)
                     order by id desc limit $4", key_of(to), before, state, more)
            }
            (None, Some(state)) => sql!(tx, fetch_all Self,
                "select id, channel, kind, user_id, recipient, state, attempts, last_error, created_at, ended_at
                 from messages where state = $1 and id < $2 order by id desc limit $3", state.as_str(), before, more),
            (None, None) => sql!(tx, fetch_all Self,
                "select id, channel, kind, user_id, recipient, state, attempts, last_error, created_at, ended_at
                 from messages where id < $1 order by id desc limit $2", before, more),
        }
    }

    /// The newest messages that are about an account; at most `limit`.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn about(
        tx: &mut Tx,
        _may: &May<right::MessagesRead>,
        user: UserId,
        limit: i64,
    ) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, channel, kind, user_id, recipient, state, attempts, last_error, created_at, ended_at
             from messages where user_id = $1 order by id desc limit $2", user, limit)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, channel, kind, user_id, recipient, state, attempts, last_error, created_at, ended_at
             from messages where id = $1", id)
    }
}

/// Writes down that a mail is on its way. `user`: whose account it is about; `None`: of whoever has the address, if anybody.
pub(super) async fn note_mail(
    tx: &mut Tx,
    job: Uuid,
    kind: &str,
    to: &str,
    user: Option<UserId>,
) -> Result<()> {
    let (now, key) = (tx.now(), key_of(to));
    sql!(tx, execute
        "insert into messages (id, channel, kind, user_id, recipient, recipient_key, state, created_at)
         values ($1, $2, $3, coalesce($4, (select id from users where email_key = $5)), $6, $5, $7, $8)",
        job, Channel::Email.as_str(), kind, user, key, to, State::Waiting.as_str(), now)?;
    Ok(())
}

/// The same of a text message. `to` is the number as a page shows it: whoever reads the database does not learn it.
pub(super) async fn note_text(tx: &mut Tx, job: Uuid, to: &str, user: UserId) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute
        "insert into messages (id, channel, kind, user_id, recipient, recipient_key, state, created_at)
         values ($1, $2, 'sms-code', $3, $4, '', $5, $6)",
        job, Channel::Sms.as_str(), user, to, State::Waiting.as_str(), now)?;
    Ok(())
}

/// Writes down how an attempt ended, in the transaction that writes it down of the job. `state` is the one of the job.
pub(crate) async fn note_attempt(
    tx: &mut Tx,
    job: Uuid,
    state: &str,
    attempts: i64,
    said: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    let (state, ended_at) = match state {
        "done" => (State::Sent, Some(now)),
        "dead" => (State::Failed, Some(now)),
        _ => (State::Waiting, None),
    };
    sql!(tx, execute
        "update messages set state = $1, attempts = $2, last_error = coalesce($3, last_error), ended_at = $4
         where id = $5 and state = 'waiting'",
        state.as_str(), attempts, said, ended_at, job)?;
    Ok(())
}

/// Writes down that a message was not sent after all.
pub(super) async fn note_discarded(tx: &mut Tx, job: Uuid) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute
        "update messages set state = 'discarded', ended_at = $1 where id = $2 and state in ('waiting', 'failed')", now, job)?;
    Ok(())
}

/// Brings a message in line with its job, which an operator had tried again or took out of the queue. There may be none.
pub(crate) async fn follow_job(tx: &mut Tx, job: Uuid, is_retried: bool) -> Result<()> {
    if !is_retried {
        return note_discarded(tx, job).await;
    }
    sql!(tx, execute
        "update messages set state = 'waiting', ended_at = null where id = $1 and state = 'failed'", job)?;
    Ok(())
}

/// What has gone to an address that belongs to nobody any more.
pub(crate) async fn forget(tx: &mut Tx, address: &str) -> Result<()> {
    sql!(tx, execute "delete from messages where recipient_key = $1", address)?;
    Ok(())
}

/// By what messages to an address are found: its key, or where it is none, the text in lower case.
fn key_of(address: &str) -> String {
    Email::parse(address.trim()).map_or_else(
        |_| address.trim().to_lowercase(),
        |email| email.key().as_str().to_owned(),
    )
}
