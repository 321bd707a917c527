//! Who may do what. A permission is one of a closed list, a role is a row that names some, a person has roles of their own and those of
//! their groups.
//!
//! A use case of the console takes a [`May`] of the permission that it needs. Only a [`Desk`] gives one out, so what somebody may do stands in the signature of what is done, and nobody can forget to ask.

pub mod built_in;
pub mod decision;
pub mod demand;
pub mod desk;
pub mod give;
pub mod group;
mod label;
pub mod permission;
pub mod rights;
pub mod role;
pub mod standing;

use std::marker::PhantomData;

use crate::Result;
use crate::authentication::session::SignedIn;
use crate::platform::db::Tx;
use crate::users::user::UserId;

pub use decision::{Because, Decision};
pub use desk::Desk;
pub use permission::{Permission, Right, right};
pub use rights::Rights;

/// Proof that somebody who is signed in may do something. It holds for one transaction: the next one asks again.
#[derive(Debug)]
pub struct May<R: Right> {
    /// Who.
    pub actor: UserId,
    /// Everything else that they may do.
    pub rights: Rights,
    right: PhantomData<R>,
}

impl<R: Right> May<R> {
    /// Asks whether they may; the inner `Err` says why not.
    async fn ask(tx: &mut Tx, session: &SignedIn) -> Result<std::result::Result<Self, Decision>> {
        let rights = Rights::of(tx, session.user_id).await?;
        let decision = Decision::of(&rights, session, R::PERMISSION);
        Ok(if decision.allowed {
            Ok(Self {
                actor: session.user_id,
                rights,
                right: PhantomData,
            })
        } else {
            Err(decision)
        })
    }

    /// Nobody gives or changes what they don't hold.
    ///
    /// # Errors
    /// Refused with [`Code::GivesMore`](crate::Code::GivesMore).
    pub(crate) fn holds_all(&self, permissions: impl IntoIterator<Item = Permission>) -> Result<()> {
        match self.rights.lacks(permissions) {
            None => Ok(()),
            Some(missing) => Decision::no(Because::GivesMore(missing)).into_result(),
        }
    }
}
