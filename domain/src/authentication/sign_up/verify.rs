//! The proof of a sign-up: the link of its mail, or the code. It makes the account.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{CODE_PURPOSE, MAX_CODE_MISSES, Row, address, bound_code};
use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::Proven;
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::local_path::LocalPath;
use crate::authentication::passkeys::sign_up::Waiting;
use crate::authentication::password::{Password, StoredPassword, identity_words};
use crate::authentication::sent_twice::{Mark, is_second};
use crate::authentication::session::fence_replaced;
use crate::authentication::sign_up_budget;
use crate::notification::message::Message;
use crate::platform::Platform;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{CODE, CODE_RETRY, FREE_CODE_MISSES, address_key};
use crate::users::email::Email;
use crate::users::user::{NewUser, User};
use crate::{Code, Error, Field, Refusal, Result, sql};

/// How somebody proves that the mail reached them.
pub enum Proof {
    /// The token of the link. In another browser than the one that signed up, the password is set by what is typed.
    Link {
        /// As it stands in the link.
        token: String,
        /// As typed, where the page asked for it.
        password: Option<String>,
    },
    /// The code, typed in the browser that signed up.
    Code(String),
}

/// What came with a proof.
pub struct Verification {
    /// The proof.
    pub proof: Proof,
    /// The row that the browser's sealed cookie names.
    pub pending: Option<Uuid>,
    /// Who asks.
    pub asker: Asker,
}

impl Verification {
    fn mark(&self, ending: &str) -> Mark {
        match &self.proof {
            Proof::Link { token, .. } => Mark::of(&self.asker, &format!("sign-up link {ending}"), token),
            Proof::Code(code) => {
                let id = self.pending.unwrap_or_default();
                let secret = format!("{id} {}", digits(code));
                Mark::of(&self.asker, &format!("sign-up code {ending}"), &secret)
            }
        }
    }
}

/// How a sign-up ended.
pub enum Verified {
    /// The account is there, and its owner in it.
    Arrived(Box<Step>),
    /// The account is there; its owner signs in with the passkey that they signed up with.
    PasskeyNext,
}

/// What is noted for the second post of a double click. Apart for the two endings: a session is begun again only where the
/// first post had begun one.
#[derive(Clone, Copy)]
struct Marks {
    arrived: Mark,
    passkey_next: Mark,
}

/// Makes the account and lets its owner in; whoever signed up with a passkey signs in with it next, which no link and no
/// code can stand in for. Of many at once, one succeeds.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`], [`Code::CodeInvalid`],
/// [`Code::CodeExpired`], a password fault, [`Code::EmailDomain`] or [`Code::SignUpClosed`] when the rule is another one by now, or [`Code::TooManyAttempts`]. The second post of a double click ends as the first
/// did: [`sent_twice`](crate::authentication::sent_twice).
pub async fn verify(
    platform: &Platform,
    verification: Verification,
) -> Result<(Verified, Option<LocalPath>)> {
    platform.settings().check_sign_up()?;
    let asker = verification.asker.clone();
    platform.limiter.pass(&CODE, &address_key(asker.address)).await?;
    let marks = Marks {
        arrived: verification.mark("arrived"),
        passkey_next: verification.mark("passkey next"),
    };
    let error = match verify_once(platform, verification, marks).await {
        Err(error) if is_second(&error) => error,
        done => return done,
    };
    if marks.passkey_next.repeated(platform).await?.is_some() {
        return Ok((Verified::PasskeyNext, None));
    }
    let (step, next) = marks.arrived.same_step(platform, &asker, Err(error)).await?;
    Ok((Verified::Arrived(Box::new(step)), next))
}

async fn verify_once(
    platform: &Platform,
    verification: Verification,
    marks: Marks,
) -> Result<(Verified, Option<LocalPath>)> {
    let Verification {
        proof,
        pending,
        asker,
    } = verification;
    let (row, password) = match proof {
        Proof::Link { token, password } => by_link(platform, &token, password.as_deref(), pending).await?,
        Proof::Code(code) => (by_code(platform, &code, pending).await?, None),
    };
    address(&platform.settings(), &row.email).map_err(Error::form)?;
    // A passkey counts in the browser that made it. In another one a password was typed just now, and the passkey of
    // whoever asked for the account is nobody's.
    let passkey = match (&password, &row.passkey) {
        (None, Some(passkey)) => Some(Waiting::parse(passkey)?),
        _ => None,
    };
    let stored = password.unwrap_or_else(|| StoredPassword {
        phc: row.phc.clone(),
        pepper_id: row.pepper_id.clone(),
    });
    let next = row.next_path.as_deref().and_then(LocalPath::parse);
    fence_replaced(platform, &asker).await?;
    let verified = platform
        .db
        .write(async |tx| {
            let used = row.consume(tx).await?;
            let new = NewUser {
                id: passkey.as_ref().map(|passkey| passkey.user),
                name: &row.name,
                email: &row.email,
                email_key: &row.email_key,
                language: platform.settings().languages.of(&row.locale),
                administrator: false,
            };
            let Some(user) = User::create(tx, new).await? else {
                // Another sign-up for this address was faster.
                return Err(Error::form(Code::LinkUsed));
            };
            match &passkey {
                Some(passkey) => passkey.set(tx).await?,
                None => stored.set(tx, user.id).await?,
            }
            tx.audit(Entry::own(Event::SignedUp, user.id, &asker.origin))
                .await?;
            let message = Message::Welcome {
                name: user.name.clone(),
                account_link: platform.config.link("/account"),
            };
            tx.mail(&user.email, &user.locale, message).await?;
            if passkey.is_some() {
                marks.passkey_next.note(tx, user.id).await?;
                return Ok(Verified::PasskeyNext);
            }
            let arrival = Arrival {
                remember: false,
                beside: false,
                is_first: true,
                next: next.as_ref(),
                asker: &asker,
            };
            let id = user.id;
            let step = enter_or_ask(tx, platform, Proven::new_password(user, &used), &arrival).await?;
            marks.arrived.note_step(tx, id, &step, next.as_ref()).await?;
            Ok(Verified::Arrived(Box::new(step)))
        })
        .await?;
    metrics::counter!("latchstring_sign_ups_total", "outcome" => "completed").increment(1);
    Ok((verified, next))
}

async fn by_link(
    platform: &Platform,
    token: &str,
    password: Option<&str>,
    pending: Option<Uuid>,
) -> Result<(Row, Option<StoredPassword>)> {
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = platform
        .db
        .read(async |tx| Row::by_link(tx, &token).await)
        .await?;
    let row = row.ok_or_else(|| Error::form(Code::LinkInvalid))?;
    row.check_open(platform.clock.now())?;
    if pending == Some(row.id) {
        return Ok((row, None));
    }
    let email = Email::parse(&row.email).ok();
    let settings = platform.settings();
    let identity = identity_words(&row.name, email.as_ref(), &settings.product_name);
    let password = Password::new(password.unwrap_or_default(), settings.password, &identity)
        .map_err(|code| Error::field(Field::Password, code))?;
    let stored = platform.hasher.hash(&password).await?;
    Ok((row, Some(stored)))
}

/// A code without what people type between its digits.
fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// A try at a code is counted before the code is looked at, as is an attempt at a password.
async fn by_code(platform: &Platform, code: &str, pending: Option<Uuid>) -> Result<Row> {
    let code = digits(code);
    if code.is_empty() {
        return Err(Error::field(Field::Code, Code::Required));
    }
    let id = pending.ok_or_else(|| Error::field(Field::Code, Code::CodeElsewhere))?;
    let row = platform
        .db
        .write(async |tx| {
            let now = tx.now();
            let counted = sql!(tx, fetch_optional Row,
                "update sign_ups set code_misses = code_misses + 1,
                    code_blocked_until = case when code_misses + 1 >= $1 then $2 else null end
                 where id = $3 and consumed_at is null and code_expires_at > $4 and code_misses < $5
                    and (code_blocked_until is null or code_blocked_until <= $4)
                 returning id, name, email, email_key, phc, pepper_id, passkey, code_mac, next_path, locale, expires_at, consumed_at",
                i64::from(FREE_CODE_MISSES), now + CODE_RETRY.window, id, now, MAX_CODE_MISSES)?;
            if let Some(row) = counted {
                let within = match Email::parse(&row.email) {
                    Ok(email) => sign_up_budget::take_code(tx, email.key()).await?,
                    Err(_) => false,
                };
                return Ok(within.then_some(row));
            }
            let blocked = sql!(tx, fetch_optional (i64, Option<DateTime<Utc>>, DateTime<Utc>, Option<DateTime<Utc>>),
                "select code_misses, code_blocked_until, code_expires_at, consumed_at from sign_ups where id = $1", id)?;
            Err(match blocked {
                Some((_, _, _, Some(_))) => Error::form(Code::LinkUsed),
                Some((misses, Some(until), _, _)) if misses < MAX_CODE_MISSES && until > now => {
                    Error::Refused(Refusal::too_many((until - now).to_std().unwrap_or_default()))
                }
                Some((misses, _, expires, _)) if misses >= MAX_CODE_MISSES || expires <= now => {
                    Error::field(Field::Code, Code::CodeExpired)
                }
                _ => Error::field(Field::Code, Code::CodeInvalid),
            })
        })
        .await?;
    // The address has had its codes for today: only the link still works.
    let row = row.ok_or_else(|| Error::field(Field::Code, Code::CodeExpired))?;
    if platform
        .keys
        .verify_tag(CODE_PURPOSE, &bound_code(row.id, &code), &row.code_mac)
    {
        Ok(row)
    } else {
        Err(Error::field(Field::Code, Code::CodeInvalid))
    }
}
