//! What people see: pages, islands and server functions.
//!
//! A page is a server component: it runs on the server, reads the domain, and ships no code. What must move in the
//! browser is an island. Every form works without JavaScript; one island, [`islands::LiveForm`], makes all of them
//! answer without a new page.

#![allow(
    missing_docs,
    reason = "`#[server]` and `#[island]` make public items whose fields can't carry docs"
)]

pub mod islands;

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod challenge;
#[cfg(feature = "ssr")]
pub mod change_email;
#[cfg(feature = "ssr")]
pub mod confirm;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
pub mod dev_inbox;
#[cfg(feature = "ssr")]
pub mod error_page;
#[cfg(feature = "ssr")]
pub mod invitation;
#[cfg(feature = "ssr")]
pub mod not_me;
#[cfg(feature = "ssr")]
pub mod recover;
#[cfg(feature = "ssr")]
pub mod refused;
#[cfg(feature = "ssr")]
pub mod reset_password;
#[cfg(feature = "ssr")]
pub mod set_up;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(feature = "ssr")]
pub mod sign_out;
#[cfg(feature = "ssr")]
pub mod sign_up;
#[cfg(feature = "ssr")]
pub mod switch_account;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod viewing;
#[cfg(feature = "ssr")]
pub mod visit;
