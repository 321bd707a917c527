//! The way back for somebody who has lost every factor, without a help desk and without a way in for a thief.
//!
//! 1. **Asking** ([`request`]) does the same for every address: one job, and the worker finds out whether there is an account. Or
//!    somebody says "this wasn't me", which begins it too. Every proven address is told at once, with a link that stops it.
//! 2. **Waiting** for `recovery_wait_hours`. A complete sign-in stops it ([`stop_at_sign_in`]), or the link, or a button of whoever is
//!    signed in ([`cancel`]). An operator may shorten the wait ([`hasten`]).
//! 3. **The link** ([`look_after`]) is mailed when the wait is over, by a job that was put into the queue for that moment when the wait
//!    began. What is due stands in the row: a job of a recovery that ended does nothing, and a round every five minutes finds what no
//!    job did.
//! 4. **Using it** ([`finish`]) sets a new password, takes every other factor away and ends every session. It lets nobody in: the
//!    person signs in afterwards.
//!
//! So whoever reads the mailbox and has nothing else waits, while the owner is told and stops it by signing in. NIST SP
//! 800-63B-4 §4.2, ASVS 6.4.4.

pub mod finish;
mod row;
mod told;

use chrono::{DateTime, Duration, Utc};

use self::row::Row;
pub use self::row::open_until;
use self::told::{Cancel, tell_all, tell_link};
use crate::audit::{Change, Entry, Event, Origin, Shown};
use crate::authentication::asker::Asker;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::SignedIn;
use crate::job::Job;
use crate::notification::message::RecoveryNews;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{ALARM, RECOVER, RECOVER_MAIL, address_key};
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result};

/// How long the link works that is mailed when the wait is over (NIST SP 800-63B-4 §4.2.1.2: 24 h by mail).
pub const LINK_LIFE: Duration = Duration::hours(24);
/// Recoveries that one round of [`look_after`] works through before it looks again.
const BATCH: i64 = 50;
/// The longest reason of an operator, in characters.
const LONGEST_REASON: usize = 200;

/// Who began it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BegunBy {
    /// Somebody who typed the address.
    Person,
    /// Whoever said "this wasn't me".
    Alarm,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The link set a new password.
    Used,
    /// Somebody stopped it.
    Cancelled,
    /// A complete sign-in stopped it.
    SignedIn,
    /// Nobody used the link in time.
    Expired,
    /// Something else took its place: an alarm, or another way back.
    Replaced,
}

impl BegunBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Alarm => "alarm",
        }
    }
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Cancelled => "cancelled",
            Self::SignedIn => "signed-in",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
        }
    }
}

/// Takes the wish to get back in. The answer, and all the work before it, is the same for every address.
///
/// # Errors
/// Refused with a fault of the field, or [`Code::TooManyAttempts`].
pub async fn request(platform: &Platform, email: &str, asker: Asker) -> Result<()> {
    let email = Email::parse(email).map_err(|code| Error::field(Field::Email, code))?;
    platform
        .limiter
        .pass(&RECOVER, &address_key(asker.address))
        .await?;
    platform
        .limiter
        .pass(&RECOVER_MAIL, &mail_key(platform, &email)?)
        .await?;
    let job = Job::RequestRecovery {
        email: email.as_str().to_owned(),
        origin: asker.origin,
    };
    platform.db.write(async |tx| tx.enqueue(&job).await).await?;
    count("asked");
    Ok(())
}

/// What the job does: begins a recovery, or tells again of the one that waits. A job that runs twice mails twice, at worst.
pub(crate) async fn begin_for(platform: &Platform, email: &str, origin: &Origin) -> Result<()> {
    let Ok(email) = Email::parse(email) else {
        return Ok(());
    };
    let token = PlainToken::generate(&platform.entropy);
    platform
        .db
        .write(async |tx| {
            let user = User::by_email(tx, email.key()).await?;
            let subject = user.as_ref().map(|user| user.id);
            let user = user.filter(|user| user.locked_at.is_none());
            tx.audit(
                Entry::about(Event::RecoveryAsked, subject, origin)
                    .with(&[("mail", if user.is_some() { "sent" } else { "none" })]),
            )
            .await?;
            let Some(user) = user else { return Ok(()) };
            match Row::open(tx, user.id).await? {
                // The link is out already: whoever asks again has lost the message. It works no longer for that.
                Some(row) if row.expires_at.is_some() => {
                    let row = row.renew_link(tx, &token).await?;
                    tell_link(tx, platform, &user, &row, &token).await
                }
                Some(row) => tell_all(tx, platform, &user, &row, RecoveryNews::Asked).await,
                None => begin(tx, platform, &user, BegunBy::Person).await,
            }
        })
        .await
}

/// Begins a recovery, and tells of it at once. One that waits already is ended by an alarm, and the wait begins anew.
pub(super) async fn begin(tx: &mut Tx, platform: &Platform, user: &User, by: BegunBy) -> Result<()> {
    Row::end_open(tx, user.id, Outcome::Replaced).await?;
    let row = Row::begin(tx, user.id, by, platform.config.recovery_wait).await?;
    tx.enqueue_at(&Job::LookAfterRecoveries, row.due_at).await?;
    tell_all(tx, platform, user, &row, RecoveryNews::Asked).await
}

/// What a link that stops a recovery is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum CancelLink {
    /// It works; this is when the other link would be mailed, or was.
    Fresh(DateTime<Utc>),
    /// There is nothing to stop any more.
    Over,
    /// It is none of ours, or the account is gone.
    Unknown,
}

/// Looks at a link that stops a recovery.
pub async fn look_cancel(platform: &Platform, token: &str) -> Result<CancelLink> {
    let Some(cancel) = Cancel::read(platform, token) else {
        return Ok(CancelLink::Unknown);
    };
    platform
        .db
        .read(async |tx| {
            let row = Row::open(tx, cancel.user).await?;
            Ok(match row.filter(|row| row.id == cancel.recovery) {
                Some(row) => CancelLink::Fresh(row.due_at),
                None if User::by_id(tx, cancel.user).await?.is_some() => CancelLink::Over,
                None => CancelLink::Unknown,
            })
        })
        .await
}

/// By what somebody stops a recovery.
#[derive(Clone, Copy)]
pub enum CancelBy<'a> {
    /// They are signed in to the account.
    Session(&'a SignedIn),
    /// The token of the link in the mail.
    Link(&'a str),
}

/// Stops a recovery that waits, or whose link is out. Nobody is signed in or out by it. The second post of a double click is told
/// what the first was told: [`sent_twice`](crate::authentication::sent_twice).
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`] (there is nothing to stop any more) or [`Code::TooManyAttempts`].
pub async fn cancel(platform: &Platform, by: CancelBy<'_>, asker: &Asker) -> Result<()> {
    let secret = match by {
        CancelBy::Session(session) => session.session_id.to_string(),
        CancelBy::Link(token) => token.trim().to_owned(),
    };
    let mark = Mark::of(asker, "recover-cancel", &secret);
    let done = cancel_once(platform, by, asker, mark).await;
    mark.same_answer(platform, done).await?;
    Ok(())
}

async fn cancel_once(platform: &Platform, by: CancelBy<'_>, asker: &Asker, mark: Mark) -> Result<UserId> {
    platform.limiter.pass(&ALARM, &address_key(asker.address)).await?;
    let (user, only) = match by {
        CancelBy::Session(session) => (session.user_id, None),
        CancelBy::Link(token) => {
            let cancel = Cancel::read(platform, token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
            (cancel.user, Some(cancel.recovery))
        }
    };
    platform
        .db
        .write(async |tx| {
            let user = User::by_id(tx, user).await?;
            let user = user.ok_or_else(|| Error::form(Code::LinkInvalid))?;
            let row = Row::open(tx, user.id).await?;
            let row = row.filter(|row| only.is_none_or(|only| row.id == only));
            let row = row.ok_or_else(|| Error::form(Code::LinkUsed))?;
            if !row.end(tx, Outcome::Cancelled).await? {
                return Err(Error::form(Code::LinkUsed));
            }
            let with = if only.is_some() { "link" } else { "session" };
            let entry = Entry::about(Event::RecoveryCancelled, Some(user.id), &asker.origin);
            tx.audit(entry.with(&[("by", with)])).await?;
            tell_all(tx, platform, &user, &row, RecoveryNews::Cancelled).await?;
            mark.note(tx, user.id).await
        })
        .await?;
    count("cancelled");
    Ok(user)
}

/// Stops the recovery of somebody who has just signed in completely: a part of every way in. `false`: there was none.
pub(super) async fn stop_at_sign_in(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    origin: &Origin,
) -> Result<bool> {
    let Some(row) = Row::open(tx, user.id).await? else {
        return Ok(false);
    };
    if !row.end(tx, Outcome::SignedIn).await? {
        return Ok(false);
    }
    let entry = Entry::own(Event::RecoveryCancelled, user.id, origin);
    tx.audit(entry.with(&[("by", "sign-in")])).await?;
    tell_all(tx, platform, user, &row, RecoveryNews::Cancelled).await?;
    count("cancelled");
    Ok(true)
}

/// Ends a recovery without a word, for another way back that tells of itself.
pub async fn close(tx: &mut Tx, user: UserId) -> Result<()> {
    Row::end_open(tx, user, Outcome::Replaced).await
}

/// Mails the links whose wait is over. Run when one falls due, and by the leader again and again: what is due stands in the rows.
pub(crate) async fn look_after(platform: &Platform) -> Result<()> {
    loop {
        let due = platform.db.read(async |tx| Row::due(tx, BATCH).await).await?;
        if due.is_empty() {
            return Ok(());
        }
        for row in due {
            let token = PlainToken::generate(&platform.entropy);
            platform
                .db
                .write(async |tx| {
                    let Some(user) = User::by_id(tx, row.user_id).await? else {
                        return Ok(());
                    };
                    // Of two servers at once, one.
                    let Some(row) = row.mail_link(tx, &token, LINK_LIFE).await? else {
                        return Ok(());
                    };
                    let entry = Entry::about(Event::RecoveryReady, Some(user.id), &NOBODY);
                    tx.audit(entry).await?;
                    tell_link(tx, platform, &user, &row, &token).await
                })
                .await?;
        }
    }
}

/// Nobody's browser: a job's.
static NOBODY: Origin = Origin {
    address: String::new(),
    user_agent: String::new(),
    request_id: String::new(),
};

/// Why an operator's wish was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHastened {
    /// Nobody asked for a recovery of this account, or its link is out already.
    NothingWaits,
    /// There is no reason, or it is longer than 200 characters, or no line.
    NoReason,
    /// It would be due later than it is.
    NotSooner,
}

/// Shortens the wait, for an operator who knows the person, and says why. It never begins a recovery. Every proven address is told.
/// Returns when the link is mailed.
pub async fn hasten(
    platform: &Platform,
    user: &User,
    wait: Duration,
    reason: &str,
    origin: &Origin,
) -> Result<std::result::Result<DateTime<Utc>, NotHastened>> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON || reason.chars().any(char::is_control) {
        return Ok(Err(NotHastened::NoReason));
    }
    let entry = || Entry::about(Event::RecoveryHastened, Some(user.id), origin);
    platform
        .db
        .write(async |tx| shorten(tx, platform, user, wait, reason, entry()).await)
        .await
}

/// The same in a transaction, with a reason that was looked at; `entry` says who wishes it.
pub(crate) async fn shorten(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    wait: Duration,
    reason: &str,
    entry: Entry<'_>,
) -> Result<std::result::Result<DateTime<Utc>, NotHastened>> {
    let waiting = Row::open(tx, user.id).await?;
    let Some(row) = waiting.filter(|row| row.expires_at.is_none()) else {
        return Ok(Err(NotHastened::NothingWaits));
    };
    let was = row.due_at.to_rfc3339();
    let Some(row) = row.hasten(tx, wait).await? else {
        return Ok(Err(NotHastened::NotSooner));
    };
    let due_at = row.due_at.to_rfc3339();
    let detail = [("reason", reason), ("due_at", due_at.as_str())];
    let changes = [Change {
        field: Shown::RecoveryDue,
        was: Some(&was),
        became: Some(&due_at),
    }];
    tx.audit(entry.with(&detail).changing(&changes)).await?;
    tell_all(tx, platform, user, &row, RecoveryNews::Hastened).await?;
    tx.enqueue_at(&Job::LookAfterRecoveries, row.due_at).await?;
    Ok(Ok(row.due_at))
}

/// What the mails for one address are counted by.
fn mail_key(platform: &Platform, email: &Email) -> Result<[u8; 32]> {
    platform
        .keys
        .index("limit account", email.key().as_str().as_bytes())
}

/// Forgets how many mails were asked for with this address.
pub(crate) async fn forget_limit(platform: &Platform, email: &Email) -> Result<()> {
    platform
        .limiter
        .forget(&RECOVER_MAIL, &mail_key(platform, email)?)
        .await;
    Ok(())
}

fn count(outcome: &'static str) {
    metrics::counter!("latchstring_recoveries_total", "outcome" => outcome).increment(1);
}
