//! Challenges: one purpose, one use, five minutes, one browser (WebAuthn level 3 §13.4.3).

use chrono::Duration;
use serde_json::Value;
use uuid::Uuid;

use super::ceremony::Question;
use crate::authentication::asker::Asker;
use crate::authentication::assurance::proven::UsedUp;
use crate::platform::db::Tx;
use crate::platform::keys::{PlainToken, TokenHash};
use crate::users::user::UserId;
use crate::{Code, Error, Result, sql};

/// How long a challenge may be answered.
pub const LIFE: Duration = Duration::minutes(5);

/// What a challenge is for: an answer to one is worth nothing as an answer to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in with nothing else.
    SignIn,
    /// To give it as a second factor, at a sign-in or at `/confirm`.
    Factor,
    /// To add one.
    Add,
    /// To sign up with one.
    SignUp,
    /// To set the server up with one.
    SetUp,
    /// To accept an invitation with one.
    Invitation,
    /// To make one in the middle of a sign-in.
    Enrol,
    /// To make one at the end of the delayed way back.
    Recover,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Factor => "factor",
            Self::Add => "add",
            Self::SignUp => "sign-up",
            Self::SetUp => "set-up",
            Self::Invitation => "invitation",
            Self::Enrol => "enrol",
            Self::Recover => "recover",
        }
    }
}

/// A ceremony that has begun: what the browser gets.
pub struct Begun {
    /// `publicKey` of the browser's call, as JSON.
    pub options: Value,
    /// For the cookie of ceremonies.
    pub browser: PlainToken,
}

/// What a challenge belongs to.
#[derive(Debug, Clone, Copy)]
pub(in crate::authentication) struct Bond {
    /// What it is for.
    pub purpose: Purpose,
    /// The sign-in, the session or the recovery; nil: none.
    pub holder: Uuid,
}

/// A challenge that was used up by this transaction.
pub(in crate::authentication) struct Taken {
    /// What the answer is checked against.
    pub state: String,
    /// That nobody else has it.
    pub used: UsedUp,
}

/// Keeps a challenge for this browser. One browser may have several: a page that waits for its autofill, and a button.
pub(in crate::authentication) async fn keep(
    tx: &mut Tx,
    bond: Bond,
    user: Option<UserId>,
    question: Question,
    asker: &Asker,
) -> Result<Begun> {
    let browser = match &asker.ceremony {
        Some(browser) => browser.clone(),
        None => PlainToken::generate(tx.entropy()),
    };
    let now = tx.now();
    sql!(tx, execute
        "insert into passkey_challenges (challenge_hash, purpose, browser_hash, holder_id, user_id, state, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        TokenHash::of(&question.challenge).as_bytes(), bond.purpose.as_str(), browser.hash().as_bytes(), bond.holder, user,
        question.state, now, now + LIFE)?;
    Ok(Begun {
        options: question.options,
        browser,
    })
}

/// Uses a challenge up, before its answer is looked at: of many answers at once, one is.
///
/// # Errors
/// Refused with [`Code::PasskeyOver`]: there is no such challenge, it was answered, it is too old, or it belongs to another
/// browser, sign-in, session or purpose.
pub(in crate::authentication) async fn take(
    tx: &mut Tx,
    bond: Bond,
    challenge: &[u8],
    asker: &Asker,
) -> Result<Taken> {
    let over = || Error::form(Code::PasskeyOver);
    let browser = asker.ceremony.as_ref().ok_or_else(over)?;
    let now = tx.now();
    let found = sql!(tx, fetch_optional (String, i64),
        "update passkey_challenges set consumed_at = $1
         where challenge_hash = $2 and browser_hash = $3 and purpose = $4 and holder_id = $5 and consumed_at is null
            and expires_at > $1
         returning state, cast(1 as bigint)",
        now, TokenHash::of(challenge).as_bytes(), browser.hash().as_bytes(), bond.purpose.as_str(), bond.holder)?;
    let (state, rows) = found.ok_or_else(over)?;
    let used = UsedUp::by(rows.unsigned_abs()).ok_or_else(over)?;
    Ok(Taken { state, used })
}
