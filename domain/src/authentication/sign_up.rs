//! Signing up: a pending row, a mail with a link and a code, and an account once the address is proven.
//!
//! A known address takes the same path and the same time; its owner is told by mail that they have an account.
//! The link or code alone does not let in whoever signed up: what counts is that the same browser comes back with it
//! (a sealed cookie names the row), or that the password is typed again. Otherwise an attacker could sign up with
//! somebody's address and a password of their own, and wait for the owner to click.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::{Proven, UsedUp};
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::change_email;
use crate::authentication::local_path::LocalPath;
use crate::authentication::password::{Password, StoredPassword, identity_words};
use crate::authentication::session::fence_replaced;
use crate::authentication::sign_up_budget;
use crate::notification::message::Message;
use crate::platform::Platform;
use crate::platform::config::SignUp;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{CODE, CODE_RETRY, FREE_CODE_MISSES, RESEND, SIGN_UP, address_key};
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::{NewUser, User};
use crate::words::Language;
use crate::{Code, Error, Faults, Field, Refusal, Result, sql};

/// How long the link in the mail works.
pub const LINK_LIFE: Duration = Duration::hours(24);
/// How long the code in the mail works (ASVS 6.5.5).
pub const CODE_LIFE: Duration = Duration::minutes(10);
/// Misses after which a code is dead: at most 5 of 1,000,000 are ever tried on one code (ASVS 6.6.3).
const MAX_CODE_MISSES: i64 = 5;

const CODE_PURPOSE: &str = "sign-up code";

/// What came with the form and its request.
pub struct Request {
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// Where to go once signed in.
    pub next: Option<LocalPath>,
    /// The language of the page: of the mails, and of the account that comes of it.
    pub language: Language,
    /// Who asks.
    pub asker: Asker,
}

/// A sign-up that waits for its proof: `id` goes into the browser's sealed cookie.
#[derive(Debug)]
pub struct Pending {
    /// The row.
    pub id: Uuid,
    /// The address that mail went to, as typed.
    pub email: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    email: String,
    email_key: String,
    phc: String,
    pepper_id: Vec<u8>,
    code_mac: Vec<u8>,
    next_path: Option<String>,
    locale: String,
    expires_at: DateTime<Utc>,
    consumed_at: Option<DateTime<Utc>>,
}

/// What a link is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works. `same_browser`: this browser signed up, so one click is enough.
    Fresh {
        /// The address it proves.
        email: String,
        /// Whether the password must be typed again (`false`) or not.
        same_browser: bool,
    },
    /// It did its work.
    Used,
    /// It is too old.
    Expired,
    /// It is none of ours.
    Unknown,
}

/// Takes a sign-up: checks it, stores it, mails its address.
///
/// # Errors
/// Refused with one fault per field, [`Code::SignUpClosed`] or [`Code::TooManyAttempts`].
pub async fn request(platform: &Platform, request: Request) -> Result<Pending> {
    check_open(platform)?;
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(&request.name));
    let email = faults.check(Field::Email, Email::parse(&request.email));
    let identity = identity_words(
        name.as_ref().map_or("", Name::as_str),
        email.as_ref(),
        &platform.config.product_name,
    );
    let password = faults.check(
        Field::Password,
        Password::new(&request.password, &platform.config.password, &identity),
    );
    let (Some(name), Some(email), Some(password)) = (name, email, password) else {
        return Err(faults.into_error());
    };
    platform
        .limiter
        .pass(&SIGN_UP, &address_key(request.asker.address))
        .await?;

    let stored = platform.hasher.hash(&password).await?;
    let next = request.next.as_ref().map(LocalPath::as_str);
    let link = PlainToken::generate(&platform.entropy);
    let code = platform.entropy.digits(6);
    let pending = platform
        .db
        .write(async |tx| {
            let (id, now) = (tx.new_id(), tx.now());
            let code_mac = tx.keys().tag(CODE_PURPOSE, &bound_code(id, &code));
            sql!(tx, execute
                "insert into sign_ups (id, name, email, email_key, phc, pepper_id, link_hash, code_mac, code_expires_at,
                    next_path, locale, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                id, name.as_str(), email.as_str(), email.key().as_str(), stored.phc.as_str(), stored.pepper_id.as_slice(),
                link.hash().as_bytes(), code_mac, now + CODE_LIFE, next, request.language.tag(), now,
                now + LINK_LIFE)?;
            let language = request.language.tag();
            tell(tx, platform, &email, name.as_str(), language, &link, &code).await?;
            tx.audit(Entry::about(Event::SignUpRequested, None, &request.asker.origin))
            .await?;
            Ok(Pending { id, email: email.as_str().to_owned() })
        })
        .await?;
    metrics::counter!("latchstring_sign_ups_total", "outcome" => "requested").increment(1);
    Ok(pending)
}

/// Mails the proof to an unknown address, and "you already have an account" to a known one. One that is held for the account
/// that had it until lately is known too.
async fn tell(
    tx: &mut Tx,
    platform: &Platform,
    email: &Email,
    name: &str,
    language: &str,
    link: &PlainToken,
    code: &str,
) -> Result<()> {
    if !sign_up_budget::take_mail(tx, email.key()).await? {
        return Ok(());
    }
    let page = |path: &str| platform.config.link(path);
    match User::by_email(tx, email.key()).await? {
        None if change_email::tell_holder(tx, platform, email, None).await? => Ok(()),
        None => {
            let message = Message::SignUpVerify {
                name: name.to_owned(),
                link: page(&format!("/sign-up/verify?token={}", link.reveal())),
                code: code.to_owned(),
                link_life: LINK_LIFE.num_seconds().unsigned_abs(),
                code_life: CODE_LIFE.num_seconds().unsigned_abs(),
            };
            tx.mail(email.as_str(), language, message).await
        }
        Some(user) => {
            let message = Message::SignUpKnown {
                name: user.name.clone(),
                sign_in_link: page("/sign-in"),
                reset_link: page("/forgot-password"),
            };
            tx.mail(&user.email, &user.locale, message).await
        }
    }
}

/// Sends a new link and a new code for a waiting sign-up; the old ones stop working. The answer never says whether
/// there was one.
pub async fn resend(platform: &Platform, pending: Option<Uuid>, address: IpAddr) -> Result<()> {
    check_open(platform)?;
    let key = pending.map_or_else(|| address_key(address), |id| id.as_bytes().to_vec());
    platform.limiter.pass(&RESEND, &key).await?;
    let Some(id) = pending else { return Ok(()) };
    let link = PlainToken::generate(&platform.entropy);
    let code = platform.entropy.digits(6);
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            let code_mac = tx.keys().tag(CODE_PURPOSE, &bound_code(id, &code));
            let row = sql!(tx, fetch_optional (String, String, String),
                "update sign_ups set link_hash = $1, code_mac = $2, code_expires_at = $3, code_misses = 0, code_blocked_until = null
                 where id = $4 and consumed_at is null and expires_at > $5 returning name, email, locale",
                link.hash().as_bytes(), code_mac, now + CODE_LIFE, id, now)?;
            if let Some((name, email, language)) = row
                && let Ok(email) = Email::parse(&email)
            {
                tell(tx, platform, &email, &name, &language, &link, &code).await?;
            }
            Ok(())
        })
        .await
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str, pending: Option<Uuid>) -> Result<Link> {
    let Some(token) = PlainToken::parse(token) else {
        return Ok(Link::Unknown);
    };
    let row = platform
        .db
        .read(async |tx| Row::by_link(tx, &token).await)
        .await?;
    Ok(match row {
        None => Link::Unknown,
        Some(row) if row.consumed_at.is_some() => Link::Used,
        Some(row) if row.expires_at <= platform.clock.now() => Link::Expired,
        Some(row) => Link::Fresh {
            same_browser: pending == Some(row.id),
            email: row.email,
        },
    })
}

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

/// Makes the account and lets its owner in. Of many at once, one succeeds.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`], [`Code::CodeInvalid`],
/// [`Code::CodeExpired`], a password fault, or [`Code::TooManyAttempts`].
pub async fn verify(platform: &Platform, verification: Verification) -> Result<(Step, Option<LocalPath>)> {
    let Verification {
        proof,
        pending,
        asker,
    } = verification;
    check_open(platform)?;
    platform.limiter.pass(&CODE, &address_key(asker.address)).await?;
    let (row, password) = match proof {
        Proof::Link { token, password } => by_link(platform, &token, password.as_deref(), pending).await?,
        Proof::Code(code) => (by_code(platform, &code, pending).await?, None),
    };
    let stored = password.unwrap_or_else(|| StoredPassword {
        phc: row.phc.clone(),
        pepper_id: row.pepper_id.clone(),
    });
    let next = row.next_path.as_deref().and_then(LocalPath::parse);
    fence_replaced(platform, &asker).await?;
    let step = platform
        .db
        .write(async |tx| {
            let used = row.consume(tx).await?;
            let new = NewUser {
                name: &row.name,
                email: &row.email,
                email_key: &row.email_key,
                language: Language::parse(&row.locale).unwrap_or_default(),
                administrator: false,
            };
            let Some(user) = User::create(tx, new).await? else {
                // Another sign-up for this address was faster.
                return Err(Error::form(Code::LinkUsed));
            };
            stored.set(tx, user.id).await?;
            tx.audit(Entry::own(Event::SignedUp, user.id, &asker.origin))
                .await?;
            let message = Message::Welcome {
                name: user.name.clone(),
                account_link: platform.config.link("/account"),
            };
            tx.mail(&user.email, &user.locale, message).await?;
            let arrival = Arrival {
                remember: false,
                beside: false,
                is_first: true,
                next: next.as_ref(),
                asker: &asker,
            };
            enter_or_ask(tx, platform, Proven::new_password(user, &used), &arrival).await
        })
        .await?;
    metrics::counter!("latchstring_sign_ups_total", "outcome" => "completed").increment(1);
    Ok((step, next))
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
    let identity = identity_words(&row.name, email.as_ref(), &platform.config.product_name);
    let password = Password::new(password.unwrap_or_default(), &platform.config.password, &identity)
        .map_err(|code| Error::field(Field::Password, code))?;
    let stored = platform.hasher.hash(&password).await?;
    Ok((row, Some(stored)))
}

/// A try at a code is counted before the code is looked at, as is an attempt at a password.
async fn by_code(platform: &Platform, code: &str, pending: Option<Uuid>) -> Result<Row> {
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
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
                 returning id, name, email, email_key, phc, pepper_id, code_mac, next_path, locale, expires_at, consumed_at",
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

impl Row {
    async fn by_link(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, email_key, phc, pepper_id, code_mac, next_path, locale, expires_at, consumed_at
             from sign_ups where link_hash = $1", token.hash().as_bytes())
    }

    fn check_open(&self, now: DateTime<Utc>) -> Result<()> {
        if self.consumed_at.is_some() {
            return Err(Error::form(Code::LinkUsed));
        }
        if self.expires_at <= now {
            return Err(Error::form(Code::LinkExpired));
        }
        Ok(())
    }

    /// The single-use step: of all who come at once, the one whose update finds the row open goes on.
    async fn consume(&self, tx: &mut Tx) -> Result<UsedUp> {
        let now = tx.now();
        let consumed = sql!(tx, execute
            "update sign_ups set consumed_at = $1, phc = '' where id = $2 and consumed_at is null and expires_at > $1", now, self.id)?;
        UsedUp::by(consumed).ok_or_else(|| Error::form(Code::LinkUsed))
    }
}

/// While sign-up is closed, every step of it is refused, also of sign-ups that began before.
fn check_open(platform: &Platform) -> Result<()> {
    if platform.config.sign_up == SignUp::Closed {
        return Err(Error::form(Code::SignUpClosed));
    }
    Ok(())
}

/// A code is bound to its row: a code of one sign-up is worth nothing in another (ASVS 6.6.2).
fn bound_code(id: Uuid, code: &str) -> Vec<u8> {
    [id.as_bytes().as_slice(), code.as_bytes()].concat()
}
