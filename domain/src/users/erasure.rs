//! Deleting an account: asked for by its owner, undone within two weeks, then erased for good.
//!
//! - [`ask`] ends every session and sets `users.erase_at`. Whoever signs in after that gets no further than the page that
//!   undoes it; see `leaving` in `app/src/visit.rs`.
//! - [`keep`] undoes it: from that page, or by the link in the mail.
//! - [`look_after`] runs again and again: it reminds people a day before, and starts what is due. From then on
//!   (`users.erasing_as`) nothing undoes it.
//! - [`erase`] is the job of one person: the last mail, then [`wipe`].

pub mod operator;
mod wipe;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::{freeze, recover, reset_password};
use crate::authorization::give::one_at_a_time;
use crate::job::Job;
use crate::notification::delivery::{Delivery, deliver};
use crate::notification::message::{DataNews, Message};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::jobs::JobFailure;
use crate::users::email::Email;
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// How long an account can still be kept.
pub const GRACE: Duration = Duration::days(14);
/// How long before the end the person is reminded.
const REMIND_BEFORE: Duration = Duration::days(1);
/// How long the last mail is tried before the account is erased without it.
const LAST_MAIL: Duration = Duration::days(1);
/// People that one transaction reminds, or whose erasure it starts.
const BATCH: i64 = 100;

const PURPOSE: &str = "keep-account link";

/// What the link of a mail says: sealed in its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepLink {
    /// Whose account.
    user: UserId,
    /// Which erasure: a link of an earlier one does nothing.
    erase_at: DateTime<Utc>,
}

/// How a link to keep an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keepable {
    /// The account will be erased then, unless it is kept.
    Until(DateTime<Utc>),
    /// It is kept already: this erasure was undone.
    Kept,
    /// The link is none of ours, or the account is gone.
    No,
}

/// What the mails of an erasure need to know.
#[derive(Debug, sqlx::FromRow)]
struct Leaver {
    id: UserId,
    name: String,
    email: String,
    locale: String,
    time_zone: Option<String>,
    erase_at: DateTime<Utc>,
}

/// Asks for the account to be erased. Every session ends. Returns when it will be.
///
/// # Errors
/// Refused with [`Code::EmailNotYours`] or a fault of the address when what was typed is not the account's, with
/// [`Code::ChangesFrozen`], and with
/// [`Code::LastAdministrator`] when other people would be left without one.
pub async fn ask(
    platform: &Platform,
    session: &SignedIn,
    typed: &str,
    origin: &Origin,
) -> Result<DateTime<Utc>> {
    let own = Email::parse(&session.email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))?;
    let typed = Email::parse(typed).map_err(|code| Error::field(Field::Email, code))?;
    if typed.key() != own.key() {
        return Err(Error::field(Field::Email, Code::EmailNotYours));
    }
    let user = session.user_id;
    freeze::check_first(platform, user).await?;
    let fenced = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &fenced).await;
    let (erase_at, late) = platform
        .db
        .write(async |tx| {
            freeze::check(tx, user).await?;
            let leaver = match Leaver::begin(tx, user).await? {
                Begun::Now(leaver) => leaver,
                Begun::Before(erase_at) => return Ok((erase_at, Vec::new())),
                Begun::LastAdministrator => return Err(Error::form(Code::LastAdministrator)),
            };
            let mut late = SignedIn::hashes_of(tx, user).await?;
            late.retain(|hash| !fenced.contains(hash));
            let ended = SignedIn::end_all(tx, user).await?;
            reset_password::close(tx, user).await?;
            recover::close(tx, user).await?;
            tx.audit(
                Entry::own(Event::ErasureAsked, user, origin)
                    .in_session(session.session_id)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            leaver.tell(tx, platform, DataNews::ErasureAsked).await?;
            Ok((leaver.erase_at, late))
        })
        .await?;
    // Sessions that began after the first fence: their rows are gone, and with this their copies.
    fence(platform, &late).await;
    Ok(erase_at)
}

/// Undoes it, for whoever signed in to the account, or holds the link of the mail. Safe to repeat.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`] when there is nothing to keep any more, or the link is none of ours.
pub async fn keep(platform: &Platform, by: KeepBy<'_>, origin: &Origin) -> Result<()> {
    let (user, only) = match by {
        KeepBy::Session(session) => (session.user_id, None),
        KeepBy::Link(token) => match KeepLink::read(platform, token) {
            Some(link) => (link.user, Some(link.erase_at)),
            None => return Err(Error::form(Code::LinkInvalid)),
        },
    };
    // The copies of sessions say that the person is leaving.
    let hashes = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &hashes).await;
    platform
        .db
        .write(async |tx| {
            let Some(leaver) = Leaver::of(tx, user).await? else {
                return kept_before(tx, user, only).await;
            };
            let now = tx.now();
            let kept = sql!(tx, execute
                "update users set erase_at = null, erase_reminded_at = null, updated_at = $1
                 where id = $2 and erase_at = $3 and erasing_as is null",
                now, user, only.unwrap_or(leaver.erase_at))?;
            if kept == 0 {
                // Somebody was faster, since the look.
                return kept_before(tx, user, only).await;
            }
            let by_link = if only.is_some() { "link" } else { "session" };
            tx.audit(Entry::own(Event::ErasureUndone, user, origin).with(&[("by", by_link)]))
                .await?;
            leaver.tell(tx, platform, DataNews::ErasureUndone).await
        })
        .await
}

/// By what somebody keeps an account.
#[derive(Clone, Copy)]
pub enum KeepBy<'a> {
    /// They signed in to it.
    Session(&'a SignedIn),
    /// The token of the link in the mail.
    Link(&'a str),
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Keepable> {
    let Some(link) = KeepLink::read(platform, token) else {
        return Ok(Keepable::No);
    };
    let found = platform
        .db
        .read(async |tx| {
            sql!(
                tx,
                fetch_optional(Option<DateTime<Utc>>, Option<Uuid>),
                "select erase_at, erasing_as from users where id = $1",
                link.user
            )
        })
        .await?;
    Ok(match found {
        Some((Some(at), None)) if at == link.erase_at => Keepable::Until(at),
        Some((_, None)) => Keepable::Kept,
        _ => Keepable::No,
    })
}

/// Reminds whom it is a day before, and starts the erasures that are due. Run by the leader again and again.
pub(crate) async fn look_after(platform: &Platform) -> Result<()> {
    while platform.db.write(async |tx| remind(tx, platform).await).await? == BATCH {}
    while platform.db.write(start).await? == BATCH {}
    Ok(())
}

async fn remind(tx: &mut Tx, platform: &Platform) -> Result<i64> {
    let now = tx.now();
    let leavers = sql!(tx, fetch_all Leaver,
        "update users set erase_reminded_at = $1
         where id in (select id from users where erase_at > $1 and erase_at <= $2 and erase_reminded_at is null limit $3)
            and erase_reminded_at is null
         returning id, name, email, locale, time_zone, erase_at",
        now, now + REMIND_BEFORE, BATCH)?;
    for leaver in &leavers {
        leaver.tell(tx, platform, DataNews::ErasureSoon).await?;
    }
    Ok(i64::try_from(leavers.len()).unwrap_or(0))
}

async fn start(tx: &mut Tx) -> Result<i64> {
    let now = tx.now();
    let due = sql!(tx, fetch_all One<Uuid>,
        "select id from users where erase_at <= $1 and erasing_as is null order by erase_at limit $2", now, BATCH)?;
    for (user,) in &due {
        let pseudonym = tx.new_id();
        let started = sql!(tx, execute
            "update users set erasing_as = $1 where id = $2 and erase_at <= $3 and erasing_as is null",
            pseudonym, *user, now)?;
        if started == 1 {
            tx.enqueue(&Job::EraseAccount { user: *user }).await?;
        }
    }
    Ok(i64::try_from(due.len()).unwrap_or(0))
}

/// The job. The last mail goes first, because after it there is no address; when it can't be delivered for a day, the
/// account goes without it. Each step may be done twice.
pub(crate) async fn erase(platform: &Platform, job: Uuid, user: UserId) -> Result<(), JobFailure> {
    let leaver = platform
        .db
        .read(async |tx| Leaver::erasing(tx, user).await)
        .await?;
    let Some(leaver) = leaver else { return Ok(()) };
    let farewell = Delivery {
        to: leaver.email.clone(),
        language: leaver.locale.clone(),
        message: leaver.message(platform, DataNews::Erased)?,
    };
    if let Err(failure) = deliver(platform, job, farewell).await {
        let may_wait = platform.clock.now() < leaver.erase_at + LAST_MAIL;
        if may_wait && !failure.permanent {
            return Err(failure);
        }
        tracing::warn!(job.id = %job, "an account is erased without its last mail, which could not be delivered");
    }
    Ok(wipe::person(platform, user).await?)
}

/// How [`Leaver::begin`] went.
enum Begun {
    Now(Leaver),
    /// It was asked for before, and will be erased then.
    Before(DateTime<Utc>),
    LastAdministrator,
}

impl Leaver {
    /// Sets when the account is erased.
    async fn begin(tx: &mut Tx, user: UserId) -> Result<Begun> {
        let now = tx.now();
        // Two administrators who leave at once do so one after the other.
        one_at_a_time(tx).await?;
        let leaver = sql!(tx, fetch_optional Self,
            "update users set erase_at = $1, erase_reminded_at = null, updated_at = $2
             where id = $3 and erase_at is null and (not administrator
                or exists (select 1 from users o where o.id <> $3 and o.erase_at is null and o.administrator and o.locked_at is null)
                or not exists (select 1 from users o where o.id <> $3 and o.erase_at is null))
             returning id, name, email, locale, time_zone, erase_at",
            now + GRACE, now, user)?;
        if let Some(leaver) = leaver {
            return Ok(Begun::Now(leaver));
        }
        let found = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>, "select erase_at from users where id = $1", user)?;
        match found {
            Some((Some(erase_at),)) => Ok(Begun::Before(erase_at)),
            Some((None,)) => Ok(Begun::LastAdministrator),
            None => Err(Error::form(Code::SignedOut)),
        }
    }

    /// Somebody whose account waits to be erased, and can still be kept.
    async fn of(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, locale, time_zone, erase_at from users
             where id = $1 and erase_at is not null and erasing_as is null", user)
    }

    /// Somebody whose erasure has begun.
    async fn erasing(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, locale, time_zone, erase_at from users where id = $1 and erasing_as is not null", user)
    }

    fn message(&self, platform: &Platform, news: DataNews) -> Result<Message> {
        let link = match news {
            DataNews::ErasureAsked | DataNews::ErasureAskedByOperator | DataNews::ErasureSoon => KeepLink {
                user: self.id,
                erase_at: self.erase_at,
            }
            .write(platform)?,
            DataNews::Erased => platform.config.link("/sign-up"),
            _ => platform.config.link("/sign-in"),
        };
        Ok(Message::Data {
            name: self.name.clone(),
            news,
            until: self.erase_at,
            zone: self.time_zone.clone(),
            link,
            // Whoever did not ask for it keeps the account by the link: "this wasn't me" would not do that.
            alarm_link: None,
        })
    }

    async fn tell(&self, tx: &mut Tx, platform: &Platform, news: DataNews) -> Result<()> {
        let message = self.message(platform, news)?;
        tx.mail(&self.email, &self.locale, message).await
    }
}

/// Nothing is left to do when an account that waits for nothing had the erasure of this link undone before.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`] otherwise.
async fn kept_before(tx: &mut Tx, user: UserId, only: Option<DateTime<Utc>>) -> Result<()> {
    let found = sql!(tx, fetch_optional One<i64>,
        "select cast(1 as bigint) from users where id = $1 and erase_at is null", user)?;
    if found.is_some() && only.is_none_or(|at| at > tx.now()) {
        Ok(())
    } else {
        Err(Error::form(Code::LinkInvalid))
    }
}

impl KeepLink {
    fn write(&self, platform: &Platform) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(|error| Error::Internal(format!("a link: {error}")))?;
        let sealed = platform.keys.seal(PURPOSE, &plain, &platform.entropy)?;
        let token = URL_SAFE_NO_PAD.encode(sealed);
        Ok(platform.config.link(&format!("/keep-account?token={token}")))
    }

    fn read(platform: &Platform, token: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let plain = platform.keys.open(PURPOSE, &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
