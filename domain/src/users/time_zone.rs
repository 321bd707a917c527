//! Time zones that people choose.

use std::str::FromStr as _;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Timelike as _, Utc};
use chrono_tz::{OffsetName as _, TZ_VARIANTS, Tz};

use crate::Code;

/// A zone of the IANA database, which is compiled in: no server needs its own copy, and a test knows what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(Tz);

/// What the names of zones begin with that are called after a place. The database's other names are older spellings
/// (`US/Pacific`), abbreviations and fixed offsets (`Etc/GMT+3`), which nobody needs to choose.
const REGIONS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

impl TimeZone {
    /// Reads the name of a zone, as [`TimeZone::all`] has it.
    ///
    /// # Errors
    /// [`Code::TimeZoneUnknown`] for every other text.
    pub fn parse(name: &str) -> Result<Self, Code> {
        Tz::from_str(name)
            .map(Self)
            .ok()
            .filter(|zone| zone.is_offered())
            .ok_or(Code::TimeZoneUnknown)
    }

    /// The zone that somebody chose, as it is stored; `None` if they chose none.
    pub fn chosen(name: Option<&str>) -> Option<Self> {
        Self::parse(name?).ok()
    }

    /// Every zone to choose from: those of places, by their names, and then UTC.
    pub fn all() -> impl Iterator<Item = Self> {
        let places = TZ_VARIANTS.iter().map(|zone| Self(*zone));
        places
            .filter(|zone| zone.is_offered() && zone.0 != Tz::UTC)
            .chain([Self(Tz::UTC)])
    }

    /// The name, as it is stored: `Europe/Berlin`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The time of day there, and what the zone is called at that moment: `09:02 CET`, `15:02 UTC+07:00`.
    pub fn time_of(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        let time = local.format("%H:%M");
        match local.offset().abbreviation() {
            Some(name) => format!("{time} {name}"),
            None => format!("{time} UTC{}", local.format("%:z")),
        }
    }

    /// The moment on the clocks there.
    pub fn local(self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.0)
    }

    /// The one of servers.
    pub fn utc() -> Self {
        Self(Tz::UTC)
    }

    /// The beginning of the hour that the clocks there show.
    pub fn hour_of(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let local = self.local(at);
        let into = i64::from(local.minute()) * 60 + i64::from(local.second());
        at - Duration::seconds(into) - Duration::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
    }

    /// The beginning of a day there: midnight, or what comes first where the clocks leave midnight out.
    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        (0..12)
            .filter_map(|quarter| {
                let time = midnight + Duration::minutes(15 * quarter);
                self.0.from_local_datetime(&time).earliest()
            })
            .map(|local| local.with_timezone(&Utc))
            .next()
            .unwrap_or_else(|| midnight.and_utc())
    }

    fn is_offered(self) -> bool {
        self.0 == Tz::UTC || REGIONS.iter().any(|region| self.name().starts_with(region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_of_places_are_offered_once_and_can_be_read_back() {
        let all: Vec<TimeZone> = TimeZone::all().collect();
        let mut names: Vec<&str> = all.iter().map(|zone| zone.name()).collect();
        for name in [
            "Europe/Berlin",
            "Asia/Ho_Chi_Minh",
            "America/Argentina/Ushuaia",
            "UTC",
        ] {
            assert!(names.contains(&name), "{name}");
        }
        for zone in &all {
            assert_eq!(TimeZone::parse(zone.name()), Ok(*zone));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert!(count == names.len() && count > 400, "{count}");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for name in [
            "",
            "Europe",
            "Europe/Atlantis",
            "europe/berlin",
            "Europe/Berlin ",
            "US/Pacific",
            "Etc/GMT+3",
            "CET",
            "../etc/passwd",
        ] {
            assert_eq!(TimeZone::parse(name), Err(Code::TimeZoneUnknown), "{name:?}");
        }
    }

    #[test]
    fn clocks_go_forward_where_they_do() {
        let time = |zone: &str, at: &str| {
            let at = DateTime::parse_from_rfc3339(at).expect("a time").to_utc();
            TimeZone::parse(zone).expect("a zone").time_of(at)
        };
        assert_eq!(time("Europe/Berlin", "2026-03-29T00:59:59Z"), "01:59 CET");
        assert_eq!(time("Europe/Berlin", "2026-03-29T01:00:00Z"), "03:00 CEST");
        assert_eq!(
            time("Asia/Ho_Chi_Minh", "2026-03-29T01:00:00Z"),
            "08:00 UTC+07:00"
        );
        assert_eq!(time("Asia/Kathmandu", "2026-03-29T01:00:00Z"), "06:45 UTC+05:45");
        assert_eq!(time("UTC", "2026-03-29T01:00:00Z"), "01:00 UTC");
    }
}
