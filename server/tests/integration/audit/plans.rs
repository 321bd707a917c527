//! No question to the audit is answered by reading all of it: both databases are asked how they would go about it.

use std::path::Path;

use crate::house::TestHouse;
use crate::house::plan::plan;

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

#[tokio::test]
async fn every_query_goes_along_an_index_and_sorts_nothing() {
    let t = TestHouse::new().await;
    for query in queries() {
        let plan = plan(&t, &query, "").await;
        let reads_all = plan.iter().any(|step| {
            step.contains("Seq Scan") || (step.starts_with("SCAN") && !step.contains("USING INDEX"))
        });
        let sorts = plan
            .iter()
            .any(|step| step.contains("TEMP B-TREE") || step.contains("Sort "));
        assert!(!reads_all && !sorts, "{query}\n{plan:#?}");
    }
}
