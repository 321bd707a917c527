//! Sending again, and giving up.
//!
//! What a message says is not kept, so "again" means one of two things. One that was given up still has its sealed job: the same message
//! is tried once more. Where the flow gives out fresh links, a new message is written, by the same use case and under the same limits as
//! if the person had asked. All else (a notice, a code of minutes) is not sent twice.

use uuid::Uuid;

use super::{SentMessage, State, follow_job, note_discarded};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::{reset_password, sign_up};
use crate::authorization::{Desk, May, right};
use crate::job::Job;
use crate::platform::db::{One, Tx};
use crate::platform::jobs;
use crate::{Code, Error, Result, sql};

/// How a message can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// A new message, with a new link; the old one stops working.
    Anew,
    /// The same message: it never went out.
    Same,
    /// Not at all.
    No,
}

impl SentMessage {
    /// Whether and how it can be sent again.
    pub fn again(&self) -> Again {
        match (self.kind.as_str(), self.state()) {
            // The code of a second factor worked for minutes.
            (_, State::Waiting) | ("factor-code" | "sms-code", _) => Again::No,
            ("sign-up-verify" | "password-reset", _) => Again::Anew,
            (_, State::Failed) => Again::Same,
            (_, State::Sent | State::Discarded) => Again::No,
        }
    }

    /// Whether it can be given up: it has not gone out.
    pub fn can_be_discarded(&self) -> bool {
        matches!(self.state(), State::Waiting | State::Failed)
    }

    fn entry<'a>(
        &'a self,
        event: Event,
        actor: Uuid,
        origin: &'a Origin,
        detail: &'a [(&'a str, &'a str)],
    ) -> Entry<'a> {
        let entry = Entry::by(event, actor, origin).with(detail);
        match self.user_id {
            Some(user) => entry.to(user),
            None => entry,
        }
    }
}

/// Sends a message again. Of many at once one does.
///
/// # Errors
/// Refused with [`Code::MessageUnknown`], [`Code::MessageOnce`] where it can't be sent again, [`Code::ChangedMeanwhile`] where somebody
/// else did, and what the flow says: [`Code::TooManyAttempts`], [`Code::SignUpClosed`].
pub async fn send_again(desk: &Desk<'_>, id: &str) -> Result<()> {
    let message = desk
        .look(async |tx, _: &May<right::MessagesWrite>| find(tx, id).await)
        .await?;
    match message.again() {
        Again::No => Err(Error::form(Code::MessageOnce)),
        Again::Same => send_same(desk, &message).await,
        Again::Anew => send_anew(desk, &message).await,
    }
}

async fn send_same(desk: &Desk<'_>, message: &SentMessage) -> Result<()> {
    desk.change(async |tx, may: &May<right::MessagesWrite>| {
        if !jobs::dead_letters::revive(tx, message.id).await? {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        follow_job(tx, message.id, true).await?;
        let id = message.id.to_string();
        let detail = [("message", message.kind.as_str()), ("id", &id)];
        tx.audit(message.entry(Event::MessageSentAgain, may.actor, desk.origin, &detail))
            .await
    })
    .await
}

async fn send_anew(desk: &Desk<'_>, message: &SentMessage) -> Result<()> {
    let fresh = Fresh::of(desk, message).await?;
    desk.change(async |tx, may: &May<right::MessagesWrite>| {
        // One that was given up makes room for the new one. Whoever comes second finds that it did.
        if message.state() == State::Failed {
            if !jobs::dead_letters::bury(tx, message.id).await? {
                return Err(Error::form(Code::ChangedMeanwhile));
            }
            note_discarded(tx, message.id).await?;
        }
        match &fresh {
            Fresh::SignUp(id) => sign_up::send_fresh(tx, desk.platform, *id).await?,
            Fresh::Reset(job) => {
                tx.enqueue(job).await?;
            }
        }
        let id = message.id.to_string();
        let detail = [("message", message.kind.as_str()), ("id", &id)];
        tx.audit(message.entry(Event::MessageSentAgain, may.actor, desk.origin, &detail))
            .await
    })
    .await
}

/// What makes the new message.
enum Fresh {
    SignUp(Uuid),
    Reset(Job),
}

impl Fresh {
    async fn of(desk: &Desk<'_>, message: &SentMessage) -> Result<Self> {
        if message.kind == "password-reset" {
            let job = reset_password::send_again(desk.platform, &message.recipient, desk.origin).await?;
            return Ok(Self::Reset(job));
        }
        let waiting = desk
            .look(async |tx, _: &May<right::MessagesWrite>| waiting_sign_up(tx, message).await)
            .await?
            .ok_or_else(|| Error::form(Code::MessageOnce))?;
        sign_up::may_resend(desk.platform, waiting).await?;
        Ok(Self::SignUp(waiting))
    }
}

/// The sign-up that a message was about, while it waits for its proof.
async fn waiting_sign_up(tx: &mut Tx, message: &SentMessage) -> Result<Option<Uuid>> {
    let now = tx.now();
    let found = sql!(tx, fetch_optional One<Uuid>,
        "select id from sign_ups where email_key = $1 and consumed_at is null and expires_at > $2
         order by created_at desc, id desc limit 1", super::key_of(&message.recipient), now)?;
    Ok(found.map(|(id,)| id))
}

/// By an id as it came with a form.
async fn find(tx: &mut Tx, id: &str) -> Result<SentMessage> {
    let unknown = || Error::form(Code::MessageUnknown);
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    SentMessage::find(tx, id).await?.ok_or_else(unknown)
}

/// Takes a message out of the queue. One that is being sent at this moment is not held back.
///
/// # Errors
/// Refused with [`Code::MessageUnknown`], or [`Code::ChangedMeanwhile`] when it has gone out or somebody else did it.
pub async fn discard(desk: &Desk<'_>, id: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::MessagesWrite>| {
        let message = find(tx, id).await?;
        if !message.can_be_discarded() || !jobs::dead_letters::withdraw_idle(tx, message.id).await? {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        note_discarded(tx, message.id).await?;
        let id = message.id.to_string();
        let detail = [("message", message.kind.as_str()), ("id", &id)];
        tx.audit(message.entry(Event::MessageDiscarded, may.actor, desk.origin, &detail))
            .await
    })
    .await
}
