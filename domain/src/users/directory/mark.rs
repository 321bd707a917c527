//! Where a page of the list begins.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::filter::{By, Sort, Span};
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Result, sql};

/// The year 3000.
const MICROS_MAX: i64 = 32_503_680_000_000_000;

/// A person behind whom, or before whom, a page begins. Its text stands in addresses, so it holds no name: only the id, and when the
/// person was last here, which may change from one page to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub(super) id: UserId,
    pub(super) seen_at: DateTime<Utc>,
}

/// From where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Begin {
    /// From the first one.
    #[default]
    Start,
    /// Those who come after.
    After(Mark),
    /// Those who come before.
    Before(Mark),
}

/// A place in an order: what comes strictly after it is looked at. Only the key that the order goes by counts.
pub(super) struct Place {
    pub bytes: Vec<u8>,
    pub time: DateTime<Utc>,
    pub id: UserId,
}

#[derive(sqlx::FromRow)]
struct Keys {
    created_at: DateTime<Utc>,
    name_key: Option<Vec<u8>>,
    mail_key: Option<Vec<u8>>,
}

impl Begin {
    /// Reads the two fields of an address. What is no mark is the start.
    pub fn read(after: &str, before: &str) -> Self {
        match (Mark::parse(after), Mark::parse(before)) {
            (Some(mark), _) => Self::After(mark),
            (None, Some(mark)) => Self::Before(mark),
            (None, None) => Self::Start,
        }
    }

    /// The order in which rows are read for this page, and from where on. A mark of somebody who is gone is the start.
    pub(super) async fn place(
        self,
        tx: &mut Tx,
        sort: Sort,
        spans: (Span, Span),
    ) -> Result<(Self, Sort, Place)> {
        let (reads, mark) = match self {
            Self::Start => (sort, None),
            Self::After(mark) => (sort, Some(mark)),
            Self::Before(mark) => (sort.reversed(), Some(mark)),
        };
        if let Some(mark) = mark
            && let Some(place) = mark.place(tx, sort.by).await?
        {
            return Ok((self, reads, place));
        }
        Ok((Self::Start, sort, Place::first(sort, spans)))
    }
}

impl Place {
    /// Before everybody who is asked for.
    fn first(sort: Sort, (created, seen): (Span, Span)) -> Self {
        let (from, to) = if sort.by == By::Seen {
            seen.times()
        } else {
            created.times()
        };
        // Keys are UTF-8, in which no byte is 0xFF; no id is nil.
        let (bytes, time) = if sort.descending {
            (vec![0xFF], to)
        } else {
            (Vec::new(), from)
        };
        Self {
            bytes,
            time,
            id: Uuid::nil(),
        }
    }
}

impl Mark {
    /// Reads what [`Mark::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, seen) = text.split_once('.')?;
        let id = Uuid::try_parse(id).ok()?;
        // A year of four digits, as in the database.
        let micros = seen
            .parse()
            .ok()
            .filter(|micros| (0..=MICROS_MAX).contains(micros))?;
        let seen_at = DateTime::from_timestamp_micros(micros)?;
        Some(Self { id, seen_at })
    }

    /// For an address.
    pub fn text(&self) -> String {
        format!("{}.{}", self.id, self.seen_at.timestamp_micros())
    }

    async fn place(self, tx: &mut Tx, by: By) -> Result<Option<Place>> {
        let keys = sql!(tx, fetch_optional Keys, "select created_at, name_key, mail_key from users where id = $1", self.id)?;
        Ok(keys.map(|keys| Place {
            bytes: if by == By::Mail {
                keys.mail_key
            } else {
                keys.name_key
            }
            .unwrap_or_default(),
            time: if by == By::Seen {
                self.seen_at
            } else {
                keys.created_at
            },
            id: self.id,
        }))
    }
}
