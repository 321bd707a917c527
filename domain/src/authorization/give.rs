//! Giving roles to people, and taking them away. Nobody gives what they don't hold, nobody changes their own rights, and somebody stays
//! who may do everything.

use super::built_in::BuiltIn;
use super::role::Role;
use super::{Decision, May, right};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::session::SignedIn;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Gives a role to a person; nothing happens if they have it.
///
/// # Errors
/// Refused with [`Code::GivesMore`], [`Code::OwnRights`], [`Code::RoleUnknown`] or [`Code::UserUnknown`].
pub async fn give(
    tx: &mut Tx,
    may: &May<right::RolesAssign>,
    session: &SignedIn,
    (to, role): (UserId, &str),
    origin: &Origin,
) -> Result<()> {
    check(tx, may, session, to, role).await?;
    let now = tx.now();
    let known = sql!(tx, fetch_optional One<i64>,
        "select count(*) from roles r where r.id = $1 and exists (select 1 from users u where u.id = $2)", role, to)?;
    if known != Some((1,)) {
        return Err(Error::form(Code::RoleUnknown));
    }
    let given = sql!(tx, execute
        "insert into user_roles (user_id, role_id, granted_by, granted_at) values ($1, $2, $3, $4) on conflict do nothing",
        to, role, may.actor, now)?;
    if given == 1 {
        settle(tx, to).await?;
        tx.audit(Entry::by(Event::RoleGiven, may.actor, origin).to(to).with(&[("role", role)])).await?;
    }
    Ok(())
}

/// Takes a role from a person; nothing happens if they don't have it by themselves.
///
/// # Errors
/// As [`give`]; [`Code::LastAdministrator`] when nobody would be left who may do everything.
pub async fn take(
    tx: &mut Tx,
    may: &May<right::RolesAssign>,
    session: &SignedIn,
    (from, role): (UserId, &str),
    origin: &Origin,
) -> Result<()> {
    check(tx, may, session, from, role).await?;
    // Two who are demoted at once are demoted one after the other.
    sql!(tx, execute "update installations set set_up_at = set_up_at where id = 1")?;
    let taken = sql!(tx, execute "delete from user_roles where user_id = $1 and role_id = $2", from, role)?;
    if taken == 1 {
        settle(tx, from).await?;
        if role == BuiltIn::Administrator.id() {
            Decision::leaves_an_administrator(administrators(tx).await?).into_result()?;
        }
        tx.audit(Entry::by(Event::RoleTaken, may.actor, origin).to(from).with(&[("role", role)])).await?;
    }
    Ok(())
}

async fn check(tx: &mut Tx, may: &May<right::RolesAssign>, session: &SignedIn, to: UserId, role: &str) -> Result<()> {
    let permissions = Role::permissions(tx, role).await?;
    Decision::give(&may.rights, session, to, permissions).into_result()
}

/// How many could still do everything: open accounts with the role of administrators.
async fn administrators(tx: &mut Tx) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users where administrator and locked_at is null and erase_at is null and deactivated_at is null")?;
    Ok(count)
}

/// Brings `users.administrator` in line with the roles of a person and of their groups: sessions read it with each request.
pub(crate) async fn settle(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!(tx, execute
        "update users set administrator = (
            exists (select 1 from user_roles where user_id = $1 and role_id = $2)
            or exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                where m.user_id = $1 and g.role_id = $2))
         where id = $1", user, BuiltIn::Administrator.id())?;
    Ok(())
}
