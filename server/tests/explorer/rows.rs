//! What lies in the database, row by row; and how it is put back.
//!
//! The schema is read from the database itself, so a table or column of a later migration is part of a state without a line
//! here. Triggers of the explorer's own note which rows a statement touched: after an action only those are read again, and
//! an action that touched none led nowhere. Putting a state back writes the few rows in which two states differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::DateTime;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use super::digest::{Cell, mark};

/// What no flow reads: the trail, the queue (drained after each action), the inbox (read after each action), and who serves.
const PASSED_OVER: [&str; 9] = [
    "audit_events",
    "audit_head",
    "audit_checkpoints",
    "jobs",
    "caught_messages",
    "leases",
    "servers",
    "sealed_secrets",
    "_sqlx_migrations",
];
/// Columns that say something in themselves. All other text is a name, a secret or a label of one.
const WORDS: [&str; 11] = [
    "email",
    "email_key",
    "kind",
    "factor",
    "amr",
    "proven",
    "state",
    "next_path",
    "purpose",
    "begun_by",
    "outcome",
];
/// Moments that no rule looks at, and what a browser says of itself.
const NOISE: [&str; 8] = [
    "created_at",
    "updated_at",
    "last_seen_at",
    "last_used_at",
    "last_failed_at",
    "user_agent",
    "address",
    "name",
];

/// A row: its values as SQL writes them, and as a digest reads them.
#[derive(Debug)]
pub struct Row {
    pub values: Vec<String>,
    pub cells: Vec<Cell>,
}

/// All rows, by table and `rowid`.
pub type Image = BTreeMap<(usize, i64), Arc<Row>>;

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Noise,
    Word,
    Mark,
    Time,
    /// The number of a step of 30 seconds.
    Step,
}

/// The tables of a state, and the statement that reads what was touched.
#[derive(Debug)]
pub struct Tables {
    all: Vec<Table>,
    read: String,
}

impl Tables {
    /// Reads the schema, and puts the explorer's triggers into the database.
    pub async fn install(db: &mut SqliteConnection) -> Self {
        let names: Vec<(String,)> = sqlx::query_as(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
        )
        .fetch_all(&mut *db)
        .await
        .unwrap();
        let mut all = Vec::new();
        for (name,) in names {
            if PASSED_OVER.contains(&name.as_str()) {
                continue;
            }
            let columns: Vec<(String, String)> =
                sqlx::query_as("select name, type from pragma_table_info($1) order by cid")
                    .bind(&name)
                    .fetch_all(&mut *db)
                    .await
                    .unwrap();
            let columns = columns
                .into_iter()
                .map(|(column, kind)| {
                    let kind = kind_of(&name, &column, &kind);
                    (column, kind)
                })
                .collect();
            all.push(Table { name, columns });
        }
        let mut script =
            String::from("create table explorer_touched (tab integer not null, spot integer not null);");
        for (number, table) in all.iter().enumerate() {
            for (when, row) in [("insert", "new"), ("update", "new"), ("delete", "old")] {
                let _ = write!(
                    script,
                    "create trigger explorer_{when}_{0} after {when} on {0} begin insert into explorer_touched values ({number}, {row}.rowid); end;",
                    table.name
                );
            }
        }
        // What waits in the queue or the inbox is no state, but has to be looked after.
        script.push_str("create trigger explorer_jobs after insert on jobs begin insert into explorer_touched values (-1, 0); end;");
        db.execute(AssertSqlSafe(script)).await.unwrap();
        let read = read_statement(&all);
        Self { all, read }
    }

    /// The number of a table.
    pub fn number(&self, name: &str) -> usize {
        let found = self.all.iter().position(|table| table.name == name);
        found.unwrap_or_else(|| panic!("there is no table {name}"))
    }

    /// A value of a row, as SQL writes it.
    pub fn value<'a>(&self, table: usize, row: &'a Row, column: &str) -> &'a str {
        let found = self.all[table]
            .columns
            .iter()
            .position(|(name, _)| name == column);
        &row.values[found.unwrap_or_else(|| panic!("there is no column {column}"))]
    }

    /// The rows of a table.
    pub fn rows<'a>(
        &self,
        image: &'a Image,
        name: &str,
    ) -> impl Iterator<Item = (i64, &'a Arc<Row>)> + use<'a> {
        let number = self.number(name);
        image
            .range((number, i64::MIN)..=(number, i64::MAX))
            .map(|((_, spot), row)| (*spot, row))
    }

    /// Reads every row of every table.
    pub async fn all(&self, db: &mut SqliteConnection) -> Image {
        let mut script = String::from("delete from explorer_touched;");
        for (number, table) in self.all.iter().enumerate() {
            let _ = write!(
                script,
                "insert into explorer_touched select {number}, rowid from {};",
                table.name
            );
        }
        db.execute(AssertSqlSafe(script)).await.unwrap();
        let mut image = Image::new();
        self.touched(db, &mut image).await;
        image
    }

    /// Brings an image up to date with what was touched since the last call. Says which rows were, and whether there are
    /// jobs to do.
    pub async fn touched(&self, db: &mut SqliteConnection, image: &mut Image) -> (Vec<(usize, i64)>, bool) {
        // Most actions are refused and touch nothing: the long statement is for the others.
        let any: Option<(i64,)> = sqlx::query_as("select 1 from explorer_touched limit 1")
            .fetch_optional(&mut *db)
            .await
            .unwrap();
        if any.is_none() {
            return (Vec::new(), false);
        }
        let rows: Vec<(i64, i64, Option<String>)> = sqlx::query_as(AssertSqlSafe(self.read.clone()))
            .fetch_all(&mut *db)
            .await
            .unwrap();
        db.execute("delete from explorer_touched").await.unwrap();
        let (mut spots, mut jobs) = (Vec::new(), false);
        for (table, spot, values) in rows {
            let Ok(table) = usize::try_from(table) else {
                jobs = true;
                continue;
            };
            spots.push((table, spot));
            match values {
                Some(values) => image.insert((table, spot), Arc::new(self.parse(table, &values))),
                None => image.remove(&(table, spot)),
            };
        }
        (spots, jobs)
    }

    /// Makes the database hold `wanted`, where it holds `held`.
    pub async fn put_back(&self, db: &mut SqliteConnection, held: &Image, wanted: &Image) {
        let mut script = String::new();
        for ((table, spot), row) in held {
            let same = wanted
                .get(&(*table, *spot))
                .is_some_and(|other| Arc::ptr_eq(row, other));
            if !same {
                let _ = write!(
                    script,
                    "delete from {} where rowid = {spot};",
                    self.all[*table].name
                );
            }
        }
        for ((table, spot), row) in wanted {
            let same = held
                .get(&(*table, *spot))
                .is_some_and(|other| Arc::ptr_eq(row, other));
            if !same {
                let columns: Vec<&str> = self.all[*table]
                    .columns
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect();
                let _ = write!(
                    script,
                    "insert into {} (rowid, {}) values ({spot}, {});",
                    self.all[*table].name,
                    columns.join(", "),
                    row.values.join(", ")
                );
            }
        }
        if !script.is_empty() {
            let script = format!(
                "begin immediate;{script}delete from explorer_touched;delete from audit_events;commit;"
            );
            db.execute(AssertSqlSafe(script)).await.unwrap();
        }
    }

    /// Writes a value into the one row of an image in which `key` is `is`.
    pub fn set(&self, image: &mut Image, table: &str, key: &str, is: &str, column: &str, to: &str) {
        let number = self.number(table);
        let found = self
            .rows(image, table)
            .find(|(_, row)| self.value(number, row, key) == is);
        let (spot, row) = found.expect("the row is there");
        let at = self.all[number]
            .columns
            .iter()
            .position(|(name, _)| name == column);
        let mut values = row.values.clone();
        to.clone_into(&mut values[at.expect("the column is there")]);
        let row = self.parse(number, &values.join("\u{1}"));
        image.insert((number, spot), Arc::new(row));
    }

    fn parse(&self, table: usize, text: &str) -> Row {
        let values: Vec<String> = text.split('\u{1}').map(str::to_owned).collect();
        let columns = &self.all[table].columns;
        assert_eq!(values.len(), columns.len(), "{text}");
        let cells = values
            .iter()
            .zip(columns)
            .map(|(value, (_, kind))| match kind {
                Kind::Noise => Cell::Nothing,
                _ if value == "NULL" => Cell::Word(0),
                Kind::Word => Cell::Word(mark(value)),
                Kind::Mark => Cell::Mark(mark(value)),
                Kind::Time => Cell::Time(time(value)),
                Kind::Step => Cell::Step(value.parse().unwrap()),
            })
            .collect();
        Row { values, cells }
    }
}

fn time(value: &str) -> i64 {
    let parsed = DateTime::parse_from_rfc3339(value.trim_matches('\''));
    parsed
        .unwrap_or_else(|error| panic!("{value}: {error}"))
        .timestamp()
}

fn kind_of(table: &str, column: &str, kind: &str) -> Kind {
    match (column, kind) {
        ("last_step", _) => Kind::Step,
        // Held against itself alone, and it would go up for ever.
        // How many messages went out lately: limits only refuse.
        ("sign_count" | "taken" | "began_at", _) => Kind::Noise,
        // Of the newest codes by mail it is counted how many went out.
        ("created_at", _) if table == "mail_codes" => Kind::Time,
        (column, _) if NOISE.contains(&column) => Kind::Noise,
        (_, "timestamptz") => Kind::Time,
        (_, "bigint" | "boolean" | "integer") => Kind::Word,
        (column, "text") if WORDS.contains(&column) => Kind::Word,
        _ => Kind::Mark,
    }
}

/// One statement for all tables: the rows that were touched, with their values, or without if they are gone.
fn read_statement(tables: &[Table]) -> String {
    let mut parts =
        vec!["select -1, 0, null where exists(select 1 from explorer_touched where tab = -1)".to_owned()];
    for (number, table) in tables.iter().enumerate() {
        let values: Vec<String> = table
            .columns
            .iter()
            .map(|(column, _)| format!("quote(t.{column})"))
            .collect();
        parts.push(format!(
            "select {number}, x.spot, case when t.rowid is null then null else {} end
             from (select distinct spot from explorer_touched where tab = {number}) x left join {} t on t.rowid = x.spot",
            values.join("||char(1)||"),
            table.name
        ));
    }
    parts.join(" union all ")
}

/// A connection past the product's own: it may write what the product never would.
pub async fn connect(file: &std::path::Path) -> SqliteConnection {
    let url = format!("sqlite://{}", file.display());
    let mut db = SqliteConnection::connect(&url).await.unwrap();
    db.execute("pragma foreign_keys = off; pragma synchronous = off;")
        .await
        .unwrap();
    db
}

/// Messages that were caught since the last call: to whom, the links, the code. Oldest first; they and the queue are
/// emptied.
pub async fn take_mail(db: &mut SqliteConnection) -> Vec<Mail> {
    let rows: Vec<(String, String, Option<String>)> =
        sqlx::query_as("select recipient, links, code from caught_messages order by rowid")
            .fetch_all(&mut *db)
            .await
            .unwrap();
    db.execute("delete from caught_messages; delete from jobs; delete from audit_events;")
        .await
        .unwrap();
    let mail = |(to, links, code): (String, String, Option<String>)| Mail {
        to,
        links: serde_json::from_str(&links).unwrap(),
        code,
    };
    rows.into_iter().map(mail).collect()
}

/// A message, as its reader sees it.
#[derive(Debug)]
pub struct Mail {
    pub to: String,
    pub links: Vec<String>,
    pub code: Option<String>,
}

/// Whether two images hold the same.
pub fn is_same(one: &Image, other: &Image) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((key, row), (other_key, other))| {
            key == other_key && (Arc::ptr_eq(row, other) || row.values == other.values)
        })
}
