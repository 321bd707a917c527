//! Looking at the settings in the console, changing them, and undoing a change.
//!
//! A form holds the settings of one [`Group`], and the number of the last change that it shows. Whoever saves after somebody else did is
//! told so, and nothing of theirs is written over.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::key::{Group, Key};
use super::rows::{ChangeRow, Rows};
use super::{Pinned, Settings, refresh};
use crate::audit::{Change as Changed, Entry, Event, Shown};
use crate::authentication::outlived;
use crate::authorization::give::one_at_a_time;
use crate::authorization::{Desk, May, right};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Code, Error, Fault, Field, Refusal, Result};

/// How many changes a page of the history shows.
pub const SHOWN: usize = 20;

/// The settings, as a page shows them.
#[derive(Debug)]
pub struct Overview {
    /// Each of them.
    pub states: Vec<State>,
    /// The changes, the newest first; at most [`SHOWN`].
    pub history: Vec<Change>,
    /// Where older changes begin, if there are any.
    pub older: Option<i64>,
}

/// One setting.
#[derive(Debug, Clone)]
pub struct State {
    /// Which.
    pub key: Key,
    /// What holds.
    pub value: String,
    /// What would hold if nobody had set it.
    pub default: &'static str,
    /// The operator set it: it can't be changed here.
    pub is_pinned: bool,
    /// What the console set is not what holds: the file says otherwise, or it does not fit the rest.
    pub is_aside: bool,
    /// Its last change.
    pub last: Option<Change>,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its number.
    pub version: i64,
    /// Of which setting.
    pub key: Key,
    /// What it was; none: the default.
    pub was: Option<String>,
    /// What it became; none: the default.
    pub became: Option<String>,
    /// Who did it, and their name; none: they are gone.
    pub by: Option<(UserId, String)>,
    /// When.
    pub at: DateTime<Utc>,
    /// Nothing has changed that setting since: it can be undone.
    pub is_last: bool,
}

impl Overview {
    /// The number of the last change in a group: what its form has seen.
    pub fn seen(&self, group: Group) -> i64 {
        let of_group = self.states.iter().filter(|state| state.key.group() == group);
        let versions = of_group.filter_map(|state| state.last.as_ref());
        versions.map(|change| change.version).max().unwrap_or(0)
    }
}

/// All settings, and the changes before one (`i64::MAX`: the newest).
pub async fn overview(desk: &Desk<'_>, before: i64) -> Result<Overview> {
    desk.look(async |tx, may: &May<right::SettingsRead>| look(tx, desk, may, before).await)
        .await
}

async fn look(
    tx: &mut Tx,
    desk: &Desk<'_>,
    _may: &May<right::SettingsRead>,
    before: i64,
) -> Result<Overview> {
    let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let last = ChangeRow::last(tx).await?;
    let mut page = ChangeRow::before(tx, before, limit + 1).await?;
    let has_more = page.len() > SHOWN;
    page.truncate(SHOWN);
    let older = page.last().map(|row| row.version).filter(|_| has_more);
    let rows = Rows::read(tx).await?.texts();
    let pinned = &desk.platform.config.pinned;
    let (settings, aside) = pinned.with(&rows)?;
    let history = page.into_iter().filter_map(|row| change(row, &last)).collect();
    let states = Key::ALL.iter().map(|key| State {
        key: *key,
        value: settings.text(*key),
        default: key.default_text(),
        is_pinned: pinned.has(*key),
        is_aside: aside.contains(key) || (pinned.has(*key) && rows.contains_key(key)),
        last: last
            .iter()
            .find(|row| row.key == key.as_str())
            .and_then(|row| change(row.clone(), &last)),
    });
    Ok(Overview {
        states: states.collect(),
        history,
        older,
    })
}

/// `None`: of a setting that this version does not have.
fn change(row: ChangeRow, last: &[ChangeRow]) -> Option<Change> {
    Some(Change {
        key: Key::parse(&row.key)?,
        is_last: last.iter().any(|other| other.version == row.version),
        version: row.version,
        was: row.was,
        became: row.became,
        by: row.changed_by.zip(row.name),
        at: row.changed_at,
    })
}

/// Changes the settings of a group to what was typed; what is not among it stays. `seen` is the last change that the form shows. Returns
/// how many changed.
///
/// # Errors
/// Refused with one fault per setting that is wrong, [`Code::SettingPinned`] for one that the operator set, or
/// [`Code::ChangedMeanwhile`].
pub async fn save(
    desk: &Desk<'_>,
    (group, seen): (Group, i64),
    typed: &BTreeMap<Key, String>,
) -> Result<usize> {
    save_with(desk, (group, seen), typed, async |_tx| Ok(())).await
}

/// The same, with what belongs to it in the same transaction.
pub(super) async fn save_with(
    desk: &Desk<'_>,
    (group, seen): (Group, i64),
    typed: &BTreeMap<Key, String>,
    also: impl AsyncFnOnce(&mut Tx) -> Result<()>,
) -> Result<usize> {
    if group == Group::Sessions {
        // Whoever may not do it ends nothing.
        desk.look(async |_tx, _may: &May<right::SettingsWrite>| Ok(()))
            .await?;
        before_other_times(desk.platform).await?;
    }
    let changed = desk
        .change(async |tx, may: &May<right::SettingsWrite>| {
            one_at_a_time(tx).await?;
            for key in group.keys() {
                if ChangeRow::last_of(tx, key).await? > seen {
                    return Err(Error::form(Code::ChangedMeanwhile));
                }
            }
            let rows = Rows::read(tx).await?;
            rows.check_seen(seen)?;
            let (now, became) = wanted(&desk.platform.config.pinned, &rows, (group, typed))?;
            also(tx).await?;
            write(tx, desk, may, rows, (&now, &became)).await
        })
        .await?;
    refresh(desk.platform).await?;
    if group == Group::Sessions {
        outlived::sweep(desk.platform, outlived::AFTER_A_CHANGE).await?;
    }
    Ok(changed)
}

/// What is over by now is deleted before the times of sessions become others: nothing of it may come back, nor by a copy. What falls due
/// until the transaction of the change is left to that ([`write`]).
async fn before_other_times(platform: &Platform) -> Result<()> {
    outlived::fence_off(platform).await?;
    outlived::sweep(platform, usize::MAX).await
}

/// What holds, and what would hold with what was typed into the form of a group.
///
/// # Errors
/// As [`save`] is refused for what was typed.
pub(super) fn wanted(
    pinned: &Pinned,
    rows: &Rows,
    (group, typed): (Group, &BTreeMap<Key, String>),
) -> Result<(Settings, Settings)> {
    let (now, aside) = pinned.with(&rows.texts())?;
    let mut wanted = rows.texts();
    wanted.retain(|key, _| !aside.contains(key));
    for (key, text) in typed.iter().filter(|(key, _)| key.group() == group) {
        if pinned.has(*key) {
            if text.trim() != now.text(*key) {
                return Err(Error::field(Field::Setting(*key), Code::SettingPinned));
            }
            continue;
        }
        wanted.insert(*key, text.trim().to_owned());
    }
    let (became, faults) = pinned.read(&wanted);
    let became = became.filter(|_| faults.is_empty()).ok_or_else(|| {
        let faults = faults.iter().map(|(key, code)| Fault {
            field: Some(Field::Setting(*key)),
            code: *code,
        });
        Error::Refused(Refusal {
            faults: faults.collect(),
            ..refusal_with(&wanted)
        })
    })?;
    Ok((now, became))
}

/// The nearest colour that works, for one that doesn't.
fn refusal_with(wanted: &BTreeMap<Key, String>) -> Refusal {
    let colour = wanted.get(&Key::AccentColor);
    Refusal {
        nearest: colour.and_then(|text| super::Accent::nearest(text)),
        ..Refusal::default()
    }
}

/// Undoes the last change of a setting: it becomes what it was before. That is a change as well, and can be undone itself.
///
/// # Errors
/// Refused with [`Code::ChangedMeanwhile`] when the setting was changed since, [`Code::SettingPinned`], or what is wrong with it now.
pub async fn undo(desk: &Desk<'_>, version: i64) -> Result<()> {
    let pinned = &desk.platform.config.pinned;
    let is_of_sessions = desk
        .look(async |tx, _may: &May<right::SettingsWrite>| {
            let row = ChangeRow::find(tx, version).await?;
            let key = row.and_then(|row| Key::parse(&row.key));
            Ok(key.is_some_and(|key| key.group() == Group::Sessions))
        })
        .await?;
    if is_of_sessions {
        before_other_times(desk.platform).await?;
    }
    desk.change(async |tx, may: &May<right::SettingsWrite>| {
        one_at_a_time(tx).await?;
        let rows = Rows::read(tx).await?;
        let (now, became) = undone(tx, pinned, &rows, version).await?;
        write(tx, desk, may, rows, (&now, &became)).await.map(drop)
    })
    .await?;
    refresh(desk.platform).await?;
    if is_of_sessions {
        outlived::sweep(desk.platform, outlived::AFTER_A_CHANGE).await?;
    }
    Ok(())
}

/// What holds, and what would hold without a change.
///
/// # Errors
/// As [`undo`] is refused.
pub(super) async fn undone(
    tx: &mut Tx,
    pinned: &Pinned,
    rows: &Rows,
    version: i64,
) -> Result<(Settings, Settings)> {
    let row = ChangeRow::find(tx, version).await?;
    let change = row.and_then(|row| Some((Key::parse(&row.key)?, row.was)));
    let (key, was) = change.ok_or_else(|| Error::form(Code::Malformed))?;
    if ChangeRow::last_of(tx, key).await? != version {
        return Err(Error::form(Code::ChangedMeanwhile));
    }
    if pinned.has(key) {
        return Err(Error::form(Code::SettingPinned));
    }
    let (now, aside) = pinned.with(&rows.texts())?;
    let mut wanted = rows.texts();
    wanted.retain(|key, _| !aside.contains(key));
    match was {
        Some(was) => wanted.insert(key, was),
        None => wanted.remove(&key),
    };
    match pinned.read(&wanted) {
        (Some(became), faults) if faults.is_empty() => Ok((now, became)),
        (_, faults) => {
            let code = faults.first().map_or(Code::Unexpected, |(_, code)| *code);
            Err(Error::form(code))
        }
    }
}

/// Writes what differs, and one row of the audit with it. Where the times of sessions do, what is over by those that held until now ends for
/// good: see [`outlived`].
async fn write(
    tx: &mut Tx,
    desk: &Desk<'_>,
    may: &May<right::SettingsWrite>,
    mut rows: Rows,
    (now, became): (&Settings, &Settings),
) -> Result<usize> {
    let pinned = &desk.platform.config.pinned;
    let mut values = Vec::new();
    for key in Key::ALL.iter().copied().filter(|key| !pinned.has(*key)) {
        let value = became.text(key);
        let set = (value != key.default_text()).then_some(value.as_str());
        // What was put aside and is not set anew goes with this.
        if set == rows.value(key) {
            continue;
        }
        rows.change(tx, may.actor, key, set).await?;
        values.push((key, now.text(key), value));
    }
    let changes: Vec<Changed<'_>> = values
        .iter()
        .map(|(key, was, became)| Changed {
            field: Shown::Setting(*key),
            was: Some(was),
            became: Some(became),
        })
        .collect();
    if now.session != became.session {
        outlived::end(tx, &now.session, i64::MAX).await?;
    }
    if !changes.is_empty() {
        let entry = Entry::by(Event::SettingsChanged, may.actor, desk.origin).changing(&changes);
        tx.audit(entry).await?;
    }
    Ok(values.len())
}
