//! Claims of made-up people: a definition of each kind, values of some people, and those of a role.

use serde_json::{Value as Json, json};

use super::rows::Person;
use super::{Dice, rows};
use crate::platform::db::Tx;
use crate::platform::db::tables::{Kind, Row, Value};
use crate::{Result, sql};

/// What is told: name, kind, what it is for.
const DEFINED: [(&str, &str, &str); 4] = [
    ("plan", "text", "What they pay for."),
    ("seats", "number", "How many people they may bring."),
    ("beta", "boolean", "Whether they see what is not finished."),
    ("sites", "list", "Where they work, as the buildings are called."),
];
/// Towns with a building.
const SITES: [&str; 6] = ["Bonn", "Hanoi, Ba Đình", "Lima", "Oslo", "Rome", "Taipei"];
/// Of a thousand people so many have a value of a claim by themselves.
const OFTEN: u64 = 120;

/// Defines them, where nobody has, and gives the role of support a value.
pub(super) async fn define(tx: &mut Tx, dice: &Dice) -> Result<()> {
    for (name, kind, description) in DEFINED {
        sql!(tx, execute
            "insert into claims (name, kind, description, created_at, updated_at) values ($1, $2, $3, $4, $4)
             on conflict (name) do nothing", name, kind, description, dice.now)?;
    }
    sql!(tx, execute
        "insert into role_claims (role_id, claim, value, set_at) values ('support', 'sites', '[\"Oslo\"]', $1)
         on conflict (role_id, claim) do nothing", dice.now)?;
    Ok(())
}

/// Gives some of these people values.
pub(super) async fn insert(tx: &mut Tx, dice: &Dice, people: &[Person]) -> Result<()> {
    let mut given: Vec<Row> = Vec::new();
    for person in people {
        for (name, ..) in DEFINED {
            if dice.is(OFTEN) {
                given.push(vec![
                    Value::Uuid(person.id),
                    Value::Text(name.to_owned()),
                    Value::Text(draw(dice, name).to_string()),
                    rows::time(person.created_at),
                ]);
            }
        }
    }
    let columns = [
        ("user_id", Kind::Uuid),
        ("claim", Kind::Text),
        ("value", Kind::Text),
        ("set_at", Kind::Time),
    ];
    tx.insert_many("user_claims", &columns, &given).await
}

fn draw(dice: &Dice, claim: &str) -> Json {
    match claim {
        "plan" => json!(dice.pick(&["free", "team", "gold"])),
        "seats" => json!(1 + dice.below(50)),
        "beta" => json!(dice.is(500)),
        _ => {
            let first = usize::try_from(dice.below(SITES.len() as u64)).unwrap_or_default();
            json!(SITES[first..(first + 2).min(SITES.len())])
        }
    }
}
