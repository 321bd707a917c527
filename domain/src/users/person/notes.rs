//! What operators write down about a person, for each other, in the order in which it was written. It goes with the account, and
//! into the copy of their data that the person may ask for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::audit::{Entry, Event};
use crate::authorization::{Desk, May, right};
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// The longest note, in characters.
pub const LONGEST: usize = 1000;
/// The most notes about one person.
pub const MOST: i64 = 200;

/// A note.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Note {
    /// UUIDv7.
    pub id: Uuid,
    /// Who wrote it; `None`: somebody who is gone.
    pub author: Option<String>,
    /// What.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Writes a note. Of two operators at once both are kept, one after the other.
///
/// # Errors
/// Refused with a fault of the field, or as [`Desk::act_on`] says; [`Code::TooLong`] also when there are [`MOST`].
pub async fn add(desk: &Desk<'_>, person: UserId, typed: &str) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, _user| {
        let body = read(typed).map_err(|code| Error::field(Field::Note, code))?;
        let (count,) =
            sql!(tx, fetch_one One<i64>, "select count(*) from person_notes where user_id = $1", person)?;
        if count >= MOST {
            return Err(Error::field(Field::Note, Code::TooLong));
        }
        let (id, now) = (tx.new_id(), tx.now());
        sql!(tx, execute
            "insert into person_notes (id, user_id, author_id, body, created_at) values ($1, $2, $3, $4, $5)",
            id, person, may.actor, body.as_str(), now)?;
        let note = id.to_string();
        let detail = [("note", note.as_str())];
        tx.audit(
            Entry::by(Event::NoteAdded, may.actor, desk.origin)
                .to(person)
                .with(&detail),
        )
        .await
    })
    .await
}

/// Takes a note away for good. Safe to repeat.
///
/// # Errors
/// As [`Desk::act_on`].
pub async fn remove(desk: &Desk<'_>, person: UserId, note: Uuid) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, _user| {
        let gone = sql!(tx, execute "delete from person_notes where id = $1 and user_id = $2", note, person)?;
        if gone == 0 {
            return Ok(());
        }
        let note = note.to_string();
        let detail = [("note", note.as_str())];
        tx.audit(
            Entry::by(Event::NoteRemoved, may.actor, desk.origin)
                .to(person)
                .with(&detail),
        )
        .await
    })
    .await
}

/// The notes about a person, the oldest first.
pub(super) async fn of(tx: &mut Tx, person: UserId) -> Result<Vec<Note>> {
    sql!(tx, fetch_all Note,
        "select n.id, a.name as author, n.body, n.created_at
         from person_notes n left join users a on a.id = n.author_id
         where n.user_id = $1 order by n.id limit $2", person, MOST)
}

fn read(typed: &str) -> std::result::Result<String, Code> {
    let typed = typed.replace("\r\n", "\n");
    let typed = typed.trim();
    if typed.is_empty() {
        Err(Code::Required)
    } else if typed.chars().count() > LONGEST {
        Err(Code::TooLong)
    } else if typed.chars().any(|c| c.is_control() && c != '\n') {
        Err(Code::LineInvalid)
    } else {
        Ok(typed.to_owned())
    }
}
