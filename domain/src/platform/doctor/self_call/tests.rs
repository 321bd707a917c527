//! A server that calls itself through proxies that do it right, and wrong.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::*;
use crate::platform::clock::Clock;
use crate::platform::doctor::tests::{said, settings};

const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 1, 1));

/// What stands at the public address.
type Front = fn(&Platform, Arrived, &str) -> String;

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Passes the request on as it should, but for what `change` does to it.
fn pass(platform: &Platform, mut arrived: Arrived, question: &str, change: impl Fn(&mut Arrived)) -> String {
    arrived.peer = PROXY;
    arrived.trusted = true;
    arrived.proto = Some("https".to_owned());
    arrived.forwarded_for = Some("198.51.100.7".to_owned());
    change(&mut arrived);
    ok(&answer(platform, question, arrived).expect("a question of ours"))
}

struct Street {
    platform: Platform,
    trust: ClientConfig,
    _folder: tempfile::TempDir,
}

impl Street {
    /// A server whose public address is `scheme://localhost:port`, and `front` behind it.
    async fn build(scheme: &str, front: Front) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("{scheme}://localhost:{port}");
        let config = settings(folder.path(), &[("PUBLIC_URL", &url)]);
        let platform = Platform::open(config, Clock::system(), Entropy::system())
            .await
            .expect("a platform");
        let (acceptor, trust) = certificate();
        let acceptor = (scheme == "https").then_some(acceptor);
        let behind = platform.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let platform = behind.clone();
                match &acceptor {
                    Some(acceptor) => {
                        if let Ok(mut stream) = acceptor.accept(stream).await {
                            serve(&platform, &mut stream, front).await;
                        }
                    }
                    None => serve(&platform, &mut stream, front).await,
                }
            }
        });
        Self {
            platform,
            trust,
            _folder: folder,
        }
    }

    async fn call(&self) -> (Status, &'static str, String) {
        let verdict = call_trusting(
            &self.platform.config,
            &self.platform.keys,
            &self.platform.entropy,
            self.trust.clone(),
        )
        .await;
        let (status, id) = (verdict.status, verdict.id);
        let text = said(&Finding::new("self-call", Duration::ZERO, verdict));
        (status, id, text)
    }
}

/// A certificate for `localhost`, and a client that trusts it.
fn certificate() -> (TlsAcceptor, ClientConfig) {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .and_then(|params| params.self_signed(&key))
        .expect("a certificate");
    let der: CertificateDer<'static> = certificate.der().clone();
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![der.clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .expect("a server");
    let mut roots = RootCertStore::empty();
    roots.add(der).expect("a root");
    (TlsAcceptor::from(Arc::new(server)), fetch::trust(roots))
}

async fn serve(
    platform: &Platform,
    stream: &mut (impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin),
    front: Front,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).await.is_ok() {
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let header = |wanted: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.to_owned())
    };
    let question = head
        .split_once("?ask=")
        .and_then(|(_, rest)| rest.split(' ').next())
        .unwrap_or_default();
    let arrived = Arrived {
        host: header("host").unwrap_or_default(),
        proto: None,
        forwarded_for: header("x-forwarded-for"),
        peer: IpAddr::from([127, 0, 0, 1]),
        trusted: false,
    };
    let reply = front(platform, arrived, question);
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn a_server_without_a_proxy_reaches_itself() {
    let front: Front =
        |platform, arrived, question| ok(&answer(platform, question, arrived).expect("an answer"));
    let street = Street::build("http", front).await;
    assert_eq!(street.call().await.1, "check-self-call-ok");
}

#[tokio::test]
async fn each_fault_of_a_proxy_is_named_with_its_remedy() {
    let fronts: &[(Front, Status, &str, &str)] = &[
        (
            |p, a, q| pass(p, a, q, |_| {}),
            Status::Ok,
            "check-self-call-ok",
            "https://localhost",
        ),
        // The doctor beside nginx: both are this machine, and it is trusted.
        (
            |p, a, q| pass(p, a, q, |a| a.forwarded_for = Some(a.peer.to_string())),
            Status::Ok,
            "check-self-call-ok",
            "",
        ),
        (
            |p, a, q| {
                pass(p, a, q, |a| {
                    a.forwarded_for = Some(format!("{POSER}, 198.51.100.7"));
                })
            },
            Status::Ok,
            "check-self-call-ok",
            "",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.host = "127.0.0.1:3000".to_owned()),
            Status::Fail,
            "check-self-call-host",
            "proxy_set_header Host",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.host = "\u{202e}\r\n".to_owned()),
            Status::Fail,
            "check-self-call-host",
            "",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.forwarded_for = None),
            Status::Warn,
            "check-self-call-for",
            "10.1.1.1",
        ),
        (
            |p, a, q| {
                pass(p, a, q, |a| {
                    a.forwarded_for = Some("198.51.100.7:4711".to_owned());
                })
            },
            Status::Warn,
            "check-self-call-for-broken",
            "198.51.100.7:4711",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.trusted = false),
            Status::Warn,
            "check-self-call-untrusted",
            "LATCHSTRING_TRUSTED_PROXIES",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.forwarded_for = Some(POSER.to_owned())),
            Status::Fail,
            "check-self-call-poser",
            "pose as anybody",
        ),
        (
            |p, a, q| pass(p, a, q, |a| a.proto = Some("http".to_owned())),
            Status::Warn,
            "check-self-call-proto",
            "X-Forwarded-Proto",
        ),
    ];
    for (front, status, id, named) in fronts {
        let found = Street::build("https", *front).await.call().await;
        assert_eq!((found.0, found.1), (*status, *id), "{found:?}");
        assert!(found.2.contains(named), "{found:?}");
        assert!(!found.2.contains(['\r', '\n', '\u{202e}']), "{found:?}");
    }
}

#[tokio::test]
async fn whoever_answers_in_our_place_is_found_out() {
    let fronts: &[(Front, &str, &str)] = &[
        (
            |_, _, _| "HTTP/1.1 404 Not Found\r\nServer: nginx\r\n\r\n".to_owned(),
            "check-self-call-other",
            "master key",
        ),
        (|_, _, _| ok("alive\n"), "check-self-call-other", ""),
        // It repeats the question, which we could read.
        (|_, _, question| ok(question), "check-self-call-other", ""),
        // A true answer to another question.
        (
            |platform, arrived, _| {
                let other = platform
                    .keys
                    .seal(QUESTION, &[7; 16], &platform.entropy)
                    .expect("sealed");
                ok(&answer(platform, &URL_SAFE_NO_PAD.encode(other), arrived).expect("an answer"))
            },
            "check-self-call-other",
            "",
        ),
        (
            |_, _, _| "220 a mail server\r\n".to_owned(),
            "check-self-call-other",
            "",
        ),
        (
            |_, _, _| "HTTP/1.1 502 Bad Gateway\r\n\r\n".to_owned(),
            "check-self-call-gateway",
            "127.0.0.1:3000",
        ),
        (
            |_, _, _| "HTTP/1.1 301 Moved\r\nLocation: https://www.example.com/\r\n\r\n".to_owned(),
            "check-self-call-redirect",
            "https://www.example.com/",
        ),
        (|_, _, _| String::new(), "check-self-call-other", ""),
    ];
    for (front, id, named) in fronts {
        let found = Street::build("http", *front).await.call().await;
        assert_eq!((found.0, found.1), (Status::Fail, *id), "{found:?}");
        assert!(found.2.contains(named), "{found:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_browsers_refuse_is_named() {
    let mut street = Street::build("https", |p, a, q| pass(p, a, q, |_| {})).await;
    street.trust = fetch::public_trust();
    let (status, id, text) = street.call().await;
    assert_eq!((status, id), (Status::Fail, "check-self-call-tls"), "{text}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_worth_a_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let (entropy, (_, trust)) = (Entropy::seeded(3), certificate());
    let keys = Keys::parse(&Keys::generate(&entropy)).expect("keys");
    for (url, id) in [
        ("http://127.0.0.1:1", "check-self-call-away"),
        ("https://nowhere.invalid", "check-self-call-name"),
    ] {
        let config = settings(
            folder.path(),
            &[
                ("ENV", "development"),
                ("PUBLIC_URL", url),
                ("MAIL_FROM", "no-reply@example.com"),
            ],
        );
        let verdict = call_trusting(&config, &keys, &entropy, trust.clone()).await;
        assert_eq!((verdict.status, verdict.id), (Status::Warn, id));
    }
}

#[tokio::test]
async fn only_who_has_the_key_gets_an_answer_and_pages_ask_once_a_minute() {
    static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let front: Front = |platform, arrived, question| {
        CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        ok(&answer(platform, question, arrived).expect("an answer"))
    };
    let street = Street::build("http", front).await;
    let arrived = || Arrived {
        host: "localhost".to_owned(),
        proto: None,
        forwarded_for: None,
        peer: PROXY,
        trusted: false,
    };
    let stranger = Entropy::seeded(9);
    let keys = Keys::parse(&Keys::generate(&stranger)).expect("keys");
    let foreign = URL_SAFE_NO_PAD.encode(keys.seal(QUESTION, &[1; 16], &stranger).expect("sealed"));
    for question in ["", "?", "AAAA", &foreign] {
        assert!(
            answer(&street.platform, question, arrived()).is_none(),
            "{question}"
        );
    }
    assert!(peek(&street.platform).is_none(), "nobody has called yet");
    let together = tokio::join!(look(&street.platform), look(&street.platform));
    assert_eq!(
        (together.0.id, together.1.id),
        ("check-self-call-ok", "check-self-call-ok")
    );
    assert_eq!(
        peek(&street.platform).map(|last| last.id),
        Some("check-self-call-ok")
    );
    assert_eq!(CALLS.load(std::sync::atomic::Ordering::SeqCst), 1);
}
