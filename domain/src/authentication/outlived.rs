//! Sessions that are older than the settings allow, because somebody has shortened what sessions last since they began (ASVS 7.4.1).
//!
//! - **Who asks is told at once**: [`SignedIn::has_outlived`](super::session::SignedIn::has_outlived) compares with what holds at that moment,
//!   wherever a session is found or listed.
//! - **They don't come back** when the times are lengthened again, or the change is undone: a change of the times deletes, in its own
//!   transaction, what is over by those that held until then ([`end`]). Between two changes the round that cleans up deletes it.
//! - **They hold nobody up.** Before that transaction they are deleted in slices ([`sweep`]), so that it has next to nothing left to do; and
//!   after it those that the new times end. On SQLite a slice of 2,000 among 200,000 sessions took 0.1 s on a machine that was busy, where
//!   one statement for all of them took 10 s, in which nobody else would have written.

use chrono::{DateTime, Duration, Utc};

use crate::authentication::everybody;
use crate::authentication::session::{fence, lifetimes};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::settings::SessionTimes;
use crate::{Result, sql};

/// How many a slice is.
const AT_ONCE: i64 = 2_000;
/// How many slices whoever changes the times waits for, after the change: the round does the rest.
pub(crate) const AFTER_A_CHANGE: usize = 10;

/// The moments from which on a session lives: by when it was last used, and by when it began.
struct Since {
    used: DateTime<Utc>,
    begun: DateTime<Utc>,
}

impl Since {
    fn of(times: &SessionTimes, now: DateTime<Utc>, (remember, staff): (bool, bool)) -> Self {
        let (idle, overall): (Duration, Duration) = lifetimes(times, remember, staff);
        Self {
            used: now - idle,
            begun: now - overall,
        }
    }

    /// With "stay signed in" and without it, of people without a role and with one.
    fn all(times: &SessionTimes, now: DateTime<Utc>) -> [Self; 4] {
        [(true, false), (false, false), (true, true), (false, true)].map(|whose| Self::of(times, now, whose))
    }
}

/// How many of the sessions that have not run out are over by these times.
pub(crate) async fn count(tx: &mut Tx, times: &SessionTimes) -> Result<i64> {
    let now = tx.now();
    let [stay, plain, staff_stay, staff] = Since::all(times, now);
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from sessions
         where expires_at > $1 and idle_expires_at > $1 and (
             (remember and (last_seen_at <= $2 or created_at <= $3))
             or (not remember and (last_seen_at <= $4 or created_at <= $5))
             or (user_id in (select id from users where staff) and (
                 (remember and (last_seen_at <= $6 or created_at <= $7))
                 or (not remember and (last_seen_at <= $8 or created_at <= $9)))))",
        now, stay.used, stay.begun, plain.used, plain.begun, staff_stay.used, staff_stay.begun, staff.used, staff.begun)?;
    Ok(count)
}

/// Ends the sessions that are over by these times, whether they have run out or not; at most so many. Returns how many. Put the fence of
/// everybody in place before ([`fence_off`]).
pub(crate) async fn end(tx: &mut Tx, times: &SessionTimes, at_most: i64) -> Result<u64> {
    let [stay, plain, staff_stay, staff] = Since::all(times, tx.now());
    sql!(tx, execute
        "delete from sessions where id in (select id from sessions
         where (remember and (last_seen_at <= $1 or created_at <= $2))
             or (not remember and (last_seen_at <= $3 or created_at <= $4))
             or (user_id in (select id from users where staff) and (
                 (remember and (last_seen_at <= $5 or created_at <= $6))
                 or (not remember and (last_seen_at <= $7 or created_at <= $8))))
         limit $9)",
        stay.used, stay.begun, plain.used, plain.begun, staff_stay.used, staff_stay.begun, staff.used, staff.begun, at_most)
}

/// Hides the copies of all sessions, before times are changed: a copy of one that ends would be good again with longer times. See
/// [`everybody`].
pub(crate) async fn fence_off(platform: &Platform) -> Result<()> {
    fence(platform, &[everybody::token(&platform.keys)?.as_bytes().to_vec()]).await;
    Ok(())
}

/// Deletes what is over by the times that hold, in so many slices at most: a part of the round that cleans up, and of a change of the times.
/// Where there is none, it only reads.
pub(crate) async fn sweep(platform: &Platform, slices: usize) -> Result<()> {
    let settings = platform.settings();
    let times = &settings.session;
    let mut left = platform.db.read(async |tx| count(tx, times).await).await?;
    for _ in 0..slices {
        if left <= 0 {
            break;
        }
        let ended = platform
            .db
            .write(async |tx| end(tx, times, AT_ONCE).await)
            .await?;
        // Somebody else was at it, too.
        if ended == 0 {
            break;
        }
        left -= i64::try_from(ended).unwrap_or(left);
    }
    Ok(())
}
