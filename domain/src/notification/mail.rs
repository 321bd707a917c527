//! How mail leaves the house: over SMTP, or into the dev inbox.
//!
//! - TLS is not negotiable: a server that doesn't offer STARTTLS where it must gets no mail and no password, so taking
//!   the offer out of its greeting gains nothing (ASVS 12.3.1). Certificates are always checked (12.3.2).
//! - A message keeps its `Message-ID` over all attempts, so that a mailbox can tell a second copy from a second mail.

use std::fmt;
use std::net::IpAddr;
use std::panic::Location;
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
use crate::platform::mishap;
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
    Smtp(Box<Smtp>),
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
    /// What the sender is called, where the operator did not choose it.
    pub sender: Option<String>,
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
    /// What kind of trouble it is, for `doctor`.
    pub trouble: Trouble,
    /// What an operator should read: one line, without secrets and without anything from the mail.
    pub said: String,
}

/// What went wrong between us and the mail server; each has a remedy of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answers, or not in time.
    Unreachable,
    /// It doesn't offer STARTTLS where it must, or its certificate isn't trusted.
    NoTls,
    /// It doesn't take our name and password.
    Login,
    /// It refuses, or something else.
    Refusal,
}

impl OutgoingMail {
    /// A rendered message on its way to somebody.
    pub fn new(to: &str, name: Option<&str>, message: Rendered, id: Uuid, date: DateTime<Utc>) -> Self {
        Self {
            to: to.to_owned(),
            name: name.map(str::to_owned),
            sender: None,
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
            trouble: Trouble::Refusal,
            said: said.into(),
        }
    }

    fn permanent(said: impl Into<String>) -> Self {
        Self {
            permanent: true,
            trouble: Trouble::Refusal,
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
            Some(url) => Ok(Self::Smtp(Box::new(Smtp::new(
                url.expose(),
                config.mail_from.clone(),
            )?))),
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
            ("smtp", None) if is_loopback(url) => Ok(Self::Loopback),
            ("smtp", None | Some("required" | "opportunistic")) => Ok(Self::Required),
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
        let here = Location::caller();
        mishap::pass("before mail", here);
        let sent = tokio::time::timeout(self.patience, transport.send(message)).await;
        mishap::pass("after mail", here);
        match sent {
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
            Err(_) => Err(MailFault {
                trouble: Trouble::Unreachable,
                ..MailFault::temporary(format!("no answer within {} s", CONNECT.as_secs()))
            }),
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
        let sender = mail.sender.clone().or_else(|| self.from.name.clone());
        lettre::Message::builder()
            .from(Mailbox::new(sender, self.from.email.clone()))
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
    let is_login = status
        .as_deref()
        .is_some_and(|code| AUTHENTICATION.contains(&code));
    let permanent = error.is_permanent() && !is_login;
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
    let said = match &status {
        Some(code) => format!("the mail server said {code}: {why}"),
        None if error.is_tls() => format!("no trusted TLS with the mail server: {why}"),
        None => format!("the mail server: {why}"),
    };
    // lettre has no kind of its own for these.
    let trouble = match &status {
        _ if error.is_tls() || why.contains("STARTTLS") || why.contains("certificate") => Trouble::NoTls,
        _ if is_login || why.contains("authentication mechanism") => Trouble::Login,
        Some(_) => Trouble::Refusal,
        None if error.is_client() || error.is_response() => Trouble::Refusal,
        None => Trouble::Unreachable,
    };
    MailFault {
        permanent,
        trouble,
        said: single_line(&said).chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests;
