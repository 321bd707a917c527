//! The integration suite: people, programs and operators against the real router on a real database.
//!
//! Runs on SQLite; on Postgres when `LATCHSTRING_TEST_DATABASE_URL` names a server (each test makes a database there
//! and drops it), and with Redis when `LATCHSTRING_TEST_REDIS_URL` names one. `cargo nextest` gives each test a
//! process of its own, which the tests that count statements rely on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod house;

mod activity;
mod at_rest;
mod audit;
mod backups;
mod change_email;
mod change_password;
mod close_account;
mod console;
mod db;
mod doctor;
mod erasure;
mod export;
mod factors;
mod forms;
mod freeze;
mod hang_up;
mod http;
mod invitations;
mod jobs;
mod keys;
mod languages;
mod lines;
mod live_sessions;
mod lost_database;
mod lost_redis;
mod message_boundaries;
mod not_me;
mod operator_listener;
mod passkeys;
mod places;
mod profile;
mod recover;
mod reset_password;
mod sent_twice;
mod session_cost;
mod set_up;
mod sign_in;
mod sign_up;
mod stopping;
mod switch_account;
