//! The row of a sign-in in progress: who it is, what they proved, and where they want to go; never what they owe, which is worked out
//! each time.

use uuid::Uuid;

use super::factor::Enrolled;
use super::policy::Policy;
use super::proven::{Given, Proven};
use super::recovery::FreshCodes;
use super::sign_in_flow::{Arrival, Progress, Step, prepare};
use super::{Case, Owed, Verdict, assess, grace_of, trusted};
use crate::audit::{Entry, Event};
use crate::authentication::asker::Asker;
use crate::authentication::local_path::LocalPath;
use crate::authentication::proof;
use crate::authentication::sign_in::enter;
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::PlainToken;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// A sign-in in progress.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    /// What is bound to this sign-in is bound to this id.
    pub id: Uuid,
    proven: String,
    remember: bool,
    beside: bool,
    is_first: bool,
    next_path: Option<String>,
    #[sqlx(flatten)]
    user: RowUser,
}

#[derive(Debug, sqlx::FromRow)]
struct RowUser {
    user_id: UserId,
}

/// The sign-in of a browser, and whose it is.
///
/// # Errors
/// Refused with [`Code::SignInOver`].
pub(super) async fn open(platform: &Platform, asker: &Asker) -> Result<(PlainToken, Row, User)> {
    let over = || Error::form(Code::SignInOver);
    let token = asker.flow.clone().ok_or_else(over)?;
    let (row, user) = platform
        .db
        .read(async |tx| Row::open(tx, &token).await)
        .await?
        .ok_or_else(over)?;
    Ok((token, row, user))
}

impl Row {
    /// The one that a browser's token names; `None`: there is none, it is over, or its owner is locked out.
    pub async fn open(tx: &mut Tx, token: &PlainToken) -> Result<Option<(Self, User)>> {
        let now = tx.now();
        let row = sql!(tx, fetch_optional Self,
            "select id, user_id, proven, remember, beside, is_first, next_path from sign_ins
             where token_hash = $1 and ended_at is null and expires_at > $2", token.hash().as_bytes(), now)?;
        let Some(row) = row else { return Ok(None) };
        let user = User::by_id(tx, row.user.user_id).await?;
        Ok(user
            .filter(|user| user.locked_at.is_none())
            .map(|user| (row, user)))
    }

    /// What is owed, without changing anything.
    pub async fn owed(&self, tx: &mut Tx, platform: &Platform, user: &User) -> Result<Option<Owed>> {
        let policy = Policy::of(&platform.settings().second_factor, user.demand());
        let case = Case {
            staff: user.staff,
            policy,
            enrolled: Enrolled::of(tx, user.id).await?,
            is_two: false,
            given: Given::recorded(user.id, &self.proven).map(Given::factor),
            trusted: false,
            in_grace: grace_of(tx, user.id, policy)
                .await?
                .is_some_and(|until| tx.now() < until),
        };
        Ok(case.owed())
    }

    /// Holds the sign-in until the end of the transaction: nobody ends it meanwhile, and of many answers at once one goes on
    /// at a time.
    pub async fn hold(&self, tx: &mut Tx, user: &User) -> Result<()> {
        let now = tx.now();
        let held = sql!(tx, execute
            "update sign_ins set proven = proven where id = $1 and ended_at is null and expires_at > $2", self.id, now)?;
        if held == 1 && user.hold_unlocked(tx).await? {
            Ok(())
        } else {
            Err(Error::form(Code::SignInOver))
        }
    }

    /// Lets the person in, or notes what they have given and says what they owe now.
    #[expect(clippy::too_many_arguments, reason = "one step, called by every answer")]
    pub async fn go_on(
        &self,
        tx: &mut Tx,
        platform: &Platform,
        token: &PlainToken,
        user: User,
        given: Given,
        trust: bool,
        asker: &Asker,
    ) -> Result<Step> {
        let person = user.clone();
        let proven = Proven::recorded(user, &self.proven)
            .ok_or_else(|| Error::Internal("a sign-in without a first factor".into()))?;
        match assess(tx, platform, proven, Some(given), false).await? {
            Verdict::Enter(admission) => {
                let now = tx.now();
                sql!(tx, execute "update sign_ins set ended_at = $1 where id = $2", now, self.id)?;
                let next = self.next();
                let asker = if self.beside {
                    asker.clone().adding()
                } else {
                    asker.clone()
                };
                let arrival = Arrival {
                    remember: self.remember,
                    beside: self.beside,
                    is_first: self.is_first,
                    next: next.as_ref(),
                    asker: &asker,
                };
                let mut entered = enter(tx, platform, admission, &arrival).await?;
                if trust && !person.staff {
                    entered.trusted = Some(trusted::add(tx, person.id, &asker).await?);
                    tx.audit(
                        Entry::own(Event::DeviceTrusted, person.id, &asker.origin)
                            .in_session(entered.session.session_id),
                    )
                    .await?;
                }
                Ok(Step::Entered(Box::new(entered)))
            }
            Verdict::Owes(owed) => {
                let proven = super::with_factor(&self.proven, Some(given));
                sql!(tx, execute "update sign_ins set proven = $1 where id = $2", proven, self.id)?;
                prepare(tx, &person, self.id, &owed).await?;
                Ok(Step::Challenge(token.clone()))
            }
        }
    }

    fn next(&self) -> Option<LocalPath> {
        self.next_path.as_deref().and_then(LocalPath::parse)
    }

    /// How far the person is, for the page.
    pub fn progress(&self, step: Step, codes: Option<FreshCodes>) -> Progress {
        if matches!(step, Step::Entered(_)) {
            proof::count("succeeded");
        }
        Progress {
            step,
            beside: self.beside,
            next: self.next(),
            codes,
        }
    }
}
