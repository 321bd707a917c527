//! The dev inbox: where mail and text messages are caught in development instead of being sent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::notification::mail::OutgoingMail;
use crate::platform::db::Tx;
use crate::{Error, Result, sql};

/// How a message would have travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By mail.
    Email,
    /// As a text message to a telephone.
    Sms,
}

impl Channel {
    /// The name, as it stands in the table and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// A message that was caught, as `/dev/inbox.json` shows it. Other programs rely on these names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaughtMessage {
    /// The id of the message; the same when a job is tried again.
    pub id: Uuid,
    /// How it would have travelled.
    pub channel: Channel,
    /// The mail address or telephone number.
    pub to: String,
    /// The subject; empty for a text message.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML; empty for a text message.
    pub html: String,
    /// The links in the text, in order, each once.
    pub links: Vec<String>,
    /// The code in the message, if it has one.
    pub code: Option<String>,
    /// When it was caught.
    pub created_at: DateTime<Utc>,
}

impl CaughtMessage {
    /// What `mail` is when it is caught.
    pub fn from_mail(mail: &OutgoingMail) -> Self {
        Self {
            id: mail.message_id,
            channel: Channel::Email,
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            links: links_in(&mail.text),
            code: mail.code.clone(),
            created_at: mail.date,
        }
    }

    /// Keeps the message. A second time with the same id does nothing.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn catch(&self, tx: &mut Tx) -> Result<()> {
        let links = serde_json::to_string(&self.links).map_err(|e| Error::Internal(format!("links: {e}")))?;
        sql!(tx, execute
            "insert into caught_messages
                (id, channel, recipient, subject, body_text, body_html, links, code, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing",
            self.id, self.channel.as_str(), &self.to, &self.subject, &self.text, &self.html, &links,
            self.code.as_deref(), self.created_at)?;
        Ok(())
    }

    /// The caught messages, newest first: those to one address (upper and lower case alike) or all of them, and at
    /// most `limit` if one is given; a negative limit counts as 0.
    ///
    /// # Errors
    /// [`Error::Database`], or [`Error::Internal`] for a row that this code did not write.
    pub async fn list(tx: &mut Tx, to: Option<&str>, limit: Option<i64>) -> Result<Vec<Self>> {
        let limit = limit.unwrap_or(i64::MAX).max(0);
        let rows = sql!(tx, fetch_all Row,
            "select id, channel, recipient, subject, body_text, body_html, links, code, created_at
             from caught_messages where cast($1 as text) is null or lower(recipient) = lower($1)
             order by created_at desc, id desc limit $2",
            to, limit)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    channel: String,
    recipient: String,
    subject: String,
    body_text: String,
    body_html: String,
    links: String,
    code: Option<String>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for CaughtMessage {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let channel = match row.channel.as_str() {
            "email" => Channel::Email,
            "sms" => Channel::Sms,
            _ => return Err(Error::Internal("a caught message has an unknown channel".into())),
        };
        let links = serde_json::from_str(&row.links).map_err(|e| Error::Internal(format!("links: {e}")))?;
        Ok(Self {
            id: row.id,
            channel,
            to: row.recipient,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            links,
            code: row.code,
            created_at: row.created_at,
        })
    }
}

/// The http and https addresses in a text, in order, each once, without the punctuation of the sentence around them.
pub fn links_in(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let from = &rest[at..];
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')'))
            .unwrap_or(from.len());
        let link = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ']']);
        if link.split_once("://").is_some_and(|(_, host)| !host.is_empty())
            && !links.iter().any(|known| known == link)
        {
            links.push(link.to_owned());
        }
        rest = &from[end.max(1)..];
    }
    links
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use crate::platform::clock::Clock;
    use crate::platform::db::{Db, DbOptions, Tools};
    use crate::platform::entropy::Entropy;
    use crate::platform::keys::Keys;

    use super::*;

    async fn database(folder: &std::path::Path) -> Db {
        let entropy = Entropy::seeded(1);
        let tools = Tools {
            clock: Clock::fixed(DateTime::UNIX_EPOCH),
            keys: Arc::new(Keys::parse(&Keys::generate(&entropy)).expect("keys")),
            entropy,
            bell: Arc::default(),
        };
        let options = DbOptions {
            url: format!("sqlite://{}", folder.join("test.db").display()),
            read_url: None,
            pool_size: 2,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
            make: true,
        };
        let db = Db::open(&options, tools).await.expect("a database");
        db.migrate(folder).await.expect("its tables");
        db
    }

    fn mail(number: u32, to: &str) -> OutgoingMail {
        OutgoingMail {
            to: to.into(),
            name: None,
            sender: None,
            subject: format!("Number {number}"),
            text: format!("Open https://id.example.org/{number} or type 012345."),
            html: "<p>Hello</p>".into(),
            code: (number == 1).then(|| "012345".into()),
            message_id: Uuid::from_u128(number.into()),
            date: DateTime::from_timestamp(i64::from(number) * 60, 0).expect("a time"),
        }
    }

    #[tokio::test]
    async fn what_is_caught_is_listed_newest_first_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(folder.path()).await;
        let sent = [
            mail(1, "ada@example.org"),
            mail(2, "Grace@example.org"),
            mail(3, "ada@example.org"),
        ];
        for mail in sent.iter().chain(&sent[..1]) {
            crate::notification::mail::Mailer::Caught
                .send(&db, mail)
                .await
                .expect("caught");
        }
        let list = async |to: Option<&str>, limit: Option<i64>| {
            let to = to.map(str::to_owned);
            db.read(async |tx| CaughtMessage::list(tx, to.as_deref(), limit).await)
                .await
                .expect("a list")
        };
        let subjects = |list: Vec<CaughtMessage>| {
            list.into_iter()
                .map(|message| message.subject)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            subjects(list(None, None).await),
            ["Number 3", "Number 2", "Number 1"]
        );
        assert_eq!(subjects(list(None, Some(2)).await), ["Number 3", "Number 2"]);
        assert_eq!(
            subjects(list(Some("ADA@example.org"), None).await),
            ["Number 3", "Number 1"]
        );
        assert_eq!(
            subjects(list(Some("grace@example.org"), Some(5)).await),
            ["Number 2"]
        );
        assert!(list(Some("nobody@example.org"), None).await.is_empty());
        assert!(list(None, Some(0)).await.is_empty() && list(None, Some(-1)).await.is_empty());
        assert_eq!(
            list(None, None).await.pop(),
            Some(CaughtMessage::from_mail(&sent[0]))
        );
        assert_eq!(
            CaughtMessage::from_mail(&sent[0]).links,
            ["https://id.example.org/1"]
        );
    }

    #[test]
    fn links_are_found_in_order_and_once() {
        let text = "Open:\nhttps://id.example.org/verify?token=a-b_c&x=1#y\n\nor http://localhost:3000/sign-in. \
                    Again <https://id.example.org/verify?token=a-b_c&x=1#y>, (see https://example.org/a.b/), http:// \
                    and https://[::1]:3000/x.";
        assert_eq!(
            links_in(text),
            [
                "https://id.example.org/verify?token=a-b_c&x=1#y",
                "http://localhost:3000/sign-in",
                "https://example.org/a.b/",
                "https://[::1]:3000/x",
            ]
        );
        assert!(links_in("no link, ftp://x, https:/").is_empty());
    }

    #[test]
    fn the_json_has_the_promised_names() {
        let message = CaughtMessage {
            id: Uuid::nil(),
            channel: Channel::Email,
            to: "ada@example.org".into(),
            subject: "S".into(),
            text: "T".into(),
            html: "<p>T</p>".into(),
            links: vec!["https://example.org/".into()],
            code: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        let json = serde_json::to_value(&message).expect("JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "id": "00000000-0000-0000-0000-000000000000", "channel": "email", "to": "ada@example.org",
                "subject": "S", "text": "T", "html": "<p>T</p>", "links": ["https://example.org/"],
                "code": null, "created_at": "1970-01-01T00:00:00Z",
            })
        );
    }
}
