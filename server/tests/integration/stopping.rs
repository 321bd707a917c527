//! How the server stops: first it takes its leave, then it closes the door.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use server::serve::{Places, Stop};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::hang_up::listen_until;
use crate::house::TestHouse;

const ASK: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: localhost:3000\r\n\r\n";
const ASK_READY: &[u8] = b"GET /health/ready HTTP/1.1\r\nhost: localhost:3000\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_takes_its_leave_every_request_is_answered_and_every_answer_is_the_last_of_its_connection() {
    let t = TestHouse::new().await;
    let house = server::serve::house(t.platform.clone());
    let stop = house.stop.clone();
    let address = listen_until(server::routes::router(house), stop.clone()).await;
    let mut kept = TcpStream::connect(address).await.unwrap();
    let first = ask(&mut kept, ASK).await;
    assert!(
        first.starts_with("HTTP/1.1 200") && !first.contains("connection: close"),
        "{first}"
    );
    let ready = ask(&mut kept, ASK_READY).await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");

    stop.leave();
    let last = ask(&mut kept, ASK).await;
    assert!(
        last.starts_with("HTTP/1.1 200") && last.contains("connection: close"),
        "{last}"
    );
    assert!(is_over(&mut kept).await, "the server ends the connection itself");
    let mut new = TcpStream::connect(address).await.unwrap();
    let ready = ask(&mut new, ASK_READY).await;
    assert!(
        ready.starts_with("HTTP/1.1 503") && ready.contains("\"stopping\""),
        "{ready}"
    );
    assert!(is_over(&mut new).await);
}

/// The place that is held for whoever comes next is nobody's: a stop would wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_everybody_has_gone_no_connection_is_open() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (places, stop) = (Arc::<Places>::default(), Stop::default());
    let router = Router::new().route("/health/live", get(async || "well"));
    let (drain, held) = (Duration::from_secs(10), Arc::clone(&places));
    tokio::spawn(server::serve::accept(listener, router, held, drain, stop.clone()));
    let mut inside = TcpStream::connect(address).await.unwrap();
    let answer = ask(&mut inside, ASK).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(places.open(), 1);
    drop(inside);
    let gone = async {
        while places.open() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    stop.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_the_door_is_closed_connections_are_refused_and_what_was_let_in_is_answered() {
    let t = TestHouse::new().await;
    let house = server::serve::house(t.platform.clone());
    let stop = house.stop.clone();
    let address = listen_until(server::routes::router(house), stop.clone()).await;
    let mut inside: Vec<TcpStream> = Vec::new();
    for _ in 0..50 {
        inside.push(TcpStream::connect(address).await.unwrap());
    }
    for stream in &mut inside {
        stream.write_all(ASK).await.unwrap();
    }
    stop.close();
    for stream in &mut inside {
        let answer = answer(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    }
    refused(address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_ends_holds_the_stop_no_longer_than_its_time_from_the_first_step() {
    let drain = Duration::from_mins(10);
    let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
    let never = move || {
        let begun = begun.clone();
        async move {
            let _ = begun.send(());
            std::future::pending::<()>().await;
        }
    };
    let router = Router::new().route("/never", get(never));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Stop::default();
    let accepting = tokio::spawn(server::serve::accept(
        listener,
        router,
        Arc::default(),
        drain,
        stop.clone(),
    ));
    let mut held = TcpStream::connect(address).await.unwrap();
    held.write_all(b"GET /never HTTP/1.1\r\nhost: localhost:3000\r\n\r\n")
        .await
        .unwrap();
    begins.recv().await.unwrap();
    // The first step was long ago: the second gives no time of its own.
    stop.leave_as_of(Instant::now().checked_sub(drain).unwrap());
    stop.close();
    tokio::time::timeout(Duration::from_mins(1), accepting)
        .await
        .expect("it waits no longer")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_finish_the_head_of_a_request_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/health/live", get(|| async { "alive" }));
    let places = Arc::new(Places::with_head_time(Duration::from_millis(100)));
    let drain = Duration::from_secs(10);
    tokio::spawn(server::serve::accept(
        listener,
        router,
        places,
        drain,
        Stop::default(),
    ));
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /health/live HTTP/1.1\r\nhost: loc")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let over = tokio::time::timeout(Duration::from_mins(1), slow.read_to_end(&mut answer)).await;
    let _ = over.expect("the server ends the connection");
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.contains("alive"), "{answer}");
}

async fn refused(address: SocketAddr) {
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the door is still open");
}

async fn ask(stream: &mut TcpStream, request: &[u8]) -> String {
    stream.write_all(request).await.unwrap();
    answer(stream).await
}

/// One answer, which comes in one piece.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 16 * 1024];
    let length = stream.read(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

async fn is_over(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 1]).await.unwrap() == 0
}
