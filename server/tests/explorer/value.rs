//! Which value an action sends, and what a challenge is asked for.

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
    /// What is asked for, of a copy of the key: its counter stood still.
    Copied,
}

/// What a challenge for a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// To sign in with nothing else.
    SignIn,
    /// To give it as a second factor, at a sign-in in progress.
    Challenge,
    /// The same for whoever is signed in.
    Confirm,
    /// To add one.
    Add,
    /// A new one at the end of the way back, by its link.
    Recover,
}

impl Ceremony {
    pub const ALL: [Self; 5] = [
        Self::SignIn,
        Self::Challenge,
        Self::Confirm,
        Self::Add,
        Self::Recover,
    ];

    /// Where.
    pub fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/passkey/sign-in",
            Self::Challenge => "/passkey/challenge",
            Self::Confirm => "/passkey/confirm",
            Self::Add => "/passkey/add",
            Self::Recover => "/passkey/recover",
        }
    }
}
