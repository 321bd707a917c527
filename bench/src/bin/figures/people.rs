//! The list of people in the console, among a thousand and among a million: how long its pages take, one after the other.

use std::sync::atomic::Ordering;
use std::time::Instant;

use bench::Result;
use bench::browser::Browser;
use bench::database::Database;
use bench::house::House;
use bench::pace::{AsyncRepeat as _, quantile};

use crate::clients::{PASSWORD, SignsUp, Town, email};
use crate::report::{Report, Target};
use crate::sections::Plan;

/// How often each page is asked for.
const TIMES: usize = 100;
/// What a page may take, in milliseconds (p95).
const MOST: f64 = 50.0;
/// How much longer it may take among a million than among a thousand.
const LONGER: f64 = 1.5;

/// The pages: a name for the report, and the query of the address.
const PAGES: [(&str, &str); 8] = [
    ("newest", ""),
    ("name", "sort=name"),
    ("search-rare", "q=lovelace+ada"),
    ("search-common", "q=nguyen&sort=name"),
    ("search-mail", "q=ada.lovelace%40example.com"),
    ("search-two", "q=nguyen+lan"),
    ("locked", "state=locked&sort=seen"),
    ("no-factor", "proves=none&sort=mail"),
];

/// Measures the list on a database: among a thousand, and then among `many`.
pub async fn measure(plan: &Plan<'_>, database: &str, url: &str, report: &mut Report) -> Result<()> {
    let (mut house, town) = plan.house(&format!("people-{database}"), Some(url)).await?;
    let small = among(&mut house, &town, url, 1_000).await?;
    let large = among(&mut house, &town, url, plan.people.saturating_sub(1_000)).await?;
    let people = plan.people;
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        let (id, what) = (
            format!("people-{name}-{database}"),
            format!("list of people, `{name}`, {database}"),
        );
        report.add(
            &format!("{id}-small"),
            &format!("{what}, among 1,000: p95"),
            *small,
            "ms",
            None,
        );
        report.add(
            &id,
            &format!("{what}, among {people}: p95"),
            *large,
            "ms",
            Some(Target::AtMost(MOST)),
        );
        report.add(
            &format!("{id}-longer"),
            &format!("{what}: times as long"),
            large / small,
            "",
            Some(Target::AtMost(LONGER)),
        );
    }
    Ok(())
}

/// The times of each page, once so many people more are there.
async fn among(house: &mut House, town: &Town, url: &str, more: usize) -> Result<Vec<(String, f64)>> {
    // People are made up in development only.
    house.set("ENV", "development");
    let (users, sessions, events) = (more.to_string(), (more * 2).to_string(), (more * 5).to_string());
    house.run(
        &[
            "dev",
            "seed",
            "--users",
            &users,
            "--sessions",
            &sessions,
            "--events",
            &events,
        ],
        "",
    )?;
    house.set("ENV", "production");
    house.start().await?;
    let browser = administrator(town, url).await?;
    let mut times = Vec::new();
    for (name, query) in PAGES {
        times.push((name.to_owned(), p95(&browser, query).await?));
    }
    // The last page, from the front: behind somebody who is near the end.
    let oldest = browser.clone().get("/admin/users?sort=oldest").await?;
    let mark = oldest
        .text()
        .split("after=")
        .nth(1)
        .and_then(|rest| rest.split(['"', '&']).next());
    let mark = mark.ok_or("there is no next page")?;
    times.push(("last".to_owned(), p95(&browser, &format!("after={mark}")).await?));
    house.stop().await?;
    Ok(times)
}

/// Somebody who is signed in with two factors and may do everything: made past all forms, since how they get there is not measured.
async fn administrator(town: &Town, url: &str) -> Result<Browser> {
    let number = u32::try_from(town.accounts.load(Ordering::Relaxed))?;
    SignsUp(town.clone()).once().await;
    let mut browser = town.browser();
    browser.sign_in(&email(number), PASSWORD).await?;
    let mut database = Database::open(url).await?;
    for statement in [
        "insert into user_roles (user_id, role_id, granted_at)
            select user_id, 'administrator', created_at from sessions where user_agent = 'bench' on conflict do nothing",
        "update users set staff = true, administrator = true where id in (select user_id from sessions where user_agent = 'bench')",
        "update sessions set aal = 2, amr = 'pwd otp mfa' where user_agent = 'bench'",
    ] {
        database.run(statement).await?;
    }
    database.close().await?;
    Ok(browser)
}

/// What 95 of 100 answers take at most, in milliseconds.
async fn p95(browser: &Browser, query: &str) -> Result<f64> {
    let mut browser = browser.clone();
    let path = format!("/admin/users?{query}");
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        let answer = browser.get(&path).await?;
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status).into());
        }
        times.push(u32::try_from(started.elapsed().as_micros())?);
    }
    times.sort_unstable();
    Ok(quantile(&times, 0.95))
}
