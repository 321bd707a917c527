//! How many people and roles have a value of a claim: what the pages of definitions say, and what is said before one is removed. Nothing
//! here counts further than [`COUNTED`], so that no page is slower among a million people than among a thousand.

use std::fmt;

use super::Claim;
use crate::authorization::{May, Right, right};
use crate::platform::db::Tx;
use crate::{Result, sql};

/// How many values are counted.
pub const COUNTED: i64 = 10_000;

/// How many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// So many or more: there was too much to count it all.
    AtLeast(i64),
}

/// Who has a value of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// People who have one by themselves.
    pub own: Count,
    /// Roles that give one.
    pub roles: i64,
    /// People who have one in any way: by themselves, through a role, or through a role of a group. Each counts once.
    pub people: Count,
}

/// A claim in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// How it is defined.
    pub claim: Claim,
    /// People who have a value by themselves.
    pub own: Count,
    /// Roles that give one.
    pub roles: i64,
}

/// What a query counted, each up to one more than [`COUNTED`].
#[derive(sqlx::FromRow)]
struct Counted {
    own: i64,
    through_roles: i64,
    through_groups: i64,
    people: i64,
    roles: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    claim: Claim,
    own: i64,
    roles: i64,
}

impl Count {
    /// From a count that ends one above [`COUNTED`].
    fn up_to(counted: i64) -> Self {
        if counted > COUNTED {
            Self::AtLeast(COUNTED)
        } else {
            Self::Exactly(counted)
        }
    }
}

impl fmt::Display for Count {
    /// For the audit, and for a form that says what it showed: what is many stays the same when it becomes more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => write!(f, "{count}"),
            Self::AtLeast(_) => f.write_str("many"),
        }
    }
}

impl fmt::Display for Figures {
    /// What a form says that the page showed: three numbers, or `many`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.own, self.roles, self.people)
    }
}

impl Figures {
    /// Those of a claim, for who may see or change it.
    pub async fn of<R: Right>(tx: &mut Tx, _may: &May<R>, claim: &Claim) -> Result<Self> {
        // Of each way to a value at most so many rows are looked at: whoever has it in two ways is in two of them, and in `people` once.
        let counted = sql!(tx, fetch_one Counted,
            "select
                (select count(*) from (select 1 from user_claims where claim = $1 limit $2) as s) as own,
                (select count(*) from (select 1 from role_claims c join user_roles u on u.role_id = c.role_id
                    where c.claim = $1 limit $2) as s) as through_roles,
                (select count(*) from (select 1 from role_claims c join group_roles g on g.role_id = c.role_id
                    join group_members m on m.group_id = g.group_id where c.claim = $1 limit $2) as s) as through_groups,
                (select count(*) from (
                    select user_id from (select user_id from user_claims where claim = $1 limit $2) as s
                    union
                    select user_id from (select u.user_id from role_claims c join user_roles u on u.role_id = c.role_id
                        where c.claim = $1 limit $2) as s
                    union
                    select user_id from (select m.user_id from role_claims c join group_roles g on g.role_id = c.role_id
                        join group_members m on m.group_id = g.group_id where c.claim = $1 limit $2) as s) as s) as people,
                (select count(*) from role_claims where claim = $1) as roles",
            claim.name.as_str(), COUNTED + 1)?;
        let ways = [counted.own, counted.through_roles, counted.through_groups];
        Ok(Self {
            own: Count::up_to(counted.own),
            roles: counted.roles,
            people: if ways.iter().any(|way| *way > COUNTED) {
                Count::AtLeast(counted.people.min(COUNTED))
            } else {
                Count::Exactly(counted.people)
            },
        })
    }
}

/// Every claim with how many have it, by name.
pub async fn listed(tx: &mut Tx, _may: &May<right::RolesRead>) -> Result<Vec<Listed>> {
    let rows = sql!(tx, fetch_all Row,
        "select name, kind, description, version,
            (select count(*) from (select 1 from user_claims where claim = claims.name limit $1) as s) as own,
            (select count(*) from role_claims where claim = claims.name) as roles
         from claims order by name", COUNTED + 1)?;
    let listed = |row: Row| Listed {
        claim: row.claim,
        own: Count::up_to(row.own),
        roles: row.roles,
    };
    Ok(rows.into_iter().map(listed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_that_it_showed_is_stable_where_nobody_counted_on() {
        let figures = |people| Figures {
            own: Count::up_to(COUNTED + 1),
            roles: 2,
            people,
        };
        assert_eq!(figures(Count::AtLeast(7_000)).to_string(), "many 2 many");
        assert_eq!(figures(Count::AtLeast(COUNTED)).to_string(), "many 2 many");
        let few = Figures {
            own: Count::up_to(COUNTED),
            ..figures(Count::Exactly(12_000))
        };
        assert_eq!(few.to_string(), "10000 2 12000");
    }
}
