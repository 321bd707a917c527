//! What a role asks of whoever has it before they are let in, beyond what the setting `second_factor` asks of everybody. Also of the
//! roles that come with the program, of which nothing else can be changed.

use super::give::{one_at_a_time, settle_leavers};
use super::role::Role;
use super::{Because, Decision, Desk, May, right};
use crate::audit::{Change, Entry, Event, Origin, Shown};
use crate::authentication::assurance::policy::Demand;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Changes what a role that is still as `seen` says asks for: a name of [`Demand::OF_ROLES`]. It counts from the next sign-in of
/// whoever has the role, by themselves or through a group; nobody is signed out. Pages that are open show it within a minute.
///
/// # Errors
/// Refused with [`Code::OwnRights`] when it would make it easier for whoever changes it; [`Code::GivesMore`] for a role that gives what
/// they don't hold; [`Code::RoleUnknown`], [`Code::ChangedMeanwhile`], and [`Code::Malformed`] for another name.
pub async fn change(desk: &Desk<'_>, (id, seen): (&str, i64), demand: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let after = read(demand)?;
        may.holds_all(Role::permissions(tx, id).await?)?;
        let (before, version) = held(tx, id).await?;
        if version != seen {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        if after < before {
            check_end(tx, may.actor, id).await?;
        }
        put(
            tx,
            id,
            (before, after),
            Entry::by(Event::RoleChanged, may.actor, desk.origin),
        )
        .await
    })
    .await
}

/// The same by the operator, at the command line, who may make it easier too.
///
/// # Errors
/// Refused with [`Code::RoleUnknown`], or [`Code::Malformed`] for what no role can ask for.
pub async fn set(platform: &Platform, role: &str, demand: &str, origin: &Origin) -> Result<()> {
    let after = read(demand)?;
    platform
        .db
        .write(async |tx| {
            let (before, _) = held(tx, role).await?;
            put(
                tx,
                role,
                (before, after),
                Entry::about(Event::RoleChanged, None, origin),
            )
            .await
        })
        .await
}

fn read(demand: &str) -> Result<Demand> {
    Demand::parse(demand).ok_or_else(|| Error::form(Code::Malformed))
}

/// What a role asks for, and its version, held until the end of the transaction.
async fn held(tx: &mut Tx, role: &str) -> Result<(Demand, i64)> {
    one_at_a_time(tx).await?;
    let found = sql!(
        tx,
        fetch_optional(String, i64),
        "select second_factor, version from roles where id = $1",
        role
    )?;
    let (name, version) = found.ok_or_else(|| Error::form(Code::RoleUnknown))?;
    Ok((Demand::parse(&name).unwrap_or(Demand::PasskeyOnly), version))
}

async fn put(tx: &mut Tx, role: &str, (before, after): (Demand, Demand), entry: Entry<'_>) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute
        "update roles set second_factor = $1, version = version + 1, updated_at = $2 where id = $3",
        after.as_str(), now, role)?;
    settle_holders(tx, role, after).await?;
    let detail = [("role", role)];
    let changes = [Change {
        field: Shown::SecondFactor,
        was: Some(before.as_str()),
        became: Some(after.as_str()),
    }];
    tx.audit(entry.with(&detail).changing(&changes)).await
}

/// Whether a role may ask for less, or go: not when that makes it easier for whoever does it. The operator may
/// (`latchstring role`).
///
/// # Errors
/// Refused with [`Code::OwnRights`].
pub(super) async fn check_end(tx: &mut Tx, actor: UserId, role: &str) -> Result<()> {
    let (theirs,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from roles where id = $1 and second_factor = $3
            and (id in (select role_id from user_roles where user_id = $2)
                or id in (select g.role_id from group_members m join group_roles g on g.group_id = m.group_id
                    where m.user_id = $2))",
        role, actor, Demand::PasskeyOnly.as_str())?;
    if theirs > 0 {
        return Decision::no(Because::OwnRights).into_result();
    }
    Ok(())
}

/// Brings `users.passkey_only` in line for everybody who has a role.
async fn settle_holders(tx: &mut Tx, role: &str, demand: Demand) -> Result<()> {
    if demand < Demand::PasskeyOnly {
        return settle_leavers(tx).await;
    }
    sql!(tx, execute
        "update users set passkey_only = true where not passkey_only
            and (id in (select user_id from user_roles where role_id = $1)
                or id in (select m.user_id from group_members m join group_roles g on g.group_id = m.group_id
                    where g.role_id = $1))", role)?;
    Ok(())
}
