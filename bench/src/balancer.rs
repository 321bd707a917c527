//! A proxy for HTTP before several servers, with the manners of the usual ones: it keeps connections open, goes on to the
//! next server when one refuses to be connected, asks again only what is safe to ask twice, and knows of a stop only
//! what the server tells it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Result;
use crate::http::{Answer, Connection};

/// How long a connection is kept that nobody uses: less than the servers keep it.
const KEPT: Duration = Duration::from_secs(5);
/// How long a server that refused to be connected is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// The proxy. It ends with the runtime.
#[derive(Debug)]
pub struct Balancer {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    servers: Vec<Server>,
    next: AtomicUsize,
    failed: AtomicU64,
}

#[derive(Debug)]
struct Server {
    address: SocketAddr,
    idle: Mutex<Vec<(Connection, Instant)>>,
    refused: Mutex<Option<Instant>>,
}

impl Balancer {
    /// Passes on to these servers in turn.
    pub async fn start(servers: &[SocketAddr]) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let servers = servers.iter().map(|address| Server {
            address: *address,
            idle: Mutex::default(),
            refused: Mutex::default(),
        });
        let shared = Arc::new(Shared {
            servers: servers.collect(),
            next: AtomicUsize::new(0),
            failed: AtomicU64::new(0),
        });
        let all = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let all = Arc::clone(&all);
                tokio::spawn(async move {
                    let _ = serve(client, &all).await;
                });
            }
        });
        Ok(Self { address, shared })
    }

    /// How many requests it could not get answered.
    pub fn failed(&self) -> u64 {
        self.shared.failed.load(Ordering::Relaxed)
    }
}

/// One client: request after request.
async fn serve(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut unread = Vec::new();
    loop {
        let length = loop {
            if let Some(length) = whole_request(&unread) {
                break length;
            }
            if client.read_buf(&mut unread).await? == 0 {
                return Ok(());
            }
        };
        let request: Vec<u8> = unread.drain(..length).collect();
        let answer = match shared.pass_on(&as_kept(&request)).await {
            Ok(answer) => answer.raw(),
            Err(error) => {
                shared.failed.fetch_add(1, Ordering::Relaxed);
                let why = error.to_string();
                format!(
                    "HTTP/1.1 502 Bad Gateway\r\ncontent-length: {}\r\n\r\n{why}",
                    why.len()
                )
                .into_bytes()
            }
        };
        client.write_all(&answer).await?;
    }
}

/// The length of the first request, once it is there. Those of the clients here have a plain length, or no body.
fn whole_request(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?.to_ascii_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse::<usize>().ok());
    let whole = head + body.unwrap_or(0);
    (bytes.len() >= whole).then_some(whole)
}

/// The request without the client's own wish to end the connection.
fn as_kept(request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    text.replacen("connection: close\r\n", "", 1).into_bytes()
}

impl Shared {
    async fn pass_on(&self, request: &[u8]) -> io::Result<Answer> {
        let may_be_repeated = request.starts_with(b"GET ") || request.starts_with(b"HEAD ");
        let begin = self.next.fetch_add(1, Ordering::Relaxed);
        let mut last = io::Error::other("no server is there");
        // Whoever refused a moment ago is asked last.
        let mut order: Vec<&Server> = (0..self.servers.len())
            .filter_map(|at| self.servers.get((begin + at) % self.servers.len()))
            .collect();
        order.sort_by_key(|server| server.is_left_alone());
        for server in order {
            let mut connection = match server.connection().await {
                Ok(connection) => connection,
                Err(error) => {
                    *server.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                    last = error;
                    continue;
                }
            };
            match connection.ask(request).await {
                Ok(answer) => {
                    if !answer.last {
                        server.keep(connection);
                    }
                    return Ok(answer);
                }
                Err(error) if may_be_repeated => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }
}

impl Server {
    fn is_left_alone(&self) -> bool {
        let refused = *self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.is_some_and(|at| at.elapsed() < LEFT_ALONE)
    }

    /// One that was kept and is still open, or a new one.
    async fn connection(&self) -> io::Result<Connection> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match kept {
                Some((connection, since)) if since.elapsed() < KEPT && connection.is_open() => {
                    return Ok(connection);
                }
                Some(_) => {}
                None => return Connection::open(self.address).await,
            }
        }
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((connection, Instant::now()));
    }
}
