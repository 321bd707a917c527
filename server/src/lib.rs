//! How Latchstring is reached: the binary, routes, JSON API, middleware, session store, command line.

pub mod api;
pub mod assets;
pub mod audit;
pub mod cli;
pub mod dev_inbox;
pub mod export;
pub mod health;
pub mod http;
pub mod import;
pub mod logo;
pub mod logs;
pub mod metrics;
pub mod passkeys;
pub mod people;
pub mod recovery_codes;
pub mod routes;
pub mod serve;
pub mod server_functions;
pub mod session_store;
pub mod sign_out;
