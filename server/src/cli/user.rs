//! `latchstring user …`: looking after people.

use std::io::{BufRead as _, IsTerminal as _};

use clap::Subcommand;
use domain::audit::{Entry, Event, Origin};
use domain::authentication::assurance::manage;
use domain::authentication::password::{Password, StoredPassword, identity_words};
use domain::authentication::recover::{self, NotHastened};
use domain::authentication::session::{SignedIn, fence};
use domain::authentication::throttle::Counter;
use domain::authentication::{change_email, reset_password};
use domain::authorization::give;
use domain::platform::Platform;
use domain::users::email::Email;
use domain::users::name::Name;
use domain::users::user::{NewUser, User};
use domain::{Code, Error};

use super::{Failure, complain, import, say};

/// What can be done with people.
#[derive(Subcommand)]
pub(super) enum UserCommand {
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
    /// Bring in people from a file, with the passwords that they have elsewhere
    #[command(after_help = "Example: latchstring user import people.csv --dry-run\n\n\
                      docs/import.md says what a file may hold. With --dry-run nobody is made. Rows that are skipped or refused are \
                      printed as comma-separated values.")]
    Import {
        /// The file: CSV with a heading, or JSON
        file: std::path::PathBuf,
        /// Only say what would become of each row
        #[arg(long)]
        dry_run: bool,
        /// Take addresses as proven of which the file says nothing
        #[arg(long)]
        proven: bool,
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
    #[command(
        after_help = "Example: latchstring user reset ada@example.com --second-factor < password.txt\n\n\
                      With --second-factor, for somebody who has lost their phone and their recovery codes. Make sure first \
                      that it is them: a password and a mailbox are easier to steal."
    )]
    Reset {
        /// The mail address
        email: String,
        /// Take the second factor away too
        #[arg(long)]
        second_factor: bool,
    },
    /// Give somebody a role, or take it from them
    #[command(after_help = "Example: latchstring user role ada@example.com --give support")]
    Role {
        /// The mail address
        email: String,
        /// The role to give: its name
        #[arg(long, conflicts_with = "take", required_unless_present = "take")]
        give: Option<String>,
        /// The role to take away: its name
        #[arg(long)]
        take: Option<String>,
    },
    /// Shorten the wait of somebody who asked for the way back
    #[command(
        after_help = "Example: latchstring user recover ada@example.com --reason 'showed her passport at the desk'\n\n\
                      It only shortens what the person asked for themselves at /recover, and every address of theirs is told. The \
                      reason is kept in the audit, where the person can read it too."
    )]
    Recover {
        /// The mail address
        email: String,
        /// How you know that it is them, in a line of at most 200 characters
        #[arg(long)]
        reason: String,
        /// How many hours they still wait
        #[arg(long, default_value_t = 0)]
        hours: u16,
    },
}

/// Runs one of them.
pub(super) async fn run(platform: &Platform, command: UserCommand) -> Result<(), Failure> {
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
                        id: None,
                        name: name.as_str(),
                        email: email.as_str(),
                        email_key: email.key().as_str(),
                        language: platform.settings().languages.default,
                        administrator,
                    };
                    let Some(user) = User::create(tx, new).await? else {
                        return Ok(false);
                    };
                    stored.set(tx, user.id).await?;
                    tx.audit(Entry::about(Event::SignedUp, Some(user.id), &origin))
                        .await?;
                    Ok(true)
                })
                .await?;
            if !made {
                return Err("There is an account with this address already.".into());
            }
            say(format!("Made {email}."))?;
        }
        UserCommand::List { limit } => {
            for user in platform.db.read(async |tx| User::list(tx, limit).await).await? {
                let state = if user.locked_at.is_some() {
                    "locked"
                } else if user.deactivated_at.is_some() {
                    "closed"
                } else {
                    "active"
                };
                let role = if user.administrator { "administrator" } else { "" };
                say(format!(
                    "{}\t{}\t{}\t{state}\t{role}",
                    user.id, user.email, user.name
                ))?;
            }
        }
        UserCommand::Import {
            file,
            dry_run,
            proven,
        } => import::run(platform, &file, (dry_run, proven), &origin).await?,
        UserCommand::Lock { email } => change(platform, &email, Event::Locked, &origin).await?,
        UserCommand::Unlock { email } => change(platform, &email, Event::Unlocked, &origin).await?,
        UserCommand::Reset { email, second_factor } => {
            let user = find(platform, &email).await?;
            let stored = new_password(platform, &user.name, &parse_email(&email)?).await?;
            end_copies(platform, &user).await?;
            let cleared = platform
                .db
                .write(async |tx| {
                    stored.set(tx, user.id).await?;
                    SignedIn::end_all(tx, user.id).await?;
                    Counter::clear_all(tx, email_key(&user)?.key()).await?;
                    reset_password::close(tx, user.id).await?;
                    recover::close(tx, user.id).await?;
                    change_email::close(tx, user.id).await?;
                    tx.audit(Entry::about(Event::PasswordSet, Some(user.id), &origin))
                        .await?;
                    Ok(second_factor && manage::clear(tx, platform, &user, &origin).await?)
                })
                .await?;
            say(format!(
                "Set a new password for {}, and ended its sessions.",
                user.email
            ))?;
            if cleared {
                say("Took the second factor away: it is added anew after the next sign-in.")?;
            }
        }
        UserCommand::Role { email, give, take } => {
            let user = find(platform, &email).await?;
            let role = give.as_deref().or(take.as_deref()).unwrap_or_default();
            match give::by_operator(platform, user.id, (role, give.is_some()), &origin).await {
                Ok(()) => {}
                Err(Error::Refused(refusal)) if refusal.code() == Code::RoleUnknown => {
                    return Err(format!("There is no role `{role}`.").into());
                }
                Err(Error::Refused(refusal)) if refusal.code() == Code::LastAdministrator => {
                    return Err("Nobody would be left who may do everything. Make somebody else an administrator first.".into());
                }
                Err(error) => return Err(error.into()),
            }
            let done = if give.is_some() { "has" } else { "no longer has" };
            say(format!("{} {done} the role `{role}`.", user.email))?;
        }
        UserCommand::Recover { email, reason, hours } => {
            let user = find(platform, &email).await?;
            let wait = chrono::Duration::hours(hours.into());
            let due = match recover::hasten(platform, &user, wait, &reason, &origin).await? {
                Ok(due) => due,
                Err(NotHastened::NothingWaits) => {
                    return Err(format!(
                        "Nobody waits for a way back into {email}. It is asked for at /recover."
                    )
                    .into());
                }
                Err(NotHastened::NotSooner) => return Err("It would not be sooner.".into()),
                Err(NotHastened::NoReason) => {
                    return Err("The reason is one line of 1 to 200 characters.".into());
                }
            };
            say(format!(
                "The link for {email} is mailed at {} by a running server.",
                due.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
            ))?;
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
                change_email::close(tx, user.id).await?;
            } else {
                user.unlock(tx).await?;
                Counter::clear_all(tx, email_key(&user)?.key()).await?;
            }
            tx.audit(Entry::about(event, Some(user.id), origin)).await
        })
        .await?;
    let done = if event == Event::Locked {
        "Locked"
    } else {
        "Unlocked"
    };
    say(format!("{done} {}.", user.email))?;
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

async fn new_password(platform: &Platform, name: &str, email: &Email) -> Result<StoredPassword, Failure> {
    if std::io::stdin().is_terminal() {
        complain("Type the new password, and Enter (it is shown; use a file or a pipe to avoid that):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let settings = platform.settings();
    let identity = identity_words(name, Some(email), &settings.product_name);
    let typed = line.trim_end_matches(['\r', '\n']);
    let password = Password::new(typed, settings.password, &identity)
        .map_err(|code| format!("The password is refused: {}.", code.as_str()))?;
    Ok(platform.hasher.hash(&password).await?)
}
