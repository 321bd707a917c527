//! A file that arrives: the dry run.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::draft::{Draft, Givable, Terms, takes_hashes};
use super::file::{File, Row};
use super::reason::{Outcome, Reason};
use super::report::{Tally, count};
use super::{BYTES_MAX, KEPT, ROWS_MAX, entry, remove};
use crate::audit::{Event, Origin};
use crate::authorization::{Desk, May, Rights, right};
use crate::platform::Platform;
use crate::platform::db::tables::{Kind, Row as Values, Value};
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Rows that one transaction puts down.
const BATCH: usize = 250;
/// The longest name of a file that is kept, in characters.
const NAME_MAX: usize = 100;
/// The longest address that is shown in a report, in bytes: as long as one can be.
const EMAIL_MAX: usize = 254;
/// What a waiting row is sealed for.
pub(super) const PURPOSE: &str = "import row";

/// A file that arrives. Whoever has begun one [`feed`](Upload::feed)s it and [`finish`](Upload::finish)es it, or
/// [`abandon`](Upload::abandon)s it.
pub struct Upload {
    id: Uuid,
    file: File,
    roles: Givable,
    /// Whether addresses count as proven of which the file says nothing.
    proven: bool,
    takes_hashes: bool,
    /// Who brings it, and from where: for the audit.
    by: Option<UserId>,
    origin: Origin,
    bytes: usize,
    rows: i64,
    waiting: Vec<Row>,
    /// The addresses of people who can be made, to tell which come twice.
    seen: HashSet<Mark>,
}

/// The beginning of the SHA-256 of an address: sixteen bytes are enough that nobody finds two that are alike.
type Mark = [u8; 16];

impl Upload {
    /// Asks whether somebody may bring a file at all.
    ///
    /// # Errors
    /// As [`Desk::look`].
    pub async fn allowed(desk: &Desk<'_>) -> Result<()> {
        desk.look(async |_tx, _may: &May<right::UsersImport>| Ok(()))
            .await
    }

    /// Begins. What the same person brought before and has not begun to make people of is thrown away: so a second click, or a second
    /// file, takes the place of the first.
    ///
    /// # Errors
    /// Refused with [`Code::ImportRunning`] while people of another file are being made, or as [`Desk::change`] says.
    pub async fn begin(desk: &Desk<'_>, file_name: &str, proven: bool) -> Result<Self> {
        let (upload, before) = desk
            .change(async |tx, may: &May<right::UsersImport>| {
                let by = (Some(may.actor), Some(&may.rights), desk.origin);
                Self::open(tx, by, (file_name, proven)).await
            })
            .await?;
        for id in before {
            remove(desk.platform, id).await?;
        }
        Ok(upload)
    }

    /// The same for the operator of the machine; also what was cut off while it was under way makes place.
    ///
    /// # Errors
    /// What the database says.
    pub async fn by_operator(
        platform: &Platform,
        (file_name, proven): (&str, bool),
        origin: &Origin,
    ) -> Result<Self> {
        let (upload, before) = platform
            .db
            .write(async |tx| Self::open(tx, (None, None, origin), (file_name, proven)).await)
            .await?;
        for id in before {
            remove(platform, id).await?;
        }
        Ok(upload)
    }

    /// Makes the row, and says which files it takes the place of.
    async fn open(
        tx: &mut Tx,
        (by, rights, origin): (Option<UserId>, Option<&Rights>, &Origin),
        (file_name, proven): (&str, bool),
    ) -> Result<(Self, Vec<Uuid>)> {
        let theirs = sql!(
            tx,
            fetch_all(Uuid, String),
            "select id, state from imports where (asked_by = $1 or (asked_by is null and $2)) and state in ('reading', 'read', 'running')",
            by,
            by.is_none()
        )?;
        // The command line works itself: what it left running was cut off.
        if by.is_some() && theirs.iter().any(|(_, state)| state == "running") {
            return Err(Error::form(Code::ImportRunning));
        }
        let (id, now) = (tx.new_id(), tx.now());
        let name = file_name.chars().filter(|letter| !letter.is_control());
        let name: String = name.take(NAME_MAX).collect();
        let mut replaced = Vec::new();
        for (before, _) in theirs {
            // Whoever still reads it finds out with the next batch. What was begun since it was looked at is not stopped by this.
            let stopped = sql!(tx, execute
                "update imports set state = 'stopped', expires_at = $1
                 where id = $2 and (state in ('reading', 'read') or (state = 'running' and $3))",
                now, before, by.is_none())?;
            if stopped == 1 {
                replaced.push(before);
            } else if is_running(tx, before).await? {
                return Err(Error::form(Code::ImportRunning));
            }
        }
        sql!(tx, execute
            "insert into imports (id, asked_by, file_name, state, created_at, changed_at, expires_at)
             values ($1, $2, $3, 'reading', $4, $4, $5)", id, by, name, now, now + KEPT)?;
        let upload = Self {
            id,
            file: File::new(),
            roles: Givable::read(tx, rights).await?,
            proven,
            takes_hashes: takes_hashes(rights),
            by,
            origin: origin.clone(),
            bytes: 0,
            rows: 0,
            waiting: Vec::new(),
            seen: HashSet::new(),
        };
        Ok((upload, replaced))
    }

    /// Reads on.
    ///
    /// # Errors
    /// Refused with [`Code::ImportTooLarge`], [`Code::ImportUnreadable`] or [`Code::ImportNoEmail`]; with [`Code::ChangedMeanwhile`] when
    /// another file took its place.
    pub async fn feed(&mut self, platform: &Platform, bytes: &[u8]) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > BYTES_MAX {
            return Err(Error::form(Code::ImportTooLarge));
        }
        self.file.feed(bytes, &mut self.waiting).map_err(Error::form)?;
        if self.waiting.len() >= BATCH {
            self.put_down(platform).await?;
        }
        Ok(())
    }

    /// The file is over: returns its id, by which it is looked at.
    ///
    /// # Errors
    /// As [`Upload::feed`]; [`Code::ImportEmpty`] when there is nobody in it.
    pub async fn finish(&mut self, platform: &Platform) -> Result<Uuid> {
        self.file.finish(&mut self.waiting).map_err(Error::form)?;
        self.put_down(platform).await?;
        if self.rows == 0 {
            return Err(Error::form(Code::ImportEmpty));
        }
        let ignored = self.file.ignored.lines();
        let id = self.id;
        let tally = platform.db.read(async |tx| count(tx, id).await).await?;
        let read = platform
            .db
            .write(async |tx| {
                let now = tx.now();
                let read = sql!(tx, execute
                    "update imports set state = 'read', ignored = $1, changed_at = $2, expires_at = $3 where id = $4 and state = 'reading'",
                    ignored, now, now + KEPT, id)?;
                if read == 1 {
                    self.note(tx, &tally).await?;
                }
                Ok(read)
            })
            .await?;
        if read == 1 {
            Ok(self.id)
        } else {
            Err(Error::form(Code::ChangedMeanwhile))
        }
    }

    /// Notes in the audit that a file was tried: its report says of each address whether it has an account.
    async fn note(&self, tx: &mut Tx, tally: &[Tally]) -> Result<()> {
        let of = |outcome: Outcome| {
            let tallies = tally.iter().filter(move |tally| tally.outcome == outcome);
            tallies.map(|tally| tally.rows).sum::<i64>().to_string()
        };
        let (id, rows) = (self.id.to_string(), self.rows.to_string());
        let [ready, refused, skipped] = [Outcome::Ready, Outcome::Refused, Outcome::Skipped].map(of);
        let detail = [
            ("import", id.as_str()),
            ("ready", ready.as_str()),
            ("refused", refused.as_str()),
            ("rows", rows.as_str()),
            ("skipped", skipped.as_str()),
        ];
        tx.audit(entry(Event::ImportTried, self.by, &self.origin).with(&detail))
            .await
    }

    /// Throws away what was read.
    pub async fn abandon(self, platform: &Platform) -> Result<()> {
        remove(platform, self.id).await
    }

    /// Puts down what waits, and finds out what would become of it.
    async fn put_down(&mut self, platform: &Platform) -> Result<()> {
        let all = std::mem::take(&mut self.waiting);
        for part in all.chunks(BATCH) {
            let first = self.rows + 1;
            self.rows += i64::try_from(part.len()).unwrap_or(i64::MAX);
            if self.rows > ROWS_MAX {
                return Err(Error::form(Code::ImportTooLarge));
            }
            let rows = self.rows_of(platform, part, first)?;
            let (id, last) = (self.id, self.rows);
            platform
                .db
                .write(async |tx| put_down(tx, id, (first, last), &rows).await)
                .await?;
        }
        Ok(())
    }

    fn rows_of(&mut self, platform: &Platform, part: &[Row], first: i64) -> Result<Vec<Values>> {
        let terms = Terms {
            roles: &self.roles,
            proven: self.proven,
            takes_hashes: self.takes_hashes,
            now: platform.clock.now(),
        };
        let mut rows = Vec::with_capacity(part.len());
        for (number, row) in (first..).zip(part) {
            rows.push(values(platform, (self.id, number), row, &terms, &mut self.seen)?);
        }
        Ok(rows)
    }
}

fn values(
    platform: &Platform,
    (id, number): (Uuid, i64),
    row: &Row,
    terms: &Terms<'_>,
    seen: &mut HashSet<Mark>,
) -> Result<Values> {
    let draft = match &row.record {
        Ok(record) => Draft::read(record, terms),
        Err(reason) => Err(*reason),
    };
    let typed = row.record.as_ref().map_or("", |record| record.email.as_str());
    let key = crate::users::email::Email::parse(typed).ok();
    let key = key.map(|email| Value::Text(email.key().as_str().to_owned()));
    let mut sealed = Value::Null;
    let mut has_password = false;
    let (outcome, reason) = match &draft {
        Ok(draft) if !seen.insert(mark(&draft.email_key)) => (Outcome::Skipped, Some(Reason::Twice)),
        Ok(draft) => {
            let text = serde_json::to_vec(draft).map_err(|error| Error::Internal(error.to_string()))?;
            sealed = Value::Bytes(platform.keys.seal(PURPOSE, &text, &platform.entropy)?);
            has_password = draft.password.is_some();
            (Outcome::Ready, None)
        }
        Err(reason) => (Outcome::Refused, Some(*reason)),
    };
    Ok(vec![
        Value::Uuid(id),
        Value::Integer(number),
        Value::Integer(row.line),
        Value::Text(shown(typed)),
        key.unwrap_or(Value::Null),
        Value::Text(outcome.as_str().to_owned()),
        Value::or_null(reason, |reason| Value::Text(reason.as_str().to_owned())),
        Value::Boolean(has_password),
        sealed,
    ])
}

fn mark(email_key: &str) -> Mark {
    let mut mark = Mark::default();
    for (place, byte) in mark.iter_mut().zip(Sha256::digest(email_key)) {
        *place = byte;
    }
    mark
}

/// An address as it is shown again. What has no `@` may be anything, a password too, and is not kept.
fn shown(typed: &str) -> String {
    if !typed.contains('@') {
        return String::new();
    }
    let plain: String = typed.chars().filter(|letter| !letter.is_control()).collect();
    plain[..plain.floor_char_boundary(EMAIL_MAX)].to_owned()
}

async fn is_running(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let running =
        sql!(tx, fetch_optional One<Uuid>, "select id from imports where id = $1 and state = 'running'", id)?;
    Ok(running.is_some())
}

/// One transaction: the rows, and which of them are nothing new.
async fn put_down(tx: &mut Tx, id: Uuid, (first, last): (i64, i64), rows: &[Values]) -> Result<()> {
    let now = tx.now();
    let goes_on = sql!(tx, execute
        "update imports set rows_total = $1, changed_at = $2 where id = $3 and state = 'reading'", last, now, id)?;
    if goes_on == 0 {
        return Err(Error::form(Code::ChangedMeanwhile));
    }
    let columns = [
        ("import_id", Kind::Uuid),
        ("number", Kind::Integer),
        ("line", Kind::Integer),
        ("email", Kind::Text),
        ("email_key", Kind::Text),
        ("outcome", Kind::Text),
        ("reason", Kind::Text),
        ("has_password", Kind::Boolean),
        ("sealed", Kind::Bytes),
    ];
    tx.insert_many("import_rows", &columns, rows).await?;
    sql!(tx, execute
        "update import_rows set outcome = 'skipped', reason = 'exists', sealed = null, has_password = false
         where import_id = $1 and number between $2 and $3 and outcome = 'ready'
            and (exists (select 1 from users u where u.email_key = import_rows.email_key)
                or exists (select 1 from email_changes c where c.old_email_key = import_rows.email_key
                    and c.confirmed_at is not null and c.undone_at is null and c.undo_expires_at > $4))",
        id, first, last, now)?;
    Ok(())
}
