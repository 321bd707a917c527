//! A look into the database, past the server.

use sqlx::{Connection as _, FromRow, PgConnection, SqliteConnection, postgres, sqlite};
use url::Url;

use crate::Result;

/// One connection, for looking.
#[derive(Debug)]
pub enum Database {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To Postgres.
    Postgres(PgConnection),
}

impl Database {
    /// Connects to `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(if url.starts_with("sqlite") {
            Self::Sqlite(SqliteConnection::connect(url).await?)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// Makes an empty Postgres database `name` beside that of `url`; its address. For what needs one to itself: a database belongs to
    /// the server whose key is in it.
    pub async fn beside(url: &str, name: &'static str) -> Result<String> {
        let mut database = Self::open(url).await?;
        match &mut database {
            Self::Sqlite(_) => return Err("a database of its own is made on Postgres alone".into()),
            Self::Postgres(connection) => {
                let statement = sqlx::AssertSqlSafe(format!("create database {name}"));
                sqlx::query(statement).execute(connection).await?;
            }
        }
        database.close().await?;
        let mut beside = Url::parse(url)?;
        beside.set_path(name);
        Ok(beside.into())
    }

    /// True on SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// All rows of a query that both databases know.
    pub async fn rows<T>(&mut self, query: &'static str) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, sqlite::SqliteRow> + for<'r> FromRow<'r, postgres::PgRow> + Send + Unpin,
    {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_as(query).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_as(query).fetch_all(connection).await?,
        })
    }

    /// The number that a query comes to.
    pub async fn count(&mut self, query: &'static str) -> Result<i64> {
        let rows: Vec<(i64,)> = self.rows(query).await?;
        Ok(rows.first().map_or(0, |(count,)| *count))
    }

    /// Runs a statement.
    pub async fn run(&mut self, statement: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::query(statement).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(statement).execute(connection).await?;
            }
        }
        Ok(())
    }

    /// Hangs up.
    pub async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
