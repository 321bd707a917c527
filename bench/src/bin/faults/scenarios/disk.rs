//! F-17: there is no room left where SQLite writes, under load. Pages are still shown, what must be written is refused
//! with 503, and once there is room again all goes on by itself.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::Result;
use bench::browser::{Browser, leads_to};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::kills::millis;
use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

/// How large the disk is.
const SIZE: &str = "48m";
/// How soon the first write must succeed again.
const HEALED: Duration = Duration::from_secs(5);

pub(super) async fn play(plan: &Plan, times: u32) -> Result<Stage> {
    let mut stage = plan.stage("disk", Kind::Sqlite, &[]).await?;
    let Some(disk) = SmallDisk::mount(&stage.house.folder) else {
        println!("    left out: only root can make a small disk");
        stage.world.count("left out: no small disk can be made here", 1);
        return Ok(stage);
    };
    let mut dice = StdRng::seed_from_u64(plan.seed);
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut slowest = Duration::ZERO;
    for number in 0..times {
        disk.fill()?;
        let until = Instant::now() + Duration::from_millis(dice.random_range(500..2000));
        while Instant::now() < until {
            read_a_page(&stage).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        disk.make_room()?;
        slowest = slowest.max(heals(&stage, number).await?);
        stage.world.count("times the disk was full", 1);
        tokio::time::sleep(Duration::from_millis(dice.random_range(200..1000))).await;
    }
    stage
        .world
        .count("slowest first write with room again, ms", millis(slowest));
    if stage.house.has_ended() {
        stage
            .world
            .broken("I9: the server ended when the disk was full".into());
        stage.house.start().await?;
    }
    let people = load.end().await?;
    look_back(&stage, people).await?;
    stage.house.kill();
    Ok(stage)
}

async fn read_a_page(stage: &Stage) -> Result<()> {
    let mut browser = Browser::new(stage.house.address, &stage.house.origin, Ipv4Addr::LOCALHOST);
    let answer = browser.get("/sign-in").await?;
    if answer.status != 200 {
        let said = format!("/sign-in was answered {} while the disk was full", answer.status);
        stage.world.broken(said);
    }
    stage.world.count("pages read while the disk was full", 1);
    Ok(())
}

/// Tries until a sign-up is taken: how long that took. It is not in the ledger, so nobody waits for its mail.
async fn heals(stage: &Stage, number: u32) -> Result<Duration> {
    let started = Instant::now();
    let mut browser = Browser::new(stage.house.address, &stage.house.origin, Ipv4Addr::LOCALHOST);
    // Somebody who is nobody: the answer is the same, and a count of attempts is written.
    let email = format!("nobody{number}@example.com");
    while started.elapsed() < HEALED {
        let answer = browser.sign_in(&email, "a password of nobody at all").await?;
        if answer.status < 500 && leads_to(&answer).is_none() {
            return Ok(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stage
        .world
        .broken("I9: nothing can be written 5 s after there was room again".into());
    Ok(started.elapsed())
}

/// A file system of its own, which ends with this.
struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    fn mount(folder: &Path) -> Option<Self> {
        let options = format!("size={SIZE},mode=0700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "latchstring-faults"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self {
            folder: folder.to_owned(),
        })
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }

    /// Leaves not one block.
    fn fill(&self) -> Result<()> {
        let mut filler = OpenOptions::new().create(true).append(true).open(self.filler())?;
        for block in [1 << 20, 1 << 12] {
            while filler.write_all(&vec![0; block]).is_ok() {}
        }
        Ok(())
    }

    fn make_room(&self) -> Result<()> {
        Ok(fs::remove_file(self.filler())?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A server may still have its files open: the folder is free at once, the rest when it ends.
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}
