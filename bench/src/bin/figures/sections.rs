//! What is measured, in order.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use bench::Result;
use bench::browser::Browser;
use bench::house::House;
use bench::http::Connection;
use bench::mail::MailServer;
use bench::pace::{Tally, as_fast_as_it_goes, quantile, so_many_a_second};

use crate::clients::{ComesBack, Gets, Numbers, PASSWORD, Resets, SignsIn, SignsUp, Town, email, sign_in};
use crate::machine;
use crate::report::{Report, Target};

/// Clients at once for pages and for journeys.
const CLIENTS: usize = 32;
/// Not counted at the beginning of each load.
const WARM_UP: Duration = Duration::from_secs(1);

/// How a run goes.
pub struct Plan<'a> {
    /// The server's binary.
    pub binary: &'a Path,
    /// The server's core.
    pub core: usize,
    /// For databases and logs.
    pub scratch: &'a Path,
    /// How long each load lasts.
    pub lasting: Duration,
    /// Only sections whose name begins so.
    pub only: &'a str,
    /// Among how many people the list of them is measured.
    pub people: usize,
}

impl Plan<'_> {
    pub fn wants(&self, section: &str) -> bool {
        section.starts_with(self.only)
    }

    /// A server in production mode, as it stands behind a proxy.
    pub async fn house(&self, name: &str, database: Option<&str>) -> Result<(House, Town)> {
        let mail = Arc::new(MailServer::start().await?);
        let folder = self.scratch.join(name);
        let url = mail.url();
        let mut settings = vec![
            ("ENV", "production"),
            ("PUBLIC_URL", "https://id.example.com"),
            ("SMTP_URL", &url),
        ];
        settings.extend(database.map(|url| ("DATABASE_URL", url)));
        let house = House::new(self.binary, &folder, &settings)?.on_core(self.core);
        let town = Town {
            door: house.address,
            origin: house.origin.clone(),
            mail,
            clients: Arc::default(),
            people: Arc::default(),
            accounts: Arc::new(AtomicUsize::new(0)),
        };
        Ok((house, town))
    }
}

/// Everything, on SQLite.
pub async fn on_sqlite(plan: &Plan<'_>, report: &mut Report) -> Result<()> {
    println!("On SQLite");
    let (mut house, town) = plan.house("sqlite", None).await?;
    if plan.wants("start") {
        starts(&mut house, report).await?;
    }
    house.start().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let at_most = |most| Some(Target::AtMost(most));
    report.add(
        "memory-idle",
        "memory, idle",
        mebibytes(house.memory()).0,
        "MiB",
        at_most(40.0),
    );
    sign_ups(plan, &town, "sqlite", report).await;
    if plan.wants("sign-ins") {
        sign_ins(plan, &house, &town, report).await?;
    }
    reads(plan, &town, "sqlite", true, report).await?;
    if plan.wants("resets") {
        resets(plan, &town, "sqlite", report).await;
    }
    report.add(
        "memory-after-load",
        "memory, after all this load",
        mebibytes(house.memory()).0,
        "MiB",
        at_most(100.0),
    );
    if plan.wants("bytes") {
        bytes(&town, report).await?;
    }
    house.stop().await?;
    Ok(())
}

/// What depends on the database, again on Postgres.
pub async fn on_postgres(plan: &Plan<'_>, url: &str, report: &mut Report) -> Result<()> {
    println!("On Postgres");
    let (mut house, town) = plan.house("postgres", Some(url)).await?;
    house.start().await?;
    sign_ups(plan, &town, "postgres", report).await;
    if plan.wants("sign-ins") {
        let tally = closed(plan, |number| SignsIn(town.clone(), number)).await;
        rate("sign-ins-postgres", "sign-ins, Postgres", &tally, None, report);
    }
    reads(plan, &town, "postgres", false, report).await?;
    if plan.wants("resets") {
        resets(plan, &town, "postgres", report).await;
    }
    house.stop().await?;
    Ok(())
}

async fn starts(house: &mut House, report: &mut Report) -> Result<()> {
    let millis = |took: Duration| took.as_secs_f64() * 1000.0;
    let first = millis(house.start().await?);
    house.stop().await?;
    let mut took = Vec::new();
    for _ in 0..11 {
        took.push(millis(house.start().await?));
        house.stop().await?;
    }
    took.sort_by(f64::total_cmp);
    report.add(
        "ready",
        "exec to ready",
        took[5],
        "ms",
        Some(Target::AtMost(150.0)),
    );
    report.add(
        "ready-first",
        "exec to ready, first start (makes the database and the key)",
        first,
        "ms",
        None,
    );
    Ok(())
}

async fn sign_ups(plan: &Plan<'_>, town: &Town, database: &str, report: &mut Report) {
    // Without an own section: everything else needs people.
    let tally = closed(plan, |_| SignsUp(town.clone())).await;
    rate(
        &format!("sign-ups-{database}"),
        &format!("sign-ups, {}", named(database)),
        &tally,
        None,
        report,
    );
}

async fn resets(plan: &Plan<'_>, town: &Town, database: &str, report: &mut Report) {
    let next: Arc<Numbers> = Arc::default();
    let tally = closed(plan, |_| Resets(town.clone(), Arc::clone(&next))).await;
    rate(
        &format!("resets-{database}"),
        &format!("password resets, {}", named(database)),
        &tally,
        None,
        report,
    );
}

async fn sign_ins(plan: &Plan<'_>, house: &House, town: &Town, report: &mut Report) -> Result<()> {
    let bare = machine::argon2_rate_on(plan.core, 4)?;
    report.add("argon2", "bare argon2", bare, "/s", None);
    let tally = closed(plan, |number| SignsIn(town.clone(), number)).await;
    let reached = tally.rate();
    rate("sign-ins-sqlite", "sign-ins, SQLite", &tally, None, report);
    let least = |share| Some(Target::AtLeast(share));
    let share = |id: &str, what: &str, rate: f64, report: &mut Report| {
        report.add(id, what, 100.0 * rate / bare, "%", least(90.0));
    };
    share(
        "sign-ins-share",
        "sign-ins, of the bare argon2 rate",
        reached,
        report,
    );
    let tally = closed(plan, |number| ComesBack::new(town, number)).await;
    rate(
        "sign-ins-known-sqlite",
        "sign-ins from known browsers, SQLite",
        &tally,
        None,
        report,
    );
    share(
        "sign-ins-known-share",
        "sign-ins from known browsers, of the bare argon2 rate",
        tally.rate(),
        report,
    );

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few thousand at most"
    )]
    let asked = (reached * 10.0) as u32;
    let tally = so_many_a_second(asked, plan.lasting, |number| {
        let town = town.clone();
        async move { sign_in(&town, number).await }
    })
    .await;
    report.add(
        "overload-asked",
        "overload: sign-ins asked for",
        f64::from(asked),
        "/s",
        None,
    );
    report.add(
        "overload-share",
        "overload: sign-ins done, of the peak",
        100.0 * tally.rate() / reached,
        "%",
        least(90.0),
    );
    let at_most = |most| Some(Target::AtMost(most));
    report.add(
        "overload-refused-p99",
        "overload: refused within, p99",
        quantile(&tally.refused, 0.99),
        "ms",
        None,
    );
    report.add(
        "overload-refused-max",
        "overload: refused within, all",
        quantile(&tally.refused, 1.0),
        "ms",
        at_most(1000.0),
    );
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    report.add(
        "overload-failed",
        "overload: neither done nor refused",
        tally.failed as f64,
        "",
        at_most(0.0),
    );
    report.add(
        "overload-memory",
        "overload: most memory",
        mebibytes(house.memory()).1,
        "MiB",
        at_most(400.0),
    );
    Ok(())
}

async fn reads(plan: &Plan<'_>, town: &Town, database: &str, pages: bool, report: &mut Report) -> Result<()> {
    let least = |rate: f64| pages.then_some(Target::AtLeast(rate));
    let on = named(database);
    if plan.wants("page") && pages {
        let stranger = town.browser();
        let tally = closed(plan, |_| Gets::new(&stranger, "/sign-in", "")).await;
        rate("page", "sign-in page", &tally, least(4000.0), report);
        let tally = closed(plan, |_| {
            Gets::new(&stranger, "/sign-in", "accept-encoding: br, gzip\r\n")
        })
        .await;
        rate(
            "page-compressed",
            "sign-in page, for a browser that takes compressed pages",
            &tally,
            None,
            report,
        );
    }
    if plan.wants("read") {
        let mut inside: Vec<Browser> = Vec::new();
        for number in 0..CLIENTS {
            let mut browser = town.browser();
            browser.sign_in(&town.resident(number), PASSWORD).await?;
            if browser.session_status().await? != 200 {
                return Err(format!("{} is not signed in", email(0)).into());
            }
            inside.push(browser);
        }
        let tally = closed(plan, |number| Gets::new(&inside[number], "/api/v1/session", "")).await;
        rate(
            &format!("session-{database}"),
            &format!("`GET /api/v1/session`, {on}"),
            &tally,
            least(15_000.0),
            report,
        );
        let tally = closed(plan, |number| Gets::new(&inside[number], "/account", "")).await;
        rate(
            &format!("account-{database}"),
            &format!("signed-in `/account`, {on}"),
            &tally,
            least(2500.0),
            report,
        );
    }
    Ok(())
}

/// The bytes of the sign-in page and of what it loads, as they cross the wire.
async fn bytes(town: &Town, report: &mut Report) -> Result<()> {
    let browser = town.browser();
    let mut connection = Connection::open(town.door).await?;
    let page = connection.ask(&browser.get_bytes("/sign-in", "")).await?;
    let mut sizes = Vec::new();
    let names: Vec<&str> = page
        .text()
        .split('"')
        .filter(|part| part.starts_with("/pkg/"))
        .collect();
    let found = |end: &str| names.iter().find(|name| name.ends_with(end)).copied();
    let [css, js, wasm] = [".css", ".js", ".wasm"].map(|end| found(end).unwrap_or_default().to_owned());
    for (kind, path) in [
        ("HTML", "/sign-in".to_owned()),
        ("CSS", css),
        ("JavaScript", js),
        ("WASM", wasm),
    ] {
        let ask = browser.get_bytes(&path, "accept-encoding: br, gzip\r\n");
        let answer = connection.ask(&ask).await?;
        if answer.status != 200 {
            return Err(format!("{kind} at {path}: {}", answer.status).into());
        }
        let how = answer
            .header("content-encoding")
            .unwrap_or("not compressed")
            .to_owned();
        sizes.push((kind, kilobytes(answer.body.len()), how));
    }
    for (kind, size, how) in &sizes {
        report.add(
            &format!("bytes-{}", kind.to_lowercase()),
            &format!("sign-in page: {kind} ({how})"),
            *size,
            "kB",
            None,
        );
    }
    let sum = |kinds: &[&str]| {
        sizes
            .iter()
            .filter(|(kind, ..)| kinds.contains(kind))
            .map(|(_, size, _)| size)
            .sum()
    };
    let at_most = |most| Some(Target::AtMost(most));
    report.add(
        "bytes-plain",
        "sign-in page: HTML and CSS",
        sum(&["HTML", "CSS"]),
        "kB",
        at_most(14.0),
    );
    report.add(
        "bytes",
        "sign-in page: all",
        sum(&["HTML", "CSS", "JavaScript", "WASM"]),
        "kB",
        at_most(90.0),
    );
    Ok(())
}

async fn closed<W: bench::pace::AsyncRepeat>(plan: &Plan<'_>, make: impl Fn(usize) -> W) -> Tally {
    as_fast_as_it_goes(CLIENTS, WARM_UP, plan.lasting, make).await
}

/// A rate, its times, and what failed.
fn rate(id: &str, what: &str, tally: &Tally, target: Option<Target>, report: &mut Report) {
    report.add(id, what, tally.rate(), "/s", target);
    report.add(
        &format!("{id}-p50"),
        &format!("{what}: p50"),
        tally.quantile(0.5),
        "ms",
        None,
    );
    report.add(
        &format!("{id}-p99"),
        &format!("{what}: p99"),
        tally.quantile(0.99),
        "ms",
        None,
    );
    let lost = tally.failed + tally.refused.len();
    if lost > 0 {
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        report.add(
            &format!("{id}-failed"),
            &format!("{what}: failed or refused"),
            lost as f64,
            "",
            Some(Target::AtMost(0.0)),
        );
    }
}

fn named(database: &str) -> &'static str {
    if database == "postgres" {
        "Postgres"
    } else {
        "SQLite"
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of processes")]
fn mebibytes(memory: Option<(u64, u64)>) -> (f64, f64) {
    memory.map_or((0.0, 0.0), |(now, most)| {
        (now as f64 / 1024.0, most as f64 / 1024.0)
    })
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
