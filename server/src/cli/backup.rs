//! `latchstring backup`, `restore`, `move` and `migrate`: a server's data as a whole.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::Error;
use domain::platform::Platform;
use domain::platform::backup::{self, Summary, Wishes};
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Secret};
use domain::platform::db::Schema;
use domain::platform::entropy::Entropy;
use domain::platform::relocation;

use super::{Failure, complain, open, say};

/// Holds the passphrase of a backup; not a setting, since a server has no use for it.
pub(super) const PASSPHRASE: &str = "LATCHSTRING_BACKUP_PASSPHRASE";

/// The arguments of `backup`.
#[derive(Args)]
pub(super) struct BackupArguments {
    /// The file to write; there must be none of this name
    file: PathBuf,
}

/// The arguments of `restore`.
#[derive(Args)]
pub(super) struct RestoreArguments {
    /// The backup
    file: PathBuf,
    /// Only read it, and say whether it is whole
    #[arg(long)]
    check: bool,
    /// Give up the people who are in the database
    #[arg(long)]
    replace: bool,
    /// Also while a server runs on the database
    #[arg(long)]
    force: bool,
}

/// The arguments of `move`.
#[derive(Args)]
pub(super) struct MoveArguments {
    /// The other database: `postgres://…`, or `sqlite://` and a path
    #[arg(long, value_name = "URL")]
    to: String,
    /// Also while a server runs on this database; it waits, and what it writes afterwards is lost
    #[arg(long)]
    force: bool,
}

/// The arguments of `migrate`.
#[derive(Args)]
pub(super) struct MigrateArguments {
    /// Only list what would be applied, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Writes a backup.
pub(super) async fn backup(
    config: Config,
    arguments: BackupArguments,
    passphrase: Option<String>,
) -> Result<ExitCode, Failure> {
    let platform = open(config).await?;
    let passphrase = read_passphrase(passphrase, "a passphrase for the backup")?;
    let summary = backup::write(&platform, &arguments.file, &passphrase).await?;
    tell(&summary)?;
    say(format!(
        "Wrote {}. It holds the master key too: keep the passphrase somewhere else.",
        arguments.file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Brings one back, or only reads it.
pub(super) async fn restore(
    config: Config,
    arguments: RestoreArguments,
    passphrase: Option<String>,
) -> Result<ExitCode, Failure> {
    let passphrase = read_passphrase(passphrase, "the passphrase of the backup")?;
    let file = &arguments.file;
    if arguments.check {
        tell(&backup::check(file, &passphrase)?)?;
        say(format!("{} is whole.", file.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let wishes = Wishes {
        replace: arguments.replace,
        force: arguments.force,
    };
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let summary = backup::restore(&config, clock, entropy, file, &passphrase, wishes).await?;
    tell(&summary)?;
    say(
        "Brought back. Everybody signs in again; mails that waited at the time of the backup are sent. Start the server.",
    )?;
    Ok(ExitCode::SUCCESS)
}

fn tell(summary: &Summary) -> Result<(), Failure> {
    for (table, rows) in &summary.tables {
        say(format!("{rows:>10}  {table}"))?;
    }
    say(format!(
        "{} rows of {}, as of {}, made by version {} (migration {}).",
        summary.rows(),
        summary.database,
        summary.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        summary.version,
        summary.schema
    ))?;
    Ok(())
}

/// From the environment, or the first line of standard input. Never from the arguments, which everybody on the machine
/// can read.
fn read_passphrase(given: Option<String>, what: &str) -> Result<Secret, Failure> {
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        return Ok(Secret::new(given));
    }
    if std::io::stdin().is_terminal() {
        complain(format!(
            "Type {what}, and Enter (it is shown; set {PASSPHRASE}, or use a file or a pipe, to avoid that):"
        ));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// Copies everything to another database.
pub(super) async fn relocate(config: Config, arguments: MoveArguments) -> Result<ExitCode, Failure> {
    let platform = open(config).await?;
    let moved = relocation::relocate(&platform, &arguments.to, arguments.force).await?;
    let mut rows = 0;
    for (table, sum) in &moved {
        let hash = sum.hex();
        say(format!(
            "{:>10}  {}  {table}",
            sum.rows,
            hash.get(..16).unwrap_or_default()
        ))?;
        rows += sum.rows;
    }
    say(format!(
        "Moved {rows} rows, each table read back and equal on both sides. Now set LATCHSTRING_DATABASE_URL (database_url) to the other \
         database and start the server; the master key stays where it is. The old database is as it was: don't start a server on it."
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Applies the migrations that are missing, or lists them.
pub(super) async fn migrate(config: Config, arguments: MigrateArguments) -> Result<ExitCode, Failure> {
    if !arguments.dry_run {
        open(config).await?;
        say("The database is up to date.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let opened = Platform::open_as_it_is(config, Clock::system(), Entropy::system()).await;
    let schema = match opened {
        Ok(platform) => platform.db.schema().await?,
        Err(error) if error.is_missing_file() => Schema::of_nothing(),
        Err(error) => return Err(error.into()),
    };
    if let Some(newest) = schema.newer.last() {
        return Err(Error::Operator(format!(
            "A newer version of Latchstring has changed the tables: migration {newest}, and this one knows up to {}.",
            schema.newest_known
        ))
        .into());
    }
    if !schema.broken.is_empty() {
        let broken = format!(
            "Applied by halves, or not as this version has them: {:?}.",
            schema.broken
        );
        return Err(Error::Operator(broken).into());
    }
    for step in &schema.pending {
        say(format!("{:04}  {}", step.version, step.name))?;
    }
    say(match schema.pending.len() {
        0 => "Nothing would be applied: the database is up to date.".to_owned(),
        1 => "This would be applied. Nothing was changed.".to_owned(),
        count => format!("These {count} would be applied. Nothing was changed."),
    })?;
    Ok(ExitCode::SUCCESS)
}
