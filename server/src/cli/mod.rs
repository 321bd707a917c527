//! The command line: one file for each group of commands. Exit codes: 0 done, 1 failed, 2 wrong usage.

mod audit;
mod backup;
mod dev;
mod doctor;
mod import;
mod key;
mod role;
mod session;
mod settings;
mod user;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::authentication::set_up;
use domain::platform::Platform;
use domain::platform::clock::Clock;
use domain::platform::config::Config;
use domain::platform::entropy::Entropy;
#[cfg(debug_assertions)]
use domain::platform::mishap;

use self::audit::AuditCommand;
use self::backup::{BackupArguments, MigrateArguments, MoveArguments, RestoreArguments};
use self::dev::DevCommand;
use self::key::KeyCommand;
use self::role::RoleCommand;
use self::session::SessionCommand;
use self::settings::Settings;
use self::user::UserCommand;
use crate::{logs, serve};

/// The stack of each thread, in bytes: unoptimised code keeps every value in a place of its own on it. Only what is used is taken.
const STACK: usize = 8 << 20;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An identity server that anyone can run: sign-up, sign-in, sessions, and an account for everybody.
///
/// Settings come from the defaults, `latchstring.toml`, the environment (`LATCHSTRING_…`) and these flags; the later
/// ones win.
#[derive(Parser)]
#[command(
    name = "latchstring",
    version,
    after_help = "Example: latchstring serve --listen 127.0.0.1:3000"
)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests and work through the queue (the default)
    #[command(after_help = "Example: latchstring serve --public-url https://id.example.com")]
    Serve,
    /// Apply the migrations that are missing, and stop
    ///
    /// Before the tables of a SQLite file change, a copy of it goes into `backups` in the data folder; the last three are
    /// kept.
    #[command(after_help = "Example: latchstring migrate --dry-run")]
    Migrate(MigrateArguments),
    /// Examine the set-up and say how to mend what is wrong
    #[command(after_help = "Example: latchstring doctor --json")]
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a fresh link that makes the first administrator; older links stop working
    #[command(after_help = "Example: latchstring setup-link")]
    SetupLink,
    /// Write everything that the server keeps, with its master key, into one file that a passphrase opens
    ///
    /// The passphrase (15 characters or more) comes from `LATCHSTRING_BACKUP_PASSPHRASE`, or from standard input. Servers may
    /// run meanwhile.
    #[command(after_help = "Example: latchstring backup /srv/backups/monday.backup < passphrase.txt")]
    Backup(BackupArguments),
    /// Bring a backup back, into SQLite or Postgres, whichever it came from
    ///
    /// Nothing is changed unless the whole file is right. Every session ends. The keys of the backup go into the key file,
    /// in front of those that are there.
    #[command(
        after_help = "Example: latchstring restore /srv/backups/monday.backup --replace < passphrase.txt"
    )]
    Restore(RestoreArguments),
    /// Copy everything to another database, from SQLite to Postgres or back, and compare it row by row
    #[command(
        after_help = "Example: latchstring move --to postgres://latchstring:secret@db.example.com/latchstring"
    )]
    Move(MoveArguments),
    /// Look after people
    #[command(subcommand, after_help = "Example: latchstring user lock ada@example.com")]
    User(UserCommand),
    /// Look after roles
    #[command(
        subcommand,
        after_help = "Example: latchstring role factor administrator passkey_only"
    )]
    Role(RoleCommand),
    /// Look after sessions
    #[command(subcommand, after_help = "Example: latchstring session end --all")]
    Session(SessionCommand),
    /// Look after the master key
    #[command(subcommand, after_help = "Example: latchstring key rotate")]
    Key(KeyCommand),
    /// Prove that the audit is what was written
    #[command(subcommand, after_help = "Example: latchstring audit verify")]
    Audit(AuditCommand),
    /// What a developer needs
    #[command(subcommand, after_help = "Example: latchstring dev seed --users 1000")]
    Dev(DevCommand),
    /// Print the version
    #[command(after_help = "Example: latchstring version")]
    Version,
    /// Ask the running server whether it lives; for containers without a shell
    #[command(after_help = "Example: latchstring probe")]
    Probe,
}

/// Runs the command line.
pub fn main(arguments: impl IntoIterator<Item = OsString>, environment: Vec<(String, String)>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    #[cfg(debug_assertions)]
    let environment = match mishap::take(environment) {
        Ok(environment) => environment,
        Err(error) => {
            complain(error);
            return ExitCode::FAILURE;
        }
    };
    private_by_default();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().thread_stack_size(STACK);
    let runtime = match runtime.build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format!("the runtime could not be started: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = match runtime.block_on(run(cli, environment)) {
        Ok(code) => code,
        Err(error) => {
            complain(error);
            ExitCode::FAILURE
        }
    };
    // Dropped, it would wait for a look-up of a name that nobody waits for any more.
    runtime.shutdown_background();
    code
}

/// Files that this process makes are its own; and it may have as many connections as the system allows.
fn private_by_default() {
    use rustix::process::{Resource, getrlimit, setrlimit, umask};
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum {
        limit.current = limit.maximum;
        // If that is refused, the limit stays as it is.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

async fn run(cli: Cli, environment: Vec<(String, String)>) -> Result<ExitCode, Failure> {
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Version = command {
        say(concat!("latchstring ", env!("CARGO_PKG_VERSION")))?;
        return Ok(ExitCode::SUCCESS);
    }
    let passphrase = environment
        .iter()
        .find(|(name, _)| name == backup::PASSPHRASE)
        .map(|(_, passphrase)| passphrase.clone());
    let config = match (settings::load(&cli.settings, environment), &command) {
        (Ok(config), _) => config,
        (Err(faults), Command::Doctor { json }) => return doctor::report_faults(&faults, *json),
        (Err(faults), _) => {
            for fault in faults {
                complain(fault);
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    logs::start(&config.log);
    match command {
        Command::Version => {}
        Command::Probe => return Ok(doctor::probe(&config).await),
        Command::Doctor { json } => return doctor::examine(config, json).await,
        Command::Serve => serve::serve(open(config).await?).await?,
        Command::Migrate(arguments) => return backup::migrate(config, arguments).await,
        Command::Backup(arguments) => return backup::backup(config, arguments, passphrase).await,
        Command::Restore(arguments) => return backup::restore(config, arguments, passphrase).await,
        Command::Move(arguments) => return backup::relocate(config, arguments).await,
        Command::SetupLink => match set_up::new_link(&open(config).await?).await? {
            Some(link) => say(link)?,
            None => return Err("This server has its administrator already.".into()),
        },
        Command::Key(command) => return key::run(&open(config).await?, command).await,
        Command::Audit(command) => return audit::run(&open(config).await?, command).await,
        Command::Dev(command) => dev::run(&open(config).await?, command).await?,
        Command::User(command) => user::run(&open(config).await?, command).await?,
        Command::Role(command) => role::run(&open(config).await?, command).await?,
        Command::Session(command) => session::run(&open(config).await?, command).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(config: Config) -> domain::Result<Platform> {
    Platform::open(config, Clock::system(), Entropy::system()).await
}

/// Writes a line to standard output. Whoever reads it may have seen enough (`… | head`): that is no failure.
fn say(line: impl Display) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes a line to standard error, if anybody listens.
fn complain(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
