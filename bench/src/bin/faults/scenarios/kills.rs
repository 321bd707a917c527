//! F-01: the server is killed (SIGKILL) at any moment, under load, and started again.

use std::time::Duration;

use bench::Result;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

pub(super) async fn play(plan: &Plan, kind: Kind, kills: u32) -> Result<Stage> {
    let mut stage = plan.stage("kills", kind, &[]).await?;
    let mut dice = StdRng::seed_from_u64(plan.seed);
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    // Long enough for the first people to have accounts.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.random_range(100..1500))).await;
        stage.house.kill();
        slowest = slowest.max(stage.house.start().await?);
        stage.world.count("kills", 1);
    }
    stage
        .world
        .count("slowest start after a kill, ms", millis(slowest));
    let people = load.end().await?;
    look_back(&stage, people).await?;
    Ok(stage)
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
