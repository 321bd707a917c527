//! Deletes what has expired: data that is not there cannot leak (ASVS 14.2.7).

use chrono::Duration;

use crate::authentication::invitation;
use crate::authentication::outlived;
use crate::authentication::viewing;
use crate::notification::sent;
use crate::platform::Platform;
use crate::platform::settings::logo;
use crate::platform::statistics;
use crate::users::{directory, import};
use crate::{Result, sql};

/// Deletes expired rows. Each statement is a transaction of its own, so that none holds others up for long.
pub async fn run(platform: &Platform) -> Result<()> {
    let now = platform.clock.now();
    let week_ago = now - Duration::days(7);
    platform.db.write(async |tx| sql!(tx, execute "delete from sessions where expires_at <= $1 or idle_expires_at <= $1", now)).await?;
    outlived::sweep(platform, usize::MAX).await?;
    viewing::sweep(platform).await?;
    // A little longer than they live, so that a late click is told "too old" and not "unknown".
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from sign_ups where expires_at <= $1", now - Duration::days(1)))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from password_resets where expires_at <= $1", week_ago))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from recoveries where ended_at <= $1 or expires_at <= $1", week_ago))
        .await?;
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute
                "delete from email_changes where expires_at <= $1 and (undo_expires_at is null or undo_expires_at <= $1)", week_ago)
        })
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from setup_links where expires_at <= $1", week_ago))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from invitations where expires_at <= $1", now - invitation::KEPT))
        .await?;
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute "delete from invitation_reports where created_at <= $1", now - invitation::REPORT_LIFE)
        })
        .await?;
    // A little longer than a notice's link works: see `alarm::LINK_LIFE`.
    platform
        .db
        .write(
            async |tx| sql!(tx, execute "delete from alarms where raised_at <= $1", now - Duration::days(8)),
        )
        .await?;
    // Consecutive failures are not forgotten by waiting (NIST SP 800-63B-4 §3.2.2): a year is for addresses that nobody has.
    platform.db.write(async |tx| sql!(tx, execute "delete from sign_in_failures where last_failed_at <= $1 and failures < 100", now - Duration::days(365))).await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from sign_up_budgets where began_at <= $1", now - Duration::days(2))).await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from known_devices where last_seen_at <= $1", now - Duration::days(400))).await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from sign_ins where expires_at <= $1", now - Duration::days(1)))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from mail_codes where expires_at <= $1", now - Duration::days(1)))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from totp_enrolments where expires_at <= $1", now))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from phone_enrolments where expires_at <= $1", now))
        .await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from text_budgets where began_at <= $1", now - Duration::days(2))).await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from passkey_challenges where expires_at <= $1", now))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from trusted_devices where expires_at <= $1", now))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from sent_forms where sent_at <= $1", now - Duration::hours(1)))
        .await?;
    // As long as somebody may still read a message that shows it.
    platform
        .db
        .write(async |tx| logo::clean_up(tx, now - Duration::days(90)).await)
        .await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from jobs where state = 'done' and finished_at <= $1", week_ago)).await?;
    let kept = statistics::tally::KEPT;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from tallies where at <= $1", now - kept))
        .await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from session_counts where at <= $1", now - kept))
        .await?;
    platform
        .db
        .write(async |tx| {
            sql!(tx, execute "delete from messages where state in ('sent', 'discarded') and ended_at <= $1", now - sent::KEPT)
        })
        .await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from caught_messages where created_at <= $1", now - Duration::days(30))).await?;
    platform.db.write(async |tx| sql!(tx, execute "delete from audit_checks where asked_at <= $1", now - Duration::days(365))).await?;
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from exports where expires_at <= $1", now))
        .await?;
    platform
        .db
        .write(
            async |tx| sql!(tx, execute "delete from servers where seen_at <= $1", now - Duration::days(1)),
        )
        .await?;
    import::clean_up(platform).await?;
    // People whom a server of an older version has made meanwhile.
    directory::take_up(&platform.db).await
}
