//! The list of invitations, the newest first.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Promised;
use crate::authorization::{May, right};
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::user::UserId;
use crate::{Result, sql};

/// Invitations on a page.
pub const PAGE: i64 = 50;

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its link works.
    Waiting,
    /// Its link is too old.
    Expired,
    /// Somebody accepted it.
    Accepted,
    /// Somebody revoked it.
    Revoked,
}

impl State {
    /// Each of them, in the order in which pages offer them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Expired, Self::Accepted, Self::Revoked];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Which invitations are asked for. All of it together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// How they stand.
    pub state: Option<State>,
    /// To this address, whole, as typed.
    pub to: Option<String>,
    /// Only those that are older than this one: the last of the page before.
    pub before: Option<Uuid>,
}

/// An invitation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What the list says of it.
    pub row: Row,
    /// What whoever accepts it is to have.
    pub roles: Vec<Promised>,
}

/// The row of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// The invitation.
    pub id: Uuid,
    /// To whom it went, as typed.
    pub email: String,
    state: String,
    /// Goes up with each link.
    pub version: i64,
    /// Who invited; `None`: they are gone.
    pub invited_by: Option<UserId>,
    /// What they are called.
    pub inviter: Option<String>,
    /// When the last link was mailed.
    pub sent_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// By whose account.
    pub accepted_by: Option<UserId>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Row {
    /// How it stands.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Revoked)
    }

    /// Whether it can be sent again or revoked.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), State::Waiting | State::Expired)
    }
}

#[derive(sqlx::FromRow)]
struct RoleOf {
    invitation_id: Uuid,
    #[sqlx(flatten)]
    role: Promised,
}

/// A page of invitations: at most [`PAGE`], and one more if there are more. The table is small: rows go
/// [`KEPT`](super::KEPT) after their link is too old. So it is read from its newest end, whatever is asked.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn page(tx: &mut Tx, _may: &May<right::UsersInvite>, filter: &Filter) -> Result<Vec<Listed>> {
    let (now, before, more) = (tx.now(), filter.before.unwrap_or(Uuid::max()), PAGE + 1);
    let (state, to) = (filter.state.map(State::as_str), filter.to.as_deref().map(key_of));
    let rows = sql!(tx, fetch_all Row,
        "select id, email, state, version, invited_by, inviter, sent_at, expires_at, accepted_at, accepted_by, revoked_at
         from (select i.id, i.email, i.email_key, i.version, i.invited_by, u.name as inviter, i.sent_at, i.expires_at,
                i.accepted_at, i.accepted_by, i.revoked_at,
                case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
                    when i.expires_at <= $1 then 'expired' else 'waiting' end as state
             from invitations i left join users u on u.id = i.invited_by) as listed
         where id < $2 and (state = $3 or $3 is null) and (email_key = $4 or $4 is null)
         order by id desc limit $5", now, before, state, to, more)?;
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    let roles = sql!(tx, fetch_all RoleOf,
        "select i.invitation_id, r.id, r.name from invitation_roles i join roles r on r.id = i.role_id
         where i.invitation_id >= $1 and i.invitation_id <= $2 order by r.name_key", oldest.id, newest.id)?;
    let of = |id: Uuid| {
        let theirs = roles.iter().filter(|role| role.invitation_id == id);
        theirs.map(|role| role.role.clone()).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            roles: of(row.id),
            row,
        })
        .collect())
}

/// By what invitations to an address are found.
fn key_of(address: &str) -> String {
    Email::parse(address.trim()).map_or_else(
        |_| address.trim().to_lowercase(),
        |email| email.key().as_str().to_owned(),
    )
}
