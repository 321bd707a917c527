//! What must never be. Each rule compares the rows before and after an action with the truth; none believes an answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::action::Action;
use super::rows::{Image, Mail, Row, Tables, is_same};
use super::state::{State, TRUSTED};
use super::truth::{Factor, Session};
use super::typed::{Claim, NEW};

/// One action and what came of it: the truth of `after` is still that of `before`.
pub struct Deed<'a> {
    pub tables: &'a Tables,
    pub before: &'a State,
    pub after: &'a State,
    pub action: Action,
    pub claim: &'a Claim,
    /// Which form it was, with what was typed.
    pub what: &'a str,
    /// What was mailed by it.
    pub mails: &'a [Mail],
    /// Everybody must have a second factor.
    pub is_required: bool,
}

type Rows<'a> = BTreeMap<&'a str, &'a Arc<Row>>;

impl<'a> Deed<'a> {
    /// The rows of a table by one of their columns.
    pub fn rows(&self, image: &'a Image, table: &str, key: &str) -> Rows<'a> {
        let number = self.tables.number(table);
        let rows = self.tables.rows(image, table);
        rows.map(|(_, row)| (self.tables.value(number, row, key), row))
            .collect()
    }

    pub fn value<'r>(&self, table: &str, row: &'r Row, column: &str) -> &'r str {
        self.tables.value(self.tables.number(table), row, column)
    }

    /// Which person a row is of.
    pub fn who(&self, table: &str, row: &Row) -> usize {
        let id = self.value(table, row, "user_id");
        let people = &self.before.truth.people;
        let found = people.iter().position(|person| person.id == id);
        // Somebody whose account came by this.
        let new = || {
            let users = self.rows(&self.after.image, "users", "id");
            let email = self.value("users", users.get(id)?, "email").trim_matches('\'');
            people.iter().position(|person| person.email == email)
        };
        found
            .or_else(new)
            .unwrap_or_else(|| panic!("{table} has a row of nobody: {id}"))
    }

    /// The keys that only the second image has, and those of rows that are in both and differ.
    pub fn news(&self, table: &str, key: &str) -> (Rows<'a>, Rows<'a>, Rows<'a>) {
        let (before, after) = (&self.before.image, &self.after.image);
        let (old, new) = (self.rows(before, table, key), self.rows(after, table, key));
        let mut added = new.clone();
        added.retain(|key, _| !old.contains_key(key));
        let mut gone = old.clone();
        gone.retain(|key, _| !new.contains_key(key));
        let mut other = new;
        other.retain(|key, row| old.get(key).is_some_and(|before| before.values != row.values));
        (added, other, gone)
    }

    /// Nothing changed in the database.
    pub fn is_still(&self) -> bool {
        is_same(&self.before.image, &self.after.image)
    }

    /// The page that shows the key of an app that was begun by this.
    pub fn shows_key(&self) -> Option<&'static str> {
        let (added, changed, _) = self.news("totp_enrolments", "holder_id");
        let holder = *added.keys().chain(changed.keys()).next()?;
        let is_session = self
            .rows(&self.after.image, "sessions", "id")
            .contains_key(holder);
        Some(if is_session {
            "/account/security/authenticator"
        } else {
            "/sign-in/challenge"
        })
    }

    /// Whose recovery codes were made by this.
    pub fn shows_codes(&self) -> Option<usize> {
        let (added, _, _) = self.news("recovery_codes", "id");
        added.values().next().map(|row| self.who("recovery_codes", row))
    }

    pub fn name(&self, who: usize) -> &'static str {
        self.before.truth.people[who].name
    }

    /// Every rule.
    pub fn judge(&self) -> Result<(), String> {
        self.flows()?;
        self.sessions()?;
        self.passwords()?;
        self.factors()?;
        self.passkeys()?;
        self.trust()?;
        self.recoveries()?;
        self.frozen()?;
        self.moves()?;
        self.accounts()
    }

    /// A sign-in in progress is of who gave the password, and stays theirs.
    fn flows(&self) -> Result<(), String> {
        let (added, changed, _) = self.news("sign_ins", "id");
        for row in added.values() {
            let who = self.who("sign_ins", row);
            let proven = match self.claim {
                Claim::Password { who } | Claim::SetUp { who, .. } => Some(*who),
                Claim::Arrived { .. } => Some(NEW),
                _ => None,
            };
            if proven != Some(who) {
                return Err(format!(
                    "a sign-in of {} began without the password",
                    self.name(who)
                ));
            }
        }
        let old = self.rows(&self.before.image, "sign_ins", "id");
        for (id, row) in changed {
            if self.value("sign_ins", row, "user_id") != self.value("sign_ins", old[id], "user_id") {
                return Err("a sign-in in progress became another person's".into());
            }
        }
        Ok(())
    }

    /// First factor in that flow; second factor where there is one; AAL2 only of two.
    fn sessions(&self) -> Result<(), String> {
        let (truth, now) = (&self.before.truth, self.before.now);
        let (added, changed, _) = self.news("sessions", "id");
        for row in added.values() {
            let who = self.who("sessions", row);
            let name = self.name(who);
            let given = match self.claim {
                Claim::Password { who: proven } if *proven == who => {
                    let token = self.before.jars[self.action.by].get(TRUSTED);
                    if truth.people[who].has_factor() && !truth.is_trusted(token, who, now) {
                        return Err(format!("a session of {name} began without the second factor"));
                    }
                    if self.is_required && !truth.people[who].has_factor() {
                        return Err(format!(
                            "a session of {name} began without the factor that everybody must have"
                        ));
                    }
                    Vec::new()
                }
                // The account begins, or is given to the first administrator: no browser is spared what they have.
                Claim::Arrived { .. } | Claim::SetUp { .. } if self.begins(who) => {
                    if truth.people[who].has_factor() {
                        return Err(format!("a session of {name} began without the second factor"));
                    }
                    if self.is_required {
                        return Err(format!(
                            "a session of {name} began without the factor that everybody must have"
                        ));
                    }
                    Vec::new()
                }
                Claim::Second {
                    who: proven,
                    flow,
                    factor,
                    ..
                } if *proven == who => truth.flows[flow]
                    .factors
                    .iter()
                    .copied()
                    .chain([*factor])
                    .collect(),
                Claim::Enrolled {
                    who: proven, flow, ..
                } if *proven == who => truth.flows[flow]
                    .factors
                    .iter()
                    .copied()
                    .chain([Factor::App])
                    .collect(),
                // A passkey that verified its holder is two.
                Claim::Passkey {
                    who: proven, kind, ..
                } if *proven == who => {
                    if self.value("sessions", row, "amr").contains("pwd") {
                        return Err(format!("a session of {name} says pwd, which was not given"));
                    }
                    vec![(*kind).into()]
                }
                _ => {
                    return Err(format!(
                        "a session of {name} began, whose first factor was not proven in that flow"
                    ));
                }
            };
            self.worth(row, &given)?;
        }
        let old = self.rows(&self.before.image, "sessions", "id");
        for (id, row) in changed {
            let before = old[id];
            let differs =
                |column| self.value("sessions", row, column) != self.value("sessions", before, column);
            if differs("user_id") {
                return Err("a session became another person's".into());
            }
            if !["token_hash", "auth_time", "aal", "amr"].into_iter().any(differs) {
                continue;
            }
            let Some(known) = truth.sessions.get(id) else {
                return Err("a session that is over was renewed".into());
            };
            // A double click: another cookie for what the session is already.
            if matches!(self.claim, Claim::Repeated { session, .. } if session == id)
                && !["auth_time", "aal", "amr"].into_iter().any(differs)
            {
                continue;
            }
            let mut given = known.factors.clone();
            match self.claim {
                Claim::Again { session, who, factor } if session == id => match factor {
                    Some((factor, _)) => given.push(*factor),
                    None if truth.people[*who].has_factor() => {
                        return Err(format!(
                            "{} has a second factor and confirmed with the password",
                            self.name(*who)
                        ));
                    }
                    None => {}
                },
                Claim::Old { session, .. } if session == id => {}
                Claim::App { session, .. } if session == id => given.push(Factor::App),
                Claim::Phone { session, .. } if session == id => given.push(Factor::Sms),
                _ => {
                    return Err(format!(
                        "a session of {} counts as just proven, and is not",
                        self.name(known.who)
                    ));
                }
            }
            self.worth(row, &given)?;
        }
        Ok(())
    }

    /// A session says no more than what was given.
    fn worth(&self, row: &Row, given: &[Factor]) -> Result<(), String> {
        let (aal, amr) = (
            self.value("sessions", row, "aal"),
            self.value("sessions", row, "amr"),
        );
        let strong = given.iter().any(|factor| factor.is_strong());
        if aal != "1" && !strong {
            return Err(format!("AAL{aal} without two distinct factors: {given:?}"));
        }
        let may = |word: &str| {
            word == "pwd"
                || (word == "mfa" && strong)
                || given.iter().any(|factor| factor.amr().contains(&word))
        };
        match amr.trim_matches('\'').split(' ').find(|word| !may(word)) {
            Some(word) => Err(format!("a session says {word}, which was not given")),
            None => Ok(()),
        }
    }

    /// A password changes by its mailbox, or by the one before and what the session owes.
    fn passwords(&self) -> Result<(), String> {
        let (truth, now) = (&self.before.truth, self.before.now);
        let (added, changed, gone) = self.news("passwords", "user_id");
        for row in added.values().chain(changed.values()).chain(gone.values()) {
            let who = self.who("passwords", row);
            let kept = match self.claim {
                Claim::Mailbox { who: proven, .. }
                | Claim::Recovered { who: proven }
                | Claim::Remade { who: proven, .. }
                | Claim::MovedBack { who: proven, .. }
                    if *proven == who =>
                {
                    None
                }
                Claim::Arrived { .. } | Claim::SetUp { .. } if self.begins(who) => {
                    // The one that it begins.
                    self.news("sessions", "id").0.keys().next().copied()
                }
                Claim::Old { session, who: proven } if *proven == who => {
                    if truth.people[who].has_factor() && !truth.is_fresh(&truth.sessions[session], now) {
                        return Err(format!(
                            "the password of {} changed without the second factor",
                            self.name(who)
                        ));
                    }
                    Some(session.as_str())
                }
                _ => {
                    return Err(format!(
                        "the password of {} changed below its level",
                        self.name(who)
                    ));
                }
            };
            for (id, row) in self.rows(&self.after.image, "sessions", "id") {
                if self.who("sessions", row) == who && Some(id) != kept {
                    return Err(format!("a session of {} outlived the password", self.name(who)));
                }
            }
        }
        Ok(())
    }

    /// A factor comes and goes with a fresh proof; at the door only where it is owed.
    fn factors(&self) -> Result<(), String> {
        for (table, key) in [
            ("totps", "id"),
            ("mail_factors", "user_id"),
            ("phones", "id"),
            ("recovery_codes", "id"),
        ] {
            let (added, _, gone) = self.news(table, key);
            for row in added.values().chain(gone.values()) {
                let who = self.who(table, row);
                let enrolled = matches!(self.claim, Claim::Enrolled { who: proven, .. } if *proven == who);
                let recovered =
                    self.claim.recovered() == Some(who) && !added.contains_key(self.value(table, row, key));
                // Codes that nobody saw are made anew for the second post of the form that made them.
                let again = table == "recovery_codes"
                    && matches!(self.claim, Claim::Repeated { session, made_codes: true }
                        if self.before.truth.sessions.get(session).is_some_and(|one| one.who == who));
                if !enrolled && !recovered && !again && !self.is_fresh_as(who) {
                    return Err(format!("{table} of {} changed below its level", self.name(who)));
                }
                let is_app = matches!(self.claim, Claim::App { .. } | Claim::Enrolled { .. });
                if table == "totps" && added.contains_key(self.value(table, row, key)) && !is_app {
                    return Err(format!("an app of {} was added without its code", self.name(who)));
                }
                let is_phone = matches!(self.claim, Claim::Phone { who: proven, .. } if *proven == who);
                if table == "phones" && added.contains_key(self.value(table, row, key)) && !is_phone {
                    return Err(format!(
                        "a telephone of {} was added without its code",
                        self.name(who)
                    ));
                }
            }
        }
        Ok(())
    }

    /// The browser is in a session of `who` that was just proven.
    pub fn is_fresh_as(&self, who: usize) -> bool {
        let (truth, now) = (&self.before.truth, self.before.now);
        let fresh = |session: &Session| session.who == who && truth.is_fresh(session, now);
        match self.claim {
            Claim::Signed { session, .. }
            | Claim::App { session, .. }
            | Claim::Phone { session, .. }
            | Claim::Added { session, .. } => truth.sessions.get(session).is_some_and(fresh),
            _ => false,
        }
    }

    /// A browser is spared a second factor by who gave one and wished so.
    fn trust(&self) -> Result<(), String> {
        let (added, changed, _) = self.news("trusted_devices", "id");
        for row in added.values() {
            let who = self.who("trusted_devices", row);
            if !matches!(self.claim, Claim::Second { who: proven, trust: true, .. } if *proven == who) {
                return Err(format!(
                    "a browser is trusted by {}, who did not say so",
                    self.name(who)
                ));
            }
        }
        for row in changed.values() {
            let who = self.who("trusted_devices", row);
            let used = match self.claim {
                Claim::Password { who: proven } => *proven == who,
                // Another cookie, for the one that was lost with an answer.
                Claim::Repeated { session, .. } => self
                    .before
                    .truth
                    .sessions
                    .get(session)
                    .is_some_and(|one| one.who == who),
                _ => self.begins(who),
            };
            if !used {
                return Err(format!(
                    "the trust of {} was used without the password",
                    self.name(who)
                ));
            }
        }
        Ok(())
    }

    /// Whether a person's account begins by this, or is given to them as the first administrator.
    pub fn begins(&self, who: usize) -> bool {
        match self.claim {
            Claim::Arrived { .. } => who == NEW,
            Claim::SetUp { who: proven, .. } => *proven == who,
            _ => false,
        }
    }
}
