//! What an action proves.

use chrono::{DateTime, Utc};

use super::keys::Kind;
use super::truth::Factor;

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
    /// A passkey that verified its holder, at the door.
    Passkey {
        who: usize,
        kind: Kind,
        challenge: String,
    },
    /// A new passkey, in a session.
    Added {
        session: String,
        who: usize,
        kind: Kind,
        challenge: String,
    },
    /// A form that this browser sent a moment before, once more.
    Repeated { session: String, made_codes: bool },
    /// The code that was sent to a telephone, in the session that asked for it.
    Phone {
        session: String,
        who: usize,
        code: String,
    },
    /// The link at the end of a recovery's wait, with a passkey that verified its holder.
    Remade {
        who: usize,
        kind: Kind,
        challenge: String,
    },
    /// The link to a new address, and the one that gives the old address back.
    Moved { who: usize, token: String },
    MovedBack {
        who: usize,
        token: String,
        asked: DateTime<Utc>,
    },
    /// The mailbox of a sign-up; which of the new person's passwords counts.
    Arrived { sign_up: String, password: usize },
    /// The link of the set-up.
    SetUp { who: usize, password: usize },
    /// The link at the end of a recovery's wait.
    Recovered { who: usize },
    /// The link that stops a recovery, or a session of its person.
    Stopped { who: usize },
    /// The link of a notice that was written then.
    Alarm {
        who: usize,
        token: String,
        at: DateTime<Utc>,
    },
}

impl Claim {
    /// Whose way back came to its end by this.
    pub fn recovered(&self) -> Option<usize> {
        match self {
            Self::Recovered { who } | Self::Remade { who, .. } => Some(*who),
            _ => None,
        }
    }
}
