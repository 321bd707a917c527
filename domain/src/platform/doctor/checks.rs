//! The checks one by one. Each gives the id of a sentence in `locales/<language>/set_up.ftl`, which says the remedy.

use std::path::Path;
use std::time::{Duration as StdDuration, Instant};

use chrono::{DateTime, Datelike as _, Duration, Utc};
use url::{Host, Url};

use super::{Status, Verdict, Visit};
use crate::notification::mail::Mailer;
use crate::notification::message::single_line;
use crate::platform::config::{Config, check_key_file_mode};
use crate::platform::db::{Db, One};
use crate::platform::jobs::MAX_ATTEMPTS;
use crate::platform::redis::Redis;
use crate::platform::{Platform, key_file as key_files};
use crate::{Result, sql};

/// How long a worker may not have moved. It goes round every second, and waits for the database for a few.
const WORKER_SILENCE: Duration = Duration::seconds(30);
/// How long a mail may wait, attempts included, before somebody should look.
const MAIL_WAIT: Duration = Duration::minutes(5);
/// How long a mail that was given up is worth a look.
const MAIL_MEMORY: Duration = Duration::hours(24);
/// How far the database's clock may be off without a word, and how far before codes of 30 s stop working.
const CLOCK_DRIFT: (Duration, Duration) = (Duration::seconds(5), Duration::seconds(30));
/// How long a new connection to Redis, and the queue beside a handshake, are waited for; less than [`super::LIMIT`].
const PATIENCE: StdDuration = StdDuration::from_millis(1_500);
/// Free bytes below which the disk is worth a look, and below which it is as good as full.
const DISK_LOW: (u64, u64) = (512 << 20, 64 << 20);

pub(super) async fn database(db: &Db) -> Verdict {
    match db.ping().await {
        Ok(_) => {
            let (open, idle) = db.connections();
            Verdict::ok("check-database-ok")
                .because(format!("{}, {open} connections open, {idle} idle", db.kind()))
        }
        Err(error) => Verdict::fail("check-database-fail").because(error),
    }
}

pub(super) async fn migrations(db: &Db) -> Verdict {
    let pending = match db.pending_migrations().await {
        Ok(0) => return Verdict::ok("check-migrations-ok"),
        Ok(pending) => pending,
        Err(error) => return Verdict::fail("check-migrations-unknown").because(error),
    };
    // A database that is away looks like one without any table.
    match db.ping().await {
        Ok(_) => Verdict::fail("check-migrations-fail").with("count", pending),
        Err(error) => Verdict::fail("check-migrations-unknown").because(error),
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

/// A command examines right after the start, while Redis is still being connected to in the background.
pub(super) async fn cache_patiently(redis: Option<&Redis>) -> Verdict {
    let started = Instant::now();
    loop {
        let verdict = cache(redis).await;
        if verdict.status == Status::Ok || started.elapsed() > PATIENCE {
            return verdict;
        }
        tokio::time::sleep(StdDuration::from_millis(50)).await;
    }
}

pub(super) async fn handshake(mailer: &Mailer) -> Verdict {
    match mailer.handshake().await {
        Ok(()) if mailer.is_caught() => Verdict::ok("check-mail-caught"),
        Ok(()) => Verdict::ok("check-mail-ok"),
        Err(fault) => Verdict::fail("check-mail-fail").because(fault),
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

/// Compares with the database's clock where that is another machine's, and with the browser's if it is known.
pub(super) async fn clock(platform: &Platform, browser: Option<DateTime<Utc>>) -> Verdict {
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
    let database = match compared {
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
    };
    match browser.map(|there| apart(there, now, now)) {
        Some(apart) if database.status == Status::Ok && apart > CLOCK_DRIFT.1 => {
            Verdict::warn("check-clock-browser").with("seconds", whole_seconds(apart))
        }
        _ => database,
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

pub(super) async fn key_file(config: &Config) -> Verdict {
    if config.master_key.is_some() {
        return Verdict::ok("check-key-file-environment");
    }
    let (path, folder) = (key_files::path(config), config.data_dir.clone());
    let looked = tokio::task::spawn_blocking(move || key_file_at(&path, &folder)).await;
    looked.unwrap_or_else(|error| Verdict::fail("check-key-file-missing").because(error))
}

fn key_file_at(path: &Path, folder: &Path) -> Verdict {
    if let Err(error) = std::fs::metadata(path) {
        return Verdict::fail("check-key-file-missing")
            .with("path", path.display())
            .because(error);
    }
    if let Err(fault) = check_key_file_mode(path) {
        return Verdict::fail("check-key-file-fail")
            .with("path", path.display())
            .because(fault);
    }
    match foreign_owner(path, folder) {
        Ok(None) => Verdict::ok("check-key-file-ok").with("path", path.display()),
        Ok(Some((is, should))) => Verdict::fail("check-key-file-owner")
            .with("path", path.display())
            .with("owner", should)
            .because(format!("it belongs to user {is}")),
        Err(error) => Verdict::fail("check-key-file-missing")
            .with("path", path.display())
            .because(error),
    }
}

/// The owner that the file has and the one it should have, as user ids, if these differ. It should be whoever runs
/// this; root, which may run `doctor` beside the server, goes by the owner of the folder.
#[cfg(unix)]
fn foreign_owner(path: &Path, folder: &Path) -> std::io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt as _;

    let me = rustix::process::geteuid();
    let should = if me.is_root() {
        std::fs::metadata(folder)?.uid()
    } else {
        me.as_raw()
    };
    let is = std::fs::metadata(path)?.uid();
    Ok((is != should).then_some((is, should)))
}

#[cfg(not(unix))]
fn foreign_owner(_: &Path, _: &Path) -> std::io::Result<Option<(u32, u32)>> {
    Ok(None)
}

pub(super) async fn disk(config: &Config) -> Verdict {
    let folder = config.data_dir.clone();
    match tokio::task::spawn_blocking(move || free_bytes(&folder)).await {
        Ok(Ok(free)) => judge_disk(free, &config.data_dir),
        Ok(Err(error)) => Verdict::warn("check-disk-unknown").because(error),
        Err(error) => Verdict::warn("check-disk-unknown").because(error),
    }
}

pub(super) fn judge_disk(free: u64, folder: &Path) -> Verdict {
    let verdict = match free {
        free if free < DISK_LOW.1 => Verdict::fail("check-disk-fail"),
        free if free < DISK_LOW.0 => Verdict::warn("check-disk-low"),
        _ => Verdict::ok("check-disk-ok"),
    };
    verdict
        .with("megabytes", free >> 20)
        .with("path", folder.display())
}

/// What an ordinary user may still write.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> std::io::Result<u64> {
    Err(std::io::ErrorKind::Unsupported.into())
}

pub(super) fn public_url(config: &Config, visit: Option<&Visit<'_>>) -> Verdict {
    let url = config.public_origin();
    match visit.and_then(|visit| visit.seen_origin).map(as_origin) {
        None => Verdict::ok("check-public-url-unseen").with("url", url),
        Some(seen) if seen == url => Verdict::ok("check-public-url-ok").with("url", url),
        Some(seen) => Verdict::fail("check-public-url-fail")
            .with("url", url)
            .with("seen", seen),
    }
}

/// As browsers write an origin. What is none is cut to one short line: it came with a request.
fn as_origin(seen: &str) -> String {
    let origin = Url::parse(seen)
        .ok()
        .map(|url| url.origin())
        .filter(url::Origin::is_tuple);
    let text = origin.map_or_else(|| single_line(seen), |origin| origin.ascii_serialization());
    text.chars().take(200).collect()
}

pub(super) fn cookie(config: &Config, visit: Option<&Visit<'_>>) -> Verdict {
    if visit.and_then(|visit| visit.cookie_came_back) == Some(false) {
        return Verdict::fail("check-cookie-fail").with("url", config.public_origin());
    }
    if config.secure_cookies() {
        Verdict::ok("check-cookie-ok")
    } else if is_this_machine(&config.public_url) {
        Verdict::ok("check-cookie-plain").with("product", &config.product_name)
    } else {
        Verdict::warn("check-cookie-exposed").with("url", config.public_origin())
    }
}

/// A passkey belongs to a domain name, never to an IP address, and exists in secure contexts only (WebAuthn level 3, "RP ID"
/// in §4 and the effective domain in §5.1.3): https, or this machine by name.
pub(super) fn passkey(config: &Config) -> Verdict {
    let url = &config.public_url;
    let named = matches!(url.host(), Some(Host::Domain(_)));
    if named && (url.scheme() == "https" || is_this_machine(url)) {
        Verdict::ok("check-passkey-ok").with("host", config.public_host())
    } else {
        Verdict::fail("check-passkey-fail").with("url", config.public_origin())
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
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
