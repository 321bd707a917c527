//! Where a network address is: a file in the format `mmdb` (`places_file`) that the operator brings, read at the start. Nothing is asked
//! of anybody, and nothing leaves the machine.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use maxminddb::Reader;
use serde::Deserialize;

use crate::words::Language;

/// Networks change hands: a file older than this says too often what was true once.
pub const OLD: Duration = Duration::days(90);

/// The file, or why it can't be used. A server without it works as one for which none is set: it shows no places.
#[derive(Default)]
pub struct Places(Option<Result<Reader<Vec<u8>>, String>>);

/// What a record of the file says, as far as it is looked at. Every part may be missing.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Record {
    city: Named,
    country: Named,
}

/// Names by language: BCP 47 tags.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Named {
    names: BTreeMap<String, String>,
}

impl Named {
    /// The name in a language, else in English.
    fn in_language(&self, language: Language) -> Option<&str> {
        let name = self.names.get(language.tag()).or_else(|| self.names.get("en"))?;
        (!name.is_empty()).then_some(name)
    }
}

impl Places {
    /// Reads the file, if one is set, into memory. One that can't be read is told of in the log and by `doctor`.
    pub fn open(file: Option<&Path>) -> Self {
        let Some(file) = file else { return Self(None) };
        let read = Reader::open_readfile(file).map_err(|error| error.to_string());
        if let Err(error) = &read {
            tracing::warn!(%error, "the file of places can't be read: no places are shown");
        }
        Self(Some(read))
    }

    /// The place of an address, as somebody reads it: "Hanoi, Vietnam", or the country alone. `None`: the file doesn't know it.
    pub fn name(&self, address: IpAddr, language: Language) -> Option<String> {
        let Some(Ok(reader)) = &self.0 else { return None };
        let record: Record = reader.lookup(address).ok()?.decode().ok()??;
        let country = record.country.in_language(language)?;
        Some(match record.city.in_language(language) {
            Some(city) => format!("{city}, {country}"),
            None => country.to_owned(),
        })
    }

    /// How the file stands; `None`: none is set.
    pub(crate) fn state(&self, now: DateTime<Utc>) -> Option<State> {
        Some(match self.0.as_ref()? {
            Err(why) => State::Unreadable(why.clone()),
            Ok(reader) => {
                let made = i64::try_from(reader.metadata().build_epoch).unwrap_or_default();
                let made = DateTime::from_timestamp(made, 0).unwrap_or_default();
                if now - made > OLD {
                    State::Old(made)
                } else {
                    State::Good(made)
                }
            }
        })
    }
}

/// How the file of places stands.
pub(crate) enum State {
    /// It was made then.
    Good(DateTime<Utc>),
    /// It was made then, which is longer ago than [`OLD`].
    Old(DateTime<Utc>),
    /// It is missing, or is none, and why.
    Unreadable(String),
}
