//! A database for one test: a file in a temporary folder, or a fresh database on a Postgres server.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, SqliteConnection,
};
use tempfile::TempDir;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

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
        Self::on(super::variable("LATCHSTRING_TEST_DATABASE_URL"), seed, false).await
    }

    /// Makes a database with all tables: a copy of one that the first test of all makes, since that takes a tenth of the time.
    pub async fn with_tables(seed: u64) -> Self {
        Self::on(super::variable("LATCHSTRING_TEST_DATABASE_URL"), seed, true).await
    }

    /// One of the other kind than `kind`, where this run has both.
    pub async fn other(kind: &str, seed: u64) -> Self {
        let server = super::variable("LATCHSTRING_TEST_DATABASE_URL").filter(|_| kind == "SQLite");
        Self::on(server, seed, false).await
    }

    async fn on(server: Option<String>, seed: u64, with_tables: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = server else {
            let file = folder.path().join("test.db");
            if with_tables {
                std::fs::copy(file_with_tables().await, &file).unwrap();
            }
            let url = format!("sqlite://{}", file.display());
            return Self {
                folder,
                url,
                postgres: None,
            };
        };
        let name = format!("latchstring_test_{seed:016x}");
        let mut connection = PgConnection::connect(&server).await.unwrap();
        let template = if with_tables {
            format!("template {}", database_with_tables(&server).await)
        } else {
            String::new()
        };
        connection
            .execute(AssertSqlSafe(format!("create database {name} {template}")))
            .await
            .unwrap();
        connection.close().await.unwrap();
        Self {
            folder,
            url: beside(&server, &name),
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

/// The address of another database of that server.
fn beside(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(name);
    url.into()
}

/// A name for these very tables.
fn version() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS.iter() {
        hash.update(&migration.checksum);
    }
    let hash: [u8; 32] = hash.finalize().into();
    format!(
        "{:016x}",
        hash.iter()
            .take(8)
            .fold(0_u64, |all, byte| all << 8 | u64::from(*byte))
    )
}

/// A SQLite file with all tables. Whoever finds none makes one; of several at once the last one stays.
async fn file_with_tables() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("tables-{}.db", version()));
    if !file.exists() {
        let own = tempfile::tempdir_in(folder).unwrap();
        let made = own.path().join("made.db");
        let options = SqliteConnectOptions::new()
            .filename(&made)
            .create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        MIGRATIONS.run(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        std::fs::rename(made, &file).unwrap();
    }
    file
}

/// A database with all tables on this server, by its name. Whoever finds none makes one, and the others wait.
async fn database_with_tables(server: &str) -> String {
    let name = format!("latchstring_tables_{}", version());
    let mut connection = PgConnection::connect(server).await.unwrap();
    // Until the connection ends.
    connection.execute("select pg_advisory_lock(1)").await.unwrap();
    let there = sqlx::query("select 1 from pg_database where datname = $1").bind(&name);
    if there.fetch_optional(&mut connection).await.unwrap().is_none() {
        let making = format!("{name}_making");
        for statement in [
            format!("drop database if exists {making} with (force)"),
            format!("create database {making}"),
        ] {
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        let mut made = PgConnection::connect(&beside(server, &making)).await.unwrap();
        MIGRATIONS.run(&mut made).await.unwrap();
        made.close().await.unwrap();
        let rename = format!("alter database {making} rename to {name}");
        connection.execute(AssertSqlSafe(rename)).await.unwrap();
    }
    connection.close().await.unwrap();
    name
}

async fn close(url: &str, postgres: Option<(String, String)>) -> Vec<(String, String)> {
    // What was put off from the beginning, and whose moment has not come, is nobody's fault.
    const LEFT: &str =
        "select kind, state from jobs where state <> 'done' and not (attempts = 0 and run_at > created_at)";
    let Some((server, name)) = postgres else {
        let options: SqliteConnectOptions = url.parse().unwrap();
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        return sqlx::query_as(LEFT).fetch_all(&mut connection).await.unwrap();
    };
    let mut connection = PgConnection::connect(url).await.unwrap();
    let left = sqlx::query_as(LEFT).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection
        .execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .unwrap();
    left
}
