//! The messages of a recovery.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::row::Row;
use crate::authentication::change_email::proven_addresses;
use crate::notification::message::{Message, RecoveryNews};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::users::user::{User, UserId};
use crate::{Error, Result};

const PURPOSE: &str = "cancel-recovery link";

/// What the sealed token of a link that stops a recovery says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cancel {
    /// Whose account.
    pub user: UserId,
    /// Which recovery: a link of an earlier one does nothing.
    pub recovery: Uuid,
}

/// Tells every proven address how a recovery stands.
pub(super) async fn tell_all(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    row: &Row,
    news: RecoveryNews,
) -> Result<()> {
    let message = Message::Recovery {
        name: user.name.clone(),
        news,
        at: row.due_at,
        zone: user.time_zone.clone(),
        link: match news {
            RecoveryNews::Cancelled => platform.config.link("/sign-in"),
            _ => Cancel::of(row).link(platform)?,
        },
        cancel_link: None,
    };
    for address in proven_addresses(tx, user.id, &user.email).await? {
        tx.mail_for(user.id, &address, &user.locale, message.clone())
            .await?;
    }
    Ok(())
}

/// Mails the link to the address that the account has now, and to no other.
pub(super) async fn tell_link(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    row: &Row,
    token: &PlainToken,
) -> Result<()> {
    let page = format!("/recover/finish?token={}", token.reveal());
    let message = Message::Recovery {
        name: user.name.clone(),
        news: RecoveryNews::Ready,
        at: row.expires_at.unwrap_or(row.due_at),
        zone: user.time_zone.clone(),
        link: platform.config.link(&page),
        cancel_link: Some(Cancel::of(row).link(platform)?),
    };
    tx.mail(&user.email, &user.locale, message).await
}

impl Cancel {
    fn of(row: &Row) -> Self {
        Self {
            user: row.user_id,
            recovery: row.id,
        }
    }

    /// The page that the link opens.
    fn link(&self, platform: &Platform) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(|error| Error::Internal(format!("a link: {error}")))?;
        let sealed = platform.keys.seal(PURPOSE, &plain, &platform.entropy)?;
        let token = URL_SAFE_NO_PAD.encode(sealed);
        Ok(platform.config.link(&format!("/recover/cancel?token={token}")))
    }

    /// Reads a link's token. `None`: it is none of ours, or was cut.
    pub(super) fn read(platform: &Platform, token: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let plain = platform.keys.open(PURPOSE, &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
