//! One row of the audit, as somebody reads it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::audit::canon::hex;
use crate::platform::db::Tx;
use crate::{Result, sql};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// UUIDv7: sorts by time, and is the cursor.
    pub id: Uuid,
    /// The place in the chain; `None`: put there past the program.
    pub seq: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
    /// What, as [`Event::as_str`](crate::audit::Event::as_str) names it.
    pub kind: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Who did it, if known.
    pub actor_id: Option<Uuid>,
    /// To whose account.
    pub subject_id: Option<Uuid>,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// Where it came from; empty: unknown.
    pub address: String,
    /// The browser, as it named itself; empty: unknown.
    pub user_agent: String,
    /// The id of the request, as in the log and on the error page; empty: none.
    pub request_id: String,
    /// More, as JSON.
    pub detail: String,
    /// Values before a change, as JSON.
    pub was: Option<String>,
    /// Values after a change, as JSON.
    pub became: Option<String>,
    /// SHA-256 of the row and the one before it.
    pub hash: Option<Vec<u8>>,
    /// An erasure has taken away whom it was about.
    pub emptied: bool,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which one; empty: what the event is about as a whole.
    pub field: String,
    /// As it was.
    pub was: Option<String>,
    /// As it is from then on.
    pub became: Option<String>,
}

/// What a person of a row is called now.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Named {
    /// Who.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// How many names one query reads.
const TOGETHER: usize = 8;

/// The names in a detail that say what was before and after, or whom somebody acted as, and are shown in places of their own.
const APART: [&str; 3] = ["before", "after", "as"];

impl Line {
    /// Its hash in hexadecimal.
    pub fn hash(&self) -> Option<String> {
        self.hash.as_deref().map(hex)
    }

    /// True when it was refused.
    pub fn is_refused(&self) -> bool {
        self.outcome == "refused"
    }

    /// A value of the detail.
    pub fn said(&self, name: &str) -> Option<String> {
        object(&self.detail).remove(name)
    }

    /// Whom the actor acted as, where they saw the pages of somebody else as theirs.
    pub fn as_whom(&self) -> Option<Uuid> {
        self.said("as")?.parse().ok()
    }

    /// The detail, without what [`Line::changes`] and [`Line::as_whom`] say.
    pub fn more(&self) -> Vec<(String, String)> {
        let more = object(&self.detail).into_iter();
        more.filter(|(name, _)| !APART.contains(&name.as_str())).collect()
    }

    /// What it was before, and after.
    pub fn changes(&self) -> Vec<Changed> {
        let (was, became) = (optional(self.was.as_deref()), optional(self.became.as_deref()));
        let fields: BTreeSet<&String> = was.keys().chain(became.keys()).collect();
        let value = |of: &BTreeMap<String, Option<String>>, field| of.get(field).cloned().flatten();
        let mut changes: Vec<_> = fields
            .into_iter()
            .map(|field| Changed {
                field: field.clone(),
                was: value(&was, field),
                became: value(&became, field),
            })
            .collect();
        let (before, after) = (self.said("before"), self.said("after"));
        if before.is_some() || after.is_some() {
            changes.push(Changed {
                field: String::new(),
                was: before,
                became: after,
            });
        }
        changes
    }

    /// Everybody who stands in it.
    fn people(&self) -> impl Iterator<Item = Uuid> {
        [self.actor_id, self.subject_id, self.as_whom()]
            .into_iter()
            .flatten()
    }
}

impl Named {
    /// What the people in these rows are called now; who is gone has no name.
    pub async fn of(tx: &mut Tx, lines: &[Line]) -> Result<BTreeMap<Uuid, Self>> {
        let ids: BTreeSet<Uuid> = lines.iter().flat_map(Line::people).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let mut names = BTreeMap::new();
        for some in ids.chunks(TOGETHER) {
            let id = |index: usize| some.get(index).copied();
            let found = sql!(tx, fetch_all Self,
                "select id, name, email from users where id in ($1, $2, $3, $4, $5, $6, $7, $8)",
                id(0), id(1), id(2), id(3), id(4), id(5), id(6), id(7))?;
            names.extend(found.into_iter().map(|named| (named.id, named)));
        }
        Ok(names)
    }
}

/// The fields of a JSON object as text; what is no object has none.
fn object(json: &str) -> BTreeMap<String, String> {
    let fields: BTreeMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value)?)))
        .collect()
}

fn optional(json: Option<&str>) -> BTreeMap<String, Option<String>> {
    let fields: BTreeMap<String, Value> = json
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect()
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
pub(in crate::audit) mod tests {
    use super::*;

    /// A row with something in each field.
    pub fn line() -> Line {
        Line {
            id: Uuid::from_u128(7 << 80),
            seq: Some(3),
            at: DateTime::from_timestamp(1_772_434_925, 0).unwrap(),
            kind: "role.changed".into(),
            outcome: "done".into(),
            actor_id: Some(Uuid::from_u128(1)),
            subject_id: Some(Uuid::from_u128(2)),
            session_id: None,
            address: "192.0.2.7".into(),
            user_agent: "Lynx/2.9".into(),
            request_id: "request 7".into(),
            detail: r#"{"role":"helpers","before":"users:read","after":"users:read users:write"}"#.into(),
            was: Some(r#"{"language":"en","time_zone":null}"#.into()),
            became: Some(r#"{"language":"vi","time_zone":"Asia/Saigon"}"#.into()),
            hash: Some(vec![7; 32]),
            emptied: false,
        }
    }

    #[test]
    fn what_changed_stands_apart_from_what_is_told_besides() {
        let changes = line().changes();
        let told: Vec<_> = changes
            .iter()
            .map(|it| (it.field.as_str(), it.was.as_deref(), it.became.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("language", Some("en"), Some("vi")),
                ("time_zone", None, Some("Asia/Saigon")),
                ("", Some("users:read"), Some("users:read users:write")),
            ]
        );
        assert_eq!(line().more(), [("role".to_owned(), "helpers".to_owned())]);
    }

    #[test]
    fn whom_somebody_acted_as_is_an_id_or_nobody() {
        let with = |detail: &str| Line {
            detail: detail.into(),
            ..line()
        };
        let id = Uuid::from_u128(9);
        assert_eq!(with(&format!(r#"{{"as":"{id}"}}"#)).as_whom(), Some(id));
        for odd in [
            "{}",
            r#"{"as":"somebody"}"#,
            r#"{"as":null}"#,
            "[]",
            "",
            "not JSON",
        ] {
            let line = with(odd);
            assert_eq!(line.as_whom(), None, "{odd}");
            assert!(line.more().is_empty(), "{odd}");
        }
    }
}
