//! The second post of a form that adds a factor to a session.

use super::factor::Enrolled;
use super::manage::Added;
use super::recovery;
use crate::authentication::sent_twice::Mark;
use crate::platform::Platform;
use crate::{Error, Result};

/// Where recovery codes are shown that were just made; noted with the mark where there are any.
pub(super) const CODES_PAGE: &str = "/account/security/recovery-codes";

/// What [`add`](super::manage::add) gave, or, to the second post of a double click, what the first one was given ([`sent_twice`](crate::authentication::sent_twice)). Codes that the first one
/// made were in the answer that nobody read: others take their place.
pub(super) async fn or_before(platform: &Platform, mark: Mark, done: Result<Added>) -> Result<Added> {
    let Err(error @ Error::Refused(_)) = done else {
        return done;
    };
    let Some(led_to) = mark.led_to(platform).await? else {
        return Err(error);
    };
    let codes = match led_to {
        Some(_) => Some(recovery::fresh(platform).await?),
        None => None,
    };
    let again = mark
        .same_token(platform, async |tx, again| {
            let Some(codes) = &codes else { return Ok(false) };
            // Somebody used one since, or took the factor away: then they were seen, or are of no use.
            let left = Enrolled::of(tx, again.user.id).await?.recovery_codes;
            if usize::try_from(left) != Ok(recovery::SET) {
                return Ok(false);
            }
            codes.set(tx, again.user.id).await?;
            Ok(true)
        })
        .await?;
    let (again, anew) = again.ok_or(error)?;
    Ok(Added {
        token: again.token,
        session: again.session,
        codes: codes.filter(|_| anew),
    })
}
