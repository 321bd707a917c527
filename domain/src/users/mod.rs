//! People, their names and their mail addresses.

pub mod email;
pub mod name;
pub mod user;
