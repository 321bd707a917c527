//! The examination of the set-up: what is well, what is not, and how to mend it.
//!
//! There is one, for the command `latchstring doctor`, the page `/setup` and `/health/ready`, so that they never
//! disagree. A check never fails and never hangs: what it can't find out within [`LIMIT`] is its finding.
//! Findings are for the operator. They hold no secret, but [`Finding::detail`] and the wording may name addresses and
//! paths: an answer to everybody (`/health/ready`) should leave these out.

mod checks;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::Error;
use crate::notification::mail::Mailer;
use crate::platform::Platform;
use crate::platform::config::Config;
use crate::words::Words;

/// How long one check may take. They run at the same time, so this is also how long all of them take at most.
pub const LIMIT: Duration = Duration::from_secs(2);

/// How a check ended. The order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In order.
    Ok,
    /// Worth a look; people can sign in.
    Warn,
    /// To be mended.
    Fail,
}

impl Status {
    /// The word in `doctor --json`, and at the end of the ids `check-state-…`: `ok`, `warn`, `fail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The word in `/health/ready`: `ok`, `degraded`, `failing`.
    pub fn as_health(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "degraded",
            Self::Fail => "failing",
        }
    }

    /// The worst of the findings; `Ok` if there are none.
    pub fn worst(findings: &[Finding]) -> Self {
        findings
            .iter()
            .map(|finding| finding.status)
            .max()
            .unwrap_or(Self::Ok)
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `database`, `migrations`, `cache`, `mail`, `clock`, `key-file`, `disk`, `public-url`,
    /// `cookie`, `passkey`, `worker`; or `start`, when [`examine_unopened`] knows no nearer name.
    pub check: &'static str,
    /// How it ended.
    pub status: Status,
    /// How long it took.
    pub took: Duration,
    /// Facts for the operator, such as what the database said. No secrets.
    pub detail: Option<String>,
    /// The id of the sentence in the catalog, and its arguments.
    pub message: (&'static str, Vec<(&'static str, String)>),
}

impl Finding {
    /// The heading: "Database", "Public address".
    pub fn title(&self, words: &Words) -> String {
        words.text(&format!("check-{}", self.check))
    }

    /// What was found and, if it isn't well, what mends it. Without [`Finding::detail`].
    pub fn text(&self, words: &Words) -> String {
        let (id, arguments) = &self.message;
        let arguments: Vec<(&str, &str)> = arguments
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        words.text_with(id, &arguments)
    }

    fn new(check: &'static str, took: Duration, verdict: Verdict) -> Self {
        let Verdict {
            status,
            id,
            arguments,
            detail,
        } = verdict;
        Self {
            check,
            status,
            took,
            detail,
            message: (id, arguments),
        }
    }
}

/// The JSON of `doctor --json`: `{check, status, ms, message, text, detail?}`. `message` is the id of the sentence,
/// which stays the same over releases; `text` is the sentence in English.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            check: &'static str,
            status: Status,
            ms: u64,
            message: &'static str,
            text: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<&'a str>,
        }
        Line {
            check: self.check,
            status: self.status,
            ms: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            message: self.message.0,
            text: self.text(Words::for_language("en")),
            detail: self.detail.as_deref(),
        }
        .serialize(serializer)
    }
}

/// What the request of a page tells about how people reach the server. What is `None` is not compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Visit<'a> {
    /// The origin at which the browser opened the page, such as `http://127.0.0.1:3000`.
    pub seen_origin: Option<&'a str>,
    /// Whether a cookie that an earlier answer set was in the request.
    pub cookie_came_back: Option<bool>,
    /// The time on the browser's clock when the request was sent.
    pub browser_clock: Option<DateTime<Utc>>,
}

/// Runs every check at the same time, in at most [`LIMIT`]. Mail gets a real handshake.
///
/// `visit` is what a page's request tells. Without one, this is a command beside the server: then the worker is looked
/// for on any server that shares the database, else in this process.
pub async fn examine(platform: &Platform, visit: Option<&Visit<'_>>) -> Vec<Finding> {
    let (config, db) = (&platform.config, &platform.db);
    let browser_clock = visit.and_then(|visit| visit.browser_clock);
    let worker = async {
        match visit {
            Some(_) => checks::worker_here(platform),
            None => checks::worker_anywhere(db).await,
        }
    };
    let (database, migrations, cache, mail, clock, worker, standing) = tokio::join!(
        limited(
            "database",
            Verdict::fail("check-database-fail"),
            checks::database(db)
        ),
        limited(
            "migrations",
            Verdict::fail("check-migrations-unknown"),
            checks::migrations(db)
        ),
        limited(
            "cache",
            Verdict::warn("check-cache-away"),
            checks::cache_patiently(platform.redis.as_ref())
        ),
        limited(
            "mail",
            Verdict::fail("check-mail-fail"),
            checks::mail(&platform.mailer, db)
        ),
        limited(
            "clock",
            Verdict::warn("check-clock-unknown"),
            checks::clock(platform, browser_clock)
        ),
        limited("worker", Verdict::warn("check-worker-unknown"), worker),
        standing(config, visit),
    );
    let mut findings = vec![database, migrations, cache, mail, clock];
    findings.extend(standing);
    findings.push(worker);
    findings
}

/// The findings when [`Platform::open`] failed with `error`: that one first, and then what the settings alone tell.
/// So `doctor` names every fault of a broken set-up at once.
pub async fn examine_unopened(config: &Config, error: &Error) -> Vec<Finding> {
    let (check, id) = match error {
        Error::Database(_) => ("database", "check-database-fail"),
        Error::Migration(_) => ("migrations", "check-migrations-broken"),
        _ => ("start", "check-start-fail"),
    };
    let mail = async {
        match Mailer::from_config(config) {
            Ok(mailer) => checks::handshake(&mailer).await,
            Err(error) => Verdict::fail("check-mail-fail").because(error),
        }
    };
    let (mail, standing) = tokio::join!(
        limited("mail", Verdict::fail("check-mail-fail"), mail),
        standing(config, None)
    );
    let opened = Finding::new(check, Duration::ZERO, Verdict::fail(id).because(error));
    let mut findings = vec![opened, mail];
    findings.extend(standing);
    findings
}

/// The cheap checks, for `/health/ready`: database, migrations, cache, mail, worker. True while none of them is
/// `Fail`, that is while the database answers with a schema that fits and the worker moves. A lost Redis and mail that
/// doesn't move are `Warn`: people can still sign in. Mail is judged by the queue, without a handshake.
pub async fn ready(platform: &Platform) -> (bool, Vec<Finding>) {
    let db = &platform.db;
    let (database, migrations, cache, mail) = tokio::join!(
        limited(
            "database",
            Verdict::fail("check-database-fail"),
            checks::database(db)
        ),
        limited(
            "migrations",
            Verdict::fail("check-migrations-unknown"),
            checks::migrations(db)
        ),
        limited(
            "cache",
            Verdict::warn("check-cache-away"),
            checks::cache(platform.redis.as_ref())
        ),
        limited(
            "mail",
            Verdict::warn("check-mail-unknown"),
            checks::mail_queue(db)
        ),
    );
    let worker = Finding::new("worker", Duration::ZERO, checks::worker_here(platform));
    let findings = vec![database, migrations, cache, mail, worker];
    (Status::worst(&findings) != Status::Fail, findings)
}

/// The checks that need the settings and the disk alone.
async fn standing(config: &Config, visit: Option<&Visit<'_>>) -> Vec<Finding> {
    let (key_file, disk) = tokio::join!(
        limited(
            "key-file",
            Verdict::fail("check-key-file-missing"),
            checks::key_file(config)
        ),
        limited("disk", Verdict::warn("check-disk-unknown"), checks::disk(config)),
    );
    let at_once = |check, verdict| Finding::new(check, Duration::ZERO, verdict);
    vec![
        key_file,
        disk,
        at_once("public-url", checks::public_url(config, visit)),
        at_once("cookie", checks::cookie(config, visit)),
        at_once("passkey", checks::passkey(config)),
    ]
}

/// Runs a check; `late` is the verdict when it has not ended within [`LIMIT`]. Boxed, since all of them side by side
/// would make a large future.
fn limited(
    check: &'static str,
    late: Verdict,
    work: impl Future<Output = Verdict>,
) -> Pin<Box<impl Future<Output = Finding>>> {
    Box::pin(async move {
        let started = Instant::now();
        let verdict = match tokio::time::timeout(LIMIT, work).await {
            Ok(verdict) => verdict,
            Err(_) => late.because(format!("no answer within {} s", LIMIT.as_secs())),
        };
        Finding::new(check, started.elapsed(), verdict)
    })
}

/// A finding without the name of its check and the time it took.
#[derive(Debug)]
struct Verdict {
    status: Status,
    id: &'static str,
    arguments: Vec<(&'static str, String)>,
    detail: Option<String>,
}

impl Verdict {
    fn new(status: Status, id: &'static str) -> Self {
        Self {
            status,
            id,
            arguments: Vec::new(),
            detail: None,
        }
    }

    fn ok(id: &'static str) -> Self {
        Self::new(Status::Ok, id)
    }

    fn warn(id: &'static str) -> Self {
        Self::new(Status::Warn, id)
    }

    fn fail(id: &'static str) -> Self {
        Self::new(Status::Fail, id)
    }

    /// An argument of the sentence.
    fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// The detail.
    fn because(mut self, detail: impl Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}
