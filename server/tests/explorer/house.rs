//! The product in process, under each of the settings that are explored.

use std::collections::BTreeMap;
use std::path::Path;

use axum::Router;
use domain::platform::Platform;
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Sources};
use domain::platform::entropy::Entropy;

/// The settings that are explored: a second factor for who wants one, and for everybody at once.
pub const HOUSES: [&[(&str, &str)]; 2] = [
    &[],
    &[("SECOND_FACTOR", "required"), ("SECOND_FACTOR_GRACE_DAYS", "0")],
];
/// Where everybody must have a second factor.
pub const REQUIRED: usize = 1;

/// A platform and its router.
pub struct House {
    pub platform: Platform,
    pub router: Router,
}

impl House {
    /// What answers for a platform.
    pub fn of(platform: Platform) -> Self {
        let router = server::routes::router(server::serve::house(platform.clone()));
        Self { platform, router }
    }
}

/// A platform on a database file; its keys lie beside the first one of them.
pub async fn open(
    folder: &Path,
    file: &Path,
    settings: &[(&str, &str)],
    clock: &Clock,
    seed: u64,
) -> Platform {
    let folder = folder.display().to_string();
    let url = format!("sqlite://{}", file.display());
    let fixed = [
        ("ENV", "development"),
        ("DATA_DIR", folder.as_str()),
        ("DATABASE_URL", url.as_str()),
        ("DATABASE_POOL_SIZE", "2"),
        ("RATE_LIMITS", "off"),
        ("PASSWORD_ARGON2_MEMORY_KIB", "8"),
        ("PASSWORD_ARGON2_ITERATIONS", "1"),
        ("PASSWORD_ARGON2_PARALLELISM", "1"),
    ];
    let named = fixed.iter().chain(settings);
    // Of two with one name the last one counts.
    let named: BTreeMap<String, String> = named
        .map(|(name, value)| (format!("LATCHSTRING_{name}"), (*value).to_owned()))
        .collect();
    let environment = named.into_iter().collect();
    let config = Config::load(&Sources {
        environment,
        ..Sources::default()
    })
    .expect("the settings are right");
    Platform::open(config, clock.clone(), Entropy::seeded(seed))
        .await
        .unwrap()
}
