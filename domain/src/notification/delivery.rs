//! A message on its way: enqueued with the change it tells of, rendered and handed over by the worker.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Result;
use crate::job::Job;
use crate::notification::mail::OutgoingMail;
use crate::notification::message::{Letterhead, Message};
use crate::notification::sent;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::jobs::JobFailure;
use crate::users::user::UserId;
use crate::words::Words;

/// A message and whom it is for. Sealed while it waits in the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// The address.
    pub to: String,
    /// The language of the person, as a BCP 47 tag.
    pub language: String,
    /// What to say.
    pub message: Message,
}

impl Tx {
    /// Sends a message by mail, once this transaction has committed.
    pub async fn mail(&mut self, to: &str, language: &str, message: Message) -> Result<()> {
        self.mail_about(None, to, language, message).await
    }

    /// The same to an address that may not be the one of the account that it is about.
    pub async fn mail_for(&mut self, user: UserId, to: &str, language: &str, message: Message) -> Result<()> {
        self.mail_about(Some(user), to, language, message).await
    }

    async fn mail_about(
        &mut self,
        user: Option<UserId>,
        to: &str,
        language: &str,
        message: Message,
    ) -> Result<()> {
        let kind = message.kind();
        let delivery = Delivery {
            to: to.to_owned(),
            language: language.to_owned(),
            message,
        };
        let job = self.enqueue(&Job::SendMail(Box::new(delivery))).await?;
        sent::note_mail(self, job, kind, to, user).await
    }
}

/// Renders and hands over one message. `job` makes the Message-ID, which stays the same when it is tried again.
pub async fn deliver(platform: &Platform, job: Uuid, delivery: Delivery) -> Result<(), JobFailure> {
    let (config, settings) = (&platform.config, platform.settings());
    let support = settings.support_email.as_ref().map(ToString::to_string);
    let letterhead = Letterhead {
        product: &settings.product_name,
        public_url: &config.public_url,
        support: support.as_deref(),
        accent: settings.accent,
        logo: settings.logo.as_ref(),
    };
    let rendered = delivery
        .message
        .render(Words::of(settings.languages.of(&delivery.language)), &letterhead)?;
    let mail = OutgoingMail {
        sender: config.sender_name(&settings),
        ..OutgoingMail::new(&delivery.to, None, rendered, job, platform.clock.now())
    };
    let outcome = platform.mailer.send(&platform.db, &mail).await;
    let label = if outcome.is_ok() { "sent" } else { "failed" };
    metrics::counter!("latchstring_mails_total", "outcome" => label).increment(1);
    outcome.map_err(|fault| JobFailure {
        permanent: fault.permanent,
        said: fault.said,
    })
}
