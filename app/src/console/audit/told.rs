//! A row of the audit in words. The page and the stream of new rows say the same.

use std::collections::BTreeMap;

use domain::audit::trail::{Changed, Line, Named};
use domain::users::time_zone::TimeZone;
use domain::words::Words;
use serde::Serialize;
use uuid::Uuid;

use crate::visit::{t, words};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// When, as machines write it (RFC 3339).
    pub at: String,
    /// When, in words.
    pub time: String,
    /// What, in a sentence.
    pub what: String,
    /// What, as the table has it.
    pub kind: String,
    /// Whether it was refused.
    pub refused: bool,
    /// Who did it.
    pub who: String,
    /// To whose account; empty: to none.
    pub whom: String,
    /// The network address; empty: none.
    pub from: String,
    /// The browser; empty: none.
    pub device: String,
    /// The path of its page.
    pub path: String,
}

impl Told {
    /// Puts it into words. `zone` is the reader's.
    pub fn of(words: &Words, zone: Option<TimeZone>, line: &Line, names: &BTreeMap<Uuid, Named>) -> Self {
        let name = |id: Uuid| {
            names
                .get(&id)
                .map_or_else(|| words.text("audit-gone"), |it| it.name.clone())
        };
        let who = match (line.actor_id, line.as_whom()) {
            (Some(who), Some(whom)) => {
                words.text_with("audit-as", &[("who", &name(who)), ("whom", &name(whom))])
            }
            (Some(who), None) => name(who),
            (None, _) if line.address.is_empty() && line.user_agent.is_empty() => words.text("audit-server"),
            (None, _) => words.text("audit-somebody"),
        };
        let device = (!line.user_agent.is_empty()).then(|| words.device(&line.user_agent));
        Self {
            at: line.at.to_rfc3339(),
            time: words.moment_in(line.at, zone),
            what: words.told(&line.kind),
            kind: line.kind.clone(),
            refused: line.is_refused(),
            who,
            whom: line.subject_id.map(name).unwrap_or_default(),
            from: line.address.clone(),
            device: device.unwrap_or_default(),
            path: format!("/admin/audit/row/{}", line.id),
        }
    }
}

/// A change in a line: what, from what, to what.
pub(super) fn change(changed: &Changed) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| t("audit-row-none"));
    let (was, became) = (value(&changed.was), value(&changed.became));
    match changed.field.as_str() {
        "" => format!("{was} → {became}"),
        field => format!("{field}: {was} → {became}"),
    }
}

/// A browser in words; empty for none.
pub(super) fn device(user_agent: &str) -> Option<String> {
    (!user_agent.is_empty()).then(|| words().device(user_agent))
}
