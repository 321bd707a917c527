//! `/account` and the pages below it: everything a person does with their account.

pub mod activity;
pub mod authenticator;
mod close;
pub mod data;
mod email;
pub mod keep;
pub mod live_sessions;
pub mod on_guard;
pub mod overview;
pub mod passkeys;
pub mod phone;
pub mod profile;
pub mod recovery_codes;
pub mod second_factors;
pub mod security;

pub use activity::{ActivityPage, AlarmedPage};
pub use authenticator::AuthenticatorPage;
pub use close::ClosePage;
pub use data::DataPage;
pub use email::EmailPage;
pub use keep::KeepAccountPage;
pub use live_sessions::DevicesPage;
pub use overview::AccountPage;
pub use passkeys::PasskeyPage;
pub use phone::PhonePage;
pub use profile::ProfilePage;
pub use recovery_codes::RecoveryCodesPage;
pub use security::SecurityPage;
