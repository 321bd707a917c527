//! People, their names and their mail addresses.

pub mod bulk;
pub mod claims;
pub mod directory;
pub mod email;
pub mod erasure;
pub mod export;
pub mod import;
pub(crate) mod line;
pub mod mail_domain;
pub mod name;
pub mod overview;
pub mod person;
pub mod phone;
pub mod profile;
pub mod time_zone;
pub mod user;
