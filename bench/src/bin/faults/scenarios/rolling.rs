//! F-04: two servers behind a proxy are restarted in turn, under load, and no request fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bench::Result;
use bench::balancer::Balancer;
use bench::browser::Browser;
use bench::http::Connection;

use super::kills::millis;
use super::look_back;
use crate::ledger::Ledger;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};
use crate::world::World;

/// Clients that send forms over kept connections as fast as they are answered, besides the people.
const HASTY: u32 = 12;
/// How long a stop may take.
const STOP: Duration = Duration::from_secs(10);

pub(super) async fn play(plan: &Plan, rolls: u32) -> Result<Stage> {
    let name = [("PUBLIC_URL", "http://localhost:3000")];
    let mut stage = plan.stage("rolling", Kind::Postgres, &name).await?;
    stage.house.start().await?;
    let folder = stage.house.folder.with_file_name("second");
    let mut second = plan.house(&folder, &stage.database, &stage.mail, &name)?;
    // Both need the key that the first has made.
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(stage.house.folder.join("master.key"), folder.join("master.key"))?;
    second.start().await?;

    let balancer = Balancer::start(&[stage.house.address, second.address]).await?;
    let ledger = Ledger::begin(&folder.join("ledger.jsonl"))?;
    stage.world = World::new(
        balancer.address,
        &stage.house.origin,
        Arc::clone(&stage.mail),
        ledger,
        Duration::ZERO,
    );
    let load = Load::begin(&stage.world, plan.seed);
    let over = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicU64::new(0));
    let hasty: Vec<_> = (0..HASTY)
        .map(|_| {
            tokio::spawn(hasty(
                stage.world.browser(),
                stage.world.clone(),
                Arc::clone(&over),
                Arc::clone(&answered),
            ))
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..rolls {
        for house in [&mut stage.house, &mut second] {
            let took = house.stop().await?;
            slowest = slowest.max(took);
            house.start().await?;
            tokio::time::sleep(Duration::from_millis(500)).await;
            stage.world.count("restarts", 1);
        }
    }
    over.store(true, Ordering::SeqCst);
    for client in hasty {
        client.await??;
    }
    let people = load.end().await?;
    stage
        .world
        .count("hasty requests answered", answered.load(Ordering::SeqCst));
    stage.world.count("slowest stop, ms", millis(slowest));
    stage
        .world
        .count("requests that the proxy lost", balancer.failed());
    if balancer.failed() > 0 {
        stage
            .world
            .broken(format!("F-04: the proxy lost {} requests", balancer.failed()));
    }
    if slowest > STOP {
        stage
            .world
            .broken(format!("F-04: a stop took {} ms", millis(slowest)));
    }
    let counts = stage.world.counts();
    for (what, times) in counts
        .iter()
        .filter(|(what, _)| what.starts_with("answers 5") || what.contains("cut off"))
    {
        stage.world.broken(format!("F-04: {what}: {times}"));
    }
    look_back(&stage, people).await?;
    Ok(stage)
}

/// Sends a form that is refused by rule, again and again: each must be answered.
async fn hasty(
    browser: Browser,
    world: World,
    over: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
) -> Result<()> {
    let request = browser.post_bytes("/api/forgot-password", &[("email", "no address")]);
    let mut kept: Option<Connection> = None;
    while !over.load(Ordering::SeqCst) {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(browser.door).await?,
        };
        match connection.ask(&request).await {
            Ok(answer) if answer.status == 422 || answer.status == 400 => {
                answered.fetch_add(1, Ordering::SeqCst);
                kept = Some(connection);
            }
            Ok(answer) => world.broken(format!(
                "F-04: a form was answered {}: {}",
                answer.status,
                answer.text()
            )),
            Err(error) => world.broken(format!("F-04: a form was not answered: {error}")),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
