//! The settings: defaults, then `latchstring.toml`, then the environment, then flags.
//!
//! The environment and the content of the file are parameters ([`Sources`]), so that nothing here depends on the machine.
//! [`Config::load`] collects every fault and tells each in one line: which setting, what it holds, what it should hold.
//! The commented default file next to this folder is compiled in; it is the only list of the settings' names.
//!
//! A new setting takes three lines: one in the default file (with its comment), one field, one line in [`read`].

mod checks;
mod faults;
mod layers;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::Address;
use lettre::message::Mailbox;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use self::faults::{Fault, check_key_file_mode};
use self::layers::Layers;
use crate::platform::keys::Keys;

/// The commented default file, as it can be given to an operator.
pub const DEFAULTS: &str = include_str!("../latchstring.default.toml");

/// Settings whose values are never shown.
const SECRETS: [&str; 5] = [
    "database_url",
    "database_read_url",
    "redis_url",
    "smtp_url",
    "master_key",
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

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// Anyone.
    Open,
    /// Only people whom an administrator adds.
    Closed,
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
    /// A filter in the syntax of `tracing_subscriber::EnvFilter`; its syntax is checked where it is used.
    pub filter: String,
}

/// `[database]`: the pool.
#[derive(Debug, Clone)]
pub struct DatabaseLimits {
    /// The most open connections of this process (1 to 1000).
    pub pool_size: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run (Postgres) or wait for the lock (SQLite).
    pub statement_timeout: Duration,
}

/// `[password]`: what a password must be and what hashing it costs.
#[derive(Debug, Clone)]
pub struct PasswordRules {
    /// The fewest characters (15 to 64).
    pub min_length: usize,
    /// The most characters (64 to 1024).
    pub max_length: usize,
    /// Memory of one hash in KiB.
    pub argon2_memory_kib: u32,
    /// Passes over that memory.
    pub argon2_iterations: u32,
    /// Lanes of one hash.
    pub argon2_parallelism: u32,
    /// Hashes at the same time; 0 is the number of cores.
    pub parallel: usize,
    /// Requests that may wait for a turn.
    pub queue: usize,
}

/// `[session]`: how long a session lives at most, and how long without use.
#[derive(Debug, Clone)]
pub struct SessionTimes {
    /// Life with "remember me".
    pub remember: chrono::Duration,
    /// Life without use, with "remember me".
    pub remember_idle: chrono::Duration,
    /// Life without "remember me".
    pub plain: chrono::Duration,
    /// Life without use, without "remember me".
    pub plain_idle: chrono::Duration,
    /// Life of an administrator's session, whatever was ticked.
    pub administrator: chrono::Duration,
    /// Life without use of an administrator's session.
    pub administrator_idle: chrono::Duration,
}

/// `[jobs]`: the background worker.
#[derive(Debug, Clone)]
pub struct JobLimits {
    /// Jobs at the same time in this process (1 to 64).
    pub parallel: usize,
    /// How long a worker owns a job without a sign of life.
    pub lease: Duration,
    /// How long a stopping server waits for requests and jobs to finish.
    pub drain: Duration,
}

/// All settings, checked. Its `Debug` shows no secret.
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
    /// `redis_url`: none means in this process.
    pub redis_url: Option<Secret>,
    /// `smtp_url`, as `lettre` reads it: none means the dev inbox, and is impossible in production.
    pub smtp_url: Option<Secret>,
    /// `mail_from`: the sender of every mail.
    pub mail_from: Mailbox,
    /// `master_key`: none means [`Config::key_file`].
    pub master_key: Option<Secret>,
    /// `rate_limits`: whether requests are limited; always so in production.
    pub rate_limits: bool,
    /// `trusted_proxies`: whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `metrics_listen`: where /metrics is served on its own; in production only there.
    pub metrics_listen: Option<SocketAddr>,
    /// `product_name`: 1 to 60 characters, none of them a control character.
    pub product_name: String,
    /// `support_email`: where people find help.
    pub support_email: Option<Address>,
    /// `sign_up`: who may make an account.
    pub sign_up: SignUp,
    /// `[log]`.
    pub log: Log,
    /// `[database]`.
    pub database: DatabaseLimits,
    /// `[password]`.
    pub password: PasswordRules,
    /// `[session]`.
    pub session: SessionTimes,
    /// `[jobs]`.
    pub jobs: JobLimits,
}

impl Config {
    /// Puts the sources on top of the defaults and checks the result.
    ///
    /// # Errors
    /// Every [`Fault`] there is: wrong values, unknown names in the file, the environment and the flags, and what is
    /// unsafe in this environment. Never empty.
    pub fn load(sources: &Sources) -> Result<Self, Vec<Fault>> {
        let mut layers = Layers::new(sources);
        let config = read(&mut layers);
        if let Some(config) = &config {
            checks::check(config, &mut layers);
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

    /// The public URL as browsers write it in `Origin`: scheme, host, and the port unless it is the scheme's own.
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The host of the public URL alone, without port; an IPv6 address in brackets.
    pub fn public_host(&self) -> &str {
        self.public_url.host_str().unwrap_or_default()
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

    /// The name of a cookie: `""` for the session's, or a suffix such as `"-flow"`. Over https it begins with `__Host-`,
    /// so that no other host of the domain can set it (RFC 6265bis, section 4.1.3.2).
    pub fn cookie_name(&self, base: &str) -> String {
        let prefix = if self.secure_cookies() { "__Host-" } else { "" };
        format!("{prefix}latchstring{base}")
    }

    /// Where the master key is kept when `master_key` is not set.
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join("master.key")
    }
}

/// Reads every setting; wrong ones become faults. None only if the default file itself is wrong.
fn read(layers: &mut Layers) -> Option<Config> {
    let environment = layers.required("env", "development or production", |text| match text {
        "development" => Some(Environment::Development),
        "production" => Some(Environment::Production),
        _ => None,
    })?;
    let address = |text: &str| text.parse::<SocketAddr>().ok();
    let product_name = layers.required(
        "product_name",
        "a name of 1 to 60 characters on one line",
        |text| {
            ((1..=60).contains(&text.chars().count()) && !text.chars().any(char::is_control))
                .then(|| text.to_owned())
        },
    )?;
    let public_url = layers.required(
        "public_url",
        "an http or https address without path, such as https://id.example.com",
        parse_public_url,
    )?;
    let data_dir = layers.required("data_dir", "a path such as ./data", |text| {
        (!text.is_empty()).then(|| PathBuf::from(text))
    })?;
    let postgres = "an address such as postgres://name:password@db.example.com/latchstring";
    let database_url = layers.optional(
        "database_url",
        "sqlite:// and a path, or an address such as postgres://name:password@db.example.com/latchstring",
        |text| is_sqlite_url(text).or_else(|| has_scheme(text, &["postgres", "postgresql"])),
    );
    let mail_from = layers.optional(
        "mail_from",
        "a mail address such as Example <no-reply@example.com>",
        |text| text.parse().ok(),
    );

    Some(Config {
        environment,
        environment_chosen: layers.is_chosen("env"),
        listen: layers.required("listen", "an address and port such as 127.0.0.1:3000", address)?,
        database_url: database_url.unwrap_or_else(|| default_database_url(&data_dir)),
        database_read_url: layers.optional("database_read_url", postgres, |text| {
            has_scheme(text, &["postgres", "postgresql"])
        }),
        redis_url: layers.optional(
            "redis_url",
            "an address such as redis://redis.example.com:6379/0",
            |text| has_scheme_and_host(text, &["redis", "rediss", "redis-cluster", "rediss-cluster"]),
        ),
        smtp_url: layers.optional(
            "smtp_url",
            "an address such as smtps://name:password@mail.example.com, or smtp://… with ?tls=required",
            parse_smtp_url,
        ),
        mail_from: mail_from.or_else(|| default_sender(&product_name, &public_url))?,
        master_key: layers.optional(
            "master_key",
            "32 random bytes as base64, such as `openssl rand -base64 32` prints",
            parse_master_key,
        ),
        rate_limits: layers.required("rate_limits", "on or off", |text| match text {
            // YAML and TOML turn a bare `on` into `true`.
            "on" | "true" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        })?,
        trusted_proxies: layers.list(
            "trusted_proxies",
            "networks such as 10.0.0.0/8 or addresses such as 127.0.0.1, but not the whole internet",
            |text| {
                let network: IpNet = text
                    .parse()
                    .ok()
                    .or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)))?;
                (network.prefix_len() > 0).then_some(network)
            },
        ),
        metrics_listen: layers.optional(
            "metrics_listen",
            "an address and port such as 127.0.0.1:9100",
            address,
        ),
        support_email: layers.optional(
            "support_email",
            "a mail address such as help@example.com",
            |text| text.parse().ok(),
        ),
        sign_up: layers.required("sign_up", "open or closed", |text| match text {
            "open" => Some(SignUp::Open),
            "closed" => Some(SignUp::Closed),
            _ => None,
        })?,
        log: Log {
            format: layers.required("log.format", "auto, pretty or json", |text| {
                match (text, environment) {
                    ("pretty", _) | ("auto", Environment::Development) => Some(LogFormat::Pretty),
                    ("json", _) | ("auto", Environment::Production) => Some(LogFormat::Json),
                    _ => None,
                }
            })?,
            filter: layers.required("log.filter", "a level such as info, or info,sqlx=warn", |text| {
                (!text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())).then(|| text.to_owned())
            })?,
        },
        database: DatabaseLimits {
            pool_size: layers.number("database.pool_size", "connections", 1..=1000)?,
            acquire_timeout: seconds(layers, "database.acquire_timeout_seconds", 1, 60)?,
            statement_timeout: seconds(layers, "database.statement_timeout_seconds", 1, 300)?,
        },
        password: PasswordRules {
            min_length: layers.number("password.min_length", "characters", 15..=64)?,
            max_length: layers.number("password.max_length", "characters", 64..=1024)?,
            argon2_memory_kib: layers.number("password.argon2_memory_kib", "KiB", 8..=4_194_304)?,
            argon2_iterations: layers.number("password.argon2_iterations", "passes", 1..=100)?,
            argon2_parallelism: layers.number("password.argon2_parallelism", "lanes", 1..=16)?,
            parallel: layers.number("password.parallel", "hashes", 0..=1024)?,
            queue: layers.number("password.queue", "requests", 0..=10_000)?,
        },
        session: SessionTimes {
            remember: chrono::Duration::days(layers.number("session.remember_days", "days", 1..=365)?),
            remember_idle: chrono::Duration::days(layers.number(
                "session.remember_idle_days",
                "days",
                1..=365,
            )?),
            plain: chrono::Duration::hours(layers.number("session.plain_hours", "hours", 1..=720)?),
            plain_idle: chrono::Duration::minutes(layers.number(
                "session.plain_idle_minutes",
                "minutes",
                1..=43_200,
            )?),
            administrator: chrono::Duration::hours(layers.number(
                "session.administrator_hours",
                "hours",
                1..=168,
            )?),
            administrator_idle: chrono::Duration::minutes(layers.number(
                "session.administrator_idle_minutes",
                "minutes",
                1..=1440,
            )?),
        },
        jobs: JobLimits {
            parallel: layers.number("jobs.parallel", "jobs", 1..=64)?,
            lease: seconds(layers, "jobs.lease_seconds", 15, 600)?,
            drain: seconds(layers, "jobs.drain_seconds", 1, 300)?,
        },
        public_url,
        data_dir,
        product_name,
    })
}

fn seconds(layers: &mut Layers, key: &str, from: u64, to: u64) -> Option<Duration> {
    layers.number(key, "seconds", from..=to).map(Duration::from_secs)
}

fn parse_public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && is_bare).then_some(url)
}

fn is_sqlite_url(text: &str) -> Option<Secret> {
    let path = text.strip_prefix("sqlite:")?.trim_start_matches("//");
    (!path.is_empty() && !path.starts_with('?')).then(|| Secret::new(text))
}

fn has_scheme(text: &str, schemes: &[&str]) -> Option<Secret> {
    let url = Url::parse(text).ok()?;
    (schemes.contains(&url.scheme()) && text.contains("://")).then(|| Secret::new(text))
}

fn has_scheme_and_host(text: &str, schemes: &[&str]) -> Option<Secret> {
    let secret = has_scheme(text, schemes)?;
    Url::parse(text)
        .ok()?
        .host_str()
        .filter(|host| !host.is_empty())?;
    Some(secret)
}

fn parse_smtp_url(text: &str) -> Option<Secret> {
    let secret = has_scheme_and_host(text, &["smtp", "smtps"])?;
    let url = Url::parse(text).ok()?;
    let tls = url
        .query_pairs()
        .find(|(name, _)| name == "tls")
        .map(|(_, value)| value.into_owned());
    matches!(tls.as_deref(), None | Some("required" | "opportunistic")).then_some(secret)
}

/// Keys as the key ring reads them, none of them a placeholder such as one character again and again.
fn parse_master_key(text: &str) -> Option<Secret> {
    let mut distinct: Vec<char> = text.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    (Keys::parse(text).is_ok() && distinct.len() >= 10).then(|| Secret::new(text))
}

fn default_database_url(data_dir: &std::path::Path) -> Secret {
    // The path in such an address is percent-encoded, and ends at a question mark.
    let path = data_dir.join("latchstring.db").display().to_string();
    Secret::new(format!(
        "sqlite://{}",
        path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
    ))
}

fn default_sender(product_name: &str, public_url: &Url) -> Option<Mailbox> {
    let address = Address::new("no-reply", public_url.host_str()?).ok()?;
    Some(Mailbox::new(Some(product_name.to_owned()), address))
}

/// One setting as the default file documents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name in the file, with its section: `listen`, `database.pool_size`.
    pub key: String,
    /// The name in the environment: `LATCHSTRING_DATABASE_POOL_SIZE`.
    pub env: String,
    /// The default as text; empty if it is not set.
    pub default: &'static str,
    /// What it means, its unit and its limits, without the example.
    pub doc: String,
    /// A line for the file, such as `pool_size = 20`.
    pub example: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

/// The default file, line by line: a setting's comment stands right above it.
fn describe() -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut section = String::new();
    let mut comment: Vec<&'static str> = Vec::new();
    for line in DEFAULTS.lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push(text.trim());
            continue;
        }
        let comment = std::mem::take(&mut comment);
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((name, default)) = line.split_once(" = ") {
            let key = format!("{section}{name}");
            let example = comment
                .iter()
                .find_map(|text| text.strip_prefix("Example: "))
                .unwrap_or_default();
            let doc: Vec<&str> = comment
                .into_iter()
                .filter(|text| !text.starts_with("Example: "))
                .collect();
            settings.push(Setting {
                env: format!("LATCHSTRING_{}", key.replace('.', "_").to_uppercase()),
                secret: SECRETS.contains(&key.as_str()),
                key,
                default: if default == "[]" {
                    ""
                } else {
                    default.trim_matches('"')
                },
                doc: doc.join(" "),
                example,
            });
        }
    }
    settings
}
