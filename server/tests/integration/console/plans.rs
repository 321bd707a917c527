//! The plans of the queries behind the dashboard, the messages, the queue and claims: none reads a whole table. The queries are taken out of the
//! sources, so that none is forgotten.

use crate::house::TestHouse;
use crate::house::plan::plan;

/// The sources whose queries a page runs.
const SOURCES: [(&str, &str); 10] = [
    (
        "statistics/tally.rs",
        include_str!("../../../../domain/src/platform/statistics/tally.rs"),
    ),
    (
        "statistics/sessions.rs",
        include_str!("../../../../domain/src/platform/statistics/sessions.rs"),
    ),
    (
        "attention.rs",
        include_str!("../../../../domain/src/platform/attention.rs"),
    ),
    (
        "condition.rs",
        include_str!("../../../../domain/src/platform/condition.rs"),
    ),
    (
        "dead_letters.rs",
        include_str!("../../../../domain/src/platform/jobs/dead_letters.rs"),
    ),
    (
        "claims/mod.rs",
        include_str!("../../../../domain/src/users/claims/mod.rs"),
    ),
    (
        "claims/figures.rs",
        include_str!("../../../../domain/src/users/claims/figures.rs"),
    ),
    (
        "claims/held.rs",
        include_str!("../../../../domain/src/users/claims/held.rs"),
    ),
    (
        "claims/noted.rs",
        include_str!("../../../../domain/src/users/claims/noted.rs"),
    ),
    (
        "sent.rs",
        include_str!("../../../../domain/src/notification/sent.rs"),
    ),
];

/// What may be read whole: rows that are few whatever the size of the house, or an index of nothing else than what is counted.
const SMALL: [&str; 12] = [
    "leases",
    "tally_heads",
    "audit_head",
    "recoveries_open",
    "jobs_open",
    "jobs_dead_kind",
    "jobs_dead",
    "sign_in_failures_stopped",
    "audit_events_backups",
    // Four an hour, along its key.
    "session_counts",
    // Fifty at most.
    "claims",
    "claims_pkey",
];

/// The job that counts all sessions, in the background.
const IN_THE_BACKGROUND: &str = "from sessions where expires_at > $1 and idle_expires_at > $1";

fn queries() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (name, source) in SOURCES {
        // In one line or in several.
        for piece in source.split("\"select").skip(1) {
            let end = piece.find('"').expect("the end of a query");
            let query = format!("select{}", &piece[..end]);
            if !query.contains(IN_THE_BACKGROUND) {
                found.push((name, query));
            }
        }
    }
    assert!(found.len() > 20, "only {} queries were found", found.len());
    found
}

/// Lines of a plan that read a whole table which may be large.
fn whole_tables(plan: &[String]) -> Vec<&String> {
    plan.iter()
        .filter(|line| line.contains("SCAN ") || line.contains("Seq Scan"))
        .filter(|line| !["SCAN CONSTANT ROW", "SCAN s"].contains(&line.trim()))
        .filter(|line| {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            !words.any(|word| SMALL.contains(&word))
        })
        .collect()
}

#[tokio::test]
async fn no_query_of_these_pages_reads_a_whole_table() {
    let t = TestHouse::new().await;
    let mut wrong = Vec::new();
    for (name, query) in queries() {
        let plan = plan(&t, &query, "").await;
        assert!(!plan.is_empty(), "{name}: {query}");
        if !whole_tables(&plan).is_empty() {
            wrong.push(format!("{name}: {query}\n{plan:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
