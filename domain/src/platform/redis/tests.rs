use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use fred::interfaces::KeysInterface as _;
use fred::types::CustomCommand;
use tokio::io::AsyncWriteExt as _;

use super::*;

/// A Redis of this test alone, which the test may stop, restart and flush.
pub(crate) struct Server {
    port: u16,
    child: Option<Child>,
    directory: tempfile::TempDir,
}

impl Server {
    /// Starts one, when the run is meant to test with Redis (`LATCHSTRING_TEST_REDIS_URL` is set).
    pub(crate) async fn start() -> Option<Self> {
        let mut server = Self::later()?;
        server.restart().await;
        Some(server)
    }

    /// A free port on which [`Server::restart`] will start one.
    pub(crate) fn later() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "a test asks whether it is meant to run")]
        std::env::var("LATCHSTRING_TEST_REDIS_URL").ok()?;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        Some(Self {
            port,
            child: None,
            directory: tempfile::tempdir().expect("a directory"),
        })
    }

    /// Starts it, empty, on the same port.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        let mut child = Command::new("redis-server")
            .args([
                "--port",
                &self.port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .arg("--dir")
            .arg(self.directory.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        eventually("redis-server starts", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                .await
                .is_ok()
        })
        .await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(
            child.try_wait().expect("its state").is_none(),
            "somebody else took the port"
        );
        self.child = Some(child);
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it was running");
            child.wait().expect("it ended");
        }
    }

    /// `STOP`: it keeps its connections, and answers nothing. `CONT`: it goes on.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.as_ref().expect("it is running").id().to_string();
        let status = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A pool of which each connection is up.
    pub(crate) async fn connected(&self) -> Redis {
        let redis = Redis::connect(&self.url()).expect("a good URL");
        eventually("all connections are up", async || all_up(&redis)).await;
        redis
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits for what should come true within 5 seconds.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "not within 5 s: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn all_up(redis: &Redis) -> bool {
    redis.pool().clients().iter().all(ClientLike::is_connected)
}

/// Sends any command, for what the client has no function of its own for.
pub(crate) async fn command(redis: &Redis, name: &'static str, args: &[&str]) {
    let command = CustomCommand::new_static(name, None::<u16>, false);
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    let () = redis.pool().custom(command, args).await.expect("redis does it");
}

static ADD: Script = Script::new("return redis.call('incrby', KEYS[1], ARGV[1])");
static WORDS: Script = Script::new("return 'words'");

/// The time that a failing command took.
async fn failure(redis: &Redis) -> Duration {
    let started = Instant::now();
    assert!(matches!(redis.run(&ADD, "sum", [1]).await, Err(Error::Cache(_))));
    started.elapsed()
}

/// Without waiting for any answer, on a busy machine.
const AT_ONCE: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_wrong_url_is_refused_without_repeating_it() {
    for url in [
        "",
        "redis",
        "http://:hunter2@localhost",
        "redis://:hunter2@",
        "redis://:hunter2@host:99999",
    ] {
        let error = Redis::connect(url).expect_err(url);
        assert!(matches!(error, Error::Configuration(_)), "{url}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{url}: {error}");
    }
    let redis = Redis::connect("redis://:hunter2@127.0.0.1:1").expect("a good URL");
    assert!(!format!("{redis:?}").contains("hunter2"));
}

#[test]
fn outside_of_a_runtime_it_is_an_error_and_no_panic() {
    assert!(matches!(
        Redis::connect("redis://127.0.0.1"),
        Err(Error::Internal(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_without_redis_and_finds_it_later() {
    let Some(mut server) = Server::later() else { return };
    let started = Instant::now();
    let redis = Redis::connect(&server.url()).expect("a good URL");
    assert!(
        started.elapsed() < Duration::from_millis(500),
        "the start waits for nothing"
    );
    assert!(failure(&redis).await < AT_ONCE);
    assert!(redis.healthy().await.is_err());
    let get = redis.pool().get::<Option<String>, _>("key").await;
    assert!(get.is_err(), "the commands of the session store fail too");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(failure(&redis).await < AT_ONCE, "commands are not kept for later");

    server.restart().await;
    eventually("it connects", async || redis.healthy().await.is_ok()).await;
    assert_eq!(
        redis.run(&ADD, "sum", [1]).await.expect("an answer"),
        1,
        "nothing was kept and sent now"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_scripts_and_knows_its_health() {
    let Some(server) = Server::start().await else {
        return;
    };
    let redis = server.connected().await;
    assert!(redis.healthy().await.expect("healthy") < COMMAND_TIMEOUT);
    assert_eq!(redis.run(&ADD, "sum", [2]).await.expect("an answer"), 2);
    assert_eq!(redis.run(&ADD, "sum", [3]).await.expect("an answer"), 5);
    command(&redis, "SCRIPT", &["FLUSH"]).await;
    assert_eq!(
        redis
            .run(&ADD, "sum", [1])
            .await
            .expect("redis learns the script again"),
        6
    );
    assert_eq!(
        redis
            .run(&ADD, "sum", [1])
            .await
            .expect("and knows it from then on"),
        7
    );

    command(&redis, "SET", &["word", "no number"]).await;
    assert!(matches!(redis.run(&ADD, "word", [1]).await, Err(Error::Cache(_))));
    assert!(matches!(
        redis.run(&WORDS, "sum", [0; 0]).await,
        Err(Error::Cache(_))
    ));
    command(&redis, "CONFIG", &["SET", "maxmemory", "1"]).await;
    assert!(
        matches!(redis.run(&ADD, "sum", [1]).await, Err(Error::Cache(_))),
        "out of memory"
    );
    assert!(all_up(&redis), "none of these breaks the connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_redis_fails_fast_and_is_found_again() {
    let Some(mut server) = Server::start().await else {
        return;
    };
    let redis = server.connected().await;
    for round in 0..5 {
        assert_eq!(
            redis.run(&ADD, "sum", [1]).await.expect("an answer"),
            1,
            "round {round}"
        );
        server.kill();
        assert!(failure(&redis).await <= COMMAND_TIMEOUT * 2);
        eventually("failures are immediate", async || {
            failure(&redis).await < AT_ONCE / 10
        })
        .await;
        server.restart().await;
        eventually("it is found again", async || all_up(&redis)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_is_given_up_and_found_again() {
    let Some(server) = Server::start().await else {
        return;
    };
    let redis = server.connected().await;
    redis.run(&ADD, "sum", [1]).await.expect("an answer");
    server.signal("STOP");
    // A flood while it hangs: no command takes longer than its time, none is kept.
    let mut flood = tokio::task::JoinSet::new();
    for _ in 0..10_000 {
        let redis = redis.clone();
        flood.spawn(async move { failure(&redis).await });
    }
    let slowest = flood.join_all().await.into_iter().max().expect("some");
    assert!(slowest < COMMAND_TIMEOUT * 4, "{slowest:?}");
    // Under steady traffic the connections are given up, and then nobody waits any more.
    eventually("failures are immediate", async || {
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            slowest = slowest.max(failure(&redis).await);
        }
        slowest < AT_ONCE / 10
    })
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(failure(&redis).await < AT_ONCE);

    server.signal("CONT");
    eventually("it is found again", async || {
        all_up(&redis) && redis.healthy().await.is_ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_talks_nonsense_is_an_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!(
        "redis://127.0.0.1:{}",
        listener.local_addr().expect("its address").port()
    );
    let server = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let redis = Redis::connect(&url).expect("a good URL");
    for _ in 0..20 {
        assert!(failure(&redis).await < COMMAND_TIMEOUT * 2);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(redis.healthy().await.is_err());
    server.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_end_with_the_last_clone() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (redis, witness) = (server.connected().await, server.connected().await);
    let clients = async || {
        let command = CustomCommand::new_static("CLIENT", None::<u16>, false);
        let list: String = witness
            .pool()
            .custom(command, vec!["LIST"])
            .await
            .expect("a list");
        list.lines().count()
    };
    assert_eq!(clients().await, 2 * CONNECTIONS);
    let clone = redis.clone();
    drop(redis);
    assert!(clone.healthy().await.is_ok());
    drop(clone);
    eventually("they are closed", async || clients().await == CONNECTIONS).await;
}
