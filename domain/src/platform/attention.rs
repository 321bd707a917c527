//! What in this house wants somebody's attention, the gravest first. Each is a number or a finding; the page says the remedy, and where
//! to go. Somebody sees what they may: the rest is not even counted.

use chrono::Duration;

use crate::authorization::{Desk, May, Permission, Rights, right};
use crate::job::MESSAGES;
use crate::platform::db::{One, Tx};
use crate::platform::doctor::{self, Finding, Status};
use crate::{Result, sql};

/// How long an alarm is worth a look: as long as the account that it closed stays closed for changes.
const ALARMS: Duration = Duration::days(7);

/// Something that wants attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Something in the set-up: what the doctor found.
    Finding(Finding),
    /// People said "this wasn't me" in the last days.
    Alarms(i64),
    /// Messages were given up.
    MessagesFailed(i64),
    /// Jobs were given up that are no messages.
    DeadJobs(i64),
    /// Accounts had a hundred wrong passwords in a row, and take none until a new one is set.
    AccountsStopped(i64),
    /// Accounts have to wait now, because of wrong passwords or codes.
    AccountsThrottled(i64),
    /// Recoveries wait or their links are open.
    Recoveries(i64),
}

impl Need {
    /// How grave it is, from [`Status::Ok`] (good to know) to [`Status::Fail`].
    pub fn gravity(&self) -> Status {
        match self {
            Self::Finding(finding) => finding.status,
            Self::Alarms(_) | Self::MessagesFailed(_) | Self::DeadJobs(_) | Self::AccountsStopped(_) => {
                Status::Warn
            }
            Self::AccountsThrottled(_) | Self::Recoveries(_) => Status::Ok,
        }
    }
}

/// Everything that wants attention and that whoever works at the desk may see, the gravest first.
///
/// # Errors
/// [`crate::Error::Database`]. What else is away is a finding.
pub async fn look(desk: &Desk<'_>) -> Result<Vec<Need>> {
    let (mut needs, rights) = desk
        .look(async |tx, may: &May<right::ConsoleRead>| {
            Ok((counted(tx, &may.rights).await?, may.rights.clone()))
        })
        .await?;
    if rights.has(Permission::HealthRead) {
        let findings = doctor::glance(desk.platform).await;
        needs.extend(findings.into_iter().map(Need::Finding));
    }
    needs.sort_by_key(|need| std::cmp::Reverse(need.gravity()));
    Ok(needs)
}

async fn counted(tx: &mut Tx, rights: &Rights) -> Result<Vec<Need>> {
    let mut needs = Vec::new();
    if rights.has(Permission::UsersRead) {
        let now = tx.now();
        needs.push(Need::Alarms(count_alarms(tx, now - ALARMS).await?));
    }
    if rights.has(Permission::MessagesRead) {
        let (failed,) = sql!(tx, fetch_one One<i64>, "select count(*) from messages where state = 'failed'")?;
        needs.push(Need::MessagesFailed(failed));
    }
    if rights.has(Permission::JobsRead) {
        let dead = sql!(
            tx,
            fetch_all(String, i64),
            "select kind, count(*) from jobs where state = 'dead' group by kind"
        )?;
        let told_apart = |kind: &str| rights.has(Permission::MessagesRead) && MESSAGES.contains(&kind);
        let others = dead.iter().filter(|(kind, _)| !told_apart(kind));
        needs.push(Need::DeadJobs(others.map(|(_, count)| count).sum()));
    }
    if rights.has(Permission::UsersRead) {
        needs.extend(held_up(tx).await?);
    }
    needs.retain(|need| !matches!(need.count(), Some(0)));
    Ok(needs)
}

impl Need {
    /// How many, where it is a number.
    pub fn count(&self) -> Option<i64> {
        match self {
            Self::Finding(_) => None,
            Self::Alarms(count)
            | Self::MessagesFailed(count)
            | Self::DeadJobs(count)
            | Self::AccountsStopped(count)
            | Self::AccountsThrottled(count)
            | Self::Recoveries(count) => Some(*count),
        }
    }
}

async fn count_alarms(tx: &mut Tx, since: chrono::DateTime<chrono::Utc>) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>, "select count(*) from alarms where raised_at > $1", since)?;
    Ok(count)
}

/// Who can't get in as they want to.
async fn held_up(tx: &mut Tx) -> Result<[Need; 3]> {
    let now = tx.now();
    // A row is one account and one device, or all unknown devices.
    let (stopped,) = sql!(tx, fetch_one One<i64>,
        "select count(distinct account_key) from sign_in_failures where failures >= 100")?;
    let (passwords,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from sign_in_failures where blocked_until > $1 and failures < 100", now)?;
    let (factors,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from factor_failures where blocked_until > $1", now)?;
    let (recoveries,) =
        sql!(tx, fetch_one One<i64>, "select count(*) from recoveries where ended_at is null")?;
    Ok([
        Need::AccountsStopped(stopped),
        Need::AccountsThrottled(passwords + factors),
        Need::Recoveries(recoveries),
    ])
}
