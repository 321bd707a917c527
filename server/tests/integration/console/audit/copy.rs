//! A copy of the audit: as a stream, guarded, resumable, and audited itself.

use std::time::Duration;

use chrono::Duration as Span;
use domain::audit::Event;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::tail::request;
use super::{auditor, happen};
use crate::console::staff;
use crate::hang_up::listen_until;
use crate::house::{TestHouse, rows, tamper};

#[tokio::test]
async fn a_copy_has_the_rows_of_the_filter_in_both_forms_and_is_audited() {
    let t = TestHouse::new().await;
    let mut olga = auditor(&t).await;
    let person = Uuid::from_u128(7);
    for (n, request) in ["=1+1", "plain", "a \"quote\", and more"].iter().enumerate() {
        t.clock.advance(Span::milliseconds(1));
        happen(
            &t,
            Event::ProfileChanged,
            (person, person),
            (&format!("192.0.2.{n}"), request),
        )
        .await;
    }
    t.clock.advance(Span::seconds(1));
    let path = format!("/admin/audit/export?whom={person}&format=csv");
    let csv = olga.get(&path).await;
    assert_eq!(csv.status, 200, "{}", csv.outline());
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(
        csv.header("content-disposition")
            .starts_with("attachment; filename=\"audit-2026-03-02-")
    );
    let lines: Vec<&str> = csv.body.split("\r\n").collect();
    assert_eq!(lines.len(), 5, "{lines:#?}");
    assert!(lines[0].starts_with("id,seq,at,kind,"));
    assert!(lines[1].contains(",\"'=1+1\","), "{}", lines[1]);
    assert!(
        lines[3].contains(",\"a \"\"quote\"\", and more\","),
        "{}",
        lines[3]
    );

    // What broke off goes on behind the last row that arrived.
    let last = lines[2].split(',').next().unwrap();
    let rest = olga
        .get(&format!(
            "/admin/audit/export?whom={person}&format=jsonl&after={last}"
        ))
        .await;
    let json: serde_json::Value = serde_json::from_str(rest.body.trim_end()).unwrap();
    assert_eq!(json["request_id"], "a \"quote\", and more");
    let told = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'audit.exported' order by seq"
    );
    assert_eq!(told[0].0, format!(r#"{{"format":"csv","whom":"{person}"}}"#));
    assert!(told[1].0.contains(last) && told.len() == 2);
    assert_eq!(olga.get("/admin/audit/export?format=xml").await.status, 404);
}

#[tokio::test]
async fn a_copy_needs_the_right_and_a_fresh_proof() {
    let t = TestHouse::new().await;
    let mut sam = staff(&t, "Sam Support", "sam@example.com", "support").await;
    assert_eq!(sam.get("/admin/audit/export?format=csv").await.status, 403);
    let mut olga = auditor(&t).await;
    t.clock.advance(Span::minutes(11));
    let page = olga.get("/admin/audit/export?format=csv").await;
    assert_eq!(
        page.location(),
        "/confirm?next=%2Fadmin%2Faudit%2Fexport%3Fformat%3Dcsv"
    );
    assert_eq!(t.audited("audit.exported").await, 0);
    assert_eq!(
        t.browser().get("/admin/audit/export?format=csv").await.location(),
        "/sign-in?next=%2Fadmin%2Faudit"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_hangs_up_stops_the_work_and_one_without_the_right_gets_no_end() {
    let t = TestHouse::new().await;
    let olga = auditor(&t).await;
    let at = t.clock.now() - Span::days(1);
    let first = at.timestamp_millis().unsigned_abs();
    let many = t.platform.db.write(async |tx| {
        for n in 0..20_000_u64 {
            let id = Uuid::from_u128(u128::from(first + n) << 80);
            domain::sql!(tx, execute
                "insert into audit_events (id, at, kind, outcome, user_agent, detail) values ($1, $2, 'sign_in.succeeded', 'done', $3, '{}')",
                id, at, "x".repeat(400))?;
        }
        Ok(())
    });
    many.await.unwrap();
    let house = server::serve::house(t.platform.clone());
    let stop = server::serve::Stop::default();
    let address = listen_until(server::routes::router(house.clone()), stop.clone()).await;
    let path = "/admin/audit/export?format=csv&what=sign-ins";
    let ask = async || {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(request(&olga, path, "*/*").as_bytes())
            .await
            .unwrap();
        let mut begin = [0; 4096];
        stream.read_exact(&mut begin).await.unwrap();
        assert!(begin.starts_with(b"HTTP/1.1 200"));
        stream
    };
    let free = || house.copies.available_permits();
    let all = free();
    let stream = ask().await;
    assert_eq!(free(), all - 1, "it waits for its client");
    drop(stream);
    within(Duration::from_secs(10), || free() == all).await;

    // The right goes away on the way: what came is not passed off as all of it.
    let mut stream = ask().await;
    tokio::time::sleep(domain::authorization::standing::AGAIN).await;
    tamper!(t, "delete from user_roles");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it broke off");
    within(Duration::from_secs(10), || free() == all).await;
    stop.close();
}

/// Waits until it is so.
pub async fn within(most: Duration, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(most, wait).await.expect("in time");
}

/// How many rows the measurement has.
const ROWS: u64 = 400_000;

/// The most memory that this process ever had since it was asked to forget, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Measured, not held: `cargo nextest run … --run-ignored only -E 'test(memory_of_a_copy)' --no-capture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn memory_of_a_copy() {
    let t = TestHouse::new().await;
    let olga = auditor(&t).await;
    let at = t.clock.now() - Span::days(1);
    let first = at.timestamp_millis().unsigned_abs();
    for part in 0..40 {
        let some = t.platform.db.write(async |tx| {
            for n in (ROWS / 40 * part)..(ROWS / 40 * (part + 1)) {
                let id = Uuid::from_u128((u128::from(first) << 80) + u128::from(n));
                domain::sql!(tx, execute
                    "insert into audit_events (id, at, kind, outcome, user_agent, detail) values ($1, $2, 'sign_in.succeeded', 'done', $3, '{}')",
                    id, at, "x".repeat(100))?;
            }
            Ok(())
        });
        some.await.unwrap();
    }
    let (address, stop) = {
        let stop = server::serve::Stop::default();
        (listen_until(t.router(), stop.clone()).await, stop)
    };
    for (what, path) in [
        ("one row", "/admin/audit/export?format=csv&what=totp.added"),
        ("all rows", "/admin/audit/export?format=csv"),
    ] {
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = peak();
        let begun = std::time::Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(request(&olga, path, "*/*").as_bytes())
            .await
            .unwrap();
        let (mut part, mut bytes) = (vec![0; 64 * 1024], 0);
        loop {
            match stream.read(&mut part).await.unwrap() {
                0 => break,
                length => bytes += length,
            }
        }
        eprintln!(
            "{what}: {bytes} bytes in {:?}, {} KiB more than before",
            begun.elapsed(),
            peak() - before
        );
    }
    stop.close();
}
