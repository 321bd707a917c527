//! How the databases go about the queries of the list: never through a whole table of people. They are read from the source, so that
//! what is explained is what runs.

use super::people;
use crate::house::TestHouse;
use crate::house::plan::plan;

const SOURCE: &str = include_str!("../../../../../domain/src/users/directory/queries.rs");

/// The parameters of each query, as Postgres calls their types.
const QUERIES: [(&str, &str); 3] = [
    (
        "sizes",
        "bytea, bytea, bytea, bytea, bytea, bytea, bytea, bytea, bigint, text, text, text, timestamptz, timestamptz, timestamptz,
         timestamptz, uuid, uuid",
    ),
    (
        "read_few",
        "text, text, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz, bytea, bytea, bytea, bytea, bytea, bytea,
         bytea, bytea, uuid, uuid, bytea, timestamptz, uuid, bytea, bytea, uuid, uuid, bigint",
    ),
    (
        "read_many",
        "text, bigint, text, text, text, timestamptz, timestamptz, timestamptz, timestamptz, bytea, bytea, bytea, bytea, bytea, bytea,
         bytea, bytea, uuid, uuid, bytea, timestamptz, uuid, bigint",
    ),
];

/// Tables that no page may go through.
const LARGE: [&str; 6] = [
    "users",
    "user_terms",
    "sightings",
    "sessions",
    "audit_events",
    "passwords",
];

/// Indexes of those few of whom something is out of the ordinary.
const FEW: [&str; 3] = ["INDEX users_locked", "INDEX users_closed", "INDEX users_staff"];

/// The text of the query in a function of the source.
fn query(function: &str) -> String {
    let (_, body) = SOURCE
        .split_once(&format!("async fn {function}("))
        .expect("the function");
    let (_, rest) = body.split_once("\n            \"").expect("a query");
    let (query, _) = rest.split_once("\",\n").expect("its end");
    query.replace("\\n", "\n")
}

/// Lines of a plan in which the whole of a large table is gone through.
fn scans(plan: &[String]) -> Vec<&String> {
    let is_scan = |line: &&String| {
        // SQLite would fill either from the whole table.
        if line.contains("BLOOM FILTER") || line.contains("AUTOMATIC") {
            return true;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        LARGE.iter().any(|table| {
            let of_sqlite =
                words.starts_with(&["SCAN", table]) && !FEW.iter().any(|index| line.ends_with(index));
            let of_postgres = line.contains(&format!("Seq Scan on {table}"));
            of_sqlite || of_postgres
        }) || words.starts_with(&["SCAN", "u"])
            || words.starts_with(&["SCAN", "s"])
            || words.starts_with(&["SCAN", "t"])
    };
    plan.iter().filter(is_scan).collect()
}

#[tokio::test]
async fn no_query_of_the_list_goes_through_everybody() {
    let t = TestHouse::new().await;
    people(&t, 300).await;
    for (function, types) in QUERIES {
        let plan = plan(&t, &query(function), types).await;
        assert!(plan.len() > 5, "{function}: {plan:#?}");
        assert_eq!(scans(&plan), Vec::<&String>::new(), "{function}: {plan:#?}");
    }
}
