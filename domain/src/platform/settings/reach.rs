//! What a change would do to people, in numbers, before it is saved.

use std::collections::BTreeMap;

use super::change::{undone, wanted};
use super::key::{Group, Key};
use super::rows::Rows;
use super::{SecondFactorRule, Settings, SignUp};
use crate::authentication::outlived;
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
/// Refused as [`save`](super::change::save) would be for what was typed, or with [`Code::Malformed`](crate::Code::Malformed) for a `seen`
/// that nobody can have seen.
pub async fn preview(
    desk: &Desk<'_>,
    (group, seen): (Group, i64),
    typed: &BTreeMap<Key, String>,
) -> Result<Preview> {
    desk.look(async |tx, _may: &May<right::SettingsWrite>| {
        let rows = Rows::read(tx).await?;
        rows.check_seen(seen)?;
        let (now, became) = wanted(&desk.platform.config.pinned, &rows, (group, typed))?;
        compare(tx, &now, &became).await
    })
    .await
}

/// What undoing a change would do.
///
/// # Errors
/// Refused as [`undo`](super::change::undo) would be.
pub async fn preview_undo(desk: &Desk<'_>, version: i64) -> Result<Preview> {
    desk.look(async |tx, _may: &May<right::SettingsWrite>| {
        let rows = Rows::read(tx).await?;
        let (now, became) = undone(tx, &desk.platform.config.pinned, &rows, version).await?;
        compare(tx, &now, &became).await
    })
    .await
}

async fn compare(tx: &mut Tx, now: &Settings, became: &Settings) -> Result<Preview> {
    let keys = Key::ALL.iter().copied();
    let values = keys
        .map(|key| (key, now.text(key), became.text(key)))
        .filter(|(_, was, becomes)| was != becomes);
    Ok(Preview {
        values: values.collect(),
        reach: of(tx, now, became).await?,
    })
}

async fn of(tx: &mut Tx, now: &Settings, became: &Settings) -> Result<Reach> {
    let mut reach = Reach::default();
    if now.session != became.session {
        let (before, after) = (
            outlived::count(tx, &now.session).await?,
            outlived::count(tx, &became.session).await?,
        );
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
