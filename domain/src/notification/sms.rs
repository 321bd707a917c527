//! How a code leaves the house as a text message: by a provider, into the dev inbox, or not at all.
//!
//! It waits in the queue, sealed, and is handed over at least once. What fails is tried again only while the code works:
//! a code that comes late helps nobody, and costs all the same.

mod budget;
mod twilio;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use self::budget::{forget, take_for};
use self::twilio::Twilio;
use crate::Result;
use crate::job::Job;
use crate::notification::dev_inbox::{CaughtMessage, Channel};
use crate::notification::sent;
use crate::platform::Platform;
use crate::platform::config::{Config, SmsProvider};
use crate::platform::db::{Db, Tx};
use crate::platform::jobs::JobFailure;
use crate::users::phone::PhoneNumber;
use crate::users::user::{User, UserId};
use crate::words::Words;

/// A code on its way to a telephone. Its `Debug` shows neither.
#[derive(Clone, Serialize, Deserialize)]
pub struct TextMessage {
    /// Whose code it is; by this an erasure finds the job.
    user: UserId,
    /// The number, in E.164.
    to: String,
    /// The language of the person, as a BCP 47 tag.
    language: String,
    /// The six digits.
    code: String,
    /// How long they work, in seconds.
    code_life: u64,
    /// Until when they work.
    works_until: DateTime<Utc>,
}

impl fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextMessage")
    }
}

impl Tx {
    /// Sends a code as a text message, once this transaction has committed. Take it from the budget before: [`take_for`].
    pub(crate) async fn text(
        &mut self,
        user: &User,
        to: &PhoneNumber,
        code: String,
        life: chrono::Duration,
    ) -> Result<()> {
        let message = TextMessage {
            user: user.id,
            to: to.as_str().to_owned(),
            language: user.locale.clone(),
            code,
            code_life: life.num_seconds().unsigned_abs(),
            works_until: self.now() + life,
        };
        let job = self.enqueue(&Job::SendSms(Box::new(message))).await?;
        sent::note_text(self, job, &to.masked(), user.id).await
    }
}

/// Why a message was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct SmsFault {
    /// True when trying again cannot help.
    pub permanent: bool,
    /// What kind of trouble it is.
    pub trouble: SmsTrouble,
    /// What an operator should read: one line, with nothing from the message or the number.
    pub said: String,
}

/// What went wrong between us and the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsTrouble {
    /// Nobody answers, or there is no trusted TLS: nothing was sent.
    Away,
    /// It doesn't take our account and token: nothing was sent.
    Login,
    /// It refuses, for now or for good: nothing was sent.
    Refusal,
    /// It took the message, or may have, and did not say so.
    Unclear,
}

/// How text messages leave the house.
#[derive(Debug)]
pub enum Texter {
    /// Not at all.
    Off,
    /// Nowhere: they are caught in the database for `/dev/inbox`. Development only; the configuration sees to that.
    Caught,
    /// To a provider.
    Twilio(Box<Twilio>),
}

impl Texter {
    /// The texter that the settings ask for. Connects to nothing yet.
    ///
    /// # Errors
    /// [`crate::Error::Configuration`] for a provider without its settings, which the configuration sees to.
    pub fn from_config(config: &Config) -> Result<Self> {
        Ok(match config.sms.provider {
            SmsProvider::Off => Self::Off,
            SmsProvider::Inbox => Self::Caught,
            SmsProvider::Twilio => Self::Twilio(Box::new(Twilio::of(&config.sms)?)),
        })
    }

    async fn send(&self, db: &Db, to: &str, text: &str, caught: &CaughtMessage) -> Result<(), SmsFault> {
        match self {
            Self::Twilio(twilio) => twilio.send(to, text).await,
            Self::Caught => db
                .write(async |tx| caught.catch(tx).await)
                .await
                .map_err(|error| SmsFault {
                    permanent: false,
                    trouble: SmsTrouble::Away,
                    said: format!("the dev inbox: {error}"),
                }),
            Self::Off => Err(SmsFault {
                permanent: true,
                trouble: SmsTrouble::Refusal,
                said: "text messages are switched off (sms.provider)".into(),
            }),
        }
    }

    /// Asks the provider whether it takes our account, for `doctor`: sends nothing. `None`: there is no provider.
    ///
    /// # Errors
    /// [`SmsFault`], within 10 s.
    pub async fn handshake(&self) -> Option<Result<(), SmsFault>> {
        match self {
            Self::Twilio(twilio) => Some(twilio.handshake().await),
            Self::Caught | Self::Off => None,
        }
    }
}

/// Renders and hands over one message. One whose code works no longer is dropped.
pub async fn deliver(platform: &Platform, job: Uuid, message: TextMessage) -> Result<(), JobFailure> {
    let now = platform.clock.now();
    let count = |outcome: &'static str| {
        metrics::counter!("latchstring_sms_total", "outcome" => outcome).increment(1);
    };
    if now >= message.works_until {
        count("late");
        tracing::warn!(job.id = %job, "a code by text message was not sent: it would have come too late");
        platform
            .db
            .write(async |tx| sent::note_discarded(tx, job).await)
            .await?;
        return Ok(());
    }
    let most = platform.settings().sms.per_day;
    if !platform
        .db
        .write(async |tx| budget::take_for_server(tx, most).await)
        .await?
    {
        count("capped");
        return Err(JobFailure {
            said: format!("{most} text messages in 24 hours went out: no more do (sms.per_day)"),
            permanent: true,
        });
    }
    let text = message.render(platform);
    let caught = CaughtMessage {
        id: job,
        channel: Channel::Sms,
        to: message.to.clone(),
        subject: String::new(),
        text: text.clone(),
        html: String::new(),
        links: Vec::new(),
        code: Some(message.code.clone()),
        created_at: now,
    };
    match platform
        .texter
        .send(&platform.db, &message.to, &text, &caught)
        .await
    {
        Ok(()) => {
            count("sent");
            Ok(())
        }
        Err(fault) => {
            count("failed");
            if fault.trouble != SmsTrouble::Unclear {
                // It cost nothing.
                platform.db.write(async |tx| budget::give_back(tx).await).await?;
            }
            Err(JobFailure {
                permanent: fault.permanent,
                said: fault.said,
            })
        }
    }
}

impl TextMessage {
    /// The message. Its last line lets browsers fill the code in, on the page of this host only (the format of "origin-bound
    /// one-time codes", WICG).
    fn render(&self, platform: &Platform) -> String {
        let (code, config, settings) = (&self.code, &platform.config, platform.settings());
        let words = Words::of(settings.languages.of(&self.language));
        let text = words.text_with(
            "sms-code",
            &[
                ("code", code),
                ("product", &settings.product_name),
                ("life", &words.duration(self.code_life)),
            ],
        );
        format!("{text}\n\n@{} #{code}", config.public_host())
    }
}
