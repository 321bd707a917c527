//! Whole tables, row by row, on either database: what a backup and a move are made of.
//!
//! The only place where SQL is put together from names. The names come from the schema itself, which is to say from our
//! own migrations, and are checked to be plain words all the same.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

use super::migrations::tables_in_order;
use super::{Conn, Held, One, Tx};
use crate::{Error, Result, sql};

/// Rows that are handed on together.
const BATCH: usize = 200;

/// Values of one statement of many rows.
const VALUES: usize = 500;

/// Tables whose rows belong to the moment and not to the data.
pub const PASSING: [&str; 1] = ["servers"];

/// A table, as both databases have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the schema.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds. There is nothing else in our migrations; a new kind belongs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `uuid`.
    Uuid,
    /// `text`.
    Text,
    /// `boolean`.
    Boolean,
    /// `timestamptz`.
    Time,
    /// `bytea`.
    Bytes,
    /// `bigint`.
    Integer,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Of [`Kind::Uuid`].
    Uuid(Uuid),
    /// Of [`Kind::Text`].
    Text(String),
    /// Of [`Kind::Boolean`].
    Boolean(bool),
    /// Of [`Kind::Time`], in microseconds since the epoch, which is what both databases keep.
    Time(i64),
    /// Of [`Kind::Bytes`].
    Bytes(Vec<u8>),
    /// Of [`Kind::Integer`].
    Integer(i64),
}

impl Value {
    /// The value that there is, or nothing.
    pub fn or_null<T>(value: Option<T>, kind: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, kind)
    }
}

impl Table {
    /// A table by its name, with those of its columns that are written.
    pub(crate) fn of(name: &str, columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|(name, kind)| Column {
            name: (*name).to_owned(),
            kind: *kind,
        });
        Self {
            name: name.to_owned(),
            columns: columns.collect(),
        }
    }
}

/// A row: its values in the order of the columns.
pub type Row = Vec<Value>;

/// What rows come to: their number, and a hash that doesn't depend on their order, since two databases sort text
/// differently. It is the sum of the rows' SHA-256, modulo 2^256: it finds accidents, not forgeries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub rows: u64,
    hash: [u8; 32],
}

impl Kind {
    const NAMES: [(&'static str, Self); 8] = [
        ("uuid", Self::Uuid),
        ("text", Self::Text),
        ("boolean", Self::Boolean),
        ("bool", Self::Boolean),
        ("timestamptz", Self::Time),
        ("bytea", Self::Bytes),
        ("bigint", Self::Integer),
        ("int8", Self::Integer),
    ];

    /// By its name in a migration, or as Postgres calls it.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::NAMES
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, kind)| *kind)
    }

    /// The name, as in a migration.
    pub fn as_str(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

impl Sum {
    /// Counts a row.
    pub fn add(&mut self, row: &[Value]) {
        let mut hasher = Sha256::new();
        for value in row {
            let (mark, bytes): (u8, Vec<u8>) = match value {
                Value::Null => (0, Vec::new()),
                Value::Uuid(id) => (1, id.as_bytes().to_vec()),
                Value::Text(text) => (2, text.as_bytes().to_vec()),
                Value::Boolean(yes) => (3, vec![u8::from(*yes)]),
                Value::Time(micros) => (4, micros.to_be_bytes().to_vec()),
                Value::Bytes(bytes) => (5, bytes.clone()),
                Value::Integer(number) => (6, number.to_be_bytes().to_vec()),
            };
            hasher.update([mark]);
            hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(&bytes);
        }
        let row: [u8; 32] = hasher.finalize().into();
        let mut carry = 0_u16;
        for (sum, add) in self.hash.iter_mut().zip(row).rev() {
            carry += u16::from(*sum) + u16::from(add);
            let [high, low] = carry.to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
        self.rows += 1;
    }

    /// The hash in hexadecimal.
    pub fn hex(&self) -> String {
        self.hash
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}

impl Tx {
    /// Our tables that are there, parents before their children, but for [`PASSING`] ones and the list of migrations.
    ///
    /// # Errors
    /// [`Error::Internal`] for a column of a kind that [`Kind`] doesn't have.
    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        let found: Vec<(String, String, String)> = if self.is_postgres() {
            sql!(self, fetch_all (String, String, String),
                "select cast(table_name as text), cast(column_name as text), cast(udt_name as text)
                 from information_schema.columns where table_schema = current_schema() order by ordinal_position")?
        } else {
            sql!(
                self,
                fetch_all(String, String, String),
                "select m.name, c.name, c.type from sqlite_master m join pragma_table_info(m.name) c
                 where m.type = 'table' order by c.cid"
            )?
        };
        let mut by_name: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        let ours = tables_in_order();
        for (table, name, kind) in found {
            if !ours.contains(&table) || PASSING.contains(&table.as_str()) {
                continue;
            }
            let kind = Kind::parse(&kind).ok_or_else(|| {
                Error::Internal(format!("{table}.{name} is of a kind that is not copied: {kind}"))
            })?;
            by_name.entry(table).or_default().push(Column { name, kind });
        }
        let in_order = ours.into_iter().filter_map(|name| {
            let columns = by_name.remove(&name)?;
            Some(Table { name, columns })
        });
        Ok(in_order.collect())
    }

    /// Lifts the limits of time from this transaction: it reads or writes everything there is.
    pub(crate) async fn take_all_the_time(&mut self) -> Result<()> {
        if self.is_postgres() {
            sql!(self, execute "set local statement_timeout = 0")?;
            sql!(self, execute "set local idle_in_transaction_session_timeout = 0")?;
        } else if matches!(self.held, Held::Sqlite(_)) {
            sql!(self, execute "pragma defer_foreign_keys = on")?;
        }
        Ok(())
    }

    /// Reads every row of a table, and gives them to `take` in batches.
    pub async fn read_all(
        &mut self,
        table: &Table,
        mut take: impl AsyncFnMut(Vec<Row>) -> Result<()>,
    ) -> Result<()> {
        let query = format!("select {} from {}", names(table)?, word(&table.name)?);
        let mut batch = Vec::with_capacity(BATCH);
        macro_rules! stream {
            ($Database:ty, $connection:expr) => {{
                let mut rows = sqlx::query::<$Database>(AssertSqlSafe(query)).fetch($connection);
                while let Some(row) = rows.try_next().await? {
                    let mut values = Vec::with_capacity(table.columns.len());
                    for (index, column) in table.columns.iter().enumerate() {
                        values.push(
                            match column.kind {
                                Kind::Uuid => row.try_get::<Option<Uuid>, _>(index)?.map(Value::Uuid),
                                Kind::Text => row.try_get::<Option<String>, _>(index)?.map(Value::Text),
                                Kind::Boolean => row.try_get::<Option<bool>, _>(index)?.map(Value::Boolean),
                                Kind::Time => row
                                    .try_get::<Option<DateTime<Utc>>, _>(index)?
                                    .map(|time| Value::Time(time.timestamp_micros())),
                                Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(index)?.map(Value::Bytes),
                                Kind::Integer => row.try_get::<Option<i64>, _>(index)?.map(Value::Integer),
                            }
                            .unwrap_or(Value::Null),
                        );
                    }
                    batch.push(values);
                    if batch.len() == BATCH {
                        take(std::mem::take(&mut batch)).await?;
                    }
                }
            }};
        }
        match self.conn() {
            Conn::Postgres(connection) => stream!(sqlx::Postgres, connection),
            Conn::Sqlite(connection) => stream!(sqlx::Sqlite, connection),
        }
        if batch.is_empty() {
            Ok(())
        } else {
            take(batch).await
        }
    }

    /// What the rows of a table come to.
    pub async fn sum(&mut self, table: &Table) -> Result<Sum> {
        let mut sum = Sum::default();
        self.read_all(table, async |rows| {
            for row in &rows {
                sum.add(row);
            }
            Ok(())
        })
        .await?;
        Ok(sum)
    }

    /// Puts rows into a table.
    pub async fn insert_all(&mut self, table: &Table, rows: &[Row]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let width = table.columns.len();
        let places = |row: usize| {
            let places: Vec<String> = (1..=width)
                .map(|column| format!("${}", row * width + column))
                .collect();
            format!("({})", places.join(", "))
        };
        let all: Vec<String> = (0..rows.len()).map(places).collect();
        let query = format!(
            "insert into {} ({}) values {}",
            word(&table.name)?,
            names(table)?,
            all.join(", ")
        );
        macro_rules! put {
            ($Database:ty, $connection:expr) => {{
                let mut query = sqlx::query::<$Database>(AssertSqlSafe(query));
                for (column, value) in rows.iter().flat_map(|row| table.columns.iter().zip(row)) {
                    query = match value {
                        Value::Uuid(id) => query.bind(*id),
                        Value::Text(text) => query.bind(text.as_str()),
                        Value::Boolean(yes) => query.bind(*yes),
                        Value::Time(micros) => query.bind(time(*micros)?),
                        Value::Bytes(bytes) => query.bind(bytes.as_slice()),
                        Value::Integer(number) => query.bind(*number),
                        // Postgres wants to know what is missing.
                        Value::Null => match column.kind {
                            Kind::Uuid => query.bind(None::<Uuid>),
                            Kind::Text => query.bind(None::<String>),
                            Kind::Boolean => query.bind(None::<bool>),
                            Kind::Time => query.bind(None::<DateTime<Utc>>),
                            Kind::Bytes => query.bind(None::<Vec<u8>>),
                            Kind::Integer => query.bind(None::<i64>),
                        },
                    };
                }
                query.execute($connection).await?;
            }};
        }
        match self.conn() {
            Conn::Postgres(connection) => put!(sqlx::Postgres, connection),
            Conn::Sqlite(connection) => put!(sqlx::Sqlite, connection),
        }
        Ok(())
    }

    /// Puts rows of these columns into a table, in statements of a few hundred values: of more, SQLite looks for each by its name for long.
    pub(crate) async fn insert_many(
        &mut self,
        name: &str,
        columns: &[(&str, Kind)],
        rows: &[Row],
    ) -> Result<()> {
        let table = Table::of(name, columns);
        for part in rows.chunks(VALUES / columns.len()) {
            self.insert_all(&table, part).await?;
        }
        Ok(())
    }

    /// Takes away all our tables, if there are any, children before their parents. Others in the same place stay.
    pub(crate) async fn drop_all(&mut self) -> Result<()> {
        let mut all = tables_in_order();
        all.insert(0, "_sqlx_migrations".to_owned());
        for name in all.iter().rev() {
            let query = format!("drop table if exists {}", word(name)?);
            match self.conn() {
                Conn::Postgres(connection) => {
                    sqlx::query::<sqlx::Postgres>(AssertSqlSafe(query))
                        .execute(connection)
                        .await?;
                }
                Conn::Sqlite(connection) => {
                    sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(query))
                        .execute(connection)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Takes away what migrations put into the tables that were just made, children before their parents: all of it comes with the copy.
    pub(crate) async fn clear(&mut self, tables: &[Table]) -> Result<()> {
        for table in tables.iter().rev() {
            let query = format!("delete from {}", word(&table.name)?);
            match self.conn() {
                Conn::Postgres(connection) => {
                    sqlx::query::<sqlx::Postgres>(AssertSqlSafe(query))
                        .execute(connection)
                        .await?;
                }
                Conn::Sqlite(connection) => {
                    sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(query))
                        .execute(connection)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Keeps others from writing to these tables until the end of this transaction. On SQLite they can't anyway.
    pub(crate) async fn hold_still(&mut self) -> Result<()> {
        if !self.is_postgres() {
            return Ok(());
        }
        let names: Vec<String> = tables_in_order()
            .iter()
            .filter(|name| !PASSING.contains(&name.as_str()))
            .map(|name| word(name).map(str::to_owned))
            .collect::<Result<_>>()?;
        let query = format!("lock table {} in share mode", names.join(", "));
        if let Conn::Postgres(connection) = self.conn() {
            sqlx::query::<sqlx::Postgres>(AssertSqlSafe(query))
                .execute(connection)
                .await?;
        }
        Ok(())
    }

    /// Whether there is somebody whose data could be lost: people, or those who are about to be.
    pub async fn has_people(&mut self) -> Result<bool> {
        let is_there = self.tables().await?.iter().any(|table| table.name == "users");
        // Asked for first: a statement that fails ends a transaction of Postgres.
        if !is_there {
            return Ok(false);
        }
        let (count,) = sql!(self, fetch_one One<i64>, "select (select count(*) from users) + (select count(*) from sign_ups)")?;
        Ok(count > 0)
    }
}

fn time(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::Internal(format!("{micros} µs is no time")))
}

fn names(table: &Table) -> Result<String> {
    let names: Vec<&str> = table
        .columns
        .iter()
        .map(|column| word(&column.name))
        .collect::<Result<_>>()?;
    Ok(names.join(", "))
}

/// A name that may stand in SQL as it is.
fn word(name: &str) -> Result<&str> {
    let is_plain = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    is_plain
        .then_some(name)
        .ok_or_else(|| Error::Internal(format!("{name:?} is no name of ours")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(rows: &[Row]) -> Sum {
        let mut sum = Sum::default();
        for row in rows {
            sum.add(row);
        }
        sum
    }

    #[test]
    fn a_sum_doesn_t_depend_on_the_order_and_on_nothing_else() {
        let text = |text: &str| Value::Text(text.to_owned());
        let a = vec![text("a"), Value::Null];
        let b = vec![text("b"), Value::Integer(1)];
        assert_eq!(sum(&[a.clone(), b.clone()]), sum(&[b.clone(), a.clone()]));
        let all = [
            vec![],
            vec![a.clone()],
            vec![b.clone()],
            vec![a.clone(), a.clone()],
            vec![a.clone(), b.clone()],
            vec![vec![Value::Null, text("a")]],
            vec![vec![text("a")]],
            vec![vec![text(""), text("a")]],
            vec![vec![Value::Bytes(b"a".to_vec()), Value::Null]],
            vec![vec![text("b"), Value::Time(1)]],
            vec![vec![text("b"), Value::Boolean(true)]],
        ];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(sum(one), sum(other), "{one:?} {other:?}");
            }
        }
        assert_eq!(sum(&[a]).hex().len(), 64);
    }

    #[test]
    fn only_plain_words_get_into_sql() {
        assert!(word("sign_in_failures").is_ok());
        for name in ["", "a b", "a;b", "\"a\"", "A", "a'", "é"] {
            assert!(word(name).is_err(), "{name}");
        }
        let kinds = ["uuid", "text", "boolean", "timestamptz", "bytea", "bigint"];
        for kind in kinds {
            assert_eq!(Kind::parse(kind).unwrap().as_str(), kind);
        }
        assert!(Kind::parse("double precision").is_none());
    }
}
