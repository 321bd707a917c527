//! A person with an account.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::authentication::assurance::policy::Demand;
use crate::authentication::change_email;
use crate::authentication::session::SignedIn;
use crate::authorization::give;
use crate::platform::db::{One, Tx};
use crate::users::directory;
use crate::users::email::EmailKey;
use crate::words::Language;
use crate::{Result, sql};

/// The id of a person.
pub type UserId = Uuid;

/// A row of `users`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct User {
    /// UUIDv7.
    pub id: UserId,
    /// What the person is called.
    pub name: String,
    /// The proven address, as typed.
    pub email: String,
    /// The language of pages and mails: the tag of a [`Language`](crate::words::Language).
    pub locale: String,
    /// The name of a [`TimeZone`](crate::users::time_zone::TimeZone); `None`: the browser's.
    pub time_zone: Option<String>,
    /// Has the role of administrators: may do everything.
    pub administrator: bool,
    /// Has a role, by themselves or through a group: has a console, and must have a second factor.
    pub staff: bool,
    /// Has a role that lets in nobody but with a passkey.
    pub passkey_only: bool,
    /// Set while an operator has locked the account.
    pub locked_at: Option<DateTime<Utc>>,
    /// Set while the person has closed the account for now.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// When the address was proven.
    pub created_at: DateTime<Utc>,
}

/// What a new account is made of.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// The id that the account shall have, where something names its holder by it already; else a new one.
    pub id: Option<UserId>,
    /// What the person is called.
    pub name: &'a str,
    /// The proven address.
    pub email: &'a str,
    /// What makes the address unique.
    pub email_key: &'a str,
    /// The language of pages and mails.
    pub language: Language,
    /// May do everything.
    pub administrator: bool,
}

impl User {
    /// What their roles ask of them.
    pub fn demand(&self) -> Demand {
        Demand::of(self.staff, self.passkey_only)
    }

    /// Makes an account, unless the address has one, or is held for one that had it until lately: then `None`.
    pub async fn create(tx: &mut Tx, new: NewUser<'_>) -> Result<Option<Self>> {
        let (id, now) = (new.id.unwrap_or_else(|| tx.new_id()), tx.now());
        let created = sql!(tx, fetch_optional Self,
            "insert into users (id, name, email, email_key, locale, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $6) on conflict (email_key) do nothing
             returning id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at",
            id, new.name, new.email, new.email_key, new.language.tag(), now)?;
        // Asked after the insert, which waited for whoever was leaving the address at this moment.
        if created.is_some() && change_email::is_held(tx, new.email_key).await? {
            sql!(tx, execute "delete from users where id = $1", id)?;
            return Ok(None);
        }
        if created.is_some() {
            directory::enter(tx, id).await?;
        }
        match created {
            Some(user) if new.administrator => Ok(Some(give::appoint(tx, user).await?)),
            created => Ok(created),
        }
    }

    /// The person with this address.
    pub async fn by_email(tx: &mut Tx, key: &EmailKey) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at from users where email_key = $1",
            key.as_str())
    }

    /// The person with this id.
    pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at from users where id = $1", id)
    }

    /// True when anybody has an account.
    pub async fn any(tx: &mut Tx) -> Result<bool> {
        Ok(sql!(tx, fetch_optional One<Uuid>, "select id from users limit 1")?.is_some())
    }

    /// Everybody, the newest first; at most `limit`.
    pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at from users order by id desc limit $1",
            limit)
    }

    /// Every administrator whose account is open.
    pub async fn administrators(tx: &mut Tx) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at from users
             where administrator and locked_at is null and erase_at is null order by id")
    }

    /// Holds the row until the end of the transaction: nobody locks the account meanwhile. `false`: it is locked.
    pub async fn hold_unlocked(&self, tx: &mut Tx) -> Result<bool> {
        let held = sql!(tx, execute
            "update users set updated_at = updated_at where id = $1 and locked_at is null", self.id)?;
        Ok(held == 1)
    }

    /// The person with this id, held until the end of the transaction: of two changes of one account one comes after the other. `None`:
    /// there is nobody, or their erasure has begun.
    pub async fn hold(tx: &mut Tx, id: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "update users set updated_at = updated_at where id = $1 and erasing_as is null
             returning id, name, email, locale, time_zone, administrator, staff, passkey_only, locked_at, deactivated_at, created_at", id)
    }

    /// Notes that the address of an account that an operator made was proven. `false`: it was before.
    pub(crate) async fn prove(tx: &mut Tx, id: UserId) -> Result<bool> {
        let proven = sql!(tx, execute
            "update users set unproven_since = null where id = $1 and unproven_since is not null", id)?;
        Ok(proven == 1)
    }

    /// Locks the account: nobody signs in to it, and its sessions end.
    pub async fn lock(&self, tx: &mut Tx) -> Result<()> {
        self.lock_until(tx, None, None).await?;
        Ok(())
    }

    /// The same with the reason that operators see, and the moment at which it ends by itself: see
    /// [`lock`](crate::users::person::lock). Returns how many sessions it ended.
    pub(crate) async fn lock_until(
        &self,
        tx: &mut Tx,
        reason: Option<&str>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64> {
        let now = tx.now();
        sql!(tx, execute
            "update users set locked_at = $1, lock_reason = $2, locked_until = $3, updated_at = $1 where id = $4",
            now, reason, until, self.id)?;
        SignedIn::end_all(tx, self.id).await
    }

    /// Unlocks the account.
    pub async fn unlock(&self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "update users set locked_at = null, locked_until = null, lock_reason = null, updated_at = $1 where id = $2",
            now, self.id)?;
        Ok(())
    }
}
