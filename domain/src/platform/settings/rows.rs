//! What the console set, as the database has it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::key::Key;
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// Everything that the console set, at one moment.
pub(super) struct Rows {
    /// The last change of any.
    pub version: i64,
    values: BTreeMap<Key, String>,
}

/// A change as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ChangeRow {
    pub version: i64,
    pub key: String,
    pub was: Option<String>,
    pub became: Option<String>,
    pub changed_by: Option<UserId>,
    pub name: Option<String>,
    pub changed_at: DateTime<Utc>,
}

impl Rows {
    /// The number of the last change.
    pub async fn version(tx: &mut Tx) -> Result<i64> {
        let (version,) =
            sql!(tx, fetch_one One<i64>, "select coalesce(max(version), 0) from setting_changes")?;
        Ok(version)
    }

    pub async fn read(tx: &mut Tx) -> Result<Self> {
        let version = Self::version(tx).await?;
        let rows = sql!(tx, fetch_all(String, String), "select key, value from settings")?;
        // A key of a newer version, which this one does not know, stays where it is.
        let values = rows
            .into_iter()
            .filter_map(|(key, value)| Some((Key::parse(&key)?, value)))
            .collect();
        Ok(Self { version, values })
    }

    /// The values.
    pub fn texts(&self) -> BTreeMap<Key, String> {
        self.values.clone()
    }

    /// What the console set.
    pub fn value(&self, key: Key) -> Option<&str> {
        self.values.get(&key).map(String::as_str)
    }

    /// Holds what a form says it has seen to the changes that there are: a number from the future would see none of those to come.
    ///
    /// # Errors
    /// Refused with [`Code::Malformed`].
    pub fn check_seen(&self, seen: i64) -> Result<()> {
        if seen > self.version {
            return Err(Error::form(Code::Malformed));
        }
        Ok(())
    }

    /// Writes one change. `became`: none is the default.
    pub async fn change(&mut self, tx: &mut Tx, by: UserId, key: Key, became: Option<&str>) -> Result<()> {
        self.version += 1;
        let (version, now, was) = (self.version, tx.now(), self.values.get(&key).cloned());
        sql!(tx, execute
            "insert into setting_changes (version, key, was, became, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6)",
            version, key.as_str(), was, became, by, now)?;
        if let Some(value) = became {
            sql!(tx, execute
                "insert into settings (key, value, version) values ($1, $2, $3)
                 on conflict (key) do update set value = excluded.value, version = excluded.version",
                key.as_str(), value, version)?;
            self.values.insert(key, value.to_owned());
        } else {
            sql!(tx, execute "delete from settings where key = $1", key.as_str())?;
            self.values.remove(&key);
        }
        Ok(())
    }
}

impl ChangeRow {
    /// The last change of each setting.
    pub async fn last(tx: &mut Tx) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select c.version, c.key, c.was, c.became, c.changed_by, u.name, c.changed_at
             from setting_changes c left join users u on u.id = c.changed_by
             where c.version in (select max(version) from setting_changes group by key)")
    }

    /// The changes before one, the newest first.
    pub async fn before(tx: &mut Tx, version: i64, limit: i64) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select c.version, c.key, c.was, c.became, c.changed_by, u.name, c.changed_at
             from setting_changes c left join users u on u.id = c.changed_by
             where c.version < $1 order by c.version desc limit $2",
            version, limit)
    }

    /// One change.
    pub async fn find(tx: &mut Tx, version: i64) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self,
            "select c.version, c.key, c.was, c.became, c.changed_by, u.name, c.changed_at
             from setting_changes c left join users u on u.id = c.changed_by where c.version = $1",
            version)
    }

    /// The number of the last change of a setting; 0: it never was changed.
    pub async fn last_of(tx: &mut Tx, key: Key) -> Result<i64> {
        let (version,) = sql!(tx, fetch_one One<i64>,
            "select coalesce(max(version), 0) from setting_changes where key = $1", key.as_str())?;
        Ok(version)
    }
}
