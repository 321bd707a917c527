//! What happened: one row per security event, written in the transaction of the change itself, as a chain of which nothing can be
//! changed unseen (`docs/security/audit.md`).

pub mod activity;
mod adopt;
mod canon;
mod chain;
pub mod check;
pub mod checkpoint;
pub mod copy;
pub mod follow;
pub(crate) mod past;
mod retention;
pub mod signer;
pub mod topic;
pub mod trail;
pub mod verify;
pub mod why;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::settings::Key;

pub(crate) use self::adopt::adopt;
pub(crate) use self::chain::Noted;

/// Who asks, as far as the request tells: goes into audit rows and sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The client's address (after the trusted proxies), as text.
    pub address: String,
    /// The `User-Agent` header, cut to 400 bytes.
    pub user_agent: String,
    /// The id of the request, as in the log and on the error page.
    pub request_id: String,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The first administrator was made.
    SetUp,
    /// Somebody asked for an account.
    SignUpRequested,
    /// An address was proven and the account exists.
    SignedUp,
    /// Somebody signed in.
    SignedIn,
    /// A sign-in was refused: no match.
    SignInFailed,
    /// A sign-in was refused without looking: too many failures.
    SignInThrottled,
    /// A password was right, and a second factor is owed.
    SignInChallenged,
    /// An answer to a second factor was wrong.
    FactorFailed,
    /// An answer to a second factor was refused without looking: too many failures.
    FactorThrottled,
    /// A person added an authenticator app, in place of another one if they had one.
    TotpAdded,
    /// A person took it away.
    TotpRemoved,
    /// A person added a telephone, to which codes go as their second factor.
    SmsCodesAdded,
    /// A person took it away.
    SmsCodesRemoved,
    /// A person wants codes by mail as their second factor.
    MailCodesAdded,
    /// A person wants them no longer.
    MailCodesRemoved,
    /// A person added a passkey.
    PasskeyAdded,
    /// A person gave a passkey another name.
    PasskeyRenamed,
    /// A person took a passkey away.
    PasskeyRemoved,
    /// A sign-in with a passkey was refused.
    PasskeyRefused,
    /// The counter of a passkey went back: there may be a copy of it.
    PasskeyCounter,
    /// A person got a new set of recovery codes.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// An operator took every second factor of a person away.
    FactorsCleared,
    /// An operator took one second factor of a person away.
    FactorRemovedByOperator,
    /// A person wants not to be asked for the second factor in a browser for some time.
    DeviceTrusted,
    /// A person wants to be asked there again.
    DeviceTrustEnded,
    /// Somebody who is signed in proved once more who they are.
    Confirmed,
    /// Somebody signed out.
    SignedOut,
    /// Somebody ended one of their other sessions.
    SessionEnded,
    /// Somebody ended all sessions but the one at hand.
    OtherSessionsEnded,
    /// An operator ended a session of a person, or all of them.
    SessionEndedByOperator,
    /// An operator began to look at a person's account as they see it.
    ViewBegan,
    /// That is over.
    ViewEnded,
    /// Who looked tried to change something.
    ViewRefused,
    /// An operator ended the sessions of everybody.
    EverybodySignedOut,
    /// Somebody went on with another account that waited in the browser.
    AccountSwitched,
    /// Somebody said "this wasn't me" by the link of a notice.
    AlarmRaised,
    /// A person changed their name, time zone or language.
    ProfileChanged,
    /// An operator changed a person's name, time zone or language.
    EditedByOperator,
    /// A person asked for another mail address.
    EmailChangeRequested,
    /// The new mail address was confirmed, and is the account's.
    EmailChanged,
    /// A change of the mail address was undone from the old one.
    EmailChangeUndone,
    /// A person closed their account for now.
    AccountClosed,
    /// A person signed in to their closed account, and it is open again.
    AccountReopened,
    /// A password hash was renewed under newer settings.
    PasswordRehashed,
    /// Somebody asked for a link to reset a password.
    PasswordResetRequested,
    /// A person set another password.
    PasswordChanged,
    /// A password was reset by a link.
    PasswordReset,
    /// An operator mailed a person a link to choose another password.
    ResetLinkSent,
    /// An operator wants another password from a person.
    PasswordDemanded,
    /// An operator took that back.
    PasswordDemandWithdrawn,
    /// Somebody asked to get back in without any factor.
    RecoveryAsked,
    /// An operator shortened the wait, and said why.
    RecoveryHastened,
    /// The wait was over, and the link was mailed.
    RecoveryReady,
    /// A recovery was stopped: by a sign-in, by the link of a mail, or by whoever was signed in.
    RecoveryCancelled,
    /// A person set a new password at the end of a recovery; every other factor was taken away.
    Recovered,
    /// A person asked for a copy of their data.
    ExportAsked,
    /// The copy was made.
    ExportMade,
    /// The copy was fetched.
    ExportFetched,
    /// A person asked for their account to be erased.
    ErasureAsked,
    /// An operator asked for a person's account to be erased.
    ErasureAskedByOperator,
    /// A person kept it after all.
    ErasureUndone,
    /// An operator kept it after all.
    ErasureUndoneByOperator,
    /// An account was erased.
    Erased,
    /// An operator set a new password.
    PasswordSet,
    /// An operator made an account for a person.
    PersonMade,
    /// An operator mailed the link to it once more.
    WelcomeSentAgain,
    /// An operator invited somebody by mail.
    InvitationSent,
    /// An operator sent an invitation again.
    InvitationSentAgain,
    /// An operator revoked an invitation.
    InvitationRevoked,
    /// Somebody accepted an invitation.
    InvitationAccepted,
    /// An operator locked an account.
    Locked,
    /// An operator unlocked an account.
    Unlocked,
    /// An operator wrote a note about a person.
    NoteAdded,
    /// An operator took such a note away.
    NoteRemoved,
    /// An operator ended all sessions of a person.
    SessionsEnded,
    /// Somebody tried a file of people: what would become of each row was said, and nothing done.
    ImportTried,
    /// Somebody began to bring in people from a file.
    ImportBegun,
    /// That is over.
    PeopleImported,
    /// A person was brought in with it.
    PersonImported,
    /// Somebody took a list of people away.
    PeopleExported,
    /// Somebody was refused what their roles don't allow.
    Denied,
    /// A role was made.
    RoleMade,
    /// A role was changed.
    RoleChanged,
    /// A role was removed.
    RoleRemoved,
    /// A claim was defined.
    ClaimDefined,
    /// What a claim is for was said anew.
    ClaimDescribed,
    /// A claim was removed, with every value of it.
    ClaimRemoved,
    /// A person was given a value of a claim, or it was taken away.
    ClaimSetForPerson,
    /// A role was given a value of a claim, or it was taken away.
    ClaimSetForRole,
    /// A group was made.
    GroupMade,
    /// A group has another name, or another description.
    GroupRenamed,
    /// A group was removed.
    GroupRemoved,
    /// A person was put into a group.
    GroupJoined,
    /// A person was taken out of a group.
    GroupLeft,
    /// A group was given a role.
    GroupGivenRole,
    /// A role was taken from a group.
    GroupLostRole,
    /// A person was given a role.
    RoleGiven,
    /// A role was taken from a person.
    RoleTaken,
    /// Settings were changed in the console.
    SettingsChanged,
    /// A message was sent again.
    MessageSentAgain,
    /// A message was taken out of the queue.
    MessageDiscarded,
    /// Jobs that were given up are tried again.
    JobsRetried,
    /// Jobs were taken out of the queue.
    JobsDiscarded,
    /// An operator asked for a new set-up link.
    SetupLinkMade,
    /// A new master key took over.
    KeyRotated,
    /// A backup was made.
    BackedUp,
    /// A backup took the place of what was there.
    Restored,
    /// Everything was copied here from another database.
    Moved,
    /// Rows of the audit from before it was a chain got their places in it.
    AuditChained,
    /// The key that signs checkpoints of the audit was made.
    AuditKeyMade,
    /// The whole chain of the audit was examined.
    AuditChecked,
    /// Somebody took a copy of the audit away.
    AuditExported,
    /// Rows of the audit that were older than they are kept went.
    AuditCut,
}

impl Event {
    /// The name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "installation.set_up",
            Self::SignUpRequested => "sign_up.requested",
            Self::SignedUp => "sign_up.completed",
            Self::SignedIn => "sign_in.succeeded",
            Self::SignInFailed => "sign_in.failed",
            Self::SignInThrottled => "sign_in.throttled",
            Self::SignInChallenged => "sign_in.challenged",
            Self::FactorFailed => "factor.failed",
            Self::FactorThrottled => "factor.throttled",
            Self::TotpAdded => "totp.added",
            Self::TotpRemoved => "totp.removed",
            Self::SmsCodesAdded => "sms_codes.added",
            Self::SmsCodesRemoved => "sms_codes.removed",
            Self::MailCodesAdded => "mail_codes.added",
            Self::MailCodesRemoved => "mail_codes.removed",
            Self::PasskeyAdded => "passkey.added",
            Self::PasskeyRenamed => "passkey.renamed",
            Self::PasskeyRemoved => "passkey.removed",
            Self::PasskeyRefused => "passkey.refused",
            Self::PasskeyCounter => "passkey.counter_went_back",
            Self::RecoveryCodesMade => "recovery_codes.made",
            Self::RecoveryCodeUsed => "recovery_codes.used",
            Self::FactorsCleared => "factors.cleared_by_operator",
            Self::FactorRemovedByOperator => "factor.removed_by_operator",
            Self::DeviceTrusted => "device.trusted",
            Self::DeviceTrustEnded => "device.trust_ended",
            Self::Confirmed => "session.confirmed",
            Self::SignedOut => "session.signed_out",
            Self::SessionEnded => "session.ended",
            Self::OtherSessionsEnded => "session.others_ended",
            Self::SessionEndedByOperator => "session.ended_by_operator",
            Self::ViewBegan => "view.began",
            Self::ViewEnded => "view.ended",
            Self::ViewRefused => "view.refused",
            Self::EverybodySignedOut => "session.everybody_signed_out",
            Self::AccountSwitched => "session.switched_to",
            Self::AlarmRaised => "account.alarm_raised",
            Self::ProfileChanged => "profile.changed",
            Self::EditedByOperator => "profile.changed_by_operator",
            Self::EmailChangeRequested => "email.change_requested",
            Self::EmailChanged => "email.changed",
            Self::EmailChangeUndone => "email.change_undone",
            Self::AccountClosed => "account.closed",
            Self::AccountReopened => "account.reopened",
            Self::PasswordRehashed => "password.rehashed",
            Self::PasswordResetRequested => "password.reset_requested",
            Self::PasswordChanged => "password.changed",
            Self::PasswordReset => "password.reset",
            Self::ResetLinkSent => "password.reset_link_sent",
            Self::PasswordDemanded => "password.demanded",
            Self::PasswordDemandWithdrawn => "password.demand_withdrawn",
            Self::RecoveryAsked => "recovery.asked",
            Self::RecoveryHastened => "recovery.hastened_by_operator",
            Self::RecoveryReady => "recovery.link_mailed",
            Self::RecoveryCancelled => "recovery.cancelled",
            Self::Recovered => "recovery.completed",
            Self::ExportAsked => "export.asked",
            Self::ExportMade => "export.made",
            Self::ExportFetched => "export.fetched",
            Self::ErasureAsked => "erasure.asked",
            Self::ErasureAskedByOperator => "erasure.asked_by_operator",
            Self::ErasureUndone => "erasure.undone",
            Self::ErasureUndoneByOperator => "erasure.undone_by_operator",
            Self::Erased => "erasure.done",
            Self::PasswordSet => "password.set_by_operator",
            Self::PersonMade => "user.made_by_operator",
            Self::WelcomeSentAgain => "user.link_sent_again",
            Self::InvitationSent => "invitation.sent",
            Self::InvitationSentAgain => "invitation.sent_again",
            Self::InvitationRevoked => "invitation.revoked",
            Self::InvitationAccepted => "invitation.accepted",
            Self::Locked => "user.locked",
            Self::Unlocked => "user.unlocked",
            Self::NoteAdded => "note.added",
            Self::NoteRemoved => "note.removed",
            Self::SessionsEnded => "session.all_ended_by_operator",
            Self::ImportTried => "people.import_tried",
            Self::ImportBegun => "people.import_begun",
            Self::PeopleImported => "people.imported",
            Self::PersonImported => "user.imported",
            Self::PeopleExported => "people.exported",
            Self::Denied => "access.denied",
            Self::RoleMade => "role.made",
            Self::RoleChanged => "role.changed",
            Self::RoleRemoved => "role.removed",
            Self::ClaimDefined => "claim.defined",
            Self::ClaimDescribed => "claim.described",
            Self::ClaimRemoved => "claim.removed",
            Self::ClaimSetForPerson => "claim.set_for_person",
            Self::ClaimSetForRole => "claim.set_for_role",
            Self::GroupMade => "group.made",
            Self::GroupRenamed => "group.renamed",
            Self::GroupRemoved => "group.removed",
            Self::GroupJoined => "group.joined",
            Self::GroupLeft => "group.left",
            Self::GroupGivenRole => "group.role_given",
            Self::GroupLostRole => "group.role_taken",
            Self::RoleGiven => "role.given",
            Self::RoleTaken => "role.taken",
            Self::SettingsChanged => "settings.changed",
            Self::MessageSentAgain => "message.sent_again",
            Self::MessageDiscarded => "message.discarded",
            Self::JobsRetried => "jobs.retried",
            Self::JobsDiscarded => "jobs.discarded",
            Self::SetupLinkMade => "installation.setup_link_made",
            Self::KeyRotated => "installation.key_rotated",
            Self::BackedUp => "installation.backed_up",
            Self::Restored => "installation.restored",
            Self::Moved => "installation.moved",
            Self::AuditChained => "audit.chained",
            Self::AuditKeyMade => "audit.key_made",
            Self::AuditChecked => "audit.checked",
            Self::AuditExported => "audit.exported",
            Self::AuditCut => "audit.cut",
        }
    }

    fn outcome(self) -> &'static str {
        match self {
            Self::SignInFailed
            | Self::SignInThrottled
            | Self::FactorFailed
            | Self::FactorThrottled
            | Self::PasskeyRefused
            | Self::ViewRefused
            | Self::Denied => "refused",
            _ => "done",
        }
    }
}

/// One row to write.
#[derive(Debug)]
pub struct Entry<'a> {
    /// What happened.
    pub event: Event,
    /// Who did it, if known.
    pub actor: Option<Uuid>,
    /// To whose account.
    pub subject: Option<Uuid>,
    /// Which session it belongs to.
    pub session: Option<Uuid>,
    /// Where it came from.
    pub origin: &'a Origin,
    /// More, without secrets: names and values.
    pub detail: &'a [(&'a str, &'a str)],
    /// Which values changed.
    pub changes: &'a [Change<'a>],
}

/// A value before and after.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Which one.
    pub field: Shown,
    /// As it was; `None`: there was none.
    pub was: Option<&'a str>,
    /// As it is from now on.
    pub became: Option<&'a str>,
}

/// The fields whose values may stand in the audit. There is none for a secret, so none can get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The name of a time zone.
    TimeZone,
    /// The tag of a language.
    Language,
    /// What a role asks for at a sign-in: the name of a [`Demand`](crate::authentication::assurance::policy::Demand).
    SecondFactor,
    /// What a role allows, by the names of the permissions.
    Permissions,
    /// What a claim is for.
    Description,
    /// The value of a claim, as JSON.
    ClaimValue,
    /// One of the settings that the console changes: none of them is a secret.
    Setting(Key),
    /// Until when an account is locked.
    Locked,
    /// Whether an operator wants another password.
    PasswordDue,
    /// Which second factors somebody has, by their names.
    Factors,
    /// When the link of a recovery is mailed.
    RecoveryDue,
    /// When an account is erased.
    EraseAt,
}

impl Shown {
    /// Its name in the columns `was` and `became`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TimeZone => "time_zone",
            Self::Language => "language",
            Self::SecondFactor => "second_factor",
            Self::Permissions => "permissions",
            Self::Description => "description",
            Self::ClaimValue => "claim_value",
            Self::Setting(key) => key.as_str(),
            Self::Locked => "locked",
            Self::PasswordDue => "password_due",
            Self::Factors => "factors",
            Self::RecoveryDue => "recovery_due",
            Self::EraseAt => "erase_at",
        }
    }
}

impl<'a> Entry<'a> {
    /// What a person did to their own account.
    #[must_use]
    pub fn own(event: Event, person: Uuid, origin: &'a Origin) -> Self {
        Self {
            actor: Some(person),
            ..Self::about(event, Some(person), origin)
        }
    }

    /// What somebody did in the console, to no account yet.
    #[must_use]
    pub fn by(event: Event, actor: Uuid, origin: &'a Origin) -> Self {
        Self {
            actor: Some(actor),
            ..Self::about(event, None, origin)
        }
    }

    /// To whose account it was done.
    #[must_use]
    pub fn to(self, subject: Uuid) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }

    /// What nobody known did: to somebody's account, or to none.
    #[must_use]
    pub fn about(event: Event, subject: Option<Uuid>, origin: &'a Origin) -> Self {
        Self {
            event,
            actor: None,
            subject,
            session: None,
            origin,
            detail: &[],
            changes: &[],
        }
    }

    /// Adds names and values, without secrets.
    #[must_use]
    pub fn with(self, detail: &'a [(&'a str, &'a str)]) -> Self {
        Self { detail, ..self }
    }

    /// Adds values before and after.
    #[must_use]
    pub fn changing(self, changes: &'a [Change<'a>]) -> Self {
        Self { changes, ..self }
    }

    /// Adds the session it belongs to.
    #[must_use]
    pub fn in_session(self, session: Uuid) -> Self {
        Self {
            session: Some(session),
            ..self
        }
    }
}
