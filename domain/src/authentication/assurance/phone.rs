//! The telephone of a person, for codes by text message: one number, proven by a code that was sent to it, sealed for its
//! owner. Several people may have the same one: a family, or one person with two accounts.
//!
//! NIST SP 800-63B-4 calls such codes restricted (§3.1.3.3, §3.2.9): a number can be taken over, and a message intercepted.
//! So the operator has to switch them on, people are told before, and administrators can't have them.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::added_twice::or_before;
use super::factor::{Enrolled, Factor};
use super::manage::{Added, add, check_adding, held, policy};
use super::proven::{Given, UsedUp};
use super::sent_code::{self, Channel};
use super::{answer, failures};
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::Keys;
use crate::platform::limits::{CODE, address_key};
use crate::users::phone::PhoneNumber;
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// How long a telephone that is being added waits for its code: as long as the newest code can work, and some tries.
const ENROLMENT_LIFE: Duration = Duration::hours(1);

/// A telephone that counts.
#[derive(Debug)]
pub(crate) struct Phone {
    /// Its number.
    pub number: PhoneNumber,
    /// When it was proven.
    pub added_at: DateTime<Utc>,
}

/// The telephone of a person.
pub(crate) async fn of(tx: &mut Tx, user: UserId) -> Result<Option<Phone>> {
    let row = sql!(
        tx,
        fetch_optional(Vec<u8>, DateTime<Utc>),
        "select sealed, created_at from phones where user_id = $1",
        user
    )?;
    row.map(|(sealed, added_at)| {
        let number = open(tx.keys(), user, &sealed)?;
        Ok(Phone { number, added_at })
    })
    .transpose()
}

/// The numbers that a person has, and is adding; not those whose key is lost.
pub(crate) async fn numbers(tx: &mut Tx, user: UserId) -> Result<Vec<PhoneNumber>> {
    let rows = sql!(tx, fetch_all crate::platform::db::One<Vec<u8>>,
        "select sealed from phones where user_id = $1 union all select sealed from phone_enrolments where user_id = $1", user)?;
    let numbers = rows.iter().map(|(sealed,)| open(tx.keys(), user, sealed));
    Ok(numbers.filter_map(Result::ok).collect())
}

/// Takes the telephone of a person away, and what they were adding; `false`: there was none.
pub(super) async fn remove(tx: &mut Tx, user: UserId) -> Result<bool> {
    sql!(tx, execute "delete from phone_enrolments where user_id = $1", user)?;
    Ok(sql!(tx, execute "delete from phones where user_id = $1", user)? == 1)
}

/// Begins to add a telephone, in the place of the one that the person has: sends a code to the number. Once more with the
/// same number, or with another one, the code before is worthless.
///
/// # Errors
/// Refused with [`Code::SmsOff`], [`Code::FactorOff`], [`Code::Required`], [`Code::PhoneInvalid`], [`Code::PhoneCountry`],
/// [`Code::TooManyAttempts`], [`Code::SmsSpent`], [`Code::ChangesFrozen`] or [`Code::SignedOut`].
pub async fn begin(platform: &Platform, session: &SignedIn, typed: &str) -> Result<()> {
    check(platform, session)?;
    let sms = &platform.config.sms;
    let number = PhoneNumber::parse(typed, sms.home()).map_err(|code| Error::field(Field::Phone, code))?;
    if !sms.reaches(number.country()) {
        return Err(Error::field(Field::Phone, Code::PhoneCountry));
    }
    send_to(platform, session, number).await
}

/// Sends another code to the telephone that is being added.
///
/// # Errors
/// Refused with [`Code::FactorOver`] when none is, and as [`begin`] says.
pub async fn send_again(platform: &Platform, session: &SignedIn) -> Result<()> {
    check(platform, session)?;
    let open = platform
        .db
        .read(async |tx| Open::of(tx, session.user_id, session.session_id).await)
        .await?;
    let open = open.ok_or_else(|| Error::form(Code::FactorOver))?;
    send_to(platform, session, open.number).await
}

async fn send_to(platform: &Platform, session: &SignedIn, number: PhoneNumber) -> Result<()> {
    let (user, holder) = (session.user_id, session.session_id);
    freeze::check_first(platform, user).await?;
    sent_code::pass(platform, user).await?;
    platform
        .db
        .write(async |tx| {
            let person = held(tx, session).await?;
            let sealed = seal(tx, user, &number)?;
            let (id, now) = (tx.new_id(), tx.now());
            sql!(tx, execute
                "insert into phone_enrolments (holder_id, id, user_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
                 on conflict (holder_id) do update set id = excluded.id, user_id = excluded.user_id, sealed = excluded.sealed,
                    created_at = excluded.created_at, expires_at = excluded.expires_at",
                holder, id, user, sealed, now, now + ENROLMENT_LIFE)?;
            let channel = Channel::NewPhone(number.clone());
            sent_code::send_by(tx, platform, &person, holder, &channel).await
        })
        .await
}

/// The number that is being added in this session, masked.
pub async fn begun(platform: &Platform, session: &SignedIn) -> Result<Option<String>> {
    let open = platform
        .db
        .read(async |tx| Open::of(tx, session.user_id, session.session_id).await)
        .await?;
    Ok(open.map(|open| open.number.masked()))
}

/// Adds the telephone, by the code that was sent to it. Of many at once, one succeeds. The second post of a double click finds nobody signed in
/// (`session`), and is given what the first one was.
///
/// # Errors
/// Refused with [`Code::Required`], [`Code::FactorWrong`], [`Code::CodeExpired`], [`Code::FactorOver`] (nothing is being added
/// here any more), [`Code::SmsOff`], [`Code::FactorOff`], [`Code::TooManyAttempts`], [`Code::ChangesFrozen`] or
/// [`Code::SignedOut`]; [`Error::Busy`].
pub async fn confirm(
    platform: &Platform,
    session: Option<&SignedIn>,
    code: &str,
    asker: &Asker,
) -> Result<Added> {
    let mark = Mark::in_session(asker, "confirm-phone", code.trim());
    let done = match session {
        Some(session) => confirm_once(platform, session, code, asker, mark).await,
        None => Err(Error::form(Code::SignedOut)),
    };
    or_before(platform, mark, done).await
}

async fn confirm_once(
    platform: &Platform,
    session: &SignedIn,
    code: &str,
    asker: &Asker,
    mark: Mark,
) -> Result<Added> {
    check(platform, session)?;
    let code = answer::plain(code)?;
    platform.limiter.pass(&CODE, &address_key(asker.address)).await?;
    let (user, holder) = (session.user_id, session.session_id);
    let over = || Error::form(Code::FactorOver);
    let (open, mac, enrolled) = platform
        .db
        .write(async |tx| {
            let open = Open::of(tx, user, holder).await?.ok_or_else(over)?;
            // Counted before it is looked at: of one code at most five are.
            let mac = sent_code::take_look(tx, user, holder, &open.channel()).await?;
            let mac = mac.ok_or_else(|| Error::field(Field::Code, Code::CodeExpired))?;
            Ok((open, mac, Enrolled::of(tx, user).await?))
        })
        .await?;
    if !sent_code::is_right(&platform.keys, user, holder, &open.channel(), &code, &mac) {
        return Err(Error::field(Field::Code, Code::FactorWrong));
    }
    add(
        platform,
        session,
        Factor::Sms,
        enrolled,
        asker,
        mark,
        async |tx| {
            let used = sent_code::use_up(tx, holder, &mac).await?.ok_or_else(over)?;
            open.confirm(tx, user, &used).await?.ok_or_else(over)
        },
    )
    .await
}

/// Whether this person may add a telephone here: where messages go out, and where they would do (not for administrators).
pub fn may_add(platform: &Platform, session: &SignedIn) -> bool {
    let policy = policy(platform, session);
    platform.config.sms.is_on() && policy.allows_adding() && Factor::Sms.will_do(policy.least())
}

fn check(platform: &Platform, session: &SignedIn) -> Result<()> {
    check_adding(platform, session)?;
    if may_add(platform, session) {
        Ok(())
    } else {
        Err(Error::form(Code::SmsOff))
    }
}

/// A telephone that is being added.
struct Open {
    id: Uuid,
    number: PhoneNumber,
}

impl Open {
    async fn of(tx: &mut Tx, user: UserId, holder: Uuid) -> Result<Option<Self>> {
        let now = tx.now();
        let row = sql!(
            tx,
            fetch_optional(Uuid, Vec<u8>),
            "select id, sealed from phone_enrolments where holder_id = $1 and user_id = $2 and expires_at > $3",
            holder,
            user,
            now
        )?;
        row.map(|(id, sealed)| {
            let number = open(tx.keys(), user, &sealed)?;
            Ok(Self { id, number })
        })
        .transpose()
    }

    fn channel(&self) -> Channel {
        Channel::NewPhone(self.number.clone())
    }

    /// Makes the telephone the person's, in the place of the one that they had. `None`: it was added a moment ago, or begun
    /// anew.
    async fn confirm(self, tx: &mut Tx, user: UserId, code: &UsedUp) -> Result<Option<Given>> {
        let gone =
            sql!(tx, execute "delete from phone_enrolments where id = $1 and user_id = $2", self.id, user)?;
        if gone == 0 {
            return Ok(None);
        }
        sql!(tx, execute "delete from phone_enrolments where user_id = $1", user)?;
        let sealed = seal(tx, user, &self.number)?;
        let (id, now) = (tx.new_id(), tx.now());
        sql!(tx, execute
            "insert into phones (user_id, id, sealed, created_at) values ($1, $2, $3, $4)
             on conflict (user_id) do update set id = excluded.id, sealed = excluded.sealed, created_at = excluded.created_at",
            user, id, sealed, now)?;
        failures::clear(tx, user, Factor::Sms).await?;
        Ok(Some(Given::new(user, Factor::Sms, code)))
    }
}

/// The purpose of a person's number: one that was moved to another row opens for nobody.
pub(super) fn purpose(user: UserId) -> String {
    format!("phone number {}", user.simple())
}

fn seal(tx: &Tx, user: UserId, number: &PhoneNumber) -> Result<Vec<u8>> {
    tx.keys()
        .seal(&purpose(user), number.as_str().as_bytes(), tx.entropy())
}

fn open(keys: &Keys, user: UserId, sealed: &[u8]) -> Result<PhoneNumber> {
    let plain = String::from_utf8(keys.open(&purpose(user), sealed)?).map_err(|_| Error::Sealed)?;
    // It was one when it was added; the library's list of numbers may have changed since.
    Ok(PhoneNumber::stored(plain))
}
