//! What roles and groups are called, and what they are for.

use crate::users::line;
use crate::users::name::Name;
use crate::{Faults, Field, Result};

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
    /// Refused with one fault per field: those of [`Name::parse`], and those of [`line::read`] with 200 characters.
    pub(super) fn read(name: &str, description: &str) -> Result<Self> {
        let mut faults = Faults::default();
        let name = faults.check(Field::Name, Name::parse(name));
        let description = faults.check(Field::Description, line::read(description, DESCRIPTION_MAX));
        match (name, description) {
            (Some(name), Some(description)) => Ok(Self { name, description }),
            _ => Err(faults.into_error()),
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
