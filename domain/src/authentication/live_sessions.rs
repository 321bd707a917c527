//! Where somebody is signed in: the list of their sessions, and ending one or all others (ASVS 7.5.2).

use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::{SignedIn, fence};
use crate::authentication::sign_out::sign_out;
use crate::platform::Platform;
use crate::{Code, Error, Result};

/// How many sessions the list shows. There may be more: nothing limits them.
pub const SHOWN: usize = 100;

/// The live sessions of a person, this one first, then the last used; at most [`SHOWN`].
pub async fn live_sessions(platform: &Platform, session: &SignedIn) -> Result<Vec<SignedIn>> {
    let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let settings = platform.settings();
    let mut found = platform
        .db
        .read(async |tx| SignedIn::list(tx, &settings.session, session.user_id, limit).await)
        .await?;
    // Stable: the others stay in their order.
    found.sort_by_key(|other| other.session_id != session.session_id);
    Ok(found)
}

/// Ends one session of the person, on every server at once. Returns `true` when it was the one that asks: its browser
/// then forgets its cookie.
///
/// # Errors
/// Refused with [`Code::SessionUnknown`] for an id that is nobody's, has ended, or is another person's: never told apart.
pub async fn end_session(platform: &Platform, session: &SignedIn, id: &str, origin: &Origin) -> Result<bool> {
    let unknown = || Error::form(Code::SessionUnknown);
    let id = Uuid::parse_str(id.trim()).map_err(|_| unknown())?;
    if id == session.session_id {
        sign_out(platform, session, origin).await?;
        return Ok(true);
    }
    let user = session.user_id;
    let fenced = platform
        .db
        .read(async |tx| SignedIn::hash_of_own(tx, user, id).await)
        .await?;
    fence(platform, &fenced).await;
    let late = platform
        .db
        .write(async |tx| {
            let mut late = SignedIn::hash_of_own(tx, user, id).await?;
            late.retain(|hash| !fenced.contains(hash));
            if !SignedIn::end_own(tx, user, id).await? {
                return Err(unknown());
            }
            tx.audit(Entry::own(Event::SessionEnded, user, origin).in_session(id))
                .await?;
            Ok(late)
        })
        .await?;
    // It got another token after the first fence: its row is gone, and with this its copy.
    fence(platform, &late).await;
    Ok(false)
}

/// Ends every session of the person but the one that asks, on every server at once. Returns how many. Safe to repeat.
pub async fn end_other_sessions(platform: &Platform, session: &SignedIn, origin: &Origin) -> Result<u64> {
    let user = session.user_id;
    let fenced = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user).await)
        .await?;
    fence(platform, &fenced).await;
    let (ended, late) = platform
        .db
        .write(async |tx| {
            let mut late = SignedIn::hashes_of(tx, user).await?;
            late.retain(|hash| !fenced.contains(hash));
            let ended = SignedIn::end_others(tx, user, session.session_id).await?;
            tx.audit(
                Entry::own(Event::OtherSessionsEnded, user, origin)
                    .in_session(session.session_id)
                    .with(&[("sessions_ended", &ended.to_string())]),
            )
            .await?;
            Ok((ended, late))
        })
        .await?;
    fence(platform, &late).await;
    Ok(ended)
}
