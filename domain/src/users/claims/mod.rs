//! Claims: what applications are told of people beyond what every account has: a plan, a cost centre, the sites somebody works at. An
//! operator defines them, and gives values to people and to roles. `docs/claims.md` has the rules; **a claim is no permission**: nothing
//! of ours asks for one.

pub mod held;
pub mod merge;
pub mod name;
pub mod value;

use crate::audit::{Change, Entry, Event, Shown};
use crate::authorization::{Desk, May, right};
use crate::platform::db::{One, Tx};
use crate::{Code, Error, Faults, Field, Result, sql};

pub use self::merge::{Merged, Source};
pub use self::value::{Kind, Value};

/// The most claims: tokens are sent with each request.
pub const MOST: i64 = 50;
/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 200;

/// A claim, as it is defined.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Claim {
    /// What tokens call it.
    pub name: String,
    /// What it holds.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// What it is for.
    pub description: String,
    /// Goes up with each change.
    pub version: i64,
    /// How many people have a value by themselves.
    pub people: i64,
    /// How many roles give one.
    pub roles: i64,
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(name: String) -> std::result::Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

impl Claim {
    /// Every claim, by name.
    pub async fn all(tx: &mut Tx, _may: &May<right::RolesRead>) -> Result<Vec<Self>> {
        Self::rows(tx).await
    }

    async fn rows(tx: &mut Tx) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self,
            "select name, kind, description, version,
                (select count(*) from user_claims where claim = claims.name) as people,
                (select count(*) from role_claims where claim = claims.name) as roles
             from claims order by name")
    }

    /// One of them.
    ///
    /// # Errors
    /// Refused with [`Code::ClaimUnknown`].
    pub async fn find(tx: &mut Tx, _may: &May<right::RolesRead>, name: &str) -> Result<Self> {
        Self::get(tx, name).await
    }

    async fn get(tx: &mut Tx, name: &str) -> Result<Self> {
        let unknown = || Error::form(Code::ClaimUnknown);
        let name = name::read(name).map_err(|_| unknown())?;
        let found = sql!(tx, fetch_optional Self,
            "select name, kind, description, version,
                (select count(*) from user_claims where claim = claims.name) as people,
                (select count(*) from role_claims where claim = claims.name) as roles
             from claims where name = $1", name)?;
        found.ok_or_else(unknown)
    }
}

/// Defines a claim. Of two at once with one name, one is made.
///
/// # Errors
/// Refused with one fault per field: those of [`name::read`], [`Code::NameTaken`], [`Code::TooLong`]; [`Code::Malformed`] for a kind that
/// there is not, [`Code::ClaimsFull`] when there are [`MOST`].
pub async fn define(desk: &Desk<'_>, name: &str, kind: &str, description: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let kind = Kind::parse(kind).ok_or_else(|| Error::form(Code::Malformed));
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, name::read(name));
        let description = faults.check(Field::Description, read_description(description));
        let (Some(name), Some(description)) = (name, description) else {
            return Err(faults.into_error());
        };
        let (kind, now) = (kind?, tx.now());
        let made = sql!(tx, execute
            "insert into claims (name, kind, description, created_at, updated_at)
             values ($1, $2, $3, $4, $4) on conflict (name) do nothing",
            name, kind.as_str(), description, now)?;
        if made == 0 {
            return Err(Error::field(Field::Name, Code::NameTaken));
        }
        let (count,) = sql!(tx, fetch_one One<i64>, "select count(*) from claims")?;
        if count > MOST {
            return Err(Error::form(Code::ClaimsFull));
        }
        let detail = [("claim", name), ("kind", kind.as_str())];
        tx.audit(Entry::by(Event::ClaimDefined, may.actor, desk.origin).with(&detail))
            .await
    })
    .await
}

/// Says anew what a claim is for, where it is still as `seen` says.
///
/// # Errors
/// Refused with [`Code::TooLong`], [`Code::ClaimUnknown`], or [`Code::ChangedMeanwhile`].
pub async fn describe(desk: &Desk<'_>, (name, seen): (&str, i64), description: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let description =
            read_description(description).map_err(|code| Error::field(Field::Description, code))?;
        let before = Claim::get(tx, name).await?;
        if before.version == seen && before.description == description {
            return Ok(());
        }
        let now = tx.now();
        let changed = sql!(tx, execute
            "update claims set description = $1, version = version + 1, updated_at = $2 where name = $3 and version = $4",
            description, now, before.name.as_str(), seen)?;
        if changed == 0 {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let detail = [("claim", before.name.as_str())];
        let changes = [Change {
            field: Shown::Description,
            was: Some(&before.description),
            became: Some(description),
        }];
        let entry = Entry::by(Event::ClaimDescribed, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

/// Removes a claim, whose name was typed once more, with every value that people and roles have of it.
///
/// # Errors
/// Refused with [`Code::NameDiffers`], [`Code::ClaimUnknown`], or [`Code::ChangedMeanwhile`].
pub async fn remove(desk: &Desk<'_>, (name, seen): (&str, i64), typed_name: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let claim = Claim::get(tx, name).await?;
        if typed_name.trim() != claim.name {
            return Err(Error::field(Field::Confirmation, Code::NameDiffers));
        }
        let gone = sql!(tx, execute "delete from claims where name = $1 and version = $2", claim.name.as_str(), seen)?;
        if gone == 0 {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let (people, roles) = (claim.people.to_string(), claim.roles.to_string());
        let detail = [
            ("claim", claim.name.as_str()),
            ("kind", claim.kind.as_str()),
            ("people", people.as_str()),
            ("roles", roles.as_str()),
        ];
        tx.audit(Entry::by(Event::ClaimRemoved, may.actor, desk.origin).with(&detail)).await
    })
    .await
}

fn read_description(typed: &str) -> std::result::Result<&str, Code> {
    let typed = typed.trim();
    if typed.chars().count() > DESCRIPTION_MAX {
        return Err(Code::TooLong);
    }
    Ok(typed)
}
