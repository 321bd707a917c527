//! A wire between the house and its Redis: it can be cut, and it knows what was sent over it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

/// The words of each command, in the order in which they were sent.
type Commands = Arc<Mutex<Vec<Vec<String>>>>;

/// A wire to Redis. While it is cut, whoever is connected is thrown out, and nobody gets through.
pub struct Wire {
    /// The Redis at its far end.
    pub redis: Url,
    address: SocketAddr,
    cut: watch::Sender<bool>,
    sent: Commands,
}

impl Wire {
    /// One to the Redis of this run, if it has one.
    pub async fn to_redis() -> Option<Self> {
        let redis = Url::parse(&super::variable("LATCHSTRING_TEST_REDIS_URL")?).unwrap();
        let target = format!("{}:{}", redis.host_str().unwrap(), redis.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, state) = watch::channel(false);
        let sent = Commands::default();
        let (target, all): (Arc<str>, _) = (target.into(), Arc::clone(&sent));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (mut state, target, sent) = (state.clone(), Arc::clone(&target), Arc::clone(&all));
                tokio::spawn(async move {
                    if *state.borrow() {
                        return;
                    }
                    let Ok(far) = TcpStream::connect(&*target).await else {
                        return;
                    };
                    let ((near_read, mut near_write), (mut far_read, far_write)) =
                        (near.into_split(), far.into_split());
                    tokio::select! {
                        _ = pass_on(near_read, far_write, &sent) => {}
                        _ = tokio::io::copy(&mut far_read, &mut near_write) => {}
                        _ = state.wait_for(|cut| *cut) => {}
                    }
                });
            }
        });
        Some(Self {
            redis,
            address,
            cut,
            sent,
        })
    }

    /// The URL of Redis at the near end.
    pub fn url(&self) -> String {
        let mut url = self.redis.clone();
        url.set_ip_host(self.address.ip()).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.into()
    }

    /// Cuts it, or mends it.
    pub fn cut(&self, cut: bool) {
        self.cut.send(cut).unwrap();
    }

    /// The names of all commands since the last call, without signs of life and greetings.
    pub fn new_commands(&self) -> Vec<String> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let names = sent.into_iter().map(|words| words[0].to_ascii_uppercase());
        names
            .filter(|name| !["PING", "HELLO", "AUTH", "SELECT", "CLIENT", "INFO"].contains(&name.as_str()))
            .collect()
    }
}

/// Passes on what the house says, and notes each command.
async fn pass_on(mut near: OwnedReadHalf, mut far: OwnedWriteHalf, sent: &Commands) -> io::Result<()> {
    let (mut piece, mut open) = ([0; 4096], Vec::new());
    loop {
        let length = near.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        open.extend_from_slice(&piece[..length]);
        while let Some((words, end)) = command(&open) {
            sent.lock().unwrap().push(words);
            open.drain(..end);
        }
        far.write_all(&piece[..length]).await?;
    }
}

/// The first command, if all of it is there, and where it ends. Redis's protocol: an array of strings, each after its length.
fn command(sent: &[u8]) -> Option<(Vec<String>, usize)> {
    let (many, mut at) = length(sent, 0)?;
    let mut words = Vec::new();
    for _ in 0..many {
        let (long, begin) = length(sent, at)?;
        words.push(String::from_utf8_lossy(sent.get(begin..begin + long)?).into_owned());
        at = begin + long + 2;
    }
    (at <= sent.len()).then_some((words, at))
}

/// The number of the line that begins here, after its sign, and where the next line begins.
fn length(sent: &[u8], at: usize) -> Option<(usize, usize)> {
    let line = sent.get(at..)?;
    let end = line.iter().position(|byte| *byte == b'\r')?;
    let number = std::str::from_utf8(&line[1..end]).ok()?.parse().ok()?;
    Some((number, at + end + 2))
}
