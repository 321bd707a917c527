//! `/account` and the pages below it: everything a person does with their account.

pub mod activity;
mod close;
mod email;
pub mod live_sessions;
pub mod overview;
pub mod profile;
pub mod security;

pub use activity::{ActivityPage, AlarmedPage};
pub use close::ClosePage;
pub use email::EmailPage;
pub use live_sessions::DevicesPage;
pub use overview::AccountPage;
pub use profile::ProfilePage;
pub use security::SecurityPage;
