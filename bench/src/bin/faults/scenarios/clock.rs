//! F-16: the machine's clock jumps, under load. Nobody is signed out by it, and nothing that works once works twice.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bench::Result;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

/// How far it jumps, in seconds; each time it comes back afterwards. Two of them together are less than the hour that a session
/// lives without use and a link works: what ends in this scenario ended wrongly.
const STEPS: [i64; 6] = [10, -10, 300, -300, 1500, -1500];

pub(super) async fn play(plan: &Plan, rounds: u32) -> Result<Stage> {
    let mut stage = plan.stage("clock", Kind::Sqlite, &[]).await?;
    let Some(library) = find_library() else {
        println!("    left out: libfaketime is not there (Debian's package libfaketime)");
        stage.world.count("left out: libfaketime is not there", 1);
        return Ok(stage);
    };
    let offset = stage.house.folder.join("clock");
    set(&offset, 0)?;
    stage.house.preload(&library, &offset);
    stage.world.clock_jumps();
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut dice = StdRng::seed_from_u64(plan.seed);
    for _ in 0..rounds {
        let mut steps = STEPS;
        steps.shuffle(&mut dice);
        for step in steps {
            for to in [step, 0] {
                set(&offset, to)?;
                stage.world.count("jumps of the clock", 1);
                tokio::time::sleep(Duration::from_millis(dice.random_range(500..2000))).await;
            }
        }
    }
    if stage.house.has_ended() {
        stage
            .world
            .broken("I9: the server ended when the clock jumped".into());
        stage.house.start().await?;
    }
    let people = load.end().await?;
    look_back(&stage, people).await?;
    Ok(stage)
}

/// Seldom read by halves: the new content takes the place of the old in one step.
fn set(file: &Path, seconds: i64) -> Result<()> {
    let draft = file.with_extension("next");
    fs::write(&draft, format!("{seconds:+}s\n"))?;
    Ok(fs::rename(draft, file)?)
}

fn find_library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?;
    let candidates = folders
        .flatten()
        .map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    candidates
        .chain([PathBuf::from("/usr/lib/faketime/libfaketimeMT.so.1")])
        .find(|path| path.is_file())
}
