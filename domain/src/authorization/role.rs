//! Roles: rows with a name and the permissions that they give.

use chrono::{DateTime, Utc};

use super::built_in::BuiltIn;
use super::demand;
use super::give::{one_at_a_time, settle_leavers};
use super::label::Label;
use super::permission::Permission;
use super::{Decision, Desk, May, Right, Rights, right};
use crate::audit::{Change, Entry, Event, Shown};
use crate::authentication::assurance::policy::Demand;
use crate::platform::db::{One, Tx};
use crate::users::claims::noted;
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// A role.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Role {
    /// A name of [`BuiltIn`], or a UUIDv7.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it asks of whoever has it. [`demand::change`](super::demand::change) changes it.
    #[sqlx(rename = "second_factor", try_from = "String")]
    pub demand: Demand,
    /// Goes up with each change.
    pub version: i64,
    /// How many people have it by themselves.
    pub people: i64,
    /// How many groups have it.
    pub groups: i64,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// A role as a form has it.
pub struct Typed {
    /// As typed.
    pub name: String,
    /// As typed.
    pub description: String,
    /// The names of permissions.
    pub permissions: Vec<String>,
}

/// The same, checked.
struct Draft {
    label: Label,
    permissions: Vec<Permission>,
}

impl Role {
    /// Every role, those that come with the program first.
    pub async fn all(tx: &mut Tx, _may: &May<right::RolesRead>) -> Result<Vec<Self>> {
        Self::rows(tx).await
    }

    /// The same for who gives them.
    pub async fn assignable(tx: &mut Tx, _may: &May<right::RolesAssign>) -> Result<Vec<Self>> {
        Self::rows(tx).await
    }

    /// Those that whoever invites may promise: none, unless they may give roles, and of these only what they hold.
    pub async fn promisable(tx: &mut Tx, may: &May<right::UsersInvite>) -> Result<Vec<Self>> {
        let mut roles = Vec::new();
        for role in Self::rows(tx).await? {
            let gives = Self::permissions(tx, &role.id).await?;
            let nobody = Rights::default();
            let decision =
                Decision::give_by_invitation((Some(may.actor), &may.rights), (None, &nobody), gives);
            if decision.allowed {
                roles.push(role);
            }
        }
        Ok(roles)
    }

    async fn rows(tx: &mut Tx) -> Result<Vec<Self>> {
        let mut roles = sql!(tx, fetch_all Self,
            "select id, name, description, second_factor, version, updated_at,
                (select count(*) from user_roles where role_id = roles.id) as people,
                (select count(*) from group_roles where role_id = roles.id) as groups
             from roles order by name_key")?;
        roles.sort_by_key(|role| {
            BuiltIn::ALL
                .iter()
                .position(|it| it.id() == role.id)
                .unwrap_or(usize::MAX)
        });
        Ok(roles)
    }

    /// The same with what each gives.
    pub async fn all_with_permissions(
        tx: &mut Tx,
        may: &May<right::RolesRead>,
    ) -> Result<Vec<(Self, Vec<Permission>)>> {
        let roles = Self::all(tx, may).await?;
        let given = sql!(
            tx,
            fetch_all(String, String),
            "select role_id, permission from role_permissions"
        )?;
        let held = |role: &Self| {
            Permission::ALL
                .iter()
                .copied()
                .filter(|permission| match role.built_in() {
                    Some(built_in) => built_in.allows(*permission),
                    None => given
                        .iter()
                        .any(|(id, name)| *id == role.id && name == permission.as_str()),
                })
                .collect()
        };
        Ok(roles
            .into_iter()
            .map(|role| (held(&role), role))
            .map(|(held, role)| (role, held))
            .collect())
    }

    /// The one that comes with the program, if it is one.
    pub fn built_in(&self) -> Option<BuiltIn> {
        BuiltIn::parse(&self.id)
    }

    /// How many people have it, by themselves or through a group.
    pub async fn reach<R: Right>(&self, tx: &mut Tx, _may: &May<R>) -> Result<i64> {
        let (count,) = sql!(tx, fetch_one One<i64>,
            "select count(*) from (
                select user_id from user_roles where role_id = $1
                union
                select m.user_id from group_roles g join group_members m on m.group_id = g.group_id where g.role_id = $1) as everybody",
            self.id.as_str())?;
        Ok(count)
    }

    /// What a role gives.
    pub async fn permissions(tx: &mut Tx, id: &str) -> Result<Vec<Permission>> {
        if let Some(role) = BuiltIn::parse(id) {
            return Ok(Permission::ALL
                .iter()
                .copied()
                .filter(|p| role.allows(*p))
                .collect());
        }
        let names = sql!(tx, fetch_all One<String>, "select permission from role_permissions where role_id = $1", id)?;
        let mut permissions: Vec<_> = names
            .iter()
            .filter_map(|(name,)| Permission::parse(name))
            .collect();
        permissions.sort_unstable();
        Ok(permissions)
    }

    /// A role with its permissions.
    ///
    /// # Errors
    /// [`Code::RoleUnknown`].
    pub async fn find(
        tx: &mut Tx,
        _may: &May<right::RolesRead>,
        id: &str,
    ) -> Result<(Self, Vec<Permission>)> {
        let role = sql!(tx, fetch_optional Self,
            "select id, name, description, second_factor, version, updated_at,
                (select count(*) from user_roles where role_id = roles.id) as people,
                (select count(*) from group_roles where role_id = roles.id) as groups
             from roles where id = $1", id)?;
        let role = role.ok_or_else(|| Error::form(Code::RoleUnknown))?;
        let permissions = Self::permissions(tx, id).await?;
        Ok((role, permissions))
    }
}

impl Role {
    /// A role for who sets values of claims of it. Whether they may, [`claims::held::may_set_for_role`](crate::users::claims::held::may_set_for_role) says.
    ///
    /// # Errors
    /// [`Code::RoleUnknown`].
    pub async fn to_claim(tx: &mut Tx, _may: &May<right::ClaimsWrite>, id: &str) -> Result<Self> {
        let roles = Self::rows(tx).await?;
        let role = roles.into_iter().find(|role| role.id == id);
        role.ok_or_else(|| Error::form(Code::RoleUnknown))
    }

    /// Whether somebody has it, by themselves or through a group.
    pub(crate) async fn is_held_by(tx: &mut Tx, id: &str, user: UserId) -> Result<bool> {
        let (count,) = sql!(tx, fetch_one One<i64>,
            "select count(*) from roles where id = $1
                and (id in (select role_id from user_roles where user_id = $2)
                    or id in (select g.role_id from group_members m join group_roles g on g.group_id = m.group_id
                        where m.user_id = $2))", id, user)?;
        Ok(count > 0)
    }
}

/// Makes a role; its id.
///
/// # Errors
/// Refused with one fault per field, [`Code::NameTaken`], or [`Code::GivesMore`] for a permission that the maker does not hold.
pub async fn create(desk: &Desk<'_>, typed: &Typed) -> Result<String> {
    desk.change(async |tx, may| {
        let draft = Draft::read(typed)?;
        draft.check(may, &[])?;
        let (id, now) = (tx.new_id().to_string(), tx.now());
        let made = sql!(tx, execute
            "insert into roles (id, name, name_key, description, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
             on conflict (name_key) do nothing",
            id.as_str(), draft.label.name(), draft.label.key().as_str(), draft.label.description(), now)?;
        if made == 0 {
            return Err(Error::field(Field::Name, Code::NameTaken));
        }
        draft.write_permissions(tx, &id).await?;
        let given = list(&draft.permissions);
        let detail = [("role", id.as_str()), ("name", draft.label.name()), ("permissions", given.as_str())];
        tx.audit(Entry::by(Event::RoleMade, may.actor, desk.origin).with(&detail)).await?;
        Ok(id)
    })
    .await
}

/// Changes a role that is still as `seen` says.
///
/// # Errors
/// As [`create`]; [`Code::ChangedMeanwhile`] when somebody was faster, [`Code::RoleBuiltIn`] for one that comes with the program.
pub async fn edit(desk: &Desk<'_>, (id, seen): (&str, i64), typed: &Typed) -> Result<()> {
    desk.change(async |tx, may| {
        let draft = Draft::read(typed)?;
        not_built_in(id)?;
        let now = tx.now();
        let changed = sql!(tx, execute
            "update roles set name = $1, name_key = $2, description = $3, version = version + 1, updated_at = $4
             where id = $5 and version = $6
                and not exists (select 1 from roles o where o.name_key = $2 and o.id <> $5)",
            draft.label.name(), draft.label.key().as_str(), draft.label.description(), now, id, seen)?;
        if changed == 0 {
            return Err(why_unchanged(tx, id, seen).await?);
        }
        let before = Role::permissions(tx, id).await?;
        draft.check(may, &before)?;
        sql!(tx, execute "delete from role_permissions where role_id = $1", id)?;
        draft.write_permissions(tx, id).await?;
        let (old, new) = (list(&before), list(&draft.permissions));
        let detail = [("role", id), ("name", draft.label.name())];
        let changes = [Change { field: Shown::Permissions, was: Some(&old), became: Some(&new) }];
        let changes = if old == new { &[][..] } else { &changes[..] };
        tx.audit(Entry::by(Event::RoleChanged, may.actor, desk.origin).with(&detail).changing(changes)).await
    })
    .await
}

/// Removes a role, whose name was typed once more; whoever had it has it no more.
///
/// # Errors
/// [`Code::NameDiffers`], [`Code::RoleBuiltIn`], [`Code::RoleUnknown`], [`Code::ChangedMeanwhile`], [`Code::GivesMore`].
pub async fn remove(desk: &Desk<'_>, (id, seen): (&str, i64), typed_name: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        not_built_in(id)?;
        // Nobody sets a value of a claim of it meanwhile.
        one_at_a_time(tx).await?;
        let before = Role::permissions(tx, id).await?;
        may.holds_all(before.iter().copied())?;
        let named = sql!(tx, fetch_optional One<String>, "select name from roles where id = $1", id)?;
        if named.is_some_and(|(name,)| name != typed_name.trim()) {
            return Err(Error::field(Field::Confirmation, Code::NameDiffers));
        }
        demand::check_end(tx, may.actor, id).await?;
        let claims = noted::of_role(tx, id).await?;
        if sql!(tx, execute "delete from roles where id = $1 and version = $2", id, seen)? == 0 {
            return Err(why_unchanged(tx, id, seen).await?);
        }
        settle_leavers(tx).await?;
        let old = list(&before);
        let detail = [("role", id), ("name", typed_name.trim())];
        let gone = |field, was| Change {
            field,
            was: Some(was),
            became: None,
        };
        let mut changes = vec![gone(Shown::Permissions, old.as_str())];
        changes.extend(claims.as_deref().map(|was| gone(Shown::ClaimValue, was)));
        let entry = Entry::by(Event::RoleRemoved, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

async fn why_unchanged(tx: &mut Tx, id: &str, seen: i64) -> Result<Error> {
    let found = sql!(tx, fetch_optional One<i64>, "select version from roles where id = $1", id)?;
    Ok(match found {
        None => Error::form(Code::RoleUnknown),
        Some((version,)) if version == seen => Error::field(Field::Name, Code::NameTaken),
        Some(_) => Error::form(Code::ChangedMeanwhile),
    })
}

impl Draft {
    fn read(typed: &Typed) -> Result<Self> {
        let label = Label::read(&typed.name, &typed.description)?;
        let parsed = typed.permissions.iter().map(|name| Permission::parse(name));
        let mut permissions: Vec<_> = parsed
            .collect::<Option<_>>()
            .ok_or_else(|| Error::form(Code::Malformed))?;
        permissions.sort_unstable();
        permissions.dedup();
        Ok(Self { label, permissions })
    }

    /// What is added or taken away must be held by whoever does it.
    fn check(&self, may: &May<right::RolesWrite>, before: &[Permission]) -> Result<()> {
        let differs = |p: &&Permission| before.contains(p) != self.permissions.contains(p);
        may.holds_all(Permission::ALL.iter().filter(differs).copied())
    }

    async fn write_permissions(&self, tx: &mut Tx, role: &str) -> Result<()> {
        for permission in &self.permissions {
            sql!(tx, execute "insert into role_permissions (role_id, permission) values ($1, $2)", role, permission.as_str())?;
        }
        Ok(())
    }
}

fn list(permissions: &[Permission]) -> String {
    permissions
        .iter()
        .map(|p| p.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_built_in(id: &str) -> Result<()> {
    match BuiltIn::parse(id) {
        Some(_) => Err(Error::form(Code::RoleBuiltIn)),
        None => Ok(()),
    }
}
