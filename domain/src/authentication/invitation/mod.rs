//! Invitations: somebody with the permission `users:invite` asks others by mail to make an account, with roles if they may give them.
//!
//! 1. **Inviting** ([`invite`]) mails a link to each address. Whether an address has an account is not told: every address gets the
//!    same mail, and whoever invites is told the same.
//! 2. **Opening the link** ([`look`]) uses nothing up, because mail scanners open links too. It says who invites and to what.
//! 3. **Accepting** ([`accept`]) uses it up: it makes an account with the invited address, which the link has proven, or gives the roles to
//!    the account that has this address, to somebody who is signed in to it. So a link that was passed on gives nobody else's account
//!    anything (ASVS 6.4.1: 256 random bits, stored as SHA-256, one use, [`LINK_LIFE`], bound to one address).
//!
//! **Roles** are asked about twice, by the same rule: when the invitation is written, and when it is accepted, for what the inviter may do
//! *then*. Who was locked, closed their account, is gone or lost a permission since gives nothing: the account is made, without the
//! roles that they may not give any more, and the audit says which. So an invitation is no way to keep rights for later.
//!
//! Invitations open the door whatever `sign_up` says: with `invitation` they are the way to an account. Where the address could not sign up
//! by itself, a link does so only while whoever sent it may still invite; else it is worth as much as a revoked one.
//!
//! | state | how it ends |
//! |---|---|
//! | waiting | it is accepted, or [revoked](manage::revoke), or its link is too old |
//! | expired | it is [sent again](manage::resend), with another link, or the address is invited anew |
//! | accepted, revoked | [`KEPT`] after the link is too old, the row goes |

pub mod accept;
pub mod invite;
pub mod list;
pub mod manage;
mod roles;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

pub use self::roles::Promised;
use crate::authentication::assurance::proven::UsedUp;
use crate::authorization::{Permission, Rights};
use crate::notification::message::Message;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::PlainToken;
use crate::platform::settings::Settings;
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// How long a link works.
pub const LINK_LIFE: Duration = Duration::days(7);
/// The most addresses of one form.
pub const MOST: usize = 50;
/// How long an invitation is kept after its last link is too old.
pub const KEPT: Duration = Duration::days(30);
/// How long it is kept what became of each address of a form.
pub(crate) const REPORT_LIFE: Duration = Duration::hours(1);

/// What a link is worth, without using it up.
#[derive(Debug, PartialEq, Eq)]
pub enum Link {
    /// It works.
    Fresh(Invited),
    /// It did its work.
    Used,
    /// It is too old.
    Expired,
    /// The invitation was revoked, or it would open a shut door and whoever sent it may not invite any more.
    Revoked,
    /// It is none of ours, or a newer one replaced it.
    Unknown,
}

/// What an invitation is about, for who holds its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The address that the link proves, as typed.
    pub email: String,
    /// What the inviter is called; `None`: they are gone.
    pub by: Option<String>,
    /// What would be given now.
    pub roles: Vec<Promised>,
    /// Whose account has the address, if anybody's.
    pub holder: Option<UserId>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    email_key: String,
    invited_by: Option<UserId>,
    sent_by: Option<UserId>,
    expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// Looks at a link without using it.
///
/// # Errors
/// [`Error::Database`].
pub async fn look(platform: &Platform, token: &str) -> Result<Link> {
    let Some(token) = PlainToken::parse(token) else {
        return Ok(Link::Unknown);
    };
    platform
        .db
        .read(async |tx| {
            let now = tx.now();
            Ok(match Row::by_token(tx, &token).await? {
                None => Link::Unknown,
                Some(row) if row.accepted_at.is_some() => Link::Used,
                Some(row) if row.revoked_at.is_some() => Link::Revoked,
                Some(row) if row.expires_at <= now => Link::Expired,
                Some(row) => {
                    let opens = row.opens(tx, &platform.settings()).await?;
                    let invited = row.invited(tx).await?;
                    if opens || invited.holder.is_some() {
                        Link::Fresh(invited)
                    } else {
                        Link::Revoked
                    }
                }
            })
        })
        .await
}

impl Row {
    async fn by_token(tx: &mut Tx, token: &PlainToken) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, email, email_key, invited_by, sent_by, expires_at, accepted_at, revoked_at from invitations where token_hash = $1",
            token.hash().as_bytes())
    }

    /// The open invitation of a link, of which nothing is used up by this.
    async fn open(platform: &Platform, token: &PlainToken) -> Result<Self> {
        let row = platform
            .db
            .read(async |tx| Self::by_token(tx, token).await)
            .await?;
        let row = row.ok_or_else(|| Error::form(Code::LinkInvalid))?;
        if row.accepted_at.is_some() {
            Err(Error::form(Code::LinkUsed))
        } else if row.revoked_at.is_some() {
            Err(Error::form(Code::LinkInvalid))
        } else if row.expires_at <= platform.clock.now() {
            Err(Error::form(Code::LinkExpired))
        } else {
            Ok(row)
        }
    }

    /// Whether an account can be made by it now: the address could sign up by itself, or whoever sent the link may still invite.
    async fn opens(&self, tx: &mut Tx, settings: &Settings) -> Result<bool> {
        let email = Email::parse(&self.email).map_err(Error::form)?;
        if settings.check_sign_up().is_ok() && settings.admits(&email).is_ok() {
            return Ok(true);
        }
        let rights = Rights::now(tx, self.sent_by).await?;
        Ok(rights.has(Permission::UsersInvite))
    }

    /// Refuses what [does not open](Row::opens), as if it were revoked.
    async fn check_opens(&self, tx: &mut Tx, settings: &Settings) -> Result<()> {
        if self.opens(tx, settings).await? {
            Ok(())
        } else {
            Err(Error::form(Code::LinkInvalid))
        }
    }

    /// The single-use step: of all who come at once, the one whose update finds the invitation open, and the link the one that was sent
    /// last, goes on.
    async fn consume(&self, tx: &mut Tx, token: &PlainToken) -> Result<UsedUp> {
        let now = tx.now();
        let consumed = sql!(tx, execute
            "update invitations set accepted_at = $1
             where id = $2 and token_hash = $3 and accepted_at is null and revoked_at is null and expires_at > $1",
            now, self.id, token.hash().as_bytes())?;
        UsedUp::by(consumed).ok_or_else(|| Error::form(Code::LinkUsed))
    }

    /// Writes down who accepted it.
    async fn note_holder(&self, tx: &mut Tx, person: UserId) -> Result<()> {
        sql!(tx, execute "update invitations set accepted_by = $1 where id = $2", person, self.id)?;
        Ok(())
    }

    async fn invited(self, tx: &mut Tx) -> Result<Invited> {
        let by = name_of(tx, self.invited_by).await?;
        let holder = sql!(tx, fetch_optional One<UserId>, "select id from users where email_key = $1", self.email_key.as_str())?;
        let holder = holder.map(|(id,)| id);
        let (given, _) = roles::promised(tx, self.id, self.invited_by, holder).await?;
        Ok(Invited {
            email: self.email,
            by,
            roles: given,
            holder,
        })
    }
}

/// What the inviter is called, while there is an account of theirs.
async fn name_of(tx: &mut Tx, inviter: Option<UserId>) -> Result<Option<String>> {
    let Some(id) = inviter else { return Ok(None) };
    Ok(User::by_id(tx, id).await?.map(|user| user.name))
}

/// Mails the link. Whoever has the address gets it in their own language, everybody else in the one that was chosen for them.
async fn mail_link(
    tx: &mut Tx,
    platform: &Platform,
    email: &Email,
    (language, inviter): (&str, Option<UserId>),
    token: &PlainToken,
) -> Result<()> {
    let by = name_of(tx, inviter).await?.unwrap_or_default();
    let known = User::by_email(tx, email.key()).await?;
    let message = Message::Invitation {
        by,
        link: platform
            .config
            .link(&format!("/invitation?token={}", token.reveal())),
        link_life: LINK_LIFE.num_seconds().unsigned_abs(),
    };
    let language = known.map_or_else(|| language.to_owned(), |user| user.locale);
    tx.mail(email.as_str(), &language, message).await
}

/// What is kept of an invitation, once somebody is gone who had one of these addresses: nothing.
pub(crate) async fn forget(tx: &mut Tx, email: &Email) -> Result<()> {
    let key = email.key().as_str();
    sql!(tx, execute "delete from invitations where email_key = $1", key)?;
    invite::forget(tx, email).await
}
