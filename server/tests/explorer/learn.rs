//! How the truth goes on after an action that broke no rule.

use super::action::Call;
use super::keys::{Passkey, device_of};
use super::oracle::Deed;
use super::rows::Mail;
use super::state::{FLOW, FORM, SESSION, TRUSTED};
use super::truth::{Factor, Flow, Link, Mailed, Sent, Session, Truth, Way, hash_of, step_at};
use super::typed::{Claim, NEW, new_password};
use super::way_back::Recovery;

impl Deed<'_> {
    /// The truth after it. `accepted`: the call says that it did what it was asked for.
    pub fn learn(&self, accepted: bool) -> Truth {
        let mut truth = self.before.truth.clone();
        let now = self.before.now;
        self.learn_arrivals(&mut truth);
        self.learn_flow(&mut truth, accepted);
        self.learn_factors(&mut truth);
        self.learn_passkeys(&mut truth);
        self.learn_sessions(&mut truth);
        self.learn_passwords(&mut truth);
        self.learn_way_back(&mut truth, accepted);
        self.learn_moves(&mut truth);
        self.learn_trust(&mut truth);
        if accepted
            && self.action.call == Call::EndOthers
            && let Claim::Signed { session, who } = self.claim
            && truth.is_fresh(&self.before.truth.sessions[session], now)
        {
            truth.end_all(*who, Some(session));
        }
        for mail in self.mails {
            self.read(&mut truth, mail);
        }
        truth.forget_old();
        truth
    }

    fn learn_trust(&self, truth: &mut Truth) {
        let (added, changed, _) = self.news("trusted_devices", "id");
        let Some(token) = self.after.jars[self.action.by].get(TRUSTED) else {
            return;
        };
        if let Claim::Second { who, trust: true, .. } = self.claim
            && !added.is_empty()
        {
            truth.trust(token, *who, self.before.now);
        }
        if let Claim::Repeated { .. } = self.claim {
            let old = self.rows(&self.before.image, "trusted_devices", "id");
            for (id, row) in changed {
                let (who, before) = (
                    self.who("trusted_devices", row),
                    self.value("trusted_devices", old[id], "token_hash"),
                );
                // The cookie that was lost is worth nothing any more.
                let lost = |(known, of): &(String, usize)| *of == who && hash_of(known) == before;
                let until = truth
                    .trusted
                    .iter()
                    .find(|(key, _)| lost(key))
                    .map(|(_, until)| *until);
                truth.trusted.retain(|key, _| !lost(key));
                if let Some(until) = until {
                    truth.trusted.insert((token.clone(), who), until);
                }
            }
        }
    }

    fn learn_flow(&self, truth: &mut Truth, accepted: bool) {
        let (before, after) = (
            &self.before.jars[self.action.by],
            &self.after.jars[self.action.by],
        );
        let mut end = |token: Option<&String>| {
            if let Some(flow) = token.and_then(|token| truth.flows.get_mut(token)) {
                flow.over = true;
            }
        };
        match self.claim {
            Claim::Password { .. } | Claim::Arrived { .. } | Claim::SetUp { .. }
                if !self.news("sign_ins", "id").0.is_empty() =>
            {
                end(before.get(FLOW));
                let who = match self.claim {
                    Claim::Password { who } | Claim::SetUp { who, .. } => *who,
                    _ => NEW,
                };
                let flow = Flow {
                    who,
                    at: self.before.now,
                    over: false,
                    factors: Vec::new(),
                    key: None,
                };
                let token = after.get(FLOW).expect("a sign-in in progress has a cookie");
                truth.flows.insert(token.clone(), flow);
            }
            _ if self.action.call == Call::Cancel && accepted => end(before.get(FLOW)),
            _ => {}
        }
    }

    fn learn_factors(&self, truth: &mut Truth) {
        let now = self.before.now;
        let (added, _, gone) = self.news("totps", "id");
        for row in gone.values() {
            let who = self.who("totps", row);
            truth.people[who].app = None;
            truth.forget_trust(who);
        }
        for row in added.values() {
            let who = self.who("totps", row);
            if let Claim::App { key, .. } | Claim::Enrolled { key, .. } = self.claim {
                truth.people[who].app = Some((key.clone(), step_at(now)));
            }
            truth.forget_trust(who);
        }
        let (added, _, gone) = self.news("mail_factors", "user_id");
        for (row, is_on) in added
            .values()
            .map(|row| (row, true))
            .chain(gone.values().map(|row| (row, false)))
        {
            let who = self.who("mail_factors", row);
            truth.people[who].mail = is_on;
            truth.forget_trust(who);
        }
        let (added, _, gone) = self.news("phones", "id");
        for row in added.values().chain(gone.values()) {
            let who = self.who("phones", row);
            truth.people[who].phone = !added.is_empty();
            truth.forget_trust(who);
        }
        // New ones are read off their page.
        let (_, _, gone) = self.news("recovery_codes", "id");
        for row in gone.values() {
            let who = self.who("recovery_codes", row);
            truth.people[who].codes.clear();
            truth.forget_trust(who);
        }
    }

    fn learn_passkeys(&self, truth: &mut Truth) {
        let (added, _, gone) = self.news("passkeys", "id");
        for row in gone.values() {
            let who = self.who("passkeys", row);
            if let Some((_, kind)) = device_of(self.value("passkeys", row, "credential_id")) {
                truth.people[who].passkeys.remove(&kind);
            }
            truth.forget_trust(who);
        }
        for (id, row) in &added {
            let who = self.who("passkeys", row);
            if let Claim::Added { kind, challenge, .. } | Claim::Remade { kind, challenge, .. } = self.claim {
                let passkey = Passkey {
                    row: uuid_of(id),
                    at: self.before.now,
                    counter: 1,
                };
                truth.use_challenge(who, *kind, challenge);
                truth.people[who].passkeys.insert(*kind, passkey);
            }
            truth.forget_trust(who);
        }
    }

    /// Recoveries, and the links of notices.
    fn learn_way_back(&self, truth: &mut Truth, accepted: bool) {
        let now = self.before.now;
        let (added, changed, _) = self.news("recoveries", "id");
        for row in self.news("sessions", "id").0.values() {
            truth.end_recoveries(self.who("sessions", row));
        }
        for row in changed.values() {
            if self.value("recoveries", row, "ended_at") != "NULL" {
                truth.end_recoveries(self.who("recoveries", row));
            }
        }
        match self.claim {
            Claim::Alarm { who, token, .. } if accepted => {
                for alarm in &mut truth.alarms {
                    alarm.spent |= alarm.token == *token;
                }
                truth.end_all(*who, None);
                for link in truth.links.iter_mut().filter(|link| link.who == *who) {
                    link.spent = true;
                }
                truth.freeze(*who, now);
            }
            Claim::Recovered { who } | Claim::Remade { who, .. } if accepted => {
                truth.end_recoveries(*who);
                truth.people[*who].frozen_until = None;
            }
            Claim::Stopped { who } if accepted => truth.end_recoveries(*who),
            _ => {}
        }
        for (id, row) in added {
            let who = self.who("recoveries", row);
            truth.end_recoveries(who);
            truth.recoveries.push(Recovery {
                who,
                id: id.to_owned(),
                begun: now,
                over: false,
                link: None,
                older: None,
                cancel: None,
            });
        }
    }

    fn learn_sessions(&self, truth: &mut Truth) {
        let now = self.before.now;
        let (added, changed, gone) = self.news("sessions", "id");
        for id in gone.keys() {
            truth.sessions.remove(*id);
        }
        let old = self.rows(&self.before.image, "sessions", "id");
        let renewed = |id: &&str, row: &super::rows::Row| {
            old.get(*id).is_none_or(|old| {
                self.value("sessions", old, "token_hash") != self.value("sessions", row, "token_hash")
            })
        };
        for (id, row) in added
            .iter()
            .chain(changed.iter())
            .filter(|(id, row)| renewed(id, row))
        {
            let who = self.who("sessions", row);
            if let Claim::Repeated { session, .. } = self.claim {
                // Another cookie, and nothing more.
                truth.cookies.retain(|_, other| other != session);
                if let Some(cookie) = self.after.jars[self.action.by].get(SESSION) {
                    truth.cookies.insert(cookie.clone(), session.clone());
                }
                for sent in truth.sent.iter_mut().filter(|sent| sent.session == *session) {
                    sent.repeats += 1;
                }
                continue;
            }
            let fresh = Session {
                who,
                proven_at: now,
                factor_at: None,
                factors: Vec::new(),
                key: None,
            };
            let session = truth.sessions.entry((*id).to_owned()).or_insert(fresh);
            session.proven_at = now;
            let given = match self.claim {
                Claim::Second { factor, .. } => Some(*factor),
                Claim::Again { factor, .. } => factor.as_ref().map(|(factor, _)| *factor),
                Claim::Enrolled { .. } | Claim::App { .. } => Some(Factor::App),
                Claim::Phone { .. } => Some(Factor::Sms),
                Claim::Passkey { kind, .. } => Some((*kind).into()),
                _ => None,
            };
            if let Claim::Second { flow, .. } | Claim::Enrolled { flow, .. } = self.claim {
                session.factors.clone_from(&truth.flows[flow].factors);
            }
            if let Some(factor) = given {
                session.factor_at = Some(now);
                if !session.factors.contains(&factor) {
                    session.factors.push(factor);
                }
            }
            truth.cookies.retain(|_, other| other != id);
            if let Some(cookie) = self.after.jars[self.action.by].get(SESSION) {
                truth.cookies.insert(cookie.clone(), (*id).to_owned());
            }
        }
        let is_in = !added.is_empty();
        match self.claim {
            Claim::Second {
                flow,
                who,
                factor,
                code,
                ..
            } if is_in || self.went_on(flow) => {
                truth.use_up(*who, flow, *factor, code, now);
                if let Some((id, _)) = added.iter().next() {
                    self.note_form(truth, FLOW, id);
                }
                let flow = truth.flows.get_mut(flow).expect("a flow");
                flow.over = is_in;
                flow.factors.push(*factor);
            }
            Claim::Passkey { who, kind, challenge } if is_in => truth.use_challenge(*who, *kind, challenge),
            Claim::Enrolled { flow, .. } if is_in => {
                let flow = truth.flows.get_mut(flow).expect("a flow");
                (flow.over, flow.key) = (true, None);
            }
            Claim::Again {
                session,
                who,
                factor: Some((factor, code)),
            } if changed.contains_key(session.as_str()) => {
                truth.use_up(*who, session, *factor, code, now);
                self.note_form(truth, SESSION, session);
            }
            Claim::Again { session, .. } if changed.contains_key(session.as_str()) => {
                self.note_form(truth, SESSION, session);
            }
            Claim::App { session, .. } if changed.contains_key(session.as_str()) => {
                truth.sessions.get_mut(session).expect("a session").key = None;
                self.note_form(truth, SESSION, session);
            }
            Claim::Phone { session, who, code } if changed.contains_key(session.as_str()) => {
                truth.use_up(*who, session, Factor::Sms, code, now);
                self.note_form(truth, SESSION, session);
            }
            _ => {}
        }
    }

    /// Notes the form that was sent, for its second post. `before`: the cookie that counts.
    fn note_form(&self, truth: &mut Truth, before: &str, session: &str) {
        let jar = &self.before.jars[self.action.by];
        if let (Some(form), Some(before)) = (jar.get(FORM), jar.get(before)) {
            truth.sent.push(Sent {
                form: form.clone(),
                before: before.clone(),
                what: self.what.to_owned(),
                session: session.to_owned(),
                made_codes: !self.news("recovery_codes", "id").0.is_empty(),
                at: self.before.now,
                repeats: 0,
            });
        }
    }

    /// The flow noted a second factor, and owes something else now.
    fn went_on(&self, flow: &str) -> bool {
        let hash = super::truth::hash_of(flow);
        let proven = |image| {
            self.rows(image, "sign_ins", "token_hash")
                .get(hash.as_str())
                .map(|row| self.value("sign_ins", row, "proven"))
        };
        proven(&self.before.image) != proven(&self.after.image)
    }

    fn learn_passwords(&self, truth: &mut Truth) {
        let (added, changed, gone) = self.news("passwords", "user_id");
        for row in gone.values() {
            let who = self.who("passwords", row);
            truth.people[who].has_password = false;
            for link in truth.links.iter_mut().filter(|link| link.who == who) {
                link.spent = true;
            }
            truth.end_all(who, None);
        }
        for row in added.values().chain(changed.values()) {
            let who = self.who("passwords", row);
            let (older, new) = match self.claim {
                // What the other browser signed up with is worth nothing.
                Claim::Arrived { sign_up, password } => {
                    let typed = truth.sign_ups.iter().find(|one| one.id == *sign_up);
                    let typed = typed.map_or(*password, |one| one.password);
                    let another = usize::from(*password == 0);
                    (if typed == *password { another } else { typed }, *password)
                }
                Claim::SetUp { password, .. } => (truth.people[who].password, *password),
                _ => (truth.people[who].password, new_password(truth, who)),
            };
            let person = &mut truth.people[who];
            (person.older, person.password, person.has_password) = (Some(older), new, true);
            // Who was in it before is out already: see `learn_arrivals`.
            if self.begins(who) {
                continue;
            }
            for link in truth.links.iter_mut().filter(|link| link.who == who) {
                link.spent = true;
            }
            let kept = match self.claim {
                Claim::Old { session, .. } => Some(session.as_str()),
                _ => None,
            };
            truth.end_all(who, kept);
        }
    }

    /// Whoever has the mailbox reads a message.
    fn read(&self, truth: &mut Truth, mail: &Mail) {
        let Some(who) = truth.people.iter().position(|person| person.reads(&mail.to)) else {
            return;
        };
        if truth.read_sign_up(mail) {
            return;
        }
        truth.read_move(who, mail);
        let now = self.before.now;
        let reset = mail
            .links
            .iter()
            .find_map(|link| link.split_once("/reset-password?token="));
        if let Some((_, token)) = reset {
            for link in truth.links.iter_mut().filter(|link| link.who == who) {
                link.spent = true;
            }
            truth.links.push(Link {
                who,
                token: token.to_owned(),
                at: now,
                spent: false,
            });
        }
        truth.read_way_back(who, mail, now);
        if let Some(code) = &mail.code {
            let holder = match self.action.call {
                Call::AskForConfirmCode(_) | Call::BeginPhone => truth
                    .session(self.before.jars[self.action.by].get(SESSION))
                    .map(|(id, _)| id.clone()),
                _ => self.after.jars[self.action.by].get(FLOW).cloned(),
            };
            let holder = holder.unwrap_or_default();
            for mailed in truth.mailed.iter_mut().filter(|mailed| mailed.holder == holder) {
                mailed.spent = true;
            }
            let way = match self.action.call {
                Call::BeginPhone => Way::NewPhone,
                _ if mail.to == truth.people[who].number => Way::Sms,
                _ => Way::Mail,
            };
            truth.mailed.push(Mailed {
                who,
                code: code.clone(),
                way,
                at: now,
                holder,
                spent: false,
            });
        }
    }
}

/// An id that SQL writes as bytes, as forms have it.
fn uuid_of(literal: &str) -> String {
    let hex = literal.trim_start_matches("X'").trim_end_matches('\'');
    uuid::Uuid::parse_str(hex).unwrap().to_string()
}
