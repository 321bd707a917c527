//! Accepting an invitation: with a new account, or with the one that the address has.

use super::{Row, roles};
use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::Proven;
use crate::authentication::assurance::sign_in_flow::{Arrival, Step, enter_or_ask};
use crate::authentication::freeze;
use crate::authentication::passkeys;
use crate::authentication::passkeys::sign_up::Waiting;
use crate::authentication::password::{Password, StoredPassword, identity_words};
use crate::authentication::sent_twice::Mark;
use crate::authentication::session::{SignedIn, fence, fence_person, fence_replaced, late_hashes};
use crate::authorization::give::one_at_a_time;
use crate::notification::message::{Deed, Message};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::platform::limits::{INVITATION, address_key};
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::person::tell;
use crate::users::user::{NewUser, User, UserId};
use crate::words::Language;
use crate::{Code, Error, Faults, Field, Result};

/// What came with the form of somebody who has no account.
pub struct Request {
    /// The token of the link.
    pub token: String,
    /// As typed.
    pub name: String,
    /// As typed.
    pub password: String,
    /// A passkey in its place (`RegistrationResponseJSON`); empty: none.
    pub credential: String,
    /// The language of the page: of the account that comes of it.
    pub language: Language,
    /// Who asks.
    pub asker: Asker,
}

/// How it ended.
pub enum Done {
    /// The account is there, and its owner in it, or they owe something.
    Arrived(Box<Step>),
    /// The account is there; its owner signs in with the passkey that they made.
    PasskeyNext,
}

/// What the account is opened with.
enum New {
    Password(StoredPassword),
    Passkey(Waiting),
}

/// Makes an account with the invited address, gives it the roles, and lets its owner in; whoever made a passkey signs in with it next.
/// Of many at once, one succeeds.
///
/// # Errors
/// Refused with one fault per field, a fault of the passkey ([`passkeys::invitation`]), [`Code::LinkInvalid`] (also when it was revoked,
/// or would open a shut door and whoever sent it may not invite any more), [`Code::LinkUsed`], [`Code::LinkExpired`], [`Code::EmailTaken`] when the address has an account by now, or is held for one that had it
/// until lately; or [`Code::TooManyAttempts`]. The second post of a double click gets in as the first did:
/// [`sent_twice`](crate::authentication::sent_twice).
pub async fn complete(platform: &Platform, request: Request) -> Result<Done> {
    let asker = request.asker.clone();
    let mark = Mark::of(&asker, "invitation", &request.token);
    let done = match complete_once(platform, request, mark).await {
        Ok(Done::PasskeyNext) => return Ok(Done::PasskeyNext),
        Ok(Done::Arrived(step)) => Ok((*step, None)),
        Err(error) => Err(error),
    };
    let (step, _) = mark.same_step(platform, &asker, done).await?;
    Ok(Done::Arrived(Box::new(step)))
}

/// The address of an open invitation, without using it up.
///
/// # Errors
/// Refused with what [`complete`] says of the link, and of the address.
pub(in crate::authentication) async fn address_of(platform: &Platform, token: &str) -> Result<Email> {
    let token = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = Row::open(platform, &token).await?;
    let email = stored(&row)?;
    let known = platform
        .db
        .read(async |tx| {
            row.check_opens(tx, &platform.settings()).await?;
            User::by_email(tx, email.key()).await
        })
        .await?;
    match known {
        None => Ok(email),
        Some(_) => Err(Error::form(Code::EmailTaken)),
    }
}

async fn complete_once(platform: &Platform, request: Request, mark: Mark) -> Result<Done> {
    let Request {
        token,
        name,
        password,
        credential,
        language,
        asker,
    } = request;
    platform
        .limiter
        .pass(&INVITATION, &address_key(asker.address))
        .await?;
    let plain = PlainToken::parse(&token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = Row::open(platform, &plain).await?;
    let email = stored(&row)?;
    let settings = platform.settings();
    let mut faults = Faults::default();
    let name = faults.check(Field::Name, Name::parse(&name));
    let called = name.as_ref().map_or("", Name::as_str);
    let identity = identity_words(called, Some(&email), &settings.product_name);
    let password = if credential.is_empty() {
        let typed = Password::new(&password, settings.password, &identity);
        faults.check(Field::Password, typed).map(Some)
    } else {
        Some(None)
    };
    let (Some(name), Some(password)) = (name, password) else {
        return Err(faults.into_error());
    };
    let new = match &password {
        Some(password) => New::Password(platform.hasher.hash(password).await?),
        None => New::Passkey(passkeys::invitation::take(platform, &token, &credential, &asker).await?),
    };
    fence_replaced(platform, &asker).await?;
    let done = platform
        .db
        .write(async |tx| {
            // Before any row of a person, as in every change of somebody's roles.
            one_at_a_time(tx).await?;
            let used = row.consume(tx, &plain).await?;
            row.check_opens(tx, &platform.settings()).await?;
            let user = new.account(tx, (&name, &email), language).await?;
            row.note_holder(tx, user.id).await?;
            tx.audit(Entry::own(Event::SignedUp, user.id, &asker.origin))
                .await?;
            let from = (row.id, row.invited_by);
            roles::keep(tx, platform, from, (user.id, true), &asker.origin).await?;
            let message = Message::Welcome {
                name: user.name.clone(),
                account_link: platform.config.link("/account"),
            };
            tx.mail(&user.email, &user.locale, message).await?;
            if let New::Passkey(_) = new {
                return Ok(Done::PasskeyNext);
            }
            // As they are now: a role may ask for more than a password.
            let id = user.id;
            let user = User::by_id(tx, id).await?.unwrap_or(user);
            let arrival = Arrival {
                remember: false,
                beside: false,
                is_first: true,
                next: None,
                asker: &asker,
            };
            let step = enter_or_ask(tx, platform, Proven::new_password(user, &used), &arrival).await?;
            mark.note_step(tx, id, &step, None).await?;
            Ok(Done::Arrived(Box::new(step)))
        })
        .await?;
    metrics::counter!("latchstring_sign_ups_total", "outcome" => "completed").increment(1);
    Ok(done)
}

impl New {
    /// Makes the account, and what opens it.
    async fn account(&self, tx: &mut Tx, (name, email): (&Name, &Email), language: Language) -> Result<User> {
        let id = match self {
            Self::Password(_) => None,
            Self::Passkey(waiting) => Some(waiting.user),
        };
        let new = NewUser {
            id,
            name: name.as_str(),
            email: email.as_str(),
            email_key: email.key().as_str(),
            language,
            administrator: false,
        };
        let user = User::create(tx, new).await?;
        let user = user.ok_or_else(|| Error::form(Code::EmailTaken))?;
        match self {
            Self::Password(stored) => stored.set(tx, user.id).await?,
            Self::Passkey(waiting) => waiting.set(tx).await?,
        }
        Ok(user)
    }
}

/// Gives the roles of an invitation to the account that has its address, to somebody who is signed in to it. Nobody is signed in or out
/// by it. Of many at once, one succeeds.
///
/// # Errors
/// Refused with [`Code::NotInvited`] when another address was invited, [`Code::LinkInvalid`] (also when it was revoked),
/// [`Code::LinkUsed`], [`Code::LinkExpired`], [`Code::ChangesFrozen`], [`Code::SignedOut`], or [`Code::TooManyAttempts`].
pub async fn take_up(platform: &Platform, session: &SignedIn, token: &str, asker: &Asker) -> Result<()> {
    let mark = Mark::of(asker, "invitation taken up", token);
    let done = take_up_once(platform, session, token, asker, mark).await;
    mark.same_answer(platform, done).await?;
    Ok(())
}

async fn take_up_once(
    platform: &Platform,
    session: &SignedIn,
    token: &str,
    asker: &Asker,
    mark: Mark,
) -> Result<UserId> {
    platform
        .limiter
        .pass(&INVITATION, &address_key(asker.address))
        .await?;
    let plain = PlainToken::parse(token).ok_or_else(|| Error::form(Code::LinkInvalid))?;
    let row = Row::open(platform, &plain).await?;
    let fenced = fence_person(platform, session.user_id).await?;
    let late = platform
        .db
        .write(async |tx| {
            // Before any row of a person, as in every change of somebody's roles.
            one_at_a_time(tx).await?;
            let user = User::hold(tx, session.user_id).await?;
            let user = user.filter(|user| user.locked_at.is_none());
            let user = user.ok_or_else(|| Error::form(Code::SignedOut))?;
            // The address as it is now, and not as it was when the session began.
            let is_theirs = Email::parse(&user.email).is_ok_and(|own| own.key().as_str() == row.email_key);
            if !is_theirs {
                return Err(Error::form(Code::NotInvited));
            }
            freeze::check(tx, user.id).await?;
            row.consume(tx, &plain).await?;
            row.note_holder(tx, user.id).await?;
            // The link came to this address.
            User::prove(tx, user.id).await?;
            let from = (row.id, row.invited_by);
            let new = roles::keep(tx, platform, from, (user.id, false), &asker.origin).await?;
            for role in new {
                tell(tx, platform, &user, Deed::RoleGiven { role }).await?;
            }
            mark.note(tx, user.id).await?;
            late_hashes(tx, user.id, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(session.user_id)
}

fn stored(row: &Row) -> Result<Email> {
    Email::parse(&row.email)
        .map_err(|code| Error::Internal(format!("a stored address is none: {}", code.as_str())))
}
