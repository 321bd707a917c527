//! What an action sends, and what is proven by it if it is honest. The values are made of the truth and of nothing else.

use chrono::{DateTime, Utc};

use super::action::{Action, Call, Value};
use super::state::{BROWSERS, FLOW, SESSION, State};
use super::truth::{Factor, Truth, app_code, step_at};

/// The passwords of each person. Nobody has another one's.
pub const PASSWORDS: [[&str; 3]; 2] = [
    [
        "seven otters mend the copper kettle",
        "eight geese guard the wooden bridge",
        "nine foxes read the morning paper",
    ],
    [
        "three badgers paint a quiet harbour",
        "four herons weigh the silver anchor",
        "five beetles carry the paper moon",
    ],
];
const NOBODYS_PASSWORD: &str = "not the password of anybody here";
const NOBODYS_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A request: a path, and the fields of a form; none: a look.
#[derive(Debug)]
pub struct Typed {
    pub path: String,
    pub fields: Option<Vec<(&'static str, String)>>,
    pub claim: Claim,
}

/// What an action proves, by what it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: some value of it is wrong, or there is nothing to prove.
    Nothing,
    /// The password of somebody, at the door.
    Password { who: usize },
    /// A second factor, in a flow that has the first one.
    Second {
        flow: String,
        who: usize,
        factor: Factor,
        code: String,
        trust: bool,
    },
    /// The first code of an app, in a flow that has the first factor.
    Enrolled { flow: String, who: usize, key: String },
    /// Who one is, once more.
    Again {
        session: String,
        who: usize,
        factor: Option<(Factor, String)>,
    },
    /// A mailbox, by the newest link.
    Mailbox { who: usize, token: String },
    /// The password of somebody who is signed in.
    Old { session: String, who: usize },
    /// The first code of an app, in a session.
    App {
        session: String,
        who: usize,
        key: String,
        code: String,
    },
    /// A session.
    Signed { session: String, who: usize },
}

/// The password that an action sets, for whom it may set one.
pub fn new_password(truth: &Truth, who: usize) -> usize {
    (truth.people[who].password + 1) % PASSWORDS[who].len()
}

/// The request of an action, and what it proves. `None`: the action sends none.
pub fn typed(state: &State, action: Action) -> Option<Typed> {
    let Action { by, call } = action;
    let (truth, jar, now) = (&state.truth, &state.jars[by], state.now);
    let session = truth.session(jar.get(SESSION));
    // Nobody's session is somebody's all the same, so that there is something to send.
    let me = session.map_or(0, |(_, session)| session.who);
    let signed = session.map_or(Claim::Nothing, |(id, session)| Claim::Signed {
        session: id.clone(),
        who: session.who,
    });
    let post = |path: &str, fields: Vec<(&'static str, String)>, claim: Claim| {
        Some(Typed {
            path: path.to_owned(),
            fields: Some(fields),
            claim,
        })
    };
    let plain = |path: &str, claim: Claim| post(path, Vec::new(), claim);
    match call {
        Call::SignIn { who, value } => {
            let fields = vec![
                ("email", truth.people[who].email.to_owned()),
                ("password", password(truth, who, value)),
            ];
            let claim = if value == Value::Right {
                Claim::Password { who }
            } else {
                Claim::Nothing
            };
            post("/api/sign-in", fields, claim)
        }
        Call::Answer { factor, value, trust } => {
            let token = jar.get(FLOW).cloned().unwrap_or_default();
            let who = truth.flows.get(&token).map_or(0, |flow| flow.who);
            let code = factor_code(truth, who, &token, factor, value, now);
            let live = truth.flow(Some(&token), now).is_some();
            let right = live && truth.is_right(who, &token, factor, &code, now);
            let mut fields = vec![("factor", factor.name().to_owned()), ("code", code.clone())];
            if trust {
                fields.push(("trust", "on".to_owned()));
            }
            let claim = if right {
                Claim::Second {
                    flow: token,
                    who,
                    factor,
                    code,
                    trust,
                }
            } else {
                Claim::Nothing
            };
            post("/api/sign-in-challenge", fields, claim)
        }
        Call::Enrol(value) => {
            let flow = truth.flow(jar.get(FLOW), now);
            let own = jar
                .get(FLOW)
                .and_then(|token| truth.flows.get(token))
                .and_then(|flow| flow.key.clone());
            let key = key(truth, own.as_deref(), value);
            let code = code_of_key(key.as_deref(), value, now);
            let claim = match flow {
                Some((token, flow)) if own.is_some() && key == own && value == Value::Right => {
                    Claim::Enrolled {
                        flow: token.clone(),
                        who: flow.who,
                        key: own.clone().unwrap_or_default(),
                    }
                }
                _ => Claim::Nothing,
            };
            post("/api/sign-in-enrol", vec![("code", code)], claim)
        }
        Call::AskForCode => plain("/api/sign-in-challenge-mail", Claim::Nothing),
        Call::Cancel => plain("/api/sign-in-cancel", Claim::Nothing),
        Call::SignOut => plain("/sign-out", signed),
        Call::Forgot { who } => post(
            "/api/forgot-password",
            vec![("email", truth.people[who].email.to_owned())],
            Claim::Nothing,
        ),
        Call::Reset { who, value } => {
            let of = |spent| {
                truth
                    .links
                    .iter()
                    .rev()
                    .find(|link| link.who == who && link.spent == spent)
            };
            let token = match value {
                Value::Right => of(false).map(|link| link.token.clone()),
                Value::Older => of(true).map(|link| link.token.clone()),
                Value::Empty => None,
                _ => Some(NOBODYS_TOKEN.to_owned()),
            };
            let token = token.unwrap_or_default();
            let claim = match truth.link(&token, now) {
                Some(link) => Claim::Mailbox {
                    who: link.who,
                    token: token.clone(),
                },
                None => Claim::Nothing,
            };
            let password = PASSWORDS[who][new_password(truth, who)].to_owned();
            post(
                "/api/reset-password",
                vec![("token", token), ("password", password)],
                claim,
            )
        }
        Call::ConfirmPassword(value) => {
            let claim = match session {
                Some((id, session)) if value == Value::Right => Claim::Again {
                    session: id.clone(),
                    who: session.who,
                    factor: None,
                },
                _ => Claim::Nothing,
            };
            post(
                "/api/confirm",
                vec![("password", password(truth, me, value))],
                claim,
            )
        }
        Call::ConfirmFactor { factor, value } => {
            let holder = session.map(|(id, _)| id.clone()).unwrap_or_default();
            let code = factor_code(truth, me, &holder, factor, value, now);
            let right = session.is_some() && truth.is_right(me, &holder, factor, &code, now);
            let fields = vec![("factor", factor.name().to_owned()), ("code", code.clone())];
            let claim = if right {
                Claim::Again {
                    session: holder,
                    who: me,
                    factor: Some((factor, code)),
                }
            } else {
                Claim::Nothing
            };
            post("/api/confirm", fields, claim)
        }
        Call::AskForConfirmCode => plain("/api/confirm-mail", signed),
        Call::ChangePassword(value) => {
            let new = PASSWORDS[me][new_password(truth, me)].to_owned();
            let claim = match session {
                Some((id, session)) if value == Value::Right => Claim::Old {
                    session: id.clone(),
                    who: session.who,
                },
                _ => Claim::Nothing,
            };
            post(
                "/api/change-password",
                vec![
                    ("current_password", password(truth, me, value)),
                    ("password", new),
                ],
                claim,
            )
        }
        Call::BeginApp => plain("/api/add-authenticator", signed),
        Call::ConfirmApp(value) => {
            let own = session.and_then(|(_, session)| session.key.clone());
            let key = key(truth, own.as_deref(), value);
            let code = code_of_key(key.as_deref(), value, now);
            let claim = match session {
                Some((id, session)) if own.is_some() && key == own && value == Value::Right => Claim::App {
                    session: id.clone(),
                    who: session.who,
                    key: own.clone().unwrap_or_default(),
                    code: code.clone(),
                },
                _ => Claim::Nothing,
            };
            post("/api/confirm-authenticator", vec![("code", code)], claim)
        }
        Call::RemoveApp => plain("/api/remove-authenticator", signed),
        Call::AddMail => plain("/api/add-mail-codes", signed),
        Call::RemoveMail => plain("/api/remove-mail-codes", signed),
        Call::NewCodes => plain("/api/recovery-codes", signed),
        Call::EndOthers => plain("/api/end-other-sessions", signed),
        Call::Look(page) => {
            let link = truth
                .links
                .iter()
                .rfind(|link| !link.spent)
                .filter(|_| page == "/reset-password");
            let path = link.map_or_else(|| page.to_owned(), |link| format!("{page}?token={}", link.token));
            Some(Typed {
                path,
                fields: None,
                claim: Claim::Nothing,
            })
        }
        Call::TakeCookie(_) | Call::OldSession | Call::OldFlow | Call::Wait(_) => None,
    }
}

fn password(truth: &Truth, who: usize, value: Value) -> String {
    let of = |who: usize, which: usize| PASSWORDS[who][which].to_owned();
    let other = (who + 1) % truth.people.len();
    match value {
        Value::Right => of(who, truth.people[who].password),
        Value::Older => truth.people[who]
            .older
            .map_or_else(String::new, |older| of(who, older)),
        Value::Others => of(other, truth.people[other].password),
        Value::Empty => String::new(),
        Value::Wrong | Value::Elsewhere => NOBODYS_PASSWORD.to_owned(),
    }
}

/// A code for a second factor of `who` in a flow or a session.
fn factor_code(
    truth: &Truth,
    who: usize,
    holder: &str,
    factor: Factor,
    value: Value,
    now: DateTime<Utc>,
) -> String {
    let other = (who + 1) % truth.people.len();
    let found = match (factor, value) {
        (_, Value::Empty) => Some(String::new()),
        // Also for a recovery code: a code of one factor for another one.
        (Factor::App, Value::Right) | (Factor::Recovery, Value::Elsewhere) => app(truth, who, now),
        (Factor::App, Value::Others) => app(truth, other, now),
        // The very one that was taken last.
        (Factor::App, Value::Older) => truth.people[who]
            .app
            .as_ref()
            .map(|(key, last)| app_code(key, *last)),
        // Of an app that is not added yet.
        (Factor::App, Value::Elsewhere) => truth
            .sessions
            .values()
            .find_map(|session| session.key.as_ref())
            .map(|key| app_code(key, step_at(now))),
        (Factor::Mail, Value::Right) => mailed(truth, |mailed| mailed.holder == holder && !mailed.spent),
        (Factor::Mail, Value::Older) => mailed(truth, |mailed| mailed.who == who && mailed.spent),
        (Factor::Mail, Value::Others) => mailed(truth, |mailed| mailed.who == other),
        (Factor::Mail, Value::Elsewhere) => {
            mailed(truth, |mailed| mailed.who == who && mailed.holder != holder)
        }
        (Factor::Recovery, Value::Right) => recovery(truth, who, false),
        (Factor::Recovery, Value::Older) => recovery(truth, who, true),
        (Factor::Recovery, Value::Others) => recovery(truth, other, false),
        (_, Value::Wrong) => None,
    };
    found.unwrap_or_else(|| "135790".to_owned())
}

/// What a person's app shows, or the next one if that was taken already.
fn app(truth: &Truth, who: usize, now: DateTime<Utc>) -> Option<String> {
    let (key, last) = truth.people[who].app.as_ref()?;
    Some(app_code(key, step_at(now).max(last + 1)))
}

fn mailed(truth: &Truth, which: impl Fn(&super::truth::Mailed) -> bool) -> Option<String> {
    truth
        .mailed
        .iter()
        .rev()
        .find(|mailed| which(mailed))
        .map(|mailed| mailed.code.clone())
}

fn recovery(truth: &Truth, who: usize, used: bool) -> Option<String> {
    truth.people[who]
        .codes
        .iter()
        .find(|(_, was)| *was == used)
        .map(|(code, _)| code.clone())
}

/// The key of an app that is being added: one's own, or one that is being added elsewhere.
fn key(truth: &Truth, own: Option<&str>, value: Value) -> Option<String> {
    let elsewhere = || {
        let sessions = truth
            .sessions
            .values()
            .filter_map(|session| session.key.as_deref());
        let flows = truth.flows.values().filter_map(|flow| flow.key.as_deref());
        sessions.chain(flows).find(|key| Some(*key) != own)
    };
    match value {
        Value::Right => own.map(str::to_owned),
        Value::Elsewhere => elsewhere().map(str::to_owned),
        // The app that somebody has already.
        Value::Others => truth
            .people
            .iter()
            .find_map(|person| person.app.as_ref())
            .map(|(key, _)| key.clone()),
        _ => None,
    }
}

fn code_of_key(key: Option<&str>, value: Value, now: DateTime<Utc>) -> String {
    match (key, value) {
        (_, Value::Empty) => String::new(),
        (Some(key), _) => app_code(key, step_at(now)),
        (None, _) => "135790".to_owned(),
    }
}

const _: () = assert!(BROWSERS == 2, "`the other browser` is one");
