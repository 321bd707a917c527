//! Measures the server's release binary and writes down what came out. `script/bench` builds and calls it.

mod clients;
mod machine;
mod people;
mod report;
mod sections;

use std::path::PathBuf;

use bench::Result;
use bench::database::Database;
use clap::{Parser, Subcommand};

use crate::report::Report;

#[derive(Parser)]
#[command(about = "Measures the server's release binary")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The server's binary
    #[arg(long, default_value = "target/release/latchstring")]
    binary: PathBuf,
    /// The core that the server is kept on
    #[arg(long, default_value_t = 0)]
    core: usize,
    /// An empty Postgres, to measure on that too
    #[arg(long)]
    postgres: Option<String>,
    /// What is measured, for the report
    #[arg(long, default_value = "unknown")]
    commit: String,
    /// Seconds that each load lasts
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Where databases and logs lie while it runs
    #[arg(long)]
    scratch: PathBuf,
    /// The folder for RESULTS.md and results.json; nothing is written without it
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only the sections whose name begins so
    #[arg(long, default_value = "")]
    only: String,
    /// Among how many people the list of them is measured
    #[arg(long, default_value_t = 1_000_000)]
    people: usize,
}

#[derive(Subcommand)]
enum Command {
    /// Hashes passwords for so many seconds, and prints how many a second
    Argon2 {
        /// How long
        seconds: u64,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(Command::Argon2 { seconds }) = arguments.command {
        println!("{}", machine::argon2_rate(seconds)?);
        return Ok(());
    }
    let binary = arguments.binary.canonicalize()?;
    std::fs::create_dir_all(&arguments.scratch)?;
    let scratch = arguments.scratch.canonicalize()?;
    let mut report = Report {
        commit: arguments.commit.clone(),
        machine: machine::describe(&scratch)?,
        figures: Vec::new(),
    };
    let plan = sections::Plan {
        binary: &binary,
        core: arguments.core,
        scratch: &scratch,
        lasting: std::time::Duration::from_secs(arguments.seconds),
        only: &arguments.only,
        people: arguments.people,
    };
    sections::on_sqlite(&plan, &mut report).await?;
    if let Some(url) = &arguments.postgres {
        sections::on_postgres(&plan, url, &mut report).await?;
    }
    if plan.wants("people") {
        let file = format!("sqlite://{}", scratch.join("people.db").display());
        people::measure(&plan, "SQLite", &file, &mut report).await?;
        if let Some(url) = &arguments.postgres {
            let url = Database::beside(url, "people").await?;
            people::measure(&plan, "Postgres", &url, &mut report).await?;
        }
    }
    if let Some(out) = &arguments.out {
        std::fs::write(
            out.join("results.json"),
            serde_json::to_string_pretty(&report)? + "\n",
        )?;
        std::fs::write(out.join("RESULTS.md"), report.as_markdown())?;
    }
    Ok(())
}
