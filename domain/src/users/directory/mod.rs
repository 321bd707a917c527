//! The list of people in the console: searched, filtered, sorted and paged, and as fast among a million as among a thousand.
//!
//! Both databases do this without an extension, and no page looks at more than [`LOOKED_AT`] rows, whatever is asked. There are two
//! ways to a page (`find.rs`), and the sizes of what is asked for say which:
//!
//! - **few**: one of the conditions holds for [`FEW`] people at most (a word, a state, a role …). They are read by its index, held
//!   against the other conditions, and sorted. So their number is known.
//! - **many**: everybody is read in the order of the page, by the index of that order, and held against the conditions until the
//!   page is full. As every condition holds for many, that is soon. If it isn't (two common words that nobody has together), the page
//!   ends early, and the next one goes on where it ended.
//!
//! A page begins behind a person ([`Mark`]), never at a number, so that the last one costs what the first one costs.

pub mod csv;
mod filter;
mod find;
mod keep;
mod listed;
mod mark;
mod queries;
mod words;

#[cfg(test)]
mod tests;

pub use self::filter::{Asked, By, Proves, Sort, Span, State};
pub use self::find::{LOOKED_AT, PAGE, page};
pub(crate) use self::keep::{enter, saw, take_up};
pub use self::listed::{Count, Listed, Page, RoleHeld};
pub use self::mark::{Begin, Mark};
pub use self::queries::roles;
pub use self::words::WORDS;
pub(crate) use self::words::{sort_key, terms};

/// The most people that are sorted for a page, and the most that are counted.
pub const FEW: i64 = 5_000;
