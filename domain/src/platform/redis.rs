//! The connection to Redis: optional, and never a reason to fail.
//!
//! Redis holds only what may be lost at any time (counts of the limiter, cached sessions). So the process starts
//! without it, keeps trying to reach it, and every command either answers within [`COMMAND_TIMEOUT`] or fails; while
//! the connection is away, commands fail at once instead of piling up. Each caller has its own way on without Redis.

use std::panic::Location;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use fred::clients::WithOptions;
/// What reads and writes a key.
pub use fred::prelude::KeysInterface;
use fred::prelude::{
    Builder, Client, ClientLike, Config, ErrorKind, LuaInterface, Options, Pool, ReconnectPolicy,
};
use tokio_util::task::AbortOnDropHandle;

use crate::platform::mishap;
use crate::{Error, Result};

/// How long one command may take, its wait in the client's queue included.
pub const COMMAND_TIMEOUT: Duration = Duration::from_millis(250);

/// How long one attempt to connect may take (TCP and TLS), and then each command of the greeting (`AUTH`, `SELECT`).
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The shortest and the longest pause between two attempts to connect: it doubles from the one to the other.
pub const RECONNECT_PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Connections. Commands of many requests share one (they are pipelined), so a few are enough.
const CONNECTIONS: usize = 4;

/// Commands that may wait for one connection; more are refused, so that memory stays bounded.
const QUEUE: usize = 1_024;

/// How often each connection is asked for a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Unanswered heartbeats in a row after which a connection is given up.
const MISSED_HEARTBEATS: u32 = 2;

/// The type of [`Redis::pool`]: fred's pool whose commands have our time limit, are tried once, and fail at once
/// while there is no connection.
pub type Commands = WithOptions<Pool>;

/// A small pool of connections to one Redis. Cheap to clone; the connections end with the last clone.
#[derive(Clone)]
pub struct Redis {
    commands: Commands,
    _keepers: Arc<Vec<AbortOnDropHandle<()>>>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the options: they hold the password.
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// Begins to connect in the background, and returns at once: a Redis that is away does not hinder the start.
    /// `url` is `redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS.
    ///
    /// # Errors
    /// [`Error::Configuration`] when the URL is no Redis URL, or when the certificates of the system that TLS
    /// needs cannot be read; [`Error::Internal`] outside a tokio runtime. Never because Redis cannot be reached.
    pub fn connect(url: &str) -> Result<Self> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::Internal("Redis is connected outside of a runtime".into()));
        }
        let mut config = config(url)?;
        config.fail_fast = false;
        let pool = Builder::from_config(config)
            .with_performance_config(|performance| performance.default_command_timeout = COMMAND_TIMEOUT)
            .with_connection_config(|connection| {
                connection.connection_timeout = CONNECT_TIMEOUT;
                connection.internal_command_timeout = CONNECT_TIMEOUT;
                // A command that was under way when the connection broke may have been done: never send it twice.
                connection.max_command_attempts = 1;
                connection.max_command_buffer_len = QUEUE;
                connection.reconnect_on_auth_error = true;
                connection.tcp.nodelay = Some(true);
            })
            .set_policy(ReconnectPolicy::new_exponential(
                0,
                millis(RECONNECT_PAUSE.0),
                millis(RECONNECT_PAUSE.1),
                2,
            ))
            .build_pool(CONNECTIONS)
            .map_err(|e| Error::Internal(e.to_string()))?;
        let keepers = pool.clients().iter().enumerate().map(|(number, client)| {
            let client = client.clone();
            AbortOnDropHandle::new(tokio::spawn(async move { keep(number, &client).await }))
        });
        let keepers = Arc::new(keepers.collect());
        let options = Options {
            timeout: Some(COMMAND_TIMEOUT),
            max_attempts: Some(1),
            fail_fast: true,
            ..Options::default()
        };
        Ok(Self {
            commands: pool.with_options(&options),
            _keepers: keepers,
        })
    }

    /// The pool, for the session store. Its commands fail at once while there is no connection.
    pub fn pool(&self) -> &Commands {
        &self.commands
    }

    /// Whether it is a cluster, which may keep two keys apart: there no command can ask for both.
    pub fn is_cluster(&self) -> bool {
        self.commands.is_clustered()
    }

    /// Asks Redis for a sign of life (`PING`) and returns how long the answer took; otherwise what is wrong, in
    /// words for the operator.
    pub async fn healthy(&self) -> Result<Duration, String> {
        let started = Instant::now();
        let client = self.connected().map_err(|e| e.to_string())?;
        client.ping::<()>(None).await.map_err(|e| e.to_string())?;
        Ok(started.elapsed())
    }

    /// Connects once, on the side, to learn why Redis can't be reached: the pool keeps trying and doesn't say.
    ///
    /// # Errors
    /// What Redis or the way to it says, without the URL.
    pub async fn knock(url: &str) -> Result<(), Knock> {
        let mut config = config(url).map_err(|e| Knock::Away(e.to_string()))?;
        config.fail_fast = true;
        let client = Builder::from_config(config)
            .with_connection_config(|connection| {
                connection.connection_timeout = CONNECT_TIMEOUT;
                connection.internal_command_timeout = CONNECT_TIMEOUT;
            })
            .build()
            .map_err(|e| Knock::Away(e.to_string()))?;
        let knocked = match client.init().await {
            Ok(connection) => {
                let asked = client.ping::<()>(None).await;
                connection.abort();
                asked
            }
            Err(error) => Err(error),
        };
        knocked.map_err(|error| match error.kind() {
            ErrorKind::Auth => Knock::Refused(error.details().to_owned()),
            _ => Knock::Away(error.to_string()),
        })
    }

    /// Runs a script with one key, and returns the integer that it answers.
    ///
    /// # Errors
    /// [`Error::Cache`] when there is no connection, when the answer did not come in time (the script may have run
    /// all the same), when it is no integer, or when Redis refuses (out of memory, wrong type of the key, …).
    #[track_caller]
    pub fn run<'a, const N: usize>(
        &'a self,
        script: &'a Script,
        key: &'a str,
        args: [i64; N],
    ) -> impl Future<Output = Result<i64>> + 'a {
        let by = Location::caller();
        async move {
            mishap::pass("before Redis", by);
            let answer = self.try_run(script, key, args).await;
            mishap::pass("after Redis", by);
            answer
        }
    }

    async fn try_run<const N: usize>(&self, script: &Script, key: &str, args: [i64; N]) -> Result<i64> {
        let client = self.connected()?;
        let args = args.to_vec();
        let hash = if let Some(hash) = script.hash.get() {
            hash
        } else {
            let hash: String = client.script_load(script.source).await.map_err(|e| away(&e))?;
            script.hash.get_or_init(|| hash)
        };
        match client.evalsha(hash.as_str(), key, args.clone()).await {
            // Redis was restarted, or its scripts were flushed. `EVAL` teaches it the script again.
            Err(e) if e.details().starts_with("NOSCRIPT") => client.eval(script.source, key, args).await,
            answer => answer,
        }
        .map_err(|e| away(&e))
    }

    fn connected(&self) -> Result<&Client> {
        let client = self.commands.next_connected();
        if client.is_connected() {
            Ok(client)
        } else {
            Err(Error::Cache("Redis is not connected".into()))
        }
    }
}

/// Why [`Redis::knock`] was not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knock {
    /// Redis doesn't take the name or the password.
    Refused(String),
    /// Anything else.
    Away(String),
}

/// A Lua script. Redis runs it as one step that nothing else comes between.
#[derive(Debug)]
pub struct Script {
    source: &'static str,
    /// The name that Redis gave the script, once it was loaded.
    hash: OnceLock<String>,
}

impl Script {
    /// A script by its source. It gets one key (`KEYS[1]`) and integers (`ARGV`), and must return an integer.
    pub const fn new(source: &'static str) -> Self {
        Self {
            source,
            hash: OnceLock::new(),
        }
    }
}

/// Keeps one connection up for as long as the process runs. fred reconnects when a connection breaks; this adds the
/// two cases in which it would not: its task ended (an answer that made no sense, for example), and a server that
/// takes commands and never answers (stopped, or behind a cut network), where each caller would wait for its timeout.
async fn keep(number: usize, client: &Client) {
    loop {
        let connection = AbortOnDropHandle::new(client.connect());
        tokio::select! {
            ended = connection => {
                let error = match ended {
                    Ok(Ok(())) => "closed".to_owned(),
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                tracing::warn!(connection = number, error, "redis connection ended, connecting anew");
            }
            () = watch(number, client) => {}
        }
        tokio::time::sleep(RECONNECT_PAUSE.1).await;
    }
}

/// Sends heartbeats, and makes the client connect anew when they stay unanswered.
async fn watch(number: usize, client: &Client) {
    let mut missed = 0;
    let mut was_connected = None;
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let connected = client.is_connected();
        if was_connected.replace(connected) != Some(connected) {
            if connected {
                tracing::info!(connection = number, "redis is connected");
            } else {
                tracing::warn!(connection = number, "redis is away, going on without it");
            }
        }
        if !connected {
            missed = 0;
            continue;
        }
        match client.ping::<()>(None).await {
            Ok(()) => missed = 0,
            Err(_) => missed += 1,
        }
        if missed >= MISSED_HEARTBEATS {
            missed = 0;
            // It ends when the new connection is up; the next heartbeats see that, so nobody waits for it here.
            let _ = tokio::time::timeout(COMMAND_TIMEOUT, client.force_reconnection()).await;
        }
    }
}

/// Reads the URL. What is wrong with it is said without repeating it: it holds a password.
fn config(url: &str) -> Result<Config> {
    let bad = || {
        Error::Configuration(
            "the Redis URL should look like redis://[user:password@]host[:port][/database], or rediss:// for TLS"
                .into(),
        )
    };
    // The client takes any other scheme for `redis`.
    let scheme = url.split_once("://").ok_or_else(bad)?.0;
    let scheme = scheme.trim_end_matches("-cluster").trim_end_matches("-sentinel");
    if !["redis", "rediss", "valkey", "valkeys"].contains(&scheme) {
        return Err(bad());
    }
    Config::from_url(url).map_err(|e| match e.kind() {
        ErrorKind::Tls => Error::Configuration(format!("TLS to Redis cannot be set up: {}", e.details())),
        _ => bad(),
    })
}

fn away(error: &fred::error::Error) -> Error {
    Error::Cache(error.to_string())
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
