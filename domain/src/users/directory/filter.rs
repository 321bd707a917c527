//! Which people are asked for, and in which order: as it stands in the address of the page.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};

/// What is asked for. Everything that can't be read is left out: an address that somebody typed shows a list, never an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What was typed: beginnings of words of names and addresses, or of an id. Of more than 200 characters the first 200 count.
    pub search: String,
    /// The state of the account.
    pub state: Option<State>,
    /// The id of a role, held by oneself or through a group; [`Asked::ANY_ROLE`]: some role.
    pub role: Option<String>,
    /// What they prove it with.
    pub proves: Option<Proves>,
    /// When the account was made.
    pub created: Span,
    /// When they were last here. An end without a beginning includes those who never were.
    pub seen: Span,
    /// The order.
    pub sort: Sort,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is in the way.
    Active,
    /// An operator has locked it.
    Locked,
    /// The person has closed it for now.
    Closed,
    /// It waits for its erasure.
    Erasing,
}

/// What a person proves it with, besides a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proves {
    /// Nothing else.
    Nothing,
    /// A passkey.
    Passkey,
    /// An authenticator app.
    App,
    /// Codes by text message.
    Sms,
    /// Codes by mail.
    Mail,
}

/// Days from and to, both included; `None`: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: By,
    /// From the last to the first.
    pub descending: bool,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// When the account was made.
    Created,
    /// The name.
    Name,
    /// The address.
    Mail,
    /// When they were last here.
    Seen,
}

impl Default for Sort {
    /// The newest first.
    fn default() -> Self {
        Self {
            by: By::Created,
            descending: true,
        }
    }
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 8] = {
        const fn both(by: By) -> [Sort; 2] {
            [
                Sort {
                    by,
                    descending: false,
                },
                Sort { by, descending: true },
            ]
        }
        let ([a, b], [c, d], [e, f], [g, h]) =
            (both(By::Created), both(By::Name), both(By::Mail), both(By::Seen));
        [a, b, c, d, e, f, g, h]
    };

    /// Its name, in addresses and in the queries.
    pub fn as_str(self) -> &'static str {
        match (self.by, self.descending) {
            (By::Created, true) => "newest",
            (By::Created, false) => "oldest",
            (By::Name, false) => "name",
            (By::Name, true) => "name-back",
            (By::Mail, false) => "mail",
            (By::Mail, true) => "mail-back",
            (By::Seen, true) => "seen",
            (By::Seen, false) => "seen-back",
        }
    }

    /// The order of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == name)
    }

    /// The other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self {
            descending: !self.descending,
            ..self
        }
    }
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Locked, Self::Closed, Self::Erasing];

    /// Its name, in addresses and in the queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Closed => "closed",
            Self::Erasing => "erasing",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl Proves {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::Passkey, Self::App, Self::Sms, Self::Mail];

    /// Its name, in addresses and in the queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Passkey => "passkey",
            Self::App => "app",
            Self::Sms => "sms",
            Self::Mail => "mail",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proves| proves.as_str() == name)
    }
}

impl Span {
    /// Reads two days, as a form has them: `2026-03-01`.
    pub fn read(from: &str, to: &str) -> Self {
        Self {
            from: day(from),
            to: day(to),
        }
    }

    /// True when it limits nothing.
    pub fn is_open(self) -> bool {
        self == Self::default()
    }

    /// From when on, and until before when: days are those of UTC.
    pub(super) fn times(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let begin = |day: NaiveDate| Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN));
        let from = self.from.map_or(DateTime::UNIX_EPOCH, begin);
        let to = self.to.and_then(|day| day.checked_add_days(Days::new(1)));
        (from, to.map_or_else(end_of_time, begin))
    }
}

/// Later than everything, and a year of four digits: SQLite compares times as texts.
fn end_of_time() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_214_400, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A day of which nothing before 1970 or after 9998 is asked.
fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let (first, last) = (
        NaiveDate::from_ymd_opt(1970, 1, 1)?,
        NaiveDate::from_ymd_opt(9998, 12, 31)?,
    );
    (first..=last).contains(&day).then_some(day)
}

impl Asked {
    /// Stands for some role, whichever.
    pub const ANY_ROLE: &'static str = "any";
    /// The names of everything that can be asked for, as they stand in the address.
    pub const FIELDS: [&'static str; 9] = [
        "q",
        "state",
        "role",
        "proves",
        "created-from",
        "created-to",
        "seen-from",
        "seen-to",
        "sort",
    ];

    /// Reads the fields of an address.
    pub fn read(field: impl Fn(&str) -> Option<String>) -> Self {
        let typed = |name: &str| field(name).unwrap_or_default();
        let role = typed("role");
        let is_id = (1..=36).contains(&role.len())
            && role
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        Self {
            search: typed("q").trim().chars().take(200).collect(),
            state: State::parse(&typed("state")),
            role: is_id.then_some(role),
            proves: Proves::parse(&typed("proves")),
            created: Span::read(&typed("created-from"), &typed("created-to")),
            seen: Span::read(&typed("seen-from"), &typed("seen-to")),
            sort: Sort::parse(&typed("sort")).unwrap_or_default(),
        }
    }

    /// The fields that say something, for an address. The order is left out where it is the usual one.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let sort = (self.sort != Sort::default()).then(|| self.sort.as_str().to_owned());
        let values = [
            Some(self.search.clone()).filter(|search| !search.is_empty()),
            self.state.map(|state| state.as_str().to_owned()),
            self.role.clone(),
            self.proves.map(|proves| proves.as_str().to_owned()),
            day(self.created.from),
            day(self.created.to),
            day(self.seen.from),
            day(self.seen.to),
            sort,
        ];
        let named = Self::FIELDS.into_iter().zip(values);
        named.filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// True when nobody is left out.
    pub fn is_everybody(&self) -> bool {
        Self {
            sort: self.sort,
            ..Self::default()
        } == *self
    }
}
