//! Drives the server's binary from outside, as people, proxies, operators and bad luck do. `figures` measures it
//! (`script/bench`), `faults` breaks it (`script/faults`). Nothing here is in the product.

pub mod balancer;
pub mod browser;
pub mod database;
pub mod house;
pub mod http;
pub mod mail;
pub mod pace;
pub mod postgres;
pub mod proxy;
pub mod redis;

/// What ends a run: said to whoever started it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// The result of most functions here.
pub type Result<T, E = Failure> = std::result::Result<T, E>;
