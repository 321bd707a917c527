//! Every kind of job, and what runs it.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{Origin, check, checkpoint};
use crate::authentication::{recover, reset_password, session};
use crate::notification::delivery::{self, Delivery};
use crate::notification::sms::{self, TextMessage};
use crate::platform::Platform;
use crate::platform::clean_up;
use crate::platform::config::JobLimits;
use crate::platform::jobs::JobFailure;
use crate::platform::statistics;
use crate::users::person::lock;
use crate::users::user::UserId;
use crate::users::{erasure, export, import};

/// Work that is done outside the request that asked for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Hand a mail over.
    SendMail(Box<Delivery>),
    /// Hand a code over as a text message.
    SendSms(Box<TextMessage>),
    /// Find out whether an address has an account, and mail it a link to reset the password.
    RequestPasswordReset {
        /// As typed.
        email: String,
        /// Who asked.
        origin: Origin,
    },
    /// Find out whether an address has an account, and begin its recovery.
    RequestRecovery {
        /// As typed.
        email: String,
        /// Who asked.
        origin: Origin,
    },
    /// Mail the links of the recoveries whose wait is over.
    LookAfterRecoveries,
    /// Unlock the accounts whose lock is over.
    LookAfterLocks,
    /// Fence off cached copies of sessions that have ended.
    FenceSessions {
        /// SHA-256 of their tokens.
        token_hashes: Vec<Vec<u8>>,
    },
    /// Make somebody's copy of their data.
    ExportData {
        /// The row of `exports`.
        export: Uuid,
    },
    /// Remind people whose account will be erased soon, and start the erasures that are due.
    LookAfterErasures,
    /// Erase an account whose time has come.
    EraseAccount {
        /// Whose.
        user: UserId,
    },
    /// Make the people of a file.
    ImportPeople {
        /// The row of `imports`.
        import: Uuid,
        /// Who asked.
        by: UserId,
        /// From where.
        origin: Origin,
    },
    /// Delete what has expired.
    CleanUp,
    /// Examine the whole chain of the audit.
    CheckAudit {
        /// The row of `audit_checks`.
        check: Uuid,
        /// Who asked.
        by: UserId,
    },
    /// Count what has happened since the last time, for the dashboard.
    LookAfterFigures,
    /// Sign a checkpoint of the audit, and cut off rows that are older than they are kept.
    LookAfterAudit,
}

/// Every kind.
pub const KINDS: &[&str] = &[
    "send-mail",
    "send-sms",
    "request-password-reset",
    "request-recovery",
    "look-after-recoveries",
    "look-after-locks",
    "fence-sessions",
    "export-data",
    "look-after-erasures",
    "erase-account",
    "import-people",
    "clean-up",
    "check-audit",
    "look-after-figures",
    "look-after-audit",
];

/// The kinds that send a message: see [`sent`](crate::notification::sent).
pub const MESSAGES: &[&str] = &["send-mail", "send-sms"];

/// How many jobs of a kind one server runs at a time.
pub fn parallel(kind: &str, limits: &JobLimits) -> usize {
    match kind {
        // Each of these has a person's whole data at hand, or everybody's.
        "clean-up"
        | "check-audit"
        | "look-after-audit"
        | "look-after-figures"
        | "look-after-erasures"
        | "look-after-recoveries"
        | "look-after-locks"
        | "erase-account"
        | "import-people"
        | "export-data" => 1,
        _ => limits.parallel,
    }
}

/// What is enqueued again and again, and how often.
pub const RECURRING: &[(Duration, Job)] = &[
    (Duration::minutes(10), Job::CleanUp),
    (Duration::minutes(10), Job::LookAfterErasures),
    (Duration::minutes(5), Job::LookAfterFigures),
    (Duration::minutes(5), Job::LookAfterRecoveries),
    (Duration::minutes(5), Job::LookAfterLocks),
    (Duration::hours(1), Job::LookAfterAudit),
];

impl Job {
    /// The kind, as it stands in the table.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SendMail(_) => "send-mail",
            Self::SendSms(_) => "send-sms",
            Self::RequestPasswordReset { .. } => "request-password-reset",
            Self::RequestRecovery { .. } => "request-recovery",
            Self::LookAfterRecoveries => "look-after-recoveries",
            Self::LookAfterLocks => "look-after-locks",
            Self::FenceSessions { .. } => "fence-sessions",
            Self::ExportData { .. } => "export-data",
            Self::LookAfterErasures => "look-after-erasures",
            Self::EraseAccount { .. } => "erase-account",
            Self::ImportPeople { .. } => "import-people",
            Self::CleanUp => "clean-up",
            Self::CheckAudit { .. } => "check-audit",
            Self::LookAfterFigures => "look-after-figures",
            Self::LookAfterAudit => "look-after-audit",
        }
    }
}

/// Does a job. `id` stays the same over all attempts, so that what leaves the house can carry it.
pub async fn run(platform: &Platform, id: Uuid, job: Job) -> Result<(), JobFailure> {
    match job {
        Job::SendMail(delivery) => delivery::deliver(platform, id, *delivery).await,
        Job::SendSms(message) => sms::deliver(platform, id, *message).await,
        Job::RequestPasswordReset { email, origin } => {
            Ok(reset_password::mail_link(platform, id, &email, &origin).await?)
        }
        Job::RequestRecovery { email, origin } => Ok(recover::begin_for(platform, &email, &origin).await?),
        Job::LookAfterRecoveries => Ok(recover::look_after(platform).await?),
        Job::LookAfterLocks => Ok(lock::look_after(platform).await?),
        Job::FenceSessions { token_hashes } => Ok(session::fence_again(platform, &token_hashes).await?),
        Job::ExportData { export } => Ok(export::make(platform, export).await?),
        Job::LookAfterErasures => Ok(erasure::look_after(platform).await?),
        Job::EraseAccount { user } => erasure::erase(platform, id, user).await,
        Job::ImportPeople { import, origin, .. } => Ok(import::run(platform, import, &origin).await?),
        Job::CleanUp => Ok(clean_up::run(platform).await?),
        Job::CheckAudit { check, by } => Ok(check::run(platform, check, by).await?),
        Job::LookAfterFigures => Ok(statistics::look_after(platform).await?),
        Job::LookAfterAudit => Ok(checkpoint::look_after(platform).await?),
    }
}
