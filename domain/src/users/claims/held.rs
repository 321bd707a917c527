//! What people and roles have: values, and giving and taking them.

use std::collections::BTreeMap;

use super::merge::{Given, Merged, Source, merge};
use super::{Claim, Kind, Value};
use crate::audit::{Change, Entry, Event, Shown};
use crate::authorization::role::Role;
use crate::authorization::{Desk, May, Right, right};
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Code, Error, Field, Result, sql};

/// A claim with what somebody has of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// How it is defined.
    pub claim: Claim,
    /// What the person or the role has by itself.
    pub own: Option<Value>,
    /// What the person has in all; of a role: none.
    pub merged: Option<Merged>,
}

impl Line {
    /// What a form that changes it says it saw: the stored value, or nothing.
    pub fn was(&self) -> String {
        self.own
            .as_ref()
            .map(|value| value.to_json().to_string())
            .unwrap_or_default()
    }
}

#[derive(sqlx::FromRow)]
struct Stored {
    claim: String,
    #[sqlx(try_from = "String")]
    kind: Kind,
    value: String,
    role_id: Option<String>,
    role_name: Option<String>,
}

/// What a person has in all, by the names of the claims: what tokens will carry, and what the person's copy of their data holds.
pub(crate) async fn of(tx: &mut Tx, person: UserId) -> Result<BTreeMap<String, Merged>> {
    // Roles as `Rights::of` has them: by themselves, and through groups.
    let stored = sql!(tx, fetch_all Stored,
        "select v.claim, c.kind, v.value, null as role_id, null as role_name
         from user_claims v join claims c on c.name = v.claim where v.user_id = $1
         union all
         select v.claim, c.kind, v.value, r.id as role_id, r.name as role_name
         from role_claims v join claims c on c.name = v.claim join roles r on r.id = v.role_id
         where v.role_id in (
            select role_id from user_roles where user_id = $1
            union
            select g.role_id from group_roles g join group_members m on m.group_id = g.group_id where m.user_id = $1)", person)?;
    Ok(merge(stored.into_iter().filter_map(Stored::given).collect()))
}

/// Every claim with what a person has, by name; for who may see or change people.
pub async fn of_person<R: Right>(tx: &mut Tx, _may: &May<R>, person: UserId) -> Result<Vec<Line>> {
    let mut merged = of(tx, person).await?;
    let own = sql!(tx, fetch_all Stored,
        "select v.claim, c.kind, v.value, null as role_id, null as role_name
         from user_claims v join claims c on c.name = v.claim where v.user_id = $1", person)?;
    lines(tx, own, |claim| merged.remove(claim)).await
}

/// Every claim with what a role gives, by name; for who may see or change roles.
pub async fn of_role<R: Right>(tx: &mut Tx, _may: &May<R>, role: &str) -> Result<Vec<Line>> {
    let own = sql!(tx, fetch_all Stored,
        "select v.claim, c.kind, v.value, null as role_id, null as role_name
         from role_claims v join claims c on c.name = v.claim where v.role_id = $1", role)?;
    lines(tx, own, |_| None).await
}

async fn lines(
    tx: &mut Tx,
    own: Vec<Stored>,
    mut merged: impl FnMut(&str) -> Option<Merged>,
) -> Result<Vec<Line>> {
    let given = own.into_iter().filter_map(Stored::given);
    let mut own: BTreeMap<String, Value> = given.map(|given| (given.claim, given.value)).collect();
    let claims = Claim::rows(tx).await?;
    let line = |claim: Claim| Line {
        own: own.remove(&claim.name),
        merged: merged(&claim.name),
        claim,
    };
    Ok(claims.into_iter().map(line).collect())
}

impl Stored {
    fn given(self) -> Option<Given> {
        let from = match (self.role_id, self.role_name) {
            (Some(id), Some(name)) => Source::Role {
                key: name.to_lowercase(),
                id,
                name,
            },
            _ => Source::Own,
        };
        Some(Given {
            value: self.kind.restore(&self.value)?,
            claim: self.claim,
            from,
        })
    }
}

/// Gives a person another value, or with nothing typed takes it away, where it is still as `was` says ([`Line::was`]).
///
/// # Errors
/// Refused with a fault of the field, [`Code::ClaimUnknown`], [`Code::ChangedMeanwhile`], or as [`Desk::act_on`] says.
pub async fn set_for_person(
    desk: &Desk<'_>,
    person: UserId,
    claim: &str,
    (was, typed): (&str, &str),
) -> Result<()> {
    desk.act_on(person, async |tx, may: &May<right::UsersWrite>, _user| {
        let Some(set) = Set::read(tx, claim, was, typed).await? else {
            return Ok(());
        };
        let (name, now) = (set.claim.name.as_str(), tx.now());
        let written = match (set.was.as_deref(), set.becomes.as_deref()) {
            (None, Some(value)) => sql!(tx, execute
                "insert into user_claims (user_id, claim, value, set_at) values ($1, $2, $3, $4) on conflict (user_id, claim) do nothing",
                person, name, value, now)?,
            (Some(was), Some(value)) => sql!(tx, execute
                "update user_claims set value = $1, set_at = $2 where user_id = $3 and claim = $4 and value = $5",
                value, now, person, name, was)?,
            (was, None) => sql!(tx, execute
                "delete from user_claims where user_id = $1 and claim = $2 and value = $3",
                person, name, was.unwrap_or_default())?,
        };
        was_as_shown(written)?;
        let detail = [("claim", name)];
        let changes = set.changes();
        let entry = Entry::by(Event::ClaimSetForPerson, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

/// The same for a role: whoever has it has the value. Not of a role that allows what the actor does not hold.
///
/// # Errors
/// Refused with a fault of the field, [`Code::ClaimUnknown`], [`Code::RoleUnknown`], [`Code::GivesMore`], or [`Code::ChangedMeanwhile`].
pub async fn set_for_role(
    desk: &Desk<'_>,
    role: &str,
    claim: &str,
    (was, typed): (&str, &str),
) -> Result<()> {
    desk.change(async |tx, may: &May<right::RolesWrite>| {
        let role = Role::to_change(tx, may, role).await?.id;
        let Some(set) = Set::read(tx, claim, was, typed).await? else {
            return Ok(());
        };
        let (name, now) = (set.claim.name.as_str(), tx.now());
        let written = match (set.was.as_deref(), set.becomes.as_deref()) {
            (None, Some(value)) => sql!(tx, execute
                "insert into role_claims (role_id, claim, value, set_at) values ($1, $2, $3, $4) on conflict (role_id, claim) do nothing",
                role.as_str(), name, value, now)?,
            (Some(was), Some(value)) => sql!(tx, execute
                "update role_claims set value = $1, set_at = $2 where role_id = $3 and claim = $4 and value = $5",
                value, now, role.as_str(), name, was)?,
            (was, None) => sql!(tx, execute
                "delete from role_claims where role_id = $1 and claim = $2 and value = $3",
                role.as_str(), name, was.unwrap_or_default())?,
        };
        was_as_shown(written)?;
        let detail = [("claim", name), ("role", role.as_str())];
        let changes = set.changes();
        let entry = Entry::by(Event::ClaimSetForRole, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&changes)).await
    })
    .await
}

/// A change of one value.
struct Set {
    claim: Claim,
    was: Option<String>,
    becomes: Option<String>,
}

impl Set {
    /// Reads it. `None`: nothing would change.
    async fn read(tx: &mut Tx, claim: &str, was: &str, typed: &str) -> Result<Option<Self>> {
        let claim = Claim::get(tx, claim).await?;
        let read = claim.kind.read(typed);
        let becomes = read.map_err(|code| Error::field(Field::Value, code))?;
        let was = match was {
            "" => None,
            // What was no value of this kind was shown by nobody of ours.
            was => Some(
                claim
                    .kind
                    .restore(was)
                    .ok_or_else(|| Error::form(Code::ChangedMeanwhile))?,
            ),
        };
        if was == becomes {
            return Ok(None);
        }
        let stored = |value: Value| value.to_json().to_string();
        Ok(Some(Self {
            claim,
            was: was.map(stored),
            becomes: becomes.map(stored),
        }))
    }

    fn changes(&self) -> [Change<'_>; 1] {
        [Change {
            field: Shown::ClaimValue,
            was: self.was.as_deref(),
            became: self.becomes.as_deref(),
        }]
    }
}

/// Whether a row was written: it was as the form had shown it.
fn was_as_shown(written: u64) -> Result<()> {
    if written == 0 {
        return Err(Error::form(Code::ChangedMeanwhile));
    }
    Ok(())
}
