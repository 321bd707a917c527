//! What a person has in all: by themselves, and through their roles. One rule, without a clock and without a database, so that the page
//! which shows a value and the token which carries it can't differ.

use std::collections::BTreeMap;

use super::value::Value;

/// Where a value comes from. The order is the one in which they count: one's own first, then roles by their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The person has it by themselves.
    Own,
    /// A role gives it.
    Role {
        /// What the role is called, in lower case: what roles are sorted by.
        key: String,
        /// Its id, which tells apart what can't be told by name.
        id: String,
        /// What it is called.
        name: String,
    },
}

/// One value that somebody was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The name of the claim.
    pub claim: String,
    /// Where it comes from.
    pub from: Source,
    /// The value.
    pub value: Value,
}

/// What a person has in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The value.
    pub value: Value,
    /// Where it comes from: one source, or for a list all whose entries are in it.
    pub from: Vec<Source>,
    /// Whose values don't count, because of another one.
    pub overruled: Vec<Source>,
}

/// Merges what somebody was given, in whatever order it comes:
///
/// - A **list** holds the entries of all lists: one's own and those of every role.
/// - Of **everything else** one value counts: one's own; else that of the role whose name comes first.
pub fn merge(mut given: Vec<Given>) -> BTreeMap<String, Merged> {
    given.sort_by(|a, b| (&a.claim, &a.from).cmp(&(&b.claim, &b.from)));
    let mut all: BTreeMap<String, Merged> = BTreeMap::new();
    for Given { claim, from, value } in given {
        let Some(merged) = all.get_mut(&claim) else {
            let merged = Merged {
                value,
                from: vec![from],
                overruled: Vec::new(),
            };
            all.insert(claim, merged);
            continue;
        };
        match (&mut merged.value, value) {
            (Value::List(entries), Value::List(more)) => {
                entries.extend(more);
                merged.from.push(from);
            }
            _ => merged.overruled.push(from),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Source {
        Source::Role {
            key: name.to_lowercase(),
            id: format!("id of {name}"),
            name: name.to_owned(),
        }
    }

    fn given(claim: &str, from: Source, value: Value) -> Given {
        Given {
            claim: claim.to_owned(),
            from,
            value,
        }
    }

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn list(entries: &[&str]) -> Value {
        Value::List(entries.iter().map(|entry| (*entry).to_owned()).collect())
    }

    #[test]
    fn one_s_own_value_counts_before_those_of_roles_and_of_roles_the_first_by_name() {
        let merged = merge(vec![
            given("plan", role("zebra"), text("z")),
            given("plan", role("Ant"), text("a")),
            given("plan", Source::Own, text("mine")),
            given("seats", role("zebra"), Value::Number(9)),
            given("seats", role("Ant"), Value::Number(1)),
            given("beta", role("zebra"), Value::Boolean(false)),
        ]);
        assert_eq!(merged["plan"].value, text("mine"));
        assert_eq!(merged["plan"].from, [Source::Own]);
        assert_eq!(merged["plan"].overruled, [role("Ant"), role("zebra")]);
        // Upper case does not come first, and more is not better.
        assert_eq!(merged["seats"].value, Value::Number(1));
        assert_eq!(merged["seats"].from, [role("Ant")]);
        assert_eq!(merged["beta"].value, Value::Boolean(false));
    }

    #[test]
    fn lists_are_united() {
        let merged = merge(vec![
            given("sites", Source::Own, list(&["rome", "oslo"])),
            given("sites", role("b"), list(&["oslo", "bonn"])),
            given("sites", role("a"), list(&["lima"])),
        ]);
        assert_eq!(merged["sites"].value, list(&["bonn", "lima", "oslo", "rome"]));
        assert_eq!(merged["sites"].from, [Source::Own, role("a"), role("b")]);
        assert_eq!(
            merged["sites"].value.to_json().to_string(),
            r#"["bonn","lima","oslo","rome"]"#
        );
    }

    #[test]
    fn in_whatever_order_it_comes_the_end_is_the_same() {
        let all = [
            given("a", role("x"), text("1")),
            given("a", role("y"), text("2")),
            given("b", Source::Own, list(&["3"])),
            given("b", role("x"), list(&["4"])),
            given("c", role("y"), Value::Boolean(true)),
        ];
        let expected = merge(all.to_vec());
        // Every rotation, forwards and backwards.
        for turn in 0..all.len() {
            let mut turned = all.to_vec();
            turned.rotate_left(turn);
            assert_eq!(merge(turned.clone()), expected);
            turned.reverse();
            assert_eq!(merge(turned), expected);
        }
        assert!(merge(Vec::new()).is_empty());
    }

    #[test]
    fn two_roles_of_one_name_are_told_apart() {
        let twin = |id: &str| Source::Role {
            key: "a".into(),
            id: id.into(),
            name: "A".into(),
        };
        let one = merge(vec![
            given("p", twin("1"), text("one")),
            given("p", twin("2"), text("two")),
        ]);
        let other = merge(vec![
            given("p", twin("2"), text("two")),
            given("p", twin("1"), text("one")),
        ]);
        assert_eq!(one, other);
        assert_eq!(one["p"].value, text("one"));
    }
}
