//! Clients that hang up, and handlers that panic: over a real socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use server::serve::Stop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::db::idle_in_transaction;
use crate::house::{PASSWORD, TestHouse, count};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_clients_that_hang_up_at_any_moment_lose_nobody_s_write() {
    let t = TestHouse::with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("PASSWORD_QUEUE", "1000")]).await;
    t.ignore_jobs();
    let second = t.second_node().await;
    let (address, stop) = listen(t.router()).await;

    let clients: Vec<_> = (0..200)
        .map(|number| {
            let email = format!("person{number}@example.com");
            let request = sign_up(&email, &t.new_address().to_string());
            let (patient, pause) = (t.dice(4) == 0, Duration::from_micros(t.dice(40_000)));
            let part = usize::try_from(t.dice(10)).unwrap();
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                if !patient && part == 0 {
                    // Not even the whole request.
                    let half = request.len() / 2;
                    stream.write_all(&request.as_bytes()[..half]).await.unwrap();
                    tokio::time::sleep(pause).await;
                    return None;
                }
                stream.write_all(request.as_bytes()).await.unwrap();
                if !patient {
                    tokio::time::sleep(pause).await;
                    return None;
                }
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.unwrap();
                assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
                Some(email)
            })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for client in clients {
        acknowledged.extend(client.await.unwrap());
    }
    assert!(acknowledged.len() > 20);

    // What was begun is finished, though nobody waits for it.
    let mut before = -1;
    loop {
        let now = count!(second, "select count(*) from sign_ups");
        if now == before {
            break;
        }
        before = now;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    for email in &acknowledged {
        let found = count!(
            second,
            "select count(*) from sign_ups where email = $1",
            email.as_str()
        );
        assert_eq!(found, 1, "{email} was told that the sign-up is taken");
    }
    let jobs = count!(second, "select count(*) from jobs");
    let audited = count!(
        second,
        "select count(*) from audit_events where kind = 'sign_up.requested'"
    );
    assert_eq!((jobs, audited), (before, before), "each sign-up is there whole");
    assert_eq!(idle_in_transaction(&t).await, 0);

    // And the server is as good as new.
    let mut ada = t.browser();
    ada.sign_up("Ada", "ada@example.com", PASSWORD).await;
    let code = t.code_for("ada@example.com").await;
    assert_eq!(ada.type_code(&code).await.location(), "/account");
    assert!(ada.on(&second).is_signed_in().await);
    stop.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_begun_is_finished_though_its_client_has_gone() {
    // Hashing takes long here, one at a time: when the clients hang up, nearly all still wait for it.
    let t = TestHouse::with(&[
        ("RATE_LIMITS", "off"),
        ("PASSWORD_QUEUE", "1000"),
        ("PASSWORD_PARALLEL", "1"),
        ("PASSWORD_ARGON2_MEMORY_KIB", "19456"),
        ("PASSWORD_ARGON2_ITERATIONS", "4"),
    ])
    .await;
    t.ignore_jobs();
    let (address, stop) = listen(t.router()).await;
    let mut clients = Vec::new();
    for number in 0..20 {
        let request = sign_up(&format!("person{number}@example.com"), "127.0.0.1");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        clients.push(stream);
    }
    let begun = async || {
        let done = count!(t, "select count(*) from sign_ups");
        usize::try_from(done).unwrap() + t.platform.hasher.waiting() >= 19
    };
    while !begun().await {
        tokio::task::yield_now().await;
    }
    drop(clients);
    let finished = async {
        while count!(t, "select count(*) from sign_ups") < 20 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), finished).await;
    assert!(
        in_time.is_ok(),
        "only {} of 20 sign-ups were finished",
        count!(t, "select count(*) from sign_ups")
    );
    stop.close();
}

#[tokio::test]
async fn a_handler_that_panics_is_an_error_page_and_the_next_request_is_answered() {
    let t = TestHouse::new().await;
    let house = server::serve::house(t.platform.clone());
    // The layers of the server, around a handler that it does not have.
    let router: Router = Router::new()
        .route("/panics", get(|| async { panics().await }))
        .route("/answers", get(|| async { "an answer" }))
        .layer(from_fn_with_state(
            house.clone(),
            server::http::error_pages::dress,
        ))
        .layer(from_fn_with_state(house.clone(), server::http::observe::observe))
        .layer(from_fn(server::http::uncancelled::spawn))
        .with_state(house);
    let (address, stop) = listen(router).await;
    for _ in 0..3 {
        let page = ask(address, "/panics", "text/html").await;
        assert!(page.starts_with("HTTP/1.1 500"), "{page}");
        assert!(
            page.contains("Something broke here") && page.contains("incident-id"),
            "{page}"
        );
        assert!(
            page.contains("x-request-id") && page.contains("content-security-policy"),
            "{page}"
        );
        assert!(!page.contains("a secret detail"), "{page}");
        let problem = ask(address, "/panics", "application/json").await;
        assert!(
            problem.starts_with("HTTP/1.1 500") && problem.contains("application/problem+json"),
            "{problem}"
        );
        assert!(ask(address, "/answers", "text/html").await.ends_with("an answer"));
    }
    stop.close();
}

async fn panics() -> &'static str {
    tokio::task::yield_now().await;
    panic!("a secret detail")
}

/// Serves on a free port.
async fn listen(router: Router) -> (SocketAddr, Stop) {
    let stop = Stop::default();
    (listen_until(router, stop.clone()).await, stop)
}

/// Serves on a free port until it is stopped.
pub async fn listen_until(router: Router, stop: Stop) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let drain = Duration::from_secs(10);
    tokio::spawn(server::serve::accept(
        listener,
        router,
        Arc::default(),
        drain,
        stop,
    ));
    address
}

async fn ask(address: SocketAddr, path: &str, accept: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost:3000\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A sign-up as a browser sends it, through a proxy.
fn sign_up(email: &str, client: &str) -> String {
    let body = format!(
        "name=Somebody&email={}&password={}",
        email.replace('@', "%40"),
        PASSWORD.replace(' ', "+")
    );
    format!(
        "POST /api/sign-up HTTP/1.1\r\nhost: localhost:3000\r\naccept: text/html\r\norigin: http://localhost:3000\r\n\
         x-forwarded-for: {client}\r\ncontent-type: application/x-www-form-urlencoded\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}
