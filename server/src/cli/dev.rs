//! `latchstring dev …`: for whoever develops.

use clap::Subcommand;
use domain::platform::Platform;
use domain::platform::seed::{self, Plan};

use super::{Failure, complain, say};

/// What a developer needs.
#[derive(Subcommand)]
pub(super) enum DevCommand {
    /// Make up people, sessions and a past, to develop and measure with; not in production
    ///
    /// The same seed makes the same people on the same day; another run adds others.
    #[command(after_help = "Example: latchstring dev seed --users 1000 --sessions 2000 --events 5000")]
    Seed {
        /// How many people
        #[arg(long, default_value_t = 1_000)]
        users: usize,
        /// How many sessions, of people by chance
        #[arg(long, default_value_t = 2_000)]
        sessions: usize,
        /// How many events in the audit, of people by chance
        #[arg(long, default_value_t = 5_000)]
        events: usize,
        /// What chance goes by
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: DevCommand) -> Result<(), Failure> {
    let DevCommand::Seed {
        users,
        sessions,
        events,
        seed,
    } = command;
    let plan = Plan {
        users,
        sessions,
        events,
        seed,
    };
    seed::sow(platform, plan, |what, many| {
        if many % 100_000 == 0 {
            complain(format!("{many} {what}"));
        }
    })
    .await?;
    say(format!(
        "Made up {users} people, {sessions} sessions and {events} events. Their password: {}",
        seed::PASSWORD
    ))?;
    Ok(())
}
