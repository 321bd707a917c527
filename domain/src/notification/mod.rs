//! What people are told outside a page: the messages, how mail leaves the house, and where it is caught in development.

pub mod delivery;
pub mod dev_inbox;
pub mod mail;
pub mod message;
pub mod sent;
pub mod sms;
