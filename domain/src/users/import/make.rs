//! The job that makes the people of a file.
//!
//! Each batch is one transaction that moves the mark behind its rows and makes their people: of two workers that take up the same batch,
//! the second finds the mark moved and reads on from there.

use chrono::DateTime;
use uuid::Uuid;

use super::draft::{Draft, Givable, takes_hashes};
use super::reason::{Outcome, Reason};
use super::upload::PURPOSE;
use super::{Import, KEPT, State, entry};
use crate::audit::{Event, Origin};
use crate::authentication::password::StoredPassword;
use crate::authorization::give::{self, one_at_a_time};
use crate::authorization::{Permission, Rights};
use crate::platform::Platform;
use crate::platform::db::tables::{Kind, Row as Values, Value};
use crate::platform::db::{One, Tx};
use crate::users::directory::{sort_key, terms};
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// Rows that one transaction goes through: on SQLite nobody else writes meanwhile.
const BATCH: i64 = 100;
/// Rows of a stopped file that one transaction empties.
const EMPTIED: i64 = 5_000;

#[derive(sqlx::FromRow)]
struct Waiting {
    number: i64,
    outcome: String,
    sealed: Option<Vec<u8>>,
}

/// Somebody who is about to be made.
struct Person {
    number: i64,
    id: UserId,
    draft: Draft,
    password: Option<StoredPassword>,
}

/// What a batch comes to.
#[derive(PartialEq, Eq)]
enum Went {
    On,
    Over,
}

/// The job. Goes on where it was, and bears being run twice.
pub(crate) async fn run(platform: &Platform, id: Uuid, origin: &Origin) -> Result<()> {
    while step(platform, id, origin).await? == Went::On {}
    empty(platform, id).await
}

async fn step(platform: &Platform, id: Uuid, origin: &Origin) -> Result<Went> {
    let found = platform
        .db
        .read(async |tx| {
            let import = running(tx, id).await?;
            match import {
                Some(import) => {
                    let rows = sql!(tx, fetch_all Waiting,
                        "select number, outcome, sealed from import_rows where import_id = $1 and number > $2 order by number limit $3",
                        id, import.rows_done, BATCH)?;
                    Ok(Some((import, rows)))
                }
                None => Ok(None),
            }
        })
        .await?;
    let Some((import, rows)) = found else {
        return Ok(Went::Over);
    };
    let Some(last) = rows.last().map(|row| row.number) else {
        platform
            .db
            .write(async |tx| end(tx, &import, State::Done, origin).await)
            .await?;
        return Ok(Went::Over);
    };
    let mut people = Vec::new();
    for row in rows {
        if row.outcome == Outcome::Ready.as_str()
            && let Some(sealed) = row.sealed
        {
            let plain = platform.keys.open(PURPOSE, &sealed)?;
            let unreadable =
                |why: &dyn std::fmt::Debug| Error::Internal(format!("a row of an import: {why:?}"));
            let draft: Draft = serde_json::from_slice(&plain).map_err(|why| unreadable(&why))?;
            let password = match &draft.password {
                None => None,
                Some(text) => {
                    let stored = StoredPassword::foreign(text, &platform.keys, &platform.entropy)?;
                    Some(stored.map_err(|why| unreadable(&why))?)
                }
            };
            people.push(Person {
                number: row.number,
                id: platform.entropy.uuid_v7(platform.clock.now()),
                draft,
                password,
            });
        }
    }
    // Each address waits for whoever is making it at this moment: of two files at once, in one order.
    people.sort_by(|one, other| one.draft.email_key.cmp(&other.draft.email_key));
    platform
        .db
        .write(async |tx| batch(tx, &import, last, &people, origin).await)
        .await
}

async fn running(tx: &mut Tx, id: Uuid) -> Result<Option<Import>> {
    sql!(tx, fetch_optional Import,
        "select id, asked_by, file_name, state, ignored, rows_total, rows_done, made, created_at, changed_at, finished_at, expires_at
         from imports where id = $1 and state = 'running'", id)
}

/// One transaction. Whoever asked is asked for their permission with each: what was taken away holds from the next batch on.
async fn batch(tx: &mut Tx, import: &Import, last: i64, people: &[Person], origin: &Origin) -> Result<Went> {
    let by = import.asked_by;
    let Some(rights) = rights(tx, by).await? else {
        end(tx, import, State::Stopped, origin).await?;
        return Ok(Went::Over);
    };
    let now = tx.now();
    let moved = sql!(tx, execute
        "update imports set rows_done = $1, changed_at = $2, expires_at = $3 where id = $4 and state = 'running' and rows_done = $5",
        last, now, now + KEPT, import.id, import.rows_done)?;
    if moved == 0 {
        return Ok(Went::On);
    }
    let gives_roles = people.iter().any(|person| !person.draft.roles.is_empty());
    if gives_roles {
        one_at_a_time(tx).await?;
    }
    let givable = Givable::read(tx, rights.as_ref()).await?;
    let hashes = takes_hashes(rights.as_ref());
    let mut made: Vec<&Person> = Vec::new();
    for person in people {
        if let Err(reason) = givable.has_all(&person.draft.roles) {
            settle(tx, import.id, person.number, Outcome::Refused, reason).await?;
        } else if insert(tx, person).await? {
            made.push(person);
        } else {
            settle(tx, import.id, person.number, Outcome::Skipped, Reason::Exists).await?;
        }
    }
    // Asked after the insert, which waited for whoever was leaving the address at this moment.
    let held = sql!(tx, fetch_all One<i64>,
        "select r.number from import_rows r join email_changes c on c.old_email_key = r.email_key
         where r.import_id = $1 and r.number > $2 and r.number <= $3
            and c.confirmed_at is not null and c.undone_at is null and c.undo_expires_at > $4",
        import.id, import.rows_done, last, now)?;
    for (number,) in held {
        if let Some(at) = made.iter().position(|person| person.number == number) {
            let person = made.remove(at);
            sql!(tx, execute "delete from users where id = $1", person.id)?;
            settle(tx, import.id, number, Outcome::Skipped, Reason::Exists).await?;
        }
    }
    complete(tx, &made, hashes).await?;
    for person in &made {
        note(tx, import, (person, hashes), origin).await?;
    }
    let many = i64::try_from(made.len()).unwrap_or(i64::MAX);
    sql!(tx, execute "update imports set made = made + $1 where id = $2", many, import.id)?;
    Ok(Went::On)
}

/// What whoever asked may do now: `Some(None)` is the operator of the machine, `None` nobody who may bring people in.
async fn rights(tx: &mut Tx, by: Option<UserId>) -> Result<Option<Option<Rights>>> {
    let Some(by) = by else {
        return Ok(Some(None));
    };
    let rights = Rights::now(tx, Some(by)).await?;
    Ok(rights.has(Permission::UsersImport).then_some(Some(rights)))
}

/// The row of a person; `false`: the address has an account.
async fn insert(tx: &mut Tx, person: &Person) -> Result<bool> {
    let (draft, now) = (&person.draft, tx.now());
    let made = sql!(tx, execute
        "insert into users (id, name, email, email_key, locale, time_zone, locked_at, unproven_since, created_at, updated_at, name_key, mail_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        person.id, draft.name.as_str(), draft.email.as_str(), draft.email_key.as_str(), draft.locale.as_str(),
        draft.time_zone.as_deref(), draft.locked.then_some(now), (!draft.proven).then_some(now), draft.created_at, now,
        sort_key(&draft.name), sort_key(&draft.email_key))?;
    Ok(made == 1)
}

/// What hangs on the rows of people who are new: the index of the list, and, if hashes are taken over, their passwords.
async fn complete(tx: &mut Tx, made: &[&Person], hashes: bool) -> Result<()> {
    let id = |person: &Person| Value::Uuid(person.id);
    let sightings: Vec<Values> = made
        .iter()
        .map(|person| vec![id(person), Value::Time(DateTime::UNIX_EPOCH.timestamp_micros())])
        .collect();
    let columns = [("user_id", Kind::Uuid), ("seen_at", Kind::Time)];
    tx.insert_many("sightings", &columns, &sightings).await?;
    let words: Vec<Values> = made
        .iter()
        .flat_map(|person| {
            let terms = terms(&person.draft.name, &person.draft.email_key);
            terms.into_iter().map(|term| vec![Value::Bytes(term), id(person)])
        })
        .collect();
    let columns = [("term", Kind::Bytes), ("user_id", Kind::Uuid)];
    tx.insert_many("user_terms", &columns, &words).await?;
    let now = Value::Time(tx.now().timestamp_micros());
    let passwords: Vec<Values> = made
        .iter()
        .filter(|_| hashes)
        .filter_map(|person| {
            let password = person.password.as_ref()?;
            Some(vec![
                id(person),
                Value::Text(password.phc.clone()),
                Value::Bytes(password.pepper_id.clone()),
                now.clone(),
            ])
        })
        .collect();
    let columns = [
        ("user_id", Kind::Uuid),
        ("phc", Kind::Text),
        ("pepper_id", Kind::Bytes),
        ("updated_at", Kind::Time),
    ];
    tx.insert_many("passwords", &columns, &passwords).await
}

/// Their roles, what became of their row, and the audit.
async fn note(
    tx: &mut Tx,
    import: &Import,
    (person, hashes): (&Person, bool),
    origin: &Origin,
) -> Result<()> {
    let has_password = person.password.is_some() && hashes;
    sql!(tx, execute
        "update import_rows set outcome = 'made', user_id = $1, has_password = $2, sealed = null where import_id = $3 and number = $4",
        person.id, has_password, import.id, person.number)?;
    let (by, file) = (import.asked_by, import.id.to_string());
    let password = if has_password { "brought" } else { "none" };
    let detail = [("import", file.as_str()), ("password", password)];
    tx.audit(
        entry(Event::PersonImported, by, origin)
            .to(person.id)
            .with(&detail),
    )
    .await?;
    for role in &person.draft.roles {
        give::give_new(tx, person.id, role, by).await?;
        let detail = [("role", role.as_str())];
        tx.audit(entry(Event::RoleGiven, by, origin).to(person.id).with(&detail))
            .await?;
    }
    Ok(())
}

async fn settle(tx: &mut Tx, id: Uuid, number: i64, outcome: Outcome, reason: Reason) -> Result<()> {
    sql!(tx, execute
        "update import_rows set outcome = $1, reason = $2, sealed = null, has_password = false where import_id = $3 and number = $4",
        outcome.as_str(), reason.as_str(), id, number)?;
    Ok(())
}

/// Ends what is under way, once.
pub(super) async fn end(tx: &mut Tx, import: &Import, state: State, origin: &Origin) -> Result<()> {
    let now = tx.now();
    let ended = sql!(tx, fetch_optional (i64, i64),
        "update imports set state = $1, finished_at = $2, changed_at = $2, expires_at = $3 where id = $4 and state = 'running'
         returning made, rows_total", state.as_str(), now, now + KEPT, import.id)?;
    let Some((made, rows)) = ended else {
        return Ok(());
    };
    let (id, made, rows) = (import.id.to_string(), made.to_string(), rows.to_string());
    let detail = [
        ("ended", state.as_str()),
        ("import", id.as_str()),
        ("made", made.as_str()),
        ("rows", rows.as_str()),
    ];
    tx.audit(entry(Event::PeopleImported, import.asked_by, origin).with(&detail))
        .await
}

/// Lets go of the people of a stopped file whom nobody will make: their hashes are nobody's business any more.
pub(super) async fn empty(platform: &Platform, id: Uuid) -> Result<()> {
    loop {
        let emptied = platform
            .db
            .write(async |tx| {
                sql!(tx, execute
                    "update import_rows set outcome = 'skipped', reason = 'stopped', sealed = null
                     where import_id = $1 and outcome = 'ready'
                        and exists (select 1 from imports i where i.id = $1 and i.state = 'stopped')
                        and number <= (select min(number) from import_rows where import_id = $1 and outcome = 'ready') + $2",
                    id, EMPTIED)
            })
            .await?;
        if emptied == 0 {
            return Ok(());
        }
    }
}
