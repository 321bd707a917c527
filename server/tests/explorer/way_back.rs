//! The delayed way back, and the links that say "this wasn't me": what is true of them, and what is sent.

use chrono::{DateTime, Duration, Utc};

use super::action::{Call, Ceremony, Value};
use super::digest::{Cell, mark};
use super::keys::{Kind, Place, creation};
use super::rows::Mail;
use super::state::{CEREMONY, Jar};
use super::truth::{Truth, hash_of};
use super::typed::{Claim, NOBODYS_TOKEN, PASSWORDS, Typed, new_password};

/// How long somebody waits who has lost everything.
const WAIT: Duration = Duration::hours(72);
/// How long the link works that is mailed then.
const LINK_LIFE: Duration = Duration::hours(24);
/// How long a notice's link works.
const ALARM_LIFE: Duration = Duration::days(7);
/// How long nothing changes after it.
const FREEZE: Duration = Duration::hours(24);

/// A recovery that was asked for.
#[derive(Debug, Clone)]
pub struct Recovery {
    pub who: usize,
    /// Its id, as SQL writes it.
    pub id: String,
    /// When the wait began.
    pub begun: DateTime<Utc>,
    /// Stopped, used, or replaced.
    pub over: bool,
    /// The link that sets a password, and when one was first mailed.
    pub link: Option<(String, DateTime<Utc>)>,
    /// A link that another one took the place of.
    pub older: Option<String>,
    /// The link that stops it.
    pub cancel: Option<String>,
}

/// A notice with its link.
#[derive(Debug, Clone)]
pub struct Alarm {
    pub who: usize,
    pub token: String,
    pub at: DateTime<Utc>,
    pub spent: bool,
}

impl Recovery {
    /// Whether the wait is over.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        now >= self.begun + WAIT
    }
}

impl Truth {
    /// The recovery of a person that is going on.
    pub fn recovery(&self, who: usize) -> Option<&Recovery> {
        self.recoveries
            .iter()
            .rfind(|recovery| recovery.who == who && !recovery.over)
    }

    /// Whose password a link sets now: after the wait, and while nobody stopped it.
    fn recovered_by(&self, token: &str, now: DateTime<Utc>) -> Option<usize> {
        let is_it = |recovery: &&Recovery| {
            let link = recovery.link.as_ref();
            !recovery.over
                && recovery.is_due(now)
                && link.is_some_and(|(link, at)| link == token && now < *at + LINK_LIFE)
        };
        self.recoveries.iter().find(is_it).map(|recovery| recovery.who)
    }

    /// The notice that a token is of, while it works.
    fn alarm(&self, token: &str, now: DateTime<Utc>) -> Option<&Alarm> {
        self.alarms
            .iter()
            .find(|alarm| alarm.token == token && !alarm.spent && now < alarm.at + ALARM_LIFE)
    }

    /// Ends what a person asked for.
    pub fn end_recoveries(&mut self, who: usize) {
        for recovery in self.recoveries.iter_mut().filter(|recovery| recovery.who == who) {
            recovery.over = true;
        }
    }

    /// Closes an account for changes.
    pub fn freeze(&mut self, who: usize, now: DateTime<Utc>) {
        self.people[who].frozen_until = Some(now + FREEZE);
    }

    /// The newest link at the end of a wait: whose, and its token.
    pub fn newest_way_back(&self) -> Option<(usize, &str)> {
        let mut newest = self.recoveries.iter().rev().filter(|one| !one.over);
        newest.find_map(|one| Some((one.who, one.link.as_ref()?.0.as_str())))
    }

    /// Reads what a message says of a recovery, and its link for who did not expect it.
    pub fn read_way_back(&mut self, who: usize, mail: &Mail, now: DateTime<Utc>) {
        let token = |page: &str| {
            let found = mail.links.iter().find_map(|link| link.split_once(page));
            found.map(|(_, token)| token.to_owned())
        };
        if let Some(token) = token("/not-me?token=") {
            self.alarms.push(Alarm {
                who,
                token,
                at: now,
                spent: false,
            });
        }
        let (cancel, link) = (token("/recover/cancel?token="), token("/recover/finish?token="));
        let newest = self.recoveries.iter_mut().rfind(|recovery| recovery.who == who);
        let Some(recovery) = newest else { return };
        recovery.cancel = cancel.or(recovery.cancel.take());
        if let Some(link) = link {
            let before = recovery.link.take();
            let at = before.as_ref().map_or(now, |(_, at)| *at);
            recovery.older = before.map(|(token, _)| token).or(recovery.older.take());
            recovery.link = Some((link, at));
        }
    }

    /// What of this is part of a state.
    pub fn way_back_facts(&self) -> Vec<(u64, Vec<Cell>)> {
        let word = |word: bool| Cell::Word(u64::from(word));
        let seconds = |at: DateTime<Utc>| Cell::Time(at.timestamp());
        let mut facts = Vec::new();
        for recovery in &self.recoveries {
            let link = recovery
                .link
                .as_ref()
                .map_or(Cell::Word(0), |(token, _)| Cell::Mark(mark(&hash_of(token))));
            let cells = vec![
                Cell::Mark(mark(&recovery.id)),
                Cell::Word(recovery.who as u64),
                word(recovery.over),
                word(recovery.cancel.is_some()),
                word(recovery.older.is_some()),
                seconds(recovery.begun),
                link,
            ];
            facts.push((110, cells));
        }
        // Of notices that work alike it matters only that there is one.
        for who in 0..self.people.len() {
            let of = |spent| {
                let mut alarms = self.alarms.iter();
                alarms
                    .rfind(|alarm| alarm.who == who && alarm.spent == spent)
                    .map_or(Cell::Word(0), |alarm| seconds(alarm.at))
            };
            facts.push((111, vec![Cell::Word(who as u64), of(false), of(true)]));
        }
        for (number, person) in self.people.iter().enumerate() {
            let until = person.frozen_until.map_or(Cell::Word(0), seconds);
            facts.push((112, vec![Cell::Word(number as u64), until]));
        }
        facts
    }
}

/// The request of a call of the way back, and what it proves.
pub fn typed(truth: &Truth, call: Call, signed: Claim, now: DateTime<Utc>) -> Option<Typed> {
    let post = |path: &str, fields: Vec<(&'static str, String)>, claim: Claim| {
        Some(Typed {
            path: path.to_owned(),
            fields: Some(fields),
            claim,
        })
    };
    let wrong = |token: Option<String>, value: Value| match value {
        Value::Empty => String::new(),
        _ => token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned()),
    };
    let newest = |who: usize| {
        truth
            .recoveries
            .iter()
            .rev()
            .filter(move |recovery| recovery.who == who)
    };
    let cancel_of = |who: usize, over: bool| {
        newest(who)
            .find(|recovery| recovery.over == over)
            .and_then(|recovery| recovery.cancel.clone())
    };
    match call {
        Call::Recover { who } => {
            let fields = vec![("email", truth.people[who].email.to_owned())];
            post("/api/recover", fields, Claim::Nothing)
        }
        Call::FinishRecovery { who, value } => {
            let link = |over: bool| {
                newest(who)
                    .filter(|recovery| recovery.over == over)
                    .find_map(|recovery| recovery.link.as_ref().map(|(token, _)| token.clone()))
            };
            let token = match value {
                Value::Right => link(false),
                Value::Older => newest(who)
                    .find_map(|recovery| recovery.older.clone())
                    .or_else(|| link(true)),
                // The links of a reset, and of the other direction.
                Value::Elsewhere => truth.links.last().map(|link| link.token.clone()),
                Value::Others => cancel_of(who, false),
                _ => None,
            };
            let token = wrong(token, value);
            let claim = match truth.recovered_by(&token, now) {
                Some(who) => Claim::Recovered { who },
                None => Claim::Nothing,
            };
            let password = PASSWORDS[who][new_password(truth, who)].to_owned();
            post(
                "/api/recover-finish",
                vec![("token", token), ("password", password)],
                claim,
            )
        }
        Call::CancelRecovery { who, value } => {
            let token = match value {
                Value::Right => cancel_of(who, false),
                Value::Older => cancel_of(who, true),
                Value::Elsewhere => truth.alarms.last().map(|alarm| alarm.token.clone()),
                _ => None,
            };
            // An empty one is for whoever is signed in.
            let token = token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned());
            let is_right = value == Value::Right && cancel_of(who, false).is_some();
            let claim = if is_right {
                Claim::Stopped { who }
            } else {
                Claim::Nothing
            };
            post("/api/recover-cancel", vec![("token", token)], claim)
        }
        Call::StopRecovery => {
            let claim = match signed {
                Claim::Signed { who, .. } => Claim::Stopped { who },
                _ => Claim::Nothing,
            };
            post("/api/recover-cancel", Vec::new(), claim)
        }
        Call::NotMe { who, value } => {
            let of = |spent: bool| {
                let found = truth
                    .alarms
                    .iter()
                    .rfind(|alarm| alarm.who == who && alarm.spent == spent);
                found.map(|alarm| alarm.token.clone())
            };
            let token = match value {
                Value::Right => of(false),
                Value::Older => of(true),
                Value::Elsewhere => cancel_of(who, false),
                _ => None,
            };
            let token = wrong(token, value);
            let claim = match truth.alarm(&token, now) {
                Some(alarm) => Claim::Alarm {
                    who: alarm.who,
                    token: token.clone(),
                    at: alarm.at,
                },
                None => Claim::Nothing,
            };
            post("/api/not-me", vec![("token", token)], claim)
        }
        _ => None,
    }
}

/// The end of a recovery by a new passkey, and what it proves. Its device must have verified its holder.
pub fn by_passkey(
    truth: &Truth,
    jar: &Jar,
    (who, kind, value): (usize, Kind, Value),
    now: DateTime<Utc>,
) -> Typed {
    let one = truth.recovery(who);
    let token = one
        .and_then(|one| one.link.as_ref())
        .map(|(token, _)| token.clone());
    let token = token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned());
    let place = Place {
        ceremony: Ceremony::Recover,
        browser: jar.get(CEREMONY),
        holder: one.map_or("", |one| one.id.as_str()),
        now,
    };
    let (credential, right) = creation(truth, &place, who, kind, value);
    let works = kind.verifies() && truth.recovered_by(&token, now) == Some(who);
    let claim = match right.filter(|_| works) {
        Some(challenge) => Claim::Remade { who, kind, challenge },
        None => Claim::Nothing,
    };
    Typed {
        path: "/api/recover-finish".to_owned(),
        fields: Some(vec![("token", token), ("credential", credential)]),
        claim,
    }
}
