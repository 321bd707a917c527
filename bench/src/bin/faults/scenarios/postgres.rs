//! F-05: Postgres crashes and comes back, under load. The server stays up, and is well within two seconds.

use std::time::{Duration, Instant};

use bench::Result;
use bench::http::Connection;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::kills::millis;
use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

/// How soon after Postgres takes connections every request must succeed.
const WELL_AGAIN: Duration = Duration::from_secs(2);

pub(super) async fn play(plan: &Plan, restarts: u32) -> Result<Stage> {
    let mut stage = plan.stage("restarts", Kind::Postgres, &[]).await?;
    let mut dice = StdRng::seed_from_u64(plan.seed);
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut slowest = Duration::ZERO;
    for round in 0..restarts {
        tokio::time::sleep(Duration::from_millis(dice.random_range(200..1500))).await;
        let Some(postgres) = &stage.postgres else {
            return Err("this scenario needs Postgres".into());
        };
        tokio::task::block_in_place(|| postgres.restart_at_once())?;
        let back = Instant::now();
        let well = until_well(&stage).await?;
        slowest = slowest.max(well);
        if well > WELL_AGAIN {
            let took = millis(well);
            stage.world.broken(format!(
                "F-05: {took} ms until sessions could be read after restart {round}"
            ));
        }
        tokio::time::sleep(WELL_AGAIN.saturating_sub(back.elapsed()) / 4).await;
        if stage.house.has_ended() {
            stage
                .world
                .broken("F-05: the server ended with Postgres".to_owned());
            stage.house.start().await?;
        }
        stage.world.count("restarts of Postgres", 1);
    }
    stage.world.count("slowest recovery, ms", millis(slowest));
    let people = load.end().await?;
    look_back(&stage, people).await?;
    Ok(stage)
}

/// How long until ten requests in a row that need the database were answered.
async fn until_well(stage: &Stage) -> Result<Duration> {
    let started = Instant::now();
    let somebody = ("latchstring".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let ask = stage
        .world
        .browser()
        .with_session(&somebody)
        .get_bytes("/api/v1/session", "connection: close\r\n");
    let (mut in_a_row, mut first) = (0, Duration::ZERO);
    while in_a_row < 10 {
        if started.elapsed() > Duration::from_mins(1) {
            return Err("I9: the server did not find Postgres again within a minute".into());
        }
        let answer = Connection::open(stage.house.address).await?.ask(&ask).await?;
        if answer.status == 401 {
            if in_a_row == 0 {
                first = started.elapsed();
            }
            in_a_row += 1;
        } else {
            in_a_row = 0;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(first)
}
