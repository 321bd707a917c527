//! The pages of the console, among a thousand people and among a million: how long they take, one after the other.

use std::sync::atomic::Ordering;
use std::time::Instant;

use bench::Result;
use bench::browser::Browser;
use bench::database::Database;
use bench::house::House;
use bench::pace::{AsyncRepeat as _, quantile};
use chrono::{TimeDelta, Utc};

use crate::clients::{PASSWORD, SignsUp, Town, email};
use crate::report::{Report, Target};
use crate::sections::Plan;

/// How often each page is asked for.
const TIMES: usize = 100;
/// How much longer it may take among a million than among a thousand.
const LONGER: f64 = 1.5;

/// The pages: a name for the report, the address, and what it may take (p95) in milliseconds.
const PAGES: [(&str, &str, f64); 17] = [
    ("people-newest", "/admin/users", 50.0),
    ("people-name", "/admin/users?sort=name", 50.0),
    ("people-search-rare", "/admin/users?q=lovelace+ada", 50.0),
    ("people-search-common", "/admin/users?q=nguyen&sort=name", 50.0),
    (
        "people-search-mail",
        "/admin/users?q=ada.lovelace%40example.com",
        50.0,
    ),
    ("people-search-two", "/admin/users?q=nguyen+lan", 50.0),
    ("people-locked", "/admin/users?state=locked&sort=seen", 50.0),
    ("people-no-factor", "/admin/users?proves=none&sort=mail", 50.0),
    ("audit-newest", "/admin/audit", 100.0),
    ("audit-failed", "/admin/audit?what=sign_in.failed", 100.0),
    ("audit-topic", "/admin/audit?what=factors", 100.0),
    ("audit-rare", "/admin/audit?what=role.given", 100.0),
    ("audit-address", "/admin/audit?address=192.0.2.1", 100.0),
    ("dashboard-day", "/admin?period=24h", 100.0),
    ("dashboard-week", "/admin?period=7d", 100.0),
    ("dashboard-month", "/admin?period=30d", 100.0),
    ("messages", "/admin/messages?state=failed", 100.0),
];

/// Pages at the other end of a list: a name, the address of the list from there, what its link to the next page begins with, and what
/// they may take (p95) in milliseconds. In the usual order the page behind that place is the last but one, or the last.
const LAST: [(&str, &str, &str, f64); 1] = [("people-last", "/admin/users?sort=oldest", "after=", 50.0)];

/// Measures the pages on a database: among a thousand, and then among `many`.
pub async fn measure(plan: &Plan<'_>, database: &str, url: &str, report: &mut Report) -> Result<()> {
    let (mut house, town) = plan.house(&format!("people-{database}"), Some(url)).await?;
    let small = among(&mut house, &town, url, 1_000).await?;
    let large = among(&mut house, &town, url, plan.people.saturating_sub(1_000)).await?;
    let people = plan.people;
    for (small, large) in small.iter().zip(&large) {
        let (id, what) = (
            format!("{}-{database}", small.name),
            format!("console, `{}`, {database}", small.name),
        );
        report.add(
            &format!("{id}-small"),
            &format!("{what}, among 1,000: p95"),
            small.p95,
            "ms",
            None,
        );
        report.add(
            &id,
            &format!("{what}, among {people}: p95"),
            large.p95,
            "ms",
            Some(Target::AtMost(large.most)),
        );
        report.add(
            &format!("{id}-longer"),
            &format!("{what}: times as long"),
            large.p95 / small.p95,
            "",
            Some(Target::AtMost(LONGER)),
        );
    }
    Ok(())
}

/// How long a page takes, and may take: in milliseconds.
struct Timed {
    name: String,
    p95: f64,
    most: f64,
}

/// The times of each page, once so many people more are there.
async fn among(house: &mut House, town: &Town, url: &str, more: usize) -> Result<Vec<Timed>> {
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
    for (name, path, most) in PAGES {
        let p95 = p95(&browser, path).await?;
        times.push(Timed {
            name: name.to_owned(),
            p95,
            most,
        });
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "what drives the server from outside has the clock of the machine"
    )]
    let now = Utc::now();
    let day = |days| (now - TimeDelta::days(days)).format("%Y-%m-%d");
    let days = format!("/admin/audit?what=sign-ins&from={}&until={}", day(80), day(75));
    times.push(Timed {
        name: "audit-days".to_owned(),
        p95: p95(&browser, &days).await?,
        most: 100.0,
    });
    for (name, first, mark, most) in LAST {
        let page = browser.clone().get(first).await?;
        let found = page
            .text()
            .split(mark)
            .nth(1)
            .and_then(|rest| rest.split(['"', '&']).next());
        let found = found.ok_or_else(|| format!("{first} has no next page"))?;
        let path = format!("{}?{mark}{found}", first.split('?').next().unwrap_or(first));
        times.push(Timed {
            name: name.to_owned(),
            p95: p95(&browser, &path).await?,
            most,
        });
    }
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
async fn p95(browser: &Browser, path: &str) -> Result<f64> {
    let mut browser = browser.clone();
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        let answer = browser.get(path).await?;
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status).into());
        }
        times.push(u32::try_from(started.elapsed().as_micros())?);
    }
    times.sort_unstable();
    Ok(quantile(&times, 0.95))
}
