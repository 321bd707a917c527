//! "This wasn't me": the link in every notice about an account's security.
//!
//! The link carries, sealed, whom and which notice it is about; the row in `alarms` makes it work once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::passkeys::Passkey;
use crate::authentication::place::Place;
use crate::authentication::recover::BegunBy;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::{change_email, device, freeze, recover, reset_password};
use crate::job::Job;
use crate::notification::message::{Message, Notice};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::limits::{ALARM, address_key};
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// How long the link works.
pub const LINK_LIFE: Duration = Duration::days(7);

const PURPOSE: &str = "alarm link";

/// What the link of a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Whose account.
    pub user: UserId,
    /// Which notice.
    pub notice: Uuid,
    /// When the notice was written.
    pub at: DateTime<Utc>,
}

/// Tells a person that something about their account's security changed, by mail to every address that is proven to be theirs, as part
/// of this transaction.
pub(crate) async fn notify(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    notice: Notice,
    origin: &Origin,
) -> Result<()> {
    let alarm = Alarm {
        user: user.id,
        notice: tx.new_id(),
        at: tx.now(),
    };
    let language = platform.settings().languages.of(&user.locale);
    let message = Message::SecurityNotice {
        name: user.name.clone(),
        notice,
        at: alarm.at,
        zone: user.time_zone.clone(),
        user_agent: origin.user_agent.clone(),
        address: origin.address.clone(),
        place: match Place::of(&platform.places, &origin.address, language) {
            Some(Place::Named(name)) => Some(name),
            _ => None,
        },
        alarm_link: alarm.link(platform)?,
    };
    for address in change_email::proven_addresses(tx, user.id, &user.email).await? {
        tx.mail_for(user.id, &address, &user.locale, message.clone())
            .await?;
    }
    Ok(())
}

/// A fresh link "this wasn't me" for a message that is more than a notice.
///
/// # Errors
/// [`Error::Internal`] when it can't be sealed.
pub(crate) fn new_link(tx: &Tx, platform: &Platform, user: UserId) -> Result<String> {
    let alarm = Alarm {
        user,
        notice: tx.new_id(),
        at: tx.now(),
    };
    alarm.link(platform)
}

impl Alarm {
    /// The page that the link opens.
    fn link(&self, platform: &Platform) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(|error| Error::Internal(format!("alarm: {error}")))?;
        let sealed = platform.keys.seal(PURPOSE, &plain, &platform.entropy)?;
        let token = URL_SAFE_NO_PAD.encode(sealed);
        Ok(platform.config.link(&format!("/not-me?token={token}")))
    }

    /// Reads a link's token. `None`: it is none of ours, or was cut.
    pub fn read(platform: &Platform, token: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let plain = platform.keys.open(PURPOSE, &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// What the alarm is worth now, and whose it is.
    async fn state(&self, tx: &mut Tx) -> Result<(Link, Option<User>)> {
        let Some(user) = User::by_id(tx, self.user).await? else {
            return Ok((Link::Unknown, None));
        };
        let raised = sql!(
            tx,
            fetch_optional One<i64>,
            "select cast(1 as bigint) from alarms where notice_id = $1",
            self.notice
        )?;
        let link = if raised.is_some() {
            Link::Used
        } else if self.at + LINK_LIFE <= tx.now() {
            Link::Expired
        } else {
            Link::Fresh { at: self.at }
        };
        Ok((link, Some(user)))
    }

    /// The single-use step: of all who come at once, the one whose row goes in goes on.
    async fn consume(&self, tx: &mut Tx) -> Result<bool> {
        let now = tx.now();
        let inserted = sql!(tx, execute
            "insert into alarms (notice_id, user_id, raised_at) values ($1, $2, $3) on conflict (notice_id) do nothing",
            self.notice, self.user, now)?;
        Ok(inserted == 1)
    }
}

/// What a link is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh {
        /// When the notice was written.
        at: DateTime<Utc>,
    },
    /// It did its work.
    Used,
    /// It is too old.
    Expired,
    /// It is none of ours, or the account is gone.
    Unknown,
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let Some(alarm) = Alarm::read(platform, token) else {
        return Ok(Link::Unknown);
    };
    let (link, _) = platform.db.read(async |tx| alarm.state(tx).await).await?;
    Ok(link)
}

/// Raises the alarm: ends every session of the account, forgets its known devices, takes away the passkeys that were added since
/// the notice, closes what is under way, closes the account for changes ([`freeze`]), begins a recovery ([`recover`]), tells
/// the administrators, and mails a fresh link to choose a new password. Returns whose account it was; nobody is signed in
/// by it.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`] or [`Code::TooManyAttempts`].
pub async fn raise(platform: &Platform, token: &str, asker: &Asker) -> Result<UserId> {
    let mark = Mark::of(asker, "not-me", token);
    let done = raise_once(platform, token, asker, mark).await;
    mark.same_answer(platform, done).await
}

async fn raise_once(platform: &Platform, token: &str, asker: &Asker, mark: Mark) -> Result<UserId> {
    platform.limiter.pass(&ALARM, &address_key(asker.address)).await?;
    let alarm = Alarm::read(platform, token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let user = alarm.user;
    let fenced = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &fenced).await;
    let late = platform
        .db
        .write(async |tx| {
            let person = match alarm.state(tx).await? {
                (Link::Fresh { .. }, Some(person)) => person,
                (Link::Used, _) => return Err(Error::form(Code::LinkUsed)),
                (Link::Expired, _) => return Err(Error::form(Code::LinkExpired)),
                _ => return Err(Error::form(Code::LinkInvalid)),
            };
            if !alarm.consume(tx).await? {
                return Err(Error::form(Code::LinkUsed));
            }
            let mut late = SignedIn::hashes_of(tx, user).await?;
            late.retain(|hash| !fenced.contains(hash));
            let ended = SignedIn::end_all(tx, user).await?;
            device::forget_all(tx, user).await?;
            let passkeys = Passkey::remove_since(tx, user, alarm.at).await?;
            reset_password::close(tx, user).await?;
            // Whoever asked for another address may be the one whom this answer is about.
            change_email::close(tx, user).await?;
            tx.audit(
                Entry::about(Event::AlarmRaised, Some(user), &asker.origin).with(&[
                    ("sessions_ended", &ended.to_string()),
                    ("passkeys_removed", &passkeys.to_string()),
                ]),
            )
            .await?;
            let frozen_until = freeze::begin(tx, user).await?;
            recover::begin(tx, platform, &person, BegunBy::Alarm).await?;
            tell_administrators(tx, platform, &person, frozen_until).await?;
            tx.enqueue(&Job::RequestPasswordReset {
                email: person.email,
                origin: asker.origin.clone(),
            })
            .await?;
            mark.note(tx, user).await?;
            Ok(late)
        })
        .await?;
    tracing::warn!(user.id = %user, "an alarm was raised: somebody says that what a notice told of wasn't them");
    // Sessions that began after the first fence: their rows are gone, and with this their copies.
    fence(platform, &late).await;
    Ok(user)
}

/// Writes to every administrator but the person: somebody may be inside an account who should not be.
async fn tell_administrators(
    tx: &mut Tx,
    platform: &Platform,
    person: &User,
    frozen_until: DateTime<Utc>,
) -> Result<()> {
    for administrator in User::administrators(tx).await? {
        if administrator.id == person.id {
            continue;
        }
        let message = Message::AlarmRaised {
            name: administrator.name.clone(),
            whose: person.email.clone(),
            until: frozen_until,
            zone: administrator.time_zone.clone(),
            link: platform.config.link("/account"),
        };
        tx.mail(&administrator.email, &administrator.locale, message)
            .await?;
    }
    Ok(())
}
