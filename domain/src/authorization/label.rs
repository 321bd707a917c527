//! What roles and groups are called, and what they are for.

use crate::users::name::Name;
use crate::{Code, Error, Faults, Field, Refusal, Result};

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 200;

/// A name, unique without regard to upper and lower case, and a sentence that may be empty.
pub(super) struct Label {
    name: Name,
    description: String,
}

impl Label {
    /// Reads both as typed.
    ///
    /// # Errors
    /// Refused with one fault per field: those of [`Name::parse`], and [`Code::TooLong`] over 200 characters.
    pub(super) fn read(name: &str, description: &str) -> Result<Self> {
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, Name::parse(name));
        let description = description.trim();
        if description.chars().count() > DESCRIPTION_MAX {
            faults.add(Field::Description, Code::TooLong);
        }
        match (name, faults.into_refusal()) {
            (Some(name), None) => Ok(Self {
                name,
                description: description.to_owned(),
            }),
            (_, refusal) => Err(Error::Refused(
                refusal.unwrap_or_else(|| Refusal::form(Code::Malformed)),
            )),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn key(&self) -> String {
        self.name.as_str().to_lowercase()
    }

    pub(super) fn description(&self) -> &str {
        &self.description
    }
}
