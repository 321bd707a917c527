//! Which rows somebody asks for: what they typed, and what it means.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::line::Line;
use crate::Result;
use crate::audit::topic::{self, Topic};
use crate::platform::db::Tx;
use crate::users::email::Email;
use crate::users::time_zone::TimeZone;
use crate::users::user::User;

/// The longest id of a request, in bytes: ours have 36.
const REQUEST_MAX: usize = 64;

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The names of these events only.
    pub kinds: Option<Vec<&'static str>>,
    /// What this person did.
    pub actor: Option<Uuid>,
    /// What happened to this person's account.
    pub subject: Option<Uuid>,
    /// What came from this address.
    pub address: Option<String>,
    /// What belongs to this request.
    pub request: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// The filters, as their fields are called in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The name of a [`Topic`], `refused`, or the name of an event.
    What,
    /// Who did it: an id or a mail address.
    Who,
    /// To whose account: an id or a mail address.
    Whom,
    /// The address it came from.
    Address,
    /// The id of a request, which is what an error page shows.
    Request,
    /// The earliest moment, as `2026-11-23T06:15` or `2026-11-23`.
    From,
    /// The latest moment; a day includes all of it.
    Until,
}

/// Why a field can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No event and no topic is called that.
    NoSuchEvent,
    /// Nobody has this address or id.
    Nobody,
    /// It is no network address.
    NoAddress,
    /// It is longer than any id.
    NoRequest,
    /// It is no moment.
    NoMoment,
    /// It ends before it begins.
    EndsEarly,
}

impl By {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::What,
        Self::Who,
        Self::Whom,
        Self::Address,
        Self::Request,
        Self::From,
        Self::Until,
    ];

    /// The name of the field.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::Who => "who",
            Self::Whom => "whom",
            Self::Address => "address",
            Self::Request => "request",
            Self::From => "from",
            Self::Until => "until",
        }
    }
}

/// What stands in `what` for everything that was refused.
pub const REFUSED: &str = "refused";

impl Filter {
    /// Reads the fields of an address; `zone` is the reader's, in which moments are typed. Each field that can't be read has its fault;
    /// empty ones ask for nothing.
    pub async fn read(
        tx: &mut Tx,
        typed: &BTreeMap<String, String>,
        zone: Option<TimeZone>,
    ) -> Result<std::result::Result<Self, BTreeMap<By, Fault>>> {
        let mut faults = BTreeMap::new();
        let field = |by: By| {
            let text = typed.get(by.as_str()).map(|text| text.trim());
            text.filter(|text| !text.is_empty())
        };
        let mut filter = Self::default();
        if let Some(what) = field(By::What) {
            filter.kinds = kinds_of(what);
            if filter.kinds.is_none() {
                faults.insert(By::What, Fault::NoSuchEvent);
            }
        }
        for by in [By::Who, By::Whom] {
            let Some(text) = field(by) else { continue };
            let person = person(tx, text).await?;
            match (by, person) {
                (_, None) => drop(faults.insert(by, Fault::Nobody)),
                (By::Who, person) => filter.actor = person,
                (_, person) => filter.subject = person,
            }
        }
        if let Some(text) = field(By::Address) {
            match text.parse::<IpAddr>() {
                Ok(address) => filter.address = Some(address.to_canonical().to_string()),
                Err(_) => drop(faults.insert(By::Address, Fault::NoAddress)),
            }
        }
        if let Some(text) = field(By::Request) {
            match text.len() {
                0..=REQUEST_MAX => filter.request = Some(text.to_owned()),
                _ => drop(faults.insert(By::Request, Fault::NoRequest)),
            }
        }
        for by in [By::From, By::Until] {
            let Some(text) = field(by) else { continue };
            match (by, moment(text, zone, by == By::Until)) {
                (_, None) => drop(faults.insert(by, Fault::NoMoment)),
                (By::From, at) => filter.from = at,
                (_, at) => filter.until = at,
            }
        }
        if let (Some(from), Some(until)) = (filter.from, filter.until)
            && until <= from
        {
            faults.insert(By::Until, Fault::EndsEarly);
        }
        Ok(if faults.is_empty() {
            Ok(filter)
        } else {
            Err(faults)
        })
    }

    /// True when it asks for nothing in particular.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a row is one of those. Every part is looked at, also the one whose index found it.
    pub fn fits(&self, line: &Line) -> bool {
        let kind = |kinds: &Vec<&str>| kinds.contains(&line.kind.as_str());
        self.kinds.as_ref().is_none_or(kind)
            && self.actor.is_none_or(|id| line.actor_id == Some(id))
            && self.subject.is_none_or(|id| line.subject_id == Some(id))
            && self.address.as_ref().is_none_or(|it| line.address == *it)
            && self.request.as_ref().is_none_or(|it| line.request_id == *it)
            && self.from.is_none_or(|at| line.at >= at)
            && self.until.is_none_or(|at| line.at < at)
    }

    /// What is asked for, as names and values, for the audit of a copy.
    pub(in crate::audit) fn told(&self) -> Vec<(&'static str, String)> {
        let moment = |at: DateTime<Utc>| at.to_rfc3339();
        let told = [
            (By::What, self.kinds.as_ref().map(|kinds| kinds.join(" "))),
            (By::Who, self.actor.map(|id| id.to_string())),
            (By::Whom, self.subject.map(|id| id.to_string())),
            (By::Address, self.address.clone()),
            (By::Request, self.request.clone()),
            (By::From, self.from.map(moment)),
            (By::Until, self.until.map(moment)),
        ];
        told.into_iter()
            .filter_map(|(by, value)| Some((by.as_str(), value?)))
            .collect()
    }
}

/// The events that a word asks for.
fn kinds_of(what: &str) -> Option<Vec<&'static str>> {
    if let Some(topic) = Topic::parse(what) {
        return Some(topic.events().iter().map(|event| event.as_str()).collect());
    }
    let kinds: Vec<_> = topic::events()
        .filter(|event| match what {
            REFUSED => event.outcome() == REFUSED,
            kind => event.as_str() == kind,
        })
        .map(super::super::Event::as_str)
        .collect();
    (!kinds.is_empty()).then_some(kinds)
}

/// The id of a person by their id or their address. An id need not be anybody's any more: rows keep those of erased accounts.
async fn person(tx: &mut Tx, text: &str) -> Result<Option<Uuid>> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(Some(id));
    }
    let Ok(email) = Email::parse(text) else {
        return Ok(None);
    };
    Ok(User::by_email(tx, email.key()).await?.map(|user| user.id))
}

/// A moment as `<input type="datetime-local">` sends it, or a day. `ends`: it is the end of a stretch, so a day counts whole, and so
/// does a minute.
fn moment(text: &str, zone: Option<TimeZone>, ends: bool) -> Option<DateTime<Utc>> {
    let utc = |local: NaiveDateTime| match zone {
        Some(zone) => zone.moment(local),
        None => Some(local.and_utc()),
    };
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        let day = if ends { day.succ_opt()? } else { day };
        return utc(day.and_time(NaiveTime::MIN));
    }
    let minute = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    if let Some(minute) = minute {
        let length = chrono::Duration::minutes(i64::from(ends));
        return utc(minute).map(|at| at + length);
    }
    let exact = DateTime::parse_from_rfc3339(text).ok()?;
    Some(exact.to_utc())
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::line;
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "as the fields have it")]
    fn at(text: &str) -> Option<DateTime<Utc>> {
        Some(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    #[test]
    fn a_row_fits_only_if_every_part_does() {
        let fits = |change: fn(&mut Filter)| {
            let mut filter = Filter {
                kinds: Some(vec!["role.changed"]),
                actor: Some(Uuid::from_u128(1)),
                subject: Some(Uuid::from_u128(2)),
                address: Some("192.0.2.7".into()),
                request: Some("request 7".into()),
                from: at("2026-03-02T07:02:05Z"),
                until: at("2026-03-02T07:02:06Z"),
            };
            change(&mut filter);
            filter.fits(&line())
        };
        assert!(fits(|_| {}) && Filter::default().fits(&line()));
        assert!(!fits(|f| f.kinds = Some(vec!["role.made"])));
        assert!(!fits(|f| f.actor = Some(Uuid::from_u128(2))));
        assert!(!fits(|f| f.subject = Some(Uuid::from_u128(1))));
        assert!(!fits(|f| f.address = Some("192.0.2.8".into())));
        assert!(!fits(|f| f.request = Some("request".into())));
        assert!(!fits(|f| f.from = at("2026-03-02T07:02:06Z")));
        assert!(!fits(|f| f.until = at("2026-03-02T07:02:05Z")));
    }

    #[test]
    fn a_moment_is_read_in_the_zone_of_the_reader_and_an_end_counts_whole() {
        let saigon = TimeZone::parse("Asia/Ho_Chi_Minh").ok();
        for (text, zone, ends, expected) in [
            ("2026-11-23", None, false, at("2026-11-23T00:00:00Z")),
            ("2026-11-23", None, true, at("2026-11-24T00:00:00Z")),
            ("2026-11-23", saigon, false, at("2026-11-22T17:00:00Z")),
            ("2026-11-23T06:15", saigon, false, at("2026-11-22T23:15:00Z")),
            ("2026-11-23T06:15", None, true, at("2026-11-23T06:16:00Z")),
            ("2026-11-23 06:15", None, false, at("2026-11-23T06:15:00Z")),
            ("2026-11-23T06:15:07Z", saigon, true, at("2026-11-23T06:15:07Z")),
            ("yesterday", None, false, None),
            ("2026-02-30", None, false, None),
        ] {
            assert_eq!(moment(text, zone, ends), expected, "{text}");
        }
    }

    #[test]
    fn a_word_asks_for_a_topic_for_what_was_refused_or_for_one_event() {
        assert!(kinds_of("sign-ins").unwrap().contains(&"sign_in.failed"));
        assert_eq!(kinds_of("role.made").unwrap(), ["role.made"]);
        let refused = kinds_of("refused").unwrap();
        assert!(refused.contains(&"access.denied") && !refused.contains(&"sign_in.succeeded"));
        assert_eq!(kinds_of("role"), None);
    }
}
