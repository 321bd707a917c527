//! A row that was read, held against what a person may be.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::columns::Record;
use super::reason::Reason;
use crate::Result;
use crate::authentication::password::foreign::{Foreign, NotTaken};
use crate::authorization::role::Role;
use crate::authorization::{Permission, Rights};
use crate::platform::db::Tx;
use crate::sql;
use crate::users::email::Email;
use crate::users::name::Name;
use crate::users::time_zone::TimeZone;
use crate::words::Language;

/// Everything that a row makes of a person, as it waits sealed in `import_rows`.
#[derive(Serialize, Deserialize)]
pub(super) struct Draft {
    pub name: String,
    pub email: String,
    pub email_key: String,
    pub locale: String,
    pub time_zone: Option<String>,
    /// Whether the address counts as proven.
    pub proven: bool,
    pub locked: bool,
    /// Ids of roles.
    pub roles: Vec<String>,
    /// A hash from elsewhere, as it stands in the file, if it may be taken over.
    pub password: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The roles that there are, and which of them may be given.
pub(super) struct Givable(Vec<GivableRole>);

struct GivableRole {
    id: String,
    name_key: String,
    may_be_given: bool,
}

/// What a row is held against.
pub(super) struct Terms<'a> {
    pub roles: &'a Givable,
    /// Whether an address counts as proven where the file says nothing of it.
    pub proven: bool,
    /// Whether [hashes are taken over](takes_hashes).
    pub takes_hashes: bool,
    pub now: DateTime<Utc>,
}

/// Whether hashes are taken over from somebody with these rights; `None`: from the operator of the machine. Whoever brings a hash knows
/// the password, and may be in the account before its owner is, who may be given any role later: so only who may do everything.
pub(super) fn takes_hashes(rights: Option<&Rights>) -> bool {
    rights.is_none_or(Rights::has_all)
}

impl Givable {
    /// By somebody with these rights; `None`: by the operator of the machine, who may give each. Nobody gives what they don't hold.
    pub async fn read(tx: &mut Tx, rights: Option<&Rights>) -> Result<Self> {
        let all = sql!(tx, fetch_all(String, String), "select id, name_key from roles")?;
        let mut roles = Vec::new();
        for (id, name_key) in all {
            let may_be_given = match rights {
                None => true,
                Some(rights) => {
                    rights.has(Permission::RolesAssign)
                        && rights.lacks(Role::permissions(tx, &id).await?).is_none()
                }
            };
            roles.push(GivableRole {
                id,
                name_key,
                may_be_given,
            });
        }
        Ok(Self(roles))
    }

    /// The id of a role by its id; else by its name.
    fn find(&self, named: &str) -> Result<&str, Reason> {
        let by_name = || {
            let key = named.to_lowercase();
            self.0.iter().find(|role| role.name_key == key)
        };
        let role = self.by_id(named).or_else(by_name);
        role.ok_or(Reason::RoleUnknown)?.given()
    }

    fn by_id(&self, id: &str) -> Option<&GivableRole> {
        self.0.iter().find(|role| role.id == id)
    }

    /// Whether all of these are there and may be given. Ids only: what was found by its name has one by now, and somebody may have called
    /// another role like it since.
    pub fn has_all(&self, ids: &[String]) -> Result<(), Reason> {
        ids.iter().try_for_each(|id| {
            let role = self.by_id(id).ok_or(Reason::RoleUnknown)?;
            role.given().map(|_| ())
        })
    }
}

impl GivableRole {
    fn given(&self) -> Result<&str, Reason> {
        if self.may_be_given {
            Ok(&self.id)
        } else {
            Err(Reason::RoleNotYours)
        }
    }
}

impl Draft {
    /// Reads a person.
    ///
    /// # Errors
    /// What is wrong with the row: the first thing, in the order of the columns.
    pub fn read(record: &Record, terms: &Terms<'_>) -> Result<Self, Reason> {
        let email = Email::parse(&record.email).map_err(|_| Reason::Email)?;
        let proven = match record.email_verified.to_ascii_lowercase().as_str() {
            "" => terms.proven,
            "true" | "yes" | "1" => true,
            "false" | "no" | "0" => false,
            _ => return Err(Reason::Verified),
        };
        let name = match record.name.as_str() {
            "" => named_after(&email),
            typed => Name::parse(typed).map_err(|_| Reason::Name)?.as_str().to_owned(),
        };
        let time_zone = match record.time_zone.as_str() {
            "" => None,
            zone => Some(TimeZone::parse(zone).map_err(|_| Reason::TimeZone)?),
        };
        let locked = match record.state.to_ascii_lowercase().as_str() {
            "" | "active" => false,
            "locked" => true,
            _ => return Err(Reason::State),
        };
        let mut roles: Vec<String> = Vec::new();
        for named in &record.roles {
            let id = terms.roles.find(named)?;
            if !roles.iter().any(|role| role == id) {
                roles.push(id.to_owned());
            }
        }
        let password = match record.password_hash.as_str() {
            "" => None,
            text => match Foreign::parse(text) {
                Ok(_) => Some(text.to_owned()),
                Err(NotTaken::Unread) => return Err(Reason::HashUnread),
                Err(NotTaken::Costly) => return Err(Reason::HashCostly),
            },
        };
        Ok(Self {
            name,
            email: email.as_str().to_owned(),
            email_key: email.key().as_str().to_owned(),
            // A language that we don't have is no fault of the file.
            locale: Language::lookup(&record.locale.replace('_', "-"))
                .unwrap_or_default()
                .tag()
                .to_owned(),
            time_zone: time_zone.map(|zone| zone.name().to_owned()),
            // Whoever opened an account with somebody else's address must not get it here by the password of there.
            password: password.filter(|_| proven && terms.takes_hashes),
            proven,
            locked,
            roles,
            created_at: moment(&record.created_at, terms.now)?,
        })
    }
}

/// Somebody without a name is called what stands before the `@`, or, where that is no name, `?`.
fn named_after(email: &Email) -> String {
    let name = Name::parse(email.local_part());
    name.map_or_else(|_| "?".to_owned(), |name| name.as_str().to_owned())
}

/// A moment of RFC 3339, or milliseconds since 1970, and not in the future. Nothing is now.
fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Reason> {
    if text.is_empty() {
        return Ok(now);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let at = if is_number {
        text.parse().ok().and_then(DateTime::from_timestamp_millis)
    } else {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| at.with_timezone(&Utc))
    };
    // Both databases keep microseconds.
    let at = at.and_then(|at| DateTime::from_timestamp_micros(at.timestamp_micros()));
    at.filter(|at| (DateTime::UNIX_EPOCH..=now).contains(at))
        .ok_or(Reason::CreatedAt)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody may call a role as another one's id is.
    #[test]
    fn a_role_is_found_by_its_id_before_its_name_and_asked_about_again_by_its_id_alone() {
        let role = |id: &str, name_key: &str, may_be_given| GivableRole {
            id: id.to_owned(),
            name_key: name_key.to_owned(),
            may_be_given,
        };
        let roles = Givable(vec![
            role("1", "2", true),
            role("2", "keeper", false),
            role("3", "reader", true),
        ]);
        assert_eq!(roles.find("2"), Err(Reason::RoleNotYours), "the one with the id");
        assert_eq!(roles.find("keeper"), Err(Reason::RoleNotYours));
        assert_eq!(roles.find("1"), Ok("1"));
        let asked = |id: &str| roles.has_all(&[id.to_owned()]);
        assert_eq!(asked("1"), Ok(()));
        assert_eq!(asked("2"), Err(Reason::RoleNotYours));
        assert_eq!(asked("keeper"), Err(Reason::RoleUnknown), "a name is no id");
        assert_eq!(asked("4"), Err(Reason::RoleUnknown));
    }
}
