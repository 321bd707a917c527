//! What the page of a person shows.

use chrono::{DateTime, Utc};

use super::edit::version_of;
use super::history::{self, Row};
use super::notes::{self, Note};
use crate::authentication::assurance::factor::Enrolled;
use crate::authentication::assurance::phone;
use crate::authentication::assurance::policy::{Demand, Policy};
use crate::authentication::change_email::{self, Waiting};
use crate::authentication::passkeys::Passkey;
use crate::authentication::session::SignedIn;
use crate::authorization::{Decision, May, Right, Rights};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// The most sessions that are shown: nothing limits how many there are.
pub const SESSIONS: i64 = 50;

/// A person at a glance, and whole.
pub struct Seen {
    /// The row.
    pub facts: Facts,
    /// What they hold, and through which roles.
    pub rights: Rights,
    /// The roles by which they hold it.
    pub roles: Vec<HeldRole>,
    /// What they have beside a password.
    pub factors: Factors,
    /// Where they are signed in, the last used first; at most [`SESSIONS`].
    pub sessions: Vec<SignedIn>,
    /// The newest of what happened; one more than [`history::SHOWN`] when there is more.
    pub history: Vec<Row>,
    /// What operators wrote down, the oldest first.
    pub notes: Vec<Note>,
    /// An address that they want in place of theirs.
    pub email_change: Option<Waiting>,
    /// Whether whoever looks may do something here, and why not.
    pub decision: Decision,
}

/// A row of `users`, with what hangs on it.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct Facts {
    /// Who.
    pub id: UserId,
    /// What the person is called.
    pub name: String,
    /// The address, as typed.
    pub email: String,
    /// The tag of a language.
    pub locale: String,
    /// The name of a time zone; `None`: the browser's.
    pub time_zone: Option<String>,
    /// Has the role of administrators.
    pub administrator: bool,
    /// Has any role.
    pub staff: bool,
    /// A role of theirs asks for a passkey and nothing else.
    pub passkey_only: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Set while it is locked.
    pub locked_at: Option<DateTime<Utc>>,
    /// When the lock ends by itself.
    pub locked_until: Option<DateTime<Utc>>,
    /// Why it is locked.
    pub lock_reason: Option<String>,
    /// Set until the address of an account that an operator made is proven.
    pub unproven_since: Option<DateTime<Utc>>,
    /// Set while the person has closed the account for now.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// When it is erased.
    pub erase_at: Option<DateTime<Utc>>,
    /// The erasure has begun, and nothing undoes it.
    pub is_erasing: bool,
    /// Until when nothing about its security may be changed.
    pub frozen_until: Option<DateTime<Utc>>,
    /// When the password was set, if there is one.
    pub password_set_at: Option<DateTime<Utc>>,
    /// Since when another one is wanted.
    pub password_due_since: Option<DateTime<Utc>>,
    /// When the link of a recovery is mailed, or was.
    pub recovery_due_at: Option<DateTime<Utc>>,
    /// Until when that link works, once it was mailed.
    pub recovery_link_until: Option<DateTime<Utc>>,
    /// When a session of theirs was used last.
    pub seen_in_session_at: Option<DateTime<Utc>>,
    /// When a browser of theirs was seen last.
    pub seen_in_browser_at: Option<DateTime<Utc>>,
    /// How many sessions they have.
    pub sessions: i64,
}

/// A role that somebody has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldRole {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The group through which they have it; `None`: they have it by themselves.
    pub group_name: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What somebody has beside a password.
pub struct Factors {
    /// Which, and how many.
    pub enrolled: Enrolled,
    /// Their passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// Since when they have an authenticator app, and when a code of it was taken last, to the half minute.
    pub app: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    /// Their telephone, masked, and since when.
    pub phone: Option<(String, DateTime<Utc>)>,
    /// Since when codes go out by mail.
    pub mail_since: Option<DateTime<Utc>>,
    /// They have less than they must.
    pub is_short: bool,
}

/// What a page needs to know that asks before a deed.
pub struct Brief {
    /// The row.
    pub facts: Facts,
    /// Whether whoever looks may do something here, and why not.
    pub decision: Decision,
}

impl Brief {
    /// Reads it, for who holds `R`, which lets do the deed.
    ///
    /// # Errors
    /// Refused with [`Code::PersonUnknown`].
    pub async fn of<R: Right>(tx: &mut Tx, may: &May<R>, person: UserId) -> Result<Self> {
        let facts = Facts::of(tx, person).await?;
        let facts = facts.ok_or_else(|| Error::form(Code::PersonUnknown))?;
        let rights = Rights::of(tx, person).await?;
        Ok(Self {
            decision: Decision::act_on(may.actor, &may.rights, person, &rights),
            facts,
        })
    }
}

impl Seen {
    /// Reads the page of a person, for who holds `R`, which lets see them.
    ///
    /// # Errors
    /// Refused with [`Code::PersonUnknown`].
    pub async fn of<R: Right>(
        tx: &mut Tx,
        platform: &Platform,
        may: &May<R>,
        person: UserId,
    ) -> Result<Self> {
        let facts = Facts::of(tx, person).await?;
        let facts = facts.ok_or_else(|| Error::form(Code::PersonUnknown))?;
        let rights = Rights::of(tx, person).await?;
        Ok(Self {
            decision: Decision::act_on(may.actor, &may.rights, person, &rights),
            roles: HeldRole::of(tx, may, person).await?,
            factors: Factors::of(tx, platform, &facts).await?,
            sessions: SignedIn::list(tx, &platform.settings().session, person, SESSIONS).await?,
            history: history::of(tx, person).await?,
            notes: notes::of(tx, person).await?,
            email_change: change_email::waiting(tx, person).await?,
            rights,
            facts,
        })
    }
}

impl Facts {
    /// Of a person.
    pub(super) async fn of(tx: &mut Tx, person: UserId) -> Result<Option<Self>> {
        let now = tx.now();
        sql!(tx, fetch_optional Self,
            "select u.id, u.name, u.email, u.locale, u.time_zone, u.administrator, u.staff, u.passkey_only, u.created_at, u.locked_at,
                u.locked_until, u.lock_reason, u.unproven_since, u.deactivated_at, u.erase_at, u.erasing_as is not null as is_erasing,
                case when u.frozen_until > $2 then u.frozen_until end as frozen_until,
                p.updated_at as password_set_at, p.due_since as password_due_since,
                r.due_at as recovery_due_at, r.expires_at as recovery_link_until,
                (select max(last_seen_at) from sessions where user_id = u.id) as seen_in_session_at,
                (select max(last_seen_at) from known_devices where user_id = u.id) as seen_in_browser_at,
                (select count(*) from sessions where user_id = u.id and expires_at > $2 and idle_expires_at > $2) as sessions
             from users u left join passwords p on p.user_id = u.id
                left join recoveries r on r.user_id = u.id and r.ended_at is null and (r.expires_at is null or r.expires_at > $2)
             where u.id = $1", person, now)
    }

    /// What a form that edits the person says it saw.
    pub fn version(&self) -> String {
        version_of(&self.name, self.time_zone.as_deref(), &self.locale)
    }

    /// When anything of theirs was used last.
    pub fn seen_at(&self) -> Option<DateTime<Utc>> {
        self.seen_in_session_at.max(self.seen_in_browser_at)
    }
}

impl HeldRole {
    /// Of a person, for who may see them or give them roles.
    pub async fn of<R: Right>(tx: &mut Tx, _may: &May<R>, person: UserId) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select r.id, r.name, null as group_name, h.granted_at as since
             from user_roles h join roles r on r.id = h.role_id where h.user_id = $1
             union all
             select r.id, r.name, g.name as group_name, m.added_at as since
             from group_members m join people_groups g on g.id = m.group_id
                join group_roles h on h.group_id = g.id join roles r on r.id = h.role_id
             where m.user_id = $1
             order by 2, 3", person)
    }
}

impl Factors {
    async fn of(tx: &mut Tx, platform: &Platform, facts: &Facts) -> Result<Self> {
        let (person, enrolled) = (facts.id, Enrolled::of(tx, facts.id).await?);
        let app = sql!(
            tx,
            fetch_optional(DateTime<Utc>, i64),
            "select created_at, last_step from totps where user_id = $1",
            person
        )?;
        let mail = sql!(tx, fetch_optional One<DateTime<Utc>>, "select created_at from mail_factors where user_id = $1", person)?;
        let policy = Policy::of(
            &platform.settings().second_factor,
            Demand::of(facts.staff, facts.passkey_only),
        );
        Ok(Self {
            passkeys: Passkey::list(tx, person).await?,
            app: app.map(|(since, step)| (since, moment_of(step))),
            phone: phone::of(tx, person)
                .await?
                .map(|phone| (phone.number.masked(), phone.added_at)),
            mail_since: mail.map(|(at,)| at),
            is_short: !policy.is_met_by(enrolled),
            enrolled,
        })
    }
}

/// When a step of an authenticator app began (RFC 6238: half a minute each).
fn moment_of(step: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(step.checked_mul(30)?, 0)
}
