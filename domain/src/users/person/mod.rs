//! One person, as operators see them, and what operators do to their account.
//!
//! Each deed begins at a [`Desk`](crate::authorization::Desk): it takes a permission, and the rule
//! [`Decision::act_on`](crate::authorization::Decision::act_on) about whom. Each is written into the audit with who did it and why, in the
//! transaction of the change; where it is about the person's security, they are told by mail. No deed shows or sets a password:
//! an operator can start a reset, and only who reads the person's mail ends it (ASVS 6.4.6).
//!
//! | deed | permission | undone by |
//! |---|---|---|
//! | [`lock`](lock::lock) | `users:write` | [`unlock`](lock::unlock), or by itself |
//! | [`end_session`](sessions::end_session), [`end_sessions`](sessions::end_sessions) | `sessions:end` | signing in again |
//! | [`send_reset`](password::send_reset), [`send_again`](create::send_again) | `users:write` | changes nothing until the link is used |
//! | [`demand`](password::demand) | `users:write` | [`withdraw`](password::withdraw) |
//! | [`remove`](factors::remove) | `factors:remove` | enrolling anew |
//! | [`shorten`](recovery::shorten) | `factors:remove` | the person, by the link that stops it |
//! | [`edit`](edit::edit) | `users:write` | editing |
//! | [`add`](notes::add) | `users:write` | [`remove`](notes::remove) |
//! | [`ask`](crate::users::erasure::operator::ask), after the address was typed | `users:delete` | [`keep`](crate::users::erasure::operator::keep), or the person, for 14 days |
//! | [`create`](create::create) | `users:write` | deleting |

pub mod create;
pub mod edit;
pub mod factors;
pub mod history;
pub mod lock;
pub mod notes;
pub mod password;
pub mod recovery;
pub mod seen;
pub mod sessions;

use crate::authentication::reset_password;
use crate::authorization::{Desk, May, right};
use crate::notification::message::{Deed, Message};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Result};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

/// Why an operator does something: one line. It stands in the audit, of which the person gets a copy with their data.
#[derive(Debug, Clone)]
pub struct Reason(String);

impl Reason {
    /// Reads a reason.
    ///
    /// # Errors
    /// [`Code::Required`], [`Code::TooLong`] ([`LONGEST_REASON`]), or [`Code::LineInvalid`] for control characters.
    pub fn parse(typed: &str) -> std::result::Result<Self, Code> {
        let typed = typed.trim();
        if typed.is_empty() {
            Err(Code::Required)
        } else if typed.chars().count() > LONGEST_REASON {
            Err(Code::TooLong)
        } else if typed.chars().any(char::is_control) {
            Err(Code::LineInvalid)
        } else {
            Ok(Self(typed.to_owned()))
        }
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Tells a person by mail what an operator did to their account, without saying who, or from where.
pub(crate) async fn tell(tx: &mut Tx, platform: &Platform, user: &User, deed: Deed) -> Result<()> {
    let link = platform.config.link(deed.page());
    let message = Message::deed(deed, &user.name, user.time_zone.clone(), link);
    tx.mail(&user.email, &user.locale, message).await
}

/// Counts a link that an operator mails to a person with those that are asked for at the door: an inbox is not to be filled.
///
/// # Errors
/// Refused as [`Desk::act_on`] says, or with [`Code::TooManyAttempts`].
async fn pass_mail(desk: &Desk<'_>, person: UserId) -> Result<()> {
    // Whoever may not do it counts nothing.
    let email = desk
        .act_on(person, async |_tx, _may: &May<right::UsersWrite>, user| {
            Ok(user.email.clone())
        })
        .await?;
    match Email::parse(&email) {
        Ok(email) => reset_password::pass_mail(desk.platform, &email).await,
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_that_says_something() {
        assert_eq!(Reason::parse("  called us  ").unwrap().as_str(), "called us");
        for (typed, code) in [
            ("", Code::Required),
            (" \n ", Code::Required),
            ("two\nlines", Code::LineInvalid),
            ("a\u{7}bell", Code::LineInvalid),
            (&"x".repeat(LONGEST_REASON + 1), Code::TooLong),
        ] {
            assert_eq!(Reason::parse(typed).unwrap_err(), code, "{typed:?}");
        }
        assert!(Reason::parse(&"ữ".repeat(LONGEST_REASON)).is_ok());
    }
}
