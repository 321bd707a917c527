//! Signing up: a pending row, a mail with a link and a code, and an account once the address is proven.
//!
//! A known address takes the same path and the same time; its owner is told by mail that they have an account.
//! The link or code alone does not let in whoever signed up: what counts is that the same browser comes back with it
//! (a sealed cookie names the row), or that the password is typed again. Otherwise an attacker could sign up with
//! somebody's address and a password of their own, and wait for the owner to click.

pub mod verify;

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::UsedUp;
use crate::authentication::change_email;
use crate::authentication::local_path::LocalPath;
use crate::authentication::passkeys;
use crate::authentication::password::{Password, StoredPassword, identity_words};
use crate::authentication::sign_up_budget;
use crate::notification::message::Message;
use crate::platform::Platform;
use crate::platform::config::SignUp;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{RESEND, SIGN_UP, address_key};
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::User;
use crate::words::Language;
use crate::{Code, Error, Faults, Field, Result, sql};

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
    /// As typed; not read where a passkey takes its place.
    pub password: String,
    /// A new passkey (`RegistrationResponseJSON`), or nothing.
    pub credential: String,
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
    passkey: Option<String>,
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
    let password = if request.credential.is_empty() {
        let typed = Password::new(&request.password, &platform.config.password, &identity);
        faults.check(Field::Password, typed).map(Some)
    } else {
        Some(None)
    };
    let (Some(name), Some(email), Some(password)) = (name, email, password) else {
        return Err(faults.into_error());
    };
    platform
        .limiter
        .pass(&SIGN_UP, &address_key(request.asker.address))
        .await?;

    let (stored, passkey) = if let Some(password) = &password {
        (platform.hasher.hash(password).await?, None)
    } else {
        let waiting = passkeys::sign_up::take(platform, &request.credential, &request.asker).await?;
        let none = StoredPassword {
            phc: String::new(),
            pepper_id: platform.keys.current_id().to_vec(),
        };
        (none, Some(waiting.to_text()?))
    };
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
                    next_path, locale, created_at, expires_at, passkey)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                id, name.as_str(), email.as_str(), email.key().as_str(), stored.phc.as_str(), stored.pepper_id.as_slice(),
                link.hash().as_bytes(), code_mac, now + CODE_LIFE, next, request.language.tag(), now,
                now + LINK_LIFE, passkey)?;
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
    match pending {
        Some(id) => {
            platform
                .db
                .write(async |tx| send_fresh(tx, platform, id).await)
                .await
        }
        None => Ok(()),
    }
}

/// Whether somebody in the console may have it sent again: as often as whoever signed up.
///
/// # Errors
/// Refused with [`Code::SignUpClosed`] or [`Code::TooManyAttempts`].
pub(crate) async fn may_resend(platform: &Platform, pending: Uuid) -> Result<()> {
    check_open(platform)?;
    platform.limiter.pass(&RESEND, pending.as_bytes()).await
}

/// Sends a new link and a new code, if the sign-up still waits.
pub(crate) async fn send_fresh(tx: &mut Tx, platform: &Platform, id: Uuid) -> Result<()> {
    let link = PlainToken::generate(tx.entropy());
    let code = tx.entropy().digits(6);
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

impl Row {
    async fn by_link(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, email_key, phc, pepper_id, passkey, code_mac, next_path, locale, expires_at, consumed_at
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
            "update sign_ups set consumed_at = $1, phc = '', passkey = null where id = $2 and consumed_at is null and expires_at > $1", now, self.id)?;
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
