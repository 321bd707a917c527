//! The desk of somebody who works in the console: where they read and change what is not their own.

use std::ops::AsyncFnOnce;

use super::{Decision, May, Right};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::SignedIn;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::limits::DENIED;
use crate::{Error, Result};

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
