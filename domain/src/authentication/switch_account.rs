//! Several accounts in one browser: one is in use, the others wait. Their tokens wait in the browser itself, in a sealed
//! cookie (`server/src/http/cookies.rs`), and each is a session like any other: it ends when it was not used for long, by
//! its own sign-out, or from afar.
//!
//! Going over to another account proves nothing: the session keeps its `auth_time`, so a sensitive change asks for the
//! password first. It gets a new token, so the sealed cookie of before is worth nothing.

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::{SessionToken, SignedIn, fence};
use crate::platform::Platform;
use crate::{Code, Error, Result};

/// How many accounts may wait in one browser, beside the one in use.
pub const MOST: usize = 5;

/// An account that waits.
pub struct Waiting {
    /// The token of its session.
    pub token: SessionToken,
    /// Its session, as it is now.
    pub session: SignedIn,
}

/// The sessions of these tokens that live, in their order; at most [`MOST`], and one of each person.
pub async fn waiting(platform: &Platform, tokens: &[[u8; 16]]) -> Result<Vec<Waiting>> {
    let settings = platform.settings();
    platform
        .db
        .read(async |tx| {
            let mut found: Vec<Waiting> = Vec::new();
            for bytes in tokens.iter().take(MOST) {
                let token = SessionToken::from_bytes(*bytes);
                if let Some(session) = SignedIn::find(tx, &settings.session, token.hash()).await?
                    && session.viewing_id.is_none()
                    && found.iter().all(|other| other.session.user_id != session.user_id)
                {
                    found.push(Waiting { token, session });
                }
            }
            Ok(found)
        })
        .await
}

/// Takes up a session that waits, under a new token. Of many at once, one succeeds.
///
/// # Errors
/// Refused with [`Code::SessionUnknown`] when it has ended meanwhile.
pub async fn switch_account(
    platform: &Platform,
    waiting: &Waiting,
    origin: &Origin,
) -> Result<(SessionToken, SignedIn)> {
    let old = waiting.token.hash();
    fence(platform, &[old.as_bytes().to_vec()]).await;
    let settings = platform.settings();
    platform
        .db
        .write(async |tx| {
            let Some((token, session)) = SignedIn::rotate(tx, &settings.session, old).await? else {
                return Err(Error::form(Code::SessionUnknown));
            };
            tx.audit(
                Entry::own(Event::AccountSwitched, session.user_id, origin).in_session(session.session_id),
            )
            .await?;
            Ok((token, session))
        })
        .await
}
