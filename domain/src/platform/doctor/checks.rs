//! The checks one by one. Each gives the id of a sentence in `locales/<language>/set_up.ftl`, which says the remedy.

use std::time::{Duration as StdDuration, Instant};

use chrono::{DateTime, Datelike as _, Duration, Utc};

use super::Status;
use super::finding::Verdict;
use super::standing;
use crate::authentication::passkeys::Passkey;
use crate::notification::mail::{Mailer, Trouble};
use crate::notification::sms::{SmsTrouble, Texter};
use crate::platform::Platform;
use crate::platform::database_secret::{self, Fit};
use crate::platform::db::{Db, One, Tx};
use crate::platform::jobs::MAX_ATTEMPTS;
use crate::platform::keys::name;
use crate::platform::places::State;
use crate::platform::redis::{Knock, Redis};
use crate::platform::settings::SecondFactorRule;
use crate::{Error, Result, sql};

/// How long a worker may not have moved. It goes round every second, and waits for the database for a few.
const WORKER_SILENCE: Duration = Duration::seconds(30);
/// How long a mail may wait, attempts included, before somebody should look.
const MAIL_WAIT: Duration = Duration::minutes(5);
/// How long a mail that was given up is worth a look.
const MAIL_MEMORY: Duration = Duration::hours(24);
/// How long events may go unsigned. A server signs every hour.
const SIGNED_WITHIN: Duration = Duration::hours(2);
/// How far the database's clock may be off without a word, and how far before codes of 30 s stop working.
const CLOCK_DRIFT: (Duration, Duration) = (Duration::seconds(5), Duration::seconds(30));
/// How long a new connection to Redis, and the queue beside a handshake, are waited for; less than [`super::LIMIT`].
const PATIENCE: StdDuration = StdDuration::from_millis(1_500);

pub(super) async fn database(db: &Db) -> Verdict {
    match db.ping().await {
        Ok(_) => {
            let (open, idle) = db.connections();
            Verdict::ok("check-database-ok")
                .because(format!("{}, {open} connections open, {idle} idle", db.kind()))
        }
        Err(error) => database_fault(&error),
    }
}

/// Also whether it takes writes. That waits for the writer before us, which is too much for a probe under load.
pub(super) async fn database_in_full(db: &Db) -> Verdict {
    let verdict = database(db).await;
    if verdict.status != Status::Ok {
        return verdict;
    }
    let wrote = db
        .write(async |tx| sql!(tx, execute "delete from leases where name = 'nothing has this name'"))
        .await;
    match wrote {
        Ok(_) => verdict,
        // Before the first migration there is nothing to write to.
        Err(error) if error.is_missing_table() => verdict,
        Err(error) => database_fault(&error),
    }
}

/// Why the database can't be used, as far as it says so: SQLSTATE of Postgres, the result codes of SQLite (the lower
/// eight bits of the extended ones).
pub(super) fn database_fault(error: &Error) -> Verdict {
    let code = match error {
        Error::Database(sqlx::Error::Database(said)) => said.code().unwrap_or_default().into_owned(),
        _ => String::new(),
    };
    let sqlite = code
        .parse::<u32>()
        .ok()
        .filter(|_| code.len() < 5)
        .map(|code| code & 0xff);
    let id = match (code.as_str(), sqlite) {
        ("28P01" | "28000", _) => "check-database-login",
        ("3D000", _) => "check-database-missing",
        ("25006" | "42501", _) | (_, Some(8)) => "check-database-readonly",
        (_, Some(14)) => "check-database-file",
        (_, Some(11 | 26)) => "check-database-broken",
        (_, Some(13)) | ("53100", _) => "check-database-full",
        _ => "check-database-fail",
    };
    Verdict::fail(id).because(error)
}

pub(super) async fn migrations(db: &Db) -> Verdict {
    let schema = match db.schema().await {
        Ok(schema) => schema,
        Err(error) => return Verdict::fail("check-migrations-unknown").because(error),
    };
    if let Some(newest) = schema.newer.last() {
        return Verdict::fail("check-migrations-newer")
            .with("theirs", newest)
            .with("ours", schema.newest_known);
    }
    if !schema.broken.is_empty() {
        return Verdict::fail("check-migrations-broken").because(format!("migrations {:?}", schema.broken));
    }
    match schema.pending.len() {
        0 => Verdict::ok("check-migrations-ok"),
        pending => Verdict::fail("check-migrations-fail").with("count", pending),
    }
}

pub(super) async fn cache(redis: Option<&Redis>) -> Verdict {
    let Some(redis) = redis else {
        return Verdict::ok("check-cache-local");
    };
    match redis.healthy().await {
        Ok(_) => Verdict::ok("check-cache-ok"),
        Err(said) => Verdict::warn("check-cache-away").because(said),
    }
}

/// An examination may come right after the start, while Redis is still being connected to in the background. If it
/// stays away, it is asked for the reason on a connection of its own.
pub(super) async fn cache_in_full(platform: &Platform) -> Verdict {
    let started = Instant::now();
    loop {
        let verdict = cache(platform.redis.as_ref()).await;
        if verdict.status == Status::Ok {
            return verdict;
        }
        if started.elapsed() > PATIENCE / 2 {
            let Some(url) = &platform.config.redis_url else {
                return verdict;
            };
            return match Redis::knock(url.expose()).await {
                Ok(()) => verdict,
                Err(Knock::Refused(said)) => Verdict::warn("check-cache-login").because(said),
                Err(Knock::Away(said)) => verdict.because(said),
            };
        }
        tokio::time::sleep(StdDuration::from_millis(50)).await;
    }
}

pub(super) async fn handshake(mailer: &Mailer) -> Verdict {
    match mailer.handshake().await {
        Ok(()) if mailer.is_caught() => Verdict::ok("check-mail-caught"),
        Ok(()) => Verdict::ok("check-mail-ok"),
        Err(fault) => {
            let id = match fault.trouble {
                Trouble::Unreachable => "check-mail-away",
                Trouble::NoTls => "check-mail-no-tls",
                Trouble::Login => "check-mail-login",
                Trouble::Refusal => "check-mail-fail",
            };
            Verdict::fail(id).because(fault)
        }
    }
}

/// The handshake, and whether the mail that was written went out. A database that is away says nothing about mail.
pub(super) async fn mail(mailer: &Mailer, db: &Db) -> Verdict {
    let (handshake, stuck) = tokio::join!(handshake(mailer), tokio::time::timeout(PATIENCE, stuck_mail(db)));
    match stuck {
        Ok(Ok(Some(stuck))) if handshake.status == Status::Ok => stuck,
        _ => handshake,
    }
}

pub(super) async fn mail_queue(db: &Db) -> Verdict {
    match stuck_mail(db).await {
        Ok(stuck) => stuck.unwrap_or_else(|| Verdict::ok("check-mail-moving")),
        Err(error) => Verdict::warn("check-mail-unknown").because(error),
    }
}

/// What is wrong with the queue of mails, if anything is.
///
/// A mail that a server refused for good at once (no such mailbox) says nothing about this server's health, and anybody
/// can bring it about by signing up with such an address; so only those count that were given up after all attempts.
async fn stuck_mail(db: &Db) -> Result<Option<Verdict>> {
    let counted: (i64, i64) = db
        .read(async |tx| {
            let now = tx.now();
            sql!(tx, fetch_one (i64, i64),
                "select count(case when state <> 'dead' then 1 end), count(case when state = 'dead' then 1 end)
                 from jobs where kind = 'send-mail' and state in ('ready', 'running', 'dead')
                 and ((state <> 'dead' and created_at <= $1 and (attempts > 0 or run_at <= $1))
                    or (state = 'dead' and attempts >= $2 and run_at > $3))",
                now - MAIL_WAIT, MAX_ATTEMPTS, now - MAIL_MEMORY)
        })
        .await?;
    Ok(match counted {
        (0, 0) => None,
        (0, given_up) => Some(Verdict::warn("check-mail-given-up").with("count", given_up)),
        (late, _) => Some(Verdict::warn("check-mail-late").with("count", late)),
    })
}

/// Compares with the database's clock where that is another machine's.
pub(super) async fn clock(platform: &Platform) -> Verdict {
    let now = platform.clock.now();
    if now.year() < 2025 {
        return Verdict::fail("check-clock-year").with("year", now.year());
    }
    let compared = platform
        .db
        .read(async |tx| {
            if !tx.is_postgres() {
                return Ok(None);
            }
            let before = tx.now();
            let (there,) = sql!(tx, fetch_one One<DateTime<Utc>>, "select now()")?;
            Ok(Some(apart(there, before, tx.now())))
        })
        .await;
    match compared {
        Ok(None) => Verdict::ok("check-clock-here"),
        Ok(Some(apart)) if apart <= CLOCK_DRIFT.0 => {
            Verdict::ok("check-clock-ok").with("seconds", whole_seconds(apart))
        }
        Ok(Some(apart)) => {
            let status = if apart <= CLOCK_DRIFT.1 {
                Status::Warn
            } else {
                Status::Fail
            };
            Verdict::new(status, "check-clock-database").with("seconds", whole_seconds(apart))
        }
        Err(error) => Verdict::warn("check-clock-unknown").because(error),
    }
}

/// How far a clock that was read some time between `before` and `after` is off, at least.
fn apart(there: DateTime<Utc>, before: DateTime<Utc>, after: DateTime<Utc>) -> Duration {
    (before - there).max(there - after).max(Duration::zero())
}

/// Rounded up, and at least 1: "to within 1 s".
fn whole_seconds(duration: Duration) -> i64 {
    (duration.num_milliseconds().saturating_add(999) / 1_000).max(1)
}

/// Whether the worker of this process moves. A mark in the future (the clock was set back) is as stale as an old one.
pub(super) fn worker_here(platform: &Platform) -> Verdict {
    let silent = (platform.clock.now() - platform.worker_last_seen()).abs();
    if silent <= WORKER_SILENCE {
        Verdict::ok("check-worker-ok")
    } else {
        Verdict::fail("check-worker-fail").with("seconds", silent.num_seconds())
    }
}

/// Whether any server works on this database: one of them then holds the leader's lease, which is renewed every 20 s
/// and lasts a minute.
pub(super) async fn worker_anywhere(db: &Db) -> Verdict {
    let led = db
        .read(async |tx| {
            let now = tx.now();
            sql!(tx, fetch_optional One<i64>,
                "select cast(1 as bigint) from leases where name = 'leader' and lease_until > $1", now)
        })
        .await;
    match led {
        Ok(Some(_)) => Verdict::ok("check-worker-ok"),
        Ok(None) => Verdict::warn("check-worker-nowhere"),
        Err(error) => Verdict::warn("check-worker-unknown").because(error),
    }
}

/// Whether the audit has been signed lately, if it should have been: nothing is signed that does not hold. Says nothing while all
/// is well, or while the database has other trouble.
pub(super) async fn audit(db: &Db) -> Option<Verdict> {
    let late = db
        .read(async |tx| {
            let before = tx.now() - SIGNED_WITHIN;
            sql!(tx, fetch_optional One<i64>,
                "select cast(1 as bigint) from audit_events e
                 where e.seq > coalesce((select max(c.seq) from audit_checkpoints c), 0) and e.at < $1
                    and coalesce((select max(c.at) from audit_checkpoints c), (select h.adopted_at from audit_head h)) < $1
                 limit 1", before)
        })
        .await;
    late.ok()??;
    Some(Verdict::warn("check-audit-late"))
}

/// The key file, and whether its keys are those of the database.
pub(super) async fn master_key(platform: &Platform) -> Verdict {
    let file = standing::key_file(&platform.config).await;
    let is_missing = file.id == "check-key-file-missing";
    if file.status != Status::Ok && !is_missing {
        return file;
    }
    let fit = database_secret::fit(&platform.db, &platform.keys);
    match tokio::time::timeout(PATIENCE, fit)
        .await
        .unwrap_or(Err(Error::Database(sqlx::Error::PoolTimedOut)))
    {
        Ok(Fit::New) if is_missing => standing::no_key_yet(&platform.config),
        Ok(Fit::Foreign(id)) if !is_missing => {
            let ours = platform.keys.ids();
            Verdict::fail("check-key-file-wrong")
                .with("theirs", name(&id))
                .with("ours", ours.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        Err(Error::Sealed) => Verdict::fail("check-key-file-damaged"),
        // A database that is away has a finding of its own.
        _ => file,
    }
}

/// The file of places, if one is set. People sign in without it, so it is never to be mended at once.
/// Whether the provider of text messages takes our account; `None` where there is none. Without it nothing is broken but this
/// one way of a second factor, so nothing here is worse than a warning.
pub(super) async fn sms(texter: &Texter) -> Option<Verdict> {
    Some(match texter.handshake().await? {
        Ok(()) => Verdict::ok("check-sms-ok"),
        Err(fault) => {
            let id = match fault.trouble {
                SmsTrouble::Login => "check-sms-login",
                SmsTrouble::Away | SmsTrouble::Unclear => "check-sms-away",
                SmsTrouble::Refusal => "check-sms-fail",
            };
            Verdict::warn(id).because(fault)
        }
    })
}

pub(super) fn places(platform: &Platform) -> Option<Verdict> {
    let file = platform.config.places_file.as_ref()?.display();
    let now = platform.clock.now();
    let verdict = match platform.places.state(now)? {
        State::Good(made) => Verdict::ok("check-places-ok").with("days", days(now - made)),
        State::Old(made) => Verdict::warn("check-places-old").with("days", days(now - made)),
        State::Unreadable(why) => Verdict::warn("check-places-unreadable").because(why),
    };
    Some(verdict.with("path", file))
}

fn days(age: Duration) -> i64 {
    age.num_days().max(0)
}

/// Whether a server runs, as far as a command beside it can tell: somebody listens where it should, or works on the
/// same database.
pub(super) async fn server_runs(platform: &Platform) -> bool {
    let listening = tokio::net::TcpStream::connect(platform.config.listen);
    let listening = tokio::time::timeout(StdDuration::from_millis(500), listening).await;
    matches!(listening, Ok(Ok(_))) || worker_anywhere(&platform.db).await.status == Status::Ok
}

/// Where passkeys belong, and whether those that people have still do.
pub(super) async fn passkeys(platform: &Platform) -> Verdict {
    let (config, db) = (&platform.config, &platform.db);
    let verdict = standing::passkey(config);
    if verdict.status == Status::Fail {
        return verdict;
    }
    // Before the first migration there are none, and a database that is away has a finding of its own.
    let looked = db
        .read(async |tx| {
            let lost = Passkey::elsewhere(tx, config.passkey_rp_id()).await?;
            let all = platform.settings().second_factor.rule == SecondFactorRule::PasskeyOnly;
            Ok((lost, people_without_passkey(tx, all).await?))
        })
        .await;
    match looked {
        Ok((Some((count, theirs)), _)) => Verdict::warn("check-passkey-lost")
            .with("count", count)
            .with("theirs", theirs)
            .with("host", config.passkey_rp_id()),
        Ok((None, count @ 1..)) => {
            if verdict.status == Status::Ok {
                Verdict::ok("check-passkey-only").with("count", count)
            } else {
                verdict
            }
        }
        _ => verdict,
    }
}

/// How many must make a passkey and have none: everybody where nothing else lets in, else who has a role that asks for it.
async fn people_without_passkey(tx: &mut Tx, all: bool) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users u where u.locked_at is null and ($1 or u.passkey_only)
            and not exists (select 1 from passkeys p where p.user_id = u.id)", all)?;
    Ok(count)
}
