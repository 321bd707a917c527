//! What the list goes by, kept by the transactions that change it.

use chrono::{DateTime, Duration};

use super::words::{sort_key, terms};
use crate::platform::db::{Db, One, Tx};
use crate::users::user::UserId;
use crate::{Result, sql};

/// How old the last sighting may get before it is written anew: at most one write an hour for each person, in a transaction that
/// writes to their session anyway. Where nothing is to be written, that costs a look at one row: 3 to 5 µs in either database.
const SEEN_EVERY: Duration = Duration::hours(1);
/// People that one transaction takes up.
const BATCH: i64 = 200;

#[derive(sqlx::FromRow)]
struct Person {
    id: UserId,
    name: String,
    email_key: String,
}

/// Enters a person who is new, or who has another name or address from now on.
pub(crate) async fn enter(tx: &mut Tx, user: UserId) -> Result<()> {
    let person =
        sql!(tx, fetch_optional Person, "select id, name, email_key from users where id = $1", user)?;
    match person {
        Some(person) => person.enter(tx).await,
        None => Ok(()),
    }
}

/// Notes that a person is here.
pub(crate) async fn saw(tx: &mut Tx, user: UserId) -> Result<()> {
    let now = tx.now();
    sql!(tx, execute "update sightings set seen_at = $1 where user_id = $2 and seen_at <= $3", now, user, now - SEEN_EVERY)?;
    Ok(())
}

/// Enters everybody who is not entered yet: those from before there was a list, when a server of this version starts for the
/// first time. One look at an empty index where that is done.
pub(crate) async fn take_up(db: &Db) -> Result<()> {
    loop {
        let taken_up = db
            .write(async |tx| {
                let people = sql!(tx, fetch_all Person,
                    "select id, name, email_key from users where name_key is null order by id limit $1", BATCH)?;
                for person in &people {
                    person.enter(tx).await?;
                }
                Ok(people.len())
            })
            .await?;
        if taken_up == 0 {
            return Ok(());
        }
    }
}

impl Person {
    async fn enter(&self, tx: &mut Tx) -> Result<()> {
        let (name_key, mail_key) = (sort_key(&self.name), sort_key(&self.email_key));
        sql!(tx, execute "update users set name_key = $1, mail_key = $2 where id = $3",
            name_key.as_slice(), mail_key.as_slice(), self.id)?;
        let mut new = terms(&self.name, &self.email_key);
        let old =
            sql!(tx, fetch_all One<Vec<u8>>, "select term from user_terms where user_id = $1", self.id)?;
        for (term,) in old {
            if !new.remove(&term) {
                sql!(tx, execute "delete from user_terms where user_id = $1 and term = $2", self.id, term.as_slice())?;
            }
        }
        for term in new {
            sql!(tx, execute "insert into user_terms (term, user_id) values ($1, $2) on conflict do nothing", term.as_slice(), self.id)?;
        }
        sql!(tx, execute "insert into sightings (user_id, seen_at) values ($1, $2) on conflict do nothing",
            self.id, DateTime::UNIX_EPOCH)?;
        Ok(())
    }
}
