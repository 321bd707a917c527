//! Making an account for somebody: they prove the address and choose their password by a link. No operator ever types one.

use chrono::Duration;

use super::pass_mail;
use crate::audit::{Entry, Event};
use crate::authentication::reset_password;
use crate::authorization::{Desk, May, right};
use crate::notification::message::{Deed, Message};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::user::{NewUser, User, UserId};
use crate::{Code, Error, Faults, Field, Result, sql};

/// How long the link works that the person gets.
pub const LINK_LIFE: Duration = Duration::days(7);

/// What came with the form.
pub struct Typed {
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
    /// The tag of a language of the catalog: of the mail, and of the account.
    pub language: String,
}

/// Makes an account without a password, and mails the person the link by which they set one. Returns whose it is.
///
/// # Errors
/// Refused with one fault per field, [`Code::EmailTaken`] among them, or as [`Desk::change`] says.
pub async fn create(desk: &Desk<'_>, typed: &Typed) -> Result<UserId> {
    let token = PlainToken::generate(&desk.platform.entropy);
    desk.change(async |tx, may: &May<right::UsersWrite>| {
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, Name::parse(&typed.name));
        let email = faults.check(Field::Email, Email::parse(&typed.email));
        let languages = &desk.platform.settings().languages;
        let language = languages.parse(&typed.language).ok_or(Code::LanguageUnknown);
        let language = faults.check(Field::Language, language);
        let (Some(name), Some(email), Some(language)) = (name, email, language) else {
            return Err(faults.into_error());
        };
        let new = NewUser {
            id: None,
            name: name.as_str(),
            email: email.as_str(),
            email_key: email.key().as_str(),
            language,
            administrator: false,
        };
        let user = User::create(tx, new).await?;
        let user = user.ok_or_else(|| Error::field(Field::Email, Code::EmailTaken))?;
        let now = tx.now();
        sql!(tx, execute "update users set unproven_since = $1 where id = $2", now, user.id)?;
        mail_link(tx, desk.platform, &user, &token).await?;
        tx.audit(Entry::by(Event::PersonMade, may.actor, desk.origin).to(user.id))
            .await?;
        Ok(user.id)
    })
    .await
}

/// Mails that link once more, to somebody who has not used it; the one of before stops working.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, with [`Code::ChangedMeanwhile`] when the address was proven, [`Code::PersonLocked`], or
/// [`Code::TooManyAttempts`]: an inbox is not to be filled.
pub async fn send_again(desk: &Desk<'_>, person: UserId) -> Result<()> {
    let token = PlainToken::generate(&desk.platform.entropy);
    pass_mail(desk, person).await?;
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, user| {
        if user.locked_at.is_some() {
            return Err(Error::form(Code::PersonLocked));
        }
        let waits = sql!(tx, fetch_optional One<i64>,
            "select cast(1 as bigint) from users where id = $1 and unproven_since is not null", person)?;
        if waits.is_none() {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        mail_link(tx, desk.platform, user, &token).await?;
        tx.audit(Entry::by(Event::WelcomeSentAgain, may.actor, desk.origin).to(person))
            .await
    })
    .await
}

async fn mail_link(tx: &mut Tx, platform: &Platform, user: &User, token: &PlainToken) -> Result<()> {
    let id = tx.new_id();
    let link = reset_password::new_link(tx, platform, id, user, token, LINK_LIFE).await?;
    let deed = Deed::AccountMade {
        life: LINK_LIFE.num_seconds().unsigned_abs(),
    };
    let message = Message::deed(deed, &user.name, user.time_zone.clone(), link);
    tx.mail(&user.email, &user.locale, message).await
}
