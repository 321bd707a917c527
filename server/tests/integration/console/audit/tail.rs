//! The audit as it is written, over a real socket.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use domain::audit::Event;
use server::routes::House;
use server::serve::Stop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::copy::within;
use super::{auditor, happen};
use crate::console::{appoint, staff};
use crate::hang_up::listen_until;
use crate::house::{Browser, TestHouse, tamper};

const TAIL: &str = "/admin/audit/tail";
const EVENTS: &str = "text/event-stream";
const PERSON: Uuid = Uuid::from_u128(7);

/// A request with the cookies of a browser.
pub fn request(browser: &Browser, path: &str, accept: &str) -> String {
    let cookies: Vec<_> = browser
        .jar
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost:3000\r\naccept: {accept}\r\ncookie: {}\r\nconnection: close\r\n\r\n",
        cookies.join("; ")
    )
}

/// Somebody who listens, and what they heard.
struct Ear {
    stream: TcpStream,
    heard: String,
}

impl Ear {
    async fn open(address: SocketAddr, browser: &Browser, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(request(browser, path, EVENTS).as_bytes())
            .await
            .unwrap();
        let mut ear = Self {
            stream,
            heard: String::new(),
        };
        ear.hear("\r\n\r\n").await;
        ear
    }

    /// Listens until this was said; how long that took.
    async fn hear(&mut self, text: &str) -> Duration {
        let begun = Instant::now();
        let listen = async {
            let mut part = [0; 4096];
            while !self.heard.contains(text) {
                let length = self.stream.read(&mut part).await.unwrap();
                assert!(length > 0, "it ended, and {text:?} was not said: {}", self.heard);
                self.heard.push_str(&String::from_utf8_lossy(&part[..length]));
            }
        };
        tokio::time::timeout(Duration::from_secs(15), listen)
            .await
            .expect("in time");
        begun.elapsed()
    }

    /// Listens to the end.
    async fn hear_all(mut self) -> String {
        let mut rest = Vec::new();
        let end = self.stream.read_to_end(&mut rest);
        tokio::time::timeout(Duration::from_secs(15), end)
            .await
            .expect("in time")
            .unwrap();
        self.heard + &String::from_utf8_lossy(&rest)
    }
}

/// The house on a socket.
async fn open(t: &TestHouse) -> (House, SocketAddr, Stop) {
    let house = server::serve::house(t.platform.clone());
    let stop = house.stop.clone();
    let address = listen_until(server::routes::router(house.clone()), stop.clone()).await;
    (house, address, stop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_happens_on_any_server_is_heard_within_a_second_or_so_and_only_what_fits() {
    let t = TestHouse::new().await;
    let olga = auditor(&t).await;
    let second = t.second_node().await;
    let (_, address, stop) = open(&t).await;
    let mut ear = Ear::open(address, &olga, TAIL).await;
    assert!(
        ear.heard.contains("content-type: text/event-stream"),
        "{}",
        ear.heard
    );
    let mut picky = Ear::open(address, &olga, "/admin/audit/tail?what=user.locked").await;
    happen(&t, Event::Unlocked, (PERSON, PERSON), ("192.0.2.1", "")).await;
    happen(&second, Event::Locked, (PERSON, PERSON), ("192.0.2.2", "")).await;
    let took = ear.hear("Locked the account").await;
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert!(ear.heard.contains("Unlocked the account") && ear.heard.contains("\"from\":\"192.0.2.2\""));
    picky.hear("Locked the account").await;
    assert!(!picky.heard.contains("Unlocked"), "{}", picky.heard);

    // Whoever was away for a moment goes on where they were.
    let place = ear
        .heard
        .split("\nid: ")
        .nth(1)
        .and_then(|rest| rest.split('\n').next())
        .unwrap()
        .to_owned();
    let mut again = Ear::open(address, &olga, &format!("{TAIL}?after={place}")).await;
    again.hear("\"from\":\"192.0.2.2\"").await;
    assert!(!again.heard.contains("192.0.2.1"));
    stop.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_ends_when_the_right_is_taken_away_when_the_session_ends_and_when_the_server_leaves() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let (house, address, stop) = open(&t).await;
    let all = house.listeners.available_permits();

    let ear = Ear::open(address, &olga, TAIL).await;
    tamper!(t, "delete from user_roles");
    let heard = ear.hear_all().await;
    assert!(
        heard.contains("event: over") && heard.ends_with("0\r\n\r\n"),
        "{heard}"
    );
    assert_eq!(t.audited("access.denied").await, 1);
    appoint(&t, super::AUDITOR, "auditor").await;

    let ear = Ear::open(address, &olga, TAIL).await;
    let copy = olga.clone();
    olga.sign_out().await;
    assert!(ear.hear_all().await.contains("event: over"));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(request(&copy, TAIL, EVENTS).as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    within(Duration::from_secs(5), || {
        house.listeners.available_permits() == all
    })
    .await;

    let nora = staff(&t, "Nora Auditor", "nora@example.com", "auditor").await;
    let ear = Ear::open(address, &nora, TAIL).await;
    stop.leave();
    let heard = ear.hear_all().await;
    assert!(
        !heard.contains("event: over"),
        "the browser asks another server: {heard}"
    );
    stop.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn there_are_so_many_places_and_a_client_that_hangs_up_gives_its_own_back() {
    let t = TestHouse::new().await;
    let olga = auditor(&t).await;
    let (house, address, stop) = open(&t).await;
    let free = || house.listeners.available_permits();
    let mut ears = Vec::new();
    for _ in 0..server::audit::LISTENERS {
        ears.push(Ear::open(address, &olga, TAIL).await);
    }
    assert_eq!(free(), 0);
    let full = Ear::open(address, &olga, TAIL).await;
    assert!(full.heard.starts_with("HTTP/1.1 503"), "{}", full.heard);
    drop(ears);
    within(Duration::from_secs(10), || free() == server::audit::LISTENERS).await;
    assert!(
        Ear::open(address, &olga, TAIL)
            .await
            .heard
            .starts_with("HTTP/1.1 200")
    );
    // Whoever asks for a page would wait for ever.
    assert_eq!(olga.clone().get(TAIL).await.status, 406);
    stop.close();
}
