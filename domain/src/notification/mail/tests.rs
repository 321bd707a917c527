//! Mail against a small SMTP server in this process: what it hears, and what it must never hear.

use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, Tls as LettreTls, TlsParameters};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::*;

/// How the stub treats its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Accepts,
    /// Answers `RCPT TO` with this line.
    RefusesRecipient(&'static str),
    RefusesPassword,
    DropsAfterData,
    /// Says nothing more after the first `DATA`; later connections are served.
    StallsOnce,
}

/// An SMTP server in this process.
struct Stub {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// A server that doesn't offer STARTTLS.
    async fn start(manner: Manner) -> Self {
        Self::start_with(manner, None).await
    }

    async fn start_with(manner: Manner, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            let mut first = true;
            while let Ok((stream, _)) = listener.accept().await {
                let manner = if manner == Manner::StallsOnce && !first {
                    Manner::Accepts
                } else {
                    manner
                };
                first = false;
                tokio::spawn(serve(Box::new(stream), manner, tls.clone(), Arc::clone(&log)));
            }
        });
        Self { port, heard }
    }

    fn smtp(&self, query: &str) -> Smtp {
        self.smtp_as("", query)
    }

    fn smtp_as(&self, user: &str, query: &str) -> Smtp {
        let from = "Latchstring <no-reply@id.example.org>".parse().expect("a sender");
        Smtp::new(&format!("smtp://{user}127.0.0.1:{}{query}", self.port), from).expect("a mailer")
    }

    /// Everything that came in, line by line.
    fn heard(&self) -> String {
        self.heard.lock().expect("the log").join("\n")
    }

    fn times(&self, line: &str) -> usize {
        self.heard
            .lock()
            .expect("the log")
            .iter()
            .filter(|heard| *heard == line)
            .count()
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

async fn serve(
    stream: Box<dyn Wire>,
    manner: Manner,
    mut tls: Option<TlsAcceptor>,
    log: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let mut in_data = false;
    let mut answer = Some("220 stub");
    loop {
        if let Some(line) = answer
            && stream.write_all(format!("{line}\r\n").as_bytes()).await.is_err()
        {
            return;
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        log.lock().expect("the log").push(line.clone());
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        if verb == "STARTTLS"
            && let Some(acceptor) = tls.take()
        {
            if stream.write_all(b"220 go on\r\n").await.is_err() {
                return;
            }
            let Ok(encrypted) = acceptor.accept(stream.into_inner()).await else {
                return;
            };
            log.lock().expect("the log").push("(encrypted)".to_owned());
            stream = BufReader::new(Box::new(encrypted));
            answer = None;
            continue;
        }
        answer = match (in_data, verb.as_str()) {
            (true, ".") => {
                in_data = false;
                Some("250 kept")
            }
            (true, _) => None,
            (false, "EHLO") if tls.is_some() => Some("250-stub\r\n250 STARTTLS"),
            (false, "EHLO") => Some("250-stub\r\n250 AUTH PLAIN"),
            (false, "AUTH") if manner == Manner::RefusesPassword => Some("535 5.7.8 wrong password"),
            (false, "AUTH") => Some("235 welcome"),
            (false, "RCPT") => match manner {
                Manner::RefusesRecipient(line) => Some(line),
                _ => Some("250 fine"),
            },
            (false, "DATA") => match manner {
                Manner::DropsAfterData => return,
                Manner::StallsOnce => None,
                _ => {
                    in_data = true;
                    Some("354 go on")
                }
            },
            (false, "QUIT") => Some("221 bye"),
            (false, _) => Some("250 fine"),
        };
    }
}

/// A certificate that signs itself, for a host, until a year; in DER, and a server that shows it.
fn certificate(host: &str, until: i32) -> (Vec<u8>, TlsAcceptor) {
    let key = KeyPair::generate().expect("a key");
    let mut asked = CertificateParams::new(vec![host.to_owned()]).expect("a host");
    asked.not_before = rcgen::date_time_ymd(2020, 1, 1);
    asked.not_after = rcgen::date_time_ymd(until, 1, 1);
    let signed = asked.self_signed(&key).expect("a certificate");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS")
        .with_no_client_auth()
        .with_single_cert(
            vec![signed.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .expect("a server");
    (signed.der().to_vec(), TlsAcceptor::from(Arc::new(config)))
}

fn mail() -> OutgoingMail {
    OutgoingMail {
        to: "ada@example.org".into(),
        name: Some("Ada Lovelace".into()),
        sender: None,
        subject: "Confirm your address".into(),
        text: "Hello Ada.\n\nhttps://id.example.org/verify?token=abc".into(),
        html: "<p>Hello Ada.</p>".into(),
        code: Some("012345".into()),
        message_id: Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001),
        date: DateTime::from_timestamp(1_790_000_000, 0).expect("a time"),
    }
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let stub = Stub::start(Manner::Accepts).await;
    stub.smtp("").send(&mail()).await.expect("delivered");
    let heard = stub.heard();
    for line in [
        "MAIL FROM:<no-reply@id.example.org>",
        "RCPT TO:<ada@example.org>",
        "From: Latchstring <no-reply@id.example.org>",
        "To: \"Ada Lovelace\" <ada@example.org>",
        "Subject: Confirm your address",
        "Auto-Submitted: auto-generated",
        "Message-ID: <01920000-0000-7000-8000-000000000001@id.example.org>",
        "Date: Mon, 21 Sep 2026 14:13:20 +0000",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "Hello Ada.",
        "https://id.example.org/verify?token=abc",
        "<p>Hello Ada.</p>",
    ] {
        assert!(
            heard.lines().any(|heard| heard == line),
            "{line:?} is missing in:\n{heard}"
        );
    }
    assert!(heard.contains("multipart/alternative"));
}

#[tokio::test]
async fn a_second_attempt_is_the_same_mail_to_the_byte() {
    let stub = Stub::start(Manner::Accepts).await;
    let smtp = stub.smtp("");
    let first = smtp.compose(&mail()).expect("a mail").formatted();
    let second = smtp.compose(&mail()).expect("a mail").formatted();
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_connection_serves_several_mails() {
    let stub = Stub::start(Manner::Accepts).await;
    let smtp = stub.smtp("");
    for _ in 0..3 {
        smtp.send(&mail()).await.expect("delivered");
        // The connection comes back to its pool in a task of its own.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let heard = stub.heard();
    assert_eq!(heard.matches("EHLO").count(), 1, "{heard}");
    assert_eq!(stub.times("DATA"), 3);
}

#[tokio::test]
async fn a_refused_recipient_is_permanent() {
    let stub = Stub::start(Manner::RefusesRecipient("550 5.1.1 nobody here")).await;
    let fault = stub.smtp("").send(&mail()).await.expect_err("refused");
    assert_eq!(
        fault,
        MailFault::permanent("the mail server said 550: 5.1.1 nobody here")
    );
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_temporary() {
    let stub = Stub::start(Manner::RefusesRecipient("451 4.7.1 greylisted")).await;
    let fault = stub.smtp("").send(&mail()).await.expect_err("refused");
    assert_eq!(
        fault,
        MailFault::temporary("the mail server said 451: 4.7.1 greylisted")
    );
}

#[tokio::test]
async fn a_refused_password_is_mended_by_the_operator_and_not_the_end_of_the_mail() {
    let stub = Stub::start(Manner::RefusesPassword).await;
    let smtp = stub.smtp_as("latchstring:open%20sesame@", "");
    for fault in [smtp.send(&mail()).await, smtp.handshake().await] {
        let fault = fault.expect_err("refused");
        assert!(!fault.permanent && fault.said.contains("535"), "{fault:?}");
        assert_eq!(fault.trouble, Trouble::Login);
        assert!(!fault.said.contains("sesame"), "{fault:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_or_is_away_is_temporary() {
    let stub = Stub::start(Manner::DropsAfterData).await;
    assert!(!stub.smtp("").send(&mail()).await.expect_err("dropped").permanent);
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let away = Stub {
        port: nobody.local_addr().expect("an address").port(),
        heard: Arc::default(),
    };
    drop(nobody);
    let smtp = away.smtp("");
    assert!(!smtp.send(&mail()).await.expect_err("away").permanent);
    let fault = smtp.handshake().await.expect_err("away");
    assert!(
        !fault.permanent && fault.trouble == Trouble::Unreachable,
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_mail_that_was_given_up_spoils_no_other() {
    let stub = Stub::start(Manner::StallsOnce).await;
    let mut smtp = stub.smtp("");
    smtp.patience = Duration::from_millis(200);
    assert!(!smtp.send(&mail()).await.expect_err("stalled").permanent);
    tokio::time::sleep(Duration::from_millis(50)).await;
    smtp.send(&mail())
        .await
        .expect("delivered on a connection of its own");
    assert_eq!(stub.heard().matches("EHLO").count(), 2);
}

#[tokio::test]
async fn without_starttls_neither_mail_nor_password_crosses_the_network() {
    for query in ["?tls=required", "?tls=opportunistic"] {
        let stub = Stub::start(Manner::Accepts).await;
        let smtp = stub.smtp_as("latchstring:open-sesame@", query);
        for refused in [smtp.send(&mail()).await, smtp.handshake().await] {
            let fault = refused.expect_err("refused");
            assert!(!fault.permanent && fault.said.contains("STARTTLS"), "{fault:?}");
            assert_eq!(fault.trouble, Trouble::NoTls);
        }
        let heard = stub.heard();
        for verb in ["AUTH", "MAIL", "DATA"] {
            assert!(!heard.contains(verb), "{heard}");
        }
    }
}

#[tokio::test]
async fn with_starttls_everything_that_matters_is_encrypted() {
    let (der, acceptor) = certificate("127.0.0.1", 2100);
    let stub = Stub::start_with(Manner::Accepts, Some(acceptor)).await;
    let mut smtp = stub.smtp_as("latchstring:open-sesame@", "?tls=required");
    trust(&mut smtp, der);
    smtp.send(&mail()).await.expect("delivered");
    let heard = stub.heard();
    let (clear, encrypted) = heard.split_once("(encrypted)").expect("TLS");
    assert!(!clear.contains("AUTH") && !clear.contains("MAIL"), "{heard}");
    assert!(
        encrypted.contains("AUTH PLAIN") && encrypted.contains("Hello Ada."),
        "{heard}"
    );
}

#[tokio::test]
async fn a_certificate_from_nobody_for_another_host_or_of_the_past_is_refused() {
    for (what, host, until, trusted) in [
        ("from nobody", "127.0.0.1", 2100, false),
        ("for another host", "mail.example.net", 2100, true),
        ("of the past", "127.0.0.1", 2021, true),
    ] {
        let (der, acceptor) = certificate(host, until);
        let stub = Stub::start_with(Manner::Accepts, Some(acceptor)).await;
        let mut smtp = stub.smtp_as("latchstring:open-sesame@", "?tls=required");
        if trusted {
            trust(&mut smtp, der);
        }
        for refused in [smtp.send(&mail()).await, smtp.handshake().await] {
            let fault = refused.expect_err(what);
            assert!(
                !fault.permanent && fault.said.contains("certificate"),
                "{what}: {fault:?}"
            );
            assert_eq!(fault.trouble, Trouble::NoTls);
        }
        let heard = stub.heard();
        assert!(
            !heard.contains("AUTH") && !heard.contains("MAIL"),
            "{what}: {heard}"
        );
    }
}

/// Makes the stub's certificate one that the machine trusts.
fn trust(smtp: &mut Smtp, der: Vec<u8>) {
    let parameters = TlsParameters::builder("127.0.0.1".to_owned())
        .add_root_certificate(Certificate::from_der(der).expect("a certificate"))
        .build()
        .expect("TLS");
    smtp.builder = smtp.builder.clone().tls(LettreTls::Required(parameters));
}

#[test]
fn tls_is_required_wherever_the_server_is_not_this_machine() {
    let tls = |url: &str| Tls::of(&Url::parse(url).expect("a URL")).ok();
    for (url, expected) in [
        ("smtps://mail.example.com", Some(Tls::Immediate)),
        ("smtps://127.0.0.1", Some(Tls::Immediate)),
        ("smtp://mail.example.com", Some(Tls::Required)),
        ("smtp://localhost.example.com", Some(Tls::Required)),
        ("smtp://127.0.0.1.example.com", Some(Tls::Required)),
        ("smtp://10.0.0.1:25", Some(Tls::Required)),
        ("smtp://localhost?tls=required", Some(Tls::Required)),
        (
            "smtp://mail.example.com?tls=opportunistic",
            Some(Tls::Opportunistic),
        ),
        (
            "smtp://a:b@mail.example.com?tls=opportunistic",
            Some(Tls::Required),
        ),
        ("smtp://localhost", Some(Tls::Loopback)),
        ("smtp://127.0.0.1:1025", Some(Tls::Loopback)),
        ("smtp://[::1]:1025", Some(Tls::Loopback)),
        ("smtp://mail.example.com?tls=none", None),
        ("smtps://mail.example.com?tls=opportunistic", None),
        ("http://mail.example.com", None),
    ] {
        assert_eq!(tls(url), expected, "{url}");
    }
}

#[tokio::test]
async fn the_handshake_says_that_all_is_well() {
    let stub = Stub::start(Manner::Accepts).await;
    stub.smtp_as("latchstring:open-sesame@", "")
        .handshake()
        .await
        .expect("well");
    assert!(stub.heard().contains("NOOP") && stub.heard().contains("AUTH PLAIN"));
    assert!(Mailer::Caught.handshake().await.is_ok());
}

#[tokio::test]
async fn only_one_plain_address_is_a_recipient() {
    let stub = Stub::start(Manner::Accepts).await;
    let smtp = stub.smtp("");
    for to in [
        "",
        "ada",
        "ada@example.org\r\nBcc: eve@example.net",
        "ada@example.org, eve@example.net",
        "ada@example.org;eve@example.net",
        "\"e@attacker.example\"@victim.example",
        "Ada <ada@example.org>",
        "ada@example.org>\r\nDATA",
        "ada\u{ff20}example.org",
    ] {
        let fault = smtp
            .send(&OutgoingMail {
                to: to.into(),
                ..mail()
            })
            .await
            .expect_err(to);
        assert!(fault.permanent, "{to:?}");
        assert!(!fault.said.contains("eve"), "{fault:?}");
    }
    assert_eq!(stub.heard(), "");
}

#[tokio::test]
async fn a_line_break_in_a_name_or_subject_begins_no_header() {
    let stub = Stub::start(Manner::Accepts).await;
    let smtp = stub.smtp("");
    let breaks = [
        "\r\nBcc: eve@example.net",
        "\nX-Evil: 1",
        "\rX-Evil: 1",
        "\r\n\r\n<p>",
        "\u{2028}X",
        "\0X",
        "\r\n.",
    ];
    for hostile in breaks {
        let typed = format!("Ada{hostile}");
        let mail = OutgoingMail {
            name: Some(typed.clone()),
            subject: typed,
            ..mail()
        };
        smtp.send(&mail).await.expect("delivered");
        let raw = String::from_utf8(smtp.compose(&mail).expect("a mail").formatted()).expect("UTF-8");
        let (head, _) = raw.split_once("\r\n\r\n").expect("a head");
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| line.split_once(':').map(|(name, _)| name))
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected, "{head}");
    }
    let heard = stub.heard();
    for line in heard.lines() {
        assert!(
            !line.starts_with("Bcc:") && !line.starts_with("X-Evil") && !line.contains("RCPT TO:<eve"),
            "{heard}"
        );
    }
}

#[test]
fn no_error_and_no_debug_shows_the_password() {
    let from: Mailbox = "no-reply@example.org".parse().expect("a sender");
    for url in [
        "smtp://latchstring:open-sesame@",
        "smtp://latchstring:open-sesame@host:99999",
        "http://latchstring:open-sesame@host",
        "smtp://latchstring:open-sesame%ff@host",
    ] {
        let error = Smtp::new(url, from.clone()).expect_err(url).to_string();
        assert!(!error.contains("sesame"), "{error}");
    }
    let smtp = Mailer::Smtp(Box::new(
        Smtp::new("smtps://latchstring:open-sesame@host", from).expect("a mailer"),
    ));
    assert_eq!(
        format!("{smtp:?}"),
        "Smtp(Smtp { from: \"no-reply@example.org\", .. })"
    );
    assert!(!format!("{:?}", mail()).contains("012345"));
}
