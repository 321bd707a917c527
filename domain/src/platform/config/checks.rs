//! Rules that look at more than one setting: what production refuses, and what makes the default environment
//! safe.

use url::{Host, Url};

use super::layers::Layers;
use super::{Config, Environment};

/// Passwords that stand in examples and images, without digits at the end and without punctuation.
const WELL_KNOWN: [&str; 14] = [
    "admin",
    "changeit",
    "changeme",
    "changethis",
    "default",
    "example",
    "latchstring",
    "passwd",
    "password",
    "passw0rd",
    "postgres",
    "redis",
    "root",
    "secret",
];

/// Adds the faults of settings that are each right but not together.
pub(super) fn check(config: &Config, layers: &mut Layers) {
    check_together(config, layers);
    match config.environment {
        Environment::Production => check_production(config, layers),
        Environment::Development if !config.environment_chosen => check_default_environment(config, layers),
        Environment::Development => {}
    }
}

fn check_together(config: &Config, layers: &mut Layers) {
    if config
        .metrics_listen
        .is_some_and(|metrics| metrics.port() != 0 && metrics == config.listen)
    {
        layers.refuse(
            "metrics_listen",
            "another address or port than LATCHSTRING_LISTEN (listen)",
        );
    }
    if config.database_read_url.is_some() && config.is_sqlite() {
        layers.refuse(
            "database_read_url",
            "nothing while LATCHSTRING_DATABASE_URL (database_url) is SQLite",
        );
    }
    if config.password.argon2_memory_kib < 8 * config.password.argon2_parallelism {
        layers.refuse(
            "password.argon2_memory_kib",
            "at least 8 KiB for each of password.argon2_parallelism",
        );
    }
}

fn check_production(config: &Config, layers: &mut Layers) {
    if config.public_url.scheme() != "https" {
        layers.refuse(
            "public_url",
            "an https address in production, such as https://id.example.com",
        );
    }
    if !config.rate_limits {
        layers.refuse("rate_limits", "`on` in production");
    }
    match config.smtp_url.as_ref().map(|url| Url::parse(url.expose())) {
        None => layers.refuse(
            "smtp_url",
            "a mail server in production, such as smtps://name:password@mail.example.com",
        ),
        Some(Ok(url)) if sends_in_clear(&url) => layers.refuse(
            "smtp_url",
            "an address with TLS in production: smtps://…, or smtp://…?tls=required (or, for a server that \
             may lack it, ?tls=opportunistic)",
        ),
        Some(_) => {}
    }
    if config.is_sqlite() && is_in_memory(config.database_url.expose()) {
        layers.refuse(
            "database_url",
            "a database that outlives the process in production: a file or postgres://…",
        );
    }
    let secrets = [
        ("database_url", Some(&config.database_url)),
        ("database_read_url", config.database_read_url.as_ref()),
        ("redis_url", config.redis_url.as_ref()),
        ("smtp_url", config.smtp_url.as_ref()),
    ];
    for (key, secret) in secrets {
        if secret.is_some_and(|secret| has_well_known_password(secret.expose())) {
            layers.refuse_as(
                key,
                "an address with a password that everybody knows".to_owned(),
                "a password of its own, such as `openssl rand -hex 32` prints",
            );
        }
    }
    // OWASP's Password Storage Cheat Sheet holds these equally strong: 47104 KiB × 1, 19456 × 2, 12288 × 3,
    // 9216 × 4 and 7168 × 5. All of them, and nothing weaker than the weakest, are within these two bounds.
    let password = &config.password;
    if password.argon2_memory_kib < 7168
        || u64::from(password.argon2_memory_kib) * u64::from(password.argon2_iterations) < 35_840
    {
        layers.refuse(
            "password.argon2_memory_kib",
            "in production, with password.argon2_iterations, at least the strength of 19456 KiB and 2 \
             iterations",
        );
    }
}

/// The default environment is development, so it must be safe where nobody chose it.
fn check_default_environment(config: &Config, layers: &mut Layers) {
    const CHOOSE: &str = "while LATCHSTRING_ENV is not set; set LATCHSTRING_ENV=production, or \
        LATCHSTRING_ENV=development if you mean it";
    if !config.listen.ip().is_loopback() {
        layers.refuse(
            "listen",
            format!("a loopback address such as 127.0.0.1:3000 {CHOOSE}"),
        );
    }
    if !is_local(&config.public_url) {
        layers.refuse(
            "public_url",
            format!("an address on localhost such as http://localhost:3000 {CHOOSE}"),
        );
    }
}

pub(super) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether mail, with its links and codes, would cross a network without TLS and nobody said so.
fn sends_in_clear(url: &Url) -> bool {
    url.scheme() == "smtp" && !url.query_pairs().any(|(name, _)| name == "tls") && !is_local(&as_web(url))
}

/// The same host in an address of a scheme whose host the `url` crate takes apart into names and IP
/// addresses.
fn as_web(url: &Url) -> Url {
    let host = url.host_str().unwrap_or_default();
    Url::parse(&format!("http://{host}/")).unwrap_or_else(|_| url.clone())
}

fn is_in_memory(database_url: &str) -> bool {
    database_url.contains(":memory:") || database_url.contains("mode=memory")
}

fn has_well_known_password(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let in_query = url
        .query_pairs()
        .find(|(name, _)| name == "password")
        .map(|(_, password)| password.into_owned());
    [url.password().map(str::to_owned), in_query]
        .into_iter()
        .flatten()
        .any(|password| {
            let letters: String = password
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_lowercase();
            let stem = letters.trim_end_matches(|c: char| c.is_ascii_digit());
            password.eq_ignore_ascii_case(url.username())
                || WELL_KNOWN.contains(&stem)
                || (stem.is_empty() && password.len() < 16)
        })
}
