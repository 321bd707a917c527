//! What stands in a backup: lines of JSON. First what it is, then row after row, last what the rows come to.
//!
//! ```text
//! {"version":"0.1.0","made_at":"…","database":"SQLite","migrations":[1,2],"keys":"…","tables":[{"name":"users","columns":[["id","uuid"],…]},…]}
//! [0,"018f…","Ada Lovelace",true,"2026-03-02T07:02:05.678901Z","<base64>",12,null]
//! {"sums":[{"table":"users","rows":1,"hash":"…"},…]}
//! ```
//!
//! A row begins with the number of its table. Both databases write the same, so either can read it.

use std::io::{BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::platform::db::tables::{Column, Kind, Row, Sum, Table, Value};

/// The first line.
#[derive(Clone, Serialize, Deserialize)]
pub struct Head {
    /// The version of the program that wrote it.
    pub version: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// From which kind of database.
    pub database: String,
    /// The migrations that its tables have.
    pub migrations: Vec<i64>,
    /// The master keys, as they stand in the key file.
    pub(super) keys: String,
    tables: Vec<Described>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Described {
    name: String,
    columns: Vec<(String, String)>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub struct Foot {
    /// What the rows come to, by table.
    pub sums: Vec<Summed>,
}

/// What the rows of a table come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summed {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// [`Sum::hex`] of them.
    pub hash: String,
}

/// A line that is not what it should be: a fault of the program that wrote it, since the file itself was not changed.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {said}")]
pub struct Nonsense {
    line: u64,
    said: String,
}

impl Head {
    pub(super) fn new(
        made_at: DateTime<Utc>,
        database: &str,
        migrations: Vec<i64>,
        keys: &str,
        tables: &[Table],
    ) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database: database.to_owned(),
            migrations,
            keys: keys.to_owned(),
            tables: tables
                .iter()
                .map(|table| Described {
                    name: table.name.clone(),
                    columns: table
                        .columns
                        .iter()
                        .map(|column| (column.name.clone(), column.kind.as_str().to_owned()))
                        .collect(),
                })
                .collect(),
        }
    }

    /// The tables in it. `None` if one has a column of a kind that this program doesn't know.
    pub fn tables(&self) -> Option<Vec<Table>> {
        let column = |(name, kind): &(String, String)| {
            Some(Column {
                name: name.clone(),
                kind: Kind::parse(kind)?,
            })
        };
        let table = |table: &Described| {
            Some(Table {
                name: table.name.clone(),
                columns: table.columns.iter().map(column).collect::<Option<_>>()?,
            })
        };
        self.tables.iter().map(table).collect()
    }
}

impl Summed {
    pub(super) fn new(table: &Table, sum: &Sum) -> Self {
        Self {
            table: table.name.clone(),
            rows: sum.rows,
            hash: sum.hex(),
        }
    }
}

/// Writes a line.
pub(super) fn write_line(out: &mut impl Write, line: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// Writes the row of a table.
pub(super) fn write_row(out: &mut impl Write, table: usize, row: &Row) -> std::io::Result<()> {
    let values = row.iter().map(|value| match value {
        Value::Null => Json::Null,
        Value::Uuid(id) => json!(id),
        Value::Text(text) => json!(text),
        Value::Boolean(yes) => json!(yes),
        Value::Time(micros) => DateTime::from_timestamp_micros(*micros).map_or(Json::Null, |time| {
            json!(time.to_rfc3339_opts(SecondsFormat::Micros, true))
        }),
        Value::Bytes(bytes) => json!(STANDARD.encode(bytes)),
        Value::Integer(number) => json!(number),
    });
    let line: Vec<Json> = std::iter::once(json!(table)).chain(values).collect();
    write_line(out, &line)
}

/// Reads a backup line by line.
pub(super) struct Lines<R: BufRead> {
    from: R,
    number: u64,
    tables: Vec<Table>,
}

/// A line behind the first.
pub(super) enum Line {
    Row(usize, Row),
    Foot(Foot),
}

impl<R: BufRead> Lines<R> {
    /// Reads the first line.
    pub(super) fn begin(from: R) -> std::io::Result<(Head, Self)> {
        let mut lines = Self {
            from,
            number: 0,
            tables: Vec::new(),
        };
        let line = lines.next_line()?;
        let head: Head = serde_json::from_str(&line).map_err(|error| lines.nonsense(error))?;
        let tables = head.tables();
        lines.tables = tables.ok_or_else(|| lines.nonsense("a column of an unknown kind"))?;
        Ok((head, lines))
    }

    /// Reads the next line. The [`Foot`] is the last.
    pub(super) fn next(&mut self) -> std::io::Result<Line> {
        let line = self.next_line()?;
        if line.starts_with('{') {
            let foot = serde_json::from_str(&line).map_err(|error| self.nonsense(error))?;
            return Ok(Line::Foot(foot));
        }
        let values: Vec<Json> = serde_json::from_str(&line).map_err(|error| self.nonsense(error))?;
        self.row(values)
            .ok_or_else(|| self.nonsense("a value of another kind than its column"))
    }

    fn row(&self, values: Vec<Json>) -> Option<Line> {
        let mut values = values.into_iter();
        let number = usize::try_from(values.next()?.as_u64()?).ok()?;
        let table = self.tables.get(number)?;
        let row: Row = table
            .columns
            .iter()
            .zip(values.by_ref())
            .map(|(column, value)| read_value(column.kind, value))
            .collect::<Option<_>>()?;
        (row.len() == table.columns.len() && values.next().is_none()).then_some(Line::Row(number, row))
    }

    fn next_line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        self.number += 1;
        if line.is_empty() {
            return Err(self.nonsense("the last line is missing"));
        }
        Ok(line)
    }

    fn nonsense(&self, said: impl ToString) -> std::io::Error {
        std::io::Error::other(Nonsense {
            line: self.number,
            said: said.to_string(),
        })
    }
}

fn read_value(kind: Kind, value: Json) -> Option<Value> {
    Some(match (kind, value) {
        (_, Json::Null) => Value::Null,
        (Kind::Uuid, Json::String(text)) => Value::Uuid(Uuid::parse_str(&text).ok()?),
        (Kind::Text, Json::String(text)) => Value::Text(text),
        (Kind::Boolean, Json::Bool(yes)) => Value::Boolean(yes),
        (Kind::Time, Json::String(text)) => {
            Value::Time(DateTime::parse_from_rfc3339(&text).ok()?.timestamp_micros())
        }
        (Kind::Bytes, Json::String(text)) => Value::Bytes(STANDARD.decode(text).ok()?),
        (Kind::Integer, Json::Number(number)) => Value::Integer(number.as_i64()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_reads_back() {
        let kinds = [
            Kind::Uuid,
            Kind::Text,
            Kind::Boolean,
            Kind::Time,
            Kind::Bytes,
            Kind::Integer,
        ];
        let columns = kinds.map(|kind| Column {
            name: kind.as_str().to_owned(),
            kind,
        });
        let table = Table {
            name: "things".to_owned(),
            columns: columns.to_vec(),
        };
        let rows: [Row; 3] = [
            vec![
                Value::Uuid(Uuid::from_u128(7)),
                Value::Text("\"\n{\u{1F511}".to_owned()),
                Value::Boolean(true),
                Value::Time(1_772_434_925_678_901),
                Value::Bytes(vec![0, 255, 10]),
                Value::Integer(i64::MIN),
            ],
            vec![Value::Null; 6],
            vec![
                Value::Uuid(Uuid::nil()),
                Value::Text(String::new()),
                Value::Boolean(false),
                Value::Time(-1),
                Value::Bytes(Vec::new()),
                Value::Integer(i64::MAX),
            ],
        ];
        let mut file = Vec::new();
        let head = Head::new(
            DateTime::UNIX_EPOCH,
            "SQLite",
            vec![1],
            "key",
            std::slice::from_ref(&table),
        );
        write_line(&mut file, &head).unwrap();
        for row in &rows {
            write_row(&mut file, 0, row).unwrap();
        }
        write_line(&mut file, &Foot { sums: Vec::new() }).unwrap();
        let (read, mut lines) = Lines::begin(file.as_slice()).unwrap();
        assert_eq!(read.tables().unwrap(), [table]);
        for row in &rows {
            assert!(matches!(lines.next().unwrap(), Line::Row(0, read) if read == *row));
        }
        assert!(matches!(lines.next().unwrap(), Line::Foot(_)));
        assert!(lines.next().is_err());
    }

    #[test]
    fn a_row_that_doesn_t_fit_its_table_is_refused() {
        let head = r#"{"version":"1","made_at":"2026-03-02T07:02:05Z","database":"SQLite","migrations":[1],"keys":"k","tables":[{"name":"t","columns":[["a","bigint"]]}]}"#;
        for line in [
            "[0]",
            "[0,1,2]",
            "[1,1]",
            "[0,\"1\"]",
            "[0,1.5]",
            "[-1,1]",
            "[]",
            "nonsense",
            "",
        ] {
            let file = format!("{head}\n{line}\n");
            let (_, mut lines) = Lines::begin(file.as_bytes()).unwrap();
            assert!(lines.next().is_err(), "{line}");
        }
        assert!(Lines::begin(head.replace("bigint", "money").as_bytes()).is_err());
    }
}
