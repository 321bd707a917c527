//! `latchstring serve`: opens everything, answers requests, works through the queue, and stops without dropping either.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::routing::get;
use domain::authentication::set_up;
use domain::platform::{Platform, doctor, jobs};
use domain::{Error, Result};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use leptos::config::LeptosOptions;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::assets::Assets;
use crate::routes::{House, router};
use crate::{health, metrics};

/// Connections at once; more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 10_000;
/// How long a client may take to send a request's head.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Puts the house together.
pub fn house(platform: Platform) -> House {
    let assets = Assets::load();
    let options = LeptosOptions::builder()
        .output_name("latchstring")
        .site_pkg_dir(assets.folder())
        .site_addr(platform.config.listen)
        .build();
    House {
        platform,
        options,
        assets: Arc::new(assets),
        metrics: metrics::start(),
    }
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// [`Error::Configuration`] when the address can't be listened on; what opening the platform says.
pub async fn serve(platform: Platform) -> Result<()> {
    let stop = CancellationToken::new();
    let drain = platform.config.jobs.drain;
    let listener = listen(platform.config.listen).await?;
    if let Some(link) = set_up::new_link(&platform).await? {
        // On its own line, and not as a log field: this is for the person who started the server.
        println!("\n  Make the first administrator (the link works once, for one hour):\n  {link}\n");
    }
    tracing::info!(address = %platform.config.listen, url = %platform.config.public_url, database = platform.db.kind(), "ready");
    let worker = tokio::spawn(jobs::work(platform.clone(), stop.clone()));
    let house = house(platform.clone());
    let operator = match platform.config.metrics_listen {
        Some(address) => Some(tokio::spawn(accept(
            listen(address).await?,
            operator_router(house.clone()),
            drain,
            stop.clone(),
        ))),
        None => None,
    };
    let requests = tokio::spawn(accept(listener, router(house), drain, stop.clone()));
    if platform.config.is_production() {
        tokio::spawn(doctor::self_call::note(platform.clone()));
    }
    asked_to_stop().await;
    tracing::info!("stopping");
    stop.cancel();
    let _ = tokio::join!(requests, worker);
    if let Some(operator) = operator {
        let _ = operator.await;
    }
    platform.db.close().await;
    tracing::info!("stopped");
    Ok(())
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

/// Accepts connections until `stop`, then lets open requests finish within `drain`.
pub async fn accept(listener: TcpListener, router: Router, drain: Duration, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // HTTP/1.1 only: what speaks HTTP/2 to browsers stands before us, and one protocol has half the ways to be held open.
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(64)
        .max_buf_size(64 * 1024);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer): (TcpStream, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: give others time to close theirs.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let router = router.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still open at the stop");
    }
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        _ => std::future::pending().await,
    }
}
