//! F-02: the server dies exactly before and after each begin and each commit, each word to Redis and each mail.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bench::Result;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

/// How long the load runs to see which points there are.
const LOOK: Duration = Duration::from_secs(12);
/// How long a point may take to be reached.
const REACH: Duration = Duration::from_secs(10);

pub(super) async fn play(plan: &Plan, kind: Kind, most: usize) -> Result<Stage> {
    let mut stage = plan.stage("points", kind, &[]).await?;
    let mut dice = StdRng::seed_from_u64(plan.seed);
    let notes = stage.house.folder.join("points");
    stage.house.set("MISHAP", &format!("note {}", notes.display()));
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    tokio::time::sleep(if most < 10 { LOOK / 2 } else { LOOK }).await;
    stage.house.kill();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for point in std::fs::read_to_string(&notes)?.lines() {
        *seen.entry(point.to_owned()).or_default() += 1;
    }
    let mut points: Vec<(String, usize)> = seen.clone().into_iter().collect();
    points.shuffle(&mut dice);
    points.truncate(most);
    stage.world.count("points seen", seen.len() as u64);
    for (point, times) in points {
        // What is done once an hour would not be done a second time while somebody waits.
        let hit = dice.random_range(1..=times.min(2));
        stage.house.set("MISHAP", &format!("die {hit} {point}"));
        // It may die so early that it never gets ready.
        stage.house.launch()?;
        let until = Instant::now() + REACH;
        while Instant::now() < until && !stage.house.has_ended() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if stage.house.has_ended() {
            stage.world.count("points died at", 1);
        } else {
            stage.world.count("points not reached again", 1);
            println!("    not reached within {} s: {point}", REACH.as_secs());
        }
        stage.house.kill();
        stage.house.set("MISHAP", "none");
        stage.house.start().await?;
        // Long enough for what was open to be settled.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        stage.house.kill();
    }
    stage.house.start().await?;
    let people = load.end().await?;
    look_back(&stage, people).await?;
    Ok(stage)
}
