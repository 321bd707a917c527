//! What a person has in all: by themselves, and through their roles. One rule, without a clock and without a database, so that the page
//! which shows a value and the token which carries it can't differ.

use std::collections::BTreeMap;

use super::value::Value;
use crate::authorization::built_in::BuiltIn;

/// The most that an application is told of one person, in bytes of JSON: `{"plan":"gold"}` has 15. A token goes along with each request, and
/// servers take 8 KiB of headers or less.
pub const MERGED_MAX: usize = 4_096;

/// Where a value comes from. The order is the one in which they count, and no change of a name changes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The person has it by themselves.
    Own,
    /// A role gives it.
    Role {
        /// Its place among those that come with the program; behind them for all others.
        place: usize,
        /// Its id. That of a role which somebody made is a UUIDv7: the older ones come first.
        id: String,
        /// What it is called.
        name: String,
    },
}

impl Source {
    /// A role.
    pub fn role(id: String, name: String) -> Self {
        let place = BuiltIn::ALL.iter().position(|role| role.id() == id);
        Self::Role {
            place: place.unwrap_or(BuiltIn::ALL.len()),
            id,
            name,
        }
    }
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// The value; `None`: none of it fits.
    pub value: Option<Value>,
    /// Where it comes from: one source, or for a list all whose entries are in it.
    pub from: Vec<Source>,
    /// Whose values don't count, because of another one.
    pub overruled: Vec<Source>,
    /// Whose values are left out, because of [`MERGED_MAX`].
    pub left_out: Vec<Source>,
}

/// Merges what somebody was given, in whatever order it comes:
///
/// - A **list** holds the entries of all lists: one's own and those of every role.
/// - Of **everything else** one value counts: one's own; else that of the first role.
/// - **All together** has at most [`MERGED_MAX`] bytes. What is one's own comes first, then role after role, of each the claims by name. A
///   value that does not fit any more is left out whole, never cut; what comes after it and fits is taken. Of everything else but lists none
///   takes the place of one that was left out: a role would count by being short.
pub fn merge(mut given: Vec<Given>) -> BTreeMap<String, Merged> {
    given.sort_by(|a, b| (&a.from, &a.claim).cmp(&(&b.from, &b.claim)));
    let mut all: BTreeMap<String, Merged> = BTreeMap::new();
    let mut size = 1;
    for Given { claim, from, value } in given {
        let before = size_of(&claim, all.get(&claim).and_then(|merged| merged.value.as_ref()));
        let merged = all.entry(claim.clone()).or_default();
        let next = match (&merged.value, value) {
            (Some(Value::List(entries)), Value::List(more)) => Value::List(entries | &more),
            (None, value @ Value::List(_)) => value,
            (None, value) if merged.left_out.is_empty() => value,
            _ => {
                merged.overruled.push(from);
                continue;
            }
        };
        let grown = size - before + size_of(&claim, Some(&next));
        if grown > MERGED_MAX {
            merged.left_out.push(from);
        } else {
            size = grown;
            merged.value = Some(next);
            merged.from.push(from);
        }
    }
    all
}

/// The bytes of a claim in an object of JSON, with the comma or the brace behind it.
fn size_of(claim: &str, value: Option<&Value>) -> usize {
    value.map_or(0, |value| {
        claim.len() + r#""":,"#.len() + value.to_json().to_string().len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A role whose id is the name that it had at first.
    fn role(id: &str) -> Source {
        Source::role(id.to_owned(), format!("name of {id}"))
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
    fn one_s_own_value_counts_before_those_of_roles_and_of_roles_the_first() {
        let merged = merge(vec![
            given("plan", role("zebra"), text("z")),
            given("plan", role("ant"), text("a")),
            given("plan", Source::Own, text("mine")),
            given("seats", role("zebra"), Value::Number(9)),
            given("seats", role("ant"), Value::Number(1)),
            given("beta", role("zebra"), Value::Boolean(false)),
        ]);
        assert_eq!(merged["plan"].value, Some(text("mine")));
        assert_eq!(merged["plan"].from, [Source::Own]);
        assert_eq!(merged["plan"].overruled, [role("ant"), role("zebra")]);
        // More is not better.
        assert_eq!(merged["seats"].value, Some(Value::Number(1)));
        assert_eq!(merged["seats"].from, [role("ant")]);
        assert_eq!(merged["beta"].value, Some(Value::Boolean(false)));
    }

    #[test]
    fn which_role_is_first_no_name_decides() {
        // Two that were made, the older one first, behind those that come with the program in their order.
        let order = [
            "administrator",
            "support",
            "auditor",
            "01890000-0000-7000-8000-000000000000",
            "01990000-0000-7000-8000-000000000000",
        ];
        for names in [["a", "b", "c", "d", "e"], ["e", "d", "c", "b", "a"]] {
            let roles: Vec<_> = order
                .iter()
                .zip(names)
                .map(|(id, name)| Source::role((*id).to_owned(), name.to_owned()))
                .collect();
            let all = roles.iter().rev();
            let merged = merge(all.map(|role| given("plan", role.clone(), text("x"))).collect());
            assert_eq!(merged["plan"].from, roles[..1]);
            assert_eq!(merged["plan"].overruled, roles[1..]);
        }
    }

    #[test]
    fn all_together_has_a_bound_and_what_does_not_fit_is_left_out_whole() {
        let many = |letter: char| {
            let entries: Vec<String> = (0..20).map(|n| format!("{letter}{n:0>99}")).collect();
            Value::List(entries.into_iter().collect())
        };
        // One has 2,061 bytes as JSON: no two of them fit together.
        let merged = merge(vec![
            given("b_sites", role("a"), many('a')),
            given("b_sites", role("b"), many('b')),
            given("b_sites", role("c"), list(&["c"])),
            given("a_plan", Source::Own, text("gold")),
            given("c_plan", role("b"), text(&"x".repeat(200))),
        ]);
        let json: serde_json::Map<String, serde_json::Value> = merged
            .iter()
            .filter_map(|(name, merged)| Some((name.clone(), merged.value.as_ref()?.to_json())))
            .collect();
        assert!(serde_json::Value::Object(json).to_string().len() <= MERGED_MAX);
        assert_eq!(merged["a_plan"].value, Some(text("gold")));
        assert_eq!(merged["b_sites"].from, [role("a"), role("c")]);
        assert_eq!(merged["b_sites"].left_out, [role("b")]);
        assert_eq!(merged["c_plan"].from, [role("b")]);
    }

    #[test]
    fn the_bound_is_met_to_the_byte_and_nothing_takes_the_place_of_what_is_left_out() {
        // Six of 600 bytes, and a last one that just fits, or just does not.
        let wide = "長".repeat(200);
        let six: Vec<_> = (0..6)
            .map(|n| given(&format!("a{n}"), role("a"), text(&wide)))
            .collect();
        let used: usize = 1 + six
            .iter()
            .map(|it| size_of(&it.claim, Some(&it.value)))
            .sum::<usize>();
        let room = MERGED_MAX - used - size_of("zz", Some(&text("")));
        for (length, fits) in [(room, true), (room + 1, false)] {
            let mut all = six.clone();
            all.push(given("zz", role("a"), text(&"x".repeat(length))));
            all.push(given("zz", role("b"), text("b")));
            let merged = merge(all);
            let last = &merged["zz"];
            assert_eq!(last.value.is_some(), fits);
            assert_eq!(last.left_out.is_empty(), fits);
            assert_eq!(last.overruled, [role("b")]);
        }
    }

    #[test]
    fn lists_are_united() {
        let merged = merge(vec![
            given("sites", Source::Own, list(&["rome", "oslo"])),
            given("sites", role("b"), list(&["oslo", "bonn"])),
            given("sites", role("a"), list(&["lima"])),
        ]);
        let united = list(&["bonn", "lima", "oslo", "rome"]);
        assert_eq!(merged["sites"].value.as_ref(), Some(&united));
        assert_eq!(merged["sites"].from, [Source::Own, role("a"), role("b")]);
        assert_eq!(united.to_json().to_string(), r#"["bonn","lima","oslo","rome"]"#);
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
}
