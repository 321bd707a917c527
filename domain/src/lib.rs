//! What is true: rules, rows and SQL, jobs, mail, tokens. Knows neither axum nor Leptos.

pub mod audit;
pub mod authentication;
pub mod authorization;
mod error;
pub mod job;
pub mod notification;
pub mod platform;
mod refusal;
pub mod users;
pub mod words;

pub use error::{Error, Result};
pub use refusal::{Code, Fault, Faults, Field, Refusal};
