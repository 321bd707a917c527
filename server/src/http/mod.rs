//! What every request passes through, from the outside in: [`uncancelled`] → [`observe`] → [`error_pages`] →
//! [`guard`] → the session → [`visit`].

pub mod client_address;
pub mod cookies;
pub mod error_pages;
pub mod guard;
pub mod observe;
pub mod uncancelled;
pub mod visit;
