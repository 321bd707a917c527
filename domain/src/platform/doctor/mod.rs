//! The examination of the set-up: what is well, what is not, and how to mend it.
//!
//! There is one, for the command `latchstring doctor`, the page `/setup` and `/health/ready`, so that they never
//! disagree. A check never fails and never hangs: what it can't find out within [`LIMIT`] is its finding.
//! Findings are for the operator. They hold no secret, but [`Finding::detail`] and the wording may name addresses and
//! paths: an answer to everybody (`/health/ready`) should leave these out.

mod checks;
mod finding;
pub mod self_call;
mod standing;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use self::finding::Verdict;
pub use self::finding::{Finding, Status};
use crate::Error;
use crate::notification::mail::Mailer;
use crate::platform::Platform;
use crate::platform::config::{Config, Fault};
use crate::platform::settings::Key;

/// How long one check may take for a page or a probe. They run at the same time, so this is also how long all of them
/// take at most.
pub const LIMIT: Duration = Duration::from_secs(2);

/// The same for the command: whoever runs it can wait, and a mail server may greet late on purpose.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// What the request of a page tells about how people reach the server. What is `None` is not compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Visit<'a> {
    /// The origin at which the browser opened the page, such as `http://127.0.0.1:3000`.
    pub seen_origin: Option<&'a str>,
    /// Whether a cookie that an earlier answer set was in the request.
    pub cookie_came_back: Option<bool>,
}

/// Runs every check at the same time, in at most [`LIMIT`], or [`COMMAND_LIMIT`] without a visit. Mail gets a real
/// handshake, the database a write that changes nothing, and the server calls itself at its public address.
///
/// `visit` is what a page's request tells. Without one, this is a command beside the server: then the worker is looked
/// for on any server that shares the database, else in this process, and only a server that runs is called.
pub async fn examine(platform: &Platform, visit: Option<&Visit<'_>>) -> Vec<Finding> {
    let (config, db) = (&platform.config, &platform.db);
    let limit = if visit.is_some() { LIMIT } else { COMMAND_LIMIT };
    let worker = async {
        match visit {
            Some(_) => checks::worker_here(platform),
            None => checks::worker_anywhere(db).await,
        }
    };
    let product = platform.settings().product_name.clone();
    let self_call = async {
        if visit.is_some() || checks::server_runs(platform).await {
            self_call::look(platform).await
        } else {
            Verdict::skipped("check-self-call-skipped")
        }
    };
    let sms = async {
        let limited = tokio::time::timeout(limit, Box::pin(checks::sms(&platform.texter)));
        let late =
            || Verdict::warn("check-sms-away").because(format!("no answer within {} s", limit.as_secs()));
        limited.await.unwrap_or_else(|_| Some(late()))
    };
    let (database, migrations, cache, mail, sms, clock, worker, self_call, standing, passkey, audit) = tokio::join!(
        limited(
            "database",
            limit,
            Verdict::fail("check-database-fail"),
            boxed(checks::database_in_full(db))
        ),
        limited(
            "migrations",
            limit,
            Verdict::fail("check-migrations-unknown"),
            boxed(checks::migrations(db))
        ),
        limited(
            "cache",
            limit,
            Verdict::warn("check-cache-away"),
            boxed(checks::cache_in_full(platform))
        ),
        limited(
            "mail",
            limit,
            Verdict::fail("check-mail-fail"),
            boxed(checks::mail(&platform.mailer, db))
        ),
        sms,
        limited(
            "clock",
            limit,
            Verdict::warn("check-clock-unknown"),
            boxed(checks::clock(platform))
        ),
        limited(
            "worker",
            limit,
            Verdict::warn("check-worker-unknown"),
            boxed(worker)
        ),
        limited(
            "self-call",
            limit,
            Verdict::warn("check-self-call-away").with("url", config.public_origin()),
            boxed(self_call)
        ),
        standing(config, &product, visit, boxed(checks::master_key(platform))),
        limited(
            "passkey",
            limit,
            standing::passkey(config),
            boxed(checks::passkeys(platform))
        ),
        tokio::time::timeout(limit, Box::pin(checks::audit(db))),
    );
    let mut findings = vec![database, migrations, cache, mail];
    findings.extend(sms.map(|verdict| Finding::new("sms", Duration::ZERO, verdict)));
    findings.push(clock);
    findings.extend(standing);
    findings.push(passkey);
    findings.extend(checks::places(platform).map(|verdict| Finding::new("places", Duration::ZERO, verdict)));
    findings.extend(
        audit
            .ok()
            .flatten()
            .map(|verdict| Finding::new("audit", Duration::ZERO, verdict)),
    );
    findings.extend([self_call, worker]);
    findings
}

/// The findings when the settings themselves are wrong, so that nothing else can be looked at: one for each fault.
pub fn examine_unsettled(faults: &[Fault]) -> Vec<Finding> {
    let verdict = |fault: &Fault| {
        Verdict::fail("check-settings-fail")
            .with("setting", &fault.setting)
            .with("holds", &fault.holds)
            .with("should", &fault.should)
    };
    faults
        .iter()
        .map(|fault| Finding::new("settings", Duration::ZERO, verdict(fault)))
        .collect()
}

/// The findings when [`Platform::open`] failed with `error`: that one first, and then what the settings alone tell.
/// So `doctor` names every fault of a broken set-up at once.
pub async fn examine_unopened(config: &Config, error: &Error) -> Vec<Finding> {
    let (check, verdict) = match error {
        Error::Database(_) => ("database", checks::database_fault(error)),
        Error::Migration(_) => (
            "migrations",
            Verdict::fail("check-migrations-broken").because(error),
        ),
        _ => ("start", Verdict::fail("check-start-fail").because(error)),
    };
    let verdict_id = verdict.id;
    let key_file = async {
        let file = standing::key_file(config).await;
        let is_first_start = verdict_id == "check-database-file" && file.id == "check-key-file-missing";
        if is_first_start {
            standing::no_key_yet(config)
        } else {
            file
        }
    };
    let mail = async {
        match Mailer::from_config(config) {
            Ok(mailer) => checks::handshake(&mailer).await,
            Err(error) => Verdict::fail("check-mail-fail").because(error),
        }
    };
    let product = Key::ProductName.default_text();
    let (mail, standing) = tokio::join!(
        limited(
            "mail",
            COMMAND_LIMIT,
            Verdict::fail("check-mail-fail"),
            boxed(mail)
        ),
        standing(config, product, None, boxed(key_file))
    );
    let mut findings = vec![Finding::new(check, Duration::ZERO, verdict), mail];
    findings.extend(standing);
    findings.push(Finding::new("passkey", Duration::ZERO, standing::passkey(config)));
    findings
}

/// The cheap checks, for `/health/ready`: database, migrations, cache, mail, worker; and what the last call to itself
/// found, if there was one lately. True while none of them is `Fail`, that is while the database answers with a schema
/// that fits and the worker moves. A lost Redis, mail that doesn't move and a way in that doesn't lead here are `Warn`:
/// restarting the server mends none of them. Mail is judged by the queue, without a handshake, and nobody is called.
pub async fn ready(platform: &Platform) -> (bool, Vec<Finding>) {
    let db = &platform.db;
    let (database, migrations, cache, mail) = tokio::join!(
        limited(
            "database",
            LIMIT,
            Verdict::fail("check-database-fail"),
            boxed(checks::database(db))
        ),
        limited(
            "migrations",
            LIMIT,
            Verdict::fail("check-migrations-unknown"),
            boxed(checks::migrations(db))
        ),
        limited(
            "cache",
            LIMIT,
            Verdict::warn("check-cache-away"),
            boxed(checks::cache(platform.redis.as_ref()))
        ),
        limited(
            "mail",
            LIMIT,
            Verdict::warn("check-mail-unknown"),
            boxed(checks::mail_queue(db))
        ),
    );
    let at_once = |check, verdict| Finding::new(check, Duration::ZERO, verdict);
    let mut findings = vec![
        database,
        migrations,
        cache,
        mail,
        at_once("worker", checks::worker_here(platform)),
    ];
    if let Some(last) = self_call::peek(platform) {
        findings.push(at_once("self-call", last.at_most(Status::Warn)));
    }
    (Status::worst(&findings) != Status::Fail, findings)
}

/// What is not well as far as the cheap checks tell: those of [`ready`], the disk, and whether the audit is signed. For a page that is
/// looked at often.
pub async fn glance(platform: &Platform) -> Vec<Finding> {
    let ((_, mut findings), disk, audit) = tokio::join!(
        ready(platform),
        limited(
            "disk",
            LIMIT,
            Verdict::warn("check-disk-unknown"),
            boxed(standing::disk(&platform.config))
        ),
        tokio::time::timeout(LIMIT, Box::pin(checks::audit(&platform.db))),
    );
    findings.push(disk);
    findings.extend(
        audit
            .ok()
            .flatten()
            .map(|verdict| Finding::new("audit", Duration::ZERO, verdict)),
    );
    findings.retain(|finding| finding.status > Status::Ok);
    findings
}

/// The checks that need the settings and the disk alone, or also the database for the key.
async fn standing(
    config: &Config,
    product: &str,
    visit: Option<&Visit<'_>>,
    key_file: Work<'_>,
) -> Vec<Finding> {
    let (key_file, disk) = tokio::join!(
        limited(
            "key-file",
            LIMIT,
            Verdict::fail("check-key-file-missing"),
            key_file
        ),
        limited(
            "disk",
            LIMIT,
            Verdict::warn("check-disk-unknown"),
            boxed(standing::disk(config))
        ),
    );
    let at_once = |check, verdict| Finding::new(check, Duration::ZERO, verdict);
    vec![
        key_file,
        disk,
        at_once("public-url", standing::public_url(config, visit)),
        at_once("cookie", standing::cookie(config, product, visit)),
    ]
}

type Work<'a> = Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;

/// All of them side by side would make a large future.
fn boxed<'a>(work: impl Future<Output = Verdict> + Send + 'a) -> Work<'a> {
    Box::pin(work)
}

/// Runs a check; `late` is the verdict when it has not ended within `limit`.
async fn limited(check: &'static str, limit: Duration, late: Verdict, work: Work<'_>) -> Finding {
    let started = Instant::now();
    let verdict = match tokio::time::timeout(limit, work).await {
        Ok(verdict) => verdict,
        Err(_) => late.because(format!("no answer within {} s", limit.as_secs())),
    };
    Finding::new(check, started.elapsed(), verdict)
}
