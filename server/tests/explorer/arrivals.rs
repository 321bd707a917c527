//! Who is new: sign-up with its proof, and the set-up. What is true of them, what is sent, what must never be.
//!
//! Both browsers sign up for the same address, each with a password of its own: one of them is its owner's. Whichever it is, the other
//! one's password must be worth nothing.

use chrono::{DateTime, Duration, Utc};

use super::action::{Action, Call, Value};
use super::digest::{Cell, mark};
use super::oracle::Deed;
use super::rows::Mail;
use super::state::{Jar, PENDING};
use super::truth::{Truth, hash_of};
use super::typed::{Claim, NEW, NOBODYS_TOKEN, PASSWORDS, Typed, new_password};

/// How long the link of a sign-up works, its code, and the link of the set-up.
const LINK_LIFE: Duration = Duration::hours(24);
const CODE_LIFE: Duration = Duration::minutes(10);
const SET_UP_LIFE: Duration = Duration::hours(1);
/// The password that is typed where a link is opened that another browser asked for.
const TYPED_THERE: usize = 2;

/// A sign-up that waits for its proof.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// Its id, as SQL writes it.
    pub id: String,
    /// Which of the passwords was typed.
    pub password: usize,
    pub link: String,
    pub code: String,
    pub at: DateTime<Utc>,
    pub spent: bool,
}

impl Truth {
    /// The sign-up that a browser's cookie names.
    fn waits(&self, jar: &Jar) -> Option<&SignUp> {
        let id = self.pending.get(jar.get(PENDING)?)?;
        self.sign_ups.iter().find(|one| one.id == *id)
    }

    /// Reads the proof of a sign-up; whether it was one.
    pub fn read_sign_up(&mut self, mail: &Mail) -> bool {
        let found = mail
            .links
            .iter()
            .find_map(|link| link.split_once("/sign-up/verify?token="));
        let Some((_, token)) = found else { return false };
        if let Some(one) = self.sign_ups.last_mut() {
            token.clone_into(&mut one.link);
            one.code = mail.code.clone().unwrap_or_default();
        }
        true
    }

    /// What of this is part of a state.
    pub fn arrival_facts(&self) -> Vec<(u64, Vec<Cell>)> {
        let fact = |one: &SignUp| {
            let cells = vec![
                Cell::Mark(mark(&one.id)),
                Cell::Word(one.password as u64),
                Cell::Word(u64::from(one.spent)),
                Cell::Mark(mark(&hash_of(&one.link))),
            ];
            (115, cells)
        };
        let mut facts: Vec<_> = self.sign_ups.iter().map(fact).collect();
        let works = self
            .set_up
            .as_ref()
            .map_or(0, |(_, _, spent)| 1 + u64::from(*spent));
        facts.push((116, vec![Cell::Word(works)]));
        facts
    }
}

/// The request of a call, and what it proves.
pub fn typed(truth: &Truth, action: Action, jar: &Jar, now: DateTime<Utc>) -> Option<Typed> {
    let Action { by, call } = action;
    let post = |path: &str, fields: Vec<(&'static str, String)>, claim: Claim| {
        Some(Typed {
            path: path.to_owned(),
            fields: Some(fields),
            claim,
        })
    };
    let person = &truth.people[NEW];
    let newest = |spent: bool| {
        truth
            .sign_ups
            .iter()
            .rfind(|one| one.spent == spent && !one.link.is_empty())
    };
    let reset = || truth.links.last().map(|link| link.token.clone());
    match call {
        Call::SignUp(value) => {
            let email = match value {
                Value::Others => truth.people[0].email,
                Value::Empty => "",
                _ => person.email,
            };
            let password = if value == Value::Wrong {
                "password"
            } else {
                PASSWORDS[NEW][by]
            };
            let fields = [("name", person.name), ("email", email), ("password", password)];
            let fields = fields.map(|(name, value)| (name, value.to_owned())).to_vec();
            post("/api/sign-up", fields, Claim::Nothing)
        }
        Call::VerifyLink(value) => {
            let token = match value {
                Value::Right => newest(false).map(|one| one.link.clone()),
                Value::Older => newest(true).map(|one| one.link.clone()),
                Value::Empty => Some(String::new()),
                Value::Elsewhere => reset(),
                _ => None,
            };
            let token = token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned());
            let works = |one: &&SignUp| !one.spent && one.link == token && now < one.at + LINK_LIFE;
            let found = truth.sign_ups.iter().find(works).filter(|_| !person.exists());
            let claim = found.map_or(Claim::Nothing, |one| {
                let here = truth.waits(jar).is_some_and(|waits| waits.id == one.id);
                Claim::Arrived {
                    sign_up: one.id.clone(),
                    password: if here { one.password } else { TYPED_THERE },
                }
            });
            let password = PASSWORDS[NEW][TYPED_THERE].to_owned();
            post(
                "/api/sign-up-verify",
                vec![("token", token), ("password", password)],
                claim,
            )
        }
        Call::VerifyCode(value) => {
            let own = truth.waits(jar);
            let code = match value {
                Value::Right => own.map(|one| one.code.clone()),
                Value::Older => newest(true).map(|one| one.code.clone()),
                Value::Empty => Some(String::new()),
                // Of the sign-up of the other browser.
                Value::Elsewhere => {
                    let mut others = truth.sign_ups.iter().rev();
                    let id = own.map(|one| one.id.as_str());
                    others
                        .find(|one| Some(one.id.as_str()) != id)
                        .map(|one| one.code.clone())
                }
                _ => None,
            };
            let code = code
                .filter(|_| value != Value::Wrong)
                .unwrap_or_else(|| "135790".to_owned());
            let works = |one: &&SignUp| {
                !one.spent && !code.is_empty() && one.code == code && now < one.at + CODE_LIFE
            };
            let claim = own
                .filter(works)
                .filter(|_| !person.exists())
                .map(|one| Claim::Arrived {
                    sign_up: one.id.clone(),
                    password: one.password,
                });
            post(
                "/api/sign-up-verify",
                vec![("code", code)],
                claim.unwrap_or(Claim::Nothing),
            )
        }
        Call::SetUp { who, value } => {
            let of = |wanted: bool| {
                let found = truth.set_up.as_ref().filter(|(_, _, spent)| *spent == wanted);
                found.map(|(token, _, _)| token.clone())
            };
            let token = match value {
                Value::Right => of(false),
                Value::Older => of(true),
                Value::Empty => Some(String::new()),
                Value::Elsewhere => reset(),
                _ => None,
            };
            let token = token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned());
            let password = new_password(truth, who);
            let works = truth
                .set_up
                .as_ref()
                .is_some_and(|(link, at, spent)| *link == token && !spent && now < *at + SET_UP_LIFE);
            let claim = if works {
                Claim::SetUp { who, password }
            } else {
                Claim::Nothing
            };
            let (name, email) = (truth.people[who].name, truth.people[who].email);
            let fields = [
                ("name", name),
                ("email", email),
                ("password", PASSWORDS[who][password]),
            ];
            let mut fields = fields.map(|(name, value)| (name, value.to_owned())).to_vec();
            fields.push(("token", token));
            post("/api/setup", fields, claim)
        }
        _ => None,
    }
}

impl Deed<'_> {
    /// An account comes by the proof of its mailbox, or by the link of the set-up, which alone makes an administrator; none goes.
    pub fn accounts(&self) -> Result<(), String> {
        let truth = &self.before.truth;
        let (added, changed, gone) = self.news("users", "id");
        if !gone.is_empty() {
            return Err("an account went".into());
        }
        let is_set_up = |who: usize| matches!(self.claim, Claim::SetUp { who: proven, .. } if *proven == who);
        for row in added.values() {
            let email = self.value("users", row, "email").trim_matches('\'');
            let who = truth.people.iter().position(|person| person.email == email);
            let who = who.ok_or_else(|| format!("an account of {email} came from nowhere"))?;
            let arrived = who == NEW && matches!(self.claim, Claim::Arrived { .. });
            if truth.people[who].exists() || !(arrived || is_set_up(who)) {
                return Err(format!("an account of {} came unproven", self.name(who)));
            }
            for column in ["administrator", "staff"] {
                if self.value("users", row, column) != "0" && !is_set_up(who) {
                    return Err(format!("{column} of a new account is set"));
                }
            }
        }
        let old = self.rows(&self.before.image, "users", "id");
        for (id, row) in changed {
            let who = truth.people.iter().position(|person| person.id == id);
            for column in ["administrator", "staff", "passkey_only", "locked_at"] {
                let is_same = self.value("users", row, column) == self.value("users", old[id], column);
                let appoints = ["administrator", "staff"].contains(&column) && who.is_some_and(is_set_up);
                if !is_same && !appoints {
                    return Err(format!("{column} of an account changed"));
                }
            }
        }
        Ok(())
    }

    /// How the truth goes on, before all else: whoever was in the account of the first administrator is so no more.
    pub fn learn_arrivals(&self, truth: &mut Truth) {
        let now = self.before.now;
        if let Claim::SetUp { who, .. } = self.claim
            && !self.news("passwords", "user_id").0.is_empty()
                | !self.news("passwords", "user_id").1.is_empty()
        {
            truth.end_all(*who, None);
            for link in truth.links.iter_mut().filter(|link| link.who == *who) {
                link.spent = true;
            }
            truth
                .moves
                .iter_mut()
                .filter(|one| one.who == *who)
                .for_each(|one| {
                    one.over |= one.confirmed.is_none();
                });
            truth.people[*who].administrator = true;
            if let Some((_, _, spent)) = &mut truth.set_up {
                *spent = true;
            }
        }
        for (id, row) in self.news("users", "id").0 {
            let email = self.value("users", row, "email").trim_matches('\'');
            let found = truth.people.iter_mut().find(|person| person.email == email);
            id.clone_into(&mut found.expect("a person").id);
        }
        if let Claim::Arrived { sign_up, .. } = self.claim {
            for one in &mut truth.sign_ups {
                one.spent |= one.id == *sign_up && !self.news("users", "id").0.is_empty();
            }
        }
        let jar = &self.after.jars[self.action.by];
        for (id, row) in self.news("sign_ups", "id").0 {
            if let Some(cookie) = jar.get(PENDING) {
                truth.pending.insert(cookie.clone(), id.to_owned());
            }
            if self.value("sign_ups", row, "email").trim_matches('\'') == truth.people[NEW].email {
                truth.sign_ups.push(SignUp {
                    id: id.to_owned(),
                    password: self.action.by,
                    link: String::new(),
                    code: String::new(),
                    at: now,
                    spent: false,
                });
            }
        }
    }
}
