//! Every line that the real binary logs in a run (ASVS 16.2.1, 16.2.2, 16.2.4, 16.2.5, 16.4.1): its log goes to a file, as a platform would
//! take it, while people and others speak to it.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::house::{PASSWORD, TestHouse};

/// What would begin a line, end an object, or colour what follows; in a header, without the bytes that HTTP itself refuses.
const FORGED: &str = "Quist\",\"level\":\"ERROR\",\"message\":\"forged\u{9b}31m\\n{}";

/// Sends one request as it is, and reads the answer to its end.
async fn send(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(10), read)
        .await
        .expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request for a path, or one that posts a form.
fn request(address: SocketAddr, path: &str, form: Option<&str>) -> String {
    let host = format!("localhost:{}", address.port());
    let method = if form.is_some() { "POST" } else { "GET" };
    let body = form.unwrap_or_default();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nsec-fetch-site: same-origin\r\nuser-agent: {FORGED}\r\n\
         accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         cookie: latchstring=AAAAAAAAAAAAAAAAAAAAAA\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asvs_16_2_every_line_of_a_run_is_sound_and_holds_no_secret() {
    let t = TestHouse::new().await;
    t.member("Ada", "ada@example.com").await;
    let served = t.serve(&[("LOG_FORMAT", "json"), ("LOG_FILTER", "info")]).await;
    let address = served.address;
    let token = "Zm9yZ2VkLXRva2VuLW9mLXRoaXJ0eS10d28tYnl0ZXM";
    let password = PASSWORD.replace(' ', "+");
    let requests = [
        request(address, "/sign-in", None),
        request(address, "/account", None),
        request(address, &format!("/reset-password?token={token}"), None),
        request(address, "/no/such%0d%0apage?name=%0aERROR", None),
        request(
            address,
            "/api/sign-in",
            Some(&format!("email=ada%40example.com&password={password}")),
        ),
        request(
            address,
            "/api/sign-in",
            Some("email=ada%40example.com%0aERROR&password=wrong+horse+battery+staple"),
        ),
        request(
            address,
            "/api/sign-up",
            Some(&format!(
                "name=Eve%0aERROR&email=eve%40example.com&password={password}"
            )),
        ),
        request(
            address,
            "/api/sign-up-verify",
            Some(&format!("token={token}&code=123456")),
        ),
        request(address, "/api/admin-save-role", Some("name=%1b%5b31m")),
        // From another site, which is a warning.
        request(address, "/api/sign-in", Some("email=a"))
            .replace("origin: http://localhost", "origin: http://evil.example"),
        // No HTTP at all.
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\u{1b}[31m\r\n\r\n".to_owned(),
    ];
    for request in &requests {
        send(address, request).await;
    }
    let log = t.folder().join(format!("serve-{}.log", address.port()));
    served.stop().await;
    let log = std::fs::read_to_string(log).expect("the log is UTF-8");

    let lines: Vec<&str> = log.lines().collect();
    assert!(log.ends_with('\n') && lines.len() > 12, "{log}");
    let mut answered = 0;
    for line in lines {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let time = event["timestamp"].as_str().expect("a time");
        let time: DateTime<FixedOffset> = time.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            time.offset().local_minus_utc() == 0 && line.contains("Z\""),
            "{line}"
        );
        let level = event["level"].as_str().unwrap_or_default();
        assert!(["ERROR", "WARN", "INFO"].contains(&level), "{line}");
        assert!(
            event["target"].as_str().is_some_and(|target| !target.is_empty()),
            "{line}"
        );
        assert!(
            event["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty()),
            "{line}"
        );
        // What somebody else brought would be a field of the object, or a line.
        assert!(event["message"] != "forged" && !line.contains('\u{1b}'), "{line}");
        if event["message"] == "answered" {
            answered += 1;
            let span = &event["span"];
            for part in ["request_id", "method", "route", "address"] {
                assert!(
                    span[part].is_string() || event[part].is_string(),
                    "{part}: {line}"
                );
            }
            assert!(
                event["status"].is_number() || span["status"].is_number(),
                "{line}"
            );
        }
    }
    assert!(answered >= 10, "{answered} of the requests: {log}");
    for secret in [
        PASSWORD,
        password.as_str(),
        "wrong horse",
        token,
        "123456",
        "AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert!(!log.contains(secret), "{secret}");
    }
    t.ignore_jobs();
}
