//! A sign-in in progress: what was proven, in one row that only the browser can name in which it began.

use chrono::Duration;
use uuid::Uuid;

use super::answer::{self, Looked, Who};
use super::factor::Factor;
use super::proven::Proven;
use super::recovery::{self, FreshCodes};
use super::sign_in_row::{Row, open};
use super::{Owed, Verdict, assess, sent_code, totp, trusted};
use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::freeze;
use crate::authentication::local_path::LocalPath;
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{fence, fence_person, fence_replaced, late_hashes};
use crate::authentication::sign_in::{Entered, enter};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::{PlainToken, TokenHash};
use crate::platform::limits::{CODE, address_key};
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result, sql};

/// How long somebody has for the second factor.
pub const LIFE: Duration = Duration::minutes(15);

/// Somebody at the door, and where they want to go.
pub struct Arrival<'a> {
    /// Stay signed in on this device.
    pub remember: bool,
    /// Beside the account that the browser is in.
    pub beside: bool,
    /// The session that an account begins with: nobody is told that its browser is a new one.
    pub is_first: bool,
    /// Where to go once signed in.
    pub next: Option<&'a LocalPath>,
    /// The browser.
    pub asker: &'a Asker,
}

/// How far somebody got.
pub enum Step {
    /// They are in.
    Entered(Box<Entered>),
    /// They owe something: the token of the sign-in, for a cookie of its own.
    Challenge(PlainToken),
}

impl Step {
    /// The session that it began.
    pub(in crate::authentication) fn session(&self) -> Option<Uuid> {
        match self {
            Self::Entered(entered) => Some(entered.session.session_id),
            Self::Challenge(_) => None,
        }
    }
}

/// The last step of every way in: lets somebody in, or begins a sign-in that waits for what they owe.
pub(in crate::authentication) async fn enter_or_ask(
    tx: &mut Tx,
    platform: &Platform,
    proven: Proven,
    arrival: &Arrival<'_>,
) -> Result<Step> {
    let person = proven.user().clone();
    let amr = proven.amr();
    let trusted = trusted::take(tx, person.id, arrival.asker).await?;
    match assess(tx, platform, proven, None, trusted).await? {
        Verdict::Enter(admission) => Ok(Step::Entered(Box::new(
            enter(tx, platform, admission, arrival).await?,
        ))),
        Verdict::Owes(owed) => Ok(Step::Challenge(begin(tx, &person, amr, &owed, arrival).await?)),
    }
}

async fn begin(
    tx: &mut Tx,
    user: &User,
    amr: &str,
    owed: &Owed,
    arrival: &Arrival<'_>,
) -> Result<PlainToken> {
    let token = PlainToken::generate(tx.entropy());
    let (id, now) = (tx.new_id(), tx.now());
    // A browser has one sign-in in progress: the one of before can't be named any more.
    if let Some(before) = &arrival.asker.flow {
        sql!(tx, execute "update sign_ins set ended_at = $1 where token_hash = $2 and ended_at is null",
            now, before.hash().as_bytes())?;
    }
    sql!(tx, execute
        "insert into sign_ins (id, token_hash, user_id, proven, remember, beside, is_first, next_path, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id, token.hash().as_bytes(), user.id, amr, arrival.remember, arrival.beside, arrival.is_first,
        arrival.next.map(LocalPath::as_str), now, now + LIFE)?;
    prepare(tx, user, id, owed).await?;
    tx.audit(Entry::own(Event::SignInChallenged, user.id, &arrival.asker.origin).with(&[("amr", amr)]))
        .await?;
    Ok(token)
}

/// What needs no wish of the person: the code goes out where there is nothing to choose, and the key of an app is made.
pub(super) async fn prepare(tx: &mut Tx, user: &User, id: Uuid, owed: &Owed) -> Result<()> {
    match owed {
        Owed::Factor(factors) if factors.first() == Some(&Factor::Mail) => {
            sent_code::mail_unasked(tx, user, id).await
        }
        Owed::Factor(_) | Owed::Passkey => Ok(()),
        Owed::Enrolment => totp::begin(tx, user.id, id).await,
    }
}

/// What came with an answer.
pub struct Answer<'a> {
    /// The name of the factor.
    pub factor: &'a str,
    /// As typed; of a passkey, its answer (`AuthenticationResponseJSON`).
    pub code: &'a str,
    /// Not to be asked in this browser for some time.
    pub trust: bool,
    /// Who asks; their `flow` names the sign-in.
    pub asker: &'a Asker,
}

/// How a sign-in ended, or that it goes on.
pub struct Progress {
    /// How far the person got.
    pub step: Step,
    /// Beside the account that the browser is in.
    pub beside: bool,
    /// Where to go.
    pub next: Option<LocalPath>,
    /// The codes to show, where an app was added.
    pub codes: Option<FreshCodes>,
}

/// Takes the answer to a second factor. The second post of a double click gets in as the first did:
/// [`sent_twice`](crate::authentication::sent_twice).
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::FactorUnknown`], and as [`answer::look`] says.
pub async fn give(platform: &Platform, given: Answer<'_>) -> Result<Progress> {
    let Some(token) = given.asker.flow.as_ref().map(PlainToken::reveal) else {
        return Err(Error::form(Code::SignInOver));
    };
    let secret = format!("{} {} {}", token, given.factor, given.code.trim());
    let mark = Mark::of(given.asker, "sign-in-challenge", &secret);
    let asker = given.asker;
    match give_once(platform, given, mark).await {
        // Before, between or after the steps of the first post: whatever it was refused for, it is the same answer.
        Err(error @ Error::Refused(_)) => match mark.same_session(platform, asker).await? {
            Some(step) => repeated(platform, asker, step).await,
            None => Err(error),
        },
        done => done,
    }
}

/// Where the sign-in of a browser led that is over.
async fn repeated(platform: &Platform, asker: &Asker, step: Step) -> Result<Progress> {
    let token = asker.flow.as_ref().map(PlainToken::hash);
    let row = platform
        .db
        .read(async |tx| {
            sql!(
                tx,
                fetch_optional(bool, Option<String>),
                "select beside, next_path from sign_ins where token_hash = $1",
                token.as_ref().map(TokenHash::as_bytes)
            )
        })
        .await?;
    let (beside, next) = row.unwrap_or_default();
    Ok(Progress {
        step,
        beside,
        next: next.as_deref().and_then(LocalPath::parse),
        codes: None,
    })
}

async fn give_once(platform: &Platform, given: Answer<'_>, mark: Mark) -> Result<Progress> {
    let (token, row, user) = open(platform, given.asker).await?;
    let factor = Factor::parse(given.factor);
    let owed = platform
        .db
        .read(async |tx| row.owed(tx, platform, &user).await)
        .await?;
    let factor = match (owed, factor) {
        (Some(Owed::Factor(askable)), Some(factor)) if askable.contains(&factor) => factor,
        (Some(Owed::Factor(_)), _) => return Err(Error::form(Code::FactorUnknown)),
        _ => return Err(Error::form(Code::SignInOver)),
    };
    let who = Who {
        user: &user,
        holder: row.id,
        asker: given.asker,
    };
    let looked = answer::look(platform, &who, factor, given.code).await?;
    fence_replaced(platform, given.asker).await?;
    let done = platform
        .db
        .write(async |tx| {
            row.hold(tx, &user).await?;
            let Some(factor) = Looked::use_up(looked, tx, platform, &who).await? else {
                return Ok(None);
            };
            let step = row
                .go_on(
                    tx,
                    platform,
                    &token,
                    user.clone(),
                    factor,
                    given.trust,
                    given.asker,
                )
                .await?;
            mark.note_step(tx, user.id, &step, None).await?;
            Ok(Some(step))
        })
        .await?;
    match done {
        Some(step) => Ok(row.progress(step, None)),
        None => Err(answer::wrong(platform, user.id, factor, &given.asker.origin).await?),
    }
}

/// Takes the first code of an app that is added because the person must have one.
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::Required`], [`Code::FactorWrong`], [`Code::ChangesFrozen`] or
/// [`Code::TooManyAttempts`]; [`Error::Busy`] when too many passwords are being hashed.
pub async fn enrol(platform: &Platform, code: &str, asker: &Asker) -> Result<Progress> {
    let over = || Error::form(Code::SignInOver);
    let (token, row, user) = open(platform, asker).await?;
    freeze::check_first(platform, user.id).await?;
    let code = answer::plain(code)?;
    platform.limiter.pass(&CODE, &address_key(asker.address)).await?;
    let begun = platform
        .db
        .read(async |tx| match row.owed(tx, platform, &user).await? {
            Some(Owed::Enrolment) => totp::Open::of(tx, user.id, row.id).await,
            _ => Ok(None),
        })
        .await?
        .ok_or_else(over)?;
    let Some(step) = begun.step_of(platform, user.id, &code)? else {
        return Err(Error::field(Field::Code, Code::FactorWrong));
    };
    let codes = recovery::fresh(platform).await?;
    // Their other sessions have to show that they have a second factor now.
    let fenced = fence_person(platform, user.id).await?;
    fence_replaced(platform, asker).await?;
    let (step, late) = platform
        .db
        .write(async |tx| {
            row.hold(tx, &user).await?;
            freeze::check(tx, user.id).await?;
            let factor = begun.confirm(tx, user.id, step).await?.ok_or_else(over)?;
            super::manage::added(tx, platform, &user, Factor::Totp, Some(&codes), &asker.origin).await?;
            let step = row
                .go_on(tx, platform, &token, user.clone(), factor, false, asker)
                .await?;
            Ok((step, late_hashes(tx, user.id, &fenced).await?))
        })
        .await?;
    fence(platform, &late).await;
    Ok(row.progress(step, Some(codes)))
}

/// Sends a code for the sign-in of this browser; one of before stops working. `factor`: the name of one whose codes are sent.
///
/// # Errors
/// Refused with [`Code::SignInOver`], [`Code::FactorUnknown`], [`Code::TooManyAttempts`], [`Code::SmsOff`] or
/// [`Code::SmsSpent`].
pub async fn send(platform: &Platform, factor: &str, asker: &Asker) -> Result<Factor> {
    let (_, row, user) = open(platform, asker).await?;
    let owed = platform
        .db
        .read(async |tx| row.owed(tx, platform, &user).await)
        .await?;
    let factor = match (owed, Factor::parse(factor)) {
        (Some(Owed::Factor(askable)), Some(factor)) if askable.contains(&factor) => factor,
        _ => return Err(Error::form(Code::FactorUnknown)),
    };
    sent_code::pass(platform, user.id).await?;
    platform
        .db
        .write(async |tx| {
            row.hold(tx, &user).await?;
            sent_code::send(tx, platform, &user, row.id, factor).await
        })
        .await?;
    Ok(factor)
}

/// The sign-in of this browser, if a passkey is one of the things that it waits for: its id, and whose it is.
///
/// # Errors
/// Refused with [`Code::SignInOver`] or [`Code::FactorUnknown`].
pub(in crate::authentication) async fn asked_for_passkey(
    platform: &Platform,
    asker: &Asker,
) -> Result<(Uuid, UserId)> {
    let (_, row, user) = open(platform, asker).await?;
    let owed = platform
        .db
        .read(async |tx| row.owed(tx, platform, &user).await)
        .await?;
    if !matches!(owed, Some(Owed::Factor(askable)) if askable.contains(&Factor::Passkey)) {
        return Err(Error::form(Code::FactorUnknown));
    }
    Ok((row.id, user.id))
}

/// The sign-in of this browser, if it waits for a passkey to be made.
///
/// # Errors
/// Refused with [`Code::SignInOver`].
pub(super) async fn owing_passkey(platform: &Platform, asker: &Asker) -> Result<(PlainToken, Row, User)> {
    let (token, row, user) = open(platform, asker).await?;
    let owed = platform
        .db
        .read(async |tx| row.owed(tx, platform, &user).await)
        .await?;
    match owed {
        Some(Owed::Passkey) => Ok((token, row, user)),
        _ => Err(Error::form(Code::SignInOver)),
    }
}

/// Ends the sign-in of this browser.
pub async fn cancel(platform: &Platform, asker: &Asker) -> Result<()> {
    let Some(token) = &asker.flow else { return Ok(()) };
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            sql!(tx, execute "update sign_ins set ended_at = $1 where token_hash = $2 and ended_at is null",
                now, token.hash().as_bytes())?;
            Ok(())
        })
        .await
}

/// Ends every sign-in of a person that is in progress, before their sessions end: what they proved is worth nothing any more.
pub(in crate::authentication) async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute "update sign_ins set ended_at = $1 where user_id = $2 and ended_at is null", now, user)?;
    Ok(())
}
