//! The command line. Exit codes: 0 done, 1 failed, 2 wrong usage.

use std::ffi::OsString;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use domain::audit::{Entry, Event, Origin};
use domain::authentication::password::{Password, identity_words};
use domain::authentication::session::{SignedIn, fence};
use domain::authentication::throttle::Counter;
use domain::authentication::{reset_password, set_up};
use domain::platform::Platform;
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Sources};
use domain::platform::doctor::{self, Status};
use domain::platform::entropy::Entropy;
use domain::users::email::Email;
use domain::users::name::Name;
use domain::users::user::{NewUser, User};
use domain::words::Words;

use crate::{logs, serve};

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

#[derive(Args)]
struct Settings {
    /// The settings file [default: `LATCHSTRING_CONFIG`, else latchstring.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address that people open
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Where data is kept
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The database
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests and work through the queue (the default)
    #[command(after_help = "Example: latchstring serve --public-url https://id.example.com")]
    Serve,
    /// Apply the migrations that are missing, and stop
    #[command(after_help = "Example: latchstring migrate --database-url postgres://localhost/latchstring")]
    Migrate,
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
    /// Look after people
    #[command(subcommand, after_help = "Example: latchstring user lock ada@example.com")]
    User(UserCommand),
    /// Print the version
    #[command(after_help = "Example: latchstring version")]
    Version,
    /// Ask the running server whether it lives; for containers without a shell
    #[command(after_help = "Example: latchstring probe")]
    Probe,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account; the password is read from standard input
    #[command(
        after_help = "Example: latchstring user create ada@example.com --name 'Ada Lovelace' < password.txt"
    )]
    Create {
        /// The mail address, taken as proven
        email: String,
        /// What the person is called
        #[arg(long)]
        name: String,
        /// May see the admin console
        #[arg(long)]
        administrator: bool,
    },
    /// List people, the newest first
    #[command(after_help = "Example: latchstring user list --limit 20")]
    List {
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: i64,
    },
    /// Lock an account and end its sessions
    #[command(after_help = "Example: latchstring user lock ada@example.com")]
    Lock {
        /// The mail address
        email: String,
    },
    /// Unlock an account
    #[command(after_help = "Example: latchstring user unlock ada@example.com")]
    Unlock {
        /// The mail address
        email: String,
    },
    /// Set a new password from standard input and end all sessions
    #[command(after_help = "Example: latchstring user reset ada@example.com < password.txt")]
    Reset {
        /// The mail address
        email: String,
    },
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
    if let Some(Command::Version) = cli.command {
        println!("latchstring {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let config = match configure(&cli.settings, environment) {
        Ok(config) => config,
        Err(lines) => {
            for line in lines {
                eprintln!("{line}");
            }
            return ExitCode::FAILURE;
        }
    };
    logs::start(&config.log);
    private_by_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command.unwrap_or(Command::Serve), config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Files that this process makes are its own; and it may have as many connections as the system allows.
fn private_by_default() {
    use rustix::process::{Resource, getrlimit, setrlimit, umask};
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files stays as it is");
        }
    }
}

fn configure(settings: &Settings, environment: Vec<(String, String)>) -> Result<Config, Vec<String>> {
    let by_environment = environment
        .iter()
        .find(|(name, value)| name == "LATCHSTRING_CONFIG" && !value.is_empty());
    let named = settings
        .config
        .clone()
        .or_else(|| by_environment.map(|(_, path)| PathBuf::from(path)));
    let path = named.clone().unwrap_or_else(|| PathBuf::from("latchstring.toml"));
    let file = match std::fs::read_to_string(&path) {
        Ok(content) => Some((path, content)),
        Err(_) if named.is_none() => None,
        Err(error) => {
            return Err(vec![format!(
                "the settings file {} can't be read: {error}",
                path.display()
            )]);
        }
    };
    let flags = [
        ("listen", &settings.listen),
        ("public_url", &settings.public_url),
        ("data_dir", &settings.data_dir),
        ("database_url", &settings.database_url),
    ];
    let flags = flags
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect();
    let sources = Sources {
        file,
        environment,
        flags,
    };
    Config::load(&sources).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

async fn run(command: Command, config: Config) -> Result<ExitCode, Failure> {
    if let Command::Probe = command {
        return Ok(probe(&config).await);
    }
    if let Command::Doctor { json } = command {
        return doctor(config, json).await;
    }
    let platform = Platform::open(config, Clock::system(), Entropy::system()).await?;
    match command {
        Command::Serve => serve::serve(platform).await?,
        Command::Migrate => println!("The database is up to date."),
        Command::SetupLink => match set_up::new_link(&platform).await? {
            Some(link) => println!("{link}"),
            None => return Err("This server has its administrator already.".into()),
        },
        Command::User(command) => user(&platform, command).await?,
        Command::Doctor { .. } | Command::Probe | Command::Version => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn doctor(config: Config, json: bool) -> Result<ExitCode, Failure> {
    let findings = match Platform::open_unmigrated(config.clone(), Clock::system(), Entropy::system()).await {
        Ok(platform) => doctor::examine(&platform, None).await,
        Err(error) => doctor::examine_unopened(&config, &error).await,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        let words = Words::for_language("en");
        for finding in &findings {
            let mark = match finding.status {
                Status::Ok => "ok  ",
                Status::Warn => "look",
                Status::Fail => "MEND",
            };
            println!("{mark}  {}: {}", finding.title(words), finding.text(words));
            if let Some(detail) = &finding.detail {
                println!("      {detail}");
            }
        }
    }
    let failed = findings.iter().any(|finding| finding.status == Status::Fail);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Asks `/health/live` over a plain connection.
async fn probe(config: &Config) -> ExitCode {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let asked = async {
        let mut stream = tokio::net::TcpStream::connect(config.listen).await?;
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with(b"HTTP/1.1 200"))
    };
    match tokio::time::timeout(std::time::Duration::from_secs(3), asked).await {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

async fn user(platform: &Platform, command: UserCommand) -> Result<(), Failure> {
    let origin = Origin {
        user_agent: "latchstring user".into(),
        ..Origin::default()
    };
    match command {
        UserCommand::Create {
            email,
            name,
            administrator,
        } => {
            let email = parse_email(&email)?;
            let name =
                Name::parse(&name).map_err(|code| format!("The name is refused: {}.", code.as_str()))?;
            let stored = new_password(platform, name.as_str(), &email).await?;
            let made = platform
                .db
                .write(async |tx| {
                    let new = NewUser {
                        name: name.as_str(),
                        email: email.as_str(),
                        email_key: email.key().as_str(),
                        administrator,
                    };
                    let Some(user) = User::create(tx, new).await? else {
                        return Ok(false);
                    };
                    stored.set(tx, user.id).await?;
                    tx.audit(Entry {
                        event: Event::SignedUp,
                        actor: None,
                        subject: Some(user.id),
                        session: None,
                        origin: &origin,
                        detail: &[],
                    })
                    .await?;
                    Ok(true)
                })
                .await?;
            if !made {
                return Err("There is an account with this address already.".into());
            }
            println!("Made {email}.");
        }
        UserCommand::List { limit } => {
            for user in platform.db.read(async |tx| User::list(tx, limit).await).await? {
                let state = if user.locked_at.is_some() {
                    "locked"
                } else {
                    "active"
                };
                let role = if user.administrator { "administrator" } else { "" };
                println!("{}\t{}\t{}\t{state}\t{role}", user.id, user.email, user.name);
            }
        }
        UserCommand::Lock { email } => change(platform, &email, Event::Locked, &origin).await?,
        UserCommand::Unlock { email } => change(platform, &email, Event::Unlocked, &origin).await?,
        UserCommand::Reset { email } => {
            let user = find(platform, &email).await?;
            let stored = new_password(platform, &user.name, &parse_email(&email)?).await?;
            end_copies(platform, &user).await?;
            platform
                .db
                .write(async |tx| {
                    stored.set(tx, user.id).await?;
                    SignedIn::end_all(tx, user.id).await?;
                    Counter::clear_all(tx, email_key(&user)?.key()).await?;
                    reset_password::close(tx, user.id).await?;
                    tx.audit(Entry {
                        event: Event::PasswordSet,
                        actor: None,
                        subject: Some(user.id),
                        session: None,
                        origin: &origin,
                        detail: &[],
                    })
                    .await
                })
                .await?;
            println!("Set a new password for {}, and ended its sessions.", user.email);
        }
    }
    Ok(())
}

async fn change(platform: &Platform, email: &str, event: Event, origin: &Origin) -> Result<(), Failure> {
    let user = find(platform, email).await?;
    end_copies(platform, &user).await?;
    platform
        .db
        .write(async |tx| {
            if event == Event::Locked {
                user.lock(tx).await?;
                reset_password::close(tx, user.id).await?;
            } else {
                user.unlock(tx).await?;
                Counter::clear_all(tx, email_key(&user)?.key()).await?;
            }
            tx.audit(Entry {
                event,
                actor: None,
                subject: Some(user.id),
                session: None,
                origin,
                detail: &[],
            })
            .await
        })
        .await?;
    println!(
        "{} {}.",
        if event == Event::Locked {
            "Locked"
        } else {
            "Unlocked"
        },
        user.email
    );
    Ok(())
}

/// Fences off the cached copies of somebody's sessions, before they end.
async fn end_copies(platform: &Platform, user: &User) -> Result<(), Failure> {
    let hashes = platform
        .db
        .read(async |tx| SignedIn::hashes_of(tx, user.id).await)
        .await?;
    fence(platform, &hashes).await;
    Ok(())
}

async fn find(platform: &Platform, email: &str) -> Result<User, Failure> {
    let email = parse_email(email)?;
    let found = platform
        .db
        .read(async |tx| User::by_email(tx, email.key()).await)
        .await?;
    found.ok_or_else(|| format!("Nobody has the address {email}.").into())
}

/// The address of an account, which was read once already.
fn email_key(user: &User) -> domain::Result<Email> {
    Email::parse(&user.email).map_err(|_| domain::Error::Internal("a stored address can't be read".into()))
}

fn parse_email(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|_| format!("`{text}` is no mail address.").into())
}

async fn new_password(
    platform: &Platform,
    name: &str,
    email: &Email,
) -> Result<domain::authentication::password::StoredPassword, Failure> {
    if std::io::stdin().is_terminal() {
        eprintln!("Type the new password, and Enter (it is shown; use a file or a pipe to avoid that):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let identity = identity_words(name, Some(email), &platform.config.product_name);
    let password = Password::new(
        line.trim_end_matches(['\r', '\n']),
        &platform.config.password,
        &identity,
    )
    .map_err(|code| format!("The password is refused: {}.", code.as_str()))?;
    Ok(platform.hasher.hash(&password).await?)
}
