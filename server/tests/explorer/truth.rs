//! What is true, told without the server: who knows which password, what was really proven in which flow, which codes and
//! links are still worth something. The oracle holds the server to this.
//!
//! It is written by what the explorer sends, which it knows to be right or wrong, and never by what the server thinks of it.
//! Where it says that something is right the server may still refuse; where it says that something is wrong the server must.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use domain::platform::keys::PlainToken;
use totp_rs::{Builder, Secret};

use super::arrivals::SignUp;
pub use super::factor::Factor;
use super::keys::{Challenge, Kind, Passkey};
use super::moves::Move;
use super::way_back::{Alarm, Recovery};

/// How long a proof allows a sensitive change.
const FRESH: Duration = Duration::minutes(10);
const FLOW_LIFE: Duration = Duration::minutes(15);
const LINK_LIFE: Duration = Duration::hours(1);
const CODE_LIFE: Duration = Duration::minutes(10);
const TRUST_LIFE: Duration = Duration::days(30);
/// How long a second post of a form is the same click, and how often.
const DOUBLE_CLICK: Duration = Duration::seconds(60);
const MOST_REPEATS: u8 = 3;

/// A person, and what they hold.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    /// The other mailbox that they read, and their telephone.
    pub other: &'static str,
    pub number: &'static str,
    /// The id, as SQL writes it; empty before there is an account.
    pub id: String,
    pub administrator: bool,
    /// Which of their passwords is theirs now, and which was before.
    pub password: usize,
    pub older: Option<usize>,
    /// A recovery that ended in a passkey, or an undone move, took it away.
    pub has_password: bool,
    /// The key of the app, and the last step that was taken.
    pub app: Option<(String, i64)>,
    pub mail: bool,
    pub phone: bool,
    /// Each with whether it was used.
    pub codes: Vec<(String, bool)>,
    pub passkeys: BTreeMap<Kind, Passkey>,
    /// Until when nothing of the account changes.
    pub frozen_until: Option<DateTime<Utc>>,
}

impl Person {
    pub fn has_factor(&self) -> bool {
        self.app.is_some() || self.mail || self.phone || !self.passkeys.is_empty()
    }

    /// Whether there is an account.
    pub fn exists(&self) -> bool {
        !self.id.is_empty()
    }

    /// Whether mail or a text message to this address is theirs.
    pub fn reads(&self, to: &str) -> bool {
        [self.email, self.other, self.number].contains(&to)
    }

    pub fn is_frozen(&self, now: DateTime<Utc>) -> bool {
        self.frozen_until.is_some_and(|until| now < until)
    }
}

/// A sign-in in progress.
#[derive(Debug, Clone)]
pub struct Flow {
    pub who: usize,
    pub at: DateTime<Utc>,
    pub over: bool,
    /// Which second factors were given.
    pub factors: Vec<Factor>,
    /// The key that its page showed.
    pub key: Option<String>,
}

/// A session.
#[derive(Debug, Clone)]
pub struct Session {
    pub who: usize,
    /// When anything was last proven.
    pub proven_at: DateTime<Utc>,
    /// When a second factor last was.
    pub factor_at: Option<DateTime<Utc>>,
    /// Which were.
    pub factors: Vec<Factor>,
    /// The key that its page showed.
    pub key: Option<String>,
}

/// A link of a reset.
#[derive(Debug, Clone)]
pub struct Link {
    pub who: usize,
    pub token: String,
    pub at: DateTime<Utc>,
    /// Used, or another one took its place.
    pub spent: bool,
}

/// By which way a code went out: to prove a factor, or the number of a telephone that is being added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Mail,
    Sms,
    NewPhone,
}

/// A code that was sent.
#[derive(Debug, Clone)]
pub struct Mailed {
    pub who: usize,
    pub code: String,
    pub way: Way,
    pub at: DateTime<Utc>,
    /// The token of the flow, or the id of the session, that it is for.
    pub holder: String,
    pub spent: bool,
}

/// A form that let somebody in, or gave their session another cookie: its second post is a double click.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The cookies of the form, and of the sign-in or the session of before.
    pub form: String,
    pub before: String,
    /// Which form, and what was typed.
    pub what: String,
    pub session: String,
    /// Recovery codes were made by it.
    pub made_codes: bool,
    pub at: DateTime<Utc>,
    pub repeats: u8,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    pub people: Vec<Person>,
    /// By token.
    pub flows: BTreeMap<String, Flow>,
    /// By id, as SQL writes it.
    pub sessions: BTreeMap<String, Session>,
    /// Which session a cookie opens.
    pub cookies: BTreeMap<String, String>,
    /// Until when a browser's token spares a person the second factor.
    pub trusted: BTreeMap<(String, usize), DateTime<Utc>>,
    pub links: Vec<Link>,
    pub mailed: Vec<Mailed>,
    pub sent: Vec<Sent>,
    pub challenges: Vec<Challenge>,
    pub recoveries: Vec<Recovery>,
    pub alarms: Vec<Alarm>,
    pub moves: Vec<Move>,
    pub sign_ups: Vec<SignUp>,
    /// Which sign-up a browser's cookie names.
    pub pending: BTreeMap<String, String>,
    /// The link that makes the first administrator, when it was printed, and whether it did its work.
    pub set_up: Option<(String, DateTime<Utc>, bool)>,
}

/// The code of an app at a step.
pub fn app_code(key: &str, step: i64) -> String {
    let secret = Secret::try_from_base32(key).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate((step * 30).cast_unsigned()).to_string()
}

/// The step of a moment.
pub fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp() / 30
}

/// A token, as the database names it.
pub fn hash_of(token: &str) -> String {
    let Some(token) = PlainToken::parse(token) else {
        return token.to_owned();
    };
    literal(token.hash().as_bytes())
}

/// Bytes, as SQL writes them.
pub fn literal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("X'");
    for byte in bytes {
        let _ = write!(text, "{byte:02X}");
    }
    text + "'"
}

impl Truth {
    /// The step for which this is the code of a person's app, if the app may still show it.
    pub fn right_step(&self, who: usize, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let (key, last) = self.people[who].app.as_ref()?;
        let step = step_at(now);
        (step - 1..=step + 1).find(|step| step > last && app_code(key, *step) == code)
    }

    /// Whether an answer to a second factor is right: for this person, in this flow or session, now.
    pub fn is_right(&self, who: usize, holder: &str, factor: Factor, code: &str, now: DateTime<Utc>) -> bool {
        match factor {
            Factor::App => self.right_step(who, code, now).is_some(),
            Factor::Sms => self.is_sent(who, holder, Way::Sms, code, now),
            Factor::Mail => self.is_sent(who, holder, Way::Mail, code, now),
            Factor::Recovery => self.people[who].codes.contains(&(code.to_owned(), false)),
            // Told where it is signed: `keys.rs`.
            Factor::Passkey(_) => false,
        }
    }

    /// Whether a code went out that way, to this person, for this flow or session, and works now.
    pub fn is_sent(&self, who: usize, holder: &str, way: Way, code: &str, now: DateTime<Utc>) -> bool {
        self.mailed.iter().any(|mailed| {
            (
                mailed.who,
                mailed.way,
                mailed.holder.as_str(),
                mailed.code.as_str(),
            ) == (who, way, holder, code)
                && !mailed.spent
                && now < mailed.at + CODE_LIFE
        })
    }

    /// Notes that an answer was used up.
    pub fn use_up(&mut self, who: usize, holder: &str, factor: Factor, code: &str, now: DateTime<Utc>) {
        match factor {
            Factor::App => {
                let step = self.right_step(who, code, now);
                if let (Some((_, last)), Some(step)) = (&mut self.people[who].app, step) {
                    *last = step;
                }
            }
            Factor::Sms | Factor::Mail => {
                for mailed in &mut self.mailed {
                    mailed.spent |= mailed.holder == holder && mailed.code == code;
                }
            }
            Factor::Recovery => {
                for (known, used) in &mut self.people[who].codes {
                    *used |= known == code;
                }
            }
            Factor::Passkey(kind) => self.use_challenge(who, kind, code),
        }
    }

    /// The flow of a token, if it is still one.
    pub fn flow(&self, token: Option<&String>, now: DateTime<Utc>) -> Option<(&String, &Flow)> {
        let found = self.flows.get_key_value(token?);
        found.filter(|(_, flow)| !flow.over && now < flow.at + FLOW_LIFE)
    }

    /// The form that is sent once more, by the same browser and within a minute, while its session lives.
    pub fn repeated(&self, form: &str, before: &str, what: &str, now: DateTime<Utc>) -> Option<&Sent> {
        let found = self.sent.iter().find(|sent| {
            (sent.form.as_str(), sent.before.as_str(), sent.what.as_str()) == (form, before, what)
        });
        found.filter(|sent| {
            now < sent.at + DOUBLE_CLICK
                && sent.repeats < MOST_REPEATS
                && self.sessions.contains_key(&sent.session)
        })
    }

    /// The session of a cookie.
    pub fn session(&self, cookie: Option<&String>) -> Option<(&String, &Session)> {
        self.sessions.get_key_value(self.cookies.get(cookie?)?)
    }

    /// The link of a reset that works.
    pub fn link(&self, token: &str, now: DateTime<Utc>) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.token == token && !link.spent && now < link.at + LINK_LIFE)
    }

    /// Whether a session was just proven, with a second factor where its person has one.
    pub fn is_fresh(&self, session: &Session, now: DateTime<Utc>) -> bool {
        let lately = |at: DateTime<Utc>| now - at < FRESH;
        lately(session.proven_at)
            && (!self.people[session.who].has_factor() || session.factor_at.is_some_and(lately))
    }

    /// Whether a browser's token spares a person the second factor.
    pub fn is_trusted(&self, token: Option<&String>, who: usize, now: DateTime<Utc>) -> bool {
        let until = token.and_then(|token| self.trusted.get(&(token.clone(), who)));
        !self.people[who].administrator && until.is_some_and(|until| now < *until)
    }

    /// Spares a person the second factor in a browser.
    pub fn trust(&mut self, token: &str, who: usize, now: DateTime<Utc>) {
        self.trusted.insert((token.to_owned(), who), now + TRUST_LIFE);
    }

    /// Nothing that was proven before counts any more, but for one session.
    pub fn end_all(&mut self, who: usize, kept: Option<&str>) {
        for flow in self.flows.values_mut().filter(|flow| flow.who == who) {
            flow.over = true;
        }
        self.forget_trust(who);
        self.sessions
            .retain(|id, session| session.who != who || Some(id.as_str()) == kept);
    }

    /// No browser spares the person the second factor any more.
    pub fn forget_trust(&mut self, who: usize) {
        self.trusted.retain(|(_, other), _| *other != who);
    }

    /// Forgets what can play no part any more, so that a state stays small.
    pub fn forget_old(&mut self) {
        let Self {
            sessions,
            cookies,
            links,
            mailed,
            sent,
            challenges,
            recoveries,
            alarms,
            moves,
            sign_ups,
            ..
        } = self;
        cookies.retain(|_, id| sessions.contains_key(id));
        for who in 0..self.people.len() {
            keep_newest(links, 2, |link| link.who == who);
            keep_newest(mailed, 3, |mailed| mailed.who == who);
            keep_newest(recoveries, 2, |recovery| recovery.who == who);
            keep_newest(alarms, 2, |alarm| alarm.who == who);
            keep_newest(moves, 2, |one| one.who == who);
        }
        keep_newest(challenges, 4, |_| true);
        keep_newest(sign_ups, 3, |_| true);
        sent.retain(|sent| sessions.contains_key(&sent.session));
        keep_newest(sent, 3, |_| true);
    }
}

/// Of those that `which` picks, keeps the last ones.
fn keep_newest<T>(all: &mut Vec<T>, most: usize, which: impl Fn(&T) -> bool) {
    let count = all.iter().filter(|one| which(one)).count();
    let mut surplus = count.saturating_sub(most);
    all.retain(|one| {
        let goes = surplus > 0 && which(one);
        surplus -= usize::from(goes);
        !goes
    });
}
