//! What can be done. **To add a call**: a variant of [`Call`] here, its place in [`Call::all`], its request in `typed.rs`, and
//! in `oracle.rs` what it may change.

use std::fmt;

use super::state::{BROWSERS, FLOW, SESSION, State, TRUSTED};
use super::truth::Factor;

/// One browser does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    pub by: usize,
    pub call: Call,
}

/// Which value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// What is asked for.
    Right,
    /// Nobody's.
    Wrong,
    /// None.
    Empty,
    /// One that was right before: used up, replaced, or changed.
    Older,
    /// What would be right for the other person.
    Others,
    /// What is right for the same person, in the other browser or in another flow.
    Elsewhere,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    SignIn {
        who: usize,
        value: Value,
    },
    Answer {
        factor: Factor,
        value: Value,
        trust: bool,
    },
    Enrol(Value),
    AskForCode,
    Cancel,
    SignOut,
    Forgot {
        who: usize,
    },
    Reset {
        who: usize,
        value: Value,
    },
    ConfirmPassword(Value),
    ConfirmFactor {
        factor: Factor,
        value: Value,
    },
    AskForConfirmCode,
    ChangePassword(Value),
    BeginApp,
    ConfirmApp(Value),
    RemoveApp,
    AddMail,
    RemoveMail,
    NewCodes,
    EndOthers,
    /// Puts the other browser's cookie of this name into one's own jar.
    TakeCookie(&'static str),
    /// Puts the cookie of before back.
    OldSession,
    OldFlow,
    /// Looks at a page.
    Look(&'static str),
    /// Time goes by, in seconds.
    Wait(i64),
}

/// The pages that a flow shows.
pub const PAGES: [&str; 8] = [
    "/api/v1/session",
    "/sign-in/challenge",
    "/confirm",
    "/account",
    "/account/security",
    "/account/security/recovery-codes",
    "/account/sessions",
    "/reset-password",
];

/// Up to which depth every value is tried in every state; and of how many states further on one tries a given value.
const EXHAUSTIVE: usize = 2;
const TURNS: u64 = 6;
/// How often the clock may move on one path.
const MOST_WAITS: u8 = 3;
/// The next step of an app; within the ten minutes of a proof, and past them if twice; past a code by mail; past a sign-in
/// in progress; past a link and an idle session.
const WAITS: [i64; 5] = [30, 360, 660, 960, 3660];

impl Call {
    /// Every call, with every value that makes sense of it.
    fn all() -> Vec<Self> {
        use Value::{Elsewhere, Empty, Older, Others, Right, Wrong};
        let mut all = Vec::new();
        for who in 0..2 {
            all.extend([Right, Wrong, Empty, Older, Others].map(|value| Self::SignIn { who, value }));
            all.push(Self::Forgot { who });
            all.extend([Right, Wrong, Empty, Older].map(|value| Self::Reset { who, value }));
        }
        for factor in Factor::ALL {
            all.push(Self::Answer {
                factor,
                value: Right,
                trust: true,
            });
            for value in [Right, Wrong, Empty, Older, Others, Elsewhere] {
                all.push(Self::Answer {
                    factor,
                    value,
                    trust: false,
                });
                all.push(Self::ConfirmFactor { factor, value });
            }
        }
        all.extend([Right, Wrong, Empty, Others, Elsewhere].map(Self::Enrol));
        all.extend([Right, Wrong, Empty, Others, Elsewhere].map(Self::ConfirmApp));
        all.extend([Right, Wrong, Empty, Older, Others].map(Self::ConfirmPassword));
        all.extend([Right, Wrong, Empty, Older, Others].map(Self::ChangePassword));
        all.extend([
            Self::AskForCode,
            Self::Cancel,
            Self::SignOut,
            Self::AskForConfirmCode,
            Self::BeginApp,
            Self::RemoveApp,
            Self::AddMail,
            Self::RemoveMail,
            Self::NewCodes,
            Self::EndOthers,
            Self::TakeCookie(FLOW),
            Self::TakeCookie(TRUSTED),
            Self::OldSession,
            Self::OldFlow,
        ]);
        all
    }

    /// The name of the call, without its values.
    pub fn name(self) -> String {
        let text = format!("{self:?}");
        text.split(['(', ' ']).next().unwrap_or_default().to_owned()
    }

    /// What a browser must have for the call to lead anywhere: the cookie of this name.
    fn needs(self) -> Option<&'static str> {
        match self {
            Self::Answer { .. } | Self::Enrol(_) | Self::AskForCode | Self::Cancel => Some(FLOW),
            Self::ConfirmPassword(_)
            | Self::ConfirmFactor { .. }
            | Self::AskForConfirmCode
            | Self::ChangePassword(_)
            | Self::BeginApp
            | Self::ConfirmApp(_)
            | Self::RemoveApp
            | Self::AddMail
            | Self::RemoveMail
            | Self::NewCodes
            | Self::EndOthers
            | Self::SignOut => Some(SESSION),
            _ => None,
        }
    }

    /// The value that is sent, where there is one.
    fn value(self) -> Value {
        match self {
            Self::SignIn { value, .. }
            | Self::Answer { value, .. }
            | Self::Reset { value, .. }
            | Self::ConfirmFactor { value, .. }
            | Self::Enrol(value)
            | Self::ConfirmPassword(value)
            | Self::ChangePassword(value)
            | Self::ConfirmApp(value) => value,
            _ => Value::Right,
        }
    }

    /// Whether a state has what the call would send. A value that there is not is left out; a call without the cookie that it
    /// needs is tried in one state of sixteen, since it never leads anywhere.
    fn makes_sense(self, state: &State, by: usize, dice: u64) -> bool {
        let jar = &state.jars[by];
        let rare = dice.is_multiple_of(16);
        match self {
            Self::SignIn {
                value: Value::Older,
                who,
            } => state.truth.people[who].older.is_some(),
            Self::Reset {
                value: Value::Right,
                who,
            } => state
                .truth
                .links
                .iter()
                .any(|link| link.who == who && !link.spent),
            Self::Reset {
                value: Value::Older,
                who,
            } => state.truth.links.iter().any(|link| link.who == who && link.spent),
            Self::TakeCookie(name) => {
                let theirs = state.jars[(by + 1) % BROWSERS].get(name);
                theirs.is_some() && theirs != jar.get(name)
            }
            Self::OldSession => jar.old_session.is_some(),
            Self::OldFlow => jar.old_flow.is_some(),
            _ => self.needs().is_none_or(|name| jar.get(name).is_some()) || rare,
        }
    }

    /// In the first states every value is tried. Further on a value that is not right is tried in one state of so many, by
    /// turns: most of them only count a failure, and over all states each is tried in thousands.
    fn has_its_turn(self, state: &State, dice: u64) -> bool {
        self.value() == Value::Right || state.depth() < EXHAUSTIVE || dice.is_multiple_of(TURNS)
    }
}

/// What is tried in a state: every call of every browser, the clock's moves, and a look at a page or two. `dice` comes of
/// the state, so that over all states every page is looked at by everybody.
pub fn actions(state: &State, dice: u64) -> Vec<Action> {
    let mut actions = Vec::new();
    for by in 0..BROWSERS {
        let calls = Call::all().into_iter().enumerate();
        let tried = calls.filter(|(number, call)| {
            let dice = dice.wrapping_add(*number as u64);
            call.makes_sense(state, by, dice) && call.has_its_turn(state, dice >> 4)
        });
        actions.extend(tried.map(|(_, call)| Action { by, call }));
        let page = usize::try_from(dice >> 8).unwrap_or(0).wrapping_add(by * 3) % PAGES.len();
        actions.push(Action {
            by,
            call: Call::Look(PAGES[page]),
        });
    }
    if state.waits < MOST_WAITS {
        actions.extend(WAITS.map(|seconds| Action {
            by: 0,
            call: Call::Wait(seconds),
        }));
    }
    actions
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.call {
            Call::Wait(seconds) => write!(f, "{seconds} s go by"),
            call => write!(f, "browser {}: {call:?}", self.by),
        }
    }
}
