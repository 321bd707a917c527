//! Who somebody is, and how they prove it.

pub mod alarm;
pub mod asker;
pub mod assurance;
pub mod change_email;
pub mod change_password;
pub mod close_account;
pub mod common_passwords;
pub mod confirm;
pub mod device;
pub mod freeze;
pub mod live_sessions;
pub mod local_path;
pub mod password;
pub mod place;
pub(crate) mod proof;
pub mod recover;
pub mod reset_password;
pub(crate) mod sent_twice;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod sign_up_budget;
pub mod switch_account;
pub mod throttle;
