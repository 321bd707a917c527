//! What can be done. **To add a call**: a variant of [`Call`] here, its place in [`Call::all`], its request in `typed.rs`, and
//! in `oracle.rs` what it may change.

use std::fmt;

use super::keys::Kind;
use super::state::{BROWSERS, CEREMONY, FLOW, PENDING, SESSION, State, TRUSTED};
use super::truth::{Factor, Way};
use super::typed::{NEW, other};
pub use super::value::{Ceremony, Value};

/// One browser does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    pub by: usize,
    pub call: Call,
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
    /// A code by this factor's way.
    AskForCode(Factor),
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
    AskForConfirmCode(Factor),
    ChangePassword(Value),
    BeginApp,
    ConfirmApp(Value),
    RemoveApp,
    AddMail,
    RemoveMail,
    /// Has a code sent to one's telephone.
    BeginPhone,
    ConfirmPhone(Value),
    RemovePhone,
    NewCodes,
    EndOthers,
    /// Asks for a challenge.
    AskPasskey(Ceremony),
    PasskeySignIn {
        who: usize,
        kind: Kind,
        value: Value,
    },
    AddPasskey {
        kind: Kind,
        value: Value,
    },
    RemovePasskey {
        kind: Kind,
        value: Value,
    },
    /// Has lost everything.
    Recover {
        who: usize,
    },
    FinishRecovery {
        who: usize,
        value: Value,
    },
    /// With a new passkey in the place of a password.
    FinishByPasskey {
        who: usize,
        kind: Kind,
        value: Value,
    },
    /// By the link.
    CancelRecovery {
        who: usize,
        value: Value,
    },
    /// By whoever is signed in.
    StopRecovery,
    /// "This wasn't me".
    NotMe {
        who: usize,
        value: Value,
    },
    /// Wants another address.
    ChangeEmail(Value),
    /// The link at the new address, and the one at the old.
    ConfirmMove {
        who: usize,
        value: Value,
    },
    UndoMove {
        who: usize,
        value: Value,
    },
    /// Somebody new.
    SignUp(Value),
    VerifyLink(Value),
    VerifyCode(Value),
    /// The first administrator.
    SetUp {
        who: usize,
        value: Value,
    },
    /// Not a request: what the leading server does every few minutes.
    Round,
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
pub const PAGES: [&str; 12] = [
    "/api/v1/session",
    "/sign-in/challenge",
    "/confirm",
    "/account",
    "/account/security",
    "/account/security/recovery-codes",
    "/account/sessions",
    "/reset-password",
    "/account/security/passkey",
    "/recover/finish",
    "/confirm-email",
    "/undo-email",
];

/// Up to which depth every value is tried in every state; and of how many states further on one tries a given value.
const EXHAUSTIVE: usize = 2;
const TURNS: u64 = 12;
/// How often the clock may move on one path.
const MOST_WAITS: u8 = 3;
/// The next step of an app; within the ten minutes of a proof, and past them if twice; past a code by mail; past a sign-in
/// in progress; past a link and an idle session; past the wait of a recovery.
const WAITS: [i64; 6] = [30, 360, 660, 960, 3660, 259_200];

impl Call {
    /// Every call, with every value that makes sense of it.
    pub fn all() -> Vec<Self> {
        use Value::{Elsewhere, Empty, Older, Others, Right, Wrong};
        let mut all = Vec::new();
        for who in 0..2 {
            all.extend([Right, Wrong, Empty, Older, Others].map(|value| Self::SignIn { who, value }));
            all.push(Self::Forgot { who });
            all.extend([Right, Wrong, Empty, Older, Elsewhere].map(|value| Self::Reset { who, value }));
        }
        for factor in Factor::ALL {
            all.push(Self::Answer {
                factor,
                value: Right,
                trust: true,
            });
            for value in [Right, Wrong, Empty, Older, Others, Elsewhere] {
                // What no field holds is refused before it is told by which way it should have come.
                if factor == Factor::Sms && value == Empty {
                    continue;
                }
                all.push(Self::Answer {
                    factor,
                    value,
                    trust: false,
                });
                all.push(Self::ConfirmFactor { factor, value });
            }
        }
        let (factor, value) = (Factor::Passkey(Kind::Key), Value::Copied);
        let trust = false;
        all.extend([
            Self::Answer { factor, value, trust },
            Self::ConfirmFactor { factor, value },
        ]);
        all.extend(Ceremony::ALL.map(Self::AskPasskey));
        for kind in Kind::ALL {
            for value in [Right, Wrong, Empty, Older, Others, Elsewhere] {
                all.extend((0..2).map(|who| Self::PasskeySignIn { who, kind, value }));
                all.push(Self::AddPasskey { kind, value });
            }
            all.extend([Right, Wrong, Others].map(|value| Self::RemovePasskey { kind, value }));
        }
        for who in 0..2 {
            all.push(Self::Recover { who });
            for value in [Right, Wrong, Empty, Older, Others, Elsewhere] {
                all.push(Self::FinishRecovery { who, value });
            }
            all.extend([Right, Wrong, Older, Elsewhere].map(|value| Self::CancelRecovery { who, value }));
            all.extend([Right, Wrong, Empty, Older, Elsewhere].map(|value| Self::NotMe { who, value }));
            for value in [Right, Wrong, Older, Others, Elsewhere] {
                let kind = Kind::Phone;
                all.push(Self::FinishByPasskey { who, kind, value });
            }
            let (kind, value) = (Kind::Key, Right);
            all.push(Self::FinishByPasskey { who, kind, value });
            all.extend([Right, Wrong, Empty, Older, Elsewhere].map(|value| Self::ConfirmMove { who, value }));
            all.extend([Right, Wrong, Empty, Older, Elsewhere].map(|value| Self::UndoMove { who, value }));
        }
        all.extend([Right, Older].map(|value| Self::SignIn { who: NEW, value }));
        all.extend([Right, Wrong, Empty, Others].map(Self::ChangeEmail));
        all.extend([Right, Wrong, Empty, Older, Others, Elsewhere].map(Self::ConfirmPhone));
        all.extend([Right, Wrong, Empty, Others].map(Self::SignUp));
        all.extend([Right, Wrong, Empty, Older, Elsewhere].map(Self::VerifyLink));
        all.extend([Right, Wrong, Empty, Older, Elsewhere].map(Self::VerifyCode));
        for who in [0, NEW] {
            all.extend([Right, Wrong, Empty, Older, Elsewhere].map(|value| Self::SetUp { who, value }));
        }
        for factor in [Factor::Mail, Factor::Sms] {
            all.extend([Self::AskForCode(factor), Self::AskForConfirmCode(factor)]);
        }
        all.extend([Self::BeginPhone, Self::RemovePhone]);
        all.extend([Self::StopRecovery, Self::Round]);
        all.extend([Right, Wrong, Empty, Others, Elsewhere].map(Self::Enrol));
        all.extend([Right, Wrong, Empty, Others, Elsewhere].map(Self::ConfirmApp));
        all.extend([Right, Wrong, Empty, Older, Others].map(Self::ConfirmPassword));
        all.extend([Right, Wrong, Empty, Older, Others].map(Self::ChangePassword));
        all.extend([
            Self::Cancel,
            Self::SignOut,
            Self::BeginApp,
            Self::RemoveApp,
            Self::AddMail,
            Self::RemoveMail,
            Self::NewCodes,
            Self::EndOthers,
            Self::TakeCookie(FLOW),
            Self::TakeCookie(TRUSTED),
            Self::TakeCookie(CEREMONY),
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

    /// The name with what else tells calls apart that have a way of their own.
    pub fn label(self) -> String {
        match self {
            Self::Answer { factor, .. }
            | Self::ConfirmFactor { factor, .. }
            | Self::AskForCode(factor)
            | Self::AskForConfirmCode(factor) => {
                format!("{} {factor:?}", self.name())
            }
            Self::AskPasskey(_) | Self::TakeCookie(_) => format!("{self:?}"),
            Self::PasskeySignIn { kind, .. }
            | Self::AddPasskey { kind, .. }
            | Self::FinishByPasskey { kind, .. } => {
                format!("{} {kind:?}", self.name())
            }
            _ => self.name(),
        }
    }

    /// Whether it is sent with what is asked for, and then must be accepted by somebody somewhere. A key that verifies nobody
    /// never lets in alone.
    pub fn is_honest(self) -> bool {
        let is_alone = matches!(self, Self::PasskeySignIn { kind, .. } | Self::FinishByPasskey { kind, .. }
            if !kind.verifies());
        self.value() == Value::Right && !is_alone
    }

    /// Whether the server has a part in it.
    pub fn is_request(self) -> bool {
        !matches!(
            self,
            Self::TakeCookie(_) | Self::OldSession | Self::OldFlow | Self::Wait(_)
        )
    }

    /// What a browser must have for the call to lead anywhere: the cookie of this name.
    fn needs(self) -> Option<&'static str> {
        match self {
            Self::Answer { .. }
            | Self::Enrol(_)
            | Self::AskForCode(_)
            | Self::Cancel
            | Self::AskPasskey(Ceremony::Challenge) => Some(FLOW),
            Self::PasskeySignIn { .. } | Self::FinishByPasskey { .. } => Some(CEREMONY),
            Self::VerifyCode(_) => Some(PENDING),
            Self::ConfirmPassword(_)
            | Self::ConfirmFactor { .. }
            | Self::AskForConfirmCode(_)
            | Self::BeginPhone
            | Self::ConfirmPhone(_)
            | Self::RemovePhone
            | Self::ChangeEmail(_)
            | Self::ChangePassword(_)
            | Self::BeginApp
            | Self::ConfirmApp(_)
            | Self::RemoveApp
            | Self::AddMail
            | Self::RemoveMail
            | Self::NewCodes
            | Self::EndOthers
            | Self::AskPasskey(Ceremony::Confirm | Ceremony::Add)
            | Self::AddPasskey { .. }
            | Self::RemovePasskey { .. }
            | Self::StopRecovery
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
            | Self::PasskeySignIn { value, .. }
            | Self::AddPasskey { value, .. }
            | Self::RemovePasskey { value, .. }
            | Self::FinishRecovery { value, .. }
            | Self::CancelRecovery { value, .. }
            | Self::NotMe { value, .. }
            | Self::FinishByPasskey { value, .. }
            | Self::ConfirmMove { value, .. }
            | Self::UndoMove { value, .. }
            | Self::SetUp { value, .. }
            | Self::ConfirmPhone(value)
            | Self::ChangeEmail(value)
            | Self::SignUp(value)
            | Self::VerifyLink(value)
            | Self::VerifyCode(value)
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
        if !self.is_for(state, by) {
            return false;
        }
        let truth = &state.truth;
        match self {
            Self::Answer {
                factor: Factor::Sms, ..
            }
            | Self::ConfirmFactor {
                factor: Factor::Sms, ..
            }
            | Self::AskForCode(Factor::Sms)
            | Self::AskForConfirmCode(Factor::Sms)
            | Self::RemovePhone
                if !truth.people.iter().any(|one| one.phone) =>
            {
                rare
            }
            Self::ConfirmPhone(_) if !truth.mailed.iter().any(|one| one.way == Way::NewPhone) => rare,
            Self::ConfirmMove { who, .. } | Self::UndoMove { who, .. }
                if !truth.moves.iter().any(|one| one.who == who) =>
            {
                rare && dice.is_multiple_of(64)
            }
            Self::SignUp(_) if truth.people[NEW].exists() => rare,
            Self::VerifyLink(_) | Self::VerifyCode(_) if truth.sign_ups.is_empty() => {
                rare && dice.is_multiple_of(64)
            }
            Self::SetUp { .. } if truth.set_up.is_none() => rare && dice.is_multiple_of(64),
            Self::FinishByPasskey {
                who,
                kind,
                value: Value::Others,
            } => truth.people[other(who)].passkeys.contains_key(&kind),
            Self::FinishByPasskey { .. } | Self::AskPasskey(Ceremony::Recover)
                if truth.newest_way_back().is_none() =>
            {
                rare && dice.is_multiple_of(64)
            }
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
            // A device that is nobody's yet would be the maker's, and rightly so.
            Self::AddPasskey {
                kind,
                value: Value::Others,
            } => {
                let session = state.truth.session(jar.get(SESSION));
                session.is_some_and(|(_, session)| {
                    let theirs = &state.truth.people[other(session.who)];
                    theirs.passkeys.contains_key(&kind)
                })
            }
            // Nothing to send: no challenge, no such passkey, no such link.
            Self::Answer {
                factor: Factor::Passkey(_),
                ..
            }
            | Self::ConfirmFactor {
                factor: Factor::Passkey(_),
                ..
            }
            | Self::PasskeySignIn { .. }
            | Self::AddPasskey { .. }
                if state.truth.challenges.is_empty() =>
            {
                rare
            }
            Self::RemovePasskey { .. } if state.truth.people.iter().all(|one| one.passkeys.is_empty()) => {
                rare
            }
            Self::FinishRecovery { who, .. } | Self::CancelRecovery { who, .. }
                if !state.truth.recoveries.iter().any(|one| one.who == who) =>
            {
                rare
            }
            Self::StopRecovery if state.truth.recoveries.is_empty() => rare,
            Self::NotMe {
                who,
                value: Value::Right,
            } => state.truth.alarms.iter().any(|one| one.who == who && !one.spent),
            Self::Round => by == 0 && state.truth.recoveries.iter().any(|one| !one.over),
            Self::TakeCookie(name) => {
                let theirs = state.jars[(by + 1) % BROWSERS].get(name);
                theirs.is_some() && theirs != jar.get(name)
            }
            Self::OldSession => jar.old_session.is_some(),
            Self::OldFlow => jar.old_flow.is_some(),
            _ => self.needs().is_none_or(|name| jar.get(name).is_some()) || rare,
        }
    }

    /// What somebody new does in their account is what others do there: they go as far as into it, and out again.
    fn is_for(self, state: &State, by: usize) -> bool {
        let (truth, jar) = (&state.truth, &state.jars[by]);
        match (self, self.needs()) {
            (Self::SignOut | Self::ConfirmPassword(_) | Self::Cancel | Self::Enrol(_), _) => true,
            (_, Some(SESSION)) => truth
                .session(jar.get(SESSION))
                .is_none_or(|(_, one)| one.who != NEW),
            (_, Some(FLOW)) => {
                let flow = jar.get(FLOW).and_then(|token| truth.flows.get(token));
                flow.is_none_or(|flow| flow.who != NEW)
            }
            _ => true,
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
