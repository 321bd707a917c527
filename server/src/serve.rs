//! `latchstring serve`: opens everything, answers requests, works through the queue, and stops without dropping either.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
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
use crate::routes::{House, Parts, not_found, router};
use crate::session_store::Sessions;
use crate::{audit, health, http, metrics};

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
    /// When the first of them was taken: all limits of time count from there.
    since: Arc<OnceLock<Instant>>,
}

impl Stop {
    /// The first step.
    pub fn leave(&self) {
        self.leave_as_of(Instant::now());
    }

    /// The first step, as if it had been taken then.
    pub fn leave_as_of(&self, since: Instant) {
        let _ = self.since.set(since);
        self.leaving.cancel();
    }

    /// The second step; the first, if it was not taken.
    pub fn close(&self) {
        self.leave();
        self.closing.cancel();
    }

    /// What is left of this time since the first step.
    fn left_of(&self, most: Duration) -> Duration {
        let gone = self.since.get().map_or(Duration::ZERO, Instant::elapsed);
        most.saturating_sub(gone)
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
    let (drain, open_work) = (platform.config.jobs.drain, platform.config.jobs.open_work());
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
            drain.saturating_sub(open_work),
            operator_stop.clone(),
        ))),
        None => None,
    };
    let requests = tokio::spawn(accept(
        listener,
        router(house),
        Arc::clone(&places),
        open_work,
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
    let over = async {
        let _ = tokio::join!(requests, worker);
        // Last: until then it tells how the stop goes.
        operator_stop.close();
        if let Some(operator) = operator {
            let _ = operator.await;
        }
        platform.db.close().await;
    };
    end(&stop, drain, over).await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for the end of everything, but no longer than `drain` from the first step of the stop: then the platform would kill us.
async fn end(stop: &Stop, drain: Duration, over: impl Future<Output = ()>) {
    if tokio::time::timeout(stop.left_of(drain), over).await.is_err() {
        tracing::warn!("the stop took too long: what is still open is cut off");
    }
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

/// What only the operator's machines reach: measurements and the probes. With the layers of [`router`], but for those that look at
/// who asks: a probe comes by whatever address it knows, and nobody signs in here.
pub fn operator_router(house: House) -> Router {
    Router::new()
        .route("/metrics", get(metrics::render))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready_in_full))
        .fallback(not_found)
        .layer((
            from_fn(http::uncancelled::spawn),
            from_fn_with_state(house.clone(), http::observe::observe),
            from_fn_with_state(house.clone(), http::error_pages::dress),
        ))
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
    /// How long each may take to send a request's head.
    head_time: Duration,
}

impl Default for Places {
    fn default() -> Self {
        Self::with_head_time(HEAD_TIME)
    }
}

impl Places {
    /// Connections that may take so long to send a request's head.
    pub fn with_head_time(head_time: Duration) -> Self {
        Self {
            free: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            talking: TaskTracker::new(),
            head_time,
        }
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.talking.len()
    }
}

/// Accepts connections until `stop` closes, then lets open requests finish within `drain` from its first step.
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
            (Ok(place), Ok((stream, peer))) => {
                talk(stream, peer, place, places.head_time, &router, &stop, open);
            }
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
            talk(stream, peer, place, places.head_time, &router, &stop, open);
        }
    }
    open.close();
    if tokio::time::timeout(stop.left_of(drain), open.wait())
        .await
        .is_err()
    {
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
    head_time: Duration,
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
        .header_read_timeout(head_time)
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

#[cfg(test)]
mod tests {
    use super::*;

    const DRAIN: Duration = Duration::from_mins(10);

    /// A stop whose first step was taken so long ago.
    fn left(ago: Duration) -> Stop {
        let stop = Stop::default();
        stop.leave_as_of(Instant::now().checked_sub(ago).unwrap());
        stop
    }

    #[test]
    fn the_second_step_of_a_stop_gives_no_more_time_than_the_first_left() {
        assert_eq!(Stop::default().left_of(DRAIN), DRAIN, "it has not begun");
        let stop = left(DRAIN / 2);
        stop.close();
        assert!(stop.left_of(DRAIN) <= DRAIN / 2);
        assert_eq!(stop.left_of(DRAIN / 2), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_stop_is_over_when_its_time_is_up_whatever_is_still_open() {
        let stop = left(DRAIN);
        let most = Duration::from_mins(1);
        tokio::time::timeout(most, end(&stop, DRAIN, std::future::pending()))
            .await
            .expect("it waits no longer");
    }
}
