//! How the databases would go about a query.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

use super::TestHouse;

/// The plan of a query in the database's own words, line by line: for any values, and as if no table were small. `types`: those of its
/// parameters, as Postgres calls them; empty: it finds them out by itself.
pub async fn plan(t: &TestHouse, query: &str, types: &str) -> Vec<String> {
    if t.platform.db.kind() == "SQLite" {
        let mut connection = SqliteConnection::connect(t.database_url()).await.unwrap();
        let explain = AssertSqlSafe(format!("explain query plan {query}"));
        let rows = connection.fetch_all(sqlx::raw_sql(explain)).await.unwrap();
        connection.close().await.unwrap();
        return rows.iter().map(|row| row.get("detail")).collect();
    }
    let mut connection = PgConnection::connect(t.database_url()).await.unwrap();
    let types = match types {
        "" => String::new(),
        types => format!("({types})"),
    };
    for statement in [
        "set enable_seqscan = off".to_owned(),
        "set enable_sort = off".to_owned(),
        "set plan_cache_mode = force_generic_plan".to_owned(),
        format!("prepare asked {types} as {query}"),
    ] {
        let done = connection
            .execute(sqlx::raw_sql(AssertSqlSafe(statement.clone())))
            .await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let many = (1..99).take_while(|number| query.contains(&format!("${number}")));
    let nulls = match many.count() {
        0 => String::new(),
        many => format!("({})", vec!["null"; many].join(", ")),
    };
    let explain = AssertSqlSafe(format!("explain execute asked {nulls}"));
    let rows = connection.fetch_all(sqlx::raw_sql(explain)).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
