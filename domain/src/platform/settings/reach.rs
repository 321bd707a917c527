//! What a change would do to people, in numbers, before it is saved.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::change::wanted;
use super::key::{Group, Key};
use super::rows::Rows;
use super::{SecondFactorRule, SessionTimes, Settings, SignUp};
use crate::authentication::session::lifetimes;
use crate::authorization::{Desk, May, right};
use crate::platform::db::{One, Tx};
use crate::{Result, sql};

/// Whom a change would reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Sessions that would end at once.
    pub sessions: i64,
    /// People who would have to add a second factor.
    pub without_factor: i64,
    /// People who would have to add a passkey.
    pub without_passkey: i64,
    /// People whose address could not sign up any more. They stay.
    pub outside: i64,
    /// People whose language would go.
    pub other_language: i64,
}

impl Reach {
    /// Whether it reaches anybody.
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

/// A change that is not saved yet.
#[derive(Debug)]
pub struct Preview {
    /// What would be another value, and which: the key, what holds, what would hold.
    pub values: Vec<(Key, String, String)>,
    /// Whom it would reach.
    pub reach: Reach,
}

/// What saving these would do. Each of the counts reads the table of people or of sessions once.
///
/// # Errors
/// Refused as [`save`](super::change::save) would be for what was typed.
pub async fn preview(desk: &Desk<'_>, group: Group, typed: &BTreeMap<Key, String>) -> Result<Preview> {
    desk.look(async |tx, _may: &May<right::SettingsWrite>| {
        let rows = Rows::read(tx).await?;
        let (now, became) = wanted(&desk.platform.config.pinned, &rows, (group, typed))?;
        let keys = Key::ALL.iter().copied();
        let values = keys
            .map(|key| (key, now.text(key), became.text(key)))
            .filter(|(_, was, becomes)| was != becomes);
        Ok(Preview {
            values: values.collect(),
            reach: of(tx, &now, &became).await?,
        })
    })
    .await
}

async fn of(tx: &mut Tx, now: &Settings, became: &Settings) -> Result<Reach> {
    let mut reach = Reach::default();
    if now.session != became.session {
        let (before, after) = (over(tx, &now.session).await?, over(tx, &became.session).await?);
        reach.sessions = (after - before).max(0);
    }
    match (now.second_factor.rule, became.second_factor.rule) {
        (SecondFactorRule::PasskeyOnly, _)
        | (SecondFactorRule::Required, SecondFactorRule::Required)
        | (_, SecondFactorRule::Off | SecondFactorRule::Optional) => {}
        (_, SecondFactorRule::PasskeyOnly) => reach.without_passkey = without_passkey(tx).await?,
        (_, SecondFactorRule::Required) => reach.without_factor = without_factor(tx).await?,
    }
    if became.sign_up == SignUp::Domains
        && (now.sign_up != SignUp::Domains || now.sign_up_domains != became.sign_up_domains)
    {
        reach.outside = outside(tx, became).await?;
    }
    for language in now
        .languages
        .all
        .iter()
        .filter(|language| !became.languages.has(**language))
    {
        reach.other_language += speaking(tx, language.tag()).await?;
    }
    Ok(reach)
}

/// How many of the sessions that are rows would be over with these times: as [`lifetimes`] and [`SignedIn::has_outlived`](crate::authentication::session::SignedIn::has_outlived) have it.
async fn over(tx: &mut Tx, times: &SessionTimes) -> Result<i64> {
    let now = tx.now();
    let ends = |remember, staff| -> (DateTime<Utc>, DateTime<Utc>) {
        let (idle, overall) = lifetimes(times, remember, staff);
        (now - idle, now - overall)
    };
    let ((stay_idle, stay), (plain_idle, plain)) = (ends(true, false), ends(false, false));
    let ((staff_stay_idle, staff_stay), (staff_idle, staff)) = (ends(true, true), ends(false, true));
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from sessions s join users u on u.id = s.user_id
         where s.expires_at > $1 and s.idle_expires_at > $1 and (
             (not u.staff and s.remember and (s.last_seen_at <= $2 or s.created_at <= $3))
             or (not u.staff and not s.remember and (s.last_seen_at <= $4 or s.created_at <= $5))
             or (u.staff and s.remember and (s.last_seen_at <= $6 or s.created_at <= $7))
             or (u.staff and not s.remember and (s.last_seen_at <= $8 or s.created_at <= $9)))",
        now, stay_idle, stay, plain_idle, plain, staff_stay_idle, staff_stay, staff_idle, staff)?;
    Ok(count)
}

/// People who can sign in, have no role, whose second factor is asked for anyway, and no factor.
async fn without_factor(tx: &mut Tx) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users u
         where u.locked_at is null and u.deactivated_at is null and u.erasing_as is null and not u.staff
             and not exists (select 1 from totps t where t.user_id = u.id)
             and not exists (select 1 from mail_factors m where m.user_id = u.id)
             and not exists (select 1 from phones n where n.user_id = u.id)
             and not exists (select 1 from passkeys p where p.user_id = u.id)")?;
    Ok(count)
}

/// People who can sign in, whose role does not ask for a passkey anyway, and who have none.
async fn without_passkey(tx: &mut Tx) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users u
         where u.locked_at is null and u.deactivated_at is null and u.erasing_as is null and not u.passkey_only
             and not exists (select 1 from passkeys p where p.user_id = u.id)")?;
    Ok(count)
}

/// People whose address is of none of the domains.
async fn outside(tx: &mut Tx, became: &Settings) -> Result<i64> {
    let mut listed = String::new();
    for domain in &became.sign_up_domains {
        listed.extend([",", domain.ascii(), ","]);
    }
    // No function that both databases share finds the `@`: what is left when every other letter is cut from the end is the part up to it.
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users u
         where u.deactivated_at is null and u.erasing_as is null
             and replace($1, ',' || substr(u.email_key, length(rtrim(u.email_key, replace(u.email_key, '@', ''))) + 1) || ',', '') = $1",
        listed)?;
    Ok(count)
}

/// People who have this language.
async fn speaking(tx: &mut Tx, tag: &str) -> Result<i64> {
    let (count,) = sql!(tx, fetch_one One<i64>,
        "select count(*) from users u where u.deactivated_at is null and u.erasing_as is null and u.locale = $1", tag)?;
    Ok(count)
}
