//! Breaks what the server stands on, under load, and holds it to what it has acknowledged. `script/faults` builds and
//! calls it.
//!
//! The invariants: I1 what was acknowledged is there. I2 what was not is wholly there or wholly absent. I3 each change
//! has its mails, and no mail is without its change. I4 what works once works once. I5 what was ended stays ended. I6
//! failed attempts are not forgotten. I7 the audit has one row for each security event, and is one chain. I8 the database is
//! sound. I9 nobody has to help.

mod ledger;
mod load;
mod person;
mod scenarios;
mod stage;
mod verdict;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use bench::Result;
use clap::Parser;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::scenarios::{Amount, NAMES};
use crate::stage::Plan;

#[derive(Parser)]
#[command(about = "Breaks what the server stands on, and holds it to its word")]
struct Arguments {
    /// Only these scenarios; all by default
    scenarios: Vec<String>,
    /// The server's binary: a debug build, which has the points to die at
    #[arg(long, default_value = "target/debug/latchstring")]
    binary: PathBuf,
    /// For databases, logs and ledgers
    #[arg(long)]
    scratch: PathBuf,
    /// What everything that is left to chance follows from
    #[arg(long)]
    seed: Option<u64>,
    /// A little of everything: two minutes
    #[arg(long)]
    short: bool,
    /// Do this many times of whatever a scenario repeats
    #[arg(long)]
    times: Option<u32>,
    /// How many scenarios play at the same time
    #[arg(long, default_value_t = 1)]
    at_once: usize,
    /// A file for the report
    #[arg(long)]
    report: Option<PathBuf>,
}

/// What came of one scenario.
#[derive(Debug, Serialize)]
struct Outcome {
    scenario: String,
    seed: u64,
    seconds: u64,
    counts: BTreeMap<String, u64>,
    broken: Vec<String>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.scratch)?;
    let plan = Arc::new(Plan {
        binary: arguments.binary.canonicalize()?,
        scratch: arguments.scratch.canonicalize()?,
        seed: arguments.seed.unwrap_or_else(rand::random),
    });
    let mut amount = if arguments.short {
        Amount::SHORT
    } else {
        Amount::LONG
    };
    if let Some(times) = arguments.times {
        amount = Amount::all(times);
    }
    let names = match arguments.scenarios.as_slice() {
        [] => NAMES.map(str::to_owned).to_vec(),
        named => named.to_vec(),
    };
    println!("seed {}", plan.seed);
    let places = Arc::new(Semaphore::new(arguments.at_once.max(1)));
    let mut under_way = JoinSet::new();
    for name in names {
        let (places, plan) = (Arc::clone(&places), Arc::clone(&plan));
        under_way.spawn(async move {
            // Places are taken in the order in which they were asked for. The semaphore is never closed.
            let _place = places.acquire_owned().await;
            play(&name, &plan, &amount).await
        });
    }
    let mut outcomes = Vec::new();
    while let Some(outcome) = under_way.join_next().await {
        let outcome = outcome?;
        tell(&outcome);
        outcomes.push(outcome);
        if let Some(report) = &arguments.report {
            std::fs::write(report, serde_json::to_string_pretty(&outcomes)? + "\n")?;
        }
    }
    let broken: usize = outcomes.iter().map(|outcome| outcome.broken.len()).sum();
    println!("{} scenarios, {broken} broken promises", outcomes.len());
    Ok(if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn play(name: &str, plan: &Plan, amount: &Amount) -> Outcome {
    let started = Instant::now();
    let (counts, broken) = match scenarios::play(name, plan, amount).await {
        Ok(stage) => (stage.world.counts(), stage.world.all_broken()),
        Err(error) => (
            BTreeMap::new(),
            vec![format!("the scenario ended early: {error}")],
        ),
    };
    Outcome {
        scenario: name.to_owned(),
        seed: plan.seed,
        seconds: started.elapsed().as_secs(),
        counts,
        broken,
    }
}

fn tell(outcome: &Outcome) {
    println!("{}", outcome.scenario);
    for (what, count) in &outcome.counts {
        println!("    {count:>8}  {what}");
    }
    println!(
        "    {} s, {} broken promises",
        outcome.seconds,
        outcome.broken.len()
    );
    for broken in &outcome.broken {
        println!("    BROKEN {broken}");
    }
}
