//! What became of the rows of a file.

use uuid::Uuid;

use super::Import;
use super::reason::{Outcome, Reason};
use super::upload::PURPOSE;
use crate::authorization::{Desk, May, right};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::directory::csv::cell;
use crate::{Error, Result, sql};

/// Rows on a page.
pub const PAGE: i64 = 50;
/// Rows that are read at a time for a file.
const PIECE: i64 = 1_000;
/// Rows sealed anew in one transaction.
const BATCH: i64 = 200;

/// How many rows came to the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// What.
    pub outcome: Outcome,
    /// Why, unless it was, or can be, made.
    pub reason: Option<Reason>,
    /// How many.
    pub rows: i64,
    /// Of these, those with a password.
    pub with_password: i64,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place among the rows, from 1.
    pub number: i64,
    /// The line of the file that it begins on.
    pub line: i64,
    /// The address, as it stands there; empty if that is none.
    pub email: String,
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<Reason>,
}

type Row = (i64, i64, String, String, Option<String>);

/// What all rows come to.
pub async fn tally(tx: &mut Tx, _may: &May<right::UsersImport>, import: &Import) -> Result<Vec<Tally>> {
    count(tx, import.id).await
}

pub(super) async fn count(tx: &mut Tx, id: Uuid) -> Result<Vec<Tally>> {
    let rows = sql!(tx, fetch_all (String, Option<String>, i64, i64),
        "select outcome, reason, count(*), count(case when has_password then 1 end) from import_rows where import_id = $1
         group by outcome, reason order by 1, 2", id)?;
    rows.into_iter()
        .map(|(outcome, reason, rows, with_password)| {
            Ok(Tally {
                outcome: outcome_of(&outcome)?,
                reason: reason.as_deref().map(reason_of).transpose()?,
                rows,
                with_password,
            })
        })
        .collect()
}

/// A page of the rows that were refused, or skipped: what somebody has to look at. Behind the row with the number `after`.
pub async fn lines(
    tx: &mut Tx,
    _may: &May<right::UsersImport>,
    import: &Import,
    (outcome, after): (Outcome, i64),
) -> Result<Vec<Line>> {
    let rows = sql!(tx, fetch_all Row,
        "select number, line, email, outcome, reason from import_rows
         where import_id = $1 and outcome = $2 and number > $3 order by number limit $4",
        import.id, outcome.as_str(), after, PAGE)?;
    rows.into_iter().map(line).collect()
}

/// The first line of the report as a file.
pub const fn csv_head() -> &'static str {
    "line,email,outcome,reason\r\n"
}

/// The next lines of the report as a file (RFC 4180), and the number behind which those after them begin; `None`: these were the last.
///
/// # Errors
/// Refused with [`Code::ImportUnknown`](crate::Code::ImportUnknown), or as [`Desk::look`] says.
pub async fn piece(desk: &Desk<'_>, id: Uuid, after: i64) -> Result<(String, Option<i64>)> {
    desk.look(async |tx, may: &May<right::UsersImport>| {
        Import::find(tx, may, id).await?;
        let (lines, next) = some(tx, id, after).await?;
        Ok((lines.iter().map(Line::as_csv).collect(), next))
    })
    .await
}

/// Some rows of a file, and the number behind which those after them begin.
pub(super) async fn some(tx: &mut Tx, id: Uuid, after: i64) -> Result<(Vec<Line>, Option<i64>)> {
    let rows = sql!(tx, fetch_all Row,
        "select number, line, email, outcome, reason from import_rows where import_id = $1 and number > $2 order by number limit $3",
        id, after, PIECE)?;
    let next = rows.last().map(|row| row.0);
    let lines = rows.into_iter().map(line).collect::<Result<_>>()?;
    Ok((lines, next))
}

impl Line {
    /// As comma-separated values, with the end of the line.
    pub fn as_csv(&self) -> String {
        let reason = self.reason.map_or("", Reason::as_str);
        let number = self.line.to_string();
        let cells = [number.as_str(), &self.email, self.outcome.as_str(), reason];
        cells.map(cell).join(",") + "\r\n"
    }
}

fn line((number, line, email, outcome, reason): Row) -> Result<Line> {
    Ok(Line {
        number,
        line,
        email,
        outcome: outcome_of(&outcome)?,
        reason: reason.as_deref().map(reason_of).transpose()?,
    })
}

fn outcome_of(word: &str) -> Result<Outcome> {
    Outcome::parse(word).ok_or_else(|| Error::Internal("a row of an import came to nothing known".into()))
}

fn reason_of(word: &str) -> Result<Reason> {
    Reason::parse(word).ok_or_else(|| Error::Internal("a row of an import has no known reason".into()))
}

/// Seals waiting rows anew after a change of the master key, and says how many. One whose key nobody has stays as it is.
pub(crate) async fn reseal(platform: &Platform) -> Result<u64> {
    let current = platform.keys.current_id();
    let (mut after, mut resealed) = ((Uuid::nil(), -1), 0);
    loop {
        let rows = platform
            .db
            .read(async |tx| {
                sql!(tx, fetch_all (Uuid, i64, Vec<u8>),
                    "select import_id, number, sealed from import_rows
                     where sealed is not null and substr(sealed, 2, 4) <> $1 and (import_id > $2 or (import_id = $2 and number > $3))
                     order by import_id, number limit $4", current.as_slice(), after.0, after.1, BATCH)
            })
            .await?;
        let Some((import, number, _)) = rows.last() else {
            return Ok(resealed);
        };
        after = (*import, *number);
        resealed += platform
            .db
            .write(async |tx| {
                let mut changed = 0;
                for (import, number, sealed) in &rows {
                    let Ok(plain) = tx.keys().open(PURPOSE, sealed) else {
                        continue;
                    };
                    let anew = tx.keys().seal(PURPOSE, &plain, tx.entropy())?;
                    changed += sql!(tx, execute
                        "update import_rows set sealed = $1 where import_id = $2 and number = $3 and sealed = $4",
                        anew, import, number, sealed.as_slice())?;
                }
                Ok(changed)
            })
            .await?;
    }
}
