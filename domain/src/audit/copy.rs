//! A copy of the audit to take away: rows as CSV or as JSON Lines, oldest first, a few hundred at a time, so that it takes the same
//! memory however many there are.
//!
//! Each row begins with its id. Whoever was cut off asks again behind the last id that arrived.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::canon::hex;
use super::trail::{Filter, Line, onward};
use super::{Entry, Event};
use crate::authorization::standing::Standing;
use crate::authorization::{Desk, May, right};
use crate::{Error, Result};

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with a line of names; for tables.
    Csv,
    /// One JSON object a line; for programs.
    JsonLines,
}

/// The columns, and the names in JSON.
const COLUMNS: [&str; 15] = [
    "id",
    "seq",
    "at",
    "kind",
    "outcome",
    "actor_id",
    "subject_id",
    "session_id",
    "address",
    "user_agent",
    "request_id",
    "detail",
    "was",
    "became",
    "hash",
];

/// A copy on its way.
pub struct Copying {
    standing: Standing,
    filter: Filter,
    at: Option<Uuid>,
}

impl Format {
    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// Its name, which is also the ending of a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What stands before the rows.
    pub fn head(self) -> String {
        match self {
            Self::Csv => COLUMNS.join(",") + "\r\n",
            Self::JsonLines => String::new(),
        }
    }

    /// Writes a row behind `text`.
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be written as JSON.
    pub fn write(self, line: &Line, text: &mut String) -> Result<()> {
        match self {
            Self::Csv => write_csv(line, text),
            Self::JsonLines => {
                let row = Row::of(line);
                let json = serde_json::to_string(&row).map_err(|error| Error::Internal(error.to_string()))?;
                text.push_str(&json);
                text.push('\n');
            }
        }
        Ok(())
    }
}

impl Copying {
    /// Begins one of the rows that there are now, behind the one with the id `after`; audits that.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn begin(
        desk: &Desk<'_>,
        standing: Standing,
        mut filter: Filter,
        format: Format,
        after: Option<Uuid>,
    ) -> Result<Self> {
        let mut told = filter.told();
        told.push(("format", format.as_str().to_owned()));
        told.extend(after.map(|id| ("after", id.to_string())));
        let detail: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        desk.change(async |tx, may: &May<right::AuditExport>| {
            let entry = Entry::by(Event::AuditExported, may.actor, desk.origin);
            tx.audit(entry.with(&detail).in_session(desk.session.session_id))
                .await
        })
        .await?;
        let now = desk.platform.clock.now();
        filter.until = Some(filter.until.map_or(now, |until| until.min(now)));
        Ok(Self {
            standing,
            filter,
            at: Some(after.unwrap_or_default()),
        })
    }

    /// The next rows, perhaps none of those that were looked at; `None`: that was all.
    ///
    /// # Errors
    /// As [`Standing::check`]: what follows is not theirs to have any more.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>> {
        let Some(at) = self.at else { return Ok(None) };
        self.standing.check::<right::AuditExport>().await?;
        let filter = &self.filter;
        let read = self
            .standing
            .platform
            .db
            .read(async |tx| onward(tx, filter, at).await);
        let (lines, looked_to) = read.await?;
        self.at = looked_to;
        Ok(Some(lines))
    }
}

/// A row as JSON.
#[derive(Serialize)]
struct Row<'a> {
    id: Uuid,
    seq: Option<i64>,
    at: String,
    kind: &'a str,
    outcome: &'a str,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    session_id: Option<Uuid>,
    address: &'a str,
    user_agent: &'a str,
    request_id: &'a str,
    detail: Option<Value>,
    was: Option<Value>,
    became: Option<Value>,
    hash: Option<String>,
}

impl<'a> Row<'a> {
    fn of(line: &'a Line) -> Self {
        let object = |json: &str| serde_json::from_str(json).ok();
        Self {
            id: line.id,
            seq: line.seq,
            at: line.at.to_rfc3339(),
            kind: &line.kind,
            outcome: &line.outcome,
            actor_id: line.actor_id,
            subject_id: line.subject_id,
            session_id: line.session_id,
            address: &line.address,
            user_agent: &line.user_agent,
            request_id: &line.request_id,
            detail: object(&line.detail),
            was: line.was.as_deref().and_then(object),
            became: line.became.as_deref().and_then(object),
            hash: line.hash.as_deref().map(hex),
        }
    }
}

fn write_csv(line: &Line, text: &mut String) {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let cells = [
        line.id.to_string(),
        line.seq.map(|seq| seq.to_string()).unwrap_or_default(),
        line.at.to_rfc3339(),
        line.kind.clone(),
        line.outcome.clone(),
        id(line.actor_id),
        id(line.subject_id),
        id(line.session_id),
        line.address.clone(),
        line.user_agent.clone(),
        line.request_id.clone(),
        line.detail.clone(),
        line.was.clone().unwrap_or_default(),
        line.became.clone().unwrap_or_default(),
        line.hash.as_deref().map(hex).unwrap_or_default(),
    ];
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_cell(cell, text);
    }
    text.push_str("\r\n");
}

/// A cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe in front (OWASP, "CSV Injection"), also
/// in the full-width forms of those characters; quotes are doubled.
fn write_cell(cell: &str, text: &mut String) {
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let guard = if cell.starts_with(FORMULA) { "'" } else { "" };
    if guard.is_empty() && !cell.contains([',', '"', '\r', '\n']) {
        text.push_str(cell);
    } else {
        let _ = write!(text, "\"{guard}{}\"", cell.replace('"', "\"\""));
    }
}

#[cfg(test)]
mod tests {
    use super::super::trail::line::tests::line;
    use super::*;

    fn csv(line: &Line) -> String {
        let mut text = String::new();
        Format::Csv.write(line, &mut text).unwrap();
        text
    }

    #[test]
    fn a_row_of_csv_has_a_cell_for_each_name_in_the_head() {
        let line = Line {
            user_agent: "a \"quoted\", odd\r\none".into(),
            detail: "{}".into(),
            was: None,
            became: None,
            hash: Some(vec![0xab; 2]),
            ..line()
        };
        let expected = format!(
            "{},3,2026-03-02T07:02:05+00:00,role.changed,done,{},{},,192.0.2.7,\"a \"\"quoted\"\", odd\r\none\",request 7,{{}},,,abab\r\n",
            line.id,
            Uuid::from_u128(1),
            Uuid::from_u128(2)
        );
        assert_eq!(csv(&line), expected);
        assert_eq!(Format::Csv.head().matches(',').count(), COLUMNS.len() - 1);
    }

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "＝1",
            "=HYPERLINK(\"https://x\")",
        ] {
            let told = csv(&Line {
                user_agent: formula.into(),
                ..line()
            });
            assert!(
                told.contains(&format!("\"'{}\"", formula.replace('"', "\"\""))),
                "{told}"
            );
        }
        assert!(csv(&line()).contains(",Lynx/2.9,"), "and nothing else is touched");
    }

    #[test]
    fn a_line_of_json_keeps_objects_as_objects() {
        let mut text = String::new();
        Format::JsonLines.write(&line(), &mut text).unwrap();
        assert_eq!(text.matches('\n').count(), 1);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["detail"]["role"], "helpers");
        assert_eq!(json["became"]["language"], "vi");
        let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(COLUMNS.iter().all(|name| names.contains(name)) && names.len() == COLUMNS.len());
    }
}
