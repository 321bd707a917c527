//! Twilio's API, which others speak too: one POST for each message. TLS with checked certificates, no redirect followed, no
//! more of an answer read than is needed, and nothing of it logged but its status and the number of its fault: a refusal
//! quotes the telephone number.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use tokio::sync::OnceCell;
use tokio_rustls::rustls::ClientConfig;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{SmsFault, SmsTrouble};
use crate::platform::config::Sms;
use crate::platform::fetch::{self, Ask, Reply, Unreached};
use crate::{Error, Result};

/// How long one address of the host is tried before the next.
const CONNECT: Duration = Duration::from_secs(3);
/// How long the provider has for everything.
const PATIENCE: Duration = Duration::from_secs(10);

/// An account at the provider.
pub struct Twilio {
    settings: Sms,
    account: String,
    sender: String,
    /// Read with the first message: that takes a moment.
    trust: OnceCell<ClientConfig>,
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twilio")
            .field("url", &self.settings.url.as_str())
            .finish_non_exhaustive()
    }
}

/// What the API says of a message, or of a fault.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    sid: Option<String>,
    status: serde_json::Value,
    error_code: Option<i64>,
    code: Option<i64>,
}

impl Twilio {
    /// # Errors
    /// [`Error::Configuration`] when a setting is missing.
    pub(super) fn of(settings: &Sms) -> Result<Self> {
        let missing = |name: &str| Error::Configuration(format!("sms.{name} is not set"));
        Ok(Self {
            account: settings.account.clone().ok_or_else(|| missing("account"))?,
            sender: settings.sender.clone().ok_or_else(|| missing("sender"))?,
            settings: settings.clone(),
            trust: OnceCell::new(),
        })
    }

    pub(super) async fn send(&self, to: &str, text: &str) -> Result<(), SmsFault> {
        let from = if self.sender.starts_with("MG") && self.sender.len() == 34 {
            "MessagingServiceSid"
        } else {
            "From"
        };
        let body: Zeroizing<String> = Zeroizing::new(
            form_urlencoded::Serializer::new(String::new())
                .append_pair("To", to)
                .append_pair(from, &self.sender)
                .append_pair("Body", text)
                .finish(),
        );
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", self.account);
        let reply = self.ask("POST", &path, &body).await?;
        judge(&reply)
    }

    /// Reads our own account.
    pub(super) async fn handshake(&self) -> Result<(), SmsFault> {
        let path = format!("/2010-04-01/Accounts/{}.json", self.account);
        let reply = self.ask("GET", &path, "").await?;
        match reply.status {
            200 => Ok(()),
            status => Err(refusal(status, &Said::of(&reply))),
        }
    }

    async fn ask(&self, method: &str, target: &str, body: &str) -> Result<Reply, SmsFault> {
        let token = self.settings.token.as_ref().map_or("", |token| token.expose());
        let login = Zeroizing::new(STANDARD.encode(format!("{}:{token}", self.account)));
        let login = Zeroizing::new(format!("Basic {}", login.as_str()));
        let trust = self.trust.get_or_try_init(async || {
            tokio::task::spawn_blocking(fetch::public_trust)
                .await
                .map_err(|error| fault(false, SmsTrouble::Away, error.to_string()))
        });
        let ask = Ask {
            method,
            target,
            headers: &[
                ("accept", "application/json"),
                ("authorization", &login),
                ("content-type", "application/x-www-form-urlencoded"),
            ],
            body,
            connect: CONNECT,
        };
        let answered = fetch::ask(&self.settings.url, ask, trust.await?.clone());
        let away = |said: String| fault(false, SmsTrouble::Away, said);
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(Unreached::Name(said))) => Err(away(format!("the provider's name: {said}"))),
            Ok(Err(Unreached::Connection(said))) => Err(away(said)),
            Ok(Err(Unreached::Tls(said))) => Err(away(format!("no trusted TLS: {said}"))),
            Ok(Err(Unreached::Cut(said))) => Err(fault(false, SmsTrouble::Unclear, said)),
            // Whatever it was read the message first.
            Ok(Err(Unreached::NoHttp)) => {
                let said = "no answer in HTTP/1".to_owned();
                Err(fault(false, SmsTrouble::Unclear, said))
            }
            Err(_) => Err(fault(
                false,
                SmsTrouble::Unclear,
                format!("no answer within {} s", PATIENCE.as_secs()),
            )),
        }
    }
}

impl Said {
    fn of(reply: &Reply) -> Self {
        serde_json::from_slice(&reply.body).unwrap_or_default()
    }
}

/// Whether the provider took the message. A "yes" that has no id of a message, or says that it failed, is none; it is not
/// tried again, because it may cost.
fn judge(reply: &Reply) -> Result<(), SmsFault> {
    let said = Said::of(reply);
    match reply.status {
        200..=299 => {
            let failed = ["failed", "undelivered", "canceled"]
                .map(serde_json::Value::from)
                .contains(&said.status);
            if said.sid.is_some() && said.error_code.is_none() && !failed {
                Ok(())
            } else {
                Err(SmsFault {
                    trouble: SmsTrouble::Unclear,
                    ..refusal(reply.status, &said)
                })
            }
        }
        status => Err(refusal(status, &said)),
    }
}

/// Too much at once and a fault of the provider's own are tried again, all else is for good: a redirect too, which is not
/// followed.
fn refusal(status: u16, said: &Said) -> SmsFault {
    let number = said.code.or(said.error_code);
    let number = number.map_or_else(String::new, |number| format!(", fault {number}"));
    let trouble = match status {
        401 | 403 => SmsTrouble::Login,
        _ => SmsTrouble::Refusal,
    };
    fault(
        !(status == 429 || status >= 500),
        trouble,
        format!("the provider said {status}{number}"),
    )
}

fn fault(permanent: bool, trouble: SmsTrouble, said: String) -> SmsFault {
    SmsFault {
        permanent,
        trouble,
        said: said.chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Result<(), (bool, SmsTrouble, String)> {
        let reply = Reply {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        judge(&reply).map_err(|fault| (fault.permanent, fault.trouble, fault.said))
    }

    #[test]
    fn a_yes_is_one_only_with_the_id_of_a_message() {
        assert_eq!(
            said(201, r#"{"sid":"SM1","status":"queued","error_code":null}"#),
            Ok(())
        );
        for body in [
            r#"{"code":20003,"message":"Authenticate","status":401}"#,
            r#"{"sid":"SM1","status":"failed","error_code":30007}"#,
            r#"{"sid":"SM1","status":"undelivered"}"#,
            "<html>Maintenance</html>",
            "",
        ] {
            let (permanent, trouble, _) = said(200, body).unwrap_err();
            assert!(permanent && trouble == SmsTrouble::Unclear, "{body}");
        }
    }

    #[test]
    fn a_refusal_is_told_without_the_number_that_it_quotes() {
        let body = r#"{"code":21211,"message":"The 'To' number +15550001234 is not valid","status":400}"#;
        assert_eq!(
            said(400, body),
            Err((
                true,
                SmsTrouble::Refusal,
                "the provider said 400, fault 21211".to_owned()
            ))
        );
        for (status, permanent, trouble) in [
            (301, true, SmsTrouble::Refusal),
            (401, true, SmsTrouble::Login),
            (404, true, SmsTrouble::Refusal),
            (429, false, SmsTrouble::Refusal),
            (500, false, SmsTrouble::Refusal),
            (503, false, SmsTrouble::Refusal),
        ] {
            let expected = (permanent, trouble, format!("the provider said {status}"));
            assert_eq!(said(status, "{}"), Err(expected));
        }
    }
}
