//! A database for one test: a file in a temporary folder, or a fresh database on a Postgres server.

use std::path::Path;

use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// Where one test keeps its data.
pub struct Storage {
    folder: TempDir,
    url: String,
    /// The address of the server that the database must be dropped from, and the database's name.
    postgres: Option<(String, String)>,
}

impl Storage {
    /// Makes an empty database.
    pub async fn make(seed: u64) -> Self {
        Self::on(super::variable("LATCHSTRING_TEST_DATABASE_URL"), seed).await
    }

    /// One of the other kind than `kind`, where this run has both.
    pub async fn other(kind: &str, seed: u64) -> Self {
        let server = super::variable("LATCHSTRING_TEST_DATABASE_URL").filter(|_| kind == "SQLite");
        Self::on(server, seed).await
    }

    async fn on(server: Option<String>, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = server else {
            let url = format!("sqlite://{}", folder.path().join("test.db").display());
            return Self {
                folder,
                url,
                postgres: None,
            };
        };
        let name = format!("latchstring_test_{seed:016x}");
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(format!("create database {name}")))
            .await
            .unwrap();
        connection.close().await.unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Self {
            folder,
            url: url.into(),
            postgres: Some((server, name)),
        }
    }

    /// For the data directory and the working directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// For `LATCHSTRING_DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lists the jobs that were not done, and drops the database. In a thread of its own, because it is called from
    /// a `drop` inside a runtime.
    pub fn close(&self) -> Vec<(String, String)> {
        let (url, postgres) = (self.url.clone(), self.postgres.clone());
        let closing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(close(&url, postgres))
        });
        closing.join().unwrap_or_default()
    }
}

async fn close(url: &str, postgres: Option<(String, String)>) -> Vec<(String, String)> {
    // What was put off from the beginning, and whose moment has not come, is nobody's fault.
    const LEFT: &str =
        "select kind, state from jobs where state <> 'done' and not (attempts = 0 and run_at > created_at)";
    let Some((server, name)) = postgres else {
        let options: sqlx::sqlite::SqliteConnectOptions = url.parse().unwrap();
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        return sqlx::query_as(LEFT).fetch_all(&mut connection).await.unwrap();
    };
    let mut connection = PgConnection::connect(url).await.unwrap();
    let left = sqlx::query_as(LEFT).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection
        .execute(sqlx::AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .unwrap();
    left
}
