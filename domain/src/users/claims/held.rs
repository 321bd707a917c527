//! What people and roles have: values, and giving and taking them.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::{Given, Merged, Source, merge};
use super::{Claim, Kind, Value, name};
use crate::audit::{Change, Entry, Event, Shown};
use crate::authorization::give::one_at_a_time;
use crate::authorization::role::Role;
use crate::authorization::{Decision, Desk, May, Right, right};
use crate::platform::db::{One, Tx};
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

/// What a person has in all, by the names of the claims: what tokens will carry, and what the person's copy of their data holds. Names that
/// tokens use for something else by now are not among them.
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
    let told = stored.into_iter().filter(|row| !name::is_reserved(&row.claim));
    Ok(merge(told.filter_map(Stored::given).collect()))
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
    let own = by_role(tx, role).await?;
    lines(tx, own, |_| None).await
}

async fn by_role(tx: &mut Tx, role: &str) -> Result<Vec<Stored>> {
    sql!(tx, fetch_all Stored,
        "select v.claim, c.kind, v.value, null as role_id, null as role_name
         from role_claims v join claims c on c.name = v.claim where v.role_id = $1", role)
}

async fn lines(
    tx: &mut Tx,
    own: Vec<Stored>,
    mut merged: impl FnMut(&str) -> Option<Merged>,
) -> Result<Vec<Line>> {
    let given = own.into_iter().filter_map(Stored::given);
    let mut own: BTreeMap<String, Value> = given.map(|given| (given.claim, given.value)).collect();
    let claims = Claim::all(tx).await?;
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
            (Some(id), Some(name)) => Source::role(id, name),
            _ => Source::Own,
        };
        Some(Given {
            value: self.kind.restore(&self.value)?,
            claim: self.claim,
            from,
        })
    }
}

/// Whether somebody may set values of a role: [`Decision::claims_of_role`].
///
/// # Errors
/// Refused with [`Code::RoleUnknown`].
pub async fn may_set_for_role<R: Right>(tx: &mut Tx, may: &May<R>, role: &str) -> Result<Decision> {
    let found = if role.contains('\0') {
        None
    } else {
        sql!(tx, fetch_optional One<String>, "select id from roles where id = $1", role)?
    };
    let (role,) = found.ok_or_else(|| Error::form(Code::RoleUnknown))?;
    let is_theirs = Role::is_held_by(tx, &role, may.actor).await?;
    let permissions = Role::permissions(tx, &role).await?;
    Ok(Decision::claims_of_role(&may.rights, is_theirs, permissions))
}

/// Gives a person another value, or with nothing typed takes it away, where it is still as `was` says ([`Line::was`]).
///
/// # Errors
/// Refused with a fault of the field, [`Code::ClaimsTooLong`] among them; [`Code::ClaimUnknown`], [`Code::ChangedMeanwhile`],
/// [`Code::NotAllowed`] for who may not change people, or as [`Desk::act_on`] says.
pub async fn set_for_person(
    desk: &Desk<'_>,
    person: UserId,
    claim: &str,
    (was, typed): (&str, &str),
) -> Result<()> {
    // The desk lets one in after the other: the claim does not go meanwhile, and what is read is what is written over.
    desk.act_on(person, async |tx, may: &May<right::ClaimsWrite>, _user| {
        Decision::claims_of_people(&may.rights).into_result()?;
        let claim = Claim::get(tx, claim).await?;
        let name = claim.name.as_str();
        let stored = sql!(tx, fetch_optional One<String>,
            "select value from user_claims where user_id = $1 and claim = $2", person, name)?;
        let Some(set) = Set::read(claim.kind, stored, was, typed)? else {
            return Ok(());
        };
        let (now, before) = (tx.now(), left_out(&of(tx, person).await?));
        match set.becomes.as_deref() {
            Some(value) => sql!(tx, execute
                "insert into user_claims (user_id, claim, value, set_at) values ($1, $2, $3, $4)
                 on conflict (user_id, claim) do update set value = excluded.value, set_at = excluded.set_at",
                person, name, value, now)?,
            None => {
                sql!(tx, execute "delete from user_claims where user_id = $1 and claim = $2", person, name)?
            }
        };
        if set.is_longer() && !left_out(&of(tx, person).await?).is_subset(&before) {
            return Err(Error::field(Field::Value, Code::ClaimsTooLong));
        }
        let detail = [("claim", name)];
        let entry = Entry::by(Event::ClaimSetForPerson, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&set.changes())).await
    })
    .await
}

/// The same for a role: whoever has it has the value. Not of a role that allows what the actor does not hold, nor of one that they have
/// themselves, unless they may do everything.
///
/// # Errors
/// Refused with a fault of the field, [`Code::ClaimsTooLong`] among them; [`Code::ClaimUnknown`], [`Code::RoleUnknown`],
/// [`Code::NotAllowed`], [`Code::GivesMore`], [`Code::OwnRights`], or [`Code::ChangedMeanwhile`].
pub async fn set_for_role(
    desk: &Desk<'_>,
    role: &str,
    claim: &str,
    (was, typed): (&str, &str),
) -> Result<()> {
    desk.change(async |tx, may: &May<right::ClaimsWrite>| {
        // Neither the role nor the claim goes meanwhile.
        one_at_a_time(tx).await?;
        may_set_for_role(tx, may, role).await?.into_result()?;
        let claim = Claim::get(tx, claim).await?;
        let name = claim.name.as_str();
        let stored = sql!(tx, fetch_optional One<String>,
            "select value from role_claims where role_id = $1 and claim = $2", role, name)?;
        let Some(set) = Set::read(claim.kind, stored, was, typed)? else {
            return Ok(());
        };
        let now = tx.now();
        match set.becomes.as_deref() {
            Some(value) => sql!(tx, execute
                "insert into role_claims (role_id, claim, value, set_at) values ($1, $2, $3, $4)
                 on conflict (role_id, claim) do update set value = excluded.value, set_at = excluded.set_at",
                role, name, value, now)?,
            None => {
                sql!(tx, execute "delete from role_claims where role_id = $1 and claim = $2", role, name)?
            }
        };
        if set.is_longer() {
            // Those who have other roles too may have more than there is room for: `merge` says what is left out.
            let given = by_role(tx, role).await?.into_iter().filter_map(Stored::given);
            if !left_out(&merge(given.collect())).is_empty() {
                return Err(Error::field(Field::Value, Code::ClaimsTooLong));
            }
        }
        let detail = [("claim", name), ("role", role)];
        let entry = Entry::by(Event::ClaimSetForRole, may.actor, desk.origin);
        tx.audit(entry.with(&detail).changing(&set.changes())).await
    })
    .await
}

/// A change of one value, as JSON.
struct Set {
    was: Option<String>,
    becomes: Option<String>,
}

impl Set {
    /// Reads it. `None`: nothing would change.
    fn read(kind: Kind, stored: Option<(String,)>, was: &str, typed: &str) -> Result<Option<Self>> {
        let json = |value: Value| value.to_json().to_string();
        let becomes = kind
            .read(typed)
            .map_err(|code| Error::field(Field::Value, code))?
            .map(json);
        // What can't be read of this kind is shown by nobody of ours, neither of what is stored nor of what was seen.
        let was_shown = was.is_empty() || kind.restore(was).is_some();
        let was = kind.restore(was).map(json);
        let stored = stored.and_then(|(stored,)| kind.restore(&stored)).map(json);
        if !was_shown || was != stored {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        Ok((was != becomes).then_some(Self { was, becomes }))
    }

    /// Whether there is more to tell than before.
    fn is_longer(&self) -> bool {
        let length = |value: &Option<String>| value.as_ref().map_or(0, String::len);
        length(&self.becomes) > length(&self.was)
    }

    fn changes(&self) -> [Change<'_>; 1] {
        [Change {
            field: Shown::ClaimValue,
            was: self.was.as_deref(),
            became: self.becomes.as_deref(),
        }]
    }
}

/// What there is no room for ([`MERGED_MAX`](super::merge::MERGED_MAX)): claims, and whose values of them.
fn left_out(merged: &BTreeMap<String, Merged>) -> BTreeSet<(String, Source)> {
    let all = merged
        .iter()
        .flat_map(|(claim, merged)| merged.left_out.iter().map(move |from| (claim, from)));
    all.map(|(claim, from)| (claim.clone(), from.clone())).collect()
}
