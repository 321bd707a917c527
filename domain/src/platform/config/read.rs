//! Reads each setting into its type. What is looked at here is one setting at a time; see `checks` for the
//! rest.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use lettre::Address;
use lettre::message::Mailbox;
use url::Url;

use super::layers::Layers;
use super::{Config, DatabaseLimits, Environment, HashCost, JobLimits, Log, LogFormat, Secret, sms};
use crate::platform::keys::Keys;
use crate::platform::settings::read as settings;
use crate::platform::settings::{Key, Pinned, Settings};

/// Reads every setting; wrong ones become faults. None only if the default file itself is wrong.
pub(super) fn read(layers: &mut Layers) -> Option<Config> {
    let environment = layers.required("env", "development or production", |text| match text {
        "development" => Some(Environment::Development),
        "production" => Some(Environment::Production),
        _ => None,
    })?;
    let address = |text: &str| text.parse::<SocketAddr>().ok();
    let public_url = layers.required(
        "public_url",
        "an http or https address without path, such as https://id.example.com",
        parse_public_url,
    )?;
    let data_dir = layers.required("data_dir", "a path such as ./data", |text| {
        (!text.is_empty() && !text.chars().any(char::is_control)).then(|| PathBuf::from(text))
    })?;
    let postgres = "an address such as postgres://name:password@db.example.com/latchstring";
    let database_url = layers.optional(
        "database_url",
        "sqlite:// and a path, or an address such as postgres://name:password@db.example.com/latchstring",
        |text| parse_sqlite_url(text).or_else(|| parse_address(text, &["postgres", "postgresql"])),
    );
    let mail_from = layers.optional(
        "mail_from",
        "a mail address such as Example <no-reply@example.com>",
        |text| text.parse().ok(),
    );
    let mail_from = mail_from.or_else(|| default_sender(&public_url)).or_else(|| {
        layers.refuse(
            "mail_from",
            "a mail address, because the host of public_url cannot stand in one",
        );
        "no-reply@localhost".parse().ok()
    })?;

    Some(Config {
        environment,
        environment_chosen: layers.is_chosen("env"),
        listen: layers.required("listen", "an address and port such as 127.0.0.1:3000", address)?,
        database_url: database_url.unwrap_or_else(|| default_database_url(&data_dir)),
        database_read_url: layers.optional("database_read_url", postgres, |text| {
            parse_address(text, &["postgres", "postgresql"])
        }),
        redis_url: layers.optional(
            "redis_url",
            "an address such as redis://redis.example.com:6379/0",
            |text| parse_host_address(text, &["redis", "rediss", "redis-cluster", "rediss-cluster"]),
        ),
        smtp_url: layers.optional(
            "smtp_url",
            "an address such as smtps://name:password@mail.example.com, or smtp://… with ?tls=required",
            parse_smtp_url,
        ),
        mail_from_chosen: layers.is_chosen("mail_from"),
        mail_from,
        master_key: layers.optional(
            "master_key",
            "32 random bytes as base64, such as `openssl rand -base64 32` prints",
            parse_master_key,
        ),
        rate_limits: layers.required("rate_limits", "on or off", |text| match text {
            // YAML turns a bare `on` into `true`.
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
                    .or_else(|| Some(IpNet::from(text.parse::<IpAddr>().ok()?)))?;
                (network.prefix_len() > 0).then_some(network)
            },
        ),
        metrics_listen: layers.optional(
            "metrics_listen",
            "an address and port such as 127.0.0.1:9100",
            address,
        ),
        places_file: layers.optional("places_file", "the path of a file in MaxMind's format", |text| {
            (!text.chars().any(char::is_control)).then(|| PathBuf::from(text))
        }),
        passkey_rp_id: layers.optional("passkey_rp_id", "a domain such as example.com", |text| {
            let url = Url::parse(&format!("https://{text}")).ok()?;
            (url.domain() == Some(text)).then(|| text.to_owned())
        }),
        passkey_related_origins: layers.list(
            "passkey_related_origins",
            "https addresses without path such as https://example.org",
            |text| parse_public_url(text).filter(|url| url.scheme() == "https"),
        ),
        audit_retention: match layers.number("audit_retention_days", "days", 0..=3650)? {
            0 => None,
            days => Some(chrono::Duration::days(days)),
        },
        sms: sms::read(layers, environment == Environment::Production)?,
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
        password: HashCost {
            argon2_memory_kib: layers.number("password.argon2_memory_kib", "KiB", 8..=4_194_304)?,
            argon2_iterations: layers.number("password.argon2_iterations", "passes", 1..=100)?,
            argon2_parallelism: layers.number("password.argon2_parallelism", "lanes", 1..=16)?,
            parallel: layers.number("password.parallel", "hashes", 0..=1024)?,
            queue: layers.number("password.queue", "requests", 0..=10_000)?,
        },
        jobs: JobLimits {
            parallel: layers.number("jobs.parallel", "jobs", 1..=64)?,
            lease: seconds(layers, "jobs.lease_seconds", 15, 600)?,
            drain: seconds(layers, "jobs.drain_seconds", 1, 300)?,
        },
        pinned: read_changeable(layers)?,
        public_url,
        data_dir,
    })
}

/// The settings that can be changed in the console: they are right, and what the operator set of them is kept. None only if the default
/// file itself is wrong.
fn read_changeable(layers: &mut Layers) -> Option<Pinned> {
    let (settings, faults) = Settings::read(|key| {
        if key.is_in_file() {
            layers.line(key.as_str())
        } else {
            key.default_text().to_owned()
        }
    });
    for (key, code) in faults {
        layers.refuse(key.as_str(), settings::should((key, code)));
    }
    let settings = settings?;
    let pinned = Key::ALL
        .iter()
        .copied()
        .filter(|key| key.is_in_file() && layers.is_chosen(key.as_str()));
    Some(Pinned::new(pinned.map(|key| (key, settings.text(key))).collect()))
}

fn seconds(layers: &mut Layers, key: &str, from: u64, to: u64) -> Option<Duration> {
    layers.number(key, "seconds", from..=to).map(Duration::from_secs)
}

pub(super) fn parse_public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && is_bare).then_some(url)
}

fn parse_sqlite_url(text: &str) -> Option<Secret> {
    let path = text.strip_prefix("sqlite:")?.trim_start_matches("//");
    (!path.is_empty() && !path.starts_with('?')).then(|| Secret::new(text))
}

fn parse_address(text: &str, schemes: &[&str]) -> Option<Secret> {
    let url = Url::parse(text).ok()?;
    (schemes.contains(&url.scheme()) && text.contains("://")).then(|| Secret::new(text))
}

fn parse_host_address(text: &str, schemes: &[&str]) -> Option<Secret> {
    let secret = parse_address(text, schemes)?;
    Url::parse(text)
        .ok()?
        .host_str()
        .filter(|host| !host.is_empty())?;
    Some(secret)
}

fn parse_smtp_url(text: &str) -> Option<Secret> {
    let secret = parse_host_address(text, &["smtp", "smtps"])?;
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

fn default_database_url(data_dir: &Path) -> Secret {
    // The path in such an address is percent-encoded, and ends at a question mark.
    let path = data_dir.join("latchstring.db").display().to_string();
    Secret::new(format!(
        "sqlite://{}",
        path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
    ))
}

/// Without a name: that is the product's, as long as nobody chose a sender.
fn default_sender(public_url: &Url) -> Option<Mailbox> {
    let address = Address::new("no-reply", public_url.host_str()?).ok()?;
    Some(Mailbox::new(None, address))
}
