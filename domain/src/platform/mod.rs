//! What everything else stands on: configuration, time, randomness, keys, the database, jobs, limits.

pub mod attention;
pub mod backup;
pub mod clean_up;
pub mod clock;
pub mod condition;
pub mod config;
pub mod database_secret;
pub mod db;
pub mod doctor;
pub mod entropy;
pub mod fetch;
pub mod jobs;
pub mod key_file;
pub mod keys;
pub mod limits;
pub mod mishap;
pub mod places;
pub mod redis;
pub mod relocation;
pub mod rotation;
pub mod seed;
pub mod servers;
pub mod settings;
pub mod statistics;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::audit;
use crate::authentication::password::Hasher;
use crate::notification::mail::Mailer;
use crate::notification::sms::Texter;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, DbOptions, Tools};
use crate::platform::entropy::Entropy;
use crate::platform::keys::Keys;
use crate::platform::limits::Limiter;
use crate::platform::places::Places;
use crate::platform::redis::Redis;
use crate::platform::settings::Settings;
use crate::users::directory;
use crate::{Error, Result};

/// Where copies of a SQLite file are kept, inside the data folder.
pub const COPIES: &str = "backups";

/// Everything that a use case needs, opened once at the start. Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Parts>);

/// The parts of a [`Platform`].
pub struct Parts {
    /// The settings that hold until the next start.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// The source of randomness.
    pub entropy: Entropy,
    /// The keys that seal.
    pub keys: Arc<Keys>,
    /// The database.
    pub db: Db,
    /// Redis, if it is configured.
    pub redis: Option<Redis>,
    /// What limits attempts.
    pub limiter: Limiter,
    /// What hashes passwords, in a bounded pool.
    pub hasher: Hasher,
    /// How mail leaves the house.
    pub mailer: Mailer,
    /// How text messages leave the house.
    pub texter: Texter,
    /// Where addresses are, if the operator brought a file that says so.
    pub places: Places,
    /// The last call of the server to itself, for `doctor`.
    pub(crate) self_call: doctor::self_call::LastCall,
    /// The settings that can be changed in the console: read with [`Platform::settings`].
    live: Arc<ArcSwap<Settings>>,
    /// When the worker last went round, in microseconds since the epoch.
    worker_seen: AtomicI64,
}

impl Deref for Platform {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Platform {
    /// Opens everything that the settings name and applies the migrations that are missing.
    ///
    /// # Errors
    /// [`Error::Configuration`] for a key or a URL that can't be used or a key that isn't this database's, [`Error::Database`] when the database is away.
    /// Redis and SMTP may be away: the server starts, and `/health/ready` says so.
    pub async fn open(config: Config, clock: Clock, entropy: Entropy) -> Result<Self> {
        make_private(&config.data_dir).map_err(|e| {
            Error::Configuration(format!(
                "the data directory {} can't be made: {e}",
                config.data_dir.display()
            ))
        })?;
        let platform = Self::assemble(config, clock, entropy, true).await?;
        platform
            .db
            .migrate(&platform.config.data_dir.join(COPIES))
            .await?;
        database_secret::load(&platform.db, &platform.keys).await?;
        audit::adopt(&platform.db).await?;
        settings::take_over(&platform).await?;
        directory::take_up(&platform.db).await?;
        Ok(platform)
    }

    /// Opens what is there and makes nothing: no folder, no key, no file, no table. For a look from outside; without its
    /// tables, most of a server does not work.
    pub async fn open_as_it_is(config: Config, clock: Clock, entropy: Entropy) -> Result<Self> {
        let platform = Self::assemble(config, clock, entropy, false).await?;
        if let Err(error) = settings::take_over(&platform).await {
            tracing::debug!(%error, "what the console set can't be read here");
        }
        Ok(platform)
    }

    async fn assemble(config: Config, clock: Clock, entropy: Entropy, make: bool) -> Result<Self> {
        let keys = Arc::new(key_file::load(&config, &entropy, make)?);
        let tools = Tools {
            clock: clock.clone(),
            entropy: entropy.clone(),
            keys: Arc::clone(&keys),
            bell: Arc::new(Notify::new()),
        };
        let options = DbOptions {
            read_url: config
                .database_read_url
                .as_ref()
                .map(|url| url.expose().to_owned()),
            make,
            ..DbOptions::of(&config, config.database_url.expose())
        };
        let db = Db::open(&options, tools).await?;
        let redis = match &config.redis_url {
            Some(url) => Some(Redis::connect(url.expose())?),
            None => None,
        };
        let live = Arc::new(ArcSwap::from_pointee(config.pinned.alone()?));
        let limiter = Limiter::new(
            clock.clone(),
            redis.clone(),
            config.rate_limits,
            Arc::clone(&live),
        );
        let hasher = Hasher::new(&config.password, Arc::clone(&keys), entropy.clone())?;
        let mailer = Mailer::from_config(&config)?;
        let texter = Texter::from_config(&config)?;
        let places = Places::open(config.places_file.as_deref());
        Ok(Self(Arc::new(Parts {
            places,
            self_call: doctor::self_call::LastCall::default(),
            live,
            worker_seen: AtomicI64::new(clock.now().timestamp_micros()),
            config,
            clock,
            entropy,
            keys,
            db,
            redis,
            limiter,
            hasher,
            mailer,
            texter,
        })))
    }

    /// Noted by the worker each time it goes round.
    pub(crate) fn worker_seen(&self) {
        self.worker_seen
            .store(self.clock.now().timestamp_micros(), Ordering::Relaxed);
    }

    /// When the worker last went round.
    pub fn worker_last_seen(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.worker_seen.load(Ordering::Relaxed))
            .unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// Makes a folder that only its owner may look into: it holds people's addresses and password hashes.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
