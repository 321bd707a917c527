//! Making the first administrator, by a one-time link that the server prints where only its operator sees it.

use chrono::{DateTime, Duration, Utc};

use crate::audit::{Entry, Event, Origin};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::{Proven, UsedUp};
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::change_email;
use crate::authentication::passkeys;
use crate::authentication::passkeys::sign_up::Waiting;
use crate::authentication::password::{Password, StoredPassword, identity_words};
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
use crate::users::user::{NewUser, User, UserId};
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
    /// A passkey in its place (`RegistrationResponseJSON`); empty: none.
    pub credential: String,
    /// The language of the page: of the mail, and of the account.
    pub language: Language,
    /// Who asks.
    pub asker: Asker,
}

/// How the set-up ended.
pub enum Done {
    /// The first administrator is in, or owes something.
    Arrived(Box<Step>),
    /// They sign in with the passkey that they made.
    PasskeyNext,
}

/// What the account is opened with.
enum New {
    Password(StoredPassword),
    Passkey(Waiting),
}

/// Makes the first administrator and lets them in; whoever made a passkey signs in with it next. Of 64 at once, one succeeds: the row of `installations` has a
/// fixed primary key.
///
/// Whoever holds the link runs the server, so an account that signed up with this address before becomes the
/// administrator, under the password or the passkey that is set here; with a passkey the password of before goes.
///
/// # Errors
/// Refused with one fault per field, a fault of the passkey ([`passkeys::set_up`]), [`Code::LinkInvalid`], [`Code::LinkUsed`],
/// [`Code::LinkExpired`] or [`Code::AlreadySetUp`]. The second post of a double click gets in as the first did: [`sent_twice`](crate::authentication::sent_twice).
pub async fn complete(platform: &Platform, request: Request) -> Result<Done> {
    let asker = request.asker.clone();
    let mark = Mark::of(&asker, "set-up", &request.token);
    let done = match complete_once(platform, request, mark).await {
        Ok(Done::PasskeyNext) => return Ok(Done::PasskeyNext),
        Ok(Done::Arrived(step)) => Ok((*step, None)),
        Err(error) => Err(error),
    };
    let (step, _) = mark.same_step(platform, &asker, done).await?;
    Ok(Done::Arrived(Box::new(step)))
}

/// Whether a link works, without using it up.
///
/// # Errors
/// Refused with [`Code::LinkInvalid`], [`Code::LinkUsed`], [`Code::LinkExpired`] or [`Code::AlreadySetUp`].
pub(in crate::authentication) async fn check(platform: &Platform, token: &str) -> Result<()> {
    match look(platform, token).await? {
        Link::Fresh => Ok(()),
        Link::SetUp => Err(Error::form(Code::AlreadySetUp)),
        Link::Used => Err(Error::form(Code::LinkUsed)),
        Link::Expired => Err(Error::form(Code::LinkExpired)),
        Link::Unknown => Err(Error::form(Code::LinkInvalid)),
    }
}

async fn complete_once(platform: &Platform, request: Request, mark: Mark) -> Result<Done> {
    let Request {
        token,
        name,
        email,
        password,
        credential,
        language,
        asker,
    } = request;
    platform.limiter.pass(&SETUP, &address_key(asker.address)).await?;
    check(platform, &token).await?;
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(&name));
    let email = faults.check(Field::Email, Email::parse(&email));
    let settings = platform.settings();
    let identity = identity_words(
        name.as_ref().map_or("", Name::as_str),
        email.as_ref(),
        &settings.product_name,
    );
    let password = if credential.is_empty() {
        let typed = Password::new(&password, settings.password, &identity);
        faults.check(Field::Password, typed).map(Some)
    } else {
        Some(None)
    };
    let (Some(name), Some(email), Some(password), Some(plain)) =
        (name, email, password, PlainToken::parse(&token))
    else {
        return Err(faults.into_error());
    };
    let new = match &password {
        Some(password) => New::Password(platform.hasher.hash(password).await?),
        None => New::Passkey(passkeys::set_up::take(platform, &token, &credential, &asker).await?),
    };
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
                now, plain.hash().as_bytes())?;
            let used = UsedUp::by(consumed).ok_or_else(|| Error::form(Code::LinkUsed))?;
            let user = administrator(tx, &name, &email, language, new.holder()).await?;
            let first = sql!(tx, execute
                "insert into installations (id, set_up_at, set_up_by) values (1, $1, $2) on conflict (id) do nothing", now, user.id)?;
            if first == 0 {
                return Err(Error::form(Code::AlreadySetUp));
            }
            new.set(tx, user.id).await?;
            tx.audit(Entry::own(Event::SetUp, user.id, &asker.origin))
            .await?;
            let account_link = platform.config.link("/account");
            tx.mail(&user.email, &user.locale, Message::SetupDone { name: user.name.clone(), account_link }).await?;
            if let New::Passkey(_) = new {
                tx.audit(Entry::own(Event::PasskeyAdded, user.id, &asker.origin)).await?;
                return Ok(Done::PasskeyNext);
            }
            let arrival = Arrival { remember: false, beside: false, is_first: true, next: None, asker: &asker };
            let id = user.id;
            let step = enter_or_ask(tx, platform, Proven::new_password(user, &used), &arrival).await?;
            mark.note_step(tx, id, &step, None).await?;
            Ok(Done::Arrived(Box::new(step)))
        })
        .await
}

impl New {
    /// Whose the passkey says that it is.
    fn holder(&self) -> Option<UserId> {
        match self {
            Self::Password(_) => None,
            Self::Passkey(waiting) => Some(waiting.user),
        }
    }

    /// Makes it what opens the account, in place of the password of before.
    async fn set(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        match self {
            Self::Password(stored) => stored.set(tx, user).await,
            Self::Passkey(waiting) => {
                StoredPassword::remove(tx, user).await?;
                waiting.set(tx).await
            }
        }
    }
}

/// The account of the first administrator: a new one, or the one that the address has. `holder`: the id that it must have, because a
/// passkey names it.
async fn administrator(
    tx: &mut Tx,
    name: &Name,
    email: &Email,
    language: Language,
    holder: Option<UserId>,
) -> Result<User> {
    let known = match holder {
        Some(holder) => User::by_id(tx, holder).await?,
        None => None,
    };
    let new = NewUser {
        // An account that has this id already has another address now, or this one: then none is made.
        id: holder.filter(|_| known.is_none()),
        name: name.as_str(),
        email: email.as_str(),
        email_key: email.key().as_str(),
        language,
        administrator: true,
    };
    if let Some(user) = User::create(tx, new).await? {
        check_holder(&user, holder)?;
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
    check_holder(&user, holder)?;
    user.unlock(tx).await?;
    SignedIn::end_all(tx, user.id).await?;
    device::forget_all(tx, user.id).await?;
    reset_password::close(tx, user.id).await?;
    change_email::close(tx, user.id).await?;
    Counter::clear_all(tx, email.key()).await?;
    give::appoint(tx, user).await
}

/// The address was typed anew after the passkey was made: it is another account's.
fn check_holder(user: &User, holder: Option<UserId>) -> Result<()> {
    match holder {
        Some(holder) if holder != user.id => Err(Error::form(Code::PasskeyOver)),
        _ => Ok(()),
    }
}
