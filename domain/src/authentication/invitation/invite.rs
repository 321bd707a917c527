//! Inviting: several addresses at once, each with an outcome of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LINK_LIFE, MOST, mail_link};
use crate::audit::{Entry, Event};
use crate::authentication::sign_up_budget;
use crate::authorization::role::Role;
use crate::authorization::{Decision, Desk, May, Rights, right};
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::platform::limits::INVITE;
use crate::users::email::{Email, EmailKey};
use crate::users::user::User;
use crate::words::Language;
use crate::{Code, Error, Faults, Field, Result, sql};

/// The most characters of a line that is no address which the report shows.
const LONGEST_SHOWN: usize = 254;

/// What came with the form.
pub struct Typed {
    /// As typed: an address a line. Commas and semicolons end a line too.
    pub emails: String,
    /// The ids of roles that whoever accepts gets.
    pub roles: Vec<String>,
    /// The tag of a language of the catalog: of the mail.
    pub language: String,
}

/// What became of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A mail is on its way. Whether there is an account is not told.
    Invited,
    /// An invitation waits there already.
    Waiting,
    /// It stands further up in the same form.
    Twice,
    /// It is the inviter's own.
    Own,
    /// Too many mails went there in the last hour.
    Full,
    /// It is no address.
    Invalid,
}

impl Outcome {
    /// As it is stored, and as messages are called by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Waiting => "waiting",
            Self::Twice => "twice",
            Self::Own => "own",
            Self::Full => "full",
            Self::Invalid => "invalid",
        }
    }
}

/// A line of the form, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As typed.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Invites everybody whose address was typed; one that can't be invited stops nobody else. Returns the id of the [report].
///
/// # Errors
/// Refused as [`Desk::change`] says, with one fault per field ([`Code::Required`], [`Code::TooManyAddresses`],
/// [`Code::LanguageUnknown`]), [`Code::RoleUnknown`], [`Code::GivesMore`] or [`Code::NotAllowed`] for a role that the inviter may not
/// give, or [`Code::TooManyAttempts`]; then nobody is invited.
pub async fn invite(desk: &Desk<'_>, typed: &Typed) -> Result<Uuid> {
    // Whoever may not do it counts nothing.
    desk.look(async |_tx, _may: &May<right::UsersInvite>| Ok(()))
        .await?;
    let mut faults = Faults::default();
    let lines = faults.check(Field::Emails, lines(&typed.emails));
    let language = Language::parse(&typed.language).ok_or(Code::LanguageUnknown);
    let language = faults.check(Field::Language, language);
    let (Some(lines), Some(language)) = (lines, language) else {
        return Err(faults.into_error());
    };
    desk.platform
        .limiter
        .pass(&INVITE, desk.session.user_id.as_bytes())
        .await?;
    let roles: BTreeSet<&str> = typed.roles.iter().map(String::as_str).collect();
    desk.change(async |tx, may: &May<right::UsersInvite>| {
        check_roles(tx, may, &roles).await?;
        let invitation = Invitation {
            desk,
            may,
            roles: &roles,
            language,
        };
        let lines = invitation.send_all(tx, &lines).await?;
        keep_report(tx, may, &lines).await
    })
    .await
}

/// The lines of a form that say something.
fn lines(typed: &str) -> std::result::Result<Vec<String>, Code> {
    let lines = typed.split(['\n', '\r', ',', ';']).map(str::trim);
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
    match lines.len() {
        0 => Err(Code::Required),
        1..=MOST => Ok(lines),
        _ => Err(Code::TooManyAddresses),
    }
}

/// Nobody promises what they could not give.
async fn check_roles(tx: &mut Tx, may: &May<right::UsersInvite>, roles: &BTreeSet<&str>) -> Result<()> {
    for role in roles {
        if sql!(tx, fetch_optional One<String>, "select id from roles where id = $1", *role)?.is_none() {
            return Err(Error::form(Code::RoleUnknown));
        }
        let permissions = Role::permissions(tx, role).await?;
        let inviter = (Some(may.actor), &may.rights);
        Decision::give_by_invitation(inviter, (None, &Rights::default()), permissions).into_result()?;
    }
    Ok(())
}

/// What all addresses of a form have in common.
struct Invitation<'a> {
    desk: &'a Desk<'a>,
    may: &'a May<right::UsersInvite>,
    roles: &'a BTreeSet<&'a str>,
    language: Language,
}

impl Invitation<'_> {
    async fn send_all(&self, tx: &mut Tx, lines: &[String]) -> Result<Vec<Line>> {
        let own = User::by_id(tx, self.may.actor).await?;
        let own = own.and_then(|user| Email::parse(&user.email).ok());
        // In the order of the addresses: two who invite the same people at once wait for each other in one order.
        let addresses: BTreeMap<String, Email> = lines
            .iter()
            .filter_map(|line| Email::parse(line).ok())
            .map(|email| (email.key().as_str().to_owned(), email))
            .collect();
        let mut outcomes = BTreeMap::new();
        for (key, email) in addresses {
            let is_own = own.as_ref().is_some_and(|own| own.key() == email.key());
            let outcome = if is_own {
                Outcome::Own
            } else {
                self.send(tx, &email).await?
            };
            outcomes.insert(key, outcome);
        }
        let told = lines.iter().map(|line| {
            let outcome = match Email::parse(line) {
                // Taken out: what stands there once more is told so.
                Ok(email) => outcomes.remove(email.key().as_str()).unwrap_or(Outcome::Twice),
                Err(_) => Outcome::Invalid,
            };
            let text = line.chars().take(LONGEST_SHOWN).collect();
            Line { text, outcome }
        });
        Ok(told.collect())
    }

    async fn send(&self, tx: &mut Tx, email: &Email) -> Result<Outcome> {
        if !make_room(tx, email.key()).await? {
            return Ok(Outcome::Waiting);
        }
        if !sign_up_budget::take_mail(tx, email.key()).await? {
            return Ok(Outcome::Full);
        }
        let token = PlainToken::generate(tx.entropy());
        let (id, now, language) = (tx.new_id(), tx.now(), self.language.tag());
        let made = sql!(tx, execute
            "insert into invitations (id, email, email_key, token_hash, locale, invited_by, sent_by, created_at, sent_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $6, $7, $7, $8) on conflict do nothing",
            id, email.as_str(), email.key().as_str(), token.hash().as_bytes(), language, self.may.actor, now, now + LINK_LIFE)?;
        if made == 0 {
            // Somebody else invited the address at this moment.
            return Ok(Outcome::Waiting);
        }
        for role in self.roles {
            sql!(tx, execute "insert into invitation_roles (invitation_id, role_id) values ($1, $2)", id, *role)?;
        }
        mail_link(
            tx,
            self.desk.platform,
            email,
            (language, Some(self.may.actor)),
            &token,
        )
        .await?;
        let id = id.to_string();
        let roles: Vec<&str> = self.roles.iter().copied().collect();
        let roles = roles.join(" ");
        let mut detail = vec![("invitation", id.as_str())];
        if !roles.is_empty() {
            detail.push(("roles", &roles));
        }
        tx.audit(Entry::by(Event::InvitationSent, self.may.actor, self.desk.origin).with(&detail))
            .await?;
        Ok(Outcome::Invited)
    }
}

/// Takes away an invitation of the address that is too old. `false`: one waits whose link works.
async fn make_room(tx: &mut Tx, key: &EmailKey) -> Result<bool> {
    let now = tx.now();
    sql!(tx, execute
        "delete from invitations where email_key = $1 and accepted_at is null and revoked_at is null and expires_at <= $2",
        key.as_str(), now)?;
    let waits = sql!(tx, fetch_optional One<Uuid>,
        "select id from invitations where email_key = $1 and accepted_at is null and revoked_at is null", key.as_str())?;
    Ok(waits.is_none())
}

/// Keeps what became of each line, for whoever sent the form.
async fn keep_report(tx: &mut Tx, may: &May<right::UsersInvite>, lines: &[Line]) -> Result<Uuid> {
    let (id, now) = (tx.new_id(), tx.now());
    let text = serde_json::to_string(lines)
        .map_err(|error| Error::Internal(format!("a report of invitations: {error}")))?;
    sql!(tx, execute
        "insert into invitation_reports (id, author_id, lines, created_at) values ($1, $2, $3, $4)",
        id, may.actor, text, now)?;
    Ok(id)
}

/// What became of each line of a form, for whoever sent it; nothing for everybody else, and after an hour.
///
/// # Errors
/// [`Error::Database`].
pub async fn report(tx: &mut Tx, may: &May<right::UsersInvite>, id: Uuid) -> Result<Vec<Line>> {
    let since = tx.now() - super::REPORT_LIFE;
    let found = sql!(tx, fetch_optional One<String>,
        "select lines from invitation_reports where id = $1 and author_id = $2 and created_at > $3", id, may.actor, since)?;
    Ok(found
        .and_then(|(lines,)| serde_json::from_str(&lines).ok())
        .unwrap_or_default())
}

/// Deletes the reports in which an address stands.
pub(super) async fn forget(tx: &mut Tx, email: &Email) -> Result<()> {
    for address in [email.as_str(), email.key().as_str()] {
        sql!(tx, execute "delete from invitation_reports where lower(lines) like $1", format!("%{}%", address.to_lowercase()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_people_end_them() {
        let read = |text: &str| lines(text).map(|lines| lines.join("|"));
        assert_eq!(
            read(" ada@example.com \r\n\r\nbob@example.com,eve@example.com; \n"),
            Ok("ada@example.com|bob@example.com|eve@example.com".to_owned())
        );
        assert_eq!(read(" \n ; "), Err(Code::Required));
        assert!(lines(&"a@example.com\n".repeat(MOST)).is_ok());
        assert_eq!(
            lines(&"a@example.com\n".repeat(MOST + 1)),
            Err(Code::TooManyAddresses)
        );
    }
}
