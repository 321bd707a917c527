//! The faults, one scenario each. Numbers like F-01 are those of the list of faults that this server must survive.

mod clock;
mod disk;
mod hang_ups;
mod kills;
mod mails;
mod points;
mod postgres;
mod redis;
mod rolling;

use bench::Result;

use crate::load::wait_for_mails;
use crate::person::Person;
use crate::stage::{Kind, Plan, Stage};
use crate::verdict;

/// How much of everything is done.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// Random kills, per database.
    pub kills: u32,
    /// Points at which the server is killed, per database; each once. More than there are: all.
    pub points: usize,
    /// Restarts of Postgres.
    pub restarts: u32,
    /// Clients that hang up, per database.
    pub hang_ups: u32,
    /// Sign-ups while no mail goes out, over all moods of the mail server.
    pub sign_ups: u32,
    /// Rounds through the ways in which Redis fails.
    pub redis_rounds: u32,
    /// Restarts of two servers in turn.
    pub rolls: u32,
    /// Times that the disk is full.
    pub disks: u32,
    /// Rounds through the ways in which the clock jumps.
    pub clocks: u32,
}

impl Amount {
    /// What `script/faults` does.
    pub const LONG: Self = Self {
        kills: 1000,
        points: usize::MAX,
        restarts: 100,
        hang_ups: 5000,
        sign_ups: 1000,
        redis_rounds: 10,
        rolls: 20,
        disks: 100,
        clocks: 10,
    };
    /// What continuous integration does: two minutes.
    pub const SHORT: Self = Self {
        kills: 8,
        points: 4,
        restarts: 3,
        hang_ups: 100,
        sign_ups: 40,
        redis_rounds: 1,
        rolls: 1,
        disks: 2,
        clocks: 1,
    };

    /// The same number of everything.
    pub fn all(times: u32) -> Self {
        Self {
            kills: times,
            points: times as usize,
            restarts: times,
            hang_ups: times,
            sign_ups: times,
            redis_rounds: times,
            rolls: times,
            disks: times,
            clocks: times,
        }
    }
}

/// The names of the scenarios, in order.
pub const NAMES: [&str; 14] = [
    "kills-sqlite",
    "kills-postgres",
    "points-sqlite",
    "points-postgres",
    "postgres-restarts",
    "hang-ups-sqlite",
    "hang-ups-postgres",
    "redis",
    "mail",
    "jobs-sqlite",
    "jobs-postgres",
    "rolling",
    "disk",
    "clock",
];

/// Plays one scenario. What it found is in the world of the stage that it returns.
pub async fn play(name: &str, plan: &Plan, amount: &Amount) -> Result<Stage> {
    match name {
        "kills-sqlite" => kills::play(plan, Kind::Sqlite, amount.kills).await,
        "kills-postgres" => kills::play(plan, Kind::Postgres, amount.kills).await,
        "points-sqlite" => points::play(plan, Kind::Sqlite, amount.points).await,
        "points-postgres" => points::play(plan, Kind::Postgres, amount.points).await,
        "postgres-restarts" => postgres::play(plan, amount.restarts).await,
        "hang-ups-sqlite" => hang_ups::play(plan, Kind::Sqlite, amount.hang_ups).await,
        "hang-ups-postgres" => hang_ups::play(plan, Kind::Postgres, amount.hang_ups).await,
        "redis" => redis::play(plan, amount.redis_rounds).await,
        "mail" => mails::moods(plan, amount.sign_ups).await,
        "jobs-sqlite" => mails::killed_worker(plan, Kind::Sqlite, amount.sign_ups).await,
        "jobs-postgres" => mails::killed_worker(plan, Kind::Postgres, amount.sign_ups).await,
        "disk" => disk::play(plan, amount.disks).await,
        "clock" => clock::play(plan, amount.clocks).await,
        "rolling" => rolling::play(plan, amount.rolls).await,
        _ => Err(format!("no scenario is called {name}").into()),
    }
}

/// After the faults: everybody looks back, and the ledger is held against everything else.
async fn look_back(stage: &Stage, mut people: Vec<Person>) -> Result<()> {
    wait_for_mails(&stage.world, &people).await;
    for person in &mut people {
        person.look_back(&stage.world).await?;
    }
    stage.world.count("people who looked back", people.len() as u64);
    verdict::reach(stage).await
}
