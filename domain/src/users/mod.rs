//! People, their names and their mail addresses.

pub mod email;
pub mod name;
pub mod profile;
pub mod time_zone;
pub mod user;
