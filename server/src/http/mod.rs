//! What every request passes through, from the outside in: [`uncancelled`] → [`observe`] → [`error_pages`] →
//! [`guard`] → the session → [`visit`]. Besides, what several handlers share: [`form`], [`language`].

pub mod client_address;
pub mod cookies;
pub mod error_pages;
pub mod form;
pub mod guard;
pub mod language;
pub mod observe;
pub mod uncancelled;
pub mod visit;
