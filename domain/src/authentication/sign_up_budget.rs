//! What one mail address bears, whoever asks and from wherever: mails in an hour, and guesses at codes in a day.
//!
//! Limits per client address don't help here, because an attacker has many. The counts are kept in the database under
//! an HMAC of the address, so that neither a restart nor a lost Redis forgets them, and they name nobody.

use chrono::{DateTime, Duration, Utc};

use crate::platform::db::{One, Tx};
use crate::users::email::EmailKey;
use crate::{Result, sql};

/// Mails that an address gets in an hour because somebody typed it at a sign-up, as their new address or into an invitation. More are not sent; the answer is the same (ASVS 2.4.1).
pub const MAILS_AN_HOUR: i64 = 5;
/// From the first of them on.
pub(crate) const MAIL_WINDOW: Duration = Duration::hours(1);
/// Codes that are looked at for an address in a day, over all its sign-ups: 50 of 1,000,000 (ASVS 6.6.3).
pub const CODES_A_DAY: i64 = 50;

/// Takes one mail from the budget of an address; `false`: it is used up.
pub(crate) async fn take_mail(tx: &mut Tx, address: &EmailKey) -> Result<bool> {
    Ok(take(tx, "mail", address, MAIL_WINDOW).await? <= MAILS_AN_HOUR)
}

/// Takes one guess from the budget of an address; `false`: it is used up, and only the link still works.
pub(crate) async fn take_code(tx: &mut Tx, address: &EmailKey) -> Result<bool> {
    Ok(take(tx, "code", address, Duration::days(1)).await? <= CODES_A_DAY)
}

/// Forgets what an address has used up.
pub(crate) async fn forget(tx: &mut Tx, address: &EmailKey) -> Result<()> {
    let key = tx.keys().index("sign-up budget", address.as_str().as_bytes())?;
    sql!(tx, execute "delete from sign_up_budgets where account_key = $1", key.as_slice())?;
    Ok(())
}

/// Counts one more in the running window, which begins with the first one, and says how many that makes.
async fn take(tx: &mut Tx, kind: &str, address: &EmailKey, window: Duration) -> Result<i64> {
    let key = tx.keys().index("sign-up budget", address.as_str().as_bytes())?;
    let now: DateTime<Utc> = tx.now();
    let (taken,) = sql!(tx, fetch_one One<i64>,
        "insert into sign_up_budgets (kind, account_key, taken, began_at) values ($1, $2, 1, $3)
         on conflict (kind, account_key) do update set
            taken = case when sign_up_budgets.began_at <= $4 then 1 else sign_up_budgets.taken + 1 end,
            began_at = case when sign_up_budgets.began_at <= $4 then excluded.began_at else sign_up_budgets.began_at end
         returning taken",
        kind, key.as_slice(), now, now - window)?;
    Ok(taken)
}
