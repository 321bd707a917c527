//! `latchstring session …`: looking after sessions.

use clap::Subcommand;
use domain::audit::Origin;
use domain::authentication::everybody;
use domain::platform::Platform;

use super::{Failure, say};

/// What can be done with sessions.
#[derive(Subcommand)]
pub(super) enum SessionCommand {
    /// End the sessions of everybody, administrators too, at once and on every server
    #[command(after_help = "Example: latchstring session end --all\n\n\
                      For when nobody can tell which sessions are in wrong hands. `latchstring user lock` ends those of one person. \
                      Nobody is mailed.")]
    End {
        /// Those of everybody
        #[arg(long, required = true)]
        all: bool,
    },
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: SessionCommand) -> Result<(), Failure> {
    let origin = Origin {
        user_agent: "latchstring session".into(),
        ..Origin::default()
    };
    let SessionCommand::End { all: _ } = command;
    let ended = everybody::end_by_operator(platform, &origin).await?;
    say(format!("Ended {ended} sessions. Everybody signs in again."))?;
    Ok(())
}
