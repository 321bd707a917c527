//! Ends everybody's sessions at once (ASVS 7.4.5): for when nobody can tell which of them are in wrong hands.
//!
//! - **At once, everywhere.** One fence in Redis, of which every server asks beside each cached copy, hides the copies of all sessions
//!   from before the transaction until long after the last of them is gone. Meanwhile every server asks the database.
//! - **At one price.** As many statements for a million people as for three, in one transaction. Nobody is mailed.
//! - **Whose.** Whoever is no administrator spares the sessions of people with a role, so that who may do less does not throw out who
//!   may do more: the rule of [`Decision::act_on`](crate::authorization::Decision::act_on), for all at once.

use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::fence;
use crate::authorization::{Desk, May, right};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::platform::keys::{Keys, TokenHash};
use crate::{Code, Error, Field, Result, sql};

/// What would end besides the session that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Ends {
    /// So many sessions: rows, also those that ran out minutes ago and are not cleaned up yet.
    pub sessions: i64,
    /// Of so many people.
    pub people: i64,
}

/// Whose sessions stay.
#[derive(Debug, Clone, Copy)]
struct Spared {
    /// One session; nil: none.
    session: Uuid,
    /// Those of everybody with a role, but for this person's.
    staff_but: Option<Uuid>,
}

impl Spared {
    const NOBODY: Self = Self {
        session: Uuid::nil(),
        staff_but: None,
    };

    /// What the audit says.
    fn detail(self, ended: u64) -> [(&'static str, String); 3] {
        let kept = if self.session.is_nil() { "none" } else { "own" };
        let spared = if self.staff_but.is_some() {
            "staff"
        } else {
            "nobody"
        };
        [
            ("sessions_ended", ended.to_string()),
            ("kept", kept.to_owned()),
            ("spared", spared.to_owned()),
        ]
    }

    /// What a deed at a desk spares.
    fn by(desk: &Desk<'_>, may: &May<right::SessionsEnd>, keeps_own: bool) -> Self {
        Self {
            session: if keeps_own {
                desk.session.session_id
            } else {
                Uuid::nil()
            },
            staff_but: (!may.rights.is_administrator()).then_some(may.actor),
        }
    }
}

/// Stands for the token of everybody: where its fence stands, no cached copy of any session counts. Of one database, so that several
/// installations can share a Redis.
///
/// # Errors
/// [`Error::Internal`] before the secret of the database was read.
pub fn token(keys: &Keys) -> Result<TokenHash> {
    Ok(TokenHash::of(&keys.index("everybody's sessions", b"")?))
}

/// What [`end`] would end, if the session that asks is kept; and whether people with a role are spared.
pub async fn look(tx: &mut Tx, desk: &Desk<'_>, may: &May<right::SessionsEnd>) -> Result<(Ends, bool)> {
    let spared = Spared::by(desk, may, true);
    Ok((spared.count(tx).await?, spared.staff_but.is_some()))
}

/// Ends the sessions of everybody, their sign-ins in progress, and what spares browsers the second factor; with `keeps_own` all but the
/// session that asks. `typed_name`: the name of the product, as a sign that it is meant. Returns how many sessions it were. Safe to repeat.
///
/// # Errors
/// Refused with [`Code::NotAllowed`], [`Code::FactorNeeded`], or [`Code::NameDiffers`]; then nothing is ended.
pub async fn end(desk: &Desk<'_>, keeps_own: bool, typed_name: &str) -> Result<u64> {
    desk.look(async |_tx, _may: &May<right::SessionsEnd>| Ok(()))
        .await?;
    if typed_name.trim() != desk.platform.settings().product_name {
        return Err(Error::field(Field::Confirmation, Code::NameDiffers));
    }
    fence(desk.platform, &[token(&desk.platform.keys)?.as_bytes().to_vec()]).await;
    desk.change(async |tx, may: &May<right::SessionsEnd>| {
        let spared = Spared::by(desk, may, keeps_own);
        let ended = spared.end_others(tx).await?;
        let detail = spared.detail(ended);
        let entry =
            Entry::by(Event::EverybodySignedOut, may.actor, desk.origin).in_session(desk.session.session_id);
        tx.audit(entry.with(&detail.each_ref().map(|(name, value)| (*name, value.as_str()))))
            .await?;
        Ok(ended)
    })
    .await
}

/// The same by the operator of the machine, who spares nobody.
pub async fn end_by_operator(platform: &Platform, origin: &Origin) -> Result<u64> {
    fence(platform, &[token(&platform.keys)?.as_bytes().to_vec()]).await;
    platform
        .db
        .write(async |tx| {
            let spared = Spared::NOBODY;
            let ended = spared.end_others(tx).await?;
            let detail = spared.detail(ended);
            let entry = Entry::about(Event::EverybodySignedOut, None, origin);
            tx.audit(entry.with(&detail.each_ref().map(|(name, value)| (*name, value.as_str()))))
                .await?;
            Ok(ended)
        })
        .await
}

impl Spared {
    async fn count(self, tx: &mut Tx) -> Result<Ends> {
        sql!(tx, fetch_one Ends,
            "select count(*) as sessions, count(distinct user_id) as people from sessions
             where id <> $1 and ($2 or user_id = $3 or not exists (select 1 from users u where u.id = sessions.user_id and u.staff))",
            self.session, self.staff_but.is_none(), self.staff_but.unwrap_or_default())
    }

    async fn end_others(self, tx: &mut Tx) -> Result<u64> {
        let (all, but, now) = (
            self.staff_but.is_none(),
            self.staff_but.unwrap_or_default(),
            tx.now(),
        );
        // As for one person: first what is half proven, then what spares a proof, then the sessions.
        sql!(tx, execute
            "update sign_ins set ended_at = $1 where ended_at is null
                and ($2 or user_id = $3 or not exists (select 1 from users u where u.id = sign_ins.user_id and u.staff))",
            now, all, but)?;
        sql!(tx, execute
            "delete from trusted_devices
             where $1 or user_id = $2 or not exists (select 1 from users u where u.id = trusted_devices.user_id and u.staff)",
            all, but)?;
        sql!(tx, execute
            "delete from sessions
             where id <> $1 and ($2 or user_id = $3 or not exists (select 1 from users u where u.id = sessions.user_id and u.staff))",
            self.session, all, but)
    }
}
