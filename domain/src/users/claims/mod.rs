//! Claims: what applications are told of people beyond what every account has: a plan, a cost centre, the sites somebody works at. An
//! operator with `claims:write` defines them, and gives values to people and to roles. `docs/claims.md` has the rules; **a claim is no permission**: nothing
//! of ours asks for one.

pub mod figures;
pub mod held;
pub mod merge;
pub mod name;
pub(crate) mod noted;
pub mod value;

use crate::audit::{Change, Entry, Event, Shown};
use crate::authorization::give::one_at_a_time;
use crate::authorization::{Decision, Desk, May, right};
use crate::platform::db::{One, Tx};
use crate::users::line;
use crate::{Code, Error, Faults, Field, Result, sql};

pub use self::figures::{Count, Figures};
pub use self::merge::{Merged, Source};
pub use self::value::{Kind, Value};

/// The most claims: tokens are sent with each request.
pub const MOST: i64 = 50;
/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 200;

/// Versions begin below this.
const VERSIONS: u64 = 1 << 52;

/// A claim, as it is defined. Who has a value of it: [`Figures`].
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Claim {
    /// What tokens call it.
    pub name: String,
    /// What it holds.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// What it is for.
    pub description: String,
    /// Begins at a number by chance, so that a claim that is made anew is not taken for the one before, and goes up with each change.
    pub version: i64,
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(name: String) -> std::result::Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

impl Claim {
    /// Every claim, by name. There are at most [`MOST`].
    async fn all(tx: &mut Tx) -> Result<Vec<Self>> {
        sql!(tx, fetch_all Self, "select name, kind, description, version from claims order by name")
    }

    /// One of them.
    ///
    /// # Errors
    /// Refused with [`Code::ClaimUnknown`].
    pub async fn find(tx: &mut Tx, _may: &May<right::RolesRead>, name: &str) -> Result<Self> {
        Self::get(tx, name).await
    }

    async fn get(tx: &mut Tx, name: &str) -> Result<Self> {
        // Of what can't be a name no database is asked. One that was reserved later can still be described and removed.
        let found = if name::is_shaped(name) {
            sql!(tx, fetch_optional Self, "select name, kind, description, version from claims where name = $1", name)?
        } else {
            None
        };
        found.ok_or_else(|| Error::form(Code::ClaimUnknown))
    }

    /// Whether tokens use the name for something else, as they may since it was defined: then nobody is told of it.
    pub fn is_reserved(&self) -> bool {
        name::is_reserved(&self.name)
    }
}

/// Defines a claim. Of two at once with one name, one is made, and of any number at once no more than [`MOST`] in all.
///
/// # Errors
/// Refused with one fault per field: those of [`name::read`], [`Code::NameTaken`], those of [`line::read`]; [`Code::Malformed`] for a kind that
/// there is not, [`Code::ClaimsFull`] when there are [`MOST`].
pub async fn define(desk: &Desk<'_>, name: &str, kind: &str, description: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::ClaimsWrite>| {
        let kind = Kind::parse(kind).ok_or_else(|| Error::form(Code::Malformed));
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, name::read(name));
        let description = faults.check(Field::Description, read_description(description));
        let (Some(name), Some(description)) = (name, description) else {
            return Err(faults.into_error());
        };
        let (kind, now) = (kind?, tx.now());
        one_at_a_time(tx).await?;
        let version = i64::try_from(tx.entropy().below(VERSIONS)).unwrap_or_default();
        let made = sql!(tx, execute
            "insert into claims (name, kind, description, version, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $5) on conflict (name) do nothing",
            name, kind.as_str(), description.as_str(), version, now)?;
        if made == 0 {
            return Err(Error::field(Field::Name, Code::NameTaken));
        }
        let (count,) = sql!(tx, fetch_one One<i64>, "select count(*) from claims")?;
        if count > MOST {
            return Err(Error::form(Code::ClaimsFull));
        }
        let detail = [("claim", name), ("kind", kind.as_str())];
        let said = [Change {
            field: Shown::Description,
            was: None,
            became: Some(&description),
        }];
        let said = if description.is_empty() {
            &said[..0]
        } else {
            &said[..]
        };
        let entry = Entry::by(Event::ClaimDefined, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(said)).await
    })
    .await
}

/// Says anew what a claim is for, where it is still as `seen` says.
///
/// # Errors
/// Refused with the faults of [`line::read`], [`Code::ClaimUnknown`], or [`Code::ChangedMeanwhile`].
pub async fn describe(desk: &Desk<'_>, (name, seen): (&str, i64), description: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::ClaimsWrite>| {
        let description =
            read_description(description).map_err(|code| Error::field(Field::Description, code))?;
        let before = Claim::get(tx, name).await?;
        if before.version == seen && before.description == description {
            return Ok(());
        }
        let now = tx.now();
        let changed = sql!(tx, execute
            "update claims set description = $1, version = version + 1, updated_at = $2 where name = $3 and version = $4",
            description.as_str(), now, before.name.as_str(), seen)?;
        if changed == 0 {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let detail = [("claim", before.name.as_str())];
        let changes = [Change {
            field: Shown::Description,
            was: Some(&before.description),
            became: Some(&description),
        }];
        let entry = Entry::by(Event::ClaimDescribed, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

/// Removes a claim, whose name was typed once more, with every value that people and roles have of it. `seen`: the version, and the
/// [`Figures`] that the page showed, as they write themselves. Whoever removes it must be able to set what is lost by it.
///
/// # Errors
/// Refused with [`Code::NameDiffers`], [`Code::ClaimUnknown`]; with [`Code::ChangedMeanwhile`], also where somebody has got or lost a value
/// since; with [`Code::NotAllowed`], [`Code::GivesMore`] or [`Code::OwnRights`] as [`held::set_for_role`] for each role that gives a value.
pub async fn remove(desk: &Desk<'_>, name: &str, seen: (i64, &str), typed_name: &str) -> Result<()> {
    desk.change(async |tx, may: &May<right::ClaimsWrite>| {
        one_at_a_time(tx).await?;
        let claim = Claim::get(tx, name).await?;
        if typed_name.trim() != claim.name {
            return Err(Error::field(Field::Confirmation, Code::NameDiffers));
        }
        let figures = Figures::of(tx, may, &claim).await?;
        if (claim.version, figures.to_string().as_str()) != seen {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        if figures.own != Count::Exactly(0) {
            Decision::claims_of_people(&may.rights).into_result()?;
        }
        let name = claim.name.as_str();
        for (role,) in
            sql!(tx, fetch_all One<String>, "select role_id from role_claims where claim = $1", name)?
        {
            held::may_set_for_role(tx, may, &role).await?.into_result()?;
        }
        let of_roles = noted::of_claim(tx, name).await?;
        sql!(tx, execute "delete from claims where name = $1", name)?;
        let numbers = [
            figures.own.to_string(),
            figures.people.to_string(),
            figures.roles.to_string(),
        ];
        let detail = [
            ("claim", name),
            ("kind", claim.kind.as_str()),
            ("own", numbers[0].as_str()),
            ("people", numbers[1].as_str()),
            ("roles", numbers[2].as_str()),
        ];
        let gone = |field, was| Change {
            field,
            was: Some(was),
            became: None,
        };
        let mut changes = Vec::new();
        if !claim.description.is_empty() {
            changes.push(gone(Shown::Description, claim.description.as_str()));
        }
        changes.extend(of_roles.as_deref().map(|was| gone(Shown::ClaimValue, was)));
        let entry = Entry::by(Event::ClaimRemoved, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

fn read_description(typed: &str) -> std::result::Result<String, Code> {
    line::read(typed, DESCRIPTION_MAX)
}
