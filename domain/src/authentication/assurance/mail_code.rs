//! Codes by mail as a second factor: six digits, for ten minutes, once, bound to the sign-in or the session that asked
//! for them (ASVS 6.5.5, 6.6.2). A newer code makes the older one worthless.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::proven::UsedUp;
use crate::notification::message::Message;
use crate::platform::db::{One, Tx};
use crate::platform::keys::Keys;
use crate::users::user::{User, UserId};
use crate::{Result, sql};

/// How long a code works.
pub const LIFE: Duration = Duration::minutes(10);
/// Misses after which a code is dead: of 1,000,000 at most 5 are tried on one code (ASVS 6.6.3).
const MAX_MISSES: i64 = 5;
/// How many codes a person has got lately before a sign-in no longer sends one by itself: whoever knows the password can
/// begin as many as they like, and must not fill the inbox.
const UNASKED: i64 = 3;
/// What "lately" is.
const UNASKED_IN: Duration = Duration::minutes(10);
const PURPOSE: &str = "mail code";

/// Mails a new code.
pub(in crate::authentication) async fn send(tx: &mut Tx, user: &User, holder: Uuid) -> Result<()> {
    let code = tx.entropy().digits(6);
    let mac = tx.keys().tag(PURPOSE, &bound(user.id, holder, &code));
    let now = tx.now();
    sql!(tx, execute
        "insert into mail_codes (holder_id, user_id, code_mac, created_at, expires_at) values ($1, $2, $3, $4, $5)
         on conflict (holder_id) do update set user_id = excluded.user_id, code_mac = excluded.code_mac, misses = 0,
            created_at = excluded.created_at, expires_at = excluded.expires_at, consumed_at = null",
        holder, user.id, mac, now, now + LIFE)?;
    let message = Message::FactorCode {
        name: user.name.clone(),
        code,
        code_life: LIFE.num_seconds().unsigned_abs(),
    };
    tx.mail(&user.email, &user.locale, message).await
}

/// Mails a code that nobody asked for by a button, because there is nothing else to give: unless the person got several
/// just now. Then the page has the button, with its limit.
pub(super) async fn send_unasked(tx: &mut Tx, user: &User, holder: Uuid) -> Result<()> {
    let since = tx.now() - UNASKED_IN;
    let (recent,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from mail_codes where user_id = $1 and created_at > $2", user.id, since)?;
    if recent < UNASKED {
        send(tx, user, holder).await?;
    }
    Ok(())
}

/// Takes one of the five looks at a code, and gives what it is compared with. `None`: there is none that works.
pub(super) async fn take_look(tx: &mut Tx, user: UserId, holder: Uuid) -> Result<Option<Vec<u8>>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<Vec<u8>>,
        "update mail_codes set misses = misses + 1
         where holder_id = $1 and user_id = $2 and consumed_at is null and expires_at > $3 and misses < $4 returning code_mac",
        holder, user, now, MAX_MISSES)?;
    Ok(found.map(|(mac,)| mac))
}

/// Whether this is the code.
pub(super) fn is_right(keys: &Keys, user: UserId, holder: Uuid, code: &str, mac: &[u8]) -> bool {
    keys.verify_tag(PURPOSE, &bound(user, holder, code), mac)
}

/// Uses a code up, once.
pub(super) async fn use_up(tx: &mut Tx, holder: Uuid, mac: &[u8]) -> Result<Option<UsedUp>> {
    let now = tx.now();
    let changed = sql!(tx, execute
        "update mail_codes set consumed_at = $1 where holder_id = $2 and code_mac = $3 and consumed_at is null and expires_at > $1",
        now, holder, mac)?;
    Ok(UsedUp::by(changed))
}

/// When the newest code went out that still works.
pub(in crate::authentication) async fn sent_at(tx: &mut Tx, holder: Uuid) -> Result<Option<DateTime<Utc>>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<DateTime<Utc>>,
        "select created_at from mail_codes where holder_id = $1 and consumed_at is null and expires_at > $2", holder, now)?;
    Ok(found.map(|(at,)| at))
}

/// Wants to be asked for such codes, or no longer. `false`: it was so already.
pub(super) async fn switch(tx: &mut Tx, user: UserId, on: bool) -> Result<bool> {
    let now = tx.now();
    let changed = if on {
        sql!(tx, execute
            "insert into mail_factors (user_id, created_at) values ($1, $2) on conflict (user_id) do nothing", user, now)?
    } else {
        sql!(tx, execute "delete from mail_factors where user_id = $1", user)?
    };
    Ok(changed == 1)
}

fn bound(user: UserId, holder: Uuid, code: &str) -> Vec<u8> {
    [user.as_bytes().as_slice(), holder.as_bytes(), code.as_bytes()].concat()
}
