//! The numbers: every limit, the back-off of passwords, and both as the documentation prints them.

use std::fmt::Write as _;
use std::time::Duration;

use crate::platform::settings::{Key, Kind};

/// What a limit counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The address that the request came from: see [`address_key`].
    Address,
    /// The account, or the mail address that was typed, whether or not it is known.
    Account,
    /// One sign-up, sign-in or reset under way.
    Flow,
}

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// A short name in kebab case: part of the key in Redis, and a label of the metrics.
    pub name: &'static str,
    /// How many attempts are let through in one window, unless [`Limit::set_by`] says otherwise.
    pub max: u32,
    /// How long an attempt counts. Whole seconds.
    pub window: Duration,
    /// What is counted apart.
    pub by: By,
    /// The setting that changes [`Limit::max`]; `None`: nothing does. Only what counts by address has one: many people may share an address
    /// (RFC 6269 §13.1), and what protects one account is nobody's to loosen.
    pub set_by: Option<Key>,
    /// What it limits, and why: the documentation prints it.
    pub why: &'static str,
}

/// Signing in, and everything else that evaluates a password.
pub const SIGN_IN: Limit = Limit {
    name: "sign-in",
    max: 10,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::SignInLimit),
    why: "Attempts to sign in, and every other form that checks a password: guessing, and stolen lists of passwords.",
};

/// Signing up.
pub const SIGN_UP: Limit = Limit {
    name: "sign-up",
    max: 3,
    window: Duration::from_mins(5),
    by: By::Address,
    set_by: Some(Key::SignUpLimit),
    why: "Sign-ups: each one sends a mail to an address that somebody typed.",
};

/// Asking for a mail to reset a password, and setting the new one.
pub const RESET: Limit = Limit {
    name: "reset",
    max: 5,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::ResetLimit),
    why: "Requests to reset a password, and new passwords set by a link: each one may send a mail.",
};

/// Asking for a mail to reset the password of one account.
pub const RESET_MAIL: Limit = Limit {
    name: "reset-mail",
    max: 3,
    window: Duration::from_mins(10),
    by: By::Account,
    set_by: None,
    why: "Requests to reset the password of one account, known or not: filling somebody's inbox.",
};

/// Saying "this wasn't me" by the link of a notice.
pub const ALARM: Limit = Limit {
    name: "alarm",
    max: 10,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: None,
    why: "Answers to a notice by its link \"this wasn't me\", and to a recovery by its link that stops it: guessing links, and mails sent by them.",
};

/// Asking for the delayed way back, and setting a new password at its end.
pub const RECOVER: Limit = Limit {
    name: "recover",
    max: 5,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::RecoverLimit),
    why: "Requests to get back in without any factor, and new passwords set by their links: each one may send a mail.",
};

/// Asking for the delayed way back into one account.
pub const RECOVER_MAIL: Limit = Limit {
    name: "recover-mail",
    max: 3,
    window: Duration::from_mins(10),
    by: By::Account,
    set_by: None,
    why: "Requests to get back into one account, known or not: filling somebody's inbox.",
};

/// Asking for another mail address.
pub const CHANGE_EMAIL: Limit = Limit {
    name: "change-email",
    max: 3,
    window: Duration::from_mins(10),
    by: By::Account,
    set_by: None,
    why: "Requests to move an account to another mail address: each one sends a mail to an address that somebody typed.",
};

/// Setting up the first administrator.
pub const SETUP: Limit = Limit {
    name: "setup",
    max: 10,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: None,
    why: "Attempts to set up the first administrator: guessing the token of the set-up link.",
};

/// Accepting an invitation.
pub const INVITATION: Limit = Limit {
    name: "invitation",
    max: 10,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: None,
    why: "Invitations accepted: guessing the tokens of their links.",
};

/// Inviting people.
pub const INVITE: Limit = Limit {
    name: "invite",
    max: 20,
    window: Duration::from_hours(1),
    by: By::Account,
    set_by: None,
    why: "Forms that invite people, each for 50 addresses at most: mails to addresses that somebody typed.",
};

/// Typing a code, whichever flow it belongs to.
pub const CODE: Limit = Limit {
    name: "code",
    max: 30,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::CodeLimit),
    why: "Codes typed, over all sign-ups and sign-ins of one address: guessing codes of many people at once.",
};

/// Asking for the challenge of a passkey.
pub const PASSKEY: Limit = Limit {
    name: "passkey",
    max: 60,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::PasskeyLimit),
    why: "Challenges for passkeys: each one is a row for five minutes, and the sign-in page asks for one by itself.",
};

/// Typing a code after [`FREE_CODE_MISSES`] wrong ones in the same flow.
pub const CODE_RETRY: Limit = Limit {
    name: "code-retry",
    max: 1,
    window: Duration::from_secs(10),
    by: By::Flow,
    set_by: None,
    why: "Codes typed after the third wrong one: guessing one code. The database keeps the count of misses.",
};

/// Asking for the mail again.
pub const RESEND: Limit = Limit {
    name: "resend",
    max: 3,
    window: Duration::from_mins(10),
    by: By::Account,
    set_by: None,
    why: "Requests to send the mail again: filling somebody's inbox.",
};

/// Asking for a code as a second factor, by mail or by text message.
pub const FACTOR_CODE: Limit = Limit {
    name: "factor-code",
    max: 3,
    window: Duration::from_mins(10),
    by: By::Account,
    set_by: None,
    why: "Requests to send a code as a second factor, by mail or by text message: filling somebody's inbox, messages that cost, and fresh codes to guess at.",
};

/// Asking for a copy of one's data.
pub const EXPORT: Limit = Limit {
    name: "export",
    max: 3,
    window: Duration::from_hours(24),
    by: By::Account,
    set_by: None,
    why: "Copies of one's data: each one reads all of it, and sends a mail.",
};

/// Refusals in the console that are written into the audit.
pub const DENIED: Limit = Limit {
    name: "denied",
    max: 20,
    window: Duration::from_hours(1),
    by: By::Account,
    set_by: None,
    why: "Refusals for want of a permission that are written into the audit: filling it. The request is refused either way.",
};

/// Looks at accounts as their owners see them.
pub const VIEW: Limit = Limit {
    name: "view",
    max: 20,
    window: Duration::from_hours(1),
    by: By::Account,
    set_by: None,
    why: "Looks at people's accounts as they see them, by one operator: going through many of them, and filling an inbox with notices.",
};

/// Every request that may change something.
pub const UNSAFE: Limit = Limit {
    name: "unsafe",
    max: 120,
    window: Duration::from_mins(1),
    by: By::Address,
    set_by: Some(Key::UnsafeLimit),
    why: "All requests that may change something (POST, PUT, PATCH, DELETE): floods. Looking at pages is not limited.",
};

/// Every limit there is.
pub const LIMITS: &[Limit] = &[
    SIGN_IN,
    SIGN_UP,
    RESET,
    RESET_MAIL,
    RECOVER,
    RECOVER_MAIL,
    ALARM,
    CHANGE_EMAIL,
    SETUP,
    INVITATION,
    INVITE,
    CODE,
    CODE_RETRY,
    RESEND,
    FACTOR_CODE,
    PASSKEY,
    EXPORT,
    DENIED,
    VIEW,
    UNSAFE,
];

/// Wrong codes in one flow before [`CODE_RETRY`] applies.
pub const FREE_CODE_MISSES: u32 = 3;

/// Failed passwords in a row for one account (and known device) before [`back_off`] asks to wait.
pub const FREE_FAILURES: u32 = 4;

/// The longest wait of [`back_off`].
pub const LONGEST_BACK_OFF: Duration = Duration::from_mins(15);

/// Failures in a row after which a password is no longer accepted until it is set anew. NIST SP 800-63B-4, section
/// 3.2.2, allows at most 100 for one authenticator.
pub const HARD_STOP: u32 = 100;

/// How long to wait before the next attempt, counted from the last failure, after this many failures in a row:
/// nothing up to the fourth; from the fifth on 1 s, doubling with each one, 15 minutes at most.
///
/// A pure rule: the caller keeps the failures in the database (so neither a restart nor the loss of Redis resets
/// them), sets them back to 0 after a success, and asks [`is_stopped`] too.
pub fn back_off(failures: u32) -> Duration {
    let Some(doublings) = failures.checked_sub(FREE_FAILURES + 1) else {
        return Duration::ZERO;
    };
    let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(LONGEST_BACK_OFF)
}

/// True when so many failures in a row ([`HARD_STOP`]) lie behind this password that even the right one is refused.
pub fn is_stopped(failures: u32) -> bool {
    failures >= HARD_STOP
}

/// The table of limits and the back-off of accounts as Markdown, for docs/security/throttling.md.
pub fn as_markdown() -> String {
    let mut text = String::from(
        "| limit | allowed | can be set | counted by | what it limits |\n|---|---|---|---|---|\n",
    );
    for Limit {
        name,
        max,
        window,
        by,
        set_by,
        why,
    } in LIMITS
    {
        let range = match set_by.map(|key| (key, key.kind())) {
            Some((key, Kind::Number { least, most, .. })) => format!("`{}`, {least} to {most}", key.as_str()),
            _ => "no".to_owned(),
        };
        let by = match by {
            By::Address => "address",
            By::Account => "account",
            By::Flow => "flow",
        };
        let _ = writeln!(
            text,
            "| `{name}` | {max} in {} | {range} | {by} | {why} |",
            in_words(*window)
        );
    }
    text.push_str("\n| wrong passwords in a row | wait before the next attempt |\n|---|---|\n");
    let _ = writeln!(text, "| 1 to {FREE_FAILURES} | none |");
    let mut failures = FREE_FAILURES + 1;
    while back_off(failures) < LONGEST_BACK_OFF {
        let _ = writeln!(text, "| {failures} | {} |", in_words(back_off(failures)));
        failures += 1;
    }
    let _ = writeln!(
        text,
        "| {failures} to {} | {} |",
        HARD_STOP - 1,
        in_words(LONGEST_BACK_OFF)
    );
    let _ = writeln!(
        text,
        "| {HARD_STOP} | refused, also with the right password, until it is set anew |"
    );
    text
}

fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 3600 && seconds.is_multiple_of(3600) {
        format!("{} h", seconds / 3600)
    } else if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}
