//! A state: what lies in the database, what two browsers hold, what is true, and what time it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::action::Action;
use super::digest::{Cell, digest, mark};
use super::rows::Image;
use super::truth::{Truth, hash_of};

/// How many browsers there are.
pub const BROWSERS: usize = 2;

/// A browser: its cookies by the end of their names (`""` is the session's), and two that it had before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jar {
    pub cookies: BTreeMap<String, String>,
    pub old_session: Option<String>,
    pub old_flow: Option<String>,
}

/// The cookies that a flow reads.
pub const SESSION: &str = "";
pub const FLOW: &str = "-flow";
pub const TRUSTED: &str = "-trusted";
pub const CEREMONY: &str = "-passkey";
pub const FORM: &str = "-form";
pub const PENDING: &str = "-sign-up";
const DEVICE: &str = "-device";
const CODES: &str = "-codes";

impl Jar {
    pub const EMPTY: Self = Self {
        cookies: BTreeMap::new(),
        old_session: None,
        old_flow: None,
    };

    pub fn get(&self, name: &str) -> Option<&String> {
        self.cookies.get(name)
    }

    /// Takes a cookie, or its removal; remembers the one of before.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        let before = match &value {
            Some(value) => self.cookies.insert(name.to_owned(), value.clone()),
            None => self.cookies.remove(name),
        };
        if before == value {
            return;
        }
        match name {
            SESSION => self.old_session = before.or(self.old_session.take()),
            FLOW => self.old_flow = before.or(self.old_flow.take()),
            _ => {}
        }
    }
}

/// How a state was reached.
#[derive(Debug)]
pub struct Step {
    pub action: Action,
    /// How many actions there are up to this one.
    pub depth: usize,
    pub before: Option<Arc<Step>>,
}

/// One situation.
#[derive(Debug, Clone)]
pub struct State {
    /// From which beginning.
    pub root: &'static str,
    /// Under which settings, by number.
    pub house: usize,
    pub image: Image,
    pub jars: [Jar; BROWSERS],
    pub truth: Truth,
    pub now: DateTime<Utc>,
    /// How often the clock was moved.
    pub waits: u8,
    pub path: Option<Arc<Step>>,
}

impl State {
    /// The same for states that are equal but for the names of things.
    pub fn digest(&self) -> u128 {
        let now = self.now.timestamp();
        let mut facts = self.truth.facts();
        facts.push((
            90,
            vec![Cell::Word(self.house as u64), Cell::Word(u64::from(self.waits))],
        ));
        for (number, jar) in self.jars.iter().enumerate() {
            let named = |name| {
                jar.get(name)
                    .map_or(Cell::Word(0), |token| Cell::Mark(mark(&hash_of(token))))
            };
            // A session's cookie is named by the session that it opens, or is worth nothing.
            let session = |cookie: Option<&String>| {
                let id = cookie.and_then(|cookie| self.truth.cookies.get(cookie));
                id.map_or(Cell::Word(u64::from(cookie.is_some())), |id| Cell::Mark(mark(id)))
            };
            let old_flow = jar
                .old_flow
                .as_ref()
                .map_or(Cell::Word(0), |token| Cell::Mark(mark(&hash_of(token))));
            facts.push((
                91,
                vec![
                    Cell::Word(number as u64),
                    session(jar.get(SESSION)),
                    named(FLOW),
                    named(TRUSTED),
                    named(CEREMONY),
                    named(FORM),
                    named(DEVICE),
                    Cell::Word(u64::from(jar.get(CODES).is_some())),
                    jar.get(PENDING)
                        .and_then(|cookie| self.truth.pending.get(cookie))
                        .map_or(Cell::Word(0), |id| Cell::Mark(mark(id))),
                    session(jar.old_session.as_ref()),
                    old_flow,
                ],
            ));
        }
        let rows = self
            .image
            .iter()
            .map(|((table, _), row)| (*table as u64, row.cells.as_slice()));
        digest(
            rows.chain(facts.iter().map(|(kind, cells)| (*kind, cells.as_slice()))),
            now,
        )
    }

    /// How many actions led here.
    pub fn depth(&self) -> usize {
        self.path.as_ref().map_or(0, |step| step.depth)
    }

    /// The actions that led here, the first one in front.
    pub fn story(&self) -> Vec<Action> {
        let (mut story, mut step) = (Vec::new(), self.path.as_ref());
        while let Some(here) = step {
            story.push(here.action);
            step = here.before.as_ref();
        }
        story.reverse();
        story
    }
}
