//! What events are about, so that somebody can ask for all sign-ins and not for each kind of them.

use super::Event;

macro_rules! topics {
    ($($(#[doc = $doc:literal])* $topic:ident = $name:literal: $($event:ident)*;)*) => {
        /// What an event is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Topic {
            $($(#[doc = $doc])* $topic,)*
        }

        impl Topic {
            /// All of them, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$topic),*];

            /// The word for it in addresses.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$topic => $name),* }
            }

            /// The events that are about it; each belongs to one topic.
            pub fn events(self) -> &'static [Event] {
                match self { $(Self::$topic => &[$(Event::$event),*]),* }
            }
        }
    };
}

topics! {
    /// Getting in, and not getting in.
    SignIns = "sign-ins": SignedIn SignInFailed SignInThrottled SignInChallenged FactorFailed FactorThrottled PasskeyRefused;
    /// What goes on in a session.
    Sessions = "sessions": Confirmed SignedOut SessionEnded OtherSessionsEnded SessionEndedByOperator SessionsEnded EverybodySignedOut
        AccountSwitched DeviceTrusted DeviceTrustEnded ViewBegan ViewEnded ViewRefused;
    /// Passwords.
    Passwords = "passwords": PasswordChanged PasswordResetRequested PasswordReset PasswordSet PasswordRehashed ResetLinkSent PasswordDemanded
        PasswordDemandWithdrawn;
    /// Second factors and passkeys.
    Factors = "factors": TotpAdded TotpRemoved SmsCodesAdded SmsCodesRemoved MailCodesAdded MailCodesRemoved PasskeyAdded PasskeyRenamed
        PasskeyRemoved PasskeyCounter RecoveryCodesMade RecoveryCodeUsed FactorsCleared FactorRemovedByOperator;
    /// Accounts: how they begin, change and end.
    Accounts = "accounts": SignUpRequested SignedUp ProfileChanged EmailChangeRequested EmailChanged EmailChangeUndone AccountClosed
        AccountReopened AlarmRaised Locked Unlocked ExportAsked ExportMade ExportFetched ErasureAsked ErasureUndone Erased
        EditedByOperator ErasureAskedByOperator ErasureUndoneByOperator PersonMade PersonImported WelcomeSentAgain
        InvitationSent InvitationSentAgain InvitationRevoked InvitationAccepted NoteAdded NoteRemoved;
    /// The delayed way back in.
    Recoveries = "recoveries": RecoveryAsked RecoveryHastened RecoveryReady RecoveryCancelled Recovered;
    /// Who may do what.
    Rights = "rights": Denied RoleMade RoleChanged RoleRemoved RoleGiven RoleTaken ClaimDefined ClaimDescribed ClaimRemoved ClaimSetForPerson ClaimSetForRole GroupMade GroupRenamed GroupRemoved GroupJoined GroupLeft
        GroupGivenRole GroupLostRole;
    /// The server itself.
    Server = "server": SetUp SetupLinkMade KeyRotated BackedUp Restored Moved AuditChained AuditKeyMade AuditCut AuditChecked AuditExported
        SettingsChanged MessageSentAgain MessageDiscarded JobsRetried JobsDiscarded ImportTried ImportBegun PeopleImported PeopleExported;
}

impl Topic {
    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.as_str() == name)
    }

    /// The one that an event of this name belongs to.
    pub fn of(kind: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|topic| topic.events().iter().any(|event| event.as_str() == kind))
    }
}

/// Every event, in the order of the topics.
pub fn events() -> impl Iterator<Item = Event> {
    Topic::ALL.iter().flat_map(|topic| topic.events()).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_event_belongs_to_one_topic() {
        let source = include_str!("mod.rs").split("fn as_str").nth(1);
        let source = source.and_then(|rest| rest.split("fn outcome").next());
        let names = source.expect("the names of the events").split("=> \"").skip(1);
        let names: BTreeSet<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
        let filed: Vec<&str> = events().map(Event::as_str).collect();
        let without: Vec<_> = names.iter().filter(|name| !filed.contains(name)).collect();
        assert!(without.is_empty(), "these belong to no topic: {without:?}");
        assert_eq!(names.len(), filed.len(), "one belongs to two topics");
    }

    #[test]
    fn each_topic_reads_back() {
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(*topic));
            assert_eq!(Topic::of(topic.events()[0].as_str()), Some(*topic));
        }
        assert_eq!(Topic::parse("everything"), None);
        assert_eq!(Topic::of("nothing.happened"), None);
    }
}
