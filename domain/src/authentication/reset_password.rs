//! Resetting a forgotten password: a mail with a link, and a new password for whoever has it.
//!
//! Asking does the same for every address: it puts one job into the queue, and the worker finds out whether there is
//! an account. So neither the answer nor the time it takes says anything (ASVS 6.3.8).
//!
//! The link proves that the mailbox can be read, and nothing more. A reset lets nobody in, so that it never leads past
//! a second factor (ASVS 6.4.3): the person signs in afterwards, with the new password.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::alarm::notify;
use crate::authentication::asker::Asker;
use crate::authentication::change_email;
use crate::authentication::password::{Password, StoredPassword, Verdict, identity_words};
use crate::authentication::sent_twice::{Mark, is_second};
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::throttle::Counter;
use crate::job::Job;
use crate::notification::message::{Message, Notice};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::platform::limits::{RESET, RESET_MAIL, address_key};
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result, sql};

/// How long the link in the mail works.
pub const LINK_LIFE: Duration = Duration::hours(1);

/// What came with the form and its request.
pub struct Request {
    /// As typed.
    pub email: String,
    /// Who asks.
    pub asker: Asker,
}

/// What a link is worth, without using it up: mail scanners open links too.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh {
        /// The address of the account, for password managers.
        email: String,
    },
    /// It did its work.
    Used,
    /// It is too old.
    Expired,
    /// It is none of ours, a newer one replaced it, or the account is locked.
    Unknown,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    expires_at: DateTime<Utc>,
    consumed_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    user: User,
}

/// Takes the wish for a new password. The answer, and all the work before it, is the same for every address.
///
/// # Errors
/// Refused with a fault of the field, or [`Code::TooManyAttempts`].
pub async fn request(platform: &Platform, request: Request) -> Result<()> {
    let email = Email::parse(&request.email).map_err(|code| Error::field(Field::Email, code))?;
    platform
        .limiter
        .pass(&RESET, &address_key(request.asker.address))
        .await?;
    pass_mail(platform, &email).await?;
    let job = Job::RequestPasswordReset {
        email: email.as_str().to_owned(),
        origin: request.asker.origin,
    };
    platform.db.write(async |tx| tx.enqueue(&job).await).await?;
    count("requested");
    Ok(())
}

/// What somebody in the console enqueues to have a link sent again: as often as whoever forgot a password may ask for one.
///
/// # Errors
/// Refused with a fault of the field, or [`Code::TooManyAttempts`].
pub(crate) async fn send_again(platform: &Platform, email: &str, origin: &Origin) -> Result<Job> {
    let email = Email::parse(email).map_err(|code| Error::field(Field::Email, code))?;
    platform
        .limiter
        .pass(&RESET_MAIL, &mail_key(platform, &email)?)
        .await?;
    Ok(Job::RequestPasswordReset {
        email: email.as_str().to_owned(),
        origin: origin.clone(),
    })
}

/// Mails a link to the address if it has an account that is not locked: what the job does. `job` becomes the id of the
/// row, so that a job that is run a second time mails nothing.
pub(crate) async fn mail_link(platform: &Platform, job: Uuid, email: &str, origin: &Origin) -> Result<()> {
    let Ok(email) = Email::parse(email) else {
        return Ok(());
    };
    let token = PlainToken::generate(&platform.entropy);
    platform
        .db
        .write(async |tx| {
            let done = sql!(tx, fetch_optional One<i64>,
                "select cast(1 as bigint) from password_resets where id = $1", job)?;
            if done.is_some() {
                return Ok(());
            }
            let user = User::by_email(tx, email.key()).await?;
            let subject = user.as_ref().map(|user| user.id);
            let user = user.filter(|user| user.locked_at.is_none());
            tx.audit(
                Entry::about(Event::PasswordResetRequested, subject, origin)
                    .with(&[("mail", if user.is_some() { "sent" } else { "none" })]),
            )
            .await?;
            let Some(user) = user else { return Ok(()) };
            let link = new_link(tx, platform, job, &user, &token, LINK_LIFE).await?;
            let message = Message::PasswordReset {
                name: user.name.clone(),
                link,
                link_life: LINK_LIFE.num_seconds().unsigned_abs(),
            };
            // To the stored address, and never to the one that was typed.
            tx.mail(&user.email, &user.locale, message).await
        })
        .await
}

/// Makes the open link of an account, and says which page it opens; one that was open before stops working.
pub(crate) async fn new_link(
    tx: &mut Tx,
    platform: &Platform,
    id: Uuid,
    user: &User,
    token: &PlainToken,
    life: Duration,
) -> Result<String> {
    Row::open(tx, id, user, token, life).await?;
    Ok(platform
        .config
        .link(&format!("/reset-password?token={}", token.reveal())))
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
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
            email: row.user.email,
        },
    })
}

/// What came with a new password.
pub struct Completion {
    /// As it stands in the link.
    pub token: String,
    /// As typed.
    pub password: String,
    /// Who asks.
    pub asker: Asker,
}

/// Sets the new password, ends every session of the person, and forgets the failed sign-ins. Of many at once, one
/// succeeds. Returns whose password it was; nobody is signed in by it.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`], a password fault, or
/// [`Code::TooManyAttempts`]; [`Error::Busy`] when too many passwords are being hashed.
pub async fn complete(platform: &Platform, completion: Completion) -> Result<UserId> {
    let mark = Mark::of(&completion.asker, "reset", &completion.token);
    let password = Password::typed(&completion.password).ok();
    let done = complete_once(platform, completion, mark).await;
    if let (Err(error), Some(password)) = (&done, password)
        && is_second(error)
        && let Some(user) = mark.repeated(platform).await?
        && is_theirs(platform, user, &password).await?
    {
        return Ok(user);
    }
    done
}

/// Whether the password is the one that a person has now: two tabs of a browser may have chosen two.
pub(super) async fn is_theirs(platform: &Platform, user: UserId, password: &Password) -> Result<bool> {
    let place = platform.hasher.queue_up()?;
    let stored = platform
        .db
        .read(async |tx| StoredPassword::of(tx, user).await)
        .await?;
    let compared = platform.hasher.verify(place, password, stored.as_ref()).await?;
    Ok(matches!(compared.verdict, Verdict::Match { .. }))
}

async fn complete_once(platform: &Platform, completion: Completion, mark: Mark) -> Result<UserId> {
    let Completion {
        token,
        password,
        asker,
    } = completion;
    let token = PlainToken::parse(&token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = platform
        .db
        .read(async |tx| Row::by_link(tx, &token).await)
        .await?;
    let row = row.ok_or_else(|| Error::form(Code::LinkInvalid))?;
    row.check_open(platform.clock.now())?;
    let user = row.user;
    let email = Email::parse(&user.email).ok();
    let settings = platform.settings();
    let identity = identity_words(&user.name, email.as_ref(), &settings.product_name);
    let password = Password::new(&password, settings.password, &identity)
        .map_err(|code| Error::field(Field::Password, code))?;
    // A password that is refused costs no attempt: only what is hashed does.
    platform.limiter.pass(&RESET, &address_key(asker.address)).await?;
    let stored = platform.hasher.hash(&password).await?;

    let fenced = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user.id).await)
        .await?;
    fence(platform, &fenced).await;
    let late = platform
        .db
        .write(async |tx| {
            consume(tx, &token).await?;
            stored.set(tx, user.id).await?;
            change_email::close(tx, user.id).await?;
            // From here to the commit nobody signs in with the old password: see `StoredPassword::hold`.
            let mut late = SignedIn::hashes_of(tx, user.id).await?;
            late.retain(|hash| !fenced.contains(hash));
            let ended = SignedIn::end_all(tx, user.id).await?;
            if let Some(email) = &email {
                Counter::clear_all(tx, email.key()).await?;
            }
            tx.audit(
                Entry::own(Event::PasswordReset, user.id, &asker.origin)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            if User::prove(tx, user.id).await? {
                // An operator made the account, and this is the first that its holder does there.
                tx.audit(Entry::own(Event::SignedUp, user.id, &asker.origin))
                    .await?;
                let message = Message::Welcome {
                    name: user.name.clone(),
                    account_link: platform.config.link("/account"),
                };
                tx.mail(&user.email, &user.locale, message).await?;
            } else {
                notify(tx, platform, &user, Notice::PasswordReset, &asker.origin).await?;
            }
            mark.note(tx, user.id).await?;
            Ok(late)
        })
        .await?;
    // Sessions that began after the first fence: their rows are gone, and with this their copies.
    fence(platform, &late).await;
    count("completed");
    Ok(user.id)
}

/// What the mails for one address are counted by.
fn mail_key(platform: &Platform, email: &Email) -> Result<[u8; 32]> {
    platform
        .keys
        .index("limit account", email.key().as_str().as_bytes())
}

/// Counts a mail to this address, whoever wants it sent.
///
/// # Errors
/// Refused with [`Code::TooManyAttempts`].
pub(crate) async fn pass_mail(platform: &Platform, email: &Email) -> Result<()> {
    platform
        .limiter
        .pass(&RESET_MAIL, &mail_key(platform, email)?)
        .await
}

/// Since when an operator wants another password from a person, if one does.
pub(crate) async fn due_since(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    let found = sql!(tx, fetch_optional One<Option<DateTime<Utc>>>, "select due_since from passwords where user_id = $1", user)?;
    Ok(found.and_then(|(since,)| since))
}

/// Forgets how many mails were asked for with this address.
pub(crate) async fn forget_limit(platform: &Platform, email: &Email) -> Result<()> {
    platform
        .limiter
        .forget(&RESET_MAIL, &mail_key(platform, email)?)
        .await;
    Ok(())
}

/// Closes the open link of an account whose password was set in another way.
pub async fn close(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute "delete from password_resets where user_id = $1 and consumed_at is null", user)?;
    Ok(())
}

impl Row {
    async fn by_link(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select r.expires_at, r.consumed_at, u.id, u.name, u.email, u.locale, u.time_zone, u.administrator, u.staff,
                u.passkey_only, u.locked_at, u.deactivated_at, u.created_at
             from password_resets r join users u on u.id = r.user_id
             where r.link_hash = $1 and u.locked_at is null", token.hash().as_bytes())
    }

    /// Makes the open link of an account; one that was open before stops working.
    async fn open(tx: &mut Tx, id: Uuid, user: &User, token: &PlainToken, life: Duration) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "insert into password_resets (id, user_id, link_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)
             on conflict (user_id) where consumed_at is null do update
                set id = excluded.id, link_hash = excluded.link_hash, created_at = excluded.created_at,
                    expires_at = excluded.expires_at",
            id, user.id, token.hash().as_bytes(), now, now + life)?;
        Ok(())
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
}

/// The single-use step: of all who come at once, the one whose update finds the link open goes on.
async fn consume(tx: &mut Tx, token: &PlainToken) -> Result<()> {
    let now = tx.now();
    let consumed = sql!(tx, execute
        "update password_resets set consumed_at = $1
         where link_hash = $2 and consumed_at is null and expires_at > $1
            and user_id in (select id from users where locked_at is null)",
        now, token.hash().as_bytes())?;
    if consumed == 1 {
        Ok(())
    } else {
        Err(Error::form(Code::LinkUsed))
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("latchstring_password_resets_total", "outcome" => outcome).increment(1);
}
