//! `latchstring audit …`: proving that the audit is what was written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use domain::audit::checkpoint::{self, Checkpoint, Signed};
use domain::audit::signer::{self, PublicKey};
use domain::audit::verify::{self, Break, Compared, Report};
use domain::platform::Platform;
use serde::Serialize;

use super::{Failure, complain, say};

/// How `verify` ends when the chain is whole, and the checkpoint that was given could not be compared.
const NOT_COMPARED: u8 = 2;

/// What can be done with the audit.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Walk along the chain of all rows, and say where it breaks; ends with 1 if it does, and with 2 if the checkpoint is too old to compare
    ///
    /// Servers may run meanwhile. Whoever may write to the database and has the master key can make a chain that holds: against
    /// them, keep checkpoints somewhere else, and compare with them.
    #[command(after_help = "Example: latchstring audit verify --checkpoint monday.json")]
    Verify {
        /// A checkpoint that was kept outside, as `audit checkpoint` prints it
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Sign the chain as it is now, and print that as one line of JSON, to be kept somewhere else
    #[command(after_help = "Example: latchstring audit checkpoint > /mnt/elsewhere/monday.json")]
    Checkpoint,
    /// Print the public key that checkpoints are verified with (Ed25519, base64), and its name
    #[command(after_help = "Example: latchstring audit key")]
    Key,
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify { checkpoint, json } => examine(platform, checkpoint.as_deref(), json).await,
        AuditCommand::Checkpoint => sign(platform).await,
        AuditCommand::Key => {
            let key = signer::public_key(platform).await?;
            say(format!("{}\t{}", key.id(), key.text()))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A report for programs: each break also as a sentence.
#[derive(Serialize)]
struct Told<'a> {
    whole: bool,
    #[serde(flatten)]
    report: &'a Report,
    sentences: Vec<String>,
}

async fn examine(platform: &Platform, kept: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let kept = kept.map(read).transpose()?;
    let report = verify::verify(platform, kept.as_ref()).await?;
    let sentences: Vec<String> = report.breaks.iter().map(Break::to_string).collect();
    let is_whole = report.is_whole();
    if json {
        let told = Told {
            whole: is_whole,
            report: &report,
            sentences,
        };
        say(serde_json::to_string_pretty(&told)?)?;
    } else {
        tell(&report, &sentences)?;
    }
    Ok(match (is_whole, report.kept) {
        (false, _) => ExitCode::FAILURE,
        (true, Some(Compared::TooOld)) => ExitCode::from(NOT_COMPARED),
        (true, _) => ExitCode::SUCCESS,
    })
}

fn tell(report: &Report, sentences: &[String]) -> Result<(), Failure> {
    for sentence in sentences {
        say(sentence)?;
    }
    if report.more > 0 {
        say(format!("And {} places more.", report.more))?;
    }
    let verdict = if report.is_whole() {
        "The audit is whole"
    } else {
        "The audit does not hold"
    };
    say(format!(
        "{verdict}: {} rows, {} to {}, {} of them emptied by erasures.",
        report.rows, report.first, report.last, report.erased
    ))?;
    match report.kept {
        Some(Compared::Matches) => say("The checkpoint that you kept matches.")?,
        Some(Compared::TooOld) => say(format!(
            "The checkpoint that you kept could not be compared: it is older than row {}, the first one that is still there. \
             audit_retention_days took the rows that it was made of. Take a newer one.",
            report.first
        ))?,
        Some(Compared::Differs) | None => {}
    }
    say(match &report.key_id {
        Some(key) if report.signed_through > 0 => format!(
            "Signed for up to row {} with the key {key}, by {} checkpoints.",
            report.signed_through, report.checkpoints
        ),
        _ => {
            "Nothing is signed yet: a server does so every hour, or: latchstring audit checkpoint".to_owned()
        }
    })?;
    Ok(())
}

async fn sign(platform: &Platform) -> Result<ExitCode, Failure> {
    match checkpoint::sign(platform).await? {
        Signed::Refused(breaks) => {
            for told in breaks {
                complain(told);
            }
            complain("The chain does not hold, so nothing was signed. See: latchstring audit verify");
            return Ok(ExitCode::FAILURE);
        }
        Signed::Done(_) | Signed::Nothing(_) => {}
    }
    let Some((newest, key)) = checkpoint::newest(platform).await? else {
        return Err("Nothing has happened yet, so there is nothing to sign.".into());
    };
    say(newest.to_json(&key)?)?;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<(Checkpoint, PublicKey), Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{} can't be read: {error}.", file.display()))?;
    Ok(Checkpoint::from_json(&text)?)
}
