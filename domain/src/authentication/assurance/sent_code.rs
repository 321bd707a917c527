//! Codes that are sent, as a second factor: six digits, by mail or as a text message, for ten minutes, once, bound to the
//! sign-in or the session that asked for them and to where they went (ASVS 6.5.5, 6.6.2). A newer code makes the older one
//! worthless, whichever way it went.

use chrono::Duration;
use uuid::Uuid;

use super::factor::Factor;
use super::phone;
use super::proven::UsedUp;
use crate::notification::message::Message;
use crate::notification::sms;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::Keys;
use crate::platform::limits::FACTOR_CODE;
use crate::users::phone::PhoneNumber;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// How long a code works.
pub const LIFE: Duration = Duration::minutes(10);
/// Misses after which a code is dead: of 1,000,000 at most 5 are tried on one code (ASVS 6.6.3).
const MAX_MISSES: i64 = 5;
/// How many codes a person has got lately before a sign-in no longer sends one by itself: whoever knows the password can
/// begin as many as they like, and must not fill the inbox.
const UNASKED: i64 = 3;
/// What "lately" is.
const UNASKED_IN: Duration = Duration::minutes(10);
const PURPOSE: &str = "mail code";

/// Where a code goes, and so what it proves when it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::authentication) enum Channel {
    /// To the address of the account.
    Mail,
    /// To the telephone of the account.
    Sms(PhoneNumber),
    /// To a telephone that is being added: such a code is no factor yet.
    NewPhone(PhoneNumber),
}

impl Channel {
    /// The way that the codes of a factor of this person go. `None`: none are sent, or the person has no telephone.
    pub async fn of(tx: &mut Tx, factor: Factor, user: UserId) -> Result<Option<Self>> {
        Ok(match factor {
            Factor::Mail => Some(Self::Mail),
            Factor::Sms => phone::of(tx, user).await?.map(|phone| Self::Sms(phone.number)),
            Factor::Passkey | Factor::Totp | Factor::Recovery => None,
        })
    }

    /// The name in the table.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms(_) => "sms",
            Self::NewPhone(_) => "new-phone",
        }
    }

    /// What the HMAC of a code is over: never the same for two ways, so that no code is taken for one of another.
    fn bound(&self, user: UserId, holder: Uuid, code: &str) -> Vec<u8> {
        let common = [user.as_bytes().as_slice(), holder.as_bytes(), code.as_bytes()].concat();
        match self {
            Self::Mail => common,
            Self::Sms(number) | Self::NewPhone(number) => {
                let way = format!(" {} {}", self.as_str(), number.as_str());
                [common, way.into_bytes()].concat()
            }
        }
    }
}

/// Sends a code that somebody asked for by a button. `factor`: one that the person was found to have. The caller has let
/// [`pass`] count it.
///
/// # Errors
/// Refused with [`Code::FactorUnknown`] when no codes of it are sent, [`Code::SmsOff`] or [`Code::SmsSpent`].
pub(in crate::authentication) async fn send(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    holder: Uuid,
    factor: Factor,
) -> Result<()> {
    let channel = Channel::of(tx, factor, user.id).await?;
    let channel = channel.ok_or_else(|| Error::form(Code::FactorUnknown))?;
    send_by(tx, platform, user, holder, &channel).await
}

/// Sends a code this way.
///
/// # Errors
/// Refused with [`Code::SmsOff`] or [`Code::SmsSpent`]: then nothing may be committed.
pub(super) async fn send_by(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    holder: Uuid,
    channel: &Channel,
) -> Result<()> {
    match channel {
        Channel::Mail => send_mail(tx, user, holder).await,
        Channel::Sms(number) | Channel::NewPhone(number) => {
            // A number of before, in a country that was taken off the list since, gets nothing either.
            if !platform.config.sms.is_on() || !platform.config.sms.reaches(number.country()) {
                return Err(Error::form(Code::SmsOff));
            }
            sms::take_for(tx, platform, user.id, number).await?;
            let code = make(tx, user.id, holder, channel).await?;
            tx.text(user, number, code, LIFE).await
        }
    }
}

async fn send_mail(tx: &mut Tx, user: &User, holder: Uuid) -> Result<()> {
    let code = make(tx, user.id, holder, &Channel::Mail).await?;
    let message = Message::FactorCode {
        name: user.name.clone(),
        code,
        code_life: LIFE.num_seconds().unsigned_abs(),
    };
    tx.mail(&user.email, &user.locale, message).await
}

/// Counts a wish for a code.
///
/// # Errors
/// Refused with [`Code::TooManyAttempts`].
pub(in crate::authentication) async fn pass(platform: &Platform, user: UserId) -> Result<()> {
    platform.limiter.pass(&FACTOR_CODE, user.as_bytes()).await
}

/// Mails a code that nobody asked for by a button, because there is nothing else to give: unless the person got several
/// just now. Then the page has the button, with its limit. A text message never goes out unasked: it costs.
pub(super) async fn mail_unasked(tx: &mut Tx, user: &User, holder: Uuid) -> Result<()> {
    let since = tx.now() - UNASKED_IN;
    let (recent,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from mail_codes where user_id = $1 and created_at > $2", user.id, since)?;
    if recent < UNASKED {
        send_mail(tx, user, holder).await?;
    }
    Ok(())
}

/// Draws a code, and puts it in the place of the one before.
async fn make(tx: &mut Tx, user: UserId, holder: Uuid, channel: &Channel) -> Result<String> {
    let code = tx.entropy().digits(6);
    let mac = tx.keys().tag(PURPOSE, &channel.bound(user, holder, &code));
    let now = tx.now();
    sql!(tx, execute
        "insert into mail_codes (holder_id, user_id, channel, code_mac, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (holder_id) do update set user_id = excluded.user_id, channel = excluded.channel,
            code_mac = excluded.code_mac, misses = 0, created_at = excluded.created_at, expires_at = excluded.expires_at,
            consumed_at = null",
        holder, user, channel.as_str(), mac, now, now + LIFE)?;
    Ok(code)
}

/// Takes one of the five looks at a code that went this way, and gives what it is compared with. `None`: there is none that
/// works.
pub(super) async fn take_look(
    tx: &mut Tx,
    user: UserId,
    holder: Uuid,
    channel: &Channel,
) -> Result<Option<Vec<u8>>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<Vec<u8>>,
        "update mail_codes set misses = misses + 1
         where holder_id = $1 and user_id = $2 and channel = $3 and consumed_at is null and expires_at > $4 and misses < $5
         returning code_mac",
        holder, user, channel.as_str(), now, MAX_MISSES)?;
    Ok(found.map(|(mac,)| mac))
}

/// Whether this is the code.
pub(super) fn is_right(
    keys: &Keys,
    user: UserId,
    holder: Uuid,
    channel: &Channel,
    code: &str,
    mac: &[u8],
) -> bool {
    keys.verify_tag(PURPOSE, &channel.bound(user, holder, code), mac)
}

/// Uses a code up, once.
pub(super) async fn use_up(tx: &mut Tx, holder: Uuid, mac: &[u8]) -> Result<Option<UsedUp>> {
    let now = tx.now();
    let changed = sql!(tx, execute
        "update mail_codes set consumed_at = $1 where holder_id = $2 and code_mac = $3 and consumed_at is null and expires_at > $1",
        now, holder, mac)?;
    Ok(UsedUp::by(changed))
}

/// The factor whose code went out for a sign-in or a session, and still works.
pub(in crate::authentication) async fn sent(tx: &mut Tx, holder: Uuid) -> Result<Option<Factor>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<String>,
        "select channel from mail_codes where holder_id = $1 and consumed_at is null and expires_at > $2", holder, now)?;
    Ok(found.and_then(|(channel,)| Factor::parse(&channel)))
}

/// Wants to be asked for codes by mail, or no longer. `false`: it was so already.
pub(super) async fn switch_mail(tx: &mut Tx, user: UserId, on: bool) -> Result<bool> {
    let now = tx.now();
    let changed = if on {
        sql!(tx, execute
            "insert into mail_factors (user_id, created_at) values ($1, $2) on conflict (user_id) do nothing", user, now)?
    } else {
        sql!(tx, execute "delete from mail_factors where user_id = $1", user)?
    };
    Ok(changed == 1)
}
