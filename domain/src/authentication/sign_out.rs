//! Signing out: the session ends, wherever its token is.

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::{Result};

/// Ends a session. Safe to repeat.
pub async fn sign_out(platform: &Platform, session: &SignedIn, origin: &Origin) -> Result<()> {
    platform
        .db
        .write(async |tx| {
            if SignedIn::end(tx, session.session_id).await? {
                tx.audit(Entry {
                    event: Event::SignedOut,
                    actor: Some(session.user_id),
                    subject: Some(session.user_id),
                    session: Some(session.session_id),
                    origin,
                    detail: &[],
                })
                .await?;
            }
            Ok(())
        })
        .await
}
