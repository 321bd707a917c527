//! F-11: Redis is killed, emptied, frozen, slow and full, under load. Nobody is signed out by it, and nobody who was
//! signed out comes back.

use std::time::Duration;

use bench::Result;
use bench::proxy::Proxy;
use bench::redis::Redis;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::look_back;
use crate::load::Load;
use crate::stage::{Kind, Plan, Stage};

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Killed,
    Emptied,
    Frozen,
    Slow,
    Full,
    Cut,
}

const ALL: [Trouble; 6] = [
    Trouble::Killed,
    Trouble::Emptied,
    Trouble::Frozen,
    Trouble::Slow,
    Trouble::Full,
    Trouble::Cut,
];

pub(super) async fn play(plan: &Plan, rounds: u32) -> Result<Stage> {
    let mut stage = plan.stage("redis", Kind::Sqlite, &[]).await?;
    let mut redis = Redis::start().await?;
    let proxy = Proxy::start(redis.address).await?;
    stage
        .house
        .set("REDIS_URL", &format!("redis://{}", proxy.address));
    stage.house.start().await?;
    let load = Load::begin(&stage.world, plan.seed);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut dice = StdRng::seed_from_u64(plan.seed);
    for _ in 0..rounds {
        let mut order = ALL;
        order.shuffle(&mut dice);
        for trouble in order {
            let lasting = Duration::from_millis(dice.random_range(500..2500));
            make(trouble, lasting, &mut redis, &proxy).await?;
            // Well again for a while: what was cached before must not come back.
            tokio::time::sleep(Duration::from_millis(dice.random_range(500..2500))).await;
            stage.world.count(&format!("Redis {trouble:?}").to_lowercase(), 1);
        }
    }
    let people = load.end().await?;
    look_back(&stage, people).await?;
    Ok(stage)
}

async fn make(trouble: Trouble, lasting: Duration, redis: &mut Redis, proxy: &Proxy) -> Result<()> {
    match trouble {
        Trouble::Killed => {
            redis.kill();
            tokio::time::sleep(lasting).await;
            redis.again().await?;
        }
        Trouble::Emptied => {
            redis.ask("FLUSHALL").await?;
        }
        Trouble::Frozen => {
            redis.freeze(true);
            tokio::time::sleep(lasting).await;
            redis.freeze(false);
        }
        Trouble::Slow => {
            proxy.set_delay(Duration::from_secs(2));
            tokio::time::sleep(lasting).await;
            proxy.set_delay(Duration::ZERO);
        }
        Trouble::Full => {
            redis.ask("CONFIG SET maxmemory 1").await?;
            tokio::time::sleep(lasting).await;
            redis.ask("CONFIG SET maxmemory 0").await?;
        }
        Trouble::Cut => proxy.cut(),
    }
    Ok(())
}
