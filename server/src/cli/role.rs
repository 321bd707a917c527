//! `latchstring role …`: what roles ask of whoever has them.

use clap::Subcommand;
use domain::audit::Origin;
use domain::authorization::demand;
use domain::platform::Platform;
use domain::{Code, Error};

use super::{Failure, say};

/// What can be done with roles.
#[derive(Subcommand)]
pub(super) enum RoleCommand {
    /// Change what a role asks for at a sign-in: `required` (a second factor) or `passkey_only`
    #[command(
        after_help = "Example: latchstring role factor administrator passkey_only\n\n\
                      It counts from the next sign-in of whoever has the role. In the console nobody can make it easier for \
                      themselves; here the operator can."
    )]
    Factor {
        /// The id of the role: administrator, support, auditor, or that of one of yours
        role: String,
        /// What it asks for
        #[arg(value_parser = ["required", "passkey_only"])]
        demand: String,
    },
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: RoleCommand) -> Result<(), Failure> {
    let origin = Origin {
        user_agent: "latchstring role".into(),
        ..Origin::default()
    };
    let RoleCommand::Factor { role, demand } = command;
    match demand::set(platform, &role, &demand, &origin).await {
        Ok(()) => {}
        Err(Error::Refused(refusal)) if refusal.code() == Code::RoleUnknown => {
            return Err(format!("There is no role {role}.").into());
        }
        Err(error) => return Err(error.into()),
    }
    say(format!(
        "Whoever has the role {role}: {demand}, from the next sign-in."
    ))?;
    Ok(())
}
