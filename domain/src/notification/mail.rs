//! How mail leaves the house: over SMTP, or into the dev inbox.
//!
//! - TLS is not negotiable: a server that doesn't offer STARTTLS where it must gets no mail and no password, so taking
//!   the offer out of its greeting gains nothing (ASVS 12.3.1). Certificates are always checked (12.3.2).
//! - A message keeps its `Message-ID` over all attempts, so that a mailbox can tell a second copy from a second mail.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::{self, AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use url::Url;
use uuid::Uuid;

use crate::notification::dev_inbox::CaughtMessage;
use crate::notification::message::{Rendered, greetable, single_line};
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::users::email::Email;
use crate::{Error, Result};

/// How long the server has for the connection, and for all of [`Mailer::handshake`].
const CONNECT: Duration = Duration::from_secs(10);
/// How long it has for a whole message: as long as a job's lease, so that a stuck server holds no worker for long.
const DELIVER: Duration = Duration::from_secs(30);
/// Connections that are kept for the next message, and for how long.
const KEPT: u32 = 4;
const KEPT_FOR: Duration = Duration::from_secs(30);

/// How mail leaves the house.
#[derive(Debug)]
pub enum Mailer {
    /// To an SMTP server.
    Smtp(Smtp),
    /// Nowhere: it is caught in the database for `/dev/inbox`. Development only; the configuration sees to that.
    Caught,
}

/// One mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// One plain address.
    pub to: String,
    /// The person's name, if it is known.
    pub name: Option<String>,
    /// The subject.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The code in the message, if it has one: the dev inbox shows it on its own.
    pub code: Option<String>,
    /// The job's id: the same for every attempt.
    pub message_id: Uuid,
    /// When the mail was written.
    pub date: DateTime<Utc>,
}

/// Why a mail was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct MailFault {
    /// True when trying again cannot help: the server refused this very mail for good.
    pub permanent: bool,
    /// What an operator should read: one line, without secrets and without anything from the mail.
    pub said: String,
}

impl OutgoingMail {
    /// A rendered message on its way to somebody.
    pub fn new(to: &str, name: Option<&str>, message: Rendered, id: Uuid, date: DateTime<Utc>) -> Self {
        Self {
            to: to.to_owned(),
            name: name.map(str::to_owned),
            subject: message.subject,
            text: message.text,
            html: message.html,
            code: message.code,
            message_id: id,
            date,
        }
    }
}

impl fmt::Debug for OutgoingMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingMail")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

impl MailFault {
    fn temporary(said: impl Into<String>) -> Self {
        Self {
            permanent: false,
            said: said.into(),
        }
    }

    fn permanent(said: impl Into<String>) -> Self {
        Self {
            permanent: true,
            said: said.into(),
        }
    }
}

impl Mailer {
    /// The mailer that the settings ask for. Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Configuration`] for an SMTP URL that can't be used.
    pub fn from_config(config: &Config) -> Result<Self> {
        match &config.smtp_url {
            Some(url) => Ok(Self::Smtp(Smtp::new(url.expose(), config.mail_from.clone())?)),
            None => Ok(Self::Caught),
        }
    }

    /// Hands a mail over, or catches it. `Ok` means that the server took responsibility for it.
    ///
    /// # Errors
    /// [`MailFault`]: permanent for a 5xx answer that is about this mail, temporary for everything that waiting or an
    /// operator can mend (4xx, a refused password, TLS, a connection that ends, no answer within 30 s).
    pub async fn send(&self, db: &Db, mail: &OutgoingMail) -> Result<(), MailFault> {
        match self {
            Self::Smtp(smtp) => smtp.send(mail).await,
            Self::Caught => {
                let message = CaughtMessage::from_mail(mail);
                db.write(async |tx| message.catch(tx).await)
                    .await
                    .map_err(|error| MailFault::temporary(format!("the dev inbox: {error}")))
            }
        }
    }

    /// Asks the server for a sign of life on a connection of its own: greeting, TLS, password, NOOP. For `doctor` and
    /// the health checks. Always well where mail is caught.
    ///
    /// # Errors
    /// [`MailFault`], within 10 s.
    pub async fn handshake(&self) -> Result<(), MailFault> {
        match self {
            Self::Smtp(smtp) => smtp.handshake().await,
            Self::Caught => Ok(()),
        }
    }

    /// True where mail goes nowhere but the dev inbox.
    pub fn is_caught(&self) -> bool {
        matches!(self, Self::Caught)
    }
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// An SMTP server, and the connections to it that are kept.
pub struct Smtp {
    from: Mailbox,
    builder: AsyncSmtpTransportBuilder,
    /// How long a mail may take: [`DELIVER`], and less in tests.
    patience: Duration,
    /// Built with the first mail, since that needs a runtime; thrown away by [`Unfinished`].
    transport: Mutex<Option<Transport>>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("from", &self.from.to_string())
            .finish_non_exhaustive()
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// From the first byte (`smtps://`).
    Immediate,
    /// By STARTTLS, or no mail.
    Required,
    /// By STARTTLS if the server offers it. Only where the operator wrote `?tls=opportunistic`, and never with a password.
    Opportunistic,
    /// Not at all: the server is this machine.
    Loopback,
}

impl Tls {
    fn of(url: &Url) -> Result<Self> {
        let asked = url
            .query_pairs()
            .find(|(name, _)| name == "tls")
            .map(|(_, value)| value.into_owned());
        match (url.scheme(), asked.as_deref()) {
            ("smtps", None | Some("required")) => Ok(Self::Immediate),
            ("smtp", Some("opportunistic")) if url.password().is_none() => Ok(Self::Opportunistic),
            ("smtp", Some("required" | "opportunistic")) => Ok(Self::Required),
            ("smtp", None) if is_loopback(url) => Ok(Self::Loopback),
            ("smtp", None) => Ok(Self::Required),
            _ => Err(Error::Configuration(
                "smtp_url should read smtps://name:password@mail.example.com, or smtp://… with ?tls=required"
                    .into(),
            )),
        }
    }

    /// The word that lettre reads in the URL; the port follows from it: 465, 587, or 25 on this machine.
    fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Immediate | Self::Loopback => None,
            Self::Required => Some("required"),
            Self::Opportunistic => Some("opportunistic"),
        }
    }
}

/// Whether the host is this machine. A name is believed only if it is `localhost`.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Smtp {
    /// `url` is `smtps://…` or `smtp://…`, with name and password if the server wants them (percent-encoded); a path is
    /// the name that the server greets with.
    ///
    /// # Errors
    /// [`Error::Configuration`], without the URL, which holds a password.
    pub fn new(url: &str, from: Mailbox) -> Result<Self> {
        let mut url = Url::parse(url)
            .map_err(|error| Error::Configuration(format!("smtp_url can't be read: {error}")))?;
        let tls = Tls::of(&url)?;
        if tls == Tls::Opportunistic {
            tracing::warn!("mail may cross the network in clear: smtp_url says tls=opportunistic");
        }
        url.set_query(tls.parameter().map(|word| format!("tls={word}")).as_deref());
        let builder = Transport::from_url(url.as_str())
            .map_err(|error| Error::Configuration(format!("smtp_url can't be used: {error}")))?
            .timeout(Some(CONNECT))
            .pool_config(PoolConfig::new().max_size(KEPT).idle_timeout(KEPT_FOR));
        Ok(Self {
            from,
            builder,
            patience: DELIVER,
            transport: Mutex::new(None),
        })
    }

    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        let message = self.compose(mail)?;
        let transport = self.transport();
        let unfinished = Unfinished { smtp: self };
        match tokio::time::timeout(self.patience, transport.send(message)).await {
            Ok(sent) => {
                std::mem::forget(unfinished);
                sent.map(drop).map_err(|error| fault(&error))
            }
            Err(_) => Err(MailFault::temporary(format!(
                "no answer within {} s",
                self.patience.as_secs()
            ))),
        }
    }

    async fn handshake(&self) -> Result<(), MailFault> {
        let transport: Transport = self
            .builder
            .clone()
            .pool_config(PoolConfig::new().max_size(0))
            .build();
        match tokio::time::timeout(CONNECT, transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(MailFault::temporary("the mail server ended the connection")),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(MailFault::temporary(format!(
                "no answer within {} s",
                CONNECT.as_secs()
            ))),
        }
    }

    fn transport(&self) -> Transport {
        let mut kept = self.transport.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert_with(|| self.builder.clone().build()).clone()
    }

    /// The mail as it goes over the wire. Nothing from a person reaches a header but one plain address and a name on
    /// one line, encoded by lettre.
    fn compose(&self, mail: &OutgoingMail) -> Result<lettre::Message, MailFault> {
        let address: Address = Email::parse(&mail.to)
            .ok()
            .and_then(|email| email.as_str().parse().ok())
            .ok_or_else(|| MailFault::permanent("the recipient is not one plain address"))?;
        let name = mail.name.as_deref().and_then(greetable);
        let id = mail.message_id;
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(single_line(&mail.subject))
            .date(SystemTime::from(mail.date))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .multipart(
                MultiPart::alternative()
                    // A boundary from the id and not from chance: every attempt is the same to the byte.
                    .boundary(format!("part-{}", id.simple()))
                    .singlepart(
                        SinglePart::builder()
                            .header(ContentType::TEXT_PLAIN)
                            .body(mail.text.clone()),
                    )
                    .singlepart(
                        SinglePart::builder()
                            .header(ContentType::TEXT_HTML)
                            .body(mail.html.clone()),
                    ),
            )
            .map_err(|error| MailFault::permanent(format!("the mail can't be written: {error}")))
    }
}

/// While it lives, a mail is on its way. Dropped (the time was up, or whoever waited is gone), it throws the kept
/// connections away: lettre puts a connection back even if it was left in the middle of a mail, and the next mail would
/// be read as the rest of that one.
struct Unfinished<'a> {
    smtp: &'a Smtp,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        *self.smtp.transport.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5): out-of-office programs don't answer.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// What a failure means for the mail. A refused password (RFC 4954 §6) is permanent to SMTP and not to us: the operator
/// mends the setting, and the mail goes out.
fn fault(error: &smtp::Error) -> MailFault {
    const AUTHENTICATION: [&str; 4] = ["530", "534", "535", "538"];
    let status = error.status().map(|status| status.to_string());
    let permanent = error.is_permanent()
        && !status
            .as_deref()
            .is_some_and(|code| AUTHENTICATION.contains(&code));
    let mut why = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        why.push(cause.to_string());
        source = cause.source();
    }
    why.dedup();
    let why = if why.is_empty() {
        error.to_string()
    } else {
        why.join(": ")
    };
    let said = match status {
        Some(code) => format!("the mail server said {code}: {why}"),
        None if error.is_tls() => format!("no trusted TLS with the mail server: {why}"),
        None => format!("the mail server: {why}"),
    };
    MailFault {
        permanent,
        said: single_line(&said).chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::{TcpListener, TcpStream};

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

    /// An SMTP server in this process. It never offers STARTTLS.
    struct Stub {
        port: u16,
        heard: Arc<Mutex<Vec<String>>>,
    }

    impl Stub {
        async fn start(manner: Manner) -> Self {
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
                    tokio::spawn(serve(stream, manner, Arc::clone(&log)));
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

    async fn serve(stream: TcpStream, manner: Manner, log: Arc<Mutex<Vec<String>>>) {
        let mut stream = BufReader::new(stream);
        let mut in_data = false;
        let mut answer = Some("220 stub");
        loop {
            if let Some(line) = answer {
                if stream.write_all(format!("{line}\r\n").as_bytes()).await.is_err() {
                    return;
                }
            }
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end_matches(['\r', '\n']).to_owned();
            log.lock().expect("the log").push(line.clone());
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            answer = match (in_data, verb.as_str()) {
                (true, ".") => {
                    in_data = false;
                    Some("250 kept")
                }
                (true, _) => None,
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

    fn mail() -> OutgoingMail {
        OutgoingMail {
            to: "ada@example.org".into(),
            name: Some("Ada Lovelace".into()),
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
        assert!(!smtp.handshake().await.expect_err("away").permanent);
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
            }
            let heard = stub.heard();
            for verb in ["AUTH", "MAIL", "DATA"] {
                assert!(!heard.contains(verb), "{heard}");
            }
        }
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
        let smtp = Mailer::Smtp(Smtp::new("smtps://latchstring:open-sesame@host", from).expect("a mailer"));
        assert_eq!(
            format!("{smtp:?}"),
            "Smtp(Smtp { from: \"no-reply@example.org\", .. })"
        );
        assert!(!format!("{:?}", mail()).contains("012345"));
    }
}
