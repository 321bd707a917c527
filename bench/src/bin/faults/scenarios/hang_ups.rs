//! F-07: clients hang up at any moment while the database is slow. Nobody's write is lost, and no connection is left
//! inside a transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bench::Result;
use bench::browser::Browser;
use bench::database::Database;
use bench::http::Connection;
use bench::proxy::Proxy;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::task::JoinSet;

use crate::ledger::{Deed, Entry};
use crate::stage::{Kind, Plan, Stage};
use crate::verdict;
use crate::world::{Known, World};

/// How long each round trip to Postgres takes.
const LATENCY: Duration = Duration::from_millis(300);
/// How long somebody else holds SQLite's one lock, again and again.
const LOCKED: Duration = Duration::from_millis(120);
/// The longest that an impatient client waits.
const HANGS_UP_WITHIN_MS: u64 = 400;
const PASSWORD: &str = "quiet harbour before dawn";

pub(super) async fn play(plan: &Plan, kind: Kind, clients: u32) -> Result<Stage> {
    let many = [("DATABASE_POOL_SIZE", "100"), ("PASSWORD_QUEUE", "1000")];
    let mut stage = plan.stage("hang-ups", kind, &many).await?;
    let proxy = match &stage.postgres {
        Some(postgres) => {
            let proxy = Proxy::start(postgres.address).await?;
            stage
                .house
                .set("DATABASE_URL", &postgres.url(proxy.address, "postgres"));
            Some(proxy)
        }
        None => None,
    };
    stage.house.start().await?;
    let members = members(&stage).await?;
    if let Some(proxy) = &proxy {
        proxy.set_delay(LATENCY);
    }
    let over = Arc::new(AtomicBool::new(false));
    let nuisance = tokio::spawn(nuisance(
        stage.database.clone(),
        stage.world.clone(),
        Arc::clone(&over),
    ));

    let mut dice = StdRng::seed_from_u64(plan.seed);
    let mut running = JoinSet::new();
    for _ in 0..clients {
        tokio::time::sleep(Duration::from_millis(25)).await;
        let member = members[dice.random_range(0..members.len())].clone();
        let client = client(stage.world.clone(), member, StdRng::from_rng(&mut dice));
        running.spawn(client);
    }
    let mut entered = Vec::new();
    while let Some(ended) = running.join_next().await {
        entered.extend(ended??);
    }
    over.store(true, Ordering::SeqCst);
    nuisance.await??;
    if let Some(proxy) = &proxy {
        proxy.set_delay(Duration::ZERO);
    }
    // What was begun is finished, though nobody waits for it.
    tokio::time::sleep(Duration::from_secs(6)).await;
    stage
        .world
        .count("sessions that were acknowledged", entered.len() as u64);
    for browser in &mut entered {
        if !stage.world.is_signed_in(browser).await? {
            stage
                .world
                .broken("I1: a session that was acknowledged is not there".to_owned());
        }
    }
    let logs = std::fs::read_to_string(stage.house.log_path())?
        + &stage
            .postgres
            .as_ref()
            .map(bench::postgres::Postgres::log)
            .unwrap_or_default();
    let aborted = logs.matches("25P02").count() + logs.matches("current transaction is aborted").count();
    if aborted > 0 {
        stage.world.broken(format!(
            "F-07: {aborted} statements ran in a transaction that had failed"
        ));
    }
    verdict::reach(&stage).await?;
    Ok(stage)
}

/// A few people with accounts, made while everything is still quick.
async fn members(stage: &Stage) -> Result<Vec<String>> {
    let mut members = Vec::new();
    for _ in 0..10 {
        let email = format!("member{}@example.com", stage.world.number());
        let mut browser = stage.world.browser();
        let form = [
            ("name", "A Member"),
            ("email", email.as_str()),
            ("password", PASSWORD),
        ];
        stage.world.ask(&email, &mut browser, Deed::SignUp, &form).await?;
        let patience = Duration::from_secs(20);
        let token = stage
            .mail
            .wait_for_token(&email, "/sign-up/verify", 0, patience)
            .await;
        let token = token.ok_or("I3: no mail came")?;
        let deed = Deed::Verify { token: token.clone() };
        stage
            .world
            .ask(&email, &mut browser, deed, &[("token", &token)])
            .await?;
        members.push(email);
    }
    Ok(members)
}

/// One client: three of four hang up. Whoever waited and was let in is returned.
async fn client(world: World, member: String, mut dice: StdRng) -> Result<Option<Browser>> {
    let mut browser = world.browser();
    let stranger = format!("person{}@example.com", world.number());
    let (person, deed, path, form) = match dice.random_range(0..100) {
        0..60 => (
            stranger.as_str(),
            Deed::SignUp,
            "/api/sign-up",
            vec![
                ("name", "Somebody"),
                ("email", stranger.as_str()),
                ("password", PASSWORD),
            ],
        ),
        60..85 => (
            member.as_str(),
            Deed::SignIn,
            "/api/sign-in",
            vec![("email", member.as_str()), ("password", PASSWORD)],
        ),
        _ => (
            member.as_str(),
            Deed::Forgot,
            "/api/forgot-password",
            vec![("email", member.as_str())],
        ),
    };
    if dice.random_ratio(1, 4) {
        world.count("clients that waited", 1);
        let known = world.ask(person, &mut browser, deed.clone(), &form).await?;
        let entered = deed == Deed::SignIn && matches!(known, Known::Done);
        return Ok(entered.then_some(browser));
    }
    world.count("clients that hung up", 1);
    let number = world.number();
    let asked = Entry::Asked {
        number,
        person: person.to_owned(),
        deed,
    };
    world.ledger.write(asked).await?;
    let request = browser.post_bytes(path, &form);
    // Some don't even send the whole request.
    let sent = if dice.random_ratio(1, 10) {
        request.len() * 9 / 10
    } else {
        request.len()
    };
    if let Ok(mut connection) = Connection::open(world.door).await {
        let _ = connection.send(&request[..sent]).await;
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..HANGS_UP_WITHIN_MS))).await;
    }
    world.ledger.write(Entry::Open { number }).await?;
    Ok(None)
}

/// Makes SQLite slow by holding its lock; on Postgres, which the proxy makes slow, looks for connections that sit in a
/// transaction.
async fn nuisance(database: String, world: World, over: Arc<AtomicBool>) -> Result<()> {
    let mut database = Database::open(&database).await?;
    while !over.load(Ordering::SeqCst) {
        if database.is_sqlite() {
            if database.run("begin immediate").await.is_ok() {
                tokio::time::sleep(LOCKED).await;
                database.run("rollback").await?;
            }
            tokio::time::sleep(LOCKED / 2).await;
        } else {
            let idle = database
                .count(
                    "select count(*) from pg_stat_activity where state like 'idle in transaction%'
                        and state_change < now() - interval '3 seconds'",
                )
                .await?;
            if idle > 0 {
                world.broken(format!("F-07: {idle} connections sit in a transaction"));
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    database.close().await
}
