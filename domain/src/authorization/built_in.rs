//! The roles that come with the program. What they allow is code, so that a new version's permissions are theirs from its first start;
//! nobody can change or remove them.

use super::permission::Permission;

/// A role that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// May do everything.
    Administrator,
    /// Helps people: sees them, and their pages as they see them, unlocks them, ends their sessions, sends messages again.
    Support,
    /// Sees everything and changes nothing.
    Auditor,
}

impl BuiltIn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Support, Self::Auditor];

    /// Its id in the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Support => "support",
            Self::Auditor => "auditor",
        }
    }

    /// The one with this id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// Whether it allows something. Support takes no factor away and gives no role: who talks a helper into something gets no
    /// further than what the person's own mailbox would allow. It sets no claim either: an application may let people in by one. To see what a person sees is what helping them takes, and changes nothing.
    pub fn allows(self, permission: Permission) -> bool {
        match self {
            Self::Administrator => true,
            Self::Support => matches!(
                permission,
                Permission::ConsoleRead
                    | Permission::UsersRead
                    | Permission::UsersWrite
                    | Permission::UsersInvite
                    | Permission::UsersImpersonate
                    | Permission::SessionsEnd
                    | Permission::RolesRead
                    | Permission::MessagesRead
                    | Permission::MessagesWrite
            ),
            Self::Auditor => permission.only_reads() || permission == Permission::AuditExport,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_changes_nothing_and_support_gives_nothing() {
        let of = |role: BuiltIn| Permission::ALL.iter().copied().filter(move |p| role.allows(*p));
        assert_eq!(of(BuiltIn::Administrator).count(), Permission::ALL.len());
        assert!(of(BuiltIn::Auditor).all(|p| p.only_reads() || p == Permission::AuditExport));
        for denied in [
            Permission::RolesAssign,
            Permission::ClaimsWrite,
            Permission::FactorsRemove,
            Permission::UsersDelete,
            Permission::UsersExport,
        ] {
            assert!(!BuiltIn::Support.allows(denied), "{denied:?}");
        }
    }
}
