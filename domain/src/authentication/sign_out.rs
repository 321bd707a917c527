//! Signing out: the session ends, wherever its token is.

use crate::Result;
use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::viewing;
use crate::platform::Platform;

/// Ends a session, and the look at an account that it was in. Safe to repeat.
pub async fn sign_out(platform: &Platform, session: &SignedIn, origin: &Origin) -> Result<()> {
    let hashes = platform
        .db
        .read(async |tx| SignedIn::hash_of(tx, session.session_id).await)
        .await?;
    fence(platform, &hashes).await;
    platform
        .db
        .write(async |tx| {
            if SignedIn::end(tx, session.session_id).await? {
                tx.audit(
                    Entry::own(Event::SignedOut, session.user_id, origin).in_session(session.session_id),
                )
                .await?;
                viewing::end(tx, session, origin, "signed-out").await?;
            }
            Ok(())
        })
        .await
}
