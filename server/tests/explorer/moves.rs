//! The change of an address: what is true of it, what is sent, what must never be.

use chrono::{DateTime, Duration, Utc};

use super::action::{Call, Value};
use super::digest::{Cell, mark};
use super::oracle::Deed;
use super::rows::Mail;
use super::truth::{Truth, hash_of};
use super::typed::{Claim, NOBODYS_TOKEN, Typed, other};

/// How long the link to the new address works.
const LINK_LIFE: Duration = Duration::hours(24);
/// How long the one to the old address does.
const UNDO_LIFE: Duration = Duration::hours(72);

/// A change of an address that was asked for.
#[derive(Debug, Clone)]
pub struct Move {
    pub who: usize,
    pub from: &'static str,
    pub to: &'static str,
    pub asked: DateTime<Utc>,
    pub confirm: Option<String>,
    pub confirmed: Option<DateTime<Utc>>,
    pub undo: Option<String>,
    /// Undone, or another one took its place.
    pub over: bool,
}

impl Move {
    /// The token that a page is opened with.
    pub fn link(&self, page: &str) -> Option<&str> {
        let link = if page == "/undo-email" {
            &self.undo
        } else {
            &self.confirm
        };
        link.as_deref()
    }
}

impl Truth {
    /// The change that a link confirms now.
    fn moved_by(&self, token: &str, now: DateTime<Utc>) -> Option<&Move> {
        let is_it = |one: &&Move| {
            let works = !one.over && one.confirmed.is_none() && now < one.asked + LINK_LIFE;
            works && one.confirm.as_deref() == Some(token)
        };
        self.moves.iter().find(is_it)
    }

    /// The change that a link undoes now.
    fn undone_by(&self, token: &str, now: DateTime<Utc>) -> Option<&Move> {
        let is_it = |one: &&Move| {
            let works = !one.over && one.confirmed.is_some_and(|at| now < at + UNDO_LIFE);
            works && one.undo.as_deref() == Some(token)
        };
        self.moves.iter().find(is_it)
    }

    /// Reads the links of a change.
    pub fn read_move(&mut self, who: usize, mail: &Mail) {
        let token = |page: &str| {
            let found = mail.links.iter().find_map(|link| link.split_once(page));
            found.map(|(_, token)| token.to_owned())
        };
        let (confirm, undo) = (token("/confirm-email?token="), token("/undo-email?token="));
        let newest = self.moves.iter_mut().rfind(|one| one.who == who);
        let Some(one) = newest else { return };
        one.confirm = confirm.or(one.confirm.take());
        one.undo = undo.or(one.undo.take());
    }

    /// What of this is part of a state.
    pub fn move_facts(&self) -> Vec<(u64, Vec<Cell>)> {
        let link = |link: &Option<String>| {
            link.as_ref()
                .map_or(Cell::Word(0), |token| Cell::Mark(mark(&hash_of(token))))
        };
        let fact = |one: &Move| {
            let cells = vec![
                Cell::Word(one.who as u64),
                Cell::Word(u64::from(one.over)),
                Cell::Word(u64::from(one.confirmed.is_some())),
                link(&one.confirm),
                link(&one.undo),
            ];
            (114, cells)
        };
        self.moves.iter().map(fact).collect()
    }
}

/// The request of a call, and what it proves. `me`: who is signed in.
pub fn typed(truth: &Truth, call: Call, me: usize, signed: Claim, now: DateTime<Utc>) -> Option<Typed> {
    let post = |path: &str, name: &'static str, value: String, claim: Claim| {
        Some(Typed {
            path: path.to_owned(),
            fields: Some(vec![(name, value)]),
            claim,
        })
    };
    let of = |who: usize, page: &str, works: bool| {
        let mut newest = truth.moves.iter().rev().filter(|one| one.who == who);
        let is_open = |one: &&Move| {
            let waits = (page == "/undo-email") == one.confirmed.is_some();
            (waits && !one.over) == works
        };
        newest
            .find(is_open)
            .and_then(|one| one.link(page))
            .map(str::to_owned)
    };
    let token = |who: usize, page: &str, value: Value| match value {
        Value::Right => of(who, page, true),
        Value::Older => of(who, page, false),
        Value::Empty => Some(String::new()),
        // The link of the other direction, or of a reset.
        Value::Elsewhere => {
            let elsewhere = if page == "/undo-email" {
                "/confirm-email"
            } else {
                "/undo-email"
            };
            of(who, elsewhere, true).or_else(|| truth.links.last().map(|link| link.token.clone()))
        }
        _ => None,
    };
    let nobodys = || NOBODYS_TOKEN.to_owned();
    match call {
        Call::ChangeEmail(value) => {
            let email = match value {
                Value::Right => truth.people[me].other,
                Value::Others => truth.people[other(me)].email,
                Value::Empty => "",
                _ => "not an address",
            };
            post("/api/change-email", "email", email.to_owned(), signed)
        }
        Call::ConfirmMove { who, value } => {
            let token = token(who, "/confirm-email", value).unwrap_or_else(nobodys);
            let claim = truth.moved_by(&token, now).map(|one| Claim::Moved {
                who: one.who,
                token: token.clone(),
            });
            post(
                "/api/confirm-email",
                "token",
                token,
                claim.unwrap_or(Claim::Nothing),
            )
        }
        Call::UndoMove { who, value } => {
            let token = token(who, "/undo-email", value).unwrap_or_else(nobodys);
            let claim = truth.undone_by(&token, now).map(|one| Claim::MovedBack {
                who: one.who,
                token: token.clone(),
                asked: one.asked,
            });
            post("/api/undo-email", "token", token, claim.unwrap_or(Claim::Nothing))
        }
        _ => None,
    }
}

impl Deed<'_> {
    /// An address changes by the link that went there, and back by the one that went to the old one; it is asked for by whoever has
    /// just proven who they are.
    pub fn moves(&self) -> Result<(), String> {
        let (truth, now) = (&self.before.truth, self.before.now);
        for row in self.news("email_changes", "id").0.values() {
            let who = self.who("email_changes", row);
            if !matches!(self.action.call, Call::ChangeEmail(_)) || !self.is_fresh_as(who) {
                return Err(format!(
                    "another address of {} was asked for below its level",
                    self.name(who)
                ));
            }
        }
        let old = self.rows(&self.before.image, "users", "id");
        for (id, row) in self.news("users", "id").1 {
            let email = self.value("users", row, "email").trim_matches('\'');
            if email == self.value("users", old[id], "email").trim_matches('\'') {
                continue;
            }
            let Some(who) = truth.people.iter().position(|person| person.id == id) else {
                return Err("the address of nobody changed".into());
            };
            let right = match self.claim {
                Claim::Moved { who: proven, token } if *proven == who => {
                    let one = truth.moved_by(token, now);
                    one.filter(|_| !truth.people[who].is_frozen(now))
                        .map(|one| one.to)
                }
                Claim::MovedBack {
                    who: proven, token, ..
                } if *proven == who => truth.undone_by(token, now).map(|one| one.from),
                _ => None,
            };
            if right != Some(email) {
                return Err(format!("the address of {} changed unproven", self.name(who)));
            }
        }
        if let Claim::MovedBack { who, .. } = self.claim
            && !self.news("email_changes", "id").1.is_empty()
        {
            let sessions = self.rows(&self.after.image, "sessions", "id");
            if sessions.values().any(|row| self.who("sessions", row) == *who) {
                return Err(format!("a session of {} outlived the way back", self.name(*who)));
            }
            let passwords = self.rows(&self.after.image, "passwords", "user_id");
            if passwords.values().any(|row| self.who("passwords", row) == *who) {
                return Err(format!(
                    "the password of {} outlived the way back",
                    self.name(*who)
                ));
            }
        }
        Ok(())
    }

    /// How the truth goes on.
    pub fn learn_moves(&self, truth: &mut Truth) {
        let now = self.before.now;
        for row in self.news("email_changes", "id").0.values() {
            let who = self.who("email_changes", row);
            let waits = |one: &&mut Move| one.who == who && one.confirmed.is_none();
            truth
                .moves
                .iter_mut()
                .filter(waits)
                .for_each(|one| one.over = true);
            let to = self.value("email_changes", row, "new_email").trim_matches('\'');
            let person = &truth.people[who];
            // Somebody else's address gets no link.
            let to = if to == person.other { person.other } else { "" };
            truth.moves.push(Move {
                who,
                from: person.email,
                to,
                asked: now,
                confirm: None,
                confirmed: None,
                undo: None,
                over: false,
            });
        }
        let old = self.rows(&self.before.image, "users", "id");
        for (id, row) in self.news("users", "id").1 {
            if self.value("users", row, "email") == self.value("users", old[id], "email") {
                continue;
            }
            match self.claim {
                Claim::Moved { who, token } => {
                    let is_it = |one: &&mut Move| one.confirm.as_deref() == Some(token.as_str());
                    truth
                        .moves
                        .iter_mut()
                        .filter(is_it)
                        .for_each(|one| one.confirmed = Some(now));
                    for link in truth.links.iter_mut().filter(|link| link.who == *who) {
                        link.spent = true;
                    }
                    let person = &mut truth.people[*who];
                    std::mem::swap(&mut person.email, &mut person.other);
                }
                Claim::MovedBack { who, .. } => {
                    truth
                        .moves
                        .iter_mut()
                        .filter(|one| one.who == *who)
                        .for_each(|one| one.over = true);
                    truth.end_all(*who, None);
                    let person = &mut truth.people[*who];
                    std::mem::swap(&mut person.email, &mut person.other);
                }
                _ => {}
            }
        }
    }
}
