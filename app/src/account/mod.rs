//! `/account` and the pages below it: everything a person does with their account.

pub mod overview;
pub mod security;

pub use overview::AccountPage;
pub use security::SecurityPage;
