//! The actors and the stage: `t.browser()`, `t.script()`, `t.api()`, `t.admin()`, a movable clock, seeded randomness, the
//! real router, a real database. Dropping the house checks what every test owes: no job left undone, the security
//! headers on every response, no secret in a response or in the log.

mod atlas;
mod browser;
mod logs;
mod page;
pub mod plan;
mod process;
mod provider;
mod smtp;
mod storage;
mod watch;
mod wire;

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use domain::authentication::set_up;
use domain::notification::dev_inbox::CaughtMessage;
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Sources};
use domain::platform::entropy::Entropy;
use domain::platform::{Platform, jobs};
use uuid::Uuid;

pub use self::atlas::{Entry, atlas};
pub use self::browser::{Browser, PASSWORD};
pub use self::logs::captured as logged;
pub use self::page::Page;
pub use self::process::{Ended, Served, free_address};
pub use self::provider::{ACCOUNT, Manner, Provider, TOKEN};
pub use self::smtp::Smtp;
pub use self::storage::Storage;
use self::watch::Watch;
pub use self::wire::Wire;

/// Rows of a query, on whichever database the test runs.
macro_rules! rows {
    ($t:expr, $Row:ty, $query:literal $(, $value:expr)* $(,)?) => {
        $t.platform.db.read(async |tx| domain::sql!(tx, fetch_all $Row, $query $(, $value)*)).await.unwrap()
    };
}

/// What `select count(*) …` says.
macro_rules! count {
    ($t:expr, $query:literal $(, $value:expr)* $(,)?) => {
        $t.platform.db.read(async |tx| domain::sql!(tx, fetch_one (i64,), $query $(, $value)*)).await.unwrap().0
    };
}

/// Changes rows behind the server's back, and says how many.
macro_rules! tamper {
    ($t:expr, $query:literal $(, $value:expr)* $(,)?) => {
        $t.platform.db.write(async |tx| domain::sql!(tx, execute $query $(, $value)*)).await.unwrap()
    };
}

pub(crate) use {count, rows, tamper};

/// One server: its platform and its router. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    pub platform: Platform,
    router: Router,
    watch: Arc<Watch>,
    addresses: Arc<AtomicU32>,
}

impl Node {
    fn start(platform: Platform, watch: Arc<Watch>, addresses: Arc<AtomicU32>) -> Self {
        let router = server::routes::router(server::serve::house(platform.clone()));
        Self {
            platform,
            router,
            watch,
            addresses,
        }
    }

    /// The router, for tests that need a real socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// An address that nobody in this run has yet, so that tests that share a Redis don't share limits.
    pub fn new_address(&self) -> IpAddr {
        let number = self.addresses.fetch_add(1, Ordering::SeqCst);
        let [_, a, b, c] = number.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(10, a, b, c))
    }

    /// Somebody with a browser that runs no script, somewhere.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone(), false)
    }

    /// Somebody with a browser whose forms are sent by the page's own script.
    pub fn script(&self) -> Browser {
        Browser::new(self.clone(), true)
    }

    /// A program.
    pub fn api(&self) -> Browser {
        Browser::new(self.clone(), true)
    }
}

/// A whole installation for one test.
pub struct TestHouse {
    pub clock: Clock,
    node: Node,
    storage: Storage,
    seed: u64,
    /// How many servers joined the first one.
    nodes: AtomicU64,
    environment: Vec<(String, String)>,
    read: Mutex<HashSet<Uuid>>,
    ignores_jobs: AtomicBool,
}

impl Deref for TestHouse {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl TestHouse {
    /// An empty installation with the default settings, but for the cost of password hashes.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with other settings, by their names in the environment without `LATCHSTRING_`.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        logs::capture();
        let seed = seed();
        let storage = Storage::with_tables(seed).await;
        let environment = environment(&storage, settings);
        let clock = Clock::fixed(start_time());
        let entropy = Entropy::seeded(seed);
        let watch = Arc::new(Watch::default());
        let addresses = Arc::new(AtomicU32::new(u32::from_be_bytes(entropy.bytes())));
        let platform = open(&environment, &clock, &entropy).await;
        Self {
            clock,
            node: Node::start(platform, watch, addresses),
            storage,
            seed,
            nodes: AtomicU64::new(0),
            environment,
            read: Mutex::default(),
            ignores_jobs: AtomicBool::new(false),
        }
    }

    /// Another server on the same database and Redis.
    pub async fn second_node(&self) -> Node {
        self.second_node_with(&[]).await
    }

    /// The same with other settings.
    pub async fn second_node_with(&self, settings: &[(&str, &str)]) -> Node {
        let mut environment = self.environment.clone();
        environment.extend(named(settings));
        // Two servers never draw the same.
        let number = self.nodes.fetch_add(1, Ordering::Relaxed);
        let entropy = Entropy::seeded(!self.seed.wrapping_add(number));
        let platform = open(&environment, &self.clock, &entropy).await;
        Node::start(platform, Arc::clone(&self.watch), Arc::clone(&self.addresses))
    }

    /// The first administrator, signed in.
    pub async fn admin(&self) -> Browser {
        let mut admin = self.browser();
        admin.open(&self.setup_link().await).await;
        let fields = [
            ("name", "Ida Rhodes"),
            ("email", "ida@example.com"),
            ("password", PASSWORD),
        ];
        let page = admin.submit("setup-button", &fields).await;
        assert_eq!(page.location(), "/account");
        self.mail_to("ida@example.com").await;
        admin
    }

    /// Somebody who signed up, proved their address, and is signed in.
    pub async fn member(&self, name: &str, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_up(name, email, PASSWORD).await;
        let code = self.code_for(email).await;
        let page = browser.type_code(&code).await;
        assert_eq!(page.location(), "/account");
        assert_eq!(self.mail_to(email).await.subject, "Your account is ready");
        browser
    }

    /// So many browsers, each on its own, that show the page of a link.
    pub async fn browsers_at(&self, many: usize, link: &str) -> Vec<Browser> {
        let mut browsers = vec![self.browser(); many];
        for browser in &mut browsers {
            browser.open(link).await;
        }
        browsers
    }

    /// A fresh set-up link.
    pub async fn setup_link(&self) -> String {
        let link = set_up::new_link(&self.platform).await.unwrap();
        let link = link.expect("there is no administrator yet");
        self.watch.keep_secret(token_of(&link));
        link
    }

    /// Does the jobs that are due, and returns the one message that this address got since the last call.
    pub async fn mail_to(&self, address: &str) -> CaughtMessage {
        let mut new = self.mails_to(address).await;
        assert_eq!(new.len(), 1, "messages to {address}");
        new.remove(0)
    }

    /// Does the jobs that are due, and returns all messages that this address got since the last call; those about new
    /// devices are apart, because nearly every sign-in of a test brings one.
    pub async fn mails_to(&self, address: &str) -> Vec<CaughtMessage> {
        let mut new = self.all_mails_to(address).await;
        new.retain(|message| !NEW_DEVICE.contains(&message.subject.as_str()));
        new
    }

    /// Does the jobs that are due, and returns all messages about new devices that this address ever got.
    pub async fn new_device_mails_to(&self, address: &str) -> Vec<CaughtMessage> {
        self.all_mails_to(address).await;
        let all = self
            .platform
            .db
            .read(async |tx| CaughtMessage::list(tx, Some(address), None).await)
            .await
            .unwrap();
        all.into_iter()
            .filter(|message| NEW_DEVICE.contains(&message.subject.as_str()))
            .collect()
    }

    async fn all_mails_to(&self, address: &str) -> Vec<CaughtMessage> {
        jobs::run_due(&self.platform).await.unwrap();
        let all = self
            .platform
            .db
            .read(async |tx| CaughtMessage::list(tx, Some(address), None).await)
            .await
            .unwrap();
        let mut read = self.read.lock().unwrap();
        let new: Vec<_> = all
            .into_iter()
            .filter(|message| read.insert(message.id))
            .collect();
        for message in &new {
            for link in &message.links {
                self.watch.keep_secret(token_of(link));
            }
            self.watch
                .keep_secret(message.code.as_deref().unwrap_or_default());
            self.watch.keep_letter(&message.subject, &message.text);
        }
        new
    }

    /// The code in the newest message to this address.
    pub async fn code_for(&self, address: &str) -> String {
        self.mail_to(address).await.code.expect("the message has a code")
    }

    /// The link in the newest message to this address that proves it.
    pub async fn link_for(&self, address: &str) -> String {
        let message = self.mail_to(address).await;
        let link = message.links.iter().find(|link| link.contains("token="));
        link.expect("the message has a link").clone()
    }

    /// From here on no answer and no line of the log may have this in it.
    pub fn keep_secret(&self, secret: &str) {
        self.watch.keep_secret(secret);
    }

    /// How often something happened, by the audit.
    pub async fn audited(&self, kind: &str) -> i64 {
        count!(self, "select count(*) from audit_events where kind = $1", kind)
    }

    /// Runs the command line as an operator does: a process of its own, on the same database and Redis.
    pub async fn operator(&self, arguments: &[&str], input: &str) -> String {
        let ended = self.tries(arguments, &[], input).await;
        let said = format!("{}{}", ended.out, ended.err);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {said}");
        said
    }

    /// Like [`TestHouse::operator`], with other settings, and it may fail.
    pub async fn tries(&self, arguments: &[&str], settings: &[(&str, &str)], input: &str) -> Ended {
        let mut environment = self.environment.clone();
        environment.extend(named(settings));
        process::run(
            process::command(self.storage.folder(), &environment, arguments),
            input,
        )
        .await
    }

    /// The command, for a test that watches it run.
    pub fn command(&self, arguments: &[&str], settings: &[(&str, &str)]) -> std::process::Command {
        let mut environment = self.environment.clone();
        environment.extend(named(settings));
        process::command(self.storage.folder(), &environment, arguments)
    }

    /// A server in a process of its own, on the same database and Redis.
    pub async fn serve(&self, settings: &[(&str, &str)]) -> Served {
        let mut environment = self.environment.clone();
        environment.extend(named(settings));
        Served::start(self.storage.folder(), &environment).await
    }

    /// The address of this test's database.
    pub fn database_url(&self) -> &str {
        self.storage.url()
    }

    /// The tools of a server with the same settings and keys on another database.
    pub async fn platform_on(&self, url: &str) -> Platform {
        let mut environment = self.environment.clone();
        environment.extend(named(&[("DATABASE_URL", url)]));
        open(&environment, &self.clock, &self.platform.entropy).await
    }

    /// A server with these tools.
    pub fn node_on(&self, platform: Platform) -> Node {
        Node::start(platform, Arc::clone(&self.watch), Arc::clone(&self.addresses))
    }

    /// Where the server keeps its data.
    pub fn folder(&self) -> &std::path::Path {
        self.storage.folder()
    }

    /// A random number below `bound`, from this test's seed.
    pub fn dice(&self, bound: u64) -> u64 {
        self.platform.entropy.below(bound)
    }

    /// Leaves it to the test to look after jobs.
    pub fn ignore_jobs(&self) {
        self.ignores_jobs.store(true, Ordering::SeqCst);
    }

    /// Whether this run has a Redis.
    pub fn has_redis(&self) -> bool {
        self.platform.redis.is_some()
    }
}

impl Drop for TestHouse {
    fn drop(&mut self) {
        let left = self.storage.close();
        if std::thread::panicking() {
            eprintln!(
                "The house of this test: LATCHSTRING_TEST_SEED={} on {}. The last answers:\n{}",
                self.seed,
                self.platform.db.kind(),
                self.watch.last_answers()
            );
            return;
        }
        assert!(
            left.is_empty() || self.ignores_jobs.load(Ordering::SeqCst),
            "jobs are left undone: {left:?}"
        );
        self.watch.look_back(&logs::captured());
    }
}

/// The subject of the message about a new device, in each language.
const NEW_DEVICE: [&str; 2] = [
    "A new device signed in to your account",
    "Một thiết bị mới vừa đăng nhập vào tài khoản của bạn",
];

/// The moment at which every test begins.
pub fn start_time() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_772_434_925_678_901).unwrap()
}

/// A variable of the suite's own environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite's own settings have no other way in"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Another one each time: tests that share a Redis must not draw the same tokens. Set it to repeat a run.
fn seed() -> u64 {
    variable("LATCHSTRING_TEST_SEED").map_or_else(
        || RandomState::new().hash_one(0),
        |seed| seed.parse().expect("a number"),
    )
}

fn named(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let named = settings
        .iter()
        .map(|(name, value)| (format!("LATCHSTRING_{name}"), (*value).to_owned()));
    named.collect()
}

fn environment(storage: &Storage, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let folder = storage.folder().display().to_string();
    let redis = variable("LATCHSTRING_TEST_REDIS_URL").unwrap_or_default();
    let mut environment = named(&[
        ("ENV", "development"),
        ("DATA_DIR", &folder),
        ("DATABASE_URL", storage.url()),
        ("REDIS_URL", &redis),
        ("PASSWORD_ARGON2_MEMORY_KIB", "8"),
        ("PASSWORD_ARGON2_ITERATIONS", "1"),
        ("PASSWORD_ARGON2_PARALLELISM", "1"),
    ]);
    environment.extend(named(settings));
    environment
}

async fn open(environment: &[(String, String)], clock: &Clock, entropy: &Entropy) -> Platform {
    let sources = Sources {
        environment: environment.to_vec(),
        ..Sources::default()
    };
    let config = Config::load(&sources).expect("the settings are right");
    let platform = Platform::open(config, clock.clone(), entropy.clone())
        .await
        .unwrap();
    if let Some(redis) = &platform.redis {
        for _ in 0..100 {
            if redis.healthy().await.is_ok() {
                return platform;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("Redis does not answer");
    }
    platform
}

fn token_of(link: &str) -> &str {
    link.split_once("token=").map_or("", |(_, token)| token)
}
