//! What somebody may do: a closed list. docs/security/authorization.md prints it.

/// A permission, as a type: what a [`May`](super::May) proves.
pub trait Right {
    /// The same as a value.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// What somebody may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[doc = $doc])* $name,)*
        }

        impl Permission {
            /// Every permission, in the order in which pages show them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As it is stored and shown: the thing, a colon, the deed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it lets do, for documents.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii()),* }
            }
        }

        /// The permissions as types.
        pub mod right {
            $(
                $(#[doc = $doc])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;

                impl super::Right for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )*
        }
    };
}

permissions! {
    /// See the dashboard.
    ConsoleRead = "console:read",
    /// See people, what they have proven, their devices, and what happened to them.
    UsersRead = "users:read",
    /// Make and edit accounts, lock and unlock them, ask for a new password, send messages again.
    UsersWrite = "users:write",
    /// Erase an account.
    UsersDelete = "users:delete",
    /// Invite people.
    UsersInvite = "users:invite",
    /// Bring in people from a file; their passwords come along only when somebody brings it who holds every permission.
    UsersImport = "users:import",
    /// Take a list of people away.
    UsersExport = "users:export",
    /// See the pages of a person as they see them, for a quarter of an hour; the person is told.
    UsersImpersonate = "users:impersonate",
    /// Take a second factor of a person away.
    FactorsRemove = "factors:remove",
    /// End sessions of people.
    SessionsEnd = "sessions:end",
    /// See roles, groups and claims.
    RolesRead = "roles:read",
    /// Make, edit and remove roles and groups.
    RolesWrite = "roles:write",
    /// Give roles to people and groups, and take them away.
    RolesAssign = "roles:assign",
    /// Define and remove claims, and give them values: of people with `users:write`, of roles with `roles:write`.
    ClaimsWrite = "claims:write",
    /// See what happened.
    AuditRead = "audit:read",
    /// Take a copy of it away.
    AuditExport = "audit:export",
    /// See the settings.
    SettingsRead = "settings:read",
    /// Change them.
    SettingsWrite = "settings:write",
    /// See what was sent, and why it failed.
    MessagesRead = "messages:read",
    /// Send it again.
    MessagesWrite = "messages:write",
    /// See what waits to be done, and what failed.
    JobsRead = "jobs:read",
    /// Try it again, or give it up.
    JobsWrite = "jobs:write",
    /// See who is told what happens.
    WebhooksRead = "webhooks:read",
    /// Change that.
    WebhooksWrite = "webhooks:write",
    /// See how the server is doing.
    HealthRead = "health:read",
}

impl Permission {
    /// The permission of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|permission| permission.as_str() == name)
    }

    /// True when it changes nothing.
    pub fn only_reads(self) -> bool {
        self.as_str().ends_with(":read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reads_back_and_has_a_name_of_its_own() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
            assert!(permission.as_str().split_once(':').is_some() && !permission.doc().is_empty());
        }
        assert_eq!(Permission::parse("users:*"), None);
        assert_eq!(Permission::parse(""), None);
    }
}
