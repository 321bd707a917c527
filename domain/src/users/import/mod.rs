//! Bringing in people from a file, with the passwords that they have elsewhere (`docs/import.md`).
//!
//! 1. The file is read as it arrives ([`Upload`]): each row becomes a row of `import_rows`, which says what will become of it. That is
//!    the dry run, and all that is left of the file. Besides one row, only sixteen bytes for each address are held meanwhile.
//! 2. Whoever brought it looks at that, and [`begin`]s: a job ([`make`]) makes the people, some at a time, each batch in a transaction
//!    that also moves the mark behind it. So of a job that is run twice, or taken up in the middle, nothing happens twice.
//! 3. What became of each row is there to be read for [`KEPT`], and goes then.
//!
//! A file is its bringer's: nobody else sees what stands in it. The command line has its own.

pub mod columns;
mod draft;
mod file;
mod make;
pub mod reason;
mod report;
mod upload;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event, Origin};
use crate::authorization::{Desk, May, right};
use crate::job::Job;
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

pub use self::file::ROW_MAX;
pub(crate) use self::make::run;
pub use self::reason::{Outcome, Reason};
pub(crate) use self::report::reseal;
pub use self::report::{Line, PAGE, Tally, csv_head, lines, piece, tally};
pub use self::upload::Upload;

/// The most bytes of a file.
pub const BYTES_MAX: usize = 64 << 20;
/// The most rows.
pub const ROWS_MAX: i64 = 250_000;
/// How long what became of the rows can be read, from the last thing that happened.
pub const KEPT: Duration = Duration::days(7);
/// A file that has not arrived by then is taken for lost.
const LOST_AFTER: Duration = Duration::hours(1);
/// Rows that one statement deletes.
const BATCH: i64 = 5_000;

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It arrives.
    Reading,
    /// It was tried: what will become of each row is known.
    Read,
    /// Its people are being made.
    Running,
    /// They are made.
    Done,
    /// Whoever brought it stopped it, or may do so no longer. Whoever was made stays.
    Stopped,
}

impl State {
    /// The word for it, in the database and in the names of messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Read => "read",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

impl TryFrom<String> for State {
    type Error = Error;

    fn try_from(word: String) -> Result<Self> {
        let all = [
            Self::Reading,
            Self::Read,
            Self::Running,
            Self::Done,
            Self::Stopped,
        ];
        all.into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Error::Internal("an import in no known state".into()))
    }
}

/// A file that somebody brought.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Import {
    /// UUIDv7; no secret: only who brought it gets anything for it.
    pub id: Uuid,
    /// Whose it is; `None`: it came by the command line.
    pub asked_by: Option<UserId>,
    /// What it was called.
    pub file_name: String,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// The names of columns that were not read, one a line.
    pub ignored: String,
    /// Rows that have arrived.
    pub rows_total: i64,
    /// Of these, those that the job has gone through.
    pub rows_done: i64,
    /// People who were made.
    pub made: i64,
    /// When it began to arrive.
    pub created_at: DateTime<Utc>,
    /// When the last thing happened.
    pub changed_at: DateTime<Utc>,
    /// When it was done or stopped.
    pub finished_at: Option<DateTime<Utc>>,
    /// When all of it goes.
    pub expires_at: DateTime<Utc>,
}

impl Import {
    /// The files of somebody, the newest first.
    pub async fn all(tx: &mut Tx, may: &May<right::UsersImport>) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, asked_by, file_name, state, ignored, rows_total, rows_done, made, created_at, changed_at, finished_at, expires_at
             from imports where asked_by = $1 order by id desc limit 50", may.actor)
    }

    /// One of them.
    ///
    /// # Errors
    /// Refused with [`Code::ImportUnknown`], for everybody else's too.
    pub async fn find(tx: &mut Tx, may: &May<right::UsersImport>, id: Uuid) -> Result<Self> {
        Self::of(tx, Some(may.actor), id).await
    }

    /// One by its id, if it is theirs.
    async fn of(tx: &mut Tx, by: Option<UserId>, id: Uuid) -> Result<Self> {
        let found = sql!(tx, fetch_optional Self,
            "select id, asked_by, file_name, state, ignored, rows_total, rows_done, made, created_at, changed_at, finished_at, expires_at
             from imports where id = $1", id)?;
        found
            .filter(|import| import.asked_by == by)
            .ok_or_else(|| Error::form(Code::ImportUnknown))
    }
}

/// Begins to make the people of a file that was tried. A second click finds it begun, and that is as good.
///
/// # Errors
/// Refused with [`Code::ImportUnknown`], or as [`Desk::change`] says.
pub async fn begin(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.change(async |tx, may: &May<right::UsersImport>| {
        Import::find(tx, may, id).await?;
        start(tx, Some(may.actor), id, desk.origin).await
    })
    .await
}

/// The same by the command line, which does the work itself.
///
/// # Errors
/// Refused with [`Code::ImportUnknown`]; what the database says.
pub async fn by_operator(platform: &Platform, id: Uuid, origin: &Origin) -> Result<Import> {
    platform
        .db
        .write(async |tx| {
            Import::of(tx, None, id).await?;
            start(tx, None, id, origin).await
        })
        .await?;
    make::run(platform, id, origin).await?;
    platform.db.read(async |tx| Import::of(tx, None, id).await).await
}

/// What became of the rows of a file that came by the command line, as lines of the report, from behind the row with this number on.
///
/// # Errors
/// Refused with [`Code::ImportUnknown`]; what the database says.
pub async fn report_to_operator(
    platform: &Platform,
    id: Uuid,
    after: i64,
) -> Result<(Vec<Line>, Option<i64>)> {
    platform
        .db
        .read(async |tx| {
            Import::of(tx, None, id).await?;
            report::some(tx, id, after).await
        })
        .await
}

async fn start(tx: &mut Tx, by: Option<UserId>, id: Uuid, origin: &Origin) -> Result<()> {
    let now = tx.now();
    let begun = sql!(tx, execute
        "update imports set state = 'running', changed_at = $1, expires_at = $2 where id = $3 and state = 'read'",
        now, now + KEPT, id)?;
    if begun == 0 {
        return Ok(());
    }
    if let Some(by) = by {
        let job = Job::ImportPeople {
            import: id,
            by,
            origin: origin.clone(),
        };
        tx.enqueue(&job).await?;
    }
    let text = id.to_string();
    let detail = [("import", text.as_str())];
    tx.audit(entry(Event::ImportBegun, by, origin).with(&detail))
        .await
}

/// Stops making people. Whoever was made stays. Nothing happens to what is not under way.
///
/// # Errors
/// As [`begin`].
pub async fn stop(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.change(async |tx, may: &May<right::UsersImport>| {
        let import = Import::find(tx, may, id).await?;
        make::end(tx, &import, State::Stopped, desk.origin).await
    })
    .await?;
    make::empty(desk.platform, id).await
}

/// Throws away a file that was tried, with all that was read of it.
///
/// # Errors
/// As [`begin`]; [`Code::ImportRunning`] for what is under way, [`Code::ChangedMeanwhile`] for what is over: that stays to be read.
pub async fn discard(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.change(async |tx, may: &May<right::UsersImport>| {
        let import = Import::find(tx, may, id).await?;
        match import.state {
            State::Reading | State::Read => {}
            State::Running => return Err(Error::form(Code::ImportRunning)),
            State::Done | State::Stopped => return Err(Error::form(Code::ChangedMeanwhile)),
        }
        let now = tx.now();
        // What nobody asks about any more is cleaned up as what has expired is: its rows may be many.
        sql!(tx, execute
            "update imports set state = 'stopped', expires_at = $1 where id = $2 and state in ('reading', 'read')", now, id)?;
        Ok(())
    })
    .await?;
    clean_up(desk.platform).await
}

/// Deletes what has expired, and files that never arrived; some rows at a time, so that nobody waits for long.
pub(crate) async fn clean_up(platform: &Platform) -> Result<()> {
    let now = platform.clock.now();
    let over = platform
        .db
        .read(async |tx| {
            sql!(tx, fetch_all One<Uuid>,
                "select id from imports where expires_at <= $1 or (state = 'reading' and changed_at <= $2)", now, now - LOST_AFTER)
        })
        .await?;
    for (id,) in over {
        remove(platform, id).await?;
    }
    Ok(())
}

async fn remove(platform: &Platform, id: Uuid) -> Result<()> {
    loop {
        let gone = platform
            .db
            .write(async |tx| {
                sql!(tx, execute
                    "delete from import_rows where import_id = $1 and number <=
                        (select min(number) from import_rows where import_id = $1) + $2", id, BATCH)
            })
            .await?;
        if gone == 0 {
            break;
        }
    }
    platform
        .db
        .write(async |tx| sql!(tx, execute "delete from imports where id = $1", id))
        .await?;
    Ok(())
}

/// Deletes the rows of files that name an address, when its person is erased.
pub(crate) async fn forget(tx: &mut Tx, email_key: &str) -> Result<()> {
    sql!(tx, execute "delete from import_rows where email_key = $1", email_key)?;
    Ok(())
}

/// A row of the audit: by whoever brought the file.
fn entry(event: Event, by: Option<UserId>, origin: &Origin) -> Entry<'_> {
    match by {
        Some(actor) => Entry::by(event, actor, origin),
        None => Entry::about(event, None, origin),
    }
}
