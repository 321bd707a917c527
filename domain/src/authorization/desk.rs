//! The desk of somebody who works in the console: where they read and change what is not their own.

use std::ops::AsyncFnOnce;

use super::give::one_at_a_time;
use super::{Decision, May, Right, Rights};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::DENIED;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result};

/// Who works, and where from.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The domain's tools.
    pub platform: &'a Platform,
    /// Who.
    pub session: &'a SignedIn,
    /// The request.
    pub origin: &'a Origin,
}

impl Desk<'_> {
    /// Reads what needs a permission. It is asked for in the same transaction: `async |tx, may: &May<right::UsersRead>| …`.
    ///
    /// # Errors
    /// Refused with [`Code::NotAllowed`](crate::Code::NotAllowed) or [`Code::FactorNeeded`](crate::Code::FactorNeeded), and what `work` returns.
    pub async fn look<R: Right, T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx, &May<R>) -> Result<T>,
    ) -> Result<T> {
        let seen = self
            .platform
            .db
            .read(async |tx| match May::ask(tx, self.session).await? {
                Ok(may) => Ok(Ok(work(tx, &may).await?)),
                Err(decision) => Ok(Err(decision)),
            })
            .await?;
        match seen {
            Ok(seen) => Ok(seen),
            Err(decision) => Err(self.deny::<R>(decision).await),
        }
    }

    /// Changes what needs a permission. It is asked for in the same transaction.
    ///
    /// # Errors
    /// As [`Desk::look`]; then nothing is changed.
    pub async fn change<R: Right, T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx, &May<R>) -> Result<T>,
    ) -> Result<T> {
        let done = self
            .platform
            .db
            .write(async |tx| match May::ask(tx, self.session).await? {
                Ok(may) => Ok(Ok(work(tx, &may).await?)),
                Err(decision) => Ok(Err(decision)),
            })
            .await?;
        match done {
            Ok(done) => Ok(done),
            Err(decision) => Err(self.deny::<R>(decision).await),
        }
    }

    /// Changes something of somebody else's account: the permission, and [whether it may be theirs](Decision::act_on), are asked for in
    /// the same transaction. Such changes happen one after the other.
    ///
    /// # Errors
    /// As [`Desk::look`], with [`Code::OwnAccount`](crate::Code::OwnAccount), [`Code::TheyMayMore`](crate::Code::TheyMayMore), or
    /// [`Code::PersonUnknown`](crate::Code::PersonUnknown) for who is not there or is being erased; then nothing is changed.
    pub async fn act_on<R: Right, T>(
        &self,
        person: UserId,
        work: impl AsyncFnOnce(&mut Tx, &May<R>, &User) -> Result<T>,
    ) -> Result<T> {
        let done = self
            .platform
            .db
            .write(async |tx| {
                let may = match May::ask(tx, self.session).await? {
                    Ok(may) => may,
                    Err(decision) => return Ok(Err(decision)),
                };
                // Before any row of a person, as in every change that could leave nobody who may do everything.
                one_at_a_time(tx).await?;
                let held = User::hold(tx, person).await?;
                let user = held.ok_or_else(|| Error::form(Code::PersonUnknown))?;
                let theirs = Rights::of(tx, person).await?;
                let decision = Decision::act_on(may.actor, &may.rights, person, &theirs);
                if !decision.allowed {
                    return Ok(Err(decision));
                }
                Ok(Ok(work(tx, &may, &user).await?))
            })
            .await?;
        match done {
            Ok(done) => Ok(done),
            Err(decision) => Err(self.deny::<R>(decision).await),
        }
    }

    /// The same for what every session of the person must show, or what ends them: their cached copies are fenced off.
    ///
    /// # Errors
    /// As [`Desk::act_on`].
    pub async fn act_on_sessions<R: Right, T>(
        &self,
        person: UserId,
        work: impl AsyncFnOnce(&mut Tx, &May<R>, &User) -> Result<T>,
    ) -> Result<T> {
        let fenced = fence_person(self.platform, person).await?;
        let (done, late) = self
            .act_on(person, async |tx, may, user| {
                let late = late_hashes(tx, person, &fenced).await?;
                Ok((work(tx, may, user).await?, late))
            })
            .await?;
        // Sessions that began after the first fence: their rows have changed or are gone, and with this their copies.
        fence(self.platform, &late).await;
        Ok(done)
    }

    /// Notes that somebody was refused, so that an operator finds out why by the request's id (ASVS 16.3.2). What comes after the first
    /// few of an hour goes into the log alone.
    async fn deny<R: Right>(&self, decision: Decision) -> Error {
        let (who, permission) = (self.session.user_id, R::PERMISSION.as_str());
        let because = decision.because.as_str();
        tracing::warn!(user.id = %who, permission, because, "somebody was refused what their roles do not allow");
        if self.platform.limiter.check(&DENIED, who.as_bytes()).await.is_ok() {
            let detail = [("permission", permission), ("because", because)];
            let entry = Entry::own(Event::Denied, who, self.origin)
                .with(&detail)
                .in_session(self.session.session_id);
            if let Err(error) = self.platform.db.write(async |tx| tx.audit(entry).await).await {
                return error;
            }
        }
        match decision.into_result() {
            Err(error) => error,
            Ok(()) => Error::Internal("a yes was taken for a no".into()),
        }
    }
}
