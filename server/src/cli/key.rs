//! `latchstring key …`: looking after the master key.

use std::process::ExitCode;

use clap::Subcommand;
use domain::platform::Platform;
use domain::platform::keys::name;
use domain::platform::rotation::{self, Forgotten, Outcome, Progress, Use};
use domain::platform::servers::Server;

use super::{Failure, complain, say};

/// What can be done with the master key.
#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Let a new master key take over, while servers run; after an interruption it goes on where it was
    #[command(after_help = "\
What waits sealed in the database is sealed anew. The old key stays: passwords need it until their people sign in.
If LATCHSTRING_MASTER_KEY is set, the command prints how to change it, and ends with 1 until that is done.

Example: latchstring key rotate")]
    Rotate,
    /// List the master keys, and what needs each of them
    #[command(after_help = "Example: latchstring key list")]
    List,
    /// Take a key that nothing needs any more out of the key file
    #[command(after_help = "\
Links in mails that were sealed with it stop working: leave it for a week after a rotation.

Example: latchstring key forget 1a2b3c4d")]
    Forget {
        /// The key, as `key list` names it
        key: String,
    },
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: KeyCommand) -> Result<ExitCode, Failure> {
    match command {
        KeyCommand::Rotate => rotate(platform).await,
        KeyCommand::List => list(platform).await,
        KeyCommand::Forget { key } => forget(platform, &key).await,
    }
}

async fn rotate(platform: &Platform) -> Result<ExitCode, Failure> {
    let outcome = rotation::rotate(platform, rotation::PATIENCE, |progress| match progress {
        Progress::Made(id) => complain(format!("Made the key {}. The servers get to know it.", name(&id))),
        Progress::GoingOn => complain("A rotation was cut off. Going on with it."),
        Progress::Waiting(servers) => complain(format!("Waiting for {}.", list_of(&servers))),
        Progress::Switched(id) => complain(format!("The key {} seals from now on.", name(&id))),
    });
    match outcome.await? {
        Outcome::Done {
            key,
            resealed,
            passwords,
        } => {
            say(format!(
                "The master key is now {}. Sealed anew: {resealed} values.",
                name(&key)
            ))?;
            if passwords > 0 {
                say(format!(
                    "{passwords} passwords need an older key until their people sign in. See: latchstring key list"
                ))?;
            }
            say("Make a new backup: older ones hold the older key. See: latchstring backup --help")?;
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Behind(servers) => {
            complain(format!(
                "These have not taken the new key: {}. If one runs on another machine, copy the key file there (mode 0600); if \
                 its keys come from LATCHSTRING_MASTER_KEY, change it there. Then run this again: it goes on where it was.",
                list_of(&servers)
            ));
            Ok(ExitCode::FAILURE)
        }
        Outcome::InSettings { fresh } => {
            complain(
                "The master key comes from LATCHSTRING_MASTER_KEY, which only you can change. This is a new key:\n\
                 (with several servers, begin with step 1; with one, with step 2)\n\
                 1. On every server, put it behind the present value and a comma; restart the servers in turn.\n\
                 2. On every server, put it first: the new key, a comma, the former value; restart the servers in turn.\n\
                 3. Set it so here too, and run this again: it seals anew what the former key has sealed.",
            );
            say(fresh.as_str())?;
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn list(platform: &Platform) -> Result<ExitCode, Failure> {
    let uses = rotation::uses(platform).await?;
    for (index, one) in uses.iter().enumerate() {
        let state = match one {
            _ if index == 0 => "current",
            one if !one.is_known => "missing",
            one if one.is_spare() => "spare",
            _ => "needed",
        };
        say(format!("{}\t{state}\t{}", name(&one.key), needs(one)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn needs(one: &Use) -> String {
    format!("{} passwords, {} jobs", one.passwords, one.jobs)
}

async fn forget(platform: &Platform, key: &str) -> Result<ExitCode, Failure> {
    match rotation::forget(platform, key).await? {
        Forgotten::Done => {
            say(format!("The key {key} is out of the key file."))?;
            Ok(ExitCode::SUCCESS)
        }
        Forgotten::Needed(one) => Err(format!("The key {key} is needed by {}.", needs(&one)).into()),
        Forgotten::Current => {
            Err("This key seals, or is about to. Let another one take over: latchstring key rotate".into())
        }
        Forgotten::Unknown => {
            Err(format!("There is no key {key} in the key file. See: latchstring key list").into())
        }
    }
}

fn list_of(servers: &[Server]) -> String {
    servers
        .iter()
        .map(Server::describe)
        .collect::<Vec<_>>()
        .join(", ")
}
