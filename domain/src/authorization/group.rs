//! Groups of people. A group has roles, and whoever is in it has them too.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::built_in::BuiltIn;
use super::decision::Decision;
use super::give::{fenced, keeps_an_administrator, one_at_a_time, settle, settle_leavers};
use super::label::Label;
use super::permission::Permission;
use super::role::Role;
use super::{Desk, May, right};
use crate::audit::{Entry, Event};
use crate::authentication::assurance::policy::Demand;
use crate::authentication::session::SignedIn;
use crate::platform::db::{One, Tx};
use crate::users::email::Email;
use crate::users::user::{User, UserId};
use crate::{Code, Error, Field, Result, sql};

/// How many members a page shows.
pub const PAGE: i64 = 50;

/// A group.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Group {
    /// UUIDv7.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Goes up with each change of the two.
    pub version: i64,
    /// How many people are in it.
    pub members: i64,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// Somebody in a group.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Member {
    /// Who.
    pub id: UserId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What the next page goes on behind.
    pub email_key: String,
}

impl Group {
    /// Every group, by name.
    pub async fn all(tx: &mut Tx, _may: &May<right::RolesRead>) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, name, description, version, updated_at,
                (select count(*) from group_members where group_id = people_groups.id) as members
             from people_groups order by name_key")
    }

    /// A group.
    ///
    /// # Errors
    /// [`Code::GroupUnknown`].
    pub async fn find(tx: &mut Tx, _may: &May<right::RolesRead>, id: Uuid) -> Result<Self> {
        let found = sql!(tx, fetch_optional Self,
            "select id, name, description, version, updated_at,
                (select count(*) from group_members where group_id = people_groups.id) as members
             from people_groups where id = $1", id)?;
        found.ok_or_else(|| Error::form(Code::GroupUnknown))
    }

    /// The ids of the roles that it gives.
    pub async fn roles(&self, tx: &mut Tx, _may: &May<right::RolesRead>) -> Result<Vec<String>> {
        roles_of(tx, self.id).await
    }

    /// Who is in it, by address, behind `after`; at most [`PAGE`] and one more, which tells that there are more.
    pub async fn members(
        &self,
        tx: &mut Tx,
        _may: &May<right::RolesRead>,
        after: &str,
    ) -> Result<Vec<Member>> {
        sql!(tx, fetch_all Member,
            "select u.id, u.name, u.email, u.email_key from group_members m join users u on u.id = m.user_id
             where m.group_id = $1 and u.email_key > $2 order by u.email_key limit $3",
            self.id, after, PAGE + 1)
    }
}

/// Makes a group; its id.
///
/// # Errors
/// Refused with one fault per field, or [`Code::NameTaken`].
pub async fn create(desk: &Desk<'_>, name: &str, description: &str) -> Result<Uuid> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let label = Label::read(name, description)?;
        let (id, now) = (tx.new_id(), tx.now());
        let made = sql!(tx, execute
            "insert into people_groups (id, name, name_key, description, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $5) on conflict (name_key) do nothing",
            id, label.name(), label.key().as_str(), label.description(), now)?;
        if made == 0 {
            return Err(Error::field(Field::Name, Code::NameTaken));
        }
        note(tx, desk, may.actor, Event::GroupMade, (id, label.name()), &[]).await?;
        Ok(id)
    })
    .await
}

/// Renames a group that is still as `seen` says.
///
/// # Errors
/// As [`create`]; [`Code::GroupUnknown`], [`Code::ChangedMeanwhile`].
pub async fn rename(desk: &Desk<'_>, (id, seen): (Uuid, i64), name: &str, description: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let label = Label::read(name, description)?;
        let now = tx.now();
        let changed = sql!(tx, execute
            "update people_groups set name = $1, name_key = $2, description = $3, version = version + 1, updated_at = $4
             where id = $5 and version = $6
                and not exists (select 1 from people_groups o where o.name_key = $2 and o.id <> $5)",
            label.name(), label.key().as_str(), label.description(), now, id, seen)?;
        if changed == 0 {
            return Err(why_unchanged(tx, id, seen).await?);
        }
        note(tx, desk, may.actor, Event::GroupRenamed, (id, label.name()), &[]).await
    })
    .await
}

/// Removes a group, whose name was typed once more. Whoever was in it loses what it gave.
///
/// # Errors
/// [`Code::NameDiffers`], [`Code::GroupUnknown`], [`Code::ChangedMeanwhile`], [`Code::GivesMore`], [`Code::LastAdministrator`].
pub async fn remove(desk: &Desk<'_>, (id, seen): (Uuid, i64), typed_name: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        one_at_a_time(tx).await?;
        may.holds_all(permissions_of(tx, id).await?)?;
        let named = sql!(tx, fetch_optional One<String>, "select name from people_groups where id = $1", id)?;
        if named.is_some_and(|(name,)| name != typed_name.trim()) {
            return Err(Error::field(Field::Confirmation, Code::NameDiffers));
        }
        if sql!(tx, execute "delete from people_groups where id = $1 and version = $2", id, seen)? == 0 {
            return Err(why_unchanged(tx, id, seen).await?);
        }
        settle_leavers(tx).await?;
        keeps_an_administrator(tx).await?;
        note(
            tx,
            desk,
            may.actor,
            Event::GroupRemoved,
            (id, typed_name.trim()),
            &[],
        )
        .await
    })
    .await
}

/// Puts the person with this address into a group; nothing happens if they are in it.
///
/// # Errors
/// Refused with [`Code::GivesMore`], [`Code::OwnRights`], [`Code::GroupUnknown`], or a fault of the field: [`Code::EmailUnknown`].
pub async fn add(desk: &Desk<'_>, id: Uuid, email: &str) -> Result<()> {
    let user = desk
        .look(async |tx, _may: &May<right::RolesAssign>| {
            let email = Email::parse(email).map_err(|code| Error::field(Field::Email, code))?;
            User::by_email(tx, email.key()).await
        })
        .await?;
    let user = user
        .ok_or_else(|| Error::field(Field::Email, Code::EmailUnknown))?
        .id;
    fenced(desk, user, async |tx, may| {
        let name = name_of(tx, id).await?;
        let permissions = permissions_of(tx, id).await?;
        Decision::give(&may.rights, desk.session, user, permissions).into_result()?;
        let now = tx.now();
        let added = sql!(tx, execute
            "insert into group_members (group_id, user_id, added_at) values ($1, $2, $3) on conflict do nothing", id, user, now)?;
        if added == 0 {
            return Ok(());
        }
        settle(tx, user).await?;
        if !roles_of(tx, id).await?.is_empty() {
            SignedIn::shorten(tx, &desk.platform.settings().session, user).await?;
        }
        let group = id.to_string();
        let detail = [("group", group.as_str()), ("name", name.as_str())];
        tx.audit(Entry::by(Event::GroupJoined, may.actor, desk.origin).to(user).with(&detail)).await
    })
    .await
}

/// Takes somebody out of a group; nothing happens if they are not in it.
///
/// # Errors
/// As [`add`]; [`Code::LastAdministrator`].
pub async fn expel(desk: &Desk<'_>, id: Uuid, user: UserId) -> Result<()> {
    fenced(desk, user, async |tx, may| {
        one_at_a_time(tx).await?;
        let name = name_of(tx, id).await?;
        let permissions = permissions_of(tx, id).await?;
        Decision::give(&may.rights, desk.session, user, permissions).into_result()?;
        let gone =
            sql!(tx, execute "delete from group_members where group_id = $1 and user_id = $2", id, user)?;
        if gone == 0 {
            return Ok(());
        }
        settle(tx, user).await?;
        keeps_an_administrator(tx).await?;
        let group = id.to_string();
        let detail = [("group", group.as_str()), ("name", name.as_str())];
        tx.audit(
            Entry::by(Event::GroupLeft, may.actor, desk.origin)
                .to(user)
                .with(&detail),
        )
        .await
    })
    .await
}

/// Gives a role to everybody in a group, now and later. What Redis remembers of their sessions shows it within a minute; what they may
/// do is read from the database, and shows it at once.
///
/// # Errors
/// Refused with [`Code::GivesMore`], [`Code::OwnRights`] for a group that one is in, [`Code::RoleUnknown`], [`Code::GroupUnknown`].
pub async fn give_role(desk: &Desk<'_>, id: Uuid, role: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesAssign>| {
        // What a role asks for may change at the same moment.
        one_at_a_time(tx).await?;
        let name = name_of(tx, id).await?;
        check_role(tx, desk, may, id, role).await?;
        if sql!(tx, fetch_optional One<String>, "select id from roles where id = $1", role)?.is_none() {
            return Err(Error::form(Code::RoleUnknown));
        }
        let given = sql!(tx, execute
            "insert into group_roles (group_id, role_id) values ($1, $2) on conflict do nothing", id, role)?;
        if given == 0 {
            return Ok(());
        }
        let times = desk.platform.settings().session.clone();
        let now = tx.now();
        sql!(tx, execute
            "update users set staff = true, administrator = (administrator or $1),
                passkey_only = (passkey_only or exists (select 1 from roles where id = $3 and second_factor = $4))
             where id in (select user_id from group_members where group_id = $2)",
            role == BuiltIn::Administrator.id(), id, role, Demand::PasskeyOnly.as_str())?;
        sql!(tx, execute
            "update sessions set expires_at = $1 where expires_at > $1
                and user_id in (select user_id from group_members where group_id = $2)",
            now + times.administrator, id)?;
        sql!(tx, execute
            "update sessions set idle_expires_at = $1 where idle_expires_at > $1
                and user_id in (select user_id from group_members where group_id = $2)",
            now + times.administrator_idle, id)?;
        note(
            tx,
            desk,
            may.actor,
            Event::GroupGivenRole,
            (id, &name),
            &[("role", role)],
        )
        .await
    })
    .await
}

/// Takes a role from a group.
///
/// # Errors
/// As [`give_role`]; [`Code::LastAdministrator`].
pub async fn take_role(desk: &Desk<'_>, id: Uuid, role: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesAssign>| {
        one_at_a_time(tx).await?;
        let name = name_of(tx, id).await?;
        check_role(tx, desk, may, id, role).await?;
        let taken =
            sql!(tx, execute "delete from group_roles where group_id = $1 and role_id = $2", id, role)?;
        if taken == 0 {
            return Ok(());
        }
        settle_leavers(tx).await?;
        keeps_an_administrator(tx).await?;
        note(
            tx,
            desk,
            may.actor,
            Event::GroupLostRole,
            (id, &name),
            &[("role", role)],
        )
        .await
    })
    .await
}

/// Nobody gives what they don't hold, and nobody changes what they are given by a group that they are in.
async fn check_role(
    tx: &mut Tx,
    desk: &Desk<'_>,
    may: &May<right::RolesAssign>,
    id: Uuid,
    role: &str,
) -> Result<()> {
    let own = sql!(tx, fetch_optional One<Uuid>,
        "select user_id from group_members where group_id = $1 and user_id = $2", id, may.actor)?;
    // Somebody else, unless they are in the group.
    let to = own.map_or(Uuid::nil(), |(own,)| own);
    let permissions = Role::permissions(tx, role).await?;
    Decision::give(&may.rights, desk.session, to, permissions).into_result()
}

async fn name_of(tx: &mut Tx, id: Uuid) -> Result<String> {
    let found = sql!(tx, fetch_optional One<String>, "select name from people_groups where id = $1", id)?;
    found
        .map(|(name,)| name)
        .ok_or_else(|| Error::form(Code::GroupUnknown))
}

async fn roles_of(tx: &mut Tx, id: Uuid) -> Result<Vec<String>> {
    let roles = sql!(tx, fetch_all One<String>,
        "select g.role_id from group_roles g join roles r on r.id = g.role_id where g.group_id = $1 order by r.name_key", id)?;
    Ok(roles.into_iter().map(|(id,)| id).collect())
}

/// Everything that a group lets its people do.
async fn permissions_of(tx: &mut Tx, id: Uuid) -> Result<Vec<Permission>> {
    let mut permissions = Vec::new();
    for role in roles_of(tx, id).await? {
        permissions.extend(Role::permissions(tx, &role).await?);
    }
    Ok(permissions)
}

async fn why_unchanged(tx: &mut Tx, id: Uuid, seen: i64) -> Result<Error> {
    let found = sql!(tx, fetch_optional One<i64>, "select version from people_groups where id = $1", id)?;
    Ok(match found {
        None => Error::form(Code::GroupUnknown),
        Some((version,)) if version == seen => Error::field(Field::Name, Code::NameTaken),
        Some(_) => Error::form(Code::ChangedMeanwhile),
    })
}

async fn note(
    tx: &mut Tx,
    desk: &Desk<'_>,
    actor: UserId,
    event: Event,
    (id, name): (Uuid, &str),
    more: &[(&str, &str)],
) -> Result<()> {
    let id = id.to_string();
    let mut detail = vec![("group", id.as_str()), ("name", name)];
    detail.extend_from_slice(more);
    tx.audit(Entry::by(event, actor, desk.origin).with(&detail)).await
}
