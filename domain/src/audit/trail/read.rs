//! The queries. Each is a stretch of one index, which a test asks both databases about (`server/tests/integration/audit/plans.rs`).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::filter::Filter;
use super::line::Line;
use crate::platform::db::Tx;
use crate::{Result, sql};

/// The part of a question by whose index rows are found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead<'a> {
    Request(&'a str),
    Subject(Uuid),
    Actor(Uuid),
    Address(&'a str),
    Kinds(&'a [&'static str]),
    Everything,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    NewestFirst,
    OldestFirst,
}

/// The ids between these two, without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    after: Uuid,
    before: Uuid,
}

impl<'a> Lead<'a> {
    /// The part that leaves the fewest rows, as a rule; and whether it is the only one, so that each row fits. Time is no part: it is where
    /// the stretch begins and ends.
    pub fn of(filter: &'a Filter) -> (Self, bool) {
        let leads = [
            filter.request.as_deref().map(Self::Request),
            filter.subject.map(Self::Subject),
            filter.actor.map(Self::Actor),
            filter.address.as_deref().map(Self::Address),
            filter.kinds.as_deref().map(Self::Kinds),
        ];
        let asked = leads.iter().flatten().count();
        let lead = leads.into_iter().flatten().next();
        (lead.unwrap_or(Self::Everything), asked <= 1)
    }
}

impl Stretch {
    /// What the time of a filter leaves.
    pub fn of(filter: &Filter) -> Self {
        Self {
            after: filter.from.map_or(Uuid::nil(), |at| just_before(first_id_of(at))),
            before: filter.until.map_or(Uuid::max(), |at| first_id_of(up(at))),
        }
    }

    /// The rest of it behind a row, that way.
    pub fn from(self, order: Order, id: Uuid) -> Self {
        match order {
            Order::NewestFirst => Self {
                before: self.before.min(id),
                ..self
            },
            Order::OldestFirst => Self {
                after: self.after.max(id),
                ..self
            },
        }
    }
}

/// The next `limit` rows of a stretch.
pub(super) async fn read(
    tx: &mut Tx,
    lead: &Lead<'_>,
    order: Order,
    stretch: Stretch,
    limit: usize,
) -> Result<Vec<Line>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    match lead {
        Lead::Request(id) => of_request(tx, id, order, stretch, most).await,
        Lead::Subject(id) => of_subject(tx, *id, order, stretch, most).await,
        Lead::Actor(id) => of_actor(tx, *id, order, stretch, most).await,
        Lead::Address(address) => of_address(tx, address, order, stretch, most).await,
        Lead::Everything => everything(tx, order, stretch, most).await,
        Lead::Kinds(kinds) => {
            // Each kind has a stretch of its own: the first rows of all of them are among the first of each.
            let mut lines = Vec::new();
            for kind in *kinds {
                lines.extend(of_kind(tx, kind, order, stretch, most).await?);
            }
            lines.sort_by_key(|line| line.id);
            if order == Order::NewestFirst {
                lines.reverse();
            }
            lines.truncate(limit);
            Ok(lines)
        }
    }
}

async fn of_request(tx: &mut Tx, request: &str, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where request_id = $1 and id > $2 and id < $3 order by id desc limit $4",
            request, of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where request_id = $1 and id > $2 and id < $3 order by id limit $4",
            request, of.after, of.before, limit),
    }
}

async fn of_subject(tx: &mut Tx, subject: Uuid, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where subject_id = $1 and id > $2 and id < $3 order by id desc limit $4",
            subject, of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where subject_id = $1 and id > $2 and id < $3 order by id limit $4",
            subject, of.after, of.before, limit),
    }
}

async fn of_actor(tx: &mut Tx, actor: Uuid, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where actor_id = $1 and id > $2 and id < $3 order by id desc limit $4",
            actor, of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where actor_id = $1 and id > $2 and id < $3 order by id limit $4",
            actor, of.after, of.before, limit),
    }
}

async fn of_address(tx: &mut Tx, address: &str, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where address = $1 and id > $2 and id < $3 order by id desc limit $4",
            address, of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where address = $1 and id > $2 and id < $3 order by id limit $4",
            address, of.after, of.before, limit),
    }
}

async fn of_kind(tx: &mut Tx, kind: &str, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where kind = $1 and id > $2 and id < $3 order by id desc limit $4",
            kind, of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where kind = $1 and id > $2 and id < $3 order by id limit $4",
            kind, of.after, of.before, limit),
    }
}

async fn everything(tx: &mut Tx, order: Order, of: Stretch, limit: i64) -> Result<Vec<Line>> {
    match order {
        Order::NewestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where id > $1 and id < $2 order by id desc limit $3",
            of.after, of.before, limit),
        Order::OldestFirst => sql!(tx, fetch_all Line,
            "select id, seq, at, kind, outcome, actor_id, subject_id, session_id, coalesce(address, '') as address,
                coalesce(user_agent, '') as user_agent, coalesce(request_id, '') as request_id, detail, was, became, hash,
                seq is not null and salt is null as emptied
             from audit_events where id > $1 and id < $2 order by id limit $3",
            of.after, of.before, limit),
    }
}

/// The smallest UUIDv7 of a moment (RFC 9562 §5.7: the first 48 bits are milliseconds).
pub(super) fn first_id_of(at: DateTime<Utc>) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

/// The moment, or the millisecond behind it: what happened earlier in its own millisecond is not left out.
fn up(at: DateTime<Utc>) -> DateTime<Utc> {
    at + chrono::Duration::nanoseconds(999_999)
}

fn just_before(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_leaves_the_fewest_rows_leads() {
        let id = Uuid::from_u128(1);
        let mut filter = Filter::default();
        assert_eq!(Lead::of(&filter), (Lead::Everything, true));
        filter.kinds = Some(vec!["role.made"]);
        assert_eq!(Lead::of(&filter), (Lead::Kinds(&["role.made"]), true));
        filter.from = DateTime::from_timestamp(1, 0);
        assert!(Lead::of(&filter).1, "time needs no look at each row");
        filter.address = Some("192.0.2.7".into());
        assert_eq!(Lead::of(&filter), (Lead::Address("192.0.2.7"), false));
        filter.actor = Some(id);
        filter.subject = Some(id);
        assert_eq!(Lead::of(&filter).0, Lead::Subject(id));
        filter.request = Some("7".into());
        assert_eq!(Lead::of(&filter).0, Lead::Request("7"));
    }

    #[test]
    fn a_stretch_of_time_holds_the_ids_of_its_milliseconds() {
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap();
        let id = |millis: u128, rest: u128| Uuid::from_u128((millis << 80) | rest);
        let filter = Filter {
            from: Some(at(10)),
            until: Some(at(20)),
            ..Filter::default()
        };
        let of = Stretch::of(&filter);
        let holds = |id: Uuid| of.after < id && id < of.before;
        assert!(holds(id(10, 0)) && holds(id(19, u128::MAX >> 48)));
        assert!(!holds(id(9, u128::MAX >> 48)) && !holds(id(20, 0)));
        assert_eq!(of.from(Order::NewestFirst, id(15, 0)).before, id(15, 0));
        assert_eq!(of.from(Order::NewestFirst, Uuid::max()).before, of.before);
        assert_eq!(of.from(Order::OldestFirst, Uuid::nil()), of);
    }
}
