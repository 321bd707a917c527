//! What the audit keeps of values that go with a role or with a definition: those of roles. Those of people go without a trace of their
//! own; that they were given stands where they were given.

use crate::platform::db::{One, Tx};
use crate::{Result, sql};

/// The most that is kept, in bytes of JSON.
const NOTED_MAX: usize = 4_096;
/// The most values that are looked at.
const LOOKED_AT: i64 = 100;

/// The values that a role gives, by the names of the claims; `None`: it gives none.
pub(crate) async fn of_role(tx: &mut Tx, role: &str) -> Result<Option<String>> {
    let values = sql!(
        tx,
        fetch_all(String, String),
        "select claim, value from role_claims where role_id = $1 order by claim limit $2",
        role,
        LOOKED_AT
    )?;
    let (all,) = sql!(tx, fetch_one One<i64>, "select count(*) from role_claims where role_id = $1", role)?;
    Ok(bounded(values, all))
}

/// The values that roles give of a claim, by the ids of the roles; `None`: none gives one.
pub(super) async fn of_claim(tx: &mut Tx, claim: &str) -> Result<Option<String>> {
    let values = sql!(
        tx,
        fetch_all(String, String),
        "select role_id, value from role_claims where claim = $1 order by role_id limit $2",
        claim,
        LOOKED_AT
    )?;
    let (all,) = sql!(tx, fetch_one One<i64>, "select count(*) from role_claims where claim = $1", claim)?;
    Ok(bounded(values, all))
}

/// As many of `all` values as there is room for, as one object; under `…` stands how many are left out.
fn bounded(values: Vec<(String, String)>, all: i64) -> Option<String> {
    let (mut noted, mut size, mut left) = (serde_json::Map::new(), 32, all);
    for (key, value) in values {
        // What is stored is JSON; whatever it is, it is kept.
        let json = serde_json::from_str(&value).unwrap_or_else(|_| value.as_str().into());
        size += key.len() + value.len() + 4;
        if size > NOTED_MAX {
            break;
        }
        noted.insert(key, json);
        left -= 1;
    }
    if left > 0 {
        noted.insert("…".to_owned(), left.into());
    }
    (all > 0).then(|| serde_json::Value::Object(noted).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_kept_as_there_is_room_for_and_the_rest_is_counted() {
        let few = vec![
            ("support".to_owned(), "\"gold\"".to_owned()),
            ("auditor".to_owned(), "[\"a\"]".to_owned()),
        ];
        assert_eq!(bounded(few, 2).unwrap(), r#"{"auditor":["a"],"support":"gold"}"#);
        assert_eq!(bounded(Vec::new(), 0), None);
        let wide = format!("\"{}\"", "x".repeat(200));
        let many: Vec<_> = (0..100).map(|n| (format!("r{n}"), wide.clone())).collect();
        let noted = bounded(many, 130).unwrap();
        assert!(noted.len() <= NOTED_MAX, "{}", noted.len());
        let noted: serde_json::Value = serde_json::from_str(&noted).unwrap();
        let kept = i64::try_from(noted.as_object().unwrap().len()).unwrap() - 1;
        assert_eq!(noted["…"], 130 - kept);
        assert!(kept > 15);
    }
}
