//! A TCP proxy with bad habits: it delays, and it cuts.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Result;

/// The proxy. It ends with the runtime.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    habits: watch::Sender<Habits>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Habits {
    /// How long each piece lies before it is passed on, in both directions.
    delay: Duration,
    /// Counts the cuts: a connection ends when it changes.
    cuts: u64,
}

impl Proxy {
    /// Passes on to `upstream`, promptly at first.
    pub async fn start(upstream: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (habits, seen) = watch::channel(Habits::default());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, upstream, seen.clone()));
            }
        });
        Ok(Self { address, habits })
    }

    /// Delays each piece by half of this on the way there and half on the way back.
    pub fn set_delay(&self, round_trip: Duration) {
        self.habits.send_modify(|habits| habits.delay = round_trip / 2);
    }

    /// Cuts every connection that is open.
    pub fn cut(&self) {
        self.habits.send_modify(|habits| habits.cuts += 1);
    }
}

async fn pass_on(client: TcpStream, upstream: SocketAddr, mut habits: watch::Receiver<Habits>) {
    let Ok(server) = TcpStream::connect(upstream).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let begun = habits.borrow_and_update().cuts;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let delays = habits.clone();
    let cut = async {
        while habits.changed().await.is_ok() {
            if habits.borrow().cuts != begun {
                return;
            }
        }
    };
    tokio::select! {
        () = cut => {}
        _ = copy(from_client, to_server, delays.clone()) => {}
        _ = copy(from_server, to_client, delays) => {}
    }
}

async fn copy(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    habits: watch::Receiver<Habits>,
) -> std::io::Result<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        let delay = habits.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        to.write_all(&piece[..length]).await?;
    }
}
