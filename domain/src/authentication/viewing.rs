//! Looking at an account as its owner sees it ("view as"), for whoever holds `users:impersonate`, with a reason, for [`LENGTH`].
//!
//! Nobody becomes somebody else by it, and nobody's rights are lent. The session stays the operator's, under a new token, and says that
//! it looks (`sessions.viewing_id`); the person gets no session. So the look ends with whatever ends that session, and each request asks
//! again whether the operator may still look: a role that was taken, a person who was locked, and the clock end it at once. Who does not
//! look is asked nothing.
//!
//! What can be seen, and that nothing can be changed, is told in one place: `server/src/http/viewing.rs`. A second line stands behind it:
//! who is looked at is never `visit.signed_in`, so whatever asks for that finds nobody.
//!
//! A look that is over does not let its session fall back to its operator's own account: what was shown may still be on a screen, and a
//! form of it must not be sent in another name. The session opens nothing until [`stop`].

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::confirm::or_before;
use crate::authentication::local_path::LocalPath;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SessionToken, SignedIn, fence_replaced};
use crate::authorization::{Decision, Desk, May, Permission, Rights, right};
use crate::notification::message::Deed;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::{DENIED, VIEW};
use crate::users::person::{Reason, tell};
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// How long a look lasts, whatever happens meanwhile: using it does not prolong it (ASVS 7.3.2).
pub const LENGTH: Duration = Duration::minutes(15);

/// Somebody looks at an account as its owner sees it.
#[derive(Debug, Clone)]
pub struct Viewing {
    /// Which look.
    pub id: Uuid,
    /// The session that looks: its operator's.
    pub operator: SignedIn,
    /// At whom; `None`: it is over, and was swept up.
    pub whom: Option<Whom>,
    /// Whose pages are shown; `None`: it is over.
    pages: Option<Box<SignedIn>>,
}

/// Whom somebody looks at.
#[derive(Debug, Clone)]
pub struct Whom {
    /// Who.
    pub id: UserId,
    /// What they are called.
    pub name: String,
    /// Why, as the operator wrote it, and the person reads it.
    pub reason: String,
    /// When it ends in any case.
    pub until: DateTime<Utc>,
}

/// The row, with the person's.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
struct Row {
    user_id: UserId,
    reason: String,
    began_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    name: String,
    email: String,
    locale: String,
    time_zone: Option<String>,
    staff: bool,
    passkey_only: bool,
    has_factor: bool,
    is_seen: bool,
}

impl Viewing {
    /// The look that a session is in, as it is at this moment; `None`: it looks at nobody. Asks the database only of those that do.
    pub async fn of(platform: &Platform, operator: &SignedIn) -> Result<Option<Self>> {
        let Some(id) = operator.viewing_id else {
            return Ok(None);
        };
        platform
            .db
            .read(async |tx| Self::read(tx, id, operator).await.map(Some))
            .await
    }

    async fn read(tx: &mut Tx, id: Uuid, operator: &SignedIn) -> Result<Self> {
        let row = Row::find(tx, id, operator.user_id).await?;
        let goes_on = match &row {
            Some(row) if row.is_seen && tx.now() < row.expires_at => {
                may_look(tx, operator, row.user_id).await?
            }
            _ => false,
        };
        let pages = row
            .as_ref()
            .filter(|_| goes_on)
            .map(|row| Box::new(row.pages(id)));
        Ok(Self {
            id,
            operator: operator.clone(),
            whom: row.map(|row| Whom {
                id: row.user_id,
                name: row.name,
                reason: row.reason,
                until: row.expires_at,
            }),
            pages,
        })
    }

    /// Whose pages are shown, as their session; `None`: the look is over. It proves nothing: it is never fresh, and has no row.
    pub fn pages(&self) -> Option<&SignedIn> {
        self.pages.as_deref()
    }

    /// Notes that whoever looks tried to change something; `path`: of a route. What comes after the first few of an hour goes into the
    /// log alone.
    pub async fn refuse(&self, platform: &Platform, path: &str, origin: &Origin) -> Result<()> {
        let who = self.operator.user_id;
        tracing::warn!(user.id = %who, path, "somebody who looks at an account tried to change something");
        if platform.limiter.check(&DENIED, who.as_bytes()).await.is_err() {
            return Ok(());
        }
        let whom = self.whom.as_ref().map(|whom| whom.id.to_string());
        let mut detail = vec![("path", path)];
        detail.extend(whom.as_deref().map(|whom| ("as", whom)));
        let entry = Entry {
            subject: self.whom.as_ref().map(|whom| whom.id),
            ..Entry::by(Event::ViewRefused, who, origin).in_session(self.operator.session_id)
        };
        platform
            .db
            .write(async |tx| tx.audit(entry.with(&detail)).await)
            .await
    }
}

/// Whether the operator may look at the person at this moment: by a session that has shown two factors, by the permission, and by the
/// rules about whom.
async fn may_look(tx: &mut Tx, operator: &SignedIn, person: UserId) -> Result<bool> {
    let rights = Rights::of(tx, operator.user_id).await?;
    let theirs = Rights::of(tx, person).await?;
    let may = Decision::of(&rights, operator, Permission::UsersImpersonate);
    let whom = Decision::act_on(operator.user_id, &rights, person, &theirs);
    Ok(may.allowed && whom.allowed && operator.erase_at.is_none())
}

/// Begins to look at somebody's account as they see it. The session gets a new token; the person is told by mail, and sees it in their
/// activity. Returns the token, and the session as it is now; also to the second post of a double click, which finds nobody signed in
/// (`session`): [`sent_twice`](crate::authentication::sent_twice).
///
/// # Errors
/// Refused as [`Desk::act_on`] says, with [`Code::NotViewable`] for an account that is locked, closed, about to be erased, or was never
/// opened by anybody, a fault of [`Reason`], [`Code::TooManyAttempts`], or [`Code::SignedOut`] when the session has ended, got another
/// token, or looks at somebody already.
pub async fn begin(
    platform: &Platform,
    session: Option<&SignedIn>,
    person: UserId,
    reason: &str,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn)> {
    let mark = Mark::in_session(asker, "view-as", &format!("{person} {}", reason.trim()));
    let done = match session {
        Some(session) => begin_once(platform, session, (person, reason), asker, mark).await,
        None => Err(Error::form(Code::SignedOut)),
    };
    or_before(platform, mark, done).await
}

async fn begin_once(
    platform: &Platform,
    session: &SignedIn,
    (person, reason): (UserId, &str),
    asker: &Asker,
    mark: Mark,
) -> Result<(SessionToken, SignedIn)> {
    let desk = Desk {
        platform,
        session,
        origin: &asker.origin,
    };
    // Whoever may not do it counts nothing.
    desk.look(async |_tx, _may: &May<right::UsersImpersonate>| Ok(()))
        .await?;
    platform.limiter.pass(&VIEW, session.user_id.as_bytes()).await?;
    fence_replaced(platform, asker).await?;
    desk.act_on(person, async |tx, may: &May<right::UsersImpersonate>, user| {
        let reason = Reason::parse(reason).map_err(|code| Error::field(Field::Reason, code))?;
        let (id, until) = (tx.new_id(), tx.now() + LENGTH);
        if !Row::insert(tx, id, may.actor, person, (&reason, until)).await? {
            return Err(Error::form(Code::NotViewable));
        }
        let (token, seeing) = change_over(tx, session, asker, Some(id)).await?;
        mark.note_session(tx, session, None).await?;
        let (whom, until) = (person.to_string(), until.to_rfc3339());
        let detail = [
            ("as", whom.as_str()),
            ("reason", reason.as_str()),
            ("until", until.as_str()),
        ];
        let entry = Entry::by(Event::ViewBegan, may.actor, desk.origin).to(person);
        tx.audit(entry.in_session(session.session_id).with(&detail))
            .await?;
        let deed = Deed::Viewed {
            reason: reason.as_str().to_owned(),
            life: LENGTH.num_seconds().unsigned_abs(),
        };
        tell(tx, platform, user, deed).await?;
        Ok((token, seeing))
    })
    .await
}

/// Ends a look: the session is its operator's own again, under a new token. Also the way out of one that is over. Returns the token, the
/// session as it is now, and where it goes on: to `page`, unless the look was over before. Whose look was ended for them may see that
/// page no more. The second post of a double click is told what the first one was.
///
/// # Errors
/// Refused with [`Code::SignedOut`] when the session has ended, got another token, or looks at nobody.
pub async fn stop(
    platform: &Platform,
    viewing: Option<&Viewing>,
    page: Option<LocalPath>,
    asker: &Asker,
) -> Result<(SessionToken, SignedIn, Option<LocalPath>)> {
    let mark = Mark::in_session(asker, "stop-viewing", "");
    let done = match viewing {
        Some(viewing) => {
            let next = page.filter(|_| viewing.pages().is_some());
            stop_once(platform, viewing, next, asker, mark).await
        }
        None => Err(Error::form(Code::SignedOut)),
    };
    match done {
        Err(error @ Error::Refused(_)) => {
            let again = mark.same_token(platform, async |_, _| Ok(())).await?;
            let (again, ()) = again.ok_or(error)?;
            Ok((again.token, again.session, again.next))
        }
        done => done,
    }
}

async fn stop_once(
    platform: &Platform,
    viewing: &Viewing,
    next: Option<LocalPath>,
    asker: &Asker,
    mark: Mark,
) -> Result<(SessionToken, SignedIn, Option<LocalPath>)> {
    fence_replaced(platform, asker).await?;
    platform
        .db
        .write(async |tx| {
            let (token, own) = change_over(tx, &viewing.operator, asker, None).await?;
            mark.note_session(tx, &own, next.as_ref()).await?;
            end(tx, &viewing.operator, &asker.origin, "stopped").await?;
            Ok((token, own, next))
        })
        .await
}

/// Ends the look that a session is in, and notes why; nothing happens if it is in none.
pub(super) async fn end(tx: &mut Tx, session: &SignedIn, origin: &Origin, because: &str) -> Result<()> {
    let Some(id) = session.viewing_id else {
        return Ok(());
    };
    // Who sweeps up at the same moment, or another click, notes it instead.
    let ended = sql!(tx, fetch_optional Ended, "delete from viewings where id = $1 returning operator_id, user_id, expires_at", id)?;
    match ended {
        Some(ended) => ended.note(tx, Some(session.session_id), origin, because).await,
        None => Ok(()),
    }
}

/// Ends the looks of an operator that were in a session which is gone: part of whatever ends several of their sessions, or one from afar.
pub(super) async fn end_with_sessions(tx: &mut Tx, operator: UserId) -> Result<()> {
    let gone = sql!(tx, fetch_all Ended,
        "delete from viewings where operator_id = $1
             and not exists (select 1 from sessions s where s.user_id = $1 and s.viewing_id = viewings.id)
         returning operator_id, user_id, expires_at", operator)?;
    note_all(tx, &gone, "session-ended").await
}

/// Sweeps up the looks that are over and that nobody ended. Part of the round that cleans up: until then the clock keeps them shut, or that
/// their session is gone.
pub(crate) async fn sweep(platform: &Platform) -> Result<()> {
    platform
        .db
        .write(async |tx| {
            let gone = sql!(tx, fetch_all Ended,
                "delete from viewings
                 where not exists (select 1 from sessions s where s.user_id = viewings.operator_id and s.viewing_id = viewings.id)
                 returning operator_id, user_id, expires_at")?;
            note_all(tx, &gone, "session-ended").await?;
            let now = tx.now();
            let over = sql!(tx, fetch_all Ended,
                "delete from viewings where expires_at <= $1 returning operator_id, user_id, expires_at", now)?;
            note_all(tx, &over, "time").await
        })
        .await
}

async fn note_all(tx: &mut Tx, ended: &[Ended], because: &str) -> Result<()> {
    for one in ended {
        one.note(tx, None, &Origin::default(), because).await?;
    }
    Ok(())
}

/// A look whose row is gone.
#[derive(sqlx::FromRow)]
struct Ended {
    operator_id: UserId,
    user_id: UserId,
    expires_at: DateTime<Utc>,
}

impl Ended {
    async fn note(&self, tx: &mut Tx, session: Option<Uuid>, origin: &Origin, because: &str) -> Result<()> {
        let (whom, until) = (self.user_id.to_string(), self.expires_at.to_rfc3339());
        // It may be noted long after it: the look ended then, or at `until`, whatever was first.
        let detail = [
            ("as", whom.as_str()),
            ("because", because),
            ("until", until.as_str()),
        ];
        let entry = Entry {
            session,
            ..Entry::by(Event::ViewEnded, self.operator_id, origin).to(self.user_id)
        };
        tx.audit(entry.with(&detail)).await
    }
}

/// Gives a session a new token, and says what it looks at: of many at once, one succeeds. Fence off its copies before.
async fn change_over(
    tx: &mut Tx,
    session: &SignedIn,
    asker: &Asker,
    to: Option<Uuid>,
) -> Result<(SessionToken, SignedIn)> {
    let came_with = asker
        .came_with
        .as_ref()
        .ok_or_else(|| Error::form(Code::SignedOut))?;
    let token = SessionToken::from_bytes(tx.entropy().bytes());
    let changed = sql!(tx, execute
        "update sessions set token_hash = $1, viewing_id = $2 where id = $3 and token_hash = $4 and (viewing_id is null) = $5",
        token.hash().as_bytes(), to, session.session_id, came_with.as_bytes(), to.is_some())?;
    if changed != 1 {
        return Err(Error::form(Code::SignedOut));
    }
    let session = SignedIn {
        viewing_id: to,
        ..session.clone()
    };
    Ok((token, session))
}

impl Row {
    /// `false`: nobody could see the pages of this account.
    async fn insert(
        tx: &mut Tx,
        id: Uuid,
        operator: UserId,
        person: UserId,
        (reason, until): (&Reason, DateTime<Utc>),
    ) -> Result<bool> {
        let now = tx.now();
        let inserted = sql!(tx, execute
            "insert into viewings (id, operator_id, user_id, reason, began_at, expires_at)
             select $1, $2, id, $4, $5, $6 from users
             where id = $3 and locked_at is null and deactivated_at is null and erase_at is null and unproven_since is null",
            id, operator, person, reason.as_str(), now, until)?;
        Ok(inserted == 1)
    }

    /// A look of this operator, whether or not it goes on.
    async fn find(tx: &mut Tx, id: Uuid, operator: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select v.user_id, v.reason, v.began_at, v.expires_at, u.name, u.email, u.locale, u.time_zone, u.staff, u.passkey_only,
                exists(select 1 from totps t where t.user_id = u.id)
                    or exists(select 1 from mail_factors m where m.user_id = u.id)
                    or exists(select 1 from phones n where n.user_id = u.id)
                    or exists(select 1 from passkeys p where p.user_id = u.id) as has_factor,
                (u.locked_at is null and u.deactivated_at is null and u.erase_at is null) as is_seen
             from viewings v join users u on u.id = v.user_id where v.id = $1 and v.operator_id = $2", id, operator)
    }

    /// The person as their own pages want to know them.
    fn pages(&self, id: Uuid) -> SignedIn {
        SignedIn {
            // No session has it: none in a list of theirs is "this one".
            session_id: id,
            user_id: self.user_id,
            name: self.name.clone(),
            email: self.email.clone(),
            locale: self.locale.clone(),
            time_zone: self.time_zone.clone(),
            staff: self.staff,
            passkey_only: self.passkey_only,
            remember: false,
            aal: 1,
            amr: String::new(),
            has_factor: self.has_factor,
            // Never fresh: nobody has proved anything.
            auth_time: DateTime::UNIX_EPOCH,
            user_agent: String::new(),
            address: String::new(),
            created_at: self.began_at,
            last_seen_at: self.began_at,
            idle_expires_at: self.expires_at,
            expires_at: self.expires_at,
            erase_at: None,
            viewing_id: None,
        }
    }
}
