//! Making the first administrator, by a one-time link that the server prints where only its operator sees it.

use chrono::{DateTime, Duration, Utc};

use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::{Proven, UsedUp};
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::change_email;
use crate::authentication::password::{Password, identity_words};
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SignedIn, fence, fence_replaced};
use crate::authentication::throttle::Counter;
use crate::authentication::{device, reset_password};
use crate::authorization::give;
use crate::notification::message::Message;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::platform::limits::{SETUP, address_key};
use crate::users::directory;
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::{NewUser, User};
use crate::words::Language;
use crate::{Code, Error, Faults, Field, Result, sql};

/// How long the link works.
pub const LINK_LIFE: Duration = Duration::hours(1);

/// What a set-up link is worth, without using it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh,
    /// It did its work.
    Used,
    /// It is too old.
    Expired,
    /// It is none of ours, or a newer one replaced it.
    Unknown,
    /// There is an administrator already.
    SetUp,
}

/// True once the first administrator exists.
pub async fn is_done(tx: &mut Tx) -> Result<bool> {
    Ok(sql!(
        tx,
        fetch_optional One<i64>,
        "select id from installations where id = 1"
    )?
    .is_some())
}

/// Makes a new link; links that were made before stop working. `None` once the first administrator exists.
pub async fn new_link(platform: &Platform) -> Result<Option<String>> {
    let token = PlainToken::generate(&platform.entropy);
    platform
        .db
        .write(async |tx| {
            if is_done(tx).await? {
                return Ok(None);
            }
            let now = tx.now();
            sql!(tx, execute "delete from setup_links where consumed_at is null")?;
            sql!(tx, execute "insert into setup_links (token_hash, created_at, expires_at) values ($1, $2, $3)",
                token.hash().as_bytes(), now, now + LINK_LIFE)?;
            tx.audit(Entry::about(Event::SetupLinkMade, None, &Origin::default()))
            .await?;
            Ok(Some(platform.config.link(&format!("/setup?token={}", token.reveal()))))
        })
        .await
}

/// Looks at a link without using it.
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let token = PlainToken::parse(token);
    platform
        .db
        .read(async |tx| {
            if is_done(tx).await? {
                return Ok(Link::SetUp);
            }
            let Some(token) = token else {
                return Ok(Link::Unknown);
            };
            let row = sql!(
                tx,
                fetch_optional(DateTime<Utc>, Option<DateTime<Utc>>),
                "select expires_at, consumed_at from setup_links where token_hash = $1",
                token.hash().as_bytes()
            )?;
            Ok(match row {
                None => Link::Unknown,
                Some((_, Some(_))) => Link::Used,
                Some((expires_at, None)) if expires_at <= tx.now() => Link::Expired,
                Some(_) => Link::Fresh,
            })
        })
        .await
}

/// What came with the form and its request.
pub struct Request {
    /// The token of the link.
    pub token: String,
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// The language of the page: of the mail, and of the account.
    pub language: Language,
    /// Who asks.
    pub asker: Asker,
}

/// Makes the first administrator and lets them in. Of 64 at once, one succeeds: the row of `installations` has a
/// fixed primary key.
///
/// Whoever holds the link runs the server, so an account that signed up with this address before becomes the
/// administrator, under the password that is set here.
///
/// # Errors
/// Refused with one fault per field, [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`] or
/// [`Code::AlreadySetUp`]. The second post of a double click gets in as the first did: [`sent_twice`](crate::authentication::sent_twice).
pub async fn complete(platform: &Platform, request: Request) -> Result<Step> {
    let asker = request.asker.clone();
    let mark = Mark::of(&asker, "set-up", &request.token);
    let done = complete_once(platform, request, mark).await;
    let done = done.map(|step| (step, None));
    Ok(mark.same_step(platform, &asker, done).await?.0)
}

async fn complete_once(platform: &Platform, request: Request, mark: Mark) -> Result<Step> {
    let Request {
        token,
        name,
        email,
        password,
        language,
        asker,
    } = request;
    platform.limiter.pass(&SETUP, &address_key(asker.address)).await?;
    match look(platform, &token).await? {
        Link::Fresh => {}
        Link::SetUp => return Err(Error::form(Code::AlreadySetUp)),
        Link::Used => return Err(Error::form(Code::LinkUsed)),
        Link::Expired => return Err(Error::form(Code::LinkExpired)),
        Link::Unknown => return Err(Error::form(Code::LinkInvalid)),
    }
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(&name));
    let email = faults.check(Field::Email, Email::parse(&email));
    let identity = identity_words(
        name.as_ref().map_or("", Name::as_str),
        email.as_ref(),
        &platform.config.product_name,
    );
    let password = faults.check(
        Field::Password,
        Password::new(&password, &platform.config.password, &identity),
    );
    let (Some(name), Some(email), Some(password), Some(token)) =
        (name, email, password, PlainToken::parse(&token))
    else {
        return Err(faults.into_error());
    };
    let stored = platform.hasher.hash(&password).await?;
    // An account that signed up before may become the administrator: whoever is signed in to it now is not.
    let ending = platform
        .db
        .read(async |tx| match User::by_email(tx, email.key()).await? {
            Some(user) => SignedIn::hashes_of(tx, user.id).await,
            None => Ok(Vec::new()),
        })
        .await?;
    fence(platform, &ending).await;
    fence_replaced(platform, &asker).await?;
    platform
        .db
        .write(async |tx| {
            let now = tx.now();
            let consumed = sql!(tx, execute
                "update setup_links set consumed_at = $1 where token_hash = $2 and consumed_at is null and expires_at > $1",
                now, token.hash().as_bytes())?;
            let used = UsedUp::by(consumed).ok_or_else(|| Error::form(Code::LinkUsed))?;
            let user = administrator(tx, &name, &email, language).await?;
            let first = sql!(tx, execute
                "insert into installations (id, set_up_at, set_up_by) values (1, $1, $2) on conflict (id) do nothing", now, user.id)?;
            if first == 0 {
                return Err(Error::form(Code::AlreadySetUp));
            }
            stored.set(tx, user.id).await?;
            tx.audit(Entry::own(Event::SetUp, user.id, &asker.origin))
            .await?;
            let account_link = platform.config.link("/account");
            tx.mail(&user.email, &user.locale, Message::SetupDone { name: user.name.clone(), account_link }).await?;
            let arrival = Arrival { remember: false, beside: false, is_first: true, next: None, asker: &asker };
            let id = user.id;
            let step = enter_or_ask(tx, platform, Proven::new_password(user, &used), &arrival).await?;
            mark.note_step(tx, id, &step, None).await?;
            Ok(step)
        })
        .await
}

/// The account of the first administrator: a new one, or the one that the address has.
async fn administrator(tx: &mut Tx, name: &Name, email: &Email, language: Language) -> Result<User> {
    let new = NewUser {
        id: None,
        name: name.as_str(),
        email: email.as_str(),
        email_key: email.key().as_str(),
        language,
        administrator: true,
    };
    if let Some(user) = User::create(tx, new).await? {
        return Ok(user);
    }
    let now = tx.now();
    sql!(tx, execute "update users set name = $1, locale = $2, updated_at = $3 where email_key = $4",
        name.as_str(), language.tag(), now, email.key().as_str())?;
    let user = User::by_email(tx, email.key()).await?;
    // No account has it and yet none can: it is held for one that had it.
    // Whoever was signed in to it, or kept out of it, has nothing to do with the administrator.
    let user = user.ok_or_else(|| Error::field(Field::Email, Code::EmailTaken))?;
    directory::enter(tx, user.id).await?;
    user.unlock(tx).await?;
    SignedIn::end_all(tx, user.id).await?;
    device::forget_all(tx, user.id).await?;
    reset_password::close(tx, user.id).await?;
    change_email::close(tx, user.id).await?;
    Counter::clear_all(tx, email.key()).await?;
    give::appoint(tx, user).await
}
