//! "This wasn't me": the link in every notice about an account's security.
//!
//! The link carries, sealed, whom and which notice it is about; the row in `alarms` makes it work once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::Origin;
use crate::notification::message::{Message, Notice};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::{User, UserId};
use crate::{Error, Result};

/// How long the link works.
pub const LINK_LIFE: Duration = Duration::days(7);

const PURPOSE: &str = "alarm link";

/// What the link of a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Whose account.
    pub user: UserId,
    /// Which notice.
    pub notice: Uuid,
    /// When the notice was written.
    pub at: DateTime<Utc>,
}

/// Tells a person by mail that something about their account's security changed, as part of this transaction.
pub(crate) async fn notify(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    notice: Notice,
    origin: &Origin,
) -> Result<()> {
    let alarm = Alarm {
        user: user.id,
        notice: tx.new_id(),
        at: tx.now(),
    };
    let message = Message::SecurityNotice {
        name: user.name.clone(),
        notice,
        at: alarm.at,
        user_agent: origin.user_agent.clone(),
        address: origin.address.clone(),
        alarm_link: alarm.link(platform)?,
    };
    tx.mail(&user.email, &user.locale, message).await
}

impl Alarm {
    /// The page that the link opens.
    fn link(&self, platform: &Platform) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(|error| Error::Internal(format!("alarm: {error}")))?;
        let sealed = platform.keys.seal(PURPOSE, &plain, &platform.entropy)?;
        let token = URL_SAFE_NO_PAD.encode(sealed);
        Ok(platform.config.link(&format!("/not-me?token={token}")))
    }

    /// Reads a link's token. `None`: it is none of ours, or was cut.
    pub fn read(platform: &Platform, token: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let plain = platform.keys.open(PURPOSE, &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
