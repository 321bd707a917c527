//! `/account` and the pages below it: everything a person does with their account.

mod moment;
pub mod overview;
pub mod security;

pub use moment::Moment;
pub use overview::AccountPage;
pub use security::SecurityPage;
