//! Somebody whose permission holds for longer than one transaction: a page that goes on by itself, a copy that is on its way.

use std::time::{Duration, Instant};

use super::{Desk, Right};
use crate::audit::Origin;
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::keys::TokenHash;
use crate::{Code, Error, Result};

/// How long an answer holds.
pub const AGAIN: Duration = Duration::from_secs(5);

/// Somebody who is asked again and again.
#[derive(Clone)]
pub struct Standing {
    /// The domain's tools.
    pub platform: Platform,
    token: TokenHash,
    origin: Origin,
    asked: Option<Instant>,
}

impl Standing {
    /// Of whoever has the session of this token; who has not been asked yet.
    pub fn new(platform: &Platform, token: TokenHash, origin: &Origin) -> Self {
        Self {
            platform: platform.clone(),
            token,
            origin: origin.clone(),
            asked: None,
        }
    }

    /// Asks whether their session lives and they have the permission, unless they did less than [`AGAIN`] ago. Does not count as using the
    /// session: who only listens is signed out like everybody who does nothing.
    ///
    /// # Errors
    /// Refused with [`Code::SignedOut`], or as [`Desk::look`].
    pub async fn check<R: Right>(&mut self) -> Result<()> {
        if self.asked.is_some_and(|at| at.elapsed() < AGAIN) {
            return Ok(());
        }
        let settings = self.platform.settings();
        let session = self
            .platform
            .db
            .read(async |tx| SignedIn::find(tx, &settings.session, self.token).await)
            .await?;
        let session = session
            .filter(|session| session.erase_at.is_none() && session.viewing_id.is_none())
            .ok_or_else(|| Error::form(Code::SignedOut))?;
        let desk = Desk {
            platform: &self.platform,
            session: &session,
            origin: &self.origin,
        };
        desk.look::<R, ()>(async |_tx, _may| Ok(())).await?;
        self.asked = Some(Instant::now());
        Ok(())
    }
}
