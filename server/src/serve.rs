//! `latchstring serve`: opens everything, answers requests, works through the queue, and stops without dropping either.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, header};
use axum::routing::get;
use domain::authentication::set_up;
use domain::platform::{Platform, doctor, jobs};
use domain::{Error, Result};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use leptos::config::LeptosOptions;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::assets::Assets;
use crate::routes::{House, Parts, router};
use crate::session_store::Sessions;
use crate::{audit, health, metrics};

/// Connections at once; more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 10_000;
/// How long a client may take to send a request's head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a server that closes its door waits for the first request of a connection that it let in.
const FIRST: Duration = Duration::from_millis(200);
/// How often a server that takes its leave looks whether everybody has gone.
const LOOK: Duration = Duration::from_millis(50);

/// How the server stops, in two steps, so that a proxy before it loses no request.
///
/// First it takes its leave: it still takes connections and answers requests, but each answer ends its connection, and
/// `/health/ready` says 503. So proxies send their next requests elsewhere, over connections that they know to be good.
/// Then the door is closed: a connection that is refused is tried elsewhere, whatever the request.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    leaving: CancellationToken,
    closing: CancellationToken,
}

impl Stop {
    /// The first step.
    pub fn leave(&self) {
        self.leaving.cancel();
    }

    /// The second step; the first, if it was not taken.
    pub fn close(&self) {
        self.leaving.cancel();
        self.closing.cancel();
    }

    /// Waits for the first step: what would never end by itself ends then.
    pub async fn left(&self) {
        self.leaving.cancelled().await;
    }

    /// True from the first step on.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_cancelled()
    }
}

/// Puts the house together.
pub fn house(platform: Platform) -> House {
    let assets = Assets::load();
    let options = LeptosOptions::builder()
        .output_name("latchstring")
        .site_pkg_dir(assets.folder())
        .site_addr(platform.config.listen)
        .build();
    House::new(Parts {
        sessions: Sessions::new(platform.clone()),
        platform,
        options,
        assets,
        metrics: metrics::start(),
        stop: Stop::default(),
        listeners: Arc::new(Semaphore::new(audit::LISTENERS)),
        copies: Arc::new(Semaphore::new(audit::COPIES)),
    })
}

/// Serves until SIGINT or SIGTERM. The latter lets proxies go first; a person at the terminal does not wait for that.
///
/// # Errors
/// [`Error::Configuration`] when the address can't be listened on; what opening the platform says.
pub async fn serve(platform: Platform) -> Result<()> {
    let drain = platform.config.jobs.drain;
    let listener = listen(platform.config.listen).await?;
    if let Some(link) = set_up::new_link(&platform).await? {
        // On its own line, and not as a log field: this is for the person who started the server.
        println!("\n  Make the first administrator (the link works once, for one hour):\n  {link}\n");
    }
    tracing::info!(address = %platform.config.listen, url = %platform.config.public_url, database = platform.db.kind(), "ready");
    let work = CancellationToken::new();
    let worker = tokio::spawn(jobs::work(platform.clone(), work.clone()));
    let house = house(platform.clone());
    let stop = house.stop.clone();
    let places: Arc<Places> = Arc::default();
    let operator_stop = Stop::default();
    let operator = match platform.config.metrics_listen {
        Some(address) => Some(tokio::spawn(accept(
            listen(address).await?,
            operator_router(house.clone()),
            Arc::default(),
            drain,
            operator_stop.clone(),
        ))),
        None => None,
    };
    let requests = tokio::spawn(accept(
        listener,
        router(house),
        Arc::clone(&places),
        drain,
        stop.clone(),
    ));
    if platform.config.is_production() {
        tokio::spawn(doctor::self_call::note(platform.clone()));
    }
    let politely = asked_to_stop().await;
    tracing::info!("stopping");
    work.cancel();
    if politely {
        stop.leave();
        everybody_gone(&places, drain / 2).await;
    }
    stop.close();
    let _ = tokio::join!(requests, worker);
    // Last: until then it tells how the stop goes.
    operator_stop.close();
    if let Some(operator) = operator {
        let _ = operator.await;
    }
    platform.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits until no connection is open, or for this long.
async fn everybody_gone(places: &Places, most: Duration) {
    let gone = async {
        while places.open() > 0 {
            tokio::time::sleep(LOOK).await;
        }
    };
    let _ = tokio::time::timeout(most, gone).await;
}

/// What only the operator's machines reach: measurements and the probes.
fn operator_router(house: House) -> Router {
    Router::new()
        .route("/metrics", get(metrics::render))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready_in_full))
        .with_state(house)
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| {
        Error::Configuration(format!(
            "can't listen on {address}: {e}. Is another server running there?"
        ))
    })
}

/// The connections of one listener.
#[derive(Debug)]
pub struct Places {
    /// What is left of [`MAX_CONNECTIONS`]; one of them is held for whoever comes next.
    free: Arc<Semaphore>,
    talking: TaskTracker,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            free: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            talking: TaskTracker::new(),
        }
    }
}

impl Places {
    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.talking.len()
    }
}

/// Accepts connections until `stop` closes, then lets open requests finish within `drain`.
pub async fn accept(listener: TcpListener, router: Router, places: Arc<Places>, drain: Duration, stop: Stop) {
    let open = &places.talking;
    let next = async || {
        let place = Arc::clone(&places.free).acquire_owned().await;
        (place, listener.accept().await)
    };
    loop {
        let accepted = tokio::select! {
            () = stop.closing.cancelled() => break,
            accepted = next() => accepted,
        };
        match accepted {
            (Ok(place), Ok((stream, peer))) => talk(stream, peer, place, &router, &stop, open),
            (Err(_), _) => break,
            (_, Err(error)) => {
                // Out of file descriptors, most likely: give others time to close theirs.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    for (stream, peer) in let_in_already(listener) {
        if let Ok(place) = Arc::clone(&places.free).try_acquire_owned() {
            talk(stream, peer, place, &router, &stop, open);
        }
    }
    open.close();
    if tokio::time::timeout(drain, open.wait()).await.is_err() {
        tracing::warn!("requests were still open at the stop");
    }
}

/// The clients whom the kernel has let in and nobody has answered yet: closing the listener would cut them off. The kernel is
/// asked itself, because the runtime may not have heard of the latest.
fn let_in_already(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    let accepted: Vec<_> = std::iter::from_fn(|| listener.accept().ok()).collect();
    drop(listener);
    accepted
        .into_iter()
        .filter_map(|(stream, peer)| {
            stream.set_nonblocking(true).ok()?;
            Some((TcpStream::from_std(stream).ok()?, peer))
        })
        .collect()
}

/// Answers the requests of one connection, in a task of its own.
fn talk(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    router: &Router,
    stop: &Stop,
    open: &TaskTracker,
) {
    let _ = stream.set_nodelay(true);
    let (router, leaving, closing) = (router.clone(), stop.clone(), stop.closing.clone());
    let asked = CancellationToken::new();
    let first = asked.clone();
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        first.cancel();
        request.extensions_mut().insert(ConnectInfo(peer));
        let (answer, stop) = (router.clone().oneshot(request), leaving.clone());
        async move {
            let mut response = answer.await?;
            if stop.is_leaving() {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, Infallible>(response)
        }
    });
    // HTTP/1.1 only: what speaks HTTP/2 to browsers stands before us, and one protocol has half the ways to be held open.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(64)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    open.spawn(async move {
        let _place = place;
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = closing.cancelled() => {
                // hyper would end a connection whose first request it has not read, though it may be on its way.
                let arrived = tokio::time::timeout(FIRST, asked.cancelled());
                tokio::select! {
                    ended = connection.as_mut() => ended,
                    _ = arrived => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

/// Waits for a signal: true for SIGTERM.
async fn asked_to_stop() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => false,
                _ = terminate.recv() => true,
            }
        }
        _ => std::future::pending().await,
    }
}
