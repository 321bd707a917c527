//! Every kind of job, and what runs it.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::Origin;
use crate::authentication::{reset_password, session};
use crate::notification::delivery::{self, Delivery};
use crate::platform::Platform;
use crate::platform::clean_up;
use crate::platform::config::JobLimits;
use crate::platform::jobs::JobFailure;

/// Work that is done outside the request that asked for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Job {
    /// Hand a mail over.
    SendMail(Box<Delivery>),
    /// Find out whether an address has an account, and mail it a link to reset the password.
    RequestPasswordReset {
        /// As typed.
        email: String,
        /// Who asked.
        origin: Origin,
    },
    /// Fence off cached copies of sessions that have ended.
    FenceSessions {
        /// SHA-256 of their tokens.
        token_hashes: Vec<Vec<u8>>,
    },
    /// Delete what has expired.
    CleanUp,
}

/// Every kind.
pub const KINDS: &[&str] = &[
    "send-mail",
    "request-password-reset",
    "fence-sessions",
    "clean-up",
];

/// How many jobs of a kind one server runs at a time.
pub fn parallel(kind: &str, limits: &JobLimits) -> usize {
    if kind == "clean-up" { 1 } else { limits.parallel }
}

/// What is enqueued again and again, and how often.
pub const RECURRING: &[(Duration, Job)] = &[(Duration::minutes(10), Job::CleanUp)];

impl Job {
    /// The kind, as it stands in the table.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SendMail(_) => "send-mail",
            Self::RequestPasswordReset { .. } => "request-password-reset",
            Self::FenceSessions { .. } => "fence-sessions",
            Self::CleanUp => "clean-up",
        }
    }
}

/// Does a job. `id` stays the same over all attempts, so that what leaves the house can carry it.
pub async fn run(platform: &Platform, id: Uuid, job: Job) -> Result<(), JobFailure> {
    match job {
        Job::SendMail(delivery) => delivery::deliver(platform, id, *delivery).await,
        Job::RequestPasswordReset { email, origin } => {
            Ok(reset_password::mail_link(platform, id, &email, &origin).await?)
        }
        Job::FenceSessions { token_hashes } => Ok(session::fence_again(platform, &token_hashes).await?),
        Job::CleanUp => Ok(clean_up::run(platform).await?),
    }
}
