//! `/account` and the pages below it: everything a person does with their account.

mod close;
mod email;
pub mod overview;
pub mod profile;
pub mod security;

pub use close::ClosePage;
pub use email::EmailPage;
pub use overview::AccountPage;
pub use profile::ProfilePage;
pub use security::SecurityPage;
