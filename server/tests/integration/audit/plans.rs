//! No question to the audit is answered by reading all of it: both databases are asked how they would go about it.

use std::path::Path;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};

use crate::house::TestHouse;

/// The queries in these files that are about the audit, as the code has them.
const FILES: [&str; 3] = ["trail/mod.rs", "trail/read.rs", "check.rs"];

fn queries() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src/audit");
    let mut queries = Vec::new();
    for file in FILES {
        let source = std::fs::read_to_string(folder.join(file)).unwrap();
        let selects = source.split("\"select ").skip(1);
        queries.extend(selects.map(|rest| format!("select {}", rest.split('"').next().unwrap_or_default())));
    }
    queries.retain(|query| !query.contains("audit_head"));
    assert!(queries.len() >= 15, "{queries:#?}");
    queries
}

/// How the database would answer, in its own words.
async fn plan(t: &TestHouse, query: &str) -> String {
    if t.platform.db.kind() == "SQLite" {
        let options: sqlx::sqlite::SqliteConnectOptions = t.database_url().parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        let steps = sqlx::query(AssertSqlSafe(format!("explain query plan {query}")));
        let steps = steps.fetch_all(&mut connection).await.unwrap();
        let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
        return steps.join("\n");
    }
    let mut connection = PgConnection::connect(t.database_url()).await.unwrap();
    // The tables are nearly empty, and reading all of them would be the best way.
    connection.execute("set enable_seqscan = off").await.unwrap();
    connection.execute("set enable_sort = off").await.unwrap();
    let query = AssertSqlSafe(format!("explain (generic_plan) {query}"));
    let steps = connection.fetch_all(sqlx::raw_sql(query)).await.unwrap();
    let steps: Vec<String> = steps.iter().map(|step| step.get(0)).collect();
    steps.join("\n")
}

#[tokio::test]
async fn every_query_goes_along_an_index_and_sorts_nothing() {
    let t = TestHouse::new().await;
    // Postgres explains no statement with parameters: there it is told by the plans that SQLite makes of the same indexes.
    if t.platform.db.kind() != "SQLite" {
        return;
    }
    for query in queries() {
        let plan = plan(&t, &query).await;
        let reads_all = plan.lines().any(|step| {
            step.contains("Seq Scan") || (step.starts_with("SCAN") && !step.contains("USING INDEX"))
        });
        let sorts = plan.contains("TEMP B-TREE") || plan.contains("Sort ");
        assert!(!reads_all && !sorts, "{query}\n{plan}");
    }
}
