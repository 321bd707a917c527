//! The settings: defaults, then `latchstring.toml`, then the environment, then flags.
//!
//! The environment and the content of the file are parameters ([`Sources`]), so that nothing here depends on
//! the machine. [`Config::load`] collects every fault and tells each in one line: which setting, what it
//! holds, what it should hold. The commented default file next to this folder is compiled in; it is the only
//! list of the settings' names.
//!
//! A new setting takes three lines: one in the default file (with its comment), one field, one line in
//! `read`. One that can be changed in the console stands in [`settings`](super::settings) instead.

mod checks;
mod describe;
mod faults;
mod layers;
mod read;
mod sms;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use self::describe::Setting;
use self::describe::describe;
pub use self::faults::{Fault, check_key_file_mode};
use self::layers::Layers;
pub use self::sms::{Sms, SmsProvider};
use super::settings::{Pinned, Settings};

/// The commented default file, as it can be given to an operator.
pub const DEFAULTS: &str = include_str!("../latchstring.default.toml");

/// Settings whose values are never shown.
const SECRETS: [&str; 6] = [
    "database_url",
    "database_read_url",
    "redis_url",
    "smtp_url",
    "master_key",
    "sms.token",
];

/// Where settings come from, besides the compiled-in defaults. The later wins: file, environment, flags.
///
/// It has no `Debug`, because it holds secrets.
#[derive(Default, Clone)]
pub struct Sources {
    /// The path of `latchstring.toml` (for messages only) and its content, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// The whole environment of the process; names without `LATCHSTRING_` are passed over.
    pub environment: Vec<(String, String)>,
    /// Flags as (setting, value), the setting as in the file: `listen`, `database.pool_size`.
    pub flags: Vec<(String, String)>,
}

/// A text that is never printed and is wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes a text that must not be shown from here on.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Give it only to what needs it: a client, a key derivation.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// Where the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On the machine of somebody who works on it or tries it out: dev inbox, pretty logs.
    Development,
    /// In front of people: unsafe settings are refused.
    Production,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// `[log]`: what is logged and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// The look of a line; `auto` is resolved already.
    pub format: LogFormat,
    /// A filter in the syntax of `tracing_subscriber::EnvFilter`; its syntax is checked at the start, by `server/src/logs.rs`.
    pub filter: String,
}

/// `[database]`: the pool.
#[derive(Debug, Clone)]
pub struct DatabaseLimits {
    /// The most open connections of this process (1 to 1000).
    pub pool_size: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run (Postgres), or wait for the lock of the file (SQLite, where it may run for ever).
    pub statement_timeout: Duration,
}

/// `[password]`: what hashing one costs. How long one must be is in [`Settings`].
#[derive(Debug, Clone)]
pub struct HashCost {
    /// Memory of one hash in KiB.
    pub argon2_memory_kib: u32,
    /// Passes over that memory.
    pub argon2_iterations: u32,
    /// Lanes of one hash.
    pub argon2_parallelism: u32,
    /// Hashes at the same time; 0 is the number of cores, or fewer where memory is short.
    pub parallel: usize,
    /// Requests that may wait for a turn.
    pub queue: usize,
}

/// `[jobs]`: the background worker.
#[derive(Debug, Clone)]
pub struct JobLimits {
    /// Jobs at the same time in this process (1 to 64).
    pub parallel: usize,
    /// How long a worker owns a job without a sign of life.
    pub lease: Duration,
    /// The longest that a server takes to stop, from the signal to its end.
    pub drain: Duration,
}

impl JobLimits {
    /// How long a stopping server waits for requests and jobs to finish: the last tenth is for what comes after them.
    pub fn open_work(&self) -> Duration {
        self.drain.saturating_sub(self.drain / 10)
    }
}

/// The settings that hold until the next start, checked. Those that can be changed in the console are in [`Settings`]; of them there is
/// only what the operator fixed. Its `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    /// `env`: where the server runs.
    pub environment: Environment,
    /// Whether somebody set `env` by hand, be it to its default.
    pub environment_chosen: bool,
    /// `listen`: where the server listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `public_url`: http or https and a host, no path, query or user.
    pub public_url: Url,
    /// `data_dir`: the folder of what the server keeps itself.
    pub data_dir: PathBuf,
    /// `database_url`: `sqlite:…` or `postgres://…`.
    pub database_url: Secret,
    /// `database_read_url`: a Postgres replica.
    pub database_read_url: Option<Secret>,
    /// `redis_url`: none means sessions from the database, and limits that are counted in this process.
    pub redis_url: Option<Secret>,
    /// `smtp_url`, as `lettre` reads it: none means the dev inbox, and is impossible in production.
    pub smtp_url: Option<Secret>,
    /// `mail_from`: the sender of every mail.
    pub mail_from: Mailbox,
    /// Whether the operator set it. Else the name in it is the product's, which may change: see [`Config::sender_name`].
    pub mail_from_chosen: bool,
    /// `master_key`: none means the key file, see `platform::key_file`.
    pub master_key: Option<Secret>,
    /// `rate_limits`: whether requests are limited; always so in production.
    pub rate_limits: bool,
    /// `trusted_proxies`: whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `metrics_listen`: where /metrics is served on its own; in production only there.
    pub metrics_listen: Option<SocketAddr>,
    /// `places_file`: where network addresses are.
    pub places_file: Option<PathBuf>,
    /// `passkey_rp_id`: the domain that passkeys belong to; none means the host of the public URL.
    pub passkey_rp_id: Option<String>,
    /// `passkey_related_origins`: pages elsewhere that may use the passkeys of this server.
    pub passkey_related_origins: Vec<Url>,
    /// `audit_retention_days`: how long rows of the audit are kept; none means for ever.
    pub audit_retention: Option<chrono::Duration>,
    /// `[sms]`.
    pub sms: Sms,
    /// `[log]`.
    pub log: Log,
    /// `[database]`.
    pub database: DatabaseLimits,
    /// `[password]`, without the lengths.
    pub password: HashCost,
    /// `[jobs]`.
    pub jobs: JobLimits,
    /// What the operator set of the settings that can be changed in the console.
    pub pinned: Pinned,
}

impl Config {
    /// Puts the sources on top of the defaults and checks the result.
    ///
    /// # Errors
    /// Every [`Fault`] there is: wrong values, unknown names in the file, the environment and the flags, and
    /// what is unsafe in this environment. Never empty.
    pub fn load(sources: &Sources) -> Result<Self, Vec<Fault>> {
        let mut layers = Layers::new(sources);
        let config = read::read(&mut layers);
        if let Some(config) = &config {
            checks::check(config, &mut layers);
            sms::check(config, &mut layers);
        }
        match config {
            Some(config) if layers.faults.is_empty() => Ok(config),
            None if layers.faults.is_empty() => Err(vec![Fault {
                setting: "latchstring.default.toml".to_owned(),
                holds: "a default that cannot be read".to_owned(),
                should: "right defaults; this is a mistake of the program".to_owned(),
            }]),
            _ => Err(layers.faults),
        }
    }

    /// Every setting with its documentation, in the order of the default file.
    pub fn describe() -> Vec<Setting> {
        describe()
    }

    /// Whether unsafe things are refused and development's helpers are off.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// Whether the database is SQLite (and not Postgres).
    pub fn is_sqlite(&self) -> bool {
        self.database_url.expose().starts_with("sqlite:")
    }

    /// The name of who sends mail, where the operator left it to the product: then it follows the product's name.
    pub fn sender_name(&self, settings: &Settings) -> Option<String> {
        (!self.mail_from_chosen).then(|| settings.product_name.clone())
    }

    /// The public URL as browsers write it in `Origin`: scheme, host, and the port unless it is the scheme's
    /// own.
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// A page of this server, as it stands in a mail: `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_origin())
    }

    /// The host of the public URL alone, without port; an IPv6 address in brackets.
    pub fn public_host(&self) -> &str {
        self.public_url.host_str().unwrap_or_default()
    }

    /// The domain that passkeys belong to (WebAuthn level 3, "RP ID").
    pub fn passkey_rp_id(&self) -> &str {
        self.passkey_rp_id
            .as_deref()
            .unwrap_or_else(|| self.public_host())
    }

    /// The public URL as browsers write it in `Host`: the host, and the port unless it is the scheme's own.
    pub fn public_authority(&self) -> String {
        match self.public_url.port() {
            Some(port) => format!("{}:{port}", self.public_host()),
            None => self.public_host().to_owned(),
        }
    }

    /// Whether cookies carry `Secure`, which they do over https.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The name of a cookie: `""` for the session's, or a suffix such as `"-flow"`. Over https it begins with
    /// `__Host-`, so that no other host of the domain can set it (RFC 6265bis, section 4.1.3.2).
    pub fn cookie_name(&self, base: &str) -> String {
        let prefix = if self.secure_cookies() { "__Host-" } else { "" };
        format!("{prefix}latchstring{base}")
    }
}
