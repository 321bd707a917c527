//! What somebody holds, and through which role.

use std::collections::BTreeMap;

use super::built_in::BuiltIn;
use super::permission::Permission;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Result, sql};

/// Everything that somebody may do. Read anew for each request that asks: what was taken away is gone with the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights {
    /// The names of the roles that give each permission.
    held: BTreeMap<Permission, Vec<String>>,
    administrator: bool,
}

/// A role that somebody has, with one of its permissions if somebody made the role.
#[derive(sqlx::FromRow)]
struct Held {
    role_id: String,
    name: String,
    permission: Option<String>,
}

impl Rights {
    /// Of a person: by roles of their own and by those of their groups.
    pub async fn of(tx: &mut Tx, user: UserId) -> Result<Self> {
        let held = sql!(tx, fetch_all Held,
            "select r.id as role_id, r.name, p.permission from roles r left join role_permissions p on p.role_id = r.id
             where r.id in (
                select role_id from user_roles where user_id = $1
                union
                select g.role_id from group_roles g join group_members m on m.group_id = g.group_id where m.user_id = $1)
             order by r.name", user)?;
        let mut rights = Self::default();
        for row in held {
            rights.add(row);
        }
        Ok(rights)
    }

    /// Of somebody who asked for something that is done later: nothing when they are gone, locked, have closed their account, or are about to
    /// leave. `None` is somebody who is gone.
    pub async fn now(tx: &mut Tx, user: Option<UserId>) -> Result<Self> {
        let Some(id) = user else {
            return Ok(Self::default());
        };
        let is_here = sql!(tx, fetch_optional One<UserId>,
            "select id from users where id = $1 and locked_at is null and deactivated_at is null and erase_at is null", id)?;
        match is_here {
            Some(_) => Self::of(tx, id).await,
            None => Ok(Self::default()),
        }
    }

    fn add(&mut self, row: Held) {
        let permissions = match BuiltIn::parse(&row.role_id) {
            Some(role) => {
                self.administrator |= role == BuiltIn::Administrator;
                Permission::ALL
                    .iter()
                    .copied()
                    .filter(|p| role.allows(*p))
                    .collect()
            }
            // A permission of a version that is not this one allows nothing.
            None => row
                .permission
                .as_deref()
                .and_then(Permission::parse)
                .into_iter()
                .collect::<Vec<_>>(),
        };
        for permission in permissions {
            self.held.entry(permission).or_default().push(row.name.clone());
        }
    }

    /// Whether they hold it.
    pub fn has(&self, permission: Permission) -> bool {
        self.held.contains_key(&permission)
    }

    /// Everything that they hold.
    pub fn held(&self) -> impl Iterator<Item = Permission> {
        self.held.keys().copied()
    }

    /// The rights of somebody with these roles.
    #[cfg(test)]
    pub(super) fn by(roles: &[BuiltIn]) -> Self {
        let mut rights = Self::default();
        for role in roles {
            rights.add(Held {
                role_id: role.id().to_owned(),
                name: role.id().to_owned(),
                permission: None,
            });
        }
        rights
    }

    /// The names of the roles that give it.
    pub fn through(&self, permission: Permission) -> &[String] {
        self.held.get(&permission).map_or(&[], Vec::as_slice)
    }

    /// Whether they hold any: then there is a console for them.
    pub fn any(&self) -> bool {
        !self.held.is_empty()
    }

    /// Whether they hold every permission there is: nobody may do what they may not.
    pub fn has_all(&self) -> bool {
        self.lacks(Permission::ALL.iter().copied()).is_none()
    }

    /// Whether they have the role of administrators.
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// The first of these that they don't hold.
    pub fn lacks(&self, permissions: impl IntoIterator<Item = Permission>) -> Option<Permission> {
        permissions.into_iter().find(|permission| !self.has(*permission))
    }
}
