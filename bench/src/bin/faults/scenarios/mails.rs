//! F-12: the mail server refuses, is silent, is slow, and drops what it took; F-15: the worker is killed with a full
//! queue. Every mail goes out in the end.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bench::Result;
use bench::mail::Mood;

use super::kills::millis;
use crate::ledger::Deed;
use crate::stage::{Kind, Plan, Stage};
use crate::verdict;
use crate::world::Known;

/// Jobs that one worker runs at a time: `jobs.parallel`, as it comes.
const PARALLEL: usize = 4;
/// How soon a queue is empty after its worker was killed.
const TAKEN_OVER: Duration = Duration::from_mins(2);
/// How long after the trouble the last mail may come: jobs that failed wait longer each time.
const AFTER_TROUBLE: Duration = Duration::from_mins(4);

/// F-12, on SQLite.
pub(super) async fn moods(plan: &Plan, sign_ups: u32) -> Result<Stage> {
    let mut stage = plan.stage("mail", Kind::Sqlite, &[]).await?;
    stage.house.start().await?;
    let moods = [
        Mood::Refuses,
        Mood::Silent,
        Mood::Slow(Duration::from_millis(50)),
        Mood::DropsAfterData,
    ];
    let mut asked = 0;
    for mood in moods {
        stage.mail.set_mood(mood);
        let part = sign_ups / 4;
        sign_up(&stage, part).await?;
        asked += part;
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    stage.mail.set_mood(Mood::Takes);
    let well = Instant::now();
    if !all_came(&stage, asked, AFTER_TROUBLE).await {
        stage.world.broken(format!(
            "F-12: not every mail came within {} s",
            AFTER_TROUBLE.as_secs()
        ));
    }
    stage
        .world
        .count("until the last mail came, ms", millis(well.elapsed()));
    verdict::reach(&stage).await?;
    Ok(stage)
}

/// F-15: killed three times with a full queue.
pub(super) async fn killed_worker(plan: &Plan, kind: Kind, jobs: u32) -> Result<Stage> {
    const KILLS: usize = 3;
    let mut stage = plan.stage("jobs", kind, &[]).await?;
    stage.mail.set_mood(Mood::Silent);
    stage.house.start().await?;
    sign_up(&stage, jobs).await?;
    stage.mail.set_mood(Mood::Takes);
    for _ in 0..KILLS {
        stage.house.kill();
        stage.house.start().await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        stage.world.count("kills", 1);
    }
    stage.house.kill();
    let again = Instant::now();
    stage.house.start().await?;
    if !all_came(&stage, jobs, TAKEN_OVER).await {
        stage.world.broken(format!(
            "F-15: the queue was not empty within {} s",
            TAKEN_OVER.as_secs()
        ));
    }
    stage
        .world
        .count("until the last mail came, ms", millis(again.elapsed()));
    let mut times: HashMap<String, usize> = HashMap::new();
    for mail in stage.mail.all() {
        *times.entry(mail.id).or_default() += 1;
    }
    let doubled: usize = times.values().map(|times| times - 1).sum();
    if doubled > (KILLS + 1) * PARALLEL {
        stage.world.broken(format!("F-15: {doubled} mails came twice"));
    }
    verdict::reach(&stage).await?;
    Ok(stage)
}

async fn sign_up(stage: &Stage, people: u32) -> Result<()> {
    for _ in 0..people {
        let email = format!("person{}@example.com", stage.world.number());
        let mut browser = stage.world.browser();
        let form = [
            ("name", "Somebody New"),
            ("email", email.as_str()),
            ("password", "quiet harbour before dawn"),
        ];
        let known = stage.world.ask(&email, &mut browser, Deed::SignUp, &form).await?;
        if !matches!(known, Known::Done) {
            stage.world.broken(format!(
                "F-12: {email} can't sign up while mail is away: {known:?}"
            ));
        }
        stage.world.count("sign-ups", 1);
    }
    Ok(())
}

async fn all_came(stage: &Stage, people: u32, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        let came: std::collections::HashSet<String> =
            stage.mail.all().into_iter().map(|mail| mail.to).collect();
        if came.len() >= people as usize {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    false
}
