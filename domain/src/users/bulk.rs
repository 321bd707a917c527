//! One deed for several people: each in a transaction of their own, so that one who can't be changed stops nobody else, and no
//! transaction is long. What is done to each stands in the audit as if it had been done alone.

use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::authentication::throttle::Counter;
use crate::authentication::{change_email, reset_password};
use crate::authorization::give::{self, keeps_an_administrator, one_at_a_time};
use crate::authorization::{Desk, May, Permission, right};
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// The most people at a time: a page of the list.
pub const MOST: usize = 50;

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Lock their accounts; they are signed out everywhere.
    Lock,
    /// Unlock them.
    Unlock,
    /// Sign them out everywhere.
    EndSessions,
    /// Give them the role of this id.
    GiveRole(String),
}

/// How it went, or how it would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done; so many of their sessions end.
    Done(u64),
    /// It is so already.
    Already,
    /// One does not do that to oneself.
    Oneself,
    /// Only an administrator does that to an administrator.
    Administrator,
}

/// Somebody who was chosen, and what would become of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub id: UserId,
    /// What they are called.
    pub name: String,
    /// The proven address, as typed.
    pub email: String,
    /// What would happen.
    pub outcome: Outcome,
}

/// How a deed went for all who were chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// For how many it was done.
    pub done: usize,
    /// How many were chosen.
    pub of: usize,
}

#[derive(sqlx::FromRow)]
struct Facts {
    name: String,
    email: String,
    administrator: bool,
    locked: bool,
    sessions: i64,
    has_role: bool,
}

impl Deed {
    /// Reads a deed from a form: its name, and the role if it gives one.
    pub fn parse(name: &str, role: &str) -> Option<Self> {
        Some(match name {
            "lock" => Self::Lock,
            "unlock" => Self::Unlock,
            "end-sessions" => Self::EndSessions,
            "give-role" if !role.is_empty() => Self::GiveRole(role.to_owned()),
            _ => return None,
        })
    }

    /// Its name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::EndSessions => "end-sessions",
            Self::GiveRole(_) => "give-role",
        }
    }

    /// What it takes.
    pub fn needs(&self) -> Permission {
        match self {
            Self::Lock | Self::Unlock => Permission::UsersWrite,
            Self::EndSessions => Permission::SessionsEnd,
            Self::GiveRole(_) => Permission::RolesAssign,
        }
    }

    fn role(&self) -> &str {
        match self {
            Self::GiveRole(role) => role,
            _ => "",
        }
    }
}

/// Reads the ids of a form: each once, at most [`MOST`].
///
/// # Errors
/// Refused with [`Code::NobodyChosen`], [`Code::TooManyChosen`], or [`Code::Malformed`].
pub fn ids(typed: &[String]) -> Result<Vec<UserId>> {
    let mut ids = Vec::new();
    for text in typed {
        let id = Uuid::try_parse(text).map_err(|_| Error::form(Code::Malformed))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(Error::form(Code::NobodyChosen)),
        1..=MOST => Ok(ids),
        _ => Err(Error::form(Code::TooManyChosen)),
    }
}

/// What a deed would do to each; changes nothing.
pub async fn look(
    tx: &mut Tx,
    may: &May<right::UsersRead>,
    deed: &Deed,
    ids: &[UserId],
) -> Result<Vec<Chosen>> {
    let mut all = Vec::new();
    for id in ids {
        let Some(facts) = Facts::of(tx, *id, deed.role()).await? else {
            continue;
        };
        let outcome = facts.outcome(deed, (*id == may.actor, may.rights.is_administrator()));
        all.push(Chosen {
            id: *id,
            name: facts.name,
            email: facts.email,
            outcome,
        });
    }
    Ok(all)
}

/// Locks or unlocks accounts: `deed` is the name of one of both.
///
/// # Errors
/// Refused with [`Code::NotAllowed`], [`Code::Malformed`], and what reading the ids is refused with. Who can't be locked is passed over.
pub async fn lock(desk: &Desk<'_>, deed: &str, typed: &[String]) -> Result<Report> {
    desk.look(async |_tx, _may: &May<right::UsersWrite>| Ok(()))
        .await?;
    let deed = Deed::parse(deed, "").ok_or_else(|| Error::form(Code::Malformed))?;
    let is_lock = match deed {
        Deed::Lock => true,
        Deed::Unlock => false,
        _ => return Err(Error::form(Code::Malformed)),
    };
    let mut report = Report::default();
    for id in ids(typed)? {
        let fenced = fence_person(desk.platform, id).await?;
        let done = desk
            .change(async |tx, may: &May<right::UsersWrite>| {
                let actor = (id == may.actor, may.rights.is_administrator());
                let Some(outcome) = begin(tx, &deed, id, actor).await? else {
                    return Ok(None);
                };
                let Some(user) = User::by_id(tx, id).await? else {
                    return Ok(None);
                };
                if is_lock {
                    user.lock(tx).await?;
                    reset_password::close(tx, id).await?;
                    change_email::close(tx, id).await?;
                    if user.administrator {
                        keeps_an_administrator(tx).await?;
                    }
                } else {
                    user.unlock(tx).await?;
                    if let Ok(email) = Email::parse(&user.email) {
                        Counter::clear_all(tx, email.key()).await?;
                    }
                }
                let event = if is_lock { Event::Locked } else { Event::Unlocked };
                tx.audit(Entry::by(event, may.actor, desk.origin).to(id)).await?;
                Ok(Some((outcome, late_hashes(tx, id, &fenced).await?)))
            })
            .await;
        report.count(desk, done).await?;
    }
    Ok(report)
}

/// Signs people out everywhere.
///
/// # Errors
/// As [`lock`].
pub async fn end_sessions(desk: &Desk<'_>, typed: &[String]) -> Result<Report> {
    desk.look(async |_tx, _may: &May<right::SessionsEnd>| Ok(()))
        .await?;
    let mut report = Report::default();
    for id in ids(typed)? {
        let fenced = fence_person(desk.platform, id).await?;
        let done = desk
            .change(async |tx, may: &May<right::SessionsEnd>| {
                let actor = (id == may.actor, may.rights.is_administrator());
                let Some(outcome) = begin(tx, &Deed::EndSessions, id, actor).await? else {
                    return Ok(None);
                };
                let late = late_hashes(tx, id, &fenced).await?;
                let ended = SignedIn::end_all(tx, id).await?.to_string();
                let detail = [("sessions_ended", ended.as_str())];
                tx.audit(
                    Entry::by(Event::SessionsEnded, may.actor, desk.origin)
                        .to(id)
                        .with(&detail),
                )
                .await?;
                Ok(Some((outcome, late)))
            })
            .await;
        report.count(desk, done).await?;
    }
    Ok(report)
}

/// Gives people a role.
///
/// # Errors
/// As [`lock`]; [`Code::GivesMore`] and [`Code::RoleUnknown`].
pub async fn give_role(desk: &Desk<'_>, role: &str, typed: &[String]) -> Result<Report> {
    desk.look(async |_tx, _may: &May<right::RolesAssign>| Ok(()))
        .await?;
    let mut report = Report::default();
    for id in ids(typed)? {
        report.of += 1;
        let facts = desk
            .platform
            .db
            .read(async |tx| Facts::of(tx, id, role).await)
            .await?;
        let deed = Deed::GiveRole(role.to_owned());
        let actor = (id == desk.session.user_id, true);
        if facts.is_some_and(|facts| matches!(facts.outcome(&deed, actor), Outcome::Done(_))) {
            match give::give(desk, id, role).await {
                Ok(()) => report.done += 1,
                Err(Error::Refused(refusal)) if refusal.code() == Code::PersonUnknown => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(report)
}

/// Begins a change of one person: one after the other where the last administrator could go. `None`: nothing is to be done.
async fn begin(tx: &mut Tx, deed: &Deed, id: UserId, actor: (bool, bool)) -> Result<Option<Outcome>> {
    one_at_a_time(tx).await?;
    let Some(facts) = Facts::of(tx, id, deed.role()).await? else {
        return Ok(None);
    };
    let outcome = facts.outcome(deed, actor);
    Ok(matches!(outcome, Outcome::Done(_)).then_some(outcome))
}

impl Report {
    /// Counts one person. That somebody is the last administrator stops nobody else.
    async fn count(&mut self, desk: &Desk<'_>, done: Result<Option<(Outcome, Vec<Vec<u8>>)>>) -> Result<()> {
        self.of += 1;
        match done {
            Ok(Some((_, late))) => {
                fence(desk.platform, &late).await;
                self.done += 1;
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(Error::Refused(refusal)) if refusal.code() == Code::LastAdministrator => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Facts {
    async fn of(tx: &mut Tx, id: UserId, role: &str) -> Result<Option<Self>> {
        let now = tx.now();
        sql!(tx, fetch_optional Self,
            "select name, email, administrator, locked_at is not null as locked,
                (select count(*) from sessions where user_id = $1 and expires_at > $2 and idle_expires_at > $2) as sessions,
                exists (select 1 from user_roles where user_id = $1 and role_id = $3) as has_role
             from users where id = $1", id, now, role)
    }

    /// What a deed does, by somebody of whom is known whether it is the same person, and whether they are an administrator.
    fn outcome(&self, deed: &Deed, (oneself, by_administrator): (bool, bool)) -> Outcome {
        let sessions = self.sessions.unsigned_abs();
        match deed {
            _ if oneself => Outcome::Oneself,
            Deed::Lock | Deed::Unlock | Deed::EndSessions if self.administrator && !by_administrator => {
                Outcome::Administrator
            }
            Deed::Lock if self.locked => Outcome::Already,
            Deed::Unlock if !self.locked => Outcome::Already,
            Deed::EndSessions if self.sessions == 0 => Outcome::Already,
            Deed::GiveRole(_) if self.has_role => Outcome::Already,
            Deed::Lock | Deed::EndSessions => Outcome::Done(sessions),
            Deed::Unlock | Deed::GiveRole(_) => Outcome::Done(0),
        }
    }
}
