//! Flaws, put in on purpose, to see whether the explorer finds them.
//!
//! They come from outside: triggers in the stage's own database that undo what the product writes, as if the line that writes
//! it were missing, and a cache before the router. So the product has no switch that could be left on, no feature, no
//! `cfg`, and not one line for it: what is tested is byte for byte what is shipped.

use super::state::State;

/// A flaw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The link of a reset is not used up.
    LinkTwice,
    /// The last step of an app is not kept.
    StepTwice,
    /// A recovery code is not used up.
    RecoveryTwice,
    /// A sign-in in progress has no end.
    EndlessFlow,
    /// Any second step makes AAL2.
    MailIsStrong,
    /// Using a session counts as proving who one is.
    UseIsProof,
    /// A sign-in in progress takes over the person of the last attempt.
    LastAttempt,
    /// Something before the server answers by path and not by cookie.
    SharedCache,
    /// The passkeys of others count as those of whoever is asked for one.
    OthersPasskey,
    /// A challenge is not used up.
    ChallengeTwice,
    /// The flag that a device verified its holder is assumed, and not looked at.
    AssumesVerified,
    /// The link of a recovery is due at once.
    EarlyLink,
    /// A sign-in does not stop a recovery.
    NotStopped,
    /// Nobody heeds the freeze.
    NoFreeze,
    /// A code by text message is not used up.
    TextTwice,
    /// An address changes when it is asked for.
    MovesAtOnce,
    /// A session outlives the way back to the old address.
    OutlivesUndo,
    /// The password that somebody signed up with counts, whoever opens the link.
    FirstPassword,
    /// Nobody notes that the set-up is done.
    SetUpTwice,
}

impl Flaw {
    pub const ALL: [Self; 19] = [
        Self::LinkTwice,
        Self::StepTwice,
        Self::RecoveryTwice,
        Self::EndlessFlow,
        Self::MailIsStrong,
        Self::UseIsProof,
        Self::LastAttempt,
        Self::SharedCache,
        Self::OthersPasskey,
        Self::ChallengeTwice,
        Self::AssumesVerified,
        Self::EarlyLink,
        Self::NotStopped,
        Self::NoFreeze,
        Self::TextTwice,
        Self::MovesAtOnce,
        Self::OutlivesUndo,
        Self::FirstPassword,
        Self::SetUpTwice,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::LinkTwice => "link-twice",
            Self::StepTwice => "step-twice",
            Self::RecoveryTwice => "recovery-twice",
            Self::EndlessFlow => "endless-flow",
            Self::MailIsStrong => "mail-is-strong",
            Self::UseIsProof => "use-is-proof",
            Self::LastAttempt => "last-attempt",
            Self::SharedCache => "shared-cache",
            Self::OthersPasskey => "others-passkey",
            Self::ChallengeTwice => "challenge-twice",
            Self::AssumesVerified => "assumes-verified",
            Self::EarlyLink => "early-link",
            Self::NotStopped => "not-stopped",
            Self::NoFreeze => "no-freeze",
            Self::TextTwice => "text-twice",
            Self::MovesAtOnce => "moves-at-once",
            Self::OutlivesUndo => "outlives-undo",
            Self::FirstPassword => "first-password",
            Self::SetUpTwice => "set-up-twice",
        }
    }

    /// What the rule says that it breaks.
    pub fn breaks(self) -> &'static str {
        match self {
            Self::LinkTwice => "changed below its level",
            Self::StepTwice | Self::RecoveryTwice | Self::UseIsProof | Self::TextTwice => {
                "counts as just proven, and is not"
            }
            Self::EndlessFlow
            | Self::ChallengeTwice
            | Self::AssumesVerified
            | Self::FirstPassword
            | Self::SetUpTwice => "was not proven in that flow",
            Self::MailIsStrong => "AAL2 without two distinct factors",
            Self::LastAttempt | Self::OthersPasskey => "became another person's",
            Self::SharedCache => "an answer to somebody else says",
            Self::EarlyLink => "went out before its time",
            Self::NotStopped => "did not stop the recovery",
            Self::NoFreeze => "changed while it is frozen",
            Self::MovesAtOnce => "changed unproven",
            Self::OutlivesUndo => "outlived the",
        }
    }

    /// What undoes the product's write.
    pub fn script(self) -> Option<&'static str> {
        Some(match self {
            Self::LinkTwice => {
                "create trigger flaw after update of consumed_at on password_resets when new.consumed_at is not null
                 begin update password_resets set consumed_at = null where id = new.id; end"
            }
            Self::StepTwice => {
                "create trigger flaw after update of last_step on totps when new.last_step > 0
                 begin update totps set last_step = 0 where id = new.id; end"
            }
            Self::RecoveryTwice => {
                "create trigger flaw after update of used_at on recovery_codes when new.used_at is not null
                 begin update recovery_codes set used_at = null where id = new.id; end"
            }
            Self::EndlessFlow => {
                "create trigger flaw after update of ended_at on sign_ins when new.ended_at is not null
                 begin update sign_ins set ended_at = null where id = new.id; end"
            }
            Self::MailIsStrong => {
                "create trigger flaw after insert on sessions when new.amr like '%mail%'
                 begin update sessions set aal = 2 where id = new.id; end"
            }
            Self::UseIsProof => {
                "create trigger flaw after update of last_seen_at on sessions
                 begin update sessions set auth_time = new.last_seen_at where id = new.id; end"
            }
            Self::LastAttempt => {
                "create trigger flaw after insert on audit_events when new.kind = 'sign_in.failed' and new.subject_id is not null
                 begin update sign_ins set user_id = new.subject_id where ended_at is null; end"
            }
            Self::OthersPasskey => {
                "create trigger flaw after update of consumed_at on passkey_challenges when new.user_id is not null
                 begin update passkeys set user_id = new.user_id; end"
            }
            Self::ChallengeTwice => {
                "create trigger flaw after update of consumed_at on passkey_challenges when new.consumed_at is not null
                 begin update passkey_challenges set consumed_at = null where challenge_hash = new.challenge_hash; end"
            }
            Self::EarlyLink => {
                "create trigger flaw after insert on recoveries
                 begin update recoveries set due_at = created_at where id = new.id; end"
            }
            Self::NotStopped => {
                "create trigger flaw after update of outcome on recoveries when new.outcome = 'signed-in'
                 begin update recoveries set ended_at = null, outcome = null where id = new.id; end"
            }
            Self::NoFreeze => {
                "create trigger flaw after update of frozen_until on users when new.frozen_until is not null
                 begin update users set frozen_until = null where id = new.id; end"
            }
            Self::TextTwice => {
                "create trigger flaw after update of consumed_at on mail_codes when new.consumed_at is not null
                 begin update mail_codes set consumed_at = null where holder_id = new.holder_id; end"
            }
            Self::MovesAtOnce => {
                "create trigger flaw after insert on email_changes
                 begin update users set email = new.new_email where id = new.user_id; end"
            }
            Self::OutlivesUndo => {
                "create trigger flaw before delete on sessions
                 when exists (select 1 from email_changes where user_id = old.user_id and undone_at is not null)
                 begin select raise(ignore); end"
            }
            Self::FirstPassword => {
                "create table flaw_first (phc text);
                 create trigger flaw before update of consumed_at on sign_ups
                 begin delete from flaw_first; insert into flaw_first values (old.phc); end;
                 create trigger flaw_then after insert on passwords
                 when exists (select 1 from flaw_first) and new.user_id in (select id from users where email like 'cleo%')
                 begin update passwords set phc = (select phc from flaw_first) where user_id = new.user_id; end"
            }
            Self::SetUpTwice => {
                "create trigger flaw after insert on installations begin delete from installations; end;
                 create trigger flaw_then after update of consumed_at on setup_links when new.consumed_at is not null
                 begin update setup_links set consumed_at = null; end"
            }
            Self::SharedCache | Self::AssumesVerified => return None,
        })
    }

    pub fn assumes_verified(self) -> bool {
        self == Self::AssumesVerified
    }

    /// The beginnings from which it shows: the others would only take time.
    pub fn roots(self, all: &[State]) -> Vec<State> {
        let named = match self {
            Self::OthersPasskey | Self::ChallengeTwice | Self::AssumesVerified => "at the door, twice",
            Self::EarlyLink | Self::MovesAtOnce => "nobody has a second factor",
            Self::NotStopped => "asked for her way back",
            Self::NoFreeze => "Ada adds a passkey",
            Self::TextTwice => "have telephones",
            Self::OutlivesUndo => "and the way back",
            Self::FirstPassword => "two browsers signed up",
            Self::SetUpTwice => "nobody has set the server up",
            Self::LinkTwice | Self::LastAttempt => "Ada is an administrator",
            Self::StepTwice
            | Self::RecoveryTwice
            | Self::EndlessFlow
            | Self::MailIsStrong
            | Self::UseIsProof
            | Self::SharedCache => "both are signed in",
        };
        let found = all.iter().filter(|root| root.root.contains(named));
        found.cloned().collect()
    }

    pub fn is_shared_cache(self) -> bool {
        self == Self::SharedCache
    }
}
