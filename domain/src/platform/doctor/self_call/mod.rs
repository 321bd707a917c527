//! The server calls itself at its public address, as a browser would: through DNS, TLS and the proxy.
//!
//! It asks a question that only a server with the same master key can read, and gets an answer that only that server
//! can have written, about this very question: so it knows that it reached itself (or a sibling on the same keys) and
//! nothing that somebody put in its place. In the answer stands what arrived, which tells what the proxy did to it.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_rustls::rustls::ClientConfig;

use super::finding::{Finding, Status, Verdict};
use crate::notification::message::single_line;
use crate::platform::Platform;
use crate::platform::config::Config;
use crate::platform::entropy::Entropy;
use crate::platform::fetch::{self, Ask, Reply, Unreached};
use crate::platform::keys::Keys;
use crate::words::Words;

/// Where the question is asked: `GET /health/self?ask=…`.
pub const PATH: &str = "/health/self";

const QUESTION: &str = "self-call question";
const ANSWER: &str = "self-call answer";
/// An address for documentation (RFC 5737), which nobody has: it goes out as `X-Forwarded-For`, and a proxy that passes
/// it on lets every client claim to be anybody.
const POSER: &str = "203.0.113.99";
/// How long one address of the host is tried before the next.
const CONNECT: Duration = Duration::from_secs(1);
/// How long one call is good for a page that wants to know, and how long for a probe.
const FRESH: (Duration, Duration) = (Duration::from_mins(1), Duration::from_mins(10));

/// What arrived at the server of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrived {
    /// The `Host` header.
    pub host: String,
    /// `X-Forwarded-Proto`.
    pub proto: Option<String>,
    /// `X-Forwarded-For`, several joined by commas.
    pub forwarded_for: Option<String>,
    /// The other end of the connection.
    pub peer: IpAddr,
    /// Whether that is one of the trusted proxies.
    pub trusted: bool,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    nonce: [u8; 16],
    arrived: Arrived,
}

/// Answers a question, if it is one of ours: what is sealed is of no use to anybody else.
pub fn answer(platform: &Platform, question: &str, arrived: Arrived) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(question).ok()?;
    let nonce = platform.keys.open(QUESTION, &sealed).ok()?.try_into().ok()?;
    let plain = serde_json::to_vec(&Answer { nonce, arrived }).ok()?;
    let sealed = platform.keys.seal(ANSWER, &plain, &platform.entropy).ok()?;
    Some(URL_SAFE_NO_PAD.encode(sealed))
}

/// The last call. While one is under way, whoever else wants to know waits for it.
#[derive(Debug, Default)]
pub struct LastCall(Mutex<Option<(Instant, Verdict)>>);

/// Calls, unless somebody did in the last minute.
pub(super) async fn look(platform: &Platform) -> Verdict {
    let mut last = platform.self_call.0.lock().await;
    match &*last {
        Some((at, verdict)) if at.elapsed() < FRESH.0 => verdict.clone(),
        _ => {
            let verdict = call(&platform.config, &platform.keys, &platform.entropy).await;
            *last = Some((Instant::now(), verdict.clone()));
            verdict
        }
    }
}

/// Calls, and writes into the log what an operator should mend. For the start of a server.
pub async fn note(platform: Platform) {
    let verdict = look(&platform).await;
    if verdict.status > Status::Ok {
        let finding = Finding::new("self-call", Duration::ZERO, verdict);
        tracing::warn!(
            detail = finding.detail,
            "{}",
            finding.text(Words::for_language("en"))
        );
    }
}

/// What the last call found, if there was one in the last ten minutes. Never calls and never waits, so a probe may ask.
pub(super) fn peek(platform: &Platform) -> Option<Verdict> {
    let last = platform.self_call.0.try_lock().ok()?;
    let (_, verdict) = last.as_ref().filter(|(at, _)| at.elapsed() < FRESH.1)?;
    Some(verdict.clone())
}

async fn call(config: &Config, keys: &Keys, entropy: &Entropy) -> Verdict {
    // Reading the machine's certificates takes a moment.
    match tokio::task::spawn_blocking(fetch::public_trust).await {
        Ok(trust) => call_trusting(config, keys, entropy, trust).await,
        Err(error) => Verdict::warn("check-self-call-away").because(error),
    }
}

async fn call_trusting(config: &Config, keys: &Keys, entropy: &Entropy, trust: ClientConfig) -> Verdict {
    let url = config.public_origin();
    let nonce: [u8; 16] = entropy.bytes();
    let Ok(question) = keys.seal(QUESTION, &nonce, entropy) else {
        return Verdict::warn("check-self-call-away").with("url", url);
    };
    let target = format!("{PATH}?ask={}", URL_SAFE_NO_PAD.encode(question));
    // Without TLS there need be no proxy that could mend it, and a trusted peer may say what it likes.
    let headers = [("accept", "text/plain"), ("x-forwarded-for", POSER)];
    let ask = Ask {
        method: "GET",
        target: &target,
        headers: if config.secure_cookies() {
            &headers
        } else {
            &headers[..1]
        },
        body: "",
        connect: CONNECT,
    };
    let verdict = match fetch::ask(&config.public_url, ask, trust).await {
        Ok(reply) => match read_answer(keys, nonce, &reply) {
            Some(arrived) => judge(config, &arrived),
            None => stranger(&reply),
        },
        Err(Unreached::Name(said)) => Verdict::warn("check-self-call-name").because(said),
        Err(Unreached::Connection(said) | Unreached::Cut(said)) => {
            Verdict::warn("check-self-call-away").because(said)
        }
        Err(Unreached::Tls(said)) => Verdict::fail("check-self-call-tls").because(single_line(&said)),
        Err(Unreached::NoHttp) => Verdict::fail("check-self-call-other").because("it doesn't speak HTTP/1"),
    };
    verdict.with("url", url).with("listen", config.listen)
}

fn read_answer(keys: &Keys, nonce: [u8; 16], reply: &Reply) -> Option<Arrived> {
    let sealed = URL_SAFE_NO_PAD.decode(reply.body.trim_ascii()).ok()?;
    let plain = keys.open(ANSWER, &sealed).ok()?;
    let answer: Answer = serde_json::from_slice(&plain).ok()?;
    (reply.status == 200 && answer.nonce == nonce).then_some(answer.arrived)
}

/// Who answered, when it wasn't us.
fn stranger(reply: &Reply) -> Verdict {
    let shown = |name| {
        let value = single_line(reply.header(name).unwrap_or_default());
        value.chars().take(200).collect::<String>()
    };
    let (server, location) = (shown("server"), shown("location"));
    let mut said = format!("it answered {}", reply.status);
    if !server.is_empty() {
        let _ = write!(said, ", and calls itself {server}");
    }
    match reply.status {
        300..=399 if !location.is_empty() => Verdict::fail("check-self-call-redirect").with("to", location),
        502..=504 => Verdict::fail("check-self-call-gateway").because(said),
        _ => Verdict::fail("check-self-call-other").because(said),
    }
}

/// What the proxy did to the request. One thing at a time, the gravest first.
fn judge(config: &Config, arrived: &Arrived) -> Verdict {
    if !arrived.host.eq_ignore_ascii_case(&config.public_authority()) {
        let seen: String = single_line(&arrived.host).chars().take(200).collect();
        return Verdict::fail("check-self-call-host")
            .with("host", config.public_authority())
            .with(
                "seen",
                if seen.is_empty() {
                    "nothing".to_owned()
                } else {
                    seen
                },
            );
    }
    // The server speaks no TLS itself, so whoever reaches it by https came through a proxy.
    let is_proxied = config.secure_cookies();
    let passed = arrived.forwarded_for.as_deref().unwrap_or_default().trim();
    let nearest = passed.rsplit(',').next().unwrap_or_default().trim();
    let verdict = match (arrived.trusted, passed) {
        (_, "") if !is_proxied => Verdict::ok("check-self-call-ok"),
        (_, "") => Verdict::warn("check-self-call-for"),
        (_, POSER) if is_proxied => Verdict::fail("check-self-call-poser"),
        (false, _) => Verdict::warn("check-self-call-untrusted"),
        (true, _) if nearest.parse::<IpAddr>().is_err() => {
            let seen: String = single_line(passed).chars().take(200).collect();
            Verdict::warn("check-self-call-for-broken").with("seen", seen)
        }
        (true, _) if is_proxied && arrived.proto.as_deref() != Some("https") => {
            Verdict::warn("check-self-call-proto")
        }
        (true, _) => Verdict::ok("check-self-call-ok"),
    };
    verdict.with("peer", arrived.peer)
}
