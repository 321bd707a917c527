//! What of the truth is part of a state.

use chrono::{DateTime, Utc};

use super::digest::{Cell, mark};
use super::truth::{Truth, hash_of};

impl Truth {
    /// What of this is part of a state, as rows for its digest.
    pub fn facts(&self) -> Vec<(u64, Vec<Cell>)> {
        let mut facts = Vec::new();
        let word = |word: bool| Cell::Word(u64::from(word));
        let seconds = |at: DateTime<Utc>| Cell::Time(at.timestamp());
        let never = Cell::Word(0);
        let key = |key: &Option<String>| key.as_ref().map_or(Cell::Word(0), |key| Cell::Mark(mark(key)));
        for (number, person) in self.people.iter().enumerate() {
            let id = Cell::Mark(mark(&person.id));
            // Which password it is makes no difference; whether an older one is known does.
            let cells = vec![
                id,
                Cell::Word(number as u64),
                word(person.older.is_some()),
                word(person.administrator),
                word(person.has_password),
                word(person.phone),
            ];
            facts.push((100, cells));
            if let Some((key, step)) = &person.app {
                facts.push((101, vec![id, Cell::Mark(mark(key)), Cell::Step(*step)]));
            }
            let used = person.codes.iter().filter(|(_, used)| *used).count();
            facts.push((
                102,
                vec![id, Cell::Word(used as u64), word(person.codes.is_empty())],
            ));
        }
        for (token, flow) in &self.flows {
            let cells = vec![
                Cell::Mark(mark(&hash_of(token))),
                Cell::Word(flow.who as u64),
                word(flow.over),
                key(&flow.key),
            ];
            facts.push((103, cells));
        }
        for (id, session) in &self.sessions {
            let factors = session
                .factors
                .iter()
                .fold(1, |sum, factor| sum * 7 + factor.number());
            facts.push((
                104,
                vec![
                    Cell::Mark(mark(id)),
                    Cell::Word(session.who as u64),
                    seconds(session.proven_at),
                    session.factor_at.map_or(never, seconds),
                    Cell::Word(factors),
                    key(&session.key),
                ],
            ));
        }
        for ((token, who), until) in &self.trusted {
            facts.push((
                105,
                vec![
                    Cell::Mark(mark(&hash_of(token))),
                    Cell::Word(*who as u64),
                    seconds(*until),
                ],
            ));
        }
        for (age, link) in self.links.iter().rev().enumerate() {
            let cells = [
                Cell::Mark(mark(&hash_of(&link.token))),
                Cell::Word(link.who as u64),
                Cell::Word(age as u64),
                word(link.spent),
            ];
            facts.push((106, cells.to_vec()));
        }
        for mailed in &self.mailed {
            let holder = if mailed.holder.starts_with("X'") {
                mailed.holder.clone()
            } else {
                hash_of(&mailed.holder)
            };
            let cells = [
                Cell::Mark(mark(&holder)),
                Cell::Word(mailed.who as u64),
                word(mailed.spent),
                Cell::Word(mailed.way as u64),
                seconds(mailed.at),
            ];
            facts.push((107, cells.to_vec()));
        }
        for sent in &self.sent {
            let cells = vec![
                Cell::Mark(mark(&hash_of(&sent.form))),
                Cell::Mark(mark(&hash_of(&sent.before))),
                Cell::Mark(mark(&sent.session)),
                Cell::Word(u64::from(sent.repeats)),
                seconds(sent.at),
            ];
            facts.push((113, cells));
        }
        facts.extend(self.passkey_facts());
        facts.extend(self.way_back_facts());
        facts.extend(self.move_facts());
        facts.extend(self.arrival_facts());
        facts
    }
}
