//! The values that are sent: passwords, codes of second factors, keys of apps. They are made of the truth and of nothing else.

use chrono::{DateTime, Utc};

use super::action::Value;
use super::truth::{Factor, Truth, Way, app_code, step_at};
use super::typed::{PASSWORDS, other};

const NOBODYS_PASSWORD: &str = "not the password of anybody here";

pub fn password(truth: &Truth, who: usize, value: Value) -> String {
    let of = |who: usize, which: usize| PASSWORDS[who][which].to_owned();
    let other = other(who);
    match value {
        Value::Right => of(who, truth.people[who].password),
        Value::Older => truth.people[who]
            .older
            .map_or_else(String::new, |older| of(who, older)),
        Value::Others => of(other, truth.people[other].password),
        Value::Empty => String::new(),
        Value::Wrong | Value::Elsewhere | Value::Copied => NOBODYS_PASSWORD.to_owned(),
    }
}

/// A code for a second factor of `who` in a flow or a session.
pub fn factor_code(
    truth: &Truth,
    who: usize,
    holder: &str,
    factor: Factor,
    value: Value,
    now: DateTime<Utc>,
) -> String {
    let other = other(who);
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
        (Factor::Sms | Factor::Mail, Value::Right) => mailed(truth, |mailed| {
            mailed.holder == holder && mailed.way == way(factor) && !mailed.spent
        }),
        (Factor::Sms | Factor::Mail, Value::Older) => mailed(truth, |mailed| {
            mailed.who == who && mailed.way == way(factor) && mailed.spent
        }),
        (Factor::Sms | Factor::Mail, Value::Others) => mailed(truth, |mailed| mailed.who == other),
        // Of another flow, or by another way.
        (Factor::Sms | Factor::Mail, Value::Elsewhere) => mailed(truth, |mailed| {
            mailed.who == who && (mailed.holder != holder || mailed.way != way(factor))
        }),
        (Factor::Recovery, Value::Right) => recovery(truth, who, false),
        (Factor::Recovery, Value::Older) => recovery(truth, who, true),
        (Factor::Recovery, Value::Others) => recovery(truth, other, false),
        (_, Value::Wrong | Value::Copied) | (Factor::Passkey(_), _) => None,
    };
    found.unwrap_or_else(|| "135790".to_owned())
}

/// By which way the codes of a factor go out.
fn way(factor: Factor) -> Way {
    if factor == Factor::Sms {
        Way::Sms
    } else {
        Way::Mail
    }
}

/// The code for a telephone that a session adds.
pub fn phone_code(truth: &Truth, who: usize, holder: &str, value: Value) -> String {
    let new = |mailed: &super::truth::Mailed| mailed.way == Way::NewPhone;
    let found = match value {
        Value::Empty => Some(String::new()),
        Value::Right => mailed(truth, |mailed| {
            new(mailed) && mailed.holder == holder && !mailed.spent
        }),
        Value::Older => mailed(truth, |mailed| new(mailed) && mailed.who == who && mailed.spent),
        Value::Others => mailed(truth, |mailed| new(mailed) && mailed.who != who),
        // A code of a second factor, or of another session.
        Value::Elsewhere => mailed(truth, |mailed| {
            mailed.who == who && (!new(mailed) || mailed.holder != holder)
        }),
        Value::Wrong | Value::Copied => None,
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
pub fn key(truth: &Truth, own: Option<&str>, value: Value) -> Option<String> {
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

pub fn code_of_key(key: Option<&str>, value: Value, now: DateTime<Utc>) -> String {
    match (key, value) {
        (_, Value::Empty) => String::new(),
        (Some(key), _) => app_code(key, step_at(now)),
        (None, _) => "135790".to_owned(),
    }
}
