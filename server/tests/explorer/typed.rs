//! What an action sends, and what is proven by it if it is honest. The values are made of the truth and of nothing else.

use chrono::{DateTime, Utc};

use super::action::{Action, Call, Ceremony, Value};
pub use super::claim::Claim;
use super::keys::{Place, assertion, creation};
use super::state::{BROWSERS, CEREMONY, FLOW, FORM, Jar, SESSION, State};
use super::truth::{Factor, Truth, Way};
use super::values::{code_of_key, factor_code, key, password, phone_code};
use super::{arrivals, moves, way_back};

/// How many people there are, and which of them signs up here.
pub const PERSONS: usize = 3;
pub const NEW: usize = 2;

/// Somebody else, who was there before.
pub fn other(who: usize) -> usize {
    usize::from(who == 0)
}

/// The passwords of each person. Nobody has another one's.
pub const PASSWORDS: [[&str; 3]; PERSONS] = [
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
    [
        "six lanterns cross the frozen meadow",
        "ten sparrows borrow a marble clock",
        "one walrus folds the yellow letter",
    ],
];
pub const NOBODYS_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A request: a path, and the fields of a form; none: a look.
#[derive(Debug)]
pub struct Typed {
    pub path: String,
    pub fields: Option<Vec<(&'static str, String)>>,
    pub claim: Claim,
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
            let claim = if value == Value::Right && truth.people[who].has_password {
                Claim::Password { who }
            } else {
                Claim::Nothing
            };
            post("/api/sign-in", fields, claim)
        }
        Call::Answer { factor, value, trust } => {
            let token = jar.get(FLOW).cloned().unwrap_or_default();
            let who = truth.flows.get(&token).map_or(0, |flow| flow.who);
            let live = truth.flow(Some(&token), now).is_some();
            let (field, right) = answer(state, by, Ceremony::Challenge, who, &token, factor, value);
            let mut fields = vec![("factor", factor.name().to_owned()), field];
            if trust {
                fields.push(("trust", "on".to_owned()));
            }
            let claim = match right.filter(|_| live) {
                Some(code) => Claim::Second {
                    flow: token,
                    who,
                    factor,
                    code,
                    trust,
                },
                None => repeated(truth, jar, FLOW, &what_of("/api/sign-in-challenge", &fields), now),
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
        Call::AskForCode(factor) => post(
            "/api/sign-in-challenge-send",
            vec![("factor", factor.name().to_owned())],
            Claim::Nothing,
        ),
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
                // The link of another way back.
                Value::Elsewhere => truth
                    .recovery(who)
                    .and_then(|one| Some(one.link.as_ref()?.0.clone())),
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
            let fields = vec![("password", password(truth, me, value))];
            let claim = match session {
                Some((id, session)) if value == Value::Right && truth.people[me].has_password => {
                    Claim::Again {
                        session: id.clone(),
                        who: session.who,
                        factor: None,
                    }
                }
                _ => repeated(truth, jar, SESSION, &what_of("/api/confirm", &fields), now),
            };
            post("/api/confirm", fields, claim)
        }
        Call::ConfirmFactor { factor, value } => {
            let holder = session.map(|(id, _)| id.clone()).unwrap_or_default();
            let (field, right) = answer(state, by, Ceremony::Confirm, me, &holder, factor, value);
            let fields = vec![("factor", factor.name().to_owned()), field];
            let claim = match right.filter(|_| session.is_some()) {
                Some(code) => Claim::Again {
                    session: holder,
                    who: me,
                    factor: Some((factor, code)),
                },
                None => repeated(truth, jar, SESSION, &what_of("/api/confirm", &fields), now),
            };
            post("/api/confirm", fields, claim)
        }
        Call::AskForConfirmCode(factor) => post(
            "/api/confirm-send",
            vec![("factor", factor.name().to_owned())],
            signed,
        ),
        Call::ChangePassword(value) => {
            let new = PASSWORDS[me][new_password(truth, me)].to_owned();
            let claim = match session {
                Some((id, session)) if value == Value::Right && truth.people[me].has_password => Claim::Old {
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
            let fields = vec![("code", code.clone())];
            let claim = match session {
                Some((id, session)) if own.is_some() && key == own && value == Value::Right => Claim::App {
                    session: id.clone(),
                    who: session.who,
                    key: own.clone().unwrap_or_default(),
                    code,
                },
                _ => repeated(
                    truth,
                    jar,
                    SESSION,
                    &what_of("/api/confirm-authenticator", &fields),
                    now,
                ),
            };
            post("/api/confirm-authenticator", fields, claim)
        }
        Call::RemoveApp => plain("/api/remove-authenticator", signed),
        Call::AddMail => plain("/api/add-mail-codes", signed),
        Call::RemoveMail => plain("/api/remove-mail-codes", signed),
        Call::BeginPhone => post(
            "/api/add-phone",
            vec![("phone", truth.people[me].number.to_owned())],
            signed,
        ),
        Call::ConfirmPhone(value) => {
            let holder = session.map(|(id, _)| id.clone()).unwrap_or_default();
            let code = phone_code(truth, me, &holder, value);
            let fields = vec![("code", code.clone())];
            let claim = if session.is_some() && truth.is_sent(me, &holder, Way::NewPhone, &code, now) {
                Claim::Phone {
                    session: holder,
                    who: me,
                    code,
                }
            } else {
                repeated(truth, jar, SESSION, &what_of("/api/confirm-phone", &fields), now)
            };
            post("/api/confirm-phone", fields, claim)
        }
        Call::RemovePhone => plain("/api/remove-phone", signed),
        Call::NewCodes => plain("/api/recovery-codes", signed),
        Call::EndOthers => plain("/api/end-other-sessions", signed),
        Call::AskPasskey(Ceremony::Recover) => {
            let token = truth.newest_way_back().map(|(_, token)| token.to_owned());
            let token = token.unwrap_or_else(|| NOBODYS_TOKEN.to_owned());
            post(Ceremony::Recover.path(), vec![("token", token)], Claim::Nothing)
        }
        Call::AskPasskey(ceremony) => plain(ceremony.path(), Claim::Nothing),
        Call::PasskeySignIn { who, kind, value } => {
            let place = Place {
                ceremony: Ceremony::SignIn,
                browser: jar.get(CEREMONY),
                holder: "",
                now,
            };
            let (credential, right) = assertion(truth, &place, who, kind, value);
            let claim = match right.filter(|_| kind.verifies()) {
                Some(challenge) => Claim::Passkey { who, kind, challenge },
                None => Claim::Nothing,
            };
            post("/api/sign-in", vec![("credential", credential)], claim)
        }
        Call::AddPasskey { kind, value } => {
            let holder = session.map_or("", |(id, _)| id.as_str());
            let place = Place {
                ceremony: Ceremony::Add,
                browser: jar.get(CEREMONY),
                holder,
                now,
            };
            let (credential, right) = creation(truth, &place, me, kind, value);
            let claim = match right.filter(|_| session.is_some()) {
                Some(challenge) => Claim::Added {
                    session: holder.to_owned(),
                    who: me,
                    kind,
                    challenge,
                },
                None => Claim::Nothing,
            };
            post("/api/add-passkey", vec![("credential", credential)], claim)
        }
        Call::RemovePasskey { kind, value } => {
            let of = if value == Value::Others { other(me) } else { me };
            let known = truth.people[of].passkeys.get(&kind);
            let id = known
                .filter(|_| value != Value::Wrong)
                .map_or("00000000-0000-7000-8000-000000000000", |passkey| &passkey.row);
            post("/api/remove-passkey", vec![("id", id.to_owned())], signed)
        }
        Call::Recover { .. }
        | Call::FinishRecovery { .. }
        | Call::CancelRecovery { .. }
        | Call::StopRecovery
        | Call::NotMe { .. } => way_back::typed(truth, call, signed, now),
        Call::FinishByPasskey { who, kind, value } => {
            Some(way_back::by_passkey(truth, jar, (who, kind, value), now))
        }
        Call::ChangeEmail(_) | Call::ConfirmMove { .. } | Call::UndoMove { .. } => {
            moves::typed(truth, call, me, signed, now)
        }
        Call::SignUp(_) | Call::VerifyLink(_) | Call::VerifyCode(_) | Call::SetUp { .. } => {
            arrivals::typed(truth, action, jar, now)
        }
        Call::Round => Some(Typed {
            path: String::new(),
            fields: None,
            claim: Claim::Nothing,
        }),
        Call::Look(page) => {
            let token = shown_by(truth, page).map(|(_, token)| token);
            let path = token.map_or_else(|| page.to_owned(), |token| format!("{page}?token={token}"));
            Some(Typed {
                path,
                fields: None,
                claim: Claim::Nothing,
            })
        }
        Call::TakeCookie(_) | Call::OldSession | Call::OldFlow | Call::Wait(_) => None,
    }
}

/// Of a page that a link opens: whose link is looked at, and its token.
pub fn shown_by<'a>(truth: &'a Truth, page: &str) -> Option<(usize, &'a str)> {
    match page {
        "/reset-password" => {
            let link = truth.links.iter().rfind(|link| !link.spent);
            link.map(|link| (link.who, link.token.as_str()))
        }
        "/recover/finish" => {
            let mut newest = truth.recoveries.iter().rev();
            newest.find_map(|one| Some((one.who, one.link.as_ref()?.0.as_str())))
        }
        "/confirm-email" | "/undo-email" => {
            let mut newest = truth.moves.iter().rev();
            newest.find_map(|one| Some((one.who, one.link(page)?)))
        }
        _ => None,
    }
}

/// Which form it is and what was typed, as far as it tells one post from another.
pub fn what_of(path: &str, fields: &[(&'static str, String)]) -> String {
    let typed = fields.iter().filter(|(name, _)| *name != "trust");
    typed.fold(path.to_owned(), |what, (_, value)| format!("{what} {value}"))
}

/// What is true of a post that proves nothing: it may be the second one of a form that did. `before`: the cookie that counts.
fn repeated(truth: &Truth, jar: &Jar, before: &str, what: &str, now: DateTime<Utc>) -> Claim {
    let (Some(form), Some(before)) = (jar.get(FORM), jar.get(before)) else {
        return Claim::Nothing;
    };
    let found = truth.repeated(form, before, what, now);
    found.map_or(Claim::Nothing, |sent| Claim::Repeated {
        session: sent.session.clone(),
        made_codes: sent.made_codes,
    })
}

/// An answer to a second factor: its field, and, if it is right, what it uses up.
fn answer(
    state: &State,
    by: usize,
    ceremony: Ceremony,
    who: usize,
    holder: &str,
    factor: Factor,
    value: Value,
) -> ((&'static str, String), Option<String>) {
    let (truth, now) = (&state.truth, state.now);
    if let Factor::Passkey(kind) = factor {
        let place = Place {
            ceremony,
            browser: state.jars[by].get(CEREMONY),
            holder,
            now,
        };
        let (credential, right) = assertion(truth, &place, who, kind, value);
        return (("credential", credential), right);
    }
    let code = factor_code(truth, who, holder, factor, value, now);
    let right = truth.is_right(who, holder, factor, &code, now);
    (("code", code.clone()), right.then_some(code))
}

const _: () = assert!(BROWSERS == 2, "`the other browser` is one");
