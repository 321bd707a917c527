//! What a file says of a person, under the names that programs give it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::reason::Reason;

/// What is read. Everything else in a file is passed over, and named on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The mail address.
    Email,
    /// Whether the address was proven.
    EmailVerified,
    /// What the person is called.
    Name,
    /// The language: a tag of BCP 47.
    Locale,
    /// The time zone: a name of IANA.
    TimeZone,
    /// `active` or `locked`.
    State,
    /// Roles, by their names.
    Roles,
    /// A password hash from elsewhere.
    PasswordHash,
    /// When the account was made there.
    CreatedAt,
}

/// The most names of columns that are kept to be told of, and the most characters of each.
const IGNORED: (usize, usize) = (20, 40);

impl Column {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::EmailVerified,
        Self::Name,
        Self::Locale,
        Self::TimeZone,
        Self::State,
        Self::Roles,
        Self::PasswordHash,
        Self::CreatedAt,
    ];

    /// The names under which it is found, our own first.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email", "mail"],
            Self::EmailVerified => &["email_verified", "emailVerified"],
            Self::Name => &["name", "displayName", "full_name"],
            Self::Locale => &["locale", "language"],
            Self::TimeZone => &["time_zone", "zoneinfo"],
            Self::State => &["state"],
            Self::Roles => &["roles"],
            Self::PasswordHash => &["password_hash", "passwordHash"],
            Self::CreatedAt => &["created_at", "createdAt", "createdTimestamp"],
        }
    }

    /// The one of this name, whatever its capitals.
    fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.into_iter().find(|column| {
            column
                .names()
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        })
    }
}

/// What a row says, as it says it. Empty is nothing.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub email: String,
    pub email_verified: String,
    pub name: String,
    pub locale: String,
    pub time_zone: String,
    pub state: String,
    pub roles: Vec<String>,
    pub password_hash: String,
    pub created_at: String,
}

/// The names of what is not read.
#[derive(Default)]
pub(super) struct Ignored(BTreeSet<String>);

impl Ignored {
    fn add(&mut self, name: &str) {
        if self.0.len() < IGNORED.0 && !name.trim().is_empty() {
            let shown = name.trim().chars().filter(|letter| !letter.is_control());
            self.0.insert(shown.take(IGNORED.1).collect());
        }
    }

    /// One a line.
    pub fn lines(&self) -> String {
        self.0.iter().cloned().collect::<Vec<_>>().join("\n")
    }
}

/// The first row of comma-separated values: what stands in which place.
pub(super) struct Heading(Vec<Option<Column>>);

impl Heading {
    /// Reads it; `None`: there is no column of addresses, or one thing stands in two.
    pub fn read<'a>(names: impl Iterator<Item = &'a [u8]>, ignored: &mut Ignored) -> Option<Self> {
        let mut columns: Vec<Option<Column>> = Vec::new();
        for name in names {
            let name = String::from_utf8_lossy(name);
            let column = Column::named(&name);
            if column.is_none() {
                ignored.add(&name);
            } else if columns.contains(&column) {
                return None;
            }
            columns.push(column);
        }
        columns.contains(&Some(Column::Email)).then_some(Self(columns))
    }

    /// Reads a row below it.
    pub fn record<'a>(&self, values: impl ExactSizeIterator<Item = &'a [u8]>) -> Result<Record, Reason> {
        if values.len() != self.0.len() {
            return Err(Reason::Columns);
        }
        let mut record = Record::default();
        for (column, value) in self.0.iter().zip(values) {
            // Whether or not it is read: half of a letter means that the rest is not what it seems.
            let value = std::str::from_utf8(value).map_err(|_| Reason::Encoding)?;
            match column {
                Some(Column::Roles) => {
                    let names = value.split([';', '|']).map(str::trim);
                    record.roles = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
                }
                Some(column) => record.put(*column, value.trim().to_owned()),
                None => {}
            }
        }
        Ok(record)
    }
}

impl Record {
    fn put(&mut self, column: Column, value: String) {
        match column {
            Column::Email => self.email = value,
            Column::EmailVerified => self.email_verified = value,
            Column::Name => self.name = value,
            Column::Locale => self.locale = value,
            Column::TimeZone => self.time_zone = value,
            Column::State => self.state = value,
            Column::Roles => self.roles.extend((!value.is_empty()).then_some(value)),
            Column::PasswordHash => self.password_hash = value,
            Column::CreatedAt => self.created_at = value,
        }
    }

    /// Reads an object of JSON. `null` is nothing.
    pub fn of_json(text: &[u8], ignored: &mut Ignored) -> Result<Self, Reason> {
        if std::str::from_utf8(text).is_err() {
            return Err(Reason::Encoding);
        }
        let Ok(Value::Object(object)) = serde_json::from_slice(text) else {
            return Err(Reason::Json);
        };
        let mut record = Self::default();
        let mut seen = BTreeSet::new();
        for (name, value) in object {
            let Some(column) = Column::named(&name) else {
                ignored.add(&name);
                continue;
            };
            if !seen.insert(column) {
                return Err(Reason::Columns);
            }
            match (column, value) {
                (_, Value::Null) => {}
                (Column::Roles, Value::Array(roles)) => {
                    for role in roles {
                        let Value::String(role) = role else {
                            return Err(Reason::Kind);
                        };
                        record.put(column, role.trim().to_owned());
                    }
                }
                (Column::EmailVerified, Value::Bool(yes)) => record.email_verified = yes.to_string(),
                (Column::CreatedAt, Value::Number(number)) => record.created_at = number.to_string(),
                (column, Value::String(text)) => record.put(column, text.trim().to_owned()),
                _ => return Err(Reason::Kind),
            }
        }
        Ok(record)
    }
}
