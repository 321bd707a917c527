//! Where a request ends (ASVS 4.2.1; RFC 9112 §6, §7.1, §11.2). A proxy in front and this server must agree on it: where they don't, one
//! person's request can carry another one inside. Every message here could be read in two ways, and none is.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hang_up::listen_until;
use crate::house::TestHouse;

/// What an attacker would hide behind the end of a request.
const HIDDEN: &str = "GET /robots.txt HTTP/1.1\r\nhost: localhost:3000\r\nconnection: close\r\n\r\n";

/// The rest of a head, which names the end in no way or in several.
const HEADS: [(&str, &str); 15] = [
    ("two lengths", "content-length: 0\r\ncontent-length: 5\r\n\r\n"),
    ("two lengths in one line", "content-length: 0, 5\r\n\r\n"),
    ("a length with a sign", "content-length: +0\r\n\r\n"),
    ("a negative length", "content-length: -1\r\n\r\n"),
    ("a length in hexadecimal", "content-length: 0x0\r\n\r\n"),
    (
        "a length that is too large to count",
        "content-length: 18446744073709551616\r\n\r\n",
    ),
    ("an empty length", "content-length: \r\n\r\n"),
    ("a blank before the colon", "content-length : 0\r\n\r\n"),
    (
        "a coding that is not there",
        "transfer-encoding: identity\r\n\r\n",
    ),
    (
        "a coding that hides another",
        "transfer-encoding: xchunked\r\n\r\n",
    ),
    (
        "chunked, and then something else",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ),
    ("a folded line", "transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    (
        "a blank before a name",
        " transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("a name with a null", "content-len\0gth: 0\r\n\r\n"),
    (
        "a value with a lone carriage return",
        "x-a: b\rcontent-length: 5\r\n\r\n",
    ),
];

/// The same where the head is plain and the chunks are not. A request that needs no body is answered without looking at it.
const CHUNKS: [(&str, &str); 3] = [
    (
        "a chunk whose size has a sign",
        "transfer-encoding: chunked\r\n\r\n+0\r\n\r\n",
    ),
    (
        "a chunk whose size is too large to count",
        "transfer-encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
    ),
    (
        "a chunk whose size ends without a line",
        "transfer-encoding: chunked\r\n\r\n0\r\r\n\r\n",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_could_end_in_two_places_is_refused_with_all_that_follows() {
    let (_t, address) = listen().await;
    for (name, rest) in HEADS {
        let answers = alone(address, name, rest).await;
        assert!(
            answers.starts_with("HTTP/1.1 4"),
            "{name}: it was taken:\n{answers}"
        );
    }
    for (name, rest) in CHUNKS {
        alone(address, name, rest).await;
    }
}

/// What comes back for a request, when it is the last that is answered.
async fn alone(address: SocketAddr, name: &str, rest: &str) -> String {
    let request = format!("GET /health/live HTTP/1.1\r\nhost: localhost:3000\r\n{rest}{HIDDEN}");
    let answers = answers(address, &request).await;
    assert!(
        !answers.contains("User-agent"),
        "{name}: the hidden request was answered:\n{answers}"
    );
    let count = answers.matches("HTTP/1.1 ").count();
    assert_eq!(count, 1, "{name}: {count} answers:\n{answers}");
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_length_and_chunks_together_are_the_last_of_a_connection() {
    let (_t, address) = listen().await;
    for lines in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    ] {
        let answers = answers(
            address,
            &format!("GET /health/live HTTP/1.1\r\nhost: localhost:3000\r\n{lines}{HIDDEN}"),
        )
        .await;
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
        assert!(!answers.contains("User-agent"), "{answers}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_request_ends_where_it_says() {
    let (_t, address) = listen().await;
    for lines in [
        "\r\n",
        "content-length: 0\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let answers = answers(
            address,
            &format!("GET /health/live HTTP/1.1\r\nhost: localhost:3000\r\n{lines}{HIDDEN}"),
        )
        .await;
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{lines:?}: {answers}");
    }
}

async fn listen() -> (TestHouse, SocketAddr) {
    let t = TestHouse::new().await;
    let house = server::serve::house(t.platform.clone());
    let stop = house.stop.clone();
    let address = listen_until(server::routes::router(house), stop).await;
    (t, address)
}

/// Sends it, and reads until the server ends the connection.
async fn answers(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .expect("the server ends the connection")
        .unwrap_or_default();
    String::from_utf8_lossy(&answer).into_owned()
}
