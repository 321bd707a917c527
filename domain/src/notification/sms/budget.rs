//! How many text messages go out: each costs money, and there are people who have them sent to numbers that they earn from
//! (toll fraud, "SMS pumping"). Counted in the database, so that neither a restart nor a lost Redis forgets it, each by one
//! conditional update, so that of many at once no more than the cap get through.

use chrono::{DateTime, Duration, Utc};

use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::phone::PhoneNumber;
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// How long a count runs, from its first message.
const WINDOW: Duration = Duration::hours(24);
const PURPOSE: &str = "text budget";
const SERVER: &str = "server";

/// Takes one message from what a person and a number may have. That it fits into what the server may send is looked at
/// too; it is taken there when the message is handed over.
///
/// # Errors
/// Refused with [`Code::SmsSpent`]; the transaction must then roll back.
pub(crate) async fn take_for(tx: &mut Tx, platform: &Platform, user: UserId, to: &PhoneNumber) -> Result<()> {
    let sms = platform.settings().sms;
    let most = sms.per_person_per_day;
    let is_free = is_left(tx, SERVER, b"", sms.per_day).await?
        && take(tx, "person", user.as_bytes(), most).await?
        && take(tx, "number", to.as_str().as_bytes(), most).await?;
    if is_free {
        return Ok(());
    }
    metrics::counter!("latchstring_sms_total", "outcome" => "refused").increment(1);
    Err(Error::form(Code::SmsSpent))
}

/// Takes one message from what the server may hand over; `false`: none is left.
pub(super) async fn take_for_server(tx: &mut Tx, most: i64) -> Result<bool> {
    take(tx, SERVER, b"", most).await
}

/// Gives one back that was not sent after all.
pub(super) async fn give_back(tx: &mut Tx) -> Result<()> {
    let key = key(tx, b"")?;
    sql!(tx, execute
        "update text_budgets set taken = taken - 1 where kind = $1 and account_key = $2 and taken > 0", SERVER, key.as_slice())?;
    Ok(())
}

/// Forgets what a person had.
pub(crate) async fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    let key = key(tx, user.as_bytes())?;
    sql!(tx, execute "delete from text_budgets where kind = 'person' and account_key = $1", key.as_slice())?;
    Ok(())
}

async fn take(tx: &mut Tx, kind: &str, whose: &[u8], most: i64) -> Result<bool> {
    let key = key(tx, whose)?;
    let now: DateTime<Utc> = tx.now();
    // The row is locked by this statement: on Postgres, those at the same moment see each other's count.
    let taken = sql!(tx, execute
        "insert into text_budgets (kind, account_key, taken, began_at) values ($1, $2, 1, $3)
         on conflict (kind, account_key) do update set
            taken = case when text_budgets.began_at <= $4 then 1 else text_budgets.taken + 1 end,
            began_at = case when text_budgets.began_at <= $4 then excluded.began_at else text_budgets.began_at end
            where text_budgets.began_at <= $4 or text_budgets.taken < $5",
        kind, key.as_slice(), now, now - WINDOW, most)?;
    Ok(taken == 1)
}

async fn is_left(tx: &mut Tx, kind: &str, whose: &[u8], most: i64) -> Result<bool> {
    let key = key(tx, whose)?;
    let since = tx.now() - WINDOW;
    let used_up = sql!(tx, fetch_optional crate::platform::db::One<i64>,
        "select taken from text_budgets where kind = $1 and account_key = $2 and began_at > $3 and taken >= $4",
        kind, key.as_slice(), since, most)?;
    Ok(used_up.is_none())
}

fn key(tx: &Tx, whose: &[u8]) -> Result<[u8; 32]> {
    tx.keys().index(PURPOSE, whose)
}
