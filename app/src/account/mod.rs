//! `/account` and the pages below it: everything a person does with their account.

pub mod activity;
pub mod live_sessions;
pub mod overview;
pub mod security;

pub use activity::{ActivityPage, AlarmedPage};
pub use live_sessions::DevicesPage;
pub use overview::AccountPage;
pub use security::SecurityPage;
