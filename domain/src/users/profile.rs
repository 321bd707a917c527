//! What a person says of themselves: name, time zone, language.

use crate::audit::{Change, Entry, Event, Shown};
use crate::authentication::asker::Asker;
use crate::authentication::session::{SignedIn, fence, fence_person, late_hashes};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::directory;
use crate::users::name::Name;
use crate::users::time_zone::TimeZone;
use crate::users::user::{User, UserId};
use crate::words::{Language, Offered};
use crate::{Code, Error, Faults, Field, Result, sql};

/// What came with the form.
pub struct Typed {
    /// As typed.
    pub name: String,
    /// The name of a zone; empty for the browser's.
    pub time_zone: String,
    /// The tag of a language of the catalog.
    pub language: String,
}

/// The same, checked.
pub(super) struct Profile {
    name: Name,
    time_zone: Option<TimeZone>,
    language: Language,
}

/// Writes the profile of whoever is signed in. Their sessions on every device show it with the next request.
///
/// # Errors
/// Refused with one fault per field, or [`Code::SignedOut`] when the account is no longer open.
pub async fn save(platform: &Platform, session: &SignedIn, typed: &Typed, asker: &Asker) -> Result<()> {
    let profile = Profile::read(typed, &platform.settings().languages)?;
    let user = session.user_id;
    let fenced = fence_person(platform, user).await?;
    let late = platform
        .db
        .write(async |tx| {
            let before = User::by_id(tx, user)
                .await?
                .ok_or_else(|| Error::form(Code::SignedOut))?;
            let changed = profile.differences(&before).join(" ");
            if changed.is_empty() {
                return Ok(Vec::new());
            }
            if !profile.write(tx, user).await? {
                return Err(Error::form(Code::SignedOut));
            }
            tx.audit(
                Entry::own(Event::ProfileChanged, user, &asker.origin)
                    .in_session(session.session_id)
                    .with(&[("changed", &changed)])
                    .changing(&profile.changes(&before)),
            )
            .await?;
            late_hashes(tx, user, &fenced).await
        })
        .await?;
    fence(platform, &late).await;
    Ok(())
}

impl Profile {
    pub(super) fn read(typed: &Typed, languages: &Offered) -> Result<Self> {
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, Name::parse(&typed.name));
        let time_zone = match typed.time_zone.as_str() {
            "" => Some(None),
            zone => faults.check(Field::TimeZone, TimeZone::parse(zone).map(Some)),
        };
        let language = languages.parse(&typed.language).ok_or(Code::LanguageUnknown);
        let language = faults.check(Field::Language, language);
        let (Some(name), Some(time_zone), Some(language)) = (name, time_zone, language) else {
            return Err(faults.into_error());
        };
        Ok(Self {
            name,
            time_zone,
            language,
        })
    }

    fn zone_name(&self) -> Option<&'static str> {
        self.time_zone.map(TimeZone::name)
    }

    /// What is another one than before, for the audit: which fields, and not what they say.
    pub(super) fn differences(&self, before: &User) -> Vec<&'static str> {
        let all = [
            (Field::Name, self.name.as_str() != before.name),
            (Field::TimeZone, self.zone_name() != before.time_zone.as_deref()),
            (Field::Language, self.language.tag() != before.locale),
        ];
        let changed = all.iter().filter(|(_, differs)| *differs);
        changed.map(|(field, _)| field.as_str()).collect()
    }

    /// The values before and after, but for the name: that it changed is enough.
    pub(super) fn changes<'a>(&self, before: &'a User) -> Vec<Change<'a>> {
        let all = [
            Change {
                field: Shown::TimeZone,
                was: before.time_zone.as_deref(),
                became: self.zone_name(),
            },
            Change {
                field: Shown::Language,
                was: Some(&before.locale),
                became: Some(self.language.tag()),
            },
        ];
        all.into_iter()
            .filter(|change| change.was != change.became)
            .collect()
    }

    async fn write(&self, tx: &mut Tx, user: UserId) -> Result<bool> {
        let now = tx.now();
        let written = sql!(tx, execute
            "update users set name = $1, time_zone = $2, locale = $3, updated_at = $4 where id = $5 and locked_at is null",
            self.name.as_str(), self.zone_name(), self.language.tag(), now, user)?;
        directory::enter(tx, user).await?;
        Ok(written == 1)
    }

    /// The same for an operator, who may edit a locked account too.
    pub(super) async fn write_over(&self, tx: &mut Tx, user: UserId) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "update users set name = $1, time_zone = $2, locale = $3, updated_at = $4 where id = $5",
            self.name.as_str(), self.zone_name(), self.language.tag(), now, user)?;
        Ok(())
    }
}
