//! Giving roles to people, and taking them away. Nobody gives what they don't hold, nobody changes their own rights, and somebody stays
//! who may do everything.

use std::ops::AsyncFnOnce;

use super::built_in::BuiltIn;
use super::role::Role;
use super::{Decision, Desk, May, Rights, right};
use crate::audit::{Entry, Event, Origin};
use crate::authentication::assurance::policy::Demand;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::notification::message::Deed;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::settings::SessionTimes;
use crate::users::person::tell;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Result, sql};

/// Gives a role to a person; nothing happens if they have it.
///
/// # Errors
/// Refused with [`Code::GivesMore`], [`Code::OwnRights`], [`Code::RoleUnknown`] or [`Code::PersonUnknown`].
pub async fn give(desk: &Desk<'_>, to: UserId, role: &str) -> Result<()> {
    fenced(desk, to, async |tx, may| {
        check(tx, desk, may, to, role).await?;
        if insert(tx, &desk.platform.settings().session, (to, role), Some(may.actor)).await? {
            let detail = [("role", role)];
            tx.audit(
                Entry::by(Event::RoleGiven, may.actor, desk.origin)
                    .to(to)
                    .with(&detail),
            )
            .await?;
            tell_role(tx, desk, to, role, |role| Deed::RoleGiven { role }).await?;
        }
        Ok(())
    })
    .await
}

/// Takes a role from a person; nothing happens if they don't have it by themselves.
///
/// # Errors
/// As [`give`]; [`Code::LastAdministrator`] when nobody would be left who may do everything.
pub async fn take(desk: &Desk<'_>, from: UserId, role: &str) -> Result<()> {
    fenced(desk, from, async |tx, may| {
        check(tx, desk, may, from, role).await?;
        if delete(tx, from, role).await? {
            let detail = [("role", role)];
            tx.audit(
                Entry::by(Event::RoleTaken, may.actor, desk.origin)
                    .to(from)
                    .with(&detail),
            )
            .await?;
            tell_role(tx, desk, from, role, |role| Deed::RoleTaken { role }).await?;
        }
        Ok(())
    })
    .await
}

/// What the operator of the machine does by the command line: gives a role, or takes it, by its id or its name.
///
/// # Errors
/// Refused with [`Code::RoleUnknown`], or [`Code::LastAdministrator`].
pub async fn by_operator(
    platform: &Platform,
    user: UserId,
    (role, gives): (&str, bool),
    origin: &Origin,
) -> Result<()> {
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            let named = sql!(tx, fetch_optional One<String>,
                "select id from roles where id = $1 or name_key = $2", role, role.to_lowercase().as_str())?;
            let (role,) = named.ok_or_else(|| Error::form(Code::RoleUnknown))?;
            let (event, changed) = if gives {
                (
                    Event::RoleGiven,
                    insert(tx, &platform.settings().session, (user, &role), None).await?,
                )
            } else {
                (Event::RoleTaken, delete(tx, user, &role).await?)
            };
            if changed {
                let detail = [("role", role.as_str())];
                tx.audit(Entry::about(event, Some(user), origin).with(&detail))
                    .await?;
            }
            late_hashes(tx, user, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(())
}

/// Gives a role that an invitation promised, in the transaction that accepts it. Whether `by` may still give it was asked there:
/// [`Decision::give_by_invitation`]. `false`: they have it.
///
/// # Errors
/// Refused with [`Code::RoleUnknown`] or [`Code::PersonUnknown`].
pub(crate) async fn promised(
    tx: &mut Tx,
    times: &SessionTimes,
    (to, role): (UserId, &str),
    by: Option<UserId>,
) -> Result<bool> {
    insert(tx, times, (to, role), by).await
}

/// The row, and what hangs on it; `false`: they have it.
async fn insert(
    tx: &mut Tx,
    times: &SessionTimes,
    (to, role): (UserId, &str),
    by: Option<UserId>,
) -> Result<bool> {
    let now = tx.now();
    if sql!(tx, fetch_optional One<String>, "select id from roles where id = $1", role)?.is_none() {
        return Err(Error::form(Code::RoleUnknown));
    }
    if sql!(tx, fetch_optional One<UserId>, "select id from users where id = $1", to)?.is_none() {
        return Err(Error::form(Code::PersonUnknown));
    }
    let given = sql!(tx, execute
        "insert into user_roles (user_id, role_id, granted_by, granted_at) values ($1, $2, $3, $4) on conflict do nothing",
        to, role, by, now)?;
    if given == 1 {
        settle(tx, to).await?;
        SignedIn::shorten(tx, times, to).await?;
    }
    Ok(given == 1)
}

/// Gives a role to somebody who was made in this transaction: no session shows what they are, and nobody is told.
pub(crate) async fn give_new(tx: &mut Tx, to: UserId, role: &str, by: Option<UserId>) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute
        "insert into user_roles (user_id, role_id, granted_by, granted_at) values ($1, $2, $3, $4) on conflict do nothing",
        to, role, by, now)?;
    settle(tx, to).await
}

/// Takes the row away; `false`: there is none.
async fn delete(tx: &mut Tx, from: UserId, role: &str) -> Result<bool> {
    one_at_a_time(tx).await?;
    let taken = sql!(tx, execute "delete from user_roles where user_id = $1 and role_id = $2", from, role)?;
    if taken == 1 {
        settle(tx, from).await?;
        if role == BuiltIn::Administrator.id() {
            keeps_an_administrator(tx).await?;
        }
    }
    Ok(taken == 1)
}

/// A change of somebody's roles, which each copy of their sessions must show.
pub(super) async fn fenced(
    desk: &Desk<'_>,
    of: UserId,
    work: impl AsyncFnOnce(&mut Tx, &May<right::RolesAssign>) -> Result<()>,
) -> Result<()> {
    let fenced = fence_person(desk.platform, of).await?;
    let late = desk
        .change(async |tx, may| {
            work(tx, may).await?;
            late_hashes(tx, of, &fenced).await
        })
        .await?;
    fence(desk.platform, &late).await;
    Ok(())
}

/// Tells a person by mail of a role, by its name.
async fn tell_role(
    tx: &mut Tx,
    desk: &Desk<'_>,
    person: UserId,
    role: &str,
    deed: impl FnOnce(String) -> Deed,
) -> Result<()> {
    let name = sql!(tx, fetch_optional One<String>, "select name from roles where id = $1", role)?;
    match (User::by_id(tx, person).await?, name) {
        (Some(user), Some((name,))) => tell(tx, desk.platform, &user, deed(name)).await,
        _ => Ok(()),
    }
}

/// Changes that could leave nobody who may do everything happen one after the other: each holds the row of the role that may, which
/// is always there.
pub(crate) async fn one_at_a_time(tx: &mut Tx) -> Result<()> {
    let role = BuiltIn::Administrator.id();
    let held = sql!(tx, execute "update roles set version = version where id = $1", role)?;
    if held == 1 {
        Ok(())
    } else {
        Err(Error::Internal("the role of administrators is gone".into()))
    }
}

/// Somebody must be left who may do everything: asked after the change, in its transaction, behind [`one_at_a_time`].
///
/// # Errors
/// Refused with [`Code::LastAdministrator`].
pub(crate) async fn keeps_an_administrator(tx: &mut Tx) -> Result<()> {
    Decision::leaves_an_administrator(administrators(tx).await?).into_result()
}

async fn check(
    tx: &mut Tx,
    desk: &Desk<'_>,
    may: &May<right::RolesAssign>,
    to: UserId,
    role: &str,
) -> Result<()> {
    let permissions = Role::permissions(tx, role).await?;
    Decision::give(&may.rights, desk.session, to, permissions).into_result()?;
    let theirs = Rights::of(tx, to).await?;
    Decision::act_on(may.actor, &may.rights, to, &theirs).into_result()
}

/// How many could still do everything: open accounts with the role of administrators.
async fn administrators(tx: &mut Tx) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users where administrator and locked_at is null and erase_at is null and deactivated_at is null")?;
    Ok(count)
}

/// Makes somebody an administrator by the program itself: the set-up link, and the command line.
pub(crate) async fn appoint(tx: &mut Tx, user: User) -> Result<User> {
    let now = tx.now();
    sql!(tx, execute
        "insert into user_roles (user_id, role_id, granted_at) values ($1, $2, $3) on conflict do nothing",
        user.id, BuiltIn::Administrator.id(), now)?;
    settle(tx, user.id).await?;
    // As it is now: the role may let in nobody but with a passkey.
    Ok(User::by_id(tx, user.id).await?.unwrap_or(user))
}

/// Brings `users.administrator`, `users.staff` and `users.passkey_only` in line with the roles of a person and of their groups: sessions
/// read them with each request.
pub(crate) async fn settle(tx: &mut Tx, user: UserId) -> Result<()> {
    // What a role asks for may change at the same moment.
    one_at_a_time(tx).await?;
    sql!(tx, execute
        "update users set
            administrator = (exists (select 1 from user_roles where user_id = $1 and role_id = $2)
                or exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                    where m.user_id = $1 and g.role_id = $2)),
            staff = (exists (select 1 from user_roles where user_id = $1)
                or exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id where m.user_id = $1)),
            passkey_only = exists (select 1 from roles r where r.second_factor = $3
                and (r.id in (select role_id from user_roles where user_id = $1)
                    or r.id in (select g.role_id from group_members m join group_roles g on g.group_id = m.group_id
                        where m.user_id = $1)))
         where id = $1", user, BuiltIn::Administrator.id(), Demand::PasskeyOnly.as_str())?;
    Ok(())
}

/// Takes the marks of [`settle`] from everybody whom they no longer fit. The marks are few, and indexed.
pub(crate) async fn settle_leavers(tx: &mut Tx) -> Result<()> {
    one_at_a_time(tx).await?;
    sql!(tx, execute
        "update users set administrator = false where staff and administrator
            and not exists (select 1 from user_roles r where r.user_id = users.id and r.role_id = $1)
            and not exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                where m.user_id = users.id and g.role_id = $1)", BuiltIn::Administrator.id())?;
    sql!(tx, execute
        "update users set staff = false where staff
            and not exists (select 1 from user_roles r where r.user_id = users.id)
            and not exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id where m.user_id = users.id)")?;
    sql!(tx, execute
        "update users set passkey_only = false where passkey_only
            and not exists (select 1 from user_roles u join roles r on r.id = u.role_id
                where u.user_id = users.id and r.second_factor = $1)
            and not exists (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                join roles r on r.id = g.role_id where m.user_id = users.id and r.second_factor = $1)",
        Demand::PasskeyOnly.as_str())?;
    Ok(())
}
